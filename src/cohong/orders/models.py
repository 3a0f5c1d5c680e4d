"""Orders' tables. An order and all that hangs on it is reached by the order's id; other modules' things are named by id.

The parties, the listing and the shipment are plain ids, not foreign keys: a key would lock the seller's row for every
order placed with it, and would tie tables together that may one day lie on different machines.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from cohong.kernel.ids import new_id
from cohong.kernel.privacy import EncryptedTextField
from cohong.orders.states import (
    DISPUTE_LIFE,
    OPEN_DISPUTE,
    ORDER_LIFE,
    RETURN_LIFE,
    DisputeKind,
    DisputeState,
    MessageSide,
    OrderState,
    ReturnState,
)
from cohong.orders.terms import DeliveryKind, InvoiceKind, PaymentKind


class Order(models.Model):
    """The agreed trade.

    Money, in minor units of the order's currency: what was agreed (`total`, of which `deposit` is due first), what came into
    escrow (`paid`), what went back to the buyer (`refunded`, of which `refunded_late` after settlement), what left
    escrow for the seller (`settled`, of which `fee` to the platform).
    What escrow holds is paid - settled - (refunded - refunded_late).
    """

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=16, unique=True)
    way = models.CharField(max_length=24)
    buyer_id = models.UUIDField()
    seller_id = models.UUIDField()
    market_id = models.UUIDField(null=True)
    state = models.CharField(max_length=16, choices=OrderState)
    currency = models.CharField(max_length=3)
    goods_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    deposit_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)
    refunded_late_minor = models.BigIntegerField(default=0)
    settled_minor = models.BigIntegerField(default=0)
    fee_minor = models.BigIntegerField(default=0)
    fee_returned_minor = models.BigIntegerField(default=0)
    payment = models.CharField(max_length=16)
    delivery = models.CharField(max_length=16)
    pay_hours = models.PositiveIntegerField()
    accept_days = models.PositiveSmallIntegerField()
    carrier_id = models.UUIDField(null=True)
    service = models.CharField(max_length=24, default="")
    address_sealed = EncryptedTextField(default="")
    # Where the goods go, no finer than the order's document tells: what a seller sorts its parcels by.
    region_code = models.CharField(max_length=40, default="")
    note = EncryptedTextField(default="")
    placed_by = models.UUIDField(null=True)  # the user; None for a token, and for the platform
    hold_count = models.PositiveSmallIntegerField(default=0)
    open_returns = models.PositiveSmallIntegerField(default=0)
    last_document = models.UUIDField()
    placed_at = models.DateTimeField()
    pay_by = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    accept_by = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "orders_order"
        indexes = [
            models.Index(fields=["buyer_id", "-id"], name="order_by_buyer"),
            models.Index(fields=["seller_id", "-id"], name="order_by_seller"),
            models.Index(
                fields=["pay_by"], name="order_to_lapse", condition=Q(state__in=["placed", "deposited"])
            ),
            models.Index(fields=["accept_by"], name="order_to_accept", condition=Q(state="shipped")),
            models.Index(fields=["id"], name="order_to_settle", condition=Q(state="accepted")),
            models.Index(
                fields=["seller_id", "id"],
                name="order_to_ship",
                condition=Q(state__in=["ready", "part_shipped"]),
            ),
        ]
        constraints = [
            ORDER_LIFE.check_constraint("order_state_known"),
            models.CheckConstraint(
                name="order_sums_add_up",
                condition=Q(total_minor=F("goods_minor") + F("freight_minor") - F("discount_minor"))
                & Q(goods_minor__gte=0, freight_minor__gte=0, discount_minor__gte=0, total_minor__gte=0),
            ),
            models.CheckConstraint(
                name="order_money_in_bounds",
                condition=Q(deposit_minor__gte=0, deposit_minor__lte=F("total_minor"))
                & Q(paid_minor__gte=0, paid_minor__lte=F("total_minor"))
                & Q(refunded_minor__gte=0, refunded_minor__lte=F("paid_minor"))
                & Q(refunded_late_minor__gte=0, refunded_late_minor__lte=F("settled_minor"))
                & Q(fee_minor__gte=0, fee_minor__lte=F("settled_minor"))
                & Q(fee_returned_minor__gte=0, fee_returned_minor__lte=F("fee_minor"))
                & Q(settled_minor__gte=0)
                & Q(settled_minor__lte=F("paid_minor") - F("refunded_minor") + F("refunded_late_minor")),
            ),
            models.CheckConstraint(name="order_has_two_parties", condition=~Q(buyer_id=F("seller_id"))),
            models.CheckConstraint(
                name="order_goods_go_when_due",
                condition=~Q(
                    state__in=["ready", "part_shipped", "shipped"], payment__in=["prepaid", "deposit"]
                )
                | Q(paid_minor=F("total_minor")),
            ),
            models.CheckConstraint(
                name="order_accepted_is_paid",
                condition=~Q(state__in=["accepted", "settled"]) | Q(paid_minor=F("total_minor")),
            ),
        ]


class OrderLine(models.Model):
    """One agreed line and its share of the order's sums."""

    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    sku_id = models.UUIDField()
    title = models.CharField(max_length=300)
    quantity = models.BigIntegerField()
    unit_price_minor = models.BigIntegerField()
    goods_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    shipped = models.BigIntegerField(default=0)
    dropped = models.BigIntegerField(default=0)  # what never will be shipped
    returned = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)

    class Meta:
        db_table = "orders_line"
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="line_position_once"),
            models.CheckConstraint(
                name="line_sums_add_up",
                condition=Q(total_minor=F("goods_minor") + F("freight_minor") - F("discount_minor"))
                & Q(goods_minor__gte=0, freight_minor__gte=0, discount_minor__gte=0, total_minor__gte=0),
            ),
            models.CheckConstraint(
                name="line_quantities_in_bounds",
                condition=Q(quantity__gt=0, shipped__gte=0, dropped__gte=0)
                & Q(shipped__lte=F("quantity") - F("dropped"))
                & Q(returned__gte=0, returned__lte=F("shipped")),
            ),
            models.CheckConstraint(
                name="line_refund_in_bounds",
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("goods_minor") + F("freight_minor")),
            ),
        ]


