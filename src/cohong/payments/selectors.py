"""Reads: a party's statement, movements, incidents."""

from collections.abc import Sequence
from uuid import UUID

from cohong.kernel import sets
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.payments.kinds import Mode, TransferKind
from cohong.payments.models import Incident, Movement
from cohong.payments.refusals import NoSuchPayment
from cohong.payments.shapes import IncidentView, Line, PaymentView
from cohong.payments.states import MovementKind, MovementState

_READ = "payments:read"
_STATEMENT = """
with mine as (
    select id from payments_account
    where owner_id = %(party)s and kind = 'balance'
    and (%(currency)s::text is null or currency = %(currency)s)
), before as (
    select seq from payments_transfer where id = %(after)s
), lines as (
    (select t.*, -1 as sign from payments_transfer t
     where t.debit_account in (select id from mine)
     and (%(after)s::uuid is null or t.seq < (select seq from before))
     and (%(kinds)s::text[] is null or t.kind = any(%(kinds)s))
     order by t.seq desc limit %(limit)s)
    union all
    (select t.*, 1 as sign from payments_transfer t
     where t.credit_account in (select id from mine)
     and (%(after)s::uuid is null or t.seq < (select seq from before))
     and (%(kinds)s::text[] is null or t.kind = any(%(kinds)s))
     order by t.seq desc limit %(limit)s)
)
select id, at, kind, mode, amount_minor * sign, currency, reference from lines
order by seq desc limit %(limit)s
"""


def statement(
    *,
    actor: parties.Actor,
    party_id: UUID,
    currency: str | None = None,
    kinds: Sequence[TransferKind] | None = None,
    after: UUID | None = None,
    limit: int,
) -> list[Line]:
    """Return what went in and out of a party's balances, newest first, from after the transfer `after`."""
    parties.require(actor, party_id, parties.Role.FINANCE, scope=_READ)
    asked = {
        "party": party_id,
        "currency": currency,
        "kinds": None if kinds is None else [kind.value for kind in kinds],
        "after": after,
        "limit": limit,
    }
    return [
        Line(
            id=id_,
            at=at,
            kind=TransferKind(kind),
            mode=Mode(mode),
            amount=Money(minor, of),
            reference=reference,
        )
        for id_, at, kind, mode, minor, of, reference in sets.fetch(_STATEMENT, asked)  # type: ignore[arg-type]
    ]


def payment(*, actor: parties.Actor, payment_id: UUID) -> PaymentView:
    """Return a movement of the actor's party. Raises NoSuchPayment, also for one of another party."""
    found = Movement.objects.filter(id=payment_id).first()
    if found is None:
        raise NoSuchPayment(id=payment_id)
    try:
        parties.require(actor, found.party_id, parties.Role.FINANCE, parties.Role.PURCHASING, scope=_READ)
    except parties.NotYours:
        # Whoever asks for another's payment does not even learn that there is one.
        raise NoSuchPayment(id=payment_id) from None
    return view(found)


def payments_of(
    *,
    actor: parties.Actor,
    party_id: UUID,
    kinds: Sequence[MovementKind] | None = None,
    states: Sequence[MovementState] | None = None,
    order_id: UUID | None = None,
    after: UUID | None = None,
    limit: int,
) -> list[PaymentView]:
    """Return a party's movements, newest first, from after the movement `after`."""
    parties.require(actor, party_id, parties.Role.FINANCE, parties.Role.PURCHASING, scope=_READ)
    found = Movement.objects.filter(party_id=party_id)
    if kinds is not None:
        found = found.filter(kind__in=kinds)
    if states is not None:
        found = found.filter(state__in=states)
    if order_id is not None:
        found = found.filter(order_id=order_id)
    if after is not None:
        found = found.filter(id__lt=after)
    return [view(one) for one in found.order_by("-id")[:limit]]


def payments_for(*, order_ids: Sequence[UUID]) -> dict[UUID, list[PaymentView]]:
    """Return the payments and returns of orders, oldest first. Who may see them is the caller's to check."""
    found: dict[UUID, list[PaymentView]] = {}
    for one in Movement.objects.filter(order_id__in=order_ids).order_by("id"):
        if one.order_id is not None:
            found.setdefault(one.order_id, []).append(view(one))
    return found


def incidents(*, actor: parties.Actor, after: UUID | None = None, limit: int) -> list[IncidentView]:
    """Return what providers said and was not acted upon, newest first; for the platform only."""
    parties.require_mandate(actor, parties.Mandate.PLATFORM, scope=_READ)
    found = Incident.objects.order_by("-id")
    if after is not None:
        found = found.filter(id__lt=after)
    return [
        IncidentView(
            id=one.id,
            provider=one.provider,
            movement_id=one.movement_id,
            what=one.what,
            told=one.told,
            at=one.at,
        )
        for one in found[:limit]
    ]


def view(one: Movement) -> PaymentView:
    """Say what a movement is like now."""
    return PaymentView(
        id=one.id,
        kind=MovementKind(one.kind),
        number=one.number,
        state=MovementState(one.state),
        party_id=one.party_id,
        order_id=one.order_id,
        payment_id=one.payment_id,
        amount=Money(one.amount_minor, one.currency),
        provider=one.provider,
        pay_url=one.pay_url,
        qr_text=one.qr_text,
        failure=one.failure,
        bank_account=one.bank_account_masked,
        started_at=one.started_at,
        ended_at=one.ended_at,
    )
