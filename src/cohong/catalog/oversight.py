"""What authorities see of listings: found by title, counted by seller, held and since when, and what was published when."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cohong.catalog import documents, rules
from cohong.catalog import refusals as no
from cohong.catalog.holds import REASON_LENGTH_MAX, hold_listing
from cohong.catalog.selectors import require_sight
from cohong.catalog.shapes import HoldView
from cohong.kernel import journal, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.parties.api import Actor, Mandate

_OVERSEES: Final = (Mandate.SUPERVISION, Mandate.PLATFORM)
_SCOPE: Final = "catalog:read"
_MOST = 200
MOST_AT_ONCE: Final = 200
"""The most listings that can be held in one go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldListing:
    """A hold that stands, with what it stands on."""

    hold: HoldView
    title: str
    title_en: str
    seller_id: UUID
    state: str


def counts_of(*, party_id: UUID) -> dict[str, int]:
    """Return how many listings a seller has in each state, and under `held` how many of all are held."""
    rows = sets.fetch(
        "select state, count(*), count(*) filter (where open_holds > 0) from catalog_listing"
        " where seller_id = %s group by state",
        (party_id,),
    )
    found = {str(state): int(number) for state, number, _ in rows}
    return {**found, "held": sum(int(held) for _, _, held in rows)}


def holds_in_force(*, actor: Actor, after: UUID | None = None, limit: int = 50) -> list[HeldListing]:
    """Return all holds on listings that stand, the oldest first, from after that one on.

    For supervision and the platform. Raises MandateMissing.
    """
    parties.require_mandate(actor, *_OVERSEES, scope=_SCOPE)
    rows = sets.fetch(
        "select h.id, h.listing_id, h.reason, h.placed_by, h.placed_at, h.lifted_at, h.lift_reason, h.mandate,"
        " l.title, l.title_en, l.seller_id, l.state from catalog_hold h"
        " join catalog_listing l on l.id = h.listing_id where h.lifted_at is null"
        " and (%s::uuid is null or h.id > %s) order by h.id limit %s",
        (after, after, min(limit, _MOST)),
    )
    return [
        HeldListing(hold=HoldView(*row[:8]), title=row[8], title_en=row[9], seller_id=row[10], state=row[11])
        for row in rows
    ]


@sets.act
def hold_listings(*, actor: Actor, listing_ids: Sequence[UUID], reason: str) -> list[UUID | Refusal]:
    """Stop many listings for one reason; each gets its own outcome, the hold's id or why there is none.

    Raises MandateMissing, TooManyListings, or what an empty reason is refused with, before anything is held.
    """
    parties.require_mandate(actor, *_OVERSEES, scope="catalog:write")
    rules.check_text("reason", reason, most=REASON_LENGTH_MAX)
    if len(listing_ids) > MOST_AT_ONCE:
        raise no.TooManyListings(most=MOST_AT_ONCE)
    rows = sets.fetch("select id from catalog_listing where id = any(%s)", (list(listing_ids),))
    known = {listing_id for (listing_id,) in rows}
    # Asked before, not caught afterwards: a refusal inside a transaction undoes all of it.
    outcomes: dict[UUID, UUID | Refusal] = {
        listing_id: no.NoSuchListing(listing=str(listing_id))
        for listing_id in listing_ids
        if listing_id not in known
    }
    # In key order, so that two who hold the same listings at once never wait for each other in a ring.
    for listing_id in sorted(known):
        outcomes[listing_id] = hold_listing(actor=actor, listing_id=listing_id, reason=reason)
    return [outcomes[listing_id] for listing_id in listing_ids]


# --- what was published when -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing in which two revisions differ; None: the revision has nothing there.

    `field` is the document's own name for it; `of` says of what (a SKU's or an attribute's code), empty for the listing.
    """

    field: str
    was: object
    now: object
    of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What was published at one time, and in what it differs from what was published before it."""

    document_id: UUID
    issued_at: datetime
    position: int | None
    content: documents.Published
    differences: tuple[Difference, ...] = field(default=())


def revisions(*, actor: Actor, listing_id: UUID) -> list[Revision]:
    """Return what was ever published of a listing, newest first, read from the journal alone.

    For its seller, supervision and the platform. Raises NoSuchListing.
    """
    require_sight(actor, listing_id)
    found: list[Revision] = []
    for filed in journal.file_of([listing_id]):
        content = filed.envelope.body
        if isinstance(content, documents.Published):
            before = found[-1].content if found else None
            found.append(
                Revision(
                    document_id=filed.envelope.id,
                    issued_at=filed.envelope.issued_at,
                    position=filed.position,
                    content=content,
                    differences=() if before is None else tuple(differences(before, content)),
                )
            )
    return found[::-1]


_PLAIN: Final = (
    *("title", "title_en", "description", "category_code", "region_code", "market_id", "unit"),
    *("currency", "freight_note"),
)
_OF_SKU: Final = ("min_order", "multiple", "max_order", "weight_grams")


def differences(was: documents.Published, now: documents.Published) -> list[Difference]:
    """List in what one published content differs from an earlier one. Pure."""
    found = [
        Difference(field=name, was=getattr(was, name), now=getattr(now, name))
        for name in _PLAIN
        if getattr(was, name) != getattr(now, name)
    ]
    found += _of_maps("attributes", was.attributes, now.attributes)
    if was.pictures != now.pictures:
        found.append(Difference(field="pictures", was=len(was.pictures), now=len(now.pictures)))
    before, after = {sku.id: sku for sku in was.skus}, {sku.id: sku for sku in now.skus}
    for id_ in [*before, *(id_ for id_ in after if id_ not in before)]:
        found += _of_sku(before.get(id_), after.get(id_), was.currency, now.currency)
    return found


def _of_sku(
    was: documents.PublishedSku | None,
    now: documents.PublishedSku | None,
    from_currency: str,
    to_currency: str,
) -> list[Difference]:
    if was is None or now is None:
        code = now.code if now else was.code if was else ""
        gone, come = (was.code if was else None), (now.code if now else None)
        return [Difference(field="sku", was=gone, now=come, of=code)]
    code = now.code
    found = [
        Difference(field=name, was=getattr(was, name), now=getattr(now, name), of=code)
        for name in _OF_SKU
        if getattr(was, name) != getattr(now, name)
    ]
    if was.code != now.code:
        found.append(Difference(field="code", was=was.code, now=now.code, of=code))
    found += _of_maps(code, was.attributes, now.attributes)
    old = {tier.min_quantity: Money(tier.unit_price_minor, from_currency) for tier in was.tiers}
    new = {tier.min_quantity: Money(tier.unit_price_minor, to_currency) for tier in now.tiers}
    return found + [
        Difference(field="price", was=old.get(least), now=new.get(least), of=f"{code} ≥ {least}")
        for least in sorted(old.keys() | new.keys())
        if old.get(least) != new.get(least)
    ]


def _of_maps(of: str, was: dict[str, Any], now: dict[str, Any]) -> list[Difference]:
    return [
        Difference(
            field="attribute",
            was=was.get(code),
            now=now.get(code),
            of=code if of == "attributes" else f"{of} {code}",
        )
        for code in sorted(was.keys() | now.keys())
        if was.get(code) != now.get(code)
    ]
