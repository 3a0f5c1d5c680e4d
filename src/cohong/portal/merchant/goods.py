"""The merchant's goods: the list, and what is done to many of them at once."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cohong.catalog import api as catalog
from cohong.catalog.api import ListingState, Shelf
from cohong.kernel.errors import Refusal
from cohong.parties.api import Actor
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import is_partial, page, show
from cohong.portal.merchant.categories import chains, leaves

_PAGE: Final = 20
_MOST: Final = 500
_TOLD: Final = 5
_SHELVES: Final = {
    Shelf.LOW.value: gettext_lazy("running low"),
    Shelf.NONE.value: pgettext_lazy("shelf", "sold out"),
    Shelf.SOME.value: pgettext_lazy("shelf", "in stock"),
}


# --- the list --------------------------------------------------------------------------------------------


@require_safe
@page
def goods(request: HttpRequest) -> HttpResponse:
    """List what the party offers, drafts included, with what is left of it; narrowed as the query says."""
    actor = actor_of(request)
    found = catalog.sellers_listings(
        actor=actor,
        seller_id=actor.party_id,
        cursor=request.GET.get("after"),
        limit=_PAGE,
        **_asked(request.GET),
    )
    context: dict[str, Any] = {
        "cards": found.items,
        "next": found.next,
        "units": {one.code: one.names for one in catalog.units()},
        "states": dict(ListingState.choices),
    }
    if is_partial(request) and "after" in request.GET:
        return show(request, "merchant/goods_rows.html", context)
    categories = catalog.categories()
    context |= {
        "asked": request.GET,
        "leaves": leaves(
            categories, {card.category_code for card in found.items} | {request.GET.get("category", "")}
        ),
        "chains": chains(categories),
        "shelves": _SHELVES,
        "locations": catalog.own_locations(actor=actor),
    }
    return show(request, "merchant/goods.html", context)


def _asked(query: QueryDict) -> dict[str, Any]:
    """Read what of the goods is asked for; what makes no sense does not narrow."""
    state, shelf = query.get("state", ""), query.get("shelf", "")
    return {
        "text": query.get("q", "").strip()[:100],
        "category": query.get("category", "")[:64],
        "state": ListingState(state) if state in ListingState.values else None,
        "shelf": Shelf(shelf) if shelf in set(Shelf) else None,
        "held": query.get("held") == "1",
        "bare": query.get("bare") == "1",
    }


def selected(request: HttpRequest, actor: Actor) -> list[UUID]:
    """Read which goods are chosen: those that are ticked, or all that the list's query finds."""
    query = request.POST if request.method == "POST" else request.GET
    if query.get("all") == "1":
        return _all_found(actor, query)
    chosen = []
    for text in query.getlist("listing")[: _MOST + 1]:
        try:
            chosen.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(chosen))


def _all_found(actor: Actor, query: QueryDict) -> list[UUID]:
    ids: list[UUID] = []
    cursor: str | None = None
    while len(ids) <= _MOST:
        found = catalog.sellers_listings(
            actor=actor, seller_id=actor.party_id, cursor=cursor, limit=200, **_asked(query)
        )
        ids += [card.id for card in found.items]
        cursor = found.next
        if cursor is None:
            break
    return ids[: _MOST + 1]


# --- publish and withdraw --------------------------------------------------------------------------------


@require_POST
@page
def offer(request: HttpRequest) -> HttpResponse:
    """Put the chosen goods on offer, or take them off; each has its own outcome."""
    actor = actor_of(request)
    chosen = selected(request, actor)
    back = redirect(_back(request))
    if not chosen:
        messages.error(request, _("Choose some goods first."))
        return back
    act = catalog.withdraw if request.POST.get("act") == "withdraw" else catalog.publish
    outcomes = act(actor=actor, listing_ids=chosen)
    done = sum(outcome is None for outcome in outcomes)
    if done:
        said = (
            ngettext("{n} listing is withdrawn.", "{n} listings are withdrawn.", done)
            if act is catalog.withdraw
            else ngettext("{n} listing is on offer.", "{n} listings are on offer.", done)
        )
        messages.success(request, said.format(n=done))
    tell_refused(request, chosen, outcomes)
    return back


def _back(request: HttpRequest) -> str:
    """Return to the list as it was narrowed."""
    kept = QueryDict(mutable=True)
    for name in ("q", "category", "state", "shelf", "held", "bare"):
        if value := request.POST.get(name):
            kept[name] = value
    return f"{reverse('portal:goods')}?{kept.urlencode()}" if kept else reverse("portal:goods")


def tell_refused(request: HttpRequest, listing_ids: Sequence[UUID], outcomes: Sequence[object]) -> None:
    """Say of the first few that were refused why, and how many more there are."""
    refused = [
        (listing_id, outcome)
        for listing_id, outcome in zip(listing_ids, outcomes, strict=True)
        if isinstance(outcome, Refusal)
    ]
    # What others call their goods, drafts among them, is nobody's to learn here.
    actor = actor_of(request)
    titles = {
        view.id: view.title
        for view in catalog.listings(ids=[listing_id for listing_id, _ in refused[:_TOLD]]).values()
        if view.seller_id == actor.party_id
    }
    for listing_id, refusal in refused[:_TOLD]:
        messages.error(request, f"{titles[listing_id]}: {refusal}" if listing_id in titles else str(refusal))
    if len(refused) > _TOLD:
        more = len(refused) - _TOLD
        messages.error(
            request, ngettext("{n} more was refused.", "{n} more were refused.", more).format(n=more)
        )
