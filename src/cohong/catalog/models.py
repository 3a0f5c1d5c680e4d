"""The catalog's tables.

Parties, markets and regions are kept as plain ids: they live one door away. Reservations and movements hang
on the order line or the reference that made them and carry no foreign key to the stock row that they change,
so that no constraint spans two keys and a COPY into them locks nothing else; the audit checks what a foreign
key would.
"""

from typing import Final

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cohong.kernel.ids import new_id
from cohong.kernel.models import append_only
from cohong.kernel.states import StateMachine

MAX_QUANTITY: Final = 10**12
"""The most sale units that one line, receipt or limit may name."""

MAX_ON_HAND: Final = 10**15
"""The most sale units of one SKU that may lie at one location."""


class ListingState(models.TextChoices):
    """How far a listing is offered. Holds come on top and are counted apart."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


LISTING_STATES: Final = StateMachine(
    ListingState,
    initial=ListingState.DRAFT,
    transitions={
        ListingState.DRAFT: {
            "change": ListingState.DRAFT,
            "publish": ListingState.PUBLISHED,
            "withdraw": ListingState.WITHDRAWN,
        },
        ListingState.PUBLISHED: {
            "change": ListingState.PUBLISHED,
            "withdraw": ListingState.WITHDRAWN,
        },
        ListingState.WITHDRAWN: {
            "change": ListingState.WITHDRAWN,
            "publish": ListingState.PUBLISHED,
        },
    },
)


class MovementKind(models.TextChoices):
    """Why the number of goods at a location changed."""

    RECEIPT = "receipt", _("Receipt")
    WRITE_OFF = "write_off", _("Write-off")
    SHIPMENT = "shipment", _("Shipment")
    RETURN = "return", _("Return")
    COUNT = "count", _("Stock count")
    MOVE = "move", _("Move between locations")


class ImportState(models.TextChoices):
    """How far an import of a file is."""

    CHECKED = "checked", _("Checked")
    RUNNING = "running", _("Running")
    DONE = "done", pgettext_lazy("import", "Done")


IMPORT_STATES: Final = StateMachine(
    ImportState,
    initial=ImportState.CHECKED,
    transitions={
        ImportState.CHECKED: {"start": ImportState.RUNNING},
        ImportState.RUNNING: {"finish": ImportState.DONE},
    },
)


class Unit(models.Model):
    """A sale unit: quantities are whole numbers of it."""

    code = models.CharField(max_length=32, primary_key=True)
    name_zh_hans = models.CharField(max_length=60)
    name_zh_hant = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)

    class Meta:
        db_table = "catalog_unit"


class Category(models.Model):
    """A node of an industry's tree of categories; `attributes` is its schema (`shapes.Attribute`)."""

    code = models.CharField(max_length=64, primary_key=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    industry_code = models.CharField(max_length=64, db_index=True)
    name_zh_hans = models.CharField(max_length=100)
    name_zh_hant = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    attributes = models.JSONField(default=list)

    class Meta:
        db_table = "catalog_category"
        constraints = [CheckConstraint(name="category_is_not_its_own_parent", condition=~Q(parent=F("code")))]


class Listing(models.Model):
    """What a seller offers.

    `price_from_minor` and `price_to_minor` span the tiers of its SKUs, `open_holds` counts the holds that
    stand; both are kept here so that lists and quotes need not look further.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    seller_id = models.UUIDField()
    # The seller's own name for it, e.g. the key that groups an import file's rows; empty if there is none.
    key = models.CharField(max_length=64, default="")
    category = models.ForeignKey(Category, on_delete=models.PROTECT)
    market_id = models.UUIDField(null=True)
    region_code = models.CharField(max_length=32, default="")
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, default="")
    description = models.TextField(default="")
    currency = models.CharField(max_length=3)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT)
    attributes = models.JSONField(default=dict)
    freight_note = models.CharField(max_length=500, default="")
    price_from_minor = models.BigIntegerField()
    price_to_minor = models.BigIntegerField()
    state = models.CharField(max_length=16, default=ListingState.DRAFT)
    open_holds = models.IntegerField(default=0)
    revision = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_document = models.UUIDField(null=True)

    class Meta:
        db_table = "catalog_listing"
        indexes = [
            models.Index(fields=["seller_id", "id"], name="listing_by_seller"),
            models.Index(fields=["category", "state"], name="listing_by_category"),
            models.Index(
                fields=["category", "currency", "price_from_minor"],
                name="listing_offered_by_price",
                condition=Q(state=ListingState.PUBLISHED, open_holds=0),
            ),
            models.Index(
                fields=["market_id"], name="listing_by_market", condition=Q(market_id__isnull=False)
            ),
            models.Index(
                F("published_at").desc(),
                F("id").desc(),
                name="listing_newest_offered",
                condition=Q(state=ListingState.PUBLISHED, open_holds=0),
            ),
            models.Index(
                fields=["currency", "price_from_minor", "id"],
                name="listing_cheapest_offered",
                condition=Q(state=ListingState.PUBLISHED, open_holds=0),
            ),
        ]
        constraints = [
            LISTING_STATES.check_constraint("listing_state_is_known"),
            CheckConstraint(name="listing_holds_not_negative", condition=Q(open_holds__gte=0)),
            CheckConstraint(
                name="listing_price_span",
                condition=Q(price_from_minor__gt=0, price_to_minor__gte=F("price_from_minor")),
            ),
            CheckConstraint(
                name="listing_published_has_its_document",
                condition=~Q(state=ListingState.PUBLISHED)
                | Q(published_at__isnull=False, published_document__isnull=False),
            ),
            UniqueConstraint(
                fields=["seller_id", "key"], name="listing_key_is_the_sellers_own", condition=~Q(key="")
            ),
        ]


class Sku(models.Model):
    """One form in which a listing can be ordered.

    Never deleted, as orders name it: a dropped one is `retired`. Its seller is told when no more than `low_stock` sale
    units are available; `low_since` is when that was last found, and empty while there is enough.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="skus")
    position = models.SmallIntegerField()
    code = models.CharField(max_length=64)
    attributes = models.JSONField(default=dict)
    min_order = models.BigIntegerField(default=1)
    multiple = models.BigIntegerField(default=1)
    max_order = models.BigIntegerField(null=True)
    weight_grams = models.BigIntegerField(default=0)
    retired = models.BooleanField(default=False)
    low_stock = models.BigIntegerField(null=True)
    low_since = models.DateTimeField(null=True)

    class Meta:
        db_table = "catalog_sku"
        indexes = [
            models.Index(fields=["id"], name="sku_watched", condition=Q(low_stock__isnull=False)),
        ]
        constraints = [
            CheckConstraint(
                name="sku_low_stock_in_bounds",
                condition=Q(low_stock__isnull=True) | Q(low_stock__gte=0, low_stock__lte=MAX_QUANTITY),
            ),
            UniqueConstraint(fields=["listing", "code"], name="sku_code_is_its_own"),
            CheckConstraint(
                name="sku_order_limits",
                condition=Q(min_order__gte=1, multiple__gte=1, min_order__lte=MAX_QUANTITY)
                & (Q(max_order__isnull=True) | Q(max_order__gte=F("min_order"), max_order__lte=MAX_QUANTITY)),
            ),
            CheckConstraint(name="sku_weight_not_negative", condition=Q(weight_grams__gte=0)),
        ]


