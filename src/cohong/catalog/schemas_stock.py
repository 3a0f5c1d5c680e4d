"""The forms of stock and of quotes over HTTP."""

from datetime import datetime
from typing import Self
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictInt

from cohong.catalog import shapes
from cohong.catalog.schemas import MAX_ITEMS, ProblemOut, Short, money
from cohong.kernel.errors import Refusal
from cohong.kernel.http import MoneyOut


class LocationIn(Schema):
    """A place where a party keeps goods."""

    party_id: UUID
    name: Short
    region_code: Short


class LocationOut(LocationIn):
    """A stock location."""

    id: UUID

    @classmethod
    def of(cls, view: shapes.LocationView) -> Self:
        """Show a location."""
        return cls(id=view.id, party_id=view.party_id, name=view.name, region_code=view.region_code)


class StockItemIn(Schema):
    """Goods that came in or are gone. The same reference is booked once."""

    sku_id: UUID
    location_id: UUID
    quantity: StrictInt
    reason: Short = ""
    reference: UUID

    def value(self) -> shapes.StockItem:
        """Return the item."""
        return shapes.StockItem(self.sku_id, self.location_id, self.quantity, self.reason, self.reference)


class StockItemsIn(Schema):
    """Many at once; each has its own outcome."""

    items: list[StockItemIn] = Field(min_length=1, max_length=MAX_ITEMS)


class StockOutcome(Schema):
    """What came of one item."""

    reference: UUID
    booked: bool
    problem: ProblemOut | None


class StockOutcomes(Schema):
    """What came of each item, in the order given."""

    items: list[StockOutcome]


class LocationStockOut(Schema):
    """A SKU's goods at one location."""

    location_id: UUID
    location_name: str
    region_code: str
    on_hand: int
    reserved: int
    available: int


class StockOut(Schema):
    """A SKU's goods everywhere."""

    sku_id: UUID
    on_hand: int
    reserved: int
    available: int
    locations: list[LocationStockOut]

    @classmethod
    def of(cls, view: shapes.StockView) -> Self:
        """Show a stock."""
        return cls(
            sku_id=view.sku_id,
            on_hand=view.on_hand,
            reserved=view.reserved,
            available=view.available,
            locations=[
                LocationStockOut(**{name: getattr(one, name) for name in LocationStockOut.model_fields})
                for one in view.locations
            ],
        )


class MovementOut(Schema):
    """One change of stock; the quantity is signed."""

    reference: UUID
    kind: str
    sku_id: UUID
    location_id: UUID
    quantity: int
    line_id: UUID | None
    reason: str
    made_at: datetime

    @classmethod
    def of(cls, view: shapes.MovementView) -> Self:
        """Show a movement."""
        return cls(**{name: getattr(view, name) for name in cls.model_fields})


class QuoteItemIn(Schema):
    """How many of a SKU someone thinks of taking."""

    sku_id: UUID
    quantity: StrictInt


class QuotesIn(Schema):
    """Many at once; each has its own outcome."""

    items: list[QuoteItemIn] = Field(min_length=1, max_length=MAX_ITEMS)


class QuoteOut(Schema):
    """What that many cost each, or why they cannot be had."""

    sku_id: UUID
    quantity: int
    unit_price: MoneyOut | None = None
    unit: str | None = None
    title: str | None = None
    listing_id: UUID | None = None
    seller_id: UUID | None = None
    problem: ProblemOut | None = None

    @classmethod
    def of(cls, item: shapes.QuoteItem, quote: shapes.Quote | Refusal) -> Self:
        """Show a quote."""
        if isinstance(quote, Refusal):
            return cls(sku_id=item.sku_id, quantity=item.quantity, problem=ProblemOut.of(quote))
        return cls(
            sku_id=quote.sku_id,
            quantity=quote.quantity,
            unit_price=money(quote.unit_price),
            unit=quote.unit,
            title=quote.title,
            listing_id=quote.listing_id,
            seller_id=quote.seller_id,
        )


class QuotesOut(Schema):
    """The quotes, in the order given."""

    items: list[QuoteOut]
