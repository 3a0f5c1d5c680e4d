"""The ledger's rules, as pure functions over the accounts that a call has locked.

A `Round` takes transfers in the order given and decides each one against what the earlier ones left:
greedily, so that a later one may still fit where an earlier one did not. What it decides, it does to its own
copies of the accounts; `ledger` writes them down.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from cohong.kernel.errors import Refusal
from cohong.kernel.ids import named_id
from cohong.kernel.money import Money
from cohong.payments import refusals
from cohong.payments.kinds import (
    BALANCE_MAX,
    SIDES,
    TURNOVER_MAX,
    AccountKind,
    Mode,
    TransferKind,
    is_spread,
    shards_of,
    whole,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A transfer to be made: `amount` from `debit_account` to `credit_account`, at most once for its `id`.

    `reference` is what it is for (an order, a payment). Transfers with the same `group` happen all or none.
    `pending` only reserves the amount; a later transfer whose `pending_id` names it posts it, for at most its
    amount, or with `void` lets it go.
    """

    id: UUID
    debit_account: UUID
    credit_account: UUID
    amount: Money
    kind: TransferKind
    reference: UUID
    group: UUID | None = None
    pending: bool = False
    pending_id: UUID | None = None
    void: bool = False

    def __post_init__(self) -> None:
        """Refuse what no ledger could mean: a mistake of the program."""
        if (self.pending and self.pending_id is not None) or (self.void and self.pending_id is None):
            raise ValueError("a transfer reserves, or resolves a reservation, or neither")

    @property
    def mode(self) -> Mode:
        """Tell how it takes effect."""
        if self.pending:
            return Mode.PENDING
        if self.pending_id is None:
            return Mode.POSTED
        return Mode.VOID if self.void else Mode.POST

    @property
    def drains(self) -> list[UUID]:
        """Return the spread accounts whose every shard it may need: it takes from them, or comes back."""
        debit, credit = SIDES.get(self.kind, (None, None))
        back = self.pending_id is not None
        return [
            account
            for account, kind, is_debit in (
                (self.debit_account, debit, True),
                (self.credit_account, credit, False),
            )
            if is_spread(account) and (back or kind is None or kind.grows_by_debit is not is_debit)
        ]


@dataclass(frozen=True, slots=True)
class TransferResult:
    """A transfer that has been made, now or before under the same id."""

    id: UUID
    amount: Money
    at: datetime
    # What a repeat gets is the first outcome, so this is no part of it; a caller that issues documents has to
    # know.
    is_new: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Written:
    """A transfer as the table has it. Its accounts name the shards that were really used."""

    id: UUID
    debit_account: UUID
    credit_account: UUID
    amount_minor: int
    currency: str
    kind: str
    reference: UUID
    group: UUID | None
    mode: str
    pending_id: UUID | None
    at: datetime

    def is_same(self, asked: Transfer) -> bool:
        """Tell whether this is what is asked for (which shard was taken does not matter)."""
        return (
            whole(self.debit_account) == whole(asked.debit_account)
            and whole(self.credit_account) == whole(asked.credit_account)
            and self.amount_minor == asked.amount.minor
            and self.currency == asked.amount.currency
            and self.kind == asked.kind
            and self.reference == asked.reference
            and self.group == asked.group
            and self.mode == asked.mode
            and self.pending_id == asked.pending_id
        )

    @property
    def result(self) -> TransferResult:
        """Return what the caller gets."""
        return TransferResult(self.id, Money(self.amount_minor, self.currency), self.at)


@dataclass(slots=True)
class Account:
    """An account under lock, with its four sums in minor units."""

    id: UUID
    kind: AccountKind
    currency: str
    debits_posted: int
    credits_posted: int
    debits_pending: int
    credits_pending: int

    @property
    def available(self) -> int:
        """What can be taken: the balance on the account's own side less what is reserved."""
        if self.kind.grows_by_debit:
            return self.debits_posted - self.credits_posted - self.credits_pending
        return self.credits_posted - self.debits_posted - self.debits_pending

    @property
    def sums(self) -> tuple[int, int, int, int]:
        """The four sums, to come back to."""
        return self.debits_posted, self.credits_posted, self.debits_pending, self.credits_pending

    @sums.setter
    def sums(self, sums: tuple[int, int, int, int]) -> None:
        self.debits_posted, self.credits_posted, self.debits_pending, self.credits_pending = sums

    def check_room(self, amount: int) -> None:
        """Refuse an amount that would take the account beyond what can be counted."""
        if self.kind.grows_by_debit:
            balance = self.debits_posted + self.debits_pending - self.credits_posted
        else:
            balance = self.credits_posted + self.credits_pending - self.debits_posted
        if balance + amount > BALANCE_MAX:
            raise refusals.AccountFull(account=self.id)

    def check_turnover(self) -> None:
        """Refuse what has taken the account's sums beyond what can be counted."""
        debits, credited = (
            self.debits_posted + self.debits_pending,
            self.credits_posted + self.credits_pending,
        )
        if max(debits, credited) > TURNOVER_MAX:
            raise refusals.AccountFull(account=self.id)


