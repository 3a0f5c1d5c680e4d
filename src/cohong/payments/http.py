"""Payments' HTTP interface. Thin: it reads the request, calls one act and shows what came of it.

A writing call answers as soon as the intent is safe; the provider is called right after. A payment's page to
pay on is there when `GET /{id}` shows a `pay_url`.
"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from cohong.kernel.http import MAX_PAGE, MoneyOut, Page, decode_cursor, idempotent, page
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.payments import exchange as exchanging
from cohong.payments import ledger, movements, notifications, selectors
from cohong.payments.kinds import Mode, TransferKind
from cohong.payments.providers.protocol import BankAccount
from cohong.payments.shapes import Line, PaymentView
from cohong.payments.states import MovementKind, MovementState

router = Router(tags=["payments"], auth=parties.TokenAuth())

Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]


# --- what comes in ---------------------------------------------------------------------------------------


class MoneyIn(Schema):
    """An amount: whole minor units of an ISO 4217 currency (1234 CNY is 12.34 yuan)."""

    minor: int = Field(strict=True)
    currency: str = Field(max_length=3)

    @property
    def money(self) -> Money:
        """Return it as money. Raises UnknownCurrency, AmountTooLarge."""
        return Money(self.minor, self.currency)


class TopUpIn(Schema):
    """A payment from outside into the balance of the token's party."""

    amount: MoneyIn
    description: str = Field(default="", max_length=200)
    return_url: str = Field(default="", max_length=500)


class BankAccountIn(Schema):
    """Where a payout goes; `bank_code` is the bank's clearing code (CNAPS, BIC)."""

    holder: str = Field(max_length=100)
    number: str = Field(max_length=50)
    bank_code: str = Field(max_length=14)
    bank_name: str = Field(default="", max_length=100)


class PayoutIn(Schema):
    """A payout from the balance of the token's party."""

    amount: MoneyIn
    bank_account: BankAccountIn


class ExchangeIn(Schema):
    """An exchange at a rate that was quoted."""

    sell: MoneyIn
    buy_currency: str = Field(max_length=3)
    rate_id: UUID


# --- what goes out ---------------------------------------------------------------------------------------


class BalanceOut(Schema):
    """What a party has in one currency. `available` is what can be spent: `posted` less `pending_out`."""

    currency: str
    posted: MoneyOut
    pending_in: MoneyOut
    pending_out: MoneyOut
    available: MoneyOut


class LineOut(Schema):
    """A line of the statement: above zero what came in, below what went out."""

    id: UUID
    at: datetime
    kind: TransferKind
    mode: Mode
    amount: MoneyOut
    reference: UUID


class PaymentOut(Schema):
    """A payment, top-up, payout or return as it stands."""

    id: UUID
    kind: MovementKind
    number: str
    state: MovementState
    party_id: UUID
    order_id: UUID | None
    payment_id: UUID | None
    amount: MoneyOut
    provider: str
    pay_url: str
    qr_text: str
    failure: str
    bank_account: str
    started_at: datetime
    ended_at: datetime | None


class QuoteOut(Schema):
    """What an amount would be exchanged into now."""

    rate_id: UUID
    rate: str
    sell: MoneyOut
    buy: MoneyOut


class ExchangedOut(Schema):
    """An exchange that has been made."""

    id: UUID
    sold: MoneyOut
    bought: MoneyOut
    rate: str


# --- reading ---------------------------------------------------------------------------------------------


@router.get("/balances", response=list[BalanceOut])
def balances(request: HttpRequest) -> Any:
    """Show what the token's party has, currency by currency."""
    actor = _actor(request)
    parties.require(actor, actor.party_id, parties.Role.FINANCE, scope="payments:read")
    return [
        BalanceOut(
            currency=one.posted.currency,
            posted=_money(one.posted),
            pending_in=_money(one.pending_in),
            pending_out=_money(one.pending_out),
            available=_money(one.available),
        )
        for one in ledger.party_balances(party_id=actor.party_id)
    ]


