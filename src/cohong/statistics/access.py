"""Whose desk it is: which regions an authority with the statistics mandate answers for, and at which level.

An authority answers for its own region and all below it; one without a region for everything. One whose region has none above it
(or that has no region) is a province's, every other one a city's.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from cohong.kernel.errors import NotAllowed
from cohong.parties import api as parties
from cohong.parties.api import Actor, Mandate

READ, WRITE = "statistics:read", "statistics:write"


class Level(StrEnum):
    """At which level a report is reviewed."""

    CITY = "city"
    PROVINCE = "province"


class NotYourRegion(NotAllowed):
    """The unit is in a region that another authority answers for."""

    message = _("Your authority does not answer for this region.")


class SystemOnly(NotAllowed):
    """Only the operator of the system may take over the past."""


@dataclass(frozen=True, slots=True)
class Remit:
    """What an authority answers for. `regions` None: everything."""

    level: Level
    regions: frozenset[str] | None

    def covers(self, region_code: str) -> bool:
        """Tell whether a region is among them."""
        return self.regions is None or region_code in self.regions

    def covers_figure(self, region_code: str) -> bool:
        """Tell whether a figure's region is among them. The total (no region) is a province's."""
        return self.covers(region_code) or (not region_code and self.level is Level.PROVINCE)

    def check_figure(self, region_code: str) -> None:
        """Raise NotYourRegion unless a figure's region is among them. The total (no region) is a province's."""
        if not self.covers_figure(region_code):
            raise NotYourRegion

    def check(self, region_code: str) -> None:
        """Raise NotYourRegion unless the region is among them."""
        if not self.covers(region_code):
            raise NotYourRegion


def remit_of(actor: Actor, *, scope: str) -> Remit:
    """Tell what an officer's authority answers for; the system answers for everything.

    Raises MandateMissing, ScopeMissing.
    """
    if actor.is_system:
        return Remit(Level.PROVINCE, None)
    parties.require_mandate(actor, Mandate.STATISTICS, scope=scope)
    own = parties.parties(ids=[actor.party_id]).get(actor.party_id)
    region = own.region_code if own is not None else ""
    if not region:
        return Remit(Level.PROVINCE, None)
    above = {one.code: one.parent_code for one in parties.regions()}
    below = frozenset(code for code in above if region in _upwards(code, above))
    return Remit(Level.CITY if above.get(region) else Level.PROVINCE, below)


def is_officer(actor: Actor) -> bool:
    """Tell whether the actor is of a statistics authority, or the system."""
    return actor.is_system or Mandate.STATISTICS in actor.mandates


def _upwards(code: str, above: dict[str, str]) -> set[str]:
    seen: set[str] = set()
    while code and code not in seen:
        seen.add(code)
        code = above.get(code, "")
    return seen
