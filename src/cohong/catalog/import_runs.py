"""Imports in two steps: a file is checked and what was found is kept, then, confirmed, it is carried out piece by piece.

A run is a job. Every piece is one transaction that also moves the import's progress, and every listing is made under an id
that follows from the import: so a run that is cut off goes on where it stood, and makes nothing twice.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language, override

from cohong.catalog import refusals as no
from cohong.catalog import selectors
from cohong.catalog.exports import draft_of
from cohong.catalog.imports import RowError, check_file
from cohong.catalog.models import IMPORT_STATES, ImportState
from cohong.catalog.services_listings import SCOPE, change_listing, create_listings
from cohong.catalog.shapes import ListingDraft, ListingView, SkuDraft, Tier
from cohong.kernel import clock, jobs, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import named_id_at, new_id
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role

_PIECE: Final = 25
_MAX_ERRORS: Final = 500


class ImportFlaw(msgspec.Struct, frozen=True):
    """What is wrong in a row, in the reader's language; row 0 is none in particular."""

    row: int
    column: str
    value: str
    said: str


class ImportView(msgspec.Struct, frozen=True, kw_only=True):
    """An import as it stands. `good` listings can be made of the file, of which `made` were tried by now."""

    id: UUID
    filename: str
    state: ImportState
    publish: bool
    update: bool
    rows: int
    good: int
    made: int
    created: tuple[UUID, ...]
    changed: tuple[UUID, ...]
    errors: tuple[ImportFlaw, ...]
    checked_at: datetime
    ended_at: datetime | None

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return 100 * self.made // self.good if self.good else 100


# --- check and start -------------------------------------------------------------------------------------


@sets.act
def check_import(
    *, actor: Actor, seller_id: UUID, file: bytes, filename: str, publish: bool = False, update: bool = False
) -> UUID:
    """Check a file and keep what was found, for its seller to confirm; return the import's id. No listing is made.

    With `update`, rows whose key (or id) one of the seller's listings has are its new content. Raises NotYours, and what a
    file that is no table is refused with.
    """
    parties.require(actor, seller_id, Role.SALES, scope=SCOPE)
    checked = check_file(seller_id=seller_id, file=file, filename=filename, update=update)
    import_id = new_id()
    plan = [
        [_plain(draft), str(known) if known else None]
        for draft, known in zip(checked.drafts, checked.known, strict=True)
    ]
    sets.run(
        "insert into catalog_import (id, seller_id, by_user, filename, publish, update, state, rows, plan, made, created,"
        " changed, errors, checked_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, 0, '[]', '[]', %s::jsonb, %s)",
        (
            *(import_id, seller_id, actor.user_id, _name(filename), publish, update),
            *(ImportState.CHECKED.value, checked.rows, _json(plan)),
            *(_json([_told(error) for error in checked.errors[:_MAX_ERRORS]]), clock.now()),
        ),
    )
    return import_id


@sets.act
def start_import(*, actor: Actor, import_id: UUID) -> None:
    """Let a checked import begin: what is good in it is made, what is not is left out. Starting again changes nothing.

    Raises NoSuchImport, NotYours, PublishingRestricted.
    """
    found = sets.fetch(
        "select seller_id, state, publish from catalog_import where id = %s for update", (import_id,)
    )
    if not found or found[0][0] != actor.party_id:
        raise no.NoSuchImport
    seller_id, state, publish = found[0]
    parties.require(actor, seller_id, Role.SALES, scope=SCOPE)
    if state != ImportState.CHECKED:
        return
    if publish and parties.restricted(party_ids=[seller_id], restriction=parties.Restriction.PUBLISH):
        raise no.PublishingRestricted(party=str(seller_id))
    sets.run(
        "update catalog_import set state = %s, by_user = %s where id = %s",
        (IMPORT_STATES.next(state, "start"), actor.user_id, import_id),
    )
    jobs.defer("catalog.run_import", lock=f"catalog.import {import_id}", import_id=str(import_id))


def import_view(*, actor: Actor, import_id: UUID) -> ImportView:
    """Return an import of the actor's party as it stands. Raises NoSuchImport, NotYours."""
    found = _views("id = %s and seller_id = %s", (import_id, actor.party_id), 1)
    if not found:
        raise no.NoSuchImport
    parties.require(actor, actor.party_id, *Role, scope="catalog:read")
    return found[0]


def imports(*, actor: Actor, limit: int = 10) -> list[ImportView]:
    """Return the last imports of the actor's party, newest first. Raises NotYours."""
    parties.require(actor, actor.party_id, *Role, scope="catalog:read")
    return _views("seller_id = %s", (actor.party_id,), limit)


def _views(condition: str, params: Sequence[object], limit: int) -> list[ImportView]:
    language = get_language() or settings.LANGUAGE_CODE
    views = []
    for row in sets.fetch(
        "select id, filename, state, publish, update, rows, jsonb_array_length(plan), made, created, changed, errors,"
        f" checked_at, ended_at from catalog_import where {condition} order by id desc limit %s",
        (*params, limit),
    ):
        id_, filename, state, publish, update, rows, good, made, created, changed, errors, checked, ended = (
            row
        )
        views.append(
            ImportView(
                id=id_,
                filename=filename,
                state=ImportState(state),
                publish=publish,
                update=update,
                rows=rows,
                good=good,
                made=made,
                created=tuple(UUID(one) for one in msgspec.json.decode(created)),
                changed=tuple(UUID(one) for one in msgspec.json.decode(changed)),
                errors=tuple(
                    ImportFlaw(number, column, value, said.get(language, next(iter(said.values()))))
                    for number, column, value, said in msgspec.json.decode(errors)
                ),
                checked_at=checked,
                ended_at=ended,
            )
        )
    return views


