"""The forms of what goes in and out of the catalog over HTTP. What makes sense is decided by the acts."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictBool, StrictInt, StrictStr

from cohong.catalog import browsing, shapes
from cohong.catalog.imports import ImportReport
from cohong.catalog.models import ListingState
from cohong.kernel.errors import Refusal
from cohong.kernel.http import MAX_PAGE, MoneyOut
from cohong.kernel.money import Money
from cohong.parties.api import Names

MAX_ITEMS = 1_000
_TEXT = 20_000

Short = Annotated[str, Field(max_length=500)]
ValueIn = StrictBool | StrictInt | StrictStr
Value = bool | int | str


def money(amount: Money) -> MoneyOut:
    """Show an amount."""
    return MoneyOut(minor=amount.minor, currency=amount.currency)


class ProblemOut(Schema):
    """Why one item of many was refused; the code never changes."""

    code: str
    title: str
    params: dict[str, Any]

    @classmethod
    def of(cls, refusal: Refusal) -> Self:
        """Show a refusal."""
        params = {
            name: value if isinstance(value, str | int) else str(value)
            for name, value in refusal.params.items()
        }
        return cls(code=refusal.code, title=str(refusal), params=params)


class PageIn(Schema):
    """Which part of a list: the cursor that the part before it gave out, and how many items at most."""

    cursor: str | None = Field(None, max_length=100)
    limit: int = Field(24, ge=1, le=MAX_PAGE)


# --- categories and units --------------------------------------------------------------------------------


class NamesIO(Schema):
    """One name in the three languages."""

    zh_hans: Short
    zh_hant: Short
    en: Short

    @classmethod
    def of(cls, names: Names) -> Self:
        """Show a name."""
        return cls(zh_hans=names.zh_hans, zh_hant=names.zh_hant, en=names.en)

    def value(self) -> Names:
        """Return the name."""
        return Names(self.zh_hans, self.zh_hant, self.en)


class UnitIO(Schema):
    """A sale unit."""

    code: Short
    names: NamesIO


class OptionIO(Schema):
    """One value that a choice attribute may take."""

    code: Short
    names: NamesIO


class AttributeIO(Schema):
    """One property of a category's goods; `by_sku`: it varies between the SKUs of one listing."""

    code: Short
    names: NamesIO
    kind: shapes.AttributeKind
    unit: NamesIO | None = None
    required: bool = False
    by_sku: bool = False
    options: list[OptionIO] = Field(default_factory=list, max_length=500)

    @classmethod
    def of(cls, one: shapes.Attribute) -> Self:
        """Show an attribute."""
        return cls(
            code=one.code,
            names=NamesIO.of(one.names),
            kind=one.kind,
            unit=None if one.unit is None else NamesIO.of(one.unit),
            required=one.required,
            by_sku=one.by_sku,
            options=[OptionIO(code=option.code, names=NamesIO.of(option.names)) for option in one.options],
        )

    def value(self) -> shapes.Attribute:
        """Return the attribute."""
        return shapes.Attribute(
            code=self.code,
            names=self.names.value(),
            kind=self.kind,
            unit=None if self.unit is None else self.unit.value(),
            required=self.required,
            by_sku=self.by_sku,
            options=tuple(shapes.Option(option.code, option.names.value()) for option in self.options),
        )


class CategoryIn(Schema):
    """A category's definition; its code stands in the address."""

    industry_code: Short
    parent_code: Short | None = None
    names: NamesIO
    attributes: list[AttributeIO] = Field(default_factory=list, max_length=100)


class CategoryOut(CategoryIn):
    """A category with its attribute schema."""

    code: str

    @classmethod
    def of(cls, one: shapes.Category) -> Self:
        """Show a category."""
        return cls(
            code=one.code,
            industry_code=one.industry_code,
            parent_code=one.parent_code,
            names=NamesIO.of(one.names),
            attributes=[AttributeIO.of(attribute) for attribute in one.attributes],
        )


# --- drafts ----------------------------------------------------------------------------------------------


class TierIO(Schema):
    """The price of one sale unit, in minor units, when at least `min_quantity` are taken."""

    min_quantity: StrictInt
    unit_price_minor: StrictInt


class SkuIn(Schema):
    """One form of the goods."""

    code: Short
    attributes: dict[str, ValueIn] = Field(default_factory=dict)
    tiers: list[TierIO] = Field(max_length=100)
    min_order: StrictInt = 1
    multiple: StrictInt = 1
    max_order: StrictInt | None = None
    weight_grams: StrictInt = 0


class ListingIn(Schema):
    """A listing as its seller describes it."""

    category_code: Short
    title: Short
    title_en: Short = ""
    description: str = Field("", max_length=_TEXT)
    currency: Short
    unit: Short
    attributes: dict[str, ValueIn] = Field(default_factory=dict)
    skus: list[SkuIn] = Field(max_length=500)
    market_id: UUID | None = None
    freight_note: Short = ""
    key: Short = ""

    def value(self) -> shapes.ListingDraft:
        """Return the draft."""
        own = {name: getattr(self, name) for name in ListingIn.model_fields if name != "skus"}
        skus = [
            shapes.SkuDraft(
                **{name: getattr(sku, name) for name in SkuIn.model_fields if name != "tiers"},
                tiers=[shapes.Tier(tier.min_quantity, tier.unit_price_minor) for tier in sku.tiers],
            )
            for sku in self.skus
        ]
        return shapes.ListingDraft(**own, skus=skus)


class NewListingIn(ListingIn):
    """A new listing, put on offer at once if asked."""

    publish: bool = False


