"""Payments through a provider: open one for what is due, take what it brought, send back what is too much."""

from collections.abc import Sequence
from uuid import UUID

from cohong.kernel import jobs, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import named_id
from cohong.kernel.money import Money
from cohong.orders import refusals, rules
from cohong.orders.rows import OrderRow, lock_orders
from cohong.orders.services.paying import due_minor, is_being_turned_away, pay
from cohong.orders.states import ORDER_LIFE, OrderAct
from cohong.orders.terms import PayOrder
from cohong.parties.api import SYSTEM, Actor
from cohong.payments import api as payments

_SEND_BACK = "orders.send_back"


def open_payment(
    *, actor: Actor, order_id: UUID, return_url: str = "", payment_id: UUID | None = None
) -> payments.PaymentView:
    """Open a payment at the bank for what is due on an order; at most once for the `payment_id`.

    When the money has come, the order is paid by itself. Raises NotAllowed kinds, OrderNotFound, OrderHeld, WrongState,
    NothingDue, and what payments' `start_payment` does.
    """
    amount, payer_id, number = _due(actor, order_id)
    return payments.start_payment(
        actor=actor,
        order_id=order_id,
        payer_id=payer_id,
        amount=amount,
        description=number,
        return_url=return_url,
        payment_id=payment_id,
    )


@sets.act
def _due(actor: Actor, order_id: UUID) -> tuple[Money, UUID, str]:
    order = lock_orders([order_id]).get(order_id)
    if order is None:
        raise refusals.OrderNotFound
    rules.check_may(actor, OrderAct.PAY, buyer_id=order.buyer_id, seller_id=order.seller_id)
    if order.hold_count:
        raise refusals.OrderHeld
    ORDER_LIFE.next(order.state, OrderAct.PAY)
    if is_being_turned_away(order):
        raise refusals.ReturnsPending
    # What has come in already and waits counts: nobody is asked for it twice.
    missing = due_minor(order) - _uncounted(order)
    if missing <= 0:
        raise refusals.NothingDue
    return order.money(missing), order.buyer_id, order.number


def _uncounted(order: OrderRow) -> int:
    """Return what escrow holds beyond what the order has counted, in minor units."""
    held = payments.held(order_ids=[order.id]).get(order.id)
    return 0 if held is None else held.minor - order.escrow_minor


def _excess(order: OrderRow, held: Money) -> int:
    """Return what escrow holds beyond all that the order has counted or could still take, in minor units."""
    takes = ORDER_LIFE.allows(order.state, OrderAct.PAY) and not is_being_turned_away(order)
    unpaid = order.total_minor - order.paid_minor if takes else 0
    return held.minor - order.escrow_minor - unpaid


@sets.act
def collect(*, payments_for_orders: Sequence[tuple[UUID, UUID]]) -> list[Money | Refusal]:
    """Let orders take the money that payments brought into their escrows: (order, payment) pairs. Safe to repeat.

    Where a part has come, or the order is on hold, the money waits in escrow. What the order cannot take (it was paid
    already, it ended, it is unknown) a job sends back to where it came from.
    """
    items = [
        PayOrder(actor=SYSTEM, order_id=order_id, from_balance=False)
        for order_id in dict.fromkeys(order_id for order_id, _ in payments_for_orders)
    ]
    outcomes = {item.order_id: outcome for item, outcome in zip(items, pay(items=items), strict=True)}
    # Asked of the escrow, not of the outcome: of two payments that came together one may be too many.
    orders = lock_orders(outcomes)
    held = payments.held(order_ids=list(outcomes))
    for order_id, payment_id in payments_for_orders:
        order = orders.get(order_id)
        if order is None or (
            not order.hold_count and order_id in held and _excess(order, held[order_id]) > 0
        ):
            jobs.defer(_SEND_BACK, order_id=str(order_id), payment_id=str(payment_id))
    return [outcomes[order_id] for order_id, _ in payments_for_orders]


def collect_waiting(*, order_id: UUID) -> None:
    """Let an order take what its payments have brought while it could not."""
    known = payments.payments_for(order_ids=[order_id]).get(order_id, [])
    collect(
        payments_for_orders=[
            (order_id, one.id)
            for one in known
            if one.kind is payments.MovementKind.PAYMENT and one.state is payments.MovementState.DONE
        ]
    )


@jobs.task(name=_SEND_BACK, retry=jobs.PATIENT)
@sets.act
def send_back(order_id: str, payment_id: str) -> None:
    """Send back what a payment brought and its order cannot take: what escrow holds beyond it.

    An order that took the money after all, or gave it to the buyer's balance when it ended, leaves nothing to send.
    That of an order on hold stays; lifting the hold looks at it again.
    """
    of, paid_by = UUID(order_id), UUID(payment_id)
    order = lock_orders([of]).get(of)
    held = payments.held(order_ids=[of]).get(of)
    if held is None:
        return
    if order is not None and order.hold_count:
        return
    stray = held if order is None else order.money(_excess(order, held))
    brought = payments.payment(actor=SYSTEM, payment_id=paid_by).amount
    if stray.minor > 0:
        payments.refund_to_source(
            actor=SYSTEM,
            payment_id=paid_by,
            amount=min(stray, brought),
            return_id=named_id("orders.send_back", paid_by),
        )
