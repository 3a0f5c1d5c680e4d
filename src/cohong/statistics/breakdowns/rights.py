"""Who may ask over the facts: statistics officers, and parties that the province has granted the right for some time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
    _check_province(actor)
    today = clock.now().date()
    if not today < until <= today + _LONGEST:
        raise RightTooLong
    _set(actor, party_id, until, reason)


@sets.act
def end_research(*, actor: Actor, party_id: UUID, reason: str) -> None:
    """End a party's right today. Raises as `grant_research`, and RightUnchanged."""
    _check_province(actor)
    if not has_right(party_id):
        raise RightUnchanged
    _set(actor, party_id, None, reason)


def _check_province(actor: Actor) -> None:
    if remit_of(actor, scope=WRITE).level is not Level.PROVINCE:
        raise ProvinceOnly


def _set(actor: Actor, party_id: UUID, until: date | None, reason: str) -> None:
    said = parties.public_text(reason, name="reason", most=400)
    if party_id not in parties.parties(ids=[party_id]):
        raise parties.PartyNotFound(party_id=party_id)
    body = documents.ResearchRightSet(until=until, reason=said)
    # Whoever gets a right, or loses it, can read why.
    entry = journal.Entry(subject=party_id, issuer=actor.party_id, visible_to=(party_id,), body=body)
    journal.append([entry])
    ResearchRight.objects.update_or_create(
        party_id=party_id, defaults={"until": until, "reason": said, "set_at": clock.now()}
    )


@dataclass(frozen=True, slots=True)
class RightView:
    """A party's right to ask over the facts. `until` is its last day, None once it was ended; `asked` counts its questions."""

    party_id: UUID
    party_name: str
    until: date | None
    in_force: bool
    reason: str
    set_at: datetime
    asked: int


def research_rights(*, actor: Actor, limit: int = 500) -> list[RightView]:
    """List who has a right, or had one: those in force first, the latest set first. For statistics officers.

    Raises MandateMissing, ScopeMissing.
    """
    remit_of(actor, scope=READ)
    today = clock.now().date()
    rows = sets.fetch(
        "select r.party_id, r.until, r.reason, r.set_at,"
        " (select count(*) from statistics_research_question q where q.party_id = r.party_id)"
        " from statistics_research_right r order by coalesce(r.until >= %s, false) desc, r.set_at desc limit %s",
        (today, limit),
    )
    named = parties.parties(ids=[row[0] for row in rows])
    return [
        RightView(
            party_id=party_id,
            party_name=named[party_id].name,
            until=until,
            in_force=until is not None and until >= today,
            reason=reason,
            set_at=set_at,
            asked=asked,
        )
        for party_id, until, reason, set_at, asked in rows
    ]


def right_until(*, party_id: UUID) -> date | None:
    """Tell the last day of a party's right, if it has one today."""
    right = ResearchRight.objects.filter(party_id=party_id, until__gte=clock.now().date()).first()
    return right.until if right is not None else None


def may_grant(*, actor: Actor) -> bool:
    """Tell whether the actor is of the province's statistics office, which grants and ends rights."""
    return is_officer(actor) and remit_of(actor, scope=READ).level is Level.PROVINCE


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
