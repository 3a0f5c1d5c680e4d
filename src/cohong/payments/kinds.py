"""The ledger's vocabulary: kinds of accounts and of transfers, and the ids of accounts.

Money on the platform belongs to someone, so most accounts have a credit balance; what covers it lies at the
banks, in clearing accounts, which have a debit balance. Debits and credits of one currency are always equal.
"""

from functools import lru_cache
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from cohong.kernel.ids import named_id
from cohong.kernel.money import MAX_MINOR
from cohong.parties.api import PLATFORM_ID

PLATFORM: Final = PLATFORM_ID
"""The platform operator's party: it owns the fees and the liquidity for exchange."""

SHARDS: Final = 8
"""How many rows each platform-wide account is spread over."""

BALANCE_MAX: Final = MAX_MINOR
"""The largest balance of one account, pending included: what a `Money` can say."""

TURNOVER_MAX: Final = 2**62 - 1
"""The largest sum of debits, or of credits, over an account's life: two of them still fit a bigint."""


class AccountKind(TextChoices):
    """What an account is for, and with it what it may hold."""

    BALANCE = "balance", pgettext_lazy("ledger", "balance")
    """A party's money on the platform. Credit balance, never below zero, pending debits counted."""
    ESCROW = "escrow", pgettext_lazy("ledger", "escrow")
    """An order's money; the account's id is the order's. Credit balance, never below zero."""
    FEES = "fees", pgettext_lazy("ledger", "fees")
    """What the platform has earned. Credit balance, never below zero; spread over shards."""
    EXCHANGE = "exchange", pgettext_lazy("ledger", "exchange")
    """The platform's liquidity in one currency. Credit balance, never below zero."""
    CLEARING = "clearing", pgettext_lazy("ledger", "clearing")
    """Money at one provider. Debit balance, never below zero (we never owe more than lies there); spread over
    shards."""

    @property
    def grows_by_debit(self) -> bool:
        """Tell whether a debit adds to it: whether it holds what the platform has, not what it owes."""
        return self is AccountKind.CLEARING

    @property
    def is_spread(self) -> bool:
        """Tell whether it is one account in several rows (see `account_id`)."""
        return self in _SPREAD


_SPREAD = frozenset({AccountKind.CLEARING, AccountKind.FEES})


class TransferKind(TextChoices):
    """Why money moves. Each kind moves it between two kinds of accounts only (`SIDES`)."""

    DEPOSIT = "deposit", pgettext_lazy("ledger", "deposit")
    PAYMENT = "payment", pgettext_lazy("ledger", "payment")
    TOP_UP = "top_up", pgettext_lazy("ledger", "top-up")
    FUND = "fund", pgettext_lazy("ledger", "paid into escrow")
    SETTLEMENT = "settlement", pgettext_lazy("ledger", "settlement")
    FEE = "fee", pgettext_lazy("ledger", "platform fee")
    REFUND = "refund", pgettext_lazy("ledger", "refund")
    GIVE_BACK = "give_back", pgettext_lazy("ledger", "refund by the seller")
    FEE_REFUND = "fee_refund", pgettext_lazy("ledger", "refund of the platform fee")
    PAYOUT = "payout", pgettext_lazy("ledger", "payout")
    RETURN = "return", pgettext_lazy("ledger", "returned to its source")
    SELL = "sell", pgettext_lazy("ledger", "currency sold")
    BUY = "buy", pgettext_lazy("ledger", "currency bought")
    PROVISION = "provision", pgettext_lazy("ledger", "liquidity for exchange")
    GATHER = "gather", pgettext_lazy("ledger", "moved between shards")


