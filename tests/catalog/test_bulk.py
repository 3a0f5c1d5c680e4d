"""Many at once: prices by a rule, counts and moves of stock beside running orders, low stock, imports checked and run."""

import csv
import io
import threading
from decimal import Decimal
from typing import Any

import pytest
from catalog_market import Market, coil, coil_sku
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from cohong.catalog import api as catalog
from cohong.catalog.prices import new_price, repriced
from cohong.kernel import journal, sets
from cohong.kernel.errors import BadInput, Refusal, one
from cohong.kernel.ids import new_id
from cohong.kernel.money import MAX_MINOR
from cohong.parties import api as parties

UP = catalog.PriceRule(kind=catalog.PriceChangeKind.PERCENT, currency="CNY", basis_points=1000)


def change(market: Market, rule: catalog.PriceRule, *ids: Any, actor: Any = None) -> list[Any]:
    return catalog.change_prices(
        actor=actor or market.seller,
        seller_id=market.seller_id,
        rule=rule,
        changes=[catalog.PriceChange(id_) for id_ in ids],
    )


def prices(listing_id: Any) -> list[list[int]]:
    view = catalog.listings(ids=[listing_id])[listing_id]
    return [[tier.unit_price_minor for tier in sku.tiers] for sku in view.skus if not sku.retired]


# --- prices ----------------------------------------------------------------------------------------------


@given(
    minor=st.integers(1, 10**12),
    points=st.integers(-10_000, 100_000),
    step=st.sampled_from([1, 5, 10, 50, 100, 1000]),
)
def test_a_price_is_rounded_to_the_nearest_step_a_half_upwards(minor: int, points: int, step: int):
    rule = catalog.PriceRule(
        kind=catalog.PriceChangeKind.PERCENT, currency="CNY", basis_points=points, step_minor=step
    )
    after = new_price(rule, minor)
    exact = Decimal(minor) * (10_000 + points) / 10_000
    assert after % step == 0
    assert abs(after - exact) * 2 <= step
    if abs(after - exact) * 2 == step:
        assert after > exact


@given(prices_=st.lists(st.integers(1, 10**9), min_size=2, max_size=6), points=st.integers(-9_999, 20_000))
def test_prices_that_were_in_order_stay_in_order(prices_: list[int], points: int):
    rule = catalog.PriceRule(
        kind=catalog.PriceChangeKind.PERCENT, currency="CNY", basis_points=points, step_minor=50
    )
    after = [new_price(rule, price) for price in sorted(prices_, reverse=True)]
    assert after == sorted(after, reverse=True)


def test_prices_of_many_listings_change_in_one_act(market: Market):
    offered = market.publish(coil(skus=[coil_sku("a", (1, 1000), (10, 905))]))
    draft = catalog.create_listing(actor=market.seller, seller_id=market.seller_id, draft=coil(title="稿"))
    before = len(journal.file_of([offered.listing_id]))
    assert change(market, UP, offered.listing_id, draft) == [2, 2]
    assert prices(offered.listing_id) == [[1100, 996]]  # 995.5 rounds upwards
    view = catalog.listings(ids=[offered.listing_id])[offered.listing_id]
    assert (view.price_from.minor, view.price_to.minor, view.revision) == (996, 1100, 2)
    documents = journal.file_of([offered.listing_id])
    assert len(documents) == before + 1
    assert [tier.unit_price_minor for tier in documents[-1].envelope.body.skus[0].tiers] == [1100, 996]
    assert journal.file_of([draft]) == []  # nothing that is not on offer is stated


def test_a_set_price_replaces_the_tiers(market: Market):
    ids = market.publish(coil(skus=[coil_sku("a", (1, 1000), (10, 900))]))
    rule = catalog.PriceRule(kind=catalog.PriceChangeKind.SET, currency="CNY", minor=777, step_minor=100)
    assert change(market, rule, ids.listing_id) == [2]
    assert prices(ids.listing_id) == [[777]]


def test_each_listing_has_its_own_outcome(market: Market):
    good = market.publish(coil(skus=[coil_sku("a", (1, 1000))])).listing_id
    cheap = market.publish(coil(title="便宜", skus=[coil_sku("b", (1, 5))])).listing_id
    dollars = market.publish(coil(title="美元", currency="USD")).listing_id
    off = catalog.PriceRule(kind=catalog.PriceChangeKind.AMOUNT, currency="CNY", minor=-5)
    outcomes = change(market, off, good, cheap, dollars, new_id(), good)
    assert [outcome if isinstance(outcome, int) else outcome.code for outcome in outcomes] == [
        2,
        "PriceNotPositive",
        "OtherCurrency",
        "NoSuchListing",
        2,
    ]
    assert prices(good) == [[995]]
    assert prices(cheap) == [[5]]


