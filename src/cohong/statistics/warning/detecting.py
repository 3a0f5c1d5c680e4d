"""Statistical alarms: a value that stands out (outlier), and a level that has moved (level shift).

A series is judged by its own past alone. Its logarithms (its values, where one is not positive) are freed of Spring Festival
(`forecasting.festival`) and of the season, whose indices are medians over the years. What is to be expected of a month is
then the median of the twelve before it, carried along their slope, which is the median of all pairwise slopes (Theil 1950, Sen
1968): neither is moved by one wild value, nor by a few. How far off such expectations usually are is taken from the
series itself: the same steps are taken at each earlier month, and their errors' spread is the median absolute deviation
(Hampel 1974). So a series that wanders, or is noisy, is given the room that it has always needed. A *score* is the
last error over that spread, less what is not known of the season and the festival.

An *outlier* is one error with a high score. A *level shift* is told from it by what follows, as Chen and Liu (1993)
do: the median of three errors, of expectations made before the first of them, has a high score, and all three lie
on its side. Then one wild value alone cannot look like a shift. Thresholds are in the rules, and were set on simulated series
(`cohong bench alarms`), so that false alarms are rare.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cohong.statistics.forecasting import festival
from cohong.statistics.forecasting.series import Series
from cohong.statistics.periods import Frequency, Period
from cohong.statistics.warning.patterns import SHIFT_LENGTH, Mark, Pattern, Setting, fewest

Floats = NDArray[np.float64]

_MAD: Final = 1.4826
_FEWEST_ERRORS: Final = 12
_MOST_YEARS: Final = 7
_MARCH: Final = 3
_FEWEST_EARLY: Final = 4
_FEW: Final = 4
_NINE_TENTHS: Final = 1.645
_SPREAD_FLOOR: Final = 1e-3
_MOST_ZEROS: Final = 0.1


def judge(series: Series, settings: Mapping[Pattern, Setting]) -> list[Mark]:
    """Tell which patterns a series of months or quarters ends with; none where it is too short to say."""
    work = _work(series)
    if work is None:
        return []
    marks = (work.mark(pattern, setting) for pattern, setting in settings.items())
    return [mark for mark in marks if mark is not None]


@lru_cache(maxsize=1024)
def _work(series: Series) -> "_Work | None":
    """Prepare a series; kept, as one rule after the other looks at the same."""
    season = series.season
    values = np.asarray(series.values[-_MOST_YEARS * season :], dtype=np.float64)
    # Where there often is nothing, whatever comes stands out: that is no series to be judged by its past.
    if len(values) < fewest(series.frequency) or np.ptp(values) == 0 or np.mean(values == 0) > _MOST_ZEROS:
        return None
    return _Work(values, series.periods()[-len(values) :], season)


class _Work:
    def __init__(self, values: Floats, periods: Sequence[Period], season: int) -> None:
        self.values, self.periods, self.season = values, periods, season
        self.multiplies = bool(values.min() > 0)
        self.unit = 1.0 if self.multiplies else float(np.mean(np.abs(values)))
        logs = np.log(values) if self.multiplies else values / self.unit
        # What is judged teaches neither the festival nor the season.
        past = len(values) - SHIFT_LENGTH
        found = festival.festival_of(values[:past], periods[:past])
        self.doubts = np.zeros(len(values))
        shifts = np.zeros(len(values))
        if found is not None:
            shifts = found.shifts(periods)
            self.doubts = found.doubts(periods)
        self.usual, years = _season(logs - shifts, past, season)
        self.usual = self.usual + shifts
        self.freed = logs - self.usual
        self.unsure = float(np.sqrt((years + 1) / max(years - 1, 1)))

    def mark(self, pattern: Pattern, setting: Setting) -> Mark | None:
        length = SHIFT_LENGTH if pattern is Pattern.SHIFT else 1
        errors = self._errors(length)
        before = np.median(errors[:-SHIFT_LENGTH], axis=1)
        if len(before) < _FEWEST_ERRORS:
            return None
        last = errors[-1]
        middle = float(np.median(last))
        place = len(self.values) - length
        room = float(np.hypot(self._room(before, place), self.doubts[place:].max()))
        score = middle / room
        change = float(np.expm1(middle)) if self.multiplies else middle
        one_side = bool(np.all(np.sign(last) == np.sign(middle)))
        if abs(score) < setting.threshold or abs(change) < setting.least_change or not one_side:
            return None
        expected = self.freed[place] - last[0] + self.usual[place]
        lower, upper = (self._back(expected + side * setting.threshold * room) for side in (-1, 1))
        return Mark(
            pattern=pattern,
            period=self.periods[place].code,
            value=float(self.values[place]),
            expected=self._back(expected),
            lower=lower,
            upper=upper,
            change=change,
            score=score,
        )

    def _errors(self, length: int) -> Floats:
        """Return the errors of expectations of `length` periods, made at each earlier time and, last, for the end."""
        count = self._window
        histories = np.lib.stride_tricks.sliding_window_view(self.freed, count)[
            : len(self.freed) - count - length + 1
        ]
        levels, slopes = _lines(histories, self.season)
        ahead = np.arange(length)
        actual = np.lib.stride_tricks.sliding_window_view(self.freed[count:], length)
        return np.asarray(actual - levels[:, None] - slopes[:, None] * ahead, dtype=np.float64)

    @property
    def _window(self) -> int:
        """Return from how many values an expectation is made: two seasons, or one where the series is short."""
        return (2 if len(self.values) >= 3 * self.season + _FEWEST_ERRORS else 1) * self.season

    def _room(self, before: Floats, place: int) -> float:
        """Return how far off expectations usually are; around Spring Festival, at least as far as they are there."""
        spread = _spread(before)
        if self.season == Frequency.MONTH.a_year and _is_early(self.periods[place]):
            months = self.periods[self._window :][: len(before)]
            early = before[[_is_early(one) for one in months]]
            spread = max(spread, _spread(early) if len(early) >= _FEWEST_EARLY else spread)
        # With few errors their spread is itself unsure.
        return spread * self.unsure * (1 + _FEW / len(before))

    def _back(self, freed: float) -> float:
        back: float = np.exp(freed) if self.multiplies else freed * self.unit
        return float(back)


def _season(logs: Floats, past: int, season: int) -> tuple[Floats, int]:
    """Return each place's index along the series, from its past alone, and from how many years it is."""
    if season <= 1:
        return np.zeros(len(logs)), 99
    weights = np.ones(season) / season
    if season % 2 == 0:
        weights = np.concatenate([[0.5], np.ones(season - 1), [0.5]]) / season
    half = len(weights) // 2
    trend = np.convolve(logs[:past], weights, mode="valid")
    swings = logs[half : half + len(trend)] - trend
    places = (half + np.arange(len(trend))) % season
    indices = np.array([np.median(swings[places == place]) for place in range(season)])
    indices -= indices.mean()
    return indices[np.arange(len(logs)) % season], max(len(swings) // season, 1)


def _lines(histories: Floats, recent: int) -> tuple[Floats, Floats]:
    """Carry the median of each history's recent values along its median slope: to the value after them, and by how much on."""
    count = histories.shape[1]
    first, second = np.triu_indices(count, recent // 2)
    slopes = np.median((histories[:, second] - histories[:, first]) / (second - first), axis=1)
    ahead = np.arange(recent, 0, -1)
    levels = np.median(histories[:, -recent:] + slopes[:, None] * ahead, axis=1)
    return levels, slopes


def _spread(errors: Floats) -> float:
    sizes = np.abs(errors)
    usual = _MAD * float(np.median(sizes))
    # Where a tenth of the errors is wilder than the rest lets expect, that is how the series is.
    wild = float(np.quantile(sizes, 0.9)) / _NINE_TENTHS
    return max(usual, wild, _SPREAD_FLOOR)


def _is_early(period: Period) -> bool:
    return period.start.month <= _MARCH
