"""The client of a carrier that speaks our open interface: JSON over HTTP, signed both ways.

| verb | request | answer |
| --- | --- | --- |
| book | `POST /v1/shipments` | waybill and label; 409 `id_reused`, 422 and a reason |
| cancel | `POST /v1/shipments/ID/cancel` | `cancelled`, or the waybill and its last event |
| track | `GET /v1/waybills/WAYBILL` | the events; 404 `not_known` |
"""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from cohong.kernel.outside import (
    UNREADABLE,
    Answer,
    BadSignature,
    Credentials,
    NoAnswer,
    Outage,
    SignedClient,
    WireTime,
    open_notice,
)
from cohong.logistics.carriers.protocol import (
    Address,
    Booked,
    Booking,
    BookingRefused,
    Cancelled,
    Event,
    EventKind,
    Label,
    NotCancelled,
    NotKnown,
    Tracked,
    TrackingNotice,
    Unknown,
    WhyRefused,
)
from cohong.logistics.carriers.waybills import is_valid_waybill

OK, BAD_REQUEST, NOT_FOUND, CONFLICT, UNPROCESSABLE = 200, 400, 404, 409, 422
T = TypeVar("T", bound=msgspec.Struct)


class _Booked(msgspec.Struct, frozen=True, kw_only=True):
    """A booking as the carrier tells it."""

    shipment_id: UUID
    waybill: str
    sort_code: str
    track_url: str


class _Cancel(msgspec.Struct, frozen=True, kw_only=True):
    """What the carrier says of a cancellation."""

    shipment_id: UUID
    cancelled: bool
    waybill: str = ""
    last: EventKind | None = None


class _Event(msgspec.Struct, frozen=True, kw_only=True):
    """An event as the carrier tells it."""

    event_id: str
    sequence: int
    kind: EventKind
    at: WireTime
    place: str
    note: str = ""

    @property
    def event(self) -> Event:
        return Event(
            event_id=self.event_id,
            sequence=self.sequence,
            kind=self.kind,
            happened_at=self.at,
            place=self.place,
            note=self.note,
        )


class _Track(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel's story as the carrier tells it."""

    waybill: str
    shipment_id: UUID
    events: list[_Event]


class _Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as the carrier sends it."""

    notice_id: str
    waybill: str
    shipment_id: UUID
    event: _Event


class CarrierClient:
    """A `Carrier` over HTTP. Safe to share between threads; not across a fork."""

    def __init__(
        self, credentials: Credentials, *, connect_timeout_s: float = 3.0, timeout_s: float = 10.0
    ) -> None:
        self._client = SignedClient(credentials, connect_timeout_s=connect_timeout_s, timeout_s=timeout_s)
        self._carrier_key = credentials.answers_by

    def close_connections(self) -> None:
        """Give the connections back; the client is not used after that."""
        self._client.close()

    def book(self, booking: Booking) -> Booked | BookingRefused | Unknown:
        """Book a shipment; again under the same id: say under which waybill it is booked."""
        answer = self._call("POST", "/v1/shipments", _words(booking))
        if isinstance(answer, Unknown):
            return answer
        if answer.status in (BAD_REQUEST, CONFLICT, UNPROCESSABLE):
            error, detail = str(answer.data.get("error", "")), str(answer.data.get("detail", ""))
            reason = WhyRefused(error) if error in set(WhyRefused) else WhyRefused.REJECTED
            return BookingRefused(reason=reason, detail=detail or error)
        said = _read(answer, _Booked)
        if isinstance(said, Unknown):
            return said
        if said.shipment_id != booking.shipment_id or not is_valid_waybill(said.waybill):
            return Unknown(
                why=Outage.UNREADABLE, detail="another shipment's booking, or a false waybill number"
            )
        label = Label(barcode=said.waybill, sort_code=said.sort_code, track_url=said.track_url)
        return Booked(waybill=said.waybill, label=label)

    def cancel(self, shipment_id: UUID) -> Cancelled | NotCancelled | Unknown:
        """See to it that a shipment is never picked up."""
        answer = self._call("POST", f"/v1/shipments/{shipment_id}/cancel", {})
        said = answer if isinstance(answer, Unknown) else _read(answer, _Cancel)
        if isinstance(said, Unknown):
            return said
        if said.shipment_id != shipment_id:
            return Unknown(why=Outage.UNREADABLE, detail="about another shipment")
        if said.cancelled:
            return Cancelled()
        if said.last is None:
            return Unknown(why=Outage.UNREADABLE, detail="neither cancelled nor on its way")
        return NotCancelled(waybill=said.waybill, last=said.last)

    def track(self, waybill: str) -> Tracked | NotKnown | Unknown:
        """Say what has happened to a parcel so far."""
        if not is_valid_waybill(waybill):
            return NotKnown()
        answer = self._call("GET", f"/v1/waybills/{waybill}")
        if isinstance(answer, Unknown):
            return answer
        if answer.status == NOT_FOUND and answer.data.get("error") == "not_known":
            return NotKnown()
        said = _read(answer, _Track)
        if isinstance(said, Unknown):
            return said
        if said.waybill != waybill:
            return Unknown(why=Outage.UNREADABLE, detail="about another waybill")
        events = sorted((event.event for event in said.events), key=lambda event: event.sequence)
        return Tracked(waybill=waybill, shipment_id=said.shipment_id, events=tuple(events))

    def verify_notification(self, headers: Mapping[str, str], body: bytes) -> TrackingNotice:
        """Read a notice; raise `BadSignature` when it is not the carrier's."""
        try:
            notice = msgspec.json.decode(open_notice(self._carrier_key, headers, body), type=_Notice)
        except UNREADABLE as error:
            # Signed by the carrier and yet not of the agreed form: no more to be acted on than a forgery.
            raise BadSignature(why=f"not a notice: {error}") from error
        return TrackingNotice(
            notice_id=notice.notice_id,
            waybill=notice.waybill,
            shipment_id=notice.shipment_id,
            event=notice.event.event,
        )

    def _call(self, method: str, path: str, data: Mapping[str, Any] | None = None) -> Answer | Unknown:
        try:
            return self._client.call(method, path, data=data)
        except NoAnswer as none:
            return Unknown(why=none.outage, detail=none.detail)


def _read(answer: Answer, kind: type[T]) -> T | Unknown:
    """Read an answer of the agreed form."""
    if answer.status != OK:
        return Unknown(why=Outage.UNREADABLE, detail=f"{answer.status} {answer.data.get('error')}")
    try:
        return msgspec.convert(answer.data, kind)
    except msgspec.ValidationError as error:
        return Unknown(why=Outage.UNREADABLE, detail=str(error))


def _words(booking: Booking) -> dict[str, Any]:
    """Return a booking as it is written on the wire."""
    return {
        "shipment_id": str(booking.shipment_id),
        "number": booking.number,
        "sender": _address(booking.sender),
        "recipient": _address(booking.recipient),
        "parcels": [
            {
                "weight_g": parcel.weight_g,
                "length_mm": parcel.length_mm,
                "width_mm": parcel.width_mm,
                "height_mm": parcel.height_mm,
            }
            for parcel in booking.parcels
        ],
        "goods": booking.goods,
        "service": booking.service,
        "notify_url": booking.notify_url,
        "collect": None
        if booking.collect is None
        else {"amount_minor": booking.collect.minor, "currency": booking.collect.currency},
    }


def _address(address: Address) -> dict[str, str]:
    return {
        "name": address.name,
        "phone": address.phone,
        "line": address.line,
        "region_code": address.region_code,
        "country": address.country,
    }
