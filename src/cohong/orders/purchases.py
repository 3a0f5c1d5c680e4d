"""Reads of a buyer's list of orders: found by number, goods or seller, counted by state."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from cohong.kernel import numbers, sets
from cohong.kernel.errors import Refusal
from cohong.orders.selectors import MAX_PAGE, OrderView, views
from cohong.orders.states import OrderState
from cohong.parties.api import Actor

_TEXT_MOST = 100


def purchases(
    *,
    actor: Actor,
    states: Sequence[str] = (),
    text: str = "",
    seller_ids: Sequence[UUID] = (),
    before: UUID | None = None,
    limit: int = 50,
) -> list[OrderView]:
    """Return what the acting party ordered, newest first, from the cursor `before` on.

    `text` finds an order by its number, by words in the titles of its goods, or by one of `seller_ids` (whoever calls knows
    which sellers' names the text means).
    """
    conditions: list[str] = ["buyer_id = %s"]
    params: list[Any] = [actor.party_id]
    if states:
        conditions.append("state = any(%s)")
        params.append([str(OrderState(state).value) for state in states])
    if text.strip():
        conditions.append(
            "(number = %s or seller_id = any(%s) or exists (select 1 from orders_line l where l.order_id = orders_order.id"
            " and strpos(lower(l.title), %s) > 0))"
        )
        params += [_number(text), list(seller_ids), text.strip().lower()[:_TEXT_MOST]]
    if before is not None:
        conditions.append("id < %s")
        params.append(before)
    params.append(min(limit, MAX_PAGE + 1))
    return views(f"where {' and '.join(conditions)} order by id desc limit %s", params, with_lines=True)


def _number(text: str) -> str:
    try:
        return numbers.normalise(text)
    except Refusal:
        return ""


def purchase_counts(*, actor: Actor) -> dict[OrderState, int]:
    """Count what the acting party ordered, by state."""
    rows = sets.fetch(
        "select state, count(*) from orders_order where buyer_id = %s group by state", (actor.party_id,)
    )
    return {OrderState(state): count for state, count in rows}


def accepted_soon(*, before: datetime, limit: int = 1_000) -> list[OrderView]:
    """Return shipped orders that count as accepted by themselves before then if nobody objects, without their lines."""
    return views(
        "where state = 'shipped' and accept_by < %s and hold_count = 0 and open_returns = 0 order by accept_by limit %s",
        (before, limit),
        with_lines=False,
    )


def sellers_of(*, actor: Actor) -> list[UUID]:
    """Return whom the acting party ever ordered from, at most a thousand."""
    rows = sets.fetch(
        "select distinct seller_id from orders_order where buyer_id = %s limit 1000", (actor.party_id,)
    )
    return [seller_id for (seller_id,) in rows]
