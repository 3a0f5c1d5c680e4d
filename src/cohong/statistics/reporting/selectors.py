"""Reads of reports: for the units that file them, for the officers who review them, and values for indicators."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from cohong.kernel import sets
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role
from cohong.statistics.access import READ, Level, is_officer, remit_of
from cohong.statistics.forms import loading
from cohong.statistics.forms.definitions import Form
from cohong.statistics.reporting import keeping
from cohong.statistics.reporting.keeping import Row
from cohong.statistics.reporting.opening import today
from cohong.statistics.reporting.shapes import Completeness, ReportRow, ReportView, StepView, VersionView
from cohong.statistics.reporting.states import REPORT_LIFE, ReportState, Status, Way
from cohong.statistics.units import selectors as units
from cohong.statistics.units.shapes import UnitView

_UNDER_WAY: Final = (ReportState.DRAFT, ReportState.RETURNED)


def report(*, actor: Actor, report_id: UUID) -> ReportView:
    """Return a report whole: to those who act for its unit, and to its authority.

    What is still being filled in is checked anew. Raises NoSuchReport, NotYours, NotYourRegion, MandateMissing, ScopeMissing.
    """
    row, unit = keeping.find(report_id)
    keeping.check_reader(actor, unit, scope=READ)
    versions = _versions(row.id)
    own = keeping.files_for(actor, unit) is not None
    current = row.draft if own or row.state not in _UNDER_WAY else {}
    # Whoever reviews sees what was submitted, not what is being typed.
    if not own and row.state in _UNDER_WAY and versions:
        current = {code: dict(cells) for code, cells in versions[-1].contents.items()}
    found = keeping.checked(row, unit, current) if own or current else None
    return ReportView(
        row=_report_row(row, unit),
        form=row.form,
        period=row.period,
        revision=row.revision,
        contents=current,
        explanations=row.explanations,
        findings=tuple(found.findings) if found else (),
        totals=tuple(found.totals) if found else (),
        versions=tuple(versions),
        steps=tuple(_steps(row.id)),
        acts=tuple(_acts(actor, row, unit, own=own)),
    )


def _acts(actor: Actor, row: Row, unit: UnitView, *, own: bool) -> list[str]:
    """List what the actor may do with a report as it stands."""
    possible = REPORT_LIFE.acts(row.state)
    if own:
        return [act for act in possible if act in {"save", "submit", "recall", "correct"}]
    if not is_officer(actor):
        return []
    remit = remit_of(actor, scope=READ)
    if not remit.covers(unit.region_code):
        return []
    is_province = remit.level == Level.PROVINCE
    return [
        act
        for act in possible
        if act == "approve_city"
        or (act == "approve_province" and is_province)
        or (act == "return" and (is_province or row.state == ReportState.SUBMITTED))
    ]


def _report_row(row: Row, unit: UnitView) -> ReportRow:
    return ReportRow(
        id=row.id,
        unit_id=row.unit_id,
        form=row.form_code,
        period=row.period_code,
        due_on=row.due_on,
        state=row.state,
        version=row.version,
        approved_version=row.approved_version,
        late=row.late,
        submitted_at=row.submitted_at,
        unit_code=unit.code,
        unit_name=unit.name,
        region_code=unit.region_code,
    )


def _versions(report_id: UUID) -> list[VersionView]:
    rows = sets.fetch(
        "select number, form_version, contents, digest, explanations, signed_by, signer, way, submitted_at, document"
        " from statistics_report_version where report_id = %s order by number",
        (report_id,),
    )
    return [
        VersionView(
            number=row[0],
            form_version=row[1],
            contents=msgspec.json.decode(row[2]),
            digest=bytes(row[3]).hex(),
            explanations=msgspec.json.decode(row[4]),
            signed_by=row[5],
            signer=row[6],
            way=Way(row[7]),
            submitted_at=row[8],
            document=row[9],
        )
        for row in rows
    ]


def _steps(report_id: UUID) -> list[StepView]:
    rows = sets.fetch(
        "select act, state, version, reason, by_party, by_user, at from statistics_report_step"
        " where report_id = %s order by id",
        (report_id,),
    )
    return [
        StepView(
            act=row[0],
            state=ReportState(row[1]),
            version=row[2],
            reason=row[3],
            by_party=row[4],
            by_user=row[5],
            at=row[6],
        )
        for row in rows
    ]


_LIST: Final = (
    "r.id, r.unit_id, r.form, r.period, r.due_on, r.state, r.version, r.approved_version, r.late, r.submitted_at,"
    " u.code, s.name, s.region_code"
)
_CURRENT: Final = (
    " from statistics_report r join statistics_unit u on u.id = r.unit_id join lateral (select name, region_code"
    " from statistics_unit_spell s where s.unit_id = u.id order by since desc limit 1) s on true"
)


def _listed(row: Sequence[Any]) -> ReportRow:
    return ReportRow(
        id=row[0],
        unit_id=row[1],
        form=row[2],
        period=row[3],
        due_on=row[4],
        state=ReportState(row[5]),
        version=row[6],
        approved_version=row[7],
        late=row[8],
        submitted_at=row[9],
        unit_code=row[10],
        unit_name=row[11],
        region_code=row[12],
    )


def reports_of(*, actor: Actor, before: UUID | None = None, limit: int = 50) -> list[ReportRow]:
    """List the reports that the actor's own unit owes or has filed: those to be filled in first, the most urgent before.

    A party that is no unit has none. In any role. Raises NotYours, ScopeMissing.
    """
    parties.require(actor, actor.party_id, *Role, scope=READ)
    unit = units.unit_of(party_id=actor.party_id)
    if unit is None:
        return []
    rows = sets.fetch(
        f"select {_LIST}{_CURRENT} where r.unit_id = %s and (%s::uuid is null or r.id < %s)"
        " order by r.state not in ('draft', 'returned'), r.due_on desc, r.form limit %s",
        (unit.id, before, before, limit),
    )
    return [_listed(row) for row in rows]


def reports(
    *,
    actor: Actor,
    form: str = "",
    period: str = "",
    state: ReportState | None = None,
    overdue: bool = False,
    unit_id: UUID | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[ReportRow]:
    """List reports for review, newest first, of the regions that the actor's authority answers for; `overdue`: not there in time.

    Raises MandateMissing, ScopeMissing.
    """
    remit = remit_of(actor, scope=READ)
    where, params = ["true"], []
    for condition, value in (
        ("r.form = %s", form),
        ("r.period = %s", period),
        ("r.state = %s", state.value if state else ""),
        ("r.unit_id = %s", unit_id),
        ("r.id < %s", before),
        ("s.region_code = any(%s)", None if remit.regions is None else list(remit.regions)),
        ("r.due_on < %s and r.version = 0", today() if overdue else None),
    ):
        if value is not None and value != "":
            where.append(condition)
            params.append(value)
    rows = sets.fetch(
        f"select {_LIST}{_CURRENT} where {' and '.join(where)} order by r.id desc limit %s", (*params, limit)
    )
    return [_listed(row) for row in rows]


def completeness(*, actor: Actor, form: str, period: str) -> list[Completeness]:
    """Say how far a form's period is, region by region, of those that the actor's authority answers for.

    Raises MandateMissing, ScopeMissing.
    """
    remit = remit_of(actor, scope=READ)
    regions = None if remit.regions is None else list(remit.regions)
    rows = sets.fetch(
        "select s.region_code, count(*), count(*) filter (where r.state in ('submitted', 'city_approved')),"
        " count(*) filter (where r.state = 'province_approved'), count(*) filter (where r.state = 'returned'),"
        " count(*) filter (where r.late), count(*) filter (where r.version = 0 and r.due_on < %s)"
        f"{_CURRENT} where r.form = %s and r.period = %s and (%s::text[] is null or s.region_code = any(%s))"
        " group by 1 order by 1",
        (today(), form, period, regions, regions),
    )
    return [
        Completeness(
            form=form,
            period=period,
            region_code=row[0],
            owed=row[1],
            submitted=row[2],
            approved=row[3],
            returned=row[4],
            late=row[5],
            overdue=row[6],
        )
        for row in rows
    ]


# --- for indicators --------------------------------------------------------------------------------------

VALUE_COLUMNS: Final = (
    *("unit_id", "unit_kind", "platform", "region", "industry", "size", "period", "field"),
    *("dimension", "member", "value", "measure", "status", "version"),
)


def report_values(*, form: str, periods: Sequence[str], status: Status) -> dict[str, list[Any]]:
    """Return the numbers of a form's reports for these periods, column by column, as `pyarrow.table` takes them.

    *Final*: what the province has approved; *provisional*: where something newer is submitted and under review, that. A unit is
    as it was when the period ended; one that was joined to another is that other, whose own report goes before. `value` is
    whole: fen, ones, hundredths of a percent (`measure`: money, count, percent). `dimension` is "", regions, industries or
    listed; `member` the row. In the order of unit, period, field, member. For indicators: what of it may be shown is disclosure
    control's to decide. Raises NoSuchForm.
    """
    asked = loading.form(code=form)
    rows = sets.fetch(
        "with chosen as (select r.id, coalesce(u.duplicate_of_id, u.id) as unit_id, r.period, r.period_end, r.approved_version,"
        " u.duplicate_of_id is not null as is_joined, case when %s and r.state in ('submitted', 'city_approved')"
        " then r.version else r.approved_version end as number"
        " from statistics_report r join statistics_unit u on u.id = r.unit_id where r.form = %s and r.period = any(%s)),"
        " once as (select distinct on (unit_id, period) * from chosen where number > 0"
        " order by unit_id, period, is_joined, id),"
        " placed as materialized (select o.*, s.kind, s.platform, s.region_code, s.industry_code, s.size_class from once o"
        " join lateral (select * from statistics_unit_spell s where s.unit_id = o.unit_id"
        " order by s.since > o.period_end, case when s.since <= o.period_end then s.since end desc, s.since limit 1) s on true)"
        " select o.unit_id::text, o.kind, o.platform, o.region_code, o.industry_code, o.size_class, o.period, x.field, x.row,"
        " x.value,"
        " case when o.number = o.approved_version then 'final' else 'provisional' end, o.number"
        " from placed o join statistics_report_version v on v.report_id = o.id and v.number = o.number"
        " join statistics_report_value x on x.version_id = v.id"
        " order by 1, 7, 8, 9",
        (status == Status.PROVISIONAL, form, list(periods)),
    )
    known = _about_fields(asked)
    columns: dict[str, list[Any]] = {name: [] for name in VALUE_COLUMNS}
    for row in rows:
        dimension, measure = known.get(row[7], ("", ""))
        values = (*row[:8], dimension, row[8], row[9], measure, row[10], row[11])
        for name, value in zip(VALUE_COLUMNS, values, strict=True):
            columns[name].append(value)
    return columns


def _about_fields(newest: Form) -> dict[str, tuple[str, str]]:
    """Map each field of any version of a form to its dimension and what it measures."""
    versions = sorted(
        (one for one in loading.all_forms().values() if one.code == newest.code), key=lambda one: one.version
    )
    return {
        field.code: (table.rows.value, field.kind.value)
        for one in versions
        for table in one.tables
        for field in table.fields
    }
