"""The bank's client against the sandbox bank over loopback HTTP: every fault, and where the money is then."""

import stat
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import httpx
import pytest

from cohong.kernel.money import Money
from cohong.kernel.outside import Credentials, SigningKey
from cohong.kernel.outside.sandbox import Received, Receiver
from cohong.kernel.outside.signing import sign_notice
from cohong.payments.providers import bank as bank_client
from cohong.payments.providers.bank import BankProvider
from cohong.payments.providers.protocol import (
    BadSignature,
    BankAccount,
    Failed,
    Failure,
    Kind,
    Notification,
    Outage,
    Outcome,
    Payment,
    Pending,
    ProviderIdReused,
    ProviderUnavailable,
    StatementLine,
    Succeeded,
    Unknown,
)
from cohong.payments.providers.sandbox import SandboxBank

CNY_100 = Money(10_000, "CNY")
ACCOUNT = BankAccount(holder="佛山陶瓷有限公司", number="6222020000000012345", bank_code="102100099996")
FAST_RETRY = (0.02, 0.02, 0.02, 0.02, 0.05, 0.05, 0.1)


@pytest.fixture
def bank() -> Iterator[SandboxBank]:
    with SandboxBank(retry_s=FAST_RETRY) as bank:
        yield bank
        bank.audit()


@pytest.fixture
def provider(bank: SandboxBank) -> Iterator[BankProvider]:
    provider = bank.provider(timeout_s=5)
    yield provider
    provider.close_connections()


@pytest.fixture
def hasty(bank: SandboxBank) -> Iterator[BankProvider]:
    """A provider that waits a moment only."""
    provider = bank.provider(timeout_s=0.2)
    yield provider
    provider.close_connections()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def payment(
    payment_id: UUID | None = None, amount: Money = CNY_100, notify_url: str = "", return_url: str = ""
) -> Payment:
    return Payment(
        payment_id=payment_id or uuid4(),
        number="P2026-0007-K",
        amount=amount,
        description="瓷砖 800×800",
        notify_url=notify_url,
        return_url=return_url,
    )


def paid(bank: SandboxBank, provider: BankProvider, amount: Money = CNY_100, notify_url: str = "") -> UUID:
    """Make a payment that a person has paid."""
    asked = payment(amount=amount, notify_url=notify_url)
    pending = provider.create(asked)
    assert isinstance(pending, Pending)
    bank.press(pending.pay_url)
    return asked.payment_id


def why(outcome: Outcome) -> Outage | Failure | str:
    """Say in a word what an outcome is."""
    if isinstance(outcome, Unknown):
        return outcome.why
    return outcome.reason if isinstance(outcome, Failed) else type(outcome).__name__.lower()


# A payment's natural life


def test_a_person_pays_on_the_page(bank: SandboxBank, provider: BankProvider, receiver: Receiver):
    asked = payment(notify_url=receiver.url, return_url="http://127.0.0.1:1/orders/7?a=1&b=2")
    pending = provider.create(asked)
    assert isinstance(pending, Pending)
    assert pending.qr_text == pending.pay_url
    assert provider.query(asked.payment_id) == pending

    page = httpx.get(pending.pay_url).text
    assert "¥100.00" in page
    assert "P2026-0007-K" in page
    assert 'name="viewport"' in page
    assert ">确认付款<" in page
    assert ">拒绝付款<" in page
    assert ">稍后再付<" in page
    assert ">確認付款<" in httpx.get(f"{pending.pay_url}?lang=zh-hant").text
    assert ">Pay now<" in httpx.get(f"{pending.pay_url}?lang=en").text
    assert 'lang="zh-Hans"' in httpx.get(f"{pending.pay_url}?lang=<script>").text
    for accepted, lang in (("en-GB,en;q=0.9", "en"), ("zh-HK,zh;q=0.9", "zh-Hant"), ("fr,de", "zh-Hans")):
        assert f'lang="{lang}"' in httpx.get(pending.pay_url, headers={"Accept-Language": accepted}).text
    assert bank.moved(asked.payment_id) == []

    answer = httpx.post(pending.pay_url, data={"action": "pay"})
    assert (answer.status_code, answer.headers["location"]) == (303, "http://127.0.0.1:1/orders/7?a=1&b=2")
    bank.press(pending.pay_url)
    bank.press(pending.pay_url, "decline")

    known = provider.query(asked.payment_id)
    assert isinstance(known, Succeeded)
    assert (known.provider_ref, known.amount) == (pending.provider_ref, CNY_100)
    assert bank.moved(asked.payment_id) == [10_000]
    assert bank.balance("CNY") == 10_000
    page = httpx.get(pending.pay_url).text
    assert "付款成功" in page
    assert "orders/7?a=1&amp;b=2" in page

    [notice] = receiver.wait(1)
    assert provider.verify_notification(notice.headers, notice.body) == Notification(
        notification_id=f"payment-{known.provider_ref}",
        kind=Kind.PAYMENT,
        our_id=asked.payment_id,
        payment_id=asked.payment_id,
        amount=CNY_100,
        outcome=known,
    )


