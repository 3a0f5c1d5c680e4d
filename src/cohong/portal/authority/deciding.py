"""The disputes desk: what waits for a decision, a dispute's file with the sums, and the decision itself."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cohong.kernel.errors import BadInput, Conflict
from cohong.kernel.http import decode_cursor
from cohong.kernel.http import page as cut
from cohong.kernel.money import Money
from cohong.orders import api as orders
from cohong.orders.api import DisputeState, DisputeView, OnDispute
from cohong.parties.api import Actor, DeskAct
from cohong.portal.authority.desk import LISTED, OVERSEES, note, on_duty, people, show_desk
from cohong.portal.design.frame import page

_TABS: dict[str, tuple[DisputeState, ...]] = {
    "open": (DisputeState.RAISED, DisputeState.ANSWERED),
    "ended": (DisputeState.WITHDRAWN, DisputeState.SETTLED, DisputeState.DECIDED),
}


@require_safe
@page
def disputes(request: HttpRequest) -> HttpResponse:
    """List disputes, newest first."""
    actor = on_duty(request, *OVERSEES)
    tab = request.GET.get("tab", "open")
    tab = tab if tab in _TABS else "open"
    found = orders.disputes(
        actor=actor,
        states=[state.value for state in _TABS[tab]],
        before=decode_cursor(request.GET.get("after")),
        limit=LISTED + 1,
    )
    items, following = cut(found, limit=LISTED, id_of=lambda one: one.id)
    context = {
        "tab": tab,
        "disputes": items,
        "next": following,
        "people": people(id_ for one in items for id_ in (one.buyer_id, one.seller_id)),
    }
    return show_desk(request, "disputes", context)


@page
def dispute(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """Show a dispute's file; decide it: first the sums, then, asked again, the decision."""
    actor = on_duty(request, *OVERSEES)
    view = orders.dispute(actor=actor, dispute_id=dispute_id)
    context: dict[str, Any] = {
        "dispute": view,
        "order": orders.order(actor=actor, order_id=view.order_id),
        "people": people((view.buyer_id, view.seller_id, view.offered_by, view.decided_by)),
        "refund": request.POST.get("refund", ""),
        "reason": request.POST.get("reason", "").strip(),
    }
    if request.method != "POST":
        note(actor, DeskAct.OPEN_ORDER, subject=view.order_id, about=view.number)
        return show_desk(request, "dispute", context)
    return _decide(request, actor, view, context)


def _decide(request: HttpRequest, actor: Actor, view: DisputeView, context: dict[str, Any]) -> HttpResponse:
    try:
        refund = _sum(context["refund"], view.escrow)
    except BadInput:
        wrong = _("Please give a sum from 0 to {most}.").format(most=view.escrow.plain)
        return show_desk(request, "dispute", {**context, "wrong_sum": wrong}, status=422)
    if not context["reason"]:
        return show_desk(request, "dispute", {**context, "reason_missing": True}, status=422)
    if request.POST.get("sure") != "yes":
        sums = {"to_buyer": refund, "to_seller": view.escrow - refund, "sure": True}
        return show_desk(request, "dispute", {**context, **sums})
    try:
        orders.decide_dispute(
            item=OnDispute(actor=actor, dispute_id=view.id, text=context["reason"]), refund_minor=refund.minor
        )
    except (BadInput, Conflict) as refusal:
        return show_desk(request, "dispute", {**context, "wrong": refusal}, status=422)
    note(actor, DeskAct.DECIDE, subject=view.order_id, about=view.number, reason=context["reason"])
    messages.success(request, _("The dispute is decided."))
    return redirect("portal:authority_dispute", dispute_id=view.id)


def _sum(text: str, most: Money) -> Money:
    """Read what goes back to the buyer. Raises BadInput."""
    found = Money.parse(text.strip() or "?", most.currency)
    if not 0 <= found.minor <= most.minor:
        raise BadInput
    return found
