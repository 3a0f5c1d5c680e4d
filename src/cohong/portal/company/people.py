"""Who acts for the company, in which roles, and up to how much its buyers order alone."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohong.kernel.errors import BadInput, NotAllowed, NotFound, Refusal
from cohong.kernel.http import status_of
from cohong.kernel.money import Money
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import Actor, MemberView, Role
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show, told
from cohong.retail import api as retail

CURRENCIES = ("CNY", "HKD", "MOP", "USD", "EUR")


@require_safe
@page
def company(request: HttpRequest) -> HttpResponse:
    """Show the company's people, its limits, and to whom its invoices are made out."""
    return _company(request, actor_of(request))


def _company(
    request: HttpRequest, actor: Actor, *, refusal: Refusal | None = None, field: str = ""
) -> HttpResponse:
    party = parties.party(party_id=actor.party_id)
    may_buy = actor.may(Role.PURCHASING, Role.FINANCE)
    context: dict[str, Any] = {
        "party": party,
        "people": by_user(parties.members(actor=actor, party_id=actor.party_id)),
        "roles": list(Role),
        "is_owner": actor.may(),
        "limits": orders.purchase_limits(actor=actor),
        "currencies": CURRENCIES,
        "profiles": orders.invoice_profiles(actor=actor) if may_buy else [],
        "may_buy": may_buy,
        "refusal": refusal,
        "errors": {field: str(refusal)} if refusal is not None else {},
        "form": request.POST,
        "me": actor.user_id,
        **desk(actor),
    }
    status = status_of(refusal) if refusal is not None else 200
    return show(request, "company/company.html", context, status=status)


def desk(actor: Actor) -> dict[str, Any]:
    """Say what the desk's navigation shows: how many requests wait for the visitor."""
    return {
        "waiting": retail.awaiting_approval(actor=actor),
        "may_spend": actor.may(Role.PURCHASING, Role.FINANCE),
    }


def by_user(members: Sequence[MemberView]) -> list[tuple[UUID, str, list[MemberView]]]:
    """Put the roles of one user together, who came first first."""
    found: dict[UUID, list[MemberView]] = {}
    for member in members:
        found.setdefault(member.user_id, []).append(member)
    return [(user_id, own[0].username, own) for user_id, own in found.items()]


@require_POST
@page
def on_people(request: HttpRequest) -> HttpResponse:
    """Give a user a role, or end one."""
    actor = actor_of(request)
    try:
        role = Role(request.POST.get("role", ""))
    except ValueError:
        raise NotFound from None
    if request.POST.get("act") == "end":
        return _end(request, actor, role)
    try:
        user_id = parties.user_named(username=request.POST.get("username", "").strip())
        parties.grant_membership(actor=actor, party_id=actor.party_id, user_id=user_id, role=role)
    except (parties.UserNotFound, parties.MembershipExists) as refusal:
        return _company(request, actor, refusal=refusal, field="username")
    messages.success(request, _("They act for the company in this role from now on."))
    return redirect("portal:company")


def _end(request: HttpRequest, actor: Actor, role: Role) -> HttpResponse:
    try:
        user_id = UUID(request.POST.get("user", ""))
    except ValueError:
        raise NotFound from None
    with told(request):
        parties.end_membership(actor=actor, party_id=actor.party_id, user_id=user_id, role=role)
        messages.success(request, _("The role is ended."))
    is_own = user_id == actor.user_id
    # Who has laid down their last role here acts for somebody else from now on.
    return redirect("portal:home" if is_own else "portal:company")


@require_POST
@page
def on_limits(request: HttpRequest) -> HttpResponse:
    """Set up to how much one order may come to without approval, or take the limit away."""
    actor = actor_of(request)
    currency = request.POST.get("currency", "")
    if request.POST.get("act") == "end":
        with told(request):
            orders.end_purchase_limit(actor=actor, currency=currency[:3])
            messages.success(request, _("There is no limit in this currency any more."))
        return redirect("portal:company")
    try:
        limit = Money.parse(request.POST.get("limit", "").replace(",", ""), currency)
        orders.set_purchase_limit(actor=actor, limit=limit)
    except BadInput as refusal:
        return _company(request, actor, refusal=refusal, field="limit")
    messages.success(request, _("The limit is set. Orders above it have to be approved."))
    return redirect("portal:company")


@require_POST
@page
def on_invoices(request: HttpRequest) -> HttpResponse:
    """Forget to whom an invoice was made out."""
    try:
        profile_id = UUID(request.POST.get("profile", ""))
    except ValueError:
        raise NotFound from None
    with told(request, raising=(NotAllowed,)):
        orders.remove_invoice_profile(actor=actor_of(request), profile_id=profile_id)
        messages.success(request, _("The invoice title is removed."))
    return redirect("portal:company")
