"""What browsers are told about every answer: what its page may load and do, and who may keep it.

The policy of content (`CONTENT_SECURITY_POLICY` in the settings) allows nothing inline and nothing from elsewhere.
Only a form may lead away, to the bank's pay page: Chromium holds the redirect that answers a form against `form-action`, too.
"""

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from csp.middleware import CSPMiddleware, PolicyParts
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation

from cohong.kernel.http import MalformedRequest, problem
from cohong.payments import api as payments

UPLOAD_BYTES_MAX: Final = 64 * 1024 * 1024
"""The largest request, with all files in it. What a module takes of one file is its own, smaller limit."""

MEDIA_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""Of what users have uploaded: opened by itself, it may do nothing at all."""

_HEADERS: Final = {
    "Permissions-Policy": ", ".join(
        (
            *(f"{feature}=()" for feature in ("accelerometer", "camera", "display-capture", "geolocation")),
            *(f"{feature}=()" for feature in ("gyroscope", "magnetometer", "microphone", "midi", "payment")),
            *("usb=()", "browsing-topics=()", "publickey-credentials-get=(self)"),
            "publickey-credentials-create=(self)",
        )
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
}
_PUBLIC_DESK: Final = "cohong.portal.market"
_NEVER, _ASK_FIRST = "no-store, private", "no-cache, private"

GetResponse = Callable[[HttpRequest], HttpResponse]


class ContentPolicy(CSPMiddleware):
    """The policy of the settings, with the bank's pay page as the one place that forms may lead to."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Add what is known only while running."""
        parts = super().get_policy_parts(request, response, report_only)
        pages = payments.pay_page_origins()
        if report_only or not pages:
            return parts
        update: dict[str, Any] = parts.update or {}
        return replace(parts, update={**update, "form-action": [*update.get("form-action", ()), *pages]})


class Safety:
    """Sets the headers that every answer has, says who may keep it, and turns away what is too large."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        response = _too_large(request) or self._get_response(request)
        for name, value in _HEADERS.items():
            response.setdefault(name, value)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = _NEVER if _is_personal(request) else _ASK_FIRST
        return response


def _too_large(request: HttpRequest) -> HttpResponse | None:
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return None  # Django reads nothing of such a request
    if length <= UPLOAD_BYTES_MAX:
        return None
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if request.path.startswith("/api/"):
        return problem(MalformedRequest(details=status.phrase), status=status)
    with translation.override(translation.get_language_from_request(request)):
        return render(request, "413.html", status=status)


def _is_personal(request: HttpRequest) -> bool:
    """Tell whether nobody's browser may keep this: what is made for one who is signed in, and the interface's answers.

    The market's pages show to everyone the same but for the frame: a browser may keep one for its own Back button.
    """
    if request.path.startswith("/api/"):
        return True
    session = getattr(request, "session", None)
    # Asking a session that nobody has opened would cost a query.
    if session is None or not session.accessed or SESSION_KEY not in session:
        return False
    match = request.resolver_match
    return match is None or not match.func.__module__.startswith(_PUBLIC_DESK)
