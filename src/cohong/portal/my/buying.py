"""Paying: one order, or all that a checkout has ordered."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cohong.kernel.errors import Refusal
from cohong.orders import api as orders
from cohong.orders.api import OrderView
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.payments import api as payments
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show, told
from cohong.retail import api as retail

# --- paying ----------------------------------------------------------------------------------------------


@page
def pay(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Pay one order: from the balance, or at the bank."""
    actor = actor_of(request)
    view = orders.order(actor=actor, order_id=order_id)
    back = reverse("portal:order", args=[order_id])
    return _pay(request, actor, [view], done=back)


@page
def pay_checkout(request: HttpRequest, checkout_id: UUID) -> HttpResponse:
    """Pay what a checkout has ordered, all at once from the balance or each at the bank."""
    actor = actor_of(request)
    placed = retail.outcome(actor=actor, checkout_id=checkout_id).orders
    ids = [one_.order_id for one_ in placed]
    views = orders.orders(actor=actor, side="buyer", ids=ids, limit=len(ids), with_lines=False)
    return _pay(request, actor, views, done=reverse("portal:orders"))


def _pay(request: HttpRequest, actor: Actor, views: Sequence[OrderView], *, done: str) -> HttpResponse:
    due = [view for view in views if view.buyer_id == actor.party_id and _is_due(view)]
    if request.method == "POST":
        if request.POST.get("means") == "bank":
            return _pay_at_bank(request, actor, _named(due, request.POST), back=request.path)
        return _pay_from_balance(request, actor, due, done=done, back=request.path)
    balances = {
        one_.posted.currency: one_.available for one_ in payments.party_balances(party_id=actor.party_id)
    }
    context = {
        "orders": views,
        "due": {view.id for view in due},
        "currencies": sorted({view.total.currency for view in due}),
        "balances": balances,
        "people": parties.parties(ids={view.seller_id for view in views}),
        "enough": bool(due)
        and all(
            _sum(due, currency) <= (balances[currency].minor if currency in balances else 0)
            for currency in {view.total.currency for view in due}
        ),
        "done": done,
    }
    return show(request, "my/pay.html", context)


def _is_due(view: OrderView) -> bool:
    return view.allows(orders.OrderAct.PAY) and view.due.minor > 0


def _sum(views: Sequence[OrderView], currency: str) -> int:
    return sum(view.due.minor for view in views if view.due.currency == currency)


def _named(due: Sequence[OrderView], form: QueryDict) -> OrderView:
    found = next((view for view in due if str(view.id) == form.get("order")), None)
    if found is None:
        raise orders.NothingDue
    return found


def _pay_from_balance(
    request: HttpRequest, actor: Actor, due: Sequence[OrderView], *, done: str, back: str
) -> HttpResponse:
    if not due:
        raise orders.NothingDue
    outcomes = orders.pay(items=[orders.PayOrder(actor=actor, order_id=view.id) for view in due])
    paid = sum(not isinstance(outcome, Refusal) for outcome in outcomes)
    for view, outcome in zip(due, outcomes, strict=True):
        if isinstance(outcome, Refusal):
            messages.error(request, f"{view.number}: {outcome}", extra_tags="refused")
    if paid:
        messages.success(request, _("Paid. The money is held in escrow until you accept the goods."))
    return redirect(done if paid == len(due) else back)


def _pay_at_bank(request: HttpRequest, actor: Actor, view: OrderView, *, back: str) -> HttpResponse:
    """Open a payment at the bank and go to its page; a payment that is open already is gone on with."""
    known = payments.payments_for(order_ids=[view.id]).get(view.id, [])
    opened = next(
        (one_ for one_ in known if one_.pay_url and one_.state == "open" and one_.amount == view.due), None
    )
    with told(request):
        opened = opened or payments.start_payment(
            actor=actor,
            order_id=view.id,
            payer_id=view.buyer_id,
            amount=view.due,
            description=view.number,
            return_url=request.build_absolute_uri(reverse("portal:order", args=[view.id])),
        )
    if opened is None:
        return redirect(back)
    if not opened.pay_url:
        messages.info(
            request, _("The bank has not answered yet. Its pay page will be linked here as soon as it has.")
        )
        return redirect("portal:order", order_id=view.id)
    return redirect(opened.pay_url)
