"""The releases: what was published when; the province's officers have the newest figures published."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from cohong.kernel.errors import Refusal
from cohong.parties.api import Actor
from cohong.portal.datacentre import desk, figures
from cohong.portal.design.acting import actor_of, actor_or_none
from cohong.portal.design.frame import page, told
from cohong.statistics import api as statistics

_MOST = 100


@require_safe
@page
def releases(request: HttpRequest) -> HttpResponse:
    """List the releases, the newest first; to who may publish, say whether there is something new."""
    publisher = _may_publish(actor_or_none(request))
    newest = next(iter(statistics.vintages(limit=1)), None) if publisher else None
    return desk.show_data(
        request,
        "releases",
        figures.edition(request),
        {
            "releases": statistics.releases(limit=_MOST),
            "publisher": publisher,
            "waiting": newest if publisher and statistics.unpublished() else None,
        },
    )


@require_POST
@page
def publish(request: HttpRequest) -> HttpResponse:
    """Have the newest figures published in the background."""
    with told(request):
        statistics.order_release(actor=actor_of(request), note=request.POST.get("note", "").strip())
        messages.success(request, _("The figures are being published. This takes a minute or so."))
    return redirect("portal:data_releases")


def _may_publish(actor: Actor | None) -> bool:
    if actor is None:
        return False
    try:
        statistics.check_publisher(actor)
    except Refusal:
        return False
    return True
