"""Messages on an order, from either side: the thread, writing, what is new, pictures; and each side's inbox."""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from cohong.kernel.errors import BadInput, Conflict, NotFound
from cohong.kernel.http import decode_cursor
from cohong.kernel.http import page as cut
from cohong.kernel.ids import new_id
from cohong.orders import api as orders
from cohong.orders.api import OrderView
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import is_partial, page, show
from cohong.portal.my.sending import pictures_of

_PAGE = 20
#: A page looks for news so often, then asks whether anybody is still there.
_LOOKS = 60


@never_cache
@page
def thread(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show what was said on an order, and send what is written."""
    actor = actor_of(request)
    view = orders.order(actor=actor, order_id=order_id)
    if request.method == "POST":
        return _send(request, actor, view)
    if is_partial(request) and "after" in request.GET:
        return _news(request, actor, view)
    return _shown(request, actor, view, {})


def _shown(
    request: HttpRequest, actor: Actor, view: OrderView, more: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    found = orders.messages(actor=actor, order_id=view.id)
    orders.mark_read(actor=actor, order_id=view.id)
    context = {
        "order": view,
        "said": found,
        "side": _side(actor, view),
        "people": parties.parties(ids={view.buyer_id, view.seller_id, *(one.party_id for one in found)}),
        "message_id": new_id(),
        **more,
    }
    return show(request, "my/thread.html", context, status=status)


def _send(request: HttpRequest, actor: Actor, view: OrderView) -> HttpResponse:
    """Send a message; what is wrong with it is said beside what was written."""
    text = request.POST.get("text", "")
    try:
        message_id = UUID(request.POST.get("message_id", ""))
    except ValueError:
        raise NotFound from None
    item = orders.SendMessage(
        actor=actor, id=message_id, order_id=view.id, text=text, pictures=pictures_of(request)
    )
    try:
        orders.send_message(item=item)
    except (BadInput, Conflict) as refusal:
        return _shown(request, actor, view, {"text": text, "wrong": str(refusal)}, status=422)
    if request.POST.get("from") == "order":
        name = {"seller": "portal:sale"}.get(_side(actor, view), "portal:order")
        return redirect(f"{reverse(name, args=[view.id])}#messages")
    return redirect(f"{reverse('portal:messages', args=[view.id])}#write")


def _news(request: HttpRequest, actor: Actor, view: OrderView) -> HttpResponse:
    """Give what was said since; the page asks again until it has asked often enough."""
    after, looks = (
        int(text) if text.isdecimal() else 0 for text in (request.GET["after"], request.GET.get("looks", ""))
    )
    found = orders.messages(actor=actor, order_id=view.id, after=after)
    if found:
        orders.mark_read(actor=actor, order_id=view.id)
    context = {
        "order": view,
        "said": found,
        "side": _side(actor, view),
        "people": parties.parties(ids={one.party_id for one in found}),
        "after": found[-1].number if found else after,
        # Somebody who is being talked to goes on looking.
        "looks": 1 if found else looks + 1,
        "is_over": looks >= _LOOKS and not found,
    }
    return show(request, "my/news.html", context)


def _side(actor: Actor, view: OrderView) -> str:
    return {view.buyer_id: "buyer", view.seller_id: "seller"}.get(actor.party_id, "authority")


@require_safe
@cache_control(private=True, max_age=24 * 3600, immutable=True)
@page
def picture(request: HttpRequest, picture_id: UUID) -> HttpResponse:
    """Give a picture of a message."""
    small = request.GET.get("size") == "small"
    content = orders.message_picture(actor=actor_of(request), picture_id=picture_id, small=small)
    return HttpResponse(content, content_type="image/webp")


@require_safe
@page
def inbox(request: HttpRequest) -> HttpResponse:
    """List the buyer's threads, the last moved first."""
    return _inbox(request, "buyer", "my/inbox.html")


@require_safe
@page
def sales_inbox(request: HttpRequest) -> HttpResponse:
    """List the seller's threads, the last moved first."""
    return _inbox(request, "seller", "my/sales_inbox.html")


def _inbox(request: HttpRequest, side: Literal["buyer", "seller"], template: str) -> HttpResponse:
    actor = actor_of(request)
    only: Literal["all", "unread", "unanswered"] = "all"
    if (wanted := request.GET.get("only")) in ("unread", "unanswered"):
        only = wanted  # type: ignore[assignment]
    found = orders.threads(
        actor=actor,
        side=side,
        only=only,
        before=decode_cursor(request.GET.get("after")),
        limit=_PAGE + 1,
    )
    items, following = cut(found, limit=_PAGE, id_of=lambda one: one.cursor)
    others = {one.seller_id if side == "buyer" else one.buyer_id for one in items}
    context = {
        "threads": items,
        "next": following,
        "only": only,
        "side": side,
        "people": parties.parties(ids=others),
        "counts": orders.unread_counts(actor=actor),
    }
    return show(request, template, context)