class OrderHold(models.Model):
    """A reasoned stop placed from above: while it stands, the order's money and life stand still."""

    id = models.UUIDField(primary_key=True, default=new_id)
    order = models.ForeignKey(Order, models.PROTECT, related_name="holds")
    placed_by = models.UUIDField()
    reason = models.TextField()
    placed_at = models.DateTimeField()
    lifted_by = models.UUIDField(null=True)
    lifted_reason = models.TextField(default="")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "orders_hold"
        indexes = [
            models.Index(fields=["id"], condition=Q(lifted_at=None), name="order_hold_by_age"),
        ]


class Invoice(models.Model):
    """The invoice (发票) that a buyer asked for with an order, and what its seller recorded of it.

    `sealed` is to whom it is made out, encrypted. There is no row for an order without one.
    """

    order = models.OneToOneField(Order, models.PROTECT, primary_key=True, related_name="+")
    kind = models.CharField(max_length=16)
    sealed = EncryptedTextField()
    number = models.CharField(max_length=40, default="")
    issued_on = models.DateField(null=True)
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "orders_invoice"
        constraints = [
            models.CheckConstraint(
                name="invoice_kind_known", condition=Q(kind__in=[kind.value for kind in InvoiceKind])
            ),
            models.CheckConstraint(
                name="invoice_recorded_whole",
                condition=Q(number="", issued_on__isnull=True, recorded_at__isnull=True)
                | (~Q(number="") & Q(issued_on__isnull=False, recorded_at__isnull=False)),
            ),
        ]


class InvoiceProfile(models.Model):
    """To whom a party had invoices made out before, so that nobody types it twice. `content` is a keyed digest of it."""

    id = models.UUIDField(primary_key=True)
    party_id = models.UUIDField()
    kind = models.CharField(max_length=16)
    sealed = EncryptedTextField()
    content = models.CharField(max_length=64)
    used_at = models.DateTimeField()

    class Meta:
        db_table = "orders_invoice_profile"
        indexes = [models.Index(fields=["party_id", "-used_at"], name="profile_by_party")]
        constraints = [
            models.UniqueConstraint(fields=["party_id", "content"], name="profile_once"),
            models.CheckConstraint(
                name="profile_kind_known", condition=Q(kind__in=[kind.value for kind in InvoiceKind])
            ),
        ]


