"""The door of payments: the only thing that other modules import."""

from cohong.payments.escrow import Fund, Refund, Settle, Step, escrow_id, fund, held, refund, settle, steps
from cohong.payments.kinds import AccountKind, Mode, TransferKind, account_id
from cohong.payments.ledger import AccountKey, Balance, balances, open_accounts, party_balances, transfer
from cohong.payments.refusals import (
    AccountFull,
    AmountNotPositive,
    CurrencyMismatch,
    FeeExceedsAmount,
    FundsShort,
    LinkedFailed,
    NoSuchAccount,
    NoSuchPending,
    NotAnOrder,
    PendingExceeded,
    PendingResolved,
    TransferDiffers,
    WrongAccount,
)
from cohong.payments.rules import Transfer, TransferResult

__all__ = [
    "AccountFull",
    "AccountKey",
    "AccountKind",
    "AmountNotPositive",
    "Balance",
    "CurrencyMismatch",
    "FeeExceedsAmount",
    "Fund",
    "FundsShort",
    "LinkedFailed",
    "Mode",
    "NoSuchAccount",
    "NoSuchPending",
    "NotAnOrder",
    "PendingExceeded",
    "PendingResolved",
    "Refund",
    "Settle",
    "Step",
    "Transfer",
    "TransferDiffers",
    "TransferKind",
    "TransferResult",
    "WrongAccount",
    "account_id",
    "balances",
    "escrow_id",
    "fund",
    "held",
    "open_accounts",
    "party_balances",
    "refund",
    "settle",
    "steps",
    "transfer",
]
