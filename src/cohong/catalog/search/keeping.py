"""Keeping the index: what the journal brings is read in, what got lost is built anew, what changed otherwise is read again.

All of it happens in the worker, under the follower's lock, in small pieces, each of them a commit.
"""

import hashlib
import time
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from cohong.catalog import selectors
from cohong.catalog.search import store, writing
from cohong.catalog.search.store import Scope, State
from cohong.kernel import clock, journal, sets
from cohong.kernel.journal import Sealed

_SLICE: Final = 500
# The more a commit holds, the less is merged later; but other followers wait for as long.
_BUILT_AT_ONCE: Final = 1_500
_CHECKED_EVERY_S: Final = 30.0
_SOLD_EVERY_S: Final = 600.0
# A transaction that began before the last look may have committed after it.
_OVERLAP_S: Final = 300.0
_OFFERED = "l.state = 'published' and l.open_holds = 0"
_SCOPES: Final = {
    "category": "l.category_id = %s",
    "seller": "l.seller_id = %s::uuid",
    "region": "l.region_code in (with recursive below(code) as (select %s::text union select r.code"
    " from parties_region r join below b on r.parent_id = b.code) select code from below)",
    "industry": "l.category_id in (select code from catalog_category where industry_code = %s)",
    "sold": "l.id in (select k.listing_id from catalog_sku k join catalog_stock_movement m on m.sku_id = k.id"
    " where m.kind in ('shipment', 'return') and m.made_at >= to_timestamp(%s::float8))",
}

_checked: dict[str, float] = {}


# --- what the journal brings -----------------------------------------------------------------------------


def take_in(batch: Sequence[Sealed]) -> None:
    """Read documents in: each listing that they name is written as it stands now, or taken out. Can be done again."""
    state = store.current()
    if state is None:
        raise RuntimeError("the index is tended before anything is read in")
    fresh = [sealed for sealed in batch if sealed.position >= state.position]
    if not fresh:
        return
    listings = {sealed.envelope.body.listing_id for sealed in fresh if sealed.kind.startswith("catalog.")}
    scopes = [scope for sealed in fresh if (scope := _scope_of(sealed)) is not None]
    if listings:
        with store.writer(state) as into:
            _write(into, listings)
    store.advance(
        msgspec.structs.replace(
            state,
            position=fresh[-1].position + 1,
            digest=fresh[-1].digest.hex(),
            commits=state.commits + 1,
            pending=tuple(dict.fromkeys((*state.pending, *scopes))),
        )
    )


def _scope_of(sealed: Sealed) -> Scope | None:
    body = sealed.envelope.body
    match sealed.kind:
        case "parties.details_changed":
            return Scope("seller", str(sealed.envelope.subject))
        case "parties.region_defined":
            return Scope("region", body.code)
        case "parties.industry_defined":
            return Scope("industry", body.code)
    return None


def _write(into: Any, listing_ids: Iterable[UUID]) -> int:
    """Write these listings as they stand now; those that are not on offer are only taken out. Return how many are in."""
    ids = list(listing_ids)
    views = [view for view in selectors.listings(ids=ids).values() if view.offered]
    words = writing.words_for(views)
    lots = writing.lots_sold([view.id for view in views])
    for id_ in ids:
        into.delete_documents_by_term(store.ID, id_.hex)
    for view in views:
        into.add_document(writing.document(view, words, lots.get(view.id, 0)))
    return len(views)


# --- tending ---------------------------------------------------------------------------------------------


def tend() -> int:
    """Do a piece of what the index needs besides documents; return how much was done, 0 once there is nothing."""
    state = store.current()
    if state is None or not _is_sound(state):
        return _build()
    if state.pending:
        return _read_again(state)
    return _look_for_changes(state)


def reset() -> None:
    """Throw the index away; it is built anew when it is tended next."""
    store.discard()


