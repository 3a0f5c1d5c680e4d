"""What a carrier does for us, and how its answers read.

A booking carries our shipment id and is made at most once for it, however often it is asked: when an answer
is lost, book again under the same id. Every verb may answer `Unknown`: nobody can say whether it was done; do
it again. What happens to a parcel afterwards comes as tracking events, pushed as notices and there to be
asked for. They may come twice and out of order; `sequence` puts them right.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from cohong.kernel.money import Money
from cohong.kernel.outside import BadSignature, Outage

__all__ = [
    "Address",
    "BadSignature",
    "Booked",
    "Booking",
    "BookingRefused",
    "Cancelled",
    "Carrier",
    "Event",
    "EventKind",
    "Label",
    "NotCancelled",
    "NotKnown",
    "Outage",
    "Parcel",
    "Tracked",
    "TrackingNotice",
    "Unknown",
    "WhyRefused",
]


class EventKind(StrEnum):
    """What happened to a parcel."""

    PICKED_UP = "picked_up"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    """Handed over: the parcel's last event, unless it is `RETURNED`."""
    EXCEPTION = "exception"
    """Something is in the way; `note` says what. The parcel goes on, or goes back."""
    RETURNED = "returned"
    """Back with its sender: the last event of a parcel that could not be handed over."""


class WhyRefused(StrEnum):
    """Why a carrier does not take a booking."""

    NO_SERVICE = "no_service"
    """It does not go there, or not today."""
    TOO_HEAVY = "too_heavy"
    CANCELLED = "cancelled"
    """This shipment id was cancelled before."""
    REJECTED = "rejected"
    """It cannot take the booking as it stands; `detail` says what of it."""
    ID_REUSED = "id_reused"
    """It knows this shipment id with another booking. That one stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a parcel comes from or goes to. `region_code` is the administrative code, `country` ISO 3166."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    line: str = field(repr=False)
    region_code: str
    country: str = "CN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One package of a shipment: grams and millimetres; a size of zero is not known."""

    weight_g: int
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A shipment to be picked up. `number` is what people read; `shipment_id` is what makes it happen once.

    `collect` is what the carrier takes from the recipient for us on delivery.
    """

    shipment_id: UUID
    number: str
    sender: Address
    recipient: Address
    parcels: tuple[Parcel, ...]
    goods: str
    service: str = "standard"
    notify_url: str = ""
    collect: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What is printed on the parcel: the barcode's text, the sorting code, and the address of its track."""

    barcode: str
    sort_code: str
    track_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to a parcel, in its place (`sequence`, from 1) in the parcel's story."""

    event_id: str
    sequence: int
    kind: EventKind
    happened_at: datetime
    place: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """The carrier will come for it."""

    waybill: str
    label: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingRefused:
    """The carrier does not take it, and nothing was booked."""

    reason: WhyRefused
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """The carrier will not come for it, whatever booking of this id may still be under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCancelled:
    """Too late: the parcel is on its way, under this waybill; this is the last that happened to it."""

    waybill: str
    last: EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """Everything that has happened to a parcel, in order."""

    waybill: str
    shipment_id: UUID
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotKnown:
    """The carrier has no such waybill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Nobody can say whether it was done: do it again."""

    why: Outage
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingNotice:
    """The carrier says by itself what happened to a parcel; it may say so again with the same `notice_id`."""

    notice_id: str
    waybill: str
    shipment_id: UUID
    event: Event


class Carrier(Protocol):
    """A carrier. No method raises for what the outside world does, except where it says so."""

    def book(self, booking: Booking) -> Booked | BookingRefused | Unknown:
        """Book a shipment; again under the same id: say under which waybill it is booked."""

    def cancel(self, shipment_id: UUID) -> Cancelled | NotCancelled | Unknown:
        """See to it that a shipment is never picked up."""

    def track(self, waybill: str) -> Tracked | NotKnown | Unknown:
        """Say what has happened to a parcel so far."""

    def verify_notification(self, headers: Mapping[str, str], body: bytes) -> TrackingNotice:
        """Read a notice; raise `BadSignature` when it is not the carrier's."""
