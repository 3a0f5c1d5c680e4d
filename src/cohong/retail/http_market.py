"""Retail's HTTP interface beside the cart: reviews, favourites, the shop front, standings."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Router, Schema

from cohong.kernel.errors import BadInput
from cohong.kernel.http import MAX_PAGE, Page, idempotent
from cohong.parties import api as parties
from cohong.retail import favourites, review_reads, reviewing, shops, standings
from cohong.retail.favourites import FavouriteKind
from cohong.retail.review_shapes import RatingView, ReviewDraft, ReviewView

router = Router(tags=["retail"], auth=parties.TokenAuth())
_MOST_BASE64 = 6_000_000


class PictureNotBase64(BadInput):
    """A picture is not written as base64."""

    message = _("A picture has to be written as base64.")


class RatingOut(Schema):
    """The shown reviews, counted: `by_stars` from one star to five. Means are to one decimal, null without reviews."""

    count: int
    by_stars: list[int]
    average: str | None
    service_average: str | None
    with_pictures: int


class ReviewOut(Schema):
    """A review as everyone may read it: not whose it is."""

    id: UUID
    listing_id: UUID
    seller_id: UUID
    quantity: int
    goods_stars: int
    service_stars: int
    text: str
    pictures: list[str]
    reviewed_at: datetime
    follow_up: str
    followed_at: datetime | None
    answer: str
    answered_at: datetime | None


class OwnReviewOut(ReviewOut):
    """A review as those see it whom it concerns: of which order line, and whether and why it is hidden."""

    order_id: UUID
    line_id: UUID
    hidden_at: datetime | None
    hidden_reason: str


class ReviewIn(Schema):
    """What a buyer says; pictures are files (JPEG, PNG, WebP) in base64."""

    order_id: UUID
    line_id: UUID
    goods_stars: int = Field(strict=True)
    service_stars: int = Field(strict=True)
    text: str = Field(max_length=4000)
    pictures: list[Annotated[str, Field(max_length=_MOST_BASE64)]] = Field(default=[], max_length=20)


class TextIn(Schema):
    """A text: a follow-up, or an answer."""

    text: str = Field(max_length=4000)


class ReasonIn(Schema):
    """Why it is done."""

    reason: str = Field(max_length=2000)


class FavouriteOut(Schema):
    """A favourite of the token's party."""

    kind: FavouriteKind
    thing_id: UUID
    added_at: datetime


class ShopIO(Schema):
    """What a shop front says. `reach`: how to reach the seller, without anybody's mobile number."""

    headline: str = Field("", max_length=400)
    headline_en: str = Field("", max_length=400)
    introduction: str = Field("", max_length=8000)
    introduction_en: str = Field("", max_length=16000)
    notice: str = Field("", max_length=1000)
    opening_hours: str = Field("", max_length=1000)
    reach: str = Field("", max_length=1000)
    listing_ids: list[UUID] = Field(default=[], max_length=100)


class ShopOut(ShopIO):
    """A shop front as it stands; revision 0: the seller has none yet."""

    seller_id: UUID
    banner: str | None
    revision: int


class StandingOut(Schema):
    """How a seller traded in the last 90 days, and whether they count as reliable by the stated rule, point by point."""

    seller_id: UUID
    settled: int
    refunded: int
    buyers: int
    shipped: int
    on_time: int
    median_hours: int | None
    rating: RatingOut
    trusted: bool
    points: dict[str, bool]


class ReviewsAsked(Schema):
    """Which reviews: of a listing or of a seller's goods, with so many stars, with pictures."""

    listing_id: UUID | None = None
    seller_id: UUID | None = None
    stars: int | None = Field(default=None, ge=1, le=5)
    with_pictures: bool = False
    cursor: str | None = Field(default=None, max_length=40)
    limit: int = Field(default=20, ge=1, le=MAX_PAGE)


class ListAsked(Schema):
    """Which page."""

    cursor: str | None = Field(default=None, max_length=40)
    limit: int = Field(default=20, ge=1, le=MAX_PAGE)


class SellersAsked(ListAsked):
    """Which page; only those that wait for an answer."""

    unanswered: bool = False


# --- reviews ---------------------------------------------------------------------------------------------


