"""A bank, somewhere for its notifications to arrive, and people with accounts: what tests of whole payments
need."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from cohong.kernel import journal, sets
from cohong.kernel.errors import Refusal, one
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.kernel.outside.sandbox import Received, Receiver
from cohong.parties import api as parties
from cohong.payments import api as payments
from cohong.payments import asking
from cohong.payments.api import AccountKind, BankAccount, Deposit, MovementState, PaymentView
from cohong.payments.models import Movement
from cohong.payments.providers.sandbox import SandboxBank

FAST_RETRY = (0.02, 0.02, 0.02, 0.05, 0.1)
ACCOUNT = BankAccount(holder="佛山陶瓷有限公司", number="6222020000000012345", bank_code="102100099996")
FINAL = (MovementState.DONE, MovementState.FAILED)


def yuan(minor: int) -> Money:
    return Money(minor, "CNY")


def acting_for(party_id: UUID, *roles: parties.Role, **more: Any) -> parties.Actor:
    return parties.Actor(
        party_id=party_id, user_id=new_id(), roles=frozenset(roles or [parties.Role.OWNER]), **more
    )


def balance_of(party: UUID, currency: str = "CNY") -> tuple[int, int]:
    """Return what a party has and what of it is reserved."""
    account = payments.account_id(AccountKind.BALANCE, party, currency)
    found = payments.balances(account_ids=[account]).get(account)
    return (found.posted.minor, found.pending_out.minor) if found else (0, 0)


def held(order: UUID) -> int:
    """Return what an order's escrow holds."""
    return payments.held(order_ids=[order]).get(order, yuan(0)).minor


def issued(subject: UUID) -> list[str]:
    """Return the kinds of documents about a subject, in order."""
    return [one.envelope.kind for one in journal.file_of([subject])]


def incidents() -> list[tuple[str, str]]:
    return [(one.what, one.told) for one in payments.incidents(actor=parties.SYSTEM, limit=100)]


def is_sound() -> None:
    assert [(one.name, one.findings) for one in payments.audit() if not one.ok] == []


class Town:
    """The bank, our connection to it, and what it notifies us of."""

    def __init__(self, bank: SandboxBank, receiver: Receiver) -> None:
        self.bank, self.receiver = bank, receiver
        self.party = new_id()
        self.actor = acting_for(self.party)
        self._handled = 0

    @contextmanager
    def hasty(self, timeout_s: float = 0.25) -> Iterator[None]:
        """Let the bank's answers be waited for a moment only."""
        client = self.bank.provider(timeout_s=timeout_s)
        try:
            with payments.connected("bank", client):
                yield
        finally:
            client.close_connections()

    def start(self, order: UUID | None = None, minor: int = 10_000, **more: Any) -> PaymentView:
        return payments.start_payment(
            actor=self.actor, order_id=order or new_id(), payer_id=self.party, amount=yuan(minor), **more
        )

    def withdraw(self, minor: int, **more: Any) -> PaymentView:
        more = {"bank_account": ACCOUNT, **more}
        return payments.withdraw(actor=self.actor, party_id=self.party, amount=yuan(minor), **more)

    def give(self, minor: int) -> None:
        """Put money on the party's balance, at the bank too."""
        self.bank.deposit(yuan(minor))
        item = Deposit(party_id=self.party, amount=yuan(minor), reference=new_id())
        one([done or True for done in payments.deposit(actor=parties.SYSTEM, items=[item])])

    def paid(self, order: UUID, minor: int = 10_000) -> PaymentView:
        """Have a payment made that a person has paid and that is booked."""
        started = self.start(order, minor)
        self.bank.press(started.pay_url)
        asking.pursue(movement_id=started.id, is_due=True)
        return self.now(started)

    def pursue(self, view: PaymentView) -> PaymentView:
        """Do what the job does when it is time to."""
        asking.pursue(movement_id=view.id, is_due=True)
        return self.now(view)

    def now(self, view: PaymentView) -> PaymentView:
        return payments.payment(actor=parties.SYSTEM, payment_id=view.id)

    def notices(self, count: int) -> list[Received]:
        """Wait until so many notices have come that were not taken yet."""
        found = self.receiver.wait(self._handled + count)[self._handled :]
        self._handled += len(found)
        return found

    def take(self, notices: list[Received]) -> list[str]:
        """Take notices as our HTTP interface does; return "ok" or the refusal's code of each."""
        return [self.take_one(one.headers, one.body) for one in notices]

    @staticmethod
    def take_one(headers: Mapping[str, str], body: bytes) -> str:
        try:
            payments.handle_notification(provider="bank", headers=headers, body=body)
        except Refusal as refusal:
            return refusal.code
        return "ok"

    def settle_all(self) -> None:
        """Ask about everything until its outcome is known."""
        for _round in range(60):
            waiting = list(Movement.objects.filter(ask_at__isnull=False).order_by("id"))
            for movement in waiting:
                asking.pursue(movement_id=movement.id, is_due=True)
            if not waiting:
                return
        raise AssertionError([(one.kind, one.state) for one in waiting])

    @staticmethod
    def queued(movement_id: UUID) -> int:
        """Return how many jobs about a movement there are."""
        [(count,)] = sets.fetch(
            "select count(*) from procrastinate_jobs"
            " where task_name = 'payments.pursue' and args->>'movement_id' = %s",
            (str(movement_id),),
        )
        return int(count)
