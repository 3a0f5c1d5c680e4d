"""The indicators: what each one means, where it comes from down to the documents, its figures as they are and as they were."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import pgettext_lazy as lazy
from django.views.decorators.http import require_safe

from cohong.kernel.errors import NotFound
from cohong.parties import api as parties
from cohong.portal.datacentre import desk, figures, wording, writing
from cohong.portal.datacentre.figures import Cut, Edition, Figure
from cohong.portal.design import charts, words
from cohong.portal.design.frame import page
from cohong.statistics import api as statistics
from cohong.statistics.api import Definition, Frequency

GROUPS: Final = {
    "scale": lazy("indicators", "Scale"),
    "participation": lazy("indicators", "Participation"),
    "structure": lazy("indicators", "Structure"),
    "support": lazy("indicators", "Support services"),
    "efficiency": lazy("indicators", "Efficiency"),
    "contribution": lazy("indicators", "Contribution"),
    "concentration": lazy("indicators", "Concentration"),
}
_FREQUENCIES: Final = {
    Frequency.YEAR: lazy("frequency", "By year"),
    Frequency.QUARTER: lazy("frequency", "By quarter"),
    Frequency.MONTH: lazy("frequency", "By month"),
}
_MOST_QUERY: Final = 60
_MOST_DEPTH: Final = 6


def definition(code: str) -> Definition:
    """Return an indicator that is shown to everyone. Raises `NotFound`."""
    one = statistics.tree().by_code.get(code)
    if one is None:
        raise NotFound
    return one


@require_safe
@page
def indicators(request: HttpRequest) -> HttpResponse:
    """List the indicators by group, or those that a search finds."""
    of = figures.edition(request)
    text = request.GET.get("q", "")[:_MOST_QUERY].strip().lower()

    def fits(one: Definition) -> bool:
        said = (one.code, one.names.zh_hans, one.names.zh_hant, one.names.en)
        return one.is_public and all(any(word in name.lower() for name in said) for word in text.split())

    found = [one for one in statistics.tree().by_code.values() if fits(one)]
    groups = [
        (label, [one for one in found if one.group == group])
        for group, label in GROUPS.items()
        if any(one.group == group for one in found)
    ]
    units = {one.code: writing.unit_name(one.unit) for one in found}
    return desk.show_data(
        request,
        "indicators",
        of,
        {"groups": groups, "asked": request.GET.get("q", "")[:_MOST_QUERY], "units": units},
    )


@require_safe
@page
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """Show an indicator: its definition, lineage, series, releases."""
    one = definition(code)
    of = figures.edition(request)
    language = desk.language()
    here = desk.home()
    regions = ([(here.province.code, here.province.name)] if here else []) + [
        (each.code, each.name) for each in (here.cities if here else ())
    ]
    industries = [(each.code, each.names.shown(language)) for each in desk.industries()]
    markets = [(each.code, each.names.shown(language)) for each in parties.markets()]
    cut = Cut(
        desk.asked_among(request, "region", dict(regions)),
        desk.asked_among(request, "industry", dict(industries)),
        desk.asked_among(request, "market", dict(markets)),
    )
    possible = [each for each in _FREQUENCIES if each.a_year <= one.frequency.a_year]
    frequency = Frequency(desk.asked_among(request, "f", possible, str(possible[-1])))
    found = figures.series(of, [code], cut, frequency=frequency)[code]
    context: dict[str, Any] = {
        "one": one,
        "group": GROUPS.get(one.group, one.group),
        "unit": writing.unit_name(one.unit),
        "words": wording.in_words(one),
        "frequencies": [(str(each), _FREQUENCIES[each]) for each in possible],
        "frequency": str(frequency),
        "said_frequency": _FREQUENCIES.get(one.frequency, one.frequency),
        "regions": regions,
        "industries": industries,
        "markets": markets,
        "cut": cut,
        "chart": desk.drawn(of, {code: found}, charts.lines, title=str(one.names)),
        "interactive": _chart_address(of, code, frequency, cut),
        "rows": [_row(of, one, each) for each in reversed(found)][:_MOST_ROWS],
        "lineage": lineage(of, one),
        "releases": figures.offered(),
        "vintages": statistics.vintages(limit=12) if of.may_work else (),
    }
    return desk.show_data(request, "indicator", of, context)


_MOST_ROWS: Final = 36


def _chart_address(of: Edition, code: str, frequency: Frequency, cut: Cut) -> str:
    parts = [f"f={frequency}"]
    parts += [f"{name}={value}" for name in ("region", "industry", "market") if (value := getattr(cut, name))]
    return reverse("portal:data_chart", args=[code]) + desk.keep(of, more="&".join(parts))


@dataclass(frozen=True, slots=True)
class Row:
    """A figure in the table; `behind` leads an officer to the orders behind it."""

    period: str
    shown: str
    is_final: bool
    withheld: bool
    behind: str


def _row(of: Edition, one: Definition, each: Figure) -> Row:
    behind = ""
    if of.working and one.source in statistics.TRACED and each.value is not None:
        behind = (
            reverse("portal:data_orders")
            + f"?indicator={one.code}&period={each.period.replace('+', '%2B')}"
            + f"&region={each.region}&industry={each.industry}&market={each.market}"
        )
    return Row(
        writing.period(each.period), writing.exact(each.value, one.unit), each.is_final, each.withheld, behind
    )


@dataclass(frozen=True, slots=True)
class Link:
    """A step of the lineage: an indicator, or a kind of document; `depth` says how far down."""

    depth: int
    label: str
    to: str
    is_document: bool
    code: str


def lineage(of: Edition, one: Definition, depth: int = 0) -> list[Link]:
    """Go from an indicator down to the documents, each indicator's own below it."""
    links: list[Link] = []
    tree = statistics.tree()
    for code in tree.parents(one.code):
        to = reverse("portal:data_indicator", args=[code]) + desk.keep(of)
        links.append(Link(depth, str(tree.by_code[code].names), to, is_document=False, code=code))
        if depth < _MOST_DEPTH:
            links += lineage(of, tree.by_code[code], depth + 1)
    for kind in statistics.documents_of(one):
        to = reverse("portal:journal") + f"?kind={kind}"
        links.append(Link(depth, words.document_kind(kind), to, is_document=True, code=kind))
    return links
