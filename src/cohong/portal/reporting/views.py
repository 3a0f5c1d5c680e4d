"""Reports: those that a company owes, those that an officer reviews, and each of them."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohong.kernel.errors import NotFound
from cohong.parties.api import Actor
from cohong.portal.design.acting import NotSignedIn, actor_of
from cohong.portal.design.frame import is_partial, page, refused, show, told
from cohong.portal.reporting import remarks, sheets
from cohong.portal.reporting.files import attached, content_of
from cohong.statistics import api as statistics
from cohong.statistics.api import ReportState

_PAGE: Final = 50


@require_safe
@page
def home(request: HttpRequest) -> HttpResponse:
    """List reports: an officer's to review, a company's own to fill in."""
    actor = actor_of(request)
    language = get_language() or "zh-hans"
    officer = statistics.is_officer(actor)
    # Officers begin with what waits for them.
    begins = officer and not {"form", "period"} & request.GET.keys()
    asked = request.GET.get("state", ReportState.SUBMITTED.value if begins else "")
    state = ReportState(asked) if asked in ReportState.values else None
    if officer:
        before = request.GET.get("before", "")
        rows = statistics.reports(
            actor=actor,
            form=request.GET.get("form", "")[:16],
            period=request.GET.get("period", "")[:12],
            state=state,
            overdue=asked == "overdue",
            before=_id(before),
            limit=_PAGE + 1,
        )
    else:
        rows = statistics.reports_of(actor=actor, limit=_PAGE + 1)
    context = {
        "officer": officer,
        "rows": rows[:_PAGE],
        "next": rows[_PAGE - 1].id if officer and len(rows) > _PAGE else "",
        "state": asked,
        "states": ReportState.choices,
        "forms": {one.code: one.names.shown(language) for one in statistics.forms()},
        "unit": None if officer else statistics.unit_of(party_id=actor.party_id),
    }
    return show(request, "reporting/home.html", context)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_safe
@page
def report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Show a report: to be filled in, or as it was submitted."""
    actor = actor_of(request)
    language = get_language() or "zh-hans"
    view = statistics.report(actor=actor, report_id=report_id)
    said = remarks.remarks_of(view, language)
    context = {
        "officer": statistics.is_officer(actor),
        "view": view,
        "row": view.row,
        "sheets": sheets.sheets_of(view, said, language),
        "said": said,
        "name": view.form.names.shown(language),
        "hint": view.form.hint.shown(language),
        "fills": "save" in view.acts,
        "acts": view.acts,
        "approves": next((act for act in view.acts if act.startswith("approve")), ""),
        "returns": "return" in view.acts,
    }
    return show(request, "reporting/report.html", context)


@require_POST
@page
def save(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Keep what was typed; and submit it, if that was asked."""
    actor = actor_of(request)
    contents, explanations = sheets.typed({name: str(text) for name, text in request.POST.items()})
    with told(request):
        found = statistics.save_report(
            actor=actor,
            report_id=report_id,
            contents=contents,
            explanations=explanations,
            revision=_revision(request),
        )
        if request.POST.get("do") == "submit":
            statistics.submit_report(actor=actor, report_id=report_id)
            messages.success(request, _("The report is submitted and signed for."))
        elif found:
            messages.info(request, _("Saved. Some things still have to be looked at."))
        else:
            messages.success(request, _("Saved. Nothing stands in the way of submitting it."))
    return redirect("portal:stat_report", report_id=report_id)


@require_POST
@page
def check(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Say what is wrong with what is being typed, and what comes out of it, as parts of the report's page; nothing is kept."""
    try:
        actor = actor_of(request)
    except NotSignedIn as refusal:
        # Whoever was signed out meanwhile is told so; leading them away would lose what they have typed.
        if is_partial(request):
            return refused(request, refusal)
        raise
    contents, explanations = sheets.typed({name: str(text) for name, text in request.POST.items()})
    found = statistics.check_report(
        actor=actor, report_id=report_id, contents=contents, revision=_revision(request)
    )
    language = get_language() or "zh-hans"
    is_blank = not found.filled.contents
    said = remarks.remarks(
        found.form, found.findings, found.totals, explanations, language, is_blank=is_blank
    )
    return render(request, "reporting/checked.html", {"said": said})


def _revision(request: HttpRequest) -> int | None:
    """Read which state of the report the page showed."""
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004 - fits


@require_POST
@page
def upload(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Fill a report in from a file."""
    actor = actor_of(request)
    with told(request):
        # Who may not file at all is told that first.
        statistics.report(actor=actor, report_id=report_id)
        sent, name = content_of(request)
        done = statistics.upload_report(actor=actor, report_id=report_id, content=sent, filename=name)
        messages.success(request, _("The file is read: {count} cells.").format(count=done.cells))
    return redirect("portal:stat_report", report_id=report_id)


@require_safe
@page
def template(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Download the file to fill a report in."""
    ending = "csv" if request.GET.get("format") == "csv" else "xlsx"
    content = statistics.report_template(
        actor=actor_of(request),
        report_id=report_id,
        format=ending,
        language=get_language() or "zh-hans",
    )
    return attached(content, f"report-{report_id}.{ending}")


def _approve(actor: Actor, report_id: UUID, _reason: str, revision: int | None) -> None:
    statistics.approve_report(actor=actor, report_id=report_id, revision=revision)


def _return(actor: Actor, report_id: UUID, reason: str, revision: int | None) -> None:
    statistics.return_report(actor=actor, report_id=report_id, reason=reason, revision=revision)


def _recall(actor: Actor, report_id: UUID, _reason: str, _revision: int | None) -> None:
    statistics.recall_report(actor=actor, report_id=report_id)


def _correct(actor: Actor, report_id: UUID, _reason: str, _revision: int | None) -> None:
    statistics.correct_report(actor=actor, report_id=report_id)


_ACTS: Final[dict[str, tuple[Callable[..., Any], str | Promise]]] = {
    "approve": (_approve, gettext_lazy("The report is approved.")),
    "return": (_return, gettext_lazy("The report is returned.")),
    "recall": (_recall, gettext_lazy("The report is taken back and can be changed.")),
    "correct": (
        _correct,
        gettext_lazy(
            "The report can be corrected. What was approved stands until the correction is approved."
        ),
    ),
}


@require_POST
@page
def act(request: HttpRequest, report_id: UUID, act: str) -> HttpResponse:
    """Approve or return as an officer, take back or correct as the company."""
    if act not in _ACTS:
        raise NotFound
    perform, said = _ACTS[act]
    with told(request):
        perform(actor_of(request), report_id, request.POST.get("reason", ""), _revision(request))
        messages.success(request, str(said))
    return redirect("portal:stat_report", report_id=report_id)
