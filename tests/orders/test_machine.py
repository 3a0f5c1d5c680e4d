"""Random lives: whatever order of acts, money, stock and documents agree with a plain model, and the audits find nothing."""

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from cohong.kernel.errors import Refusal
from cohong.kernel.ids import new_id
from cohong.orders import api as orders
from cohong.parties.api import SYSTEM
from trading import Place, audits

START = 5_000
STOCK = 12
PRICE = 97


class Life(RuleBasedStateMachine):
    """Two SKUs of 12 pieces, a buyer with 50.00 yuan; quantities per order are kept in a plain dictionary."""

    orders_ = Bundle("orders")
    returns_ = Bundle("returns")

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
        self.skus = self.place.goods(STOCK, STOCK, fen=PRICE)
        self.place.give(START, self.place.buyer_id)
        self.known: dict = {}
        self.documents = 0

    def attempt(self, act, *args, **kwargs):
        """Act in a savepoint, so that a refusal undoes itself and the machine can go on."""
        before = len(connection.savepoint_ids)
        try:
            with transaction.atomic():
                return act(*args, **kwargs)
        except Refusal as refusal:
            assert len(connection.savepoint_ids) == before
            return refusal

    @rule(
        target=orders_,
        first=st.integers(0, 5),
        second=st.integers(0, 5),
        freight=st.integers(0, 50),
        discount=st.integers(0, 60),
        terms=st.sampled_from(list(orders.PaymentKind)),
    )
    def place_order(self, first, second, freight, discount, terms):
        wanted = [
            (sku, quantity) for sku, quantity in zip(self.skus, (first, second), strict=True) if quantity
        ]
        deposit = 10 if terms is orders.PaymentKind.DEPOSIT else 0
        deal = self.place.deal(
            *wanted,
            fen=PRICE,
            freight_minor=freight,
            discount_minor=discount,
            payment=orders.PaymentTerms(kind=terms, deposit_minor=deposit),
        )
        free = [hand - reserved for hand, reserved in map(self.place.stock, self.skus)]
        [outcome] = orders.place(items=[deal])
        goods = (first + second) * PRICE
        if not wanted:
            assert isinstance(outcome, orders.NoLines)
        elif discount > goods + freight or (deposit and deposit >= goods + freight - discount):
            assert isinstance(outcome, orders.BadSums | orders.BadDeposit)
        elif first > free[0] or second > free[1]:
            assert outcome.code == "StockShort"
        else:
            assert outcome.total.minor == goods + freight - discount
            self.known[deal.id] = deal
            return deal.id
        return multiple()

    @rule(order=orders_, from_balance=st.booleans())
    def pay(self, order, from_balance):
        view, purse = self.place.view(order), self.place.balance(self.place.buyer_id)
        [outcome] = orders.pay(
            items=[orders.PayOrder(actor=self.place.buyer, order_id=order, from_balance=from_balance)]
        )
        if isinstance(outcome, Refusal):
            assert outcome.code in {"WrongState", "NothingDue", "FundsShort", "PaymentShort"}
            assert self.place.balance(self.place.buyer_id) == purse
        else:
            assert outcome == view.due
            assert self.place.balance(self.place.buyer_id) == purse - view.due.minor

    @rule(order=orders_, data=st.data())
    def ship(self, order, data):
        view = self.place.view(order)
        lines = None
        if data.draw(st.booleans()):
            lines = tuple((line.id, data.draw(st.integers(1, line.quantity))) for line in view.lines)
        item = orders.ShipOrder(actor=self.place.seller, order_id=order, shipment_id=new_id(), lines=lines)
        [outcome] = orders.ship(items=[item])
        if not isinstance(outcome, Refusal):
            assert view.state in ("ready", "part_shipped")
            left = {line.id: line.quantity - line.shipped for line in view.lines}
            gone = dict(lines) if lines is not None else left
            after = {line.id: line.quantity - line.shipped for line in self.place.view(order).lines}
            assert after == {line_id: left[line_id] - gone[line_id] for line_id in left}

    @rule(order=orders_, act=st.sampled_from(["accept", "settle", "cancel", "lapse"]))
    def act(self, order, act):
        actor = {"accept": self.place.buyer, "cancel": self.place.buyer}.get(act, SYSTEM)
        getattr(orders, act)(items=[orders.OnOrder(actor=actor, order_id=order, reason="因为")])

    @rule(target=returns_, order=orders_, data=st.data(), goods_back=st.booleans())
    def request_return(self, order, data, goods_back):
        lines = []
        for line in self.place.view(order).lines:
            quantity = data.draw(st.integers(0, line.quantity))
            amount = data.draw(st.none() | st.integers(0, line.total.minor + 1))
            lines.append(orders.ReturnedLine(line_id=line.id, quantity=quantity, amount_minor=amount))
        item = orders.RequestReturn(
            actor=self.place.buyer, id=new_id(), order_id=order, lines=tuple(lines), goods_back=goods_back
        )
        outcome = self.attempt(orders.request_return, item=item)
        return multiple() if isinstance(outcome, Refusal) else item.id

    @rule(back=returns_, act=st.sampled_from(["approve_return", "reject_return", "receive_return", "refund"]))
    def move_return(self, back, act):
        on_return = orders.OnReturn(actor=self.place.seller, return_id=back, reason="好")
        self.attempt(getattr(orders, act), item=on_return)

    @invariant()
    def nothing_is_lost(self):
        if not hasattr(self, "place"):
            return
        views = [self.place.view(order) for order in self.known]
        held = sum(self.place.escrow(order) for order in self.known)
        fees = sum(view.fee.minor for view in views)
        returned_fees = (
            START - held - fees - sum(map(self.place.balance, (self.place.buyer_id, self.place.seller_id)))
        )
        assert returned_fees <= 0
        assert held == sum(
            view.paid.minor - view.refunded.minor
            for view in views
            if view.state not in ("settled", "lapsed", "cancelled")
        )
        for index, sku in enumerate(self.skus):
            on_hand, reserved = self.place.stock(sku)
            lines = [line for view in views for line in view.lines if line.sku_id == sku]
            assert on_hand == STOCK - sum(line.shipped - line.returned for line in lines), index
            waiting = [
                line.quantity - line.shipped
                for view in views
                for line in view.lines
                if line.sku_id == sku and view.state not in ("lapsed", "cancelled")
            ]
            assert reserved == sum(waiting), index
        assert audits() == []


@pytest.mark.timeout(1_200)  # some hundred acts, each with all audits: minutes where others work too
@pytest.mark.django_db(transaction=True)
def test_random_lives():
    # Filtering and slow databases are part of the game; the bound is on the number of steps.
    Life.TestCase.settings = settings(
        max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
    )
    Life.TestCase().runTest()