def test_only_what_was_seen_is_changed(market: Market):
    listing_id = market.publish(coil(skus=[coil_sku("a", (1, 1000))])).listing_id
    [(view, [repriced_])] = catalog.preview_prices(  # type: ignore[misc]
        actor=market.seller, seller_id=market.seller_id, rule=UP, listing_ids=[listing_id]
    )
    assert [tier.unit_price_minor for tier in repriced_.after] == [1100]
    assert prices(listing_id) == [[1000]]
    change(market, UP, listing_id)
    [outcome] = catalog.change_prices(
        actor=market.seller,
        seller_id=market.seller_id,
        rule=UP,
        changes=[catalog.PriceChange(listing_id, view.revision)],
    )
    assert isinstance(outcome, catalog.ListingChanged)
    assert prices(listing_id) == [[1100]]


def test_nobody_changes_another_sellers_prices(market: Market):
    listing_id = market.publish(coil()).listing_id
    with pytest.raises(parties.NotYours), transaction.atomic():
        change(market, UP, listing_id, actor=market.rival)
    [outcome] = catalog.change_prices(
        actor=market.rival,
        seller_id=market.rival_id,
        rule=UP,
        changes=[catalog.PriceChange(listing_id)],
    )
    assert isinstance(outcome, catalog.NoSuchListing)
    for rule in (
        catalog.PriceRule(kind=catalog.PriceChangeKind.SET, currency="CNY", minor=0),
        catalog.PriceRule(kind=catalog.PriceChangeKind.AMOUNT, currency="CNY", minor=MAX_MINOR + 1),
        catalog.PriceRule(kind=catalog.PriceChangeKind.PERCENT, currency="CNY", step_minor=0),
        catalog.PriceRule(kind=catalog.PriceChangeKind.PERCENT, currency="ZZZ"),
    ):
        with pytest.raises(BadInput), transaction.atomic():
            change(market, rule, listing_id)


def test_what_a_rule_leaves_as_it_is_keeps_its_revision(market: Market):
    ids = market.publish(coil())
    nothing = catalog.PriceRule(kind=catalog.PriceChangeKind.PERCENT, currency="CNY")
    assert change(market, nothing, ids.listing_id) == [1]
    view = catalog.listings(ids=[ids.listing_id])[ids.listing_id]
    assert not isinstance(repriced(nothing, view), Refusal)


# --- counts and moves ------------------------------------------------------------------------------------


def there(sku_id: Any, place: Any) -> tuple[int, int]:
    found = {view.location_id: view for view in catalog.stock_of(sku_ids=[sku_id])[sku_id].locations}
    return (found[place].on_hand, found[place].reserved) if place in found else (0, 0)


def reserve(sku_id: Any, quantity: int) -> Any:
    line = catalog.ReserveLine(new_id(), sku_id, quantity)
    return one(catalog.reserve(orders=[catalog.ReserveOrder(new_id(), (line,))]))


def test_a_count_sets_what_is_there_and_is_stated(market: Market):
    sku_id = market.publish(coil()).sku_ids[0]
    market_shed = market.shed
    catalog.receive_stock(
        actor=market.seller, items=[catalog.StockItem(sku_id, market_shed, 10, "", new_id())]
    )
    reserve(sku_id, 4)
    reference = new_id()
    counts = [
        catalog.StockCount(sku_id, market_shed, 7, "年终盘点", reference),
        catalog.StockCount(sku_id, market_shed, 3, "", new_id()),
        catalog.StockCount(sku_id, market_shed, -1, "", new_id()),
        catalog.StockCount(new_id(), market_shed, 1, "", new_id()),
        catalog.StockCount(sku_id, new_id(), 1, "", new_id()),
    ]
    outcomes = catalog.count_stock(actor=market.seller, counts=counts)
    assert [outcome if isinstance(outcome, int) else outcome.code for outcome in outcomes] == [
        -3,
        "CountBelowReserved",
        "NotAWholeNumber",
        "NoSuchSku",
        "NoSuchLocation",
    ]
    assert there(sku_id, market_shed) == (7, 4)
    assert catalog.count_stock(actor=market.seller, counts=counts[:1]) == [-3]  # again: the first outcome
    assert there(sku_id, market_shed) == (7, 4)
    body = journal.file_of([sku_id])[-1].envelope.body
    assert (body.counted, body.difference, body.reason) == (7, -3, "年终盘点")
    assert [check.findings for check in catalog.audit()] == [[]] * len(catalog.audit())


