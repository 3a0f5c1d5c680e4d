"""What retail does when it reads the journal: it counts how sellers trade, and what of each listing is sold.

Each order is kept with the moments that its documents name, and counted where such a moment becomes known for the
first time; so a document that is read again counts for nothing. Days are those of UTC.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from cohong.catalog import api as catalog
from cohong.kernel import journal, sets
from cohong.kernel.journal import Sealed

_KINDS: Final = {
    *("orders.placed", "orders.paid", "orders.shipped", "orders.settled", "orders.refunded"),
    "orders.cancelled",
}
_TABLES: Final = (
    *("retail_traded_order", "retail_traded_line", "retail_listing_day", "retail_seller_day"),
    *("retail_seller_buyer", "retail_shipping_hours"),
)
_HOUR_S: Final = 3600
# A year: whoever ships later than that is late, however late.
MOST_HOURS: Final = 8760


def _reset() -> None:
    for table in _TABLES:
        sets.run(f"delete from {table}")


@journal.follower("retail.standing", kinds=_KINDS, reset=_reset)
def apply_trades(batch: list[Sealed]) -> None:
    """Take note of orders placed, paid in full, shipped whole, settled, refunded and called off.

    One kind after the other: what an order's later document says never changes what its earlier one counted for, except
    where a step below says so, and the step of the earlier kind comes first.
    """
    by_kind: dict[str, list[Sealed]] = {kind: [] for kind in _KINDS}
    for sealed in batch:
        by_kind[sealed.kind].append(sealed)
    _placed(by_kind["orders.placed"])
    _paid([one for one in by_kind["orders.paid"] if one.envelope.body.paid == one.envelope.body.total])
    _shipped([one for one in by_kind["orders.shipped"] if one.envelope.body.complete])
    _settled(by_kind["orders.settled"])
    _refunded(by_kind["orders.refunded"])
    _cancelled(by_kind["orders.cancelled"])


def _moments(batch: Sequence[Sealed]) -> tuple[list[UUID], list[datetime]]:
    return [one.envelope.subject for one in batch], [one.envelope.issued_at for one in batch]


def _placed(batch: Sequence[Sealed]) -> None:
    if not batch:
        return
    bodies = {one.envelope.subject: (one.envelope.body, one.envelope.issued_at) for one in batch}
    new = {
        row[0]
        for row in sets.fetch(
            "insert into retail_traded_order (order_id, seller_id, buyer_id, due_at, refunded, cancelled)"
            " select x.order_id, x.seller_id, x.buyer_id, x.due_at, false, false"
            " from unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::timestamptz[])"
            " as x(order_id, seller_id, buyer_id, due_at) on conflict do nothing returning order_id",
            (
                list(bodies),
                [body.seller for body, _ in bodies.values()],
                [body.buyer for body, _ in bodies.values()],
                # What is paid on delivery is due to be shipped at once, everything else when it is paid.
                [at if body.payment == "on_delivery" else None for body, at in bodies.values()],
            ),
        )
    }
    lines = [(order_id, line) for order_id in new for line in bodies[order_id][0].lines]
    known = catalog.skus(ids={line.sku_id for _, line in lines})
    sold: Counter[tuple[UUID, UUID]] = Counter()
    for order_id, line in lines:
        if line.sku_id in known:
            sold[order_id, known[line.sku_id].listing_id] += line.quantity
    places: Counter[UUID] = Counter()
    rows = []
    for (order_id, listing_id), quantity in sold.items():
        rows.append((order_id, places[order_id], listing_id, quantity))
        places[order_id] += 1
    sets.insert("retail_traded_line", ("order_id", "position", "listing_id", "quantity"), rows)


def _paid(batch: Sequence[Sealed]) -> None:
    new = sets.fetch(
        "update retail_traded_order o set traded_at = x.at, due_at = coalesce(o.due_at, x.at)"
        " from unnest(%s::uuid[], %s::timestamptz[]) as x(id, at) where o.order_id = x.id and o.traded_at is null"
        " returning o.order_id, o.traded_at",
        _moments(batch),
    )
    _count_sold(dict(new), by=1)


def _count_sold(traded: dict[UUID, datetime], *, by: int) -> None:
    """Add the lines of these orders to their listings' days (`by` 1), or take them out (-1)."""
    orders: Counter[tuple[UUID, date]] = Counter()
    quantities: Counter[tuple[UUID, date]] = Counter()
    for order_id, listing_id, quantity in sets.fetch(
        "select order_id, listing_id, quantity from retail_traded_line where order_id = any(%s)",
        (list(traded),),
    ):
        key = (listing_id, _day(traded[order_id]))
        orders[key] += by
        quantities[key] += by * quantity
    keys = sorted(orders)
    columns: list[list[Any]] = [
        [key[0] for key in keys],
        [key[1] for key in keys],
        [orders[key] for key in keys],
        [quantities[key] for key in keys],
    ]
    # What is taken out was put in before: it is there, and enough of it.
    sets.run(
        "insert into retail_listing_day as d (listing_id, day, orders, quantity)"
        " select * from unnest(%s::uuid[], %s::date[], %s::bigint[], %s::bigint[])"
        " as x(listing_id, day, orders, quantity)"
        " on conflict (listing_id, day) do update set orders = d.orders + excluded.orders,"
        " quantity = d.quantity + excluded.quantity"
        if by > 0
        else "update retail_listing_day d set orders = d.orders + x.orders, quantity = d.quantity + x.quantity"
        " from unnest(%s::uuid[], %s::date[], %s::bigint[], %s::bigint[])"
        " as x(listing_id, day, orders, quantity) where d.listing_id = x.listing_id and d.day = x.day",
        columns,
    )