def test_a_person_declines_on_the_page(bank: SandboxBank, provider: BankProvider, receiver: Receiver):
    asked = payment(notify_url=receiver.url)
    pending = provider.create(asked)
    assert isinstance(pending, Pending)
    bank.press(pending.pay_url, "decline")
    assert why(provider.query(asked.payment_id)) is Failure.DECLINED
    assert why(provider.create(asked)) is Failure.DECLINED
    [notice] = receiver.wait(1)
    assert why(provider.verify_notification(notice.headers, notice.body).outcome) is Failure.DECLINED
    assert bank.moved(asked.payment_id) == []


def test_the_page_shows_what_is_written_as_written(bank: SandboxBank, provider: BankProvider):
    asked = Payment(
        payment_id=uuid4(),
        number="<b>1</b>",
        amount=Money(500, "JPY"),
        description="<script>alert(1)</script>",
        notify_url="",
        return_url="",
    )
    pending = provider.create(asked)
    assert isinstance(pending, Pending)
    answer = httpx.get(pending.pay_url)
    assert "<script>" not in answer.text
    assert "&lt;b&gt;1&lt;/b&gt;" in answer.text
    assert "JP¥500" in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_an_address_that_is_no_web_address_is_rejected(provider: BankProvider):
    assert provider.create(payment(return_url="javascript:alert(1)")) == Failed(
        reason=Failure.REJECTED, detail="return_url"
    )


def test_an_amount_below_one_is_rejected(provider: BankProvider, bank: SandboxBank):
    for minor in (0, -1):
        asked = payment(amount=Money(minor, "CNY"))
        assert provider.create(asked) == Failed(reason=Failure.REJECTED, detail="amount_minor")
        assert provider.query(asked.payment_id) == Unknown(why=Outage.NOT_SEEN)


def test_the_same_id_again_is_the_same_payment(bank: SandboxBank, provider: BankProvider):
    asked = payment()
    first = provider.create(asked)
    assert provider.create(asked) == first
    with pytest.raises(ProviderIdReused):
        provider.create(payment(asked.payment_id, Money(10_001, "CNY")))
    with pytest.raises(ProviderIdReused):
        provider.create(payment(asked.payment_id, Money(10_000, "HKD")))
    assert provider.query(asked.payment_id) == first


def test_closing(bank: SandboxBank, provider: BankProvider):
    asked = payment()
    pending = provider.create(asked)
    assert isinstance(pending, Pending)
    assert why(provider.close(asked.payment_id)) is Failure.CLOSED
    assert why(provider.close(asked.payment_id)) is Failure.CLOSED
    bank.press(pending.pay_url)
    assert why(provider.query(asked.payment_id)) is Failure.CLOSED
    assert bank.moved(asked.payment_id) == []

    assert why(provider.close(paid(bank, provider))) == "succeeded"


def test_closing_what_was_never_seen_keeps_a_late_request_from_doing_anything(
    bank: SandboxBank, provider: BankProvider
):
    asked = payment()
    bank.tell("auto_pay")
    assert why(provider.close(asked.payment_id)) is Failure.CLOSED
    assert why(provider.create(asked)) is Failure.CLOSED
    assert bank.moved(asked.payment_id) == []


# Refunds and payouts


def test_refunds_never_give_back_more_than_was_paid(bank: SandboxBank, provider: BankProvider):
    payment_id = paid(bank, provider)
    first, second, third = uuid4(), uuid4(), uuid4()
    done = provider.refund(refund_id=first, payment_id=payment_id, amount=Money(4_000, "CNY"))
    assert isinstance(done, Succeeded)
    assert done.amount == Money(4_000, "CNY")
    assert provider.query_refund(first) == done
    over = provider.refund(refund_id=second, payment_id=payment_id, amount=Money(6_001, "CNY"))
    assert why(over) is Failure.REFUND_EXCEEDS
    assert (
        why(provider.refund(refund_id=third, payment_id=payment_id, amount=Money(6_000, "CNY")))
        == "succeeded"
    )
    # What has failed has failed for good, and the payment itself stays paid.
    assert provider.refund(refund_id=second, payment_id=payment_id, amount=Money(6_001, "CNY")) == over
    assert why(provider.query(payment_id)) == "succeeded"
    assert [bank.moved(x) for x in (first, second, third)] == [[-4_000], [], [-6_000]]
    assert bank.balance("CNY") == 0


def test_refunds_of_what_was_not_paid(bank: SandboxBank, provider: BankProvider):
    asked = payment()
    provider.create(asked)
    for payment_id, amount in ((asked.payment_id, CNY_100), (uuid4(), CNY_100)):
        assert (
            why(provider.refund(refund_id=uuid4(), payment_id=payment_id, amount=amount)) is Failure.NOT_PAID
        )
    other_money = provider.refund(
        refund_id=uuid4(), payment_id=paid(bank, provider), amount=Money(10_000, "HKD")
    )
    assert why(other_money) is Failure.NOT_PAID


