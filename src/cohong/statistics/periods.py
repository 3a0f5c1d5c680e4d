"""Periods (报告期) of statistics and their codes.

A period's code sorts like its time and says its frequency: `2026` a year, `2026-Q3` a quarter, `2026-07` a month,
`2026-07-31` a day (ISO 8601, but for the quarter, which is SDMX's). `2026-01+02` is January and February together:
Spring Festival falls into either, so the two months are only comparable as one.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Self

from django.utils.translation import gettext_lazy as _

from cohong.kernel.errors import BadInput


class PeriodUnreadable(BadInput):
    """The text is no code of a period."""

    message = _("“{code}” is no period. Write 2026, 2026-Q3, 2026-07 or 2026-07-31.")


class Frequency(StrEnum):
    """How long a period is."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    DAY = "day"

    @property
    def a_year(self) -> int:
        """Return how many such periods a year has: its season."""
        return {"year": 1, "quarter": 4, "month": 12, "day": 365}[self.value]


_FORM: Final = re.compile(r"(\d{4})(?:-Q([1-4])|-(01\+02)|-(\d\d)(?:-(\d\d))?)?")
_QUARTER: Final = 3
_YEARS: Final = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both included."""

    frequency: Frequency
    start: date
    end: date

    @classmethod
    def parse(cls, code: str) -> Self:
        """Read a code. Raises `PeriodUnreadable`."""
        found = _FORM.fullmatch(code)
        if found is None or int(found[1]) not in _YEARS:
            raise PeriodUnreadable(code=code)
        year, quarter, two_months, month, day = found.groups()
        try:
            if two_months:
                return cls(Frequency.MONTH, date(int(year), 1, 1), _last(int(year), 2))
            if day:
                return cls.of(date(int(year), int(month), int(day)), Frequency.DAY)
            if month:
                return cls.of(date(int(year), int(month), 1), Frequency.MONTH)
        except ValueError:
            raise PeriodUnreadable(code=code) from None
        if quarter:
            return cls.of(date(int(year), _QUARTER * int(quarter), 1), Frequency.QUARTER)
        return cls.of(date(int(year), 1, 1), Frequency.YEAR)

    @classmethod
    def of(cls, day: date, frequency: Frequency) -> Self:
        """Return the period of this frequency that a day is in."""
        if frequency is Frequency.DAY:
            return cls(frequency, day, day)
        if frequency is Frequency.MONTH:
            return cls(frequency, day.replace(day=1), _last(day.year, day.month))
        if frequency is Frequency.QUARTER:
            last = _QUARTER * ((day.month + _QUARTER - 1) // _QUARTER)
            return cls(frequency, date(day.year, last - _QUARTER + 1, 1), _last(day.year, last))
        return cls(frequency, date(day.year, 1, 1), date(day.year, 12, 31))

    @property
    def code(self) -> str:
        """Return the period's code."""
        year = f"{self.start.year:04}"
        if self.frequency is Frequency.YEAR:
            return year
        if self.frequency is Frequency.QUARTER:
            return f"{year}-Q{self.end.month // _QUARTER}"
        if self.is_two_months:
            return f"{year}-01+02"
        return f"{year}-{self.start.month:02}" if self.frequency is Frequency.MONTH else f"{self.start}"

    @property
    def is_two_months(self) -> bool:
        """Say whether it is January and February together."""
        return self.frequency is Frequency.MONTH and self.start.month != self.end.month

    def shifted(self, count: int) -> Self:
        """Return the period that begins so many periods later (earlier, if negative)."""
        if self.frequency is Frequency.DAY:
            return self.of(self.start + timedelta(days=count), self.frequency)
        if self.is_two_months:
            raise ValueError("January and February together have a next year, and no next period")
        months = {Frequency.YEAR: 12, Frequency.QUARTER: _QUARTER, Frequency.MONTH: 1}[self.frequency]
        year, month = divmod(self.start.year * 12 + self.start.month - 1 + months * count, 12)
        return self.of(date(year, month + 1, 1), self.frequency)

    def year_before(self) -> Self:
        """Return the same period of the year before; the 28th for a 29th of February."""
        if self.frequency is Frequency.DAY:
            last = calendar.monthrange(self.start.year - 1, self.start.month)[1]
            return self.of(
                self.start.replace(year=self.start.year - 1, day=min(self.start.day, last)), self.frequency
            )
        start = self.start.replace(year=self.start.year - 1)
        return type(self)(self.frequency, start, _last(self.end.year - 1, self.end.month))

    def until(self, last: Self) -> Iterator[Self]:
        """Go through this period and the ones after it, up to and with `last`."""
        one = self
        while one.start <= last.start:
            yield one
            one = one.shifted(1)

    def months(self) -> list[str]:
        """Return the codes of the months in it."""
        first, last = (self.of(day, Frequency.MONTH) for day in (self.start, self.end))
        return [month.code for month in first.until(last)]


def _last(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
