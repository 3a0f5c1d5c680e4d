"""When each session was last seen, so that its user can tell the ones they know from others."""

import time
from collections.abc import Callable
from typing import Final

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

_SEEN: Final = "seen_at_s"
_EVERY_S: Final = 10 * 60


class LastSeen:
    """Writes down, every ten minutes at most, that a session is in use and from where."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        response = self._get_response(request)
        session = request.session
        # Only of a session that was opened anyhow: nothing is read for this.
        if session.accessed and SESSION_KEY in session:
            now = int(time.time())
            if now - session.get(_SEEN, 0) >= _EVERY_S:
                session[_SEEN] = now
                UserSession.objects.filter(session_key=session.session_key).update(
                    last_seen_at=timezone.now(), ip=get_adapter().get_client_ip(request)
                )
        return response
