"""Personal data: changed by its owner, looked at by those entitled to it, and every look recorded."""

from collections.abc import Collection, Sequence
from dataclasses import fields

from cohong.kernel import clock, privacy, sets
from cohong.kernel.ids import UUID, new_id
from cohong.kernel.journal import Entry, append
from cohong.parties import documents, rules
from cohong.parties.refusals import (
    AlreadyRegistered,
    IndustryUnknown,
    NotForPeople,
    PartyNotFound,
    RegionUnknown,
)
from cohong.parties.rules import CONFIRMATION, Actor, require, require_mandate
from cohong.parties.services.registration import check_resident_id_is_free, clean_personal, encrypted
from cohong.parties.views import ContactView, LookView, Personal
from cohong.parties.words import Confirmation, Kind, Mandate

_FIELDS = tuple(field.name for field in fields(Personal))
_MASKS = {
    "full_name": privacy.mask_name,
    "resident_id": privacy.mask_identity,
    "legal_representative": privacy.mask_name,
    "phone": privacy.mask_phone,
    "address": privacy.mask_address,
}
# What the register was asked about: when it changes, the party has to be confirmed anew.
_CONFIRMED = {
    Kind.PERSON: frozenset({"full_name", "resident_id"}),
    Kind.ORGANISATION: frozenset({"name", "credit_code", "legal_representative"}),
    Kind.AUTHORITY: frozenset({"name", "credit_code", "legal_representative"}),
}


# --- looking ---------------------------------------------------------------------------------------------


@sets.act
def contact(*, actor: Actor, party_id: UUID, reason: str = "") -> ContactView:
    """Show a party's personal data, and record that it was looked at.

    In clear for those who act for the party itself, and for supervision with a reason; masked for everyone
    else. Raises `PartyNotFound`, `ScopeMissing`, `BadText`.
    """
    said = rules.public_text(reason, name="reason", most=rules.REASON_LENGTH_MAX, least=0)
    found = sets.fetch(
        f"select {', '.join('r.' + name for name in _FIELDS)} from parties_party p"
        " left join parties_personal_record r on r.party_id = p.id where p.id = %s",
        (party_id,),
    )
    if not found:
        raise PartyNotFound
    if actor.scopes is not None and not actor.is_system:
        require(actor, actor.party_id, scope="parties:read")
    in_clear = _is_entitled(actor, party_id, said)
    values = {
        name: privacy.decrypt(token) if token else "" for name, token in zip(_FIELDS, found[0], strict=True)
    }
    shown = values if in_clear else {name: _MASKS[name](value) for name, value in values.items()}
    record_looks(actor=actor, party_ids=[party_id], what=_FIELDS, in_clear=in_clear, reason=said)
    return ContactView(party_id=party_id, in_clear=in_clear, **shown)


def _is_entitled(actor: Actor, party_id: UUID, reason: str) -> bool:
    if actor.party_id == party_id and actor.roles:
        return True
    return Mandate.SUPERVISION in actor.mandates and bool(reason)


@sets.act
def record_looks(
    *, actor: Actor, party_ids: Sequence[UUID], what: Collection[str], in_clear: bool, reason: str = ""
) -> None:
    """Record that personal data of these parties was shown, e.g. by a module that keeps some of its own."""
    record_looks_for(
        actor=actor, looks=[(party_id, reason) for party_id in party_ids], what=what, in_clear=in_clear
    )


@sets.act
def record_looks_for(
    *, actor: Actor, looks: Sequence[tuple[UUID, str]], what: Collection[str], in_clear: bool
) -> None:
    """Record looks at many parties' data in one statement, each (party, reason) with a reason of its own."""
    now = clock.now()
    sets.insert(
        "parties_personal_look",
        ("id", "party_id", "by_party", "by_user", "what", "in_clear", "reason", "looked_at"),
        [
            (new_id(), party_id, actor.party_id, actor.user_id, list(what), in_clear, reason, now)
            for party_id, reason in looks
        ],
    )


