"""The HTTP interface of the register and of reporting: a company files by itself, an authority's system enters and reviews.

Every writing call takes an `Idempotency-Key`. A token needs `statistics:read` or `statistics:write`.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Field, Query, Router

from cohong.kernel.http import MAX_PAGE, Page, decode_cursor, idempotent, page
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.statistics import http_schemas as schemas
from cohong.statistics.access import READ, WRITE
from cohong.statistics.breakdowns.http import router as breakdowns_router
from cohong.statistics.forecasting.http import router as forecasts_router
from cohong.statistics.forms import loading
from cohong.statistics.forms.checking import Finding
from cohong.statistics.lists import XLSX
from cohong.statistics.observing.http import router as observing_router
from cohong.statistics.official.http import router as official_router
from cohong.statistics.reporting import files, filing, opening, reviewing
from cohong.statistics.reporting import selectors as reports
from cohong.statistics.reporting.states import ReportState, Way
from cohong.statistics.research.http import router as research_router
from cohong.statistics.targets.http import router as targets_router
from cohong.statistics.units import lists, matching, registering
from cohong.statistics.units import selectors as units
from cohong.statistics.units.words import SizeClass, Standing, UnitKind
from cohong.statistics.warning.http import router as alarms_router

CREATED = 201
router = Router(tags=["statistics"], auth=parties.TokenAuth())
router.add_router("", targets_router)
router.add_router("", research_router)
router.add_router("", alarms_router)
router.add_router("", forecasts_router)
router.add_router("", breakdowns_router)
router.add_router("", official_router)
router.add_router("", observing_router)
_Limit = Annotated[int, Field(ge=1, le=MAX_PAGE)]
_Code = Annotated[str, Field(max_length=40)]


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


# --- the register ----------------------------------------------------------------------------------------


@router.get("/units", response=Page[schemas.UnitOut], operation_id="statistics_units")
def list_units(
    request: HttpRequest,
    *,
    on: date | None = None,
    text: Annotated[str, Query(max_length=100)] = "",
    kind: UnitKind | None = None,
    region_code: _Code = "",
    industry_code: _Code = "",
    size_class: SizeClass | None = None,
    standing: Standing = Standing.OPEN,
    cursor: str | None = None,
    limit: _Limit = 50,
) -> Any:
    """List the units that were open on a day (today if left out), of the regions that the authority answers for.

    Or those that had closed by then, or that were found to be another unit.
    """
    found = units.units(
        actor=_actor(request),
        on=on,
        text=text,
        kind=kind,
        region_code=region_code,
        industry_code=industry_code,
        size_class=size_class,
        standing=standing,
        before=decode_cursor(cursor),
        limit=limit + 1,
    )
    rows, following = page(found, limit=limit, id_of=lambda one: one.id)
    return Page(items=[schemas.UnitOut.of(one) for one in rows], next=following)


@router.post("/units", response={CREATED: schemas.UnitIdOut}, operation_id="statistics_open_unit")
@idempotent
def open_unit(request: HttpRequest, body: schemas.UnitIn) -> Any:
    """Enter a unit, there since a day."""
    unit_id = registering.open_unit(actor=_actor(request), draft=body.draft(), on=body.on, reason=body.reason)
    return CREATED, schemas.UnitIdOut(unit_id=unit_id)


@router.post("/units/lists", response=schemas.ListOut, operation_id="statistics_import_units")
@idempotent
def import_units(request: HttpRequest, body: schemas.ListIn) -> Any:
    """Take in an administrative list: all of it, or with any flaw nothing."""
    report = lists.import_units(
        actor=_actor(request),
        content=body.read(),
        filename=body.filename,
        list_name=body.list_name,
        on=body.on,
        reason=body.reason,
    )
    flaws = [
        schemas.FlawOut(row=one.row, column=one.column, code=one.code, message=one.message)
        for one in report.flaws
    ]
    return schemas.ListOut(
        rows=report.rows,
        opened=report.opened,
        matched=report.matched,
        doubtful=report.doubtful,
        told_before=report.told_before,
        flaws=flaws,
    )


@router.get("/units/matches", response=Page[schemas.MatchOut], operation_id="statistics_unit_matches")
def unit_matches(request: HttpRequest, cursor: str | None = None, limit: _Limit = 50) -> Any:
    """List what may be a unit that is known already, and waits for an officer."""
    found = units.unit_matches(actor=_actor(request), before=decode_cursor(cursor), limit=limit + 1)
    rows, following = page(found, limit=limit, id_of=lambda one: one.id)
    return Page(items=[schemas.MatchOut.of(one) for one in rows], next=following)


@router.post(
    "/units/matches/{uuid:match_id}", response=schemas.UnitIdOut, operation_id="statistics_decide_match"
)
@idempotent
def decide_match(request: HttpRequest, match_id: UUID, body: schemas.DecisionIn) -> Any:
    """Answer whether two are one, or answer otherwise than before; it is told which unit it is now."""
    unit_id = matching.decide_match(
        actor=_actor(request), match_id=match_id, same=body.same, reason=body.reason
    )
    return schemas.UnitIdOut(unit_id=unit_id)


@router.get("/units/{uuid:unit_id}", response=schemas.UnitOut, operation_id="statistics_unit")
def get_unit(request: HttpRequest, unit_id: UUID, on: date | None = None) -> Any:
    """Return a unit as it is, or was on a day."""
    return schemas.UnitOut.of(units.unit(actor=_actor(request), unit_id=unit_id, on=on))


@router.put("/units/{uuid:unit_id}", response=schemas.UnitOut, operation_id="statistics_change_unit")
@idempotent
def change_unit(request: HttpRequest, unit_id: UUID, body: schemas.UnitIn) -> Any:
    """Let a unit be otherwise from a day on: another name, region, industry, size."""
    registering.change_unit(
        actor=_actor(request), unit_id=unit_id, draft=body.draft(), on=body.on, reason=body.reason
    )
    return schemas.UnitOut.of(units.unit(actor=_actor(request), unit_id=unit_id))


@router.post("/units/{uuid:unit_id}/closing", response=schemas.UnitOut, operation_id="statistics_close_unit")
@idempotent
def close_unit(request: HttpRequest, unit_id: UUID, body: schemas.HappenedIn) -> Any:
    """Close a unit; with `into` it was merged into another."""
    actor = _actor(request)
    if body.into is None:
        registering.close_unit(actor=actor, unit_id=unit_id, on=body.on, reason=body.reason)
    else:
        registering.merge_units(actor=actor, unit_id=unit_id, into=body.into, on=body.on, reason=body.reason)
    return schemas.UnitOut.of(units.unit(actor=actor, unit_id=unit_id))


# --- forms and reports -----------------------------------------------------------------------------------


@router.get("/forms", auth=None, response=list[schemas.FormOut], operation_id="statistics_forms")
def list_forms(request: HttpRequest) -> Any:  # noqa: ARG001 - ninja's signature
    """List the forms in force with their fields and rules. They are public."""
    return [schemas.FormOut.of(one) for one in loading.forms()]


@router.get("/reports", response=Page[schemas.ReportRowOut], operation_id="statistics_reports")
def list_reports(
    request: HttpRequest,
    *,
    form: _Code = "",
    period: _Code = "",
    state: ReportState | None = None,
    overdue: bool = False,
    cursor: str | None = None,
    limit: _Limit = 50,
) -> Any:
    """List reports for review, for a statistics authority."""
    found = reports.reports(
        actor=_actor(request),
        form=form,
        period=period,
        state=state,
        overdue=overdue,
        before=decode_cursor(cursor),
        limit=limit + 1,
    )
    rows, following = page(found, limit=limit, id_of=lambda one: one.id)
    return Page(items=[schemas.ReportRowOut.of(one) for one in rows], next=following)


@router.get("/reports/own", response=list[schemas.ReportRowOut], operation_id="statistics_own_reports")
def own_reports(request: HttpRequest, limit: _Limit = 100) -> Any:
    """List the reports that the party owes or has filed, those to be filled in first."""
    return [schemas.ReportRowOut.of(one) for one in reports.reports_of(actor=_actor(request), limit=limit)]


@router.post("/reports/opening", response=schemas.CountOut, operation_id="statistics_open_reports")
@idempotent
def open_reports(request: HttpRequest, body: schemas.OpenIn) -> Any:
    """Open the reports that units owe for a period that is over (a statistics authority, of its regions)."""
    return schemas.CountOut(
        count=opening.open_reports(actor=_actor(request), form=body.form, period=body.period)
    )


@router.put("/reports/own/{form}/{period}", response=schemas.ReportOut, operation_id="statistics_save_report")
@idempotent
def save_report(request: HttpRequest, form: str, period: str, body: schemas.ContentsIn) -> Any:
    """Fill the party's report of a form and period in, and be told what is wrong with it. It is not submitted yet."""
    actor = _actor(request)
    report_id = filing.report_for(actor=actor, form=form, period=period)
    found = filing.save_report(
        actor=actor,
        report_id=report_id,
        contents=body.contents,
        explanations=body.explanations,
        revision=body.revision,
    )
    return _seen(actor, report_id, found)


