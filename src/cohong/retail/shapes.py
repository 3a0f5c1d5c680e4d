"""What goes in and out of retail's door: frozen values."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from cohong.kernel.errors import Refusal
from cohong.kernel.money import Money
from cohong.logistics.api import Address
from cohong.orders.api import Channel, DeliveryKind, InvoiceTerms, PaymentTerms


@dataclass(frozen=True, slots=True)
class CartItem:
    """How many of a SKU shall be in the cart; none takes it out."""

    sku_id: UUID
    quantity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptLine:
    """A line as whoever keeps the cart knows it; `agreed_price` is the price of one sale unit that was last agreed to.

    Those who are not signed in keep their own cart; `price` looks at it, and `merge` takes it over once they have signed in.
    """

    sku_id: UUID
    quantity: int
    agreed_price: Money
    added_at: datetime
    picked: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class LineView:
    """A line as it stands now. `problem` says why it cannot be ordered as it is; then there may be no price.

    `agreed_price` is the price that was last agreed to. `available` is what can be had of it now. `picked`: it shall be in the
    next checkout.
    """

    sku_id: UUID
    listing_id: UUID | None
    seller_id: UUID | None
    title: str
    sku_code: str
    unit: str
    quantity: int
    unit_price: Money | None
    agreed_price: Money
    available: int
    weight_grams: int
    added_at: datetime
    problem: Refusal | None = None
    picked: bool = True

    @property
    def goods(self) -> Money | None:
        """What the line costs now."""
        return None if self.unit_price is None else self.unit_price * self.quantity

    @property
    def price_changed(self) -> bool:
        """Tell whether the price is another than the one that was agreed to."""
        return self.unit_price is not None and self.unit_price != self.agreed_price


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryOffer:
    """One way in which a parcel can come, and what it costs.

    `carrier_id` None on a shipment: the seller brings the goods or arranges it, as the freight notes say.
    """

    kind: DeliveryKind
    carrier_id: UUID | None
    carrier_name: str
    carrier_name_en: str
    service: str
    price: Money


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """What becomes one order: the lines of one seller in one currency, the cheapest delivery first."""

    seller_id: UUID
    currency: str
    lines: tuple[LineView, ...]
    goods: Money
    weight_grams: int
    offers: tuple[DeliveryOffer, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class CartView:
    """A cart as it stands now: parcels in the order in which their first line came in, and what belongs to none."""

    parcels: tuple[Parcel, ...]
    unpriced: tuple[LineView, ...]

    @property
    def lines(self) -> tuple[LineView, ...]:
        """All lines."""
        return (*(line for parcel in self.parcels for line in parcel.lines), *self.unpriced)

    @property
    def goods(self) -> tuple[Money, ...]:
        """What the goods cost, one sum for each currency."""
        sums: dict[str, Money] = {}
        for parcel in self.parcels:
            sums[parcel.currency] = sums.get(parcel.currency, Money.zero(parcel.currency)) + parcel.goods
        return tuple(sums[currency] for currency in sorted(sums))

    @property
    def ready(self) -> bool:
        """Tell whether it could be checked out as it is."""
        return bool(self.parcels) and not any(line.problem or line.price_changed for line in self.lines)


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryChoice:
    """How the goods of one seller in one currency shall come."""

    seller_id: UUID
    currency: str
    kind: DeliveryKind = DeliveryKind.SHIPMENT
    carrier_id: UUID | None = None
    service: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckoutWish:
    """What a buyer says at the till. `id` makes the checkout happen once.

    `sku_ids` are the lines that are ordered, the others stay in the cart; None orders all of it. A parcel without a choice
    comes the cheapest way to the address, or is picked up if there is none. `notes` are words to single sellers, `note` is for
    the rest. `expected` are the totals that the buyer was shown, one for each currency; None leaves them unchecked.
    """

    id: UUID
    address: Address | None = None
    delivery: tuple[DeliveryChoice, ...] = ()
    payment: PaymentTerms = field(default_factory=PaymentTerms)
    note: str = ""
    expected: tuple[Money, ...] | None = None
    sku_ids: tuple[UUID, ...] | None = None
    notes: tuple[tuple[UUID, str], ...] = ()
    invoice: InvoiceTerms | None = None
    channel: Channel | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedLine:
    """A line that approval was asked for, at the price of that time."""

    sku_id: UUID
    listing_id: UUID | None
    title: str
    sku_code: str
    unit: str
    quantity: int
    unit_price: Money

    @property
    def goods(self) -> Money:
        """What the line would have cost."""
        return self.unit_price * self.quantity


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedParcel:
    """What would become one order: its lines and the delivery that was chosen, at the prices of that time."""

    seller_id: UUID
    currency: str
    lines: tuple[AskedLine, ...]
    kind: DeliveryKind
    carrier_id: UUID | None
    carrier_name: str
    service: str
    freight: Money

    @property
    def total(self) -> Money:
        """What the order would have come to."""
        total = self.freight
        for line in self.lines:
            total += line.goods
        return total


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """One of the orders of a checkout."""

    order_id: UUID
    number: str
    seller_id: UUID
    total: Money


@dataclass(frozen=True, slots=True)
class CheckedOut:
    """The orders that a cart became, in the order of its parcels."""

    id: UUID
    orders: tuple[PlacedOrder, ...]
