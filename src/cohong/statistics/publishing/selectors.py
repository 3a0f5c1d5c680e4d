"""Reading what was published: as it is, or exactly as any release showed it. What is withheld never leaves here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from cohong.kernel import sets
from cohong.kernel.errors import NotFound
from cohong.statistics.observing.computing import Status
from cohong.statistics.observing.selectors import CODES
from cohong.statistics.periods import Frequency

_LATEST: Final = (
    "select distinct on (indicator, region, industry, market, period) indicator, period, region, industry, market,"
    " case when withheld = '' then value end, status, withheld <> '', release_id from statistics_released_value"
)
_ORDER: Final = " order by indicator, region, industry, market, period, release_id desc"
_RELEASE: Final = (
    "select id, published_at, vintage_id, note, changed, withheld, exposed, document from statistics_release"
)


@dataclass(frozen=True, slots=True)
class PublishedView:
    """A figure as it was published: no value where it is unknown or `withheld`. `release` is the one that it came with."""

    indicator: str
    period: str
    region: str
    industry: str
    market: str
    value: Decimal | None
    status: Status
    withheld: bool
    release: int


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """One release: when, of which vintage, how many figures it changed, and how many of these are withheld.

    `exposed` of those could be worked out from earlier releases all the same: for the office alone.
    """

    id: int
    published_at: datetime
    vintage: int
    note: str
    changed: int
    withheld: int
    exposed: int
    document: UUID


class NoSuchRelease(NotFound):
    """There is no such release."""


def published_series(
    *,
    indicators: Sequence[str],
    frequency: Frequency = Frequency.MONTH,
    region: str = "",
    industry: str = "",
    market: str = "",
    release: int | None = None,
) -> list[PublishedView]:
    """Return published values of indicators by period; as a release showed them, if one is given."""
    found = sets.fetch(
        f"{_LATEST} where indicator = any(%s) and region = %s and industry = %s and market = %s and period ~ %s"
        f" and release_id <= coalesce(%s, release_id){_ORDER}",
        (list(indicators), region, industry, market, CODES[frequency], release),
    )
    return _views(found)


def published_cells(
    *, indicators: Sequence[str], periods: Sequence[str], release: int | None = None
) -> list[PublishedView]:
    """Return all published cells of indicators in some periods: totals, regions, industries, markets, regions by industry."""
    found = sets.fetch(
        f"{_LATEST} where indicator = any(%s) and period = any(%s) and release_id <= coalesce(%s, release_id){_ORDER}",
        (list(indicators), list(periods), release),
    )
    return _views(found)


def _views(found: Sequence[tuple[Any, ...]]) -> list[PublishedView]:
    return [PublishedView(*(*row[:6], Status(row[6]), *row[7:])) for row in found]


def releases(*, limit: int = 50) -> list[ReleaseView]:
    """Return the newest releases first."""
    return [ReleaseView(*row) for row in sets.fetch(f"{_RELEASE} order by id desc limit %s", (limit,))]


def release(*, release_id: int) -> ReleaseView:
    """Return one release. Raises `NoSuchRelease`."""
    found = sets.fetch(f"{_RELEASE} where id = %s", (release_id,))
    if not found:
        raise NoSuchRelease
    return ReleaseView(*found[0])
