"""On which terms a seller lets buyers order by themselves: how they may pay, and how the goods may come.

It binds orders that a buyer places alone (the shop, direct orders). What two parties have negotiated names its own terms.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cohong.kernel import clock, journal, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.journal import Entry
from cohong.orders import refusals
from cohong.orders.documents import TermsOffered
from cohong.orders.terms import DeliveryKind, PaymentKind, PlaceOrder
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role

_SCOPE = "orders:write"


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferedTerms:
    """What a seller offers. Who never said so (`changed_at` None) offers what is safe: payment in advance, held in escrow."""

    seller_id: UUID
    payments: frozenset[PaymentKind] = frozenset({PaymentKind.PREPAID})
    deliveries: frozenset[DeliveryKind] = frozenset(DeliveryKind)
    changed_at: datetime | None = None


def offered_terms(*, seller_ids: Iterable[UUID]) -> dict[UUID, OfferedTerms]:
    """Return what these sellers offer, each in it. One statement. Public."""
    wanted = sorted(set(seller_ids))
    found = {
        seller_id: OfferedTerms(
            seller_id=seller_id,
            payments=frozenset(PaymentKind(one) for one in payments),
            deliveries=frozenset(DeliveryKind(one) for one in deliveries),
            changed_at=changed_at,
        )
        for seller_id, payments, deliveries, changed_at in sets.fetch(
            "select seller_id, payments, deliveries, changed_at from orders_offered_terms where seller_id = any(%s)",
            (wanted,),
        )
    }
    return {seller_id: found.get(seller_id) or OfferedTerms(seller_id=seller_id) for seller_id in wanted}


@sets.act
def offer_terms(
    *, actor: Actor, seller_id: UUID, payments: Iterable[PaymentKind], deliveries: Iterable[DeliveryKind]
) -> OfferedTerms:
    """Say on which terms buyers may order by themselves from now on. Orders that stand are not touched.

    Nothing is stated if nothing changes. Raises NotYours, TermsMissing if there would be no way left to pay or to deliver.
    """
    parties.require(actor, seller_id, Role.SALES, scope=_SCOPE)
    after = OfferedTerms(
        seller_id=seller_id,
        payments=frozenset(payments),
        deliveries=frozenset(deliveries),
        changed_at=clock.now(),
    )
    if not after.payments or not after.deliveries:
        raise refusals.TermsMissing
    sets.fetch("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"orders.terms {seller_id}",))
    before = offered_terms(seller_ids=[seller_id])[seller_id]
    if before.changed_at is not None and (before.payments, before.deliveries) == (
        after.payments,
        after.deliveries,
    ):
        return before
    journal.append(
        [
            Entry(
                subject=seller_id,
                issuer=seller_id,
                body=TermsOffered(
                    seller_id=seller_id,
                    payments=sorted(after.payments),
                    deliveries=sorted(after.deliveries),
                ),
            )
        ]
    )
    sets.run(
        "insert into orders_offered_terms (seller_id, payments, deliveries, changed_at) values (%s, %s, %s, %s)"
        " on conflict (seller_id) do update set payments = excluded.payments, deliveries = excluded.deliveries,"
        " changed_at = excluded.changed_at",
        (seller_id, sorted(after.payments), sorted(after.deliveries), after.changed_at),
    )
    return after


def terms_refusals(*, items: Sequence[PlaceOrder]) -> list[Refusal | None]:
    """Tell of each order that a buyer asks for alone why its terms are not offered, if so. One statement."""
    offered = offered_terms(seller_ids={item.seller_id for item in items})
    return [
        refusals.TermsNotOffered(payment=item.payment.kind.value, delivery=item.delivery.kind.value)
        if item.payment.kind not in offered[item.seller_id].payments
        or item.delivery.kind not in offered[item.seller_id].deliveries
        else None
        for item in items
    ]
