"""Today's trade, and the orders behind a figure."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from cohong.parties import api as parties
from cohong.parties.api import Mandate
from cohong.portal.datacentre import desk, figures, views_indicators, writing
from cohong.portal.datacentre.figures import Edition
from cohong.portal.design import charts
from cohong.portal.design.acting import actor_of, actor_or_none
from cohong.portal.design.frame import is_partial, page, show
from cohong.portal.kept import kept
from cohong.statistics import api as statistics
from cohong.statistics.api import IndicatorUnit as Unit

_FRESH_S = 2.0


@require_safe
@page
def today(request: HttpRequest) -> HttpResponse:
    """Show the trade of today: to everyone in batches that tell nobody's order, to an officer as it is."""
    of = figures.edition(request)
    actor = actor_or_none(request) if of.working else None
    live = statistics.trade_today(actor=actor) if actor is not None else _told()
    context: dict[str, Any] = {"live": live}
    if live is not None:
        language = desk.language()
        here = desk.home()
        cities = {one.code: one.name for one in here.cities} if here else {}
        industries = {one.code: one.names.shown(language) for one in desk.industries()}
        hours = range(24)
        traded = [live.hours.get(hour) for hour in hours]
        context |= {
            "turnover": writing.figure(live.total.turnover, Unit.MONEY),
            "orders": f"{live.total.orders:,}",
            "hours": charts.columns(
                [f"{hour:02}" for hour in hours],
                [
                    charts.Series(
                        pgettext("data centre", "Turnover"), [one.turnover if one else 0 for one in traded]
                    )
                ],
                title=pgettext("data centre", "Turnover by hour"),
                shown=partial(writing.figure, unit=Unit.MONEY),
                axis=writing.axis,
            )
            if any(traded)
            else None,
            "cities": _bars(of, "data_city", cities, live.cities),
            "industries": _bars(of, "data_industry", industries, live.industries),
        }
    if is_partial(request):
        return show(request, "datacentre/today_part.html", {"edition": of, **context})
    return desk.show_data(request, "today", of, context)


@kept(_FRESH_S)
def _told() -> statistics.LiveTrade | None:
    return statistics.trade_today()


def _bars(
    of: Edition, page_name: str, names: Mapping[str, str], found: Mapping[str, statistics.Traded]
) -> tuple[charts.Bar, ...]:
    ordered = sorted((code for code in found if code in names), key=lambda code: -found[code].turnover)
    return charts.bars(
        [(names[code], found[code].turnover) for code in ordered],
        shown=partial(writing.figure, unit=Unit.MONEY),
        links=[reverse(f"portal:{page_name}", args=[code]) + desk.keep(of) for code in ordered],
    )


@require_safe
@page
def orders_behind(request: HttpRequest) -> HttpResponse:
    """Show an officer the orders behind a figure; that they looked is recorded."""
    actor = actor_of(request)
    asked = {
        name: request.GET.get(name, "")[:40]
        for name in ("indicator", "period", "region", "industry", "market")
    }
    number = desk.asked_number(request, "page") or 1
    found = statistics.orders_behind(actor=actor, **asked, page=number)
    one = views_indicators.definition(asked["indicator"])
    overseer = bool(actor.mandates & {Mandate.SUPERVISION, Mandate.PLATFORM})
    rows = [
        {
            "to": reverse("portal:authority_order", args=[each.order_id])
            if overseer and each.order_id
            else f"{reverse('portal:journal')}?subject={each.order_id}",
            "id": each.order_id,
            "position": each.position,
            "value": writing.exact(each.value, one.unit),
            "rows": each.rows,
        }
        for each in found.items
    ]
    names = {each.code: each.names for each in desk.industries()}
    names |= {each.code: each.names for each in parties.markets()}
    named = {code: said.shown(desk.language()) for code, said in names.items()}
    context = {
        "one": one,
        "asked": asked,
        "industry": named.get(asked["industry"], asked["industry"]),
        "market": named.get(asked["market"], asked["market"]),
        "said_period": writing.period(asked["period"]),
        "found": found,
        "value": writing.exact(found.value, one.unit),
        "unit": writing.unit_name(one.unit),
        "rows": rows,
        "next_page": found.page + 1 if found.has_more else "",
        "previous_page": found.page - 1 if found.page > 1 else "",
    }
    return desk.show_data(request, "orders", figures.edition(request), context)
