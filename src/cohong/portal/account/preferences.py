"""What is remembered of a user's choices, and read when they come again."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from cohong.portal.account.models import Preference
from cohong.portal.design.acting import ACTING_KEY, visitor


def remember(user_id: UUID, *, acting_for: UUID) -> None:
    """Keep whom a user chose to act for."""
    Preference.objects.update_or_create(user_id=user_id, defaults={"acting_for": acting_for})


def restore(request: HttpRequest) -> None:
    """Let a user who has just signed in act for whom they acted last time."""
    user: Any = request.user
    chosen = Preference.objects.filter(user_id=user.pk).values_list("acting_for", flat=True).first()
    if chosen is not None:
        request.session[ACTING_KEY] = str(chosen)


def must_choose(request: HttpRequest) -> bool:
    """Tell whether the user acts for several parties and has never said for which."""
    # The visitor of this request was a stranger until a moment ago.
    request.__dict__.pop("_visitor", None)
    return ACTING_KEY not in request.session and len(visitor(request).memberships) > 1
