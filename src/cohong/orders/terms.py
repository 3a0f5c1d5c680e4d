"""What parties agree on when they come to a deal, and what each act takes: frozen values, no rows.

Every hot act takes many of its items at once, each with its own actor, so that calls which arrive together can share
a transaction; each item gets its own outcome.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from cohong.kernel.money import Money
from cohong.logistics.api import Address
from cohong.parties.api import Actor


class PaymentKind(StrEnum):
    """When the money is due."""

    PREPAID = "prepaid"  # all of it into escrow before anything is shipped
    DEPOSIT = "deposit"  # a deposit first, the balance before shipping
    ON_DELIVERY = "on_delivery"  # into escrow when the goods are there, before they are accepted


class DeliveryKind(StrEnum):
    """How the goods get to the buyer."""

    SHIPMENT = "shipment"
    PICK_UP = "pick_up"


class Channel(StrEnum):
    """Through what an order came in: pages on a computer or on a phone, or a company's own system."""

    WEB = "web"
    MOBILE = "mobile"
    SYSTEM = "system"


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentTerms:
    """When the money is due. `hours` is how long a due payment is waited for before the order lapses.

    None: as long as the platform lets it (`parameters.PAY_HOURS`).
    """

    kind: PaymentKind = PaymentKind.PREPAID
    deposit_minor: int = 0
    hours: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryTerms:
    """How the goods get there: `service` is what was bought of the carrier (express, part load, …), empty for its usual one.

    An order nobody answers is accepted by itself `accept_days` after its goods arrived. None: as the platform lets it
    (`parameters.ACCEPT_DAYS`).
    """

    kind: DeliveryKind = DeliveryKind.SHIPMENT
    address: Address | None = None
    carrier_id: UUID | None = None
    service: str = ""
    accept_days: int | None = None


class InvoiceKind(StrEnum):
    """Which invoice (发票) the buyer wants."""

    PERSONAL = "personal"  # to a person: a name, nothing more
    ORDINARY = "ordinary"  # to an organisation, by its tax number
    SPECIAL = "special"  # to an organisation that deducts the tax: with its address, phone and bank as well


@dataclass(frozen=True, kw_only=True, slots=True)
class InvoiceTerms:
    """To whom the invoice is made out (抬头). Personal data, encrypted at rest; its `repr` shows the kind alone."""

    kind: InvoiceKind
    title: str = field(default="", repr=False)
    tax_number: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    bank: str = field(default="", repr=False)
    account: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreedLine:
    """One agreed line. `goods_minor` is what its goods cost in all; None means quantity times unit price.

    It is given where a price was agreed finer than the currency's smallest unit, or for the lot.
    """

    line_id: UUID
    sku_id: UUID
    title: str
    quantity: int
    unit_price_minor: int
    goods_minor: int | None = None

    @property
    def goods(self) -> int:
        """What the line's goods cost in all, in minor units."""
        return self.quantity * self.unit_price_minor if self.goods_minor is None else self.goods_minor


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceOrder:
    """A deal that two parties came to, by whatever way of trade (`way`: retail, tender, …).

    `id` is the caller's and makes the order at most once. Freight and discount are the order's; they are split over its lines.
    `approved_by` is who approved, in person, an order above the buyer's own purchase limit; the module that asks for the order
    answers for having asked them. `channel` is told to whoever counts trade, and changes nothing; None where nobody knows.
    """

    actor: Actor
    id: UUID
    buyer_id: UUID
    seller_id: UUID
    way: str
    currency: str
    lines: tuple[AgreedLine, ...]
    market_id: UUID | None = None
    freight_minor: int = 0
    discount_minor: int = 0
    payment: PaymentTerms = field(default_factory=PaymentTerms)
    delivery: DeliveryTerms = field(default_factory=DeliveryTerms)
    note: str = ""
    invoice: InvoiceTerms | None = None
    approved_by: Actor | None = None
    channel: Channel | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """The order as it was placed."""

    order_id: UUID
    number: str
    total: Money


@dataclass(frozen=True, kw_only=True, slots=True)
class PayOrder:
    """Pay what is due: from money already paid in for this order, and `from_balance` the rest from the buyer's balance."""

    actor: Actor
    order_id: UUID
    from_balance: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class ShipOrder:
    """Hand goods over. `lines` names quantities by line id; None is all that is still to go."""

    actor: Actor
    order_id: UUID
    shipment_id: UUID
    carrier_id: UUID | None = None
    lines: tuple[tuple[UUID, int], ...] | None = None
    weight_grams: int = 0


@dataclass(frozen=True, slots=True)
class Shipped:
    """A shipment as it left: people read its number; the buyer shows the code at the counter (pick-up only)."""

    order_id: UUID
    shipment_id: UUID
    waybill_number: str
    pick_up_code: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OnOrder:
    """An act that needs to know no more than on which order: accept, settle, cancel, lapse."""

    actor: Actor
    order_id: UUID
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReturnedLine:
    """What comes back of one line: a quantity, and the money for it. None is the share that was paid for that quantity."""

    line_id: UUID
    quantity: int
    amount_minor: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestReturn:
    """Ask for money back, with the goods or (`goods_back` False) without. `id` makes it at most once."""

    actor: Actor
    id: UUID
    order_id: UUID
    lines: tuple[ReturnedLine, ...]
    goods_back: bool = True
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class OnReturn:
    """An act on one return: approve, reject, withdraw, receive, refund."""

    actor: Actor
    return_id: UUID
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SendMessage:
    """Write on an order: a text, pictures (JPEG, PNG, WebP as they were chosen), or both. `id` makes it at most once."""

    actor: Actor
    id: UUID
    order_id: UUID
    text: str
    pictures: tuple[bytes, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class RaiseDispute:
    """Stop an order's money and say why: `kind` is one of DisputeKind. `id` makes it at most once."""

    actor: Actor
    id: UUID
    order_id: UUID
    kind: str
    text: str
    claimed_minor: int


@dataclass(frozen=True, kw_only=True, slots=True)
class OnDispute:
    """An act on one dispute; `text` is the answer, or the reason of the decision."""

    actor: Actor
    dispute_id: UUID
    text: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordInvoice:
    """The seller's word that the invoice was issued: its number, and the day that stands on it."""

    actor: Actor
    order_id: UUID
    number: str
    issued_on: date
