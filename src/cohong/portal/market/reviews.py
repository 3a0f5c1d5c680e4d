"""Reviews on pages: what is said of a listing or a seller, and the forms by which it is said, answered, hidden."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohong.catalog import api as catalog
from cohong.kernel.errors import NotAllowed, NotFound, Refusal
from cohong.kernel.privacy import mask_name
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import Actor, Mandate, PartyView, Role
from cohong.portal.design import charts
from cohong.portal.design.acting import actor_of, actor_or_none
from cohong.portal.design.frame import is_partial, page, show, told
from cohong.portal.market.keeping import back_to
from cohong.retail import api as retail
from cohong.retail.api import RatingView, Reviewable, ReviewDraft, ReviewView

_PAGE = 8
_FIVE = (5, 4, 3, 2, 1)
_LEFT_OF_NAME = 2


@dataclass(frozen=True, slots=True)
class Said:
    """A review as everyone sees it, and by whom: masked, so that nobody can be found by what they bought."""

    review: ReviewView
    by: str


# --- what is said ----------------------------------------------------------------------------------------


def reviews_of(request: HttpRequest, *, listing_id: UUID | None = None, seller_id: UUID) -> dict[str, Any]:
    """Return what a page needs to show the reviews of a listing, or of a seller, as the query narrows them."""
    asked = request.GET.get("stars", "")
    stars = int(asked) if asked in {"1", "2", "3", "4", "5"} else None
    with_pictures = request.GET.get("pictures") == "1"
    found = retail.reviews_of(
        listing_id=listing_id,
        seller_id=None if listing_id is not None else seller_id,
        stars=stars,
        with_pictures=with_pictures,
        cursor=request.GET.get("after"),
        limit=_PAGE,
    )
    rated = retail.ratings(ids=[listing_id or seller_id])[listing_id or seller_id]
    actor = actor_or_none(request)
    return {
        "reviews": named(found.items),
        "reviews_next": found.next,
        "rating": rated,
        "rating_bars": _bars(rated),
        "reviews_stars": stars,
        "reviews_pictures": with_pictures,
        "of_seller": listing_id is None,
        "reviews_path": request.path.removesuffix("reviews/"),
        "may_answer": actor is not None
        and actor.party_id == seller_id
        and actor.may(Role.SALES, Role.SERVICE),
        "may_hide": actor is not None
        and not actor.mandates.isdisjoint({Mandate.SUPERVISION, Mandate.PLATFORM}),
    }


def named(found: Sequence[ReviewView]) -> list[Said]:
    """Say of each review by whom it is, masked."""
    people = parties.parties(ids={one.buyer_id for one in found}) if found else {}
    return [Said(one, _masked(people.get(one.buyer_id))) for one in found]


def _masked(party: PartyView | None) -> str:
    if party is None:
        return "**"
    if party.kind is parties.Kind.PERSON:
        return mask_name(party.name)
    return party.name[:_LEFT_OF_NAME] + "***"


def _bars(rated: RatingView) -> tuple[charts.Bar, ...]:
    items = [
        (ngettext("{n} star", "{n} stars", stars).format(n=stars), rated.by_stars[stars - 1])
        for stars in _FIVE
    ]
    return charts.bars(items, links=[f"?stars={stars}#reviews" for stars in _FIVE])


@require_safe
@page
def listing_reviews(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """Show a listing's reviews: a part of its page for htmx; else a page of their own."""
    view = catalog.listing(listing_id=listing_id, actor=actor_or_none(request))
    context = {"listing": view, **reviews_of(request, listing_id=listing_id, seller_id=view.seller_id)}
    return show(request, _template(request, "market/listing_reviews.html"), context)


@require_safe
@page
def seller_reviews(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Show the reviews of all of a seller's goods: a part of their page for htmx; else a page of their own."""
    seller = parties.party(party_id=party_id)
    context = {"seller": seller, **reviews_of(request, seller_id=party_id)}
    return show(request, _template(request, "market/listing_reviews.html"), context)


def _template(request: HttpRequest, whole: str) -> str:
    if not is_partial(request):
        return whole
    return "market/review_items.html" if "after" in request.GET else "market/reviews.html"


# --- saying it -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@page
def review(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Let the buyer say what the goods of an order were like, line by line."""
    actor = actor_of(request)
    refused: Refusal | None = None
    if request.method == "POST":
        try:
            _review(request, actor, order_id)
        except (NotFound, NotAllowed):
            raise
        except Refusal as refusal:
            refused = refusal
        else:
            messages.success(request, _("Thank you. Your review is published."))
            return redirect("portal:review", order_id)
    lines = retail.reviewable(actor=actor, order_id=order_id)
    order = orders.order(actor=actor, order_id=order_id)
    context = {
        "order": order,
        "lines": lines,
        "pictures": _pictures(lines),
        "people": parties.parties(ids=[order.seller_id]),
        "refused": refused,
        "refused_line": request.POST.get("line", ""),
        "typed": request.POST,
        "stars_choice": (1, 2, 3, 4, 5),
        "most_pictures": retail.MOST_PICTURES,
        "most_text": retail.MOST_TEXT,
    }
    return show(request, "market/review.html", context, status=200 if refused is None else 422)


def _review(request: HttpRequest, actor: Actor, order_id: UUID) -> None:
    files = request.FILES.getlist("pictures")
    if len(files) > retail.MOST_PICTURES:
        raise retail.TooManyReviewPictures(most=retail.MOST_PICTURES)
    draft = ReviewDraft(
        goods_stars=_stars(request, "goods"),
        service_stars=_stars(request, "service"),
        text=request.POST.get("text", ""),
        pictures=tuple(file.read() for file in files),
    )
    retail.review(actor=actor, order_id=order_id, line_id=_line(request), draft=draft)


def _stars(request: HttpRequest, name: str) -> int:
    asked = request.POST.get(name, "")
    if asked not in {"1", "2", "3", "4", "5"}:
        raise retail.BadStars
    return int(asked)


def _line(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("line", ""))
    except ValueError:
        raise NotFound from None


def _pictures(lines: Sequence[Reviewable]) -> dict[UUID, catalog.PictureView | None]:
    """Find a picture for each line's goods, by SKU."""
    skus = catalog.skus(ids=[line.sku_id for line in lines]) if lines else {}
    found = catalog.listings(ids={sku.listing_id for sku in skus.values()}) if skus else {}
    return {
        sku_id: next(iter(found[sku.listing_id].pictures), None)
        for sku_id, sku in skus.items()
        if sku.listing_id in found
    }


@require_POST
@page
def on_review(request: HttpRequest, review_id: UUID, act: str) -> HttpResponse:
    """Follow a review up, answer it, hide it, or show it again."""
    actor = actor_of(request)
    text, reason = request.POST.get("text", ""), request.POST.get("reason", "")
    with told(request):
        if act == "follow-up":
            retail.follow_up(actor=actor, review_id=review_id, text=text)
        elif act == "answer":
            retail.answer_review(actor=actor, review_id=review_id, text=text)
        elif act == "hide":
            retail.hide_review(actor=actor, review_id=review_id, reason=reason)
        elif act == "show":
            retail.show_review(actor=actor, review_id=review_id, reason=reason)
        else:
            raise NotFound
        messages.success(request, _("Done."))
    return redirect(back_to(request))
