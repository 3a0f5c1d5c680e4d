"""What reporting's acts share: a report under lock, what its rules are computed from, and how a step is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cohong.kernel import clock, sets
from cohong.kernel.documents import Body
from cohong.kernel.ids import new_id
from cohong.kernel.journal import Entry, append
from cohong.parties import api as parties
from cohong.parties.api import Actor, Names, Role
from cohong.statistics.access import is_officer, remit_of
from cohong.statistics.forms import checking, loading
from cohong.statistics.forms.checking import FilledIn, Finding, Members
from cohong.statistics.forms.definitions import Form, Option, Severity
from cohong.statistics.forms.expressions import Sheet, Surroundings
from cohong.statistics.forms.totals import Total, totals
from cohong.statistics.periods import Period
from cohong.statistics.reporting import refusals as no
from cohong.statistics.reporting.states import REPORT_LIFE, ReportState
from cohong.statistics.units import keeping as register
from cohong.statistics.units.shapes import UnitView

FILING_ROLES: Final = (Role.FINANCE,)
_COLUMNS: Final = (
    *("id", "unit_id", "form", "form_version", "period", "due_on", "state", "revision", "draft"),
    *("explanations", "version", "approved_version", "late", "submitted_at", "document"),
)


@dataclass(slots=True)
class Row:
    """A report as it stands in the table."""

    id: UUID
    unit_id: UUID
    form_code: str
    form_version: int
    period_code: str
    due_on: date
    state: ReportState
    revision: int
    draft: dict[str, dict[str, str]]
    explanations: dict[str, str]
    version: int
    approved_version: int
    late: bool
    submitted_at: datetime | None
    document: UUID | None

    @property
    def form(self) -> Form:
        """Return the form, of the version in which this report is filled in."""
        return loading.form(code=self.form_code, version=self.form_version)

    @property
    def period(self) -> Period:
        """Return the period."""
        return Period.parse(self.period_code)


def columns() -> str:
    """Return the columns of a report that `read_row` reads, of the table r."""
    return ", ".join(f"r.{name}" for name in _COLUMNS)


def read_row(row: Sequence[Any]) -> Row:
    """Read a row of `columns`."""
    values = list(row)
    values[6] = ReportState(values[6])
    values[8], values[9] = msgspec.json.decode(values[8]), msgspec.json.decode(values[9])
    return Row(*values)


def find(report_id: UUID, *, lock: bool = False) -> tuple[Row, UnitView]:
    """Return a report and its unit. Raises NoSuchReport."""
    rows = sets.fetch(
        f"select {columns()} from statistics_report r where r.id = %s{' for update' if lock else ''}",
        (report_id,),
    )
    if not rows:
        raise no.NoSuchReport
    found = read_row(rows[0])
    return found, register.units_by_id([found.unit_id])[found.unit_id]


def files_for(actor: Actor, unit: UnitView) -> UUID | None:
    """Return the party that an actor files for: its own, if that is the unit or one that was joined to it."""
    if unit.party_id is not None and unit.party_id == actor.party_id:
        return unit.party_id
    rows = sets.fetch(
        "select party_id from statistics_unit where party_id = %s and (id = %s or duplicate_of_id = %s)",
        (actor.party_id, unit.id, unit.id),
    )
    return rows[0][0] if rows else None


def check_filer(actor: Actor, unit: UnitView, *, scope: str) -> None:
    """Make sure that the actor may fill in and sign for the unit. Raises NoSuchReport for strangers, NotYours, ScopeMissing."""
    if actor.is_system:
        return
    party_id = files_for(actor, unit)
    if party_id is None:
        raise no.NoSuchReport
    parties.require(actor, party_id, *FILING_ROLES, scope=scope)


def check_reader(actor: Actor, unit: UnitView, *, scope: str) -> None:
    """Make sure that the actor may see the unit's reports: one of its own people, or its authority.

    Raises NoSuchReport, NotYours, NotYourRegion, MandateMissing, ScopeMissing.
    """
    party_id = files_for(actor, unit)
    if party_id is not None:
        parties.require(actor, party_id, *Role, scope=scope)
    elif is_officer(actor):
        remit_of(actor, scope=scope).check(unit.region_code)
    else:
        raise no.NoSuchReport


def check_revision(row: Row, revision: int | None) -> None:
    """Raise ReportChanged if the report is not as it was when it was looked at."""
    if revision is not None and revision != row.revision:
        raise no.ReportChanged


# --- what rules are computed from ------------------------------------------------------------------------


def members_of(form: Form, unit: UnitView) -> Members:
    """Return the rows of a form's tables for a unit: the regions are those below the top of its own."""
    regions = parties.regions()
    above = {one.code: one.parent_code for one in regions}
    top = unit.region_code
    while above.get(top):
        top = above[top]
    seconds = [one for one in regions if one.parent_code and (not top or one.parent_code == top)]
    return checking.members_of(
        form,
        regions=tuple(Option(one.code, one.names) for one in seconds),
        industries=tuple(Option(one.code, one.names) for one in parties.industries()),
    )


def members_of_form(*, form: Form, unit_id: UUID) -> Members:
    """Return the rows of a form's tables for a unit, by table, for pages that lay a form out. Raises NoSuchReport."""
    unit = register.units_by_id([unit_id]).get(unit_id)
    if unit is None:
        raise no.NoSuchReport
    return members_of(form, unit)


