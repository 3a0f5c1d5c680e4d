"""A seller's shop front: what they say of themselves, what they offer, how they trade, what buyers say."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cohong.catalog import api as catalog
from cohong.catalog.api import Browse, Sort
from cohong.parties import api as parties
from cohong.portal.design.frame import is_partial, page, show
from cohong.portal.kept import kept
from cohong.portal.market import labels as named
from cohong.portal.market.keeping import favourites
from cohong.portal.market.listing import seller_card
from cohong.portal.market.reviews import reviews_of
from cohong.retail import api as retail

_PAGE = 30


@kept(20)
def _shelves(seller_id: UUID) -> tuple[catalog.ShelfFigure, ...]:
    return tuple(catalog.shelves(seller_id=seller_id))


@require_safe
@page
def seller(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Show a seller's shop front; asked by htmx for more, only its next cards."""
    parties.party(party_id=party_id)
    card = seller_card(party_id)
    sort = request.GET.get("sort", "")
    shelf = request.GET.get("shelf", "")
    shelves = _shelves(party_id)
    asked = Browse(
        seller_id=party_id,
        category=shelf if shelf in {one.category_code for one in shelves} else "",
        text=request.GET.get("q", "").strip()[:100],
        sort=Sort(sort) if sort in set(Sort) else Sort.NEWEST,
    )
    found = catalog.browse(asked=asked, cursor=request.GET.get("after"), limit=_PAGE)
    shown = {"cards": found.items, "next": found.next, "sort": asked.sort, "shelf": asked.category}
    if is_partial(request) and "after" in request.GET:
        return show(request, "market/cards.html", {**shown, **named.labels(found.items)})
    chosen = catalog.offered(ids=card.shop.listing_ids)
    return show(
        request,
        "market/seller.html",
        {
            "card": card,
            "seller": card.seller,
            "shop": card.shop,
            "standing": card.trust.standing,
            "chosen": chosen,
            "shelves": [
                (named.category(one.category_code).names, one.category_code, one.listings) for one in shelves
            ],
            "offered": sum(one.listings for one in shelves),
            "industry": named.industry(card.seller.industry_code) if card.seller.industry_code else None,
            "within": asked.text,
            "rule": retail.TRUST,
            "rule_reviews": retail.TRUST_REVIEWS,
            **shown,
            **reviews_of(request, seller_id=party_id),
            **favourites(request, party_id),
            **named.labels(found.items, chosen),
        },
    )
