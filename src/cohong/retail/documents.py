"""The documents that retail issues. A review stands in the file of its order; a shop front in its seller's."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from cohong.kernel.documents import Body, document
from cohong.kernel.money import Money


@document("retail.reviewed")
class Reviewed(Body, frozen=True, kw_only=True):
    """A buyer said what they think of goods that they accepted. `pictures` are the SHA-256 of the files.

    The order's two parties see it: the page shows the review to everyone, but not whose it is.
    """

    review_id: UUID
    line_id: UUID
    listing_id: UUID
    seller_id: UUID
    quantity: int
    goods_stars: int
    service_stars: int
    text: str
    pictures: list[str]


@document("retail.review_followed")
class ReviewFollowed(Body, frozen=True, kw_only=True):
    """The buyer added to their review, after some time of use."""

    review_id: UUID
    text: str


@document("retail.review_answered")
class ReviewAnswered(Body, frozen=True, kw_only=True):
    """The seller answered a review."""

    review_id: UUID
    text: str


@document("retail.review_hidden")
class ReviewHidden(Body, frozen=True, kw_only=True):
    """An authority keeps a review from being shown; it counts in no rating."""

    review_id: UUID
    mandate: str
    reason: str


@document("retail.review_shown")
class ReviewShown(Body, frozen=True, kw_only=True):
    """A hidden review is shown again."""

    review_id: UUID
    reason: str


@document("retail.shop_changed")
class ShopChanged(Body, frozen=True, kw_only=True):
    """A seller's shop front is this from now on. `banner` is the SHA-256 of the picture's file, "" without one."""

    public: ClassVar[bool] = True

    seller_id: UUID
    revision: int
    headline: str
    headline_en: str
    introduction: str
    introduction_en: str
    notice: str
    opening_hours: str
    reach: str
    banner: str
    listing_ids: list[UUID]


class LineAsked(Struct, frozen=True, kw_only=True):
    """A line that approval is asked for, at the price of that time."""

    sku_id: UUID
    title: str
    quantity: int
    unit_price: Money


class OrderAsked(Struct, frozen=True, kw_only=True):
    """What would become one order."""

    seller: UUID
    lines: list[LineAsked]
    freight: Money
    total: Money


@document("retail.approval_requested")
class ApprovalRequested(Body, frozen=True, kw_only=True):
    """Somebody asks their own party to approve a purchase above its limit. Only the party sees it."""

    requested_by: UUID
    orders: list[OrderAsked]
    reason: str
    expires_at: datetime


@document("retail.approval_decided")
class ApprovalDecided(Body, frozen=True, kw_only=True):
    """The request was approved and became `orders`, or it was rejected, withdrawn, or let expire (`decision`)."""

    decision: str
    by: UUID | None
    reason: str
    orders: list[UUID]
