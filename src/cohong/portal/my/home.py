"""My home: what needs me, what is on its way, what came last, what I keep an eye on; and the favourites' own page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cohong.catalog import api as catalog
from cohong.kernel import clock
from cohong.kernel.errors import NotAllowed
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.orders.api import OrderState
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.payments import api as payments
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show
from cohong.retail import api as retail
from cohong.retail.api import FavouriteKind

_SHOWN, _RECENT, _CARDS, _PAGE = 6, 5, 8, 24


@require_safe
@page
def home(request: HttpRequest) -> HttpResponse:
    """Show what needs the visitor, for the party they act for."""
    actor = actor_of(request)
    counts = orders.purchase_counts(actor=actor)
    on_way = orders.purchases(actor=actor, states=(OrderState.SHIPPED, OrderState.PART_SHIPPED), limit=_SHOWN)
    recent = orders.purchases(actor=actor, limit=_RECENT)
    disputes = orders.disputes(actor=actor, side="buyer", states=("raised", "answered"), limit=_SHOWN)
    context = {
        "to_pay": counts.get(OrderState.PLACED, 0) + counts.get(OrderState.DEPOSITED, 0),
        "to_accept": counts.get(OrderState.SHIPPED, 0),
        "to_approve": retail.awaiting_approval(actor=actor),
        "unread": _unread(actor),
        "disputes": disputes,
        "offers": [one for one in disputes if one.offered and one.offered_by != actor.party_id],
        "on_way": on_way,
        "shipments": logistics.shipments_of(order_ids=[view.id for view in on_way]),
        "orders": recent,
        "people": parties.parties(ids={view.seller_id for view in [*on_way, *recent]}),
        "balances": payments.party_balances(party_id=actor.party_id),
        "now": clock.now(),
        **_kept(actor),
    }
    return show(request, "my/home.html", context)


def _unread(actor: Actor) -> int:
    try:
        return orders.unread_counts(actor=actor).buyer
    except NotAllowed:
        return 0


def _kept(actor: Actor) -> dict[str, object]:
    found = retail.favourites(actor=actor, kind=FavouriteKind.LISTING, limit=_CARDS)
    return {"cards": catalog.offered(ids=[one.thing_id for one in found.items]), **_names()}


def _names() -> dict[str, object]:
    return {
        "units": {one.code: one.names for one in catalog.units()},
        "regions": {one.code: one.names for one in parties.regions()},
    }


@require_safe
@page
def favourites(request: HttpRequest) -> HttpResponse:
    """List the goods and the sellers that the visitor keeps an eye on."""
    actor = actor_of(request)
    is_sellers = request.GET.get("kind") == "seller"
    kind = FavouriteKind.SELLER if is_sellers else FavouriteKind.LISTING
    found = retail.favourites(actor=actor, kind=kind, cursor=request.GET.get("after"), limit=_PAGE)
    ids = [one.thing_id for one in found.items]
    cards = [] if is_sellers else catalog.offered(ids=ids)
    people = parties.parties(ids=ids) if is_sellers else {}
    context = {
        "kind": kind.value,
        "cards": cards,
        "sellers": [people[one] for one in ids if one in people],
        # What is no longer on offer stays a favourite: it may come back.
        "gone": 0 if is_sellers else len(ids) - len(cards),
        "next": found.next,
        **_names(),
    }
    return show(request, "my/favourites.html", context)
