"""What authorities see of orders beyond one order: whose they are and what they add up to, returns, holds in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from cohong.kernel import sets
from cohong.kernel.money import Money
from cohong.orders import refusals
from cohong.orders.selectors import OrderView, Side, views
from cohong.orders.states import OrderState, ReturnState
from cohong.parties.api import Actor, Mandate, require_mandate

_OVERSEES: Final = (Mandate.SUPERVISION, Mandate.PLATFORM)
_SCOPE: Final = "orders:read"
_MOST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldView:
    """A hold on an order, in force while `lifted_at` is None. One of a dispute (`dispute_id`) ends with it, and only so."""

    id: UUID
    order_id: UUID
    number: str
    placed_by: UUID
    reason: str
    placed_at: datetime
    lifted_by: UUID | None
    lift_reason: str
    lifted_at: datetime | None
    dispute_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSum:
    """How many of a party's orders on one side are in a state, and what they add up to in one currency."""

    side: Side
    state: OrderState
    orders: int
    total: Money
    refunded: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnSum:
    """How many of the returns that go back to a seller are in a state, and what they add up to in one currency."""

    state: ReturnState
    returns: int
    amount: Money


def orders_of(
    *,
    actor: Actor,
    party_id: UUID,
    side: Side,
    states: Sequence[str] = (),
    before: UUID | None = None,
    limit: int = 50,
) -> list[OrderView]:
    """Return a party's orders as buyer or seller, newest first. For supervision and the platform."""
    require_mandate(actor, *_OVERSEES, scope=_SCOPE)
    condition = (
        f"where {'buyer_id' if side == 'buyer' else 'seller_id'} = %s and (%s::text[] is null or state = any(%s))"
        " and (%s::uuid is null or id < %s) order by id desc limit %s"
    )
    wanted = [str(state) for state in states] or None
    return views(
        condition, (party_id, wanted, wanted, before, before, min(limit, _MOST + 1)), with_lines=False
    )


def orders_by_id(*, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, OrderView]:
    """Return those of these orders that exist, without their lines. For supervision and the platform."""
    require_mandate(actor, *_OVERSEES, scope=_SCOPE)
    return {view.id: view for view in views("where id = any(%s)", (list(ids),), with_lines=False)}


def sums_of(*, actor: Actor, party_id: UUID) -> list[OrderSum]:
    """Sum a party's orders by side, state and currency. For supervision and the platform."""
    require_mandate(actor, *_OVERSEES, scope=_SCOPE)
    found: list[OrderSum] = []
    sides: tuple[tuple[Side, str], ...] = (("buyer", "buyer_id"), ("seller", "seller_id"))
    for side, column in sides:
        rows = sets.fetch(
            "select state, currency, count(*), sum(total_minor)::bigint, sum(refunded_minor)::bigint"
            f" from orders_order where {column} = %s group by state, currency order by currency, state",
            (party_id,),
        )
        found += [
            OrderSum(
                side=side,
                state=OrderState(state),
                orders=int(number),
                total=Money(total, currency),
                refunded=Money(refunded, currency),
            )
            for state, currency, number, total, refunded in rows
        ]
    return found


def return_sums_of(*, actor: Actor, party_id: UUID) -> list[ReturnSum]:
    """Sum the returns that go back to a seller, by state and currency. For supervision and the platform."""
    require_mandate(actor, *_OVERSEES, scope=_SCOPE)
    rows = sets.fetch(
        "select r.state, r.currency, count(*), sum(r.amount_minor)::bigint from orders_order o"
        " join orders_return r on r.order_id = o.id where o.seller_id = %s group by 1, 2 order by 2, 1",
        (party_id,),
    )
    return [
        ReturnSum(state=ReturnState(state), returns=int(number), amount=Money(amount, currency))
        for state, currency, number, amount in rows
    ]


_HOLD: Final = (
    "select h.id, h.order_id, o.number, h.placed_by, h.reason, h.placed_at, h.lifted_by, h.lifted_reason,"
    " h.lifted_at, (select d.id from orders_dispute d where d.order_id = h.order_id and d.hold_id = h.id)"
    " from orders_hold h join orders_order o on o.id = h.order_id"
)


def holds(*, actor: Actor, order_id: UUID) -> list[HoldView]:
    """Return an order's holds, oldest first, to its two sides and to those who may hold it. Raises OrderNotFound."""
    found = sets.fetch("select buyer_id, seller_id from orders_order where id = %s", (order_id,))
    if not found:
        raise refusals.OrderNotFound
    if actor.mandates & set(_OVERSEES):
        require_mandate(actor, *_OVERSEES, scope=_SCOPE)
    elif actor.party_id not in found[0]:
        raise refusals.OrderNotFound
    return _holds("h.order_id = %s order by h.id", (order_id,))


def holds_in_force(*, actor: Actor, after: UUID | None = None, limit: int = 50) -> list[HoldView]:
    """Return all holds on orders that stand, the oldest first. For supervision and the platform."""
    require_mandate(actor, *_OVERSEES, scope=_SCOPE)
    return _holds(
        "h.lifted_at is null and (%s::uuid is null or h.id > %s) order by h.id limit %s",
        (after, after, min(limit, _MOST)),
    )


def _holds(condition: str, params: Sequence[object]) -> list[HoldView]:
    return [
        HoldView(
            id=row[0],
            order_id=row[1],
            number=row[2],
            placed_by=row[3],
            reason=row[4],
            placed_at=row[5],
            lifted_by=row[6],
            lift_reason=row[7],
            lifted_at=row[8],
            dispute_id=row[9],
        )
        for row in sets.fetch(f"{_HOLD} where {condition}", params)
    ]
