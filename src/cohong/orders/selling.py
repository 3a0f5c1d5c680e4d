"""Reads for a seller's desk: what is to be shipped, what came back, what a refund would move, what was sold."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cohong.kernel import sets
from cohong.kernel.money import Money
from cohong.orders import rules
from cohong.orders.selectors import MAX_PAGE, OrderView, ReturnView, views
from cohong.orders.states import OrderState, ReturnState
from cohong.parties.api import Actor, Role, require

_SCOPE = "orders:read"
SALES_COUNTED = 10_000
_TEXT_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesFilter:
    """Which of its sales a seller looks for. What is empty does not narrow.

    `text` is a part of the order's number or of what was ordered, or one of `buyer_ids` sold to; `region_codes` are where
    the goods go; `placed_from` is inclusive, `placed_before` exclusive.
    """

    states: tuple[OrderState, ...] = ()
    delivery: str = ""
    carrier_id: UUID | None = None
    region_codes: tuple[str, ...] = ()
    text: str = ""
    buyer_ids: tuple[UUID, ...] = ()
    placed_from: datetime | None = None
    placed_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class SoldView:
    """What a statement says of an order that was sold."""

    id: UUID
    number: str
    buyer_id: UUID
    state: OrderState
    goods: Money
    freight: Money
    discount: Money
    total: Money


@dataclass(frozen=True, slots=True)
class ReturnOfSale:
    """A return as its seller's desk lists it."""

    view: ReturnView
    order_number: str
    buyer_id: UUID
    is_held: bool


@dataclass(frozen=True, slots=True)
class RefundOutlook:
    """What a refund, given now, would take from where. The three add up to the return's amount."""

    amount: Money
    from_escrow: Money
    from_seller: Money
    from_fees: Money


def sales(
    *,
    actor: Actor,
    wanted: SalesFilter,
    after: UUID | None = None,
    oldest_first: bool = False,
    limit: int = 50,
    with_lines: bool = True,
) -> list[OrderView]:
    """Return the acting party's sales, from the order `after` on; at most `MAX_PAGE` and one more. Raises NotYours."""
    require(actor, actor.party_id, *Role, scope=_SCOPE)
    condition, params = _where(actor, wanted)
    if after is not None:
        condition += f" and id {'>' if oldest_first else '<'} %s"
        params.append(after)
    params.append(min(limit, MAX_PAGE + 1))
    way = "asc" if oldest_first else "desc"
    return views(f"where {condition} order by id {way} limit %s", params, with_lines=with_lines)


def sales_count(*, actor: Actor, wanted: SalesFilter) -> int:
    """Count the acting party's sales; ten thousand and more count as ten thousand. Raises NotYours."""
    require(actor, actor.party_id, *Role, scope=_SCOPE)
    condition, params = _where(actor, wanted)
    [(count,)] = sets.fetch(
        f"select count(*) from (select 1 from orders_order where {condition} limit %s) as found",
        [*params, SALES_COUNTED],
    )
    return int(count)


def _where(actor: Actor, wanted: SalesFilter) -> tuple[str, list[object]]:
    conditions: list[str] = ["seller_id = %s"]
    params: list[object] = [actor.party_id]
    for condition, value in (
        ("state = any(%s)", [state.value for state in wanted.states]),
        ("delivery = %s", wanted.delivery),
        ("carrier_id = %s", wanted.carrier_id),
        ("region_code = any(%s)", list(wanted.region_codes)),
        ("placed_at >= %s", wanted.placed_from),
        ("placed_at < %s", wanted.placed_before),
    ):
        if value:
            conditions.append(condition)
            params.append(value)
    if text := wanted.text.strip()[:_TEXT_MAX]:
        part = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        conditions.append(
            "(number ilike %s or buyer_id = any(%s) or exists (select 1 from orders_line l"
            " where l.order_id = orders_order.id and l.title ilike %s))"
        )
        params += [part, list(wanted.buyer_ids), part]
    return " and ".join(conditions), params


