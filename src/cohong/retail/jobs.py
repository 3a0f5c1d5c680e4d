"""What retail does by the clock: requests for approval expire that nobody decided."""

from cohong.kernel import jobs
from cohong.retail import approvals


@jobs.periodic(name="retail.expire_approvals", cron="*/5 * * * *")
def expire_approvals() -> int:
    """Let requests expire that nobody decided in time; return how many."""
    total = 0
    while done := approvals.expire_due():
        total += done
    return total
