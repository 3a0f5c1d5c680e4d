"""The seller's reads: what is to be shipped, what came back, and what a refund would move."""

from datetime import timedelta

import pytest

from cohong.kernel import clock
from cohong.kernel.ids import new_id
from cohong.orders import api as orders
from cohong.orders.api import OrderState, SalesFilter
from cohong.parties import api as parties
from trading import HOME, Place, acting_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place() -> Place:
    made = Place()
    made.give(100_000, made.buyer_id)
    return made


def ids(found) -> list:
    return [view.id for view in found]


def test_sales_are_narrowed(place: Place):
    [sku] = place.goods(100)
    with clock.at(clock.now() - timedelta(days=5)):
        old = place.to("ready", (sku, 1))
    fresh = place.to("ready", (sku, 2))
    counter = place.to("ready", (sku, 1), delivery=orders.DeliveryTerms(kind=orders.DeliveryKind.PICK_UP))
    carried = place.to(
        "ready", (sku, 1), delivery=orders.DeliveryTerms(address=HOME, carrier_id=place.carrier_id)
    )
    gone = place.to("shipped", (sku, 1))
    ready = SalesFilter(states=(OrderState.READY,))

    def found(**more) -> list:
        return ids(
            orders.sales(
                actor=place.seller, wanted=SalesFilter(states=ready.states, **more), oldest_first=True
            )
        )

    assert set(found()) == {old, fresh, counter, carried}
    assert found(delivery="pick_up") == [counter]
    assert found(carrier_id=place.carrier_id) == [carried]
    assert set(found(region_codes=("440100",))) == {old, fresh, carried}
    assert found(region_codes=("440300",)) == []
    assert found(placed_before=clock.now() - timedelta(days=2)) == [old]
    assert set(found(placed_from=clock.now() - timedelta(days=2))) == {fresh, counter, carried}
    number = place.view(fresh).number
    assert found(text=number[:6].lower()) == [fresh]
    assert set(found(text="冷轧")) == {old, fresh, counter, carried}
    assert found(text="100%_") == []
    assert set(found(text="番禺", buyer_ids=(place.buyer_id,))) == {old, fresh, counter, carried}
    assert orders.sales_count(actor=place.seller, wanted=ready) == 4
    assert gone in ids(orders.sales(actor=place.seller, wanted=SalesFilter()))


def test_sales_are_paged_both_ways(place: Place):
    [sku] = place.goods(100)
    placed = [place.place((sku, 1)) for _ in range(3)]
    forward = orders.sales(actor=place.seller, wanted=SalesFilter(), oldest_first=True, limit=2)
    assert ids(forward) == placed[:2]
    rest = orders.sales(actor=place.seller, wanted=SalesFilter(), oldest_first=True, after=placed[1])
    assert ids(rest) == placed[2:]
    assert ids(orders.sales(actor=place.seller, wanted=SalesFilter(), after=placed[2])) == placed[1::-1]


def test_nobody_reads_anothers_sales(place: Place):
    [sku] = place.goods(10)
    order_id = place.to("shipped", (sku, 1))
    assert orders.sales(actor=place.buyer, wanted=SalesFilter()) == []
    assert orders.sold(actor=place.other, order_ids=[order_id]) == {}
    for stranger in (acting_for(place.seller_id, scopes=frozenset()),):
        for read in (
            lambda who: orders.sales(actor=who, wanted=SalesFilter()),
            lambda who: orders.sales_count(actor=who, wanted=SalesFilter()),
            lambda who: orders.returns_of_sales(actor=who),
            lambda who: orders.returns_waiting(actor=who),
            lambda who: orders.sold(actor=who, order_ids=[order_id]),
            lambda who: orders.refund_outlooks(actor=who, return_ids=[]),
        ):
            with pytest.raises(parties.ScopeMissing):
                read(stranger)


@pytest.mark.parametrize("settled", [False, True])
def test_a_refunds_outlook_is_what_the_refund_then_does(place: Place, settled: bool):
    [sku] = place.goods(10, fen=999)
    order_id = place.to("settled" if settled else "shipped", (sku, 4), fen=999)
    [line] = place.view(order_id).lines
    request = orders.RequestReturn(
        actor=place.buyer,
        id=new_id(),
        order_id=order_id,
        lines=(orders.ReturnedLine(line_id=line.id, quantity=3),),
        reason="破损",
    )
    orders.request_return(item=request)
    [listed] = orders.returns_of_sales(actor=place.seller, states=[orders.ReturnState.REQUESTED])
    assert (listed.view.id, listed.order_number, listed.buyer_id) == (
        request.id,
        place.view(order_id).number,
        place.buyer_id,
    )
    assert listed.view.lines == ((line.id, 3, listed.view.amount),)
    assert orders.returns_of_sales(actor=place.other) == []
    assert orders.returns_waiting(actor=place.seller) == {orders.ReturnState.REQUESTED: 1}
    outlook = orders.refund_outlooks(actor=place.seller, return_ids=[request.id])[request.id]
    assert orders.refund_outlooks(actor=place.buyer, return_ids=[request.id]) == {}
    act = orders.OnReturn(actor=place.seller, return_id=request.id)
    orders.approve_return(item=act)
    orders.receive_return(item=act)
    before = place.balance(place.seller_id), place.escrow(order_id)
    assert orders.refund(item=act) == outlook.amount
    after = place.balance(place.seller_id), place.escrow(order_id)
    assert before[0] - after[0] == outlook.from_seller.minor
    assert before[1] - after[1] == outlook.from_escrow.minor
    assert outlook.from_escrow + outlook.from_seller + outlook.from_fees == outlook.amount
    assert (outlook.from_escrow.minor == 0) is settled
