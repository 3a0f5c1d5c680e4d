"""The buyer's list of orders: tabs with counts, found by number, goods or seller."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cohong.kernel import clock
from cohong.kernel.http import decode_cursor
from cohong.kernel.http import page as cut
from cohong.orders import api as orders
from cohong.orders.api import OrderState
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import is_partial, page, show

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


@require_safe
@page
def my_orders(request: HttpRequest) -> HttpResponse:
    """List the orders of the party that the visitor acts for, newest first."""
    actor = actor_of(request)
    tab, text = request.GET.get("tab", "all"), request.GET.get("text", "").strip()[:100]
    found = orders.purchases(
        actor=actor,
        states=TABS.get(tab, ()),
        text=text,
        seller_ids=_sellers_named(actor, text) if text else (),
        before=decode_cursor(request.GET.get("after")),
        limit=_PAGE + 1,
    )
    items, following = cut(found, limit=_PAGE, id_of=lambda view: view.id)
    context: dict[str, Any] = {
        "orders": items,
        "next": following,
        "tab": tab,
        "text_sought": text,
        "people": parties.parties(ids={view.seller_id for view in items}),
        "unread": orders.unread_on(actor=actor, order_ids=[view.id for view in items]),
        "now": clock.now(),
    }
    if is_partial(request) and "after" in request.GET:
        return show(request, "my/order_rows.html", context)
    counts = orders.purchase_counts(actor=actor)
    context["counts"] = {
        name: sum(counts.get(state, 0) for state in states or counts) for name, states in TABS.items()
    }
    return show(request, "my/orders.html", context)


def _sellers_named(actor: Actor, text: str) -> list[UUID]:
    """Say which of the sellers that the party has ordered from have such a name."""
    sought = text.lower()
    known = parties.parties(ids=orders.sellers_of(actor=actor))
    return [one.id for one in known.values() if sought in f"{one.name} {one.name_en}".lower()]
