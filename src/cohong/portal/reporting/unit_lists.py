"""Lists of units: a file is looked through, shown with what would become of each row, and taken in whole, or not at all.

Between looking and taking the file travels with the page, packed. It is read anew when it is taken, so nothing depends on what
came back, and nothing is kept of a list that nobody takes.
"""

import base64
import binascii
import zlib
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cohong.kernel import clock
from cohong.kernel.errors import BadInput, Conflict, Refusal
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show
from cohong.portal.reporting import unit_forms
from cohong.portal.reporting.files import attached, content_of
from cohong.portal.reporting.words import places
from cohong.statistics import api as statistics
from cohong.statistics.api import Foreseen, ListReport

#: Less than other files: it travels with the page, packed as text.
_MOST_MIB: Final = 2
_MOST_SHOWN: Final = 300


class ListFileBroken(BadInput):
    """What came back of a file is not what was sent."""

    message = gettext_lazy("The file did not come back whole. Please choose it again.")


@dataclass(frozen=True, slots=True)
class _Sent:
    """A list as it came."""

    content: bytes
    filename: str
    list_name: str
    on: str
    reason: str

    def read(self, take: Any, actor: Any) -> ListReport:
        """Look it through, or take it in."""
        report: ListReport = take(
            actor=actor,
            content=self.content,
            filename=self.filename,
            list_name=self.list_name,
            on=unit_forms.read_day(self.on),
            reason=self.reason,
        )
        return report


@require_http_methods(["GET", "HEAD", "POST"])
@page
def unit_list(request: HttpRequest) -> HttpResponse:
    """Ask for a list; show what would become of it; take it in."""
    actor = actor_of(request)
    statistics.remit_of(actor, scope="statistics:write")
    typed = {name: request.POST.get(name, "")[:600] for name in ("list_name", "on", "reason")}
    context: dict[str, Any] = {"officer": True, "typed": typed, "problems": {}, "today": clock.now().date()}
    if request.method != "POST":
        typed["on"] = context["today"].isoformat()
        return show(request, "reporting/unit_list.html", context)
    take = request.POST.get("do") == "take"
    try:
        sent = _sent(request, typed)
        report = sent.read(statistics.import_units if take else statistics.foresee_units, actor)
    except (BadInput, Conflict) as refusal:
        context["problems"] = {_field_of(refusal): str(refusal)}
        return show(request, "reporting/unit_list.html", context, status=400)
    if take and not report.flaws:
        messages.success(
            request,
            _(
                "The list is taken in: {opened} new units, {matched} that were known, {doubtful} to be decided on,"
                " {before} that an earlier list of this name had."
            ).format(
                opened=report.opened,
                matched=report.matched,
                doubtful=report.doubtful,
                before=report.told_before,
            ),
        )
        return redirect("portal:stat_matches" if report.doubtful else "portal:stat_units")
    context |= {"report": report, "flaws": report.flaws[:_MOST_SHOWN], "most": _MOST_SHOWN}
    if not report.flaws:
        context |= _preview(report) | {"packed": _packed(sent.content), "filename": sent.filename}
    return show(request, "reporting/unit_list.html", context, status=400 if report.flaws else 200)


def _sent(request: HttpRequest, typed: dict[str, str]) -> _Sent:
    if request.POST.get("do") == "take":
        content, name = _unpacked(request.POST.get("packed", "")), request.POST.get("filename", "")
    else:
        content, name = content_of(request, most_mib=_MOST_MIB)
    return _Sent(content, name[:200], typed["list_name"], typed["on"], typed["reason"])


def _packed(content: bytes) -> str:
    return base64.b64encode(zlib.compress(content)).decode()


def _unpacked(text: str) -> bytes:
    try:
        reader = zlib.decompressobj()
        content = reader.decompress(base64.b64decode(text, validate=True), _MOST_MIB << 20)
    except (binascii.Error, zlib.error, ValueError):
        raise ListFileBroken from None
    if not reader.eof:
        raise ListFileBroken
    return content


def _field_of(refusal: Refusal) -> str:
    about = unit_forms.field_of(refusal)
    return {"name": "list_name", "on": "on", "reason": "reason"}.get(about, "file")


def _preview(report: ListReport) -> dict[str, Any]:
    """Lay the rows out: those that are doubtful first, since they will need somebody, then the known, then the new."""
    regions, industries = places(get_language() or "zh-hans")
    rows = sorted(report.foreseen, key=lambda one: (_rank(one[1]), one[0]))
    return {
        "rows": [(number, one, _fate(one)) for number, one in rows[:_MOST_SHOWN]],
        "left": max(0, len(rows) - _MOST_SHOWN),
        "regions": regions,
        "industries": industries,
    }


def _rank(one: Foreseen) -> int:
    return ["doubtful", "known", "new", "before"].index(_fate(one))


def _fate(one: Foreseen) -> str:
    if one.told_before:
        return "before"
    if one.how is None:
        return "doubtful"
    return "new" if one.how == statistics.How.NEW else "known"


@require_safe
@page
def template(request: HttpRequest) -> HttpResponse:
    """Download the empty list."""
    statistics.remit_of(actor_of(request), scope="statistics:read")
    ending = "csv" if request.GET.get("format") == "csv" else "xlsx"
    content = statistics.list_template(format=ending, language=get_language() or "zh-hans")
    return attached(content, f"units.{ending}")
