"""Asking for money to cross the border: payments, top-ups, payouts, returns.

Each act writes its intent first, with what it reserves, and commits; only then is the provider called
(`asking`), never inside a transaction that holds locks. A caller that is in a transaction itself (an act of
orders, a call with an idempotency key) leaves the call to the job that is queued with the intent, and reads
`pay_url` a moment later.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from cohong.kernel import clock, jobs, journal, numbers, sets
from cohong.kernel.errors import one
from cohong.kernel.ids import named_id, new_id
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.payments import asking, documents, ledger, outcomes, refusals, selectors
from cohong.payments.connections import DEFAULT_PROVIDER, clearing_key
from cohong.payments.kinds import PLATFORM, AccountKind, may_be_order, shard_for
from cohong.payments.ledger import AccountKey
from cohong.payments.models import Account, Movement
from cohong.payments.providers.protocol import BankAccount
from cohong.payments.rules import ASK_FIRST
from cohong.payments.shapes import PaymentView
from cohong.payments.states import MOVEMENT, MovementKind, MovementState

_WRITE = "payments:write"
_DESCRIPTION_MAX, _URL_MAX = 200, 500
_HOLDER_MAX, _NUMBER_MIN, _NUMBER_MAX, _BANK_CODE_MIN, _BANK_CODE_MAX = 100, 5, 34, 8, 14
_MASK_SHOWN = 4


def start_payment(
    *,
    actor: parties.Actor,
    order_id: UUID,
    payer_id: UUID,
    amount: Money,
    description: str = "",
    return_url: str = "",
    payment_id: UUID | None = None,
    provider: str = DEFAULT_PROVIDER,
) -> PaymentView:
    """Open a payment from outside into an order's escrow; at most once for the `payment_id`.

    What is asked for is the caller's to know: payments knows no orders. `payments.received` (subject: the
    order) says that the money is in escrow. Raises NotAllowed, NotAnOrder, CurrencyMismatch,
    AmountNotPositive, BadText, TransferDiffers.
    """
    parties.require(actor, payer_id, parties.Role.PURCHASING, parties.Role.FINANCE, scope=_WRITE)
    wanted = Movement(
        id=payment_id or new_id(),
        kind=MovementKind.PAYMENT,
        party_id=payer_id,
        order_id=order_id,
        account_id=order_id,
        provider=provider,
        amount_minor=amount.minor,
        currency=amount.currency,
        description=description,
        return_url=return_url,
    )
    return _begin(actor, wanted, AccountKey(AccountKind.ESCROW, order_id, amount.currency))


def start_top_up(
    *,
    actor: parties.Actor,
    party_id: UUID,
    amount: Money,
    description: str = "",
    return_url: str = "",
    payment_id: UUID | None = None,
    provider: str = DEFAULT_PROVIDER,
) -> PaymentView:
    """Open a payment from outside into a party's balance; at most once for the `payment_id`."""
    parties.require(actor, party_id, parties.Role.FINANCE, scope=_WRITE)
    account = AccountKey(AccountKind.BALANCE, party_id, amount.currency)
    wanted = Movement(
        id=payment_id or new_id(),
        kind=MovementKind.TOP_UP,
        party_id=party_id,
        account_id=account.id,
        provider=provider,
        amount_minor=amount.minor,
        currency=amount.currency,
        description=description,
        return_url=return_url,
    )
    return _begin(actor, wanted, account)


def withdraw(
    *,
    actor: parties.Actor,
    party_id: UUID,
    amount: Money,
    bank_account: BankAccount,
    payout_id: UUID | None = None,
    provider: str = DEFAULT_PROVIDER,
) -> PaymentView:
    """Pay money of a party's balance out to its bank account; at most once for the `payout_id`.

    It is reserved at once, leaves when the provider confirms, and is free again when the provider refuses.
    Raises NotAllowed, PayoutRestricted, FundsShort, BadBankAccount, AmountNotPositive, TransferDiffers.
    """
    parties.require(actor, party_id, parties.Role.FINANCE, scope=_WRITE)
    if parties.restricted(party_ids=[party_id], restriction=parties.Restriction.PAYOUT):
        raise refusals.PayoutRestricted(party_id=party_id)
    account = AccountKey(AccountKind.BALANCE, party_id, amount.currency)
    wanted = Movement(
        id=payout_id or new_id(),
        kind=MovementKind.PAYOUT,
        party_id=party_id,
        account_id=account.id,
        provider=provider,
        amount_minor=amount.minor,
        currency=amount.currency,
        bank_account=_checked(bank_account),
        bank_account_masked=f"{bank_account.bank_code} ****{bank_account.number[-_MASK_SHOWN:]}",
    )
    return _begin(actor, wanted, account)


