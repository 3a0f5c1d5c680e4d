"""What statistics does by the clock: it computes the indicators, opens the reports that are owed, and reminds of them."""

from cohong.kernel import jobs
from cohong.statistics.observing import computing
from cohong.statistics.reporting import opening


@jobs.periodic(name="statistics.open_reports", cron="7 17 * * *")
def open_reports() -> int:
    """Open what is owed for periods that are over; return how many reports are new."""
    return opening.open_due()


@jobs.periodic(name="statistics.remind", cron="37 0 * * *")
def remind() -> int:
    """Remind units of reports that are due soon or overdue; return of how many."""
    total = 0
    while done := opening.remind_due():
        total += done
    return total


@jobs.periodic(name="statistics.observe", cron="23 * * * *")
def observe() -> int:
    """Compute the indicators over what has changed; return how many values are new."""
    return computing.observe(reason="hourly").changed
