"""Acts on stock that is there: count it, move it between locations, say below how much its seller is to be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cohong.catalog import refusals as no
from cohong.catalog import rules
from cohong.catalog.documents import StockCounted, StockMoved
from cohong.catalog.models import MAX_ON_HAND, MAX_QUANTITY, MovementKind
from cohong.catalog.movements import Movement, record
from cohong.catalog.shapes import LowStock, StockCount, StockMove
from cohong.catalog.stock_acts import SCOPE
from cohong.kernel import journal, sets
from cohong.kernel.errors import NotAllowed, Refusal
from cohong.kernel.journal import Entry
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role

_Place = tuple[UUID, UUID]  # (SKU, location): the key of a stock row
_REASON: Final = 200


@dataclass(slots=True)
class _Row:
    """A stock row while the items that touch it are decided."""

    on_hand: int
    reserved: int
    change: int = 0

    @property
    def now(self) -> int:
        return self.on_hand + self.change


class _Ground:
    """What items name, as far as it exists: locations and whether they are open, goods and whose they are."""

    def __init__(self, actor: Actor, sku_ids: set[UUID], location_ids: set[UUID]) -> None:
        # Shared with others who bring goods, but not with whoever closes the location.
        self.locations: dict[UUID, tuple[UUID, bool]] = {
            id_: (party_id, is_open)
            for id_, party_id, is_open in sets.fetch(
                "select id, party_id, closed_at is null from catalog_location where id = any(%s) order by id for share",
                (sorted(location_ids),),
            )
        }
        self.goods: dict[UUID, tuple[UUID, UUID]] = {
            sku_id: (listing_id, seller_id)
            for sku_id, listing_id, seller_id in sets.fetch(
                "select k.id, l.id, l.seller_id from catalog_sku k join catalog_listing l on l.id = k.listing_id"
                " where k.id = any(%s)",
                (sorted(sku_ids),),
            )
        }
        self._barred: dict[UUID, Refusal] = {}
        for owner in {party_id for party_id, _ in self.locations.values()}:
            try:
                parties.require(actor, owner, Role.WAREHOUSE, scope=SCOPE)
            except NotAllowed as refusal:
                self._barred[owner] = refusal

    def flaw(self, sku_id: UUID, location_id: UUID, *, incoming: bool) -> Refusal | None:
        """Tell why goods cannot be handled at a location, if so."""
        if location_id not in self.locations:
            return no.NoSuchLocation(location=str(location_id))
        owner, is_open = self.locations[location_id]
        if owner in self._barred:
            return self._barred[owner]
        if sku_id not in self.goods:
            return no.NoSuchSku(sku=str(sku_id))
        if self.goods[sku_id][1] != owner:
            return no.LocationNotTheSellers(location=str(location_id), sku=str(sku_id))
        return no.LocationClosed() if incoming and not is_open else None


def _lock(places: set[_Place]) -> dict[_Place, _Row]:
    """Lock stock rows in key order; goods that were never there get a row."""
    keys = ([sku_id for sku_id, _ in places], [location_id for _, location_id in places])
    if places:
        sets.run(
            "insert into catalog_stock (sku_id, location_id) select sku_id, location_id"
            " from unnest(%s::uuid[], %s::uuid[]) as x(sku_id, location_id) order by sku_id, location_id"
            " on conflict do nothing",
            keys,
        )
    return {
        (sku_id, location_id): _Row(on_hand, reserved)
        for sku_id, location_id, on_hand, reserved in sets.fetch(
            "select s.sku_id, s.location_id, s.on_hand, s.reserved from catalog_stock s"
            " where (s.sku_id, s.location_id) in (select * from unnest(%s::uuid[], %s::uuid[]))"
            " order by s.sku_id, s.location_id for update of s",
            keys,
        )
    }


def _write(rows: Mapping[_Place, _Row], movements: Sequence[Movement]) -> None:
    changed = [(place, row.change) for place, row in rows.items() if row.change]
    if changed:
        sets.run(
            "update catalog_stock s set on_hand = s.on_hand + x.change"
            " from unnest(%s::uuid[], %s::uuid[], %s::bigint[]) as x(sku_id, location_id, change)"
            " where s.sku_id = x.sku_id and s.location_id = x.location_id",
            (
                *([place[0] for place, _ in changed], [place[1] for place, _ in changed]),
                [change for _, change in changed],
            ),
        )
    record(movements)


def _text_flaw(reason: str) -> Refusal | None:
    return rules.text_flaw("reason", reason, most=_REASON)


# --- count -----------------------------------------------------------------------------------------------


@sets.act
def count_stock(*, actor: Actor, counts: Sequence[StockCount]) -> list[int | Refusal]:
    """Set how many sale units of SKUs lie at locations, as they were counted; the outcome is the difference, signed.

    Orders that reserve or ship at the same time wait for the count, or the count for them: what is on hand is what was
    counted at that instant, and never less than what is reserved. Each count issues a document, also one that finds
    everything as it was. A reference that changed the books counts once: again, its outcome is the first one's
    difference.

    Refuses a count with NoSuchLocation, LocationClosed, NoSuchSku, NotYours, LocationNotTheSellers, NotAWholeNumber,
    TextTooLong, CountBelowReserved or ReferenceReused.
    """
    ground = _Ground(actor, {one.sku_id for one in counts}, {one.location_id for one in counts})
    flaws = [_count_flaw(one, ground) for one in counts]
    sound = [one for one, flaw in zip(counts, flaws, strict=True) if flaw is None]
    rows = _lock({(one.sku_id, one.location_id) for one in sound})
    known = _counted_before([one.reference for one in sound])
    outcomes: list[int | Refusal] = []
    done: list[tuple[StockCount, int]] = []
    for one, flaw in zip(counts, flaws, strict=True):
        outcome = flaw if flaw is not None else _decide_count(one, rows[one.sku_id, one.location_id], known)
        outcomes.append(outcome)
        if isinstance(outcome, int) and one.reference not in known:
            known[one.reference] = (MovementKind.COUNT, one.sku_id, one.location_id, outcome)
            done.append((one, outcome))
    _write(
        rows,
        [
            _movement(actor, MovementKind.COUNT, one, one.location_id, difference)
            for one, difference in done
            if difference
        ],
    )
    journal.append(
        [
            Entry(
                subject=one.sku_id,
                issuer=ground.goods[one.sku_id][1],
                body=StockCounted(
                    sku_id=one.sku_id,
                    listing_id=ground.goods[one.sku_id][0],
                    location_id=one.location_id,
                    counted=one.counted,
                    difference=difference,
                    reason=one.reason.strip(),
                    reference=one.reference,
                ),
            )
            for one, difference in done
        ]
    )
    return outcomes


_Known = dict[UUID, tuple[str, UUID, UUID, int]]


def _counted_before(references: Sequence[UUID]) -> _Known:
    return {
        reference: (kind, sku_id, location_id, quantity)
        for reference, kind, sku_id, location_id, quantity in sets.fetch(
            "select reference, kind, sku_id, location_id, quantity from catalog_stock_movement"
            " where reference = any(%s) and part = 0",
            (list(references),),
        )
    }


def _count_flaw(one: StockCount, ground: _Ground) -> Refusal | None:
    return (
        ground.flaw(one.sku_id, one.location_id, incoming=True)
        or rules.whole_flaw("counted", one.counted, least=0, most=MAX_ON_HAND)
        or _text_flaw(one.reason)
    )


def _decide_count(one: StockCount, row: _Row, known: _Known) -> int | Refusal:
    if before := known.get(one.reference):
        same = before[:3] == (MovementKind.COUNT, one.sku_id, one.location_id)
        return before[3] if same else no.ReferenceReused(reference=str(one.reference))
    if one.counted < row.reserved:
        return no.CountBelowReserved(counted=one.counted, reserved=row.reserved)
    difference = one.counted - row.now
    row.change += difference
    return difference


def _movement(
    actor: Actor,
    kind: MovementKind,
    one: StockCount | StockMove,
    location_id: UUID,
    quantity: int,
    *,
    part: int = 0,
) -> Movement:
    return Movement(
        reference=one.reference,
        part=part,
        kind=kind,
        sku_id=one.sku_id,
        location_id=location_id,
        quantity=quantity,
        reason=one.reason.strip(),
        by_party=actor.party_id,
        by_user=actor.user_id,
    )


# --- move ------------------------------------------------------------------------------------------------


@sets.act
def move_stock(*, actor: Actor, moves: Sequence[StockMove]) -> list[Refusal | None]:
    """Move goods between two locations of one party: they leave one and are at the other in the same instant.

    What is reserved stays where it is reserved. The same reference moves once. Refuses a move with NoSuchLocation,
    LocationClosed, SameLocation, NoSuchSku, NotYours, LocationNotTheSellers, NotAWholeNumber, TextTooLong, StockShort,
    StockTooLarge or ReferenceReused.
    """
    places = {one.from_location for one in moves} | {one.to_location for one in moves}
    ground = _Ground(actor, {one.sku_id for one in moves}, places)
    flaws = [_move_flaw(one, ground) for one in moves]
    sound = [one for one, flaw in zip(moves, flaws, strict=True) if flaw is None]
    rows = _lock({(one.sku_id, at) for one in sound for at in (one.from_location, one.to_location)})
    known = _moved_before([one.reference for one in sound])
    outcomes: list[Refusal | None] = []
    done: list[StockMove] = []
    for one, flaw in zip(moves, flaws, strict=True):
        if flaw is not None:
            outcomes.append(flaw)
            continue
        this = [(one.sku_id, one.from_location, -one.quantity), (one.sku_id, one.to_location, one.quantity)]
        if before := known.get(one.reference):
            outcomes.append(None if before == this else no.ReferenceReused(reference=str(one.reference)))
            continue
        outcome = _decide_move(one, rows)
        outcomes.append(outcome)
        if outcome is None:
            known[one.reference] = this
            done.append(one)
    _write(
        rows,
        [
            _movement(actor, MovementKind.MOVE, one, at, quantity, part=part)
            for one in done
            for part, (at, quantity) in enumerate(
                ((one.from_location, -one.quantity), (one.to_location, one.quantity))
            )
        ],
    )
    journal.append(
        [
            Entry(
                subject=one.sku_id,
                issuer=ground.goods[one.sku_id][1],
                body=StockMoved(
                    sku_id=one.sku_id,
                    listing_id=ground.goods[one.sku_id][0],
                    from_location=one.from_location,
                    to_location=one.to_location,
                    quantity=one.quantity,
                    reason=one.reason.strip(),
                    reference=one.reference,
                ),
            )
            for one in done
        ]
    )
    return outcomes


def _moved_before(references: Sequence[UUID]) -> dict[UUID, list[tuple[UUID, UUID, int]]]:
    known: dict[UUID, list[tuple[UUID, UUID, int]]] = {}
    for reference, *part in sets.fetch(
        "select reference, sku_id, location_id, quantity from catalog_stock_movement where reference = any(%s)"
        " order by reference, part",
        (list(references),),
    ):
        known.setdefault(reference, []).append((part[0], part[1], part[2]))
    return known


def _move_flaw(one: StockMove, ground: _Ground) -> Refusal | None:
    if one.from_location == one.to_location:
        return no.SameLocation()
    return (
        ground.flaw(one.sku_id, one.from_location, incoming=False)
        or ground.flaw(one.sku_id, one.to_location, incoming=True)
        or rules.whole_flaw("quantity", one.quantity, least=1, most=MAX_QUANTITY)
        or _text_flaw(one.reason)
    )


def _decide_move(one: StockMove, rows: Mapping[_Place, _Row]) -> Refusal | None:
    here, there = rows[one.sku_id, one.from_location], rows[one.sku_id, one.to_location]
    if here.now - here.reserved < one.quantity:
        return no.StockShort(sku=str(one.sku_id), wanted=one.quantity, available=here.now - here.reserved)
    if there.now + one.quantity > MAX_ON_HAND:
        return no.StockTooLarge(most=MAX_ON_HAND)
    here.change -= one.quantity
    there.change += one.quantity
    return None


# --- low stock -------------------------------------------------------------------------------------------


@sets.act
def set_low_stock(*, actor: Actor, items: Sequence[LowStock]) -> list[Refusal | None]:
    """Say of SKUs at how many available sale units, or fewer, their seller is told; None: never.

    Refuses an item with NoSuchSku (also for another seller's) or NotAWholeNumber.
    """
    parties.require(actor, actor.party_id, Role.WAREHOUSE, Role.SALES, scope=SCOPE)
    sku_ids = sorted({item.sku_id for item in items})
    own = {
        sku_id
        for (sku_id,) in sets.fetch(
            "select k.id from catalog_sku k join catalog_listing l on l.id = k.listing_id"
            " where k.id = any(%s) and l.seller_id = %s order by k.id for update of k",
            (sku_ids, actor.party_id),
        )
    }
    outcomes: list[Refusal | None] = []
    levels: dict[UUID, int | None] = {}
    for item in items:
        if item.sku_id not in own:
            outcomes.append(no.NoSuchSku(sku=str(item.sku_id)))
            continue
        flaw = None if item.level is None else rules.whole_flaw("low_stock", item.level, least=0)
        outcomes.append(flaw)
        if flaw is None:
            levels[item.sku_id] = item.level
    sets.run(
        "update catalog_sku k set low_stock = x.level, low_since = null"
        " from unnest(%s::uuid[], %s::bigint[]) as x(id, level)"
        " where k.id = x.id and k.low_stock is distinct from x.level",
        (list(levels), list(levels.values())),
    )
    return outcomes
