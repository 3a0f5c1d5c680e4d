"""How far off forecasts were, in the measures of the field."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def smape(points: Sequence[float] | Floats, actuals: Sequence[float] | Floats) -> float:
    """Return the symmetric mean absolute percentage error, 0 to 200, as the M3 competition defines it."""
    forecast, actual = np.asarray(points, dtype=np.float64), np.asarray(actuals, dtype=np.float64)
    both = np.abs(forecast) + np.abs(actual)
    off = np.divide(200 * np.abs(forecast - actual), both, out=np.zeros_like(both), where=both > 0)
    return float(off.mean())


def mase(
    points: Sequence[float] | Floats,
    actuals: Sequence[float] | Floats,
    history: Sequence[float] | Floats,
    season: int = 1,
) -> float | None:
    """Return the mean absolute error over that of repeating the season before, within the history; None if that is none."""
    past = np.asarray(history, dtype=np.float64)
    lag = season if len(past) > season else 1
    if len(past) <= lag:
        return None
    scale = float(np.mean(np.abs(past[lag:] - past[:-lag])))
    if scale <= 0:
        return None
    off = np.abs(np.asarray(points, dtype=np.float64) - np.asarray(actuals, dtype=np.float64))
    return float(off.mean()) / scale
