"""Handing goods over against their pick-up code."""

from uuid import UUID

from django.db import transaction

from cohong.kernel import clock, privacy, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import named_id
from cohong.logistics import rules
from cohong.logistics.models import MOST_WRONG_CODES, SHIPMENT, EventKind, ShipmentState
from cohong.logistics.refusals import NotForPickUp, PickUpLocked, UnknownShipment, WrongPickUpCode
from cohong.logistics.structs import Collected, TrackingEvent
from cohong.logistics.tracking import Gate, Moving, lock, write
from cohong.parties import api as parties


def collect(*, actor: parties.Actor, shipment_id: UUID, code: str) -> Collected:
    """Hand goods over against their pick-up code; again with the right code: the same answer.

    The carrier does it, or the shipper at its counter. Issues `logistics.collected`. Raises
    `UnknownShipment`, `NotYours`, `NotForPickUp`, `WrongPickUpCode`, `PickUpLocked`, `WrongState`.

    A wrong code is counted although it is refused, so this is a transaction of its own: called inside
    another it raises RuntimeError, because that one's rollback would forget the try. Inside one use
    `try_collect`.
    """
    with transaction.atomic(durable=True):
        outcome = try_collect(actor=actor, shipment_id=shipment_id, code=code)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


@sets.act
def try_collect(*, actor: parties.Actor, shipment_id: UUID, code: str) -> Collected | Refusal:
    """Do what `collect` does, and *return* the refusal.

    The caller has to commit even so, or a wrong code is not counted.
    """
    shipments = lock("id = %s", (shipment_id,))
    if not shipments:
        return UnknownShipment()
    [shipment] = shipments
    gate = Gate(actor)
    if gate.refusal(shipment.mover_id) and (refusal := gate.refusal(shipment.shipper_id)):
        return refusal
    if not shipment.pick_up:
        return NotForPickUp()
    if refusal := _check_code(shipment, code):
        return refusal
    return _hand_over(actor, shipment)


def _check_code(shipment: Moving, code: str) -> Refusal | None:
    """Compare the code, and count it when it is wrong."""
    [(token, wrong)] = sets.fetch(
        "select pick_up_code, wrong_codes from logistics_shipment where id = %s", (shipment.id,)
    )
    if wrong >= MOST_WRONG_CODES:
        return PickUpLocked()
    if rules.same_code(code, privacy.decrypt(token)):
        return None
    sets.run("update logistics_shipment set wrong_codes = wrong_codes + 1 where id = %s", (shipment.id,))
    return WrongPickUpCode(left=MOST_WRONG_CODES - wrong - 1)


def _hand_over(actor: parties.Actor, shipment: Moving) -> Collected | Refusal:
    if shipment.state != ShipmentState.COLLECTED:
        now = clock.now()
        event = TrackingEvent(
            id=named_id("logistics.collected", shipment.id),
            waybill_number=shipment.waybill_number,
            kind=EventKind.COLLECTED.value,
            at=now,
        )
        try:
            SHIPMENT.next(shipment.state, event.kind)
        except Refusal as refusal:
            return refusal
        shipment.apply(event, now)
        write(actor.party_id, [shipment], now)
    if shipment.delivered_at is None:
        raise AssertionError("collected goods have their time")
    return Collected(shipment_id=shipment.id, order_id=shipment.order_id, collected_at=shipment.delivered_at)
