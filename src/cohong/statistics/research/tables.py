"""Laying figures out: named rows for files, and one table of series by period for pages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import get_language, pgettext

from cohong.parties import api as parties
from cohong.statistics.figures.selecting import Chosen
from cohong.statistics.indicators.definitions import tree
from cohong.statistics.observing.computing import Status
from cohong.statistics.publishing.selectors import PublishedView

#: Columns of every file; their names do not change.
COLUMNS: Final = (
    *("indicator", "indicator_name", "unit", "period", "region", "region_name", "industry", "industry_name"),
    *("market", "market_name", "value", "mark", "release"),
)
PROVISIONAL, SUPPRESSED = "p", "c"


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """What regions, industries and markets are called, in the reader's language; the total is the empty code."""

    regions: Mapping[str, str]
    industries: Mapping[str, str]
    markets: Mapping[str, str]

    def of(self, figure: PublishedView) -> str:
        """Name where a figure stands."""
        named = (
            self.regions.get(figure.region, figure.region) if figure.region else "",
            self.industries.get(figure.industry, figure.industry) if figure.industry else "",
            self.markets.get(figure.market, figure.market) if figure.market else "",
        )
        return " · ".join(name for name in named if name) or pgettext("statistics", "Total")


def place_names() -> PlaceNames:
    """Return the names of all places."""
    language = get_language() or "zh-hans"
    return PlaceNames(
        {one.code: one.names.shown(language) for one in parties.regions()},
        {one.code: one.names.shown(language) for one in parties.industries()},
        {one.code: one.names.shown(language) for one in parties.markets()},
    )


def mark_of(figure: PublishedView) -> str:
    """Return the mark beside a figure: `c` suppressed, `p` provisional, nothing for what is final."""
    if figure.withheld:
        return SUPPRESSED
    return PROVISIONAL if figure.status is Status.PROVISIONAL and figure.value is not None else ""


def rows(chosen: Chosen) -> Iterator[tuple[str | int | Decimal | None, ...]]:
    """Go through figures as rows of `COLUMNS`."""
    known, names = tree().by_code, place_names()
    for one in chosen.figures:
        definition = known[one.indicator]
        yield (
            *(one.indicator, str(definition.names), definition.unit.value, one.period),
            *(
                one.region,
                names.regions.get(one.region, "") if one.region else pgettext("statistics", "Total"),
            ),
            *(
                one.industry,
                names.industries.get(one.industry, "") if one.industry else pgettext("statistics", "Total"),
            ),
            *(
                one.market,
                names.markets.get(one.market, "") if one.market else pgettext("statistics", "Total"),
            ),
            *(one.value, mark_of(one), chosen.release.id),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One series: an indicator at a place, a figure for each period (None: there is none)."""

    indicator: str
    name: str
    place: str
    unit: str
    cells: tuple[PublishedView | None, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Series by period."""

    periods: tuple[str, ...]
    lines: tuple[Line, ...]


def sheet(chosen: Chosen) -> Sheet:
    """Lay figures out as series by period."""
    names, known = place_names(), tree().by_code
    periods = tuple(sorted({one.period for one in chosen.figures}))
    series: dict[tuple[str, str, str, str], dict[str, PublishedView]] = {}
    for one in chosen.figures:
        series.setdefault((one.indicator, one.region, one.industry, one.market), {})[one.period] = one
    lines = []
    for (code, *_places), cells in series.items():
        some = next(iter(cells.values()))
        lines.append(
            Line(
                code,
                str(known[code].names),
                names.of(some),
                known[code].unit.value,
                tuple(cells.get(period) for period in periods),
            )
        )
    return Sheet(periods, tuple(lines))


def same_unit(lines: Sequence[Line]) -> bool:
    """Tell whether all series count the same, so that one axis can carry them."""
    return len({one.unit for one in lines}) == 1