class PriceTier(models.Model):
    """The price of one sale unit when at least `min_quantity` are taken, up to the next tier."""

    pk = models.CompositePrimaryKey("sku_id", "min_quantity")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="tiers")
    min_quantity = models.BigIntegerField()
    unit_price_minor = models.BigIntegerField()

    class Meta:
        db_table = "catalog_price_tier"
        constraints = [
            CheckConstraint(name="tier_from_one", condition=Q(min_quantity__gte=1)),
            CheckConstraint(name="tier_price_positive", condition=Q(unit_price_minor__gt=0)),
        ]


class Picture(models.Model):
    """A picture of a listing; the file is named by the SHA-256 of its content."""

    id = models.UUIDField(primary_key=True, default=new_id)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="pictures")
    position = models.SmallIntegerField()
    digest = models.CharField(max_length=64)
    width = models.IntegerField()
    height = models.IntegerField()

    class Meta:
        db_table = "catalog_picture"
        constraints = [
            UniqueConstraint(fields=["listing", "digest"], name="picture_once_per_listing"),
            CheckConstraint(name="picture_has_a_size", condition=Q(width__gt=0, height__gt=0)),
            CheckConstraint(name="picture_digest_is_one", condition=Q(digest__regex=r"^[0-9a-f]{64}$")),
        ]


class Hold(models.Model):
    """A reasoned stop placed on a listing from above; it stands until it is lifted."""

    id = models.UUIDField(primary_key=True, default=new_id)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=500)
    mandate = models.CharField(max_length=32)
    placed_by = models.UUIDField()
    placed_by_user = models.UUIDField(null=True)
    placed_at = models.DateTimeField()
    placed_document = models.UUIDField()
    lifted_by = models.UUIDField(null=True)
    lifted_by_user = models.UUIDField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lift_reason = models.CharField(max_length=500, default="")

    class Meta:
        db_table = "catalog_hold"
        indexes = [models.Index(fields=["id"], condition=Q(lifted_at=None), name="hold_by_age")]
        constraints = [
            CheckConstraint(name="hold_has_a_reason", condition=~Q(reason="")),
            CheckConstraint(
                name="hold_is_lifted_whole",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lift_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason="")),
            ),
        ]


