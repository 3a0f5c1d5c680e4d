"""What this module shows: frozen values, none of which is a table's row."""

from dataclasses import dataclass, field
from datetime import datetime

from cohong.kernel.ids import UUID
from cohong.parties.words import (
    Confirmation,
    DeskAct,
    HoldKind,
    Kind,
    Mandate,
    MarketKind,
    Names,
    Restriction,
    Role,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyView:
    """A party as everyone may see it: no personal data."""

    id: UUID
    kind: Kind
    name: str
    name_en: str
    country: str
    region_code: str
    industry_code: str
    credit_code: str
    registration_number: str
    state: Confirmation
    registered_at: datetime

    @property
    def confirmed(self) -> bool:
        """Tell whether the identity register knows the party by this name."""
        return self.state == Confirmation.CONFIRMED


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationView:
    """How far a real-name registration is, and which fields differ from the register if some do."""

    party_id: UUID
    state: Confirmation
    mismatched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactView:
    """Personal data of a party: in clear, or masked if the reader is not entitled to it."""

    party_id: UUID
    in_clear: bool
    full_name: str
    resident_id: str
    legal_representative: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookView:
    """One recorded look at personal data."""

    id: UUID
    party_id: UUID
    by_party: UUID
    by_user: UUID | None
    what: tuple[str, ...]
    in_clear: bool
    reason: str
    looked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipView:
    """A party that a user acts for, with their roles there and the mandates it carries.

    `own_name` is the user's own real name, where the party is they themselves: for their eyes, others see `name`.
    """

    party_id: UUID
    kind: Kind
    name: str
    name_en: str
    roles: frozenset[Role]
    mandates: frozenset[Mandate]
    own_name: str = field(default="", repr=False)
    wants_second_factor: bool = False
    lacks_second_factor: bool = False
    """The party wants one and the user has none: they cannot act for it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """One role of one user at a party, present or past."""

    id: UUID
    user_id: UUID
    username: str
    role: Role
    granted_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenView:
    """An API token, without its secret."""

    id: UUID
    party_id: UUID
    name: str
    prefix: str
    scopes: tuple[str, ...]
    issued_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionView:
    """A restriction, in force while `lifted_at` is None."""

    id: UUID
    party_id: UUID
    restriction: Restriction
    mandate: Mandate
    reason: str
    placed_by: UUID
    placed_at: datetime
    lift_reason: str
    lifted_by: UUID | None
    lifted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionView:
    """A region. `parent_code` is empty at the top."""

    code: str
    names: Names
    parent_code: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IndustryView:
    """An industry."""

    code: str
    names: Names
    is_service: bool = False
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketView:
    """A market hosted on the platform. What it is not tied to is empty."""

    id: UUID
    code: str
    kind: MarketKind
    names: Names
    region_code: str = ""
    industry_code: str = ""
    operator_id: UUID | None = None
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A party to be registered by the platform: what is public about it, under an id of the caller's."""

    id: UUID
    name: str
    kind: Kind = Kind.ORGANISATION
    name_en: str = ""
    country: str = "CN"
    region_code: str = ""
    industry_code: str = ""
    credit_code: str = ""
    registration_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """What is personal about a registration. It is never shown when this is printed or logged."""

    full_name: str = field(default="", repr=False)
    resident_id: str = field(default="", repr=False)
    legal_representative: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)


# --- what authorities look up ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class UserView:
    """Someone who signs in. Their mail address is masked; `person_id` is their own person, if they registered one."""

    id: UUID
    username: str
    email: str
    is_active: bool
    joined_at: datetime
    signed_in_at: datetime | None
    person_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitingView:
    """A party on the registration desk, with the fields that differ from the register if some do."""

    party: PartyView
    mismatched: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateView:
    """A mandate that an authority carries, or carried until `ended_at`."""

    mandate: Mandate
    granted_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityView:
    """An authority with its mandates, oldest first."""

    party: PartyView
    mandates: tuple[MandateView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReasonView:
    """A ground on which holds are placed: the text to begin from, and the law or rule that it rests on."""

    code: str
    names: Names
    law: Names
    applies_to: tuple[HoldKind, ...]
    position: int = 0
    retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskEntryView:
    """One line of the record of what authorities do."""

    id: UUID
    party_id: UUID
    user_id: UUID | None
    what: DeskAct
    subject: UUID | None
    about: str
    reason: str
    at: datetime
