"""The checkout: one page for where to, how, in which way paid, with which invoice; for guests with a registration in it."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cohong.kernel.errors import NotAllowed, NotFound, Refusal
from cohong.kernel.http import status_of
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.portal.account.guests import register_guest
from cohong.portal.basket import Basket
from cohong.portal.design.acting import act_for, visitor
from cohong.portal.design.frame import is_partial, page, show
from cohong.portal.design.region_levels import full_names, levels_of
from cohong.portal.my import checkout_form as forms
from cohong.portal.my.goods_rows import rows_of, sellers_of, units
from cohong.retail import api as retail
from cohong.retail.api import CheckoutWish


@page
def checkout(request: HttpRequest) -> HttpResponse:
    """Ask where and how the goods shall come, show what it costs in all, and order."""
    basket = Basket(request)
    if request.method != "POST":
        return _till(request, basket, _first_form(basket.actor))
    step = request.POST.get("step")
    if step not in ("order", "ask"):
        return _till(request, basket, request.POST)
    if basket.actor is not None and (made := _made_before(request, basket.actor)) is not None:
        return made
    try:
        actor = basket.actor or _register(request)
        return _order(request, actor, ask=step == "ask")
    except (NotFound, NotAllowed) as refusal:
        if not isinstance(refusal, orders.ApproverUnfit):
            raise
        return _till(request, Basket(request), request.POST, refusal=refusal)
    except Refusal as refusal:
        return _till(request, Basket(request), request.POST, refusal=refusal)


def _order(request: HttpRequest, actor: Actor, *, ask: bool) -> HttpResponse:
    form = request.POST
    # Anew, because a guest's cart has just come along.
    basket = Basket(request)
    address = forms.address_of(actor, form)
    view = basket.view(region_code=address.region_code, only_picked=True)
    tills = forms.tills_of(view, form)
    invoice = forms.invoice_of(actor, form)
    wish = replace(forms.wish_of(form, tills, address, invoice), channel=_channel(request))
    if ask:
        asked = retail.request_approval(actor=actor, wish=wish, reason=form.get("reason", ""))
        messages.success(request, _("The request is with the owners and finance of your company."))
        done = redirect("portal:approval", approval_id=asked)
    else:
        retail.checkout(actor=actor, wish=wish)
        done = redirect("portal:pay_checkout", checkout_id=wish.id)
    _remember(request, actor, form, wish)
    return done


def _channel(request: HttpRequest) -> orders.Channel:
    """Say whether the page is on a phone, as browsers tell by their client hint or, the older ones, by their name."""
    hint = request.headers.get("Sec-CH-UA-Mobile", "")
    is_phone = hint == "?1" or (not hint and "Mobi" in request.headers.get("User-Agent", ""))
    return orders.Channel.MOBILE if is_phone else orders.Channel.WEB


def _remember(request: HttpRequest, actor: Actor, form: QueryDict, wish: CheckoutWish) -> None:
    """Keep what was typed for the next time, if that was asked for. That the book is full spoils no order."""
    try:
        if (
            wish.address is not None
            and form.get("address", forms.NEW) == forms.NEW
            and "keep_address" in form
        ):
            logistics.save_address(actor=actor, address=wish.address)
        if wish.invoice is not None and "keep_invoice" in form:
            orders.save_invoice_profile(actor=actor, terms=wish.invoice)
    except Refusal as refusal:
        messages.warning(request, str(refusal))


def _made_before(request: HttpRequest, actor: Actor) -> HttpResponse | None:
    """Tell if this form was sent before: its lines have left the cart by now, so that it cannot be read a second time."""
    try:
        checkout_id = UUID(request.POST.get("checkout_id", ""))
    except ValueError:
        return None
    try:
        retail.outcome(actor=actor, checkout_id=checkout_id)
    except retail.NoSuchCheckout:
        pass
    else:
        return redirect("portal:pay_checkout", checkout_id=checkout_id)
    try:
        retail.approval(actor=actor, approval_id=checkout_id)
    except (retail.NoSuchApproval, parties.NotYours):
        return None
    return redirect("portal:approval", approval_id=checkout_id)


# --- a guest ---------------------------------------------------------------------------------------------


def _register(request: HttpRequest) -> Actor:
    """Register whoever orders as a guest, and sign them in; from then on they are, whatever becomes of the order.

    What can be said of the address is said before: nobody is registered by a form that could not be sent.
    """
    form = request.POST
    view = Basket(request).view(only_picked=True)
    if not view.lines:
        raise retail.CartEmpty
    address = forms.typed_address(form)
    forms.check_address(address)
    party_id = register_guest(
        request,
        username=form.get("username", "").strip(),
        password=form.get("password", ""),
        email=form.get("email", "").strip(),
        name=address.recipient,
        phone=address.phone,
        region_code=address.region_code,
    )
    if hasattr(request, "_visitor"):
        del request._visitor  # noqa: SLF001 - kept for this request only, and somebody else now
    act_for(request, party_id)
    messages.success(request, _("You are registered and signed in."))
    return visitor(request).actor


# --- the page --------------------------------------------------------------------------------------------


def _first_form(actor: Actor | None) -> QueryDict:
    """Fill the form as far as is known: the default address, or that of the last order; the invoice used last."""
    form = QueryDict(mutable=True)
    if actor is None:
        return form
    book = logistics.addresses(actor=actor)
    if book:
        form["address"] = str(book[0].id)
    else:
        last = orders.orders(actor=actor, side="buyer", limit=1, with_lines=False)
        address = orders.address(actor=actor, order_id=last[0].id) if last else None
        if address is not None:
            for name in (*forms.ADDRESS_FIELDS, "region_code"):
                form[name] = getattr(address, name)
    return form


def _till(
    request: HttpRequest, basket: Basket, form: QueryDict, *, refusal: Refusal | None = None
) -> HttpResponse:
    actor = basket.actor
    book = logistics.addresses(actor=actor) if actor is not None else []
    levels, typed_region = levels_of(forms.plain(form))
    saved = next((one for one in book if str(one.id) == form.get("address")), None)
    region = saved.address.region_code if saved is not None else typed_region
    view = basket.view(region_code=region, only_picked=True)
    if not view.lines:
        return redirect("portal:cart")
    tills = forms.tills_of(view, form)
    totals = _totals(tills)
    over = (
        orders.needs_approval(actor=actor, totals=[till.total for till in tills])
        if actor is not None
        else None
    )
    context: dict[str, Any] = {
        "cart": view,
        "tills": tills,
        "totals": totals,
        "goods": view.goods,
        "freight": _freight(tills),
        "expected": " ".join(f"{total.minor}{total.currency}" for total in totals),
        "checkout_id": form.get("checkout_id") or new_id(),
        "form": form,
        "levels": levels,
        "chosen_address": form.get("address", forms.NEW) if saved is not None else forms.NEW,
        "book": book,
        "places": full_names([one.address.region_code for one in book]),
        "profiles": orders.invoice_profiles(actor=actor) if actor is not None else [],
        "invoice_chosen": form.get("invoice", forms.NONE),
        "terms": [kind.value for kind in forms.TERMS],
        "terms_chosen": form.get("payment", forms.TERMS[0].value),
        "services": dict(logistics.Service.choices),
        "refusal": refusal,
        "errors": forms.errors_of(refusal),
        "over": over,
        "is_guest": actor is None,
        "rows": (rows := rows_of(view)),
        "notes": {
            row.line.seller_id: row.listing.freight_note
            for row in rows.values()
            if row.listing is not None and row.listing.freight_note
        },
        "sellers": sellers_of(view),
        "units": units(),
    }
    template = "my/till.html" if is_partial(request) else "my/checkout.html"
    return show(request, template, context, status=status_of(refusal) if refusal else 200)


def _totals(tills: list[forms.Till]) -> list[Money]:
    sums: dict[str, Money] = {}
    for till in tills:
        currency = till.parcel.currency
        sums[currency] = sums.get(currency, Money.zero(currency)) + till.total
    return [sums[currency] for currency in sorted(sums)]


def _freight(tills: list[forms.Till]) -> list[Money]:
    sums: dict[str, Money] = {}
    for till in tills:
        currency = till.parcel.currency
        sums[currency] = sums.get(currency, Money.zero(currency)) + till.chosen.price
    return [sums[currency] for currency in sorted(sums)]
