"""Who may ask over the facts: statistics officers, and parties that the province has granted the right for some time."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from cohong.kernel import clock, journal, sets
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.statistics import documents
from cohong.statistics.access import READ, WRITE, Level, is_officer, remit_of
from cohong.statistics.breakdowns.refusals import NoResearchRight, RightTooLong, RightUnchanged
from cohong.statistics.models import ResearchRight
from cohong.statistics.publishing.releasing import ProvinceOnly

_LONGEST: Final = timedelta(days=3 * 366)


@sets.act
def grant_research(*, actor: Actor, party_id: UUID, until: date, reason: str) -> None:
    """Let a party ask over the facts up to and with a day; a new grant takes the place of the old one.

    Raises MandateMissing, ScopeMissing, ProvinceOnly, PartyNotFound, RightTooLong, and what is wrong with the reason.
    """
    today = clock.now().date()
    if not today < until <= today + _LONGEST:
        raise RightTooLong
    _set(actor, party_id, until, reason)


@sets.act
def end_research(*, actor: Actor, party_id: UUID, reason: str) -> None:
    """End a party's right today. Raises as `grant_research`, and RightUnchanged."""
    if not has_right(party_id):
        raise RightUnchanged
    _set(actor, party_id, None, reason)


def _set(actor: Actor, party_id: UUID, until: date | None, reason: str) -> None:
    if remit_of(actor, scope=WRITE).level is not Level.PROVINCE:
        raise ProvinceOnly
    said = parties.public_text(reason, name="reason", most=400)
    if party_id not in parties.parties(ids=[party_id]):
        raise parties.PartyNotFound(party_id=party_id)
    body = documents.ResearchRightSet(until=until, reason=said)
    journal.append([journal.Entry(subject=party_id, issuer=actor.party_id, body=body)])
    ResearchRight.objects.update_or_create(
        party_id=party_id, defaults={"until": until, "reason": said, "set_at": clock.now()}
    )


def has_right(party_id: UUID) -> bool:
    """Tell whether a party may ask over the facts today."""
    return ResearchRight.objects.filter(party_id=party_id, until__gte=clock.now().date()).exists()


def may_ask(actor: Actor) -> bool:
    """Tell whether the actor may ask over the facts."""
    return is_officer(actor) or has_right(actor.party_id)


def check(actor: Actor) -> None:
    """Raise unless the actor may ask: NoResearchRight, and for a token ScopeMissing."""
    parties.require(actor, actor.party_id, *parties.Role, scope=READ)
    if not may_ask(actor):
        raise NoResearchRight
