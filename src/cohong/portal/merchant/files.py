"""Goods and stock by files: templates, imports that are checked before they run, exports, counts."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohong.catalog import api as catalog
from cohong.kernel.errors import BadInput, Conflict
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import is_partial, page, show, told
from cohong.portal.merchant.categories import chains, leaves
from cohong.portal.merchant.goods import selected

_KINDS: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_READ_MOST: Final = (4 << 20) + 1
_LISTED: Final = 100


def _kind(request: HttpRequest) -> str:
    wanted = request.POST.get("format") or request.GET.get("format", "xlsx")
    return wanted if wanted in _KINDS else "xlsx"


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=_KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


# --- imports ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@page
def imports(request: HttpRequest) -> HttpResponse:
    """Take a file of listings to be checked; offer templates and exports; list the last imports."""
    actor = actor_of(request)
    error = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            error = _("Choose a file first.")
        else:
            try:
                import_id = catalog.check_import(
                    actor=actor,
                    seller_id=actor.party_id,
                    file=file.read(_READ_MOST),
                    filename=file.name or "",
                    publish=request.POST.get("publish") == "1",
                    update=request.POST.get("update") == "1",
                )
            except BadInput as refusal:
                error = str(refusal)
            else:
                return redirect("portal:import", import_id=import_id)
    categories = catalog.categories()
    context = {
        "error": error,
        "imports": catalog.imports(actor=actor),
        "leaves": leaves(categories),
        "chains": chains(categories),
        "publish": request.POST.get("publish") == "1",
        "update": request.POST.get("update") == "1",
    }
    return show(request, "merchant/imports.html", context, status=422 if error else 200)


@require_safe
@page
def import_page(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Show an import: what was found in the file, how far it is, what came of it."""
    actor = actor_of(request)
    view = catalog.import_view(actor=actor, import_id=import_id)
    done = view.state == catalog.ImportState.DONE
    wanted = [*view.created, *view.changed][:_LISTED] if done else []
    views = catalog.listings(ids=wanted)
    context = {
        "view": view,
        "done": done,
        "running": view.state == catalog.ImportState.RUNNING,
        "made": [views[one] for one in wanted if one in views],
        "most": _LISTED,
    }
    # A part asked for while it runs; once it is done, the whole page is asked for again.
    if is_partial(request):
        response = show(request, "merchant/import_progress.html", context)
        if done:
            response["HX-Refresh"] = "true"
        return response
    return show(request, "merchant/import.html", context)


@require_POST
@page
def start_import(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Let a checked import run."""
    actor = actor_of(request)
    with told(request):
        catalog.start_import(actor=actor, import_id=import_id)
    return redirect("portal:import", import_id=import_id)


@require_safe
@page
def import_template(request: HttpRequest) -> HttpResponse:
    """Give out the file to fill in for a category."""
    actor_of(request)
    code, kind = request.GET.get("category", "")[:64], _kind(request)
    content = catalog.import_template(category_code=code, format=kind, language=get_language() or "zh-hans")
    return _file(content, catalog.category(code=code).code, kind)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def export_goods(request: HttpRequest) -> HttpResponse:
    """Give out the party's goods as a file that an import reads: all of them, or those that are chosen."""
    actor, kind = actor_of(request), _kind(request)
    chosen = selected(request, actor)
    content = catalog.export_listings(
        actor=actor,
        seller_id=actor.party_id,
        format=kind,
        language=get_language() or "zh-hans",
        listing_ids=chosen,
    )
    return _file(content, "goods", kind)


# --- counts ----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@page
def stock_file(request: HttpRequest) -> HttpResponse:
    """Take a file of counted stock: check it, or book it."""
    actor = actor_of(request)
    context: dict[str, Any] = {"error": "", "report": None, "booked": False}
    if request.method == "POST":
        file = request.FILES.get("file")
        check_only = request.POST.get("do") != "book"
        if file is None:
            context["error"] = _("Choose a file first.")
        else:
            try:
                report = catalog.count_from_file(
                    actor=actor,
                    seller_id=actor.party_id,
                    file=file.read(_READ_MOST),
                    filename=file.name or "",
                    reason=request.POST.get("reason", "").strip()[:200],
                    check_only=check_only,
                )
            except (BadInput, Conflict) as refusal:
                context["error"] = str(refusal)
            else:
                if not check_only and not report.errors:
                    messages.success(request, _("The counts are booked."))
                    return redirect("portal:stock")
                context["report"] = report
    return show(request, "merchant/stock_file.html", context, status=422 if context["error"] else 200)


@require_safe
@page
def count_sheet(request: HttpRequest) -> HttpResponse:
    """Give out the party's stock as a file to count with."""
    actor, kind = actor_of(request), _kind(request)
    content = catalog.stock_file(
        actor=actor, seller_id=actor.party_id, format=kind, language=get_language() or "zh-hans"
    )
    return _file(content, "stock", kind)
