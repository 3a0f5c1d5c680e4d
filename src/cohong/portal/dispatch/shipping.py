"""Orders to ship: found by what matters in a warehouse, and sent together with waybills of one carrier."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cohong.kernel import clock
from cohong.kernel.errors import NotFound, Refusal
from cohong.kernel.http import decode_cursor
from cohong.kernel.http import page as cut
from cohong.kernel.ids import new_id
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.orders.api import OrderState, SalesFilter
from cohong.parties import api as parties
from cohong.parties.api import Actor, RegionView
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show, told
from cohong.portal.design.places import districts

PAGE = 50
_TEXT_MAX, _BUYERS_MAX = 60, 50

#: The list's tabs: which states each shows, and what it is called.
TABS: dict[str, tuple[tuple[OrderState, ...], str | Promise]] = {
    "ready": ((OrderState.READY, OrderState.PART_SHIPPED), gettext_lazy("To be shipped")),
    "shipped": ((OrderState.SHIPPED,), gettext_lazy("On their way")),
    "unpaid": ((OrderState.PLACED, OrderState.DEPOSITED), gettext_lazy("Awaiting payment")),
    "done": ((OrderState.ACCEPTED, OrderState.SETTLED), gettext_lazy("Accepted")),
}
#: For how many days an order has been waiting at least.
AGES: dict[str, str | Promise] = {
    "1": pgettext_lazy("age of an order", "more than a day"),
    "3": pgettext_lazy("age of an order", "more than three days"),
    "7": pgettext_lazy("age of an order", "more than a week"),
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the list's form asks for, as it was typed."""

    tab: str
    text: str
    region: str
    carrier: str
    age: str
    delivery: str

    @classmethod
    def of(cls, query: QueryDict) -> "_Asked":
        """Read the form; what it does not know narrows nothing."""
        delivery = query.get("delivery", "")
        return cls(
            tab=query.get("tab", "") if query.get("tab") in TABS else "ready",
            text=query.get("q", "").strip()[:_TEXT_MAX],
            region=query.get("region", "")[:40],
            carrier=query.get("carrier", "")[:40],
            age=query.get("age", "") if query.get("age") in AGES else "",
            delivery=delivery if delivery in set(orders.DeliveryKind) else "",
        )

    def filter(self, regions: list[RegionView]) -> SalesFilter:
        """Say it to `orders`."""
        found = parties.find(text=self.text, limit=_BUYERS_MAX) if self.text else []
        return SalesFilter(
            states=TABS[self.tab][0],
            delivery=self.delivery,
            carrier_id=_uuid(self.carrier),
            region_codes=_inside(self.region, regions),
            text=self.text,
            buyer_ids=tuple(one.id for one in found),
            placed_before=clock.now() - timedelta(days=int(self.age)) if self.age else None,
        )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _inside(code: str, regions: list[RegionView]) -> tuple[str, ...]:
    """List a region and all that lies in it."""
    if not code:
        return ()
    below: dict[str, list[str]] = {}
    for one in regions:
        below.setdefault(one.parent_code, []).append(one.code)
    found, waiting = [], [code]
    while waiting:
        found.append(waiting.pop())
        waiting += below.get(found[-1], ())
    return tuple(found)


@require_safe
@page
def to_ship(request: HttpRequest) -> HttpResponse:
    """List the party's sales for whoever ships them: those that wait longest come first."""
    actor = actor_of(request)
    asked = _Asked.of(request.GET)
    regions = parties.regions()
    wanted = asked.filter(regions)
    found = orders.sales(
        actor=actor,
        wanted=wanted,
        after=decode_cursor(request.GET.get("after")),
        oldest_first=asked.tab == "ready",
        limit=PAGE + 1,
    )
    items, following = cut(found, limit=PAGE, id_of=lambda view: view.id)
    context = {
        "asked": asked,
        "tabs": [(name, said) for name, (_states, said) in TABS.items()],
        "ages": AGES,
        "count": orders.sales_count(actor=actor, wanted=wanted),
        "items": [(view, new_id()) for view in items],
        "next": following,
        "people": parties.parties(ids={view.buyer_id for view in items}),
        "cities": [city for city, _inside_it in districts(regions)],
        "places": {one.code: one for one in regions},
        "carriers": logistics.carriers(),
        "now": clock.now(),
    }
    return show(request, "dispatch/to_ship.html", context)


@require_POST
@page
def ship_many(request: HttpRequest) -> HttpResponse:
    """Ship all that is left of the orders ticked, by one carrier; each has its own outcome."""
    actor = actor_of(request)
    carrier = request.POST.get("carrier", "")
    if carrier and _uuid(carrier) is None:
        raise NotFound
    wishes = _wishes(actor, request.POST, _uuid(carrier))
    back = request.POST.get("back", "")
    if not wishes:
        messages.error(request, _("Tick the orders that are to be shipped."))
        return redirect(_back(back))
    shipped: list[UUID] = []
    with told(request):
        views = {
            one.id: one for one in orders.orders(actor=actor, side="seller", ids=[w.order_id for w in wishes])
        }
        for wish, outcome in zip(wishes, orders.ship(items=wishes), strict=True):
            if isinstance(outcome, Refusal):
                number = views[wish.order_id].number if wish.order_id in views else pgettext("trade", "Order")
                messages.error(request, f"{number}: {outcome}", extra_tags="act-refused")
            else:
                shipped.append(outcome.shipment_id)
    if not shipped:
        return redirect(_back(back))
    said = ngettext("{n} shipment is on its way.", "{n} shipments are on their way.", len(shipped))
    messages.success(request, said.format(n=len(shipped)))
    return redirect(f"{reverse('portal:sent')}?{urlencode([('shipment', one) for one in shipped])}")


def _wishes(actor: Actor, form: QueryDict, carrier_id: UUID | None) -> list[orders.ShipOrder]:
    """Read which orders were ticked; the ids of their shipments came with the page, so that a second press changes nothing."""
    ticked = [one for text in form.getlist("order")[:PAGE] if (one := _uuid(text)) is not None]
    return [
        orders.ShipOrder(
            actor=actor,
            order_id=order_id,
            shipment_id=_uuid(form.get(f"shipment-{order_id}", "")) or new_id(),
            carrier_id=carrier_id,
        )
        for order_id in dict.fromkeys(ticked)
    ]


def _back(address: str) -> str:
    """Return to where the form was, if that is the list."""
    home = reverse("portal:to_ship")
    return address if address.startswith((f"{home}?", home)) and "//" not in address else home


@require_safe
@page
def sent(request: HttpRequest) -> HttpResponse:
    """Show what was just shipped, to print its papers."""
    actor = actor_of(request)
    ids = [one for text in request.GET.getlist("shipment")[:PAGE] if (one := _uuid(text)) is not None]
    found = [one for one in logistics.shipments(ids=ids).values() if one.shipper_id == actor.party_id]
    if not found:
        raise NotFound
    views = {
        one.id: one
        for one in orders.orders(
            actor=actor, side="seller", ids=[one.order_id for one in found], with_lines=False
        )
    }
    context: dict[str, Any] = {
        "shipments": [(one, views[one.order_id]) for one in found],
        "people": parties.parties(ids={view.buyer_id for view in views.values()}),
        "carriers": {one.id: one for one in logistics.carriers()},
        "printable": any(not one.pick_up for one in found),
    }
    return show(request, "dispatch/sent.html", context)
