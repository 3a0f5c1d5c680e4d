"""What buyers say of the merchant's goods: what waits for an answer first, answered where it stands."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cohong.catalog import api as catalog
from cohong.parties.api import Role
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show
from cohong.portal.market.reviews import named
from cohong.retail import api as retail

_PAGE = 20


@require_safe
@page
def own_reviews(request: HttpRequest) -> HttpResponse:
    """List the reviews of the party's goods, those without an answer or all, the newest first."""
    actor = actor_of(request)
    tab = "all" if request.GET.get("tab") == "all" else "unanswered"
    found = retail.sellers_reviews(
        actor=actor,
        seller_id=actor.party_id,
        unanswered=tab == "unanswered",
        cursor=request.GET.get("after"),
        limit=_PAGE,
    )
    context = {
        "tab": tab,
        "reviews": named(found.items),
        "next": found.next,
        "unanswered": retail.unanswered_count(actor=actor, seller_id=actor.party_id),
        "rating": retail.ratings(ids=[actor.party_id])[actor.party_id],
        "listings": catalog.listings(ids={one.listing_id for one in found.items}),
        "may_answer": actor.may(Role.SALES, Role.SERVICE),
    }
    return show(request, "merchant/reviews.html", context)
