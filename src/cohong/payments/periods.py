"""A period's statement of account (对账单): what a balance held, each transfer that changed it, what it held then.

Summed from transfers alone, by the house's time of each: what is only reserved (a payout under way) has not moved yet and
is no line. So opening + lines = closing, always, and the closing of one period is the opening of the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cohong.kernel import sets
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.payments.kinds import AccountKind, TransferKind, account_id

_READ = "payments:read"
_MOVED = """
with moved as materialized (
    select id, seq, at, kind, reference, "group", -amount_minor as signed from payments_transfer
    where debit_account = %(account)s and mode in ('posted', 'post') and at < %(end)s
    union all
    select id, seq, at, kind, reference, "group", amount_minor as signed from payments_transfer
    where credit_account = %(account)s and mode in ('posted', 'post') and at < %(end)s
)
select null::uuid as id, null::bigint as seq, null::timestamptz as at, null::text as kind, null::uuid as reference,
    coalesce(sum(signed), 0)::bigint as signed, 0 as fee
from moved where at < %(start)s
union all
select id, seq, at, kind, reference, signed, coalesce((
    select f.amount_minor from payments_transfer f
    where m.kind = 'settlement' and m."group" is not null
    and f.debit_account = m.reference and f.kind = 'fee' and f."group" = m."group"
), (
    select -f.amount_minor from payments_transfer f
    where m.kind = 'give_back' and m."group" is not null
    and f.reference = m.reference and f.kind = 'fee_refund' and f."group" = m."group"
), 0)
from moved m where at >= %(start)s
order by at nulls first, seq
"""
_MONTHS = """
select distinct a.currency, date_trunc('month', t.at at time zone %(zone)s)::date
from payments_account a join lateral (
    select at from payments_transfer where debit_account = a.id and mode in ('posted', 'post')
    union all
    select at from payments_transfer where credit_account = a.id and mode in ('posted', 'post')
) t on true
where a.owner_id = %(party)s and a.kind = 'balance' order by 2 desc, 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodLine:
    """A transfer that changed the balance; `amount` is above zero for what came in.

    `fee` is what the platform took of the same settlement, or, below zero, gave back with the same refund: it never
    touched this balance. `reference` is the order, the movement or the party that the transfer was for.
    """

    id: UUID
    at: datetime
    kind: TransferKind
    amount: Money
    fee: Money
    reference: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A balance from `start` to `end` (not included): opening + the lines' amounts = closing."""

    currency: str
    start: datetime
    end: datetime
    opening: Money
    closing: Money
    lines: tuple[PeriodLine, ...]


def period(*, actor: parties.Actor, party_id: UUID, currency: str, start: datetime, end: datetime) -> Period:
    """Return a party's statement of a period in one currency; the lines in the order in which they happened.

    For the party's finance, and a token with `payments:read`. Raises `NotYours`, UnknownCurrency.
    """
    parties.require(actor, party_id, parties.Role.FINANCE, scope=_READ)
    asked = {
        "account": account_id(AccountKind.BALANCE, party_id, currency),
        "start": start,
        "end": end,
    }
    # One statement, so that the opening balance and the lines are of one moment.
    [(*_, opening, _fee), *moved] = sets.fetch(_MOVED, asked)  # type: ignore[arg-type]
    lines = tuple(
        PeriodLine(
            id=id_,
            at=at,
            kind=TransferKind(kind),
            amount=Money(signed, currency),
            fee=Money(fee, currency),
            reference=reference,
        )
        for id_, _seq, at, kind, reference, signed, fee in moved
    )
    return Period(
        currency=currency,
        start=start,
        end=end,
        opening=Money(opening, currency),
        closing=Money(opening + sum(line.amount.minor for line in lines), currency),
        lines=lines,
    )


def months_of(*, actor: parties.Actor, party_id: UUID, zone: str) -> Sequence[tuple[str, date]]:
    """List the months (their first days, in the time zone) in which a balance changed, with its currency; newest first."""
    parties.require(actor, party_id, parties.Role.FINANCE, scope=_READ)
    return [
        (currency, month)
        for currency, month in sets.fetch(_MONTHS, {"party": party_id, "zone": zone})  # type: ignore[arg-type]
    ]
