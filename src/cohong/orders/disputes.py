"""Reads of disputes: an order's for its page, a party's, and for an authority's desk those of the whole region."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from cohong.kernel import privacy, sets
from cohong.kernel.money import Money
from cohong.orders import refusals, selectors
from cohong.orders.states import DISPUTE_LIFE, DisputeKind, DisputeState
from cohong.parties.api import Actor, Mandate, record_looks, require_mandate

_DECIDES = frozenset({Mandate.PLATFORM, Mandate.SUPERVISION})
MAX_PAGE = 200


@dataclass(frozen=True, slots=True)
class DisputeView:
    """A dispute as it stands.

    `offered` is the sum that `offered_by` would settle for; `refunded` went back to the buyer when it ended; `escrow` is what
    the order's escrow holds now, the most that can be granted. `text` and `answer`, what the parties wrote, are empty in
    lists: `dispute` shows them.
    """

    id: UUID
    number: str
    order_id: UUID
    order_number: str
    state: DisputeState
    kind: DisputeKind
    buyer_id: UUID
    seller_id: UUID
    claimed: Money
    offered: Money | None
    offered_by: UUID | None
    refunded: Money
    escrow: Money
    decision: str
    decided_by: UUID | None
    raised_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    text: str = ""
    answer: str = ""

    @property
    def is_open(self) -> bool:
        """Tell whether it still holds its order."""
        return not DISPUTE_LIFE.is_final(self.state)

    def allows(self, act: str) -> bool:
        """Tell whether the dispute's state lets this be done."""
        return DISPUTE_LIFE.allows(self.state, act)


_SELECT = (
    "select d.id, d.number, d.order_id, o.number, d.state, d.kind, d.buyer_id, d.seller_id, d.currency, d.claimed_minor,"
    " d.offered_minor, d.offered_by, d.refunded_minor,"
    " o.paid_minor - o.settled_minor - (o.refunded_minor - o.refunded_late_minor), d.decision, d.decided_by, d.raised_at,"
    " d.answered_at, d.ended_at, d.text, d.answer from orders_dispute d join orders_order o on o.id = d.order_id"
)


def _views(condition: str, params: Sequence[object], *, with_texts: bool = False) -> list[DisputeView]:
    views = []
    for row in sets.fetch(f"{_SELECT} {condition}", params):
        money: list[Any] = [None if minor is None else Money(minor, row[8]) for minor in row[9:11]]
        texts = [privacy.decrypt(sealed) for sealed in row[19:21]] if with_texts else []
        values: list[Any] = [*row[:4], DisputeState(row[4]), DisputeKind(row[5]), *row[6:8], *money, row[11]]
        values += [Money(row[12], row[8]), Money(row[13], row[8]), *row[14:19], *texts]
        views.append(DisputeView(*values))
    return views


def dispute(*, actor: Actor, dispute_id: UUID) -> DisputeView:
    """Return one dispute with what the parties wrote, to them and to an authority that may decide it; its look is recorded.

    Raises DisputeNotFound if it is not the actor's to see.
    """
    found = _views("where d.id = %s", (dispute_id,), with_texts=True)
    if not found:
        raise refusals.DisputeNotFound
    [view] = found
    sides = (view.buyer_id, view.seller_id)
    if actor.party_id not in sides:
        if not actor.mandates & _DECIDES:
            raise refusals.DisputeNotFound
        if not actor.is_system:
            record_looks(actor=actor, party_ids=sides, what=["dispute"], in_clear=True, reason=view.number)
    return view


def disputes_of(*, actor: Actor, order_id: UUID) -> list[DisputeView]:
    """Return an order's disputes, the oldest first, without their texts. Raises OrderNotFound."""
    selectors.order(actor=actor, order_id=order_id)
    return _views("where d.order_id = %s order by d.id", (order_id,))


def disputes(
    *,
    actor: Actor,
    side: Literal["buyer", "seller", "authority"] = "authority",
    states: Sequence[str] = (),
    before: UUID | None = None,
    limit: int = 50,
) -> list[DisputeView]:
    """Return disputes, newest first, without their texts, from the cursor `before` on.

    As `authority` all there are, under the mandate of supervision or of the platform (raises MandateMissing); else
    those of the acting party on that side of its orders.
    """
    conditions, params = ["true"], []
    if side == "authority":
        require_mandate(actor, *_DECIDES, scope="orders:read")
    else:
        conditions.append(f"d.{'buyer_id' if side == 'buyer' else 'seller_id'} = %s")
        params.append(actor.party_id)
    if states:
        conditions.append("d.state = any(%s)")
        params.append([str(DisputeState(state).value) for state in states])  # type: ignore[arg-type]
    if before is not None:
        conditions.append("d.id < %s")
        params.append(before)
    params.append(min(limit, MAX_PAGE + 1))  # type: ignore[arg-type]
    return _views(f"where {' and '.join(conditions)} order by d.id desc limit %s", params)


def dispute_counts(*, actor: Actor) -> dict[DisputeState, int]:
    """Count all disputes by state, for an authority's desk. Raises MandateMissing."""
    require_mandate(actor, *_DECIDES, scope="orders:read")
    rows = sets.fetch("select state, count(*) from orders_dispute group by state")
    return {DisputeState(state): count for state, count in rows}
