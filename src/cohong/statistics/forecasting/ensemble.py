"""The ensemble: the median of five members, with bands from what the members leave possible.

Members are the dynamic optimised theta model, exponential smoothing, complex smoothing, ARIMA and the local and global
trend of this package, which counts twice: forecasts of earlier parts of series, from their still earlier parts, show it
the most reliable. The median of unlike models is hard to beat and cannot be led astray by one.

Bands lie midway between two ways to combine: quantiles of a pool, the possible futures of the trend model centred once on
each member; and the trend model's own quantiles about the median. The pool holds the noise, the doubt about parameters
and the members' disagreement, and is known to be too wide where members are right (a mixture of calibrated forecasts is
never calibrated: Gneiting and Ranjan, 2013); the other is too narrow where all are wrong. Nothing in it was fitted to any
collection of series.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cohong.statistics.forecasting import local_trend, members
from cohong.statistics.forecasting.seasonal import Season, season_of
from cohong.statistics.forecasting.shapes import (
    FEWEST_VALUES,
    LEVELS,
    TREND_MODEL,
    Band,
    Outlook,
    TooShort,
    Widening,
)

Floats = NDArray[np.float64]

_ENOUGH: Final = 14
_POOLED: Final = 1500
_BELIEF: Final = 0.5
_DOUBT: Final = 20
_WIDENINGS: Final = (0.7, 1.6)


@dataclass(frozen=True, slots=True)
class _Cut:
    level: int
    lower: Floats
    upper: Floats


def forecast(
    values: Sequence[float],
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
    if len(history) < FEWEST_VALUES:
        raise TooShort
    if np.ptp(history) == 0:
        same = (float(history[-1]),) * horizon
        return Outlook(same, tuple(Band(level, same, same) for level in levels), {TREND_MODEL: same})
    scale = float(np.mean(np.abs(history)))
    seasonal = season_of(history / scale, season)
    paths = _futures(history / scale, seasonal, horizon)
    centre = np.median(paths, axis=1)
    low, high = np.quantile(paths, (0.005, 0.995), axis=1)
    alone = members.points(history / scale, seasonal, season, horizon)
    # A member that leaves what the trend model holds possible at all has run away: it is brought back to the edge.
    bounded = {name: np.clip(points, low, high) for name, points in alone.items()} | {TREND_MODEL: centre}
    counted = np.array([*bounded.values(), centre])
    points = np.median(counted, axis=0)
    bands = _bands(paths[:, :_POOLED] - centre[:, None], points, counted, levels)
    floor = 0.0 if history.min() >= 0 else -np.inf
    short = max(1.0, float(np.sqrt(_ENOUGH / len(history))))
    widening = widening or Widening()
    return Outlook(
        _plain(scale * np.maximum(points, floor)),
        tuple(_widened(band, points, short * widening.of(band.level), scale, floor) for band in bands),
        {name: _plain(scale * one) for name, one in (alone | {TREND_MODEL: centre}).items()},
    )


def learned(histories: Iterable[Sequence[float]], *, season: int, horizon: int) -> Widening:
    """Learn by how much to widen the bands of series that are alike, from their own past alone.

    Each history is cut before its last `horizon` values and forecast; the factor is what would have made bands cover as
    often as they say. One cut shares one fate among all series, so that at most half of what is found is believed, and
    less the fewer series there are.
    """
    missed: dict[int, list[Floats]] = {level: [] for level in LEVELS}
    windows = 0
    for history in histories:
        if len(history) - horizon < max(2 * season + FEWEST_VALUES, 2 * FEWEST_VALUES):
            continue
        outlook = forecast(history[:-horizon], season=season, horizon=horizon)
        off = np.asarray(history[-horizon:]) - outlook.points
        windows += 1
        for level in LEVELS:
            band = outlook.band(level)
            side = np.where(off >= 0, band.upper, band.lower) - np.asarray(outlook.points)
            missed[level].append(np.abs(off) / np.maximum(np.abs(side), 1e-12))
    belief = _BELIEF * windows / (windows + _DOUBT)
    return Widening({level: _factor(parts, level, belief) for level, parts in missed.items() if parts})


def _factor(missed: Sequence[Floats], level: int, belief: float) -> float:
    found = float(np.clip(np.quantile(np.concatenate(missed), level / 100), *_WIDENINGS))
    return 1 + belief * (found - 1)


def _futures(history: Floats, seasonal: Season, horizon: int) -> Floats:
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        paths = local_trend.futures(seasonal.adjust(history), horizon)
    return seasonal.restore_paths(paths, len(history), np.random.default_rng(2))


def _bands(errors: Floats, points: Floats, centres: Floats, levels: Sequence[int]) -> list[_Cut]:
    pool = np.concatenate([errors + centre[:, None] for centre in centres], axis=1)
    outside = [(100 - level) / 200 for level in levels]
    chances = [*outside, *(1 - part for part in outside)]
    cuts = (np.quantile(pool, chances, axis=1) + points + np.quantile(errors, chances, axis=1)) / 2
    return [
        _Cut(level, np.minimum(cuts[place], points), np.maximum(cuts[place + len(levels)], points))
        for place, level in enumerate(levels)
    ]


def _widened(band: _Cut, points: Floats, factor: float, scale: float, floor: float) -> Band:
    return Band(
        band.level,
        _plain(scale * np.maximum(points - factor * (points - band.lower), floor)),
        _plain(scale * np.maximum(points + factor * (band.upper - points), floor)),
    )


def _plain(values: Floats) -> tuple[float, ...]:
    return tuple(values.tolist())
