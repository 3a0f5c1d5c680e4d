"""What statistics does by the clock: it computes and watches the indicators, opens the reports that are owed, reminds of them."""

from uuid import UUID

from django.db import transaction

from cohong.kernel import jobs
from cohong.parties.api import SYSTEM
from cohong.statistics.breakdowns import answering
from cohong.statistics.forecasting import scheduled
from cohong.statistics.observing import computing
from cohong.statistics.publishing import releasing
from cohong.statistics.reporting import opening
from cohong.statistics.warning import raising


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
    done = computing.observe(reason="hourly")
    if done.vintage is not None:
        jobs.defer("statistics.watch", lock="statistics.watch")
        jobs.defer("statistics.forecast", lock="statistics.forecast")
    return done.changed


@jobs.task(name="statistics.publish")
def publish(by: str, note: str) -> int:
    """Publish what an officer ordered to be; return how many figures are shown otherwise than before."""
    try:
        with (
            transaction.atomic()
        ):  # killed in between, the release would be there, and nothing be forecast from it
            done = releasing.publish(actor=SYSTEM, ordered_by=UUID(by), note=note)
            jobs.defer("statistics.forecast", lock="statistics.forecast")
    except releasing.NothingToPublish:  # somebody else was quicker
        return 0
    return done.changed


@jobs.task(name="statistics.answer_breakdown", retry=jobs.PATIENT)
def answer_breakdown(question_id: str) -> None:
    """Answer what a researcher asked over the facts."""
    answering.answer(actor=SYSTEM, question_id=UUID(question_id))


@jobs.task(name="statistics.watch")
def watch() -> int:
    """Let the rules of early warning look at what has changed; return how many alarms are new."""
    return raising.watch(actor=SYSTEM).raised


@jobs.periodic(name="statistics.watch_daily", cron="11 22 * * *")
def watch_daily() -> int:
    """Watch each day, too: reports become late, and periods settle, without any new figure."""
    return watch()


@jobs.task(name="statistics.forecast")
def forecast() -> int:
    """Forecast what is due and score what has come, of observations and of what is published; return how many are new.

    What does not fit into the run's time waits for another, which is queued.
    """
    done = [scheduled.forecast_due(actor=SYSTEM, published=published) for published in (False, True)]
    if any(one.left and one.made for one in done):
        jobs.defer("statistics.forecast", lock="statistics.forecast")
    return sum(one.made for one in done)


@jobs.periodic(name="statistics.forecast_daily", cron="41 22 * * *")
def forecast_daily() -> int:
    """Forecast each day, too: periods settle, and figures are published, without any new observation."""
    return forecast()
