"""Reads of reviews and ratings. What an authority has hidden only those see whom it concerns."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from cohong.catalog import api as catalog
from cohong.kernel import http, sets
from cohong.kernel.ids import named_id
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import Actor, Mandate, Role
from cohong.retail import refusals as no
from cohong.retail.review_shapes import RatingView, Reviewable, Reviews, ReviewView

_COLUMNS = (
    "id, order_id, line_id, sku_id, listing_id, seller_id, buyer_id, quantity, goods_stars, service_stars, text,"
    " reviewed_at, follow_up, followed_at, answer, answered_at, hidden_at, hidden_reason"
)
_NAMES = tuple(name.strip() for name in _COLUMNS.split(","))


def reviews_where(condition: str, params: Sequence[Any]) -> list[ReviewView]:
    """Read reviews with their pictures: two statements."""
    rows = sets.fetch(f"select {_COLUMNS} from retail_review where {condition}", params)
    pictures: defaultdict[UUID, list[catalog.PictureView]] = defaultdict(list)
    if rows:
        for review_id, digest, width, height in sets.fetch(
            "select review_id, digest, width, height from retail_review_picture where review_id = any(%s)"
            " order by review_id, position",
            ([row[0] for row in rows],),
        ):
            id_ = named_id("catalog.picture", digest)
            pictures[review_id].append(catalog.picture_view(id_, digest, width, height))
    return [
        ReviewView(**dict(zip(_NAMES, row, strict=True)), pictures=tuple(pictures[row[0]])) for row in rows
    ]


def reviews_of(
    *,
    listing_id: UUID | None = None,
    seller_id: UUID | None = None,
    stars: int | None = None,
    with_pictures: bool = False,
    cursor: str | None = None,
    limit: int = 20,
) -> Reviews:
    """Return a page of the shown reviews of a listing or of a seller's goods, the newest first. Public.

    With `stars`, only those that gave the goods so many. Raises BadCursor.
    """
    conditions, params = ["hidden_at is null"], _of(listing_id, seller_id)
    conditions += [f"{name} = %s" for name, _ in params]
    if stars is not None:
        conditions.append("goods_stars = %s")
        params.append(("stars", stars))
    if with_pictures:
        conditions.append("has_pictures")
    return _page(conditions, [value for _, value in params], cursor, limit)


def _of(listing_id: UUID | None, seller_id: UUID | None) -> list[tuple[str, Any]]:
    named = (("listing_id", listing_id), ("seller_id", seller_id))
    return [(name, value) for name, value in named if value is not None]


def sellers_reviews(
    *, actor: Actor, seller_id: UUID, unanswered: bool = False, cursor: str | None = None, limit: int = 20
) -> Reviews:
    """Return a page of all reviews of a seller's goods, hidden ones too, to those who work there.

    With `unanswered`, only those that wait for an answer. Raises NotYours, BadCursor.
    """
    parties.require(actor, seller_id, *Role, scope="retail:read")
    conditions = ["seller_id = %s"]
    if unanswered:
        conditions.append("answered_at is null and hidden_at is null")
    return _page(conditions, [seller_id], cursor, limit)


def unanswered_count(*, actor: Actor, seller_id: UUID) -> int:
    """Return how many shown reviews of a seller's goods wait for an answer, to those who work there. Raises NotYours."""
    parties.require(actor, seller_id, *Role, scope="retail:read")
    [(count,)] = sets.fetch(
        "select count(*) from retail_review where seller_id = %s and answered_at is null and hidden_at is null",
        (seller_id,),
    )
    return int(count)


def own_reviews(*, actor: Actor, cursor: str | None = None, limit: int = 20) -> Reviews:
    """Return a page of what the acting party has written, the newest first, hidden ones too. Raises NotYours, BadCursor."""
    parties.require(actor, actor.party_id, *Role, scope="retail:read")
    return _page(["buyer_id = %s"], [actor.party_id], cursor, limit)


def hidden_reviews(*, actor: Actor, cursor: str | None = None, limit: int = 20) -> Reviews:
    """Return a page of the reviews that are hidden now, to supervision and the platform. Raises MandateMissing, BadCursor."""
    parties.require_mandate(actor, Mandate.SUPERVISION, Mandate.PLATFORM, scope="retail:read")
    return _page(["hidden_at is not null"], [], cursor, limit)


def _page(conditions: list[str], params: list[Any], cursor: str | None, limit: int) -> Reviews:
    size = max(1, min(limit, http.MAX_PAGE))
    if (after := http.decode_cursor(cursor)) is not None:
        conditions = [*conditions, "id < %s"]
        params = [*params, after]
    found = reviews_where(f"{' and '.join(conditions)} order by id desc limit %s", [*params, size + 1])
    items, next_cursor = http.page(found, limit=size, id_of=lambda one: one.id)
    return Reviews(tuple(items), next_cursor)


def review_view(*, actor: Actor, review_id: UUID) -> ReviewView:
    """Return one review, hidden or not, to its buyer, its seller and the authorities. Raises NoSuchReview."""
    found = reviews_where("id = %s", [review_id])
    if not found or not (
        actor.party_id in (found[0].buyer_id, found[0].seller_id)
        or actor.mandates & {Mandate.PLATFORM, Mandate.SUPERVISION}
    ):
        raise no.NoSuchReview
    return found[0]


def reviewable(*, actor: Actor, order_id: UUID) -> list[Reviewable]:
    """Return the lines of an order that its buyer can review or has reviewed; none until the goods are accepted.

    Raises OrderNotFound, NotTheBuyer.
    """
    order = orders.order(actor=actor, order_id=order_id)
    if order.buyer_id != actor.party_id:
        raise no.NotTheBuyer
    if order.state not in (orders.OrderState.ACCEPTED, orders.OrderState.SETTLED):
        return []
    written = {one.line_id: one for one in reviews_where("order_id = %s", [order_id])}
    return [
        Reviewable(
            line_id=line.id,
            sku_id=line.sku_id,
            title=line.title,
            quantity=line.quantity,
            review=written.get(line.id),
        )
        for line in order.lines
    ]


def ratings(*, ids: Iterable[UUID]) -> dict[UUID, RatingView]:
    """Return how these listings or sellers are rated; who has no review yet is in it with none. One statement. Public."""
    wanted = list(ids)
    found = {
        id_: RatingView(
            by_stars=(one, two, three, four, five), service_stars=service, with_pictures=with_pictures
        )
        for id_, one, two, three, four, five, service, with_pictures in sets.fetch(
            "select id, one, two, three, four, five, service_stars, with_pictures from retail_rating where id = any(%s)",
            (wanted,),
        )
    }
    return {id_: found.get(id_) or RatingView() for id_ in wanted}