_B, _E, _F, _X, _C = (
    AccountKind.BALANCE,
    AccountKind.ESCROW,
    AccountKind.FEES,
    AccountKind.EXCHANGE,
    AccountKind.CLEARING,
)
SIDES: Final = MappingProxyType(
    {
        TransferKind.DEPOSIT: (_C, _B),
        TransferKind.PAYMENT: (_C, _E),
        TransferKind.TOP_UP: (_C, _B),
        TransferKind.FUND: (_B, _E),
        TransferKind.SETTLEMENT: (_E, _B),
        TransferKind.FEE: (_E, _F),
        TransferKind.REFUND: (_E, _B),
        TransferKind.GIVE_BACK: (_B, _B),
        TransferKind.FEE_REFUND: (_F, _B),
        TransferKind.PAYOUT: (_B, _C),
        TransferKind.RETURN: (_E, _C),
        TransferKind.SELL: (_B, _X),
        TransferKind.BUY: (_X, _B),
        TransferKind.PROVISION: (_B, _X),
    }
)
"""The kinds of the debit and of the credit account of each transfer that can be asked for.

It is what makes an account's id safe to take from outside: whoever names somebody's balance as "their order"
gets a refusal. Gathering is not in it: only the ledger itself does that.
"""


class Mode(TextChoices):
    """How a transfer takes effect."""

    POSTED = "posted", pgettext_lazy("ledger", "posted")
    PENDING = "pending", pgettext_lazy("ledger", "pending")
    POST = "post", pgettext_lazy("ledger", "posts a pending one")
    VOID = "void", pgettext_lazy("ledger", "voids a pending one")


# --- ids -------------------------------------------------------------------------------------------------

_LAST_BYTE = 0xFF
_NOT_SPREAD = 0xFF
_VERSION_SHIFT, _VERSION_MASK, _OWN_VERSION = 76, 0xF, 8


def account_id(kind: AccountKind, owner_id: UUID, currency: str, shard: int = 0) -> UUID:
    """Return the id of an account: computed from what it is, so that it can be opened on first use.

    An escrow's id is its order's. All others are UUIDs of version 8, which no order's may be: so nobody can
    take the id of somebody's account for an order.

    Accounts that every trade touches (clearing, fees) would be one row that everyone waits for. They are
    spread: one account in `SHARDS` rows, of which a call adds to just one (`shard_for`). The ids of the
    shards differ in their last byte only, so that the ledger finds the siblings of a shard without asking the
    database.
    """
    if kind is AccountKind.ESCROW:
        return owner_id
    if not 0 <= shard < (SHARDS if kind.is_spread else 1):
        raise ValueError(f"account of kind {kind.value} has no shard {shard}")
    return _named(kind, owner_id, currency, shard if kind.is_spread else _NOT_SPREAD)


# The same few parties and the platform are in most calls, each several times.
@lru_cache(maxsize=50_000)
def _named(kind: AccountKind, owner_id: UUID, currency: str, last_byte: int) -> UUID:
    named = named_id("payments.account", kind.value, owner_id, currency)
    own = named.int & ~(_VERSION_MASK << _VERSION_SHIFT) | _OWN_VERSION << _VERSION_SHIFT
    return UUID(int=own & ~_LAST_BYTE | last_byte)


def may_be_order(order_id: UUID) -> bool:
    """Tell whether the id can be an order's, and so an escrow's: whether it is of no other account."""
    return order_id.version != _OWN_VERSION


def shard_for(transfer_id: UUID) -> int:
    """Choose the shard that a call adds to, by the id of the first transfer of the call.

    Not one shard per transfer: a batch of a hundred would then touch all shards and meet every other batch.
    """
    return (transfer_id.int ^ transfer_id.int >> 64) % SHARDS


def is_spread(account: UUID) -> bool:
    """Tell whether an account id is that of a shard."""
    return account.version == _OWN_VERSION and account.int & _LAST_BYTE != _NOT_SPREAD


def shards_of(account: UUID) -> list[UUID]:
    """Return the ids of all shards of the account that this one belongs to; of an ordinary account itself."""
    if not is_spread(account):
        return [account]
    base = account.int & ~_LAST_BYTE
    return [UUID(int=base | shard) for shard in range(SHARDS)]


def whole(account: UUID) -> UUID:
    """Return what names the account regardless of its shard."""
    return UUID(int=account.int & ~_LAST_BYTE) if is_spread(account) else account
