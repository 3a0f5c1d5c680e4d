"""Pay: the buyer's money comes into the order's escrow."""

from collections.abc import Sequence
from uuid import UUID

from cohong.kernel import sets
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.orders import documents, refusals, rules
from cohong.orders.rows import OrderRow, issue, lock_orders, write_orders
from cohong.orders.states import ORDER_LIFE, OrderAct, OrderState
from cohong.orders.terms import PaymentKind, PayOrder
from cohong.payments import api as payments


def due_minor(order: OrderRow) -> int:
    """Return what is due next, in minor units: the deposit, or all that is still unpaid."""
    if order.payment == PaymentKind.DEPOSIT and order.state == OrderState.PLACED:
        return order.deposit_minor - order.paid_minor
    return order.total_minor - order.paid_minor


def is_being_turned_away(order: OrderRow) -> bool:
    """Tell whether the goods of an unpaid order are on their way back: then it must not be paid any more."""
    return order.open_returns > 0 and order.paid_minor == 0 and order.total_minor > 0


@sets.act
def pay(*, items: Sequence[PayOrder]) -> list[Money | Refusal]:
    """Pay what is due on orders; the outcome is the amount that was paid by this act.

    Money that a provider has already paid into the order's escrow counts first, the rest comes from the buyer's balance if the
    item says so. Refusals: NotAllowed kinds, OrderNotFound, NothingDue, OrderHeld, PaymentShort (the provider's money does
    not suffice), ReturnsPending (unpaid goods are on their way back), payments' FundsShort, WrongState.
    """
    orders = lock_orders(item.order_id for item in items)
    outcomes: list[Money | Refusal] = []
    due: dict[UUID, int] = {}
    for item in items:
        refusal = rules.outcome_of(_check, item, orders, due)
        if refusal is None:
            order = orders[item.order_id]
            due[order.id] = due_minor(order)
            outcomes.append(order.money(due[order.id]))
        else:
            outcomes.append(refusal)
    _fund(items, outcomes, orders)
    stated = []
    for item, outcome in zip(items, outcomes, strict=True):
        if isinstance(outcome, Refusal):
            continue
        order = orders[item.order_id]
        _advance(order, outcome)
        stated.append((order, order.buyer_id, _document(order, outcome)))
    issue(stated)
    write_orders([order for order, _, _ in stated])
    return outcomes


def _check(item: PayOrder, orders: dict[UUID, OrderRow], taken: dict[UUID, int]) -> None:
    order = orders.get(item.order_id)
    if order is None:
        raise refusals.OrderNotFound
    rules.check_may(item.actor, OrderAct.PAY, buyer_id=order.buyer_id, seller_id=order.seller_id)
    if order.hold_count:
        raise refusals.OrderHeld
    ORDER_LIFE.next(order.state, OrderAct.PAY)
    if is_being_turned_away(order):
        raise refusals.ReturnsPending
    if order.id in taken or due_minor(order) <= 0:
        raise refusals.NothingDue


def _fund(items: Sequence[PayOrder], outcomes: list[Money | Refusal], orders: dict[UUID, OrderRow]) -> None:
    """Bring what is still missing into escrow; whoever cannot is refused in `outcomes`."""
    open_ = [index for index, outcome in enumerate(outcomes) if not isinstance(outcome, Refusal)]
    held = payments.held(order_ids=[items[index].order_id for index in open_])
    funds: list[tuple[int, payments.Fund]] = []
    for index in open_:
        order, outcome = orders[items[index].order_id], outcomes[index]
        assert isinstance(outcome, Money)  # noqa: S101 - just filtered; tells the type checker
        paid_in = held[order.id].minor - order.escrow_minor if order.id in held else 0
        missing = outcome - order.money(min(paid_in, outcome.minor))
        if missing.is_zero:
            continue
        if not items[index].from_balance:
            outcomes[index] = refusals.PaymentShort(missing=missing)
            continue
        fund = payments.Fund(order_id=order.id, payer_id=order.buyer_id, amount=missing, reference=new_id())
        funds.append((index, fund))
    for (index, _), refusal in zip(funds, payments.fund(items=[fund for _, fund in funds]), strict=True):
        if refusal is not None:
            outcomes[index] = refusal


def _advance(order: OrderRow, amount: Money) -> None:
    order.paid_minor += amount.minor
    if order.paid_minor < order.total_minor:
        order.state = ORDER_LIFE.next(order.state, OrderAct.PAY_DEPOSIT)
        return  # the balance is due by the same deadline
    order.state = ORDER_LIFE.next(order.state, OrderAct.PAY)
    order.pay_by = None


def _document(order: OrderRow, amount: Money) -> documents.OrderPaid:
    return documents.OrderPaid(
        number=order.number,
        buyer=order.buyer_id,
        seller=order.seller_id,
        amount=amount,
        paid=order.money(order.paid_minor),
        total=order.money(order.total_minor),
        way=order.way,
    )
