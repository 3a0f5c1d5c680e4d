"""Who may ask over the facts, and until when: looked at by officers, granted and ended by the province's statistics office."""

from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from cohong.kernel import clock
from cohong.kernel.errors import BadInput, Conflict
from cohong.parties import api as parties
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show, told
from cohong.statistics import api as statistics

_FOUND: Final = 20
_YEAR: Final = timedelta(days=365)


class LastDayMissing(BadInput):
    """No day was given, or something that is none."""

    message = gettext_lazy("Please give the last day, as 2027-06-30.")


@require_http_methods(["GET", "HEAD", "POST"])
@page
def rights(request: HttpRequest) -> HttpResponse:
    """List the rights; find an organisation; grant it a right, or one until another day."""
    actor = actor_of(request)
    listed = statistics.research_rights(actor=actor)
    may = statistics.may_grant_research(actor=actor)
    text = request.GET.get("text", "").strip()[:60]
    typed = {name: request.POST.get(name, "").strip()[:600] for name in ("until", "reason")}
    problems: dict[str, str] = {}
    party_id = _id(request.POST.get("party", "") or request.GET.get("party", ""))
    if request.method == "POST":
        try:
            statistics.grant_research(
                actor=actor,
                party_id=party_id or UUID(int=0),
                until=_day(typed["until"]),
                reason=typed["reason"],
            )
        except (BadInput, Conflict) as refusal:
            wrong = (statistics.RightTooLong, LastDayMissing)
            problems = {"until" if isinstance(refusal, wrong) else "reason": str(refusal)}
        else:
            messages.success(request, _("The right is granted until {day}.").format(day=typed["until"]))
            return redirect("portal:research_rights")
    else:
        typed["until"] = (clock.now().date() + _YEAR).isoformat()
    chosen = parties.parties(ids=[party_id]).get(party_id) if party_id else None
    context: dict[str, Any] = {
        "rights": listed,
        "may": may,
        "text": text,
        "found": _found(text) if may and text else [],
        "chosen": chosen if may else None,
        "typed": typed,
        "problems": problems,
        "tomorrow": clock.now().date() + timedelta(days=1),
    }
    return show(request, "research/rights.html", context, status=400 if problems else 200)


def _found(text: str) -> list[parties.PartyView]:
    # A right is an organisation's: a person asks for the one that they work for.
    return parties.find(text=text, kind=parties.Kind.ORGANISATION, limit=_FOUND)


@require_POST
@page
def end(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """End a right today."""
    actor = actor_of(request)
    with told(request):
        statistics.end_research(actor=actor, party_id=party_id, reason=request.POST.get("reason", ""))
        messages.success(request, _("The right has ended."))
    return redirect("portal:research_rights")


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise LastDayMissing from None
