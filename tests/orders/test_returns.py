"""Returns and refunds: whole and part, with and without goods back, before and after the settlement."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.kernel.states import WrongState
from cohong.orders import api as orders
from cohong.orders.rules import LineShare, share_of, split_over_lines
from cohong.parties.api import NotYours, Role
from cohong.payments import api as payments
from trading import Place, acting_for, audits

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place() -> Place:
    made = Place()
    made.give(10_000, made.buyer_id)
    return made


def cny(fen: int) -> Money:
    return Money(fen, "CNY")


def back(line, quantity: int, amount: int | None = None) -> orders.ReturnedLine:
    return orders.ReturnedLine(line_id=line.id, quantity=quantity, amount_minor=amount)


def test_a_part_comes_back_before_the_settlement(place: Place):
    [sku] = place.goods(10, fen=333)
    order_id = place.to("shipped", (sku, 3), fen=333, freight_minor=2)
    [line] = place.view(order_id).lines
    # 10.01 over 3: shares of 3.33, 3.34, 3.34 as running sums
    assert place.send_back(order_id, back(line, 1)) == cny(333)
    assert place.stock(sku) == (8, 0)
    assert place.send_back(order_id, back(line, 2)) == cny(668)
    assert place.balance(place.buyer_id) == 10_000
    place.accept(order_id)
    assert place.settle(order_id) == cny(0)
    assert (place.escrow(order_id), place.balance(place.seller_id)) == (0, 0)
    assert place.view(order_id).state == "settled"
    assert audits() == []


def test_after_the_settlement_seller_and_platform_give_back(place: Place):
    [sku] = place.goods(10, fen=1000)
    order_id = place.to("settled", (sku, 4), fen=1000)
    assert (place.balance(place.seller_id), place.balance(place.buyer_id)) == (3976, 6000)
    [line] = place.view(order_id).lines
    assert place.send_back(order_id, back(line, 1)) == cny(1000)
    assert (place.balance(place.seller_id), place.balance(place.buyer_id)) == (2982, 7000)
    assert place.send_back(order_id, back(line, 3)) == cny(3000)
    assert (place.balance(place.seller_id), place.balance(place.buyer_id)) == (0, 10_000)
    assert place.view(order_id).refunded == cny(4000)
    assert audits() == []


def test_money_without_goods(place: Place):
    [sku] = place.goods(10)
    order_id = place.to("shipped", (sku, 4))
    [line] = place.view(order_id).lines
    assert place.send_back(order_id, back(line, 0, 55), goods_back=False) == cny(55)
    assert place.stock(sku) == (6, 0)
    place.accept(order_id)
    assert place.settle(order_id) == cny(345)
    assert audits() == []


def test_never_more_than_was_sold_or_paid(place: Place):
    [sku] = place.goods(10)
    order_id = place.to("shipped", (sku, 4))
    [line] = place.view(order_id).lines
    for lines, refusal in (
        ((back(line, 5),), orders.NotShippedYet),
        ((back(line, 1, 401),), orders.PastRefundable),
        ((back(line, -1),), orders.BadQuantity),
        ((back(line, 0),), orders.BadQuantity),
        ((back(line, 1), back(line, 1)), orders.LineTwice),
        ((), orders.NoLines),
        ((orders.ReturnedLine(line_id=new_id(), quantity=1),), orders.LineNotFound),
    ):
        with pytest.raises(refusal):
            place.send_back(order_id, *lines)
    request = orders.RequestReturn(
        actor=place.buyer, id=new_id(), order_id=order_id, lines=(back(line, 3, 390),)
    )
    first = orders.request_return(item=request)
    assert orders.request_return(item=request) == first
    # what is asked for is spoken for
    with pytest.raises(orders.NotShippedYet):
        place.send_back(order_id, back(line, 2))
    with pytest.raises(orders.PastRefundable):
        place.send_back(order_id, back(line, 1, 11))
    assert place.send_back(order_id, back(line, 1, 10)) == cny(10)
    assert place.view(order_id).open_returns == 1
    assert audits() == []


def test_nothing_comes_back_of_what_was_not_shipped(place: Place):
    [sku] = place.goods(10)
    order_id = place.to("ready", (sku, 4))
    [line] = place.view(order_id).lines
    with pytest.raises(orders.NotReturnable):
        place.send_back(order_id, back(line, 1))


def test_an_open_return_keeps_the_money_in_escrow(place: Place):
    [sku] = place.goods(10)
    order_id = place.to("accepted", (sku, 4))
    [line] = place.view(order_id).lines
    request = orders.RequestReturn(actor=place.buyer, id=new_id(), order_id=order_id, lines=(back(line, 1),))
    orders.request_return(item=request)
    with pytest.raises(orders.ReturnsPending):
        place.settle(order_id)
    with pytest.raises(orders.ReasonMissing):
        orders.reject_return(item=orders.OnReturn(actor=place.seller, return_id=request.id))
    orders.reject_return(item=orders.OnReturn(actor=place.seller, return_id=request.id, reason="已使用"))
    assert place.settle(order_id) == cny(400)
    assert audits() == []


def test_a_return_goes_its_way_only(place: Place):
    [sku] = place.goods(10)
    order_id = place.to("shipped", (sku, 4))
    [line] = place.view(order_id).lines
    request = orders.RequestReturn(actor=place.buyer, id=new_id(), order_id=order_id, lines=(back(line, 1),))
    orders.request_return(item=request)
    seller = orders.OnReturn(actor=place.seller, return_id=request.id, reason="好")
    buyer = orders.OnReturn(actor=place.buyer, return_id=request.id)
    for act in (orders.receive_return, orders.refund):
        with pytest.raises(WrongState):
            act(item=seller)
    orders.approve_return(item=seller)
    for act in (orders.approve_return, orders.reject_return, orders.refund):
        with pytest.raises(WrongState):
            act(item=seller)
    orders.receive_return(item=seller)
    for act, item in ((orders.receive_return, seller), (orders.withdraw_return, buyer)):
        with pytest.raises(WrongState):
            act(item=item)
    assert orders.refund(item=seller) == cny(100)
    with pytest.raises(WrongState):
        orders.refund(item=seller)
    assert place.balance(place.buyer_id) == 9_700
    with pytest.raises(orders.ReturnNotFound):
        orders.refund(item=orders.OnReturn(actor=place.seller, return_id=new_id()))


def test_a_seller_without_money_cannot_refund_yet(place: Place):
    [sku] = place.goods(10)
    order_id = place.to("settled", (sku, 4))
    account = payments.account_id(payments.AccountKind.BALANCE, place.seller_id, "CNY")
    assert payments.balances(account_ids=[account])[account].posted == cny(398)
    [line] = place.view(order_id).lines
    spend = payments.Transfer(
        id=new_id(),
        debit_account=account,
        credit_account=payments.account_id(payments.AccountKind.BALANCE, place.other_id, "CNY"),
        amount=cny(300),
        kind=payments.TransferKind.GIVE_BACK,
        reference=new_id(),
    )
    place.give(1, place.other_id)
    assert not isinstance(payments.transfer(transfers=[spend])[0], Exception)
    with pytest.raises(payments.FundsShort):
        place.send_back(order_id, back(line, 4))
    assert place.view(order_id).refunded == cny(0)
    [pending] = orders.returns(actor=place.buyer, order_id=order_id)
    assert pending.state == "received"
    place.give(300, place.seller_id)
    assert orders.refund(item=orders.OnReturn(actor=place.seller, return_id=pending.id)) == cny(400)


RETURN_ROLES = {
    "request": ("buyer", {Role.OWNER, Role.PURCHASING, Role.SERVICE}),
    "approve_return": ("seller", {Role.OWNER, Role.SALES, Role.SERVICE}),
    "reject_return": ("seller", {Role.OWNER, Role.SALES, Role.SERVICE}),
    "withdraw_return": ("buyer", {Role.OWNER, Role.PURCHASING, Role.SERVICE}),
    "receive_return": ("seller", {Role.OWNER, Role.WAREHOUSE, Role.SERVICE}),
    "refund": ("seller", {Role.OWNER, Role.FINANCE, Role.SERVICE}),
}


@pytest.mark.parametrize("act", list(RETURN_ROLES))
def test_returns_are_refused_to_every_role_that_may_not(place: Place, act: str):

    [sku] = place.goods(100)
    order_id = place.to("shipped", (sku, 60))
    [line] = place.view(order_id).lines
    side, roles = RETURN_ROLES[act]
    for name, party_id in (
        ("buyer", place.buyer_id),
        ("seller", place.seller_id),
        ("stranger", place.other_id),
    ):
        for role in Role:
            actor = acting_for(party_id, role)
            request = orders.RequestReturn(
                actor=actor if act == "request" else place.buyer,
                id=new_id(),
                order_id=order_id,
                lines=(back(line, 1),),
            )
            try:
                orders.request_return(item=request)
                if act != "request":
                    on_return = orders.OnReturn(actor=place.seller, return_id=request.id)
                    if act in ("receive_return", "refund"):
                        orders.approve_return(item=on_return)
                    if act == "refund":
                        orders.receive_return(item=on_return)
                    getattr(orders, act)(
                        item=orders.OnReturn(actor=actor, return_id=request.id, reason="因为")
                    )
                done = True
            except (NotYours, orders.NotYourOrder, orders.OtherSidesAct):
                done = False
            assert done == (name == side and role in roles), (name, role)


@given(
    goods=st.lists(st.integers(0, 10**9), min_size=1, max_size=30),
    freight=st.integers(0, 10**9),
    portion=st.floats(0, 1),
)
def test_splits_add_up(goods: list[int], freight: int, portion: float):
    discount = int((sum(goods) + freight) * portion)
    shares = split_over_lines(goods, freight=freight, discount=discount, currency="CNY")
    assert [share.goods for share in shares] == goods
    assert sum(share.freight for share in shares) == freight
    assert sum(share.discount for share in shares) == discount
    assert all(share.total >= 0 for share in shares)


@given(total=st.integers(0, 10**12), steps=st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_shares_add_up_whatever_the_steps(total: int, steps: list[int]):
    whole, before, given_back = sum(steps), 0, []
    for step in steps:
        given_back.append(share_of(total, quantity=step, of=whole, before=before))
        before += step
    assert sum(given_back) == total
    assert min(given_back) >= 0


def test_a_worked_split():
    assert split_over_lines([1000, 250], freight=301, discount=100, currency="CNY") == [
        LineShare(1000, 241, 80),
        LineShare(250, 60, 20),
    ]