@router.get("/transfers", response=Page[LineOut])
def transfers(
    request: HttpRequest,
    *,
    currency: str | None = None,
    kind: Annotated[list[TransferKind] | None, Query()] = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Any:
    """List what went in and out of the balances of the token's party, newest first."""
    actor = _actor(request)
    found = selectors.statement(
        actor=actor,
        party_id=actor.party_id,
        currency=currency,
        kinds=kind,
        after=decode_cursor(cursor),
        limit=limit + 1,
    )
    lines, following = page(found, limit=limit, id_of=lambda one: one.id)
    return Page[LineOut](items=[_line(one) for one in lines], next=following)


@router.get("/exchange-quote", response=QuoteOut)
def quote(request: HttpRequest, sell_minor: int, sell_currency: str, buy_currency: str) -> Any:  # noqa: ARG001
    """Show what an amount would be exchanged into now, and the rate to exchange it at."""
    found = exchanging.quote(sell=Money(sell_minor, sell_currency), buy_currency=buy_currency)
    return QuoteOut(rate_id=found.rate_id, rate=found.rate, sell=_money(found.sell), buy=_money(found.buy))


@router.get("/", response=Page[PaymentOut])
def payments(
    request: HttpRequest,
    *,
    kind: Annotated[list[MovementKind] | None, Query()] = None,
    state: Annotated[list[MovementState] | None, Query()] = None,
    order_id: UUID | None = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Any:
    """List the payments, top-ups, payouts and returns of the token's party, newest first."""
    actor = _actor(request)
    found = selectors.payments_of(
        actor=actor,
        party_id=actor.party_id,
        kinds=kind,
        states=state,
        order_id=order_id,
        after=decode_cursor(cursor),
        limit=limit + 1,
    )
    items, following = page(found, limit=limit, id_of=lambda one: one.id)
    return Page[PaymentOut](items=[_payment(one) for one in items], next=following)


@router.get("/{uuid:payment_id}", response=PaymentOut)
def payment(request: HttpRequest, payment_id: UUID) -> Any:
    """Show a payment, top-up, payout or return as it stands."""
    return _payment(selectors.payment(actor=_actor(request), payment_id=payment_id))


# --- acting ----------------------------------------------------------------------------------------------
# Paying an order is asked for at the order (`/orders/{id}/payments`): payments knows none, and could not tell a buyer from
# a stranger who opens an escrow in a wrong currency before they do.


@router.post("/top-ups", response={202: PaymentOut})
@idempotent
def start_top_up(request: HttpRequest, body: TopUpIn) -> Any:
    """Open a payment into the party's own balance."""
    actor = _actor(request)
    started = movements.start_top_up(
        actor=actor,
        party_id=actor.party_id,
        amount=body.amount.money,
        description=body.description,
        return_url=body.return_url,
    )
    return 202, _payment(started)


@router.post("/payouts", response={202: PaymentOut})
@idempotent
def withdraw(request: HttpRequest, body: PayoutIn) -> Any:
    """Pay money of the balance out to a bank account. It is reserved at once."""
    actor = _actor(request)
    account = BankAccount(
        holder=body.bank_account.holder,
        number=body.bank_account.number,
        bank_code=body.bank_account.bank_code,
        bank_name=body.bank_account.bank_name,
    )
    started = movements.withdraw(
        actor=actor, party_id=actor.party_id, amount=body.amount.money, bank_account=account
    )
    return 202, _payment(started)


@router.post("/exchanges", response={201: ExchangedOut})
@idempotent
def exchange(request: HttpRequest, body: ExchangeIn) -> Any:
    """Exchange money of the balance at the quoted rate."""
    actor = _actor(request)
    done = exchanging.exchange(
        actor=actor,
        party_id=actor.party_id,
        sell=body.sell.money,
        buy_currency=body.buy_currency,
        rate_id=body.rate_id,
    )
    return 201, ExchangedOut(id=done.id, sold=_money(done.sold), bought=_money(done.bought), rate=done.rate)


@router.post("/notifications/{str:provider}", auth=None, response={204: None})
def notification(request: HttpRequest, provider: str) -> Any:
    """Take a provider's notification. No token: what counts is the provider's signature on the body."""
    notifications.handle_notification(provider=provider, headers=request.headers, body=request.body)
    return HttpResponse(status=204)


# --- the forms -------------------------------------------------------------------------------------------


def _actor(request: HttpRequest) -> parties.Actor:
    actor: parties.Actor = request.auth  # type: ignore[attr-defined]
    return actor


def _money(money: Money) -> MoneyOut:
    return MoneyOut(minor=money.minor, currency=money.currency)


def _line(line: Line) -> LineOut:
    return LineOut(
        id=line.id,
        at=line.at,
        kind=line.kind,
        mode=line.mode,
        amount=_money(line.amount),
        reference=line.reference,
    )


def _payment(view: PaymentView) -> PaymentOut:
    return PaymentOut(
        id=view.id,
        kind=view.kind,
        number=view.number,
        state=view.state,
        party_id=view.party_id,
        order_id=view.order_id,
        payment_id=view.payment_id,
        amount=_money(view.amount),
        provider=view.provider,
        pay_url=view.pay_url,
        qr_text=view.qr_text,
        failure=view.failure,
        bank_account=view.bank_account,
        started_at=view.started_at,
        ended_at=view.ended_at,
    )
