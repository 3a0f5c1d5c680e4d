"""Retail's tables. Carts are scratch paper: their lines come and go, and only a checkout leaves anything behind."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q

from cohong.catalog.api import MAX_QUANTITY
from cohong.kernel.models import append_only


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
