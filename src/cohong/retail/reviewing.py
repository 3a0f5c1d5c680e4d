"""Reviews: what buyers say of goods that they accepted, what sellers answer, and what an authority keeps from being shown."""

from collections.abc import Sequence
from uuid import UUID

from cohong.catalog import api as catalog
from cohong.kernel import clock, journal, sets
from cohong.kernel.documents import Body
from cohong.kernel.ids import new_id
from cohong.kernel.journal import Entry
from cohong.orders import api as orders
from cohong.orders.api import OrderState, OrderView
from cohong.parties import api as parties
from cohong.parties.api import Actor, Mandate, Role
from cohong.retail import documents, texts
from cohong.retail import refusals as no
from cohong.retail.review_reads import reviews_where
from cohong.retail.review_shapes import ReviewDraft, ReviewView

MOST_PICTURES = 6
MOST_TEXT = 1000
MOST_REASON = 500
REVIEWABLE = (OrderState.ACCEPTED, OrderState.SETTLED)
_SCOPE = "retail:write"
_LEAST_STARS, _MOST_STARS = 1, 5
_STAR_COLUMNS = ("one", "two", "three", "four", "five")


@sets.act
def review(*, actor: Actor, order_id: UUID, line_id: UUID, draft: ReviewDraft) -> UUID:
    """Say what the goods of a line were like, once; return the review's id. For buyers, of lines of orders they accepted.

    Raises OrderNotFound, NotTheBuyer, NotYours, LineNotFound, NotReviewableYet, ReviewedAlready, BadStars,
    TextMissing, TextTooLong, TextUnreadable, PersonalDataInText, TooManyReviewPictures, and FileTooLarge, NotAPicture,
    PictureSizeWrong for a picture.
    """
    order = orders.order(actor=actor, order_id=order_id)
    if order.buyer_id != actor.party_id:
        raise no.NotTheBuyer
    parties.require(actor, order.buyer_id, Role.PURCHASING, scope=_SCOPE)
    line = next((one for one in order.lines if one.id == line_id), None)
    if line is None:
        raise orders.LineNotFound
    if order.state not in REVIEWABLE:
        raise no.NotReviewableYet
    _check_stars(draft)
    said = texts.clean(draft.text, field="review", most=MOST_TEXT, least=2, lines=True)
    if len(draft.pictures) > MOST_PICTURES:
        raise no.TooManyReviewPictures(most=MOST_PICTURES)
    if reviews_where("line_id = %s", [line_id]):
        raise no.ReviewedAlready
    kept = {picture.digest: picture for picture in map(_kept, draft.pictures)}
    body = documents.Reviewed(
        review_id=new_id(),
        line_id=line.id,
        listing_id=catalog.skus(ids=[line.sku_id])[line.sku_id].listing_id,
        seller_id=order.seller_id,
        quantity=line.quantity,
        goods_stars=draft.goods_stars,
        service_stars=draft.service_stars,
        text=said,
        pictures=list(kept),
    )
    _write(actor, order, line.sku_id, body)
    sets.insert(
        "retail_review_picture",
        ("review_id", "position", "digest", "width", "height"),
        [
            (body.review_id, place, one.digest, one.width, one.height)
            for place, one in enumerate(kept.values())
        ],
    )
    _count(body, by=1)
    return body.review_id


def _check_stars(draft: ReviewDraft) -> None:
    for stars in (draft.goods_stars, draft.service_stars):
        if type(stars) is not int or not _LEAST_STARS <= stars <= _MOST_STARS:
            raise no.BadStars


def _kept(content: bytes | catalog.Rendered) -> catalog.PictureView:
    return catalog.keep_picture(content)


def _write(actor: Actor, order: OrderView, sku_id: UUID, body: documents.Reviewed) -> None:
    accepted = [
        filed.envelope.id
        for filed in orders.evidence(actor=actor, order_id=order.id)
        if filed.envelope.kind == "orders.accepted"
    ]
    entry = Entry(
        subject=order.id,
        issuer=order.buyer_id,
        body=body,
        visible_to=[order.seller_id],
        answers=accepted[-1:],
    )
    [receipt] = journal.append([entry])
    written = sets.run(
        "insert into retail_review (id, order_id, line_id, sku_id, listing_id, seller_id, buyer_id, user_id, quantity,"
        " goods_stars, service_stars, text, has_pictures, reviewed_at, document, follow_up, answer, hidden_reason,"
        " hidden_mandate)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '', '', '', '')"
        " on conflict (line_id) do nothing",
        (
            *(
                body.review_id,
                order.id,
                body.line_id,
                sku_id,
                body.listing_id,
                body.seller_id,
                order.buyer_id,
            ),
            *(
                actor.user_id or actor.party_id,
                body.quantity,
                body.goods_stars,
                body.service_stars,
                body.text,
            ),
            *(bool(body.pictures), clock.now(), receipt.id),
        ),
    )
    if not written:  # another window of the buyer's was quicker
        raise no.ReviewedAlready


def _count(of: documents.Reviewed | ReviewView, *, by: int) -> None:
    """Add a review to the ratings of its listing and its seller (`by` 1), or take it out (-1); rows in key order."""
    ids = sorted([of.listing_id, of.seller_id])
    column = _STAR_COLUMNS[of.goods_stars - 1]
    pictures = int(bool(of.pictures))
    sets.fetch("select 1 from retail_rating where id = any(%s) order by id for update", (ids,))
    sets.run(
        "insert into retail_rating (id, one, two, three, four, five, service_stars, with_pictures)"
        f" select x.id, {', '.join('1' if name == column else '0' for name in _STAR_COLUMNS)}, %s, %s"
        " from unnest(%s::uuid[]) as x(id) order by x.id on conflict (id) do update"
        f" set {column} = retail_rating.{column} + %s, service_stars = retail_rating.service_stars + %s,"
        " with_pictures = retail_rating.with_pictures + %s",
        (of.service_stars, pictures, ids, by, by * of.service_stars, by * pictures),
    )


