"""Who may be the same: what a source knows beside the unit that it may be, decided by officers, and decided anew."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show, told
from cohong.portal.reporting.words import places, read_id
from cohong.statistics import api as statistics
from cohong.statistics.api import MatchState

_PAGE: Final = 20


@require_safe
@page
def matches(request: HttpRequest) -> HttpResponse:
    """List the questions, open or answered."""
    actor = actor_of(request)
    asked = request.GET.get("state", "")
    state = MatchState(asked) if asked in MatchState.values else MatchState.OPEN
    found = statistics.unit_matches(
        actor=actor, state=state, before=read_id(request.GET.get("before", "")), limit=_PAGE + 1
    )
    regions, industries = places(get_language() or "zh-hans")
    context = {
        "officer": True,
        "matches": found[:_PAGE],
        "next": found[_PAGE - 1].id if len(found) > _PAGE else "",
        "state": state,
        "states": MatchState.choices,
        "regions": regions,
        "industries": industries,
    }
    return show(request, "reporting/matches.html", context)


@require_POST
@page
def decide(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """Answer whether two are the same."""
    with told(request):
        statistics.decide_match(
            actor=actor_of(request),
            match_id=match_id,
            same=request.POST.get("same") == "yes",
            reason=request.POST.get("reason", ""),
        )
        messages.success(request, _("Your decision is remembered. It can be turned round."))
    unit_id = read_id(request.POST.get("unit", ""))
    return redirect("portal:stat_unit", unit_id=unit_id) if unit_id else redirect("portal:stat_matches")
