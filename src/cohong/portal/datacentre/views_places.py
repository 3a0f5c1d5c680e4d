"""A city, an industry, a market: how much of the whole it is, how it went, what it is made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from cohong.kernel.errors import NotFound
from cohong.parties import api as parties
from cohong.portal.datacentre import desk, figures, views_overview, writing
from cohong.portal.datacentre.figures import Cut, Edition, Figure
from cohong.portal.design import charts
from cohong.portal.design.frame import page
from cohong.statistics.api import Frequency
from cohong.statistics.api import IndicatorUnit as Unit

_HEAD: Final = (
    *("turnover", "orders", "retail_sales", "turnover_cross_border", "sellers", "shoppers"),
    *("share_mobile", "order_value", "delivery_days", "return_rate"),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a page is about: its cut, its name, and how its peers are found among cells."""

    cut: Cut
    name: str
    title: str
    #: The code by which a cell is of one of its peers, "" for all other cells.
    peer: Callable[[Figure], str]


@require_safe
@page
def city(request: HttpRequest, code: str) -> HttpResponse:
    """Show a city: its rank among the cities, its industries."""
    found = next((one for one in parties.regions() if one.code == code), None)
    if found is None:
        raise NotFound
    here = desk.home()
    cities = {one.code for one in (here.cities if here else ())} | {code}
    subject = Subject(
        Cut(region=code),
        found.names.shown(desk.language()),
        pgettext("data centre", "Cities"),
        lambda one: one.region if one.region in cities and not one.industry and not one.market else "",
    )
    return _show(request, subject)


@require_safe
@page
def industry(request: HttpRequest, code: str) -> HttpResponse:
    """Show an industry: its rank, and its cities as a map."""
    found = next((one for one in desk.industries() if one.code == code), None)
    if found is None:
        raise NotFound
    subject = Subject(
        Cut(industry=code),
        found.names.shown(desk.language()),
        pgettext("data centre", "Industries"),
        lambda one: "" if one.region or one.market else one.industry,
    )
    return _show(request, subject)


@require_safe
@page
def market(request: HttpRequest, code: str) -> HttpResponse:
    """Show a market of the platform."""
    found = next((one for one in parties.markets() if one.code == code), None)
    if found is None:
        raise NotFound
    subject = Subject(
        Cut(market=code),
        found.names.shown(desk.language()),
        pgettext("data centre", "Markets"),
        lambda one: "" if one.region or one.industry else one.market,
    )
    return _show(request, subject)


@require_safe
@page
def places(request: HttpRequest) -> HttpResponse:
    """List all cities, industries and markets with their turnover of the last year."""
    of = figures.edition(request)
    totals = desk.own_series(of, ["turnover"], Frequency.YEAR)["turnover"]
    known = [one.period for one in totals if one.value is not None]
    year = desk.asked_year(request, of, totals)
    cells = [
        one for one in figures.cells(of, ["turnover"], [year] if year else []) if one.indicator == "turnover"
    ]
    language = desk.language()
    here = desk.home()
    regions = {one.code: one.name for one in here.cities} if here else {}
    names = {one.code: one.names.shown(language) for one in desk.industries()}
    markets = {one.code: one.names.shown(language) for one in parties.markets()}
    by = {
        "region": {one.region: one for one in cells if not one.industry and not one.market},
        "industry": {one.industry: one for one in cells if not one.region and not one.market},
        "market": {one.market: one for one in cells if one.market},
    }
    groups = [
        (pgettext("data centre", "Cities"), _bars(of, "data_city", regions, by["region"])),
        (pgettext("data centre", "Industries"), _bars(of, "data_industry", names, by["industry"])),
        (pgettext("data centre", "Markets"), _bars(of, "data_market", markets, by["market"])),
    ]
    return desk.show_data(request, "places", of, {"groups": groups, "year": year, "years": known[-6:]})


def _bars(of: Edition, page_name: str, names: dict[str, str], found: dict[str, Figure]) -> tuple[Any, ...]:
    ordered = sorted(names, key=lambda code: -_known(found.get(code)))
    return charts.bars(
        [(names[code], _known(found.get(code))) for code in ordered],
        shown=partial(writing.figure, unit=Unit.MONEY),
        links=[reverse(f"portal:{page_name}", args=[code]) + desk.keep(of) for code in ordered],
    )


def _known(one: Figure | None) -> Decimal:
    return one.value if one is not None and one.value is not None else Decimal(0)


def _show(request: HttpRequest, subject: Subject) -> HttpResponse:
    of = figures.edition(request)
    years = figures.series(of, _HEAD, subject.cut, frequency=Frequency.YEAR)
    months = figures.series(of, ["turnover"], subject.cut)["turnover"]
    known = [one.period for one in years["turnover"] if one.value is not None or one.withheld]
    year = desk.asked_year(request, of, years["turnover"])
    cells = figures.cells(of, ["turnover"], [year] if year else [])
    turnover = {"turnover": years["turnover"]}
    context = {
        "subject": subject,
        "headlines": [one for code in _HEAD if (one := desk.headline(of, code, years[code]))],
        "rank": _rank(subject, cells),
        "turnover": desk.drawn(
            of, turnover, charts.columns, title=pgettext("data centre", "Turnover by year")
        ),
        "monthly": desk.drawn(
            of, {"turnover": months}, charts.lines, title=pgettext("data centre", "Turnover by month")
        )
        if months
        else None,
        "year": year,
        "years": known[-6:],
        "industries": views_overview.industry_bars(of, cells, region=subject.cut.region)
        if subject.cut.region
        else (),
        "map": views_overview.city_map(of, "turnover", year, cells, industry=subject.cut.industry)
        if subject.cut.industry
        else None,
    }
    return desk.show_data(request, "place", of, context)


def _rank(subject: Subject, cells: Sequence[Figure]) -> dict[str, Any] | None:
    """Tell which place among its peers it takes, and which share of them it has."""
    own = subject.cut.region or subject.cut.industry or subject.cut.market
    found = {
        code: one.value
        for one in cells
        if one.indicator == "turnover" and (code := subject.peer(one)) and one.value is not None
    }
    if own not in found:
        return None
    total = sum(found.values())
    return {
        "place": sorted(found.values(), reverse=True).index(found[own]) + 1,
        "of": len(found),
        "share": writing.percent(found[own] * 100 / total) if total else "",
    }
