"""Pure rules: who may, which codes are codes, how registration proceeds, who may restrict whom."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from unicodedata import category, normalize

from stdnum.cn import ric, uscc

from cohong.kernel import clock
from cohong.kernel.ids import UUID
from cohong.kernel.states import StateMachine
from cohong.parties.refusals import (
    BadCode,
    BadCountry,
    BadText,
    CreditCodeInvalid,
    MandateMissing,
    NotYours,
    PeopleOnly,
    PersonalDataInText,
    PhoneInvalid,
    ResidentIdInvalid,
    ScopeMissing,
)
from cohong.parties.words import PLATFORM_ID, Confirmation, Mandate, Restriction, Role

# --- who may ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: the party they act for, the user, and what lets them.

    `user_id` is None for a token and for the system. `scopes` is None unless the actor is a token.
    """

    party_id: UUID
    user_id: UUID | None = None
    roles: frozenset[Role] = field(default_factory=frozenset)
    mandates: frozenset[Mandate] = field(default_factory=frozenset)
    scopes: frozenset[str] | None = None

    def may(self, *roles: Role) -> bool:
        """Tell whether the actor has one of the roles at its party. An owner has them all."""
        return Role.OWNER in self.roles or not self.roles.isdisjoint(roles)

    @property
    def is_system(self) -> bool:
        """Tell whether this is the platform itself at work, not someone of it."""
        return self == SYSTEM


SYSTEM: Final = Actor(party_id=PLATFORM_ID, mandates=frozenset({Mandate.PLATFORM}))
"""What jobs, the demo and imports by the operator act as."""


def require(actor: Actor, party_id: UUID, *roles: Role, scope: str | None = None) -> None:
    """Make sure that the actor acts for the party in one of the roles (an owner always may).

    A token needs the scope as well. An act that names no scope is not for tokens: what was forgotten stays
    shut. The system passes. Raises `NotYours` or, of it, `ScopeMissing`.
    """
    if actor.is_system:
        return
    if actor.party_id != party_id or not actor.may(*roles):
        raise NotYours(party_id=party_id)
    _require_scope(actor, scope)


def require_mandate(actor: Actor, *mandates: Mandate, scope: str | None = None) -> None:
    """Make sure that the actor carries one of the mandates, and if it is a token, that it has the scope.

    Raises `MandateMissing` or `ScopeMissing`.
    """
    if actor.mandates.isdisjoint(mandates):
        raise MandateMissing(mandates=[Mandate(mandate).value for mandate in mandates])
    _require_scope(actor, scope)


def require_person(actor: Actor, party_id: UUID, *roles: Role) -> None:
    """Like `require`, for acts that a token may never do. Raises `NotYours` or, of it, `PeopleOnly`."""
    if actor.scopes is not None:
        raise PeopleOnly(party_id=party_id)
    require(actor, party_id, *roles)


def _require_scope(actor: Actor, scope: str | None) -> None:
    if actor.scopes is not None and scope not in actor.scopes:
        raise ScopeMissing(scope=scope or "")


# --- registration ----------------------------------------------------------------------------------------

CONFIRMATION: Final = StateMachine(
    Confirmation,
    initial=Confirmation.UNCONFIRMED,
    transitions={
        Confirmation.UNCONFIRMED: {
            "submit": Confirmation.CONFIRMING,
            "vouch": Confirmation.CONFIRMED,
            "change": Confirmation.UNCONFIRMED,
        },
        Confirmation.CONFIRMING: {
            "submit": Confirmation.CONFIRMING,
            "match": Confirmation.CONFIRMED,
            "mismatch": Confirmation.MISMATCHED,
        },
        Confirmation.MISMATCHED: {"submit": Confirmation.CONFIRMING, "change": Confirmation.UNCONFIRMED},
        Confirmation.CONFIRMED: {"change": Confirmation.UNCONFIRMED},
    },
)
"""Real-name registration. While the register is being asked, what it is asked about stays as it is.

`vouch` is for those whom no register here knows: the platform confirms organisations from abroad by evidence.
"""

MAY_RESTRICT: Final[Mapping[Restriction, tuple[Mandate, ...]]] = {
    Restriction.TRADE: (Mandate.SUPERVISION, Mandate.PLATFORM),
    Restriction.PUBLISH: (Mandate.SUPERVISION, Mandate.PLATFORM),
    Restriction.PAYOUT: (Mandate.SUPERVISION, Mandate.PLATFORM),
}
"""Which mandates may place a restriction; it is placed under the first of them that the actor carries."""


