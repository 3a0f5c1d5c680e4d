"""Authorities: the platform's own party, and which mandates an authority carries."""

from cohong.kernel import clock, sets
from cohong.kernel.ids import UUID, new_id
from cohong.kernel.journal import Entry, append
from cohong.parties import documents
from cohong.parties.refusals import MandateExists, MandateNotFound, NotAnAuthority, PartyNotFound
from cohong.parties.rules import Actor, require_mandate
from cohong.parties.words import PLATFORM_ID, Kind, Mandate

_PLATFORM_NAME, _PLATFORM_NAME_EN = "公行平台", "Cohong"


@sets.act
def ensure_platform() -> UUID:
    """Make the platform's own party, unless it is there, and return its id. May be called at any time."""
    written = sets.run(
        "insert into parties_party (id, kind, name, name_en, country, state, mismatched, registered_at)"
        " values (%s, 'authority', %s, %s, 'CN', 'unconfirmed', '{}', %s) on conflict do nothing",
        (PLATFORM_ID, _PLATFORM_NAME, _PLATFORM_NAME_EN, clock.now()),
    )
    if written:
        body = documents.Registered(
            party_kind=Kind.AUTHORITY.value,
            name=_PLATFORM_NAME,
            name_en=_PLATFORM_NAME_EN,
            country="CN",
            region_code="",
            industry_code="",
            credit_code="",
            registration_number="",
        )
        append([Entry(subject=PLATFORM_ID, issuer=PLATFORM_ID, body=body)])
        add_mandate(PLATFORM_ID, Mandate.PLATFORM)
    return PLATFORM_ID


@sets.act
def grant_mandate(*, actor: Actor, party_id: UUID, mandate: Mandate) -> None:
    """Give an authority a mandate. Takes the platform's mandate.

    Raises `MandateMissing`, `PartyNotFound`, `NotAnAuthority`, `MandateExists`.
    """
    require_mandate(actor, Mandate.PLATFORM)
    found = sets.fetch("select kind from parties_party where id = %s for no key update", (party_id,))
    if not found:
        raise PartyNotFound
    if found[0][0] != Kind.AUTHORITY:
        raise NotAnAuthority
    add_mandate(party_id, Mandate(mandate))


@sets.act
def end_mandate(*, actor: Actor, party_id: UUID, mandate: Mandate) -> None:
    """Take a mandate from an authority. Takes the platform's mandate. Raises `MandateNotFound`.

    The platform keeps its own: without it nobody could ever grant one again.
    """
    require_mandate(actor, Mandate.PLATFORM)
    if party_id == PLATFORM_ID and mandate == Mandate.PLATFORM:
        raise MandateNotFound
    ended = sets.run(
        "update parties_authority_mandate set ended_at = %s"
        " where party_id = %s and mandate = %s and ended_at is null",
        (clock.now(), party_id, mandate),
    )
    if not ended:
        raise MandateNotFound
    body = documents.MandateEnded(mandate=Mandate(mandate).value)
    append([Entry(subject=party_id, issuer=actor.party_id, visible_to=(party_id,), body=body)])


def add_mandate(party_id: UUID, mandate: Mandate) -> None:
    """Write a mandate and issue its document; who may is the caller's to check."""
    written = sets.run(
        "insert into parties_authority_mandate (id, party_id, mandate, granted_at)"
        " values (%s, %s, %s, %s) on conflict do nothing",
        (new_id(), party_id, mandate.value, clock.now()),
    )
    if not written:
        raise MandateExists
    body = documents.MandateGranted(mandate=mandate.value)
    append([Entry(subject=party_id, issuer=PLATFORM_ID, visible_to=(party_id,), body=body)])
