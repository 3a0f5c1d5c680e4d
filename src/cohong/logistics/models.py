"""Logistics' tables, and how far a shipment can come.

Shipments name their order, their parties and their carrier by id without a foreign key: a hot row neither
locks nor waits for another key's row. What a foreign key would have promised, the act checks and `audit`
proves.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cohong.kernel.ids import new_id
from cohong.kernel.models import append_only
from cohong.kernel.privacy import EncryptedTextField
from cohong.kernel.states import StateMachine

#: After so many wrong codes goods are not handed over until the consignee asks for a new code.
MOST_WRONG_CODES = 5


class Service(models.TextChoices):
    """What a carrier offers."""

    EXPRESS = "express", _("Express")
    PART_LOAD = "part_load", _("Part load")
    FULL_LOAD = "full_load", _("Full load")
    CITY = "city", _("City delivery")
    COLD_CHAIN = "cold_chain", _("Cold chain")
    CROSS_BORDER = "cross_border", _("Cross-border")


class ShipmentState(models.TextChoices):
    """How far a shipment has come, in this order."""

    CONSIGNED = "consigned", _("Consigned")
    PICKED_UP = "picked_up", _("Picked up by the carrier")
    IN_TRANSIT = "in_transit", _("In transit")
    OUT_FOR_DELIVERY = "out_for_delivery", _("Out for delivery")
    READY = "ready", _("Ready to be collected")
    LOST = "lost", _("Lost")
    RETURNING = "returning", _("On its way back")
    DELIVERED = "delivered", _("Delivered")
    RETURNED = "returned", _("Returned to the shipper")
    COLLECTED = "collected", _("Collected")


class EventKind(models.TextChoices):
    """What a tracking event reports. `COLLECTED` is written by the pick-up alone, never reported."""

    PICKED_UP = "picked_up", _("The carrier has picked up the goods")
    IN_TRANSIT = "in_transit", _("In transit")
    DEPARTED = "departed", _("Departed")
    ARRIVED = "arrived", _("Arrived")
    OUT_FOR_DELIVERY = "out_for_delivery", _("Out for delivery")
    EXCEPTION = "exception", _("Something is in the way")
    ATTEMPT_FAILED = "attempt_failed", _("Delivery was tried in vain")
    READY = "ready", _("Ready to be collected")
    LOST = "lost", _("The goods are lost")
    RETURNING = "returning", _("On the way back to the shipper")
    DELIVERED = "delivered", _("Delivered")
    RETURNED = "returned", _("Returned to the shipper")
    COLLECTED = "collected", _("Collected with the pick-up code")


#: The state that an event proves to have been reached.
REACHES: dict[EventKind, ShipmentState] = {
    EventKind.PICKED_UP: ShipmentState.PICKED_UP,
    EventKind.IN_TRANSIT: ShipmentState.IN_TRANSIT,
    EventKind.EXCEPTION: ShipmentState.IN_TRANSIT,
    EventKind.DEPARTED: ShipmentState.IN_TRANSIT,
    EventKind.ARRIVED: ShipmentState.IN_TRANSIT,
    EventKind.OUT_FOR_DELIVERY: ShipmentState.OUT_FOR_DELIVERY,
    EventKind.ATTEMPT_FAILED: ShipmentState.OUT_FOR_DELIVERY,
    EventKind.READY: ShipmentState.READY,
    EventKind.LOST: ShipmentState.LOST,
    EventKind.RETURNING: ShipmentState.RETURNING,
    EventKind.DELIVERED: ShipmentState.DELIVERED,
    EventKind.RETURNED: ShipmentState.RETURNED,
    EventKind.COLLECTED: ShipmentState.COLLECTED,
}

_ORDER = {state: place for place, state in enumerate(ShipmentState)}


def _reached(state: ShipmentState) -> dict[str, ShipmentState]:
    """Say what each event makes of a state: the further of the two, so that the order of arrival is all one.

    Goods that were lost may yet be delivered, goods said to be delivered may turn out returned; nobody can
    collect what has gone back.
    """
    return {
        kind: max(state, reached, key=_ORDER.__getitem__)
        for kind, reached in REACHES.items()
        if (state, kind) != (ShipmentState.RETURNED, EventKind.COLLECTED)
    }


SHIPMENT = StateMachine(
    ShipmentState,
    initial=ShipmentState.CONSIGNED,
    transitions={state: _reached(state) for state in ShipmentState},
)

_ARRIVED = [ShipmentState.DELIVERED, ShipmentState.RETURNED, ShipmentState.COLLECTED]


class BookingState(models.TextChoices):
    """Whether the carrier's own system knows of the shipment."""

    NONE = "none", _("Not needed")
    WANTED = "wanted", _("To be booked")
    BOOKED = "booked", _("Booked")
    REFUSED = "refused", _("Refused by the carrier")


