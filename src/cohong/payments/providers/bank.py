"""The client of a bank that speaks the open payment interface: JSON over HTTP, signed both ways.

Every request is signed with our key and every answer has to be signed with the bank's, over the request that
it answers (`kernel.outside.signing`). An answer that says another amount, currency or id than was asked about
is not believed either.

The interface, as the bank publishes it:

| verb | request | answer |
| --- | --- | --- |
| create | `POST /v1/payments` | payment |
| query | `GET /v1/payments/ID` | payment |
| close | `POST /v1/payments/ID/close` | payment |
| refund | `POST /v1/refunds` | refund |
| query_refund | `GET /v1/refunds/ID` | refund |
| pay_out | `POST /v1/payouts` | payout |
| query_payout | `GET /v1/payouts/ID` | payout |
| statement | `GET /v1/statement?day=&currency=&after=` | lines, a page at a time |

An id that the bank has never seen answers 404 `not_seen`; one used again with another amount, currency,
payment or account 409 `id_reused`; a request that cannot be read 400 `bad_request`. What the bank declines is
no error but the state `failed`, kept under the id for good.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import msgspec

from cohong.kernel.errors import BadInput
from cohong.kernel.money import Money
from cohong.kernel.outside import (
    UNREADABLE,
    Answer,
    BadSignature,
    Credentials,
    NoAnswer,
    Outage,
    SignedClient,
    WireTime,
    open_notice,
)
from cohong.payments.providers.protocol import (
    BankAccount,
    Failed,
    Failure,
    Kind,
    Notification,
    Outcome,
    Payment,
    Pending,
    ProviderIdReused,
    ProviderUnavailable,
    StatementLine,
    Succeeded,
    Unknown,
)

OK, BAD_REQUEST, NOT_SEEN, CONFLICT = 200, 400, 404, 409
STATEMENT_PAGE: Final = 1000


class _State(StrEnum):
    """How far a movement of money is, in the bank's words."""

    OPEN = "open"
    DONE = "done"
    FAILED = "failed"


