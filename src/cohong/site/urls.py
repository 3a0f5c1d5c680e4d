"""The addresses of the house."""

from django.conf import settings
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.cache import never_cache
from django.views.static import serve

from cohong.site.admin import platform_admin
from cohong.site.api import api, nowhere
from cohong.site.safety import MEDIA_POLICY

_YEAR_S = 365 * 24 * 3600


@never_cache
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django's signature
    """Answer whether this process serves and reaches its database; for load balancers and for `cohong demo`."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return JsonResponse({"ok": True})


def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Send a stored picture. It is named by its digest, so a browser may keep it for good."""
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    if isinstance(response, FileResponse):
        response["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable"
        response["Content-Security-Policy"] = MEDIA_POLICY
    return response


def favicon(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001 - Django's signature
    """Lead browsers that ask for a picture by the old name, as they do on pages that name none, to the one there is."""
    return redirect(static("portal/seal.svg"))


urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health),
    path("favicon.ico", favicon),
    path("api/v1/", api.urls),
    re_path("^api/", nowhere),
    path("sdmx/v2/", include("cohong.statistics.sdmx.urls")),
    path("media/<path:path>", media),
    path("admin/", platform_admin.urls),
    path("", include("cohong.portal.account.entrances")),
    path("", include("cohong.portal.urls")),
]
