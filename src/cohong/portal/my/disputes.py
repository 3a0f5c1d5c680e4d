"""Disputes, from either side of an order: raise one, answer, agree on a sum, let it go."""

from collections.abc import Callable
from typing import Literal
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cohong.kernel.errors import BadInput, NotFound
from cohong.kernel.http import decode_cursor
from cohong.kernel.http import page as cut
from cohong.kernel.ids import new_id
from cohong.orders import api as orders
from cohong.orders.api import OnDispute
from cohong.parties import api as parties
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show, told
from cohong.portal.my.sending import pictures_of, sum_of

_PAGE = 20


@page
def raise_dispute(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Ask what the dispute is about, and raise it; pictures go along as a message on the order."""
    actor = actor_of(request)
    view = orders.order(actor=actor, order_id=order_id)
    if actor.party_id != view.buyer_id:
        raise orders.OrderNotFound
    context = {"order": view, "dispute_id": new_id(), "kinds": orders.DisputeKind.choices}
    if request.method != "POST":
        return show(request, "my/dispute_raise.html", context)
    try:
        dispute_id = UUID(request.POST.get("dispute_id", ""))
    except ValueError:
        raise NotFound from None
    try:
        claimed = sum_of(request.POST.get("claimed", ""), view.total.currency)
        item = orders.RaiseDispute(
            actor=actor,
            id=dispute_id,
            order_id=order_id,
            kind=request.POST.get("kind", ""),
            text=request.POST.get("text", ""),
            claimed_minor=claimed.minor,
        )
        raised = orders.raise_dispute(item=item)
    except BadInput as refusal:
        context |= {"asked": request.POST, "wrong": str(refusal), "dispute_id": dispute_id}
        return show(request, "my/dispute_raise.html", context, status=422)
    _send_pictures(request, order_id, _("Pictures for dispute {number}").format(number=raised.number))
    messages.success(request, _("The dispute is raised. The order stands still until it is over."))
    return redirect("portal:dispute", dispute_id=dispute_id)


def _send_pictures(request: HttpRequest, order_id: UUID, text: str) -> None:
    """Send a form's pictures as a message; a file that is none is said to be, and the act stands."""
    pictures = pictures_of(request)
    if not pictures:
        return
    with told(request):
        item = orders.SendMessage(
            actor=actor_of(request), id=new_id(), order_id=order_id, text=text, pictures=pictures
        )
        orders.send_message(item=item)


@require_safe
@never_cache
@page
def dispute(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """Show a dispute to its parties (and to an authority, whose look is recorded)."""
    actor = actor_of(request)
    view = orders.dispute(actor=actor, dispute_id=dispute_id)
    side = {view.buyer_id: "buyer", view.seller_id: "seller"}.get(actor.party_id, "authority")
    people = {view.buyer_id, view.seller_id, *([view.decided_by] if view.decided_by else [])}
    context = {
        "dispute": view,
        "side": side,
        "order": orders.order(actor=actor, order_id=view.order_id),
        "people": parties.parties(ids=people),
        "may_agree": view.is_open and view.offered is not None and view.offered_by != actor.party_id,
    }
    return show(request, "my/dispute.html", context)


Done = tuple[Callable[[HttpRequest, OnDispute], object], str | Promise]


def _offer(request: HttpRequest, item: OnDispute) -> object:
    view = orders.dispute(actor=item.actor, dispute_id=item.dispute_id)
    amount = sum_of(request.POST.get("amount", ""), view.claimed.currency)
    return orders.offer_in_dispute(item=item, amount_minor=amount.minor)


def _agree(request: HttpRequest, item: OnDispute) -> object:
    text = request.POST.get("amount_minor", "")
    return orders.agree_in_dispute(item=item, amount_minor=int(text) if text.isdecimal() else 0)


_ACTS: dict[str, Done] = {
    "answer": (
        lambda _request, item: orders.answer_dispute(item=item),
        gettext_lazy("Your answer is with the buyer."),
    ),
    "offer": (_offer, gettext_lazy("Your offer is with the other side.")),
    "agree": (_agree, gettext_lazy("Agreed. The money is back with the buyer, and the order goes on.")),
    "withdraw": (
        lambda _request, item: orders.withdraw_dispute(item=item),
        gettext_lazy("The dispute is withdrawn. The order goes on."),
    ),
}


@require_POST
@page
def on_dispute(request: HttpRequest, dispute_id: UUID, act: str) -> HttpResponse:
    """Answer, offer, agree or withdraw."""
    if act not in _ACTS:
        raise NotFound
    actor = actor_of(request)
    # Whoever may not see the dispute does not learn here that it exists.
    orders.dispute(actor=actor, dispute_id=dispute_id)
    perform, said = _ACTS[act]
    with told(request):
        perform(request, OnDispute(actor=actor, dispute_id=dispute_id, text=request.POST.get("text", "")))
        messages.success(request, str(said))
    return redirect("portal:dispute", dispute_id=dispute_id)


@require_safe
@page
def my_disputes(request: HttpRequest) -> HttpResponse:
    """List the disputes that the acting party has as a buyer; those of its sales stand at the merchant's desk."""
    if request.GET.get("side") == "seller":
        return redirect("portal:sales_disputes")
    return _list(request, "buyer", "my/disputes.html")


@require_safe
@page
def sales_disputes(request: HttpRequest) -> HttpResponse:
    """List the disputes over the acting party's sales."""
    return _list(request, "seller", "my/sales_disputes.html")


def _list(request: HttpRequest, side: Literal["buyer", "seller"], template: str) -> HttpResponse:
    actor = actor_of(request)
    found = orders.disputes(
        actor=actor,
        side=side,
        before=decode_cursor(request.GET.get("after")),
        limit=_PAGE + 1,
    )
    items, following = cut(found, limit=_PAGE, id_of=lambda view: view.id)
    people = parties.parties(ids={view.seller_id if side == "buyer" else view.buyer_id for view in items})
    context = {"disputes": items, "next": following, "side": side, "people": people}
    return show(request, template, context)
