"""Retail's tables: carts and checkouts, reviews, favourites, shop fronts, and what the journal says of how sellers trade.

Carts and favourites are scratch paper: they come and go. Reviews and shop fronts are stated in documents. The tables of
standings (`Traded…`, `SellerDay`, …) are a follower's own: they are emptied and filled again from the journal.
Other modules' things are named by id, without keys.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q

from cohong.catalog.api import MAX_QUANTITY
from cohong.kernel.models import append_only
from cohong.kernel.privacy import EncryptedTextField
from cohong.retail.states import APPROVAL_LIFE, ApprovalState


class CartLine(models.Model):
    """So many of a SKU in a user's cart for a party; the price is the one that was last agreed to, for one sale unit.

    A token has no user; its cart is kept under the party's own id.
    """

    pk = models.CompositePrimaryKey("party_id", "user_id", "sku_id")
    party_id = models.UUIDField()
    user_id = models.UUIDField()
    sku_id = models.UUIDField()
    quantity = models.BigIntegerField()
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    added_at = models.DateTimeField()
    picked = models.BooleanField(default=True, db_default=True)

    class Meta:
        db_table = "retail_cart_line"
        constraints = [
            CheckConstraint(
                name="cart_line_quantity_in_bounds", condition=Q(quantity__gt=0, quantity__lte=MAX_QUANTITY)
            ),
            CheckConstraint(name="cart_line_price_not_negative", condition=Q(price_minor__gte=0)),
        ]


class Checkout(models.Model):
    """A cart that became orders. `asked` is a keyed digest of what was asked, so that a repeat is told from a reuse."""

    id = models.UUIDField(primary_key=True)
    party_id = models.UUIDField()
    user_id = models.UUIDField()
    asked = models.CharField(max_length=128)
    order_ids = ArrayField(models.UUIDField())
    made_at = models.DateTimeField()

    class Meta:
        db_table = "retail_checkout"
        indexes = [models.Index(fields=["party_id", "-id"], name="checkout_by_party")]
        triggers = [append_only("checkout_is_append_only")]


class MergedCart(models.Model):
    """A cart that was filled before its owner signed in and is part of theirs since: it is taken over once."""

    id = models.UUIDField(primary_key=True)
    party_id = models.UUIDField()
    user_id = models.UUIDField()
    merged_at = models.DateTimeField()

    class Meta:
        db_table = "retail_merged_cart"


class Approval(models.Model):
    """A checkout above its party's purchase limit, which somebody else has to approve.

    Its id is that of the checkout it becomes. `asked` is a keyed digest of what was asked; `sealed` is all of it, with the
    prices of that time, encrypted: it holds an address. `document` is the last one issued about it.
    """

    id = models.UUIDField(primary_key=True)
    party_id = models.UUIDField()
    user_id = models.UUIDField()
    state = models.CharField(max_length=12, choices=ApprovalState)
    asked = models.CharField(max_length=128)
    sealed = EncryptedTextField()
    reason = models.TextField()
    decision = models.TextField(default="")
    order_ids = ArrayField(models.UUIDField(), default=list)
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    document = models.UUIDField()

    class Meta:
        db_table = "retail_approval"
        indexes = [
            models.Index(fields=["party_id", "-id"], name="approval_by_party"),
            models.Index(fields=["expires_at"], name="approval_to_expire", condition=Q(state="requested")),
        ]
        constraints = [
            APPROVAL_LIFE.check_constraint("approval_state_known"),
            CheckConstraint(
                name="approval_decided_once",
                condition=Q(state="requested", decided_at__isnull=True)
                | (~Q(state="requested") & Q(decided_at__isnull=False)),
            ),
            CheckConstraint(
                name="approval_becomes_orders",
                condition=Q(state="approved", order_ids__len__gt=0)
                | (~Q(state="approved") & Q(order_ids__len=0)),
            ),
        ]


# --- reviews ---------------------------------------------------------------------------------------------


class Review(models.Model):
    """What a buyer says of an order line that they accepted; `document` is the one it was stated in.

    `quantity` is how many were bought. While `hidden_at` is set an authority keeps it from being shown, for `hidden_reason`.
    """

    id = models.UUIDField(primary_key=True)
    order_id = models.UUIDField()
    line_id = models.UUIDField(unique=True)
    sku_id = models.UUIDField()
    listing_id = models.UUIDField()
    seller_id = models.UUIDField()
    buyer_id = models.UUIDField()
    user_id = models.UUIDField()
    quantity = models.BigIntegerField()
    goods_stars = models.PositiveSmallIntegerField()
    service_stars = models.PositiveSmallIntegerField()
    text = models.TextField()
    has_pictures = models.BooleanField(default=False)
    reviewed_at = models.DateTimeField()
    document = models.UUIDField()
    follow_up = models.TextField(default="")
    followed_at = models.DateTimeField(null=True)
    answer = models.TextField(default="")
    answered_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.UUIDField(null=True)
    hidden_reason = models.TextField(default="")
    hidden_mandate = models.CharField(max_length=24, default="")
    hidden_document = models.UUIDField(null=True)

    class Meta:
        db_table = "retail_review"
        indexes = [
            Index(fields=["listing_id", "-id"], name="review_by_listing"),
            Index(fields=["seller_id", "-id"], name="review_by_seller"),
            Index(fields=["buyer_id", "-id"], name="review_by_buyer"),
            Index(fields=["order_id"], name="review_by_order"),
        ]
        constraints = [
            CheckConstraint(
                name="review_stars_from_one_to_five",
                condition=Q(
                    goods_stars__gte=1, goods_stars__lte=5, service_stars__gte=1, service_stars__lte=5
                ),
            ),
            CheckConstraint(name="review_of_another", condition=~Q(buyer_id=F("seller_id"))),
            CheckConstraint(name="review_of_something", condition=Q(quantity__gt=0)),
            CheckConstraint(
                name="review_follow_up_whole",
                condition=Q(followed_at__isnull=True, follow_up="")
                | (Q(followed_at__isnull=False) & ~Q(follow_up="")),
            ),
            CheckConstraint(
                name="review_answer_whole",
                condition=Q(answered_at__isnull=True, answer="")
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
            ),
            CheckConstraint(
                name="review_hidden_for_a_reason",
                condition=Q(hidden_at__isnull=True, hidden_by__isnull=True, hidden_reason="")
                | (Q(hidden_at__isnull=False, hidden_by__isnull=False) & ~Q(hidden_reason="")),
            ),
        ]


class ReviewPicture(models.Model):
    """A picture that a review shows; its file is kept where listings' pictures are."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="pictures")
    position = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        db_table = "retail_review_picture"
        constraints = [
            models.UniqueConstraint(fields=["review", "position"], name="review_picture_position_once")
        ]