def test_a_refund_id_belongs_to_one_payment_and_one_amount(bank: SandboxBank, provider: BankProvider):
    payment_id, refund_id = paid(bank, provider), uuid4()
    provider.refund(refund_id=refund_id, payment_id=payment_id, amount=Money(1, "CNY"))
    with pytest.raises(ProviderIdReused):
        provider.refund(refund_id=refund_id, payment_id=payment_id, amount=Money(2, "CNY"))
    with pytest.raises(ProviderIdReused):
        provider.refund(refund_id=refund_id, payment_id=paid(bank, provider), amount=Money(1, "CNY"))
    assert bank.moved(refund_id) == [-1]


def test_a_payout_comes_from_our_balance(bank: SandboxBank, provider: BankProvider):
    early, late = uuid4(), uuid4()
    short = provider.pay_out(payout_id=early, amount=CNY_100, account=ACCOUNT)
    assert why(short) is Failure.INSUFFICIENT_FUNDS
    bank.deposit(Money(10_001, "CNY"))
    assert provider.query_payout(early) == short
    done = provider.pay_out(payout_id=late, amount=CNY_100, account=ACCOUNT, note="settlement")
    assert isinstance(done, Succeeded)
    assert provider.query_payout(late) == done
    assert (bank.moved(early), bank.moved(late), bank.balance("CNY")) == ([], [-10_000], 1)


def test_a_payout_to_no_account_and_to_another_account(bank: SandboxBank, provider: BankProvider):
    bank.deposit(CNY_100)
    nowhere = BankAccount(holder="无", number="62220000", bank_code="102100099996")
    payout_id = uuid4()
    assert (
        why(provider.pay_out(payout_id=payout_id, amount=CNY_100, account=nowhere)) is Failure.ACCOUNT_INVALID
    )
    with pytest.raises(ProviderIdReused):
        provider.pay_out(payout_id=payout_id, amount=CNY_100, account=ACCOUNT)
    assert bank.balance("CNY") == 10_000
    assert ACCOUNT.number not in repr(ACCOUNT)


def test_settled_later(bank: SandboxBank, provider: BankProvider, receiver: Receiver):
    payment_id = paid(bank, provider, notify_url=receiver.url)
    bank.tell("settle_later", seconds=0.1, times=3)
    refund_id, payout_id, half = uuid4(), uuid4(), Money(5_000, "CNY")
    assert why(provider.refund(refund_id=refund_id, payment_id=payment_id, amount=half)) == "pending"
    # What is still to be given back counts against what can be.
    assert (
        why(provider.refund(refund_id=uuid4(), payment_id=payment_id, amount=Money(5_001, "CNY")))
        is Failure.REFUND_EXCEEDS
    )
    asked = provider.pay_out(payout_id=payout_id, amount=half, account=ACCOUNT, notify_url=receiver.url)
    assert why(asked) == "pending"
    notices = [provider.verify_notification(*received) for received in receiver.wait(4)]
    assert {
        (notice.kind, notice.our_id, why(notice.outcome)) for notice in notices if notice.our_id != payment_id
    } >= {
        (Kind.REFUND, refund_id, "succeeded"),
        (Kind.PAYOUT, payout_id, "succeeded"),
    }
    assert why(provider.query_refund(refund_id)) == "succeeded"
    assert why(provider.query_payout(payout_id)) == "succeeded"
    assert (bank.moved(refund_id), bank.moved(payout_id), bank.balance("CNY")) == ([-5_000], [-5_000], 0)


def test_declined_when_told(bank: SandboxBank, provider: BankProvider):
    payment_id = paid(bank, provider)
    bank.tell("decline", times=None, match={"amount_minor": 6_660})
    amount, refund_id, payout_id = Money(6_660, "CNY"), uuid4(), uuid4()
    assert why(provider.create(payment(amount=amount))) is Failure.DECLINED
    assert why(provider.refund(refund_id=refund_id, payment_id=payment_id, amount=amount)) is Failure.DECLINED
    assert why(provider.pay_out(payout_id=payout_id, amount=amount, account=ACCOUNT)) is Failure.DECLINED
    assert why(provider.create(payment())) == "pending"
    assert bank.balance("CNY") == 10_000


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


# Notifications


def test_notified_twice_and_until_accepted(bank: SandboxBank, provider: BankProvider, receiver: Receiver):
    receiver.refuse = 2
    bank.tell("notify_twice", copies=3)
    paid(bank, provider, notify_url=receiver.url)
    notices = [provider.verify_notification(*received) for received in receiver.wait(5)]
    assert len({notice.notification_id for notice in notices}) == 1
    assert len({received.headers["signature"] for received in receiver.received}) == 5
    _until(lambda: bank.notices()[0]["state"] == "sent")
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
        _until(
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


def _until(condition: Callable[[], bool], timeout_s: float = 5) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
