"""A series with its time: which periods its values are of, and which follow."""

from dataclasses import dataclass, replace
from typing import Final, Self

from cohong.statistics.periods import Frequency, Period

_WEEK: Final = 7
_WITH_TWO_MONTHS: Final = 11
_FEBRUARY: Final = 2


@dataclass(frozen=True, slots=True)
class Series:
    """What is forecast: an indicator of a region and an industry (empty: the total), one value for each period without a gap.

    `last` is the code of the last value's period. Monthly series may have January and February as one period (`2026-01+02`);
    they then have `two_months` set.
    """

    indicator: str
    last: str
    values: tuple[float, ...]
    region: str = ""
    industry: str = ""
    two_months: bool = False

    @property
    def frequency(self) -> Frequency:
        """Return how long its periods are. Raises `PeriodUnreadable`."""
        return Period.parse(self.last).frequency

    @property
    def season(self) -> int:
        """Return how many periods make its season: a year's, or a week's days."""
        if self.frequency is Frequency.DAY:
            return _WEEK
        return _WITH_TWO_MONTHS if self.two_months else self.frequency.a_year

    def periods(self) -> list[Period]:
        """Return the periods of its values, in order."""
        last = Period.parse(self.last)
        return self._along(last, -(len(self.values) - 1))[::-1]

    def ahead(self, horizon: int) -> list[Period]:
        """Return the periods that follow it."""
        return self._along(Period.parse(self.last), horizon)[1:]

    def with_two_months(self) -> Self:
        """Return this monthly series with each January and February added up as one period.

        A lone February at its beginning is left out, as is a lone January at its end.
        """
        if self.frequency is not Frequency.MONTH or self.two_months:
            return self
        months = list(zip(self.periods(), self.values, strict=True))
        if months and months[0][0].start.month == _FEBRUARY:
            months = months[1:]
        if months and months[-1][0].start.month == 1:
            months = months[:-1]
        kept: list[tuple[str, float]] = []
        for period, value in months:
            if period.start.month == _FEBRUARY:
                kept[-1] = (f"{period.start.year:04}-01+02", kept[-1][1] + value)
            else:
                kept.append((period.code, value))
        return replace(self, last=kept[-1][0], values=tuple(value for _, value in kept), two_months=True)

    def _along(self, period: Period, count: int) -> list[Period]:
        step = 1 if count > 0 else -1
        found = [period]
        while len(found) <= abs(count):
            found.append(self._beside(found[-1], step))
        return found

    def _beside(self, period: Period, step: int) -> Period:
        if not self.two_months:
            return period.shifted(step)
        edge = Period.of(period.end if step > 0 else period.start, Frequency.MONTH).shifted(step)
        if edge.start.month <= _FEBRUARY:
            return Period.parse(f"{edge.start.year:04}-01+02")
        return edge
