"""A payment at the sandbox bank, and how to wait for what it does."""

import time
from collections.abc import Callable
from uuid import UUID, uuid4

from cohong.kernel.money import Money
from cohong.payments.providers.bank import BankProvider
from cohong.payments.providers.protocol import (
    BankAccount,
    Failed,
    Failure,
    Outage,
    Outcome,
    Payment,
    Pending,
    Unknown,
)
from cohong.payments.providers.sandbox import SandboxBank

CNY_100 = Money(10_000, "CNY")
ACCOUNT = BankAccount(holder="佛山陶瓷有限公司", number="6222020000000012345", bank_code="102100099996")
FAST_RETRY = (0.02, 0.02, 0.02, 0.02, 0.05, 0.05, 0.1)


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


def until(condition: Callable[[], bool], timeout_s: float = 5) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
