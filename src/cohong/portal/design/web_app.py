"""The site as an app: its manifest, its service worker, and the page for when there is no connection."""

import hashlib
import json
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

#: What the page for when there is no connection is made of.
_SHELL: Final = ("tokens.css", "frame.css", "parts.css", "seal.svg")
_TAGS: Final = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}
_HOUR_S: Final = 3600
_BLUE, _PAPER = "#123a6b", "#f7f9fc"


def _known(language: str) -> str:
    if language not in dict(settings.LANGUAGES):
        raise Http404
    return language


@require_safe
def manifest(request: HttpRequest, language: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Describe the app to the browser that installs it, in one of the site's languages."""
    with translation.override(_known(language)):
        icons = [
            {
                "src": static(f"portal/icons/{name}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for name, size, purpose in (
                ("icon-192", 192, "any"),
                ("icon-512", 512, "any"),
                ("maskable-512", 512, "maskable"),
            )
        ]
        places = ((_("Search"), "search"), (_("Cart"), "cart"), (_("Orders"), "orders"))
        told = {
            "id": "/",
            "name": _("Cohong, the region’s open market"),
            "short_name": _("Cohong"),
            "description": _("One open platform on which a whole region trades online"),
            "lang": _TAGS[language],
            "dir": "ltr",
            "start_url": reverse("portal:home"),
            "scope": "/",
            "display": "standalone",
            "theme_color": _BLUE,
            "background_color": _PAPER,
            "categories": ["shopping", "business"],
            "icons": icons,
            "shortcuts": [{"name": name, "url": reverse(f"portal:{where}")} for name, where in places],
        }
    answer = JsonResponse(
        told, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
    )
    answer["Cache-Control"] = f"public, max-age={_HOUR_S}"
    return answer


@require_safe
def offline(request: HttpRequest, language: str) -> HttpResponse:
    """Say that there is no connection; nothing on this page is anybody's own."""
    with translation.override(_known(language)):
        return render(request, "design/offline.html")


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Hand out the service worker, with the addresses that it keeps. A change of any of them makes it a new one."""
    shell = [static(f"portal/{name}") for name in _SHELL]
    offline_pages = {code: reverse("portal:offline", args=[code]) for code, _name in settings.LANGUAGES}
    source = Path(str(finders.find("portal/service-worker.js"))).read_text(encoding="utf-8")
    version = hashlib.sha256(f"{shell}{source}".encode()).hexdigest()[:12]
    head = (
        f"const VERSION = {json.dumps(version)};\n"
        f"const SHELL = {json.dumps(shell)};\n"
        f"const OFFLINE = {json.dumps(offline_pages)};\n"
    )
    answer = HttpResponse(head + source, content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = "/"
    answer["Cache-Control"] = "no-cache"
    return answer
