"""Webhooks' pages: endpoints, and the log of what went to each."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cohong.kernel.errors import NotAllowed, NotFound, Refusal
from cohong.parties.api import Actor
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show, told
from cohong.portal.webhooks import services
from cohong.portal.webhooks.kinds import by_area
from cohong.portal.webhooks.models import DeliveryState, PauseReason

_PAGE = 25
_URL_MAX = 500
_ACTS: dict[str, tuple[Callable[..., Any], str | Promise]] = {
    "pause": (services.pause_endpoint, gettext_lazy("The webhook is paused; documents wait.")),
    "resume": (services.resume_endpoint, gettext_lazy("The webhook is served again.")),
    "test": (services.send_test, gettext_lazy("A test is on its way. Look at the log in a moment.")),
    "close": (services.close_endpoint, gettext_lazy("The webhook is taken away.")),
}
_FAILURES: dict[str, str | Promise] = {
    "unknown_host": gettext_lazy("the host’s name leads nowhere"),
    "address_refused": gettext_lazy("the host’s address is not a public one"),
    "unreachable": gettext_lazy("no connection came about"),
    "timeout": gettext_lazy("no answer in time"),
    "cut": gettext_lazy("the connection broke"),
}


@require_safe
@page
def webhooks(request: HttpRequest) -> HttpResponse:
    """List the company's endpoints."""
    return _listed(request, actor_of(request))


def _listed(
    request: HttpRequest, actor: Actor, *, wrong: Refusal | None = None, secret: str = ""
) -> HttpResponse:
    context = {
        "endpoints": services.endpoints(actor=actor),
        "areas": by_area(),
        "ticked": set(request.POST.getlist("kind")) if wrong else set(),
        "url": request.POST.get("url", "")[:_URL_MAX] if wrong else "",
        "wrong": wrong,
        "secret": secret,
        "reasons": dict(PauseReason.choices),
    }
    return show(request, "webhooks/webhooks.html", context, status=422 if wrong else 200)


@require_POST
@never_cache
@page
def open_endpoint(request: HttpRequest) -> HttpResponse:
    """Set an endpoint up, and show its secret this once."""
    actor = actor_of(request)
    try:
        _id, secret = services.open_endpoint(
            actor=actor, url=request.POST.get("url", ""), kinds=request.POST.getlist("kind")
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _listed(request, actor, wrong=refusal)
    return _listed(request, actor, secret=secret)


@require_safe
@page
def webhook(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Show an endpoint and its log."""
    return _shown(request, actor_of(request), endpoint_id)


def _shown(
    request: HttpRequest,
    actor: Actor,
    endpoint_id: UUID,
    *,
    wrong: Refusal | None = None,
    secret: str = "",
) -> HttpResponse:
    asked = request.GET.get("state", "")
    state = DeliveryState(asked) if asked in DeliveryState.values else None
    before = request.GET.get("before", "")
    endpoint = services.endpoint(actor=actor, endpoint_id=endpoint_id)
    log = services.deliveries(
        actor=actor,
        endpoint_id=endpoint_id,
        state=state,
        before=int(before) if before.isdecimal() and len(before) < 19 else None,  # noqa: PLR2004 - fits a bigint
        limit=_PAGE + 1,
    )
    context = {
        "endpoint": endpoint,
        "log": log[:_PAGE],
        "next": log[_PAGE - 1].id if len(log) > _PAGE else "",
        "state": state.value if state else "",
        "states": DeliveryState.choices,
        "failures": _FAILURES,
        "reasons": dict(PauseReason.choices),
        "areas": by_area(),
        "ticked": set(request.POST.getlist("kind")) if wrong else set(endpoint.kinds),
        "url": request.POST.get("url", "")[:_URL_MAX] if wrong else endpoint.url,
        "wrong": wrong,
        "secret": secret,
    }
    return show(request, "webhooks/webhook.html", context, status=422 if wrong else 200)


@require_POST
@page
def change(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Change where an endpoint is and what it is told."""
    actor = actor_of(request)
    try:
        services.change_endpoint(
            actor=actor,
            endpoint_id=endpoint_id,
            url=request.POST.get("url", ""),
            kinds=request.POST.getlist("kind"),
        )
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _shown(request, actor, endpoint_id, wrong=refusal)
    messages.success(request, _("The webhook is changed."))
    return redirect("portal:webhook", endpoint_id=endpoint_id)


@require_POST
@never_cache
@page
def rotate(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Give an endpoint a new secret, and show it this once."""
    actor = actor_of(request)
    secret = services.rotate_secret(actor=actor, endpoint_id=endpoint_id)
    return _shown(request, actor, endpoint_id, secret=secret)


@require_POST
@page
def redeliver(request: HttpRequest, endpoint_id: UUID, delivery_id: int) -> HttpResponse:
    """Deliver something once more."""
    actor = actor_of(request)
    with told(request):
        services.redeliver(actor=actor, endpoint_id=endpoint_id, delivery_id=delivery_id)
        messages.success(request, _("It is on its way again."))
    return redirect("portal:webhook", endpoint_id=endpoint_id)


@require_POST
@page
def act(request: HttpRequest, endpoint_id: UUID, act: str) -> HttpResponse:
    """Pause, resume, test or take away."""
    if act not in _ACTS:
        raise NotFound
    actor = actor_of(request)
    perform, said = _ACTS[act]
    with told(request):
        perform(actor=actor, endpoint_id=endpoint_id)
        messages.success(request, str(said))
    if act == "close":
        return redirect("portal:webhooks")
    return redirect("portal:webhook", endpoint_id=endpoint_id)
