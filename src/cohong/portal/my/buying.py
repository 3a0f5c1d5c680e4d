"""The buyer's orders: the list, the page with the documents, paying, accepting, cancelling, returning."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohong.kernel import clock
from cohong.kernel.errors import NotFound, Refusal, one
from cohong.kernel.http import decode_cursor
from cohong.kernel.http import page as cut
from cohong.kernel.ids import new_id
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.orders.api import OnOrder, OnReturn, OrderState, OrderView
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.payments import api as payments
from cohong.portal import trade
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import is_partial, page, show, told
from cohong.retail import api as retail

_PAGE = 20
#: The list's tabs, and the states that each shows.
TABS: dict[str, tuple[OrderState, ...]] = {
    "all": (),
    "pay": (OrderState.PLACED, OrderState.DEPOSITED),
    "ship": (OrderState.READY, OrderState.PART_SHIPPED),
    "accept": (OrderState.SHIPPED,),
    "done": (OrderState.ACCEPTED, OrderState.SETTLED),
    "ended": (OrderState.LAPSED, OrderState.CANCELLED),
}


# --- reading ---------------------------------------------------------------------------------------------


@require_safe
@page
def my_orders(request: HttpRequest) -> HttpResponse:
    """List the orders of the party that the visitor acts for, newest first."""
    actor = actor_of(request)
    tab = request.GET.get("tab", "all")
    found = orders.orders(
        actor=actor,
        side="buyer",
        states=TABS.get(tab, ()),
        before=decode_cursor(request.GET.get("after")),
        limit=_PAGE + 1,
    )
    items, following = cut(found, limit=_PAGE, id_of=lambda view: view.id)
    context = {
        "orders": items,
        "next": following,
        "tab": tab,
        "people": parties.parties(ids={view.seller_id for view in items}),
        "now": clock.now(),
    }
    partial = is_partial(request) and "after" in request.GET
    return show(request, "my/order_rows.html" if partial else "my/orders.html", context)


@require_safe
@page
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show one order with its documents; its seller is sent to the seller's desk."""
    shown = trade.order_page(actor=actor_of(request), order_id=order_id)
    if shown.side == "seller":
        return redirect("portal:sale", order_id=order_id)
    return show(request, "my/order.html", {"page": shown, "order": shown.order, "desk": "my"})


@require_safe
@page
def document(request: HttpRequest, order_id: UUID, document_id: UUID) -> HttpResponse:
    """Show a document of an order: its canonical form, its digest, and the proof that it is in the sealed log."""
    shown = trade.document_page(actor=actor_of(request), order_id=order_id, document_id=document_id)
    return show(
        request, "my/document.html", {"page": shown, "filed": shown.filed, "envelope": shown.filed.envelope}
    )


@require_safe
@page
def canonical(request: HttpRequest, order_id: UUID, document_id: UUID) -> HttpResponse:
    """Give a document's canonical form byte for byte, for whoever wants to digest it with a tool of their own."""
    shown = trade.document_page(actor=actor_of(request), order_id=order_id, document_id=document_id)
    name = f"{shown.order.number}-{shown.filed.envelope.kind}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(shown.canonical.encode(), content_type="application/json", headers=headers)


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


# --- acts ------------------------------------------------------------------------------------------------


@require_POST
@page
def accept(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Accept the goods."""
    with told(request):
        one(orders.accept(items=[OnOrder(actor=actor_of(request), order_id=order_id)]))
        messages.success(request, _("Accepted. The money goes to the seller now."))
    return redirect("portal:order", order_id=order_id)


@require_POST
@page
def cancel(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Call the order off, as either side; a reason is asked for."""
    reason = request.POST.get("reason", "").strip()
    with told(request):
        one(orders.cancel(items=[OnOrder(actor=actor_of(request), order_id=order_id, reason=reason)]))
        messages.success(request, _("The order is cancelled. What was paid is back on the buyer’s balance."))
    return redirect("portal:order", order_id=order_id)


@page
def request_return(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Ask for money back, with the goods or without."""
    actor = actor_of(request)
    view = orders.order(actor=actor, order_id=order_id)
    if actor.party_id != view.buyer_id:
        raise orders.OrderNotFound
    if request.method != "POST":
        return show(request, "my/return.html", {"order": view, "return_id": new_id()})
    try:
        return_id = UUID(request.POST.get("return_id", ""))
    except ValueError:
        raise NotFound from None
    lines = tuple(
        orders.ReturnedLine(line_id=line.id, quantity=int(text))
        for line in view.lines
        if (text := request.POST.get(f"quantity-{line.id}", "").strip()).isdecimal() and int(text)
    )
    wish = orders.RequestReturn(
        actor=actor,
        id=return_id,
        order_id=order_id,
        lines=lines,
        goods_back=request.POST.get("goods_back") != "no",
        reason=request.POST.get("reason", "").strip()[:500],
    )
    with told(request):
        orders.request_return(item=wish)
        messages.success(request, _("The return is requested. The seller decides on it."))
        return redirect("portal:order", order_id=order_id)
    return redirect("portal:request_return", order_id=order_id)


@require_POST
@page
def withdraw_return(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """Take a return back."""
    order_id = orders.order_of_return(return_id=return_id)
    actor = actor_of(request)
    orders.order(actor=actor, order_id=order_id)
    with told(request):
        orders.withdraw_return(item=OnReturn(actor=actor, return_id=return_id))
        messages.success(request, _("The return is withdrawn."))
    return redirect("portal:order", order_id=order_id)


@require_POST
@page
def pick_up_code(request: HttpRequest, shipment_id: UUID) -> HttpResponse:
    """Show the code that the seller asks for at the counter; the look is recorded."""
    code = logistics.pick_up_code_of(actor=actor_of(request), shipment_id=shipment_id)
    shipment = logistics.shipments(ids=[shipment_id])[shipment_id]
    return show(request, "my/pick_up_code.html", {"code": code, "shipment": shipment})
