"""Forecasts that everyone may see: made from published figures, and held against published figures.

Whatever is not published has no forecast here: a series of which anything within its last year is withheld has none at all.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from django.utils.timezone import localdate

from cohong.kernel import clock, sets
from cohong.statistics.forecasting.reading import views_of
from cohong.statistics.forecasting.scenarios import Scenario, Unweighed, weighed
from cohong.statistics.forecasting.shapes import FEWEST, MODEL
from cohong.statistics.forecasting.views import ForecastView, PointView
from cohong.statistics.models import Forecast
from cohong.statistics.periods import Frequency, Period
from cohong.statistics.publishing.selectors import PublishedView, published_series
from cohong.statistics.targets.reading import targets
from cohong.statistics.targets.shapes import TargetView
from cohong.statistics.targets.words import Comparison

_PLACES: Final = Decimal("0.000001")
_MOST: Final = 24


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """How far off forecasts of the series were: points with a published value, mean sMAPE, shares inside the bands."""

    scored: int
    smape: Decimal
    inside_80: Decimal
    inside_95: Decimal


@dataclass(frozen=True, slots=True)
class PublicRow:
    """What is to be expected of a published series' next period."""

    indicator: str
    frequency: Frequency
    region: str
    industry: str
    period: str
    point: Decimal
    lower_80: Decimal
    upper_80: Decimal


@dataclass(frozen=True, slots=True)
class PublicForecast:
    """The newest forecast of a published series: its figures, the forecast, those before it, what came of them, and targets."""

    history: tuple[tuple[str, Decimal], ...]
    newest: ForecastView
    earlier: tuple[ForecastView, ...]
    record: PublicRecord | None
    scenarios: tuple[Scenario, ...]


def public_forecast(
    *, indicator: str, frequency: Frequency = Frequency.MONTH, region: str = "", industry: str = ""
) -> PublicForecast | None:
    """Return the forecast of a published series; None where there is none, or the series is not published whole."""
    published = published_series(
        indicators=[indicator], frequency=frequency, region=region, industry=industry
    )
    last_year = published[-frequency.a_year :]
    if not last_year or any(one.withheld or one.value is None for one in last_year):
        return None
    found = views_of(
        list(
            Forecast.objects.filter(
                indicator=indicator,
                frequency=frequency,
                region=region,
                industry=industry,
                model=MODEL,
                release__isnull=False,
            ).order_by("-made_at", "-id")[:_MOST]
        )
    )
    if not found:
        return None
    known = {one.period: one.value for one in published if one.value is not None}
    shown = [replace(one, points=tuple(_held_against(point, known) for point in one.points)) for one in found]
    return PublicForecast(
        history=tuple((period, value) for period, value in known.items() if period <= shown[0].last_period),
        newest=shown[0],
        earlier=tuple(shown[1:]),
        record=_record(shown),
        scenarios=tuple(
            weighed(
                shown[0],
                {period: value for period, value in known.items() if not _is_running(period)},
                targets(),
            )
        ),
    )


_NEWEST = """
with newest as (
    select distinct on (indicator, frequency, region, industry) id, indicator, frequency, region, industry, last_period
    from statistics_forecast where release is not null and model = %s
    order by indicator, frequency, region, industry, made_at desc, id desc
), shown as (
    select distinct on (v.indicator, v.region, v.industry, v.period) n.id, v.withheld, v.value
    from newest n join statistics_released_value v on v.indicator = n.indicator and v.region = n.region
        and v.industry = n.industry and v.market = '' and length(v.period) = length(n.last_period)
        and (v.period like '%%Q%%') = (n.last_period like '%%Q%%')
        and left(v.period, 4)::int >= left(n.last_period, 4)::int - 1
    order by v.indicator, v.region, v.industry, v.period, v.release_id desc
)
select n.indicator, n.frequency, n.region, n.industry, p.period, p.point, p.lower_80, p.upper_80
from newest n join statistics_forecast_point p on p.forecast_id = n.id and p.ahead = 1
where not exists (select from shown s where s.id = n.id and (s.withheld <> '' or s.value is null))
order by n.region <> '' or n.industry <> '', n.indicator, n.frequency, n.region, n.industry
"""


