"""What the bank tells by itself, its statement, and the bank as a process that is killed."""

import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from uuid import uuid4

import httpx
import pytest
from bank_world import ACCOUNT, CNY_100, paid, payment, until, why

from cohong.kernel.money import Money
from cohong.kernel.outside import Credentials, SigningKey
from cohong.kernel.outside.sandbox import Received, Receiver
from cohong.kernel.outside.signing import sign_notice
from cohong.payments.providers import bank as bank_client
from cohong.payments.providers.bank import BankProvider
from cohong.payments.providers.protocol import (
    BadSignature,
    Kind,
    ProviderUnavailable,
    StatementLine,
    Succeeded,
    Unknown,
)
from cohong.payments.providers.sandbox import SandboxBank

# Notifications


def test_notified_twice_and_until_accepted(bank: SandboxBank, provider: BankProvider, receiver: Receiver):
    receiver.refuse = 2
    bank.tell("notify_twice", copies=3)
    paid(bank, provider, notify_url=receiver.url)
    notices = [provider.verify_notification(*received) for received in receiver.wait(5)]
    assert len({notice.notification_id for notice in notices}) == 1
    assert len({received.headers["signature"] for received in receiver.received}) == 5
    until(lambda: bank.notices()[0]["state"] == "sent")
    assert bank.notices()[0]["attempts"] == 5


def test_never_notified_so_that_a_query_must_find_out(
    bank: SandboxBank, provider: BankProvider, receiver: Receiver
):
    bank.tell("never_notify")
    payment_id = paid(bank, provider, notify_url=receiver.url)
    paid(bank, provider, notify_url=receiver.url)
    [second] = receiver.wait(1)
    assert provider.verify_notification(*second).our_id != payment_id
    assert bank.notices()[0]["state"] == "muted"
    assert why(provider.query(payment_id)) == "succeeded"


def test_notified_late(bank: SandboxBank, provider: BankProvider, receiver: Receiver):
    bank.tell("notify_late", seconds=0.3)
    started = time.monotonic()
    paid(bank, provider, notify_url=receiver.url)
    receiver.wait(1)
    assert time.monotonic() - started >= 0.3


def test_the_refund_is_notified_before_its_payment(
    bank: SandboxBank, provider: BankProvider, receiver: Receiver
):
    bank.tell("notify_overtaken", match={"verb": "notify", "kind": "payment"})
    payment_id = paid(bank, provider, notify_url=receiver.url)
    refund_id = uuid4()
    provider.refund(refund_id=refund_id, payment_id=payment_id, amount=CNY_100)
    notices = [provider.verify_notification(*received) for received in receiver.wait(2)]
    assert [(notice.kind, notice.our_id, notice.payment_id) for notice in notices] == [
        (Kind.REFUND, refund_id, payment_id),
        (Kind.PAYMENT, payment_id, payment_id),
    ]


def test_success_is_notified_before_the_answer_says_that_it_is_open(
    bank: SandboxBank, provider: BankProvider, receiver: Receiver
):
    asked = payment(notify_url=receiver.url)
    bank.tell("success_first", match={"payment_id": asked.payment_id})
    answer = provider.create(asked)
    assert why(answer) == "pending"
    [notice] = receiver.received
    assert why(provider.verify_notification(*notice).outcome) == "succeeded"
    assert why(provider.create(asked)) == "succeeded"
    assert bank.moved(asked.payment_id) == [10_000]


def test_a_wrongly_signed_notification_is_refused_and_comes_again_rightly(
    bank: SandboxBank, provider: BankProvider
):
    refused = []

    def believed(received: Received) -> bool:
        try:
            provider.verify_notification(*received)
        except BadSignature as bad:
            refused.append(bad.params["why"])
            return False
        return True

    with Receiver(believed) as receiver:
        bank.tell("wrong_signature", match={"verb": "notify"}, times=2)
        paid(bank, provider, notify_url=receiver.url)
        receiver.wait(3)
    assert refused == ["the signature does not fit the message"] * 2


