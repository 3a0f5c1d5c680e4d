"""Returns, from the buyer's side: ask for one, take it back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cohong.kernel.errors import BadInput, NotFound, Refusal
from cohong.kernel.ids import new_id
from cohong.orders import api as orders
from cohong.orders.api import OnReturn
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show, told
from cohong.portal.my.sending import pictures_of


@page
def request_return(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Ask for money back, with the goods or without; pictures go to the seller as a message on the order."""
    actor = actor_of(request)
    view = orders.order(actor=actor, order_id=order_id)
    if actor.party_id != view.buyer_id:
        raise orders.OrderNotFound
    if request.method != "POST":
        return show(request, "my/return.html", {"order": view, "return_id": new_id(), "asked": {}})
    try:
        return_id = UUID(request.POST.get("return_id", ""))
    except ValueError:
        raise NotFound from None
    reason = request.POST.get("reason", "").strip()[:500]
    asked = {line.id: request.POST.get(f"quantity-{line.id}", "").strip() for line in view.lines}
    wish = orders.RequestReturn(
        actor=actor,
        id=return_id,
        order_id=order_id,
        lines=tuple(
            orders.ReturnedLine(line_id=line_id, quantity=int(text))
            for line_id, text in asked.items()
            if text.isdecimal() and int(text)
        ),
        goods_back=request.POST.get("goods_back") != "no",
        reason=reason,
    )
    try:
        pictures = pictures_of(request)
        requested = orders.request_return(item=wish)
        if pictures:
            said = _("Pictures for return {number}").format(number=requested.number)
            orders.send_message(
                item=orders.SendMessage(
                    actor=actor, id=new_id(), order_id=order_id, text=said, pictures=pictures
                )
            )
    except Refusal as refusal:
        if not isinstance(refusal, BadInput) and not isinstance(refusal, orders.NotReturnable):
            raise
        context = {
            "order": view,
            "return_id": return_id,
            "asked": asked,
            "reason": reason,
            "wrong": str(refusal),
        }
        return show(request, "my/return.html", context, status=422)
    messages.success(request, _("The return is requested. The seller decides on it."))
    return redirect("portal:order", order_id=order_id)


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
