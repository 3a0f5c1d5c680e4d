"""The forms of what goes in and out over HTTP. Lengths and codes are checked by the acts, sizes here."""

from datetime import datetime
from typing import Self

from ninja import Schema
from pydantic import Field

from cohong.kernel.http import MAX_PAGE
from cohong.kernel.ids import UUID
from cohong.parties.views import IndustryView, MarketView, RegionView
from cohong.parties.words import Confirmation, Kind, Mandate, MarketKind, Names, Restriction, Role

MAX_REGISTRATIONS = 1_000
_TEXT = 500


class PageIn(Schema):
    """Which part of a list: the cursor that the part before it gave out, and how many items at most."""

    cursor: str | None = None
    limit: int = Field(50, ge=1, le=MAX_PAGE)


# --- who -------------------------------------------------------------------------------------------------


class SignUpIn(Schema):
    """A new user."""

    username: str = Field(max_length=_TEXT)
    password: str = Field(max_length=_TEXT)
    email: str = Field("", max_length=_TEXT)


class SignedUpOut(Schema):
    """The new user's id."""

    user_id: UUID


class OrganisationIn(Schema):
    """An organisation: with a unified social credit code, or from abroad with its own register's number."""

    name: str = Field(max_length=_TEXT)
    name_en: str = Field("", max_length=_TEXT)
    uscc: str = Field("", max_length=40, description="Unified social credit code")
    country: str = Field("CN", max_length=2, description="ISO 3166; other than CN: needs registration_number")
    registration_number: str = Field("", max_length=40)
    region_code: str = Field("", max_length=40)
    industry_code: str = Field("", max_length=40)
    legal_representative: str = Field(max_length=_TEXT)
    address: str = Field(max_length=_TEXT)
    phone: str = Field(max_length=40)


class PersonIn(Schema):
    """The signed-in user as a person."""

    name: str = Field(max_length=_TEXT)
    display_name: str = Field("", max_length=_TEXT)
    resident_id: str | None = Field(None, max_length=40)
    phone: str = Field(max_length=40)
    region_code: str = Field("", max_length=40)
    country: str = Field("CN", max_length=2)


class AuthorityIn(Schema):
    """An authority with its mandates."""

    name: str = Field(max_length=_TEXT)
    name_en: str = Field("", max_length=_TEXT)
    uscc: str = Field("", max_length=40)
    region_code: str = Field("", max_length=40)
    mandates: list[Mandate]
    owner_user_id: UUID | None = None


class RegistrationIn(Schema):
    """One of many parties that the platform registers at once, under an id that the caller chose."""

    id: UUID
    name: str = Field(max_length=_TEXT)
    kind: Kind = Kind.ORGANISATION
    name_en: str = Field("", max_length=_TEXT)
    country: str = Field("CN", max_length=2)
    region_code: str = Field("", max_length=40)
    industry_code: str = Field("", max_length=40)
    credit_code: str = Field("", max_length=40)
    registration_number: str = Field("", max_length=40)


class RegistrationsIn(Schema):
    """Many parties."""

    items: list[RegistrationIn] = Field(max_length=MAX_REGISTRATIONS)


class OutcomeOut(Schema):
    """What became of one item: its party's id, or the code and the words of the refusal."""

    id: UUID | None = None
    code: str | None = None
    title: str | None = None


class OutcomesOut(Schema):
    """What became of the items, in their order."""

    items: list[OutcomeOut]


class RegisteredOut(Schema):
    """The new party's id."""

    id: UUID


class DetailsIn(Schema):
    """What is to change; what is absent stays."""

    name: str | None = Field(None, max_length=_TEXT)
    name_en: str | None = Field(None, max_length=_TEXT)
    region_code: str | None = Field(None, max_length=40)
    industry_code: str | None = Field(None, max_length=40)
    uscc: str | None = Field(None, max_length=40)
    full_name: str | None = Field(None, max_length=_TEXT)
    resident_id: str | None = Field(None, max_length=40)
    legal_representative: str | None = Field(None, max_length=_TEXT)
    phone: str | None = Field(None, max_length=40)
    address: str | None = Field(None, max_length=_TEXT)


class PartyFilter(PageIn):
    """Filters of the list of parties."""

    text: str = Field("", max_length=_TEXT, description="A part of the name, or the whole credit code")
    kind: Kind | None = None
    region_code: str = Field("", max_length=40)
    industry_code: str = Field("", max_length=40)
    confirmed: bool | None = None


class PartyOut(Schema):
    """A party as everyone may see it."""

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
    confirmed: bool
    registered_at: datetime


class ConfirmationOut(Schema):
    """How far a real-name registration is."""

    party_id: UUID
    state: Confirmation
    mismatched: list[str]


class EvidenceIn(Schema):
    """What the platform saw."""

    evidence: str = Field(max_length=_TEXT)


