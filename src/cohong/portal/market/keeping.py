"""What a visitor keeps while looking around: where the goods shall go, and what they like; each changed by a small form."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from cohong.kernel import clock
from cohong.kernel.errors import NotFound
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.portal.design.acting import actor_of, actor_or_none, visitor
from cohong.portal.design.frame import is_partial, page, show, told
from cohong.portal.market.labels import labels
from cohong.retail import api as retail
from cohong.retail.api import FavouriteKind

_REGION = "region"


def back_to(request: HttpRequest) -> str:
    """Return the address of this site that a form came from, else the home page's."""
    address = request.POST.get("back", "")
    own = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if address and own else reverse("portal:home")


def region_of(request: HttpRequest) -> str:
    """Return the code of the region that the visitor's goods shall go to: as chosen, else where their party is; "" if unknown."""
    chosen: str = request.session.get(_REGION, "")
    if chosen:
        return chosen
    who = visitor(request)
    if who.acting is None:
        return ""
    party = parties.parties(ids=[who.acting.party_id]).get(who.acting.party_id)
    return party.region_code if party is not None else ""


def line_of(sku_id: UUID, quantity: int) -> retail.KeptLine:
    """Make a cart's line of something that somebody thinks of taking, so that it can be priced."""
    nothing = Money.zero(settings.COHONG_CURRENCY)
    return retail.KeptLine(sku_id=sku_id, quantity=quantity, agreed_price=nothing, added_at=clock.now())


@require_POST
@page
def choose_region(request: HttpRequest) -> HttpResponse:
    """Remember where the visitor's goods shall go."""
    code = request.POST.get("region", "")
    if code and code not in labels()["regions"]:
        raise parties.RegionUnknown(code=code[:40])
    request.session[_REGION] = code
    return HttpResponseClientRefresh() if is_partial(request) else redirect(back_to(request))


@require_POST
@page
def set_favourite(request: HttpRequest, kind: str, thing_id: UUID) -> HttpResponse:
    """Let a listing or a seller be a favourite, or no longer (`keep` 0)."""
    if kind not in set(FavouriteKind):
        raise NotFound
    actor = actor_of(request)
    keep = request.POST.get("keep") != "0"
    with told(request):
        if keep:
            retail.add_favourite(actor=actor, kind=FavouriteKind(kind), thing_id=thing_id)
        else:
            retail.remove_favourite(actor=actor, thing_id=thing_id)
    if is_partial(request):
        context = {"kind": kind, "thing_id": thing_id, **favourites(request, thing_id)}
        return show(request, "market/favourite.html", {**context, "back": back_to(request)})
    return redirect(back_to(request))


def favourites(request: HttpRequest, *thing_ids: UUID) -> dict[str, object]:
    """Say which of these things are the visitor's favourites; of a stranger's none are."""
    actor = actor_or_none(request)
    kept = retail.is_favourite(actor=actor, thing_ids=thing_ids) if actor is not None else frozenset()
    return {"favourites": kept}
