"""Saved choices: named, of whoever saved them, private until they share a link; each remembers the release it was seen with."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cohong.kernel import clock, sets
from cohong.kernel.errors import Conflict, NotFound
from cohong.kernel.ids import new_id
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.statistics.figures.selecting import Choice, choose
from cohong.statistics.models import SavedChoice
from cohong.statistics.research import choosing

MOST_SAVED: Final = 50
_LONGEST_NAME: Final = 80


class NoSuchQuery(NotFound):
    """There is no such saved query, or it is somebody else's."""

    message = _("There is no such saved query.")


class TooManyQueries(Conflict):
    """Nobody keeps more than so many."""

    message = _("You have {most} saved queries. Please delete one first.")


class NameTaken(Conflict):
    """The party has a query of this name."""

    message = _("You have a query of this name already.")


@dataclass(frozen=True, slots=True)
class SavedView:
    """A saved choice. `release` is the one with which its owner saw it last; `share_key` is empty while it is private."""

    id: UUID
    name: str
    choice: Choice
    release: int
    share_key: str
    saved_at: datetime


@sets.act
def save_query(*, actor: Actor, name: str, choice: Choice, release_id: int | None = None) -> UUID:
    """Save a choice under a name, as it is with a release (the newest). A party has at most `MOST_SAVED`.

    Raises NotYours, PersonalDataInText and what is wrong with the name, what `choose` raises, NameTaken, TooManyQueries.
    """
    parties.require(actor, actor.party_id, *parties.Role, scope="statistics:write")
    label = parties.public_text(name, name="name", most=_LONGEST_NAME)
    seen = choose(choice, release_id=release_id).release.id
    # Two at once would both find room.
    sets.fetch("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"research {actor.party_id}",))
    mine = SavedChoice.objects.filter(party_id=actor.party_id)
    if mine.filter(name=label).exists():
        raise NameTaken
    if mine.count() >= MOST_SAVED:
        raise TooManyQueries(most=MOST_SAVED)
    row = SavedChoice.objects.create(
        id=new_id(),
        party_id=actor.party_id,
        user_id=actor.user_id,
        name=label,
        choice=choosing.as_data(choice),
        release_id=seen,
        saved_at=clock.now(),
    )
    return row.id


def saved_queries(*, actor: Actor) -> list[SavedView]:
    """List the party's own, the newest first."""
    parties.require(actor, actor.party_id, *parties.Role, scope="statistics:read")
    return [
        _view(row) for row in SavedChoice.objects.filter(party_id=actor.party_id).order_by("-id")[:MOST_SAVED]
    ]


def saved_query(*, actor: Actor, query_id: UUID) -> SavedView:
    """Return one of the party's own. Raises NoSuchQuery."""
    parties.require(actor, actor.party_id, *parties.Role, scope="statistics:read")
    return _view(_own(actor, query_id))


def shared_query(*, key: str) -> SavedView:
    """Return the query that a link leads to, to whoever has it. Raises NoSuchQuery."""
    row = SavedChoice.objects.filter(share_key=key).first() if key else None
    if row is None:
        raise NoSuchQuery
    return _view(row)


@sets.act
def share_query(*, actor: Actor, query_id: UUID, shared: bool) -> str:
    """Let whoever has a link see the query, or nobody any more; return the link's key. A new link each time."""
    parties.require(actor, actor.party_id, *parties.Role, scope="statistics:write")
    row = _own(actor, query_id)
    row.share_key = secrets.token_urlsafe(18) if shared else ""
    row.save(update_fields=["share_key"])
    return row.share_key


@sets.act
def see_query(*, actor: Actor, query_id: UUID, release_id: int) -> None:
    """Remember with which release the owner has seen it."""
    parties.require(actor, actor.party_id, *parties.Role, scope="statistics:write")
    row = _own(actor, query_id)
    row.release_id = release_id
    row.save(update_fields=["release_id"])


@sets.act
def delete_query(*, actor: Actor, query_id: UUID) -> None:
    """Delete one of the party's own; its link leads nowhere any more. Raises NoSuchQuery."""
    parties.require(actor, actor.party_id, *parties.Role, scope="statistics:write")
    _own(actor, query_id).delete()


def _own(actor: Actor, query_id: UUID) -> SavedChoice:
    row = SavedChoice.objects.filter(id=query_id, party_id=actor.party_id).first()
    if row is None:
        raise NoSuchQuery
    return row


def _view(row: SavedChoice) -> SavedView:
    choice = choosing.from_data(row.choice)
    return SavedView(row.id, row.name, choice, row.release_id, row.share_key, row.saved_at)
