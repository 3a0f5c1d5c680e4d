"""What orders do when they read the journal: money that came in for an order pays it, or goes back."""

import logging
from uuid import UUID

from cohong.kernel import journal
from cohong.kernel.errors import Refusal, one
from cohong.kernel.journal import Sealed
from cohong.orders import refusals
from cohong.orders.services.paying import pay
from cohong.orders.terms import PayOrder
from cohong.parties.api import SYSTEM
from cohong.payments import api as payments

log = logging.getLogger(__name__)


@journal.follower("orders.payments", kinds={"payments.received"})
def apply_payments(batch: list[Sealed]) -> None:
    """Pay the orders for which a provider has brought money. Money that an order cannot take (any more) is sent back."""
    for sealed in batch:
        received = sealed.envelope.body
        if received.order_id is not None:
            collect(order_id=received.order_id, payment_id=received.movement_id)


def collect(*, order_id: UUID, payment_id: UUID) -> Refusal | None:
    """Let an order take the money that a payment brought; return why it could not, if so. Safe to repeat."""
    try:
        one(pay(items=[PayOrder(actor=SYSTEM, order_id=order_id, from_balance=False)]))
    except refusals.PaymentShort as short:
        return short  # a part has come; the rest may follow
    except refusals.OrderHeld as held:
        return held  # the money waits in escrow with the order
    except Refusal as refusal:
        log.info("payment %s for order %s is sent back: %r", payment_id, order_id, refusal)
        payments.send_back(order_id=order_id, payment_id=payment_id)
        return refusal
    return None
