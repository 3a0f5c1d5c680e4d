"""Forecasts that everyone may see: made from published figures, and held against published figures.

Whatever is not published has no forecast here: a series of which anything within its last year is withheld has none at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.timezone import localdate

from cohong.kernel import clock
from cohong.statistics.forecasting.prospects import prospect_of
from cohong.statistics.forecasting.reading import views_of
from cohong.statistics.forecasting.shapes import MODEL
from cohong.statistics.forecasting.views import ForecastView, PointView, Prospect
from cohong.statistics.models import Forecast
from cohong.statistics.periods import Frequency, Period
from cohong.statistics.publishing.selectors import published_series
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
class PublicForecast:
    """The newest forecast of a published series: its figures, the forecast, those before it, what came of them, and targets."""

    history: tuple[tuple[str, Decimal], ...]
    newest: ForecastView
    earlier: tuple[ForecastView, ...]
    record: PublicRecord | None
    prospects: tuple[tuple[TargetView, Prospect], ...]


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
        prospects=tuple(_prospects(shown[0])),
    )


def public_forecasts() -> list[tuple[str, Frequency, str, str]]:
    """Return which published series have forecasts: indicator, frequency, region and industry, in this order."""
    rows = (
        Forecast.objects.filter(release__isnull=False, model=MODEL)
        .order_by("indicator", "frequency", "region", "industry")
        .values_list("indicator", "frequency", "region", "industry")
        .distinct()
    )
    return [(code, Frequency(frequency), region, industry) for code, frequency, region, industry in rows]


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


def _prospects(made: ForecastView) -> list[tuple[TargetView, Prospect]]:
    """Weigh the forecast against the targets of the plan that are due within it."""
    ahead = {point.period: (place, point) for place, point in enumerate(made.points, start=1)}
    found = []
    for one in targets():
        terms = one.terms
        if terms.indicator != made.indicator or terms.comparison is not Comparison.ABOVE_VALUE:
            continue
        due = Period.of(terms.due, made.frequency).code
        if terms.value is None or terms.region_code != made.region or due not in ahead:
            continue
        # A year's target is one of a year's figure.
        if made.frequency is not Frequency.YEAR and terms.due == date(terms.due.year, 12, 31):
            continue
        place, point = ahead[due]
        found.append((one, prospect_of(point, target=terms.value, last_value=made.last_value, periods=place)))
    return found
