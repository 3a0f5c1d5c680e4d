"""One's own account: what others see, how one is reached, the sessions that are open, and leaving."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohong.kernel import privacy
from cohong.kernel.errors import NotFound, Refusal
from cohong.kernel.http import status_of
from cohong.parties import api as parties
from cohong.parties.api import Kind
from cohong.portal.account.devices import device, is_handheld
from cohong.portal.account.forms import DetailsForm
from cohong.portal.account.registering import field_of, user_of
from cohong.portal.design.acting import visitor
from cohong.portal.design.frame import page, show

_SIGN_INS_SHOWN = 5


@require_http_methods(["GET", "POST"])
@page
def account(request: HttpRequest) -> HttpResponse:
    """Show and change one's own details."""
    user_id = user_of(request)
    own = next((one for one in visitor(request).memberships if one.kind == Kind.PERSON), None)
    if own is None:
        return show(request, "account/account.html", _about(request))
    actor = parties.Actor(party_id=own.party_id, user_id=user_id, roles=own.roles)
    before = parties.party(party_id=own.party_id)
    form = DetailsForm(
        request.POST or None, initial={"display_name": before.name, "region_code": before.region_code}
    )
    if request.method == "POST" and form.is_valid():
        try:
            _change(actor, form.cleaned_data)
        except Refusal as refusal:
            field = "display_name" if refusal.params.get("field") == "name" else field_of(form, refusal)
            form.add_error(field, str(refusal))
            return show(
                request,
                "account/account.html",
                {**_about(request), "form": form},
                status=status_of(refusal),
            )
        messages.success(request, _("Your details are saved."))
        return redirect("portal:account")
    kept = parties.contact(actor=actor, party_id=own.party_id)
    context = {
        **_about(request),
        "form": form,
        "party": before,
        "phone": privacy.mask_phone(kept.phone) if kept.phone else "",
        "full_name": privacy.mask_name(kept.full_name) if kept.full_name else "",
    }
    return show(request, "account/account.html", context, status=422 if form.is_bound else 200)


def _change(actor: parties.Actor, given: dict[str, Any]) -> None:
    """Change what was filled in; a phone left empty stays as it is, since it is not shown in full."""
    parties.change_details(
        actor=actor,
        party_id=actor.party_id,
        name=given["display_name"],
        region_code=given["region_code"] or None,
        phone=given["phone"] or None,
    )


def _about(request: HttpRequest) -> dict[str, Any]:
    user: Any = request.user
    sessions = UserSession.objects.filter(user_id=user.pk).order_by("-created_at")[:_SIGN_INS_SHOWN]
    return {"email": user.email, "username": user.username, "sign_ins": [_shown(one) for one in sessions]}


# --- sessions -------------------------------------------------------------------------------------------------


def _shown(session: UserSession) -> dict[str, Any]:
    return {
        "id": session.pk,
        "device": device(session.user_agent),
        "agent": session.user_agent,
        "is_handheld": is_handheld(session.user_agent),
        "place": session.ip,
        "began": session.created_at,
        "seen": session.last_seen_at,
        "is_current": session.is_current(),
    }


@page
def sessions(request: HttpRequest) -> HttpResponse:
    """List where the user is signed in."""
    user_of(request)
    found = UserSession.objects.purge_and_list(request.user)
    rows = sorted(map(_shown, found), key=lambda one: (not one["is_current"], -one["seen"].timestamp()))
    return show(request, "account/sessions.html", {"rows": rows})


@require_POST
@page
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign another device out."""
    user_of(request)
    found = list(UserSession.objects.filter(user_id=request.user.pk, pk=session_id))
    if not found:
        raise NotFound
    end_sessions(request, found)
    messages.success(request, _("That device is signed out."))
    return redirect("usersessions_list")


@require_POST
@page
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign every other device out."""
    user_of(request)
    others = [one for one in UserSession.objects.filter(user_id=request.user.pk) if not one.is_current()]
    end_sessions(request, others)
    messages.success(request, _("All other devices are signed out."))
    return redirect("usersessions_list")


# --- leaving --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
@page
def close_account(request: HttpRequest) -> HttpResponse:
    """Close one's account: nobody can sign in by it any more. What was traded stays, as the law wants it."""
    user_id: UUID = user_of(request)
    if request.method == "GET":
        return show(request, "account/close.html")
    try:
        parties.close_account(user_id=user_id)
    except Refusal as refusal:
        return show(request, "account/close.html", {"refusal": refusal}, status=status_of(refusal))
    end_sessions(request, list(UserSession.objects.filter(user_id=user_id)))
    logout(request)
    messages.success(request, _("Your account is closed."))
    return redirect("portal:home")
