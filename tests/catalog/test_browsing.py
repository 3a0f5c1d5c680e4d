"""Browsing: filters, order, pages, and a fixed number of statements."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from catalog_market import Market, coil, coil_sku, refused

from cohong.catalog import api as catalog
from cohong.catalog.api import Browse, Sort
from cohong.kernel import clock, http, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.parties.api import MarketKind, Names

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture
def offers(market: Market):
    """Seven listings, an hour apart: six coils at 1 to 6 yuan, one dress in Hong Kong dollars."""
    drafts = [
        coil(title=f"冷轧卷{n}", title_en=f"Coil {n}", skus=[coil_sku("c", (1, 100 * n))])
        for n in range(1, 7)
    ]
    drafts.append(
        catalog.ListingDraft(
            category_code="clothing.dress",
            title="100%棉_连衣裙",
            currency="HKD",
            unit="piece",
            attributes={"fabric": "棉"},
            skus=[catalog.SkuDraft("d", {"size": "s"}, [catalog.Tier(1, 9000)], min_order=3)],
        )
    )
    for hours, draft in enumerate(drafts):
        with clock.at(START + timedelta(hours=hours)):
            market.publish(draft)
    catalog.create_listing(actor=market.seller, seller_id=market.seller_id, draft=coil(title="草稿"))
    return market


def titles(asked: Any = None, **more: Any):
    return [card.title for card in catalog.browse(asked=asked, **more).items]


def test_all_that_is_on_offer_newest_first(offers: Market):
    assert titles() == ["100%棉_连衣裙", *(f"冷轧卷{n}" for n in (6, 5, 4, 3, 2, 1))]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Browse(category="steel.coil", price_to_minor=200), ["冷轧卷2", "冷轧卷1"]),
        (Browse(category="clothing"), ["100%棉_连衣裙"]),
        (Browse(category="clothing.dress"), ["100%棉_连衣裙"]),
        (Browse(category="nothing"), []),
        (Browse(industry="clothing"), ["100%棉_连衣裙"]),
        (Browse(text="卷3"), ["冷轧卷3"]),
        (Browse(text="coil 4"), ["冷轧卷4"]),
        (Browse(text="100% 棉"), ["100%棉_连衣裙"]),
        (Browse(text="棉_连"), ["100%棉_连衣裙"]),
        (Browse(text="轧_卷"), []),
        (Browse(text="\\"), []),
        (Browse(price_from_minor=500), ["冷轧卷6", "冷轧卷5"]),
        (Browse(price_from_minor=9000, currency="HKD"), ["100%棉_连衣裙"]),
        (Browse(sort=Sort.CHEAPEST, price_from_minor=300, price_to_minor=400), ["冷轧卷3", "冷轧卷4"]),
        (Browse(sort=Sort.DEAREST, price_to_minor=200), ["冷轧卷2", "冷轧卷1"]),
        (Browse(sort=Sort.CHEAPEST, currency="HKD"), ["100%棉_连衣裙"]),
        (Browse(region="440100", text="卷1"), ["冷轧卷1"]),
        (Browse(region="440000", text="卷1"), ["冷轧卷1"]),
        (Browse(region="810000"), []),
    ],
)
def test_filters(offers: Market, asked: Any, found: Any):
    assert titles(asked) == found


def test_by_seller_and_market(offers: Market):
    market_id = parties.define_market(
        actor=offers.platform,
        code="yuexiu",
        kind=MarketKind.SPECIALISED,
        names=Names("越秀", "越秀", "Yuexiu"),
    )
    listed = offers.publish(coil(title="市场里的", market_id=market_id)).listing_id
    assert titles(Browse(market_id=market_id)) == ["市场里的"]
    assert catalog.listing(listing_id=listed).market_id == market_id
    assert len(titles(Browse(seller_id=offers.seller_id))) == 8
    assert titles(Browse(seller_id=offers.rival_id)) == []


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_follow_each_other_without_gap_or_repeat(offers: Market, sort: Any):
    asked = Browse(sort=sort, industry="steel")
    seen, cursor = [], None
    for _ in range(10):
        cards = catalog.browse(asked=asked, cursor=cursor, limit=2)
        seen += [card.title for card in cards.items]
        cursor = cards.next
        if cursor is None:
            break
    assert seen == titles(asked)
    assert len(seen) == 6


def test_what_makes_no_sense_is_refused(offers: Market):
    for asked, kind in (
        (Browse(currency="RMB"), "UnknownCurrency"),
        (Browse(text="\x00"), "TextUnreadable"),
        (Browse(text="长" * 101), "TextTooLong"),
    ):
        with pytest.raises(Refusal) as found:
            catalog.browse(asked=asked)
        assert found.value.code == kind
    with refused(http.BadCursor):
        catalog.browse(cursor="???")


def test_a_card_tells_price_stock_and_minimum(offers: Market):
    [card] = catalog.browse(asked=Browse(industry="clothing")).items
    sku = catalog.listings(ids=[card.id])[card.id].skus[0].id
    offers.receive(sku, 7)
    [card] = catalog.browse(asked=Browse(industry="clothing")).items
    assert (card.price_from, card.price_to, card.min_order, card.available, card.picture) == (
        *(Money(9000, "HKD"), Money(9000, "HKD"), 3, 7, None),
    )
    assert (card.region_code, card.industry_code, card.unit, card.state, card.held) == (
        *("440100", "clothing", "piece", "published", False),
    )


def test_a_page_costs_the_same_however_long(offers: Market, monkeypatch: pytest.MonkeyPatch):
    ran = []
    real = sets.fetch
    monkeypatch.setattr(sets, "fetch", lambda *args: (ran.append(args[0]), real(*args))[1])
    counts = []
    for limit in (1, 7):
        ran.clear()
        catalog.browse(limit=limit)
        counts.append(len(ran))
    assert counts == [3, 3]
    ran.clear()
    everything = [card.id for card in catalog.browse().items]
    ran.clear()
    assert len(catalog.listings(ids=everything)) == 7
    assert len(ran) == 4


def test_a_seller_sees_all_of_its_own(offers: Market):
    cards = catalog.sellers_listings(actor=offers.seller, seller_id=offers.seller_id, limit=3)
    assert [card.title for card in cards.items] == ["草稿", "100%棉_连衣裙", "冷轧卷6"]
    rest = catalog.sellers_listings(actor=offers.seller, seller_id=offers.seller_id, cursor=cards.next)
    assert (len(rest.items), rest.next) == (5, None)
    drafts = catalog.sellers_listings(
        actor=offers.seller, seller_id=offers.seller_id, state=catalog.ListingState.DRAFT
    )
    assert [card.state for card in drafts.items] == ["draft"]
    with refused(parties.NotYours):
        catalog.sellers_listings(actor=offers.rival, seller_id=offers.seller_id)
