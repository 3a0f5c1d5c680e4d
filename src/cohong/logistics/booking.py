"""The carrier's own system: booking shipments with it, hearing from it, asking it."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from cohong.kernel import clock, jobs, sets
from cohong.kernel.errors import Refusal, one
from cohong.kernel.ids import named_id
from cohong.kernel.outside import Credentials
from cohong.logistics.carriers import protocol
from cohong.logistics.carriers.client import CarrierClient
from cohong.logistics.consigning import unsealed
from cohong.logistics.models import BOOKING, BookingState, EventKind
from cohong.logistics.refusals import CarrierNotConnected, CarrierSilent, UnknownShipment
from cohong.logistics.selectors import ENDED, views
from cohong.logistics.structs import Recorded, ShipmentView, TrackingEvent
from cohong.logistics.tracking import record_events
from cohong.parties import api as parties

#: A shipment that its carrier has said nothing about for this long is asked for: notices get lost.
QUIET_FOR = timedelta(hours=6)
_ASKED_BACK_TO = timedelta(days=60)
_ASKED_AT_ONCE = 200
_BOOKED_AT_ONCE = 500
_LONGEST_NOTE = 200
_LONGEST_EVENT_NOTE = 500
_PLACE_CODE = re.compile(r"[0-9]{6}(?![0-9])")
_SERVICES = {"express": "express"}


def carrier() -> protocol.Carrier:
    """Return the connected carrier's client. Raises `CarrierNotConnected`."""
    if _put_in:
        return _put_in[-1]
    path = Path(settings.COHONG_CARRIER_CREDENTIALS or os.devnull)
    if not path.is_file():
        raise CarrierNotConnected
    return _client(os.getpid(), path, path.stat().st_mtime_ns)


_put_in: list[protocol.Carrier] = []


@contextmanager
def connected(client: protocol.Carrier) -> Iterator[None]:
    """Let this client be the carrier inside the block: for tests and programs with their own sandbox."""
    _put_in.append(client)
    try:
        yield
    finally:
        _put_in.pop()


@lru_cache(maxsize=1)
def _client(_process: int, path: Path, _written: int) -> CarrierClient:
    """Make the client once for each process (connections do not survive a fork) and state of the file."""
    return CarrierClient(Credentials.load(path))


# --- booking ---------------------------------------------------------------------------------------------


def book(*, shipment_ids: Sequence[UUID]) -> int:
    """Book shipments with the carrier's own system; return how many it took. What a job does.

    Each is booked once, however often it is asked. Raises `CarrierSilent` when answers are missing (the job
    asks again), `CarrierNotConnected`.
    """
    client = carrier()
    booked, silent = 0, 0
    for view in views(
        "id = any(%s) and booking = %s order by id", (list(shipment_ids), BookingState.WANTED.value)
    ):
        answer = _ask(client, view)
        if isinstance(answer, protocol.Unknown):
            silent += 1
        elif isinstance(answer, protocol.Booked):
            booked += _mark(view.id, "book", carrier_number=answer.waybill)
        else:
            _mark(view.id, "refuse", note=f"{answer.reason}: {answer.detail}")
    if silent:
        raise CarrierSilent(shipments=silent)
    return booked


def _ask(
    client: protocol.Carrier, view: ShipmentView
) -> protocol.Booked | protocol.BookingRefused | protocol.Unknown:
    """Ask the carrier to take a shipment."""
    [(token,)] = sets.fetch("select address from logistics_shipment where id = %s", (view.id,))
    recipient = unsealed(token)
    sender = _sender(view.shipper_id)
    if recipient is None or sender is None:
        missing = "recipient" if recipient is None else "sender"
        return protocol.BookingRefused(reason=protocol.WhyRefused.REJECTED, detail=f"no address: {missing}")
    booking = protocol.Booking(
        shipment_id=view.id,
        number=view.waybill_number,
        sender=sender,
        recipient=protocol.Address(
            name=recipient.recipient,
            phone=recipient.phone,
            line=recipient.street,
            region_code=recipient.region_code,
        ),
        parcels=tuple(protocol.Parcel(weight_g=max(1, package.weight_grams)) for package in view.packages),
        goods=view.waybill_number,
        service=_SERVICES.get(view.service, "standard"),
        notify_url=f"{settings.COHONG_PUBLIC_URL}/api/v1/logistics/notices",
    )
    return client.book(booking)


def _sender(shipper_id: UUID) -> protocol.Address | None:
    """Find where the carrier fetches the goods; None while the shipper has told no address."""
    shipper = parties.party(party_id=shipper_id)
    # On the shipper's own behalf: it is their carrier that has to find them.
    itself = parties.Actor(party_id=shipper_id, roles=frozenset({parties.Role.WAREHOUSE}))
    contact = parties.contact(actor=itself, party_id=shipper_id, reason="booking a shipment")
    if not (contact.phone and contact.address and shipper.region_code):
        return None
    return protocol.Address(
        name=shipper.name,
        phone=contact.phone,
        line=contact.address,
        region_code=shipper.region_code,
        country=shipper.country,
    )


