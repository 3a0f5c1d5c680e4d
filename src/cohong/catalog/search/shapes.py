"""The values that searching takes and gives."""

from enum import StrEnum
from uuid import UUID

import msgspec

from cohong.catalog.shapes import ListingCard


class SearchSort(StrEnum):
    """The order of what is found. The two by price keep to one currency."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    SELLING = "selling"
    CHEAPEST = "cheapest"
    DEAREST = "dearest"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What to look for; what is empty is not asked.

    `in_…` and `of_seller` bound everything that is looked at; the others are filters: of one filter any value will do,
    and each filter has to be met. Categories, industries and regions include what lies below them. `options` are written
    `attribute=option` (`yes` and `no` for a boolean), those of one attribute being one filter. Prices are minor units of
    `currency` (without one, the installation's own) and mean the lowest unit price of a listing, both ends included.
    """

    text: str = ""
    in_industry: str = ""
    in_category: str = ""
    in_market: UUID | None = None
    of_seller: UUID | None = None
    categories: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    sellers: tuple[UUID, ...] = ()
    options: tuple[str, ...] = ()
    currency: str = ""
    price_from_minor: int | None = None
    price_to_minor: int | None = None
    sort: SearchSort = SearchSort.RELEVANCE

    @property
    def is_priced(self) -> bool:
        """Tell whether prices are compared, which keeps to one currency."""
        by_price = self.sort in (SearchSort.CHEAPEST, SearchSort.DEAREST)
        return by_price or self.price_from_minor is not None or self.price_to_minor is not None


class Band(msgspec.Struct, frozen=True):
    """A band of prices, in minor units of a currency, both ends included; the last one has no upper end."""

    currency: str
    from_minor: int
    to_minor: int | None
    count: int


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many listings each value of each filter would leave, all the other filters being met.

    A category, industry or region counts what lies below it. Sellers are the most frequent ones and those chosen. `options`
    are counted by attribute where all that is found stands in one category (`category`).
    """

    categories: dict[str, int]
    industries: dict[str, int]
    regions: dict[str, int]
    sellers: dict[UUID, int]
    bands: tuple[Band, ...]
    category: str
    options: dict[str, dict[str, int]]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One page of what is found.

    `exact` of the `total` have the words themselves, and come first. `read_as` says what the words were taken for when
    nothing has them. Without an index there are no `counts`, and only titles are looked at.
    """

    cards: tuple[ListingCard, ...]
    total: int
    exact: int
    page: int
    pages: int
    read_as: str = ""
    currency: str = ""
    counts: Counts | None = None


class Wider(msgspec.Struct, frozen=True, kw_only=True):
    """What would be found if less were asked: fewer words, or one filter less; and where the words lead nearest."""

    texts: tuple[tuple[str, int], ...] = ()
    without: tuple[tuple[str, int], ...] = ()
    categories: tuple[str, ...] = ()


class Suggestion(msgspec.Struct, frozen=True):
    """What somebody who types may mean: words to search for, a category, or a seller; with how many listings it has."""

    kind: str
    text: str = ""
    category: str = ""
    seller_id: UUID | None = None
    count: int = 0
