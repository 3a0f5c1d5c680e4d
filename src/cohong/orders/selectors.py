"""Reads for pages and interfaces. A party sees its own orders; an authority with a mandate for it sees any."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from cohong.kernel import journal, privacy, sets
from cohong.kernel.money import Money
from cohong.logistics import api as logistics
from cohong.orders import refusals
from cohong.orders.states import ORDER_LIFE, OrderState, ReturnState
from cohong.parties.api import Actor, Mandate, public_text, record_looks

Side = Literal["buyer", "seller"]
MAX_PAGE = 200
_REASON_MOST = 500


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as it stands; `dropped` is what never will be shipped (the order was closed short)."""

    id: UUID
    sku_id: UUID
    title: str
    quantity: int
    unit_price: Money
    goods: Money
    freight: Money
    discount: Money
    total: Money
    shipped: int
    dropped: int
    returned: int
    refunded: Money


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as it stands, without personal data."""

    id: UUID
    number: str
    way: str
    buyer_id: UUID
    seller_id: UUID
    market_id: UUID | None
    state: OrderState
    goods: Money
    freight: Money
    discount: Money
    total: Money
    deposit: Money
    paid: Money
    refunded: Money
    settled: Money
    fee: Money
    payment: str
    delivery: str
    is_held: bool
    open_returns: int
    placed_at: datetime
    pay_by: datetime | None
    shipped_at: datetime | None
    accept_by: datetime | None
    ended_at: datetime | None
    carrier_id: UUID | None
    region_code: str
    lines: tuple[LineView, ...] = field(default=())

    @property
    def due(self) -> Money:
        """What is to be paid next."""
        if self.payment == "deposit" and self.state is OrderState.PLACED:
            return self.deposit - self.paid
        return self.total - self.paid

    def allows(self, act: str) -> bool:
        """Tell whether the order's state lets this be done."""
        return not self.is_held and ORDER_LIFE.allows(self.state, act)


@dataclass(frozen=True, slots=True)
class ReturnView:
    """A return as it stands; lines are (line id, quantity, amount)."""

    id: UUID
    number: str
    order_id: UUID
    state: str
    goods_back: bool
    amount: Money
    reason: str
    decision: str
    requested_at: datetime
    ended_at: datetime | None
    lines: tuple[tuple[UUID, int, Money], ...]


_SELECT = (
    "select id, number, way, buyer_id, seller_id, market_id, state, currency, goods_minor, freight_minor, discount_minor,"
    " total_minor, deposit_minor, paid_minor, refunded_minor, settled_minor, fee_minor, payment, delivery, hold_count > 0,"
    " open_returns, placed_at, pay_by, shipped_at, accept_by, ended_at, carrier_id, region_code from orders_order"
)


def views(condition: str, params: Sequence[object], *, with_lines: bool) -> list[OrderView]:
    """Read orders, with their lines if wanted: one statement or two. Who may see them is the caller's to check."""
    rows = sets.fetch(f"{_SELECT} {condition}", params)
    lines = _lines([row[0] for row in rows]) if with_lines else {}
    views = []
    for row in rows:
        currency = row[7]
        money = [Money(minor, currency) for minor in row[8:17]]
        values: list[Any] = [*row[:6], OrderState(row[6]), *money, *row[17:], tuple(lines.get(row[0], ()))]
        views.append(OrderView(*values))
    return views


def _lines(order_ids: Sequence[UUID]) -> dict[UUID, list[LineView]]:
    found: defaultdict[UUID, list[LineView]] = defaultdict(list)
    rows = sets.fetch(
        "select l.order_id, o.currency, l.id, l.sku_id, l.title, l.quantity, l.unit_price_minor, l.goods_minor,"
        " l.freight_minor, l.discount_minor, l.total_minor, l.shipped, l.dropped, l.returned, l.refunded_minor"
        " from orders_line l join orders_order o on o.id = l.order_id"
        " where l.order_id = any(%s) order by l.order_id, l.position",
        (list(order_ids),),
    )
    for order_id, currency, *row in rows:
        money = [Money(minor, currency) for minor in row[4:9]]
        values: list[Any] = [*row[:4], *money, *row[9:12], Money(row[12], currency)]
        found[order_id].append(LineView(*values))
    return found


def _may_see(actor: Actor, view: OrderView) -> bool:
    return actor.party_id in (view.buyer_id, view.seller_id) or bool(
        actor.mandates & {Mandate.PLATFORM, Mandate.SUPERVISION}
    )


def order(*, actor: Actor, order_id: UUID) -> OrderView:
    """Return one order with its lines. Raises OrderNotFound if it is not the actor's to see."""
    found = views("where id = %s", (order_id,), with_lines=True)
    if not found or not _may_see(actor, found[0]):
        raise refusals.OrderNotFound
    return found[0]


def order_by_number(*, actor: Actor, number: str) -> OrderView:
    """Return one order by the number that people read aloud. Raises OrderNotFound."""
    found = views("where number = %s", (number,), with_lines=True)
    if not found or not _may_see(actor, found[0]):
        raise refusals.OrderNotFound
    return found[0]


