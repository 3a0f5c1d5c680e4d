"""The first visitor waits no longer than others: a process that serves looks at the most visited pages once by itself.

Addresses, templates, translations and what pages keep are loaded by that, as a visit would load them, and nothing is changed.
"""

import io
import logging
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections

_PAGES: Final = ("/", "/data/", "/data/plan/", "/data/places/", "/data/today/")
_log = logging.getLogger(__name__)

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def warm(application: Application) -> list[str]:
    """Look at the pages in each language, as a visitor without a session; return what was answered: a status for each."""
    statuses: list[str] = []

    def begun(status: str, *_: Any) -> None:
        statuses.append(status)

    for language, _ in settings.LANGUAGES:
        for where in _PAGES:
            answer = application(_request(where, language), begun)
            for _part in answer:
                pass
            if close := getattr(answer, "close", None):
                close()
    return statuses


def warm_aside(application: Application) -> None:
    """Look at the pages beside the serving, which does not wait. What cannot be shown now is left to the first visitor."""

    def look() -> None:
        try:
            warm(application)
        except Exception:  # noqa: BLE001 - whatever it is, those who come later are served
            _log.exception("the pages could not be looked at before the first visitor comes")
        finally:
            connections.close_all()

    threading.Thread(target=look, name="warming", daemon=True).start()


def _request(where: str, language: str) -> dict[str, Any]:
    """Return what a server would hand over of a visitor without a session."""
    public = urlsplit(settings.COHONG_PUBLIC_URL)
    host = next(
        (one for one in settings.ALLOWED_HOSTS if one and one[0] not in {"*", "."}), public.hostname or ""
    )
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": where,
        "QUERY_STRING": "",
        "SCRIPT_NAME": "",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": host,
        "SERVER_PORT": "443" if public.scheme == "https" else "80",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": host,
        "HTTP_COOKIE": f"{settings.LANGUAGE_COOKIE_NAME}={language}",
        "HTTP_X_FORWARDED_PROTO": public.scheme,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": public.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
