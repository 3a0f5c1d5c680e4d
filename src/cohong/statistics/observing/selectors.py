"""Reading observations: as they are now, or exactly as they were at any vintage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from cohong.kernel import sets
from cohong.kernel.errors import NotFound
from cohong.statistics.observing.computing import Status
from cohong.statistics.periods import Frequency

_LATEST: Final = (
    "select distinct on (indicator, region, industry, market, period) indicator, period, region, industry, market, value,"
    " status, vintage_id, contributors, largest, second from statistics_observation"
)
#: How the codes of periods of each length look, for PostgreSQL.
CODES: Final = {
    Frequency.YEAR: r"^\d{4}$",
    Frequency.QUARTER: r"^\d{4}-Q\d$",
    Frequency.MONTH: r"^\d{4}-\d\d$",
    Frequency.DAY: r"^\d{4}-\d\d-\d\d$",
}
_ORDER: Final = " order by indicator, region, industry, market, period, vintage_id desc"


@dataclass(frozen=True, slots=True)
class ObservationView:
    """One observation; contributors protect it, and are for disclosure control alone."""

    indicator: str
    period: str
    region: str
    industry: str
    market: str
    value: Decimal | None
    status: Status
    vintage: int
    contributors: int | None
    largest: Decimal | None
    second: Decimal | None


@dataclass(frozen=True, slots=True)
class VintageView:
    """One vintage: when and why it was made, and how many values it changed."""

    id: int
    made_at: datetime
    reason: str
    position: int
    changed: int
    document: UUID


class NoSuchVintage(NotFound):
    """There is no such vintage."""


def series(
    *,
    indicators: Sequence[str],
    frequency: Frequency = Frequency.MONTH,
    region: str = "",
    industry: str = "",
    market: str = "",
    as_of: int | None = None,
) -> list[ObservationView]:
    """Return values of indicators by period. `as_of` is a vintage: what was known then."""
    found = sets.fetch(
        f"{_LATEST} where indicator = any(%s) and region = %s and industry = %s and market = %s and period ~ %s"
        f" and vintage_id <= coalesce(%s, vintage_id){_ORDER}",
        (list(indicators), region, industry, market, CODES[frequency], as_of),
    )
    return _views(found)


def cells(
    *, indicators: Sequence[str], periods: Sequence[str], as_of: int | None = None
) -> list[ObservationView]:
    """Return all cells of indicators in some periods: totals, regions, industries and both."""
    found = sets.fetch(
        f"{_LATEST} where indicator = any(%s) and period = any(%s) and vintage_id <= coalesce(%s, vintage_id){_ORDER}",
        (list(indicators), list(periods), as_of),
    )
    return _views(found)


def _views(found: Sequence[tuple[Any, ...]]) -> list[ObservationView]:
    return [ObservationView(*(*row[:6], Status(row[6]), *row[7:])) for row in found]


def vintages(*, limit: int = 50) -> list[VintageView]:
    """Return the newest vintages first."""
    found = sets.fetch(
        "select id, made_at, reason, position, changed, document from statistics_vintage order by id desc limit %s",
        (limit,),
    )
    return [VintageView(*row) for row in found]


def vintage(*, vintage_id: int) -> VintageView:
    """Return one vintage. Raises `NoSuchVintage`."""
    found = sets.fetch(
        "select id, made_at, reason, position, changed, document from statistics_vintage where id = %s",
        (vintage_id,),
    )
    if not found:
        raise NoSuchVintage
    return VintageView(*found[0])
