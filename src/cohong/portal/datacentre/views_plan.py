"""The plan: each target with its path, how it stands, what is needed, and which cities and industries brought it here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_safe

from cohong.portal.datacentre import ahead, desk, figures, writing
from cohong.portal.datacentre.ahead import Ahead
from cohong.portal.datacentre.figures import Edition, Figure
from cohong.portal.design import charts
from cohong.portal.design.charts import Bar, Chart
from cohong.portal.design.frame import page
from cohong.portal.kept import kept
from cohong.statistics import api as statistics
from cohong.statistics.api import Comparison, Frequency, PointView, Scenario, TargetReading, TargetView
from cohong.statistics.api import IndicatorUnit as Unit

_TONES: Final = {"met": "done", "on_track": "done", "behind": "call", "missed": "call"}
_UNITS: Final = {
    "money": Unit.MONEY,
    "percent": Unit.PERCENT,
    "persons": Unit.PERSONS,
    "firms": Unit.FIRMS,
    "number": Unit.NUMBER,
}
_MOST_PARTS: Final = 8


@dataclass(frozen=True, slots=True)
class Target:
    """A target as the page shows it."""

    code: str
    name: str
    note: str
    aim: str
    due: date
    now: str
    when: str
    reading: TargetReading | None
    tone: str
    progress: int | None
    path: str
    needed: str
    chart: Chart | None
    to: str
    ahead: Ahead | None


@require_safe
@page
def plan(request: HttpRequest) -> HttpResponse:
    """Show the plan's targets, who contributed, and what the plan started from."""
    of = figures.edition(request)
    language = desk.language()
    here = desk.home()
    views = [
        one
        for one in statistics.targets()
        if not one.terms.region_code or here is None or one.terms.region_code == here.province.code
    ]
    views.sort(key=lambda one: (one.terms.baseline is None, one.terms.due, one.code))
    codes = tuple(dict.fromkeys(_wanted(views)))
    years = desk.own_series(of, codes, Frequency.YEAR) if codes else {}
    shipped = statistics.target_plan()
    # What is to be expected rests on what is published now.
    scenarios = {} if of.working or of.pinned else _scenarios(of.number)
    context = {
        "plan": shipped.names.shown(language),
        "targets": [_target(of, one, years, scenarios.get(one.code)) for one in views],
        "parts": _contributions(of, years.get("turnover", [])),
        "context": [
            (
                one.names.shown(language),
                one.year,
                writing.figure(one.value, _UNITS[one.unit]),
                one.share_percent,
                one.share_of.shown(language),
                one.above_nation_points,
            )
            for one in shipped.context
        ],
    }
    return desk.show_data(request, "plan", of, context)


def _wanted(views: list[TargetView]) -> list[str]:
    known = statistics.tree().by_code
    named = [code for one in views for code in (one.terms.indicator, one.terms.against) if code in known]
    return [*named, "turnover"]


@kept(300)
def _scenarios(_release: int) -> Mapping[str, Scenario]:
    return statistics.plan_scenarios()


@kept(300)
def _platforms(year: int, each_above: Decimal) -> int | None:
    return statistics.platforms_above(year=year, each_above=each_above)


def _target(
    of: Edition, view: TargetView, years: Mapping[str, list[Figure]], scenario: Scenario | None
) -> Target:
    terms, language = view.terms, desk.language()
    unit = _UNITS[terms.unit]
    values = {
        one.period: one.value
        for one in desk.complete(of, years.get(terms.indicator, []))
        if one.value is not None
    }
    if terms.comparison is Comparison.MORE_UNITS and terms.each_above is not None:
        counted = {year: _platforms(int(year), terms.each_above) for year in sorted(values)[-6:]}
        values = {year: Decimal(count) for year, count in counted.items() if count is not None}
    last = max((year for year in values if int(year) <= terms.due.year), default=max(values, default=""))
    reading = None
    if last:
        others = {one.period: one.value for one in years.get(terms.against, []) if one.value is not None}
        reading = statistics.target_reading(
            terms, values[last], min(date(int(last), 12, 31), terms.due), other=others.get(last)
        )
    aim = writing.figure(terms.value, unit) if terms.value is not None else ""
    if terms.against in statistics.tree().by_code:
        aim = str(statistics.tree().by_code[terms.against].names)
    return Target(
        code=view.code,
        name=terms.names.shown(language),
        note=terms.note.shown(language),
        aim=aim,
        due=terms.due,
        now=writing.figure(values[last], unit) if last else "",
        when=writing.period(last) if last else "",
        reading=reading,
        tone=_TONES.get(str(reading.standing), "way") if reading else "",
        progress=_percent(reading),
        path=writing.figure(reading.path, unit) if reading and reading.path is not None else "",
        needed=writing.percent(reading.growth_needed * 100)
        if reading and reading.growth_needed is not None and reading.growth_needed > 0
        else "",
        chart=_chart(view, values, unit, scenario.ahead if scenario else ()),
        to=reverse("portal:data_indicator", args=[terms.indicator]) + desk.keep(of, more="f=year")
        if terms.indicator in statistics.tree().by_code
        else "",
        ahead=ahead.said(scenario, unit) if scenario else None,
    )


