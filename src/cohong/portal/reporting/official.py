"""Official figures: what others have published, to be looked at by officers, and stated or corrected by the province's."""

from decimal import Decimal, InvalidOperation
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cohong.kernel.errors import BadInput
from cohong.parties import api as parties
from cohong.parties.api import Mandate
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show
from cohong.statistics import api as statistics
from cohong.statistics.api import FigureDraft, FigureState

_PAGE: Final = 60
_TEXTS: Final = ("series", "period", "region", "industry", "value", "status", "publisher", "source")
_LONGEST: Final = 200


class NoNumber(BadInput):
    """What was typed is no number."""

    message = gettext_lazy("“{value}” is no number.")


@require_http_methods(["GET", "HEAD", "POST"])
@page
def official(request: HttpRequest) -> HttpResponse:
    """List the figures as they stand; state one, or correct it. What was typed stays in the form when it is refused."""
    actor = actor_of(request)
    parties.require_mandate(actor, Mandate.STATISTICS)
    typed = {name: request.POST.get(name, "").strip()[:_LONGEST] for name in _TEXTS}
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            changed = statistics.state_figures(actor=actor, items=[_draft(request.POST)])
        except statistics.FiguresFlawed as refusal:
            problems = {one.column if one.column in _TEXTS else "value": one.message for one in refusal.flaws}
        except NoNumber as refusal:
            problems = {"value": str(refusal)}
        else:
            said = _("The figure is stated.") if changed else _("The figure stands as it was.")
            messages.success(request, said)
            return redirect("portal:stat_official")
    asked = {name: request.GET.get(name, "")[:40] for name in ("of", "in")}
    language = get_language() or "zh-hans"
    context = {
        "officer": True,
        "figures": [
            (one, f"{one.value.normalize():,f}" if one.value is not None else "")
            for one in statistics.official_figures(series=asked["of"], period=asked["in"], limit=_PAGE)
        ],
        "series": [(one.code, one.names) for one in statistics.figure_series()],
        "names": {one.code: one.names for one in statistics.figure_series()},
        "regions": {one.code: one.names.shown(language) for one in parties.regions()},
        "industries": {one.code: one.names.shown(language) for one in parties.industries()},
        "states": FigureState.choices,
        "asked": asked,
        "typed": typed,
        "problems": problems,
        "most": _PAGE,
    }
    return show(request, "reporting/official.html", context, status=400 if problems else 200)


def _draft(typed: QueryDict) -> FigureDraft:
    text = {name: typed.get(name, "").strip()[:_LONGEST] for name in _TEXTS}
    number = text["value"].replace(",", "").replace("，", "").replace(" ", "")
    try:
        value = Decimal(number)
    except InvalidOperation:
        raise NoNumber(value=text["value"]) from None
    if not value.is_finite():
        raise NoNumber(value=text["value"])
    return FigureDraft(
        series=text["series"],
        period=text["period"],
        value=value,
        publisher=text["publisher"],
        region=text["region"],
        industry=text["industry"],
        status=FigureState(text["status"]) if text["status"] in FigureState.values else FigureState.FINAL,
        source=text["source"],
    )
