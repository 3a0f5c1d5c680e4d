"""What a shipment's own parties may see of it. Each look at an address or a code is recorded."""

from collections.abc import Sequence
from uuid import UUID

from cohong.kernel import numbers, privacy, sets
from cohong.kernel.errors import Refusal
from cohong.logistics import rules, selectors
from cohong.logistics.consigning import unsealed
from cohong.logistics.models import SHIPMENT, EventKind, ShipmentState
from cohong.logistics.refusals import NotForPickUp, UnknownShipment, UnknownWaybill
from cohong.logistics.selectors import ENDED, events_of, shipments, views
from cohong.logistics.structs import Address, ShipmentFile, ShipmentView
from cohong.parties import api as parties

_Role = parties.Role
_BUYING = (_Role.PURCHASING, _Role.WAREHOUSE, _Role.SERVICE)
_SELLING = (_Role.SALES, _Role.WAREHOUSE, _Role.SERVICE)
_CARRYING = (_Role.WAREHOUSE, _Role.SERVICE)
_OVER_TRADE = (parties.Mandate.PLATFORM, parties.Mandate.SUPERVISION, parties.Mandate.CUSTOMS)
_READ, _WRITE = "logistics:read", "logistics:write"


def shipment_file(*, actor: parties.Actor, waybill_number: str) -> ShipmentFile:
    """Return a shipment with its events and a masked address, to a party to it or an authority over trade.

    Raises `NotANumber`, and `UnknownWaybill` also to whoever may not know of it.
    """
    number = numbers.normalise(waybill_number)
    found = views("waybill_number = %s", (number,))
    if not found or not _may_see(actor, found[0]):
        raise UnknownWaybill(number=number)
    [view] = found
    [(token,)] = sets.fetch("select address from logistics_shipment where id = %s", (view.id,))
    address = unsealed(token)
    return ShipmentFile(
        shipment=view,
        events=tuple(events_of(shipment_ids=[view.id], with_notes=True)[view.id]),
        address=None if address is None else address.masked(),
    )


def worklist(
    *, actor: parties.Actor, state: str | None = None, after: UUID | None = None, limit: int = 50
) -> list[ShipmentView]:
    """Return the shipments that the actor's party carries, the newest first. Raises `NotYours`."""
    parties.require(actor, actor.party_id, *_CARRYING, scope=_READ)
    return selectors.worklist(carrier_id=actor.party_id, state=state, after=after, limit=limit)


@sets.act
def address_of(*, actor: parties.Actor, shipment_id: UUID) -> Address | None:
    """Return the whole address to whoever needs it, and record the look; None for goods fetched at a counter.

    The buyer's and the seller's staff may, and the carrier's until the goods have ended their way. Raises
    `UnknownShipment`.
    """
    view = shipments(ids=[shipment_id]).get(shipment_id)
    if view is None or not _may_read_address(actor, view):
        raise UnknownShipment
    [(token,)] = sets.fetch("select address from logistics_shipment where id = %s", (shipment_id,))
    _record_look(actor, view, "address")
    return unsealed(token)


@sets.act
def addresses_of(*, actor: parties.Actor, shipment_ids: Sequence[UUID]) -> dict[UUID, Address | None]:
    """Return the whole addresses of many shipments, for their labels, and record each look.

    Who may is as for `address_of`, and if one of the shipments is not the actor's to send, to get or to carry, none is
    shown and no look recorded. Raises `UnknownShipment`.
    """
    found = shipments(ids=shipment_ids)
    if set(found) != set(shipment_ids) or not all(_may_read_address(actor, view) for view in found.values()):
        raise UnknownShipment
    tokens = dict(
        sets.fetch("select id, address from logistics_shipment where id = any(%s)", (list(shipment_ids),))
    )
    parties.record_looks_for(
        actor=actor,
        looks=[
            (view.consignee_id, f"shipment {view.waybill_number}")
            for view in found.values()
            if tokens[view.id] is not None
        ],
        what=["address"],
        in_clear=True,
    )
    return {shipment_id: unsealed(tokens[shipment_id]) for shipment_id in found}


@sets.act
def pick_up_code_of(*, actor: parties.Actor, shipment_id: UUID) -> str:
    """Return the pick-up code to the consignee, and record the look.

    Raises `UnknownShipment`, `NotForPickUp`.
    """
    view = _consignees(actor, shipment_id, _READ)
    [(token,)] = sets.fetch("select pick_up_code from logistics_shipment where id = %s", (view.id,))
    _record_look(actor, view, "pick_up_code")
    return privacy.decrypt(token)


@sets.act
def renew_pick_up_code(*, actor: parties.Actor, shipment_id: UUID) -> str:
    """Give the consignee a new code with all its tries; the old one is worth nothing any more.

    Raises `UnknownShipment`, `NotForPickUp`; `WrongState` once the goods have gone back.
    """
    sets.fetch("select 1 from logistics_shipment where id = %s for update", (shipment_id,))
    view = _consignees(actor, shipment_id, _WRITE)
    if view.state == ShipmentState.COLLECTED:
        raise NotForPickUp
    SHIPMENT.next(view.state, EventKind.COLLECTED)
    code = rules.new_code()
    sets.run(
        "update logistics_shipment set pick_up_code = %s, wrong_codes = 0 where id = %s",
        (privacy.encrypt(code), shipment_id),
    )
    _record_look(actor, view, "pick_up_code")
    return code


def _consignees(actor: parties.Actor, shipment_id: UUID, scope: str) -> ShipmentView:
    """Return a shipment to be collected, if it is the actor's to collect."""
    view = shipments(ids=[shipment_id]).get(shipment_id)
    if view is None or not _acts_for(actor, view.consignee_id, _BUYING, scope):
        raise UnknownShipment
    if not view.pick_up:
        raise NotForPickUp
    return view


def _acts_for(
    actor: parties.Actor, party_id: UUID | None, roles: tuple[parties.Role, ...], scope: str = _READ
) -> bool:
    if party_id is None:
        return False
    try:
        parties.require(actor, party_id, *roles, scope=scope)
    except Refusal:
        return False
    return True


def _may_see(actor: parties.Actor, view: ShipmentView) -> bool:
    """Say whether someone is a party to a shipment, or an authority whose mandate covers trade."""
    try:
        parties.require_mandate(actor, *_OVER_TRADE, scope=_READ)
    except Refusal:
        return any(
            _acts_for(actor, party_id, tuple(_Role))
            for party_id in (view.shipper_id, view.consignee_id, view.carrier_id)
        )
    return True


def _may_read_address(actor: parties.Actor, view: ShipmentView) -> bool:
    return (
        _acts_for(actor, view.consignee_id, _BUYING)
        or _acts_for(actor, view.shipper_id, _SELLING)
        or (view.state not in ENDED and _acts_for(actor, view.carrier_id, _CARRYING))
    )


def _record_look(actor: parties.Actor, view: ShipmentView, what: str) -> None:
    """Enter the look into the consignee's access log."""
    parties.record_looks(
        actor=actor,
        party_ids=[view.consignee_id],
        what=[what],
        in_clear=True,
        reason=f"shipment {view.waybill_number}",
    )
