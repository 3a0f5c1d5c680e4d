"""Disputes: they stop an order's money, end in one of four ways, and move what is granted exactly once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import connection, transaction

from cohong.kernel import clock, sets
from cohong.kernel.errors import Refusal, one
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.kernel.privacy import is_encrypted
from cohong.orders import api as orders
from cohong.orders.api import DisputeState, OnDispute
from cohong.parties import api as parties
from cohong.parties.api import Mandate, Role
from trading import Place, acting_for, audits

pytestmark = pytest.mark.django_db(transaction=True)


def fen(minor):
    return Money(minor, "CNY")


class Case:
    """An order over ten pieces at 1.00 yuan each, and who can quarrel over it."""

    def __init__(self, state="shipped", quantity=10, **more):
        self.place = Place()
        [self.sku] = self.place.goods(20)
        self.place.give(10_000, self.place.buyer_id)
        self.order = self.place.to(state, (self.sku, quantity), **more)

    def raise_(self, claimed=1_000, by=None, **more):
        item = orders.RaiseDispute(
            **{
                "actor": by or self.place.buyer,
                "id": new_id(),
                "order_id": self.order,
                "kind": "damaged",
                "text": "三件已破损，\n照片见留言。",
                "claimed_minor": claimed,
                **more,
            }
        )
        return orders.raise_dispute(item=item).dispute_id

    def by(self, who, dispute, text=""):
        return OnDispute(actor=getattr(self.place, who), dispute_id=dispute, text=text)

    def decide(self, dispute, minor, reason="照片属实。"):
        return orders.decide_dispute(item=self.by("authority", dispute, reason), refund_minor=minor)

    def view(self, dispute):
        return orders.dispute(actor=parties.SYSTEM, dispute_id=dispute)

    def money(self):
        """What buyer, seller and escrow hold."""
        place = self.place
        return place.balance(place.buyer_id), place.balance(place.seller_id), place.escrow(self.order)


def refused(act, *args, **kwargs):
    with pytest.raises(Refusal) as caught, transaction.atomic():
        act(*args, **kwargs)
    return caught.value.code


def test_a_dispute_stops_everything_and_says_so_in_a_document():
    case = Case()
    dispute = case.raise_()
    view = case.view(dispute)
    assert (view.state, view.kind, view.claimed, view.refunded) == ("raised", "damaged", fen(1_000), fen(0))
    assert (view.escrow, view.text, view.answer) == (fen(1_000), "三件已破损，\n照片见留言。", "")
    order = case.place.view(case.order)
    assert order.is_held
    on_order = {"order_id": case.order, "reason": "因为"}
    for act, actor in (("accept", case.place.buyer), ("cancel", case.place.seller)):
        with pytest.raises(Refusal) as caught:
            one(getattr(orders, act)(items=[orders.OnOrder(actor=actor, **on_order)]))
        assert caught.value.code in ("OrderHeld", "WrongState")
    with clock.at(clock.now() + timedelta(days=60)):
        assert (orders.accept_due(), orders.settle_due()) == (0, 0)
    # Its hold is no authority's to lift.
    [(hold,)] = sets.fetch("select hold_id from orders_dispute where id = %s", (dispute,))
    assert refused(orders.lift_hold, actor=case.place.authority, hold_id=hold, reason="好") == "DisputeOpen"
    last = orders.evidence(actor=case.place.buyer, order_id=case.order)[-1]
    assert last.envelope.kind == "orders.dispute_raised"
    assert last.envelope.body.text_sha256 == sha256(view.text.encode()).hexdigest()
    assert "破损" not in last.canonical
    assert audits() == []


def test_what_the_parties_write_is_encrypted_and_shown_to_them_and_the_authority_alone():
    case = Case()
    dispute = case.raise_()
    orders.answer_dispute(item=case.by("seller", dispute, "运输所致。"))
    [texts] = sets.fetch("select text, answer from orders_dispute")
    assert all(map(is_encrypted, texts))
    assert orders.dispute(actor=case.place.seller, dispute_id=dispute).answer == "运输所致。"
    assert refused(orders.dispute, actor=case.place.other, dispute_id=dispute) == "DisputeNotFound"
    assert refused(orders.disputes_of, actor=case.place.other, order_id=case.order) == "OrderNotFound"
    assert refused(orders.disputes, actor=case.place.buyer) == "MandateMissing"
    # Lists tell nothing of the texts; who reads them as an authority leaves a trace.
    [listed] = orders.disputes(actor=case.place.authority, states=["answered"])
    assert (listed.id, listed.text, listed.answer) == (dispute, "", "")
    assert parties.looks(actor=case.place.authority, party_id=case.place.buyer_id) == []
    orders.dispute(actor=case.place.authority, dispute_id=dispute)
    [look] = parties.looks(actor=case.place.authority, party_id=case.place.buyer_id)
    assert (look.by_party, look.what, look.reason) == (case.place.authority_id, ("dispute",), listed.number)


def test_lists_by_side_state_and_cursor():
    case = Case()
    first = case.raise_()
    orders.withdraw_dispute(item=case.by("buyer", first))
    second = case.raise_()
    ids = [view.id for view in orders.disputes(actor=case.place.buyer, side="buyer")]
    assert ids == [second, first]
    assert [v.id for v in orders.disputes(actor=case.place.seller, side="seller", states=["raised"])] == [
        second
    ]
    assert orders.disputes(actor=case.place.other, side="buyer") == []
    assert [v.id for v in orders.disputes(actor=case.place.authority, before=second)] == [first]
    assert orders.dispute_counts(actor=case.place.authority) == {
        DisputeState.RAISED: 1,
        DisputeState.WITHDRAWN: 1,
    }
    assert [v.id for v in orders.disputes_of(actor=case.place.seller, order_id=case.order)] == [first, second]


@pytest.mark.parametrize(("who", "act"), [("seller", "raise"), ("other", "raise"), ("authority", "raise")])
def test_only_the_buyer_raises(who, act):
    case = Case()
    assert refused(case.raise_, by=getattr(case.place, who)) in ("OtherSidesAct", "NotYourOrder")
    assert not case.place.view(case.order).is_held


def test_who_may_do_what_on_a_dispute():
    case = Case()
    dispute = case.raise_()
    warehouse = acting_for(case.place.seller_id, Role.WAREHOUSE)
    for act, who, code in (
        (orders.answer_dispute, "buyer", "OtherSidesAct"),
        (orders.answer_dispute, "other", "NotYourOrder"),
        (orders.withdraw_dispute, "seller", "OtherSidesAct"),
        (orders.withdraw_dispute, "authority", "NotYourOrder"),
    ):
        assert refused(act, item=case.by(who, dispute, "好")) == code
    item = OnDispute(actor=warehouse, dispute_id=dispute, text="好")
    assert refused(orders.answer_dispute, item=item) == "NotYours"
    for who in ("buyer", "seller", "other"):
        item = case.by(who, dispute, "好")
        assert refused(orders.decide_dispute, item=item, refund_minor=1) == "MandateMissing"
    assert refused(orders.offer_in_dispute, item=case.by("other", dispute), amount_minor=1) == "NotYourOrder"
    # An authority that buys itself is no judge of it.
    own = acting_for(case.place.buyer_id, mandates=[Mandate.SUPERVISION])
    item = OnDispute(actor=own, dispute_id=dispute, text="好")
    assert refused(orders.decide_dispute, item=item, refund_minor=1) == "OwnDispute"
    assert case.view(dispute).state == "raised"


def test_what_cannot_be_disputed():
    case = Case("settled")
    assert refused(case.raise_) == "NotDisputable"
    case.order = case.place.place((case.sku, 1))
    assert refused(case.raise_, claimed=1) == "NotDisputable"
    case.order = case.place.to("accepted", (case.sku, 2))
    for claimed in (0, -1, 201, True):
        assert refused(case.raise_, claimed=claimed) == "ClaimOutOfBounds"
    assert refused(case.raise_, claimed=200, kind="boredom") == "DisputeKindUnknown"
    for text in ("", " \n ", "x" * 2_001, "a\x00b"):
        assert refused(case.raise_, claimed=200, text=text) == "BadText"
    case.raise_(claimed=200)
    assert refused(case.raise_, claimed=200) == "DisputeOpen"


def test_the_same_id_raises_once():
    case = Case()
    same = new_id()
    assert case.raise_(id=same) == case.raise_(id=same) == same
    assert case.place.kinds(case.order).count("orders.dispute_raised") == 1


def test_withdrawn_the_order_goes_on_with_its_time_given_back():
    case = Case()
    due = case.place.view(case.order).accept_by
    dispute = case.raise_()
    with clock.at(clock.now() + timedelta(days=30)):
        orders.withdraw_dispute(item=case.by("buyer", dispute))
    order = case.place.view(case.order)
    assert not order.is_held
    assert timedelta(days=30) <= order.accept_by - due < timedelta(days=30, minutes=1)
    assert case.money() == (9_000, 0, 1_000)
    assert case.view(dispute).state == "withdrawn"
    assert refused(case.decide, dispute, 1) == "WrongState"
    # Three times is enough.
    for _ in range(2):
        orders.withdraw_dispute(item=case.by("buyer", case.raise_()))
    assert refused(case.raise_) == "DisputesSpent"
    case.place.accept(case.order)
    assert case.place.settle(case.order) == fen(1_000)
    assert audits() == []


def test_the_parties_agree_on_a_sum():
    case = Case()
    dispute = case.raise_(claimed=500)
    orders.offer_in_dispute(item=case.by("seller", dispute), amount_minor=200)
    assert refused(orders.agree_in_dispute, item=case.by("seller", dispute), amount_minor=200) == "NoOffer"
    orders.offer_in_dispute(item=case.by("buyer", dispute), amount_minor=400)
    # What the buyer had read was replaced by their own.
    assert refused(orders.agree_in_dispute, item=case.by("buyer", dispute), amount_minor=200) == "NoOffer"
    assert refused(orders.agree_in_dispute, item=case.by("seller", dispute), amount_minor=200) == "NoOffer"
    assert orders.agree_in_dispute(item=case.by("seller", dispute), amount_minor=400) == fen(400)
    view = case.view(dispute)
    assert (view.state, view.offered, view.refunded, view.decided_by) == ("settled", fen(400), fen(400), None)
    assert case.money() == (9_400, 0, 600)
    assert case.place.kinds(case.order)[-5:] == [
        "orders.dispute_raised",
        "orders.dispute_offered",
        "orders.dispute_offered",
        "orders.dispute_settled",
        "orders.refunded",
    ]
    assert refused(case.raise_) == "DisputesSpent"
    case.place.accept(case.order)
    case.place.settle(case.order)
    assert case.money()[2] == 0
    assert audits() == []


@pytest.mark.parametrize(("granted", "left"), [(0, 1_000), (350, 650), (1_000, 0)])
def test_an_authority_decides(granted, left):
    case = Case()
    dispute = case.raise_()
    orders.answer_dispute(item=case.by("seller", dispute, "包装完好。"))
    assert refused(case.decide, dispute, 1_001) == "PastEscrow"
    assert refused(case.decide, dispute, -1) == "PastEscrow"
    assert refused(case.decide, dispute, granted, reason="  ") == "ReasonMissing"
    assert refused(case.decide, dispute, granted, reason="致电 13812345678") == "PersonalDataInText"
    assert case.decide(dispute, granted) == fen(granted)
    assert refused(case.decide, dispute, granted) == "WrongState"
    view = case.view(dispute)
    assert (view.state, view.refunded, view.decision) == ("decided", fen(granted), "照片属实。")
    assert view.decided_by == case.place.authority_id
    assert case.money() == (9_000 + granted, 0, left)
    order = case.place.view(case.order)
    assert (order.state, order.is_held, order.refunded) == ("shipped", False, fen(granted))
    assert sum(line.refunded.minor for line in order.lines) == granted
    case.place.accept(case.order)
    case.place.settle(case.order)
    assert case.money()[2] == 0
    assert audits() == []


def test_all_money_back_before_anything_left_calls_the_order_off():
    case = Case("ready")
    dispute = case.raise_(kind="not_received")
    assert case.place.stock(case.sku) == (20, 10)
    case.decide(dispute, 1_000)
    order = case.place.view(case.order)
    assert (order.state, order.refunded, order.is_held) == ("cancelled", fen(1_000), False)
    assert case.place.stock(case.sku) == (20, 0)
    assert case.place.kinds(case.order)[-2:] == ["orders.dispute_decided", "orders.cancelled"]
    assert case.money() == (10_000, 0, 0)
    assert audits() == []


def test_a_part_of_the_money_leaves_the_goods_to_be_shipped():
    case = Case("ready")
    case.decide(case.raise_(), 100)
    assert case.place.view(case.order).state == "ready"
    case.place.ship(case.order)
    case.place.accept(case.order)
    case.place.settle(case.order)
    assert case.money()[2] == 0
    assert audits() == []


def test_all_money_back_closes_a_part_shipped_order_short():
    case = Case("ready")
    [line] = case.place.view(case.order).lines
    case.place.ship(case.order, lines=((line.id, 4),))
    case.decide(case.raise_(), 1_000)
    order = case.place.view(case.order)
    assert (order.state, order.lines[0].shipped, order.lines[0].dropped) == ("shipped", 4, 6)
    assert case.place.stock(case.sku) == (16, 0)
    assert case.money() == (10_000, 0, 0)
    assert audits() == []


def test_open_returns_end_with_the_dispute():
    case = Case()
    [line] = case.place.view(case.order).lines
    wish = orders.RequestReturn(
        actor=case.place.buyer,
        id=new_id(),
        order_id=case.order,
        lines=(orders.ReturnedLine(line_id=line.id, quantity=3),),
    )
    orders.request_return(item=wish)
    on_return = orders.OnReturn(actor=case.place.seller, return_id=wish.id)
    orders.approve_return(item=on_return)
    orders.receive_return(item=on_return)
    dispute = case.raise_()
    assert refused(orders.refund, item=on_return) == "OrderHeld"
    case.decide(dispute, 300)
    [back] = orders.returns(actor=case.place.buyer, order_id=case.order)
    assert (back.state, case.place.view(case.order).open_returns) == ("superseded", 0)
    assert refused(orders.refund, item=on_return) == "WrongState"
    assert case.money() == (9_300, 0, 700)
    assert audits() == []


def test_another_hold_stands_in_the_way_of_money_but_not_of_withdrawing():
    case = Case()
    dispute = case.raise_()
    hold = orders.hold(actor=case.place.authority, order_id=case.order, reason="调查")
    assert refused(case.decide, dispute, 100) == "OrderHeld"
    orders.offer_in_dispute(item=case.by("seller", dispute), amount_minor=200)
    assert refused(orders.agree_in_dispute, item=case.by("buyer", dispute), amount_minor=200) == "OrderHeld"
    orders.withdraw_dispute(item=case.by("buyer", dispute))
    assert case.place.view(case.order).is_held
    orders.lift_hold(actor=case.place.authority, hold_id=hold, reason="查清")
    assert not case.place.view(case.order).is_held
    assert audits() == []


# --- closing short ---------------------------------------------------------------------------------------


def test_the_seller_closes_a_part_shipped_order_short():
    case = Case("ready", freight_minor=100)
    [line] = case.place.view(case.order).lines
    item = orders.OnOrder(actor=case.place.seller, order_id=case.order, reason="停产")
    assert refused(orders.close_short, item=item) == "WrongState"
    case.place.ship(case.order, lines=((line.id, 7),))
    for who, code in (("buyer", "OtherSidesAct"), ("other", "NotYourOrder")):
        wrong = orders.OnOrder(actor=getattr(case.place, who), order_id=case.order, reason="停产")
        assert refused(orders.close_short, item=wrong) == code
    no_reason = orders.OnOrder(actor=case.place.seller, order_id=case.order)
    assert refused(orders.close_short, item=no_reason) == "ReasonMissing"
    assert orders.close_short(item=item) == fen(330)
    order = case.place.view(case.order)
    assert (order.state, order.lines[0].dropped, order.refunded) == ("shipped", 3, fen(330))
    assert order.accept_by is not None
    assert case.place.stock(case.sku) == (13, 0)
    assert case.money() == (9_230, 0, 770)
    assert refused(orders.close_short, item=item) == "WrongState"
    # What was shipped can still come back, to the last fen and no further.
    assert case.place.send_back(case.order, orders.ReturnedLine(line_id=line.id, quantity=7)) == fen(770)
    case.place.accept(case.order)
    assert case.place.settle(case.order) == fen(0)
    assert case.money() == (10_000, 0, 0)
    assert audits() == []


def test_closing_short_leaves_what_a_return_has_asked_for():
    case = Case("ready")
    [line] = case.place.view(case.order).lines
    case.place.ship(case.order, lines=((line.id, 7),))
    wish = orders.RequestReturn(
        actor=case.place.buyer,
        id=new_id(),
        order_id=case.order,
        lines=(orders.ReturnedLine(line_id=line.id, quantity=0, amount_minor=900),),
        goods_back=False,
    )
    orders.request_return(item=wish)
    item = orders.OnOrder(actor=case.place.seller, order_id=case.order, reason="停产")
    assert orders.close_short(item=item) == fen(100)
    on_return = orders.OnReturn(actor=case.place.seller, return_id=wish.id)
    orders.approve_return(item=on_return)
    assert orders.refund(item=on_return) == fen(900)
    assert case.money() == (10_000, 0, 0)
    assert audits() == []


# --- at the same moment ----------------------------------------------------------------------------------


def together(*calls):
    barrier = threading.Barrier(len(calls))

    def run(call):
        try:
            connection.ensure_connection()
            barrier.wait(60)
            return call()
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_the_buyer_withdraws_while_the_authority_decides():
    case = Case()
    for _ in range(6):
        case.order = case.place.to("shipped", (case.sku, 1))
        before, _, _ = case.money()
        dispute = case.raise_(claimed=100)
        outcomes = together(
            lambda: orders.withdraw_dispute(item=case.by("buyer", dispute)),  # noqa: B023
            lambda: case.decide(dispute, 70),  # noqa: B023
        )
        view = case.view(dispute)
        if view.state == "decided":
            assert outcomes == ["WrongState", fen(70)]
            assert case.money() == (before + 70, 0, 30)
        else:
            assert (view.state, outcomes) == ("withdrawn", [None, "WrongState"])
            assert case.money() == (before, 0, 100)
    assert audits() == []


def test_two_decide_and_one_agrees_and_the_seller_refunds_a_return_money_moves_once():
    case = Case()
    [line] = case.place.view(case.order).lines
    wish = orders.RequestReturn(
        actor=case.place.buyer,
        id=new_id(),
        order_id=case.order,
        lines=(orders.ReturnedLine(line_id=line.id, quantity=5),),
        goods_back=False,
    )
    orders.request_return(item=wish)
    on_return = orders.OnReturn(actor=case.place.seller, return_id=wish.id)
    orders.approve_return(item=on_return)
    dispute = case.raise_()
    orders.offer_in_dispute(item=case.by("seller", dispute), amount_minor=300)
    outcomes = together(
        lambda: case.decide(dispute, 300),
        lambda: case.decide(dispute, 300),
        lambda: orders.agree_in_dispute(item=case.by("buyer", dispute), amount_minor=300),
        lambda: orders.refund(item=on_return),
    )
    assert outcomes[:3].count(fen(300)) == 1
    assert outcomes[3] in ("OrderHeld", "WrongState")
    assert case.money() == (9_300, 0, 700)
    assert case.place.kinds(case.order).count("orders.refunded") == 1
    assert audits() == []
