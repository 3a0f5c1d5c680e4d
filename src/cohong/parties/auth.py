"""How a request says who it is: by a token, or by a session and the party that its user acts for."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from cohong.kernel.ids import UUID
from cohong.parties.refusals import ForgeryCheckFailed, InvalidToken, NotMember
from cohong.parties.rules import Actor
from cohong.parties.selectors import actor_for
from cohong.parties.services.tokens import actor_for_token

ACTING_FOR = "Acting-For"
"""The header in which a signed-in user's request names the party (its id) that they act for."""


class TokenAuth(HttpBearer):
    """`Authorization: Bearer <token>`; the request's `auth` is the token's actor."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:  # noqa: ARG002 - ninja's
        """Return the actor, or None for a token that is not valid (any more)."""
        try:
            return actor_for_token(text=token)
        except InvalidToken:
            return None


class SessionAuth(APIKeyCookie):
    """A signed-in user, checked against forgery, acting for the party in the `Acting-For` header.

    Without that header they act for nobody: the actor's party is the user's own id, with no role.
    """

    param_name: str = settings.SESSION_COOKIE_NAME

    def __init__(self) -> None:
        # The check is made below, so that it is told as a problem with a code like every other.
        super().__init__(csrf=False)

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:  # noqa: ARG002
        """Return the actor, or None if nobody is signed in. Raises `NotMember`, `ForgeryCheckFailed`."""
        user: Any = request.user
        if not user.is_authenticated:
            return None
        if check_csrf(request):
            raise ForgeryCheckFailed
        acting_for = request.headers.get(ACTING_FOR)
        if acting_for is None:
            return Actor(party_id=user.id, user_id=user.id)
        try:
            party_id = UUID(acting_for)
        except ValueError:
            raise NotMember(party_id=acting_for[:40]) from None
        return actor_for(user_id=user.id, party_id=party_id)
