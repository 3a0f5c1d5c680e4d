"""What has become of a movement, written down: once, whatever a provider repeats, reorders or contradicts.

The movement's row is locked first, then the ledger's accounts. The state machine, the constraint on an
outcome's fields and the at-most-once ids of the transfers each would be enough to keep money from moving
twice.
"""

from typing import Any
from uuid import UUID

from cohong.kernel import clock, jobs, journal, sets
from cohong.kernel.documents import Body
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import named_id, new_id
from cohong.kernel.money import Money
from cohong.payments import documents, ledger, refusals, rules
from cohong.payments.connections import clearing_key
from cohong.payments.kinds import PLATFORM, TransferKind, shard_for
from cohong.payments.models import Movement
from cohong.payments.posting import Transfer
from cohong.payments.providers.protocol import Failed, Outcome, Pending, Succeeded, Unknown
from cohong.payments.states import MOVEMENT, MovementKind, MovementState

_TRANSFERS = {
    MovementKind.PAYMENT: TransferKind.PAYMENT,
    MovementKind.TOP_UP: TransferKind.TOP_UP,
    MovementKind.PAYOUT: TransferKind.PAYOUT,
    MovementKind.RETURN: TransferKind.RETURN,
}
PURSUE = "payments.pursue"


@sets.act
def record(*, movement_id: UUID, outcome: Outcome) -> Refusal | None:
    """Write down what a provider says of a movement; return why it is not believed, if it is not.

    What is not believed changes nothing and is kept as an incident.
    """
    movement = Movement.objects.select_for_update().get(id=movement_id)
    match outcome:
        case Succeeded():
            return _finish(movement, outcome)
        case Failed():
            return _fail(movement, outcome)
        case Pending():
            return _wait(movement, outcome)
        case Unknown():
            if movement.ask_at is not None:
                _ask_later(movement)
    return None


def note_incident(*, provider: str, movement_id: UUID, what: str, told: str) -> None:
    """Keep something that a provider said, for people to look at; the same thing again is kept once."""
    sets.run(
        "insert into payments_incident (id, provider, movement_id, what, told, at)"
        " values (%s, %s, %s, %s, %s, %s) on conflict do nothing",
        (new_id(), provider, movement_id, what, told[:200], clock.now()),
    )


def booking(movement: Movement, *, pending: bool = False, void: bool = False) -> Transfer:
    """Return the transfer of a movement: one way in; reserved first, then posted or voided on the way out."""
    kind = MovementKind(movement.kind)
    clearing = clearing_key(movement.provider, movement.currency, shard_for(movement.id)).id
    at_once = kind.is_incoming or pending
    return Transfer(
        # Posting and voiding share one id: only one of them can ever be.
        id=movement.id if at_once else named_id("payments.outcome", movement.id),
        debit_account=clearing if kind.is_incoming else movement.account_id,
        credit_account=movement.account_id if kind.is_incoming else clearing,
        amount=Money(movement.amount_minor, movement.currency),
        kind=_TRANSFERS[kind],
        reference=movement.order_id or movement.id,
        pending=pending,
        pending_id=None if at_once else movement.id,
        void=void,
    )


def _finish(movement: Movement, outcome: Succeeded) -> Refusal | None:
    asked = Money(movement.amount_minor, movement.currency)
    if outcome.amount != asked:
        return _disbelieve(
            movement,
            "amount_differs",
            refusals.AmountDiffers(told=outcome.amount, asked=asked),
            str(outcome.amount),
        )
    if movement.state == MovementState.DONE and movement.provider_ref == outcome.provider_ref:
        return None
    if MOVEMENT.is_final(movement.state):
        told = f"done {outcome.provider_ref}"
        return _disbelieve(movement, "contradicts", refusals.OutcomeContradicts(id=movement.id), told)
    if _is_reference_taken(movement, outcome.provider_ref):
        return _disbelieve(
            movement, "reference_reused", refusals.ReferenceReused(id=movement.id), outcome.provider_ref
        )
    refusal = _book(movement)
    if refusal is not None:
        return _disbelieve(movement, "cannot_book", refusal, refusal.code)
    movement.provider_ref, movement.happened_at = outcome.provider_ref, outcome.happened_at
    _end(movement, "finish")
    _issue(movement, _done_document(movement))
    return None