class Rating(models.Model):
    """How a listing or a seller is rated: the shown reviews counted by their stars. Kept by the acts on reviews."""

    id = models.UUIDField(primary_key=True)  # a listing's or a seller's
    one = models.BigIntegerField(default=0)
    two = models.BigIntegerField(default=0)
    three = models.BigIntegerField(default=0)
    four = models.BigIntegerField(default=0)
    five = models.BigIntegerField(default=0)
    service_stars = models.BigIntegerField(default=0)
    with_pictures = models.BigIntegerField(default=0)

    class Meta:
        db_table = "retail_rating"
        constraints = [
            CheckConstraint(
                name="rating_counts_not_negative",
                condition=Q(one__gte=0, two__gte=0, three__gte=0, four__gte=0, five__gte=0)
                & Q(service_stars__gte=F("one") + F("two") + F("three") + F("four") + F("five"))
                & Q(with_pictures__gte=0),
            )
        ]


# --- favourites and shops --------------------------------------------------------------------------------


class Favourite(models.Model):
    """A listing or a seller that a user keeps an eye on for the party they act for."""

    pk = models.CompositePrimaryKey("party_id", "user_id", "thing_id")
    party_id = models.UUIDField()
    user_id = models.UUIDField()
    thing_id = models.UUIDField()
    kind = models.CharField(max_length=8)
    added_at = models.DateTimeField()

    class Meta:
        db_table = "retail_favourite"
        indexes = [Index(fields=["party_id", "user_id", "kind", "-added_at"], name="favourite_by_time")]
        constraints = [
            CheckConstraint(name="favourite_kind_known", condition=Q(kind__in=["listing", "seller"]))
        ]


