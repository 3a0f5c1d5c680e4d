"""Receipts, write-offs and locations: who may, what is refused, what is booked once."""

from typing import Any

import pytest
from catalog_market import Market, acting_for, coil, coil_sku, order, refused

from cohong.catalog import api as catalog
from cohong.catalog import refusals as no
from cohong.kernel import journal, sets
from cohong.kernel.errors import one
from cohong.kernel.ids import new_id
from cohong.parties import api as parties
from cohong.parties.api import Role

pytestmark = pytest.mark.django_db


def item(sku: Any, location: Any, quantity: Any, reason: Any = "", reference: Any = None):
    return catalog.StockItem(sku, location, quantity, reason, reference or new_id())


def test_goods_come_and_go_and_each_is_documented(market: Market):
    [sku] = market.goods(0)
    listing_id = catalog.skus(ids=[sku])[sku].listing_id
    reference = new_id()
    received = item(sku, market.shed, 10, "开仓", reference)
    assert catalog.receive_stock(actor=market.seller, items=[received]) == [None]
    assert catalog.write_off(actor=market.seller, items=[item(sku, market.shed, 3, "水浸")]) == [None]
    assert market.stock(sku) == (7, 0)
    first, second = [filed.envelope for filed in journal.file_of([sku])]
    assert (first.kind, first.issuer, first.visible_to) == ("catalog.stock_received", market.seller_id, ())
    assert (first.body.quantity, first.body.reason, first.body.reference) == (10, "开仓", reference)
    assert (first.body.listing_id, first.body.location_id) == (listing_id, market.shed)
    assert (second.kind, second.body.quantity, second.body.reason) == ("catalog.stock_written_off", 3, "水浸")
    newest, oldest = catalog.movements(actor=market.seller, sku_id=sku)
    assert (oldest.kind, oldest.quantity, newest.kind, newest.quantity) == ("receipt", 10, "write_off", -3)
    assert catalog.movements(actor=market.seller, sku_id=sku, after=newest.reference) == [oldest]


def test_a_reference_is_booked_once_and_means_one_thing(market: Market):
    first, second = market.goods(0, 0)
    same = item(first, market.shed, 10)
    assert catalog.receive_stock(actor=market.seller, items=[same, same]) == [None, None]
    assert catalog.receive_stock(actor=market.seller, items=[same]) == [None]
    assert market.stock(first) == (10, 0)
    reused = catalog.ReferenceReused(reference=str(same.reference))
    assert catalog.receive_stock(
        actor=market.seller,
        items=[
            item(first, market.shed, 11, reference=same.reference),
            item(second, market.shed, 10, reference=same.reference),
        ],
    ) == [reused, reused]
    assert catalog.write_off(
        actor=market.seller, items=[item(first, market.shed, 10, "坏", reference=same.reference)]
    ) == [reused]
    assert market.stock(first) == (10, 0)
    assert len(journal.file_of([first])) == 1


def test_what_cannot_be_booked_is_named_and_the_rest_is_booked(market: Market):
    [sku] = market.goods(0)
    strange_sku, strange_place = new_id(), new_id()
    rivals_place = catalog.open_location(
        actor=market.rival, party_id=market.rival_id, name="对门仓", region_code="440100"
    )
    outcomes = catalog.receive_stock(
        actor=market.seller,
        items=[
            item(strange_sku, market.shed, 1),
            item(sku, strange_place, 1),
            item(sku, rivals_place, 1),
            item(sku, market.shed, 0),
            item(sku, market.shed, 10**12 + 1),
            item(sku, market.shed, 1, "一\n二"),
            item(sku, market.shed, 1, "请联系13812345678"),
            item(sku, market.shed, 5),
        ],
    )
    assert [outcome and outcome.code for outcome in outcomes] == [
        *("NoSuchSku", "NoSuchLocation", "NotYours", "NotAWholeNumber", "NotAWholeNumber"),
        *("TextUnreadable", "PersonalDataInText", None),
    ]
    assert market.stock(sku) == (5, 0)
    rival_in_own_place = catalog.receive_stock(actor=market.rival, items=[item(sku, rivals_place, 1)])
    assert rival_in_own_place == [no.LocationNotTheSellers(location=str(rivals_place), sku=str(sku))]


