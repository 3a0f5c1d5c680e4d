"""Paying through the bank: money that comes in pays its order by itself; money that no order can take goes back."""

import json
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.conf import settings as django_settings

from cohong.kernel import journal, sets
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.kernel.outside.sandbox import Receiver
from cohong.orders import api as orders
from cohong.orders.services.collecting import send_back
from cohong.payments import api as payments
from cohong.payments.providers.sandbox import SandboxBank
from trading import Place, audits

pytestmark = pytest.mark.django_db(transaction=True)


class Bank:
    """The sandbox bank, with a person who pays."""

    def __init__(self, bank: SandboxBank, receiver: Receiver) -> None:
        self.bank, self.receiver, self.taken = bank, receiver, 0

    def bring(self, payment: payments.PaymentView) -> None:
        """Pay at the bank's page, and let the notification arrive."""
        self.bank.press(payment.pay_url)
        for notice in self.receiver.wait(self.taken + 1)[self.taken :]:
            self.taken += 1
            payments.handle_notification(provider="bank", headers=notice.headers, body=notice.body)


@pytest.fixture
def bank(transactional_db: None, settings: type[django_settings]) -> Iterator[Bank]:
    with SandboxBank(retry_s=(0.02, 0.05)) as running, Receiver() as receiver:
        settings.COHONG_PUBLIC_URL = receiver.url.removesuffix("/notices")
        client = running.provider(timeout_s=5)
        with payments.connected("bank", client):
            yield Bank(running, receiver)
        client.close_connections()


def catch_up() -> None:
    journal.seal_all()
    while journal.follow("orders.payments"):
        pass


def queued(order_id: UUID | None = None) -> list[dict[str, str]]:
    """Return what was queued to be sent back, of one order or of all (tests leave jobs behind)."""
    rows = sets.fetch("select args::text from procrastinate_jobs where task_name = 'orders.send_back'")
    asked = [json.loads(arguments) for (arguments,) in rows]
    return [one for one in asked if order_id is None or one["order_id"] == str(order_id)]


def jobs_done() -> None:
    for arguments in queued():
        send_back(**arguments)


def test_money_that_comes_in_pays_the_order(bank: Bank):
    place = Place()
    [sku] = place.goods(5)
    order_id = place.place((sku, 3))
    payment_id = new_id()
    payment = orders.open_payment(actor=place.buyer, order_id=order_id, payment_id=payment_id)
    assert payment.amount == Money(300, "CNY")
    assert orders.open_payment(actor=place.buyer, order_id=order_id, payment_id=payment_id) == payment
    bank.bring(payment)
    assert (place.escrow(order_id), place.view(order_id).state) == (300, "placed")
    catch_up()
    assert place.view(order_id).state == "ready"
    assert queued(order_id) == []
    assert place.kinds(order_id) == ["orders.placed", "payments.started", "payments.received", "orders.paid"]
    assert audits() == []


def test_both_ways_at_once_pay_once_and_the_rest_goes_back(bank: Bank):
    place = Place()
    [sku] = place.goods(5)
    order_id = place.place((sku, 3))
    place.give(1_000, place.buyer_id)
    payment = orders.open_payment(actor=place.buyer, order_id=order_id)
    place.pay(order_id)
    bank.bring(payment)
    catch_up()
    assert place.escrow(order_id) == 600
    jobs_done()
    jobs_done()
    [back] = [one for one in payments.payments_for(order_ids=[order_id])[order_id] if one.kind == "return"]
    assert back.amount == Money(300, "CNY")
    assert (place.balance(place.buyer_id), place.escrow(order_id)) == (700, 300)
    assert place.view(order_id).paid == Money(300, "CNY")
    place.ship(order_id)
    place.accept(order_id)
    assert place.settle(order_id) == Money(300, "CNY")


def test_money_for_a_cancelled_order_goes_back(bank: Bank):
    place = Place()
    [sku] = place.goods(5)
    order_id = place.place((sku, 3))
    payment = orders.open_payment(actor=place.buyer, order_id=order_id)
    orders.cancel(items=[orders.OnOrder(actor=place.buyer, order_id=order_id, reason="不要了")])
    bank.bring(payment)
    catch_up()
    jobs_done()
    assert (place.escrow(order_id), place.balance(place.buyer_id)) == (0, 0)
    assert place.view(order_id).paid == Money(0, "CNY")


def test_money_that_was_swept_up_by_the_end_is_not_sent_back_again(bank: Bank):
    place = Place()
    [sku] = place.goods(5)
    order_id = place.place((sku, 3))
    bank.bring(orders.open_payment(actor=place.buyer, order_id=order_id))
    orders.cancel(items=[orders.OnOrder(actor=place.buyer, order_id=order_id, reason="不要了")])
    assert place.balance(place.buyer_id) == 300
    catch_up()
    jobs_done()
    assert (place.balance(place.buyer_id), place.escrow(order_id)) == (300, 0)
    assert audits() == []


