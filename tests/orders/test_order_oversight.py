"""What authorities see of orders beyond one of them; the platform's parameters; whole addresses only with a reason."""

from datetime import timedelta

import pytest

from cohong.kernel import clock
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.orders import api as orders
from cohong.orders.api import OrderState
from cohong.parties import api as parties
from cohong.payments import api as payments
from trading import HOME, Place, acting_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_orders_of_a_party_are_listed_and_summed_for_authorities_only():
    place = Place()
    [sku] = place.goods(100)
    place.give(100_000, place.buyer_id)
    settled = place.to("settled", (sku, 3))
    placed = place.place((sku, 2))
    listed = orders.orders_of(actor=place.authority, party_id=place.seller_id, side="seller")
    assert [view.id for view in listed] == [placed, settled]
    assert orders.orders_of(actor=place.authority, party_id=place.seller_id, side="buyer") == []
    sums = {one.state: one for one in orders.sums_of(actor=place.authority, party_id=place.buyer_id)}
    assert {state: (one.side, one.orders, one.total) for state, one in sums.items()} == {
        OrderState.SETTLED: ("buyer", 1, Money(300, "CNY")),
        OrderState.PLACED: ("buyer", 1, Money(200, "CNY")),
    }
    place.send_back(settled, orders.ReturnedLine(line_id=place.view(settled).lines[0].id, quantity=1))
    [back] = orders.return_sums_of(actor=place.authority, party_id=place.seller_id)
    assert (back.state, back.returns, back.amount) == ("refunded", 1, Money(100, "CNY"))
    for stranger in (place.seller, place.buyer, acting_for(new_id(), mandates=[parties.Mandate.STATISTICS])):
        for call in (
            lambda a: orders.orders_of(actor=a, party_id=place.seller_id, side="seller"),
            lambda a: orders.sums_of(actor=a, party_id=place.seller_id),
            lambda a: orders.return_sums_of(actor=a, party_id=place.seller_id),
            lambda a: orders.holds_in_force(actor=a),
            lambda a: payments.escrow_lines(actor=a, order_id=settled),
        ):
            with pytest.raises(parties.MandateMissing):
                call(stranger)


def test_holds_are_shown_to_both_sides_and_listed_while_they_stand():
    place = Place()
    [sku] = place.goods(100)
    first, second = place.place((sku, 1)), place.place((sku, 1))
    ids = [orders.hold(actor=place.authority, order_id=one, reason="投诉") for one in (second, first)]
    orders.lift_hold(actor=place.authority, hold_id=ids[0], reason="查清")
    assert [one.order_id for one in orders.holds_in_force(actor=place.authority)] == [first]
    [lifted] = orders.holds(actor=place.buyer, order_id=second)
    assert (lifted.reason, lifted.lift_reason, lifted.lifted_by, lifted.number) == (
        *("投诉", "查清", place.authority_id, place.view(second).number),
    )
    with pytest.raises(orders.OrderNotFound):
        orders.holds(actor=place.other, order_id=second)


def test_the_escrow_is_shown_transfer_by_transfer():
    place = Place()
    [sku] = place.goods(100, fen=10_000)
    place.give(100_000, place.buyer_id)
    order_id = place.to("settled", (sku, 2), fen=10_000)
    lines = payments.escrow_lines(actor=place.authority, order_id=order_id)
    assert lines[0].is_in
    assert {(one.kind.value, one.amount.minor, one.is_in) for one in lines} == {
        ("fund", 20_000, True),
        ("settlement", 19_880, False),
        ("fee", 120, False),
    }


def test_an_authority_sees_an_address_in_clear_with_a_reason_only_and_each_look_is_recorded():
    place = Place()
    [sku] = place.goods(5)
    order_id = place.place((sku, 1))
    platform = acting_for(parties.ensure_platform(), mandates=[parties.Mandate.PLATFORM])
    assert orders.address(actor=place.seller, order_id=order_id) == HOME
    masked = orders.address(actor=place.authority, order_id=order_id)
    assert masked is not None
    assert masked.street != HOME.street
    assert orders.address(actor=platform, order_id=order_id, reason="看看") == masked
    assert orders.address(actor=place.authority, order_id=order_id, reason="投诉 12315") == HOME
    looks = parties.looks(actor=place.authority, party_id=place.buyer_id)
    assert [(one.by_party, one.in_clear, one.reason) for one in looks] == [
        (place.authority_id, True, "投诉 12315"),
        (parties.PLATFORM_ID, False, "看看"),
        (place.authority_id, False, ""),
    ]


def test_a_changed_parameter_holds_for_orders_placed_afterwards():
    place = Place()
    [sku] = place.goods(50)
    before = place.view(place.place((sku, 1)))
    parties.set_parameter(actor=parties.SYSTEM, name="orders.pay_hours", value=48, reason="长假")
    parties.set_parameter(actor=parties.SYSTEM, name="orders.accept_days", value=15, reason="长假")
    place.give(100_000, place.buyer_id)
    after = place.view(place.place((sku, 1)))
    agreed = place.view(place.place((sku, 1), payment=orders.PaymentTerms(hours=2)))
    assert [view.pay_by - view.placed_at for view in (before, after, agreed)] == [  # type: ignore[operator]
        timedelta(hours=hours) for hours in (24, 48, 2)
    ]
    for order_id, days in ((before.id, 10), (after.id, 15)):
        place.pay(order_id)
        place.ship(order_id)
        view = place.view(order_id)
        assert view.accept_by - view.shipped_at == timedelta(days=days)  # type: ignore[operator]


def test_a_return_window_closes_where_the_platform_sets_one():
    place = Place()
    [sku] = place.goods(50)
    place.give(100_000, place.buyer_id)
    order_id = place.to("settled", (sku, 2))
    [line] = place.view(order_id).lines
    parties.set_parameter(actor=parties.SYSTEM, name="orders.return_days", value=7, reason="七日无理由")

    def ask() -> None:
        orders.request_return(
            item=orders.RequestReturn(
                actor=place.buyer,
                id=new_id(),
                order_id=order_id,
                lines=(orders.ReturnedLine(line_id=line.id, quantity=1),),
            )
        )

    with clock.at(clock.now() + timedelta(days=8)), pytest.raises(orders.ReturnTooLate):
        ask()
    assert place.view(order_id).open_returns == 0
    with clock.at(clock.now() + timedelta(days=6)):
        ask()
    assert place.view(order_id).open_returns == 1
