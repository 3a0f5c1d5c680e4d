"""Requests for approval: what was asked, then and now, and the decision."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohong.catalog import api as catalog
from cohong.kernel import clock
from cohong.kernel.errors import NotFound
from cohong.kernel.http import decode_cursor
from cohong.kernel.http import page as cut
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.portal.company.people import desk
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show, told
from cohong.retail import api as retail
from cohong.retail.api import ApprovalState

_PAGE = 20
TABS: dict[str, tuple[ApprovalState, ...]] = {
    "open": (ApprovalState.REQUESTED,),
    "all": (),
}


def names_of(actor: Actor) -> dict[UUID, str]:
    """Return the user names of everyone who acts, or ever acted, for the party."""
    members = parties.members(actor=actor, party_id=actor.party_id, with_past=True)
    return {member.user_id: member.username for member in members}


@require_safe
@page
def approvals(request: HttpRequest) -> HttpResponse:
    """List the requests that wait, or all there were."""
    actor = actor_of(request)
    tab = request.GET.get("tab", "open")
    found = retail.approvals(
        actor=actor,
        states=TABS.get(tab, ()),
        before=decode_cursor(request.GET.get("after")),
        limit=_PAGE + 1,
    )
    items, following = cut(found, limit=_PAGE, id_of=lambda view: view.id)
    context = {
        "approvals": items,
        "next": following,
        "tab": tab,
        "names": names_of(actor),
        "now": clock.now(),
        **desk(actor),
    }
    return show(request, "company/approvals.html", context)


@require_safe
@page
def approval(request: HttpRequest, approval_id: UUID) -> HttpResponse:
    """Show one request: what was asked and why, prices then and now."""
    actor = actor_of(request)
    file = retail.approval(actor=actor, approval_id=approval_id)
    view = file.view
    is_mine = view.requested_by in (actor.user_id, actor.party_id)
    placed = (
        orders.orders(
            actor=actor, side="buyer", ids=view.order_ids, limit=len(view.order_ids), with_lines=False
        )
        if view.order_ids
        else []
    )
    context: dict[str, Any] = {
        "file": file,
        "view": view,
        "names": names_of(actor),
        "sellers": parties.parties(ids={parcel.seller_id for parcel in view.parcels}),
        "units": {one.code: one.names for one in catalog.units()},
        "services": dict(logistics.Service.choices),
        "may_decide": view.open and orders.may_approve(actor) and view.requested_by != actor.user_id,
        "may_withdraw": view.open and (is_mine or actor.may()),
        "is_mine": is_mine,
        "orders": placed,
        "may_pay": any(one.allows(orders.OrderAct.PAY) and one.due.minor > 0 for one in placed),
        "now": clock.now(),
        **desk(actor),
    }
    return show(request, "company/approval.html", context)


@require_POST
@page
def decide(request: HttpRequest, approval_id: UUID) -> HttpResponse:
    """Approve and order, reject with a reason, or withdraw."""
    actor = actor_of(request)
    acts: dict[str, Callable[[], str]] = {
        "approve": lambda: _approve(actor, approval_id),
        "reject": lambda: _reject(actor, approval_id, request.POST.get("reason", "")),
        "withdraw": lambda: _withdraw(actor, approval_id),
    }
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        raise NotFound
    with told(request):
        messages.success(request, act())
    return redirect("portal:approval", approval_id=approval_id)


def _approve(actor: Actor, approval_id: UUID) -> str:
    retail.approve(actor=actor, approval_id=approval_id)
    return _("Approved and ordered. It can be paid now.")


def _reject(actor: Actor, approval_id: UUID, reason: str) -> str:
    retail.reject(actor=actor, approval_id=approval_id, reason=reason)
    return _("Rejected. Whoever asked can read why.")


def _withdraw(actor: Actor, approval_id: UUID) -> str:
    retail.withdraw(actor=actor, approval_id=approval_id)
    return _("Withdrawn. The goods are in the cart again.")