def test_nobody_counts_anothers_goods(market: Market):
    sku_id = market.publish(coil()).sku_ids[0]
    [outcome] = catalog.count_stock(
        actor=market.rival, counts=[catalog.StockCount(sku_id, market.shed, 5, "", new_id())]
    )
    assert isinstance(outcome, parties.NotYours)
    assert there(sku_id, market.shed) == (0, 0)


def test_goods_move_in_one_instant_and_what_is_reserved_stays(market: Market):
    sku_id = market.publish(coil()).sku_ids[0]
    other = market.location("二号仓")
    catalog.receive_stock(
        actor=market.seller, items=[catalog.StockItem(sku_id, market.shed, 10, "", new_id())]
    )
    reserve(sku_id, 4)
    move = catalog.StockMove(sku_id, market.shed, other, 6, "", new_id())
    assert catalog.move_stock(actor=market.seller, moves=[move, move]) == [None, None]
    assert (there(sku_id, market.shed), there(sku_id, other)) == ((4, 4), (6, 0))
    refused = catalog.move_stock(
        actor=market.seller,
        moves=[
            catalog.StockMove(sku_id, market.shed, other, 1, "", new_id()),
            catalog.StockMove(sku_id, other, other, 1, "", new_id()),
            catalog.StockMove(sku_id, other, market.shed, 6, "", move.reference),
        ],
    )
    assert [outcome.code for outcome in refused if outcome is not None] == [
        "StockShort",
        "SameLocation",
        "ReferenceReused",
    ]
    assert [body.envelope.kind for body in journal.file_of([sku_id])].count("catalog.stock_moved") == 1
    assert [check.findings for check in catalog.audit()] == [[]] * len(catalog.audit())


def test_a_location_closes_when_it_is_empty(market: Market):
    sku_id = market.publish(coil()).sku_ids[0]
    place = market.location("三号仓")
    receive = lambda: catalog.receive_stock(  # noqa: E731
        actor=market.seller, items=[catalog.StockItem(sku_id, place, 2, "", new_id())]
    )
    assert receive() == [None]
    with pytest.raises(Refusal, match="2"), transaction.atomic():
        catalog.close_location(actor=market.seller, location_id=place)
    catalog.write_off(actor=market.seller, items=[catalog.StockItem(sku_id, place, 2, "坏", new_id())])
    with pytest.raises(parties.NotYours), transaction.atomic():
        catalog.close_location(actor=market.rival, location_id=place)
    catalog.close_location(actor=market.seller, location_id=place)
    assert [outcome.code for outcome in receive() if outcome is not None] == ["LocationClosed"]
    assert place not in {view.id for view in catalog.locations(party_id=market.seller_id)}
    catalog.rename_location(actor=market.seller, location_id=place, name="旧仓")
    catalog.reopen_location(actor=market.seller, location_id=place)
    assert receive() == [None]


