"""What orders do when they read the journal: money that came in pays them, goods that arrived can be objected to."""

from cohong.kernel import journal
from cohong.kernel.journal import Sealed
from cohong.orders.services.accepting import note_arrivals
from cohong.orders.services.collecting import collect


@journal.follower("orders.payments", kinds={"payments.received"})
def apply_payments(batch: list[Sealed]) -> None:
    """Pay the orders for which a provider has brought money. Money that an order cannot take (any more) is sent back."""
    received = [sealed.envelope.body for sealed in batch]
    collect(
        payments_for_orders=[
            (body.order_id, body.movement_id) for body in received if body.order_id is not None
        ]
    )


@journal.follower("orders.deliveries", kinds={"logistics.delivered", "logistics.collected"})
def apply_deliveries(batch: list[Sealed]) -> None:
    """Count the time for objections from the delivery."""
    note_arrivals(order_ids=[sealed.envelope.subject for sealed in batch])
