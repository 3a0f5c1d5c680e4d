"""The forms of orders over HTTP: what comes in and what goes out."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema

from cohong.kernel.http import MAX_PAGE, MoneyOut
from cohong.orders import api as orders

Count = Annotated[int, Field(strict=True, ge=0)]


# --- what comes in ---------------------------------------------------------------------------------------


class LineIn(Schema):
    """One agreed line; money in minor units. `goods_minor` may name the price of the whole line."""

    sku_id: UUID
    title: str = Field(max_length=300)
    quantity: Count
    unit_price_minor: Count
    goods_minor: Count | None = None


class AddressIn(Schema):
    """Where the goods go."""

    recipient: str = Field(max_length=100)
    phone: str = Field(max_length=40)
    region_code: str = Field(max_length=12)
    street: str = Field(max_length=300)
    postcode: str = Field(default="", max_length=20)


class PaymentIn(Schema):
    """When the money is due."""

    kind: orders.PaymentKind = orders.PaymentKind.PREPAID
    deposit_minor: Count = 0
    hours: Count | None = None


class DeliveryIn(Schema):
    """How the goods get there."""

    kind: orders.DeliveryKind = orders.DeliveryKind.SHIPMENT
    address: AddressIn | None = None
    carrier_id: UUID | None = None
    service: str = Field(default="", max_length=24)
    accept_days: Count | None = None


class InvoiceIn(Schema):
    """To whom the invoice is made out; what its kind does not need may be left out."""

    kind: orders.InvoiceKind
    title: str = Field(max_length=200)
    tax_number: str = Field(default="", max_length=40)
    address: str = Field(default="", max_length=200)
    phone: str = Field(default="", max_length=40)
    bank: str = Field(default="", max_length=100)
    account: str = Field(default="", max_length=50)


class IssuedIn(Schema):
    """The issued invoice: its number, and the day that stands on it."""

    number: str = Field(max_length=40)
    issued_on: date


class OrderIn(Schema):
    """What a buyer orders at a seller's published prices. The token's party is the buyer."""

    seller_id: UUID
    currency: str = Field(max_length=3)
    lines: list[LineIn] = Field(max_length=2_000)
    market_id: UUID | None = None
    freight_minor: Count = 0
    discount_minor: Count = 0
    payment: PaymentIn = PaymentIn()
    delivery: DeliveryIn
    note: str = Field(default="", max_length=2_000)
    invoice: InvoiceIn | None = None


class PayIn(Schema):
    """Pay from the balance, or (False) only from what a provider has brought for this order."""

    from_balance: bool = True


class PaymentWish(Schema):
    """Where the bank's page leads back to."""

    return_url: str = Field(default="", max_length=500)


class QuantityIn(Schema):
    """So many of a line."""

    line_id: UUID
    quantity: Count


class ShipIn(Schema):
    """What leaves; without lines all that is left."""

    carrier_id: UUID | None = None
    lines: list[QuantityIn] | None = Field(default=None, max_length=2_000)
    weight_grams: Count = 0


class ReasonIn(Schema):
    """Why."""

    reason: str = Field(default="", max_length=2_000)


class ReturnedIn(Schema):
    """What comes back of a line; without an amount the share that was paid for it."""

    line_id: UUID
    quantity: Count
    amount_minor: Count | None = None


class ReturnIn(Schema):
    """A return, or (`goods_back` False) only money back."""

    lines: list[ReturnedIn] = Field(max_length=2_000)
    goods_back: bool = True
    reason: str = Field(default="", max_length=2_000)


# --- what goes out ---------------------------------------------------------------------------------------


class LineOut(Schema):
    """A line as it stands."""

    id: UUID
    sku_id: UUID
    title: str
    quantity: int
    unit_price: MoneyOut
    goods: MoneyOut
    freight: MoneyOut
    discount: MoneyOut
    total: MoneyOut
    shipped: int
    dropped: int
    returned: int
    refunded: MoneyOut


class OrderOut(Schema):
    """An order as it stands."""

    id: UUID
    number: str
    way: str
    buyer_id: UUID
    seller_id: UUID
    market_id: UUID | None
    state: str
    goods: MoneyOut
    freight: MoneyOut
    discount: MoneyOut
    total: MoneyOut
    deposit: MoneyOut
    paid: MoneyOut
    refunded: MoneyOut
    settled: MoneyOut
    fee: MoneyOut
    due: MoneyOut
    payment: str
    delivery: str
    is_held: bool
    open_returns: int
    placed_at: datetime
    pay_by: datetime | None
    shipped_at: datetime | None
    accept_by: datetime | None
    ended_at: datetime | None
    lines: list[LineOut]


