"""API tokens: the company's keys for its own systems. The secret is shown once, on the answer that makes it."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.timezone import get_current_timezone, localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cohong.kernel import clock
from cohong.kernel.errors import BadInput, NotAllowed, Refusal
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show, told

_TYPED_MAX = 100
AREAS: dict[str, str | Promise] = {
    "parties": gettext_lazy("Company, members, personal data"),
    "catalog": gettext_lazy("Listings, prices, stock"),
    "orders": gettext_lazy("Orders and returns"),
    "payments": gettext_lazy("Balance, payments, payouts"),
    "logistics": gettext_lazy("Shipments and addresses"),
    "retail": gettext_lazy("Shop fronts and reviews"),
    "statistics": gettext_lazy("Statistical reports"),
    "webhooks": gettext_lazy("Webhooks"),
}


class NoSuchDay(BadInput):
    """The day on which a token is to end is none."""

    message = gettext_lazy("“{day}” is not a day.")


@require_safe
@page
def tokens(request: HttpRequest) -> HttpResponse:
    """List the company's tokens, for its owners."""
    return _shown(request, actor_of(request))


def _shown(
    request: HttpRequest, actor: Actor, *, wrong: Refusal | None = None, secret: str = "", name: str = ""
) -> HttpResponse:
    context = {
        "tokens": parties.tokens(actor=actor),
        "areas": [(area, said, [f"{area}:read", f"{area}:write"]) for area, said in AREAS.items()],
        "ticked": set(request.POST.getlist("scope")) if wrong else set(),
        "typed": {key: request.POST.get(key, "")[:_TYPED_MAX] for key in ("name", "until")} if wrong else {},
        "suggested": localdate() + timedelta(days=365),
        "wrong": wrong,
        "secret": secret,
        "name": name,
        "now": clock.now(),
    }
    return show(request, "staff/tokens.html", context, status=422 if wrong else 200)


@require_POST
@never_cache
@page
def issue(request: HttpRequest) -> HttpResponse:
    """Issue a token and show its secret, this once: the answer is not kept anywhere."""
    actor = actor_of(request)
    name = request.POST.get("name", "").strip()[: _TYPED_MAX + 1]
    try:
        view, secret = parties.issue_token(
            actor=actor,
            name=name,
            scopes=request.POST.getlist("scope"),
            expires_at=_until(request.POST.get("until", "").strip()),
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _shown(request, actor, wrong=refusal)
    return _shown(request, actor, secret=secret, name=view.name)


def _until(text: str) -> datetime | None:
    """Read the last day on which the token works; none is for ever."""
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise NoSuchDay(day=text[:_TYPED_MAX])
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=get_current_timezone())


@require_POST
@page
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Make a token invalid at once."""
    actor = actor_of(request)
    with told(request):
        parties.revoke_token(actor=actor, token_id=token_id)
        messages.success(request, _("The token is revoked."))
    return redirect("portal:tokens")