def test_reserved_goods_are_not_written_off_and_a_write_off_needs_a_reason(market: Market):
    [sku] = market.goods(5)
    catalog.reserve(orders=[order((sku, 4))])
    assert catalog.write_off(
        actor=market.seller,
        items=[
            item(sku, market.shed, 2, "破损"),
            item(sku, market.shed, 1),
            item(sku, market.shed, 1, "破损"),
        ],
    ) == [catalog.StockShort(sku=str(sku), wanted=2, available=1), no.TextMissing(field="reason"), None]
    assert market.stock(sku) == (4, 4)


def test_a_location_does_not_hold_more_than_it_can(market: Market):
    [sku] = market.goods(0)
    for _ in range(10):
        market.receive(sku, 10**12)
    sets.run("update catalog_stock set on_hand = %s where sku_id = %s", (10**15 - 1, sku))
    assert catalog.receive_stock(actor=market.seller, items=[item(sku, market.shed, 2)]) == [
        no.StockTooLarge(most=10**15)
    ]


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.OWNER, Role.WAREHOUSE}])
def test_only_the_warehouse_and_the_owner_move_stock(market: Market, role: Any):
    [sku] = market.goods(5)
    actor = acting_for(market.seller_id, role)
    for act in (catalog.receive_stock, catalog.write_off):
        [outcome] = act(actor=actor, items=[item(sku, market.shed, 1, "试")])
        assert outcome.code == "NotYours"
    with refused(parties.NotYours):
        catalog.open_location(actor=actor, party_id=market.seller_id, name="三号仓", region_code="440100")
    assert market.stock(sku) == (5, 0)
    warehouse = acting_for(market.seller_id, Role.WAREHOUSE, scopes=["catalog:write"])
    assert catalog.receive_stock(actor=warehouse, items=[item(sku, market.shed, 1)]) == [None]
    reader = acting_for(market.seller_id, scopes=["catalog:read", "orders:write"])
    assert one_code(catalog.receive_stock(actor=reader, items=[item(sku, market.shed, 1)])) == "ScopeMissing"


def one_code(results: Any):
    [refusal] = results
    return refusal.code


def test_locations_are_named_once_and_in_known_regions(market: Market):
    other = market.location("二号仓")
    assert [place.name for place in catalog.locations(party_id=market.seller_id)] == ["一号仓", "二号仓"]
    assert catalog.locations(party_id=market.seller_id)[1].id == other
    with refused(no.LocationNameTaken):
        market.location("二号仓")
    with refused(parties.RegionUnknown):
        catalog.open_location(
            actor=market.seller, party_id=market.seller_id, name="三号仓", region_code="999999"
        )
    with refused(no.TextMissing):
        market.location("  ")
    with refused(parties.ScopeMissing):
        catalog.own_locations(actor=acting_for(market.seller_id, scopes=["orders:read"]))


def test_stock_is_read_by_sku_and_location(market: Market):
    sku, empty = market.goods(5, 0)
    other = market.location("二号仓")
    market.receive(sku, 3, at=other)
    catalog.reserve(orders=[order((sku, 4))])
    stock = catalog.stock_of(sku_ids=[sku, empty])
    assert (stock[sku].on_hand, stock[sku].reserved, stock[sku].available) == (8, 4, 4)
    assert [(place.location_name, place.on_hand, place.available) for place in stock[sku].locations] == [
        ("一号仓", 5, 1),
        ("二号仓", 3, 3),
    ]
    assert (stock[empty].on_hand, stock[empty].locations) == (0, ())
    with refused(parties.NotYours):
        catalog.listing_stock(actor=market.rival, listing_id=catalog.skus(ids=[sku])[sku].listing_id)


def test_receiving_many_takes_as_many_statements_as_receiving_one(
    market: Market, monkeypatch: pytest.MonkeyPatch
):
    ran = []
    for name in ("fetch", "run", "insert"):
        real = getattr(sets, name)
        monkeypatch.setattr(sets, name, lambda *args, real=real: (ran.append(args[0]), real(*args))[1])
    skus = market.publish(coil(skus=[coil_sku(f"c{n}") for n in range(100)])).sku_ids
    counts = []
    for many in (1, 100):
        ran.clear()
        outcomes = catalog.receive_stock(
            actor=market.seller, items=[item(sku, market.shed, 1) for sku in skus[:many]]
        )
        assert outcomes == [None] * many
        counts.append(len(ran))
    assert counts[0] == counts[1] <= 8
    assert one([catalog.stock_of(sku_ids=[skus[0]])[skus[0]].on_hand]) == 2
