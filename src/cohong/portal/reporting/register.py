"""The register of reporting units, for officers: who is in it as of any day, what happened to each, and who may be the same."""

from datetime import date
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohong.parties import api as parties
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show, told
from cohong.statistics import api as statistics
from cohong.statistics.api import SizeClass, UnitKind

_PAGE: Final = 50


@require_safe
@page
def units(request: HttpRequest) -> HttpResponse:
    """List the units of a day, with the questions of who is the same above them."""
    actor = actor_of(request)
    asked = {name: request.GET.get(name, "")[:60] for name in ("text", "kind", "size", "region", "on")}
    found = statistics.units(
        actor=actor,
        on=_day(asked["on"]),
        text=asked["text"],
        kind=UnitKind(asked["kind"]) if asked["kind"] in UnitKind.values else None,
        size_class=SizeClass(asked["size"]) if asked["size"] in SizeClass.values else None,
        region_code=asked["region"],
        before=_id(request.GET.get("before", "")),
        limit=_PAGE + 1,
    )
    language = get_language() or "zh-hans"
    regions = {one.code: one.names.shown(language) for one in parties.regions()}
    context = {
        "officer": True,
        "units": found[:_PAGE],
        "next": found[_PAGE - 1].id if len(found) > _PAGE else "",
        "matches": statistics.unit_matches(actor=actor, limit=20),
        "asked": asked,
        "kinds": UnitKind.choices,
        "sizes": SizeClass.choices,
        "regions": regions.items(),
        "region_names": regions,
        "industries": {one.code: one.names.shown(language) for one in parties.industries()},
        "size_rule": statistics.SIZE_RULE,
    }
    return show(request, "reporting/units.html", context)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_safe
@page
def unit(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Show a unit: what it is, what happened to it, where it was found, what it reported."""
    actor = actor_of(request)
    language = get_language() or "zh-hans"
    officer = statistics.is_officer(actor)
    context = {
        "officer": officer,
        "unit": statistics.unit(actor=actor, unit_id=unit_id),
        "history": statistics.unit_history(actor=actor, unit_id=unit_id),
        "sources": statistics.unit_sources(actor=actor, unit_id=unit_id),
        "reports": statistics.reports(actor=actor, unit_id=unit_id, limit=24) if officer else [],
        "region_names": {one.code: one.names.shown(language) for one in parties.regions()},
        "industries": {one.code: one.names.shown(language) for one in parties.industries()},
    }
    return show(request, "reporting/unit.html", context)


@require_POST
@page
def decide(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """Answer whether two are the same."""
    actor = actor_of(request)
    with told(request):
        same = request.POST.get("same") == "yes"
        statistics.decide_match(
            actor=actor, match_id=match_id, same=same, reason=request.POST.get("reason", "")
        )
        messages.success(request, _("Your decision is remembered. It can be turned round."))
    return redirect("portal:stat_units")
