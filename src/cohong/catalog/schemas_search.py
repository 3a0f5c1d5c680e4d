"""The forms of searching over HTTP."""

from typing import Self
from uuid import UUID

from ninja import Schema
from pydantic import Field

from cohong.catalog.schemas import CardOut, Short
from cohong.catalog.search import shapes
from cohong.catalog.search.shapes import SearchSort

_MOST: int = 50


class SearchIn(Schema):
    """What to look for; of one filter any of its values will do. Prices are minor units of `currency`.

    `option` is written `attribute=option`, `yes` or `no` for a boolean.
    """

    q: Short = ""
    category: list[Short] = Field([], max_length=_MOST)
    industry: list[Short] = Field([], max_length=_MOST)
    region: list[Short] = Field([], max_length=_MOST)
    seller: list[UUID] = Field([], max_length=_MOST)
    option: list[Short] = Field([], max_length=_MOST)
    market: UUID | None = None
    currency: Short = ""
    price_from_minor: int | None = Field(None, ge=0, le=2**53)
    price_to_minor: int | None = Field(None, ge=0, le=2**53)
    sort: SearchSort = SearchSort.RELEVANCE
    page: int = Field(1, ge=1, le=1_000_000)
    size: int = Field(30, ge=1, le=100)

    def value(self) -> shapes.Asked:
        """Return the question."""
        return shapes.Asked(
            text=self.q,
            categories=tuple(self.category),
            industries=tuple(self.industry),
            regions=tuple(self.region),
            sellers=tuple(self.seller),
            options=tuple(self.option),
            in_market=self.market,
            currency=self.currency,
            price_from_minor=self.price_from_minor,
            price_to_minor=self.price_to_minor,
            sort=self.sort,
        )


class BandOut(Schema):
    """A band of prices in minor units of the currency, both ends included; the last one has no upper end."""

    currency: str
    from_minor: int
    to_minor: int | None
    count: int


class CountsOut(Schema):
    """How many listings each value of each filter would leave, all the other filters being met."""

    categories: dict[str, int]
    industries: dict[str, int]
    regions: dict[str, int]
    sellers: dict[str, int]
    bands: list[BandOut]
    category: str
    options: dict[str, dict[str, int]]

    @classmethod
    def of(cls, counts: shapes.Counts) -> Self:
        """Show counts."""
        return cls(
            categories=counts.categories,
            industries=counts.industries,
            regions=counts.regions,
            sellers={str(seller): count for seller, count in counts.sellers.items()},
            bands=[
                BandOut(
                    currency=band.currency,
                    from_minor=band.from_minor,
                    to_minor=band.to_minor,
                    count=band.count,
                )
                for band in counts.bands
            ],
            category=counts.category,
            options=counts.options,
        )


class FoundOut(Schema):
    """A page of what was found. Without an index there are no counts, and only titles were looked at."""

    items: list[CardOut]
    total: int
    exact: int
    page: int
    pages: int
    read_as: str
    currency: str
    counts: CountsOut | None

    @classmethod
    def of(cls, found: shapes.Found) -> Self:
        """Show a page."""
        return cls(
            items=[CardOut.of(card) for card in found.cards],
            total=found.total,
            exact=found.exact,
            page=found.page,
            pages=found.pages,
            read_as=found.read_as,
            currency=found.currency,
            counts=CountsOut.of(found.counts) if found.counts is not None else None,
        )


class SuggestionOut(Schema):
    """Words to search for (`goods`), a category, or a seller, with how many listings it has."""

    kind: str
    text: str
    category: str
    seller_id: UUID | None
    count: int

    @classmethod
    def of(cls, one: shapes.Suggestion) -> Self:
        """Show a suggestion."""
        return cls(
            kind=one.kind, text=one.text, category=one.category, seller_id=one.seller_id, count=one.count
        )