def public_forecasts() -> list[PublicRow]:
    """Return what is to be expected next of each published series that is forecast; the whole first."""
    return [PublicRow(row[0], Frequency(row[1]), *row[2:]) for row in sets.fetch(_NEWEST, (MODEL,))]


def _held_against(point: PointView, known: dict[str, Decimal]) -> PointView:
    actual = known.get(point.period)
    if actual is None or _is_running(point.period):
        return replace(point, actual=None, smape=None)
    size = abs(point.point) + abs(actual)
    smape = (200 * abs(point.point - actual) / size if size else Decimal(0)).quantize(_PLACES)
    return replace(point, actual=actual, smape=smape)


def _is_running(period: str) -> bool:
    return Period.parse(period).end >= localdate(clock.now())


def _record(shown: Sequence[ForecastView]) -> PublicRecord | None:
    scored = [(one, one.actual, one.smape) for view in shown for one in view.points]
    known = [
        (one, actual, smape) for one, actual, smape in scored if actual is not None and smape is not None
    ]
    if not known:
        return None
    count = len(known)
    return PublicRecord(
        scored=count,
        smape=sum((smape for _, _, smape in known), Decimal(0)) / count,
        inside_80=Decimal(sum(one.lower_80 <= actual <= one.upper_80 for one, actual, _ in known)) / count,
        inside_95=Decimal(sum(one.lower_95 <= actual <= one.upper_95 for one, actual, _ in known)) / count,
    )


def plan_scenarios() -> dict[str, Scenario]:
    """Hold the plan's targets against what is to be expected, by their codes; with the reason where that cannot be done.

    Public: from published figures alone. A target whose period is published already has none.
    """
    every = targets()
    found = {
        one.code: Scenario(one, why=Unweighed.OTHER_KIND)
        for one in every
        if one.terms.comparison is not Comparison.ABOVE_VALUE
    }
    valued = [one for one in every if one.code not in found]
    codes = list({one.terms.indicator for one in valued})
    made = {
        (indicator, Frequency(frequency), region)
        for indicator, frequency, region in sets.fetch(
            "select distinct indicator, frequency, region from statistics_forecast where indicator = any(%s)"
            " and industry = '' and model = %s and release is not null",
            (codes, MODEL),
        )
    }
    years = {
        region: published_series(indicators=codes, frequency=Frequency.YEAR, region=region)
        for region in {"", *(one.terms.region_code for one in valued)}
    }
    for one in valued:
        scenario = _scenario(one, made, years)
        if scenario is not None:
            found[one.code] = scenario
    return found


def _scenario(
    one: TargetView,
    made: Collection[tuple[str, Frequency, str]],
    years: Mapping[str, Sequence[PublishedView]],
) -> Scenario | None:
    terms = one.terms
    regions = tuple(dict.fromkeys((terms.region_code, "")))
    # What is known of a year under way counts most where it is finest.
    for frequency in (Frequency.MONTH, Frequency.QUARTER, Frequency.YEAR):
        for region in regions:
            if (terms.indicator, frequency, region) not in made:
                continue
            forecast = public_forecast(indicator=terms.indicator, frequency=frequency, region=region)
            for each in forecast.scenarios if forecast else ():
                if each.target.code == one.code:
                    return each
    known: list[str] = []
    for region in regions:
        known = known or [
            each.period
            for each in years[region]
            if each.indicator == terms.indicator and each.value is not None and not _is_running(each.period)
        ]
    if str(terms.due.year) in known:
        return None
    short = len(known) < FEWEST[Frequency.YEAR]
    return Scenario(one, why=Unweighed.TOO_SHORT if short else Unweighed.NOT_REACHED, known=len(known))
