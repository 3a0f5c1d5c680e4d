"""What a payment provider does for us, and the outcomes that its answers come to.

Everything that moves money carries an id of ours, and moves it at most once for that id however often it is
asked. Four outcomes cover everything that can come back:

- `Succeeded`: the money has moved;
- `Pending`: it may still move or not; a notification or a query will say;
- `Failed`: it has not moved under this id and never will;
- `Unknown`: nobody can say. Ask again with the query verb. `Unknown(NOT_SEEN)` means that the provider has
  never seen the id: send the same thing again under the same id, or close it; never conclude from it that the
  money did not move, because the first request may still be under way.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cohong.kernel.errors import Conflict, Unavailable
from cohong.kernel.money import Money
from cohong.kernel.outside import BadSignature, Outage

__all__ = [
    "BadSignature",
    "BankAccount",
    "Failed",
    "Failure",
    "Kind",
    "Notification",
    "Outage",
    "Outcome",
    "Payment",
    "PaymentProvider",
    "Pending",
    "ProviderIdReused",
    "ProviderUnavailable",
    "StatementLine",
    "Succeeded",
    "Unknown",
]


class Failure(StrEnum):
    """Why money has not moved and never will under this id."""

    DECLINED = "declined"
    """The payer, or the provider for reasons of its own, said no."""
    CLOSED = "closed"
    """The payment was closed before it was paid."""
    NOT_PAID = "not_paid"
    """A refund of a payment that is not paid."""
    REFUND_EXCEEDS = "refund_exceeds"
    """Refunds together would give back more than was paid."""
    INSUFFICIENT_FUNDS = "insufficient_funds"
    """Our own balance at the provider does not cover it."""
    ACCOUNT_INVALID = "account_invalid"
    """There is no such bank account, or it is not this holder's."""
    REJECTED = "rejected"
    """The provider cannot take the request as it stands; `detail` says what of it."""


class Kind(StrEnum):
    """What a movement of money is, seen from us."""

    PAYMENT = "payment"
    REFUND = "refund"
    PAYOUT = "payout"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A payment to be made to us. `number` is what people read; `payment_id` is what makes it happen once.

    A number has 1 to 64 characters, a description up to 500; what else the provider gets, it rejects.
    """

    payment_id: UUID
    number: str
    amount: Money
    description: str
    notify_url: str
    return_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccount:
    """Where a payout goes. `bank_code` is the bank's clearing code (CNAPS, BIC)."""

    holder: str = field(repr=False)
    number: str = field(repr=False)
    bank_code: str
    bank_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Succeeded:
    """The money has moved, this much, at this time by the provider's clock."""

    provider_ref: str
    amount: Money
    happened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """The money may move yet. A payment has a page to pay on, and a text to show as a QR code."""

    provider_ref: str
    pay_url: str = ""
    qr_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The money has not moved under this id and never will."""

    reason: Failure
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Nobody can say whether the money has moved."""

    why: Outage
    detail: str = ""


Outcome = Succeeded | Pending | Failed | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """The provider says by itself what has become of a payment, a refund or a payout.

    `our_id` is the payment's, the refund's or the payout's; `payment_id` is the payment that a refund belongs
    to (or the payment itself). The same notification may come again with the same `notification_id`.
    """

    notification_id: str
    kind: Kind
    our_id: UUID
    payment_id: UUID | None
    amount: Money
    outcome: Succeeded | Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One movement on our account at the provider. `amount` is signed: in is positive, out is negative.

    `sequence` orders the lines of one account; `our_id` is the id that we gave.
    """

    sequence: int
    kind: Kind
    our_id: UUID
    payment_id: UUID | None
    provider_ref: str
    amount: Money
    happened_at: datetime


class ProviderIdReused(Conflict):
    """The provider knows this id with another body. This one did nothing; the first may have."""

    message = _("The payment provider already knows this number with other contents.")


class ProviderUnavailable(Unavailable):
    """The provider gave no statement, or not the whole of it."""

    message = _("The payment provider does not answer at the moment. Please try again later.")


class PaymentProvider(Protocol):
    """A bank or a payment institution.

    No method raises for what the outside world does, except where it says so. `ProviderIdReused` is raised
    when an id of ours is used again with another body: that is our own mistake, and no outcome would be true
    of it.
    """

    def create(self, payment: Payment) -> Outcome:
        """Open a payment; again under the same id: say what has become of it."""

    def query(self, payment_id: UUID) -> Outcome:
        """Say what has become of a payment."""

    def close(self, payment_id: UUID) -> Outcome:
        """See to it that a payment is never paid.

        `Failed(CLOSED)` (or another failure): it never will be. `Succeeded`: too late, it was paid. An id
        that the provider has never seen is closed too, so that a request still under way can do nothing.
        """

    def refund(self, *, refund_id: UUID, payment_id: UUID, amount: Money) -> Outcome:
        """Give back a part or the whole of a payment; idempotent by `refund_id`.

        What becomes of it is notified to the payment's `notify_url`.
        """

    def query_refund(self, refund_id: UUID) -> Outcome:
        """Say what has become of a refund."""

    def pay_out(
        self, *, payout_id: UUID, amount: Money, account: BankAccount, note: str = "", notify_url: str = ""
    ) -> Outcome:
        """Pay from our balance to a bank account; idempotent by `payout_id`."""

    def query_payout(self, payout_id: UUID) -> Outcome:
        """Say what has become of a payout."""

    def verify_notification(self, headers: Mapping[str, str], body: bytes) -> Notification:
        """Read a notification; raise `BadSignature` when it is not the provider's."""

    def statement(self, day: date, currency: str) -> Iterator[StatementLine]:
        """Yield what moved in one currency on one day (UTC), in order; raise `ProviderUnavailable`."""
