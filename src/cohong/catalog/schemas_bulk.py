"""The forms of acts on many goods at once over HTTP: prices, counts, moves, imports, holds."""

from datetime import datetime
from typing import Self
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictBool, StrictInt

from cohong.catalog import api as catalog
from cohong.catalog.schemas import MAX_ITEMS, ProblemOut, Short
from cohong.kernel.errors import Refusal


class PriceRuleIn(Schema):
    """What is done to each unit price: `set` and `amount` take `minor`, `percent` takes `basis_points` (hundredths of a percent).

    The new price is rounded to the nearest multiple of `step_minor`, a half upwards; a price that is set is not rounded.
    """

    kind: catalog.PriceChangeKind
    currency: str = Field(max_length=3)
    minor: StrictInt = 0
    basis_points: StrictInt = 0
    step_minor: StrictInt = 1

    def value(self) -> catalog.PriceRule:
        """Return the rule."""
        return catalog.PriceRule(**self.model_dump())


class RepriceIn(Schema):
    """A listing; with a revision, only if it is still at that one."""

    listing_id: UUID
    revision: StrictInt | None = None


class PricesIn(Schema):
    """One rule for many listings; `preview`: only tell what it would make of them."""

    rule: PriceRuleIn
    listings: list[RepriceIn] = Field(min_length=1, max_length=MAX_ITEMS)
    preview: StrictBool = False


class TierOut(Schema):
    """From so many sale units on, one costs so much, in minor units."""

    min_quantity: int
    unit_price_minor: int


class RepricedOut(Schema):
    """The prices of a SKU before and after."""

    sku_id: UUID
    before: list[TierOut]
    after: list[TierOut]


class ListingRepricedOut(Schema):
    """What came, or would come, of a listing: its revision, its prices if they were asked for, or why nothing."""

    listing_id: UUID
    revision: int | None = None
    skus: list[RepricedOut] | None = None
    problem: ProblemOut | None = None


class PricesOut(Schema):
    """What came of each listing, in the order given."""

    items: list[ListingRepricedOut]


class CountIn(Schema):
    """How many sale units of a SKU were counted at a location. The same reference counts once."""

    sku_id: UUID
    location_id: UUID
    counted: StrictInt
    reason: Short = ""
    reference: UUID

    def value(self) -> catalog.StockCount:
        """Return the count."""
        return catalog.StockCount(**self.model_dump())


class CountsIn(Schema):
    """Many at once; each has its own outcome."""

    items: list[CountIn] = Field(min_length=1, max_length=MAX_ITEMS)


class MoveIn(Schema):
    """Goods that go from one location to another. The same reference moves once."""

    sku_id: UUID
    from_location: UUID
    to_location: UUID
    quantity: StrictInt
    reason: Short = ""
    reference: UUID

    def value(self) -> catalog.StockMove:
        """Return the move."""
        return catalog.StockMove(**self.model_dump())


class MovesIn(Schema):
    """Many at once; each has its own outcome."""

    items: list[MoveIn] = Field(min_length=1, max_length=MAX_ITEMS)


class LowStockIn(Schema):
    """At how many available sale units of a SKU, or fewer, its seller is told; null: never."""

    sku_id: UUID
    level: StrictInt | None

    def value(self) -> catalog.LowStock:
        """Return the level."""
        return catalog.LowStock(**self.model_dump())


class LowStocksIn(Schema):
    """Many at once; each has its own outcome."""

    items: list[LowStockIn] = Field(min_length=1, max_length=MAX_ITEMS)


class OutcomeOut(Schema):
    """What came of one item; a count's `difference` is how many more there were than the books said."""

    done: bool
    difference: int | None = None
    problem: ProblemOut | None = None

    @classmethod
    def of(cls, outcome: int | Refusal | None) -> Self:
        """Show an outcome."""
        if isinstance(outcome, Refusal):
            return cls(done=False, problem=ProblemOut.of(outcome))
        return cls(done=True, difference=outcome)


class OutcomesOut(Schema):
    """What came of each item, in the order given."""

    items: list[OutcomeOut]


class ImportRunIn(Schema):
    """How a file is meant: put what is made on offer; let rows with a known key change the listing that has it."""

    publish: bool = False
    update: bool = False


class ImportFlawOut(Schema):
    """What is wrong in a row of the file; row 0 is none in particular."""

    row: int
    column: str
    value: str
    said: str


class ImportRunOut(Schema):
    """An import as it stands. `good` listings can be made of the file, of which `made` were tried by now."""

    id: UUID
    filename: str
    state: str
    publish: bool
    update: bool
    rows: int
    good: int
    made: int
    created: list[UUID]
    changed: list[UUID]
    errors: list[ImportFlawOut]
    checked_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, view: catalog.ImportView) -> Self:
        """Show an import."""
        plain = {name: getattr(view, name) for name in cls.model_fields if name != "errors"}
        errors = [
            ImportFlawOut(row=one.row, column=one.column, value=one.value, said=one.said)
            for one in view.errors
        ]
        return cls(**plain, errors=errors)


class PictureOrderIn(Schema):
    """A listing's pictures, the one that is its face first; those that are not named follow as they stood."""

    picture_ids: list[UUID] = Field(max_length=100)


class HoldsIn(Schema):
    """Listings that are stopped for one reason."""

    listing_ids: list[UUID] = Field(min_length=1, max_length=MAX_ITEMS)
    reason: Short


class ListingHeldOut(Schema):
    """The hold on a listing, or why there is none."""

    listing_id: UUID
    hold_id: UUID | None = None
    problem: ProblemOut | None = None


class HoldsOut(Schema):
    """What came of each listing, in the order given."""

    items: list[ListingHeldOut]