def _shipped(batch: Sequence[Sealed]) -> None:
    new = sets.fetch(
        "update retail_traded_order o set shipped_at = x.at from unnest(%s::uuid[], %s::timestamptz[]) as x(id, at)"
        " where o.order_id = x.id and o.shipped_at is null and o.due_at is not null"
        " returning o.seller_id, o.shipped_at, o.due_at",
        _moments(batch),
    )
    counts = Counter(
        (seller_id, _day(shipped_at), _hours(due_at, shipped_at)) for seller_id, shipped_at, due_at in new
    )
    keys = sorted(counts)
    sets.run(
        "insert into retail_shipping_hours as h (seller_id, day, hours, orders)"
        " select * from unnest(%s::uuid[], %s::date[], %s::int[], %s::bigint[]) as x(seller_id, day, hours, orders)"
        " on conflict (seller_id, day, hours) do update set orders = h.orders + excluded.orders",
        (*(list(column) for column in _columns(keys, 3)), [counts[key] for key in keys]),
    )


def _hours(since: datetime, until: datetime) -> int:
    """Count the whole hours between two moments, at most a year of them."""
    return min(max(int((until - since).total_seconds()) // _HOUR_S, 0), MOST_HOURS)


def _settled(batch: Sequence[Sealed]) -> None:
    new = sets.fetch(
        "update retail_traded_order o set settled_at = x.at from unnest(%s::uuid[], %s::timestamptz[]) as x(id, at)"
        " where o.order_id = x.id and o.settled_at is null"
        " returning o.seller_id, o.buyer_id, o.settled_at, o.refunded",
        _moments(batch),
    )
    settled = Counter((seller_id, _day(at)) for seller_id, _, at, _ in new)
    refunded = Counter((seller_id, _day(at)) for seller_id, _, at, back in new if back)
    keys = sorted(settled)
    sets.run(
        "insert into retail_seller_day as d (seller_id, day, settled, refunded)"
        " select * from unnest(%s::uuid[], %s::date[], %s::bigint[], %s::bigint[])"
        " as x(seller_id, day, settled, refunded)"
        " on conflict (seller_id, day) do update set settled = d.settled + excluded.settled,"
        " refunded = d.refunded + excluded.refunded",
        (*_columns(keys, 2), [settled[key] for key in keys], [refunded[key] for key in keys]),
    )
    last: dict[tuple[UUID, UUID], date] = {}
    for seller_id, buyer_id, at, _ in new:
        last[seller_id, buyer_id] = max(last.get((seller_id, buyer_id), date.min), _day(at))
    pairs = sorted(last)
    sets.run(
        "insert into retail_seller_buyer as b (seller_id, buyer_id, last_day)"
        " select * from unnest(%s::uuid[], %s::uuid[], %s::date[]) as x(seller_id, buyer_id, last_day)"
        " on conflict (seller_id, buyer_id) do update set last_day = greatest(b.last_day, excluded.last_day)",
        (*_columns(pairs, 2), [last[pair] for pair in pairs]),
    )


def _refunded(batch: Sequence[Sealed]) -> None:
    new = sets.fetch(
        "update retail_traded_order o set refunded = true where o.order_id = any(%s) and not o.refunded"
        " returning o.seller_id, o.settled_at",
        (_moments(batch)[0],),
    )
    counts = Counter((seller_id, _day(at)) for seller_id, at in new if at is not None)
    keys = sorted(counts)
    sets.run(
        "update retail_seller_day d set refunded = d.refunded + x.n"
        " from unnest(%s::uuid[], %s::date[], %s::bigint[]) as x(seller_id, day, n)"
        " where d.seller_id = x.seller_id and d.day = x.day",
        (*_columns(keys, 2), [counts[key] for key in keys]),
    )


def _cancelled(batch: Sequence[Sealed]) -> None:
    new = sets.fetch(
        "update retail_traded_order o set cancelled = true where o.order_id = any(%s) and not o.cancelled"
        " returning o.order_id, o.traded_at",
        (_moments(batch)[0],),
    )
    _count_sold({order_id: at for order_id, at in new if at is not None}, by=-1)


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    """Turn rows into columns, of which there are `width` even without any row."""
    return [[row[place] for row in rows] for place in range(width)]