class ChangedListingIn(ListingIn):
    """A listing's new content. With `revision`, it is changed only if nobody else changed it since."""

    revision: StrictInt | None = None


class ListingIdsOut(Schema):
    """What was made: the listing and its SKUs in the order given."""

    listing_id: UUID
    sku_ids: list[UUID]

    @classmethod
    def of(cls, ids: shapes.ListingIds) -> Self:
        """Show the ids."""
        return cls(listing_id=ids.listing_id, sku_ids=list(ids.sku_ids))


class RevisionOut(Schema):
    """The listing's new revision."""

    revision: int


# --- listings --------------------------------------------------------------------------------------------


class BrowseIn(PageIn):
    """What to look for.

    Categories and regions include those below them; prices are minor units of `currency`.
    """

    category: Short = ""
    industry: Short = ""
    region: Short = ""
    market_id: UUID | None = None
    seller_id: UUID | None = None
    text: Short = ""
    currency: Short = ""
    price_from_minor: int | None = Field(None, ge=0, le=2**53)
    price_to_minor: int | None = Field(None, ge=0, le=2**53)
    sort: browsing.Sort = browsing.Sort.NEWEST

    def value(self) -> browsing.Browse:
        """Return the question."""
        fields = {
            name: getattr(self, name) for name in BrowseIn.model_fields if name not in PageIn.model_fields
        }
        return browsing.Browse(**fields)


class OwnListingsIn(PageIn):
    """Which of a seller's listings."""

    state: ListingState | None = None
    text: Short = ""


class PictureOut(Schema):
    """A picture: addresses of its two sizes, pixels of the larger one, SHA-256 of its file."""

    id: UUID
    digest: str
    url: str
    thumbnail_url: str
    width: int
    height: int


class CardOut(Schema):
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
    price_from: MoneyOut
    price_to: MoneyOut
    min_order: int
    available: int
    state: str
    held: bool
    published_at: datetime | None
    picture: PictureOut | None

    @classmethod
    def of(cls, card: shapes.ListingCard) -> Self:
        """Show a card."""
        plain = {name: getattr(card, name) for name in cls.model_fields}
        picture = None if card.picture is None else picture_out(card.picture)
        priced = {"price_from": money(card.price_from), "price_to": money(card.price_to)}
        return cls(**{**plain, **priced, "picture": picture})


class SkuOut(Schema):
    """A SKU as it is offered, and how many of it can be had."""

    id: UUID
    code: str
    attributes: dict[str, Value]
    tiers: list[TierIO]
    min_order: int
    multiple: int
    max_order: int | None
    weight_grams: int
    available: int


class ListingOut(Schema):
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
    currency: str
    freight_note: str
    price_from: MoneyOut
    price_to: MoneyOut
    state: str
    held: bool
    revision: int
    created_at: datetime
    changed_at: datetime
    published_at: datetime | None
    skus: list[SkuOut]
    pictures: list[PictureOut]

    @classmethod
    def of(cls, view: shapes.ListingView, stock: dict[UUID, shapes.StockView]) -> Self:
        """Show a listing."""
        made = ("currency", "price_from", "price_to", "skus", "pictures")
        plain = {name: getattr(view, name) for name in cls.model_fields if name not in made}
        return cls(
            **plain,
            currency=view.price_from.currency,
            price_from=money(view.price_from),
            price_to=money(view.price_to),
            skus=[_sku_out(sku, stock[sku.id].available) for sku in view.skus],
            pictures=[picture_out(picture) for picture in view.pictures],
        )


def _sku_out(sku: shapes.SkuView, available: int) -> SkuOut:
    plain = {name: getattr(sku, name) for name in SkuOut.model_fields if name not in {"tiers", "available"}}
    tiers = [
        TierIO(min_quantity=tier.min_quantity, unit_price_minor=tier.unit_price_minor) for tier in sku.tiers
    ]
    return SkuOut(**plain, tiers=tiers, available=available)


def picture_out(picture: shapes.PictureView) -> PictureOut:
    """Show a picture."""
    return PictureOut(**{name: getattr(picture, name) for name in PictureOut.model_fields})


# --- holds -----------------------------------------------------------------------------------------------


class ReasonIn(Schema):
    """Why a hold is placed or lifted."""

    reason: Short


class HoldIdOut(Schema):
    """The new hold."""

    hold_id: UUID


class HoldOut(Schema):
    """A hold; it stands while `lifted_at` is empty."""

    id: UUID
    listing_id: UUID
    reason: str
    placed_by: UUID
    placed_at: datetime
    lifted_at: datetime | None
    lift_reason: str

    @classmethod
    def of(cls, view: shapes.HoldView) -> Self:
        """Show a hold."""
        return cls(**{name: getattr(view, name) for name in cls.model_fields})


# --- import ----------------------------------------------------------------------------------------------


class ImportIn(Schema):
    """How a file is taken: on offer at once or as drafts; whole, or what is good of it."""

    publish: bool = False
    all_or_nothing: bool = True


class RowErrorOut(Schema):
    """What is wrong in a row (the header is row 1)."""

    row: int
    column: str
    problem: ProblemOut


class ImportOut(Schema):
    """What came of a file."""

    rows: int
    created: int
    listings: list[ListingIdsOut]
    errors: list[RowErrorOut]

    @classmethod
    def of(cls, report: ImportReport) -> Self:
        """Show a report."""
        return cls(
            rows=report.rows,
            created=report.created,
            listings=[ListingIdsOut.of(ids) for ids in report.listings],
            errors=[
                RowErrorOut(row=error.row, column=error.column, problem=ProblemOut.of(error.refusal))
                for error in report.errors
            ],
        )
