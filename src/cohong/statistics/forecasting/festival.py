"""What Spring Festival does to a series: found in its history, taken out before the models, put back after them.

The festival moves between 21 January and 20 February, and trade with it: people buy before it, rest in it and start
slowly after it. Three windows (three weeks before, the week itself, two weeks after) are laid over the periods. For a month,
a regressor is the part of a window's days that falls into it, less that month's mean over all years: what is the same each
year stays the season's. For a day, it says which part of a window the day is in. Effects are found by regression on what
trend and season leave, and shrunk as a holiday's are known to be moderate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cohong.statistics.forecasting.festival_days import SPRING_FESTIVAL
from cohong.statistics.periods import Frequency, Period

Floats = NDArray[np.float64]

# First day and first day after, counted from the festival.
_MONTH_WINDOWS: Final = ((-21, 0), (0, 7), (7, 21))
_DAY_WINDOWS: Final = ((-21, -14), (-14, -7), (-7, -2), (-2, 0), (0, 3), (3, 7), (7, 14), (14, 21))
_PRIOR: Final = 0.5
_ROUNDS: Final = 3
_FEWEST_FESTIVALS: Final = {Frequency.MONTH: 3, Frequency.DAY: 1}
_DAYS_OF_TREND: Final = 91
_FEBRUARY: Final = 2


@dataclass(frozen=True, slots=True)
class Festival:
    """The festival's effects on a series, as logarithms (as shares of its mean, where a value is not positive)."""

    effects: Floats
    errors: Floats
    unit: float
    multiplies: bool

    def shifts(self, periods: Sequence[Period]) -> Floats:
        """Return by how much the festival moves each period."""
        return np.asarray(_regressors(periods) @ self.effects, dtype=np.float64)

    def take_out(self, values: Floats, periods: Sequence[Period]) -> Floats:
        """Free values of the festival."""
        shifts = self.shifts(periods)
        return values / np.exp(shifts) if self.multiplies else values - self.unit * shifts

    def put_back(self, values: Floats, periods: Sequence[Period]) -> Floats:
        """Give values the festival."""
        shifts = self.shifts(periods)
        return values * np.exp(shifts) if self.multiplies else values + self.unit * shifts

    def doubts(self, periods: Sequence[Period]) -> Floats:
        """Return the standard error that not knowing the effects well adds to each period, as a share of its value."""
        matrix = _regressors(periods)
        return np.asarray(np.sqrt(np.einsum("ij,jk,ik->i", matrix, self.errors, matrix)), dtype=np.float64)


def festival_of(values: Floats, periods: Sequence[Period]) -> Festival | None:
    """Find the festival's effects; None where the series is too short, too slow, or outside the known years."""
    frequency = periods[-1].frequency
    if frequency not in _FEWEST_FESTIVALS or any(period.is_two_months for period in periods):
        return None
    seen = {period.start.year for period in periods if period.start.month == _FEBRUARY}
    if len(seen) < _FEWEST_FESTIVALS[frequency] or not all(
        period.start.year in SPRING_FESTIVAL for period in periods
    ):
        return None
    multiplies = bool(values.min() > 0)
    unit = 1.0 if multiplies else float(np.mean(np.abs(values))) or 1.0
    logs = np.log(values) if multiplies else values / unit
    matrix = _regressors(periods)
    effects = np.zeros(matrix.shape[1])
    errors = np.zeros((matrix.shape[1], matrix.shape[1]))
    # Trend and season are found without the festival, the festival without them; each round sees the others more clearly.
    for _ in range(_ROUNDS):
        left, seasons = _left(logs - matrix @ effects, periods)
        kept = ~np.isnan(left)
        target = left[kept] + (matrix @ effects)[kept]
        effects, errors = _ridge(matrix[kept], target, seasons[kept])
    return Festival(effects, errors, unit, multiplies)


def windows_in(period: Period) -> tuple[float, ...]:
    """Return the part of each window's days that falls into a period."""
    festivals = [SPRING_FESTIVAL[year] for year in {period.start.year, period.end.year}]
    return tuple(
        sum(_days_within(period, festival, window) for festival in festivals) / (window[1] - window[0])
        for window in _MONTH_WINDOWS
    )


def _regressors(periods: Sequence[Period]) -> Floats:
    if periods[-1].frequency is Frequency.DAY:
        return np.array([_of_day(period.start) for period in periods])
    return np.array(
        [
            np.subtract(windows_in(period), _usual(period.start.month, period.is_two_months))
            for period in periods
        ]
    )


def _of_day(day: date) -> list[float]:
    place = (day - SPRING_FESTIVAL[day.year]).days
    return [float(first <= place < after) for first, after in _DAY_WINDOWS]


def _days_within(period: Period, festival: date, window: tuple[int, int]) -> int:
    first = max(period.start, festival + timedelta(days=window[0]))
    after = min(period.end + timedelta(days=1), festival + timedelta(days=window[1]))
    return max((after - first).days, 0)


@cache
def _usual(month: int, two_months: bool) -> tuple[float, ...]:
    codes = [f"{year}-01+02" if two_months else f"{year}-{month:02}" for year in SPRING_FESTIVAL]
    parts = [windows_in(Period.parse(code)) for code in codes]
    return tuple(sum(column) / len(parts) for column in zip(*parts, strict=True))


def _left(logs: Floats, periods: Sequence[Period]) -> tuple[Floats, NDArray[np.intp]]:
    """Return what a smooth trend leaves (nan near the ends) and each period's place in the season."""
    if periods[-1].frequency is Frequency.DAY:
        length, places = _DAYS_OF_TREND, np.array([period.start.weekday() for period in periods])
        weights = np.ones(length) / length
    else:
        places = np.array([period.start.month - 1 for period in periods])
        weights = np.concatenate([[0.5], np.ones(11), [0.5]]) / 12
    half = len(weights) // 2
    left = np.full(len(logs), np.nan)
    if len(logs) > 2 * half:
        trend = np.convolve(logs, weights, mode="valid")
        left[half : len(logs) - half] = logs[half : len(logs) - half] - trend
    return left, places


def _ridge(matrix: Floats, target: Floats, places: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Regress on the windows, each place of the season with a mean of its own, effects with a prior around nothing."""
    if not len(target):
        none = np.zeros(matrix.shape[1])
        return none, np.diag(none)
    means = np.eye(int(places.max()) + 1)[places]
    free = target - means @ np.linalg.lstsq(means, target, rcond=None)[0]
    own = matrix - means @ np.linalg.lstsq(means, matrix, rcond=None)[0]
    noise = float(np.var(free))
    effects, errors = np.zeros(matrix.shape[1]), np.eye(matrix.shape[1]) * _PRIOR**2
    for _ in range(_ROUNDS):
        precision = own.T @ own / max(noise, 1e-12) + np.eye(matrix.shape[1]) / _PRIOR**2
        errors = np.asarray(np.linalg.inv(precision), dtype=np.float64)
        effects = np.asarray(errors @ own.T @ free / max(noise, 1e-12), dtype=np.float64)
        freedom = max(len(free) - means.shape[1] - matrix.shape[1], 1)
        noise = float(np.sum((free - own @ effects) ** 2)) / freedom
    return effects, errors