class ContactOut(Schema):
    """Personal data, in clear or masked."""

    party_id: UUID
    in_clear: bool
    full_name: str
    resident_id: str
    legal_representative: str
    phone: str
    address: str


class LookOut(Schema):
    """A recorded look at personal data."""

    id: UUID
    party_id: UUID
    by_party: UUID
    by_user: UUID | None
    what: list[str]
    in_clear: bool
    reason: str
    looked_at: datetime


# --- who may ---------------------------------------------------------------------------------------------


class ActingOut(Schema):
    """A party that the user acts for."""

    party_id: UUID
    kind: Kind
    name: str
    name_en: str
    roles: list[Role]
    mandates: list[Mandate]


class MeOut(Schema):
    """Who the caller is, in this request; `parties` are those that a signed-in user may act for."""

    user_id: UUID | None
    party_id: UUID
    roles: list[Role]
    mandates: list[Mandate]
    scopes: list[str] | None
    parties: list[ActingOut]


class SecondFactorIn(Schema):
    """Whether whoever acts for the party has to sign in with a second factor."""

    wanted: bool


class MembershipIn(Schema):
    """A user and the role that they are to have."""

    user_id: UUID
    role: Role


class MembershipOut(Schema):
    """The new membership's id."""

    id: UUID


class MemberOut(Schema):
    """One role of one user, present or past."""

    id: UUID
    user_id: UUID
    username: str
    role: Role
    granted_at: datetime
    ended_at: datetime | None


class MandateIn(Schema):
    """A mandate."""

    mandate: Mandate


class TokenIn(Schema):
    """A token to be issued."""

    name: str = Field(max_length=_TEXT)
    scopes: list[str] = Field(max_length=50)
    expires_at: datetime | None = None


class TokenOut(Schema):
    """A token without its secret."""

    id: UUID
    party_id: UUID
    name: str
    prefix: str
    scopes: list[str]
    issued_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class IssuedTokenOut(TokenOut):
    """A token that was just issued: its secret is shown this once."""

    secret: str


class RestrictionIn(Schema):
    """A restriction and why it is placed."""

    restriction: Restriction
    reason: str = Field(max_length=_TEXT)


class ReasonIn(Schema):
    """Why."""

    reason: str = Field(max_length=_TEXT)


class RestrictionOut(Schema):
    """A restriction, in force while `lifted_at` is null."""

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


class PlacedOut(Schema):
    """The new restriction's id."""

    id: UUID


# --- where and in what -----------------------------------------------------------------------------------


class NamesBoth(Schema):
    """A name in the platform's languages."""

    zh_hans: str = Field(max_length=_TEXT)
    zh_hant: str = Field("", max_length=_TEXT)
    en: str = Field("", max_length=_TEXT)

    def value(self) -> Names:
        """Return it as the module's value."""
        return Names(self.zh_hans, self.zh_hant, self.en)

    @classmethod
    def of(cls, names: Names) -> Self:
        """Take it from the module's value."""
        return cls(zh_hans=names.zh_hans, zh_hant=names.zh_hant, en=names.en)


class RegionIn(Schema):
    """A region."""

    names: NamesBoth
    parent_code: str = Field("", max_length=40)
    position: int = 0


class RegionOut(RegionIn):
    """A region under its code."""

    code: str

    @classmethod
    def of(cls, view: RegionView) -> Self:
        """Take it from its view."""
        return cls(
            code=view.code,
            names=NamesBoth.of(view.names),
            parent_code=view.parent_code,
            position=view.position,
        )


class IndustryIn(Schema):
    """An industry."""

    names: NamesBoth
    is_service: bool = False
    position: int = 0


class IndustryOut(IndustryIn):
    """An industry under its code."""

    code: str

    @classmethod
    def of(cls, view: IndustryView) -> Self:
        """Take it from its view."""
        return cls(
            code=view.code, names=NamesBoth.of(view.names), is_service=view.is_service, position=view.position
        )


class MarketIn(Schema):
    """A market."""

    kind: MarketKind
    names: NamesBoth
    region_code: str = Field("", max_length=40)
    industry_code: str = Field("", max_length=40)
    operator_id: UUID | None = None
    position: int = 0


class MarketOut(MarketIn):
    """A market under its id and code."""

    id: UUID
    code: str

    @classmethod
    def of(cls, view: MarketView) -> Self:
        """Take it from its view."""
        return cls(
            id=view.id,
            code=view.code,
            kind=view.kind,
            names=NamesBoth.of(view.names),
            region_code=view.region_code,
            industry_code=view.industry_code,
            operator_id=view.operator_id,
            position=view.position,
        )


class MarketFilter(Schema):
    """Filters of the list of markets."""

    kind: MarketKind | None = None
    region_code: str = Field("", max_length=40)
    industry_code: str = Field("", max_length=40)
