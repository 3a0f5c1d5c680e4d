"""Acts on stock: open a location, receive goods, write goods off."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cohong.catalog import refusals as no
from cohong.catalog import rules
from cohong.catalog.documents import StockReceived, StockWrittenOff
from cohong.catalog.models import MAX_ON_HAND, MAX_QUANTITY, MovementKind
from cohong.catalog.movements import Booked, Movement, booked, record
from cohong.catalog.shapes import StockItem
from cohong.kernel import clock, journal, sets
from cohong.kernel.errors import NotAllowed, Refusal
from cohong.kernel.ids import new_id
from cohong.kernel.journal import Entry
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role

SCOPE = "catalog:write"
_NAME, _REASON = 100, 200


@sets.act
def open_location(*, actor: Actor, party_id: UUID, name: str, region_code: str) -> UUID:
    """Open a place where a party keeps goods; return its id.

    Raises NotYours, LocationNameTaken, a bad name or region.
    """
    parties.require(actor, party_id, Role.WAREHOUSE, scope=SCOPE)
    rules.check_text("name", name, most=_NAME)
    parties.region(code=region_code)
    location_id = new_id()
    opened = sets.run(
        "insert into catalog_location (id, party_id, name, region_code, opened_at) values (%s, %s, %s, %s,"
        " %s)"
        " on conflict (party_id, name) do nothing",
        (location_id, party_id, name.strip(), region_code, clock.now()),
    )
    if not opened:
        raise no.LocationNameTaken(name=name.strip())
    return location_id


@sets.act
def receive_stock(*, actor: Actor, items: Sequence[StockItem]) -> list[Refusal | None]:
    """Book goods that came in. Each item is booked once per reference.

    Refuses an item with NoSuchLocation, LocationClosed, NoSuchSku, NotYours, LocationNotTheSellers,
    NotAWholeNumber, TextTooLong, StockTooLarge, or ReferenceReused.
    """
    return _book(MovementKind.RECEIPT, actor, items)


@sets.act
def write_off(*, actor: Actor, items: Sequence[StockItem]) -> list[Refusal | None]:
    """Book goods that are gone other than by a shipment; a reason is needed.

    Each item is booked once per reference.

    Goods that are reserved cannot be written off. Refuses an item like `receive_stock`, or with TextMissing,
    StockShort.
    """
    return _book(MovementKind.WRITE_OFF, actor, items)


@dataclass(slots=True)
class _Row:
    """A stock row while its items are decided."""

    on_hand: int
    reserved: int
    change: int = 0


def _book(kind: MovementKind, actor: Actor, items: Sequence[StockItem]) -> list[Refusal | None]:
    if not items:
        return []
    first_look, listing_of, seller_of = _look(kind, actor, items)
    sound = [item for item, refusal in zip(items, first_look, strict=True) if refusal is None]
    rows = _lock(kind, {(item.sku_id, item.location_id) for item in sound})
    known = booked([item.reference for item in sound])
    results: list[Refusal | None] = []
    accepted: list[StockItem] = []
    for item, refusal in zip(items, first_look, strict=True):
        if refusal is not None:
            results.append(refusal)
            continue
        this = Booked(kind.value, (item.sku_id, item.location_id), item.quantity)
        if before := known.get(item.reference):
            results.append(None if before == this else no.ReferenceReused(reference=str(item.reference)))
            continue
        outcome = _apply(kind, item, rows.setdefault((item.sku_id, item.location_id), _Row(0, 0)))
        results.append(outcome)
        if outcome is None:
            known[item.reference] = this
            accepted.append(item)
    _write(kind, actor, accepted, rows)
    _document(kind, accepted, listing_of, seller_of)
    return results


def _look(
    kind: MovementKind, actor: Actor, items: Sequence[StockItem]
) -> tuple[list[Refusal | None], dict[UUID, UUID], dict[UUID, UUID]]:
    """Check what can be checked without a lock; return the refusals, and each SKU's listing and seller."""
    # Shared with others who bring goods, but not with whoever closes the location.
    places = sets.fetch(
        "select id, party_id, closed_at is not null from catalog_location where id = any(%s) order by id for share",
        (sorted({one.location_id for one in items}),),
    )
    owners = {location_id: owner for location_id, owner, _ in places}
    closed = {location_id for location_id, _, is_closed in places if is_closed}
    goods = {
        sku_id: (listing_id, seller_id)
        for sku_id, listing_id, seller_id in sets.fetch(
            "select k.id, l.id, l.seller_id from catalog_sku k join catalog_listing l on l.id = k.listing_id"
            " where k.id = any(%s)",
            (list({one.sku_id for one in items}),),
        )
    }
    barred: dict[UUID, Refusal] = {}
    for owner in set(owners.values()):
        try:
            parties.require(actor, owner, Role.WAREHOUSE, scope=SCOPE)
        except NotAllowed as refusal:
            barred[owner] = refusal
    found = [
        _flaw(kind, item, owners, goods, barred)
        or (no.LocationClosed() if kind is MovementKind.RECEIPT and item.location_id in closed else None)
        for item in items
    ]
    sellers = {sku_id: seller_id for sku_id, (_, seller_id) in goods.items()}
    return found, {sku_id: listing_id for sku_id, (listing_id, _) in goods.items()}, sellers


