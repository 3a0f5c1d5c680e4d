"""Favourites: the listings and sellers that a user keeps an eye on for the party they act for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from cohong.catalog import api as catalog
from cohong.kernel import clock, http, sets
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role
from cohong.retail import refusals as no

MOST_FAVOURITES: Final = 1000
_READ, _WRITE = "retail:read", "retail:write"


class FavouriteKind(StrEnum):
    """What can be a favourite."""

    LISTING = "listing"
    SELLER = "seller"


@dataclass(frozen=True, slots=True)
class FavouriteView:
    """A favourite, and since when it is one."""

    kind: FavouriteKind
    thing_id: UUID
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Favourites:
    """One page of favourites, the newest first; `next` is the cursor of the page after it, if there is one."""

    items: tuple[FavouriteView, ...]
    next: str | None


def _owner(actor: Actor) -> tuple[UUID, UUID]:
    return actor.party_id, actor.user_id or actor.party_id


@sets.act
def add_favourite(*, actor: Actor, kind: FavouriteKind, thing_id: UUID) -> None:
    """Keep an eye on a listing or a seller; what is a favourite already stays one, since it became one.

    Raises NotYours, NoSuchThing, TooManyFavourites.
    """
    parties.require(actor, actor.party_id, *Role, scope=_WRITE)
    if FavouriteKind(kind) is FavouriteKind.LISTING:
        view = catalog.listings(ids=[thing_id]).get(thing_id)
        is_there = view is not None and view.offered
    else:
        is_there = thing_id in parties.parties(ids=[thing_id])
    if not is_there:
        raise no.NoSuchThing
    sets.run(
        "insert into retail_favourite (party_id, user_id, thing_id, kind, added_at) values (%s, %s, %s, %s, %s)"
        " on conflict do nothing",
        (*_owner(actor), thing_id, kind.value, clock.now()),
    )
    if favourite_count(actor=actor) > MOST_FAVOURITES:
        raise no.TooManyFavourites(most=MOST_FAVOURITES)


@sets.act
def remove_favourite(*, actor: Actor, thing_id: UUID) -> None:
    """Keep an eye on it no longer; nothing happens if it is no favourite. Raises NotYours."""
    parties.require(actor, actor.party_id, *Role, scope=_WRITE)
    sets.run(
        "delete from retail_favourite where party_id = %s and user_id = %s and thing_id = %s",
        (*_owner(actor), thing_id),
    )


def favourites(
    *, actor: Actor, kind: FavouriteKind, cursor: str | None = None, limit: int = 24
) -> Favourites:
    """Return a page of the user's own favourites of a kind, the newest first. Raises NotYours, BadCursor."""
    parties.require(actor, actor.party_id, *Role, scope=_READ)
    size = max(1, min(limit, http.MAX_PAGE))
    params: list[object] = [*_owner(actor), FavouriteKind(kind).value]
    past = ""
    if (after := http.decode_cursor(cursor)) is not None:
        past = (
            " and (added_at, thing_id) < (select added_at, thing_id from retail_favourite"
            " where party_id = %s and user_id = %s and thing_id = %s)"
        )
        params += [*_owner(actor), after]
    rows = sets.fetch(
        "select thing_id, added_at from retail_favourite where party_id = %s and user_id = %s and kind = %s"
        f"{past} order by added_at desc, thing_id desc limit %s",
        (*params, size + 1),
    )
    items, next_cursor = http.page(rows, limit=size, id_of=lambda row: row[0])
    return Favourites(
        tuple(FavouriteView(FavouriteKind(kind), thing_id, at) for thing_id, at in items), next_cursor
    )


def favourite_count(*, actor: Actor) -> int:
    """Return how many favourites the user has, of all kinds."""
    [(count,)] = sets.fetch(
        "select count(*) from retail_favourite where party_id = %s and user_id = %s", _owner(actor)
    )
    return int(count)


def is_favourite(*, actor: Actor, thing_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Return which of these listings and sellers are the user's favourites. One statement."""
    return frozenset(
        row[0]
        for row in sets.fetch(
            "select thing_id from retail_favourite where party_id = %s and user_id = %s and thing_id = any(%s)",
            (*_owner(actor), list(thing_ids)),
        )
    )
