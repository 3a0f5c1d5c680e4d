"""Saved queries: one's own, and what a link shares."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohong.kernel.errors import NotFound
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show, told
from cohong.statistics import api as statistics
from cohong.statistics.api import SavedQueryView


@require_http_methods(["GET", "HEAD", "POST"])
@page
def queries(request: HttpRequest) -> HttpResponse:
    """List one's own; save a choice that comes as the fields of the desk's form."""
    actor = actor_of(request)
    if request.method == "POST":
        with told(request):
            choice = statistics.read_choice(request.POST.getlist)
            statistics.save_query(actor=actor, name=request.POST.get("name", ""), choice=choice)
            messages.success(request, _("The query is saved."))
        return redirect("portal:research_queries")
    newest = statistics.releases(limit=1)
    return show(
        request,
        "research/queries.html",
        {
            "queries": [(one, _address(request, one)) for one in statistics.saved_queries(actor=actor)],
            "newest": newest[0] if newest else None,
            "most": statistics.MOST_SAVED_QUERIES,
        },
    )


def _address(request: HttpRequest, one: SavedQueryView) -> str:
    if not one.share_key:
        return ""
    return request.build_absolute_uri(reverse("portal:research_shared", args=[one.share_key]))


@require_safe
@page
def query(request: HttpRequest, query_id: UUID) -> HttpResponse:
    """Run a saved query on the newest release, and say whether that is a newer one than last time."""
    actor = actor_of(request)
    one = statistics.saved_query(actor=actor, query_id=query_id)
    newest = statistics.releases(limit=1)[0]
    if newest.id > one.release:
        messages.info(
            request,
            _("These are figures of release {new}. You saw this query last with release {old}.").format(
                new=newest.id, old=one.release
            ),
        )
        statistics.see_query(actor=actor, query_id=query_id, release_id=newest.id)
    return redirect(f"{reverse('portal:research')}?{statistics.write_choice(one.choice)}")


@require_safe
@page
def shared(request: HttpRequest, key: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Run a query that somebody shared, for whoever has the link."""
    one = statistics.shared_query(key=key)
    return redirect(f"{reverse('portal:research')}?{statistics.write_choice(one.choice)}")


@require_POST
@page
def act(request: HttpRequest, query_id: UUID, act: str) -> HttpResponse:
    """Share a query, make it private again, or delete it."""
    actor = actor_of(request)
    if act not in {"share", "keep", "delete"}:
        raise NotFound
    with told(request):
        if act == "delete":
            statistics.delete_query(actor=actor, query_id=query_id)
            messages.success(request, _("The query is deleted."))
        else:
            statistics.share_query(actor=actor, query_id=query_id, shared=act == "share")
            said = (
                _("Whoever has the link can see the query.") if act == "share" else _("The query is private.")
            )
            messages.success(request, said)
    return redirect("portal:research_queries")
