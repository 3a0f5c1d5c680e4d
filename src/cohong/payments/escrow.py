"""Escrow (担保交易): the steps that orders takes inside its own acts. They issue no documents of their own.

Each step is all or nothing for its item and happens at most once for its `reference`. All steps of an act go
into one call (`steps`, or one of the three that are made of it), as a transaction makes one ledger call.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cohong.kernel import sets
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import named_id
from cohong.kernel.money import Money
from cohong.payments import ledger, refusals
from cohong.payments.kinds import PLATFORM, AccountKind, TransferKind, account_id, may_be_order, shard_for
from cohong.payments.ledger import AccountKey
from cohong.payments.posting import Transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class Fund:
    """The payer's balance pays `amount` into the order's escrow."""

    order_id: UUID
    payer_id: UUID
    amount: Money
    reference: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle:
    """`amount` leaves the order's escrow: `fee` of it to the platform, the rest to the payee's balance."""

    order_id: UUID
    payee_id: UUID
    amount: Money
    fee: Money
    reference: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """The payer gets back what is still held, what the payee had got, and what the platform had taken."""

    order_id: UUID
    payer_id: UUID
    payee_id: UUID
    from_escrow: Money
    from_payee: Money
    from_fees: Money
    reference: UUID


Step = Fund | Settle | Refund
_Leg = tuple[TransferKind, AccountKey, AccountKey, Money]


def escrow_id(order_id: UUID) -> UUID:
    """Return the id of an order's escrow account, which is the order's own."""
    return account_id(AccountKind.ESCROW, order_id, "")


@sets.act
def steps(*, items: Sequence[Step]) -> list[Refusal | None]:
    """Take steps of any kind in one ledger call; the outcomes are in their order, None for what was done."""
    if not items:
        return []
    shard = shard_for(items[0].reference)
    outcomes: list[Refusal | None] = [None] * len(items)
    transfers: list[Transfer] = []
    owners: list[int] = []
    keys: list[AccountKey] = []
    for position, item in enumerate(items):
        try:
            legs = _legs(item, shard)
        except Refusal as refusal:
            outcomes[position] = refusal
            continue
        made = _transfers(item, legs)
        transfers += made
        owners += [position] * len(made)
        keys += [key for _kind, debit, credit, _amount in legs for key in (debit, credit)]
    ledger.open_accounts(keys)
    for position, result in zip(owners, ledger.transfer(transfers=transfers), strict=True):
        # Of a failed group one says why, the others only that one failed.
        is_why = isinstance(result, Refusal) and not isinstance(result, refusals.LinkedFailed)
        if isinstance(result, Refusal) and (is_why or outcomes[position] is None):
            outcomes[position] = result
    return outcomes


def fund(*, items: Sequence[Fund]) -> list[Refusal | None]:
    """Pay into escrow from balances. Refusals: FundsShort, CurrencyMismatch."""
    return steps(items=items)


def settle(*, items: Sequence[Settle]) -> list[Refusal | None]:
    """Pay out of escrow to payees, less the platform's fees. Refusals: FundsShort, FeeExceedsAmount."""
    return steps(items=items)


def refund(*, items: Sequence[Refund]) -> list[Refusal | None]:
    """Give payers their money back. FundsShort when the payee's balance does not hold what it has to give."""
    return steps(items=items)


def held(*, order_ids: Sequence[UUID]) -> dict[UUID, Money]:
    """Return what each escrow holds now (what a return to its source has reserved not counted).

    An order into whose escrow nothing was ever paid is not in the answer.
    """
    rows = sets.fetch(
        "select id, credits_posted - debits_posted - debits_pending, currency from payments_account"
        " where id = any(%s) and kind = 'escrow'",
        (list(order_ids),),
    )
    return {order_id: Money(minor, currency) for order_id, minor, currency in rows}


def _legs(item: Step, shard: int) -> list[_Leg]:
    """Say which amounts go from where to where."""
    if not may_be_order(item.order_id):
        raise refusals.NotAnOrder(order_id=item.order_id)
    match item:
        case Fund():
            legs = [_fund_leg(item)]
        case Settle():
            legs = _settle_legs(item, shard)
        case Refund():
            legs = _refund_legs(item, shard)
    moved = [leg for leg in legs if leg[3].minor]
    if not moved or any(amount.minor < 0 for *_rest, amount in moved):
        raise refusals.AmountNotPositive
    return moved


def _fund_leg(item: Fund) -> _Leg:
    currency = item.amount.currency
    return TransferKind.FUND, _balance(item.payer_id, currency), _escrow(item.order_id, currency), item.amount


def _settle_legs(item: Settle, shard: int) -> list[_Leg]:
    currency = item.amount.currency
    if item.fee.currency != currency:
        raise refusals.CurrencyMismatch(currency=item.fee.currency)
    if item.fee.minor > item.amount.minor:
        raise refusals.FeeExceedsAmount(fee=item.fee, amount=item.amount)
    escrow = _escrow(item.order_id, currency)
    return [
        (TransferKind.SETTLEMENT, escrow, _balance(item.payee_id, currency), item.amount - item.fee),
        (TransferKind.FEE, escrow, _fees(currency, shard), item.fee),
    ]


def _refund_legs(item: Refund, shard: int) -> list[_Leg]:
    currency = item.from_escrow.currency
    for amount in (item.from_payee, item.from_fees):
        if amount.currency != currency:
            raise refusals.CurrencyMismatch(currency=amount.currency)
    payer = _balance(item.payer_id, currency)
    return [
        (TransferKind.REFUND, _escrow(item.order_id, currency), payer, item.from_escrow),
        (TransferKind.GIVE_BACK, _balance(item.payee_id, currency), payer, item.from_payee),
        (TransferKind.FEE_REFUND, _fees(currency, shard), payer, item.from_fees),
    ]


def _transfers(item: Step, legs: Sequence[_Leg]) -> list[Transfer]:
    """Make an item's transfers: the first has the reference as its id, the others one computed from it."""
    return [
        Transfer(
            id=item.reference if not place else named_id("payments.leg", item.reference, kind.value),
            debit_account=debit.id,
            credit_account=credit.id,
            amount=amount,
            kind=kind,
            reference=item.order_id,
            group=item.reference if len(legs) > 1 else None,
        )
        for place, (kind, debit, credit, amount) in enumerate(legs)
    ]


def _balance(party_id: UUID, currency: str) -> AccountKey:
    return AccountKey(AccountKind.BALANCE, party_id, currency)


def _escrow(order_id: UUID, currency: str) -> AccountKey:
    return AccountKey(AccountKind.ESCROW, order_id, currency)


def _fees(currency: str, shard: int) -> AccountKey:
    return AccountKey(AccountKind.FEES, PLATFORM, currency, shard)
