"""What recurs each year or week: estimated, taken out before a model, put back after it.

Seasonal indices are means over few years and so noisy. They are shrunk towards "no season" by as much as their noise
explains of how they differ (Miller and Williams, 2003): a series without a season keeps none, and no test decides.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SMALLEST_INDEX: Final = 0.02
_STEIN: Final = 3


@dataclass(frozen=True, slots=True)
class Season:
    """A season's indices, from the series' first value on: factors if `multiplies`, else summands, with their errors."""

    indices: Floats
    errors: Floats
    multiplies: bool

    def adjust(self, values: Floats) -> Floats:
        """Take the season out of a series that begins where the season does."""
        pattern = self._along(self.indices, 0, len(values))
        return values / pattern if self.multiplies else values - pattern

    def restore(self, values: Floats, after: int) -> Floats:
        """Put the season into values, periods first, that follow on `after` others."""
        pattern = self._along(self.indices, after, len(values))
        pattern = pattern.reshape(-1, *[1] * (values.ndim - 1))
        return values * pattern if self.multiplies else values + pattern

    def restore_paths(self, paths: Floats, after: int, chance: np.random.Generator) -> Floats:
        """Put the season into many possible futures (periods, paths), each with other errors of the indices."""
        drawn = self.indices[:, None] + self.errors[:, None] * chance.standard_normal(
            (len(self.indices), paths.shape[1])
        )
        if self.multiplies:
            drawn = np.maximum(drawn, _SMALLEST_INDEX)
        places = (after + np.arange(len(paths))) % len(self.indices)
        return paths * drawn[places] if self.multiplies else paths + drawn[places]

    def _along(self, pattern: Floats, after: int, count: int) -> Floats:
        return pattern[(after + np.arange(count)) % len(pattern)]


def season_of(values: Floats, length: int) -> Season:
    """Estimate the season of this length by ratios (differences, if a value is not positive) to a moving average."""
    none = Season(np.ones(1), np.zeros(1), multiplies=True)
    if length <= 1 or len(values) < 2 * length + length // 2:
        return none
    multiplies = bool(values.min() > 0)
    trend = _moving_average(values, length)
    first = length // 2
    inner = values[first : first + len(trend)]
    swings = inner / trend if multiplies else inner - trend
    places = (first + np.arange(len(trend))) % length
    groups = [swings[places == place] for place in range(length)]
    means = np.array([_robust_mean(group) for group in groups])
    neutral = 1.0 if multiplies else 0.0
    means += neutral - means.mean()
    freedom = max(len(swings) - length, 1)
    noise = float(np.sum((swings - means[places]) ** 2)) / freedom
    of_means = noise / (len(swings) / length)
    spread = float(np.sum((means - neutral) ** 2)) / (length - 1)
    if spread <= 0:
        return none
    stein = max(length - _STEIN, 1) / (length - 1)
    shrunk = min(stein * of_means / spread, 1.0)
    indices = neutral + (1 - shrunk) * (means - neutral)
    if multiplies:
        indices = np.maximum(indices, _SMALLEST_INDEX)
    return Season(indices, np.full(length, np.sqrt((1 - shrunk) * of_means)), multiplies)


def _moving_average(values: Floats, length: int) -> Floats:
    weights = np.ones(length) / length
    if length % 2 == 0:
        weights = np.concatenate([[0.5], np.ones(length - 1), [0.5]]) / length
    return np.convolve(values, weights, mode="valid")


def _robust_mean(group: Floats) -> float:
    # The largest and the smallest swing of one season's place are left out where enough others remain.
    enough = 5
    return float(np.sort(group)[1:-1].mean() if len(group) >= enough else group.mean())