@router.put(
    "/reports/own/{form}/{period}/file", response=schemas.ReportOut, operation_id="statistics_upload_report"
)
@idempotent
def upload_report(request: HttpRequest, form: str, period: str, body: schemas.FileIn) -> Any:
    """Fill the party's report in from a filled-in template."""
    actor, content = _actor(request), body.read()
    report_id = filing.report_for(actor=actor, form=form, period=period)
    files.upload_report(actor=actor, report_id=report_id, content=content, filename=body.filename)
    return _seen(actor, report_id)


@router.get("/reports/{uuid:report_id}", response=schemas.ReportOut, operation_id="statistics_report")
def get_report(request: HttpRequest, report_id: UUID) -> Any:
    """Return a report whole: to its unit's people and to its authority."""
    return _seen(_actor(request), report_id)


@router.get("/reports/{uuid:report_id}/template", operation_id="statistics_report_template")
def get_template(
    request: HttpRequest,
    report_id: UUID,
    format: Annotated[str, Query(pattern="^(xlsx|csv)$")] = "xlsx",  # noqa: A002 - as it is called
) -> HttpResponse:
    """Download the file to fill the report in, as `xlsx` or `csv`."""
    content = files.report_template(
        actor=_actor(request), report_id=report_id, format=format, language=get_language() or "zh-hans"
    )
    kind = XLSX if format == "xlsx" else "text/csv; charset=utf-8"
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="report-{report_id}.{format}"'
    return answer


