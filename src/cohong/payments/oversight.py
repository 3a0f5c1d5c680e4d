"""What authorities see of money: an order's escrow with its transfers; fees, rates, revenue and runs, for the platform."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.conf import settings

from cohong.kernel import sets
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.parties.api import Mandate
from cohong.payments import connections
from cohong.payments.exchange import written_rate
from cohong.payments.kinds import PLATFORM, SHARDS, AccountKind, Mode, TransferKind, account_id
from cohong.payments.models import ReconciliationRun

_READ: Final = "payments:read"
_MOST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class EscrowLine:
    """A transfer that an order made, between two kinds of accounts. `mode` as in the ledger."""

    id: UUID
    at: datetime
    kind: TransferKind
    mode: Mode
    amount: Money
    is_in: bool
    past_escrow: bool


def escrow_lines(*, actor: parties.Actor, order_id: UUID) -> list[EscrowLine]:
    """Return the transfers of an order, oldest first: in and out of its escrow, and what went past it afterwards.

    For supervision and the platform. Raises MandateMissing.
    """
    parties.require_mandate(actor, Mandate.SUPERVISION, Mandate.PLATFORM, scope=_READ)
    rows = sets.fetch(
        "select id, at, kind, mode, amount_minor, currency, credit_account = %(id)s,"
        " credit_account <> %(id)s and debit_account <> %(id)s from ("
        " select * from payments_transfer where debit_account = %(id)s"
        " union select * from payments_transfer where credit_account = %(id)s"
        " union select * from payments_transfer where reference = %(id)s and kind in ('give_back', 'fee_refund')"
        ") t order by seq",
        {"id": order_id},  # type: ignore[arg-type]
    )
    return [
        EscrowLine(
            id=row[0],
            at=row[1],
            kind=TransferKind(row[2]),
            mode=Mode(row[3]),
            amount=Money(row[4], row[5]),
            is_in=row[6],
            past_escrow=row[7],
        )
        for row in rows
    ]


# --- what the platform set -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeView:
    """A fee that was set, in basis points, for a way of trade (empty: for all); in force until the next one of its way."""

    way: str
    basis_points: int
    set_by: UUID
    set_by_user: UUID | None
    set_at: datetime
    document: UUID
    in_force: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RateView:
    """An exchange rate that was set; in force until the next one of its pair."""

    id: UUID
    sell: str
    buy: str
    rate: str
    set_by: UUID
    set_by_user: UUID | None
    set_at: datetime
    document: UUID
    in_force: bool


def fee_history(*, actor: parties.Actor, limit: int = 100) -> list[FeeView]:
    """Return the fees that were set, newest first; for the platform and supervision."""
    parties.require_mandate(actor, Mandate.PLATFORM, Mandate.SUPERVISION, scope=_READ)
    rows = sets.fetch(
        "select way, basis_points, set_by, set_by_user, set_at, document,"
        " not exists (select 1 from payments_fee_rate n where n.way = f.way and n.id > f.id)"
        " from payments_fee_rate f order by id desc limit %s",
        (min(limit, _MOST),),
    )
    return [
        FeeView(
            way=row[0],
            basis_points=row[1],
            set_by=row[2],
            set_by_user=row[3],
            set_at=row[4],
            document=row[5],
            in_force=row[6],
        )
        for row in rows
    ]


def rate_history(*, actor: parties.Actor, limit: int = 100) -> list[RateView]:
    """Return the exchange rates that were set, newest first; for the platform and supervision."""
    parties.require_mandate(actor, Mandate.PLATFORM, Mandate.SUPERVISION, scope=_READ)
    rows = sets.fetch(
        "select id, sell, buy, rate, set_by, set_by_user, set_at, document, not exists (select 1"
        " from payments_exchange_rate n where n.sell = r.sell and n.buy = r.buy and n.id > r.id)"
        " from payments_exchange_rate r order by id desc limit %s",
        (min(limit, _MOST),),
    )
    return [
        RateView(
            id=row[0],
            sell=row[1],
            buy=row[2],
            rate=written_rate(row[3]),
            set_by=row[4],
            set_by_user=row[5],
            set_at=row[6],
            document=row[7],
            in_force=row[8],
        )
        for row in rows
    ]


# --- what the platform has earned ------------------------------------------------------------------------


def fee_balances(*, actor: parties.Actor) -> list[Money]:
    """Return what lies in the platform's fee accounts, one amount for each currency. For the platform."""
    parties.require_mandate(actor, Mandate.PLATFORM, scope=_READ)
    rows = sets.fetch(
        "select currency, sum(credits_posted - debits_posted)::bigint from payments_account"
        " where owner_id = %s and kind = 'fees' group by currency order by currency",
        (PLATFORM,),
    )
    return [Money(minor, currency) for currency, minor in rows]


def fees_by_day(*, actor: parties.Actor, since: datetime, currency: str) -> list[tuple[date, Money]]:
    """Return what the platform earned each day (the region's) since then, less what it gave back. For the platform.

    Days without fees are left out.
    """
    parties.require_mandate(actor, Mandate.PLATFORM, scope=_READ)
    shards = _fee_accounts(currency)
    rows = sets.fetch(
        "select (at at time zone %(zone)s)::date, sum(minor)::bigint from ("
        " select at, amount_minor as minor from payments_transfer"
        " where credit_account = any(%(shards)s) and kind = 'fee' and at >= %(since)s"
        " union all select at, -amount_minor from payments_transfer"
        " where debit_account = any(%(shards)s) and kind = 'fee_refund' and at >= %(since)s"
        ") t group by 1 order by 1",
        {"zone": settings.TIME_ZONE, "shards": shards, "since": since},  # type: ignore[arg-type]
    )
    return [(day, Money(minor, currency)) for day, minor in rows]


def _fee_accounts(currency: str) -> Sequence[UUID]:
    return [account_id(AccountKind.FEES, PLATFORM, currency, shard) for shard in range(SHARDS)]


# --- runs ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """One comparison with a provider's statement."""

    id: UUID
    provider: str
    day: date
    agreed: int
    differences: int
    run_by: UUID
    run_by_user: UUID | None
    run_at: datetime


def reconciliations(*, actor: parties.Actor, limit: int = 30) -> list[RunView]:
    """Return the comparisons that were made, newest first; for the platform."""
    parties.require_mandate(actor, Mandate.PLATFORM, scope=_READ)
    return [
        RunView(
            id=run.id,
            provider=run.provider,
            day=run.day,
            agreed=run.agreed,
            differences=run.differences,
            run_by=run.run_by,
            run_by_user=run.run_by_user,
            run_at=run.run_at,
        )
        for run in ReconciliationRun.objects.order_by("-id")[: min(limit, _MOST)]
    ]


def providers(*, actor: parties.Actor) -> dict[str, bool]:
    """Tell of each provider whether this installation is connected to it; for the platform."""
    parties.require_mandate(actor, Mandate.PLATFORM, scope=_READ)
    return connections.standing()