def _fail(movement: Movement, outcome: Failed) -> Refusal | None:
    if movement.state == MovementState.FAILED:
        return None
    if movement.state == MovementState.DONE:
        told = f"failed {outcome.reason.value}"
        return _disbelieve(movement, "contradicts", refusals.OutcomeContradicts(id=movement.id), told)
    if not MovementKind(movement.kind).is_incoming:
        [result] = ledger.transfer(transfers=[booking(movement, void=True)])
        if isinstance(result, Refusal):
            return _disbelieve(movement, "cannot_book", result, result.code)
    movement.failure = outcome.reason.value
    _end(movement, "fail")
    body = documents.Failed(
        movement_kind=movement.kind,
        order_id=movement.order_id,
        payment_id=movement.payment_id,
        reason=movement.failure,
        **_common(movement),
    )
    _issue(movement, body)
    return None


def _wait(movement: Movement, outcome: Pending) -> Refusal | None:
    """Take note that nothing has moved yet, unless a later word has overtaken this one."""
    if MOVEMENT.allows(movement.state, "open"):
        if _is_reference_taken(movement, outcome.provider_ref):
            return _disbelieve(
                movement, "reference_reused", refusals.ReferenceReused(id=movement.id), outcome.provider_ref
            )
        movement.state = MOVEMENT.next(movement.state, "open")
        movement.provider_ref = outcome.provider_ref
        movement.pay_url = outcome.pay_url or movement.pay_url
        movement.qr_text = outcome.qr_text or movement.qr_text
        movement.save(update_fields=["state", "provider_ref", "pay_url", "qr_text"])
    if movement.ask_at is not None:
        _ask_later(movement)
    return None


def _ask_later(movement: Movement) -> None:
    movement.ask_at = clock.now() + rules.ask_after(movement.asks)
    movement.asks += 1
    movement.save(update_fields=["asks", "ask_at"])
    jobs.defer(PURSUE, at=movement.ask_at, movement_id=str(movement.id))


def _book(movement: Movement) -> Refusal | None:
    transfer = booking(movement)
    if MovementKind(movement.kind).is_incoming:
        ledger.open_accounts([clearing_key(movement.provider, movement.currency, shard_for(movement.id))])
    [result] = ledger.transfer(transfers=[transfer])
    return result if isinstance(result, Refusal) else None


def _is_reference_taken(movement: Movement, reference: str) -> bool:
    others = Movement.objects.filter(provider=movement.provider, provider_ref=reference).exclude(
        id=movement.id
    )
    return not reference or others.exists()


def _disbelieve(movement: Movement, what: str, refusal: Refusal, told: str) -> Refusal:
    note_incident(provider=movement.provider, movement_id=movement.id, what=what, told=told)
    if movement.ask_at is not None:
        _ask_later(movement)
    return refusal


def _end(movement: Movement, act: str) -> None:
    movement.state = MOVEMENT.next(movement.state, act)
    movement.ended_at, movement.ask_at = clock.now(), None
    movement.save(update_fields=["state", "provider_ref", "happened_at", "failure", "ended_at", "ask_at"])


def _done_document(movement: Movement) -> Body:
    said = {**_common(movement), "provider_ref": movement.provider_ref, "happened_at": movement.happened_at}
    match MovementKind(movement.kind):
        case MovementKind.PAYMENT | MovementKind.TOP_UP:
            return documents.Received(order_id=movement.order_id, **said)
        case MovementKind.PAYOUT:
            return documents.PaidOut(**said)
        case MovementKind.RETURN:
            said |= {"order_id": movement.order_id, "payment_id": movement.payment_id}
            return documents.Returned(**said)


def _common(movement: Movement) -> dict[str, Any]:
    return {
        "movement_id": movement.id,
        "number": movement.number,
        "party_id": movement.party_id,
        "amount": Money(movement.amount_minor, movement.currency),
        "provider": movement.provider,
    }


def _issue(movement: Movement, body: Body) -> None:
    subject = movement.order_id or movement.party_id
    journal.append(
        [journal.Entry(subject=subject, issuer=PLATFORM, body=body, visible_to=[movement.party_id, PLATFORM])]
    )
