"""The ensemble: the median of five members, with bands from what the members leave possible.

Members are the dynamic optimised theta model, exponential smoothing, complex smoothing, ARIMA and the local and global
trend of this package, which counts twice: forecasts of earlier parts of series, from their still earlier parts, show it the most
reliable. The median of unlike models is hard to beat and cannot be led astray by one. Bands are quantiles of a pool: the possible
futures of the trend model, centred once on each member, so that a band is as wide as the noise, the doubt about parameters
and the members' disagreement are together. Nothing in it was fitted to any collection of series.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cohong.statistics.forecasting import local_trend, members
from cohong.statistics.forecasting.seasonal import Season, season_of

Floats = NDArray[np.float64]

LEVELS: Final = (80, 95)
MODEL: Final = "ensemble-1"
"""The name that forecasts are stored under. A change of the method is a new name: their accuracy must not be mixed."""

FEWEST: Final = 3
_TREND: Final = "trend"
_ENOUGH: Final = 14
_POOLED: Final = 1500
_BELIEF: Final = 0.5
_DOUBT: Final = 20
_WIDENINGS: Final = (0.7, 1.6)


class TooShort(ValueError):  # noqa: N818 - says what happened, as refusals do
    """The history has too few values to say anything of what follows."""


@dataclass(frozen=True, slots=True)
class Band:
    """Between these, each period's value is to be expected with a chance of `level` percent."""

    level: int
    lower: Floats
    upper: Floats


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is to be expected of each period ahead: points, bands by level, and each member's own points."""

    points: Floats
    bands: tuple[Band, ...]
    members: Mapping[str, Floats] = field(default_factory=dict)

    def band(self, level: int) -> Band:
        """Return the band of a level."""
        return next(band for band in self.bands if band.level == level)


@dataclass(frozen=True, slots=True)
class Widening:
    """By how much bands of a level are widened: what earlier forecasts of the same kind of series have taught."""

    factors: Mapping[int, float] = field(default_factory=dict)

    def of(self, level: int) -> float:
        """Return the factor for a level."""
        return self.factors.get(level, 1.0)


def forecast(
    values: Sequence[float] | Floats,
    *,
    season: int,
    horizon: int,
    levels: Sequence[int] = LEVELS,
    widening: Widening | None = None,
) -> Outlook:
    """Forecast the next `horizon` values of a history; `season` periods make a season (1: none).

    A series without negative values gets no negative forecast. Raises `TooShort` below three values.
    """
    history = np.asarray(values, dtype=np.float64)
    if len(history) < FEWEST:
        raise TooShort
    if np.ptp(history) == 0:
        same = np.full(horizon, history[-1])
        return Outlook(same, tuple(Band(level, same, same) for level in levels), {_TREND: same})
    scale = float(np.mean(np.abs(history)))
    seasonal = season_of(history / scale, season)
    paths = _futures(history / scale, seasonal, horizon)
    centre = np.median(paths, axis=1)
    low, high = np.quantile(paths, (0.005, 0.995), axis=1)
    alone = members.points(history / scale, seasonal, season, horizon)
    # A member that leaves what the trend model holds possible at all has run away: it is brought back to the edge.
    bounded = {name: np.clip(points, low, high) for name, points in alone.items()} | {_TREND: centre}
    counted = np.array([*bounded.values(), centre])
    points = np.median(counted, axis=0)
    bands = _bands(paths[:, :_POOLED] - centre[:, None], points, counted, levels)
    floor = 0.0 if history.min() >= 0 else -np.inf
    short = max(1.0, float(np.sqrt(_ENOUGH / len(history))))
    widening = widening or Widening()
    return Outlook(
        scale * np.maximum(points, floor),
        tuple(_widened(band, points, short * widening.of(band.level), scale, floor) for band in bands),
        {name: scale * one for name, one in alone.items()} | {_TREND: scale * centre},
    )


def learned(histories: Iterable[Floats], *, season: int, horizon: int) -> Widening:
    """Learn by how much to widen the bands of series that are alike, from their own past alone.

    Each history is cut before its last `horizon` values and forecast; the factor is what would have made bands cover as
    often as they say. One cut shares one fate among all series, so that at most half of what is found is believed, and
    less the fewer series there are.
    """
    missed: dict[int, list[Floats]] = {level: [] for level in LEVELS}
    windows = 0
    for history in histories:
        if len(history) - horizon < max(2 * season + FEWEST, 2 * FEWEST):
            continue
        past, then = history[:-horizon], history[-horizon:]
        outlook = forecast(past, season=season, horizon=horizon)
        windows += 1
        for level in LEVELS:
            band = outlook.band(level)
            side = np.where(then >= outlook.points, band.upper - outlook.points, outlook.points - band.lower)
            missed[level].append(np.abs(then - outlook.points) / np.maximum(side, 1e-12))
    belief = _BELIEF * windows / (windows + _DOUBT)
    return Widening({level: _factor(parts, level, belief) for level, parts in missed.items() if parts})


def _factor(missed: Sequence[Floats], level: int, belief: float) -> float:
    found = float(np.clip(np.quantile(np.concatenate(missed), level / 100), *_WIDENINGS))
    return 1 + belief * (found - 1)


def _futures(history: Floats, seasonal: Season, horizon: int) -> Floats:
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        paths = local_trend.futures(seasonal.adjust(history), horizon)
    return seasonal.restore_paths(paths, len(history), np.random.default_rng(2))


def _bands(errors: Floats, points: Floats, centres: Floats, levels: Sequence[int]) -> list[Band]:
    pool = np.concatenate([errors + centre[:, None] for centre in centres], axis=1)
    outside = [(100 - level) / 200 for level in levels]
    cuts = np.quantile(pool, [*outside, *(1 - part for part in outside)], axis=1)
    return [
        Band(level, np.minimum(cuts[place], points), np.maximum(cuts[place + len(levels)], points))
        for place, level in enumerate(levels)
    ]


def _widened(band: Band, points: Floats, factor: float, scale: float, floor: float) -> Band:
    return Band(
        band.level,
        scale * np.maximum(points - factor * (points - band.lower), floor),
        scale * np.maximum(points + factor * (band.upper - points), floor),
    )
