"""The documents that the catalog issues."""

from typing import Any, ClassVar
from uuid import UUID

import msgspec

from cohong.catalog.shapes import ListingView, Tier, Value
from cohong.kernel.documents import Body, document


class PublishedSku(msgspec.Struct, frozen=True, kw_only=True):
    """A SKU as it is offered; prices are minor units of the listing's currency."""

    id: UUID
    code: str
    attributes: dict[str, Value]
    tiers: list[Tier]
    min_order: int
    multiple: int
    max_order: int | None
    weight_grams: int


@document("catalog.published")
class Published(Body, frozen=True, kw_only=True):
    """A listing is on offer with this content. It replaces what was published of it before.

    It carries the whole public content, so that whoever follows the journal needs nothing else. `pictures`
    are the SHA-256 of the files, in order.
    """

    public: ClassVar[bool] = True

    listing_id: UUID
    seller_id: UUID
    revision: int
    category_code: str
    industry_code: str
    market_id: UUID | None
    region_code: str
    title: str
    title_en: str
    description: str
    attributes: dict[str, Value]
    unit: str
    currency: str
    freight_note: str
    skus: list[PublishedSku]
    pictures: list[str]


@document("catalog.withdrawn")
class Withdrawn(Body, frozen=True, kw_only=True):
    """A listing is no longer on offer, because its seller says so."""

    public: ClassVar[bool] = True

    listing_id: UUID
    seller_id: UUID


@document("catalog.held")
class Held(Body, frozen=True, kw_only=True):
    """An authority has stopped a listing: it cannot be ordered, whatever its state."""

    hold_id: UUID
    listing_id: UUID
    seller_id: UUID
    mandate: str
    reason: str


@document("catalog.hold_lifted")
class HoldLifted(Body, frozen=True, kw_only=True):
    """A hold stands no longer. The listing is free once `open_holds` is 0."""

    hold_id: UUID
    listing_id: UUID
    seller_id: UUID
    reason: str
    open_holds: int


@document("catalog.stock_received")
class StockReceived(Body, frozen=True, kw_only=True):
    """Goods came to a location, other than back from a buyer. Quantities are sale units of the SKU."""

    sku_id: UUID
    listing_id: UUID
    location_id: UUID
    quantity: int
    reason: str
    reference: UUID


@document("catalog.stock_written_off")
class StockWrittenOff(Body, frozen=True, kw_only=True):
    """Goods left a location other than by a shipment: broken, lost, counted anew."""

    sku_id: UUID
    listing_id: UUID
    location_id: UUID
    quantity: int
    reason: str
    reference: UUID


@document("catalog.stock_counted")
class StockCounted(Body, frozen=True, kw_only=True):
    """The goods of a SKU at a location were counted; `difference` is how many more there were than the books said."""

    sku_id: UUID
    listing_id: UUID
    location_id: UUID
    counted: int
    difference: int
    reason: str
    reference: UUID


@document("catalog.stock_moved")
class StockMoved(Body, frozen=True, kw_only=True):
    """Goods went from one location of their seller's to another. Quantities are sale units of the SKU."""

    sku_id: UUID
    listing_id: UUID
    from_location: UUID
    to_location: UUID
    quantity: int
    reason: str
    reference: UUID


@document("catalog.stock_low")
class StockLow(Body, frozen=True, kw_only=True):
    """Of a SKU on offer, no more is available than the level at which its seller wants to be told."""

    sku_id: UUID
    listing_id: UUID
    seller_id: UUID
    title: str
    code: str
    available: int
    level: int


def published(view: ListingView) -> Published:
    """State what a listing offers; its retired SKUs are not offered."""
    copied: dict[str, Any] = {
        name: getattr(view, name)
        for name in (
            *("seller_id", "revision", "category_code", "industry_code", "market_id", "region_code", "title"),
            *("title_en", "description", "attributes", "unit", "freight_note"),
        )
    }
    return Published(
        **copied,
        listing_id=view.id,
        currency=view.price_from.currency,
        skus=[
            PublishedSku(
                id=sku.id,
                code=sku.code,
                attributes=sku.attributes,
                tiers=list(sku.tiers),
                min_order=sku.min_order,
                multiple=sku.multiple,
                max_order=sku.max_order,
                weight_grams=sku.weight_grams,
            )
            for sku in view.skus
            if not sku.retired
        ],
        pictures=[picture.digest for picture in view.pictures],
    )
