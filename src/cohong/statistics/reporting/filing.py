"""What a reporting unit does: it fills in, submits and signs, takes back, corrects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from cohong.kernel import clock, sets
from cohong.kernel.documents import canonical, digest
from cohong.kernel.ids import new_id
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.statistics.access import READ, WRITE, SystemOnly
from cohong.statistics.forms import loading
from cohong.statistics.forms.checking import Contents, Finding, Members, numbers_of
from cohong.statistics.forms.definitions import Form, Severity
from cohong.statistics.reporting import documents, keeping, opening
from cohong.statistics.reporting import refusals as no
from cohong.statistics.reporting.keeping import Row
from cohong.statistics.reporting.states import REPORT_LIFE, ReportState, Way
from cohong.statistics.units import selectors as units

_EXPLANATION_MOST: Final = 500
_EXPLANATIONS_MOST: Final = 200
_MOST_PAST: Final = 5_000
_MANY: Final = 500


@sets.act
def report_for(*, actor: Actor, form: str, period: str, unit_id: UUID | None = None) -> UUID:
    """Return the id of the report that a unit (the actor's own if None) owes, opened if nobody has yet.

    Raises NoSuchReport, NoSuchForm, NotOwed, PeriodUnreadable, PeriodWrong, PeriodNotOver, NotYours, ScopeMissing.
    """
    if unit_id is None:
        own = units.unit_of(party_id=actor.party_id)
        if own is None:
            raise no.NoSuchReport
        unit_id = own.id
    unit = units.units_named(ids=[unit_id]).get(unit_id)
    if unit is None:
        raise no.NoSuchReport
    keeping.check_filer(actor, unit, scope=WRITE)
    asked = loading.form(code=form)
    return opening.ensure_report(unit.id, asked, opening.read_period(asked, period))


@sets.act
def save_report(
    *,
    actor: Actor,
    report_id: UUID,
    contents: Mapping[str, Any],
    explanations: Mapping[str, str] | None = None,
    revision: int | None = None,
) -> list[Finding]:
    """Keep what is filled in so far, flawed or not, and say what is wrong with it.

    `contents`: texts by field, or by field and row. With a `revision` it is refused if somebody has changed the report meanwhile.
    For the unit's owners and those of finance. Raises NoSuchReport, NotYours, WrongState, SubmittedAlready, ReportChanged,
    ExplanationTooLong.
    """
    row, unit = keeping.find(report_id, lock=True)
    keeping.check_filer(actor, unit, scope=WRITE)
    _check_open(row)
    keeping.check_revision(row, revision)
    found = keeping.checked(row, unit, contents)
    row.draft = found.filled.contents
    if explanations is not None:
        row.explanations = clean_explanations(explanations)
    keeping.step(actor, row, "save")
    return found.findings


def check_report(
    *, actor: Actor, report_id: UUID, contents: Mapping[str, Any], revision: int | None = None
) -> keeping.Checked:
    """Say of contents that are still being typed what saving them would say, and what comes out of them. Nothing is kept.

    For the unit's owners and those of finance. Raises NoSuchReport, NotYours, WrongState, SubmittedAlready, ReportChanged.
    """
    row, unit = keeping.find(report_id)
    keeping.check_filer(actor, unit, scope=READ)
    _check_open(row)
    REPORT_LIFE.next(row.state, "save")
    keeping.check_revision(row, revision)
    return keeping.checked(row, unit, contents)


def _check_open(row: Row) -> None:
    """Tell whoever fills in a report that is under review so, in words of their own."""
    if row.state in {ReportState.SUBMITTED, ReportState.CITY_APPROVED} and row.submitted_at is not None:
        raise no.SubmittedAlready(on=row.submitted_at.date())


def clean_explanations(said: Mapping[str, str]) -> dict[str, str]:
    """Bring explanations, by the key of their finding, into one form. Raises ExplanationTooLong, PersonalDataInText."""
    if len(said) > _EXPLANATIONS_MOST:
        raise no.ExplanationTooLong(most=_EXPLANATION_MOST)
    cleaned = {}
    for key, text in said.items():
        if len(text) > _EXPLANATION_MOST or len(key) > _EXPLANATION_MOST:
            raise no.ExplanationTooLong(most=_EXPLANATION_MOST)
        if plain := " ".join(text.split()):
            cleaned[key] = parties.public_text(plain, name="reason", most=_EXPLANATION_MOST)
    return cleaned


@sets.act
def submit_report(*, actor: Actor, report_id: UUID, way: Way = Way.WEB, revision: int | None = None) -> int:
    """Submit what is filled in and sign for it; return the number of the version. Its contents stay in it for ever.

    Raises ReportFlawed (errors), QueriesUnanswered (something has to be explained), SubmittedAlready, NothingCorrected,
    WrongState, ReportChanged, NoSuchReport, NotYours.
    """
    row, unit = keeping.find(report_id, lock=True)
    keeping.check_filer(actor, unit, scope=WRITE)
    _check_open(row)
    REPORT_LIFE.next(row.state, "submit")
    keeping.check_revision(row, revision)
    found = keeping.checked(row, unit, row.draft)
    if errors := [one for one in found.findings if one.severity == Severity.ERROR]:
        raise no.ReportFlawed(findings=errors)
    queries = [one for one in found.findings if one.severity == Severity.QUERY]
    if unanswered := [one for one in queries if one.key not in row.explanations]:
        raise no.QueriesUnanswered(findings=unanswered)
    row.draft = found.filled.contents
    # Only what is asked is explained: an explanation of what is no longer so would mislead whoever reviews.
    row.explanations = {one.key: row.explanations[one.key] for one in queries}
    _check_differs(row)
    now = clock.now()
    row.late = row.late or (row.version == 0 and opening.today() > row.due_on)
    row.version += 1
    row.submitted_at = now
    form = canonical(row.draft)
    body = documents.ReportSubmitted(
        unit_id=unit.id,
        form=row.form_code,
        form_version=row.form_version,
        period=row.period_code,
        number=row.version,
        digest=digest(form).hex(),
        signed_by=actor.user_id,
        way=way.value,
        late=row.late,
    )
    document = keeping.state_in_document(actor, row, unit, body)
    _write_versions([_Version(row, form, document, way, actor.user_id, _signer(actor))])
    keeping.step(actor, row, "submit", document=document)
    return row.version


def _check_differs(row: Row) -> None:
    """Refuse a version that says the same as the one that was approved or returned."""
    if row.version == 0 or (row.state == ReportState.DRAFT and row.approved_version != row.version):
        return
    [(contents, explained)] = sets.fetch(
        "select contents, explanations = %s::jsonb from statistics_report_version where report_id = %s and number = %s",
        (canonical(row.explanations).decode(), row.id, row.version),
    )
    if contents == canonical(row.draft).decode() and explained:
        raise no.NothingCorrected


def _signer(actor: Actor) -> str:
    if actor.user_id is not None and (user := parties.users(ids=[actor.user_id]).get(actor.user_id)):
        return user.username
    party = parties.parties(ids=[actor.party_id]).get(actor.party_id)
    return party.name if party is not None else ""


@dataclass(frozen=True, slots=True)
class _Version:
    row: Row
    canonical: bytes
    document: UUID
    way: Way
    signed_by: UUID | None
    signer: str


def _write_versions(versions: Sequence[_Version]) -> None:
    """Write versions and their numbers."""
    now = clock.now()
    ids = [new_id() for _ in versions]
    sets.insert(
        "statistics_report_version",
        (
            *("id", "report_id", "number", "form_version", "contents", "digest", "explanations"),
            *("signed_by", "signer", "way", "submitted_at", "document"),
        ),
        [
            (
                *(id_, one.row.id, one.row.version, one.row.form_version, one.canonical.decode()),
                *(digest(one.canonical), canonical(one.row.explanations).decode()),
                *(one.signed_by, one.signer, one.way.value, now, one.document),
            )
            for id_, one in zip(ids, versions, strict=True)
        ],
    )
    sets.insert(
        "statistics_report_value",
        ("version_id", "field", "row", "value"),
        [
            (id_, *value)
            for id_, one in zip(ids, versions, strict=True)
            for value in base_values(one.row.form, one.row.draft)
        ],
    )


def base_values(form: Form, contents: Contents) -> list[tuple[str, str, int]]:
    """Give the numbers of checked contents in base units: (field, row, value)."""
    sheet = numbers_of(form, contents)
    fields = {field.code: field for field in form.fields()}
    return [(code, row, fields[code].to_base(number)) for (code, row), number in sheet.numbers.items()]


@sets.act
def recall_report(*, actor: Actor, report_id: UUID) -> None:
    """Take a report back that nobody has reviewed yet, to change it. Raises NoSuchReport, NotYours, WrongState."""
    row, unit = keeping.find(report_id, lock=True)
    keeping.check_filer(actor, unit, scope=WRITE)
    REPORT_LIFE.next(row.state, "recall")
    body = documents.ReportRecalled(
        unit_id=unit.id, form=row.form_code, period=row.period_code, number=row.version
    )
    keeping.step(actor, row, "recall", document=keeping.state_in_document(actor, row, unit, body))


@sets.act
def correct_report(*, actor: Actor, report_id: UUID) -> None:
    """Begin to correct a report that the province has approved; that one stays final until the correction is approved too.

    Raises NoSuchReport, NotYours, WrongState.
    """
    row, unit = keeping.find(report_id, lock=True)
    keeping.check_filer(actor, unit, scope=WRITE)
    keeping.step(actor, row, "correct")


# --- the past --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class PastReport:
    """A report of the past that is taken over as approved."""

    unit_id: UUID
    form: str
    period: str
    contents: Contents


@sets.act
def take_over_reports(*, actor: Actor, items: Sequence[PastReport], signer: str) -> int:
    """Take over reports of the past as approved by the province, e.g. from an older system; return how many are new.

    Values are checked one by one, rules are not: what was approved was. A report that is there already stays as it is.
    `signer` says where they come from. Raises SystemOnly, ReportFlawed, NoSuchForm, PeriodWrong.
    """
    if not actor.is_system:
        raise SystemOnly
    if len(items) > _MOST_PAST:
        raise ValueError(f"at most {_MOST_PAST} reports at once")
    now, versions = clock.now(), []
    known = units.units_named(ids=[item.unit_id for item in items])
    rows_of: dict[tuple[str, str], Members] = {}  # what a form asks of a region's units is read once
    for item in items:
        form, unit = loading.form(code=item.form), known[item.unit_id]
        period = opening.read_period(form, item.period)
        if (form.code, unit.region_code) not in rows_of:
            rows_of[form.code, unit.region_code] = keeping.members_of(form, unit)
        versions.append(
            Row(
                id=new_id(),
                unit_id=item.unit_id,
                form_code=form.code,
                form_version=form.version,
                period_code=period.code,
                due_on=form.due_on(period),
                state=ReportState.PROVINCE_APPROVED,
                revision=1,
                draft=keeping.read_plain(form, rows_of[form.code, unit.region_code], item.contents),
                explanations={},
                version=1,
                approved_version=1,
                late=False,
                submitted_at=now,
                document=None,
            )
        )
    taken = _insert_past(versions)
    fresh = [row for row in versions if row.id in taken]
    bodies = [
        (
            row,
            documents.ReportSubmitted(
                unit_id=row.unit_id,
                form=row.form_code,
                form_version=row.form_version,
                period=row.period_code,
                number=1,
                digest=digest(canonical(row.draft)).hex(),
                signed_by=None,
                way=Way.FILE.value,
                late=False,
            ),
        )
        for row in fresh
    ]
    papers = keeping.state_many(actor, [(row, known[row.unit_id], body) for row, body in bodies])
    _write_versions(
        [
            _Version(row, canonical(row.draft), paper, Way.FILE, None, signer)
            for (row, _), paper in zip(bodies, papers, strict=True)
        ]
    )
    if len(fresh) >= _MANY:  # whoever reads them now would plan for the table as it was
        for table in ("report", "report_version", "report_value"):
            sets.run(f"analyze statistics_{table}")
    return len(fresh)


def _insert_past(rows: Sequence[Row]) -> set[UUID]:
    now = clock.now()
    periods = [row.period for row in rows]
    found = sets.fetch(
        "insert into statistics_report (id, unit_id, form, form_version, period, period_start, period_end, due_on, state,"
        " revision, draft, explanations, version, approved_version, late, submitted_at, reminded, opened_at)"
        " select x.id, x.unit_id, x.form, x.form_version, x.period, x.period_start, x.period_end, x.due_on,"
        " 'province_approved', 1, d.draft::jsonb, '{}', 1, 1, false, %s, '', %s from unnest(%s::uuid[],"
        " %s::uuid[], %s::text[], %s::smallint[], %s::text[], %s::date[], %s::date[], %s::date[])"
        " with ordinality as x(id, unit_id, form, form_version, period, period_start, period_end, due_on, n)"
        " join unnest(%s::text[]) with ordinality as d(draft, n) using (n) on conflict do nothing returning id",
        (
            *(
                now,
                now,
                [row.id for row in rows],
                [row.unit_id for row in rows],
                [row.form_code for row in rows],
            ),
            *([row.form_version for row in rows], [row.period_code for row in rows]),
            *([one.start for one in periods], [one.end for one in periods], [row.due_on for row in rows]),
            [canonical(row.draft).decode() for row in rows],
        ),
    )
    return {row[0] for row in found}
