"""Holds on listings: placed from above with a reason, lifted with a reason, never forgotten."""

from uuid import UUID

from cohong.catalog import documents, rules
from cohong.catalog import refusals as no
from cohong.catalog.models import Hold
from cohong.kernel import clock, journal, sets
from cohong.kernel.ids import new_id
from cohong.kernel.journal import Entry
from cohong.parties import api as parties
from cohong.parties.api import Actor, Mandate

REASON_LENGTH_MAX = 500


@sets.act
def hold_listing(*, actor: Actor, listing_id: UUID, reason: str) -> UUID:
    """Stop a listing, in whatever state it is; return the hold's id. Several holds may stand at once.

    Raises MandateMissing (supervision or the platform may), NoSuchListing, or what an empty reason is refused
    with.
    """
    parties.require_mandate(actor, Mandate.SUPERVISION, Mandate.PLATFORM, scope="catalog:write")
    rules.check_text("reason", reason, most=REASON_LENGTH_MAX)
    seller_id = _lock(listing_id)
    mandate = Mandate.SUPERVISION if Mandate.SUPERVISION in actor.mandates else Mandate.PLATFORM
    hold_id = new_id()
    body = documents.Held(
        hold_id=hold_id,
        listing_id=listing_id,
        seller_id=seller_id,
        mandate=mandate.value,
        reason=reason.strip(),
    )
    [receipt] = journal.append(
        [Entry(subject=listing_id, issuer=actor.party_id, body=body, visible_to=[seller_id])]
    )
    Hold.objects.create(
        id=hold_id,
        listing_id=listing_id,
        reason=reason.strip(),
        mandate=mandate.value,
        placed_by=actor.party_id,
        placed_by_user=actor.user_id,
        placed_at=clock.now(),
        placed_document=receipt.id,
    )
    sets.run("update catalog_listing set open_holds = open_holds + 1 where id = %s", (listing_id,))
    return hold_id


@sets.act
def lift_hold(*, actor: Actor, hold_id: UUID, reason: str) -> None:
    """Lift a hold. Supervision may lift any; the platform may lift what the platform placed.

    Raises MandateMissing, NoSuchHold, HoldLifted, or what an empty reason is refused with.
    """
    parties.require_mandate(actor, Mandate.SUPERVISION, Mandate.PLATFORM, scope="catalog:write")
    rules.check_text("reason", reason, most=REASON_LENGTH_MAX)
    known = Hold.objects.filter(id=hold_id).values_list("listing_id", flat=True).first()
    if known is None:
        raise no.NoSuchHold(hold=str(hold_id))
    seller_id = _lock(known)
    hold = Hold.objects.get(id=hold_id)
    if hold.mandate == Mandate.SUPERVISION:
        parties.require_mandate(actor, Mandate.SUPERVISION, scope="catalog:write")
    if hold.lifted_at is not None:
        raise no.HoldLifted(hold=str(hold_id))
    hold.lifted_at = clock.now()
    hold.lifted_by = actor.party_id
    hold.lifted_by_user = actor.user_id
    hold.lift_reason = reason.strip()
    hold.save()
    [(open_holds,)] = sets.fetch(
        "update catalog_listing set open_holds = open_holds - 1 where id = %s returning open_holds", (known,)
    )
    body = documents.HoldLifted(
        hold_id=hold_id, listing_id=known, seller_id=seller_id, reason=hold.lift_reason, open_holds=open_holds
    )
    journal.append(
        [
            Entry(
                subject=known,
                issuer=actor.party_id,
                body=body,
                visible_to=[seller_id],
                answers=[hold.placed_document],
            )
        ]
    )


def _lock(listing_id: UUID) -> UUID:
    """Lock a listing and return whose it is. Raises NoSuchListing."""
    found = sets.fetch("select seller_id from catalog_listing where id = %s for update", (listing_id,))
    if not found:
        raise no.NoSuchListing(listing=str(listing_id))
    seller_id: UUID = found[0][0]
    return seller_id
