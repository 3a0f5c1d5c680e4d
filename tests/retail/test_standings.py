"""Standings: what the journal says of how sellers trade, counted; a recount and a rebuild say the same."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohong.catalog import api as catalog
from cohong.kernel import clock, documents, journal, sets
from cohong.kernel.errors import one
from cohong.kernel.ids import new_id
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import Restriction
from cohong.retail import api as retail
from cohong.retail.api import TrustPoint
from cohong.retail.followers import _TABLES
from trading import Place, acting_for

NOW = datetime(2026, 6, 30, 15, tzinfo=UTC)
PREPAID, ON_DELIVERY = orders.PaymentKind.PREPAID, orders.PaymentKind.ON_DELIVERY

TRADES = st.lists(
    st.fixed_dictionaries(
        {
            "days_ago": st.integers(0, 100),
            "pays_after": st.integers(0, 30),
            "ships_after": st.integers(0, 100),
            "settles_after": st.integers(1, 90),
            "buyer": st.integers(0, 2),
            "listings": st.lists(st.integers(0, 2), min_size=1, max_size=4),
            "terms": st.sampled_from([PREPAID, ON_DELIVERY]),
            "end": st.sampled_from(
                [
                    "placed",
                    "paid",
                    "cancelled",
                    "shipped",
                    "settled",
                    "settled",
                    "refunded early",
                    "refunded late",
                ]
            ),
        }
    ),
    min_size=1,
    max_size=8,
)


class Trades:
    """A seller with three listings and three buyers, and the whole life of an order in one go."""

    def __init__(self) -> None:
        with clock.at(NOW - timedelta(days=200)):
            self.place = Place()
            self.skus = [self.place.goods(10_000, 10_000) for _ in range(3)]
            self.buyers = self.place.buyers(3, money=1_000_000)
        self.listings = [catalog.skus(ids=[skus[0]])[skus[0]].listing_id for skus in self.skus]

    def trade(self, **wish: Any) -> None:
        buyer = self.buyers[wish["buyer"]]
        sold: Counter[Any] = Counter()
        for number, listing in enumerate(wish["listings"]):
            sold[self.skus[listing][number % 2]] += number + 1
        at = NOW - timedelta(days=wish["days_ago"], hours=1)
        self.place.buyer = buyer
        with clock.at(at):
            terms = orders.PaymentTerms(kind=wish["terms"])
            order_id = self.place.place(*sold.items(), buyer=buyer, payment=terms)
        end = wish["end"]
        if end == "placed":
            return
        at += timedelta(hours=wish["pays_after"])
        steps = [lambda: self.place.ship(order_id), lambda: self.place.pay(order_id, by=buyer)]
        if wish["terms"] is PREPAID or end in ("paid", "cancelled"):
            steps.reverse()
        with clock.at(at):
            if end == "cancelled":
                self.place.pay(order_id, by=buyer)
                one(
                    orders.cancel(
                        items=[orders.OnOrder(actor=self.place.seller, order_id=order_id, reason="断货")]
                    )
                )
                return
            steps[0]()
        if end == "paid":
            return
        at += timedelta(hours=wish["ships_after"])
        with clock.at(at):
            steps[1]()
        if end == "shipped":
            return
        self.end(order_id, buyer, at, wish["settles_after"], end)

    def end(self, order_id: Any, buyer: Any, at: datetime, hours: int, end: str) -> None:
        back = orders.ReturnedLine(line_id=self.place.view(order_id).lines[0].id, quantity=1)
        with clock.at(at + timedelta(hours=hours)):
            if end == "refunded early":
                self.place.send_back(order_id, back, goods_back=False)
            self.place.accept(order_id, by=buyer)
            self.place.settle(order_id)
        with clock.at(at + timedelta(hours=2 * hours)):
            if end == "refunded late":
                self.place.send_back(order_id, back, goods_back=False)


class Recount:
    """The same figures, found by going through every document there is."""

    def __init__(self, trades: Trades) -> None:
        self.orders: dict[Any, dict[str, Any]] = defaultdict(dict)
        listing_of = {
            sku: listing for skus, listing in zip(trades.skus, trades.listings, strict=True) for sku in skus
        }
        for (form,) in sets.fetch("select canonical from kernel_document order by seq"):
            told = documents.read(form)
            facts, body = self.orders[told.subject], told.body
            if told.kind == "orders.placed":
                facts["buyer"] = body.buyer
                facts["due"] = told.issued_at if body.payment == "on_delivery" else None
                facts["sold"] = Counter()
                for line in body.lines:
                    facts["sold"][listing_of[line.sku_id]] += line.quantity
            elif told.kind == "orders.paid" and body.paid == body.total:
                facts["traded"] = told.issued_at
                facts["due"] = facts["due"] or told.issued_at
            elif told.kind == "orders.shipped" and body.complete:
                facts["shipped"] = told.issued_at
            elif told.kind in ("orders.settled", "orders.refunded", "orders.cancelled"):
                facts[told.kind.removeprefix("orders.")] = told.issued_at

    def seller(self) -> dict[str, Any]:
        settled = [facts for facts in self.orders.values() if recent(facts.get("settled"), 90)]
        shipped = [facts for facts in self.orders.values() if recent(facts.get("shipped"), 90)]
        hours = sorted((facts["shipped"] - facts["due"]) // timedelta(hours=1) for facts in shipped)
        return {
            "settled": len(settled),
            "refunded": sum("refunded" in facts for facts in settled),
            "buyers": len({facts["buyer"] for facts in settled}),
            "shipped": len(shipped),
            "on_time": sum(passed < 48 for passed in hours),
            "median_hours": hours[(len(hours) - 1) // 2] if hours else None,
        }

    def listing(self, listing_id: Any) -> tuple[int, int]:
        sold = [
            facts["sold"][listing_id]
            for facts in self.orders.values()
            if recent(facts.get("traded"), 30) and "cancelled" not in facts and listing_id in facts["sold"]
        ]
        return len(sold), sum(sold)

    def latest(self) -> list[datetime]:
        traded = [
            facts["traded"]
            for facts in self.orders.values()
            if "traded" in facts and "cancelled" not in facts
        ]
        return sorted(traded, reverse=True)


def recent(moment: datetime | None, days: int) -> bool:
    return moment is not None and moment.date() > NOW.date() - timedelta(days=days)


def tables() -> dict[str, list[Any]]:
    return {table: sorted(sets.fetch(f"select t::text from {table} t")) for table in _TABLES}


def assert_recounted(trades: Trades) -> None:
    recount = Recount(trades)
    with clock.at(NOW):
        seller_id = trades.place.seller_id
        standing = retail.seller_standings(seller_ids=[seller_id])[seller_id]
        assert {name: getattr(standing, name) for name in recount.seller()} == recount.seller()
        for listing_id, sold in retail.listing_standings(listing_ids=trades.listings).items():
            assert (sold.orders, sold.quantity) == recount.listing(listing_id)
        assert [trade.traded_at for trade in retail.latest_trades(limit=100)] == recount.latest()


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=TRADES, look=st.sets(st.integers(0, 7)))
def test_figures_are_what_a_recount_of_the_journal_gives(plan: list[dict[str, Any]], look: set[int]):
    with transaction.atomic():
        trades = Trades()
        for number, wish in enumerate(plan):
            trades.trade(**wish)
            if number in look:
                journal.pump()
        journal.pump()
        assert_recounted(trades)
        before = tables()
        # What is read again counts for nothing.
        sets.run("update kernel_follower set position = 0 where name = 'retail.standing'")
        journal.pump()
        assert tables() == before
        journal.rebuild("retail.standing")
        assert tables() == before
        transaction.set_rollback(True)


@pytest.fixture
def trades(db: None) -> Trades:
    return Trades()


WHOLE = {
    "days_ago": 3,
    "pays_after": 1,
    "ships_after": 5,
    "settles_after": 2,
    "buyer": 0,
    "listings": [0],
    "terms": PREPAID,
    "end": "settled",
}


def test_what_was_long_ago_counts_no_longer(trades: Trades):
    trades.trade(**{**WHOLE, "days_ago": 95})
    trades.trade(**{**WHOLE, "days_ago": 40})
    journal.pump()
    seller_id, listing_id = trades.place.seller_id, trades.listings[0]
    with clock.at(NOW):
        standing = retail.seller_standings(seller_ids=[seller_id])[seller_id]
        assert (standing.settled, standing.shipped, standing.buyers, standing.median_hours) == (1, 1, 1, 5)
        assert retail.listing_standings(listing_ids=[listing_id])[listing_id].orders == 0
        assert len(retail.latest_trades()) == 2
    with clock.at(NOW - timedelta(days=20)):
        assert retail.listing_standings(listing_ids=[listing_id])[listing_id].orders == 1


def test_latest_trades_say_nothing_of_the_buyer(trades: Trades):
    trades.trade(**{**WHOLE, "listings": [2, 0]})
    journal.pump()
    [trade] = retail.latest_trades()
    assert (trade.listing_id, trade.quantity) == (trades.listings[2], 1)
    assert str(trades.buyers[0].party_id) not in repr(trade)


def review(trades: Trades, order_id: Any, buyer: Any, stars: int) -> None:
    line_id = trades.place.view(order_id).lines[0].id
    draft = retail.ReviewDraft(goods_stars=stars, service_stars=stars, text="货好")
    retail.review(actor=buyer, order_id=order_id, line_id=line_id, draft=draft)


def trusted(trades: Trades) -> None:
    """Let the seller become one who can be trusted."""
    seller_id = trades.place.seller_id
    sets.run("update parties_party set state = 'confirmed', confirmed_at = now() where id = %s", (seller_id,))
    for number in range(6):
        trades.trade(**{**WHOLE, "buyer": number % 3})
    journal.pump()
    for buyer in trades.buyers:
        view = orders.orders(actor=buyer, side="buyer")[0]
        review(trades, view.id, buyer, 4 if buyer is trades.buyers[0] else 5)


def test_a_seller_is_trusted_by_the_rule(trades: Trades):
    trusted(trades)
    seller_id = trades.place.seller_id
    with clock.at(NOW):
        [trust] = retail.trusted_sellers()
        assert trust.holds
        assert trust.standing.seller_id == seller_id
        assert trust.standing.rating.average == Decimal("4.7")
        assert (trust.standing.settled, trust.standing.buyers, trust.standing.on_time_percent) == (6, 3, 100)
    with clock.at(NOW + timedelta(days=95)):
        assert retail.trusted_sellers() == []
        later = retail.trust(seller_ids=[seller_id])[seller_id]
        assert [point for point, met in later.points.items() if not met] == [
            TrustPoint.SETTLED,
            TrustPoint.BUYERS,
            TrustPoint.ON_TIME,
        ]


def test_a_restricted_or_unknown_seller_is_not_trusted(trades: Trades):
    trusted(trades)
    seller_id = trades.place.seller_id
    with clock.at(NOW):
        authority = acting_for(trades.place.authority_id, mandates=[parties.Mandate.SUPERVISION])
        parties.restrict(
            actor=authority, party_id=seller_id, restriction=Restriction.PUBLISH, reason="抽检不合格"
        )
        assert retail.trusted_sellers() == []
        points = retail.trust(seller_ids=[seller_id])[seller_id].points
        assert [point for point, met in points.items() if not met] == [TrustPoint.UNRESTRICTED]
        nobody = new_id()
        assert not retail.trust(seller_ids=[nobody])[nobody].holds


def test_shares_are_rounded_against_the_seller():
    standing = retail.SellerStanding(seller_id=new_id(), settled=3, refunded=1, shipped=3, on_time=2)
    assert (standing.on_time_percent, standing.refunded_percent) == (66, 34)
    nothing = retail.SellerStanding(seller_id=new_id())
    assert (nothing.on_time_percent, nothing.refunded_percent, nothing.rating.average) == (None, None, None)
