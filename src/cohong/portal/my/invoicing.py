"""The invoice of an order: its seller looks at the whole of what it says, and records what was issued."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cohong.orders import api as orders
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show, told


@require_POST
@page
def on_invoice(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show it whole, which is recorded, or record its number and date."""
    actor = actor_of(request)
    view = orders.order(actor=actor, order_id=order_id)
    if request.POST.get("act") == "show":
        found = orders.invoice(actor=actor, order_id=order_id, in_clear=True)
        if found is None:
            raise orders.InvoiceNotWanted
        return show(request, "my/invoice.html", {"order": view, "invoice": found, "side": "seller"})
    if actor.party_id != view.seller_id:
        raise orders.OtherSidesAct(act="record_invoice")
    with told(request):
        try:
            day = date.fromisoformat(request.POST.get("issued_on", ""))
        except ValueError:
            raise orders.InvoiceFlawed(field="issued_on") from None
        number = request.POST.get("number", "").strip()
        orders.record_invoice(
            item=orders.RecordInvoice(actor=actor, order_id=order_id, number=number, issued_on=day)
        )
        messages.success(request, _("The invoice is recorded. The buyer can see it."))
    return redirect("portal:order", order_id=order_id)