class Location(models.Model):
    """A place where a party keeps goods: a warehouse, a shop. A closed one keeps its history and takes nothing in.

    Only what a buyer sends back still comes there, as it comes back to where it left from.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    party_id = models.UUIDField()
    name = models.CharField(max_length=100)
    region_code = models.CharField(max_length=32)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "catalog_location"
        constraints = [UniqueConstraint(fields=["party_id", "name"], name="location_name_is_the_partys_own")]


class Stock(models.Model):
    """How many sale units of a SKU lie at a location, and how many of these are kept for order lines.

    This row is the lock of all that happens to these goods: reservations and movements change only under it.
    """

    pk = models.CompositePrimaryKey("sku_id", "location_id")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT)
    location = models.ForeignKey(Location, on_delete=models.PROTECT)
    on_hand = models.BigIntegerField(default=0, db_default=0)
    reserved = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "catalog_stock"
        constraints = [
            CheckConstraint(
                name="stock_is_never_oversold",
                condition=Q(reserved__gte=0, reserved__lte=F("on_hand"), on_hand__lte=MAX_ON_HAND),
            )
        ]


class Reservation(models.Model):
    """Goods at one location kept for an order line: still open is `quantity - shipped - released`."""

    pk = models.CompositePrimaryKey("line_id", "location_id")
    line_id = models.UUIDField()
    location_id = models.UUIDField()
    order_id = models.UUIDField()
    sku_id = models.UUIDField()
    quantity = models.BigIntegerField()
    shipped = models.BigIntegerField(default=0, db_default=0)
    released = models.BigIntegerField(default=0, db_default=0)
    returned = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "catalog_reservation"
        constraints = [
            CheckConstraint(
                name="reservation_is_used_once",
                condition=Q(
                    quantity__gt=0,
                    shipped__gte=0,
                    released__gte=0,
                    quantity__gte=F("shipped") + F("released"),
                    returned__gte=0,
                    returned__lte=F("shipped"),
                ),
            )
        ]


class StockMovement(models.Model):
    """One change of what lies at a location, signed.

    `part` counts the locations that one reference reached.
    """

    pk = models.CompositePrimaryKey("reference", "part")
    reference = models.UUIDField()
    part = models.SmallIntegerField()
    kind = models.CharField(max_length=16)
    sku_id = models.UUIDField()
    location_id = models.UUIDField()
    quantity = models.BigIntegerField()
    line_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=200, default="", db_default="")
    by_party = models.UUIDField(null=True)
    by_user = models.UUIDField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "catalog_stock_movement"
        indexes = [
            models.Index(fields=["sku_id", "made_at"], name="movement_by_sku"),
            # What sold since search last asked: rows lie in the order of their time, so this costs next to nothing.
            BrinIndex(fields=["made_at"], name="movement_by_time"),
        ]
        constraints = [
            CheckConstraint(
                name="movement_has_its_sign",
                condition=Q(kind__in=[MovementKind.RECEIPT, MovementKind.RETURN], quantity__gt=0)
                | Q(kind__in=[MovementKind.WRITE_OFF, MovementKind.SHIPMENT], quantity__lt=0)
                | (Q(kind__in=[MovementKind.COUNT, MovementKind.MOVE]) & ~Q(quantity=0)),
            ),
            CheckConstraint(
                name="movement_of_a_line_names_it",
                condition=Q(kind__in=[MovementKind.SHIPMENT, MovementKind.RETURN], line_id__isnull=False)
                | Q(
                    kind__in=[
                        MovementKind.RECEIPT,
                        MovementKind.WRITE_OFF,
                        MovementKind.COUNT,
                        MovementKind.MOVE,
                    ],
                    line_id__isnull=True,
                ),
            ),
        ]
        triggers = [append_only("movement_is_append_only")]


class Import(models.Model):
    """A file of listings that was checked, and what has been made of it so far.

    `plan` are the drafts that the check found good, in the order in which they are made; `made` counts how many of them
    were tried, so that a run that was cut off goes on where it stood. `errors` are shown as they were found, in each
    language.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    seller_id = models.UUIDField()
    by_user = models.UUIDField(null=True)
    filename = models.CharField(max_length=200)
    publish = models.BooleanField()
    update = models.BooleanField()
    state = models.CharField(max_length=16, default=ImportState.CHECKED)
    rows = models.IntegerField()
    plan = models.JSONField(default=list)
    made = models.IntegerField(default=0)
    created = models.JSONField(default=list)
    changed = models.JSONField(default=list)
    errors = models.JSONField(default=list)
    checked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "catalog_import"
        indexes = [models.Index(fields=["seller_id", "-id"], name="import_by_seller")]
        constraints = [
            IMPORT_STATES.check_constraint("import_state_is_known"),
            CheckConstraint(
                name="import_ends_when_done",
                condition=Q(state=ImportState.DONE, ended_at__isnull=False)
                | (~Q(state=ImportState.DONE) & Q(ended_at__isnull=True)),
            ),
        ]
