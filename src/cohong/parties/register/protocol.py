"""What an identity register is asked, and the answers there are.

- `Confirmed`: everything that was asked about agrees with the register; here is what it has on record;
- `Mismatch`: there is such a code, and these fields differ. What the register has instead is not told: an
  answer must not teach anyone whose identity a number is;
- `NotFound`: there is no such code;
- `Unavailable`: nobody can say now; asking again later is right, and costs nothing.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from cohong.kernel.outside import Outage

__all__ = [
    "Answer",
    "Confirmed",
    "Field",
    "IdentityRegister",
    "Mismatch",
    "NotFound",
    "OrganisationRecord",
    "Outage",
    "PersonRecord",
    "Standing",
    "Unavailable",
]


class Field(StrEnum):
    """What may differ."""

    NAME = "name"
    LEGAL_REPRESENTATIVE = "legal_representative"


class Standing(StrEnum):
    """Whether an organisation may do business, by the register."""

    ACTIVE = "active"
    REVOKED = "revoked"
    """Its licence was taken away."""
    CANCELLED = "cancelled"
    """It was wound up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRecord:
    """An organisation as the register has it. `region_code` is where it is registered."""

    code: str
    name: str
    legal_representative: str
    standing: Standing
    region_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord:
    """A person as the register has them."""

    resident_id: str = field(repr=False)
    name: str = field(repr=False)
    born_on: date = field(repr=False)
    region_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """It agrees. `reference` is the register's own number of this answer, to be kept as evidence."""

    record: OrganisationRecord | PersonRecord
    reference: str
    checked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """There is such a code, and these fields differ from the register's."""

    fields: frozenset[Field]
    reference: str
    checked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFound:
    """There is no such code on the register."""

    reference: str
    checked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailable:
    """Nobody can say now."""

    why: Outage
    detail: str = ""


Answer = Confirmed | Mismatch | NotFound | Unavailable


class IdentityRegister(Protocol):
    """A register of organisations and people. No method raises for what the outside world does."""

    def confirm_organisation(self, *, code: str, name: str, legal_representative: str) -> Answer:
        """Ask whether the organisation with this social credit code has this name and representative."""

    def confirm_person(self, *, resident_id: str, name: str) -> Answer:
        """Ask whether the person with this resident id has this name."""
