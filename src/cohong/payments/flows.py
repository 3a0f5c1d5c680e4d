"""What moved through orders' escrows, summed from transfers alone: for whoever proves an order's money."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cohong.kernel import sets
from cohong.kernel.money import Money
from cohong.payments.kinds import AccountKind, TransferKind, account_id

_FIELD = {
    TransferKind.FUND: "paid_in",
    TransferKind.PAYMENT: "paid_in",
    TransferKind.SETTLEMENT: "settled",
    TransferKind.FEE: "fee",
    TransferKind.REFUND: "refunded",
    TransferKind.GIVE_BACK: "given_back",
    TransferKind.FEE_REFUND: "fee_returned",
    TransferKind.RETURN: "returned",
}


@dataclass(slots=True)
class Flows:
    """Sums of an order's transfers, in minor units: what came into its escrow, and what went where.

    `settled` is the seller's part, `fee` the platform's; `refunded` went from escrow to the buyer, `returned` to where
    a payment came from; `given_back` and `fee_returned` went to the buyer after the settlement.
    """

    paid_in: int = 0
    settled: int = 0
    fee: int = 0
    refunded: int = 0
    returned: int = 0
    returning: int = 0
    given_back: int = 0
    fee_returned: int = 0


def flows_of(*, order_ids: Sequence[UUID]) -> dict[UUID, Flows]:
    """Sum the transfers of each order. An order without any has zeros."""
    found = {order_id: Flows() for order_id in order_ids}
    # What moves through an escrow is found by its account; what goes past it by the reference.
    rows = sets.fetch(
        "select reference, kind, sum(amount_minor)::bigint from ("
        " select reference, kind, amount_minor, mode from payments_transfer"
        " where debit_account = any(%(ids)s)"
        " union all"
        " select reference, kind, amount_minor, mode from payments_transfer"
        " where credit_account = any(%(ids)s)"
        " union all"
        " select reference, kind, amount_minor, mode from payments_transfer"
        " where reference = any(%(ids)s) and kind in ('give_back', 'fee_refund')"
        ") as t where mode in ('posted', 'post') group by reference, kind",
        {"ids": list(order_ids)},  # type: ignore[arg-type]
    )
    for order_id, kind, amount in rows:
        name = _FIELD[TransferKind(kind)]
        setattr(found[order_id], name, getattr(found[order_id], name) + amount)
    # What is reserved in an escrow is a return that the provider has not confirmed yet.
    for order_id, reserved in sets.fetch(
        "select id, debits_pending from payments_account where id = any(%s) and debits_pending > 0",
        (list(order_ids),),
    ):
        found[order_id].returning = reserved
    return found


def settled_value(*, payee_id: UUID, currency: str) -> Money:
    """Return what a seller's settled orders are worth, summed from transfers alone.

    That is what was paid out of escrow (to the seller and as the platform's fee) less what both gave back
    since. An order of which all went to the platform as its fee names no seller in its transfers and is not
    counted.
    """
    balance = account_id(AccountKind.BALANCE, payee_id, currency)
    [(minor,)] = sets.fetch(
        "with settled as materialized (select reference, amount_minor from payments_transfer"
        " where credit_account = %(balance)s and kind = 'settlement')"
        " select (select coalesce(sum(amount_minor), 0) from settled)"
        " + (select coalesce(sum(t.amount_minor), 0) from payments_transfer t"
        " join settled s on s.reference = t.debit_account where t.kind = 'fee')"
        " - (select coalesce(sum(amount_minor), 0) from payments_transfer"
        " where debit_account = %(balance)s and kind = 'give_back')"
        " - (select coalesce(sum(t.amount_minor), 0) from payments_transfer t"
        " join settled s on s.reference = t.reference where t.kind = 'fee_refund')",
        {"balance": balance},  # type: ignore[arg-type]
    )
    return Money(int(minor), currency)