@pytest.mark.django_db(transaction=True)
def test_counts_and_orders_at_once_never_oversell(transactional_db: None):
    market = Market()
    sku_id = market.publish(coil()).sku_ids[0]
    catalog.receive_stock(
        actor=market.seller, items=[catalog.StockItem(sku_id, market.shed, 40, "", new_id())]
    )
    failures: list[BaseException] = []

    def run(work: Any) -> None:
        try:
            for number in range(12):
                work(number)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test has to know
            failures.append(error)
        finally:
            connection.close()

    def count(number: int) -> None:
        counts = [catalog.StockCount(sku_id, market.shed, 25 + number, "", new_id())]
        catalog.count_stock(actor=market.seller, counts=counts)

    def order(_number: int) -> None:
        line = catalog.ReserveLine(new_id(), sku_id, 3)
        catalog.reserve(orders=[catalog.ReserveOrder(new_id(), (line,))])

    threads = [threading.Thread(target=run, args=(work,)) for work in (count, order, order)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    on_hand, reserved = there(sku_id, market.shed)
    assert 0 <= reserved <= on_hand
    assert [check.findings for check in catalog.audit()] == [[]] * len(catalog.audit())


# --- low stock -------------------------------------------------------------------------------------------


def test_a_seller_is_told_once_each_time_that_stock_runs_low(market: Market):
    sku_id = market.publish(coil()).sku_ids[0]
    book = lambda act, quantity: act(  # noqa: E731
        actor=market.seller, items=[catalog.StockItem(sku_id, market.shed, quantity, "记", new_id())]
    )
    book(catalog.receive_stock, 10)
    assert catalog.set_low_stock(actor=market.seller, items=[catalog.LowStock(sku_id, 5)]) == [None]
    [refusal] = catalog.set_low_stock(actor=market.rival, items=[catalog.LowStock(sku_id, 1)])
    assert isinstance(refusal, catalog.NoSuchSku)
    assert catalog.tell_low_stock() == 0
    book(catalog.write_off, 5)
    assert catalog.tell_low_stock() == 1
    assert catalog.tell_low_stock() == 0
    shop = catalog.shop(actor=market.seller, seller_id=market.seller_id)
    assert (shop.low, shop.sold_out) == (1, 0)
    book(catalog.receive_stock, 5)
    assert catalog.tell_low_stock() == 0
    book(catalog.write_off, 10)
    assert catalog.tell_low_stock() == 1
    kinds = [filed.envelope.kind for filed in journal.file_of([sku_id])]
    assert kinds.count("catalog.stock_low") == 2


# --- files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_what_is_exported_reads_back_the_same(market: Market, kind: str, language: str):
    first = market.publish(
        coil(
            key="一",
            title="=危险+标题",
            skus=[coil_sku("a", (1, 1000), (10, 905)), coil_sku("b")],
        )
    )
    content = catalog.export_listings(
        actor=market.seller, seller_id=market.seller_id, format=kind, language=language
    )
    import_id = catalog.check_import(
        actor=market.seller, seller_id=market.seller_id, file=content, filename=f"g.{kind}", update=True
    )
    view = catalog.import_view(actor=market.seller, import_id=import_id)
    assert (view.rows, view.good, view.errors) == (2, 1, ())
    [report] = [
        catalog.import_listings(
            actor=market.rival, seller_id=market.rival_id, file=content, filename=f"g.{kind}"
        )
    ]
    assert report.errors == ()
    mine = catalog.listings(ids=[first.listing_id])[first.listing_id]
    theirs = catalog.listings(ids=[report.listings[0].listing_id])[report.listings[0].listing_id]
    same = (
        "title",
        "title_en",
        "description",
        "attributes",
        "unit",
        "price_from",
        "price_to",
        "freight_note",
    )
    assert [getattr(mine, name) for name in same] == [getattr(theirs, name) for name in same]
    assert [(sku.code, sku.attributes, sku.tiers, sku.min_order, sku.multiple) for sku in mine.skus] == [
        (sku.code, sku.attributes, sku.tiers, sku.min_order, sku.multiple) for sku in theirs.skus
    ]
    if kind == "csv":
        cells = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        assert not any(cell.startswith(("=", "@")) for row in cells for cell in row)


def test_a_count_from_a_file_is_booked_whole_or_not_at_all(market: Market):
    ids = market.publish(coil(skus=[coil_sku("a"), coil_sku("b")]))
    bad = "SKU 编码,存放地点,盘点数量\na,一号仓,5\nb,哪里,3\n".encode("gb18030")
    report = catalog.count_from_file(
        actor=market.seller, seller_id=market.seller_id, file=bad, filename="c.csv"
    )
    assert [(error.row, error.value, error.refusal.code) for error in report.errors] == [
        (3, "哪里", "NoSuchLocation")
    ]
    assert there(ids.sku_ids[0], market.shed) == (0, 0)
    good = "SKU code,location,counted quantity\na,一号仓,5\nb,一号仓,\n".encode()
    checked = catalog.count_from_file(
        actor=market.seller, seller_id=market.seller_id, file=good, filename="c.csv", check_only=True
    )
    assert (checked.counted, checked.differing, checked.errors) == (1, 1, ())
    assert there(ids.sku_ids[0], market.shed) == (0, 0)
    catalog.count_from_file(actor=market.seller, seller_id=market.seller_id, file=good, filename="c.csv")
    assert there(ids.sku_ids[0], market.shed) == (5, 0)
    assert sets.fetch("select count(*) from catalog_stock_movement where kind = 'count'") == [(1,)]
