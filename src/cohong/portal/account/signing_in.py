"""Signing in and out, and choosing whom to act for."""

import os
from typing import Any
from uuid import UUID

from allauth.account.views import LoginView
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model, login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cohong.kernel.errors import NotFound
from cohong.parties import api as parties
from cohong.portal.account import preferences
from cohong.portal.design.acting import NotSignedIn, act_for, visitor
from cohong.portal.design.frame import own_address, page, show

#: The demo's users carry addresses in this domain, which by RFC 2606 nobody real can have.
DEMO_DOMAIN = "demo.invalid"
_MOST_SHOWN = 12


def is_demo() -> bool:
    """Tell whether this is the demo, where everybody may be anybody."""
    return os.environ.get("COHONG_DEMO") == "1"


def _demo_users() -> Any:
    return get_user_model().objects.filter(email__endswith=f"@{DEMO_DOMAIN}", is_active=True)


class SignIn(LoginView):  # type: ignore[misc]
    """The form; on the demo, its users are one click away."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the demo's users."""
        users = list(_demo_users().order_by("date_joined", "username")[:_MOST_SHOWN]) if is_demo() else []
        shown = [(user, parties.parties_of(user_id=user.pk)) for user in users]
        return {**super().get_context_data(**kwargs), "demo_users": shown}


@require_POST
@never_cache
@page
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo's users, without a password. There is no such page but on the demo."""
    user = _demo_users().filter(username=request.POST.get("username", "")).first() if is_demo() else None
    if user is None:
        raise NotFound
    login(request, user)
    UserSession.objects.create_from_request(request)
    preferences.restore(request)
    return redirect(own_address(request, request.POST.get("next", "")))


@require_http_methods(["GET", "POST"])
@never_cache
@page
def choose_party(request: HttpRequest) -> HttpResponse:
    """Act for another of one's parties from now on, and the next time, too."""
    user_id = visitor(request).user_id
    if user_id is None:
        raise NotSignedIn
    if request.method == "GET":
        back = own_address(request, request.GET.get("back", ""))
        return show(request, "account/choose_party.html", {"back": back})
    try:
        party_id = UUID(request.POST.get("party", ""))
    except ValueError:
        raise parties.NotMember from None
    act_for(request, party_id)
    preferences.remember(user_id, acting_for=party_id)
    return redirect(own_address(request, request.POST.get("back", "")))