def test_forged_notifications(
    bank: SandboxBank, provider: BankProvider, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    paid(bank, provider, notify_url=receiver.url)
    [(headers, body)] = receiver.wait(1)
    stranger = SigningKey.generate(bank.credentials.answers_by.key_id)
    known_key_other_name = SigningKey("other", bank.credentials.key.seed)
    forged = {
        "no headers": ({}, body),
        "another body": (headers, body.replace(b"10000", b"90000")),
        "another body and its digest": (
            {**headers, "content-digest": sign_notice(stranger, b"{}")["Content-Digest"]},
            b"{}",
        ),
        "a stranger's signature": (sign_notice(stranger, body), body),
        "an unknown key": (sign_notice(known_key_other_name, body), body),
        "fewer things covered": (
            {**headers, "signature-input": headers["signature-input"].replace('"content-digest"', "")},
            body,
        ),
        "another algorithm": (
            {**headers, "signature-input": headers["signature-input"].replace("ed25519", "hmac-sha256")},
            body,
        ),
        "another use": (
            {**headers, "signature-input": headers["signature-input"].replace("notice", "answer")},
            body,
        ),
        "a cut signature": ({**headers, "signature": headers["signature"][:-5]}, body),
    }
    for name, (some_headers, some_body) in forged.items():
        with pytest.raises(BadSignature):
            pytest.fail(f"{name}: {provider.verify_notification(some_headers, some_body)}")

    provider.verify_notification(headers, body)
    django_style = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    provider.verify_notification(django_style, body)
    later = time.time() + 301
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(BadSignature, match="old"):
        provider.verify_notification(headers, body)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"notification_id": "1", "movement": {}}', b"\xff", b'{"a": "\xff"}']
)
def test_signed_but_not_a_notification(body: bytes):
    key = SigningKey.generate("bank")
    ours = SigningKey.generate("cohong")
    provider = BankProvider(Credentials(url="http://127.0.0.1:1", key=ours, answers_by=key.verifying))
    with pytest.raises(BadSignature, match="not a notification"):
        provider.verify_notification(sign_notice(key, body), body)
    provider.close_connections()


# The statement


def test_the_statement_tells_one_day_in_one_currency(
    bank: SandboxBank, provider: BankProvider, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bank_client, "STATEMENT_PAGE", 2)
    bank.control(clock="2011-01-31T23:00:00Z")
    payments = [paid(bank, provider, Money(1_000 + n, "CNY")) for n in range(4)]
    paid(bank, provider, Money(700, "HKD"))
    bank.deposit(CNY_100)
    refund_id, payout_id = uuid4(), uuid4()
    provider.refund(refund_id=refund_id, payment_id=payments[0], amount=Money(1_000, "CNY"))
    bank.control(clock="2011-02-01T00:00:00Z")
    provider.pay_out(payout_id=payout_id, amount=Money(2_000, "CNY"), account=ACCOUNT)
    provider.create(payment())

    lines = list(provider.statement(date(2011, 1, 31), "CNY"))
    assert [(line.kind, line.our_id, line.payment_id, line.amount.minor) for line in lines] == [
        *((Kind.PAYMENT, payment_id, payment_id, 1_000 + n) for n, payment_id in enumerate(payments)),
        (Kind.REFUND, refund_id, payments[0], -1_000),
    ]
    assert {line.happened_at.date() for line in lines} == {date(2011, 1, 31)}
    assert all(line.happened_at.tzinfo == UTC for line in lines)
    [next_day] = provider.statement(date(2011, 2, 1), "CNY")
    assert (next_day.our_id, next_day.amount) == (payout_id, Money(-2_000, "CNY"))
    assert [line.amount for line in provider.statement(date(2011, 1, 31), "HKD")] == [Money(700, "HKD")]
    assert list(provider.statement(date(2011, 1, 30), "CNY")) == []

    bank.tell("fail", match={"verb": "statement", "after": str(lines[1].sequence)})
    read: list[StatementLine] = []
    with pytest.raises(ProviderUnavailable):
        read.extend(provider.statement(date(2011, 1, 31), "CNY"))
    assert len(list(provider.statement(date(2011, 1, 31), "CNY"))) == 5


def test_the_times_of_outcomes_are_the_banks(bank: SandboxBank, provider: BankProvider):
    bank.control(clock="2010-12-01T08:26:00Z")
    outcome = provider.query(paid(bank, provider))
    assert isinstance(outcome, Succeeded)
    assert (
        datetime(2010, 12, 1, 8, 26, tzinfo=UTC)
        <= outcome.happened_at
        < datetime(2010, 12, 1, 8, 27, tzinfo=UTC)
    )


