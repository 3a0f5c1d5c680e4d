"""The order's page, and what can be done on it: accept, cancel, close short, buy again; its documents and its evidence file."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cohong.kernel.errors import one
from cohong.kernel.ids import new_id
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.orders.api import OnOrder
from cohong.portal import evidence as files
from cohong.portal import trade
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show, told
from cohong.retail import api as retail

# --- reading ---------------------------------------------------------------------------------------------


@require_safe
@page
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show one order with its documents; its seller is sent to the seller's desk."""
    actor = actor_of(request)
    shown = trade.order_page(actor=actor, order_id=order_id)
    if shown.side == "seller":
        return redirect("portal:sale", order_id=order_id)
    context = {"page": shown, "order": shown.order, "desk": "my", "message_id": new_id()}
    if shown.side == "buyer":
        orders.mark_read(actor=actor, order_id=order_id)
        context |= {"reviewable": _reviewable(shown)}
    return show(request, "my/order.html", context)


def _reviewable(shown: trade.OrderPage) -> bool:
    return shown.order.state in (orders.OrderState.ACCEPTED, orders.OrderState.SETTLED)


@require_safe
@page
def printed(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show the order as it is printed: what was agreed, by whom, and the documents with their digests."""
    shown = trade.order_page(actor=actor_of(request), order_id=order_id)
    return show(request, "my/order_print.html", {"page": shown, "order": shown.order})


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


@require_safe
@never_cache
@page
def evidence(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Give the order's evidence file: all its documents with their proofs, and how to check them without this platform."""
    actor = actor_of(request)
    view = orders.order(actor=actor, order_id=order_id)
    file = trade.seen(actor, orders.evidence(actor=actor, order_id=order_id))
    headers = {"Content-Disposition": f'attachment; filename="{view.number}-evidence.zip"'}
    return HttpResponse(files.packed(view.number, file), content_type="application/zip", headers=headers)


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


@require_POST
@page
def close_short(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Say that the rest of a part-shipped order never comes, as the seller."""
    item = OnOrder(
        actor=actor_of(request), order_id=order_id, reason=request.POST.get("reason", "").strip()[:500]
    )
    with told(request):
        orders.close_short(item=item)
        messages.success(
            request, _("The rest will not be shipped. The money for it is back on the buyer’s balance.")
        )
    return redirect("portal:order", order_id=order_id)


@require_POST
@page
def buy_again(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Put what is still on offer of an order in the cart, and say what is not."""
    with told(request):
        again = retail.buy_again(actor=actor_of(request), order_id=order_id)
        for title, why in again.missing:
            messages.warning(request, _("“{title}” is not in the cart: {why}").format(title=title, why=why))
        if again.added:
            said = ngettext("{n} line is in your cart.", "{n} lines are in your cart.", len(again.added))
            messages.success(request, said.format(n=len(again.added)))
            return redirect("portal:cart")
    return redirect("portal:order", order_id=order_id)


@require_POST
@page
def pick_up_code(request: HttpRequest, shipment_id: UUID) -> HttpResponse:
    """Show the code that the seller asks for at the counter; the look is recorded."""
    code = logistics.pick_up_code_of(actor=actor_of(request), shipment_id=shipment_id)
    shipment = logistics.shipments(ids=[shipment_id])[shipment_id]
    return show(request, "my/pick_up_code.html", {"code": code, "shipment": shipment})
