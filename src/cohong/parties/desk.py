"""What authorities look up: parties by what is known of them, users, who waits for confirmation, holds in force.

Each read checks the mandate itself. What personal data is touched by a search is recorded as a look.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

from cohong.kernel import privacy, sets
from cohong.kernel.ids import UUID
from cohong.parties import rules
from cohong.parties.refusals import UserNotFound
from cohong.parties.rules import Actor, require_mandate
from cohong.parties.selectors import parties as parties_by_id
from cohong.parties.services.personal import record_looks
from cohong.parties.views import (
    AuthorityView,
    AwaitingView,
    MandateView,
    PartyView,
    RestrictionView,
    UserView,
)
from cohong.parties.words import Confirmation, Mandate, Restriction, Role

OVERSEES: Final = (Mandate.SUPERVISION, Mandate.PLATFORM)
"""The mandates that see all of trade."""

_SCOPE = "parties:read"
_MOST = 200
_USERNAME_MAX = 150
_USER = (
    "u.id, u.username, u.email, u.is_active, u.date_joined, u.last_login, (select p.id from parties_party p"
    " where p.person_user_id = u.id)"
)


@sets.act
def find_by_phone(*, actor: Actor, phone: str, reason: str, limit: int = 50) -> list[PartyView]:
    """Return the parties that gave this phone number, newest first; each is recorded as looked at, with the reason.

    Supervision's only: a phone number names a person. Raises MandateMissing, PhoneInvalid, BadText.
    """
    require_mandate(actor, Mandate.SUPERVISION, scope=_SCOPE)
    number = rules.clean_phone(phone)
    said = rules.public_text(reason, name="reason", most=rules.REASON_LENGTH_MAX)
    rows = sets.fetch(
        "select party_id from parties_personal_record where phone_index = any(%s) order by party_id desc limit %s",
        (privacy.blind_indexes(number, "phone"), min(limit, _MOST)),
    )
    ids = [party_id for (party_id,) in rows]
    record_looks(actor=actor, party_ids=ids, what=["phone"], in_clear=False, reason=said)
    known = parties_by_id(ids=ids)
    return [known[party_id] for party_id in ids]


# --- users -----------------------------------------------------------------------------------------------


def find_users(*, actor: Actor, text: str, before: UUID | None = None, limit: int = 50) -> list[UserView]:
    """Return users whose name begins with the text, newest first. For supervision and the platform."""
    require_mandate(actor, *OVERSEES, scope=_SCOPE)
    start = text.strip()[:_USERNAME_MAX].replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    if not start or "\x00" in start:
        return []
    rows = sets.fetch(
        f"select {_USER} from parties_user u where u.username ilike %s and (%s::uuid is null or u.id < %s)"
        " order by u.id desc limit %s",
        (f"{start}%", before, before, min(limit, _MOST)),
    )
    return [_user(row) for row in rows]


def user(*, actor: Actor, user_id: UUID) -> UserView:
    """Return a user. For supervision and the platform. Raises UserNotFound."""
    require_mandate(actor, *OVERSEES, scope=_SCOPE)
    found = users(ids=[user_id])
    if user_id not in found:
        raise UserNotFound
    return found[user_id]


def users(*, ids: Collection[UUID]) -> dict[UUID, UserView]:
    """Return those of these users that exist, by id: for whoever shows who did something, having checked who looks."""
    rows = sets.fetch(f"select {_USER} from parties_user u where u.id = any(%s)", (list(ids),))
    return {row[0]: _user(row) for row in rows}


def _user(row: Sequence[Any]) -> UserView:
    return UserView(
        id=row[0],
        username=row[1],
        email=privacy.mask_email(row[2]),
        is_active=row[3],
        joined_at=row[4],
        signed_in_at=row[5],
        person_id=row[6],
    )


def memberships_of(*, actor: Actor, user_id: UUID) -> list[tuple[UUID, Role, bool]]:
    """Return the roles that a user has or had, oldest first: (party, role, whether it still holds)."""
    require_mandate(actor, *OVERSEES, scope=_SCOPE)
    rows = sets.fetch(
        "select party_id, role, ended_at is null from parties_membership where user_id = %s order by id",
        (user_id,),
    )
    return [(party_id, Role(role), holds) for party_id, role, holds in rows]


# --- registration ----------------------------------------------------------------------------------------


def awaiting(
    *, actor: Actor, states: Collection[Confirmation], after: UUID | None = None, limit: int = 50
) -> list[AwaitingView]:
    """Return the parties in these states of confirmation, those who registered first first.

    For supervision and the platform.
    """
    require_mandate(actor, *OVERSEES, scope=_SCOPE)
    rows = sets.fetch(
        "select id, mismatched from parties_party where state = any(%s) and (%s::uuid is null or id > %s)"
        " and kind <> 'authority' order by id limit %s",
        ([Confirmation(one).value for one in states], after, after, min(limit, _MOST)),
    )
    known = parties_by_id(ids=[row[0] for row in rows])
    return [AwaitingView(party=known[id_], mismatched=tuple(fields)) for id_, fields in rows]


def counts(*, actor: Actor) -> dict[Confirmation, int]:
    """Return how many parties, authorities left out, are in each state of confirmation."""
    require_mandate(actor, *OVERSEES, scope=_SCOPE)
    rows = sets.fetch("select state, count(*) from parties_party where kind <> 'authority' group by state")
    return {Confirmation(state): int(number) for state, number in rows}


def authorities(*, actor: Actor) -> list[AuthorityView]:
    """Return the authorities with the mandates that they carry and carried. For supervision and the platform."""
    require_mandate(actor, *OVERSEES, scope=_SCOPE)
    rows = sets.fetch(
        "select p.id, m.mandate, m.granted_at, m.ended_at from parties_party p"
        " left join parties_authority_mandate m on m.party_id = p.id where p.kind = 'authority'"
        " order by p.id, m.id"
    )
    known = parties_by_id(ids={row[0] for row in rows})
    mandates: dict[UUID, list[MandateView]] = {row[0]: [] for row in rows}
    for id_, mandate, granted_at, ended_at in rows:
        if mandate is not None:
            mandates[id_].append(
                MandateView(mandate=Mandate(mandate), granted_at=granted_at, ended_at=ended_at)
            )
    return [AuthorityView(party=known[id_], mandates=tuple(found)) for id_, found in mandates.items()]


# --- restrictions ----------------------------------------------------------------------------------------


def restrictions_in_force(
    *, actor: Actor, after: UUID | None = None, limit: int = 50
) -> list[RestrictionView]:
    """Return all restrictions that hold, the oldest first, from after that one on. For supervision and the platform."""
    require_mandate(actor, *OVERSEES, scope=_SCOPE)
    rows = sets.fetch(
        "select id, party_id, restriction, mandate, reason, placed_by_party, placed_at from parties_restriction"
        " where lifted_at is null and (%s::uuid is null or id > %s) order by id limit %s",
        (after, after, min(limit, _MOST)),
    )
    return [
        RestrictionView(
            id=row[0],
            party_id=row[1],
            restriction=Restriction(row[2]),
            mandate=Mandate(row[3]),
            reason=row[4],
            placed_by=row[5],
            placed_at=row[6],
            lift_reason="",
            lifted_by=None,
            lifted_at=None,
        )
        for row in rows
    ]
