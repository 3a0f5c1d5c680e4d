"""Standings: how sellers trade and what is sold, as the journal has it; and which sellers can be trusted, by a stated rule.

A seller's figures are those of the last 90 days, a listing's those of the last 30, today included (days of UTC).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from cohong.kernel import clock, sets
from cohong.parties import api as parties
from cohong.parties.api import Restriction
from cohong.retail.review_reads import ratings
from cohong.retail.review_shapes import RatingView

SELLER_DAYS: Final = 90
LISTING_DAYS: Final = 30
ON_TIME_HOURS: Final = 48
_PERCENT: Final = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class SellerStanding:
    """How a seller traded in the last 90 days.

    `settled`: orders completed, and `refunded`: those of them of which money went back. `buyers`: how many different
    ones had an order completed. `shipped`: orders that left whole, `on_time`: within 48 hours after they could (when they
    were paid; when they were placed, if they are paid on delivery). `median_hours`: half of them left within so many whole
    hours. `rating` counts all reviews, of whatever age.
    """

    seller_id: UUID
    settled: int = 0
    refunded: int = 0
    buyers: int = 0
    shipped: int = 0
    on_time: int = 0
    median_hours: int | None = None
    rating: RatingView = field(default_factory=RatingView)

    @property
    def on_time_percent(self) -> int | None:
        """The share that left on time, in whole percent, rounded down; None if nothing left."""
        return self.on_time * _PERCENT // self.shipped if self.shipped else None

    @property
    def refunded_percent(self) -> int | None:
        """The share of completed orders of which money went back, in whole percent, rounded up; None without any."""
        return -(-self.refunded * _PERCENT // self.settled) if self.settled else None


@dataclass(frozen=True, kw_only=True, slots=True)
class ListingStanding:
    """How a listing sold in the last 30 days: orders paid in full and not called off, and how many sale units in them."""

    listing_id: UUID
    orders: int = 0
    quantity: int = 0
    rating: RatingView = field(default_factory=RatingView)


@dataclass(frozen=True, kw_only=True, slots=True)
class TradeView:
    """A trade, as everyone may know of it: what was sold and when it was paid in full; never to whom."""

    listing_id: UUID
    seller_id: UUID
    quantity: int
    traded_at: datetime


class TrustPoint(StrEnum):
    """What the rule of trust asks for."""

    IDENTITY = "identity"
    SETTLED = "settled"
    BUYERS = "buyers"
    ON_TIME = "on_time"
    REFUNDED = "refunded"
    RATING = "rating"
    UNRESTRICTED = "unrestricted"


#: The rule: a confirmed identity, no restriction, and in 90 days at least 5 orders completed for at least 3 buyers, at
#: least 90 % shipped within 48 hours, at most 10 % refunded, and a rating of at least 4.0 from at least 3 reviews.
TRUST: Final[dict[TrustPoint, int | Decimal]] = {
    TrustPoint.SETTLED: 5,
    TrustPoint.BUYERS: 3,
    TrustPoint.ON_TIME: 90,
    TrustPoint.REFUNDED: 10,
    TrustPoint.RATING: Decimal("4.0"),
}
TRUST_REVIEWS: Final = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Trust:
    """Whether a seller can be trusted by the rule, and for each of its points whether they meet it."""

    standing: SellerStanding
    points: dict[TrustPoint, bool]

    @property
    def holds(self) -> bool:
        """Tell whether every point is met."""
        return all(self.points.values())


# --- sellers ---------------------------------------------------------------------------------------------


def _since(days: int) -> date:
    return clock.now().astimezone(UTC).date() - timedelta(days=days - 1)


def seller_standings(*, seller_ids: Iterable[UUID]) -> dict[UUID, SellerStanding]:
    """Return how these sellers traded in the last 90 days; who did not trade is in it with nothing. Four statements. Public."""
    wanted = list(seller_ids)
    since = _since(SELLER_DAYS)
    settled = {
        seller_id: (int(done), int(back))
        for seller_id, done, back in sets.fetch(
            "select seller_id, sum(settled), sum(refunded) from retail_seller_day"
            " where seller_id = any(%s) and day >= %s group by seller_id",
            (wanted, since),
        )
    }
    buyers = dict(
        sets.fetch(
            "select seller_id, count(*) from retail_seller_buyer where seller_id = any(%s) and last_day >= %s"
            " group by seller_id",
            (wanted, since),
        )
    )
    hours: defaultdict[UUID, list[tuple[int, int]]] = defaultdict(list)
    for seller_id, passed, count in sets.fetch(
        "select seller_id, hours, sum(orders)::bigint from retail_shipping_hours where seller_id = any(%s) and day >= %s"
        " group by seller_id, hours order by seller_id, hours",
        (wanted, since),
    ):
        hours[seller_id].append((passed, count))
    rated = ratings(ids=wanted)
    return {
        seller_id: SellerStanding(
            seller_id=seller_id,
            settled=settled.get(seller_id, (0, 0))[0],
            refunded=settled.get(seller_id, (0, 0))[1],
            buyers=buyers.get(seller_id, 0),
            shipped=sum(count for _, count in hours[seller_id]),
            on_time=sum(count for passed, count in hours[seller_id] if passed < ON_TIME_HOURS),
            median_hours=_median(hours[seller_id]),
            rating=rated[seller_id],
        )
        for seller_id in wanted
    }


def _median(hours: Sequence[tuple[int, int]]) -> int | None:
    """Take the smallest number of hours within which at least half have left; `hours` are sorted (hours, count)."""
    total, reached = sum(count for _, count in hours), 0
    for passed, count in hours:
        reached += count
        if 2 * reached >= total:
            return passed
    return None


def trust(*, seller_ids: Iterable[UUID]) -> dict[UUID, Trust]:
    """Hold these sellers' standings against the rule of trust. Seven statements. Public."""
    standings = seller_standings(seller_ids=seller_ids)
    people = parties.parties(ids=standings)
    restricted = parties.restricted(party_ids=standings, restriction=Restriction.TRADE)
    restricted |= parties.restricted(party_ids=standings, restriction=Restriction.PUBLISH)
    return {
        seller_id: Trust(
            standing=standing,
            points={
                TrustPoint.IDENTITY: seller_id in people and people[seller_id].confirmed,
                TrustPoint.UNRESTRICTED: seller_id not in restricted,
                **_met(standing),
            },
        )
        for seller_id, standing in standings.items()
    }


