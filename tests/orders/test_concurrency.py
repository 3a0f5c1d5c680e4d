"""Many at once: never oversold, never paid twice, no deadlock."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from cohong.kernel.errors import Refusal
from cohong.kernel.ids import new_id
from cohong.orders import api as orders
from trading import Place, audits, counted

pytestmark = pytest.mark.django_db(transaction=True)


def together(calls: list[Callable[[], Any]]) -> list[Any]:
    """Make all calls at the same moment, each on a thread and a connection of its own."""
    barrier = threading.Barrier(len(calls))

    def one(call: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(60)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def test_64_buyers_of_5_items_get_exactly_5():
    place = Place()
    [sku] = place.goods(5)
    buyers = place.buyers(64, money=100)

    def buy(buyer):
        def call():
            [placed] = orders.place(items=[place.deal((sku, 1), buyer=buyer)])
            if isinstance(placed, Refusal):
                return placed.code
            [paid] = orders.pay(items=[orders.PayOrder(actor=buyer, order_id=placed.order_id)])
            return type(paid).__name__

        return call

    outcomes = Counter(together([buy(buyer) for buyer in buyers]))
    assert outcomes == {"Money": 5, "StockShort": 59}
    assert place.stock(sku) == (5, 5)
    assert counted("orders_order") == 5
    assert audits() == []


def test_orders_over_many_goods_in_any_order_do_not_deadlock():
    place = Place()
    skus = place.goods(*[40] * 6)
    buyers = place.buyers(24)

    def buy(index: int):
        wanted = [(skus[(index + step * (1 if index % 2 else -1)) % 6], 1) for step in range(6)]
        return lambda: [
            type(outcome).__name__
            for outcome in orders.place(items=[place.deal(*wanted, buyer=buyers[index]) for _ in range(3)])
        ]

    outcomes = Counter(name for names in together([buy(index) for index in range(24)]) for name in names)
    assert outcomes == {"Placed": 40, "StockShort": 32}
    assert {place.stock(sku) for sku in skus} == {(40, 40)}
    assert audits() == []


def test_one_order_is_paid_once_and_shipped_once():
    place = Place()
    [sku] = place.goods(5)
    place.give(1_000, place.buyer_id)
    order_id = place.place((sku, 2))
    pay = orders.PayOrder(actor=place.buyer, order_id=order_id)
    outcomes = Counter(type(one[0]).__name__ for one in together([lambda: orders.pay(items=[pay])] * 12))
    assert outcomes == {"Money": 1, "NothingDue": 11}
    assert place.balance(place.buyer_id) == 800

    def ship():
        item = orders.ShipOrder(actor=place.seller, order_id=order_id, shipment_id=new_id())
        return type(orders.ship(items=[item])[0]).__name__

    assert Counter(together([ship] * 12)) == {"Shipped": 1, "WrongState": 11}
    assert place.stock(sku) == (3, 0)
    assert audits() == []


def test_paying_and_lapsing_and_cancelling_at_once_end_in_one_state():
    place = Place()
    [sku] = place.goods(30)
    place.give(1_000, place.buyer_id)
    ids = [place.place((sku, 1)) for _ in range(10)]
    calls = []
    for order_id in ids:
        on = orders.OnOrder(actor=place.seller, order_id=order_id, reason="没货")
        calls += [
            lambda order_id=order_id: orders.pay(
                items=[orders.PayOrder(actor=place.buyer, order_id=order_id)]
            ),
            lambda on=on: orders.cancel(items=[on]),
        ]
    together(calls)
    states = Counter(place.view(order_id).state for order_id in ids)
    assert sum(states.values()) == 10
    assert set(states) <= {"cancelled", "ready"}
    held = sum(place.escrow(order_id) for order_id in ids)
    assert held == 100 * states["ready"]
    assert place.balance(place.buyer_id) == 1_000 - held
    assert place.stock(sku) == (30, states["ready"])
    assert audits() == []