BOOKING = StateMachine(
    BookingState,
    initial=BookingState.WANTED,
    transitions={
        BookingState.WANTED: {
            "book": BookingState.BOOKED,
            "refuse": BookingState.REFUSED,
            "drop": BookingState.NONE,
        },
        BookingState.REFUSED: {"retry": BookingState.WANTED},
    },
)


class Carrier(models.Model):
    """A party that carries goods; its id is the party's. `connected`: its own system takes bookings."""

    id = models.UUIDField(primary_key=True)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, default="", blank=True)
    services = ArrayField(models.CharField(max_length=20, choices=Service.choices))
    connected = models.BooleanField(default=False)
    defined_at = models.DateTimeField()

    class Meta:
        db_table = "logistics_carrier"
        constraints = [
            models.CheckConstraint(
                name="carrier_services_are_known",
                condition=Q(services__contained_by=list(Service.values)) & Q(services__len__gt=0),
            ),
        ]


class Tariff(models.Model):
    """What a carrier's service costs between two zones: a first weight, and each further step begun.

    A zone is the beginning of a region's code: "" is anywhere, "44" a province, "4401" a city.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    carrier = models.ForeignKey(Carrier, on_delete=models.CASCADE, db_index=False)
    service = models.CharField(max_length=20, choices=Service.choices)
    from_zone = models.CharField(max_length=40, default="", blank=True)
    to_zone = models.CharField(max_length=40, default="", blank=True)
    currency = models.CharField(max_length=3)
    first_grams = models.BigIntegerField()
    first_minor = models.BigIntegerField()
    step_grams = models.BigIntegerField()
    step_minor = models.BigIntegerField()

    class Meta:
        db_table = "logistics_tariff"
        constraints = [
            models.UniqueConstraint(
                name="tariff_one_per_zones", fields=["carrier", "service", "from_zone", "to_zone"]
            ),
            models.CheckConstraint(
                name="tariff_is_sensible",
                condition=Q(first_grams__gt=0, first_minor__gte=0, step_grams__gt=0, step_minor__gte=0),
            ),
            models.CheckConstraint(
                name="tariff_service_is_known", condition=Q(service__in=list(Service.values))
            ),
        ]


class Shipment(models.Model):
    """One consignment under one waybill number (运单).

    `content` is a keyed digest of what was consigned: the same id with other contents is refused by it.
    `carrier_id` is null when the shipper delivers by itself or hands the goods over at its own counter.
    """

    id = models.UUIDField(primary_key=True)
    order_id = models.UUIDField()
    shipper_id = models.UUIDField()
    consignee_id = models.UUIDField()
    carrier_id = models.UUIDField(null=True)
    service = models.CharField(max_length=20, choices=Service.choices, default="", blank=True)
    waybill_number = models.CharField(max_length=16, unique=True)
    carrier_number = models.CharField(max_length=40, default="", blank=True)
    booking = models.CharField(max_length=10, choices=BookingState.choices, default=BookingState.NONE)
    booking_note = models.CharField(max_length=200, default="", blank=True)
    state = models.CharField(max_length=20, choices=ShipmentState.choices, default=ShipmentState.CONSIGNED)
    weight_grams = models.BigIntegerField()
    pick_up = models.BooleanField()
    address = EncryptedTextField(null=True)
    pick_up_code = EncryptedTextField(null=True)
    wrong_codes = models.SmallIntegerField(default=0)
    content = models.CharField(max_length=64)
    consigned_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    known_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField()
    last_document_id = models.UUIDField(null=True)

    class Meta:
        db_table = "logistics_shipment"
        indexes = [
            models.Index(fields=["order_id"], name="shipment_by_order"),
            models.Index(fields=["carrier_id", "id"], name="shipment_by_carrier"),
            # None of these columns changes when a shipment moves on, so an event rewrites no index.
            BrinIndex(fields=["consigned_at"], name="shipment_by_age"),
            models.Index(
                fields=["consigned_at"], name="shipment_to_book", condition=Q(booking=BookingState.WANTED)
            ),
        ]
        constraints = [
            SHIPMENT.check_constraint("shipment_state_is_known"),
            BOOKING.check_constraint("shipment_booking_is_known", "booking"),
            models.CheckConstraint(
                name="shipment_is_delivered_or_collected",
                condition=(Q(pick_up=False) & ~Q(state=ShipmentState.COLLECTED))
                | (Q(pick_up=True) & ~Q(state=ShipmentState.DELIVERED)),
            ),
            models.CheckConstraint(
                name="shipment_delivery_has_its_time",
                condition=Q(delivered_at__isnull=True, known_at__isnull=True)
                & ~Q(state__in=[ShipmentState.DELIVERED, ShipmentState.COLLECTED])
                | Q(delivered_at__isnull=False, known_at__isnull=False, state__in=_ARRIVED),
            ),
            models.CheckConstraint(
                name="shipment_goes_somewhere", condition=Q(pick_up=True) | Q(address__isnull=False)
            ),
            models.CheckConstraint(
                name="shipment_pick_up_has_a_code",
                condition=Q(pick_up=True, pick_up_code__isnull=False)
                | Q(pick_up=False, pick_up_code__isnull=True),
            ),
            models.CheckConstraint(
                name="shipment_wrong_codes_are_limited",
                condition=Q(wrong_codes__gte=0, wrong_codes__lte=MOST_WRONG_CODES),
            ),
            models.CheckConstraint(name="shipment_weight_not_negative", condition=Q(weight_grams__gte=0)),
        ]


class Package(models.Model):
    """One package of a shipment and what is in it: `line_ids[i]` is in it `quantities[i]` times."""

    pk = models.CompositePrimaryKey("shipment_id", "number")
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, db_index=False)
    number = models.SmallIntegerField()
    weight_grams = models.BigIntegerField()
    line_ids = ArrayField(models.UUIDField())
    quantities = ArrayField(models.BigIntegerField())

    class Meta:
        db_table = "logistics_package"
        constraints = [
            models.CheckConstraint(
                name="package_holds_something",
                condition=Q(number__gt=0, weight_grams__gte=0, line_ids__len__gt=0)
                & Q(line_ids__len=F("quantities__len")),
            ),
        ]
        triggers = [append_only("package_is_append_only")]


class TrackingEvent(models.Model):
    """What was reported of a shipment; recorded once per id, never changed.

    `note` is the carrier's free text, which may name people: it is encrypted and not shown in public.
    """

    id = models.UUIDField(primary_key=True)
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, db_index=False)
    kind = models.CharField(max_length=20, choices=EventKind.choices)
    at = models.DateTimeField()
    region_code = models.CharField(max_length=40, default="", blank=True)
    note = EncryptedTextField(null=True)
    recorder_id = models.UUIDField()
    recorded_at = models.DateTimeField()
    document_id = models.UUIDField()

    class Meta:
        db_table = "logistics_tracking_event"
        indexes = [models.Index(fields=["shipment", "at"], name="event_by_shipment")]
        constraints = [
            models.CheckConstraint(name="event_kind_is_known", condition=Q(kind__in=list(EventKind.values))),
        ]
        triggers = [append_only("tracking_event_is_append_only")]


class SavedAddress(models.Model):
    """An address in a party's address book. `content` is a keyed digest of it: the same one is kept once."""

    id = models.UUIDField(primary_key=True)
    party_id = models.UUIDField()
    address = EncryptedTextField()
    content = models.CharField(max_length=64)
    is_default = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "logistics_saved_address"
        indexes = [models.Index(fields=["party_id", "id"], name="saved_address_by_party")]
        constraints = [
            models.UniqueConstraint(fields=["party_id", "content"], name="saved_address_once"),
            models.UniqueConstraint(
                fields=["party_id"], name="saved_address_one_default", condition=Q(is_default=True)
            ),
        ]