def sold(*, actor: Actor, order_ids: Sequence[UUID]) -> dict[UUID, SoldView]:
    """Return what a statement says of these orders; those that the acting party did not sell are left out."""
    require(actor, actor.party_id, *Role, scope=_SCOPE)
    rows = sets.fetch(
        "select id, number, buyer_id, state, currency, goods_minor, freight_minor, discount_minor, total_minor"
        " from orders_order where id = any(%s) and seller_id = %s",
        (list(order_ids), actor.party_id),
    )
    return {
        id_: SoldView(
            id_, number, buyer_id, OrderState(state), *(Money(minor, currency) for minor in amounts)
        )
        for id_, number, buyer_id, state, currency, *amounts in rows
    }


# --- returns ---------------------------------------------------------------------------------------------


def returns_of_sales(
    *,
    actor: Actor,
    states: Sequence[ReturnState] = (),
    before: UUID | None = None,
    limit: int = 50,
) -> list[ReturnOfSale]:
    """Return what came, or is to come, back to the acting party, newest first. Raises NotYours."""
    require(actor, actor.party_id, *Role, scope=_SCOPE)
    rows = sets.fetch(
        "select r.id, r.number, r.order_id, r.state, r.goods_back, r.amount_minor, r.currency, r.reason, r.decision,"
        " r.requested_at, r.ended_at, o.number, o.buyer_id, o.hold_count > 0"
        " from orders_return r join orders_order o on o.id = r.order_id"
        " where o.seller_id = %s and (%s::text[] = '{}' or r.state = any(%s)) and (%s::uuid is null or r.id < %s)"
        " order by r.id desc limit %s",
        (
            actor.party_id,
            *([state.value for state in states],) * 2,
            before,
            before,
            min(limit, MAX_PAGE + 1),
        ),
    )
    lines = _return_lines([row[0] for row in rows])
    found = []
    for id_, number, order_id, state, goods_back, minor, currency, reason, decision, *rest in rows:
        requested_at, ended_at, order_number, buyer_id, is_held = rest
        back = tuple((line_id, quantity, Money(amount, currency)) for line_id, quantity, amount in lines[id_])
        view = ReturnView(
            *(id_, number, order_id, state, goods_back, Money(minor, currency), reason, decision),
            *(requested_at, ended_at, back),
        )
        found.append(ReturnOfSale(view, order_number, buyer_id, is_held))
    return found


def _return_lines(return_ids: Sequence[UUID]) -> defaultdict[UUID, list[tuple[UUID, int, int]]]:
    lines: defaultdict[UUID, list[tuple[UUID, int, int]]] = defaultdict(list)
    for return_id, line_id, quantity, amount in sets.fetch(
        "select return_id, line_id, quantity, amount_minor from orders_return_line where return_id = any(%s)"
        " order by return_id, line_id",
        (list(return_ids),),
    ):
        lines[return_id].append((line_id, quantity, amount))
    return lines


def returns_waiting(*, actor: Actor) -> dict[ReturnState, int]:
    """Count the acting party's open returns by their state: what its desk has to do. Raises NotYours."""
    require(actor, actor.party_id, *Role, scope=_SCOPE)
    rows = sets.fetch(
        "select r.state, count(*) from orders_return r join orders_order o on o.id = r.order_id"
        " where o.seller_id = %s and r.state in ('requested', 'approved', 'received') group by r.state",
        (actor.party_id,),
    )
    return {ReturnState(state): int(count) for state, count in rows}


def refund_outlooks(*, actor: Actor, return_ids: Sequence[UUID]) -> dict[UUID, RefundOutlook]:
    """Say from where the money of these returns would come if it went back now.

    Those whose goods the acting party did not sell are left out. What it says can be outrun by what happens in between.
    """
    require(actor, actor.party_id, *Role, scope=_SCOPE)
    rows = sets.fetch(
        "select r.id, r.amount_minor, o.currency, o.state, o.settled_minor, o.fee_minor, o.refunded_late_minor"
        " from orders_return r join orders_order o on o.id = r.order_id where r.id = any(%s) and o.seller_id = %s",
        (list(return_ids), actor.party_id),
    )
    found = {}
    for id_, minor, currency, state, settled, fee, late in rows:
        split = rules.refund_sources(
            minor,
            is_settled=state == OrderState.SETTLED,
            settled_minor=settled,
            fee_minor=fee,
            refunded_late_minor=late,
        )
        found[id_] = RefundOutlook(Money(minor, currency), *(Money(part, currency) for part in split))
    return found
