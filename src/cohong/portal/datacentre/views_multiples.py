"""Small multiples: all cities, or all industries, each a small line of the same indicator, to be compared at a glance."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from cohong.portal.datacentre import desk, figures, writing
from cohong.portal.datacentre.figures import Edition, Figure
from cohong.portal.design import charts
from cohong.portal.design.frame import page
from cohong.statistics import api as statistics
from cohong.statistics.api import Frequency
from cohong.statistics.api import IndicatorUnit as Unit

#: What is published by city, and by industry: what is offered.
_OFFERED: Final[Mapping[str, tuple[str, ...]]] = {
    "city": (
        *("turnover", "orders", "purchases", "sellers", "shoppers", "region_turnover", "region_retail"),
        *(
            "turnover_cross_border",
            "online_staff",
            "share_mobile",
            "order_value",
            "delivery_days",
            "return_rate",
        ),
    ),
    "industry": (
        *("turnover", "orders", "sellers", "turnover_cross_border", "quantity"),
        *("share_mobile", "order_value", "delivery_days", "return_rate"),
    ),
}
_BY: Final = {
    "city": pgettext_lazy("data centre", "Cities"),
    "industry": pgettext_lazy("data centre", "Industries"),
}
#: From the finest on: so many periods are drawn of each.
_SHOWN: Final = {Frequency.MONTH: 36, Frequency.QUARTER: 20, Frequency.YEAR: 10}
_FEWEST: Final = 2


@require_safe
@page
def multiples(request: HttpRequest) -> HttpResponse:
    """Show an indicator of every city or industry, each on its own ground, all on one scale (or each on its own)."""
    of = figures.edition(request)
    by = desk.asked_among(request, "by", _OFFERED, "city")
    known = statistics.tree().by_code
    offered = [code for code in _OFFERED[by] if code in known]
    code = desk.asked_among(request, "indicator", offered, offered[0])
    one = known[code]
    common = desk.asked_among(request, "scale", ("own",)) != "own"
    names = _names(by)
    labels, values = _table(of, code, by, names)
    shown = partial(writing.figure, unit=one.unit)
    axis = writing.percent if one.unit is Unit.PERCENT else writing.axis
    page_name = "data_city" if by == "city" else "data_industry"
    drawn = charts.multiples(
        [writing.period(period) for period in labels],
        [(names[each], values[each]) for each in _ordered(values)],
        title=f"{one.names} · {_BY[by]}",
        shown=shown,
        axis=axis,
        links=[reverse(f"portal:{page_name}", args=[each]) + desk.keep(of) for each in _ordered(values)],
        common=common,
    )
    context: dict[str, Any] = {
        "by": by,
        "ways": [(each, label) for each, label in _BY.items()],
        "code": code,
        "indicators": [(each, str(known[each].names)) for each in offered],
        "one": one,
        "drawn": drawn,
        "common": common,
        "first": writing.period(labels[0]) if labels else "",
        "last": writing.period(labels[-1]) if labels else "",
        "unknown": [names[each] for each in names if each not in values],
    }
    return desk.show_data(request, "multiples", of, context)


def _names(by: str) -> dict[str, str]:
    if by == "city":
        here = desk.home()
        return {one.code: one.name for one in here.cities} if here else {}
    return {one.code: one.names.shown(desk.language()) for one in desk.industries()}


def _table(
    of: Edition, code: str, by: str, names: Mapping[str, str]
) -> tuple[list[str], dict[str, list[Decimal | None]]]:
    """Return the periods that are over and each part's values in them, as finely as any part is published."""
    finest = statistics.tree().by_code[code].frequency
    for frequency, most in _SHOWN.items():
        if frequency.a_year > finest.a_year:
            continue
        whole = desk.complete(of, desk.own_series(of, [code], frequency)[code])
        periods = [one.period for one in whole][-most:]
        if len(periods) < _FEWEST:
            continue
        found = _by_part(figures.cells(of, [code], periods), by)
        values = {
            each: [found.get((each, period)) for period in periods]
            for each in names
            if any(found.get((each, period)) is not None for period in periods)
        }
        if any(sum(one is not None for one in each) >= _FEWEST for each in values.values()):
            return periods, values
    return [], {}


def _by_part(cells: Sequence[Figure], by: str) -> dict[tuple[str, str], Decimal]:
    found = {}
    for one in cells:
        part, other = (one.region, one.industry) if by == "city" else (one.industry, one.region)
        if part and not other and not one.market and one.value is not None:
            found[part, one.period] = one.value
    return found


def _ordered(values: Mapping[str, Sequence[Decimal | None]]) -> list[str]:
    """Put the largest first, by the last known value."""

    def last(code: str) -> Decimal:
        return next((one for one in reversed(values[code]) if one is not None), Decimal(0))

    return sorted(values, key=lambda code: -last(code))
