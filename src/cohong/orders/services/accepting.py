"""Accept and settle: the buyer has the goods, the seller gets the money."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cohong.kernel import clock, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import named_id
from cohong.kernel.money import Money
from cohong.logistics import api as logistics
from cohong.orders import documents, refusals, rules
from cohong.orders.rows import OrderRow, issue, lock_orders, write_orders
from cohong.orders.states import ORDER_LIFE, OrderAct, OrderState
from cohong.orders.terms import OnOrder
from cohong.parties.api import SYSTEM
from cohong.payments import api as payments


@sets.act
def accept(*, items: Sequence[OnOrder]) -> list[datetime | Refusal]:
    """Accept the goods of orders; the outcome is when. The platform itself accepts only what is due.

    What the platform finds due while its goods are still on their way, or came later than thought, is put off instead:
    the time for objections counts from the delivery.

    Refusals: NotAllowed kinds, OrderNotFound, WrongState, OrderHeld, Unpaid (payment on delivery), ReturnsPending,
    NotDueYet.
    """
    now = clock.now()
    orders = lock_orders(item.order_id for item in items)
    put_off = _put_off(
        [orders[item.order_id] for item in items if item.actor == SYSTEM and item.order_id in orders], now
    )
    outcomes: list[datetime | Refusal] = []
    stated = []
    for item in items:
        try:
            order = _checked(item, orders, now)
        except Refusal as refusal:
            outcomes.append(refusal)
            continue
        order.state = ORDER_LIFE.next(order.state, OrderAct.ACCEPT)
        order.accept_by = None
        body = documents.OrderAccepted(number=order.number, by_itself=item.actor == SYSTEM)
        stated.append((order, item.actor.party_id, body))
        outcomes.append(now)
    issue(stated)
    done = {order.id for order, _, _ in stated}
    write_orders([order for order, _, _ in stated] + [order for order in put_off if order.id not in done])
    return outcomes


def _put_off(due: Sequence[OrderRow], now: datetime) -> list[OrderRow]:
    """Put the acceptance by itself off for those of these orders whose goods are not there long enough; return them."""
    shipped = [
        order
        for order in due
        if order.state == OrderState.SHIPPED and order.accept_by is not None and order.accept_by <= now
    ]
    known = logistics.deliveries(order_ids=[order.id for order in shipped])
    late = []
    for order in shipped:
        ends = rules.objections_end(
            order.shipped_at or now, order.accept_days, [one.known_at for one in known[order.id]]
        )
        if ends > now:
            order.accept_by = ends
            late.append(order)
    return late


@sets.act
def note_arrivals(*, order_ids: Sequence[UUID]) -> None:
    """Let the time for objections of shipped orders count from the delivery, as soon as it is known. Safe to repeat.

    It never comes nearer by this: an order that stood still keeps the time that was given back.
    """
    orders = lock_orders(order_ids)
    known = logistics.deliveries(order_ids=list(orders))
    moved = []
    for order in orders.values():
        if order.state != OrderState.SHIPPED or order.shipped_at is None or order.accept_by is None:
            continue
        arrived = [one.known_at for one in known[order.id]]
        ends = rules.objections_end(order.shipped_at, order.accept_days, arrived)
        if all(arrived) and ends > order.accept_by:
            order.accept_by = ends
            moved.append(order)
    write_orders(moved)


def _checked(item: OnOrder, orders: dict[UUID, OrderRow], now: datetime) -> OrderRow:
    order = orders.get(item.order_id)
    if order is None:
        raise refusals.OrderNotFound
    rules.check_may(item.actor, OrderAct.ACCEPT, buyer_id=order.buyer_id, seller_id=order.seller_id)
    ORDER_LIFE.next(order.state, OrderAct.ACCEPT)
    if order.hold_count:
        raise refusals.OrderHeld
    if order.paid_minor < order.total_minor:
        raise refusals.Unpaid(missing=order.money(order.total_minor - order.paid_minor))
    if item.actor == SYSTEM:
        if order.open_returns:
            raise refusals.ReturnsPending
        if order.accept_by is None or order.accept_by > now:
            raise refusals.NotDueYet
    return order


@sets.act
def settle(*, items: Sequence[OnOrder]) -> list[Money | Refusal]:
    """Pay accepted orders' escrow out to their sellers, less the platform's fee; the outcome is the gross amount.

    Only the platform settles. Refusals: NotAllowed kinds, OrderNotFound, WrongState, OrderHeld, ReturnsPending.
    """
    now = clock.now()
    orders = lock_orders(item.order_id for item in items)
    outcomes: list[Money | Refusal] = []
    ready: list[tuple[OrderRow, Money]] = []
    for item in items:
        refusal = rules.outcome_of(_check_settling, item, orders)
        if refusal is not None:
            outcomes.append(refusal)
            continue
        order = orders[item.order_id]
        amount = order.money(order.escrow_minor)
        order.state = ORDER_LIFE.next(order.state, OrderAct.SETTLE)
        ready.append((order, amount))
        outcomes.append(amount)
    fees = payments.fees_for(items=[(amount, order.way) for order, amount in ready])
    going = [(order, amount, fee) for (order, amount), fee in zip(ready, fees, strict=True)]
    _pay_out(going)
    stated = []
    for order, amount, fee in going:
        order.settled_minor += amount.minor
        order.fee_minor += fee.minor
        order.ended_at = now
        body = documents.OrderSettled(
            number=order.number,
            way=order.way,
            buyer=order.buyer_id,
            seller=order.seller_id,
            amount=amount,
            fee=fee,
        )
        stated.append((order, SYSTEM.party_id, body))
    issue(stated)
    write_orders([order for order, _, _ in stated])
    return outcomes


def _check_settling(item: OnOrder, orders: dict[UUID, OrderRow]) -> None:
    order = orders.get(item.order_id)
    if order is None:
        raise refusals.OrderNotFound
    rules.check_may(item.actor, OrderAct.SETTLE, buyer_id=order.buyer_id, seller_id=order.seller_id)
    ORDER_LIFE.next(order.state, OrderAct.SETTLE)
    if order.hold_count:
        raise refusals.OrderHeld
    if order.open_returns:
        raise refusals.ReturnsPending


def _pay_out(going: Sequence[tuple[OrderRow, Money, Money]]) -> None:
    """Move the money. Escrow holds it by all rules, so a refusal here is a broken invariant and undoes the act."""
    steps = [
        payments.Settle(
            order_id=order.id,
            payee_id=order.seller_id,
            amount=amount,
            fee=fee,
            reference=named_id("orders.settle", order.id),
        )
        for order, amount, fee in going
        if not amount.is_zero  # all of it was refunded, or it was a gift
    ]
    for refusal in payments.settle(items=steps):
        if refusal is not None:
            raise RuntimeError(f"an escrow does not hold what its order says: {refusal!r}")