def looks(*, actor: Actor, party_id: UUID, before: UUID | None = None, limit: int = 50) -> list[LookView]:
    """List who looked at a party's personal data, newest first: for its owners, for supervision and the platform."""
    if actor.mandates & {Mandate.SUPERVISION, Mandate.PLATFORM}:
        require_mandate(actor, Mandate.SUPERVISION, Mandate.PLATFORM, scope="parties:read")
    else:
        require(actor, party_id, scope="parties:read")
    rows = sets.fetch(
        "select id, party_id, by_party, by_user, what, in_clear, reason, looked_at from parties_personal_look"
        " where party_id = %s and (%s::uuid is null or id < %s) order by id desc limit %s",
        (party_id, before, before, limit),
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


# --- changing --------------------------------------------------------------------------------------------


@sets.act
def change_details(
    *,
    actor: Actor,
    party_id: UUID,
    name: str | None = None,
    name_en: str | None = None,
    region_code: str | None = None,
    industry_code: str | None = None,
    uscc: str | None = None,
    full_name: str | None = None,
    resident_id: str | None = None,
    legal_representative: str | None = None,
    phone: str | None = None,
    address: str | None = None,
) -> None:
    """Change what is named; None leaves it as it is. An owner's act.

    Changing what the identity register was asked about makes the party unconfirmed again; while the register
    is being asked it cannot be changed (`WrongState`). Nothing changed: nothing happens, and no document is
    issued.
    """
    require(actor, party_id, scope="parties:write")
    public = {
        "name": None if name is None else rules.public_text(name, name="name"),
        "name_en": None if name_en is None else rules.public_text(name_en, name="name_en", least=0),
        "region_id": region_code,
        "industry_id": industry_code,
        "credit_code": None if uscc is None else rules.clean_credit_code(uscc),
    }
    given = {
        "full_name": full_name,
        "resident_id": resident_id,
        "legal_representative": legal_representative,
        "phone": phone,
        "address": address,
    }
    cleaned = clean_personal(Personal(**{key: value or "" for key, value in given.items()}))
    personal = {key: getattr(cleaned, key) for key, value in given.items() if value is not None}
    _apply(party_id, {key: value for key, value in public.items() if value is not None}, personal)


def _apply(party_id: UUID, public: dict[str, str], personal: dict[str, str]) -> None:
    kind, state, before, before_personal = _locked(party_id)
    public = {key: value for key, value in public.items() if value != before[key]}
    personal = {key: value for key, value in personal.items() if value != before_personal[key]}
    if not public and not personal:
        return
    _check(party_id, kind, public, personal)
    if _CONFIRMED[kind] & (public.keys() | personal.keys()):
        state = CONFIRMATION.next(state, "change")
    merged = before | public
    _write_public(party_id, merged, state)
    if personal:
        _write_personal(party_id, Personal(**(before_personal | personal)))
    body = documents.DetailsChanged(
        name=merged["name"],
        name_en=merged["name_en"],
        region_code=merged["region_id"],
        industry_code=merged["industry_id"],
        credit_code=merged["credit_code"],
        personal=sorted(personal),
    )
    append([Entry(subject=party_id, issuer=party_id, body=body)])


def _locked(party_id: UUID) -> tuple[Kind, Confirmation, dict[str, str], dict[str, str]]:
    """Take the party's row and return what it and its personal record hold."""
    names = ("name", "name_en", "region_id", "industry_id", "credit_code")
    found = sets.fetch(
        f"select p.kind, p.state, {', '.join('p.' + name for name in names)},"
        f" {', '.join('r.' + name for name in _FIELDS)} from parties_party p"
        " left join parties_personal_record r on r.party_id = p.id where p.id = %s for no key update of p",
        (party_id,),
    )
    if not found:
        raise PartyNotFound
    kind, state, *rest = found[0]
    public = {name: value or "" for name, value in zip(names, rest[: len(names)], strict=True)}
    tokens = zip(_FIELDS, rest[len(names) :], strict=True)
    personal = {name: privacy.decrypt(token) if token else "" for name, token in tokens}
    return Kind(kind), Confirmation(state), public, personal


def _check(party_id: UUID, kind: Kind, public: dict[str, str], personal: dict[str, str]) -> None:
    if kind == Kind.PERSON and (public.get("credit_code") or personal.get("legal_representative")):
        raise NotForPeople(field="credit_code" if public.get("credit_code") else "legal_representative")
    for column, table, refusal in (
        ("region_id", "parties_region", RegionUnknown),
        ("industry_id", "parties_industry", IndustryUnknown),
    ):
        code = public.get(column)
        if code and not sets.fetch(f"select 1 from {table} where code = %s", (code,)):
            raise refusal(code=code)
    taken = "select 1 from parties_party where credit_code = %s and id <> %s"
    if public.get("credit_code") and sets.fetch(taken, (public["credit_code"], party_id)):
        raise AlreadyRegistered(field="credit_code")
    if personal.get("resident_id"):
        check_resident_id_is_free(personal["resident_id"], but_for=party_id)


def _write_public(party_id: UUID, values: dict[str, str], state: Confirmation) -> None:
    sets.run(
        "update parties_party set name = %s, name_en = %s, region_id = %s, industry_id = %s,"
        " credit_code = %s, state = %s, mismatched = case when state = %s then mismatched else '{}' end,"
        " confirmed_at = case when state = %s then confirmed_at end where id = %s",
        (
            *(values["name"], values["name_en"]),
            *(values[name] or None for name in ("region_id", "industry_id", "credit_code")),
            *(state.value, state.value, state.value, party_id),
        ),
    )


def _write_personal(party_id: UUID, personal: Personal) -> None:
    columns = encrypted(personal)
    sets.run(
        f"insert into parties_personal_record (party_id, {', '.join(columns)})"
        f" values (%s{', %s' * len(columns)})"
        f" on conflict (party_id) do update set {', '.join(f'{name} = excluded.{name}' for name in columns)}",
        (party_id, *columns.values()),
    )