class Shop(models.Model):
    """A seller's shop front, as its last `retail.shop_changed` states it."""

    seller_id = models.UUIDField(primary_key=True)
    headline = models.CharField(max_length=80, default="")
    headline_en = models.CharField(max_length=120, default="")
    introduction = models.TextField(default="")
    introduction_en = models.TextField(default="")
    notice = models.CharField(max_length=300, default="")
    opening_hours = models.CharField(max_length=200, default="")
    reach = models.CharField(max_length=200, default="")
    banner_digest = models.CharField(max_length=64, default="")
    banner_width = models.PositiveIntegerField(default=0)
    banner_height = models.PositiveIntegerField(default=0)
    listing_ids = ArrayField(models.UUIDField(), default=list)
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    document = models.UUIDField()

    class Meta:
        db_table = "retail_shop"
        constraints = [
            CheckConstraint(
                name="shop_banner_whole",
                condition=Q(banner_digest="", banner_width=0, banner_height=0)
                | (~Q(banner_digest="") & Q(banner_width__gt=0, banner_height__gt=0)),
            )
        ]


# --- standings: a follower's tables ----------------------------------------------------------------------


class TradedOrder(models.Model):
    """What the journal says of an order, as far as standings need it. Times are those of its documents.

    `due_at`: since when it could be shipped. `traded_at`: when it was paid in full. `shipped_at`: when all of it had left.
    """

    order_id = models.UUIDField(primary_key=True)
    seller_id = models.UUIDField()
    buyer_id = models.UUIDField()
    due_at = models.DateTimeField(null=True)
    traded_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    refunded = models.BooleanField(default=False)
    cancelled = models.BooleanField(default=False)

    class Meta:
        db_table = "retail_traded_order"
        indexes = [
            Index(
                fields=["-traded_at", "-order_id"],
                name="traded_by_time",
                condition=Q(traded_at__isnull=False, cancelled=False),
            )
        ]


class TradedLine(models.Model):
    """So many of a listing in an order."""

    pk = models.CompositePrimaryKey("order_id", "position")
    order_id = models.UUIDField()
    position = models.PositiveIntegerField()
    listing_id = models.UUIDField()
    quantity = models.BigIntegerField()

    class Meta:
        db_table = "retail_traded_line"


class ListingDay(models.Model):
    """How much of a listing was sold on a day (UTC), in how many orders: those paid in full and not called off."""

    pk = models.CompositePrimaryKey("listing_id", "day")
    listing_id = models.UUIDField()
    day = models.DateField()
    orders = models.BigIntegerField()
    quantity = models.BigIntegerField()

    class Meta:
        db_table = "retail_listing_day"
        indexes = [Index(fields=["day"], name="listing_day_by_day")]
        constraints = [
            CheckConstraint(name="listing_day_not_negative", condition=Q(orders__gte=0, quantity__gte=0))
        ]


class SellerDay(models.Model):
    """How many of a seller's orders were settled on a day (UTC), and of how many of those money went back."""

    pk = models.CompositePrimaryKey("seller_id", "day")
    seller_id = models.UUIDField()
    day = models.DateField()
    settled = models.BigIntegerField()
    refunded = models.BigIntegerField(default=0)

    class Meta:
        db_table = "retail_seller_day"
        indexes = [Index(fields=["day"], name="seller_day_by_day")]
        constraints = [
            CheckConstraint(
                name="seller_day_counts",
                condition=Q(settled__gt=0, refunded__gte=0, refunded__lte=F("settled")),
            )
        ]


class SellerBuyer(models.Model):
    """When a buyer's last order with a seller was settled."""

    pk = models.CompositePrimaryKey("seller_id", "buyer_id")
    seller_id = models.UUIDField()
    buyer_id = models.UUIDField()
    last_day = models.DateField()

    class Meta:
        db_table = "retail_seller_buyer"


class ShippingHours(models.Model):
    """How many of a seller's orders left on a day (UTC), so many whole hours after they could."""

    pk = models.CompositePrimaryKey("seller_id", "day", "hours")
    seller_id = models.UUIDField()
    day = models.DateField()
    hours = models.PositiveIntegerField()
    orders = models.BigIntegerField()

    class Meta:
        db_table = "retail_shipping_hours"
        constraints = [CheckConstraint(name="shipping_hours_counted", condition=Q(orders__gt=0))]
