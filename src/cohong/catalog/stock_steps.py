"""Stock's steps for orders: reserve, release, dispatch, take back.

They are parts of orders' acts, so they take no actor and issue no documents. Each takes many at once and runs
as a handful of statements, however many. Every step first locks the stock rows that it touches, once, in the
order of (SKU, location), and only then looks at what hangs on them: reservations and movements change under
that lock alone. So two steps never wait for each other in a circle, and what was decided still holds when it
is written.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cohong.catalog import refusals as no
from cohong.catalog import rules
from cohong.catalog.models import ListingState, MovementKind
from cohong.catalog.movements import Booked, Movement, booked, record
from cohong.catalog.shapes import DispatchLine, Reserved, ReserveLine, ReserveOrder, TakeBack
from cohong.kernel import sets
from cohong.kernel.errors import Refusal

_Place = tuple[UUID, UUID]  # (SKU, location): the key of a stock row


# --- reserve ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Goods:
    """What is to be known of a SKU; `available` by location is kept up to date while orders are decided."""

    listing_id: UUID
    seller_id: UUID
    refusal: Refusal | None
    available: dict[UUID, int] = field(default_factory=dict)


@sets.act
def reserve(*, orders: Sequence[ReserveOrder]) -> list[tuple[Reserved, ...] | Refusal]:
    """Keep goods for order lines; an order gets all its lines or none, and earlier orders come first.

    Refuses an order with NoSuchSku, ListingNotPublished, ListingHeld, StockShort (of the first line that is
    short), or LineReused when a line was reserved before for something else. A line that was reserved before,
    just so, keeps what it has: the outcome is the first one's, even if the goods were shipped or released
    since.
    """
    lines = [line for order in orders for line in order.lines]
    if not lines:
        return [() for _ in orders]
    goods = _lock_goods({line.sku_id for line in lines})
    kept = _kept([line.line_id for line in lines], goods)
    results: list[tuple[Reserved, ...] | Refusal] = []
    fresh: list[tuple[UUID, Reserved]] = []
    for order in orders:
        outcome, taken = _decide(order, goods, kept)
        results.append(outcome)
        fresh += [(order.order_id, one) for one in taken]
    _write_reservations(fresh)
    return results


def _lock_goods(sku_ids: Iterable[UUID]) -> dict[UUID, _Goods]:
    wanted = set(sku_ids)
    columns = "k.id, l.id, l.seller_id, l.title, l.state, l.open_holds, k.retired"
    goods: dict[UUID, _Goods] = {}
    for location_id, available, sku_id, *listing in sets.fetch(
        f"select s.location_id, s.on_hand - s.reserved, {columns} from catalog_stock s"
        " join catalog_sku k on k.id = s.sku_id join catalog_listing l on l.id = k.listing_id"
        " where s.sku_id = any(%s) order by s.sku_id, s.location_id for update of s",
        (list(wanted),),
    ):
        if sku_id not in goods:
            goods[sku_id] = _goods(*listing)
        goods[sku_id].available[location_id] = available
    # Goods that were never received have no stock row; that is rare, and nothing of theirs needs a lock.
    if missing := wanted - goods.keys():
        for sku_id, *listing in sets.fetch(
            f"select {columns} from catalog_sku k join catalog_listing l on l.id = k.listing_id where k.id"
            " = any(%s)",
            (list(missing),),
        ):
            goods[sku_id] = _goods(*listing)
    return goods


def _goods(*row: Any) -> _Goods:
    listing_id, seller_id, title, state, open_holds, retired = row
    return _Goods(listing_id, seller_id, offer_refusal(listing_id, title, state, open_holds, retired=retired))


def offer_refusal(
    listing_id: UUID, title: str, state: str, open_holds: int, *, retired: bool
) -> Refusal | None:
    """Tell why a listing's SKU cannot be ordered, if so: a hold says more than a state."""
    if open_holds:
        return no.ListingHeld(listing=str(listing_id), title=title)
    if state != ListingState.PUBLISHED or retired:
        return no.ListingNotPublished(listing=str(listing_id), title=title)
    return None


def _kept(line_ids: Sequence[UUID], goods: dict[UUID, _Goods]) -> dict[UUID, tuple[Reserved, ...]]:
    """Look up what lines have already. A line whose SKU is not among the goods is told apart by that SKU."""
    kept: dict[UUID, tuple[Reserved, ...]] = defaultdict(tuple)
    for line_id, sku_id, location_id, quantity in sets.fetch(
        "select line_id, sku_id, location_id, quantity from catalog_reservation"
        " where line_id = any(%s) order by line_id, location_id",
        (list(line_ids),),
    ):
        listing_id = goods[sku_id].listing_id if sku_id in goods else sku_id
        seller_id = goods[sku_id].seller_id if sku_id in goods else sku_id
        kept[line_id] += (Reserved(line_id, sku_id, listing_id, seller_id, location_id, quantity),)
    return dict(kept)


