"""Calling a provider about a movement, outside any transaction, until its outcome is known.

A movement that is not known to be done or failed is asked about again and again (`rules.ask_after`), first
with the provider's query verb; only where the provider has never seen the id the same request is sent once
more, under the same id, which is what keeps the money from moving twice.
"""

from datetime import timedelta
from uuid import UUID

from cohong.kernel import clock, jobs, parameters
from cohong.kernel.errors import Refusal
from cohong.kernel.money import Money
from cohong.payments import connections, outcomes, refusals
from cohong.payments.models import Movement
from cohong.payments.parameters import CLOSE_HOURS
from cohong.payments.providers.protocol import (
    BankAccount,
    Outage,
    Outcome,
    Payment,
    PaymentProvider,
    ProviderIdReused,
    Unknown,
)
from cohong.payments.states import MOVEMENT, MovementKind, MovementState

_OVERDUE = timedelta(minutes=5)
_SWEEP_MAX = 500


def pursue(*, movement_id: UUID, is_due: bool = False) -> Refusal | None:
    """Ask about a movement if it is time to, or if `is_due` says so.

    Return why the answer is not believed, if it is not. Must not be called inside a transaction.
    """
    movement = Movement.objects.filter(id=movement_id).first()
    if movement is None or movement.ask_at is None or (movement.ask_at > clock.now() and not is_due):
        return None
    if _is_stale(movement):
        Movement.objects.filter(id=movement.id, state__in=MOVEMENT.sources("close")).update(
            state=MovementState.CLOSING
        )
        movement.refresh_from_db()
    return outcomes.record(movement_id=movement.id, outcome=_ask(movement))


def pursue_overdue() -> int:
    """Queue again what should have been asked about: a job that ends in a program error is lost."""
    late = Movement.objects.filter(ask_at__lt=clock.now() - _OVERDUE).order_by("ask_at")
    found = list(late.values_list("id", flat=True)[:_SWEEP_MAX])
    for movement_id in found:
        jobs.defer(outcomes.PURSUE, movement_id=str(movement_id))
    return len(found)


def _is_stale(movement: Movement) -> bool:
    """Tell whether it is a payment that nobody has paid for a long time."""
    return (
        MovementKind(movement.kind).is_incoming
        and MOVEMENT.allows(movement.state, "close")
        and clock.now() - movement.started_at > timedelta(hours=parameters.value(CLOSE_HOURS))
    )


def _ask(movement: Movement) -> Outcome:
    try:
        provider = connections.provider(movement.provider)
        if movement.state == MovementState.CLOSING:
            return provider.close(movement.id)
        if not movement.asks:
            return _send(provider, movement)
        answer = _query(provider, movement)
        if isinstance(answer, Unknown) and answer.why is Outage.NOT_SEEN:
            return _send(provider, movement)
    except refusals.NotConnected as away:
        return Unknown(why=Outage.UNREACHABLE, detail=away.code)
    except ProviderIdReused as reused:
        # Nothing was done now, but something else was under our id: people have to look.
        outcomes.note_incident(
            provider=movement.provider, movement_id=movement.id, what="id_reused", told=reused.code
        )
        return Unknown(why=Outage.UNREADABLE, detail=reused.code)
    return answer


def _query(provider: PaymentProvider, movement: Movement) -> Outcome:
    match MovementKind(movement.kind):
        case MovementKind.PAYOUT:
            return provider.query_payout(movement.id)
        case MovementKind.RETURN:
            return provider.query_refund(movement.id)
        case _:
            return provider.query(movement.id)


def _send(provider: PaymentProvider, movement: Movement) -> Outcome:
    amount = Money(movement.amount_minor, movement.currency)
    notify_url = connections.notify_url(movement.provider)
    match MovementKind(movement.kind):
        case MovementKind.PAYOUT:
            assert movement.bank_account is not None  # noqa: S101 - a constraint says so
            return provider.pay_out(
                payout_id=movement.id,
                amount=amount,
                account=BankAccount(**movement.bank_account),
                note=movement.number,
                notify_url=notify_url,
            )
        case MovementKind.RETURN:
            assert movement.payment_id is not None  # noqa: S101 - a constraint says so
            return provider.refund(refund_id=movement.id, payment_id=movement.payment_id, amount=amount)
        case _:
            return provider.create(
                Payment(
                    payment_id=movement.id,
                    number=movement.number,
                    amount=amount,
                    description=movement.description,
                    notify_url=notify_url,
                    return_url=movement.return_url,
                )
            )
