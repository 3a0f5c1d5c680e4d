"""Reconciliation: our books against the provider's statement, day by day (UTC)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from cohong.kernel import clock, sets
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.payments import connections, outcomes
from cohong.payments.connections import DEFAULT_PROVIDER
from cohong.payments.models import Movement, ReconciliationRun
from cohong.payments.providers.protocol import StatementLine, Succeeded
from cohong.payments.refusals import NotConnected
from cohong.payments.states import MOVEMENT, MovementKind, MovementState


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where the two books differ about one movement, in signed amounts; None: the book has nothing."""

    movement_id: UUID
    ours: Money | None
    theirs: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """What was compared: how many movements agree, and the differences that are left."""

    provider: str
    day: date
    agreed: int
    differences: list[Difference] = field(default_factory=list)


def reconcile(*, actor: parties.Actor, day: date, provider: str = DEFAULT_PROVIDER) -> Reconciliation:
    """Compare a day. What the statement knows and we were still waiting for is booked.

    Each difference is kept as an incident too, and the run itself is noted. Raises NotAllowed, NoSuchProvider, NotConnected,
    ProviderUnavailable.
    """
    parties.require_mandate(actor, parties.Mandate.PLATFORM, scope="payments:write")
    client = connections.provider(provider)
    theirs: dict[UUID, StatementLine] = {}
    for currency in _currencies(provider):
        theirs |= {line.our_id: line for line in client.statement(day, currency)}
    _book_what_we_waited_for(theirs.values())
    ours = _ours(provider, day)
    differences = []
    for movement_id in sorted({*ours, *theirs}):
        mine = ours.get(movement_id)
        line = theirs.get(movement_id)
        if line is None or mine != line.amount:
            told = Difference(movement_id=movement_id, ours=mine, theirs=line.amount if line else None)
            differences.append(told)
            outcomes.note_incident(
                provider=provider,
                movement_id=movement_id,
                what="statement_differs",
                told=f"{day} ours {told.ours} theirs {told.theirs}",
            )
    agreed = len({*ours, *theirs}) - len(differences)
    ReconciliationRun.objects.create(
        provider=provider,
        day=day,
        agreed=agreed,
        differences=len(differences),
        run_by=actor.party_id,
        run_by_user=actor.user_id,
        run_at=clock.now(),
    )
    return Reconciliation(provider=provider, day=day, agreed=agreed, differences=differences)


def reconcile_yesterday() -> None:
    """Reconcile yesterday with every provider that is connected."""
    yesterday = clock.now().date() - timedelta(days=1)
    for provider in sorted(connections.PROVIDERS):
        try:
            connections.provider(provider)
        except NotConnected:
            continue
        reconcile(actor=parties.SYSTEM, day=yesterday, provider=provider)


def _currencies(provider: str) -> list[str]:
    """Return the currencies in which anything was ever to move through a provider."""
    rows = sets.fetch(
        "select distinct currency from payments_movement where provider = %s order by currency", (provider,)
    )
    return [currency for (currency,) in rows]


def _book_what_we_waited_for(lines: Iterable[StatementLine]) -> None:
    by_id = {line.our_id: line for line in lines}
    for movement in Movement.objects.filter(id__in=list(by_id)).order_by("id"):
        line = by_id[movement.id]
        if not MOVEMENT.is_final(movement.state):
            moved = Succeeded(
                provider_ref=line.provider_ref, amount=abs(line.amount), happened_at=line.happened_at
            )
            outcomes.record(movement_id=movement.id, outcome=moved)


def _ours(provider: str, day: date) -> dict[UUID, Money]:
    start = datetime.combine(day, time(), UTC)
    found = Movement.objects.filter(
        provider=provider,
        state=MovementState.DONE,
        happened_at__gte=start,
        happened_at__lt=start + timedelta(days=1),
    )
    return {
        one.id: Money(
            one.amount_minor if MovementKind(one.kind).is_incoming else -one.amount_minor, one.currency
        )
        for one in found
    }
