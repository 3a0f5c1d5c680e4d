"""Acts on listings: create, change, publish, withdraw."""

from collections.abc import Collection, Sequence
from uuid import UUID

import msgspec

from cohong.catalog import documents, drafting, selectors
from cohong.catalog import refusals as no
from cohong.catalog.models import LISTING_STATES, ListingState
from cohong.catalog.rules import Flaw
from cohong.catalog.shapes import ListingDraft, ListingIds, ListingView, SkuView
from cohong.kernel import clock, journal, sets
from cohong.kernel.errors import Refusal, one
from cohong.kernel.journal import Entry, Receipt
from cohong.parties import api as parties
from cohong.parties.api import Actor, Restriction, Role

SCOPE = "catalog:write"

_LISTING_COLUMNS = (
    *(
        "id",
        "seller_id",
        "key",
        "category_id",
        "market_id",
        "region_code",
        "title",
        "title_en",
        "description",
    ),
    *("currency", "unit_id", "attributes", "freight_note", "price_from_minor", "price_to_minor", "state"),
    *("open_holds", "revision", "created_at", "changed_at", "published_at", "published_document"),
)
_SKU_COLUMNS = (
    *("id", "listing_id", "position", "code", "attributes", "min_order", "multiple", "max_order"),
    *("weight_grams", "retired"),
)


# --- create ----------------------------------------------------------------------------------------------


def create_listing(*, actor: Actor, seller_id: UUID, draft: ListingDraft) -> UUID:
    """Make one listing, as a draft; return its id. Raises what is wrong with it: see `create_listings`."""
    return one(create_listings(actor=actor, seller_id=seller_id, drafts=[draft], publish=False)).listing_id


@sets.act
def create_listings(
    *, actor: Actor, seller_id: UUID, drafts: Sequence[ListingDraft], publish: bool = False
) -> list[ListingIds | Refusal]:
    """Make many listings of one seller, published at once if `publish`; each has its own outcome.

    A faulty draft is refused with the first thing that is wrong with it (`flaws` lists all). A draft with an
    id that this seller has used before is not made again: its outcome is what was made then. Raises NotYours,
    and PublishingRestricted if the seller may not publish.
    """
    parties.require(actor, seller_id, Role.SALES, scope=SCOPE)
    if not drafts:
        return []
    if publish and parties.restricted(party_ids=[seller_id], restriction=Restriction.PUBLISH):
        raise no.PublishingRestricted(party=str(seller_id))
    lock_listings_of(seller_id)
    before = _made_before(seller_id, [draft.id for draft in drafts if draft.id is not None])
    checked = flaws(seller_id=seller_id, drafts=[draft for draft in drafts if draft.id not in before])
    region_code = parties.party(party_id=seller_id).region_code
    shelf = drafting.shelf_for(drafts)
    views: list[ListingView] = []
    outcomes: list[ListingIds | Refusal] = []
    rest = iter(checked)
    for draft in drafts:
        if draft.id is not None and draft.id in before:
            outcomes.append(before[draft.id])
            continue
        if found := next(rest):
            outcomes.append(found[0].refusal)
            continue
        category = shelf.categories[draft.category_code]
        view = drafting.view_of(draft, seller_id=seller_id, region_code=region_code, category=category)
        views.append(view)
        outcomes.append(ListingIds(view.id, tuple(sku.id for sku in view.skus)))
    _insert(views, issue(views) if publish else [])
    return outcomes