def orders(
    *,
    actor: Actor,
    side: Side,
    states: Sequence[str] = (),
    ids: Sequence[UUID] | None = None,
    before: UUID | None = None,
    limit: int = 50,
    with_lines: bool = True,
) -> list[OrderView]:
    """Return the acting party's orders as buyer or as seller, newest first, from the cursor `before` on.

    With `ids`, only those of them that are the party's.
    """
    condition = [f"{'buyer_id' if side == 'buyer' else 'seller_id'} = %s"]
    params: list[object] = [actor.party_id]
    if states:
        condition.append("state = any(%s)")
        params.append([str(state) for state in states])
    if ids is not None:
        condition.append("id = any(%s)")
        params.append(list(ids))
    if before is not None:
        condition.append("id < %s")
        params.append(before)
    params.append(min(limit, MAX_PAGE + 1))
    return views(f"where {' and '.join(condition)} order by id desc limit %s", params, with_lines=with_lines)


def standings(*, actor: Actor, order_ids: Sequence[UUID]) -> dict[UUID, tuple[OrderState, Money]]:
    """Return the state and the total of those of these orders that the acting party sold; others are not in the answer."""
    rows = sets.fetch(
        "select id, state, total_minor, currency from orders_order where id = any(%s) and seller_id = %s",
        (list(order_ids), actor.party_id),
    )
    return {
        order_id: (OrderState(state), Money(minor, currency)) for order_id, state, minor, currency in rows
    }


def return_standings(*, actor: Actor, return_ids: Sequence[UUID]) -> dict[UUID, tuple[ReturnState, Money]]:
    """Return the state and the amount of those of these returns that go back to the acting party."""
    rows = sets.fetch(
        "select r.id, r.state, r.amount_minor, r.currency from orders_return r join orders_order o on o.id = r.order_id"
        " where r.id = any(%s) and o.seller_id = %s",
        (list(return_ids), actor.party_id),
    )
    return {
        return_id: (ReturnState(state), Money(minor, currency)) for return_id, state, minor, currency in rows
    }


def address(*, actor: Actor, order_id: UUID, reason: str = "") -> logistics.Address | None:
    """Return where an order's goods go, to the parties of the order. Raises OrderNotFound.

    An authority gets it masked, or, supervision with a reason, in clear; either look is recorded with the buyer.
    """
    view = order(actor=actor, order_id=order_id)
    [(sealed,)] = sets.fetch("select address_sealed from orders_order where id = %s", (order_id,))
    if not sealed:
        return None
    found = msgspec.json.decode(privacy.decrypt(sealed), type=logistics.Address)
    if actor.party_id in (view.buyer_id, view.seller_id):
        return found
    said = public_text(reason, name="reason", most=_REASON_MOST, least=0)
    in_clear = bool(said) and Mandate.SUPERVISION in actor.mandates
    record_looks(actor=actor, party_ids=[view.buyer_id], what=["address"], in_clear=in_clear, reason=said)
    return found if in_clear else found.masked()


def returns(*, actor: Actor, order_id: UUID) -> list[ReturnView]:
    """Return an order's returns, the oldest first. Raises OrderNotFound."""
    order(actor=actor, order_id=order_id)
    lines: defaultdict[UUID, list[tuple[UUID, int, int]]] = defaultdict(list)
    for return_id, *line in sets.fetch(
        "select l.return_id, l.line_id, l.quantity, l.amount_minor from orders_return_line l"
        " join orders_return r on r.id = l.return_id where r.order_id = %s order by l.return_id, l.line_id",
        (order_id,),
    ):
        lines[return_id].append((line[0], line[1], line[2]))
    rows = sets.fetch(
        "select id, number, order_id, state, goods_back, amount_minor, currency, reason, decision, requested_at, ended_at"
        " from orders_return where order_id = %s order by requested_at, id",
        (order_id,),
    )
    return [
        ReturnView(
            *(
                id_,
                number,
                of,
                state,
                goods_back,
                Money(minor, currency),
                reason,
                decision,
                requested_at,
                ended_at,
            ),
            tuple((line_id, quantity, Money(amount, currency)) for line_id, quantity, amount in lines[id_]),
        )
        for id_, number, of, state, goods_back, minor, currency, reason, decision, requested_at, ended_at in rows
    ]


def order_of_return(*, return_id: UUID) -> UUID:
    """Return the id of the order that a return belongs to. Raises ReturnNotFound."""
    found = sets.fetch("select order_id from orders_return where id = %s", (return_id,))
    if not found:
        raise refusals.ReturnNotFound
    return UUID(str(found[0][0]))


def evidence(*, actor: Actor, order_id: UUID) -> list[journal.Filed]:
    """Return an order's evidence file (证据): every document about it. Raises OrderNotFound."""
    order(actor=actor, order_id=order_id)
    return journal.file_of([order_id])


def due_to_lapse(*, now: datetime, limit: int) -> list[UUID]:
    """Return orders whose time to pay has passed."""
    return _ids(
        "state in ('placed', 'deposited') and pay_by < %s and hold_count = 0 order by pay_by", (now,), limit
    )


def due_to_accept(*, now: datetime, limit: int) -> list[UUID]:
    """Return shipped, paid orders whose time for objections has passed."""
    return _ids(
        "state = 'shipped' and accept_by <= %s and hold_count = 0 and open_returns = 0 and paid_minor = total_minor"
        " order by accept_by",
        (now,),
        limit,
    )


def due_to_settle(*, limit: int) -> list[UUID]:
    """Return accepted orders that nothing keeps from being settled."""
    return _ids("state = 'accepted' and hold_count = 0 and open_returns = 0 order by id", (), limit)


def _ids(condition: str, params: Sequence[object], limit: int) -> list[UUID]:
    rows = sets.fetch(f"select id from orders_order where {condition} limit %s", (*params, limit))
    return [row[0] for row in rows]
