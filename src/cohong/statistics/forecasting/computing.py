"""The door to what computes: its libraries are slow to import, and are only when something is to be computed."""

from collections.abc import Iterable, Sequence

from cohong.statistics.forecasting.series import Series
from cohong.statistics.forecasting.shapes import LEVELS, Outlook, Widening


def outlook(
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
    from cohong.statistics.forecasting import ensemble  # noqa: PLC0415 - slow to import

    return ensemble.forecast(values, season=season, horizon=horizon, levels=levels, widening=widening)


def outlook_of(
    series: Series,
    horizon: int,
    *,
    levels: Sequence[int] = LEVELS,
    widening: Widening | None = None,
    festival: bool = True,
) -> Outlook:
    """Forecast a series. Months and days are freed of Spring Festival, unless `festival` is off.

    Raises `TooShort` below three values.
    """
    from cohong.statistics.forecasting import outlooks  # noqa: PLC0415 - slow to import

    return outlooks.outlook_of(series, horizon, levels=levels, widening=widening, festival=festival)


def learned_widening(histories: Iterable[Sequence[float]], *, season: int, horizon: int) -> Widening:
    """Learn by how much to widen the bands of series that are alike, from their own past alone."""
    from cohong.statistics.forecasting import ensemble  # noqa: PLC0415 - slow to import

    return ensemble.learned(histories, season=season, horizon=horizon)


def naive_forecast(values: Sequence[float], *, season: int, horizon: int) -> tuple[float, ...]:
    """Repeat the last value, freed of the season that is then put back (the M3 competition's Naive 2)."""
    from cohong.statistics.forecasting import members  # noqa: PLC0415 - slow to import

    return tuple(members.naive(values, season, horizon).tolist())


def smape(points: Sequence[float], actuals: Sequence[float]) -> float:
    """Return the symmetric mean absolute percentage error, 0 to 200, as the M3 competition defines it."""
    pairs = zip(points, actuals, strict=True)
    parts = [
        200 * abs(point - actual) / (abs(point) + abs(actual)) if point or actual else 0.0
        for point, actual in pairs
    ]
    return sum(parts) / len(parts)


def mase(
    points: Sequence[float], actuals: Sequence[float], history: Sequence[float], season: int = 1
) -> float | None:
    """Return the mean absolute error over that of repeating the season before, within the history; None if that is none."""
    lag = season if len(history) > season else 1
    steps = [abs(after - before) for before, after in zip(history, history[lag:], strict=False)]
    if not any(steps):
        return None
    errors = [abs(point - actual) for point, actual in zip(points, actuals, strict=True)]
    return sum(errors) / len(errors) / (sum(steps) / len(steps))
