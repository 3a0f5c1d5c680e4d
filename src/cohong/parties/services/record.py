"""The record of what authorities do: every act and every look at their desks, and every look at personal data."""

from datetime import datetime
from typing import Any, Final

from cohong.kernel import clock, parameters, sets
from cohong.kernel.ids import UUID, new_id
from cohong.parties import rules
from cohong.parties.rules import Actor, require_mandate
from cohong.parties.views import DeskEntryView, LookView
from cohong.parties.words import DeskAct, Mandate

_MAY_NOTE: Final = tuple(Mandate)
_MAY_READ: Final = (Mandate.PLATFORM, Mandate.SUPERVISION)
_ABOUT_MAX, _MOST = 200, 200


@sets.act
def note_at_desk(
    *, actor: Actor, what: DeskAct, subject: UUID | None = None, about: str = "", reason: str = ""
) -> None:
    """Record what someone of an authority does or looks at at their desk.

    `about` is cut to its column and must not hold personal data: what looks like a phone or identity number in it is
    not written down. Raises MandateMissing for whoever carries none.
    """
    require_mandate(actor, *_MAY_NOTE)
    said = about if not rules.resident_ids_in(about) and not rules.mobiles_in(about) else ""
    plain = "".join(one for one in said if one.isprintable())[:_ABOUT_MAX]
    sets.insert(
        "parties_desk_entry",
        ("id", "party_id", "user_id", "what", "subject", "about", "reason", "at"),
        [
            (
                *(new_id(), actor.party_id, actor.user_id, DeskAct(what).value, subject, plain),
                *(reason[: rules.REASON_LENGTH_MAX], clock.now()),
            )
        ],
    )


def desk_record(
    *,
    actor: Actor,
    party_id: UUID | None = None,
    user_id: UUID | None = None,
    subject: UUID | None = None,
    whats: tuple[DeskAct, ...] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[DeskEntryView]:
    """Return what was done at the authorities' desks, newest first: the platform sees all, supervision its own.

    Raises MandateMissing.
    """
    require_mandate(actor, *_MAY_READ, scope="parties:read")
    if Mandate.PLATFORM not in actor.mandates:
        party_id = actor.party_id
    conditions, params = ["true"], []
    filters: list[tuple[str, Any]] = [
        ("party_id = %s", party_id),
        ("user_id = %s", user_id),
        ("subject = %s", subject),
        ("what = any(%s)", [DeskAct(one).value for one in whats] or None),
        ("at >= %s", since),
        ("at < %s", until),
        ("id < %s", before),
    ]
    for condition, value in filters:
        if value is not None:
            conditions.append(condition)
            params.append(value)
    rows = sets.fetch(
        "select id, party_id, user_id, what, subject, about, reason, at from parties_desk_entry"
        f" where {' and '.join(conditions)} order by id desc limit %s",
        (*params, min(limit, _MOST)),
    )
    return [
        DeskEntryView(
            id=row[0],
            party_id=row[1],
            user_id=row[2],
            what=DeskAct(row[3]),
            subject=row[4],
            about=row[5],
            reason=row[6],
            at=row[7],
        )
        for row in rows
    ]


def looks_by(*, actor: Actor, party_id: UUID, before: UUID | None = None, limit: int = 50) -> list[LookView]:
    """Return at whose personal data an authority's people looked, newest first: for the platform, and for itself.

    Raises MandateMissing.
    """
    wanted = _MAY_READ if actor.party_id == party_id else (Mandate.PLATFORM,)
    require_mandate(actor, *wanted, scope="parties:read")
    rows = sets.fetch(
        "select id, party_id, by_party, by_user, what, in_clear, reason, looked_at from parties_personal_look"
        " where by_party = %s and (%s::uuid is null or id < %s) order by id desc limit %s",
        (party_id, before, before, min(limit, _MOST)),
    )
    return [
        LookView(
            id=row[0],
            party_id=row[1],
            by_party=row[2],
            by_user=row[3],
            what=tuple(row[4]),
            in_clear=row[5],
            reason=row[6],
            looked_at=row[7],
        )
        for row in rows
    ]


@sets.act
def set_parameter(*, actor: Actor, name: str, value: int, reason: str) -> UUID:
    """Change one of the house's parameters (`kernel.parameters`); return the id of the document that says so.

    Takes the platform's mandate. Raises MandateMissing, BadText, and what `parameters.change` refuses with.
    """
    require_mandate(actor, Mandate.PLATFORM, scope="parties:write")
    said = rules.public_text(reason, name="reason", most=rules.REASON_LENGTH_MAX)
    return parameters.change(name=name, value=value, reason=said, issuer=actor.party_id, user=actor.user_id)
