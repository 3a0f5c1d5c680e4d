"""The desk: figures are chosen with a plain form, and shown as a table and a chart; the address is the question."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from cohong.kernel.errors import BadInput, Refusal
from cohong.parties import api as parties
from cohong.portal.datacentre import desk as centre
from cohong.portal.design import charts
from cohong.portal.design.acting import visitor
from cohong.portal.design.frame import page, show
from cohong.statistics import api as statistics
from cohong.statistics.api import Choice, Chosen, DownloadFormat, Frequency, Line, Sheet

_TONES: Final = ("blue", "jade", "soft")
_MOST_SHOWN: Final = 400
_MOST_BARS: Final = 30


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be ticked under one heading."""

    heading: str
    options: Sequence[tuple[str, str]]


@require_safe
@page
def desk(request: HttpRequest) -> HttpResponse:
    """Show the form, and below it what was chosen."""
    context: dict[str, Any] = _form(request)
    if request.GET.get("indicator"):
        try:
            statistics.count_figures_asked(request, "figures")
            context |= _result(request)
        except BadInput as refusal:
            context["flaw"] = str(refusal)
    return show(request, "research/desk.html", context, status=422 if "flaw" in context else 200)


@require_safe
@page
def download(request: HttpRequest) -> HttpResponse:
    """Send the chosen figures as a file with its code book."""
    statistics.count_figures_asked(request, "figures_file")
    choice = statistics.read_choice(request.GET.getlist)
    asked = request.GET.get("format", "")
    format_ = DownloadFormat(asked) if asked in list(DownloadFormat) else DownloadFormat.CSV
    chosen = statistics.choose(choice, release_id=statistics.read_release(request.GET.getlist))
    said = statistics.citation(choice.indicators, chosen.release, pinned(request, choice, chosen))
    content = statistics.write_figures(chosen, choice.indicators, format_=format_, citation=said)
    answer = HttpResponse(content, content_type=format_.content_type)
    answer["Content-Disposition"] = f'attachment; filename="figures-{chosen.release.id}.{format_.ending}"'
    return answer


def pinned(request: HttpRequest, choice: Choice, chosen: Chosen) -> str:
    """Return the address that shows these figures for ever."""
    where = f"{reverse('portal:research')}?{statistics.write_choice(choice, release=chosen.release.id)}"
    return request.build_absolute_uri(where)


def _result(request: HttpRequest) -> dict[str, Any]:
    choice = statistics.read_choice(request.GET.getlist)
    try:
        chosen = statistics.choose(choice, release_id=statistics.read_release(request.GET.getlist))
    except Refusal as refusal:
        if isinstance(refusal, BadInput):
            raise
        return {"flaw_soft": str(refusal)}
    sheet = statistics.sheet_of(chosen)
    lines = sheet.lines[:_MOST_SHOWN]
    newest = statistics.releases(limit=1)[0].id
    return {
        "chosen": chosen,
        "sheet": sheet,
        "lines": lines,
        "more": len(sheet.lines) - len(lines),
        "units": statistics.unit_names(),
        "chart": _chart(sheet),
        "bars": _bars(sheet),
        "older": chosen.release.id < newest,
        "query": statistics.write_choice(choice),
        "pinned_query": statistics.write_choice(choice, release=chosen.release.id),
        "citation": statistics.citation(choice.indicators, chosen.release, pinned(request, choice, chosen)),
        "book": [statistics.tree().by_code[code] for code in choice.indicators],
        "sources": statistics.source_names(),
        "formats": [
            (one.value, one.value.upper() if one is not DownloadFormat.PARQUET else "Parquet")
            for one in DownloadFormat
        ],
        "signed_in": visitor(request).acting is not None,
    }


def _chart(sheet: Sheet) -> charts.Chart | None:
    """Draw the first few series that are known throughout, if they count the same."""
    whole = [one for one in sheet.lines if all(cell and cell.value is not None for cell in one.cells)]
    unit = whole[0].unit if whole else ""
    drawn = [one for one in whole if one.unit == unit][: len(_TONES)]
    if not drawn or len(sheet.periods) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    series = [
        charts.Series(_named(one, sheet), _values(one), tone)
        for one, tone in zip(drawn, _TONES, strict=False)
    ]
    return charts.lines(
        list(sheet.periods),
        series,
        title=_("By period ({unit})").format(unit=statistics.unit_names()[unit]),
        shown=plain,
        axis=charts.short,
    )


def _values(line: Line) -> list[Decimal]:
    return [cell.value for cell in line.cells if cell is not None and cell.value is not None]


def _named(line: Line, sheet: Sheet) -> str:
    """Name a series by what tells it from the others."""
    names = {one.name for one in sheet.lines}
    places = {one.place for one in sheet.lines}
    if len(places) == 1:
        return line.name
    return line.place if len(names) == 1 else f"{line.name} · {line.place}"


def _bars(sheet: Sheet) -> tuple[charts.Bar, ...]:
    """Rank the places of one indicator in one period."""
    if len(sheet.periods) != 1 or len({one.indicator for one in sheet.lines}) != 1 or len(sheet.lines) < 2:  # noqa: PLR2004
        return ()
    # Beside the total everything else would be short.
    known = [
        (one.place, cell.value)
        for one in sheet.lines
        for cell in one.cells
        if cell and cell.value is not None and (cell.region or cell.industry or cell.market)
    ]
    return charts.bars(sorted(known, key=lambda one: -one[1])[:_MOST_BARS], shown=plain)


def plain(value: Any) -> str:
    """Write a figure with its thousands apart: whole, or with two decimals; downloads have all of them."""
    number = Decimal(value)
    return f"{number:,.0f}" if number == number.to_integral_value() else f"{number:,.2f}"


def _form(request: HttpRequest) -> dict[str, Any]:
    language = centre.language()
    groups = {one.code: str(one.names) for one in statistics.data_sets()}
    indicators: dict[str, list[tuple[str, str]]] = {}
    for one in statistics.tree().by_code.values():
        if one.is_public:
            indicators.setdefault(one.group, []).append((one.code, str(one.names)))
    home = centre.home()
    cities = [(one.code, one.name) for one in home.cities] if home else []
    top = [(home.province.code, home.province.name)] if home else []
    every = [("*", _("All of them"))]
    asked = {name: request.GET.getlist(name) for name in ("indicator", "region", "industry", "market")}
    return {
        "indicator_groups": [
            Offered(groups.get(code, code), options) for code, options in indicators.items()
        ],
        "places": [
            ("region", _("Regions"), [("total", pgettext("statistics", "Total")), *every, *top, *cities]),
            (
                "industry",
                _("Industries"),
                [
                    ("total", pgettext("statistics", "Total")),
                    *every,
                    *((one.code, one.names.shown(language)) for one in centre.industries()),
                ],
            ),
            (
                "market",
                _("Markets"),
                [
                    ("total", pgettext("statistics", "Total")),
                    *every,
                    *((one.code, one.names.shown(language)) for one in parties.markets()),
                ],
            ),
        ],
        "frequencies": [
            (Frequency.MONTH.value, pgettext("statistics", "Monthly")),
            (Frequency.QUARTER.value, pgettext("statistics", "Quarterly")),
            (Frequency.YEAR.value, pgettext("statistics", "Annual")),
        ],
        "asked": asked,
        "frequency": request.GET.get("frequency") or Frequency.MONTH.value,
        "first": request.GET.get("from", ""),
        "last": request.GET.get("to", ""),
        "release": request.GET.get("release", ""),
    }