class Round:
    """One call of the ledger: its locked accounts, what is written of its transfers, what it adds."""

    def __init__(self, accounts: dict[UUID, Account], known: Sequence[Written], at: datetime) -> None:
        self.accounts = accounts
        self.added: list[Written] = []
        self.touched: set[UUID] = set()
        self._at = at
        self._known = {one.id: one for one in known}
        self._resolved = {one.pending_id: one for one in known if one.pending_id is not None}
        self._undo: list[tuple[Account, tuple[int, int, int, int]]] = []

    def decide(self, transfers: Sequence[Transfer]) -> list[TransferResult | Refusal]:
        """Decide all transfers, a group where its first one stands; the results are in their order."""
        units: dict[object, list[int]] = {}
        for position, asked in enumerate(transfers):
            units.setdefault(position if asked.group is None else asked.group, []).append(position)
        results: dict[int, TransferResult | Refusal] = {}
        for positions in units.values():
            outcomes = self._unit([transfers[position] for position in positions])
            results.update(zip(positions, outcomes, strict=True))
        return [results[position] for position in range(len(transfers))]

    def _unit(self, unit: list[Transfer]) -> list[TransferResult | Refusal]:
        """Decide a group, or one transfer alone: all or none."""
        self._undo.clear()
        length, linked = len(self.added), unit[0].group is not None
        # A group that was made is complete: a member that is not there was not of it.
        was_made = linked and any(asked.id in self._known for asked in unit)
        results: list[TransferResult | Refusal] = []
        for asked in unit:
            try:
                if was_made and asked.id not in self._known:
                    raise refusals.TransferDiffers(id=asked.id)
                results.append(self._one(asked))
            except Refusal as refusal:
                self._take_back(length)
                failed: list[TransferResult | Refusal] = [
                    refusals.LinkedFailed(id=refused.id) for refused in unit
                ]
                failed[len(results)] = refusal
                return failed
        return results

    def _take_back(self, length: int) -> None:
        for account, sums in reversed(self._undo):
            account.sums = sums
        for gone in self.added[length:]:
            del self._known[gone.id]
            if gone.pending_id is not None:
                del self._resolved[gone.pending_id]
        del self.added[length:]

    def _one(self, asked: Transfer) -> TransferResult:
        known = self._known.get(asked.id)
        if known is not None:
            if not known.is_same(asked):
                raise refusals.TransferDiffers(id=asked.id)
            return known.result
        if asked.amount.minor <= 0:
            raise refusals.AmountNotPositive
        debit, credit = self._sides(asked)
        amount = asked.amount.minor
        if asked.pending_id is not None:
            debit, credit = self._resolve(asked)
        else:
            debit, credit = self._covered(asked, debit, credit)
            self._move(debit, credit, amount, pending=asked.pending)
        return replace(self._write(asked, debit, credit).result, is_new=True)

    def _sides(self, asked: Transfer) -> tuple[Account, Account]:
        """Return the two accounts, if such a transfer goes between such accounts."""
        debit = self.accounts.get(asked.debit_account)
        credit = self.accounts.get(asked.credit_account)
        if debit is None or credit is None:
            raise refusals.NoSuchAccount(
                account=asked.debit_account if debit is None else asked.credit_account
            )
        if SIDES.get(asked.kind) != (debit.kind, credit.kind) or debit is credit:
            raise refusals.WrongAccount(kind=asked.kind.value)
        if not debit.currency == credit.currency == asked.amount.currency:
            raise refusals.CurrencyMismatch(currency=asked.amount.currency)
        return debit, credit

    def _covered(self, asked: Transfer, debit: Account, credit: Account) -> tuple[Account, Account]:
        """Make sure that the side that is taken from holds enough; return the rows that are really used."""
        if not debit.kind.grows_by_debit:
            debit = self._source(asked, debit)
        if credit.kind.grows_by_debit:
            credit = self._source(asked, credit)
        return debit, credit

    def _source(self, asked: Transfer, account: Account) -> Account:
        """Return the row to take the amount from; of a spread account one that holds, or gathers, it all."""
        amount = asked.amount.minor
        if account.available >= amount:
            return account
        shards = [self.accounts[one] for one in shards_of(account.id) if one in self.accounts]
        total = sum(shard.available for shard in shards)
        if total < amount:
            available = Money(min(total, BALANCE_MAX), account.currency)
            raise refusals.FundsShort(account=account.id, wanted=asked.amount, available=available)
        best, *others = sorted(shards, key=lambda shard: (-shard.available, shard.id))
        for other in others:
            missing = min(amount - best.available, other.available)
            if missing > 0:
                self._gather(asked, other, best, missing)
        return best

    def _gather(self, asked: Transfer, source: Account, target: Account, amount: int) -> None:
        debit, credit = (target, source) if target.kind.grows_by_debit else (source, target)
        self._move(debit, credit, amount, pending=False)
        self._add(
            Written(
                id=named_id("payments.gather", asked.id, source.id),
                debit_account=debit.id,
                credit_account=credit.id,
                amount_minor=amount,
                currency=asked.amount.currency,
                kind=TransferKind.GATHER.value,
                reference=asked.id,
                group=asked.group,
                mode=Mode.POSTED.value,
                pending_id=None,
                at=self._at,
            )
        )

    def _move(self, debit: Account, credit: Account, amount: int, *, pending: bool) -> None:
        self._remember(debit, credit)
        if debit.kind.grows_by_debit:
            debit.check_room(amount)
        if not credit.kind.grows_by_debit:
            credit.check_room(amount)
        if pending:
            debit.debits_pending += amount
            credit.credits_pending += amount
        else:
            debit.debits_posted += amount
            credit.credits_posted += amount
        debit.check_turnover()
        credit.check_turnover()

    def _resolve(self, asked: Transfer) -> tuple[Account, Account]:
        """Post or void what was pending; the rest of a pending transfer posted for less is free again."""
        pending = self._known.get(asked.pending_id) if asked.pending_id else None
        if (
            pending is None
            or pending.mode != Mode.PENDING
            or (pending.kind, pending.reference) != (asked.kind, asked.reference)
            or whole(pending.debit_account) != whole(asked.debit_account)
            or whole(pending.credit_account) != whole(asked.credit_account)
        ):
            raise refusals.NoSuchPending(id=asked.pending_id)
        if pending.id in self._resolved:
            raise refusals.PendingResolved(id=pending.id, how=self._resolved[pending.id].mode)
        amount, reserved = asked.amount.minor, pending.amount_minor
        if amount > reserved or (asked.void and amount != reserved):
            raise refusals.PendingExceeded(pending=Money(reserved, pending.currency), wanted=asked.amount)
        debit, credit = self.accounts[pending.debit_account], self.accounts[pending.credit_account]
        self._remember(debit, credit)
        debit.debits_pending -= reserved
        credit.credits_pending -= reserved
        if not asked.void:
            debit.debits_posted += amount
            credit.credits_posted += amount
        return debit, credit

    def _remember(self, *accounts: Account) -> None:
        for account in accounts:
            self._undo.append((account, account.sums))
            self.touched.add(account.id)

    def _write(self, asked: Transfer, debit: Account, credit: Account) -> Written:
        written = Written(
            id=asked.id,
            debit_account=debit.id,
            credit_account=credit.id,
            amount_minor=asked.amount.minor,
            currency=asked.amount.currency,
            kind=asked.kind.value,
            reference=asked.reference,
            group=asked.group,
            mode=asked.mode.value,
            pending_id=asked.pending_id,
            at=self._at,
        )
        self._add(written)
        return written

    def _add(self, written: Written) -> None:
        self.added.append(written)
        self._known[written.id] = written
        if written.pending_id is not None:
            self._resolved[written.pending_id] = written