class PurchaseLimit(models.Model):
    """Up to how much a party's buyers may order without being asked, for each order in this currency."""

    pk = models.CompositePrimaryKey("party_id", "currency")
    party_id = models.UUIDField()
    currency = models.CharField(max_length=3)
    limit_minor = models.BigIntegerField()
    set_by = models.UUIDField(null=True)
    set_at = models.DateTimeField()

    class Meta:
        db_table = "orders_purchase_limit"
        constraints = [
            models.CheckConstraint(name="purchase_limit_not_negative", condition=Q(limit_minor__gte=0))
        ]


class Return(models.Model):
    """What a buyer sends back, or wants money back for."""

    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="returns")
    number = models.CharField(max_length=16, unique=True)
    state = models.CharField(max_length=16, choices=ReturnState)
    goods_back = models.BooleanField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.TextField(default="")
    decision = models.TextField(default="")
    requested_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "orders_return"
        indexes = [
            models.Index(fields=["order", "id"], name="return_by_order"),
            models.Index(fields=["-id"], name="return_by_age"),
        ]
        constraints = [
            RETURN_LIFE.check_constraint("return_state_known"),
            models.CheckConstraint(name="return_amount_not_negative", condition=Q(amount_minor__gte=0)),
        ]


class ReturnLine(models.Model):
    """What comes back of one line."""

    id = models.UUIDField(primary_key=True)
    of = models.ForeignKey(Return, models.PROTECT, related_name="lines", db_column="return_id")
    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="+")
    quantity = models.BigIntegerField()
    amount_minor = models.BigIntegerField()

    class Meta:
        db_table = "orders_return_line"
        constraints = [
            models.UniqueConstraint(fields=["of", "line"], name="return_line_once"),
            models.CheckConstraint(
                name="return_line_is_something",
                condition=Q(quantity__gte=0, amount_minor__gte=0)
                & (Q(quantity__gt=0) | Q(amount_minor__gt=0)),
            ),
        ]


