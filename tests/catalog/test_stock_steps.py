"""Stock's steps for orders: exact figures, batches, repeats, and many at once."""

import threading
from typing import Any

import pytest
from catalog_market import Market, coil, order
from django.db import IntegrityError, connection, transaction

from cohong.catalog import api as catalog
from cohong.catalog.refusals import NotAWholeNumber
from cohong.kernel import sets
from cohong.kernel.errors import Refusal, one
from cohong.kernel.ids import new_id

pytestmark = pytest.mark.django_db


def reservations(line_id: Any):
    return sets.fetch(
        "select location_id, quantity, shipped, released, returned from catalog_reservation where line_id"
        " = %s"
        " order by quantity desc",
        (line_id,),
    )


def movements(sku_id: Any):
    return sets.fetch(
        "select kind, quantity from catalog_stock_movement where sku_id = %s order by made_at, reference,"
        " part",
        (sku_id,),
    )


def test_a_whole_life_of_goods(market: Market):
    [sku] = market.goods(10)
    placed = order((sku, 7))
    line = placed.lines[0].line_id
    [[kept]] = catalog.reserve(orders=[placed])
    assert (kept.line_id, kept.sku_id, kept.location_id, kept.quantity) == (line, sku, market.shed, 7)
    assert kept.seller_id == market.seller_id
    assert market.stock(sku) == (10, 7)
    assert catalog.dispatch(items=[catalog.DispatchLine(line, 4, new_id())]) == [None]
    assert market.stock(sku) == (6, 3)
    catalog.release(line_ids=[line])
    assert market.stock(sku) == (6, 0)
    assert catalog.take_back(items=[catalog.TakeBack(line, sku, 3, new_id())]) == [None]
    assert market.stock(sku) == (9, 0)
    assert reservations(line) == [(market.shed, 7, 4, 3, 3)]
    assert movements(sku) == [("receipt", 10), ("shipment", -4), ("return", 3)]


def test_an_order_gets_all_its_lines_or_none_and_earlier_orders_come_first(market: Market):
    first, second = market.goods(5, 5)
    orders = [
        order((first, 4), (second, 1)),
        order((second, 2), (first, 2)),  # 1 of the first is left
        order((first, 1), (second, 4)),
    ]
    done, short, rest = catalog.reserve(orders=orders)
    assert [one.quantity for one in done] == [4, 1]
    assert short == catalog.StockShort(sku=str(first), wanted=2, available=1)
    assert [one.quantity for one in rest] == [1, 4]
    assert market.stock(first) == (5, 5)
    assert market.stock(second) == (5, 5)


def test_two_lines_of_one_sku_share_what_there_is(market: Market):
    [sku] = market.goods(5)
    assert catalog.reserve(orders=[order((sku, 3), (sku, 3))]) == [
        catalog.StockShort(sku=str(sku), wanted=3, available=2)
    ]
    assert market.stock(sku) == (5, 0)


def test_a_line_comes_from_one_location_if_one_has_enough(market: Market):
    [sku] = market.goods(5)
    big = market.location("二号仓")
    market.receive(sku, 8, at=big)
    placed = order((sku, 5))
    [[kept]] = catalog.reserve(orders=[placed])
    assert (kept.location_id, kept.quantity) == (big, 5)


def test_a_line_is_split_when_no_location_has_enough(market: Market):
    [sku] = market.goods(5)
    big = market.location("二号仓")
    market.receive(sku, 8, at=big)
    placed = order((sku, 10))
    line = placed.lines[0].line_id
    [kept] = catalog.reserve(orders=[placed])
    assert [(one.location_id, one.quantity) for one in kept] == [(big, 8), (market.shed, 2)]
    reference = new_id()
    assert catalog.dispatch(items=[catalog.DispatchLine(line, 9, reference)]) == [None]
    assert catalog.dispatch(items=[catalog.DispatchLine(line, 9, reference)]) == [None]
    assert market.stock(sku) == (4, 1)
    assert sets.fetch(
        "select count(*), sum(quantity)::bigint from catalog_stock_movement where reference = %s",
        (reference,),
    ) == [(2, -9)]
    back = new_id()
    assert catalog.take_back(items=[catalog.TakeBack(line, sku, 9, back)]) == [None]
    stock = catalog.stock_of(sku_ids=[sku])[sku]
    assert {one.location_id: (one.on_hand, one.reserved) for one in stock.locations} in (
        {big: (8, 0), market.shed: (5, 1)},
        {big: (8, 1), market.shed: (5, 0)},
    )