def _is_sound(state: State) -> bool:
    """Tell whether the index is of this journal and can be used. What costs more is asked now and then."""
    if not _is_of_this_journal(state):
        return False
    key = f"{store.folder()}/{state.generation}"
    due = time.monotonic() - _checked.get(key, -_CHECKED_EVERY_S) >= _CHECKED_EVERY_S
    if due or store.is_suspected():
        if not store.is_usable(state):
            return False
        _checked[key] = time.monotonic()
        store.unsuspect()
    return True


def _is_of_this_journal(state: State) -> bool:
    if not state.position:
        return True
    digest = journal.digest_at(state.position - 1)
    return digest is not None and digest.hex() == state.digest


def _build() -> int:
    """Build the next piece of a new index out of the tables; when it is whole, it takes the old one's place."""
    state = store.building()
    if state is None or not _is_of_this_journal(state) or not (store.folder() / state.generation).is_dir():
        state = store.begin(_start())
    after = UUID(hex=state.after) if state.after else UUID(int=0)
    ids = [
        id_
        for (id_,) in sets.fetch(
            f"select l.id from catalog_listing l where {_OFFERED} and l.id > %s order by l.id limit %s",
            (after, _BUILT_AT_ONCE),
        )
    ]
    if ids:
        with store.writer(state, is_large=True) as into:
            _write(into, ids)
        store.keep(msgspec.structs.replace(state, after=ids[-1].hex))
        return len(ids)
    if not state.after:
        with store.writer(state):
            pass  # an index of nothing is one, too
    store.publish(msgspec.structs.replace(state, after="", commits=state.commits + 1))
    return 1


def _start() -> State:
    """Note how far the journal is: whatever it holds by now is in the tables that are read from here on."""
    position = journal.size()
    digest = journal.digest_at(position - 1) if position else None
    return State(
        generation="",
        version=store.VERSION,
        position=position,
        digest=digest.hex() if digest else "",
        sold_until=clock.now().timestamp(),
        categories=_category_digests(),
    )


def _look_for_changes(state: State) -> int:
    """Note what has to be read again: categories that are called otherwise now, goods that were dispatched meanwhile."""
    key = f"{store.folder()}/{state.generation}/changes"
    if time.monotonic() - _checked.get(key, -_CHECKED_EVERY_S) < _CHECKED_EVERY_S:
        return 0
    _checked[key] = time.monotonic()
    digests = _category_digests()
    scopes = [
        Scope("category", code) for code, digest in digests.items() if state.categories.get(code) != digest
    ]
    now_s = clock.now().timestamp()
    sold_until = state.sold_until
    if now_s - sold_until >= _SOLD_EVERY_S or now_s < sold_until:
        scopes.append(Scope("sold", f"{min(sold_until, now_s) - _OVERLAP_S:.3f}"))
        sold_until = now_s
    if not scopes:
        return 0
    store.advance(
        msgspec.structs.replace(
            state,
            categories=digests,
            sold_until=sold_until,
            pending=tuple(dict.fromkeys((*state.pending, *scopes))),
            commits=state.commits + 1,
        )
    )
    return 1


def _category_digests() -> dict[str, str]:
    return {
        one.code: hashlib.sha256(msgspec.json.encode(one)).hexdigest()[:16] for one in selectors.categories()
    }


def _read_again(state: State) -> int:
    """Read the next piece of the first scope again."""
    scope, *rest = state.pending
    after = UUID(hex=scope.after) if scope.after else UUID(int=0)
    ids = [
        id_
        for (id_,) in sets.fetch(
            f"select l.id from catalog_listing l where {_SCOPES[scope.kind]} and {_OFFERED} and l.id > %s"
            " order by l.id limit %s",
            (scope.code, after, _SLICE),
        )
    ]
    if ids:
        with store.writer(state) as into:
            _write(into, ids)
        rest.insert(0, Scope(scope.kind, scope.code, ids[-1].hex))
    store.advance(msgspec.structs.replace(state, pending=tuple(rest), commits=state.commits + 1))
    return max(1, len(ids))
