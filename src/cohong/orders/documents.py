"""The documents that orders issue. Each answers the one before it, so an order's file is a chain."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from cohong.kernel.documents import Body, document
from cohong.kernel.money import Money


class LineOf(Struct, frozen=True, kw_only=True):
    """A line as it was agreed."""

    line_id: UUID
    sku_id: UUID
    title: str
    quantity: int
    unit_price: Money
    goods: Money
    freight: Money
    discount: Money


class QuantityOf(Struct, frozen=True, kw_only=True):
    """So many of a line."""

    line_id: UUID
    quantity: int


class RefundOf(Struct, frozen=True, kw_only=True):
    """So many of a line, and the money for them."""

    line_id: UUID
    quantity: int
    amount: Money


@document("orders.placed")
class OrderPlaced(Body, frozen=True, kw_only=True):
    """A buyer ordered, a seller's goods are reserved. Of the address only the region is told.

    `invoice` is the kind of invoice wanted, empty for none; its title is told for organisations only. `approved_by` is the user
    who approved an order above the buyer's purchase limit.
    """

    number: str
    way: str
    buyer: UUID
    seller: UUID
    market: UUID | None
    lines: list[LineOf]
    goods: Money
    freight: Money
    discount: Money
    total: Money
    payment: str
    deposit: Money
    pay_by: datetime | None
    delivery: str
    region: str
    invoice: str = ""
    invoice_title: str = ""
    approved_by: UUID | None = None
    channel: str = ""


@document("orders.paid")
class OrderPaid(Body, frozen=True, kw_only=True):
    """Money came into the order's escrow: the deposit, or all that was still due."""

    number: str
    buyer: UUID
    seller: UUID
    amount: Money
    paid: Money
    total: Money
    way: str


@document("orders.shipped")
class OrderShipped(Body, frozen=True, kw_only=True):
    """Goods left the seller."""

    number: str
    waybill: str
    carrier: UUID | None
    lines: list[QuantityOf]
    complete: bool


@document("orders.accepted")
class OrderAccepted(Body, frozen=True, kw_only=True):
    """The buyer accepted the goods, or let the time for it pass (`by_itself`)."""

    number: str
    by_itself: bool


@document("orders.settled")
class OrderSettled(Body, frozen=True, kw_only=True):
    """The escrow was paid out to the seller, less the platform's fee."""

    number: str
    way: str
    buyer: UUID
    seller: UUID
    amount: Money
    fee: Money


@document("orders.cancelled")
class OrderCancelled(Body, frozen=True, kw_only=True):
    """The order was called off before anything was shipped; what was paid went back."""

    number: str
    by: UUID
    reason: str
    refunded: Money


@document("orders.lapsed")
class OrderLapsed(Body, frozen=True, kw_only=True):
    """Nobody paid in time; the goods are free again. A deposit is forfeited to the seller."""

    number: str
    forfeited: Money
    fee: Money


@document("orders.return_requested")
class ReturnRequested(Body, frozen=True, kw_only=True):
    """The buyer wants money back."""

    order: str
    number: str
    goods_back: bool
    lines: list[RefundOf]
    amount: Money
    reason: str


@document("orders.return_decided")
class ReturnDecided(Body, frozen=True, kw_only=True):
    """The seller approved or rejected a return, or the buyer withdrew it (`decision`: its new state)."""

    order: str
    number: str
    decision: str
    reason: str


@document("orders.return_received")
class ReturnReceived(Body, frozen=True, kw_only=True):
    """The seller has the goods back."""

    order: str
    number: str
    lines: list[QuantityOf]


@document("orders.refunded")
class OrderRefunded(Body, frozen=True, kw_only=True):
    """Money went back to the buyer: from escrow, or after settlement from the seller and the platform's fee."""

    order: str
    number: str
    way: str
    buyer: UUID
    seller: UUID
    lines: list[RefundOf]
    amount: Money
    from_escrow: Money
    from_seller: Money
    from_fees: Money


@document("orders.held")
class OrderHeld(Body, frozen=True, kw_only=True):
    """An authority stopped the order."""

    number: str
    hold: UUID
    reason: str


@document("orders.hold_lifted")
class OrderHoldLifted(Body, frozen=True, kw_only=True):
    """The stop was lifted."""

    number: str
    hold: UUID
    reason: str


@document("orders.closed_short")
class OrderClosedShort(Body, frozen=True, kw_only=True):
    """What was not shipped never will be: these goods are free again, and `refunded` went back for them."""

    number: str
    by: UUID
    reason: str
    lines: list[QuantityOf]
    refunded: Money


@document("orders.dispute_raised")
class DisputeRaised(Body, frozen=True, kw_only=True):
    """The buyer disputes an order and holds it. What was written stays with the parties; its SHA-256 is told."""

    order: str
    number: str
    dispute: UUID
    complaint: str
    claimed: Money
    text_sha256: str


@document("orders.dispute_answered")
class DisputeAnswered(Body, frozen=True, kw_only=True):
    """The seller answered a dispute; of the answer its SHA-256 is told."""

    order: str
    number: str
    dispute: UUID
    text_sha256: str


@document("orders.dispute_offered")
class DisputeOffered(Body, frozen=True, kw_only=True):
    """One side offered to settle a dispute for a sum that goes back to the buyer."""

    order: str
    number: str
    dispute: UUID
    by: UUID
    amount: Money


@document("orders.dispute_withdrawn")
class DisputeWithdrawn(Body, frozen=True, kw_only=True):
    """The buyer let a dispute go; the order goes on."""

    order: str
    number: str
    dispute: UUID


@document("orders.dispute_settled")
class DisputeSettled(Body, frozen=True, kw_only=True):
    """The parties agreed on a sum that goes back to the buyer; `by` agreed to the other's offer."""

    order: str
    number: str
    dispute: UUID
    by: UUID
    amount: Money


@document("orders.dispute_decided")
class DisputeDecided(Body, frozen=True, kw_only=True):
    """An authority decided a dispute, with a reason: so much goes back to the buyer (nothing: for the seller)."""

    order: str
    number: str
    dispute: UUID
    by: UUID
    amount: Money
    reason: str


@document("orders.invoice_issued")
class InvoiceIssued(Body, frozen=True, kw_only=True):
    """The seller issued the invoice that was wanted; `replaces` is the number that was recorded before, if one was."""

    order: str
    number: str
    invoice: str
    issued_on: date
    total: Money
    replaces: str = ""


@document("orders.purchase_limit_set")
class PurchaseLimitSet(Body, frozen=True, kw_only=True):
    """An owner set up to how much the party's buyers may order without approval; None: without a limit in this currency."""

    currency: str
    limit: Money | None
    set_by: UUID | None


@document("orders.message_sent")
class MessageSent(Body, frozen=True, kw_only=True):
    """A side wrote on an order. What it wrote stays with the parties; the SHA-256 of text and pictures proves it."""

    order: str
    message: UUID
    side: str
    text_sha256: str
    pictures_sha256: list[str]


@document("orders.terms_offered")
class TermsOffered(Body, frozen=True, kw_only=True):
    """A seller said on which terms buyers may order by themselves. It replaces what they said before."""

    public: ClassVar[bool] = True

    seller_id: UUID
    payments: list[str]
    deliveries: list[str]