@dataclass(frozen=True, slots=True)
class Beside:
    """What else the unit has filed: other forms of the period, and this form of earlier ones."""

    around: Surroundings
    present: frozenset[str]


def beside(row: Row, sheet: Sheet) -> Beside:
    """Read what a report's rules may name. What is still a draft counts for rules, but not as filed."""
    period = row.period
    before, year_before = period.shifted(-1).code, period.year_before().code
    rows = sets.fetch(
        "select r.form, r.form_version, r.period, r.state, r.draft, v.contents from statistics_report r"
        " left join statistics_report_version v on v.report_id = r.id and v.number = r.version"
        " where r.unit_id = %s and r.id <> %s and (r.period = %s or (r.form = %s and r.period = any(%s)))",
        (row.unit_id, row.id, row.period_code, row.form_code, [before, year_before]),
    )
    others: dict[str, Sheet] = {}
    earlier: dict[str, Surroundings] = {}
    present = set()
    for form_code, form_version, code, state, draft, contents in rows:
        form = loading.form(code=form_code, version=form_version)
        is_filed = state not in {ReportState.DRAFT, ReportState.RETURNED}
        if code == row.period_code:
            text = contents if is_filed else draft
            others[form_code] = _sheet(form, msgspec.json.decode(text))
            if is_filed:
                present.add(form_code)
        elif contents is not None:
            earlier[code] = Surroundings(_sheet(form, msgspec.json.decode(contents)))
    around = Surroundings(sheet, others, last=earlier.get(before), year_ago=earlier.get(year_before))
    return Beside(around, frozenset(present))


def _sheet(form: Form, contents: Mapping[str, Mapping[str, str]]) -> Sheet:
    """Read the numbers of contents that may be a draft: what is no number is left out."""
    members = {
        table.code: tuple(
            Option(row, Names(row)) for field in table.fields for row in contents.get(field.code, {})
        )
        for table in form.tables
        if table.rows
    }
    return checking.filled_in(form, contents, members, language="en").sheet


@dataclass(frozen=True, slots=True)
class Checked:
    """A report's contents as they were read, what is wrong with them, and what comes out of them."""

    form: Form
    filled: FilledIn
    findings: list[Finding]
    totals: list[Total]


def checked(row: Row, unit: UnitView, raw: Mapping[str, Any]) -> Checked:
    """Check what was filled in, in the language in force: the values, the rules, earlier periods, and the sub-forms."""
    form, language = row.form, get_language() or "zh-hans"
    members = members_of(form, unit)
    filled = checking.filled_in(form, raw, members, language=language)
    other = beside(row, filled.sheet)
    findings = checking.check(form, filled, other.around, members, language=language)
    for code in form.sub_forms:
        if code not in other.present:
            name = loading.form(code=code).names.shown(language)
            said = _("The sub-form {form} ({name}) of this period has not been submitted.")
            findings.append(
                Finding("sub_form_missing", Severity.ERROR, said.format(form=code, name=name), row=code)
            )
    return Checked(form, filled, findings, totals(form, other.around, language=language))


# --- steps -----------------------------------------------------------------------------------------------


def step(actor: Actor, row: Row, act: str, *, reason: str = "", document: UUID | None = None) -> None:
    """Take a step: the state by the table, a revision more, and a line in the report's file. Under lock. Raises WrongState."""
    row.state = REPORT_LIFE.next(row.state, act)
    row.revision += 1
    row.document = document or row.document
    sets.run(
        "update statistics_report set state = %s, revision = %s, draft = %s, explanations = %s, version = %s,"
        " approved_version = %s, late = %s, submitted_at = %s, document = %s where id = %s",
        (
            *(row.state.value, row.revision, _json(row.draft), _json(row.explanations), row.version),
            *(row.approved_version, row.late, row.submitted_at, row.document, row.id),
        ),
    )
    if act != "save":
        sets.insert(
            "statistics_report_step",
            ("id", "report_id", "act", "state", "version", "reason", "by_party", "by_user", "at", "document"),
            [
                (
                    *(new_id(), row.id, act, row.state.value, row.version, reason),
                    *(actor.party_id, actor.user_id, clock.now(), document),
                )
            ],
        )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def state_in_document(actor: Actor, row: Row, unit: UnitView, body: Body) -> UUID:
    """Issue a document about a report, for its unit's party to see; return its id."""
    entry = Entry(
        subject=row.id,
        issuer=actor.party_id,
        visible_to=(unit.party_id,) if unit.party_id is not None else (),
        answers=(row.document,) if row.document is not None else (),
        body=body,
    )
    [receipt] = append([entry])
    return receipt.id


def state_many(actor: Actor, stated: Sequence[tuple[Row, UnitView, Body]]) -> list[UUID]:
    """Issue a first document about each of many reports; return their ids."""
    entries = [
        Entry(
            subject=row.id,
            issuer=actor.party_id,
            visible_to=(unit.party_id,) if unit.party_id is not None else (),
            body=body,
        )
        for row, unit, body in stated
    ]
    return [one.id for one in append(entries)]


def read_plain(form: Form, members: Members, contents: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Read contents of the past, value by value. Raises ReportFlawed."""
    filled = checking.filled_in(form, contents, members, language="zh-hans")
    if filled.findings:
        raise no.ReportFlawed(findings=filled.findings)
    return filled.contents