def may_lift(placed_under: Mandate) -> tuple[Mandate, ...]:
    """List the mandates that may lift a restriction: its own, and supervision over the platform's.

    Not the other way round: what supervision has stopped, the platform cannot set going again.
    """
    return (placed_under,) if placed_under == Mandate.SUPERVISION else (placed_under, Mandate.SUPERVISION)


# --- codes and texts -------------------------------------------------------------------------------------

NAME_LENGTH_MAX: Final = 200
REASON_LENGTH_MAX: Final = 500
CODE_LENGTH_MAX: Final = 40
_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.\-]{0,38}[A-Za-z0-9])?")
_COUNTRY = re.compile(r"[A-Z]{2}")
_PHONE = re.compile(r"\+?[0-9]{5,15}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_PHONE_SEPARATORS = re.compile(r"[\s().\-–—]+")
# Candidates for personal numbers in running text; what goes on as a longer word or number is something else.
_RESIDENT_ID_INSIDE = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
_MOBILE_INSIDE = re.compile(
    r"(?<![0-9A-Za-z])(?:(?:\+|00)86[ -]?)?(1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4})(?![0-9A-Za-z])"
)


def clean_text(value: str, *, name: str, most: int = NAME_LENGTH_MAX, least: int = 1) -> str:
    """Trim a text of one line. Raises `BadText` if it is too short or too long or no text."""
    text = normalize("NFC", value).strip()
    if not least <= len(text) <= most or any(category(one) in {"Cc", "Cs", "Co", "Cn"} for one in text):
        raise BadText(field=name, least=least, most=most)
    return text


def public_text(value: str, *, name: str, most: int = NAME_LENGTH_MAX, least: int = 1) -> str:
    """Like `clean_text`, for what will stand in a document. Raises `PersonalDataInText` too."""
    text = clean_text(value, name=name, most=most, least=least)
    if resident_ids_in(text) or mobiles_in(text):
        raise PersonalDataInText(field=name)
    return text


def clean_code(value: str) -> str:
    """Check a code of reference data. Raises `BadCode`."""
    if not _CODE.fullmatch(value):
        raise BadCode(code=value[:CODE_LENGTH_MAX], most=CODE_LENGTH_MAX)
    return value


def clean_country(value: str) -> str:
    """Check a country code (ISO 3166, two capitals). Raises `BadCountry`."""
    if not _COUNTRY.fullmatch(value):
        raise BadCountry(country=value[:CODE_LENGTH_MAX])
    return value


def clean_credit_code(value: str) -> str:
    """Bring a unified social credit code into its one form. Raises `CreditCodeInvalid`."""
    if len(value) > CODE_LENGTH_MAX or not uscc.is_valid(value):
        raise CreditCodeInvalid(code=value[:CODE_LENGTH_MAX])
    return str(uscc.compact(value))


def clean_resident_id(value: str) -> str:
    """Bring a resident identity number into its one form. Raises `ResidentIdInvalid`."""
    if len(value) > CODE_LENGTH_MAX or not ric.is_valid(value):
        raise ResidentIdInvalid
    if ric.get_birth_date(value) > clock.now().date():
        raise ResidentIdInvalid
    return str(ric.compact(value))


def clean_phone(value: str) -> str:
    """Bring a phone number into one form: digits, for mainland mobiles and numbers abroad with + and country.

    Raises `PhoneInvalid`.
    """
    compact = _PHONE_SEPARATORS.sub("", normalize("NFKC", value)) if len(value) <= CODE_LENGTH_MAX else ""
    compact = "+" + compact[2:] if compact.startswith("00") else compact
    if not _PHONE.fullmatch(compact):
        raise PhoneInvalid
    return "+86" + compact if _MOBILE.fullmatch(compact) else compact


def resident_ids_in(text: str) -> list[str]:
    """Find valid resident identity numbers in a text."""
    return [found for found in _RESIDENT_ID_INSIDE.findall(text) if ric.is_valid(found)]


def mobiles_in(text: str) -> list[str]:
    """Find what reads as mainland mobile numbers in a text, in the form of `clean_phone`."""
    return [clean_phone(found) for found in _MOBILE_INSIDE.findall(text)]
