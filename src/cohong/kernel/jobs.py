"""Jobs: work that is done later, by the worker, from a queue that lives in the same database.

A job deferred inside a transaction exists if and only if the transaction commits: the queue is an outbox.

    @jobs.task(name="payments.query")
    def query(payment_id: str) -> None: ...

    jobs.defer("payments.query", payment_id=str(payment_id))

A job may run more than once (a worker can die at any moment), so every job is idempotent. Modules declare
theirs in `jobs.py`, which the worker imports.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

F = TypeVar("F", bound=Callable[..., Any])

#: Outside systems come back: try again after 2, 4, 8 … seconds, at most 20 times (about a fortnight in all).
PATIENT = RetryStrategy(max_attempts=20, exponential_wait=2)


def task(*, name: str, retry: RetryStrategy | None = None, queue: str = "default") -> Callable[[F], F]:
    """Declare a job under its stable name."""

    def declare(function: F) -> F:
        app.task(name=name, retry=retry or False, queue=queue)(function)
        return function

    return declare


def periodic(*, name: str, cron: str) -> Callable[[F], F]:
    """Declare a job that runs by the clock (cron, UTC). It takes no arguments."""

    def declare(function: F) -> F:
        def run(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the scheduled time
            function()

        app.periodic(cron=cron)(app.task(name=name, queueing_lock=name, pass_context=False)(run))
        return function

    return declare


def defer(name: str, *, at: datetime | None = None, lock: str | None = None, **arguments: Any) -> None:
    """Queue a job, now or for a later time; jobs that share a `lock` run one after the other."""
    app.configure_task(name, schedule_at=at, lock=lock).defer(**arguments)


@periodic(name="kernel.tidy", cron="23 3 * * *")
def tidy() -> None:
    """Drop what has had its time: answers kept for idempotency keys, and sessions that have run out."""
    from django.core.management import call_command  # noqa: PLC0415 - jobs are declared before Django stands

    from cohong.kernel.http import forget_old_keys  # noqa: PLC0415

    forget_old_keys()
    call_command("clearsessions")
