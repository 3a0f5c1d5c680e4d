"""Which cells say too much about one of those who make them up, and how much doubt about them has to remain."""

from dataclasses import dataclass
from enum import StrEnum

from cohong.statistics.disclosure.cells import Facts

_PERCENT = 100


class Reason(StrEnum):
    """Why a cell is not shown."""

    FEW = "few"
    """Fewer contributors than the threshold: with two, each knows the other's part."""
    DOMINATED = "dominated"
    """The largest contribution is more than so much of the whole: the cell is, near enough, that company."""
    CLOSE = "close"
    """The second largest contributor could work out the largest's part too closely."""
    WITHHELD = "withheld"
    """It is withheld elsewhere, or was earlier, and would be known there if it were shown here."""
    SECONDARY = "secondary"
    """It says nothing about anyone, but another one could be worked out from it."""

    @property
    def primary(self) -> bool:
        """Tell whether the cell is withheld for what it says itself."""
        return self is not Reason.SECONDARY


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of safety, as the Handbook on Statistical Disclosure Control names them (section 4.2.1, "Sensitivity rules").

    - *Minimum frequency rule*: fewer than `least_contributors`.
    - *(n,k)-dominance rule* with n = 1: the largest contribution is above `dominance_percent` of the whole. None: not asked.
    - *p%-rule*: whole - largest - second < p % of the largest: the second largest contributor, who takes its own part
      away, comes within `ambiguity_percent` of the largest's. None: not asked.
    - `protection_percent`: at least so much of the value, up and down, must remain possible to an attacker. The upper protection
      levels of the p%-rule, p/100·largest - (whole - largest - second), and of the dominance rule, 100/k·largest - whole,
      are asked where they are wider (section 4.2.2); downwards as much as upwards.
    - `zeros`: whether zeros are sensitive too. An empty cell says that nobody is there.

    The numbers should not be published: who knows them can bound what they hide.
    """

    least_contributors: int = 3
    dominance_percent: int | None = 85
    ambiguity_percent: int | None = 10
    protection_percent: int = 10
    zeros: bool = False

    def sensitive(self, facts: Facts) -> Reason | None:
        """Say why a cell may not be shown for its own sake, or None. Below zero, sizes are compared without the sign."""
        whole = abs(facts.value)
        if whole == 0:
            return Reason.FEW if self.zeros and facts.contributors < self.least_contributors else None
        if facts.contributors < self.least_contributors:
            return Reason.FEW
        if self.dominance_percent is not None and facts.largest * _PERCENT > self.dominance_percent * whole:
            return Reason.DOMINATED
        rest = max(whole - facts.largest - facts.second, 0)
        if self.ambiguity_percent is not None and rest * _PERCENT < self.ambiguity_percent * facts.largest:
            return Reason.CLOSE
        return None

    def protection(self, facts: Facts) -> int:
        """Say how far from its value, up and down, an attacker must have to reckon with a suppressed cell; 1 at least."""
        whole = abs(facts.value)
        wanted = [_up(whole * self.protection_percent, _PERCENT), 1]
        if self.ambiguity_percent is not None:
            rest = max(whole - facts.largest - facts.second, 0)
            wanted.append(_up(facts.largest * self.ambiguity_percent, _PERCENT) - rest)
        if self.dominance_percent is not None:
            wanted.append(_up(facts.largest * _PERCENT, self.dominance_percent) - whole)
        return max(wanted)


def _up(value: int, by: int) -> int:
    return -(-value // by)
