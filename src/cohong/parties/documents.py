"""The documents that parties issue. None of them holds personal data: people are named by ids."""

from datetime import datetime
from typing import ClassVar

from cohong.kernel.documents import Body, document
from cohong.kernel.ids import UUID


@document("parties.registered")
class Registered(Body, frozen=True, kw_only=True):
    """A party came to the platform. The subject of this and most others here is the party."""

    party_kind: str
    name: str
    name_en: str
    country: str
    region_code: str
    industry_code: str
    credit_code: str
    registration_number: str


@document("parties.details_changed")
class DetailsChanged(Body, frozen=True, kw_only=True):
    """What is public about a party changed. `personal` names the personal fields that changed too."""

    name: str
    name_en: str
    region_code: str
    industry_code: str
    credit_code: str
    personal: list[str]


@document("parties.confirmed")
class Confirmed(Body, frozen=True, kw_only=True):
    """The identity register knows the party by this name; or the platform saw `evidence` of it."""

    name: str
    register_reference: str
    checked_at: datetime
    evidence: str = ""


@document("parties.mismatched")
class Mismatched(Body, frozen=True, kw_only=True):
    """The identity register knows the party otherwise. `fields` are the ones that differ."""

    fields: list[str]
    register_reference: str
    checked_at: datetime


@document("parties.second_factor_wanted")
class SecondFactorWanted(Body, frozen=True, kw_only=True):
    """The party wants, or no longer wants, whoever acts for it to sign in with a second factor."""

    wanted: bool
    decided_by: UUID | None


@document("parties.membership_granted")
class MembershipGranted(Body, frozen=True, kw_only=True):
    """A user acts for the party in this role from now on."""

    membership_id: UUID
    user_id: UUID
    role: str
    granted_by: UUID | None = None


@document("parties.membership_ended")
class MembershipEnded(Body, frozen=True, kw_only=True):
    """A user does not act for the party in this role any more."""

    membership_id: UUID
    user_id: UUID
    role: str
    ended_by: UUID | None = None


@document("parties.mandate_granted")
class MandateGranted(Body, frozen=True, kw_only=True):
    """An authority carries this mandate from now on."""

    mandate: str


@document("parties.mandate_ended")
class MandateEnded(Body, frozen=True, kw_only=True):
    """An authority does not carry this mandate any more."""

    mandate: str


@document("parties.restricted")
class Restricted(Body, frozen=True, kw_only=True):
    """The party may not do this until the restriction is lifted."""

    restriction_id: UUID
    restriction: str
    mandate: str
    reason: str


@document("parties.restriction_lifted")
class RestrictionLifted(Body, frozen=True, kw_only=True):
    """A restriction is over. It answers the document that placed it."""

    restriction_id: UUID
    restriction: str
    reason: str


@document("parties.token_issued")
class TokenIssued(Body, frozen=True, kw_only=True):
    """A token may act for the party within these scopes."""

    token_id: UUID
    name: str
    prefix: str
    scopes: list[str]
    issued_by: UUID | None = None
    expires_at: datetime | None = None


@document("parties.token_revoked")
class TokenRevoked(Body, frozen=True, kw_only=True):
    """A token may not act for the party any more."""

    token_id: UUID
    name: str
    prefix: str
    revoked_by: UUID | None = None


@document("parties.region_defined")
class RegionDefined(Body, frozen=True, kw_only=True):
    """A region is as follows from now on. The subject is computed from its code."""

    code: str
    name_zh_hans: str
    name_zh_hant: str
    name_en: str
    parent_code: str


@document("parties.industry_defined")
class IndustryDefined(Body, frozen=True, kw_only=True):
    """An industry is as follows from now on. The subject is computed from its code."""

    code: str
    name_zh_hans: str
    name_zh_hant: str
    name_en: str
    is_service: bool


@document("parties.market_defined")
class MarketDefined(Body, frozen=True, kw_only=True):
    """A market is as follows from now on. The subject is the market."""

    code: str
    market_kind: str
    name_zh_hans: str
    name_zh_hant: str
    name_en: str
    region_code: str
    industry_code: str
    operator_id: UUID | None = None


@document("parties.hold_reason_defined")
class HoldReasonDefined(Body, frozen=True, kw_only=True):
    """A ground for holds was defined, or changed. Everyone may know on what grounds they may be stopped."""

    public: ClassVar[bool] = True

    code: str
    name: str
    law: str
    applies_to: list[str]
    retired: bool
