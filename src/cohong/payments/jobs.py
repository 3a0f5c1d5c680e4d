"""Payments' jobs, which the worker runs."""

from uuid import UUID

from cohong.kernel import jobs
from cohong.payments import asking, outcomes, reconciliation


@jobs.task(name=outcomes.PURSUE, retry=jobs.PATIENT)
def pursue(movement_id: str) -> None:
    """Ask a provider what has become of a movement, if it is time to."""
    asking.pursue(movement_id=UUID(movement_id))


@jobs.periodic(name="payments.pursue_overdue", cron="* * * * *")
def pursue_overdue() -> None:
    """Queue again what was not asked about in time."""
    asking.pursue_overdue()


@jobs.periodic(name="payments.reconcile", cron="20 0 * * *")
def reconcile_yesterday() -> None:
    """Compare yesterday's movements with the providers' statements."""
    reconciliation.reconcile_yesterday()