def lock_listings_of(seller_id: UUID) -> None:
    """Let nobody else add listings of this seller: two imports of a file must not both find its keys free."""
    sets.fetch("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"catalog.listings:{seller_id}",))


def flaws(
    *, seller_id: UUID, drafts: Sequence[ListingDraft], known: Collection[str] = ()
) -> list[list[Flaw]]:
    """List for each draft all that keeps it from becoming a listing of this seller.

    Keys among `known` may be taken: the draft is a new content for the listing that has it.
    """
    shelf = drafting.shelf_for(drafts)
    taken = drafting.key_refusals(seller_id, drafts, may_have=known)
    seen: set[UUID] = set()
    found = []
    for position, draft in enumerate(drafts):
        own = shelf.flaws(draft)
        if position in taken:
            own.append(Flaw("key", None, taken[position]))
        if draft.id is not None and draft.id in seen:
            own.append(Flaw("id", None, no.ReferenceReused(reference=str(draft.id))))
        if draft.id is not None:
            seen.add(draft.id)
        found.append(own)
    return found


def _made_before(seller_id: UUID, ids: list[UUID]) -> dict[UUID, ListingIds | Refusal]:
    if not ids:
        return {}
    made: dict[UUID, ListingIds | Refusal] = {}
    for listing_id, owner, sku_ids in sets.fetch(
        "select l.id, l.seller_id, array_agg(k.id order by k.position, k.id) filter (where not k.retired)"
        " from catalog_listing l left join catalog_sku k on k.listing_id = l.id where l.id = any(%s) group"
        " by l.id",
        (ids,),
    ):
        own = owner == seller_id
        made[listing_id] = (
            ListingIds(listing_id, tuple(sku_ids or ()))
            if own
            else no.ReferenceReused(reference=str(listing_id))
        )
    return made


def _insert(views: Sequence[ListingView], receipts: Sequence[Receipt]) -> None:
    """Write new listings; those with a receipt are published by it."""
    state = ListingState.PUBLISHED if receipts else ListingState.DRAFT
    now = clock.now()
    rows = []
    for position, view in enumerate(views):
        published = (now, receipts[position].id) if receipts else (None, None)
        rows.append(
            (
                *(
                    view.id,
                    view.seller_id,
                    view.key,
                    view.category_code,
                    view.market_id,
                    view.region_code,
                    view.title,
                ),
                *(
                    view.title_en,
                    view.description,
                    view.price_from.currency,
                    view.unit,
                    _json(view.attributes),
                ),
                *(view.freight_note, view.price_from.minor, view.price_to.minor, state.value),
                *(0, view.revision, now, now, *published),
            )
        )
    if rows:
        sets.insert("catalog_listing", _LISTING_COLUMNS, rows)
        _insert_skus([(position, sku) for view in views for position, sku in enumerate(view.skus)])


def _insert_skus(skus: Sequence[tuple[int, SkuView]]) -> None:
    sets.insert(
        "catalog_sku",
        _SKU_COLUMNS,
        [
            (
                *(sku.id, sku.listing_id, position, sku.code, _json(sku.attributes)),
                *(sku.min_order, sku.multiple, sku.max_order, sku.weight_grams, False),
            )
            for position, sku in skus
        ],
    )
    _insert_tiers([sku for _, sku in skus])


def _insert_tiers(skus: Sequence[SkuView]) -> None:
    sets.insert(
        "catalog_price_tier",
        ("sku_id", "min_quantity", "unit_price_minor"),
        [(sku.id, tier.min_quantity, tier.unit_price_minor) for sku in skus for tier in sku.tiers],
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def issue(views: Sequence[ListingView]) -> list[Receipt]:
    """Issue the document of each listing's present content."""
    return journal.append(
        [Entry(subject=view.id, issuer=view.seller_id, body=documents.published(view)) for view in views]
    )


# --- change ----------------------------------------------------------------------------------------------


@sets.act
def change_listing(
    *, actor: Actor, listing_id: UUID, draft: ListingDraft, revision: int | None = None
) -> int:
    """Give a listing new content; return its new revision. What is published is published anew.

    SKUs are matched by their codes: a known one is changed, a new one added, one that is left out is retired
    (its stock and its orders stay). With `revision`, the change is made only if the listing is still at it.
    Raises NoSuchListing, NotYours, ListingChanged, or the first thing that is wrong with the draft.
    """
    before = lock_listing(actor, listing_id)
    if revision is not None and revision != before.revision:
        raise no.ListingChanged(revision=before.revision)
    LISTING_STATES.next(before.state, "change")
    shelf = drafting.shelf_for([draft])
    found = [flaw.refusal for flaw in shelf.flaws(draft)]
    found += drafting.key_refusals(before.seller_id, [draft], own=listing_id).values()
    if found:
        raise found[0]
    view = _changed(before, draft, shelf)
    _rewrite_skus(before, view)
    sets.run(
        "update catalog_listing set key = %s, category_id = %s, market_id = %s, title = %s, title_en = %s,"
        " description = %s, currency = %s, unit_id = %s, attributes = %s::jsonb, freight_note = %s,"
        " price_from_minor = %s, price_to_minor = %s, revision = %s, changed_at = %s where id = %s",
        (
            *(view.key, view.category_code, view.market_id, view.title, view.title_en, view.description),
            *(view.price_from.currency, view.unit, _json(view.attributes), view.freight_note),
            *(view.price_from.minor, view.price_to.minor, view.revision, view.changed_at, view.id),
        ),
    )
    republish(view)
    return view.revision


def lock_listing(actor: Actor, listing_id: UUID) -> ListingView:
    """Lock a listing of the actor's party, and return it. Raises NoSuchListing, NotYours."""
    sets.fetch("select 1 from catalog_listing where id = %s for update", (listing_id,))
    view = selectors.listings(ids=[listing_id]).get(listing_id)
    if view is None:
        raise no.NoSuchListing(listing=str(listing_id))
    parties.require(actor, view.seller_id, Role.SALES, scope=SCOPE)
    return view


def _changed(before: ListingView, draft: ListingDraft, shelf: drafting.Shelf) -> ListingView:
    """Return the listing as the draft has it, with the ids and the history of what it was."""
    ids = {sku.code: sku.id for sku in before.skus}
    draft = msgspec.structs.replace(
        draft,
        id=before.id,
        skus=[msgspec.structs.replace(sku, id=ids.get(sku.code)) for sku in draft.skus],
    )
    view = drafting.view_of(
        draft,
        seller_id=before.seller_id,
        region_code=before.region_code,
        category=shelf.categories[draft.category_code],
    )
    return msgspec.structs.replace(
        view,
        state=before.state,
        held=before.held,
        revision=before.revision + 1,
        created_at=before.created_at,
        published_at=before.published_at,
        pictures=before.pictures,
    )


def _rewrite_skus(before: ListingView, view: ListingView) -> None:
    known = {sku.id for sku in before.skus}
    kept = [(position, sku) for position, sku in enumerate(view.skus) if sku.id in known]
    sets.run("update catalog_sku set retired = true where listing_id = %s", (view.id,))
    if kept:
        sets.run(
            "update catalog_sku k set position = x.position, attributes = x.attributes::jsonb, min_order ="
            " x.min_order,"
            " multiple = x.multiple, max_order = x.max_order, weight_grams = x.weight_grams, retired = false"
            " from unnest(%s::uuid[], %s::smallint[], %s::text[], %s::bigint[], %s::bigint[],"
            " %s::bigint[], %s::bigint[])"
            " as x(id, position, attributes, min_order, multiple, max_order, weight_grams) where k.id = x.id",
            (
                *([sku.id for _, sku in kept], [position for position, _ in kept]),
                [_json(sku.attributes) for _, sku in kept],
                *([sku.min_order for _, sku in kept], [sku.multiple for _, sku in kept]),
                *([sku.max_order for _, sku in kept], [sku.weight_grams for _, sku in kept]),
            ),
        )
        sets.run("delete from catalog_price_tier where sku_id = any(%s)", ([sku.id for _, sku in kept],))
        _insert_tiers([sku for _, sku in kept])
    _insert_skus([(position, sku) for position, sku in enumerate(view.skus) if sku.id not in known])


def republish(view: ListingView) -> None:
    """State the new content of a listing that is published; of another there is nothing to state."""
    if view.state == ListingState.PUBLISHED:
        [receipt] = issue([view])
        sets.run("update catalog_listing set published_document = %s where id = %s", (receipt.id, view.id))


# --- publish and withdraw --------------------------------------------------------------------------------


@sets.act
def publish(*, actor: Actor, listing_ids: Sequence[UUID]) -> list[Refusal | None]:
    """Put listings on offer.

    Refuses each that is unknown, not the actor's, held, or on offer already (WrongState).

    A seller under a restriction gets PublishingRestricted.
    """
    views, refused = _lock_for(actor, listing_ids, "publish")
    barred = parties.restricted(
        party_ids={view.seller_id for view in views.values()}, restriction=Restriction.PUBLISH
    )
    for view in views.values():
        if view.held:
            refused[view.id] = no.ListingHeld(listing=str(view.id), title=view.title)
        elif view.seller_id in barred:
            refused[view.id] = no.PublishingRestricted(party=str(view.seller_id))
    willing = [view for id_, view in views.items() if id_ not in refused]
    receipts = issue(willing)
    if willing:
        sets.run(
            "update catalog_listing l set state = %s, published_at = %s, published_document = x.document"
            " from unnest(%s::uuid[], %s::uuid[]) as x(id, document) where l.id = x.id",
            (
                *(ListingState.PUBLISHED.value, clock.now()),
                *([view.id for view in willing], [receipt.id for receipt in receipts]),
            ),
        )
    return _in_order(listing_ids, refused, views)


@sets.act
def withdraw(*, actor: Actor, listing_ids: Sequence[UUID]) -> list[Refusal | None]:
    """Take listings off offer, or give drafts up.

    Refuses each that is unknown, not the actor's, or withdrawn already.
    """
    views, refused = _lock_for(actor, listing_ids, "withdraw")
    willing = [view for id_, view in views.items() if id_ not in refused]
    offered = [view for view in willing if view.state == ListingState.PUBLISHED]
    answered = dict(
        sets.fetch(
            "select id, published_document from catalog_listing where id = any(%s)",
            ([view.id for view in offered],),
        )
    )
    journal.append(
        [
            Entry(
                subject=view.id,
                issuer=view.seller_id,
                body=documents.Withdrawn(listing_id=view.id, seller_id=view.seller_id),
                answers=[answered[view.id]],
            )
            for view in offered
        ]
    )
    if willing:
        sets.run(
            "update catalog_listing set state = %s, changed_at = %s where id = any(%s)",
            (ListingState.WITHDRAWN.value, clock.now(), [view.id for view in willing]),
        )
    return _in_order(listing_ids, refused, views)


def _lock_for(
    actor: Actor, listing_ids: Sequence[UUID], act: str
) -> tuple[dict[UUID, ListingView], dict[UUID, Refusal]]:
    """Lock listings in key order; return those that there are, and why the act is not possible for some."""
    sets.fetch(
        "select 1 from catalog_listing where id = any(%s) order by id for update", (list(listing_ids),)
    )
    views = selectors.listings(ids=listing_ids)
    refused: dict[UUID, Refusal] = {}
    for view in views.values():
        try:
            parties.require(actor, view.seller_id, Role.SALES, scope=SCOPE)
            LISTING_STATES.next(view.state, act)
        except Refusal as refusal:
            refused[view.id] = refusal
    return views, refused


def _in_order(
    listing_ids: Sequence[UUID],
    refused: dict[UUID, Refusal],
    views: dict[UUID, ListingView],
) -> list[Refusal | None]:
    return [refused.get(id_) if id_ in views else no.NoSuchListing(listing=str(id_)) for id_ in listing_ids]
