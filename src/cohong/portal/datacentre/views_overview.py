"""The province at a glance."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cohong.portal.datacentre import desk, figures
from cohong.portal.design.frame import page


@require_safe
@page
def overview(request: HttpRequest) -> HttpResponse:
    """Show the province: its headline figures, five years, what they are made of, the map."""
    return desk.show_data(request, "overview", figures.edition(request), {"home": desk.home()})
