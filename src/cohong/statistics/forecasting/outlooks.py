"""The forecast of a series with its time: as the ensemble's, with Spring Festival taken out before and put back after."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import NormalDist

import numpy as np

from cohong.statistics.forecasting import ensemble
from cohong.statistics.forecasting.festival import festival_of
from cohong.statistics.forecasting.festival_days import SPRING_FESTIVAL
from cohong.statistics.forecasting.series import Series
from cohong.statistics.forecasting.shapes import LEVELS, Band, Outlook, Widening
from cohong.statistics.periods import Period


def outlook_of(
    series: Series,
    horizon: int,
    *,
    levels: Sequence[int] = LEVELS,
    widening: Widening | None = None,
    festival: bool = True,
) -> Outlook:
    """Forecast a series. Months and days are freed of Spring Festival, unless `festival` is off. Raises `TooShort`."""
    periods, ahead = series.periods(), series.ahead(horizon)
    values = np.asarray(series.values, dtype=np.float64)
    found = festival_of(values, periods) if festival and len(values) > series.season else None
    if found is None or np.ptp(values) == 0 or not _known(ahead):
        return ensemble.forecast(
            series.values, season=series.season, horizon=horizon, levels=levels, widening=widening
        )
    freed = tuple(found.take_out(values, periods).tolist())
    plain = ensemble.forecast(freed, season=series.season, horizon=horizon, levels=levels, widening=widening)
    points = found.put_back(np.asarray(plain.points), ahead)
    floor = 0.0 if values.min() >= 0 else -np.inf
    doubts = found.doubts(ahead) * (np.abs(points) if found.multiplies else found.unit)
    bands = []
    for band in plain.bands:
        more = NormalDist().inv_cdf(0.5 + band.level / 200) * doubts
        lower = points - np.hypot(points - found.put_back(np.asarray(band.lower), ahead), more)
        upper = points + np.hypot(found.put_back(np.asarray(band.upper), ahead) - points, more)
        bands.append(
            Band(
                band.level, tuple(np.maximum(lower, floor).tolist()), tuple(np.maximum(upper, floor).tolist())
            )
        )
    members = {
        name: tuple(found.put_back(np.asarray(one), ahead).tolist()) for name, one in plain.members.items()
    }
    return replace(
        plain, points=tuple(np.maximum(points, floor).tolist()), bands=tuple(bands), members=members
    )


def _known(ahead: Sequence[Period]) -> bool:
    return all(period.start.year in SPRING_FESTIVAL for period in ahead)
