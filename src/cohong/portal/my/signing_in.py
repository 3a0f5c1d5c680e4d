"""Signing in and out, and choosing whom to act for."""

import os
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model, login
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cohong.kernel.errors import NotFound
from cohong.parties import api as parties
from cohong.portal.design.acting import NotSignedIn, act_for, visitor
from cohong.portal.design.frame import page

#: The demo's users carry addresses in this domain, which by RFC 2606 nobody real can have.
DEMO_DOMAIN = "demo.invalid"
_BACKEND = "django.contrib.auth.backends.ModelBackend"
_MOST_SHOWN = 12


def is_demo() -> bool:
    """Tell whether this is the demo, where everybody may be anybody."""
    return os.environ.get("COHONG_DEMO") == "1"


def _demo_users() -> Any:
    return get_user_model().objects.filter(email__endswith=f"@{DEMO_DOMAIN}", is_active=True)


class SignIn(LoginView):
    """The form; on the demo, its users are one click away."""

    template_name = "my/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the frame needs, and the demo's users."""
        users = list(_demo_users().order_by("date_joined", "username")[:_MOST_SHOWN]) if is_demo() else []
        shown = [(user, parties.parties_of(user_id=user.pk)) for user in users]
        return super().get_context_data(visitor=visitor(self.request), demo_users=shown, **kwargs)


class SignOut(LogoutView):
    """Signing out, by POST."""

    next_page = "/"


@require_POST
@never_cache
@page
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo's users, without a password. There is no such page but on the demo."""
    user = _demo_users().filter(username=request.POST.get("username", "")).first() if is_demo() else None
    if user is None:
        raise NotFound
    login(request, user, backend=_BACKEND)
    return redirect(own_address(request, request.POST.get("next", "")))


@require_POST
@page
def choose_party(request: HttpRequest) -> HttpResponse:
    """Act for another of one's parties from now on."""
    if visitor(request).user_id is None:
        raise NotSignedIn
    try:
        party_id = UUID(request.POST.get("party", ""))
    except ValueError:
        raise parties.NotMember from None
    act_for(request, party_id)
    return redirect(own_address(request, request.POST.get("back", "")))


def own_address(request: HttpRequest, address: str) -> str:
    """Return the address if it is one of this site, else the home page's."""
    own = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if address and own else reverse("portal:home")