class Dispute(models.Model):
    """What a buyer complains of, what the seller answers, and how it ends. It holds the order while it is open.

    `claimed`, `offered` (by one side, for the other to agree to) and `refunded` are in minor units of the order's currency.
    """

    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="disputes")
    number = models.CharField(max_length=16, unique=True)
    state = models.CharField(max_length=16, choices=DisputeState)
    kind = models.CharField(max_length=24, choices=DisputeKind)
    hold = models.OneToOneField(OrderHold, models.PROTECT, related_name="+")
    buyer_id = models.UUIDField()
    seller_id = models.UUIDField()
    currency = models.CharField(max_length=3)
    claimed_minor = models.BigIntegerField()
    offered_minor = models.BigIntegerField(null=True)
    offered_by = models.UUIDField(null=True)
    refunded_minor = models.BigIntegerField(default=0)
    text = EncryptedTextField()
    answer = EncryptedTextField(default="")
    decision = models.TextField(default="")
    decided_by = models.UUIDField(null=True)
    raised_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "orders_dispute"
        indexes = [
            models.Index(fields=["order", "id"], name="dispute_by_order"),
            models.Index(fields=["state", "-id"], name="dispute_by_state"),
            models.Index(fields=["seller_id", "-id"], name="dispute_by_seller"),
            models.Index(fields=["buyer_id", "-id"], name="dispute_by_buyer"),
        ]
        constraints = [
            DISPUTE_LIFE.check_constraint("dispute_state_known"),
            models.CheckConstraint(name="dispute_kind_known", condition=Q(kind__in=list(DisputeKind.values))),
            models.UniqueConstraint(
                fields=["order"], name="dispute_one_open", condition=Q(state__in=OPEN_DISPUTE)
            ),
            models.CheckConstraint(
                name="dispute_sums_in_bounds",
                condition=Q(claimed_minor__gt=0, refunded_minor__gte=0)
                & (
                    Q(offered_minor__isnull=True, offered_by__isnull=True)
                    | Q(offered_minor__gt=0, offered_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="dispute_ends_once",
                condition=Q(state__in=OPEN_DISPUTE, ended_at__isnull=True, refunded_minor=0)
                | Q(state="withdrawn", ended_at__isnull=False, refunded_minor=0)
                | Q(state="settled", ended_at__isnull=False, refunded_minor=F("offered_minor"))
                | (Q(state="decided", ended_at__isnull=False, decided_by__isnull=False) & ~Q(decision="")),
            ),
            models.CheckConstraint(
                name="dispute_answered_is_dated",
                condition=~Q(state="answered") | Q(answered_at__isnull=False),
            ),
        ]


class Thread(models.Model):
    """What is said on one order, counted: who has read how far, and who is to answer.

    Messages are numbered from 1 under the order's lock. `unread` of a side are others' messages past what it has read;
    `awaits` is the side that the other side's last word is to. `moved` is new with each message, for lists in that order.
    """

    order = models.OneToOneField(Order, models.PROTECT, primary_key=True, related_name="thread")
    buyer_id = models.UUIDField()
    seller_id = models.UUIDField()
    messages = models.PositiveIntegerField()
    buyer_read = models.PositiveIntegerField()
    seller_read = models.PositiveIntegerField()
    buyer_unread = models.PositiveIntegerField()
    seller_unread = models.PositiveIntegerField()
    awaits = models.CharField(max_length=8)
    moved = models.UUIDField(unique=True)
    moved_at = models.DateTimeField()

    class Meta:
        db_table = "orders_thread"
        indexes = [
            models.Index(fields=["buyer_id", "-moved"], name="thread_by_buyer"),
            models.Index(fields=["seller_id", "-moved"], name="thread_by_seller"),
            models.Index(fields=["seller_id"], name="thread_to_answer", condition=Q(awaits="seller")),
        ]
        constraints = [
            models.CheckConstraint(
                name="thread_counts_in_bounds",
                condition=Q(messages__gt=0, buyer_read__lte=F("messages"), seller_read__lte=F("messages"))
                & Q(buyer_unread__lte=F("messages") - F("buyer_read"))
                & Q(seller_unread__lte=F("messages") - F("seller_read")),
            ),
            models.CheckConstraint(
                name="thread_awaits_a_side", condition=Q(awaits__in=["", "buyer", "seller"])
            ),
        ]


class Message(models.Model):
    """One message. Its text may hold personal data: encrypted; its digest is in the document that says it was sent."""

    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="messages")
    number = models.PositiveIntegerField()
    side = models.CharField(max_length=12, choices=MessageSide)
    party_id = models.UUIDField()
    user_id = models.UUIDField(null=True)
    text = EncryptedTextField()
    sent_at = models.DateTimeField()

    class Meta:
        db_table = "orders_message"
        indexes = [models.Index(fields=["party_id", "sent_at"], name="message_by_party")]
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="message_number_once"),
            models.CheckConstraint(
                name="message_side_known", condition=Q(side__in=list(MessageSide.values), number__gt=0)
            ),
        ]


class MessagePicture(models.Model):
    """A picture in a message, drawn anew by the catalog and encrypted: no file, so nobody reads it past `orders`."""

    id = models.UUIDField(primary_key=True)
    message = models.ForeignKey(Message, models.PROTECT, related_name="pictures")
    position = models.PositiveSmallIntegerField()
    large = EncryptedTextField()  # base64 of WebP
    small = EncryptedTextField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        db_table = "orders_message_picture"
        constraints = [
            models.UniqueConstraint(fields=["message", "position"], name="message_picture_place_once"),
            models.CheckConstraint(name="message_pictures_few", condition=Q(position__lt=4)),
        ]


class OfferedTerms(models.Model):
    """On which terms a seller lets buyers order by themselves; a seller without a row takes payment in advance only."""

    seller_id = models.UUIDField(primary_key=True)
    payments = ArrayField(models.CharField(max_length=16))
    deliveries = ArrayField(models.CharField(max_length=16))
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "orders_offered_terms"
        constraints = [
            models.CheckConstraint(
                name="offered_terms_leave_a_way",
                condition=Q(payments__len__gt=0, deliveries__len__gt=0)
                & Q(payments__contained_by=[kind.value for kind in PaymentKind])
                & Q(deliveries__contained_by=[kind.value for kind in DeliveryKind]),
            )
        ]
