"""A provider that says what it may not: played by a puppet that says whatever it is told to, and a bank with
random faults."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from payments_world import Town, acting_for, balance_of, held, incidents, is_sound, issued, yuan

from cohong.kernel.ids import UUID, new_id
from cohong.kernel.money import MAX_MINOR, Money
from cohong.kernel.outside import Outage
from cohong.parties import api as parties
from cohong.payments import api as payments
from cohong.payments import asking, outcomes
from cohong.payments.api import BankAccount, Deposit, MovementState
from cohong.payments.models import Movement
from cohong.payments.providers.protocol import (
    Failed,
    Failure,
    Outcome,
    Pending,
    ProviderIdReused,
    Succeeded,
    Unknown,
)

STARTED, OPEN, CLOSING, DONE, FAILED = MovementState
WHEN = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
ACCOUNT = BankAccount(holder="张三", number="6222021111", bank_code="102100099996")


class Puppet:
    """A provider that answers every verb with what it was given last, and remembers what it was asked."""

    def __init__(self) -> None:
        self.says: Outcome | Exception = Pending(provider_ref="R")
        self.asked: list[str] = []

    def __getattr__(self, verb: str) -> Any:
        def answer(*_arguments: object, **_more: object) -> Outcome:
            self.asked.append(verb)
            if isinstance(self.says, Exception):
                raise self.says
            return self.says

        return answer


def moved(reference: str, minor: int = 10_000, currency: str = "CNY") -> Succeeded:
    return Succeeded(provider_ref=reference, amount=Money(minor, currency), happened_at=WHEN)


@pytest.fixture
def puppet(transactional_db: None) -> Iterator[Puppet]:
    puppet = Puppet()
    with payments.connected("bank", puppet):  # type: ignore[arg-type]
        yield puppet
    is_sound()


PARTY = new_id()


def start(order: UUID | None = None) -> payments.PaymentView:
    return payments.start_payment(
        actor=acting_for(PARTY), order_id=order or new_id(), payer_id=PARTY, amount=yuan(10_000)
    )


def record(view: payments.PaymentView, outcome: Outcome) -> str:
    refusal = outcomes.record(movement_id=view.id, outcome=outcome)
    return "ok" if refusal is None else refusal.code


def state(view: payments.PaymentView) -> MovementState:
    return payments.payment(actor=parties.SYSTEM, payment_id=view.id).state


@pytest.mark.parametrize("told", [(9_999, "CNY"), (10_001, "CNY"), (10_000, "HKD")])
def test_other_amount_than_was_asked_for_is_refused_and_kept(puppet: Puppet, told: tuple[int, str]):
    order = new_id()
    started = start(order)
    assert record(started, moved("R", *told)) == "AmountDiffers"
    assert record(started, moved("R", *told)) == "AmountDiffers"
    assert (state(started), held(order)) == (OPEN, 0)
    assert incidents() == [("amount_differs", str(Money(*told)))]
    assert record(started, moved("R")) == "ok"
    assert held(order) == 10_000


def test_reference_given_for_two_payments_is_refused(puppet: Puppet):
    puppet.says = Pending(provider_ref="A")
    first = start()
    assert start().state is STARTED  # the same reference again: not believed
    puppet.says = Pending(provider_ref="B")
    third = start()
    assert record(first, moved("B")) == "ReferenceReused"
    assert record(third, moved("B")) == "ok"
    assert record(first, moved("")) == "ReferenceReused"
    assert (state(first), state(third)) == (OPEN, DONE)
    assert sorted(incidents()) == [
        ("reference_reused", ""),
        ("reference_reused", "A"),
        ("reference_reused", "B"),
    ]


def test_known_outcome_stays_whatever_is_said_later(puppet: Puppet):
    order, other = new_id(), new_id()
    puppet.says = Pending(provider_ref="A")
    done = start(order)
    puppet.says = Pending(provider_ref="B")
    failed = start(other)
    assert record(done, moved("A")) == "ok"
    assert record(failed, Failed(reason=Failure.DECLINED)) == "ok"
    for later, refusal in (
        (moved("A"), "ok"),
        (moved("Z"), "OutcomeContradicts"),
        (Failed(reason=Failure.DECLINED), "OutcomeContradicts"),
        (Pending(provider_ref="A"), "ok"),
        (Unknown(why=Outage.TIMEOUT), "ok"),
    ):
        assert record(done, later) == refusal
    for later, refusal in (
        (moved("B"), "OutcomeContradicts"),
        (Failed(reason=Failure.CLOSED), "ok"),
        (Pending(provider_ref="B"), "ok"),
        (Unknown(why=Outage.TIMEOUT), "ok"),
    ):
        assert record(failed, later) == refusal
    assert (state(done), state(failed)) == (DONE, FAILED)
    assert (held(order), held(other)) == (10_000, 0)
    assert sorted(incidents()) == [
        ("contradicts", "done B"),
        ("contradicts", "done Z"),
        ("contradicts", "failed declined"),
    ]
    assert issued(order) == ["payments.started", "payments.received"]


def test_paid_out_and_then_said_to_have_failed(puppet: Puppet):
    party = new_id()
    item = Deposit(party_id=party, amount=yuan(500), reference=new_id())
    assert payments.deposit(actor=parties.SYSTEM, items=[item]) == [None]
    puppet.says = moved("P", 300)
    out = payments.withdraw(actor=acting_for(party), party_id=party, amount=yuan(300), bank_account=ACCOUNT)
    assert out.state is DONE
    assert record(out, Failed(reason=Failure.DECLINED)) == "OutcomeContradicts"
    assert balance_of(party) == (200, 0)


def test_money_that_cannot_be_booked_is_kept_in_sight(puppet: Puppet):
    party = new_id()
    full = Deposit(party_id=party, amount=yuan(MAX_MINOR), reference=new_id())
    started = payments.start_top_up(actor=acting_for(party), party_id=party, amount=yuan(10_000))
    assert payments.deposit(actor=parties.SYSTEM, items=[full]) == [None]
    assert record(started, moved("R")) == "AccountFull"
    assert state(started) is OPEN
    assert incidents() == [("cannot_book", "AccountFull")]


def test_id_that_the_provider_knows_for_something_else(puppet: Puppet):
    puppet.says = ProviderIdReused()
    started = start()
    assert started.state is STARTED
    assert incidents() == [("id_reused", "ProviderIdReused")]


def test_query_comes_before_anything_is_sent_again(puppet: Puppet):
    puppet.says = Unknown(why=Outage.TIMEOUT)
    started = start()
    for _ in range(2):
        asking.pursue(movement_id=started.id, is_due=True)
    puppet.says = Unknown(why=Outage.NOT_SEEN)
    asking.pursue(movement_id=started.id, is_due=True)
    puppet.says = Failed(reason=Failure.REJECTED, detail="number")
    asking.pursue(movement_id=started.id, is_due=True)
    assert puppet.asked == ["create", "query", "query", "query", "create", "query"]
    assert state(started) is FAILED
    asking.pursue(movement_id=started.id, is_due=True)
    assert len(puppet.asked) == 6


def test_waits_grow_and_end_at_an_hour(puppet: Puppet):
    puppet.says = Unknown(why=Outage.TIMEOUT)
    started = start()
    waits = []
    for _ in range(13):
        before = Movement.objects.get(id=started.id).ask_at
        asking.pursue(movement_id=started.id)  # nothing: not due yet
        assert Movement.objects.get(id=started.id).ask_at == before
        asking.pursue(movement_id=started.id, is_due=True)
        waits.append(Movement.objects.get(id=started.id))
    assert [one.asks for one in waits] == list(range(2, 15))
    last = waits[-1].ask_at - started.started_at
    assert 3_600 <= last.total_seconds() < 3_660


def test_not_connected_is_asked_again_later(transactional_db: None):
    started = start()
    assert started.state is STARTED
    with pytest.raises(payments.NotConnected):
        payments.handle_notification(provider="bank", headers={}, body=b"{}")
    with pytest.raises(payments.NoSuchProvider):
        payments.handle_notification(provider="nobody", headers={}, body=b"{}")


FAULTS = ["slow", "fail", "busy", "lose_answer", "cut", "fail_after", "garble", "wrong_signature"]


def tell_random_faults(town: Town, chance: random.Random) -> None:
    for verb in ("create", "query", "close", "refund", "query_refund", "pay_out", "query_payout"):
        for _ in range(3):
            town.bank.tell(
                chance.choice(FAULTS), match={"verb": verb}, times=chance.randint(1, 2), seconds=0.15
            )
    for fault in ("notify_twice", "never_notify", "notify_late", "wrong_signature"):
        town.bank.tell(fault, match={"verb": "notify"}, times=2)
    for fault in ("decline", "settle_later", "auto_pay"):
        town.bank.tell(fault, times=3)


def start_at_random(town: Town, chance: random.Random, orders: list[UUID]) -> list[payments.PaymentView]:
    started = []
    with town.hasty(0.1):
        for order in orders:
            started.append(town.start(order, chance.randint(1, 900)))
            started.append(town.withdraw(chance.randint(1, 300)))
        for view in started:
            if view.pay_url:
                town.bank.press(view.pay_url, chance.choice(["pay", "pay", "pay", "decline"]))
            elif view.order_id and chance.random() < 0.5:
                payments.close_payment(actor=town.actor, payment_id=view.id)
    return started


@pytest.mark.parametrize("seed", range(3))
def test_whatever_goes_wrong_money_moves_once(town: Town, seed: int):
    chance = random.Random(seed)
    orders = [new_id() for _ in range(8)]
    town.give(5_000)
    tell_random_faults(town, chance)
    started = start_at_random(town, chance, orders)
    _until_known(town, chance)
    for view in list(started):
        if view.order_id and town.now(view).state is DONE and chance.random() < 0.7:
            with town.hasty(0.1):
                started.append(payments.send_back(order_id=view.order_id, payment_id=view.id))
    _until_known(town, chance)
    town.take(town.receiver.received)
    for view in started:
        end = town.now(view)
        sign = 1 if end.kind.is_incoming else -1
        assert town.bank.moved(view.id) == ([sign * end.amount.minor] if end.state is DONE else [])
    ours = sum(held(order) for order in orders) + balance_of(town.party)[0]
    assert ours == town.bank.balance("CNY")
    assert balance_of(town.party)[1] == 0


def _until_known(town: Town, chance: random.Random) -> None:
    """Ask, take notifications again and again, let people pay or not: until all outcomes are known."""
    for _ in range(80):
        waiting = list(Movement.objects.filter(ask_at__isnull=False).order_by("id"))
        if not waiting:
            return
        chance.shuffle(waiting)
        for one in waiting:
            if one.pay_url and one.kind == "payment":
                town.bank.press(one.pay_url)
            asking.pursue(movement_id=one.id, is_due=True)
        received = list(town.receiver.received)
        chance.shuffle(received)
        town.take(received[:5])
    raise AssertionError("outcomes are still not known")
