"""What goes in and out of retail's door about reviews: frozen values."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from cohong.catalog import api as catalog


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewDraft:
    """What a buyer says: whole stars from one to five for the goods and for delivery and service, a text, pictures.

    Pictures are files (JPEG, PNG or WebP), or have been rendered beforehand.
    """

    goods_stars: int
    service_stars: int
    text: str
    pictures: tuple[bytes | catalog.Rendered, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewView:
    """A review as it stands. `buyer_id` and `hidden_reason` are for those whom they concern, not for the public."""

    id: UUID
    order_id: UUID
    line_id: UUID
    sku_id: UUID
    listing_id: UUID
    seller_id: UUID
    buyer_id: UUID
    quantity: int
    goods_stars: int
    service_stars: int
    text: str
    pictures: tuple[catalog.PictureView, ...]
    reviewed_at: datetime
    follow_up: str
    followed_at: datetime | None
    answer: str
    answered_at: datetime | None
    hidden_at: datetime | None
    hidden_reason: str

    @property
    def is_hidden(self) -> bool:
        """Tell whether an authority keeps it from being shown."""
        return self.hidden_at is not None


@dataclass(frozen=True, slots=True)
class Reviews:
    """One page of reviews, the newest first; `next` is the cursor of the page after it, if there is one."""

    items: tuple[ReviewView, ...]
    next: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reviewable:
    """A line of an order whose goods were accepted, and its review if there is one."""

    line_id: UUID
    sku_id: UUID
    title: str
    quantity: int
    review: ReviewView | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RatingView:
    """The shown reviews of a listing or a seller, counted: `by_stars` from one star to five, for the goods."""

    by_stars: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)
    service_stars: int = 0
    with_pictures: int = 0

    @property
    def count(self) -> int:
        """How many reviews there are."""
        return sum(self.by_stars)

    @property
    def average(self) -> Decimal | None:
        """The mean of the stars for the goods, to one decimal, half up; None without any review."""
        return _mean(sum(stars * n for stars, n in enumerate(self.by_stars, 1)), self.count)

    @property
    def service_average(self) -> Decimal | None:
        """The mean of the stars for delivery and service, to one decimal, half up; None without any review."""
        return _mean(self.service_stars, self.count)


def _mean(total: int, count: int) -> Decimal | None:
    if not count:
        return None
    return (Decimal(total) / count).quantize(Decimal("0.1"), ROUND_HALF_UP)