def _percent(reading: TargetReading | None) -> int | None:
    if reading is None or reading.progress is None:
        return None
    return max(0, min(100, int(reading.progress * 100)))


def _chart(
    view: TargetView, values: Mapping[str, Decimal], unit: Unit, expected: Sequence[PointView]
) -> Chart | None:
    """Draw the actual figures over the path, and what is expected of the years to come."""
    path = {str(point.on.year): point.value for point in statistics.target_path(view.terms)}
    to_come = {one.period: one for one in expected if one.period not in values}
    labels = sorted({*path, *values, *to_come})
    if len(labels) < 2:  # noqa: PLR2004 - one figure is no way
        return None
    some = [charts.Series(pgettext("target", "Actual"), [values.get(year) for year in labels], "blue")]
    if path:
        name = pgettext("target", "Path")
        some.append(charts.Series(name, [path.get(year) for year in labels], "soft"))
    band = None
    if to_come and values:
        # The line and the band go on from the last actual figure.
        last = max(values)
        points, low, high = (
            {last: values[last]} | {year: getattr(one, part) for year, one in to_come.items()}
            for part in ("point", "lower_80", "upper_80")
        )
        name = pgettext("chart", "Expected")
        some.append(charts.Series(name, [points.get(year) for year in labels], "jade"))
        said = gettext("In four of five cases between these")
        band = charts.Band(said, [low.get(year) for year in labels], [high.get(year) for year in labels])
    axis = writing.percent if unit is Unit.PERCENT else writing.axis
    return charts.lines(
        labels,
        some,
        title=view.terms.names.shown(desk.language()),
        shown=lambda value: writing.figure(Decimal(value), unit),
        axis=axis,
        band=band,
    )


@dataclass(frozen=True, slots=True)
class Parts:
    """Who brought the growth of a year, in percentage points."""

    title: str
    bars: tuple[Bar, ...]


def _contributions(of: Edition, turnover: list[Figure]) -> dict[str, Any] | None:
    known = [one.period for one in desk.complete(of, turnover) if one.value is not None]
    if len(known) < 2:  # noqa: PLR2004 - growth is between two
        return None
    before, now = known[-2], known[-1]
    cells = figures.cells(of, ["turnover"], [before, now])
    language = desk.language()
    here = desk.home()
    cities = {one.code: one.name for one in here.cities} if here else {}
    industries = {one.code: one.names.shown(language) for one in desk.industries()}
    by_city = _pairs(cells, before, now, lambda one: "" if one.industry else one.region)
    by_industry = _pairs(cells, before, now, lambda one: "" if one.region else one.industry)
    parts = [
        Parts(pgettext("data centre", "Cities"), _points(of, "data_city", cities, by_city)),
        Parts(pgettext("data centre", "Industries"), _points(of, "data_industry", industries, by_industry)),
    ]
    return {"before": before, "now": now, "parts": [one for one in parts if one.bars]}


def _pairs(cells: list[Figure], before: str, now: str, of: Any) -> tuple[dict[str, int], dict[str, int]]:
    """Take the figures of those that are known in both years, in whole yuan."""
    found: dict[str, dict[str, int]] = {before: {}, now: {}}
    for one in cells:
        code = of(one)
        if code and not one.market and one.value is not None:
            found[one.period][code] = int(one.value)
    both = found[before].keys() & found[now].keys()
    return {code: found[before][code] for code in both}, {code: found[now][code] for code in both}


def _points(
    of: Edition, page_name: str, names: Mapping[str, str], pairs: tuple[dict[str, int], dict[str, int]]
) -> tuple[Bar, ...]:
    before, now = ({code: value for code, value in each.items() if code in names} for each in pairs)
    if sum(before.values()) <= 0:
        return ()
    found = statistics.contributions(before, now)
    points = statistics.printed_points(found, base=sum(before.values()))
    ordered = sorted(points, key=lambda code: -points[code])[:_MOST_PARTS]
    return charts.bars(
        [(names[code], points[code]) for code in ordered],
        shown=lambda value: f"{value:+}",
        links=[reverse(f"portal:{page_name}", args=[code]) + desk.keep(of) for code in ordered],
    )
