"""The values that go in and out of the catalog's door."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec
from django.utils.translation import get_language

from cohong.kernel.money import Money
from cohong.parties.api import Names

Value = str | int | bool
"""What an attribute may hold; a decimal number is its text."""


# --- categories and units --------------------------------------------------------------------------------


class AttributeKind(StrEnum):
    """What values an attribute takes."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    CHOICE = "choice"
    BOOLEAN = "boolean"


class Label:
    """A name in three languages as a parameter of a refusal: whoever reads it reads it in their language."""

    __slots__ = ("names",)

    def __init__(self, names: Names) -> None:
        self.names = names

    def __str__(self) -> str:
        return self.names.shown(get_language() or "en")

    def __repr__(self) -> str:
        return repr(self.names.en)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Label) and self.names == other.names

    def __hash__(self) -> int:
        return hash(self.names)


class Option(msgspec.Struct, frozen=True):
    """One value that a choice attribute may take."""

    code: str
    names: Names


class Attribute(msgspec.Struct, frozen=True, kw_only=True):
    """One property of a category's goods; `by_sku` says that it varies between the SKUs of one listing."""

    code: str
    names: Names
    kind: AttributeKind
    unit: Names | None = None
    required: bool = False
    by_sku: bool = False
    options: tuple[Option, ...] = ()


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """A category of an industry with its attribute schema. Listings stand in categories without children."""

    code: str
    industry_code: str
    names: Names
    attributes: tuple[Attribute, ...] = ()
    parent_code: str | None = None


class Unit(msgspec.Struct, frozen=True):
    """A sale unit: quantities are whole numbers of it."""

    code: str
    names: Names


# --- what a seller hands in ------------------------------------------------------------------------------


class Tier(msgspec.Struct, frozen=True):
    """The price of one sale unit, in minor units, when at least `min_quantity` are taken."""

    min_quantity: int
    unit_price_minor: int


class SkuDraft(msgspec.Struct, frozen=True):
    """One form of the goods as its seller describes it.

    `max_order` is where the prices end: beyond it a quantity is refused. An `id` makes the SKU under that id.
    """

    code: str
    attributes: dict[str, Value]
    tiers: tuple[Tier, ...] | list[Tier]
    min_order: int = 1
    multiple: int = 1
    weight_grams: int = 0
    max_order: int | None = None
    id: UUID | None = None


class ListingDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A listing as its seller describes it.

    `key` is the seller's own name for it, unique among theirs (empty: none). With an `id`, the listing is
    made under that id, once: making it again returns what is there.
    """

    category_code: str
    title: str
    currency: str
    unit: str
    skus: tuple[SkuDraft, ...] | list[SkuDraft]
    title_en: str = ""
    description: str = ""
    attributes: dict[str, Value] = {}
    market_id: UUID | None = None
    freight_note: str = ""
    key: str = ""
    id: UUID | None = None


class ListingIds(msgspec.Struct, frozen=True):
    """What was made of a draft; the SKUs are in the draft's order."""

    listing_id: UUID
    sku_ids: tuple[UUID, ...]


class StockItem(msgspec.Struct, frozen=True):
    """Goods received or written off. The same `reference` is booked once."""

    sku_id: UUID
    location_id: UUID
    quantity: int
    reason: str
    reference: UUID


class StockCount(msgspec.Struct, frozen=True):
    """How many sale units of a SKU were counted at a location. The same `reference` counts once."""

    sku_id: UUID
    location_id: UUID
    counted: int
    reason: str
    reference: UUID


class StockMove(msgspec.Struct, frozen=True):
    """Goods that go from one location to another. The same `reference` moves once."""

    sku_id: UUID
    from_location: UUID
    to_location: UUID
    quantity: int
    reason: str
    reference: UUID


class LowStock(msgspec.Struct, frozen=True):
    """At how many available sale units of a SKU, or fewer, its seller is told; None: never."""

    sku_id: UUID
    level: int | None


# --- quotes ----------------------------------------------------------------------------------------------


class QuoteItem(msgspec.Struct, frozen=True):
    """How many of a SKU someone thinks of taking."""

    sku_id: UUID
    quantity: int


