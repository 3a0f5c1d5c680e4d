"""What statistical alarms look for, and the door to what finds it: its libraries are slow to import, and are only when needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cohong.statistics.forecasting.series import Series
from cohong.statistics.periods import Frequency, Period

#: So many values of a level shift lie on its side before it is told from an outlier.
SHIFT_LENGTH: Final = 3
_YEARS: Final = 3


class Pattern(StrEnum):
    """What a series shows."""

    OUTLIER = "outlier"
    SHIFT = "shift"


@dataclass(frozen=True, slots=True)
class Mark:
    """A pattern at the end of a series: from which period on, the value there, what was to be expected, and how far off it is.

    `lower` and `upper` are where the value was to be without an alarm; `change` is the deviation as a share of what was
    expected (of the mean size, for series with values that are not positive); `score` its multiple of the usual error.
    """

    pattern: Pattern
    period: str
    value: float
    expected: float
    lower: float
    upper: float
    change: float
    score: float


@dataclass(frozen=True, slots=True)
class Setting:
    """From which score on a pattern calls for somebody, and how large a change must be at least, as a share."""

    threshold: float
    least_change: float = 0.0


def fewest(frequency: Frequency) -> int:
    """Return how many values a series needs to be judged."""
    return _YEARS * frequency.a_year


def judge(series: Series, settings: Mapping[Pattern, Setting]) -> list[Mark]:
    """Tell which patterns a series of months or quarters ends with; none where it is too short to say."""
    from cohong.statistics.warning import detecting  # noqa: PLC0415 - slow to import

    return detecting.judge(series, settings)


def festival_parts(period: Period) -> tuple[float, ...]:
    """Return which part of the three weeks before Spring Festival, of its week and of the two after it lies in a period."""
    from cohong.statistics.forecasting import festival  # noqa: PLC0415 - slow to import

    return festival.windows_in(period)
