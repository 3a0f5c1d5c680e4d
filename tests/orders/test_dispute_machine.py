"""Random quarrels: whatever is raised, offered, agreed, withdrawn or decided, the order's money adds up and moves once."""

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from cohong.kernel.errors import Refusal
from cohong.kernel.ids import new_id
from cohong.orders import api as orders
from cohong.orders.api import DisputeKind, OnDispute
from cohong.parties.api import SYSTEM
from trading import Place, audits

START = 5_000
STOCK = 30
PRICE = 97
QUANTITIES = st.integers(1, 6)
ENDED = ("withdrawn", "settled", "decided")


class Quarrel(RuleBasedStateMachine):
    """Paid orders of one buyer; what each has given back is kept in a plain dictionary beside them."""

    orders_ = Bundle("orders")
    disputes_ = Bundle("disputes")

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.place = Place()
        [self.sku] = self.place.goods(STOCK, fen=PRICE)
        self.place.give(START, self.place.buyer_id)
        self.known: list = []
        self.granted: dict = {}

    def attempt(self, act, *args, **kwargs):
        """Act in a savepoint, so that a refusal undoes itself and the machine can go on."""
        before = len(connection.savepoint_ids)
        try:
            with transaction.atomic():
                return act(*args, **kwargs)
        except Refusal as refusal:
            assert len(connection.savepoint_ids) == before
            return refusal

    @rule(target=orders_, quantity=QUANTITIES, freight=st.integers(0, 50), discount=st.integers(0, 40))
    def buy(self, quantity, freight, discount):
        deal = self.place.deal(
            (self.sku, quantity), fen=PRICE, freight_minor=freight, discount_minor=discount
        )
        [placed] = orders.place(items=[deal])
        if isinstance(placed, Refusal):
            return multiple()
        self.known.append(deal.id)
        orders.pay(items=[orders.PayOrder(actor=self.place.buyer, order_id=deal.id)])
        return deal.id

    @rule(order=orders_, data=st.data())
    def ship(self, order, data):
        [line] = self.place.view(order).lines
        quantity = data.draw(st.integers(1, line.quantity))
        item = orders.ShipOrder(
            actor=self.place.seller, order_id=order, shipment_id=new_id(), lines=((line.id, quantity),)
        )
        [outcome] = orders.ship(items=[item])
        if self.place.view(order).is_held:
            assert isinstance(outcome, Refusal)

    @rule(order=orders_, act=st.sampled_from(["accept", "cancel", "settle"]))
    def act(self, order, act):
        actor = {"accept": self.place.buyer, "cancel": self.place.seller}.get(act, SYSTEM)
        was_held = self.place.view(order).is_held
        [outcome] = getattr(orders, act)(items=[orders.OnOrder(actor=actor, order_id=order, reason="因为")])
        assert not was_held or isinstance(outcome, Refusal)

    @rule(order=orders_)
    def close_short(self, order):
        item = orders.OnOrder(actor=self.place.seller, order_id=order, reason="停产")
        outcome = self.attempt(orders.close_short, item=item)
        if not isinstance(outcome, Refusal):
            [line] = self.place.view(order).lines
            assert line.shipped + line.dropped == line.quantity

    @rule(order=orders_, amount=st.integers(1, 400), is_final=st.booleans())
    def give_back(self, order, amount, is_final):
        """Ask for money back; the seller agrees, and perhaps pays it at once."""
        [line] = self.place.view(order).lines
        item = orders.RequestReturn(
            actor=self.place.buyer,
            id=new_id(),
            order_id=order,
            lines=(orders.ReturnedLine(line_id=line.id, quantity=0, amount_minor=amount),),
            goods_back=False,
        )
        if isinstance(self.attempt(orders.request_return, item=item), Refusal):
            return
        on_return = orders.OnReturn(actor=self.place.seller, return_id=item.id)
        self.attempt(orders.approve_return, item=on_return)
        if is_final:
            self.attempt(orders.refund, item=on_return)

    @rule(
        target=disputes_,
        order=orders_,
        claimed=st.integers(-1, 700),
        kind=st.sampled_from(DisputeKind.values),
    )
    def raise_dispute(self, order, claimed, kind):
        before, escrow = self.place.view(order), self.place.escrow(order)
        item = orders.RaiseDispute(
            actor=self.place.buyer, id=new_id(), order_id=order, kind=kind, text="坏", claimed_minor=claimed
        )
        outcome = self.attempt(orders.raise_dispute, item=item)
        if isinstance(outcome, Refusal):
            assert self.place.view(order) == before
            return multiple()
        assert 0 < claimed <= escrow
        assert self.place.view(order).is_held
        return item.id

    @rule(dispute=disputes_, who=st.sampled_from(["buyer", "seller"]), amount=st.integers(0, 700))
    def offer(self, dispute, who, amount):
        item = OnDispute(actor=getattr(self.place, who), dispute_id=dispute)
        self.attempt(orders.offer_in_dispute, item=item, amount_minor=amount)

    @rule(dispute=disputes_, who=st.sampled_from(["buyer", "seller"]))
    def agree(self, dispute, who):
        view = self.look(dispute)
        item = OnDispute(actor=getattr(self.place, who), dispute_id=dispute)
        minor = view.offered.minor if view.offered else 1
        self.end(dispute, orders.agree_in_dispute, item=item, amount_minor=minor)

    @rule(dispute=disputes_)
    def withdraw(self, dispute):
        item = OnDispute(actor=self.place.buyer, dispute_id=dispute)
        self.end(dispute, orders.withdraw_dispute, item=item)

    @rule(dispute=disputes_)
    def answer(self, dispute):
        item = OnDispute(actor=self.place.seller, dispute_id=dispute, text="好")
        self.attempt(orders.answer_dispute, item=item)

    @rule(dispute=disputes_, part=st.sampled_from([0, 1, 3, 10, 11]))
    def decide(self, dispute, part):
        """Grant so many tenths of what is in escrow: none, some, all, more than all."""
        minor = self.look(dispute).escrow.minor * part // 10
        item = OnDispute(actor=self.place.authority, dispute_id=dispute, text="属实")
        self.end(dispute, orders.decide_dispute, item=item, refund_minor=minor)

    def look(self, dispute):
        return orders.dispute(actor=SYSTEM, dispute_id=dispute)

    def end(self, dispute, act, **kwargs):
        before, purse = self.look(dispute), self.place.balance(self.place.buyer_id)
        outcome = self.attempt(act, **kwargs)
        after = self.look(dispute)
        if isinstance(outcome, Refusal):
            assert after == before
            assert self.place.balance(self.place.buyer_id) == purse
            return
        assert before.is_open
        assert after.state in ENDED
        moved = self.place.balance(self.place.buyer_id) - purse
        assert 0 <= moved == after.refunded.minor <= before.escrow.minor
        assert dispute not in self.granted
        self.granted[dispute] = moved
        order = self.place.view(after.order_id)
        assert (order.is_held, order.open_returns if after.state != "withdrawn" else 0) == (False, 0)

    @invariant()
    def nothing_is_lost(self):
        if not hasattr(self, "place"):
            return
        views = [self.place.view(order) for order in self.known]
        held = sum(self.place.escrow(order) for order in self.known)
        assert all(self.place.escrow(order) >= 0 for order in self.known)
        purses = sum(map(self.place.balance, (self.place.buyer_id, self.place.seller_id)))
        returned_fees = START - held - purses - sum(view.fee.minor for view in views)
        assert returned_fees <= 0
        assert held == sum(
            view.paid.minor - view.refunded.minor
            for view in views
            if view.state not in ("settled", "lapsed", "cancelled")
        )
        for dispute, minor in self.granted.items():
            assert self.look(dispute).refunded.minor == minor
        on_hand, reserved = self.place.stock(self.sku)
        lines = [line for view in views for line in view.lines]
        assert on_hand == STOCK - sum(line.shipped - line.returned for line in lines)
        assert reserved == sum(
            line.quantity - line.shipped - line.dropped
            for view in views
            if view.state not in ("lapsed", "cancelled")
            for line in view.lines
        )
        assert audits() == []


@pytest.mark.timeout(1_200)  # some hundred acts, each with all audits: minutes where others work too
@pytest.mark.django_db(transaction=True)
def test_random_quarrels():
    # Filtering and slow databases are part of the game; the bound is on the number of steps.
    Quarrel.TestCase.settings = settings(
        max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
    )
    Quarrel.TestCase().runTest()
