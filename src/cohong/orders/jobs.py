"""What orders do by the clock: lapse, accept by themselves, settle."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from cohong.kernel import clock, jobs
from cohong.kernel.errors import Refusal
from cohong.orders import selectors
from cohong.orders.services import collecting  # noqa: F401 - declares its job
from cohong.orders.services.accepting import accept, settle
from cohong.orders.services.ending import lapse
from cohong.orders.terms import OnOrder
from cohong.parties.api import SYSTEM

_BATCH = 500


def _run(ids: Callable[[], Sequence[UUID]], act: Callable[..., Sequence[Any]]) -> int:
    """Act on what is due in batches, until nothing is due or nothing moves; return how many were done."""
    total = 0
    while due := ids():
        done = sum(
            not isinstance(outcome, Refusal)
            for outcome in act(items=[OnOrder(actor=SYSTEM, order_id=order_id) for order_id in due])
        )
        total += done
        if done == 0:
            break
    return total


@jobs.periodic(name="orders.lapse_due", cron="* * * * *")
def lapse_due() -> int:
    """Let orders lapse whose time to pay has passed; return how many."""
    return _run(lambda: selectors.due_to_lapse(now=clock.now(), limit=_BATCH), lapse)


@jobs.periodic(name="orders.accept_due", cron="* * * * *")
def accept_due() -> int:
    """Accept shipped orders that nobody answered in time; return how many."""
    return _run(lambda: selectors.due_to_accept(now=clock.now(), limit=_BATCH), accept)


@jobs.periodic(name="orders.settle_due", cron="* * * * *")
def settle_due() -> int:
    """Settle accepted orders; return how many."""
    return _run(lambda: selectors.due_to_settle(limit=_BATCH), settle)