def test_only_the_buyer_opens_a_payment_and_only_for_what_is_due(bank: Bank):
    place = Place()
    [sku] = place.goods(5)
    place.give(300, place.buyer_id)
    order_id = place.place((sku, 3))
    with pytest.raises(orders.NotYourOrder):
        orders.open_payment(actor=place.other, order_id=order_id)
    with pytest.raises(orders.OtherSidesAct):
        orders.open_payment(actor=place.seller, order_id=order_id)
    place.pay(order_id)
    with pytest.raises(orders.NothingDue):
        orders.open_payment(actor=place.buyer, order_id=order_id)
    with pytest.raises(orders.OrderNotFound):
        orders.open_payment(actor=place.buyer, order_id=new_id())


def doubled(place: Place, bank: Bank, order_id: UUID) -> None:
    """Pay twice at the bank for what is due: two payments were opened before either was paid."""
    first = orders.open_payment(actor=place.buyer, order_id=order_id)
    second = orders.open_payment(actor=place.buyer, order_id=order_id)
    bank.bring(first)
    bank.bring(second)


def test_of_two_payments_read_together_one_goes_back(bank: Bank):
    place = Place()
    [sku] = place.goods(5)
    order_id = place.place((sku, 3))
    doubled(place, bank, order_id)
    catch_up()
    jobs_done()
    jobs_done()
    [back] = [one for one in payments.payments_for(order_ids=[order_id])[order_id] if one.kind == "return"]
    assert back.amount == Money(300, "CNY")
    assert (place.view(order_id).state, place.escrow(order_id)) == ("ready", 300)
    place.ship(order_id)
    place.accept(order_id)
    place.settle(order_id)
    assert audits() == []


def test_an_order_that_was_paid_twice_can_be_cancelled(bank: Bank):
    place = Place()
    [sku] = place.goods(5)
    order_id = place.place((sku, 3))
    doubled(place, bank, order_id)
    on = orders.OnOrder(actor=place.seller, order_id=order_id, reason="没货")
    assert orders.cancel(items=[on]) == [Money(300, "CNY")]
    assert (place.balance(place.buyer_id), place.escrow(order_id)) == (300, 300)
    catch_up()
    jobs_done()
    assert (place.balance(place.buyer_id), place.escrow(order_id)) == (300, 0)
    assert audits() == []


def test_a_deposit_paid_twice_counts_towards_the_balance(bank: Bank):
    place = Place()
    [sku] = place.goods(5)
    terms = orders.PaymentTerms(kind=orders.PaymentKind.DEPOSIT, deposit_minor=100)
    order_id = place.place((sku, 3), payment=terms)
    doubled(place, bank, order_id)
    catch_up()
    assert (place.view(order_id).state, place.escrow(order_id), queued(order_id)) == ("deposited", 200, [])
    balance = orders.open_payment(actor=place.buyer, order_id=order_id)
    assert balance.amount == Money(100, "CNY")
    bank.bring(balance)
    catch_up()
    assert (place.view(order_id).state, place.escrow(order_id), queued(order_id)) == ("ready", 300, [])
    assert audits() == []


def test_money_that_comes_while_an_order_is_held_waits_and_is_taken_when_it_goes_on(bank: Bank):
    place = Place()
    [sku] = place.goods(5)
    order_id = place.place((sku, 3))
    doubled(place, bank, order_id)
    hold_id = orders.hold(actor=place.authority, order_id=order_id, reason="核查")
    catch_up()
    assert (place.view(order_id).state, place.escrow(order_id), queued(order_id)) == ("placed", 600, [])
    orders.lift_hold(actor=place.authority, hold_id=hold_id, reason="无误")
    assert place.view(order_id).state == "ready"
    orders.hold(actor=place.authority, order_id=order_id, reason="再查")
    jobs_done()
    assert place.escrow(order_id) == 600, "an order on hold moves no money"


def test_goods_on_their_way_back_unpaid_are_not_paid_any_more(bank: Bank):
    place = Place()
    [sku] = place.goods(5)
    place.give(1_000, place.buyer_id)
    terms = orders.PaymentTerms(kind=orders.PaymentKind.ON_DELIVERY)
    order_id = place.place((sku, 3), payment=terms)
    payment = orders.open_payment(actor=place.buyer, order_id=order_id)
    place.ship(order_id)
    [line] = place.view(order_id).lines
    request = orders.RequestReturn(
        actor=place.buyer,
        id=new_id(),
        order_id=order_id,
        lines=(orders.ReturnedLine(line_id=line.id, quantity=3),),
    )
    orders.request_return(item=request)
    for late in (place.pay, lambda of: orders.open_payment(actor=place.buyer, order_id=of)):
        with pytest.raises(orders.ReturnsPending):
            late(order_id)
    bank.bring(payment)
    catch_up()
    jobs_done()
    assert place.escrow(order_id) == 0
    on_return = orders.OnReturn(actor=place.seller, return_id=request.id)
    orders.approve_return(item=on_return)
    orders.receive_return(item=on_return)
    orders.refund(item=on_return)
    assert (place.view(order_id).state, place.balance(place.buyer_id)) == ("cancelled", 1_000)
    assert audits() == []