class _Movement(msgspec.Struct, frozen=True, kw_only=True):
    """A payment, a refund or a payout as the bank tells it."""

    kind: Kind
    id: UUID
    ref: str
    state: _State
    amount_minor: int
    currency: str
    at: WireTime
    payment_id: UUID | None = None
    reason: str = ""
    detail: str = ""
    pay_url: str = ""
    qr_text: str = ""

    @property
    def money(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def final(self) -> Succeeded | Failed | None:
        """The outcome if there is one yet."""
        if self.state is _State.DONE:
            return Succeeded(provider_ref=self.ref, amount=self.money, happened_at=self.at)
        if self.state is _State.FAILED:
            known = self.reason in set(Failure)
            detail = self.detail if known else f"{self.reason} {self.detail}".strip()
            return Failed(reason=Failure(self.reason) if known else Failure.DECLINED, detail=detail)
        return None

    @property
    def outcome(self) -> Outcome:
        return self.final or Pending(provider_ref=self.ref, pay_url=self.pay_url, qr_text=self.qr_text)


class _Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A notification as the bank sends it."""

    notification_id: str
    movement: _Movement


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the bank's statement."""

    sequence: int
    kind: Kind
    id: UUID
    ref: str
    amount_minor: int
    currency: str
    at: WireTime
    payment_id: UUID | None = None


class _Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the bank's statement."""

    lines: list[_Line]
    more: bool


class BankProvider:
    """A `PaymentProvider` at a bank. Safe to share between threads; not across a fork."""

    def __init__(
        self, credentials: Credentials, *, connect_timeout_s: float = 3.0, timeout_s: float = 15.0
    ) -> None:
        self._client = SignedClient(credentials, connect_timeout_s=connect_timeout_s, timeout_s=timeout_s)
        self._bank_key = credentials.answers_by

    def close_connections(self) -> None:
        """Give the connections back; the provider is not used after that."""
        self._client.close()

    def create(self, payment: Payment) -> Outcome:
        """Open a payment; again under the same id: say what has become of it."""
        data = {
            "payment_id": str(payment.payment_id),
            "number": payment.number,
            "description": payment.description,
            "notify_url": payment.notify_url,
            "return_url": payment.return_url,
            **_money(payment.amount),
        }
        return self._ask("POST", "/v1/payments", payment.payment_id, payment.amount, data)

    def query(self, payment_id: UUID) -> Outcome:
        """Say what has become of a payment."""
        return self._ask("GET", f"/v1/payments/{payment_id}", payment_id)

    def close(self, payment_id: UUID) -> Outcome:
        """See to it that a payment is never paid; `Succeeded` when it is too late for that."""
        return self._ask("POST", f"/v1/payments/{payment_id}/close", payment_id, data={})

    def refund(self, *, refund_id: UUID, payment_id: UUID, amount: Money) -> Outcome:
        """Give back a part or the whole of a payment; idempotent by `refund_id`."""
        data = {"refund_id": str(refund_id), "payment_id": str(payment_id), **_money(amount)}
        return self._ask("POST", "/v1/refunds", refund_id, amount, data)

    def query_refund(self, refund_id: UUID) -> Outcome:
        """Say what has become of a refund."""
        return self._ask("GET", f"/v1/refunds/{refund_id}", refund_id)

    def pay_out(
        self, *, payout_id: UUID, amount: Money, account: BankAccount, note: str = "", notify_url: str = ""
    ) -> Outcome:
        """Pay from our balance to a bank account; idempotent by `payout_id`."""
        data = {
            "payout_id": str(payout_id),
            "holder": account.holder,
            "account": account.number,
            "bank_code": account.bank_code,
            "bank_name": account.bank_name,
            "note": note,
            "notify_url": notify_url,
            **_money(amount),
        }
        return self._ask("POST", "/v1/payouts", payout_id, amount, data)

    def query_payout(self, payout_id: UUID) -> Outcome:
        """Say what has become of a payout."""
        return self._ask("GET", f"/v1/payouts/{payout_id}", payout_id)

    def verify_notification(self, headers: Mapping[str, str], body: bytes) -> Notification:
        """Read a notification; raise `BadSignature` when it is not the bank's."""
        try:
            notice = msgspec.json.decode(open_notice(self._bank_key, headers, body), type=_Notice)
            amount, final = notice.movement.money, notice.movement.final
        except (*UNREADABLE, BadInput) as error:
            # Signed by the bank and yet not of the agreed form: no more to be acted on than a forgery.
            raise BadSignature(why=f"not a notification: {error}") from error
        if final is None:
            raise BadSignature(why="not a notification: nothing has become of it yet")
        return Notification(
            notification_id=notice.notification_id,
            kind=notice.movement.kind,
            our_id=notice.movement.id,
            payment_id=notice.movement.payment_id,
            amount=amount,
            outcome=final,
        )

    def statement(self, day: date, currency: str) -> Iterator[StatementLine]:
        """Yield what moved in one currency on one day (UTC), in order; raise `ProviderUnavailable`."""
        after, more = 0, True
        while more:
            page = self._page(day, currency, after)
            for line in page.lines:
                if line.sequence <= after or line.currency != currency:
                    raise ProviderUnavailable
                after = line.sequence
                yield StatementLine(
                    sequence=line.sequence,
                    kind=line.kind,
                    our_id=line.id,
                    payment_id=line.payment_id,
                    provider_ref=line.ref,
                    amount=Money(line.amount_minor, line.currency),
                    happened_at=line.at,
                )
            more = page.more and bool(page.lines)

    def _page(self, day: date, currency: str, after: int) -> _Page:
        query = {
            "day": day.isoformat(),
            "currency": currency,
            "after": str(after),
            "limit": str(STATEMENT_PAGE),
        }
        try:
            answer = self._client.call("GET", "/v1/statement", query=query)
            if answer.status != OK:
                raise ProviderUnavailable
            return msgspec.convert(answer.data, _Page)
        except (NoAnswer, msgspec.ValidationError) as error:
            raise ProviderUnavailable from error

    def _ask(
        self,
        method: str,
        path: str,
        our_id: UUID,
        amount: Money | None = None,
        data: dict[str, Any] | None = None,
    ) -> Outcome:
        """Send one request about one of our ids and turn whatever comes, or does not, into an outcome."""
        try:
            answer = self._client.call(method, path, data=data)
        except NoAnswer as none:
            return Unknown(why=none.outage, detail=none.detail)
        if answer.status != OK:
            return _without_movement(answer)
        try:
            movement = msgspec.convert(answer.data, _Movement)
            outcome = movement.outcome
            # What has failed moved nothing, whatever amount the bank remembers with it.
            said = amount if isinstance(outcome, Failed) else movement.money
        except (msgspec.ValidationError, BadInput) as error:
            return Unknown(why=Outage.UNREADABLE, detail=str(error))
        if movement.id != our_id:
            return Unknown(why=Outage.UNREADABLE, detail="the answer is about another id")
        if amount is not None and said != amount:
            return Unknown(why=Outage.UNREADABLE, detail=f"the answer says {said}")
        return outcome


def _without_movement(answer: Answer) -> Outcome:
    """Return the outcome of a signed answer that tells of no movement."""
    error, detail = str(answer.data.get("error", "")), str(answer.data.get("detail", ""))
    if answer.status == NOT_SEEN and error == "not_seen":
        return Unknown(why=Outage.NOT_SEEN)
    if answer.status == CONFLICT and error == "id_reused":
        raise ProviderIdReused
    if answer.status == BAD_REQUEST and error == "bad_request":
        return Failed(reason=Failure.REJECTED, detail=detail)
    return Unknown(why=Outage.UNREADABLE, detail=f"{answer.status} {error}")


def _money(amount: Money) -> dict[str, Any]:
    return {"amount_minor": amount.minor, "currency": amount.currency}