def refund_to_source(
    *, actor: parties.Actor, payment_id: UUID, amount: Money | None = None, return_id: UUID | None = None
) -> PaymentView:
    """Send a payment, or a part of it, from its order's escrow back to where it came from.

    At most once for the `return_id`. For what an order cannot take (it lapsed, it was paid twice).
    `payments.returned` or `payments.failed` (subject: the order) says what became of it; after a failure the
    money is in escrow as before. Raises NotAllowed (a step of the platform's own), NoSuchPayment,
    NotReceived, ReturnExceeds, FundsShort.
    """
    parties.require_mandate(actor, parties.Mandate.PLATFORM, scope="payments:write")
    ask_at = clock.now() + (timedelta() if connection.in_atomic_block else ASK_FIRST)
    return _called(_return(actor, payment_id, amount, return_id or new_id(), ask_at))


def send_back(*, order_id: UUID, payment_id: UUID) -> PaymentView:
    """Send all that is left of a payment back to its source, once: for an order that cannot take it.

    An act of the platform's own. Raises what `refund_to_source` does, and NoSuchPayment if the payment is not
    for this order.
    """
    if not Movement.objects.filter(id=payment_id, order_id=order_id).exists():
        raise refusals.NoSuchPayment(id=payment_id)
    return refund_to_source(
        actor=parties.SYSTEM, payment_id=payment_id, return_id=named_id("payments.send_back", payment_id)
    )


def close_payment(*, actor: parties.Actor, payment_id: UUID) -> PaymentView:
    """Give a payment up that is not paid yet: the provider is told to let nobody pay it any more.

    If it was paid all the same it is booked like any other, and `payments.received` says so; whoever cannot
    use it sends it back. A payment whose outcome is known stays as it is. Raises NotAllowed, NoSuchPayment.
    """
    close(actor=actor, payment_id=payment_id)
    if not connection.in_atomic_block:
        asking.pursue(movement_id=payment_id, is_due=True)
    return selectors.view(Movement.objects.get(id=payment_id))


@sets.act
def close(*, actor: parties.Actor, payment_id: UUID) -> None:
    """Write down that a payment is given up, and queue the call that tells the provider."""
    movement = Movement.objects.select_for_update().filter(id=payment_id).first()
    if movement is None or not MovementKind(movement.kind).is_incoming:
        raise refusals.NoSuchPayment(id=payment_id)
    parties.require(actor, movement.party_id, parties.Role.PURCHASING, parties.Role.FINANCE, scope=_WRITE)
    if MOVEMENT.allows(movement.state, "close"):
        movement.state, movement.ask_at = MOVEMENT.next(movement.state, "close"), clock.now()
        movement.save(update_fields=["state", "ask_at"])
        jobs.defer(outcomes.PURSUE, movement_id=str(payment_id))


def _begin(actor: parties.Actor, wanted: Movement, account: AccountKey) -> PaymentView:
    _check(wanted)
    # The call follows the intent at once, unless the caller's transaction is still open; the job is there for
    # when it does not.
    wanted.ask_at = clock.now() + (timedelta() if connection.in_atomic_block else ASK_FIRST)
    return _called(_intend(actor, wanted, account))


def _called(movement: Movement) -> PaymentView:
    """Call the provider now if nothing is locked, else leave it to the job; return how things stand."""
    if movement.state == MovementState.STARTED and not movement.asks and not connection.in_atomic_block:
        asking.pursue(movement_id=movement.id, is_due=True)
        movement.refresh_from_db()
    return selectors.view(movement)


@sets.act
def _intend(actor: parties.Actor, wanted: Movement, account: AccountKey) -> Movement:
    """Write an intent, once; and reserve what goes out."""
    known = Movement.objects.filter(id=wanted.id).first()
    if known is not None:
        return _same(known, wanted)
    _open(wanted, account)
    _write(actor, wanted)
    if not MovementKind(wanted.kind).is_incoming:
        one(ledger.transfer(transfers=[outcomes.booking(wanted, pending=True)]))
    return wanted


