"""Paying: one order, or all that a checkout has ordered; from the balance, or at the bank, where the page waits with you."""

from collections.abc import Sequence
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from cohong.kernel import clock
from cohong.kernel.errors import Refusal
from cohong.kernel.money import Money
from cohong.orders import api as orders
from cohong.orders.api import OrderView
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.payments import api as payments
from cohong.payments.api import PaymentView
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import is_partial, page, show, told
from cohong.retail import api as retail

#: How often the page asks by itself whether the money has come: about five minutes; then it is asked by hand.
MOST_LOOKS = 75
_OPEN = ("started", "open")


@page
def pay(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Pay one order: from the balance, or at the bank."""
    actor = actor_of(request)
    view = orders.order(actor=actor, order_id=order_id)
    if actor.party_id != view.buyer_id:
        raise orders.OrderNotFound
    return _pay(request, actor, [view], done=reverse("portal:paid", args=[order_id]))


@page
def pay_checkout(request: HttpRequest, checkout_id: UUID) -> HttpResponse:
    """Pay what a checkout has ordered, all at once from the balance or each at the bank."""
    actor = actor_of(request)
    views = _of_checkout(actor, checkout_id)
    return _pay(request, actor, views, done=reverse("portal:paid_checkout", args=[checkout_id]))


def _of_checkout(actor: Actor, checkout_id: UUID) -> list[OrderView]:
    ids = [one_.order_id for one_ in retail.outcome(actor=actor, checkout_id=checkout_id).orders]
    return orders.orders(actor=actor, side="buyer", ids=ids, limit=len(ids), with_lines=False)


def _pay(request: HttpRequest, actor: Actor, views: Sequence[OrderView], *, done: str) -> HttpResponse:
    due = [view for view in views if view.buyer_id == actor.party_id and _is_due(view)]
    if request.method == "POST":
        if request.POST.get("means") == "bank":
            return _pay_at_bank(request, actor, _named(due, request.POST), back=request.path)
        return _pay_from_balance(request, actor, due, done=done, back=request.path)
    balances = {
        one_.posted.currency: one_.available for one_ in payments.party_balances(party_id=actor.party_id)
    }
    sums = _sums(due)
    context = {
        "orders": views,
        "due": {view.id for view in due},
        "sums": sums,
        "pay_by": min((view.pay_by for view in due if view.pay_by is not None), default=None),
        "now": clock.now(),
        "balances": [balances.get(one_.currency, Money.zero(one_.currency)) for one_ in sums],
        "people": parties.parties(ids={view.seller_id for view in views}),
        "enough": bool(due) and all(one_.minor <= _minor(balances.get(one_.currency)) for one_ in sums),
        "done": done,
    }
    return show(request, "my/pay.html", context)


def _minor(money: Money | None) -> int:
    return money.minor if money is not None else 0


def _is_due(view: OrderView) -> bool:
    return view.allows(orders.OrderAct.PAY) and view.due.minor > 0


def _sums(views: Sequence[OrderView]) -> list[Money]:
    sums: dict[str, Money] = {}
    for view in views:
        currency = view.due.currency
        sums[currency] = sums.get(currency, Money.zero(currency)) + view.due
    return [sums[currency] for currency in sorted(sums)]


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


# --- at the bank -----------------------------------------------------------------------------------------


def _pay_at_bank(request: HttpRequest, actor: Actor, view: OrderView, *, back: str) -> HttpResponse:
    """Open a payment at the bank and go where one waits for it; a payment that is open already is gone on with."""
    with told(request):
        if _open_payment(view) is None:
            payments.start_payment(
                actor=actor,
                order_id=view.id,
                payer_id=view.buyer_id,
                amount=view.due,
                description=view.number,
                return_url=request.build_absolute_uri(reverse("portal:pay_at_bank", args=[view.id])),
            )
        return redirect("portal:pay_at_bank", order_id=view.id)
    return redirect(back)


def _open_payment(view: OrderView) -> PaymentView | None:
    known = payments.payments_for(order_ids=[view.id]).get(view.id, [])
    return next((one_ for one_ in known if one_.state in _OPEN and one_.amount == view.due), None)


@page
def pay_at_bank(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show the way to the bank's pay page, as a link and as a code for the phone, and notice when it is paid.

    The page asks by itself for some minutes (`looks` counts), then by hand; without JavaScript always by hand.
    """
    actor = actor_of(request)
    view = orders.order(actor=actor, order_id=order_id)
    if actor.party_id != view.buyer_id:
        raise orders.OrderNotFound
    if request.method == "POST":
        return (
            _pay_at_bank(request, actor, view, back=request.path)
            if _is_due(view)
            else _to_paid(request, view)
        )
    if not _is_due(view):
        return _to_paid(request, view)
    known = payments.payments_for(order_ids=[view.id]).get(view.id, [])
    opened = next((one_ for one_ in known if one_.state in _OPEN and one_.amount == view.due), None)
    arrived = any(one_.state == "done" for one_ in known) and opened is None
    looks = request.GET.get("looks", "0")
    number = min(int(looks), MOST_LOOKS) if looks.isascii() and looks.isdecimal() and len(looks) < 4 else 0  # noqa: PLR2004
    context = {
        "order": view,
        "payment": opened,
        "failed": known[-1] if known and opened is None and not arrived else None,
        "arrived": arrived,
        "code": _code(opened.qr_text or opened.pay_url) if opened is not None and opened.pay_url else None,
        "looks": number + 1 if number < MOST_LOOKS else 0,
        "now": clock.now(),
    }
    return show(request, "my/pay_state.html" if is_partial(request) else "my/pay_at_bank.html", context)


def _to_paid(request: HttpRequest, view: OrderView) -> HttpResponse:
    there = reverse("portal:paid", args=[view.id])
    return HttpResponseClientRedirect(there) if is_partial(request) else redirect(there)


def _code(text: str) -> SafeString:
    """Draw a QR code as SVG without styles of its own, which the page's policy would not let in."""
    drawn = segno.make(text, micro=False, error="m").svg_inline(
        scale=4, border=2, dark="#18222f", light="#ffffff", omitsize=True, svgclass=None, lineclass=None
    )
    return mark_safe(drawn)  # noqa: S308 - drawn by segno, which has only modules in it


# --- afterwards ------------------------------------------------------------------------------------------


@require_safe
@page
def paid(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Say that an order is paid, and what comes next."""
    actor = actor_of(request)
    view = orders.order(actor=actor, order_id=order_id)
    if actor.party_id != view.buyer_id:
        raise orders.OrderNotFound
    return _paid(request, [view], again=reverse("portal:pay", args=[order_id]))


@require_safe
@page
def paid_checkout(request: HttpRequest, checkout_id: UUID) -> HttpResponse:
    """Say that what a checkout has ordered is paid, and what comes next."""
    views = _of_checkout(actor_of(request), checkout_id)
    return _paid(request, views, again=reverse("portal:pay_checkout", args=[checkout_id]))


def _paid(request: HttpRequest, views: Sequence[OrderView], *, again: str) -> HttpResponse:
    if any(_is_due(view) and view.payment != "on_delivery" for view in views):
        return redirect(again)
    context = {
        "orders": views,
        "people": parties.parties(ids={view.seller_id for view in views}),
        "on_delivery": any(_is_due(view) for view in views),
        "pick_up": any(view.delivery == "pick_up" for view in views),
        "ended": all(view.state in ("lapsed", "cancelled") for view in views),
    }
    return show(request, "my/paid.html", context)
