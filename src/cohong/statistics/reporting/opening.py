"""Which unit owes which form for which period, and reminding them of it."""

from datetime import date
from typing import Final
from uuid import UUID

from django.utils.timezone import localdate

from cohong.kernel import clock, sets
from cohong.kernel.ids import new_id
from cohong.kernel.journal import Entry, append
from cohong.parties.api import PLATFORM_ID, Actor
from cohong.statistics.access import WRITE, remit_of
from cohong.statistics.forms import loading
from cohong.statistics.forms.definitions import Form
from cohong.statistics.periods import Period
from cohong.statistics.reporting import documents
from cohong.statistics.reporting import refusals as no
from cohong.statistics.reporting.states import Reminder

REMIND_DAYS: Final = 3
_BATCH: Final = 1_000


def today() -> date:
    """Return the region's day."""
    return localdate(clock.now())


def read_period(form: Form, code: str) -> Period:
    """Read a period for which a form can be filed. Raises PeriodUnreadable, PeriodWrong, PeriodNotOver."""
    period = Period.parse(code)
    if period.frequency is not form.frequency or period.is_two_months:
        raise no.PeriodWrong(form=form.code, period=period.code)
    if period.end >= today():
        raise no.PeriodNotOver(period=period.code)
    return period


@sets.act
def open_reports(*, actor: Actor, form: str, period: str) -> int:
    """Open the reports that units owe for a period that is over; return how many are new. Said again, it changes nothing.

    A unit owes a form if it was there when the period ended and is of a kind and size that the form asks. For the statistics
    authority, of its regions. Raises NoSuchForm, PeriodUnreadable, PeriodWrong, PeriodNotOver, MandateMissing.
    """
    remit = remit_of(actor, scope=WRITE)
    asked = loading.form(code=form)
    regions = None if remit.regions is None else list(remit.regions)
    return _open(asked, read_period(asked, period), regions=regions)


def _open(
    form: Form, period: Period, *, regions: list[str] | None = None, unit_id: UUID | None = None
) -> int:
    rows = sets.fetch(
        "select u.id from statistics_unit u join statistics_unit_spell s on s.unit_id = u.id and s.since <= %s"
        " and (s.until is null or s.until > %s) where u.duplicate_of_id is null and s.kind = any(%s)"
        " and (%s::text[] = '{}' or s.size_class = any(%s)) and (%s::text[] is null or s.region_code = any(%s))"
        " and (%s::uuid is null or u.id = %s) and not exists (select 1 from statistics_report r"
        " where r.unit_id = u.id and r.form = %s and r.period = %s) order by u.id",
        (
            *(period.end, period.end, [one.value for one in form.kinds]),
            *([one.value for one in form.sizes], [one.value for one in form.sizes]),
            *(regions, regions, unit_id, unit_id, form.code, period.code),
        ),
    )
    ids = [row[0] for row in rows]
    return sets.run(
        "insert into statistics_report (id, unit_id, form, form_version, period, period_start, period_end, due_on, state,"
        " revision, draft, explanations, version, approved_version, late, reminded, opened_at)"
        " select x.id, x.unit_id, %s, %s, %s, %s, %s, %s, 'draft', 0, '{}', '{}', 0, 0, false, '', %s"
        " from unnest(%s::uuid[], %s::uuid[]) as x(id, unit_id) on conflict do nothing",
        (
            *(form.code, form.version, period.code, period.start, period.end, form.due_on(period)),
            *(clock.now(), [new_id() for _ in ids], ids),
        ),
    )


def ensure_report(unit_id: UUID, form: Form, period: Period) -> UUID:
    """Return the report of a unit, opening it if it is owed and nobody has yet. Raises NotOwed."""
    asked = (unit_id, form.code, period.code)
    sql = "select id from statistics_report where unit_id = %s and form = %s and period = %s"
    found = sets.fetch(sql, asked)
    if not found:
        _open(form, period, unit_id=unit_id)
        found = sets.fetch(sql, asked)
    if not found:
        raise no.NotOwed(form=form.code, period=period.code)
    report_id: UUID = found[0][0]
    return report_id


@sets.act
def open_due() -> int:
    """Open what is owed for the last period of each form that is over; return how many are new."""
    opened = 0
    for form in loading.forms():
        period = Period.of(today(), form.frequency).shifted(-1)
        opened += _open(form, period)
    return opened


@sets.act
def remind_due() -> int:
    """Remind units of reports that are due within three days, and of those that are overdue, each once; return of how many.

    The reminder is a document that its party sees; whoever tells people follows the journal.
    """
    day = today()
    rows = sets.fetch(
        "select r.id, r.unit_id, r.form, r.form_version, r.period, r.due_on, u.party_id from statistics_report r"
        " join statistics_unit u on u.id = r.unit_id where r.state in ('draft', 'returned')"
        " and u.party_id is not null and r.version = 0 and ((r.due_on < %s and r.reminded <> 'overdue')"
        " or (r.due_on - %s <= %s and r.reminded = '')) order by r.id limit %s for update of r skip locked",
        (day, day, REMIND_DAYS, _BATCH),
    )
    entries = []
    told: dict[Reminder, list[UUID]] = {Reminder.SOON: [], Reminder.OVERDUE: []}
    for report_id, unit_id, code, version, period, due_on, party_id in rows:
        overdue = due_on < day
        told[Reminder.OVERDUE if overdue else Reminder.SOON].append(report_id)
        body = documents.ReportDue(
            unit_id=unit_id,
            form=code,
            name=loading.form(code=code, version=version).names.zh_hans,
            period=period,
            due_on=due_on,
            overdue=overdue,
        )
        entries.append(Entry(subject=report_id, issuer=PLATFORM_ID, visible_to=(party_id,), body=body))
    append(entries)
    for reminder, ids in told.items():
        sets.run("update statistics_report set reminded = %s where id = any(%s)", (reminder.value, ids))
    return len(rows)