# Many at once, and the bank dies


def test_many_at_once_under_one_id(bank: SandboxBank, provider: BankProvider):
    asked, payout_id = payment(), uuid4()
    bank.tell("auto_pay", times=None)
    with ThreadPoolExecutor(16) as pool:
        created = list(pool.map(lambda _n: provider.create(asked), range(48)))
        out = Money(6_000, "CNY")
        payouts = list(
            pool.map(lambda _n: provider.pay_out(payout_id=payout_id, amount=out, account=ACCOUNT), range(48))
        )
        refunds = list(
            pool.map(
                lambda _n: provider.refund(
                    refund_id=uuid4(), payment_id=asked.payment_id, amount=Money(1_000, "CNY")
                ),
                range(16),
            )
        )
    assert {why(outcome) for outcome in created} == {"succeeded"}
    assert len({repr(outcome) for outcome in [*created]}) == 1
    assert len({repr(outcome) for outcome in payouts}) == 1
    # 10,000 in and 6,000 out leave four refunds; ten would be the payment's own limit.
    assert sorted(str(why(outcome)) for outcome in refunds) == ["insufficient_funds"] * 12 + ["succeeded"] * 4
    assert bank.moved(asked.payment_id) == [10_000]
    assert bank.moved(payout_id) == [-6_000]
    assert bank.balance("CNY") == 0


def test_killed_while_it_works_and_started_again(receiver: Receiver):
    with SandboxBank(process=True) as bank:
        bank.tell("auto_pay", times=None)
        asked = [payment(notify_url=receiver.url) for _ in range(300)]
        provider = bank.provider(timeout_s=2, connect_timeout_s=0.5)
        killer = threading.Timer(0.15, bank.kill)
        with ThreadPoolExecutor(8) as pool:
            killer.start()
            first = list(pool.map(provider.create, asked))
            killer.join()
            bank.start()
            for number, outcome in enumerate(first):
                moved = bank.moved(asked[number].payment_id)
                assert moved == [10_000] if isinstance(outcome, Succeeded) else moved in ([], [10_000])
            second = list(pool.map(provider.create, asked))
        assert 0 < sum(isinstance(outcome, Unknown) for outcome in first) < 300
        assert all(isinstance(outcome, Succeeded) for outcome in second)
        assert [bank.moved(one.payment_id) for one in asked] == [[10_000]] * 300
        bank.audit()
        receiver.wait(300, timeout_s=10)
        until(
            lambda: (
                {provider.verify_notification(*r).our_id for r in receiver.received}
                == {p.payment_id for p in asked}
            )
        )
        provider.close_connections()


def test_a_process_ends_with_its_handle():
    with SandboxBank(process=True) as bank:
        assert bank.look("/health") == {"ok": True}
        url, data = bank.url, bank.data
        assert {stat.S_IMODE(file.stat().st_mode) for file in data.parent.iterdir()} == {0o600}
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/health")
    assert not data.exists()


# Told nonsense


def test_control_refuses_what_it_does_not_know(bank: SandboxBank):
    with pytest.raises(ValueError, match="no such fault"):
        bank.tell("explode")
    with pytest.raises(ValueError, match="bad_request"):
        bank.control(tell={})
    for _ in range(2):
        bank.tell("fail", times=None)
    assert [(rule["fault"], rule["remaining"]) for rule in bank.look()["told"]] == [("fail", None)]
    bank.control(clear=True)
    assert bank.look()["told"] == []


def test_broken_requests_are_answered_and_change_nothing(bank: SandboxBank):
    too_large = httpx.post(f"{bank.url}/control", content=b"x" * (1024 * 1024 + 1))
    assert too_large.status_code == 413
    assert httpx.post(f"{bank.url}/control", content=b"\xff{").status_code == 400
    assert httpx.post(f"{bank.url}/control", content=(b"{}" for _ in range(2))).status_code == 411
    assert httpx.get(f"{bank.url}/nowhere").status_code == 404
    assert httpx.get(f"{bank.url}/pay/nothing").status_code == 404
    assert bank.look("/health") == {"ok": True}
