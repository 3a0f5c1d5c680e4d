"""The door of logistics: carriers and freight, consigning, tracking, pick-up."""

from cohong.logistics.carrying import define_carrier, define_tariff
from cohong.logistics.consigning import consign
from cohong.logistics.models import BOOKING, SHIPMENT, BookingState, EventKind, Service, ShipmentState
from cohong.logistics.pick_up import collect, try_collect
from cohong.logistics.selectors import (
    carriers,
    deliveries,
    events_of,
    freight,
    freight_offers,
    shipments,
    shipments_of,
    track,
    undelivered,
)
from cohong.logistics.structs import (
    Address,
    CarrierView,
    Collected,
    Consigned,
    Consignment,
    DeliveryView,
    EventView,
    FreightItem,
    FreightOffer,
    Package,
    PublicTracking,
    Recorded,
    ShipmentView,
    TariffRow,
    TrackingEvent,
)
from cohong.logistics.tracking import record_events

__all__ = [
    "BOOKING",
    "SHIPMENT",
    "Address",
    "BookingState",
    "CarrierView",
    "Collected",
    "Consigned",
    "Consignment",
    "DeliveryView",
    "EventKind",
    "EventView",
    "FreightItem",
    "FreightOffer",
    "Package",
    "PublicTracking",
    "Recorded",
    "Service",
    "ShipmentState",
    "ShipmentView",
    "TariffRow",
    "TrackingEvent",
    "carriers",
    "collect",
    "consign",
    "define_carrier",
    "define_tariff",
    "deliveries",
    "events_of",
    "freight",
    "freight_offers",
    "record_events",
    "shipments",
    "shipments_of",
    "track",
    "try_collect",
    "undelivered",
]
