"""What a release shows of a period, of the year before, and of the year so far."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

from cohong.parties import api as parties
from cohong.statistics.observing.computing import Status
from cohong.statistics.periods import Frequency, Period
from cohong.statistics.publishing.selectors import (
    PublishedView,
    ReleaseView,
    published_cells,
    published_series,
)
from cohong.statistics.publishing.selectors import release as release_of

HEAD: Final = "turnover"
#: What it is made of, each a part of the whole.
PARTS: Final = (
    "turnover_b2b",
    "retail_sales",
    "turnover_services",
    "turnover_cross_border",
    "turnover_mobile",
)
#: What cannot be added up over months.
RATES: Final = ("delivery_days", "return_rate", "dispute_rate", "payment_success")
_TOTALS: Final = (HEAD, *PARTS, "orders", *RATES)
_FEBRUARY: Final = 2
_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Known:
    """A value, or none: because it is `withheld`, or because there is none."""

    value: Decimal | None = None
    withheld: bool = False


NOTHING: Final = Known()
HIDDEN: Final = Known(withheld=True)


@dataclass(frozen=True, slots=True)
class Part:
    """A city's or an industry's part of a period's turnover, and of the year's so far."""

    code: str
    names: parties.Names
    now: Known
    before: Known
    so_far: Known
    so_far_before: Known


def step_of(period: Period) -> Period:
    """Return the period a bulletin is of: January and February are only comparable together."""
    if period.start.month <= _FEBRUARY and not period.is_two_months:
        return Period.parse(f"{period.start.year:04}-01+02")
    return period


def months_of(period: Period) -> list[str]:
    """Return the months of a step."""
    return [f"{period.start.year:04}-{month:02}" for month in range(period.start.month, period.end.month + 1)]


class Figures:
    """What one release shows around one period."""

    def __init__(self, release: ReleaseView, period: Period) -> None:
        """Read it."""
        self.release, self.period = release, step_of(period)
        self._series: dict[tuple[str, str], PublishedView] = {
            (one.indicator, one.period): one
            for one in published_series(indicators=_TOTALS, frequency=Frequency.MONTH, release=release.id)
        }

    # --- totals ---------------------------------------------------------------------------------------------

    def total(self, code: str, period: Period) -> Known:
        """Return an indicator's total in a step; what is not whole is not known."""
        found = [self._series.get((code, month)) for month in months_of(period)]
        if any(one is not None and one.withheld for one in found):
            return HIDDEN
        values = [one.value for one in found if one is not None and one.value is not None]
        return Known(sum(values, Decimal(0))) if len(values) == len(found) else NOTHING

    def so_far(self, code: str, period: Period) -> Known:
        """Return an indicator's total from January to the end of a period."""
        first = Period.parse(f"{period.start.year:04}-01+02")
        steps = [first, *(one for one in _months(period.start.year, 3, period.end.month))]
        found = [self.total(code, one) for one in steps if one.end <= period.end]
        if any(one.withheld for one in found):
            return HIDDEN
        values = [one.value for one in found if one.value is not None]
        return Known(sum(values, Decimal(0))) if len(values) == len(found) else NOTHING

    @cached_property
    def is_provisional(self) -> bool:
        """Tell whether any figure of the period may still change."""
        return any(
            one.status is Status.PROVISIONAL
            for month in months_of(self.period)
            if (one := self._series.get((HEAD, month))) is not None
        )

    @cached_property
    def steps(self) -> list[Period]:
        """Return all steps with a turnover, up to the period, oldest first."""
        months = sorted(
            {period for code, period in self._series if code == HEAD and period <= months_of(self.period)[-1]}
        )
        found = dict.fromkeys(step_of(Period.parse(month)).code for month in months)
        return [one for code in found if self.total(HEAD, one := Period.parse(code)).value is not None]

    # --- parts ----------------------------------------------------------------------------------------------

    @cached_property
    def cities(self) -> list[Part]:
        """Return the province's cities that have any figure at all."""
        province = _home()
        if not province:
            return []
        places = [(one.code, one.names) for one in parties.regions(parent_code=province)]
        return list(
            self._parts(places, lambda one: one.region if not one.industry and not one.market else "")
        )

    @cached_property
    def industries(self) -> list[Part]:
        """Return the industries that have any figure at all."""
        kinds = [(one.code, one.names) for one in parties.industries()]
        return list(self._parts(kinds, lambda one: one.industry if not one.region and not one.market else ""))

    @cached_property
    def _cells(self) -> list[PublishedView]:
        this, last = self.period, self.period.year_before()
        periods = [
            f"{year:04}-{month:02}"
            for year in (this.start.year, last.start.year)
            for month in range(1, this.end.month + 1)
        ]
        return published_cells(indicators=[HEAD], periods=periods, release=self.release.id)

    def _parts(
        self, of: Sequence[tuple[str, parties.Names]], code_of: Callable[[PublishedView], str]
    ) -> Iterator[Part]:
        found: dict[str, dict[str, PublishedView]] = {}
        for one in self._cells:
            if code := code_of(one):
                found.setdefault(code, {})[one.period] = one
        this, last = self.period, self.period.year_before()
        for code, names in of:
            if code not in found:
                continue
            cells = found[code]
            now, so_far = _sum(cells, months_of(this)), _sum(cells, _until(this))
            before, so_far_before = _sum(cells, months_of(last)), _sum(cells, _until(last))
            yield Part(code, names, now, before, so_far, so_far_before)


def _sum(cells: dict[str, PublishedView], months: Sequence[str]) -> Known:
    """Add months up; a month without a row had no trade, a month that is withheld hides the sum."""
    found = [cells[month] for month in months if month in cells]
    if any(one.withheld for one in found):
        return HIDDEN
    values = [one.value for one in found if one.value is not None]
    return Known(sum(values, Decimal(0))) if values else NOTHING


def _until(period: Period) -> list[str]:
    return [f"{period.start.year:04}-{month:02}" for month in range(1, period.end.month + 1)]


def _months(year: int, first: int, last: int) -> list[Period]:
    return [Period.parse(f"{year:04}-{month:02}") for month in range(first, last + 1)]


def _home() -> str:
    """Return the province of this installation: the top region with the most below it."""
    below: dict[str, int] = {}
    for one in parties.regions():
        below[one.parent_code] = below.get(one.parent_code, 0) + 1
    tops = parties.regions(parent_code="")
    return max(tops, key=lambda one: below.get(one.code, 0)).code if tops else ""


def home_names() -> parties.Names | None:
    """Return what the province is called."""
    code = _home()
    return parties.region(code=code).names if code else None


def months_in(release: int) -> list[str]:
    """Return the codes of the periods that a release can give a bulletin of, newest first."""
    of = release_of(release_id=release)
    found = published_series(indicators=[HEAD], frequency=Frequency.MONTH, release=release)
    months = {one.period for one in found if one.value is not None and was_over(Period.parse(one.period), of)}
    steps = {step_of(Period.parse(month)).code for month in months}
    return sorted((code for code in steps if set(months_of(Period.parse(code))) <= months), reverse=True)


def was_over(period: Period, release: ReleaseView) -> bool:
    """Tell whether a period was over when a release was made: of half a month there is no bulletin."""
    return period.end < release.published_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
