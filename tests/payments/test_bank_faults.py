"""The bank's client when the bank is slow, cut off, false or not there: what is unknown, and that nothing moves twice."""

import time
from datetime import date
from uuid import uuid4

import httpx
import pytest
from bank_world import ACCOUNT, CNY_100, paid, payment, why

from cohong.kernel.money import Money
from cohong.kernel.outside import Credentials, SigningKey
from cohong.payments.providers.bank import BankProvider
from cohong.payments.providers.protocol import (
    Outage,
    Outcome,
    ProviderUnavailable,
)
from cohong.payments.providers.sandbox import SandboxBank

# The answer is lost, and the money has moved

LOST = {
    "lose_answer": Outage.TIMEOUT,
    "cut": Outage.CUT,
    "fail_after": Outage.SERVER_ERROR,
    "wrong_signature": Outage.BAD_SIGNATURE,
    "garble": Outage.UNREADABLE,
}


@pytest.mark.parametrize(("fault", "outage"), LOST.items())
@pytest.mark.parametrize("verb", ["create", "refund", "pay_out"])
def test_a_lost_answer_is_unknown_and_asking_again_moves_nothing_twice(
    bank: SandboxBank, hasty: BankProvider, verb: str, fault: str, outage: Outage
):
    before = paid(bank, hasty)
    our_id = uuid4()
    bank.tell("auto_pay", times=None)

    def act() -> Outcome:
        if verb == "create":
            return hasty.create(payment(our_id))
        if verb == "refund":
            return hasty.refund(refund_id=our_id, payment_id=before, amount=CNY_100)
        return hasty.pay_out(payout_id=our_id, amount=CNY_100, account=ACCOUNT)

    query = {"create": hasty.query, "refund": hasty.query_refund, "pay_out": hasty.query_payout}[verb]
    bank.tell(fault, match={"verb": verb}, times=2)
    assert why(act()) is outage
    assert why(act()) is outage
    known = query(our_id)
    assert why(known) == "succeeded"
    assert [act(), act(), query(our_id)] == [known] * 3
    assert bank.moved(our_id) == [10_000 if verb == "create" else -10_000]
    assert bank.balance("CNY") == (20_000 if verb == "create" else 0)


@pytest.mark.parametrize(("fault", "outage"), [("fail", Outage.SERVER_ERROR), ("busy", Outage.BUSY)])
def test_an_answer_of_failure_before_the_work(
    bank: SandboxBank, provider: BankProvider, fault: str, outage: Outage
):
    asked = payment()
    bank.tell("auto_pay", times=None)
    bank.tell(fault, match={"payment_id": asked.payment_id, "verb": "create"})
    bank.tell(fault, match={"payment_id": asked.payment_id, "verb": "query"})
    assert why(provider.create(asked)) is outage
    assert why(provider.query(asked.payment_id)) is outage
    assert why(provider.query(asked.payment_id)) is Outage.NOT_SEEN
    assert bank.moved(asked.payment_id) == []
    assert why(provider.create(asked)) == "succeeded"
    assert bank.moved(asked.payment_id) == [10_000]


def test_not_seen_is_not_failed_a_slow_request_may_still_be_under_way(bank: SandboxBank, hasty: BankProvider):
    asked = payment()
    bank.tell("auto_pay", times=None)
    bank.tell("slow", seconds=0.5, match={"verb": "create"})
    assert why(hasty.create(asked)) is Outage.TIMEOUT
    assert why(hasty.query(asked.payment_id)) is Outage.NOT_SEEN
    assert why(hasty.create(asked)) == "succeeded"
    time.sleep(0.4)
    assert bank.moved(asked.payment_id) == [10_000]


def test_slow_is_only_slow_for_who_waits(bank: SandboxBank, provider: BankProvider):
    bank.tell("slow", seconds=0.2)
    started = time.monotonic()
    assert why(provider.create(payment())) == "pending"
    assert time.monotonic() - started >= 0.2


def test_faults_match_a_query_by_the_amount_of_its_payment(bank: SandboxBank, provider: BankProvider):
    dear, cheap = payment(amount=Money(99_999, "CNY")), payment()
    provider.create(dear)
    provider.create(cheap)
    bank.tell("fail", match={"verb": "query", "amount_minor": 99_999})
    assert why(provider.query(cheap.payment_id)) == "pending"
    assert why(provider.query(dear.payment_id)) is Outage.SERVER_ERROR


def test_nobody_there(bank: SandboxBank, provider: BankProvider):
    bank.stop()
    assert why(provider.create(payment())) is Outage.UNREACHABLE
    with pytest.raises(ProviderUnavailable):
        list(provider.statement(date(2026, 1, 1), "CNY"))


def test_a_stranger_is_not_served(bank: SandboxBank):
    stranger = BankProvider(
        Credentials(url=bank.url, key=SigningKey.generate("cohong"), answers_by=bank.credentials.answers_by)
    )
    assert why(stranger.create(payment())) is Outage.NOT_AUTHORISED
    stranger.close_connections()
    assert httpx.post(f"{bank.url}/v1/payments", json={}).status_code == 401
    assert httpx.get(f"{bank.url}/v1/statement").status_code == 401


def test_a_false_bank_is_not_believed(bank: SandboxBank):
    false_bank = SigningKey.generate(bank.credentials.answers_by.key_id).verifying
    provider = BankProvider(Credentials(url=bank.url, key=bank.credentials.key, answers_by=false_bank))
    assert why(provider.create(payment())) is Outage.BAD_SIGNATURE
    provider.close_connections()


def test_money_does_not_travel_in_clear():
    key = SigningKey.generate("cohong")
    with pytest.raises(ValueError, match="https"):
        Credentials(url="http://bank.example", key=key, answers_by=key.verifying)