# --- run -------------------------------------------------------------------------------------------------


@jobs.task(name="catalog.run_import", retry=jobs.PATIENT)
def run_import(import_id: str) -> None:
    """Carry an import out, piece by piece, from where it stands."""
    while _run_piece(UUID(import_id)):
        pass


@sets.act
def _run_piece(import_id: UUID) -> bool:
    """Make the next few listings; tell whether there are more."""
    found = sets.fetch(
        "select seller_id, by_user, publish, state, made, plan, created, changed, errors, checked_at from catalog_import"
        " where id = %s for update",
        (import_id,),
    )
    if not found or found[0][3] != ImportState.RUNNING:
        return False
    seller_id, user_id, publish, state, made, plan, created, changed, errors, checked_at = found[0]
    whole = msgspec.json.decode(plan)
    piece = [
        (_draft(draft, import_id, checked_at), UUID(known) if known else None)
        for draft, known in islice(whole, made, made + _PIECE)
    ]
    outcome = _Piece(msgspec.json.decode(created), msgspec.json.decode(changed), msgspec.json.decode(errors))
    # Whoever confirmed it may have left the party since: then nothing more is made in their name.
    try:
        # A token has no user: what it started is done for the party itself.
        actor = (
            Actor(party_id=seller_id, roles=frozenset({Role.SALES}))
            if user_id is None
            else parties.actor_for(user_id=user_id, party_id=seller_id)
        )
        parties.require(actor, seller_id, Role.SALES, scope=SCOPE)
    except Refusal as refusal:
        outcome.fail(refusal)
        piece = []
        made = len(whole)
    else:
        outcome.make(actor, seller_id, piece, publish=publish)
    made += len(piece)
    done = made >= len(whole)
    sets.run(
        "update catalog_import set made = %s, created = %s::jsonb, changed = %s::jsonb, errors = %s::jsonb, state = %s,"
        " ended_at = %s where id = %s",
        (
            *(made, _json(outcome.created), _json(outcome.changed), _json(outcome.errors)),
            IMPORT_STATES.next(state, "finish") if done else state,
            *(clock.now() if done else None, import_id),
        ),
    )
    return not done


class _Piece:
    """What comes of a few drafts, added to what came of those before."""

    def __init__(self, created: list[str], changed: list[str], errors: list[Any]) -> None:
        self.created, self.changed, self.errors = created, changed, errors

    def fail(self, refusal: Refusal, key: str = "") -> None:
        """Note what was refused after all: the world may have changed since the check."""
        if len(self.errors) < _MAX_ERRORS:
            self.errors.append(_told(RowError(0, "", refusal, key)))

    def make(
        self,
        actor: Actor,
        seller_id: UUID,
        piece: Sequence[tuple[ListingDraft, UUID | None]],
        *,
        publish: bool,
    ) -> None:
        """Make what is new, and change what is there."""
        new = [draft for draft, known in piece if known is None]
        try:
            with transaction.atomic():
                outcomes = create_listings(actor=actor, seller_id=seller_id, drafts=new, publish=publish)
        except no.PublishingRestricted as refusal:
            self.fail(refusal)
            new, outcomes = [], []
        for draft, outcome in zip(new, outcomes, strict=True):
            if isinstance(outcome, Refusal):
                self.fail(outcome, draft.key)
            else:
                self.created.append(str(outcome.listing_id))
        views = selectors.listings(ids=[known for _, known in piece if known is not None])
        for draft, known in piece:
            if known is None:
                continue
            self._change(actor, draft, views.get(known))

    def _change(self, actor: Actor, draft: ListingDraft, before: ListingView | None) -> None:
        if before is None:
            self.fail(no.NoSuchListing(listing=draft.key), draft.key)
            return
        wanted = msgspec.structs.replace(draft, key=before.key, id=before.id)
        if draft_of(before) == wanted:
            return
        # A refused act undoes all that is around it up to the next savepoint, so each change gets one.
        try:
            with transaction.atomic():
                change_listing(actor=actor, listing_id=before.id, draft=wanted)
        except Refusal as refusal:
            self.fail(refusal, draft.key)
        else:
            self.changed.append(str(before.id))


# --- how it is kept --------------------------------------------------------------------------------------


def _plain(draft: ListingDraft) -> Any:
    return msgspec.to_builtins(draft)


def _draft(kept: dict[str, Any], import_id: UUID, checked_at: datetime) -> ListingDraft:
    """Read a kept draft; a new listing's id follows from the import and its key."""
    skus = [
        SkuDraft(**{**sku, "id": None, "tiers": tuple(Tier(**tier) for tier in sku["tiers"])})
        for sku in kept["skus"]
    ]
    market_id = kept["market_id"]
    return ListingDraft(
        **{
            **kept,
            "skus": skus,
            "market_id": UUID(market_id) if market_id else None,
            "id": named_id_at(checked_at, "catalog.import", import_id, kept["key"]),
        }
    )


def _told(error: RowError) -> list[Any]:
    """Write an error down in every language, as whoever reads it later may read another one."""
    said = {}
    for language, _name_of_it in settings.LANGUAGES:
        with override(language):
            said[language] = str(error.refusal)
    return [error.row, error.column, error.value, said]


def _name(filename: str) -> str:
    return "".join(one for one in filename if one.isprintable())[-200:]


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
