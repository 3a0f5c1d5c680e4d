"""Cancel and lapse: an order ends before anything is shipped, its goods are free again, its money goes back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cohong.catalog import api as catalog
from cohong.kernel import clock, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import named_id
from cohong.kernel.money import Money
from cohong.orders import documents, refusals, rules
from cohong.orders.rows import OrderRow, issue, lines_of, lock_orders, write_orders
from cohong.orders.services.paying import due_minor
from cohong.orders.states import ORDER_LIFE, OrderAct, OrderState
from cohong.orders.terms import OnOrder
from cohong.parties.api import SYSTEM
from cohong.payments import api as payments


@sets.act
def cancel(*, items: Sequence[OnOrder]) -> list[Money | Refusal]:
    """Call orders off before shipping, by either side; the outcome is what went back to the buyer's balance.

    Refusals: NotAllowed kinds, OrderNotFound, WrongState, OrderHeld, ReasonMissing.
    """
    now = clock.now()
    orders = lock_orders(item.order_id for item in items)
    outcomes: list[Money | Refusal] = []
    going: list[tuple[OnOrder, OrderRow]] = []
    for item in items:
        refusal = rules.outcome_of(_check_cancelling, item, orders)
        if refusal is not None:
            outcomes.append(refusal)
            continue
        order = orders[item.order_id]
        order.state = ORDER_LIFE.next(order.state, OrderAct.CANCEL)
        _end(order, now)
        going.append((item, order))
        outcomes.append(Money.zero(order.currency))
    _free_goods([order for _, order in going])
    refunded = _give_back([order for _, order in going])
    issue(
        [
            (
                order,
                item.actor.party_id,
                documents.OrderCancelled(
                    number=order.number,
                    by=item.actor.party_id,
                    reason=item.reason,
                    refunded=refunded[order.id],
                ),
            )
            for item, order in going
        ]
    )
    write_orders([order for _, order in going])
    return [
        outcome if isinstance(outcome, Refusal) else refunded[item.order_id]
        for item, outcome in zip(items, outcomes, strict=True)
    ]


def _check_cancelling(item: OnOrder, orders: dict[UUID, OrderRow]) -> None:
    order = orders.get(item.order_id)
    if order is None:
        raise refusals.OrderNotFound
    rules.check_may(item.actor, OrderAct.CANCEL, buyer_id=order.buyer_id, seller_id=order.seller_id)
    if order.state == OrderState.DEPOSITED and item.actor.party_id == order.buyer_id:
        # The deposit (定金) binds the buyer: who calls off loses it, by letting the order lapse; the seller may release them.
        raise refusals.OtherSidesAct(act=OrderAct.CANCEL)
    ORDER_LIFE.next(order.state, OrderAct.CANCEL)
    if order.hold_count:
        raise refusals.OrderHeld
    if not item.reason.strip():
        raise refusals.ReasonMissing


def _end(order: OrderRow, now: datetime) -> None:
    order.pay_by = None
    order.ended_at = now


def _free_goods(orders: Sequence[OrderRow]) -> None:
    lines = lines_of([order.id for order in orders])
    catalog.release(line_ids=[line.id for own in lines.values() for line in own])


def _give_back(orders: Sequence[OrderRow]) -> dict[UUID, Money]:
    """Send what the orders' escrows hold to the buyers' balances, what came in uncounted included.

    Not what came in beyond their totals: `collect` sends that back to its source.
    """
    held = payments.held(order_ids=[order.id for order in orders])
    refunded: dict[UUID, Money] = {}
    steps = []
    for order in orders:
        nothing = Money.zero(order.currency)
        amount = order.money(order.escrow_minor) + _uncounted(order, held.get(order.id, nothing))
        refunded[order.id] = amount
        if amount.is_zero:
            continue
        order.paid_minor += amount.minor - order.escrow_minor
        order.refunded_minor += amount.minor
        steps.append(_refund_step(order, amount))
    for refusal in payments.refund(items=steps):
        if refusal is not None:
            raise RuntimeError(f"an escrow does not hold what it says: {refusal!r}")
    return refunded


def _uncounted(order: OrderRow, held: Money) -> Money:
    """Return what came in and was not counted yet, as far as the order could have taken it."""
    return order.money(min(held.minor - order.escrow_minor, order.total_minor - order.paid_minor))


def _refund_step(order: OrderRow, amount: Money) -> payments.Refund:
    nothing = Money.zero(order.currency)
    return payments.Refund(
        order_id=order.id,
        payer_id=order.buyer_id,
        payee_id=order.seller_id,
        from_escrow=amount,
        from_payee=nothing,
        from_fees=nothing,
        reference=named_id("orders.end", order.id),
    )


@sets.act
def lapse(*, items: Sequence[OnOrder]) -> list[Money | Refusal]:
    """Let unpaid orders lapse whose time has passed; the outcome is the deposit that is forfeited to the seller.

    A deposit (定金) is the seller's when the buyer does not pay the balance, less the platform's fee. Only the platform does
    this. Refusals: NotAllowed kinds, OrderNotFound, WrongState, OrderHeld, NotDueYet, AlreadyPaidIn.
    """
    now = clock.now()
    orders = lock_orders(item.order_id for item in items)
    held = payments.held(order_ids=list(orders))
    outcomes: list[Money | Refusal] = []
    ready: list[tuple[OrderRow, Money]] = []
    for item in items:
        refusal = rules.outcome_of(_check_lapsing, item, orders, held, now)
        if refusal is not None:
            outcomes.append(refusal)
            continue
        order = orders[item.order_id]
        forfeited = order.money(order.escrow_minor if order.state == OrderState.DEPOSITED else 0)
        order.state = ORDER_LIFE.next(order.state, OrderAct.LAPSE)
        _end(order, now)
        ready.append((order, forfeited))
        outcomes.append(forfeited)
    fees = payments.fees_for(items=[(amount, order.way) for order, amount in ready])
    going = [(order, amount, fee) for (order, amount), fee in zip(ready, fees, strict=True)]
    _free_goods([order for order, _, _ in going])
    _forfeit(going)
    issue(
        [
            (order, SYSTEM.party_id, documents.OrderLapsed(number=order.number, forfeited=amount, fee=fee))
            for order, amount, fee in going
        ]
    )
    write_orders([order for order, _, _ in going])
    return outcomes


def _check_lapsing(
    item: OnOrder, orders: dict[UUID, OrderRow], held: dict[UUID, Money], now: datetime
) -> None:
    order = orders.get(item.order_id)
    if order is None:
        raise refusals.OrderNotFound
    rules.check_may(item.actor, OrderAct.LAPSE, buyer_id=order.buyer_id, seller_id=order.seller_id)
    ORDER_LIFE.next(order.state, OrderAct.LAPSE)
    if order.hold_count:
        raise refusals.OrderHeld
    if order.pay_by is None or order.pay_by > now:
        raise refusals.NotDueYet
    if order.id in held and held[order.id].minor - order.escrow_minor >= due_minor(order):
        raise refusals.AlreadyPaidIn


def _forfeit(going: Sequence[tuple[OrderRow, Money, Money]]) -> None:
    """Send what escrow holds on: a deposit to the seller, money that came in short of what was due to the buyer."""
    steps: list[payments.Step] = []
    held = payments.held(order_ids=[order.id for order, _, _ in going])
    for order, forfeited, fee in going:
        stray = _uncounted(order, held.get(order.id, order.money(0)))
        if not forfeited.is_zero:
            order.settled_minor += forfeited.minor
            order.fee_minor += fee.minor
            steps.append(
                payments.Settle(
                    order_id=order.id,
                    payee_id=order.seller_id,
                    amount=forfeited,
                    fee=fee,
                    reference=named_id("orders.forfeit", order.id),
                )
            )
        if not stray.is_zero:
            order.paid_minor += stray.minor
            order.refunded_minor += stray.minor
            steps.append(_refund_step(order, stray))
    for refusal in payments.steps(items=steps):
        if refusal is not None:
            raise RuntimeError(f"an escrow does not hold what it says: {refusal!r}")
