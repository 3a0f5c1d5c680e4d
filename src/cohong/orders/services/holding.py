"""Holds: an authority stops an order, with a reason, and lets it go on, with a reason."""

from uuid import UUID

from cohong.kernel import clock, sets
from cohong.kernel.ids import new_id
from cohong.orders import documents, refusals, rules
from cohong.orders.rows import OrderRow, issue, lock_orders, write_orders
from cohong.orders.services.collecting import collect_waiting
from cohong.parties.api import Actor, Mandate, require_mandate


@sets.act
def hold(*, actor: Actor, order_id: UUID, reason: str) -> UUID:
    """Stop an order: its life and its money stand still; return the hold's id.

    Raises NotAllowed kinds, OrderNotFound, ReasonMissing.
    """
    require_mandate(actor, Mandate.SUPERVISION, Mandate.PLATFORM, scope="orders:write")
    if not reason.strip():
        raise refusals.ReasonMissing
    order = lock_orders([order_id]).get(order_id)
    if order is None:
        raise refusals.OrderNotFound
    hold_id = new_id()
    sets.insert(
        "orders_hold",
        ("id", "order_id", "placed_by", "reason", "placed_at", "lifted_reason"),
        [(hold_id, order_id, actor.party_id, reason, clock.now(), "")],
    )
    order.hold_count += 1
    issue([(order, actor.party_id, documents.OrderHeld(number=order.number, hold=hold_id, reason=reason))])
    write_orders([order])
    return hold_id


@sets.act
def lift_hold(*, actor: Actor, hold_id: UUID, reason: str) -> None:
    """Let an order go on: its deadlines are put off by as long as it stood still, money that came meanwhile is taken.

    Raises NotAllowed kinds, HoldNotFound, ReasonMissing, and DisputeOpen for the hold of a dispute.
    """
    require_mandate(actor, Mandate.SUPERVISION, Mandate.PLATFORM, scope="orders:write")
    if not reason.strip():
        raise refusals.ReasonMissing
    found = sets.fetch("select order_id from orders_hold where id = %s", (hold_id,))
    if not found:
        raise refusals.HoldNotFound
    order = lock_orders([found[0][0]])[found[0][0]]
    if sets.fetch("select 1 from orders_dispute where hold_id = %s and ended_at is null", (hold_id,)):
        raise refusals.DisputeOpen  # it ends with its dispute, and only so
    lifted = sets.run(
        "update orders_hold set lifted_by = %s, lifted_reason = %s, lifted_at = %s where id = %s and lifted_at is null",
        (actor.party_id, reason, clock.now(), hold_id),
    )
    if not lifted:
        raise refusals.HoldNotFound
    order.hold_count -= 1
    if not order.hold_count:
        give_time_back(order)
    issue(
        [(order, actor.party_id, documents.OrderHoldLifted(number=order.number, hold=hold_id, reason=reason))]
    )
    write_orders([order])
    if not order.hold_count:
        collect_waiting(order_id=order.id)


def give_time_back(order: OrderRow) -> None:
    """Put the order's deadlines off by as long as it stood still: nobody could pay, or answer, in that time."""
    holds = sets.fetch(
        "select placed_at, lifted_at from orders_hold where order_id = %s order by placed_at", (order.id,)
    )
    stood = clock.now() - rules.held_since(holds)
    order.pay_by = order.pay_by and order.pay_by + stood
    order.accept_by = order.accept_by and order.accept_by + stood