class Quote(msgspec.Struct, frozen=True):
    """What that many would cost each; `weight_grams` is of one sale unit."""

    sku_id: UUID
    listing_id: UUID
    seller_id: UUID
    title: str
    sku_code: str
    unit: str
    quantity: int
    unit_price: Money
    weight_grams: int


# --- stock steps for orders ------------------------------------------------------------------------------


class ReserveLine(msgspec.Struct, frozen=True):
    """An order line's wish for goods."""

    line_id: UUID
    sku_id: UUID
    quantity: int


class ReserveOrder(msgspec.Struct, frozen=True):
    """An order's lines: all of them are reserved, or none."""

    order_id: UUID
    lines: tuple[ReserveLine, ...]


class Reserved(msgspec.Struct, frozen=True):
    """Goods kept for a line at one location; a line that was split has several."""

    line_id: UUID
    sku_id: UUID
    listing_id: UUID
    seller_id: UUID
    location_id: UUID
    quantity: int


class DispatchLine(msgspec.Struct, frozen=True):
    """Reserved goods of a line that leave."""

    line_id: UUID
    quantity: int
    reference: UUID


class TakeBack(msgspec.Struct, frozen=True):
    """Shipped goods of a line that came back."""

    line_id: UUID
    sku_id: UUID
    quantity: int
    reference: UUID


# --- what is read ----------------------------------------------------------------------------------------


class PictureView(msgspec.Struct, frozen=True):
    """A picture with the addresses of its two sizes."""

    id: UUID
    digest: str
    url: str
    thumbnail_url: str
    width: int
    height: int


class SkuView(msgspec.Struct, frozen=True):
    """A SKU as it is offered."""

    id: UUID
    listing_id: UUID
    seller_id: UUID
    code: str
    title: str
    attributes: dict[str, Value]
    unit: str
    currency: str
    tiers: tuple[Tier, ...]
    min_order: int
    multiple: int
    max_order: int | None
    weight_grams: int
    retired: bool


class ListingView(msgspec.Struct, frozen=True):
    """A listing whole."""

    id: UUID
    seller_id: UUID
    key: str
    category_code: str
    industry_code: str
    market_id: UUID | None
    region_code: str
    title: str
    title_en: str
    description: str
    attributes: dict[str, Value]
    unit: str
    freight_note: str
    price_from: Money
    price_to: Money
    state: str
    held: bool
    revision: int
    created_at: datetime
    changed_at: datetime
    published_at: datetime | None
    skus: tuple[SkuView, ...]
    pictures: tuple[PictureView, ...]

    @property
    def offered(self) -> bool:
        """Tell whether it can be ordered: published, and no hold stands."""
        return self.state == "published" and not self.held


class ListingCard(msgspec.Struct, frozen=True):
    """A listing in a list."""

    id: UUID
    seller_id: UUID
    category_code: str
    industry_code: str
    market_id: UUID | None
    region_code: str
    title: str
    title_en: str
    unit: str
    price_from: Money
    price_to: Money
    min_order: int
    available: int
    state: str
    held: bool
    published_at: datetime | None
    picture: PictureView | None


class LocationView(msgspec.Struct, frozen=True):
    """A place where a party keeps goods."""

    id: UUID
    party_id: UUID
    name: str
    region_code: str
    is_open: bool = True


class LocationStock(msgspec.Struct, frozen=True):
    """A SKU's goods at one location."""

    location_id: UUID
    location_name: str
    region_code: str
    on_hand: int
    reserved: int

    @property
    def available(self) -> int:
        """How many can still be promised."""
        return self.on_hand - self.reserved


class StockView(msgspec.Struct, frozen=True):
    """A SKU's goods everywhere."""

    sku_id: UUID
    on_hand: int
    reserved: int
    locations: tuple[LocationStock, ...]

    @property
    def available(self) -> int:
        """How many can still be promised."""
        return self.on_hand - self.reserved


class MovementView(msgspec.Struct, frozen=True):
    """One change of stock."""

    reference: UUID
    kind: str
    sku_id: UUID
    location_id: UUID
    quantity: int
    line_id: UUID | None
    reason: str
    made_at: datetime


class HoldView(msgspec.Struct, frozen=True):
    """A hold on a listing, standing or lifted."""

    id: UUID
    listing_id: UUID
    reason: str
    placed_by: UUID
    placed_at: datetime
    lifted_at: datetime | None
    lift_reason: str
    mandate: str = ""