@sets.act
def _return(
    actor: parties.Actor, payment_id: UUID, amount: Money | None, return_id: UUID, ask_at: datetime
) -> Movement:
    """Write the intent of a return, as long as all returns together are no more than was paid."""
    paid = Movement.objects.select_for_update().filter(id=payment_id, kind=MovementKind.PAYMENT).first()
    if paid is None:
        raise refusals.NoSuchPayment(id=payment_id)
    if paid.state != MovementState.DONE:
        raise refusals.NotReceived(id=payment_id)
    others = paid.returns.exclude(state=MovementState.FAILED).exclude(id=return_id)
    left = paid.amount_minor - int(others.aggregate(sum=Sum("amount_minor"))["sum"] or 0)
    back = amount or Money(left, paid.currency)
    wanted = Movement(
        id=return_id,
        kind=MovementKind.RETURN,
        party_id=paid.party_id,
        order_id=paid.order_id,
        payment_id=paid.id,
        account_id=paid.account_id,
        provider=paid.provider,
        amount_minor=back.minor,
        currency=back.currency,
        ask_at=ask_at,
    )
    if back.currency != paid.currency:
        raise refusals.CurrencyMismatch(currency=back.currency)
    if back.minor > left or not left:
        raise refusals.ReturnExceeds(left=Money(left, paid.currency))
    _check(wanted)
    return _intend(actor, wanted, AccountKey(AccountKind.ESCROW, paid.account_id, paid.currency))


def _open(wanted: Movement, account: AccountKey) -> None:
    """Open the accounts, and make sure now that what may come in can be booked then."""
    ledger.open_accounts([account, clearing_key(wanted.provider, wanted.currency, shard_for(wanted.id))])
    found = Account.objects.get(id=account.id)
    if found.kind != account.kind:
        raise refusals.NotAnOrder(order_id=account.id)
    if found.currency != account.currency:
        raise refusals.CurrencyMismatch(currency=account.currency)


def _write(actor: parties.Actor, wanted: Movement) -> None:
    wanted.number, wanted.started_at = numbers.draw(1)[0], clock.now()
    wanted.save(force_insert=True)
    jobs.defer(outcomes.PURSUE, at=wanted.ask_at, movement_id=str(wanted.id))
    body = documents.Started(
        movement_id=wanted.id,
        number=wanted.number,
        movement_kind=wanted.kind,
        party_id=wanted.party_id,
        order_id=wanted.order_id,
        payment_id=wanted.payment_id,
        amount=Money(wanted.amount_minor, wanted.currency),
        provider=wanted.provider,
    )
    journal.append(
        [
            journal.Entry(
                subject=wanted.order_id or wanted.party_id,
                issuer=actor.party_id,
                body=body,
                visible_to=[wanted.party_id, PLATFORM],
            )
        ]
    )


def _same(known: Movement, wanted: Movement) -> Movement:
    """Return what is there under the id, if it is what is wanted."""
    names = (
        "kind",
        "party_id",
        "order_id",
        "payment_id",
        "provider",
        "amount_minor",
        "currency",
        "bank_account",
    )
    if any(getattr(known, name) != getattr(wanted, name) for name in names):
        raise refusals.TransferDiffers(id=wanted.id)
    return known


def _check(wanted: Movement) -> None:
    if wanted.amount_minor <= 0:
        raise refusals.AmountNotPositive
    if wanted.order_id is not None and not may_be_order(wanted.order_id):
        raise refusals.NotAnOrder(order_id=wanted.order_id)
    for field, most in (("description", _DESCRIPTION_MAX), ("return_url", _URL_MAX)):
        text = getattr(wanted, field)
        if len(text) > most or not text.isprintable():
            raise refusals.BadText(field=field)
    # A page of ours links to it: no other scheme may reach a browser.
    if wanted.return_url and not wanted.return_url.startswith(("http://", "https://")):
        raise refusals.BadText(field="return_url")


def _checked(account: BankAccount) -> dict[str, str]:
    """Return a bank account as it is kept, if it can be one."""
    number = account.number.replace(" ", "")
    if not 0 < len(account.holder.strip()) <= _HOLDER_MAX or not account.holder.isprintable():
        raise refusals.BadBankAccount(field="holder")
    if not (_NUMBER_MIN <= len(number) <= _NUMBER_MAX and number.isascii() and number.isalnum()):
        raise refusals.BadBankAccount(field="number")
    code = account.bank_code
    if not (_BANK_CODE_MIN <= len(code) <= _BANK_CODE_MAX and code.isascii() and code.isalnum()):
        raise refusals.BadBankAccount(field="bank_code")
    if len(account.bank_name) > _HOLDER_MAX or not account.bank_name.isprintable():
        raise refusals.BadBankAccount(field="bank_name")
    return {
        "holder": account.holder.strip(),
        "number": number,
        "bank_code": code,
        "bank_name": account.bank_name,
    }
