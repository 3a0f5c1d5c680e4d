"""The bank's client against the sandbox bank over loopback HTTP: a payment's natural life, and where the money is then."""

from uuid import uuid4

import httpx
import pytest
from bank_world import ACCOUNT, CNY_100, paid, payment, why

from cohong.kernel.money import Money
from cohong.kernel.outside.sandbox import Receiver
from cohong.payments.providers.bank import BankProvider
from cohong.payments.providers.protocol import (
    BankAccount,
    Failed,
    Failure,
    Kind,
    Notification,
    Outage,
    Payment,
    Pending,
    ProviderIdReused,
    Succeeded,
    Unknown,
)
from cohong.payments.providers.sandbox import SandboxBank

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
