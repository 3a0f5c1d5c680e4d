"""Who is looking at a page: the signed-in user, and which of their parties they act for."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cohong.kernel.errors import NotAllowed
from cohong.parties import api as parties
from cohong.parties.api import Actor, MembershipView

ACTING_KEY = "acting_for"
"""Where in a session stands whom its user acts for."""


class NotSignedIn(NotAllowed):
    """The page is for those who are signed in."""

    message = _("Please sign in.")


class ActsForNobody(NotAllowed):
    """The user acts for no party yet."""

    message = _("You do not act for anybody yet. Ask an owner of your company to give you a role.")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is looking; `acting` is None for a stranger, a user without any party, and one without the second factor it takes."""

    user_id: UUID | None
    username: str
    memberships: tuple[MembershipView, ...]
    acting: MembershipView | None
    lacks_second_factor: bool = False

    @property
    def actor(self) -> Actor:
        """Return whom the visitor acts as. Raises NotSignedIn, SecondFactorNeeded, ActsForNobody."""
        if self.user_id is None:
            raise NotSignedIn
        if self.lacks_second_factor:
            raise parties.SecondFactorNeeded
        if self.acting is None:
            raise ActsForNobody
        return Actor(
            party_id=self.acting.party_id,
            user_id=self.user_id,
            roles=self.acting.roles,
            mandates=self.acting.mandates,
        )


def visitor(request: HttpRequest) -> Visitor:
    """Tell who is looking; asked once for each request."""
    known: Visitor | None = getattr(request, "_visitor", None)
    if known is None:
        known = _visitor(request)
        request._visitor = known  # type: ignore[attr-defined]  # noqa: SLF001 - kept for this request only
    return known


def _visitor(request: HttpRequest) -> Visitor:
    user: Any = request.user
    if not user.is_authenticated:
        return Visitor(None, "", (), None)
    memberships = tuple(parties.parties_of(user_id=user.id))
    wanted = request.session.get(ACTING_KEY)
    # A membership may have ended since it was chosen: then the first one there is.
    acting = next((one for one in memberships if str(one.party_id) == wanted), next(iter(memberships), None))
    if acting is not None and acting.lacks_second_factor:
        return Visitor(user.id, user.username, memberships, None, lacks_second_factor=True)
    return Visitor(user.id, user.username, memberships, acting)


def actor_of(request: HttpRequest) -> Actor:
    """Return whom the visitor acts as. Raises NotSignedIn, SecondFactorNeeded, ActsForNobody."""
    return visitor(request).actor


def actor_or_none(request: HttpRequest) -> Actor | None:
    """Return whom the visitor acts as, if anyone."""
    who = visitor(request)
    return who.actor if who.acting is not None else None


def act_for(request: HttpRequest, party_id: UUID) -> None:
    """Let the visitor act for another of their parties from now on. Raises NotMember, SecondFactorNeeded."""
    parties.actor_for(user_id=visitor(request).user_id or party_id, party_id=party_id)
    request.session[ACTING_KEY] = str(party_id)