def _decide(
    order: ReserveOrder, goods: dict[UUID, _Goods], kept: dict[UUID, tuple[Reserved, ...]]
) -> tuple[tuple[Reserved, ...] | Refusal, list[Reserved]]:
    """Decide one order: its outcome, and what of it is new."""
    fresh: list[Reserved] = []
    whole: list[Reserved] = []
    for line in order.lines:
        outcome = _decide_line(line, goods, kept)
        if isinstance(outcome, Refusal):
            for one in fresh:
                goods[one.sku_id].available[one.location_id] += one.quantity
                kept.pop(one.line_id, None)
            return outcome, []
        if line.line_id not in kept:
            kept[line.line_id] = outcome
            fresh += outcome
        whole += outcome
    return tuple(whole), fresh


def _decide_line(
    line: ReserveLine, goods: dict[UUID, _Goods], kept: dict[UUID, tuple[Reserved, ...]]
) -> tuple[Reserved, ...] | Refusal:
    if before := kept.get(line.line_id):
        same = all(one.sku_id == line.sku_id for one in before)
        if same and sum(one.quantity for one in before) == line.quantity:
            return before
        return no.LineReused(line=str(line.line_id))
    there = goods.get(line.sku_id)
    if there is None:
        return no.NoSuchSku(sku=str(line.sku_id))
    refusal = rules.whole_flaw("quantity", line.quantity, least=1) or there.refusal
    if refusal is not None:
        return refusal
    available = sum(there.available.values())
    if available < line.quantity:
        return no.StockShort(sku=str(line.sku_id), wanted=line.quantity, available=available)
    parts = []
    for location_id, quantity in rules.take(line.quantity, there.available):
        there.available[location_id] -= quantity
        parts.append(
            Reserved(line.line_id, line.sku_id, there.listing_id, there.seller_id, location_id, quantity)
        )
    return tuple(parts)


def _write_reservations(fresh: Sequence[tuple[UUID, Reserved]]) -> None:
    if not fresh:
        return
    more: dict[_Place, int] = defaultdict(int)
    for _, one in fresh:
        more[one.sku_id, one.location_id] += one.quantity
    _change_stock({place: (0, quantity) for place, quantity in more.items()})
    sets.insert(
        "catalog_reservation",
        ("line_id", "location_id", "order_id", "sku_id", "quantity"),
        [(one.line_id, one.location_id, order_id, one.sku_id, one.quantity) for order_id, one in fresh],
    )


def _change_stock(changes: dict[_Place, tuple[int, int]]) -> None:
    """Add to (on hand, reserved) of stock rows that are locked already."""
    if changes:
        sets.run(
            "update catalog_stock s set on_hand = s.on_hand + x.on_hand, reserved = s.reserved + x.reserved"
            " from unnest(%s::uuid[], %s::uuid[], %s::bigint[], %s::bigint[]) as x(sku_id, location_id,"
            " on_hand, reserved)"
            " where s.sku_id = x.sku_id and s.location_id = x.location_id",
            (
                *([sku_id for sku_id, _ in changes], [location_id for _, location_id in changes]),
                *(
                    [on_hand for on_hand, _ in changes.values()],
                    [reserved for _, reserved in changes.values()],
                ),
            ),
        )


# --- release ---------------------------------------------------------------------------------------------


@sets.act
def release(*, line_ids: Sequence[UUID]) -> None:
    """Give back what is still kept for these lines. A line with nothing (more) kept stays as it is."""
    if not line_ids:
        return
    lines = list(line_ids)
    _lock_stock_of(lines)
    sets.run(
        "with open as (select line_id, location_id, quantity - shipped - released as n from"
        " catalog_reservation"
        " where line_id = any(%s) and quantity > shipped + released),"
        " freed as (update catalog_reservation r set released = r.released + o.n from open o"
        " where r.line_id = o.line_id and r.location_id = o.location_id returning r.sku_id, r.location_id,"
        " o.n)"
        " update catalog_stock s set reserved = s.reserved - f.n"
        " from (select sku_id, location_id, sum(n)::bigint as n from freed group by sku_id, location_id) f"
        " where s.sku_id = f.sku_id and s.location_id = f.location_id",
        (lines,),
    )


def _lock_stock_of(line_ids: list[UUID]) -> None:
    sets.fetch(
        "select 1 from catalog_stock s where (s.sku_id, s.location_id) in"
        " (select r.sku_id, r.location_id from catalog_reservation r where r.line_id = any(%s))"
        " order by s.sku_id, s.location_id for update of s",
        (line_ids,),
    )


# --- dispatch and take back ------------------------------------------------------------------------------


@dataclass(slots=True)
class _Part:
    """A line's reservation at one location."""

    location_id: UUID
    sku_id: UUID
    open: int
    out: int  # shipped and not come back
    shipped: int = 0  # by this call
    returned: int = 0  # by this call


