"""Close short: what a part-shipped order still owes never comes; its goods are free again, its money goes back."""

from collections.abc import Sequence
from uuid import UUID

from cohong.catalog import api as catalog
from cohong.kernel import clock, sets
from cohong.kernel.errors import one
from cohong.kernel.ids import named_id
from cohong.kernel.money import Money
from cohong.orders import documents, refusals, rules
from cohong.orders.rows import LineRow, OrderRow, issue, lines_of, lock_orders, write_lines, write_orders
from cohong.orders.services.returning import pending_returns
from cohong.orders.states import ORDER_LIFE, OrderAct
from cohong.orders.terms import OnOrder
from cohong.payments import api as payments


@sets.act
def close_short(*, item: OnOrder) -> Money:
    """Say, as the seller and with a reason, that the rest of a part-shipped order never comes; return what went back.

    For each line the share that was paid for what is missing goes back to the buyer's balance; from then on the order is
    shipped. An order to be paid on delivery is paid first. Raises NotAllowed kinds, OrderNotFound, WrongState,
    OrderHeld, Unpaid, ReasonMissing.
    """
    order = lock_orders([item.order_id]).get(item.order_id)
    if order is None:
        raise refusals.OrderNotFound
    rules.check_may(item.actor, OrderAct.CLOSE_SHORT, buyer_id=order.buyer_id, seller_id=order.seller_id)
    ORDER_LIFE.next(order.state, OrderAct.CLOSE_SHORT)
    if order.hold_count:
        raise refusals.OrderHeld
    if order.paid_minor < order.total_minor:
        raise refusals.Unpaid(missing=order.money(order.total_minor - order.paid_minor))
    if not item.reason.strip():
        raise refusals.ReasonMissing
    lines = lines_of([order.id])[order.id]
    shares = _shares(order, lines)
    amount = order.money(sum(shares.values()))
    if not amount.is_zero:
        _send_back(order, amount)
    for line in lines:
        line.refunded_minor += shares.get(line.id, 0)
    body = drop_rest(order, lines, by=item.actor.party_id, reason=item.reason, refunded=amount)
    issue([(order, item.actor.party_id, body)])
    write_lines(lines)
    write_orders([order])
    return amount


def drop_rest(
    order: OrderRow, lines: Sequence[LineRow], *, by: UUID, reason: str, refunded: Money
) -> documents.OrderClosedShort:
    """Free what was not shipped of a locked, part-shipped order and make it a shipped one; return what to state."""
    rest = [line for line in lines if line.to_go]
    stated = [documents.QuantityOf(line_id=line.id, quantity=line.to_go) for line in rest]
    catalog.release(line_ids=[line.id for line in rest])
    for line in rest:
        line.dropped += line.to_go
    order.state = ORDER_LIFE.next(order.state, OrderAct.CLOSE_SHORT)
    order.shipped_at = clock.now()
    order.accept_by = rules.accept_by(order.shipped_at, order.accept_days)
    return documents.OrderClosedShort(
        number=order.number, by=by, reason=reason, lines=stated, refunded=refunded
    )


def _shares(order: OrderRow, lines: Sequence[LineRow]) -> dict[UUID, int]:
    """Say for each line what was paid for its missing part and has neither gone back nor been asked for."""
    pending = pending_returns(order.id)
    room = order.paid_minor - order.refunded_minor - sum(own.amount_minor for own in pending.values())
    shares = {}
    for line in lines:
        if not line.to_go:
            continue
        asked = pending.get(line.id)
        before = line.returned + line.dropped + (asked.quantity if asked else 0)
        share = rules.share_of(line.total_minor, quantity=line.to_go, of=line.quantity, before=before)
        left = line.goods_minor + line.freight_minor - line.refunded_minor
        left -= asked.amount_minor if asked else 0
        shares[line.id] = max(min(share, left, room), 0)
        room -= shares[line.id]
    return shares


def _send_back(order: OrderRow, amount: Money) -> None:
    nothing = order.money(0)
    step = payments.Refund(
        order_id=order.id,
        payer_id=order.buyer_id,
        payee_id=order.seller_id,
        from_escrow=amount,
        from_payee=nothing,
        from_fees=nothing,
        reference=named_id("orders.close_short", order.id),
    )
    one(payments.refund(items=[step]))
    order.refunded_minor += amount.minor
