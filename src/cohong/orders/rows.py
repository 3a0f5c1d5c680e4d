"""The rows that acts work on: locked once, in key order, as plain values; and how changes are written back as sets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cohong.kernel import sets
from cohong.kernel.documents import Body
from cohong.kernel.journal import Entry, append
from cohong.kernel.money import Money
from cohong.orders.states import OrderState


@dataclass(slots=True)
class OrderRow:
    """An order under lock. Acts change it in place and write the changed columns back together."""

    id: UUID
    number: str
    way: str
    buyer_id: UUID
    seller_id: UUID
    state: str
    currency: str
    total_minor: int
    deposit_minor: int
    paid_minor: int
    refunded_minor: int
    refunded_late_minor: int
    settled_minor: int
    fee_minor: int
    fee_returned_minor: int
    payment: str
    delivery: str
    pay_hours: int
    accept_days: int
    carrier_id: UUID | None
    service: str
    address_sealed: str
    hold_count: int
    open_returns: int
    last_document: UUID
    pay_by: datetime | None
    shipped_at: datetime | None
    accept_by: datetime | None
    ended_at: datetime | None

    def money(self, minor: int) -> Money:
        """Return an amount in the order's currency."""
        return Money(minor, self.currency)

    @property
    def escrow_minor(self) -> int:
        """What the order's escrow should hold."""
        return self.paid_minor - self.settled_minor - (self.refunded_minor - self.refunded_late_minor)

    @property
    def parties(self) -> tuple[UUID, UUID]:
        """Who may see the order's documents."""
        return self.buyer_id, self.seller_id


@dataclass(slots=True)
class LineRow:
    """A line of a locked order; the order's lock covers it."""

    id: UUID
    order_id: UUID
    sku_id: UUID
    title: str
    quantity: int
    goods_minor: int
    freight_minor: int
    total_minor: int
    shipped: int
    dropped: int
    returned: int
    refunded_minor: int

    @property
    def to_go(self) -> int:
        """How many are still to be shipped."""
        return self.quantity - self.shipped - self.dropped


_ORDER_COLUMNS = ", ".join(OrderRow.__slots__)
_LINE_COLUMNS = ", ".join(LineRow.__slots__)


def lock_orders(order_ids: Iterable[UUID]) -> dict[UUID, OrderRow]:
    """Lock orders, in key order, and return them by id. One that does not exist is not in the answer."""
    rows = sets.fetch(
        f"select {_ORDER_COLUMNS} from orders_order where id = any(%s) order by id for update",
        (sorted(set(order_ids)),),
    )
    return {row[0]: OrderRow(*row) for row in rows}


def lines_of(order_ids: Iterable[UUID]) -> dict[UUID, list[LineRow]]:
    """Return the lines of (locked) orders, in their order."""
    found: dict[UUID, list[LineRow]] = {order_id: [] for order_id in order_ids}
    rows = sets.fetch(
        f"select {_LINE_COLUMNS} from orders_line where order_id = any(%s) order by order_id, position",
        (list(found),),
    )
    for row in rows:
        line = LineRow(*row)
        found[line.order_id].append(line)
    return found


def write_orders(orders: Sequence[OrderRow]) -> None:
    """Write back what acts may change of an order, all orders in one statement."""
    if not orders:
        return
    sets.run(
        "update orders_order o set state = x.state, paid_minor = x.paid, refunded_minor = x.refunded,"
        " refunded_late_minor = x.late, settled_minor = x.settled, fee_minor = x.fee,"
        " fee_returned_minor = x.fee_returned, hold_count = x.holds, open_returns = x.returns,"
        " last_document = x.document, pay_by = x.pay_by, shipped_at = x.shipped_at, accept_by = x.accept_by,"
        " ended_at = x.ended_at"
        " from unnest(%s::uuid[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],"
        " %s::bigint[], %s::int[], %s::int[], %s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[],"
        " %s::timestamptz[]) as x(id, state, paid, refunded, late, settled, fee, fee_returned, holds, returns,"
        " document, pay_by, shipped_at, accept_by, ended_at)"
        " where o.id = x.id",
        (
            [o.id for o in orders],
            [str(OrderState(o.state).value) for o in orders],
            [o.paid_minor for o in orders],
            [o.refunded_minor for o in orders],
            [o.refunded_late_minor for o in orders],
            [o.settled_minor for o in orders],
            [o.fee_minor for o in orders],
            [o.fee_returned_minor for o in orders],
            [o.hold_count for o in orders],
            [o.open_returns for o in orders],
            [o.last_document for o in orders],
            [o.pay_by for o in orders],
            [o.shipped_at for o in orders],
            [o.accept_by for o in orders],
            [o.ended_at for o in orders],
        ),
    )


def write_lines(lines: Sequence[LineRow]) -> None:
    """Write back what acts may change of lines, all in one statement."""
    if not lines:
        return
    sets.run(
        "update orders_line l set shipped = x.shipped, dropped = x.dropped, returned = x.returned,"
        " refunded_minor = x.refunded from unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])"
        " as x(id, shipped, dropped, returned, refunded)"
        " where l.id = x.id",
        (
            [line.id for line in lines],
            [line.shipped for line in lines],
            [line.dropped for line in lines],
            [line.returned for line in lines],
            [line.refunded_minor for line in lines],
        ),
    )


def issue(stated: Sequence[tuple[OrderRow, UUID, Body]]) -> None:
    """Issue one document per (order, issuer, body); each answers the order's last one and becomes it.

    Several documents of one order in one call answer the same earlier one: they are of one moment.
    """
    entries = [
        Entry(
            subject=order.id,
            issuer=issuer,
            body=body,
            visible_to=order.parties,
            answers=(order.last_document,),
        )
        for order, issuer, body in stated
    ]
    for (order, _, _), receipt in zip(stated, append(entries), strict=True):
        order.last_document = receipt.id
