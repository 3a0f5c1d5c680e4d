"""What providers say by themselves: verified, matched with what was asked for, taken in any order."""

import hashlib
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from cohong.kernel import clock, sets
from cohong.kernel.errors import Refusal
from cohong.payments import connections, outcomes, refusals
from cohong.payments.models import Movement
from cohong.payments.providers.protocol import Kind, Notification
from cohong.payments.states import MovementKind

_KINDS: Final = {
    MovementKind.PAYMENT: Kind.PAYMENT,
    MovementKind.TOP_UP: Kind.PAYMENT,
    MovementKind.PAYOUT: Kind.PAYOUT,
    MovementKind.RETURN: Kind.REFUND,
}
_ID_MAX = 128


def handle_notification(*, provider: str, headers: Mapping[str, str], body: bytes) -> None:
    """Take a notification: nothing of it is believed before its signature is checked.

    The same one again, or one that comes after its outcome is known, changes nothing. Raises NoSuchProvider,
    NotConnected, BadSignature, NoSuchPayment (nothing of ours), AmountDiffers, OutcomeContradicts, …; what is
    refused after the signature was checked is kept as an incident.
    """
    said = connections.provider(provider).verify_notification(headers, body)
    refusal = _take(provider, said, hashlib.sha256(body).digest())
    if refusal is not None:
        raise refusal


@sets.act
def _take(provider: str, said: Notification, digest: bytes) -> Refusal | None:
    movement = Movement.objects.filter(id=said.our_id, provider=provider).first()
    if movement is None or _KINDS[MovementKind(movement.kind)] is not said.kind:
        told = f"{said.kind.value} {said.amount}"
        outcomes.note_incident(provider=provider, movement_id=said.our_id, what="unknown_movement", told=told)
        return refusals.NoSuchPayment(id=said.our_id)
    refusal = outcomes.record(movement_id=movement.id, outcome=said.outcome)
    _keep(provider, said.notification_id, movement.id, digest)
    return refusal


def _keep(provider: str, notification_id: str, movement_id: UUID, digest: bytes) -> None:
    """Keep a notification as evidence, as it came for the first time."""
    sets.run(
        "insert into payments_notification (provider, notification_id, movement_id, digest, received_at)"
        " values (%s, %s, %s, %s, %s) on conflict do nothing",
        (provider, notification_id[:_ID_MAX], movement_id, digest, clock.now()),
    )
