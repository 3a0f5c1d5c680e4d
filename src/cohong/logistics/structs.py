"""What goes in and out of the door: frozen values, no models."""

from datetime import datetime
from uuid import UUID

import msgspec

from cohong.kernel.money import Money
from cohong.kernel.privacy import mask_address, mask_name, mask_phone


class Address(msgspec.Struct, frozen=True):
    """Where goods go and to whom: personal data, encrypted at rest. Its `repr` shows the region alone."""

    recipient: str
    phone: str
    region_code: str
    street: str
    postcode: str = ""

    def __repr__(self) -> str:
        return f"Address(region_code={self.region_code!r})"

    def masked(self) -> "Address":
        """Return what a screen may show to whoever is not entitled to the whole."""
        return Address(
            recipient=mask_name(self.recipient),
            phone=mask_phone(self.phone),
            region_code=self.region_code,
            street=mask_address(self.street),
        )


class SavedAddress(msgspec.Struct, frozen=True, kw_only=True):
    """An address of a party's address book; the address is masked."""

    id: UUID
    address: Address
    is_default: bool
    saved_at: datetime


class Package(msgspec.Struct, frozen=True):
    """One package: its weight and what is in it, as (order line, quantity)."""

    weight_grams: int
    contents: tuple[tuple[UUID, int], ...]


class Consignment(msgspec.Struct, frozen=True, kw_only=True):
    """Goods of an order that are to travel, or to wait at a counter (`pick_up`) until they are collected.

    `carrier_id` None: the shipper brings them itself, or hands them over at its own counter. `service` may be
    left out. `id` makes it happen once.
    """

    id: UUID
    order_id: UUID
    shipper_id: UUID
    consignee_id: UUID
    carrier_id: UUID | None
    packages: tuple[Package, ...]
    address: Address | None
    pick_up: bool = False
    service: str = ""


class Consigned(msgspec.Struct, frozen=True, kw_only=True):
    """What `consign` gives back; the pick-up code is for the consignee's eyes."""

    shipment_id: UUID
    waybill_number: str
    pick_up_code: str | None

    def __repr__(self) -> str:
        return f"Consigned(shipment_id={self.shipment_id!r}, waybill_number={self.waybill_number!r})"


class TrackingEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What is reported of a shipment.

    `id` makes it count once; `at` is when it happened, by the reporter's clock; `kind` is one of `EventKind`
    except `collected`; `note` is free text that only the shipment's parties see.
    """

    id: UUID
    waybill_number: str
    kind: str
    at: datetime
    region_code: str = ""
    note: str = ""


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of a tracking event; `again`: it had been recorded before."""

    event_id: UUID
    shipment_id: UUID
    state: str
    again: bool


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of a pick-up."""

    shipment_id: UUID
    order_id: UUID
    collected_at: datetime


class DeliveryView(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a shipment has reached its consignee.

    `delivered_at` is when, by the carrier's clock, and None while it has not, or when the goods have gone
    back; `known_at` is when the platform learned of it: a time for objection is fairly counted from there.
    """

    shipment_id: UUID
    delivered_at: datetime | None
    known_at: datetime | None = None


class ShipmentView(msgspec.Struct, frozen=True, kw_only=True):
    """A shipment without personal data."""

    id: UUID
    order_id: UUID
    shipper_id: UUID
    consignee_id: UUID
    carrier_id: UUID | None
    service: str
    waybill_number: str
    carrier_number: str
    booking: str
    booking_note: str
    state: str
    pick_up: bool
    weight_grams: int
    consigned_at: datetime
    delivered_at: datetime | None
    known_at: datetime | None
    packages: tuple[Package, ...]


class EventView(msgspec.Struct, frozen=True, kw_only=True):
    """A tracking event as it is shown. `note` is empty for whoever is no party to the shipment."""

    id: UUID
    shipment_id: UUID
    kind: str
    at: datetime
    region_code: str
    note: str
    recorded_at: datetime


class ShipmentFile(msgspec.Struct, frozen=True, kw_only=True):
    """A shipment as a party to it sees it; the address is masked."""

    shipment: ShipmentView
    events: tuple[EventView, ...]
    address: Address | None


class PublicTracking(msgspec.Struct, frozen=True, kw_only=True):
    """What anyone with the waybill number may see."""

    waybill_number: str
    carrier_code: str
    state: str
    events: tuple[EventView, ...]


class CarrierView(msgspec.Struct, frozen=True, kw_only=True):
    """A carrier and what it offers."""

    id: UUID
    code: str
    name: str
    name_en: str
    services: tuple[str, ...]
    connected: bool


class TariffRow(msgspec.Struct, frozen=True, kw_only=True):
    """The price of a service between two zones.

    A zone is the beginning of a region's code, "" is anywhere. Up to `first_grams` cost `first_minor`, each
    further `step_grams` begun cost `step_minor` (minor units of `currency`).
    """

    service: str
    from_zone: str
    to_zone: str
    currency: str
    first_grams: int
    first_minor: int
    step_grams: int
    step_minor: int


class FreightItem(msgspec.Struct, frozen=True, kw_only=True):
    """What freight is asked for."""

    carrier_id: UUID
    service: str
    from_region: str
    to_region: str
    weight_grams: int


class FreightOffer(msgspec.Struct, frozen=True, kw_only=True):
    """One carrier's price for one service."""

    carrier_id: UUID
    carrier_code: str
    service: str
    price: Money
