"""The ledger: double entry, append-only, after the model of TigerBeetle.

A call is a handful of statements however many transfers it takes: lock the accounts in the order of their
ids, read what is already written of these transfers, decide (`posting`), write the new transfers with COPY,
write the accounts' new sums.

Nothing here waits in a circle, because there is one order of locks: a call first opens accounts (in the order
of their ids, in one statement), then locks all it needs (again in that order, in one statement), and then
only writes. So that it stays so, **a transaction makes one ledger call**, with all of its transfers in it,
after all its other locks.

A refused transfer leaves no trace and may be tried again under the same id.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.utils import IntegrityError

from cohong.kernel import clock, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.money import Money
from cohong.payments.kinds import AccountKind, account_id, shards_of
from cohong.payments.posting import Account, Round, Transfer, TransferResult, Written
from cohong.payments.refusals import TransferDiffers

_TRANSFER_COLUMNS = (
    *("id", "debit_account", "credit_account", "amount_minor", "currency", "kind"),
    *("reference", "group", "mode", "pending_id", "at"),
)
_SELECT_TRANSFERS = "select {} from payments_transfer".format(
    ", ".join(f'"{name}"' for name in _TRANSFER_COLUMNS)
)


@dataclass(frozen=True, slots=True, order=True)
class AccountKey:
    """What an account is: its kind, whose it is, its currency, and of a spread one which shard."""

    kind: AccountKind
    owner_id: UUID
    currency: str
    shard: int = 0

    @property
    def id(self) -> UUID:
        """Return the account's id."""
        return account_id(self.kind, self.owner_id, self.currency, self.shard)


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account holds, on its own side (credit; of a clearing account debit).

    `available` is `posted` less `pending_out`: what comes in pending cannot be spent yet.
    """

    posted: Money
    pending_in: Money
    pending_out: Money

    @property
    def available(self) -> Money:
        """Return what can be taken out now."""
        return self.posted - self.pending_out


@sets.act
def transfer(*, transfers: Sequence[Transfer]) -> list[TransferResult | Refusal]:
    """Make transfers, each at most once for its id; the outcomes are in the order given.

    An id that was used before gives the first outcome again, or `TransferDiffers` when the content is
    another. Refusals: FundsShort, CurrencyMismatch, AmountNotPositive, NoSuchAccount, WrongAccount,
    AccountFull, NoSuchPending, PendingResolved, PendingExceeded; the others of a failed group are told
    LinkedFailed.
    """
    if not transfers:
        return []
    accounts = _lock(transfers)
    work = Round(accounts, _written(transfers), clock.now())
    results = work.decide(transfers)
    if work.added:
        _write(work)
    return results


def open_accounts(keys: Iterable[AccountKey]) -> None:
    """Open the accounts that are not open yet; to be called before the ledger call that uses them."""
    ordered = sorted({key.id: key for key in keys}.items())
    if ordered:
        sets.run(
            "insert into payments_account (id, kind, owner_id, currency, shard,"
            " debits_posted, credits_posted, debits_pending, credits_pending)"
            " select x.id, x.kind, x.owner_id, x.currency, x.shard, 0, 0, 0, 0"
            " from unnest(%s::uuid[], %s::text[], %s::uuid[], %s::text[], %s::smallint[])"
            " as x(id, kind, owner_id, currency, shard) order by x.id on conflict do nothing",
            (
                [id_ for id_, _key in ordered],
                [key.kind.value for _id, key in ordered],
                [key.owner_id for _id, key in ordered],
                [key.currency for _id, key in ordered],
                [key.shard for _id, key in ordered],
            ),
        )


def balances(*, account_ids: Sequence[UUID]) -> dict[UUID, Balance]:
    """Return what these accounts hold; of a spread one, all shards together, under the id that was given.

    An account that was never opened is not in the answer.
    """
    rows = sets.fetch(
        "select a.asked, min(b.kind), min(b.currency), sum(b.debits_posted), sum(b.credits_posted),"
        " sum(b.debits_pending), sum(b.credits_pending)"
        " from unnest(%s::uuid[], %s::uuid[]) as a(asked, id)"
        " join payments_account b on b.id = a.id group by a.asked",
        (
            [asked for asked in account_ids for _shard in shards_of(asked)],
            [shard for asked in account_ids for shard in shards_of(asked)],
        ),
    )
    return {asked: _balance(AccountKind(kind), currency, sums) for asked, kind, currency, *sums in rows}


def _balance(kind: AccountKind, currency: str, sums: Sequence[int]) -> Balance:
    taken, given, taken_pending, given_pending = map(int, sums)
    if kind.grows_by_debit:
        taken, given, taken_pending, given_pending = given, taken, given_pending, taken_pending
    return Balance(
        posted=Money(given - taken, currency),
        pending_in=Money(given_pending, currency),
        pending_out=Money(taken_pending, currency),
    )


def party_balances(*, party_id: UUID) -> list[Balance]:
    """Return what a party has, one balance for each currency it ever had, in the order of their codes."""
    rows = sets.fetch(
        "select kind, currency, debits_posted, credits_posted, debits_pending, credits_pending"
        " from payments_account where owner_id = %s and kind = 'balance' order by currency",
        (party_id,),
    )
    return [_balance(AccountKind(kind), currency, sums) for kind, currency, *sums in rows]


def _lock(transfers: Sequence[Transfer]) -> dict[UUID, Account]:
    """Lock the accounts that these transfers may touch, once, in the order of their ids."""
    wanted = {account for asked in transfers for account in (asked.debit_account, asked.credit_account)}
    # Only what takes from a spread account needs all of it: most calls add to one shard and meet nobody.
    wanted |= {shard for asked in transfers for account in asked.drains for shard in shards_of(account)}
    rows = sets.fetch(
        "select id, kind, currency, debits_posted, credits_posted, debits_pending, credits_pending"
        " from payments_account where id = any(%s) order by id for update",
        (sorted(wanted),),
    )
    return {row[0]: Account(row[0], AccountKind(row[1]), *row[2:]) for row in rows}


def _written(transfers: Sequence[Transfer]) -> list[Written]:
    """Read what is written under the ids of these transfers, and of the pending ones that they resolve.

    After the locks: whoever moved money of these accounts before has committed, and is seen.
    """
    pending = [asked.pending_id for asked in transfers if asked.pending_id is not None]
    ids = [asked.id for asked in transfers]
    rows = sets.fetch(f"{_SELECT_TRANSFERS} where id = any(%s)", (ids + pending,))
    if pending:
        rows += sets.fetch(f"{_SELECT_TRANSFERS} where pending_id = any(%s)", (pending,))
    return [Written(*row) for row in rows]


def _write(work: Round) -> None:
    # By id, so that two calls that both use the same new ids (wrongly: for other accounts) wait in one order.
    rows = sorted(work.added, key=lambda one: one.id)
    try:
        sets.insert(
            "payments_transfer",
            _TRANSFER_COLUMNS,
            [tuple(getattr(row, name) for name in _TRANSFER_COLUMNS) for row in rows],
        )
    except IntegrityError as error:
        # The accounts are locked and were looked through: only a transfer between other accounts can be in
        # the way.
        if "payments_transfer_pkey" in str(error):
            raise TransferDiffers(id=rows[0].id if len(rows) == 1 else "") from error
        raise
    touched = [work.accounts[id_] for id_ in sorted(work.touched)]
    sets.run(
        "update payments_account a set debits_posted = x.dp, credits_posted = x.cp, debits_pending = x.dn,"
        " credits_pending = x.cn"
        " from unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])"
        " as x(id, dp, cp, dn, cn) where a.id = x.id",
        (
            [one.id for one in touched],
            [one.debits_posted for one in touched],
            [one.credits_posted for one in touched],
            [one.debits_pending for one in touched],
            [one.credits_pending for one in touched],
        ),
    )
