"""Forecasts as they were made, with what came of them."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from cohong.kernel import sets
from cohong.parties.api import Actor
from cohong.statistics.access import READ, remit_of
from cohong.statistics.forecasting import refusals as no
from cohong.statistics.forecasting.prospects import prospect_of
from cohong.statistics.forecasting.views import ForecastView, PointView, Prospect
from cohong.statistics.models import Forecast
from cohong.statistics.periods import Frequency

_POINTS = """
select p.forecast_id, p.period, p.point, p.lower_80, p.upper_80, p.lower_95, p.upper_95, s.actual, s.smape
from statistics_forecast_point p
left join lateral (
    select actual, smape from statistics_forecast_score s where s.point_id = p.id order by number desc limit 1
) s on true
where p.forecast_id = any(%s) order by p.forecast_id, p.ahead
"""


def forecast(*, actor: Actor, forecast_id: UUID) -> ForecastView:
    """Return a forecast. For the authority that answers for its region. Raises NoSuchForecast, MandateMissing."""
    remit = remit_of(actor, scope=READ)
    found = Forecast.objects.filter(id=forecast_id).first()
    if found is None or not remit.covers_figure(found.region):
        raise no.NoSuchForecast
    return views_of([found])[0]


def forecasts(
    *,
    actor: Actor,
    indicator: str,
    region: str = "",
    industry: str = "",
    frequency: Frequency | None = None,
    most: int = 20,
) -> list[ForecastView]:
    """Return the forecasts of a series, the newest first; region and industry empty: of the total.

    For the authority that answers for the region; a page that shows a forecast to others asks as the system, and answers
    for it that the series is published. Raises NotYourRegion, MandateMissing.
    """
    remit_of(actor, scope=READ).check_figure(region)
    found = Forecast.objects.filter(indicator=indicator, region=region, industry=industry)
    if frequency is not None:
        found = found.filter(frequency=frequency)
    return views_of(list(found.order_by("-made_at", "-id")[:most]))


def prospect(
    *, actor: Actor, forecast_id: UUID, period: str, target: Decimal, at_most: bool = False
) -> Prospect:
    """Weigh a target for a period (a value to be reached; with `at_most`, not to be exceeded) against a forecast.

    Raises NoSuchForecast, PeriodNotForecast, MandateMissing.
    """
    made = forecast(actor=actor, forecast_id=forecast_id)
    for ahead, expected in enumerate(made.points, start=1):
        if expected.period == period:
            return prospect_of(
                expected, target=target, last_value=made.last_value, periods=ahead, at_most=at_most
            )
    raise no.PeriodNotForecast(period=period)


def views_of(found: Sequence[Forecast]) -> list[ForecastView]:
    """Show forecasts with what came of them."""
    points: dict[UUID, list[PointView]] = {one.id: [] for one in found}
    for id_, *row in sets.fetch(_POINTS, (list(points),)):
        points[id_].append(PointView(*row))
    return [
        ForecastView(
            id=one.id,
            made_at=one.made_at,
            indicator=one.indicator,
            region=one.region,
            industry=one.industry,
            frequency=Frequency(one.frequency),
            model=one.model,
            last_period=one.last_period,
            last_value=one.last_value,
            points=tuple(points[one.id]),
            document=one.document,
            release=one.release,
        )
        for one in found
    ]