def _mark(shipment_id: UUID, act: str, *, carrier_number: str = "", note: str = "") -> int:
    """Move a booking on, unless another run of the job has done so; return whether this one did."""
    target = BOOKING.next(BookingState.WANTED, act)
    return sets.run(
        "update logistics_shipment set booking = %s, carrier_number = %s, booking_note = %s"
        " where id = %s and booking = %s",
        (target.value, carrier_number, note[:_LONGEST_NOTE], shipment_id, BookingState.WANTED.value),
    )


@sets.act
def book_again(*, actor: parties.Actor, shipment_id: UUID) -> None:
    """Have a booking that the carrier refused tried once more, by the shipper.

    Raises `UnknownShipment`, `NotYours`, `WrongState` if it was not refused.
    """
    found = sets.fetch(
        "select shipper_id, booking from logistics_shipment where id = %s for update", (shipment_id,)
    )
    if not found:
        raise UnknownShipment
    [(shipper_id, booking)] = found
    parties.require(actor, shipper_id, parties.Role.WAREHOUSE, parties.Role.SALES, scope="logistics:write")
    sets.run(
        "update logistics_shipment set booking = %s, booking_note = '' where id = %s",
        (BOOKING.next(booking, "retry").value, shipment_id),
    )
    jobs.defer("logistics.book", shipment_ids=[str(shipment_id)])


def sweep_bookings() -> int:
    """Have shipments booked whose job has given up; return how many. By the clock."""
    overdue = sets.fetch(
        "select id from logistics_shipment where booking = %s and consigned_at < %s"
        " order by consigned_at limit %s",
        (BookingState.WANTED.value, clock.now() - timedelta(hours=1), _BOOKED_AT_ONCE),
    )
    if overdue and settings.COHONG_CARRIER_CREDENTIALS:
        jobs.defer("logistics.book", lock="logistics.sweep", shipment_ids=[str(id_) for (id_,) in overdue])
    return len(overdue)


# --- hearing and asking ----------------------------------------------------------------------------------


def take_notice(*, headers: Mapping[str, str], body: bytes) -> Recorded:
    """Take a tracking notice of the carrier's system; the same one again changes nothing.

    Raises `CarrierNotConnected`, `BadSignature`, `UnknownShipment`, and what `record_events` refuses.
    """
    notice = carrier().verify_notification(headers, body)
    return one(_take(notice.shipment_id, notice.waybill, [notice.event]))


@sets.act
def _take(
    shipment_id: UUID, carrier_number: str, events: Sequence[protocol.Event]
) -> list[Recorded | Refusal]:
    """Record what the carrier's system says of a shipment that it was given."""
    found = sets.fetch(
        "select s.waybill_number, s.carrier_id, s.pick_up, s.booking, s.carrier_number"
        " from logistics_shipment s join logistics_carrier c on c.id = s.carrier_id and c.connected"
        " where s.id = %s for update of s",
        (shipment_id,),
    )
    if not found:
        raise UnknownShipment
    [(waybill_number, carrier_id, pick_up, booking, known_number)] = found
    if booking == BookingState.WANTED:
        # The answer to the booking was lost, or the notice overtook it: now it is known all the same.
        _mark(shipment_id, "book", carrier_number=carrier_number)
    elif booking != BookingState.BOOKED or known_number != carrier_number:
        raise UnknownShipment
    said_by = parties.Actor(party_id=carrier_id, roles=frozenset({parties.Role.WAREHOUSE}))
    return record_events(
        actor=said_by,
        items=[_event(waybill_number, shipment_id, event, pick_up=pick_up) for event in events],
    )


def _event(waybill_number: str, shipment_id: UUID, event: protocol.Event, *, pick_up: bool) -> TrackingEvent:
    """Put what the carrier's system says into our words."""
    kind = EventKind(event.kind.value)
    if pick_up and kind == EventKind.DELIVERED:
        # Brought to the counter: the consignee has it only when it was handed over against the code.
        kind = EventKind.READY
    code = _PLACE_CODE.match(event.place)
    return TrackingEvent(
        id=named_id("logistics.event", shipment_id, event.event_id),
        waybill_number=waybill_number,
        kind=kind.value,
        at=event.happened_at,
        region_code=code[0] if code else "",
        note=f"{event.place} {event.note}".replace("\x00", "").strip()[:_LONGEST_EVENT_NOTE],
    )


def ask_quiet() -> int:
    """Ask the carrier about shipments of which it has long said nothing; return how many moved.

    By the clock. Raises `CarrierNotConnected`.
    """
    if not settings.COHONG_CARRIER_CREDENTIALS:
        return 0
    client, now, moved = carrier(), clock.now(), 0
    for view in views(
        "consigned_at >= %s and booking = %s and state <> all(%s) and heard_at < %s"
        " and carrier_id in (select id from logistics_carrier where connected) order by heard_at limit %s",
        (now - _ASKED_BACK_TO, BookingState.BOOKED.value, ENDED, now - QUIET_FOR, _ASKED_AT_ONCE),
    ):
        answer = client.track(view.carrier_number)
        if isinstance(answer, protocol.Unknown):
            # It does not answer now; the next hour asks again, without another two hundred vain calls.
            break
        if isinstance(answer, protocol.Tracked) and answer.shipment_id == view.id:
            results = _take(view.id, view.carrier_number, answer.events)
            moved += any(isinstance(result, Recorded) and not result.again for result in results)
        sets.run("update logistics_shipment set heard_at = %s where id = %s", (now, view.id))
    return moved
