"""The seller's desk: orders to ship, returns to decide."""

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

from cohong.kernel import clock
from cohong.kernel.errors import NotFound, one
from cohong.kernel.http import decode_cursor
from cohong.kernel.http import page as cut
from cohong.kernel.ids import new_id
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.orders.api import OnReturn
from cohong.parties import api as parties
from cohong.parties.api import Role
from cohong.portal import trade
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import is_partial, page, show, told
from cohong.portal.my.orders import TABS

_PAGE = 20

ReturnAct = Callable[..., Any]
#: What a seller can do to a return: the act, and what is said when it is done.
_RETURN_ACTS: dict[str, tuple[ReturnAct, str | Promise]] = {
    "approve": (orders.approve_return, gettext_lazy("The return is approved.")),
    "reject": (orders.reject_return, gettext_lazy("The return is rejected.")),
    "receive": (orders.receive_return, gettext_lazy("The goods are back in stock.")),
    "refund": (orders.refund, gettext_lazy("The money is back with the buyer.")),
}


@require_safe
@page
def sales(request: HttpRequest) -> HttpResponse:
    """List the orders that others have placed with the party, newest first."""
    actor = actor_of(request)
    tab = request.GET.get("tab", "ship")
    found = orders.orders(
        actor=actor,
        side="seller",
        states=TABS.get(tab, ()),
        before=decode_cursor(request.GET.get("after")),
        limit=_PAGE + 1,
    )
    items, following = cut(found, limit=_PAGE, id_of=lambda view: view.id)
    context = {
        "orders": items,
        "next": following,
        "tab": tab,
        "people": parties.parties(ids={view.buyer_id for view in items}),
        "now": clock.now(),
    }
    partial = is_partial(request) and "after" in request.GET
    return show(request, "merchant/sale_rows.html" if partial else "merchant/sales.html", context)


@require_safe
@page
def sale(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show one order from the seller's side; its buyer is sent to the buyer's desk."""
    shown = trade.order_page(actor=actor_of(request), order_id=order_id)
    if shown.side != "seller":
        return redirect("portal:order", order_id=order_id)
    orders.mark_read(actor=actor_of(request), order_id=order_id)
    context = {"page": shown, "order": shown.order, "desk": "merchant", "message_id": new_id()}
    if shown.may_ship:
        context |= {"shipment_id": new_id(), "carriers": logistics.carriers()}
    return show(request, "merchant/sale.html", context)


@require_POST
@page
def ship(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Hand goods over: the quantities that the form names."""
    actor = actor_of(request)
    view = orders.order(actor=actor, order_id=order_id)
    try:
        shipment_id = UUID(request.POST.get("shipment_id", ""))
        carrier = request.POST.get("carrier", "")
        carrier_id = UUID(carrier) if carrier else None
    except ValueError:
        raise NotFound from None
    named = tuple(
        (line.id, int(text))
        for line in view.lines
        if (text := request.POST.get(f"quantity-{line.id}", "").strip()).isdecimal() and int(text)
    )
    wish = orders.ShipOrder(
        actor=actor, order_id=order_id, shipment_id=shipment_id, carrier_id=carrier_id, lines=named
    )
    with told(request):
        shipped = one(orders.ship(items=[wish]))
        messages.success(request, _("Shipped with waybill {number}.").format(number=shipped.waybill_number))
    return redirect("portal:sale", order_id=order_id)


@require_POST
@page
def hand_over(request: HttpRequest, shipment_id: UUID) -> HttpResponse:
    """Hand goods over at the counter, against the code that the buyer shows."""
    actor = actor_of(request)
    shipment = logistics.shipments(ids=[shipment_id]).get(shipment_id)
    if shipment is None or shipment.shipper_id != actor.party_id:
        raise NotFound
    # A wrong code is "not allowed" as well, but whoever typed it is to type it again.
    with told(request, raising=(NotFound,)):
        logistics.collect(actor=actor, shipment_id=shipment_id, code=request.POST.get("code", ""))
        messages.success(request, _("The goods are handed over."))
    return redirect("portal:sale", order_id=shipment.order_id)


@require_POST
@page
def on_return(request: HttpRequest, return_id: UUID, act: str) -> HttpResponse:
    """Decide on a return, take the goods back, or give the money back."""
    if act not in _RETURN_ACTS:
        raise NotFound
    actor = actor_of(request)
    order_id = orders.order_of_return(return_id=return_id)
    # Whoever may not see the order does not learn here that the return exists.
    orders.order(actor=actor, order_id=order_id)
    perform, said = _RETURN_ACTS[act]
    with told(request):
        reason = request.POST.get("reason", "").strip()[:500]
        perform(item=OnReturn(actor=actor, return_id=return_id, reason=reason))
        messages.success(request, str(said))
    return redirect("portal:sale", order_id=order_id)


@require_POST
@never_cache
@page
def address(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show the seller the whole address, which it needs to ship; the look is recorded."""
    actor = actor_of(request)
    view = orders.order(actor=actor, order_id=order_id)
    if actor.party_id != view.seller_id:
        raise orders.OrderNotFound
    parties.require(actor, view.seller_id, Role.SALES, Role.WAREHOUSE, Role.SERVICE)
    parties.record_looks(
        actor=actor, party_ids=[view.buyer_id], what=["address"], in_clear=True, reason=view.number
    )
    shown = orders.address(actor=actor, order_id=order_id)
    return show(request, "merchant/address.html", {"order": view, "address": shown})