def _flaw(
    kind: MovementKind,
    item: StockItem,
    owners: dict[UUID, UUID],
    goods: dict[UUID, tuple[UUID, UUID]],
    barred: dict[UUID, Refusal],
) -> Refusal | None:
    owner = owners.get(item.location_id)
    if owner is None:
        return no.NoSuchLocation(location=str(item.location_id))
    if owner in barred:
        return barred[owner]
    if item.sku_id not in goods:
        return no.NoSuchSku(sku=str(item.sku_id))
    if goods[item.sku_id][1] != owner:
        return no.LocationNotTheSellers(location=str(item.location_id), sku=str(item.sku_id))
    return rules.whole_flaw("quantity", item.quantity, least=1, most=MAX_QUANTITY) or rules.text_flaw(
        "reason", item.reason, most=_REASON, needed=kind is MovementKind.WRITE_OFF
    )


def _lock(kind: MovementKind, places: set[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], _Row]:
    """Lock stock rows in key order.

    Goods that come for the first time get a row; none are needed to find them missing.
    """
    keys = ([sku_id for sku_id, _ in places], [location_id for _, location_id in places])
    if kind is MovementKind.RECEIPT and places:
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


def _apply(kind: MovementKind, item: StockItem, row: _Row) -> Refusal | None:
    """Decide one item against its row, and note there what it does."""
    on_hand = row.on_hand + row.change
    if kind is MovementKind.RECEIPT:
        if on_hand + item.quantity > MAX_ON_HAND:
            return no.StockTooLarge(most=MAX_ON_HAND)
        row.change += item.quantity
        return None
    if on_hand - row.reserved < item.quantity:
        return no.StockShort(sku=str(item.sku_id), wanted=item.quantity, available=on_hand - row.reserved)
    row.change -= item.quantity
    return None


def _write(
    kind: MovementKind, actor: Actor, items: Sequence[StockItem], rows: dict[tuple[UUID, UUID], _Row]
) -> None:
    changed = {place: row.change for place, row in rows.items() if row.change}
    if not changed:
        return
    sets.run(
        "update catalog_stock s set on_hand = s.on_hand + x.change"
        " from unnest(%s::uuid[], %s::uuid[], %s::bigint[]) as x(sku_id, location_id, change)"
        " where s.sku_id = x.sku_id and s.location_id = x.location_id",
        (
            [sku_id for sku_id, _ in changed],
            [location_id for _, location_id in changed],
            list(changed.values()),
        ),
    )
    sign = 1 if kind is MovementKind.RECEIPT else -1
    record(
        [
            Movement(
                reference=item.reference,
                part=0,
                kind=kind,
                sku_id=item.sku_id,
                location_id=item.location_id,
                quantity=sign * item.quantity,
                reason=item.reason.strip(),
                by_party=actor.party_id,
                by_user=actor.user_id,
            )
            for item in items
        ]
    )


def _document(
    kind: MovementKind, items: Sequence[StockItem], listing_of: dict[UUID, UUID], seller_of: dict[UUID, UUID]
) -> None:
    body = StockReceived if kind is MovementKind.RECEIPT else StockWrittenOff
    journal.append(
        [
            Entry(
                subject=item.sku_id,
                issuer=seller_of[item.sku_id],
                body=body(
                    sku_id=item.sku_id,
                    listing_id=listing_of[item.sku_id],
                    location_id=item.location_id,
                    quantity=item.quantity,
                    reason=item.reason.strip(),
                    reference=item.reference,
                ),
            )
            for item in items
        ]
    )
