"""What the register does when it reads the journal: who registers at the platform is a unit, or is one that is known already.

It acts, and keeps what officers decided besides; so it is not rebuilt. A document read twice changes nothing.
"""

from typing import Any
from uuid import UUID

from cohong.kernel import journal
from cohong.kernel.journal import Sealed
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM
from cohong.statistics.units import matching
from cohong.statistics.units.shapes import FoundUnit, UnitDraft
from cohong.statistics.units.words import Source

_REASON = "registered at the platform"


@journal.follower("statistics.units", kinds={"parties.registered", "parties.details_changed"})
def apply_parties(batch: list[Sealed]) -> None:
    """Take organisations into the register as they come, and change their units as they change.

    People and authorities are no units; nor is a firm from elsewhere, of which neither a code nor a region is known.
    """
    changed = {one.envelope.subject for one in batch if one.kind == "parties.details_changed"}
    organisations = {
        party.id for party in parties.parties(ids=changed).values() if party.kind == parties.Kind.ORGANISATION
    }
    coming: dict[UUID, FoundUnit] = {}
    for sealed in batch:
        body, party_id = sealed.envelope.body, sealed.envelope.subject
        if party_id not in coming and _is_unit(sealed, party_id in organisations):
            coming[party_id] = _found(sealed, body)
    found = list(coming.values())
    matching.take_in(actor=SYSTEM, source=Source.PARTY, found=found, reason=_REASON)
    for sealed in batch:
        if sealed.kind == "parties.details_changed":
            matching.restate(_found(sealed, sealed.envelope.body))


def _is_unit(sealed: Sealed, is_organisation: bool) -> bool:
    body = sealed.envelope.body
    if sealed.kind == "parties.registered":
        is_organisation = body.party_kind == parties.Kind.ORGANISATION
    return is_organisation and bool(body.credit_code or body.region_code)


def _found(sealed: Sealed, body: Any) -> FoundUnit:
    party_id: UUID = sealed.envelope.subject
    draft = UnitDraft(
        name=body.name,
        credit_code=body.credit_code,
        region_code=body.region_code,
        industry_code=body.industry_code,
    )
    return FoundUnit(key=str(party_id), draft=draft, on=sealed.envelope.issued_at.date(), party_id=party_id)