class InvoiceOut(Schema):
    """The invoice of an order. Without a number it has not been issued yet; `in_clear` False: parts of it are masked."""

    kind: orders.InvoiceKind
    title: str
    tax_number: str
    address: str
    phone: str
    bank: str
    account: str
    in_clear: bool
    number: str
    issued_on: date | None


class PaymentOut(Schema):
    """A payment at the bank; `pay_url` is empty until the bank has answered."""

    id: UUID
    number: str
    state: str
    amount: MoneyOut
    pay_url: str


class ReturnLineOut(Schema):
    """What comes back of a line."""

    line_id: UUID
    quantity: int
    amount: MoneyOut


class ReturnOut(Schema):
    """A return as it stands."""

    id: UUID
    number: str
    order_id: UUID
    state: str
    goods_back: bool
    amount: MoneyOut
    reason: str
    decision: str
    requested_at: datetime
    ended_at: datetime | None
    lines: list[ReturnLineOut]


class DisputeIn(Schema):
    """What the buyer complains of, and how much of the money is claimed back."""

    kind: orders.DisputeKind
    text: str = Field(max_length=2_000)
    claimed_minor: Count


class TextIn(Schema):
    """What a side says."""

    text: str = Field(max_length=2_000)


class SumIn(Schema):
    """A sum that goes back to the buyer."""

    amount_minor: Count


class DecisionIn(Schema):
    """What an authority grants the buyer, and why."""

    refund_minor: Count
    reason: str = Field(max_length=500)


class DisputeOut(Schema):
    """A dispute as it stands. The texts are empty in lists."""

    id: UUID
    number: str
    order_id: UUID
    order_number: str
    state: str
    kind: str
    buyer_id: UUID
    seller_id: UUID
    claimed: MoneyOut
    offered: MoneyOut | None
    offered_by: UUID | None
    refunded: MoneyOut
    escrow: MoneyOut
    decision: str
    decided_by: UUID | None
    raised_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    text: str
    answer: str


class MessageIn(Schema):
    """What is written on an order; pictures as base64 of JPEG, PNG or WebP."""

    text: str = Field(default="", max_length=2_000)
    pictures: list[Annotated[str, Field(max_length=6 << 20)]] = Field(default=[], max_length=4)


class PictureOut(Schema):
    """A picture in a message."""

    id: UUID
    width: int
    height: int


class MessageOut(Schema):
    """A message as it was sent; `is_read`: by the side it was written to."""

    id: UUID
    number: int
    side: str
    party_id: UUID
    text: str
    sent_at: datetime
    is_read: bool
    pictures: list[PictureOut]


class DisputeFilter(Schema):
    """Which disputes: one side's of the acting party, or as an authority all."""

    side: Literal["buyer", "seller", "authority"] = "buyer"
    state: list[orders.DisputeState] = []
    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=MAX_PAGE)


class ShippedOut(Schema):
    """A shipment as it left."""

    order_id: UUID
    shipment_id: UUID
    waybill_number: str


class DocumentOut(Schema):
    """A document of the order's file; its position is null until it is sealed."""

    id: UUID
    kind: str
    version: int
    issuer: UUID
    issued_at: datetime
    digest: str
    position: int | None
    answers: list[UUID]


class OrderFilter(Schema):
    """Which orders: as buyer or seller, in which states; `cursor` continues a list."""

    side: str = Field(default="buyer", pattern="^(buyer|seller)$")
    state: list[orders.OrderState] = []
    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=MAX_PAGE)


class OfferedTermsIn(Schema):
    """On which terms buyers may order by themselves: when to pay, how the goods come."""

    payments: list[orders.PaymentKind] = Field(max_length=16)
    deliveries: list[orders.DeliveryKind] = Field(max_length=16)


class OfferedTermsOut(OfferedTermsIn):
    """The terms that hold; `changed_at` is null for a seller who never said, and offers all."""

    seller_id: UUID
    changed_at: datetime | None


class LimitIn(Schema):
    """Up to how much, in minor units."""

    limit_minor: Count


class InvoiceProfileOut(InvoiceIn):
    """To whom a party had an invoice made out before."""

    id: UUID
