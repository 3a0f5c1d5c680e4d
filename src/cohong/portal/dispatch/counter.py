"""The pick-up counter: goods that wait for their buyers, handed over against the code that they show."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohong.kernel.errors import NotFound, Refusal
from cohong.kernel.numbers import normalise
from cohong.logistics import api as logistics
from cohong.logistics.api import ShipmentState, ShipmentView
from cohong.orders import api as orders
from cohong.orders.api import OrderState, SalesFilter
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show, told

_PAGE = 100
_WAITING = (OrderState.PART_SHIPPED, OrderState.SHIPPED)
_HANDED_OVER = (ShipmentState.COLLECTED.value, ShipmentState.RETURNED.value)


@require_safe
@page
def counter(request: HttpRequest) -> HttpResponse:
    """List what waits at the counter, and ask for a number and a code."""
    actor = actor_of(request)
    views = orders.sales(
        actor=actor, wanted=SalesFilter(states=_WAITING, delivery="pick_up"), limit=_PAGE, oldest_first=True
    )
    shipments = logistics.shipments_of(order_ids=[view.id for view in views])
    waiting = [
        (view, one)
        for view in views
        for one in shipments[view.id]
        if one.pick_up and one.state not in _HANDED_OVER
    ]
    context = {
        "waiting": waiting,
        "people": parties.parties(ids={view.buyer_id for view in views}),
        "number": request.GET.get("number", "")[:40],
    }
    return show(request, "dispatch/counter.html", context)


@require_POST
@page
def at_counter(request: HttpRequest) -> HttpResponse:
    """Hand goods over against their code; a wrong one is counted and may be typed again."""
    actor = actor_of(request)
    typed = request.POST.get("number", "").strip()[:40]
    # A wrong code is "not allowed" as well, but whoever typed it is to type it again.
    with told(request, raising=()):
        shipment = _found(actor, typed)
        logistics.collect(
            actor=actor, shipment_id=shipment.id, code=request.POST.get("code", "").strip()[:40]
        )
        messages.success(request, _("The goods of {number} are handed over.").format(number=typed))
    return redirect("portal:counter")


def _found(actor: Actor, typed: str) -> ShipmentView:
    """Find the goods by their waybill's number or by their order's. Raises NotANumber, NotFound."""
    number = normalise(typed)
    try:
        found = [logistics.shipment_file(actor=actor, waybill_number=number).shipment]
    except Refusal:
        order = orders.order_by_number(actor=actor, number=number)
        found = logistics.shipments_of(order_ids=[order.id])[order.id]
    waiting = [
        one
        for one in found
        if one.shipper_id == actor.party_id and one.pick_up and one.state not in _HANDED_OVER
    ]
    if not waiting:
        raise NotFound
    return waiting[0]
