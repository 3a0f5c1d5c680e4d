"""The models that forecast alone, each known in the field, each with its own idea of how a series goes on."""

import warnings
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cohong.statistics.forecasting.seasonal import Season, season_of

Floats = NDArray[np.float64]

_FEWEST: Final = 6


def points(values: Floats, seasonal: Season, season: int, horizon: int) -> dict[str, Floats]:
    """Forecast with each member that this history is long enough for; a member that fails is left out.

    Theta, ETS and CES find the season their own ways. ARIMA is given the adjusted series: seasonal orders cost many times
    the search and, on series with a put-on season, forecast worse.
    """
    if len(values) < _FEWEST:
        return {}
    own = season if len(values) >= 2 * season + _FEWEST else 1
    forecasts = {name: _of(make(own), values, horizon) for name, make in _SEASONAL.items()}
    adjusted = _of(_arima(), seasonal.adjust(values), horizon)
    forecasts["arima"] = None if adjusted is None else seasonal.restore(adjusted, len(values))
    return {name: forecast for name, forecast in forecasts.items() if forecast is not None}


def naive(values: Sequence[float], season: int, horizon: int) -> Floats:
    """Repeat the last value, freed of the season that is then put back."""
    history = np.asarray(values, dtype=np.float64)
    seasonal = season_of(history, season)
    return seasonal.restore(np.full(horizon, seasonal.adjust(history)[-1]), len(history))


def _of(model: Any, values: Floats, horizon: int) -> Floats | None:
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            forecast = np.asarray(model.forecast(values, horizon)["mean"], dtype=np.float64)
    except (
        ValueError,
        ArithmeticError,
        IndexError,
        KeyError,
        TypeError,
        RuntimeError,
        np.linalg.LinAlgError,
    ):
        return None
    except Exception as unfit:
        # The libraries refuse what they cannot fit with a bare Exception; anything more particular is a mistake.
        if type(unfit) is not Exception:
            raise
        return None
    return forecast if np.all(np.isfinite(forecast)) else None


def _theta(season: int) -> Any:
    from statsforecast.models import DynamicOptimizedTheta  # noqa: PLC0415 - slow to import

    return DynamicOptimizedTheta(season_length=season)


def _ets(season: int) -> Any:
    from statsforecast.models import AutoETS  # noqa: PLC0415 - slow to import

    return AutoETS(season_length=season)


def _ces(season: int) -> Any:
    from statsforecast.models import AutoCES  # noqa: PLC0415 - slow to import

    return AutoCES(season_length=season)


def _arima() -> Any:
    from statsforecast.models import AutoARIMA  # noqa: PLC0415 - slow to import

    return AutoARIMA(season_length=1)


_SEASONAL: Final[dict[str, Callable[[int], Any]]] = {"theta": _theta, "ets": _ets, "ces": _ces}
