"""Who asks, for every topic of orders' HTTP interface."""

from django.http import HttpRequest

from cohong.parties import api as parties
from cohong.parties.api import Actor


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


def reader_of(request: HttpRequest) -> Actor:
    """Return who reads. Raises ScopeMissing for a token that may not."""
    actor = actor_of(request)
    parties.require(actor, actor.party_id, *parties.Role, scope="orders:read")
    return actor