def test_ties_go_to_the_lower_location_id(market: Market):
    [sku] = market.goods(5)
    market.receive(sku, 5, at=market.location("二号仓"))
    [[kept]] = catalog.reserve(orders=[order((sku, 1))])
    assert kept.location_id == market.shed


def test_reserving_again_changes_nothing(market: Market):
    [sku] = market.goods(5)
    placed = order((sku, 4))
    first = catalog.reserve(orders=[placed])
    assert catalog.reserve(orders=[placed, placed]) == first * 2
    assert market.stock(sku) == (5, 4)
    line = placed.lines[0].line_id
    other = catalog.ReserveOrder(placed.order_id, (catalog.ReserveLine(line, sku, 1),))
    assert catalog.reserve(orders=[other]) == [catalog.LineReused(line=str(line))]
    catalog.release(line_ids=[line, line])
    catalog.release(line_ids=[line])
    assert catalog.reserve(orders=[placed]) == first
    assert market.stock(sku) == (5, 0)


def test_one_order_twice_in_a_batch_is_kept_once(market: Market):
    [sku] = market.goods(5)
    placed = order((sku, 4))
    first, second = catalog.reserve(orders=[placed, placed])
    assert first == second
    assert market.stock(sku) == (5, 4)


def test_what_cannot_be_reserved_is_named(market: Market):
    in_stock, never_received = market.goods(5, 0)
    unknown = new_id()
    draft = one(
        catalog.create_listings(
            actor=market.seller, seller_id=market.seller_id, drafts=[coil(title="草稿")], publish=False
        )
    )
    outcomes = catalog.reserve(
        orders=[
            order((unknown, 1)),
            order((never_received, 1)),
            order((draft.sku_ids[0], 1)),
            order((in_stock, 0)),
            order((in_stock, 10**13)),
            order(),
        ]
    )
    assert [one.code if isinstance(one, Refusal) else one for one in outcomes] == [
        *("NoSuchSku", "StockShort", "ListingNotPublished", "NotAWholeNumber", "NotAWholeNumber"),
        (),
    ]
    assert outcomes[2].params["title"] == "草稿"
    assert market.stock(in_stock) == (5, 0)


def test_a_withdrawn_listing_is_not_sold_but_what_was_reserved_still_ships(market: Market):
    [sku] = market.goods(5)
    placed = order((sku, 2))
    catalog.reserve(orders=[placed])
    listing_id = catalog.skus(ids=[sku])[sku].listing_id
    assert catalog.withdraw(actor=market.seller, listing_ids=[listing_id]) == [None]
    [refused] = catalog.reserve(orders=[order((sku, 1))])
    assert refused.code == "ListingNotPublished"
    assert catalog.dispatch(items=[catalog.DispatchLine(placed.lines[0].line_id, 2, new_id())]) == [None]
    assert market.stock(sku) == (3, 0)


