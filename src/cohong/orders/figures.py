"""What a seller sells, and what waits for it: sums over its orders, each in a fixed number of statements."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from django.conf import settings

from cohong.kernel import sets
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role

SCOPE: Final = "orders:read"
By = Literal["all", "day", "week", "month", "region", "way"]


@dataclass(frozen=True, slots=True)
class SalesFigure:
    """What happened in one day, week, month, region or way, in one currency.

    `orders` were placed for `placed` in all; whatever became of them, that stays. `settled` is what left escrow for the
    seller (the platform's fee included), `refunded` what went back to buyers, below zero: each counted when it happened, also
    for orders of another time. Times are the region's; the key of a week is its Monday, of a month its first day.
    """

    key: str
    orders: int
    placed: Money
    settled: Money
    refunded: Money


@dataclass(frozen=True, slots=True)
class GoodsFigure:
    """How much of one SKU was ordered, in one currency; `placed` includes its share of freight and discount."""

    sku_id: UUID
    title: str
    orders: int
    quantity: int
    placed: Money


@dataclass(frozen=True, kw_only=True, slots=True)
class SellersDesk:
    """What waits for a seller: how many, since when, and the order it is oldest with; money by currency."""

    to_ship: int
    oldest_to_ship: datetime | None
    oldest_order: UUID | None
    returns_to_decide: int
    oldest_return: datetime | None
    returns_to_receive: int
    disputes_to_answer: int
    held: int
    in_escrow: tuple[Money, ...]


_KEYS: Final[dict[str, str]] = {
    "all": "''",
    "day": "to_char(date_trunc('day', e.at at time zone %(zone)s), 'YYYY-MM-DD')",
    "week": "to_char(date_trunc('week', e.at at time zone %(zone)s), 'YYYY-MM-DD')",
    "month": "to_char(date_trunc('month', e.at at time zone %(zone)s), 'YYYY-MM-DD')",
    "region": "e.region_code",
    "way": "e.way",
}
#: One row for everything that happened to the seller's money: an order placed, escrow paid out, money gone back. What ends
#: an unshipped order gives back all that no return or dispute has given back before.
_EVENTS: Final = """
with own as (select * from orders_order where seller_id = %(seller)s),
back as (
  select r.order_id, r.ended_at as at, r.amount_minor as minor from orders_return r join own o on o.id = r.order_id
  where r.state = 'refunded'
  union all
  select d.order_id, d.ended_at, d.refunded_minor from orders_dispute d join own o on o.id = d.order_id
  where d.refunded_minor > 0
),
refund as (
  select * from back
  union all
  select o.id, o.ended_at, o.refunded_minor - coalesce((select sum(b.minor) from back b where b.order_id = o.id), 0)
  from own o where o.state in ('cancelled', 'lapsed') and o.refunded_minor > 0
),
e as (
  select o.placed_at as at, o.region_code, o.way, o.currency, 1 as orders, o.total_minor as placed, 0::bigint as settled,
    0::bigint as refunded from own o
  union all
  select o.ended_at, o.region_code, o.way, o.currency, 0, 0, o.settled_minor, 0 from own o
  where o.settled_minor > 0 and o.ended_at is not null
  union all
  select r.at, o.region_code, o.way, o.currency, 0, 0, 0, -r.minor from refund r join own o on o.id = r.order_id
)
"""


def sales_figures(
    *, actor: Actor, seller_id: UUID, since: datetime, until: datetime, by: By = "all"
) -> list[SalesFigure]:
    """Sum up what a seller sold from `since` to before `until`, by currency and key, in their order. Raises NotYours.

    One statement. The sums of all keys add up to those of "all"; refunds are below zero, at their own date.
    """
    parties.require(actor, seller_id, *Role, scope=SCOPE)
    rows = sets.fetch(
        f"{_EVENTS} select {_KEYS[by]} as key, e.currency, sum(e.orders), sum(e.placed), sum(e.settled), sum(e.refunded)"
        " from e where e.at >= %(since)s and e.at < %(until)s group by 1, 2 order by 2, 1",
        {"seller": seller_id, "since": since, "until": until, "zone": settings.TIME_ZONE},  # type: ignore[arg-type]
    )
    return [
        SalesFigure(
            key,
            int(orders),
            Money(int(placed), currency),
            Money(int(settled), currency),
            Money(int(refunded), currency),
        )
        for key, currency, orders, placed, settled, refunded in rows
    ]


def goods_figures(
    *, actor: Actor, seller_id: UUID, since: datetime, until: datetime, limit: int = 10
) -> list[GoodsFigure]:
    """Rank a seller's SKUs by what was ordered of them from `since` to before `until`, the most first. Raises NotYours.

    Amounts of several currencies are ranked apart, each with up to `limit`. One statement.
    """
    parties.require(actor, seller_id, *Role, scope=SCOPE)
    rows = sets.fetch(
        "select * from (select l.sku_id, max(l.title), count(distinct o.id), sum(l.quantity), sum(l.total_minor) as placed,"
        " o.currency, row_number() over (partition by o.currency order by sum(l.total_minor) desc, l.sku_id) as rank"
        " from orders_order o join orders_line l on l.order_id = o.id"
        " where o.seller_id = %(seller)s and o.placed_at >= %(since)s and o.placed_at < %(until)s"
        " group by l.sku_id, o.currency) x where x.rank <= %(limit)s order by x.currency, x.rank",
        {"seller": seller_id, "since": since, "until": until, "limit": limit},  # type: ignore[arg-type]
    )
    return [
        GoodsFigure(sku_id, title, orders, int(quantity), Money(int(placed), currency))
        for sku_id, title, orders, quantity, placed, currency, _rank in rows
    ]


def sellers_desk(*, actor: Actor, seller_id: UUID) -> SellersDesk:
    """Tell what waits for a seller. Three statements. Raises NotYours."""
    parties.require(actor, seller_id, *Role, scope=SCOPE)
    [orders] = sets.fetch(
        "select count(*) filter (where x.ships), min(x.placed_at) filter (where x.ships),"
        " (array_agg(x.id order by x.placed_at, x.id) filter (where x.ships))[1],"
        " count(*) filter (where x.hold_count > 0 and x.ended_at is null)"
        " from (select o.*, (o.state in ('ready', 'part_shipped') and o.hold_count = 0) as ships from orders_order o"
        " where o.seller_id = %s) x",
        (seller_id,),
    )
    [returns] = sets.fetch(
        "select count(*) filter (where r.state = 'requested'), min(r.requested_at) filter (where r.state = 'requested'),"
        " count(*) filter (where r.state in ('approved', 'received')), (select count(*) from orders_dispute d"
        " where d.seller_id = %s and d.state = 'raised') from orders_return r"
        " join orders_order o on o.id = r.order_id where o.seller_id = %s and o.open_returns > 0",
        (seller_id, seller_id),
    )
    escrow = sets.fetch(
        "select currency, sum(paid_minor - settled_minor - (refunded_minor - refunded_late_minor)) from orders_order"
        " where seller_id = %s and state not in ('settled', 'lapsed', 'cancelled') group by currency"
        " having sum(paid_minor - settled_minor - (refunded_minor - refunded_late_minor)) > 0 order by currency",
        (seller_id,),
    )
    return SellersDesk(
        to_ship=orders[0],
        oldest_to_ship=orders[1],
        oldest_order=orders[2],
        returns_to_decide=returns[0],
        oldest_return=returns[1],
        returns_to_receive=returns[2],
        disputes_to_answer=returns[3],
        held=orders[3],
        in_escrow=tuple(Money(int(minor), currency) for currency, minor in escrow),
    )
