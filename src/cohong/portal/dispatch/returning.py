"""The returns desk: what buyers send back, decided with what each decision moves said beforehand."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cohong.kernel.errors import NotFound
from cohong.kernel.http import decode_cursor
from cohong.kernel.http import page as cut
from cohong.orders import api as orders
from cohong.orders.api import OnReturn, ReturnState
from cohong.parties import api as parties
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show, told

_PAGE = 20
TABS: dict[str, tuple[tuple[ReturnState, ...], str | Promise]] = {
    "decide": ((ReturnState.REQUESTED,), gettext_lazy("To decide")),
    "coming": ((ReturnState.APPROVED,), gettext_lazy("Approved")),
    "refund": ((ReturnState.RECEIVED,), gettext_lazy("To refund")),
    "ended": (
        (ReturnState.REFUNDED, ReturnState.REJECTED, ReturnState.WITHDRAWN),
        gettext_lazy("Closed"),
    ),
}
_ACTS: dict[str, tuple[Callable[..., Any], str | Promise]] = {
    "approve": (orders.approve_return, gettext_lazy("The return is approved.")),
    "reject": (orders.reject_return, gettext_lazy("The return is rejected.")),
    "receive": (orders.receive_return, gettext_lazy("The goods are back in stock.")),
    "refund": (orders.refund, gettext_lazy("The money is back with the buyer.")),
}


@require_safe
@page
def returns_desk(request: HttpRequest) -> HttpResponse:
    """List returns by where they stand, with what each act would move."""
    actor = actor_of(request)
    tab = request.GET.get("tab", "decide")
    tab = tab if tab in TABS else "decide"
    found = orders.returns_of_sales(
        actor=actor,
        states=TABS[tab][0],
        before=decode_cursor(request.GET.get("after")),
        limit=_PAGE + 1,
    )
    items, following = cut(found, limit=_PAGE, id_of=lambda one: one.view.id)
    views = orders.orders(actor=actor, side="seller", ids=list({one.view.order_id for one in items}))
    waiting = orders.returns_waiting(actor=actor)
    context = {
        "tab": tab,
        "tabs": [
            (name, said, sum(waiting.get(state, 0) for state in states))
            for name, (states, said) in TABS.items()
        ],
        "items": items,
        "next": following,
        "lines": {line.id: line for view in views for line in view.lines},
        "outlooks": orders.refund_outlooks(actor=actor, return_ids=[one.view.id for one in items]),
        "people": parties.parties(ids={one.buyer_id for one in items}),
    }
    return show(request, "dispatch/returns.html", context)


@require_POST
@page
def return_act(request: HttpRequest, return_id: UUID, act: str) -> HttpResponse:
    """Decide on a return, take the goods back, or give the money back; then go on with the list."""
    if act not in _ACTS:
        raise NotFound
    actor = actor_of(request)
    # Whoever may not see the order does not learn here that the return exists.
    orders.order(actor=actor, order_id=orders.order_of_return(return_id=return_id))
    perform, said = _ACTS[act]
    with told(request):
        reason = request.POST.get("reason", "").strip()[:500]
        perform(item=OnReturn(actor=actor, return_id=return_id, reason=reason))
        messages.success(request, str(said))
    tab = request.POST.get("tab", "")
    address = redirect("portal:returns_desk")
    address["Location"] += f"?tab={tab}" if tab in TABS else ""
    return address