def test_no_more_leaves_than_is_reserved_and_no_more_comes_back_than_left(market: Market):
    [sku] = market.goods(5)
    placed = order((sku, 3))
    line = placed.lines[0].line_id
    catalog.reserve(orders=[placed])
    stranger, reference = new_id(), new_id()
    assert catalog.dispatch(
        items=[
            catalog.DispatchLine(line, 2, reference),
            catalog.DispatchLine(line, 2, new_id()),
            catalog.DispatchLine(line, 2, reference),
            catalog.DispatchLine(line, 1, reference),
            catalog.DispatchLine(stranger, 1, new_id()),
            catalog.DispatchLine(line, -1, new_id()),
        ]
    ) == [
        None,
        catalog.MoreThanReserved(line=str(line), wanted=2, reserved=1),
        None,
        catalog.ReferenceReused(reference=str(reference)),
        catalog.NotReserved(line=str(stranger)),
        NotAWholeNumber(field="quantity", least=1, most=10**12),
    ]
    assert catalog.take_back(
        items=[
            catalog.TakeBack(line, sku, 3, new_id()),
            catalog.TakeBack(line, new_id(), 1, new_id()),
            catalog.TakeBack(line, sku, 2, reference),
            catalog.TakeBack(line, sku, 2, new_id()),
            catalog.TakeBack(line, sku, 1, new_id()),
        ]
    ) == [
        catalog.MoreThanShipped(line=str(line), wanted=3, shipped=2),
        catalog.NotReserved(line=str(line)),
        catalog.ReferenceReused(reference=str(reference)),
        None,
        catalog.MoreThanShipped(line=str(line), wanted=1, shipped=0),
    ]
    assert market.stock(sku) == (5, 1)


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch):
    """Count the set statements that run."""
    ran = []
    for name in ("fetch", "run", "insert"):
        real = getattr(sets, name)
        monkeypatch.setattr(sets, name, lambda *args, real=real: (ran.append(args[0]), real(*args))[1])
    return ran


def test_the_number_of_statements_does_not_grow_with_the_orders(market: Market, statements: Any):
    skus = market.goods(*[1000] * 20)
    counts = {"reserve": [], "dispatch": [], "release": [], "take_back": []}
    for many in (2, 60):
        orders = [order((skus[n % 20], 2), (skus[(n + 1) % 20], 1)) for n in range(many)]
        lines = [line for placed in orders for line in placed.lines]
        for name, call in (
            ("reserve", lambda orders=orders: catalog.reserve(orders=orders)),
            (
                "dispatch",
                lambda lines=lines: catalog.dispatch(
                    items=[catalog.DispatchLine(x.line_id, 1, new_id()) for x in lines]
                ),
            ),
            (
                "take_back",
                lambda lines=lines: catalog.take_back(
                    items=[catalog.TakeBack(x.line_id, x.sku_id, 1, new_id()) for x in lines]
                ),
            ),
            ("release", lambda lines=lines: catalog.release(line_ids=[x.line_id for x in lines])),
        ):
            before = len(statements)
            assert not any(isinstance(one, Refusal) for one in call() or [])
            counts[name].append(len(statements) - before)
    assert all(few == many <= 8 for few, many in counts.values())


def test_the_database_itself_refuses_to_oversell(market: Market):
    [sku] = market.goods(5)
    for statement in (
        "update catalog_stock set reserved = 6 where sku_id = %s",
        "update catalog_stock set reserved = -1 where sku_id = %s",
        "update catalog_stock set on_hand = -1 where sku_id = %s",
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            sets.run(statement, (sku,))
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        sets.run("update catalog_stock_movement set quantity = 6 where sku_id = %s", (sku,))
    with pytest.raises(Exception, match="Cannot update or delete"), transaction.atomic():
        sets.run("delete from catalog_stock_movement where sku_id = %s", (sku,))


@pytest.mark.django_db(transaction=True)
def test_32_buyers_of_5_pieces_get_exactly_5_and_the_rest_are_told(market: Market):
    rare, common = market.goods(5, 10_000)
    results: list[object] = []
    start = threading.Barrier(32)

    def buy(number: int):
        # Lines in either order, so that locking as they come would deadlock.
        wanted = [(rare, 1), (common, 3)]
        placed = order(*(wanted if number % 2 else wanted[::-1]))
        try:
            start.wait(30)
            results.append(one(catalog.reserve(orders=[placed])))
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=buy, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = [one for one in results if isinstance(one, tuple)]
    lost = [one for one in results if not isinstance(one, tuple)]
    assert len(won) == 5
    assert lost == [catalog.StockShort(sku=str(rare), wanted=1, available=0)] * 27
    assert market.stock(rare) == (5, 5)
    assert market.stock(common) == (10_000, 15)
