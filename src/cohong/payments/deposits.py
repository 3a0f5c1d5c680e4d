"""Deposits: what the bank's statement says has come in for a party, booked to its balance."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cohong.kernel import journal, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.payments import documents, ledger
from cohong.payments.connections import DEFAULT_PROVIDER, clearing_key
from cohong.payments.kinds import AccountKind, TransferKind, shard_for
from cohong.payments.ledger import AccountKey
from cohong.payments.posting import Transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """`amount` came in for a party; `reference` is the statement line's own id, and the transfer's."""

    party_id: UUID
    amount: Money
    reference: UUID


@sets.act
def deposit(
    *, actor: parties.Actor, items: Sequence[Deposit], provider: str = DEFAULT_PROVIDER
) -> list[Refusal | None]:
    """Book deposits, each at most once for its reference and with its own outcome. Raises NotAllowed."""
    parties.require_mandate(actor, parties.Mandate.PLATFORM, scope="payments:write")
    if not items:
        return []
    shard = shard_for(items[0].reference)
    transfers, keys = [], []
    for item in items:
        source = clearing_key(provider, item.amount.currency, shard)
        target = AccountKey(AccountKind.BALANCE, item.party_id, item.amount.currency)
        keys += [source, target]
        transfers.append(
            Transfer(
                id=item.reference,
                debit_account=source.id,
                credit_account=target.id,
                amount=item.amount,
                kind=TransferKind.DEPOSIT,
                reference=item.party_id,
            )
        )
    ledger.open_accounts(keys)
    results = ledger.transfer(transfers=transfers)
    journal.append(
        [
            journal.Entry(
                subject=item.party_id,
                issuer=actor.party_id,
                body=documents.Deposited(
                    party_id=item.party_id, amount=item.amount, reference=item.reference
                ),
                visible_to=[item.party_id],
            )
            for item, result in zip(items, results, strict=True)
            if not isinstance(result, Refusal) and result.is_new
        ]
    )
    return [result if isinstance(result, Refusal) else None for result in results]
