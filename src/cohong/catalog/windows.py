"""What a market shows beside its lists: its halls, a seller's window and shelves, goods that are like others."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from cohong.catalog import browsing, selectors
from cohong.catalog.shapes import ListingCard, PictureView
from cohong.kernel import sets

_OFFERED: Final = "state = 'published' and open_holds = 0"


class HallFigure(msgspec.Struct, frozen=True):
    """What is on offer in an industry's hall: how many listings, and a picture of one of them."""

    listings: int = 0
    picture: PictureView | None = None


class ShelfFigure(msgspec.Struct, frozen=True):
    """How many listings a seller offers in a category."""

    category_code: str
    listings: int


def hall_figures() -> dict[str, HallFigure]:
    """Return what is on offer in each industry's hall, by the industry's code; a hall with nothing is left out.

    Counts every listing: two statements, for whoever keeps the answer for a while. The picture is that of one of the
    dearest goods.
    """
    counts: defaultdict[str, int] = defaultdict(int)
    leaves: dict[str, str] = {}
    for code, industry, listings in sets.fetch(
        "select x.category_id, c.industry_code, x.n from"
        f" (select category_id, count(*) as n from catalog_listing where {_OFFERED} group by category_id) x"
        " join catalog_category c on c.code = x.category_id order by x.category_id"
    ):
        counts[industry] += listings
        leaves[code] = industry
    pictures: dict[str, PictureView] = {}
    for code, id_, digest, width, height in sets.fetch(
        "select k.code, p.id, p.digest, p.width, p.height from unnest(%s::text[]) as k(code)"
        f" join lateral (select id from catalog_listing where category_id = k.code and {_OFFERED}"
        " order by currency, price_from_minor desc limit 1) l on true"
        " join lateral (select id, digest, width, height from catalog_picture where listing_id = l.id"
        " order by position, id limit 1) p on true order by k.code",
        (list(leaves),),
    ):
        pictures.setdefault(leaves[code], selectors.picture_view(id_, digest, width, height))
    return {industry: HallFigure(count, pictures.get(industry)) for industry, count in counts.items()}


def shelves(*, seller_id: UUID) -> list[ShelfFigure]:
    """Return the categories in which a seller offers something, the fullest first. One statement."""
    return [
        ShelfFigure(code, count)
        for code, count in sets.fetch(
            f"select category_id, count(*) from catalog_listing where seller_id = %s and {_OFFERED}"
            " group by category_id order by count(*) desc, category_id",
            (seller_id,),
        )
    ]


def shop_windows(*, seller_ids: Sequence[UUID], each: int = 3) -> dict[UUID, list[ListingCard]]:
    """Return the listings that each of these sellers offered last, at most `each`. Four statements."""
    found = [
        row[0]
        for row in sets.fetch(
            "select l.id from unnest(%s::uuid[]) as s(id) join lateral (select id from catalog_listing"
            f" where seller_id = s.id and {_OFFERED} order by id desc limit %s) l on true",
            (list(seller_ids), each),
        )
    ]
    windows: dict[UUID, list[ListingCard]] = {seller_id: [] for seller_id in seller_ids}
    for card in browsing.offered(ids=found):
        windows[card.seller_id].append(card)
    return windows


def similar(*, listing_id: UUID, limit: int = 8) -> list[ListingCard]:
    """Return what else is on offer in a listing's category and currency, other sellers' first, then the nearest in price.

    An unknown listing is like nothing. Four statements.
    """
    rows = sets.fetch(
        "with this as (select category_id, currency, price_from_minor as price, seller_id from catalog_listing where id = %s)"
        " select n.id, n.seller_id = this.seller_id, abs(n.price_from_minor - this.price) from this cross join lateral ("
        "(select id, seller_id, price_from_minor from catalog_listing where category_id = this.category_id"
        f" and currency = this.currency and price_from_minor >= this.price and {_OFFERED} and id <> %s"
        " order by price_from_minor limit %s) union all"
        " (select id, seller_id, price_from_minor from catalog_listing where category_id = this.category_id"
        f" and currency = this.currency and price_from_minor < this.price and {_OFFERED}"
        " order by price_from_minor desc limit %s)) n order by 2, 3, 1",
        (listing_id, listing_id, 4 * limit, 4 * limit),
    )
    return browsing.offered(ids=[row[0] for row in rows[:limit]])
