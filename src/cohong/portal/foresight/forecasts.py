"""Forecasts for everyone: of what is published, with what earlier ones were worth, and the plan's targets weighed."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cohong.kernel.errors import NotFound
from cohong.portal.datacentre import ahead, desk, figures, writing
from cohong.portal.design import charts
from cohong.portal.design.frame import page, show
from cohong.portal.foresight import wording
from cohong.statistics import api as statistics
from cohong.statistics.api import Frequency, IndicatorUnit, PublicForecast

_SHOWN: Final = {Frequency.YEAR: 10, Frequency.QUARTER: 16, Frequency.MONTH: 36, Frequency.DAY: 60}
_HELD: Final = 12


@require_safe
@page
def forecasts(request: HttpRequest) -> HttpResponse:
    """List the published series that are forecast, each with what is to be expected next."""
    rows = [
        {
            "row": one,
            "name": wording.indicator(one.indicator),
            "cell": wording.cell(one.region, one.industry),
            "frequency": wording.FREQUENCIES[one.frequency],
            "period": writing.period(one.period),
            "expected": writing.figure(one.point, wording.unit_of(one.indicator)),
            "between": ahead.between(one.lower_80, one.upper_80, wording.unit_of(one.indicator)),
        }
        for one in statistics.public_forecasts()
    ]
    return show(request, "foresight/forecasts.html", {"edition": figures.edition(request), "rows": rows})


@dataclass(frozen=True, slots=True)
class _Held:
    """What was expected of a period by the last forecast before it, and what came."""

    period: str
    expected: str
    between: str
    actual: str
    off: str
    inside: bool


@require_safe
@page
def forecast(request: HttpRequest, indicator: str) -> HttpResponse:
    """Show a series' newest forecast: drawn, in figures, beside the record of those before it, against the plan."""
    asked = request.GET.get("frequency", "month")
    frequency = Frequency(asked) if asked in list(Frequency) else Frequency.MONTH
    region, industry = request.GET.get("region", "")[:40], request.GET.get("industry", "")[:40]
    found = statistics.public_forecast(
        indicator=indicator, frequency=frequency, region=region, industry=industry
    )
    if found is None:
        raise NotFound
    unit = wording.unit_of(indicator)
    home = desk.home()
    context: dict[str, Any] = {
        "edition": figures.edition(request),
        "name": wording.indicator(indicator),
        "cell": wording.cell(region, industry),
        "frequency": wording.FREQUENCIES[frequency],
        "found": found,
        "chart": _drawn(found, frequency, unit),
        "last": writing.period(found.newest.last_period),
        "points": [
            {
                "period": writing.period(one.period),
                "expected": writing.figure(one.point, unit),
                "likely": ahead.between(one.lower_80, one.upper_80, unit),
                "wide": ahead.between(one.lower_95, one.upper_95, unit),
                "actual": writing.figure(one.actual, unit) if one.actual is not None else "",
            }
            for one in found.newest.points
        ],
        "record": found.record
        and {
            "scored": found.record.scored,
            "smape": writing.percent(found.record.smape),
            "inside_80": wording.share(found.record.inside_80),
            "inside_95": wording.share(found.record.inside_95),
        },
        "held": _held(found, unit),
        "scenarios": [ahead.said(one, unit) for one in found.scenarios],
        "home": home,
    }
    return show(request, "foresight/forecast.html", context)


def _drawn(found: PublicForecast, frequency: Frequency, unit: IndicatorUnit) -> charts.Chart:
    known = found.history[-_SHOWN[frequency] :]
    ahead = found.newest.points
    labels = [writing.period(period) for period, _ in known] + [writing.period(one.period) for one in ahead]
    nothing_before: list[Decimal | None] = [None] * (len(known) - 1)
    nothing_ahead: list[Decimal | None] = [None] * len(ahead)
    last = known[-1][1]
    return charts.lines(
        labels,
        [
            charts.Series(str(wording.PUBLISHED), [*(value for _, value in known), *nothing_ahead]),
            charts.Series(
                str(wording.EXPECTED), [*nothing_before, last, *(one.point for one in ahead)], tone="jade"
            ),
        ],
        title=str(wording.CHART_TITLE),
        shown=lambda value: writing.figure(Decimal(value), unit),
        axis=writing.axis,
        band=charts.Band(
            str(wording.BAND),
            [*nothing_before, last, *(one.lower_80 for one in ahead)],
            [*nothing_before, last, *(one.upper_80 for one in ahead)],
        ),
    )


def _held(found: PublicForecast, unit: IndicatorUnit) -> list[_Held]:
    """Hold the forecasts that were the newest before each period against what came of it, the newest period first."""
    seen: dict[str, _Held] = {}
    for made in (found.newest, *found.earlier):
        for one in made.points:
            if one.actual is None or one.smape is None or one.period in seen:
                continue
            seen[one.period] = _Held(
                period=writing.period(one.period),
                expected=writing.figure(one.point, unit),
                between=ahead.between(one.lower_80, one.upper_80, unit),
                actual=writing.figure(one.actual, unit),
                off=writing.growth(one.actual, one.point),
                inside=one.lower_80 <= one.actual <= one.upper_80,
            )
    return [held for _, held in sorted(seen.items(), reverse=True)][:_HELD]
