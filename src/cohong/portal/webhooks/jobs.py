"""Webhooks' jobs, which the worker runs."""

from uuid import UUID

from cohong.kernel import jobs
from cohong.portal.webhooks import sending


@jobs.task(name=sending.SEND)
def send(endpoint_id: str) -> None:
    """Send an endpoint what is due."""
    sending.send_waiting(endpoint_id=UUID(endpoint_id))


@jobs.periodic(name="webhooks.send_overdue", cron="* * * * *")
def send_overdue() -> None:
    """Queue again what was not sent in time."""
    sending.send_overdue()


@jobs.periodic(name="webhooks.forget_old", cron="41 3 * * *")
def forget_old() -> None:
    """Drop old entries of the log."""
    sending.forget_old()