@sets.act
def dispatch(*, items: Sequence[DispatchLine]) -> list[Refusal | None]:
    """Let reserved goods leave: what is on hand and what is reserved fall together.

    Refuses an item with NotReserved, MoreThanReserved or ReferenceReused. The same reference with the same
    content leaves once.
    """
    return _move(MovementKind.SHIPMENT, items)


@sets.act
def take_back(*, items: Sequence[TakeBack]) -> list[Refusal | None]:
    """Put shipped goods back where they left from.

    Refuses an item with NotReserved, MoreThanShipped or ReferenceReused. The same reference with the same
    content comes back once.
    """
    return _move(MovementKind.RETURN, items)


def _move(kind: MovementKind, items: Sequence[DispatchLine] | Sequence[TakeBack]) -> list[Refusal | None]:
    if not items:
        return []
    line_ids = [item.line_id for item in items]
    _lock_stock_of(line_ids)
    parts = _parts(line_ids)
    known = booked([item.reference for item in items])
    results: list[Refusal | None] = []
    movements: list[Movement] = []
    for item in items:
        outcome = _decide_move(kind, item, parts.get(item.line_id, []), known)
        if isinstance(outcome, Refusal):
            results.append(outcome)
            continue
        results.append(None)
        movements += outcome
    _write_moves(kind, parts, movements)
    return results


def _parts(line_ids: list[UUID]) -> dict[UUID, list[_Part]]:
    parts: dict[UUID, list[_Part]] = defaultdict(list)
    for line_id, location_id, sku_id, still_open, out in sets.fetch(
        "select line_id, location_id, sku_id, quantity - shipped - released, shipped - returned"
        " from catalog_reservation where line_id = any(%s) order by line_id, location_id",
        (line_ids,),
    ):
        parts[line_id].append(_Part(location_id, sku_id, still_open, out))
    return parts


def _decide_move(
    kind: MovementKind, item: DispatchLine | TakeBack, parts: list[_Part], known: dict[UUID, Booked]
) -> list[Movement] | Refusal:
    """Decide one item, and note in its line's parts what it does."""
    this = Booked(kind.value, (item.line_id,), item.quantity)
    if before := known.get(item.reference):
        return [] if before == this else no.ReferenceReused(reference=str(item.reference))
    leaving = kind is MovementKind.SHIPMENT
    rooms = [part.open if leaving else part.out for part in parts]
    refusal = rules.whole_flaw("quantity", item.quantity, least=1) or _move_refusal(item, parts, sum(rooms))
    if refusal is not None:
        return refusal
    known[item.reference] = this
    movements: list[Movement] = []
    for part, quantity in zip(parts, rules.spread(item.quantity, rooms), strict=True):
        if quantity:
            _note(part, quantity if leaving else -quantity)
            movements.append(
                Movement(
                    reference=item.reference,
                    part=len(movements),
                    kind=kind,
                    sku_id=part.sku_id,
                    location_id=part.location_id,
                    quantity=-quantity if leaving else quantity,
                    line_id=item.line_id,
                )
            )
    return movements


def _move_refusal(item: DispatchLine | TakeBack, parts: list[_Part], room: int) -> Refusal | None:
    if not parts or (isinstance(item, TakeBack) and item.sku_id != parts[0].sku_id):
        return no.NotReserved(line=str(item.line_id))
    if room >= item.quantity:
        return None
    if isinstance(item, TakeBack):
        return no.MoreThanShipped(line=str(item.line_id), wanted=item.quantity, shipped=room)
    return no.MoreThanReserved(line=str(item.line_id), wanted=item.quantity, reserved=room)


def _note(part: _Part, leaving: int) -> None:
    """Count goods that leave (or, below zero, come back) in the part itself, so that later items see it."""
    part.out += leaving
    if leaving > 0:
        part.open -= leaving
        part.shipped += leaving
    else:
        part.returned -= leaving


def _write_moves(kind: MovementKind, parts: dict[UUID, list[_Part]], movements: list[Movement]) -> None:
    if not movements:
        return
    changed = [
        (line_id, part) for line_id, own in parts.items() for part in own if part.shipped or part.returned
    ]
    sets.run(
        "update catalog_reservation r set shipped = r.shipped + x.shipped, returned = r.returned + x.returned"
        " from unnest(%s::uuid[], %s::uuid[], %s::bigint[], %s::bigint[]) as x(line_id, location_id,"
        " shipped, returned)"
        " where r.line_id = x.line_id and r.location_id = x.location_id",
        (
            *([line_id for line_id, _ in changed], [part.location_id for _, part in changed]),
            *([part.shipped for _, part in changed], [part.returned for _, part in changed]),
        ),
    )
    sums: dict[_Place, int] = defaultdict(int)
    for one in movements:
        sums[one.sku_id, one.location_id] += one.quantity
    # What leaves was reserved; what comes back is free again.
    leaves = kind is MovementKind.SHIPMENT
    _change_stock({place: (quantity, quantity if leaves else 0) for place, quantity in sums.items()})
    record(movements)