# --- after the review ------------------------------------------------------------------------------------


@sets.act
def follow_up(*, actor: Actor, review_id: UUID, text: str) -> None:
    """Add to one's own review, once, after some time of use.

    Raises NoSuchReview, NotYours, FollowedAlready, TextMissing, TextTooLong, TextUnreadable, PersonalDataInText.
    """
    view, document = _lock(review_id)
    if actor.party_id != view.buyer_id:
        raise no.NoSuchReview
    parties.require(actor, view.buyer_id, Role.PURCHASING, scope=_SCOPE)
    said = texts.clean(text, field="follow_up", most=MOST_TEXT, least=2, lines=True)
    if view.followed_at is not None:
        raise no.FollowedAlready
    body = documents.ReviewFollowed(review_id=review_id, text=said)
    _state(view, body, issuer=view.buyer_id, visible_to=[view.seller_id], answers=document)
    sets.run(
        "update retail_review set follow_up = %s, followed_at = %s where id = %s",
        (said, clock.now(), review_id),
    )


@sets.act
def answer_review(*, actor: Actor, review_id: UUID, text: str) -> None:
    """Answer a review of one's own goods, once.

    Raises NoSuchReview, NotYours, AnsweredAlready, TextMissing, TextTooLong, TextUnreadable, PersonalDataInText.
    """
    view, document = _lock(review_id)
    parties.require(actor, view.seller_id, Role.SALES, Role.SERVICE, scope=_SCOPE)
    said = texts.clean(text, field="answer", most=MOST_TEXT, least=2, lines=True)
    if view.answered_at is not None:
        raise no.AnsweredAlready
    body = documents.ReviewAnswered(review_id=review_id, text=said)
    _state(view, body, issuer=view.seller_id, visible_to=[view.buyer_id], answers=document)
    sets.run(
        "update retail_review set answer = %s, answered_at = %s where id = %s",
        (said, clock.now(), review_id),
    )


@sets.act
def hide_review(*, actor: Actor, review_id: UUID, reason: str) -> None:
    """Keep a review from being shown; it counts in no rating meanwhile. For supervision and the platform.

    Raises MandateMissing, NoSuchReview, HiddenAlready, TextMissing, TextTooLong, TextUnreadable, PersonalDataInText.
    """
    parties.require_mandate(actor, Mandate.SUPERVISION, Mandate.PLATFORM, scope=_SCOPE)
    why = texts.clean(reason, field="reason", most=MOST_REASON, least=2)
    view, document = _lock(review_id)
    if view.is_hidden:
        raise no.HiddenAlready
    mandate = Mandate.SUPERVISION if Mandate.SUPERVISION in actor.mandates else Mandate.PLATFORM
    body = documents.ReviewHidden(review_id=review_id, mandate=mandate.value, reason=why)
    stated = _state(
        view, body, issuer=actor.party_id, visible_to=[view.buyer_id, view.seller_id], answers=document
    )
    sets.run(
        "update retail_review set hidden_at = %s, hidden_by = %s, hidden_reason = %s, hidden_mandate = %s,"
        " hidden_document = %s where id = %s",
        (clock.now(), actor.party_id, why, mandate.value, stated, review_id),
    )
    _count(view, by=-1)


@sets.act
def show_review(*, actor: Actor, review_id: UUID, reason: str) -> None:
    """Show a hidden review again. Supervision may show any; the platform what the platform has hidden.

    Raises MandateMissing, NoSuchReview, NotHidden, TextMissing, TextTooLong, TextUnreadable, PersonalDataInText.
    """
    parties.require_mandate(actor, Mandate.SUPERVISION, Mandate.PLATFORM, scope=_SCOPE)
    why = texts.clean(reason, field="reason", most=MOST_REASON, least=2)
    view, _ = _lock(review_id)
    if not view.is_hidden:
        raise no.NotHidden
    [(mandate, document)] = sets.fetch(
        "select hidden_mandate, hidden_document from retail_review where id = %s", (review_id,)
    )
    if mandate == Mandate.SUPERVISION:
        parties.require_mandate(actor, Mandate.SUPERVISION, scope=_SCOPE)
    body = documents.ReviewShown(review_id=review_id, reason=why)
    _state(view, body, issuer=actor.party_id, visible_to=[view.buyer_id, view.seller_id], answers=document)
    sets.run(
        "update retail_review set hidden_at = null, hidden_by = null, hidden_reason = '', hidden_mandate = '',"
        " hidden_document = null where id = %s",
        (review_id,),
    )
    _count(view, by=1)


def _lock(review_id: UUID) -> tuple[ReviewView, UUID]:
    """Lock a review; return it, and the document that it was stated in. Raises NoSuchReview."""
    found = sets.fetch("select document from retail_review where id = %s for update", (review_id,))
    if not found:
        raise no.NoSuchReview
    [view] = reviews_where("id = %s", [review_id])
    return view, found[0][0]


def _state(view: ReviewView, body: Body, *, issuer: UUID, visible_to: Sequence[UUID], answers: UUID) -> UUID:
    entry = Entry(
        subject=view.order_id, issuer=issuer, body=body, visible_to=list(visible_to), answers=[answers]
    )
    return journal.append([entry])[0].id
