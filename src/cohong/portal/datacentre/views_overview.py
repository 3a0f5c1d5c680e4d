"""The province at a glance."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from cohong.portal.datacentre import desk, figures, tiles, writing
from cohong.portal.datacentre.figures import Edition, Figure
from cohong.portal.design import charts
from cohong.portal.design.frame import page
from cohong.portal.kept import kept
from cohong.statistics import api as statistics
from cohong.statistics.api import Frequency
from cohong.statistics.api import IndicatorUnit as Unit

_HEAD: Final = (
    *("region_turnover", "region_retail", "retail_share", "turnover", "orders", "retail_sales", "shoppers"),
    *("turnover_cross_border", "share_mobile", "delivery_days"),
)
_FORMS: Final = ("turnover_b2b", "turnover_b2c", "turnover_c2c", "turnover_c2b")
_KINDS: Final = ("turnover_goods", "turnover_services")
_SHARES: Final = ("share_mobile", "share_cross_border", "share_services")
_YEAR_LENGTH: Final = 4
#: What the map can be inked by.
MAPPED: Final = (
    *("turnover", "region_turnover", "region_retail", "retail_sales", "turnover_cross_border", "orders"),
    *(
        "sellers",
        "shoppers",
        "share_mobile",
        "share_b2b",
        "order_value",
        "retail_share",
        "delivery_days",
        "return_rate",
    ),
)


@require_safe
@page
def overview(request: HttpRequest) -> HttpResponse:
    """Show the province: its headline figures, five years, what they are made of, the map, the industries."""
    of = figures.edition(request)
    mapped = desk.asked_among(request, "map", MAPPED, "turnover")
    year = request.GET.get("year", "")[:_YEAR_LENGTH]
    # A release stays as it is, and so does what is drawn of it.
    part = (_part if of.working or not of.number else _kept_part)(of.shared, desk.language(), year, mapped)
    return desk.show_data(request, "overview", of, {"home": desk.home(), "part": part})


def _part(of: Edition, _language: str, year: str, mapped: str) -> SafeString:
    return render_to_string("datacentre/overview_part.html", _context(of, year, mapped))


@kept(300)
def _kept_part(of: Edition, language: str, year: str, mapped: str) -> SafeString:
    return _part(of, language, year, mapped)


def _context(of: Edition, asked: str, mapped: str) -> dict[str, Any]:
    months = desk.own_series(of, _HEAD, Frequency.MONTH)
    years = desk.own_series(of, ("turnover", *_FORMS, *_KINDS, *_SHARES), Frequency.YEAR)
    known, year = desk.years_of(of, years["turnover"], asked)
    cells = figures.cells(of, tuple(dict.fromkeys(["turnover", mapped])), [year] if year else [])
    title = pgettext("data centre", "Turnover by month")
    return {
        "edition": of,
        "headlines": [one for code in _HEAD if (one := desk.headline(of, code, months[code]))],
        "turnover": desk.drawn(of, {"turnover": months["turnover"]}, charts.lines, title=title),
        "composition": _composition(of, years),
        "year": year,
        "years": known[-6:],
        "mapped": mapped,
        "mappable": [(code, statistics.tree().by_code[code].names) for code in MAPPED],
        "map": city_map(of, mapped, year, cells),
        "industries": industry_bars(of, cells),
        "interactive": reverse("portal:data_chart", args=["turnover"]) + desk.keep(of),
        "releases": figures.offered()[:3],
    }


def _composition(of: Edition, years: dict[str, list[Figure]]) -> list[charts.Chart]:
    return [
        desk.drawn(
            of,
            {code: years[code] for code in _FORMS},
            charts.stacked,
            title=pgettext("data centre", "Who trades with whom"),
        ),
        desk.drawn(
            of,
            {code: years[code] for code in _KINDS},
            charts.stacked,
            title=pgettext("data centre", "Goods and services"),
        ),
        desk.drawn(
            of,
            {code: years[code] for code in _SHARES},
            charts.lines,
            title=pgettext("data centre", "Shares of turnover"),
        ),
    ]


def city_map(
    of: Edition, code: str, period: str, cells: Sequence[Figure], *, industry: str = ""
) -> tiles.TileMap | None:
    """Draw the map of the cities by an indicator in a period, of all industries or of one."""
    here = desk.home()
    if here is None:
        return None
    one = statistics.tree().by_code[code]
    found = {
        each.region: each
        for each in cells
        if each.indicator == code and each.industry == industry and each.region and not each.market
    }
    if not found:
        return None
    title = f"{one.names} {writing.period(period)}" if period else str(one.names)
    ink = tiles.Ink(
        shown=partial(writing.figure, unit=one.unit),
        short=writing.percent if one.unit is Unit.PERCENT else writing.tile,
        to=lambda city: reverse("portal:data_city", args=[city]) + desk.keep(of),
    )
    return tiles.tile_map(title, here.cities, found, ink)


def industry_bars(of: Edition, cells: Sequence[Figure], *, region: str = "") -> tuple[Any, ...]:
    """Rank the industries by turnover, of everything or of a region."""
    names = {one.code: one.names.shown(desk.language()) for one in desk.industries()}
    found = [
        each
        for each in cells
        if each.indicator == "turnover" and each.region == region and each.industry and each.value is not None
    ]
    found.sort(key=lambda each: -(each.value or 0))
    return charts.bars(
        [(names.get(each.industry, each.industry), each.value or 0) for each in found],
        shown=partial(writing.figure, unit=Unit.MONEY),
        links=[reverse("portal:data_industry", args=[each.industry]) + desk.keep(of) for each in found],
    )
