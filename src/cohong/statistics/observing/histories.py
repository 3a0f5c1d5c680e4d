"""Whole series at once, as what looks at many of them wants them: alarms, forecasts.

Where `selectors` answer for one series or one period, this reads every series of some indicators in a few cuts, in one
statement, and turns each into a `Series` without gaps.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Any, Final

from cohong.kernel import sets
from cohong.statistics.forecasting.series import Series
from cohong.statistics.observing.computing import places
from cohong.statistics.observing.selectors import CODES
from cohong.statistics.periods import Frequency, Period


class Cut(StrEnum):
    """Which cells are meant: of the whole, of a province, a city, an industry, a market."""

    TOTAL = "total"
    PROVINCE = "province"
    CITY = "city"
    INDUSTRY = "industry"
    MARKET = "market"


_CELLS: Final = {
    Cut.TOTAL: "region = '' and industry = '' and market = ''",
    Cut.PROVINCE: "region = any(%(provinces)s) and industry = '' and market = ''",
    Cut.CITY: "region = any(%(cities)s) and industry = '' and market = ''",
    Cut.INDUSTRY: "region = '' and industry <> '' and market = ''",
    Cut.MARKET: "region = '' and industry = '' and market <> ''",
}


@dataclass(frozen=True, slots=True)
class History:
    """One series: its known values by period, in order."""

    indicator: str
    region: str
    industry: str
    market: str
    values: tuple[tuple[str, Decimal], ...]

    def until(self, last: date) -> "History":
        """Leave out periods that end after a day."""
        kept = tuple(one for one in self.values if Period.parse(one[0]).end <= last)
        return History(self.indicator, self.region, self.industry, self.market, kept)

    def series(self, *, least: int = 1) -> Series | None:
        """Return the values after the last gap as a series; None if they are fewer than `least`."""
        kept: list[Decimal] = []
        wanted = ""
        for code, value in reversed(self.values):
            if wanted and code != wanted:
                break
            kept.append(value)
            wanted = Period.parse(code).shifted(-1).code
        if len(kept) < least:
            return None
        return Series(
            indicator=self.indicator,
            last=self.values[-1][0],
            values=tuple(float(one) for one in reversed(kept)),
            region=self.region,
            industry=self.industry,
        )


def histories(
    *,
    indicators: Sequence[str],
    frequency: Frequency,
    cuts: Iterable[Cut],
    since: str = "",
    as_of: int | None = None,
    published: bool = False,
) -> list[History]:
    """Return every series of some indicators in some cuts, from the period `since` on: as known at a vintage (now).

    `published`: as published instead (at a release); what is withheld is a gap.
    """
    chosen = " or ".join(f"({_CELLS[cut]})" for cut in cuts)
    if not chosen or not indicators:
        return []
    known = places()
    table, version, value = (
        ("statistics_released_value", "release_id", "case when withheld = '' then value end")
        if published
        else ("statistics_observation", "vintage_id", "value")
    )
    rows = sets.fetch(
        "select distinct on (indicator, region, industry, market, period) indicator, region, industry, market, period,"
        f" {value} from {table} where indicator = any(%(indicators)s) and period ~ %(code)s and period >= %(since)s"
        f" and {version} <= coalesce(%(as_of)s, {version}) and ({chosen})"
        f" order by indicator, region, industry, market, period, {version} desc",
        {  # type: ignore[arg-type]  # psycopg takes names, too
            "indicators": list(indicators),
            "code": CODES[frequency],
            "since": since,
            "as_of": as_of,
            "provinces": sorted({one.province for one in known}),
            "cities": sorted({one.city for one in known if one.city}),
        },
    )
    return grouped(rows)


def grouped(rows: Iterable[Sequence[Any]]) -> list[History]:
    """Make series of rows of (indicator, region, industry, market, period, value), in this order; what is unknown is a gap."""
    found = []
    for key, group in groupby(rows, key=lambda row: tuple(row[:4])):
        values = tuple((row[4], row[5]) for row in group if row[5] is not None)
        if values:
            indicator, region, industry, market = key
            found.append(History(indicator, region, industry, market, values))
    return found