@router.post(
    "/reports/{uuid:report_id}/submission",
    response=schemas.ReportOut,
    operation_id="statistics_submit_report",
)
@idempotent
def submit_report(request: HttpRequest, report_id: UUID, body: schemas.RevisionIn) -> Any:
    """Submit what is filled in, and sign for it."""
    actor = _actor(request)
    filing.submit_report(actor=actor, report_id=report_id, way=Way.HTTP, revision=body.revision)
    return _seen(actor, report_id)


@router.post(
    "/reports/{uuid:report_id}/recall", response=schemas.ReportOut, operation_id="statistics_recall_report"
)
@idempotent
def recall_report(request: HttpRequest, report_id: UUID) -> Any:
    """Take a report back that nobody has reviewed yet."""
    filing.recall_report(actor=_actor(request), report_id=report_id)
    return _seen(_actor(request), report_id)


@router.post(
    "/reports/{uuid:report_id}/correction",
    response=schemas.ReportOut,
    operation_id="statistics_correct_report",
)
@idempotent
def correct_report(request: HttpRequest, report_id: UUID) -> Any:
    """Begin to correct a report that was approved."""
    filing.correct_report(actor=_actor(request), report_id=report_id)
    return _seen(_actor(request), report_id)


@router.post(
    "/reports/{uuid:report_id}/approval", response=schemas.ReportOut, operation_id="statistics_approve_report"
)
@idempotent
def approve_report(request: HttpRequest, report_id: UUID, body: schemas.RevisionIn) -> Any:
    """Approve a report: for the city, then for the province."""
    reviewing.approve_report(actor=_actor(request), report_id=report_id, revision=body.revision)
    return _seen(_actor(request), report_id)


@router.post(
    "/reports/{uuid:report_id}/return", response=schemas.ReportOut, operation_id="statistics_return_report"
)
@idempotent
def return_report(request: HttpRequest, report_id: UUID, body: schemas.ReasonIn) -> Any:
    """Return a report with reasons."""
    reviewing.return_report(
        actor=_actor(request), report_id=report_id, reason=body.reason, revision=body.revision
    )
    return _seen(_actor(request), report_id)


def _seen(actor: Actor, report_id: UUID, found: Sequence[Finding] | None = None) -> schemas.ReportOut:
    """Show a report; with what was `found` in a call, of which what the form does not know is not kept."""
    # Who may write with a token may see what it wrote.
    scopes = None if actor.scopes is None else actor.scopes | ({READ} if WRITE in actor.scopes else set())
    view = reports.report(actor=replace(actor, scopes=scopes), report_id=report_id)
    return schemas.ReportOut.seen(view if found is None else replace(view, findings=tuple(found)))
