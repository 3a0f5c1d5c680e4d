"""What all pages of the desk share: who is on duty, what the desk's navigation offers them, and the record of what they do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cohong.kernel import clock
from cohong.parties import api as parties
from cohong.parties.api import Actor, DeskAct, Mandate, PartyView
from cohong.portal.design.acting import actor_of, actor_or_none
from cohong.portal.design.frame import show

OVERSEES: Final = (Mandate.SUPERVISION, Mandate.PLATFORM)
PLATFORM: Final = (Mandate.PLATFORM,)
ANY: Final = tuple(Mandate)
LISTED: Final = 25
_MOST_QUERY: Final = 100


def on_duty(request: HttpRequest, *mandates: Mandate) -> Actor:
    """Return whom the visitor acts as, having made sure of a mandate. Raises NotSignedIn, MandateMissing."""
    actor = actor_of(request)
    parties.require_mandate(actor, *(mandates or ANY))
    return actor


@dataclass(frozen=True, slots=True)
class Duty:
    """What the desk offers whoever is on duty."""

    oversees: bool
    platform: bool
    any: bool
    statistics: bool


def duty(actor: Actor | None) -> Duty:
    """Tell what the desk's navigation offers."""
    mandates = actor.mandates if actor is not None else frozenset()
    return Duty(
        oversees=bool(mandates & set(OVERSEES)),
        platform=Mandate.PLATFORM in mandates,
        any=bool(mandates),
        statistics=Mandate.STATISTICS in mandates,
    )


def show_desk(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Fill a page of the desk."""
    return show(
        request,
        f"authority/{template}.html",
        {"duty": duty(actor_or_none(request)), "now": clock.now(), **(context or {})},
        status=status,
    )


def note(actor: Actor, what: DeskAct, subject: UUID | None = None, about: str = "", reason: str = "") -> None:
    """Write into the record what is done or looked at."""
    parties.note_at_desk(actor=actor, what=what, subject=subject, about=about, reason=reason)


def people(ids: Iterable[UUID | None]) -> dict[UUID, PartyView]:
    """Return the parties that a page names."""
    return parties.parties(ids={one for one in ids if one is not None})


def usernames(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return the names of the users that a page names."""
    found = parties.users(ids={one for one in ids if one is not None})
    return {user_id: user.username for user_id, user in found.items()}


def asked_text(request: HttpRequest, name: str = "q") -> str:
    """Return what was typed into a search field, without what no name or number holds."""
    text = request.GET.get(name, "")[:_MOST_QUERY]
    return "".join(one for one in text if one.isprintable()).strip()


def asked_id(request: HttpRequest, name: str) -> UUID | None:
    """Return an id out of the address, or None."""
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None


def asked_number(request: HttpRequest, name: str) -> int | None:
    """Return a whole number out of the address that the database can hold, or None."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None  # noqa: PLR2004 - a bigint


def asked_day(request: HttpRequest, name: str, *, after: bool = False) -> datetime | None:
    """Return when a day out of the address begins in the region (`after`: when it has ended), or None."""
    try:
        day = date.fromisoformat(request.GET.get(name, ""))
        begins = datetime.combine(day, time(), timezone.get_current_timezone())
        return begins + timedelta(days=1) if after else begins
    except (ValueError, OverflowError):
        return None