@router.get("/reviews", auth=None, response=Page[ReviewOut], operation_id="retail_reviews")
def get_reviews(request: HttpRequest, asked: Query[ReviewsAsked]) -> Any:  # noqa: ARG001
    """List the shown reviews of a listing or a seller, newest first. Public."""
    found = review_reads.reviews_of(**asked.model_dump())
    return {"items": [_review(one) for one in found.items], "next": found.next}


@router.get("/reviews/own", response=Page[OwnReviewOut], operation_id="retail_own_reviews")
def get_own_reviews(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """List what the token's party has written, newest first."""
    found = review_reads.own_reviews(actor=_actor(request), cursor=asked.cursor, limit=asked.limit)
    return {"items": [_own(one) for one in found.items], "next": found.next}


@router.get("/reviews/received", response=Page[OwnReviewOut], operation_id="retail_received_reviews")
def get_received_reviews(request: HttpRequest, asked: Query[SellersAsked]) -> Any:
    """List what buyers said of the goods of the token's party, newest first, hidden reviews too."""
    actor = _actor(request)
    found = review_reads.sellers_reviews(
        actor=actor,
        seller_id=actor.party_id,
        unanswered=asked.unanswered,
        cursor=asked.cursor,
        limit=asked.limit,
    )
    return {"items": [_own(one) for one in found.items], "next": found.next}


@router.post("/reviews", response={201: OwnReviewOut}, operation_id="retail_review")
@idempotent
def post_review(request: HttpRequest, body: ReviewIn) -> Any:
    """Review the goods of an order line that was accepted, once."""
    draft = ReviewDraft(
        goods_stars=body.goods_stars,
        service_stars=body.service_stars,
        text=body.text,
        pictures=tuple(_decoded(picture) for picture in body.pictures),
    )
    review_id = reviewing.review(
        actor=_actor(request), order_id=body.order_id, line_id=body.line_id, draft=draft
    )
    return 201, OwnReviewOut(**_own(review_reads.review_view(actor=_actor(request), review_id=review_id)))


@router.post("/reviews/{review_id}/follow-up", response=OwnReviewOut, operation_id="retail_follow_up")
@idempotent
def post_follow_up(request: HttpRequest, review_id: UUID, body: TextIn) -> Any:
    """Add to one's own review, once."""
    reviewing.follow_up(actor=_actor(request), review_id=review_id, text=body.text)
    return OwnReviewOut(**_own(review_reads.review_view(actor=_actor(request), review_id=review_id)))


@router.post("/reviews/{review_id}/answer", response=OwnReviewOut, operation_id="retail_answer_review")
@idempotent
def post_answer(request: HttpRequest, review_id: UUID, body: TextIn) -> Any:
    """Answer a review of one's own goods, once."""
    reviewing.answer_review(actor=_actor(request), review_id=review_id, text=body.text)
    return OwnReviewOut(**_own(review_reads.review_view(actor=_actor(request), review_id=review_id)))


@router.post("/reviews/{review_id}/hide", response=OwnReviewOut, operation_id="retail_hide_review")
@idempotent
def post_hide(request: HttpRequest, review_id: UUID, body: ReasonIn) -> Any:
    """Keep a review from being shown. For supervision and the platform."""
    reviewing.hide_review(actor=_actor(request), review_id=review_id, reason=body.reason)
    return OwnReviewOut(**_own(review_reads.review_view(actor=_actor(request), review_id=review_id)))


@router.post("/reviews/{review_id}/show", response=OwnReviewOut, operation_id="retail_show_review")
@idempotent
def post_show(request: HttpRequest, review_id: UUID, body: ReasonIn) -> Any:
    """Show a hidden review again. For supervision; for the platform, what it has hidden itself."""
    reviewing.show_review(actor=_actor(request), review_id=review_id, reason=body.reason)
    return OwnReviewOut(**_own(review_reads.review_view(actor=_actor(request), review_id=review_id)))


# --- favourites, shops, standings ------------------------------------------------------------------------


@router.get("/favourites/{kind}", response=Page[FavouriteOut], operation_id="retail_favourites")
def get_favourites(request: HttpRequest, kind: FavouriteKind, asked: Query[ListAsked]) -> Any:
    """List the favourite listings or sellers of the token's party, newest first."""
    found = favourites.favourites(actor=_actor(request), kind=kind, cursor=asked.cursor, limit=asked.limit)
    items = [FavouriteOut(kind=one.kind, thing_id=one.thing_id, added_at=one.added_at) for one in found.items]
    return {"items": items, "next": found.next}


@router.put("/favourites/{kind}/{thing_id}", response=dict[str, bool], operation_id="retail_add_favourite")
@idempotent
def put_favourite(request: HttpRequest, kind: FavouriteKind, thing_id: UUID) -> Any:
    """Keep an eye on a listing or a seller."""
    favourites.add_favourite(actor=_actor(request), kind=kind, thing_id=thing_id)
    return {"is_favourite": True}


@router.delete(
    "/favourites/{kind}/{thing_id}", response=dict[str, bool], operation_id="retail_remove_favourite"
)
@idempotent
def delete_favourite(request: HttpRequest, kind: FavouriteKind, thing_id: UUID) -> Any:  # noqa: ARG001
    """Keep an eye on it no longer."""
    favourites.remove_favourite(actor=_actor(request), thing_id=thing_id)
    return {"is_favourite": False}


@router.get("/shops/{seller_id}", auth=None, response=ShopOut, operation_id="retail_shop")
def get_shop(request: HttpRequest, seller_id: UUID) -> Any:  # noqa: ARG001
    """Show a seller's shop front. Public."""
    parties.party(party_id=seller_id)
    return _shop(shops.shop(seller_id=seller_id))


@router.put("/shop", response=ShopOut, operation_id="retail_change_shop")
@idempotent
def put_shop(request: HttpRequest, body: ShopIO) -> Any:
    """Let the shop front of the token's party say this; its banner stays."""
    actor = _actor(request)
    draft = shops.ShopDraft(**{**body.model_dump(), "listing_ids": tuple(body.listing_ids)})
    return ShopOut(**_shop(shops.change_shop(actor=actor, seller_id=actor.party_id, draft=draft)))


@router.get("/sellers/{seller_id}/standing", auth=None, response=StandingOut, operation_id="retail_standing")
def get_standing(request: HttpRequest, seller_id: UUID) -> Any:  # noqa: ARG001
    """Say how a seller traded in the last 90 days, and whether they count as reliable. Public."""
    parties.party(party_id=seller_id)
    trust = standings.trust(seller_ids=[seller_id])[seller_id]
    own = trust.standing
    return StandingOut(
        seller_id=seller_id,
        settled=own.settled,
        refunded=own.refunded,
        buyers=own.buyers,
        shipped=own.shipped,
        on_time=own.on_time,
        median_hours=own.median_hours,
        rating=_rating(own.rating),
        trusted=trust.holds,
        points={point.value: met for point, met in trust.points.items()},
    )


def _actor(request: HttpRequest) -> parties.Actor:
    actor: parties.Actor = request.auth  # type: ignore[attr-defined]
    return actor


def _decoded(picture: str) -> bytes:
    try:
        return base64.b64decode(picture, validate=True)
    except (binascii.Error, ValueError):
        raise PictureNotBase64 from None


def _review(view: ReviewView) -> dict[str, Any]:
    names = [name for name in ReviewOut.model_fields if name != "pictures"]
    return {**{name: getattr(view, name) for name in names}, "pictures": [one.url for one in view.pictures]}


def _own(view: ReviewView) -> dict[str, Any]:
    more = ("order_id", "line_id", "hidden_at", "hidden_reason")
    return {**_review(view), **{name: getattr(view, name) for name in more}}


def _rating(rating: RatingView) -> RatingOut:
    return RatingOut(
        count=rating.count,
        by_stars=list(rating.by_stars),
        average=None if rating.average is None else str(rating.average),
        service_average=None if rating.service_average is None else str(rating.service_average),
        with_pictures=rating.with_pictures,
    )


def _shop(view: shops.ShopView) -> dict[str, Any]:
    said = {name: getattr(view, name) for name in ShopIO.model_fields if name != "listing_ids"}
    return {
        **said,
        "listing_ids": list(view.listing_ids),
        "seller_id": view.seller_id,
        "banner": view.banner.url if view.banner else None,
        "revision": view.revision,
    }