def _met(standing: SellerStanding) -> dict[TrustPoint, bool]:
    average = standing.rating.average
    return {
        TrustPoint.SETTLED: standing.settled >= TRUST[TrustPoint.SETTLED],
        TrustPoint.BUYERS: standing.buyers >= TRUST[TrustPoint.BUYERS],
        TrustPoint.ON_TIME: (standing.on_time_percent or 0) >= TRUST[TrustPoint.ON_TIME],
        TrustPoint.REFUNDED: (standing.refunded_percent or 0) <= TRUST[TrustPoint.REFUNDED],
        TrustPoint.RATING: standing.rating.count >= TRUST_REVIEWS
        and average is not None
        and average >= TRUST[TrustPoint.RATING],
    }


def trusted_sellers(*, limit: int = 12) -> list[Trust]:
    """Return sellers who can be trusted by the rule, those with the most orders first, then the best rated. Public.

    Only whoever has enough orders is looked at closely; eight statements, however many sellers there are.
    """
    enough = sets.fetch(
        "select seller_id from retail_seller_day where day >= %s group by seller_id having sum(settled) >= %s"
        " order by sum(settled) desc, seller_id limit %s",
        (_since(SELLER_DAYS), TRUST[TrustPoint.SETTLED], max(100, 10 * limit)),
    )
    found = [one for one in trust(seller_ids=[row[0] for row in enough]).values() if one.holds]
    found.sort(
        key=lambda one: (-one.standing.settled, -(one.standing.rating.average or 0), one.standing.seller_id)
    )
    return found[:limit]


# --- listings --------------------------------------------------------------------------------------------


def listing_standings(*, listing_ids: Iterable[UUID]) -> dict[UUID, ListingStanding]:
    """Return how these listings sold in the last 30 days; what did not sell is in it with nothing. Two statements. Public."""
    wanted = list(listing_ids)
    sold = {
        listing_id: (int(orders), int(quantity))
        for listing_id, orders, quantity in sets.fetch(
            "select listing_id, sum(orders), sum(quantity) from retail_listing_day"
            " where listing_id = any(%s) and day >= %s group by listing_id",
            (wanted, _since(LISTING_DAYS)),
        )
    }
    rated = ratings(ids=wanted)
    return {
        id_: ListingStanding(
            listing_id=id_,
            orders=sold.get(id_, (0, 0))[0],
            quantity=sold.get(id_, (0, 0))[1],
            rating=rated[id_],
        )
        for id_ in wanted
    }


def latest_trades(*, limit: int = 12) -> list[TradeView]:
    """Return what was traded last, the newest first: of each order the first line. One statement. Public."""
    return [
        TradeView(listing_id=listing_id, seller_id=seller_id, quantity=quantity, traded_at=at)
        for listing_id, seller_id, quantity, at in sets.fetch(
            "select l.listing_id, o.seller_id, l.quantity, o.traded_at from (select order_id, seller_id, traded_at"
            " from retail_traded_order where traded_at is not null and not cancelled"
            " order by traded_at desc, order_id desc limit %s) o"
            " join lateral (select listing_id, quantity from retail_traded_line where order_id = o.order_id"
            " order by position limit 1) l on true order by o.traded_at desc, o.order_id desc",
            (limit,),
        )
    ]


def best_sold(*, limit: int = 12) -> list[ListingStanding]:
    """Return the listings with the most orders in the last 30 days, the best first. Two statements. Public."""
    ids = [
        row[0]
        for row in sets.fetch(
            "select listing_id from retail_listing_day where day >= %s group by listing_id having sum(orders) > 0"
            " order by sum(orders) desc, listing_id limit %s",
            (_since(LISTING_DAYS), limit),
        )
    ]
    return list(listing_standings(listing_ids=ids).values())
