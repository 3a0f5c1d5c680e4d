"""Official figures: what others have published, to be looked at by officers, and stated or corrected by the province's."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohong.parties import api as parties
from cohong.parties.api import Mandate
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show, told
from cohong.portal.reporting.files import attached, content_of
from cohong.statistics import api as statistics
from cohong.statistics.api import FigureDraft, FigureState, RowFlaw

_PAGE: Final = 60
_TEXTS: Final = ("series", "period", "region", "industry", "value", "status", "publisher", "source")
_LONGEST: Final = 200
_FLAWS: Final = 40


@require_http_methods(["GET", "HEAD", "POST"])
@page
def official(request: HttpRequest) -> HttpResponse:
    """List the figures as they stand; state one, or correct it. What was typed stays in the form when it is refused."""
    actor = actor_of(request)
    parties.require_mandate(actor, Mandate.STATISTICS)
    if request.method != "POST":
        return _show(request, {"region": statistics.own_region(actor=actor)})
    typed = {name: request.POST.get(name, "").strip()[:_LONGEST] for name in _TEXTS}
    try:
        changed = statistics.state_figures(
            actor=actor, items=[_draft(typed, statistics.own_region(actor=actor))]
        )
    except statistics.FiguresFlawed as refusal:
        problems = {one.column if one.column in _TEXTS else "value": one.message for one in refusal.flaws}
        return _show(request, typed, problems=problems)
    except statistics.NumberUnreadable as refusal:
        return _show(request, typed, problems={"value": str(refusal)})
    messages.success(request, _("The figure is stated.") if changed else _("The figure stands as it was."))
    return redirect("portal:stat_official")


@require_POST
@page
def upload(request: HttpRequest) -> HttpResponse:
    """State figures from a file, all of them or none; what is wrong in it is said row by row."""
    actor = actor_of(request)
    parties.require_mandate(actor, Mandate.STATISTICS)
    with told(request):
        sent, name = content_of(request)
        try:
            taken = statistics.upload_figures(actor=actor, content=sent, filename=name)
        except statistics.FiguresFlawed as refusal:
            return _show(request, {"region": statistics.own_region(actor=actor)}, flaws=refusal.flaws)
        said = _("The file is read: {figures} figures, {changed} of them new or otherwise than before.")
        messages.success(request, said.format(figures=taken.figures, changed=taken.changed))
    return redirect("portal:stat_official")


@require_safe
@page
def template(request: HttpRequest) -> HttpResponse:
    """Download the file to state figures in."""
    ending = "csv" if request.GET.get("format") == "csv" else "xlsx"
    content = statistics.figures_template(
        actor=actor_of(request),
        format=ending,
        language=get_language() or "zh-hans",
        series=request.GET.get("of", "")[:40],
        period=request.GET.get("in", "")[:40],
    )
    return attached(content, f"official-figures.{ending}")


def _show(
    request: HttpRequest,
    typed: Mapping[str, str],
    *,
    problems: Mapping[str, str] | None = None,
    flaws: Sequence[RowFlaw] = (),
) -> HttpResponse:
    asked = {name: request.GET.get(name, "")[:40] for name in ("of", "in")}
    language = get_language() or "zh-hans"
    figures = statistics.official_figures(series=asked["of"], period=asked["in"], limit=_PAGE)
    series = statistics.figure_series()
    context: dict[str, Any] = {
        "officer": True,
        "figures": [(one, f"{one.value.normalize():,f}" if one.value is not None else "") for one in figures],
        "series": [(one.code, one.names) for one in series],
        "names": {one.code: one.names for one in series},
        "regions": {one.code: one.names.shown(language) for one in parties.regions()},
        "industries": {one.code: one.names.shown(language) for one in parties.industries()},
        "states": FigureState.choices,
        "asked": asked,
        "typed": typed,
        "problems": problems or {},
        "flaws": flaws[:_FLAWS],
        "flaw_count": len(flaws),
        "columns": statistics.FIGURE_COLUMNS,
        "most": _PAGE,
    }
    return show(request, "reporting/official.html", context, status=400 if problems or flaws else 200)


def _draft(typed: Mapping[str, str], own: str) -> FigureDraft:
    # The form begins with the officer's own region; whoever states a figure of the nation need not clear it.
    national = {one.code for one in statistics.figure_series() if one.is_national}
    region = "" if typed["series"] in national and typed["region"] == own else typed["region"]
    return FigureDraft(
        series=typed["series"],
        period=typed["period"],
        value=statistics.read_number(typed["value"]),
        publisher=typed["publisher"],
        region=region,
        industry=typed["industry"],
        status=FigureState(typed["status"]) if typed["status"] in FigureState.values else FigureState.FINAL,
        source=typed["source"],
    )
