"""Registering parties: one code path that takes many, and the single registrations that stand on it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cohong.kernel import clock, privacy, sets
from cohong.kernel.errors import Refusal, one
from cohong.kernel.ids import UUID, new_id
from cohong.kernel.journal import Entry, append
from cohong.parties import documents, rules
from cohong.parties.refusals import (
    AlreadyRegistered,
    AuthorityByPlatformOnly,
    BadText,
    IndustryUnknown,
    NotForPeople,
    RegionUnknown,
    RegisteredDifferently,
    UserNotFound,
)
from cohong.parties.rules import Actor, require_mandate
from cohong.parties.services import authorities, membership
from cohong.parties.views import Personal, Registration
from cohong.parties.words import PLATFORM_ID, Kind, Mandate, Role

_COLUMNS = (
    *("id", "kind", "name", "name_en", "country", "region_id", "industry_id"),
    *("credit_code", "registration_number"),
)
_LENGTHS = {"phone": 40, "address": 300}


@sets.act
def register_many(*, actor: Actor, items: Sequence[Registration]) -> list[UUID | Refusal]:
    """Register many parties at once, e.g. the customers of a business that moves to the platform.

    Takes the platform's mandate. Each item has its own outcome: the party's id, also when it was registered
    before with the same content, or a refusal. They have no members; those are named later.
    """
    require_mandate(actor, Mandate.PLATFORM, scope="parties:write")
    return _register(items, issuer=actor.party_id)


@sets.act
def register_organisation(
    *,
    actor_user_id: UUID,
    name: str,
    uscc: str,
    region_code: str,
    industry_code: str,
    legal_representative: str,
    address: str,
    phone: str,
    name_en: str = "",
    kind: Kind = Kind.ORGANISATION,
) -> UUID:
    """Register an organisation by its unified social credit code; who registers it becomes an owner.

    Region and industry may be empty. Raises `CreditCodeInvalid`, `AlreadyRegistered`, `RegionUnknown`, … .
    """
    if kind == Kind.AUTHORITY:
        raise AuthorityByPlatformOnly
    registration = Registration(
        id=new_id(),
        kind=kind,
        name=name,
        name_en=name_en,
        region_code=region_code,
        industry_code=industry_code,
        credit_code=rules.clean_credit_code(uscc),
    )
    personal = Personal(legal_representative=legal_representative, phone=phone, address=address)
    return _register_owned(registration, personal, owner_id=actor_user_id)


@sets.act
def register_foreign(
    *,
    actor_user_id: UUID,
    name: str,
    country: str,
    registration_number: str,
    legal_representative: str,
    address: str,
    phone: str,
    name_en: str = "",
    region_code: str = "",
    industry_code: str = "",
) -> UUID:
    """Register an organisation from abroad, by the number that its own country's register gave it."""
    registration = Registration(
        id=new_id(),
        name=name,
        name_en=name_en,
        country=country,
        region_code=region_code,
        industry_code=industry_code,
        registration_number=rules.public_text(registration_number, name="registration_number", most=40),
    )
    personal = Personal(legal_representative=legal_representative, phone=phone, address=address)
    return _register_owned(registration, personal, owner_id=actor_user_id)


@sets.act
def register_person(
    *,
    user_id: UUID | None,
    name: str,
    phone: str,
    resident_id: str | None = None,
    region_code: str = "",
    country: str = "CN",
    display_name: str = "",
) -> UUID:
    """Register a person; without a user it is a guest, or somebody who walked in.

    `name` is the real name and kept as personal data; everyone sees `display_name`, or the name masked. A
    user is one person only. Raises `ResidentIdInvalid`, `AlreadyRegistered`, … .
    """
    full_name = rules.clean_text(name, name="name")
    registration = Registration(
        id=new_id(),
        kind=Kind.PERSON,
        name=display_name or privacy.mask_name(full_name),
        country=country,
        region_code=region_code,
    )
    personal = Personal(full_name=full_name, resident_id=resident_id or "", phone=phone)
    return _register_owned(registration, personal, owner_id=user_id)


@sets.act
def register_authority(
    *,
    actor: Actor,
    name: str,
    mandates: Sequence[Mandate],
    owner_user_id: UUID | None = None,
    name_en: str = "",
    uscc: str = "",
    region_code: str = "",
) -> UUID:
    """Register an authority with its mandates. Takes the platform's mandate."""
    require_mandate(actor, Mandate.PLATFORM, scope="parties:write")
    authorities.ensure_platform()
    registration = Registration(
        id=new_id(),
        kind=Kind.AUTHORITY,
        name=name,
        name_en=name_en,
        region_code=region_code,
        credit_code=rules.clean_credit_code(uscc) if uscc else "",
    )
    party_id = one(_register([registration], issuer=PLATFORM_ID))
    for mandate in dict.fromkeys(mandates):
        authorities.add_mandate(party_id, mandate)
    if owner_user_id is not None:
        membership.add(party_id, owner_user_id, Role.OWNER, granted_by=actor.user_id)
    return party_id


def _register_owned(registration: Registration, personal: Personal, *, owner_id: UUID | None) -> UUID:
    """Register a party with its personal record and its first owner, all or nothing."""
    if owner_id is not None and not membership.is_user(owner_id):
        raise UserNotFound
    cleaned = clean_personal(personal)
    person_user = owner_id if registration.kind == Kind.PERSON else None
    party_id = one(_register([registration], issuer=registration.id, person_user=person_user))
    _add_personal(party_id, cleaned)
    if owner_id is not None:
        membership.add(party_id, owner_id, Role.OWNER, granted_by=owner_id)
    return party_id


# --- the one path ----------------------------------------------------------------------------------------


def _register(
    items: Sequence[Registration], *, issuer: UUID, person_user: UUID | None = None
) -> list[UUID | Refusal]:
    """Check each item, insert what is new in one statement, and say what became of each."""
    if not items:
        return []
    known = _Known(items)
    results: list[UUID | Refusal | None] = []
    fresh: dict[UUID, Registration] = {}
    for item in items:
        outcome = _judge(item, known, fresh)
        if isinstance(outcome, Registration):
            fresh[outcome.id] = outcome
            results.append(None)
        else:
            results.append(outcome)
    done = _insert(list(fresh.values()), issuer=issuer, person_user=person_user)
    return [done[item.id] if result is None else result for item, result in zip(items, results, strict=True)]


class _Known:
    """What is in the database already that these items name: a query for each kind of thing."""

    def __init__(self, items: Sequence[Registration]) -> None:
        codes = [item.credit_code for item in items if item.credit_code]
        numbers = [item.registration_number for item in items if item.registration_number]
        rows = sets.fetch(
            f"select {', '.join(_COLUMNS)} from parties_party where id = any(%s) or credit_code = any(%s)"
            " or registration_number = any(%s)",
            ([item.id for item in items], codes, numbers),
        )
        self.parties = {row[0]: _as_registration(row) for row in rows}
        self.codes = {found.credit_code: found.id for found in self.parties.values() if found.credit_code}
        self.numbers = {
            (found.country, found.registration_number): found.id
            for found in self.parties.values()
            if found.registration_number
        }
        self.regions = _codes_in("parties_region", {item.region_code for item in items} - {""})
        self.industries = _codes_in("parties_industry", {item.industry_code for item in items} - {""})

    def clash(self, item: Registration) -> Refusal | None:
        """Say what of an item is unknown here or taken; what it brings is taken from then on."""
        if item.region_code and item.region_code not in self.regions:
            return RegionUnknown(code=item.region_code)
        if item.industry_code and item.industry_code not in self.industries:
            return IndustryUnknown(code=item.industry_code)
        if item.credit_code and self.codes.setdefault(item.credit_code, item.id) != item.id:
            return AlreadyRegistered(field="credit_code")
        number = (item.country, item.registration_number)
        if item.registration_number and self.numbers.setdefault(number, item.id) != item.id:
            return AlreadyRegistered(field="registration_number")
        return None


def _codes_in(table: str, codes: set[str]) -> set[str]:
    if not codes:
        return set()
    return {code for (code,) in sets.fetch(f"select code from {table} where code = any(%s)", (list(codes),))}


def _as_registration(row: Sequence[object]) -> Registration:
    names = (name.replace("_id", "_code") for name in _COLUMNS)
    values: dict[str, Any] = {
        name: "" if value is None else value for name, value in zip(names, row, strict=True)
    }
    return Registration(**values)


def _judge(
    item: Registration, known: _Known, fresh: dict[UUID, Registration]
) -> Registration | UUID | Refusal:
    """Return the cleaned item if it is to be inserted, its id if it is there, or why it is refused."""
    try:
        cleaned = _clean(item)
    except Refusal as refusal:
        return refusal
    before = known.parties.get(item.id) or fresh.get(item.id)
    if before is not None:
        return item.id if before == cleaned else RegisteredDifferently(party_id=item.id)
    return known.clash(cleaned) or cleaned


def _clean(item: Registration) -> Registration:
    """Bring what is public into its one form. Raises a refusal."""
    kind = Kind(item.kind)
    for name in ("credit_code", "registration_number"):
        if kind == Kind.PERSON and getattr(item, name):
            raise NotForPeople(field=name)
    number = item.registration_number
    return replace(
        item,
        kind=kind,
        name=rules.public_text(item.name, name="name"),
        name_en=rules.public_text(item.name_en, name="name_en", least=0),
        country=rules.clean_country(item.country),
        credit_code=rules.clean_credit_code(item.credit_code) if item.credit_code else "",
        registration_number=rules.public_text(number, name="registration_number", most=40) if number else "",
    )


def _insert(
    items: Sequence[Registration], *, issuer: UUID, person_user: UUID | None
) -> dict[UUID, UUID | Refusal]:
    """Insert the rows and issue their documents. What another transaction took meanwhile is refused."""
    if not items:
        return {}
    in_key_order = sorted(items, key=lambda item: item.id)
    columns = [
        [item.id for item in in_key_order],
        [item.kind.value for item in in_key_order],
        *([getattr(item, name) for item in in_key_order] for name in ("name", "name_en", "country")),
        *(
            [getattr(item, name) or None for item in in_key_order]
            for name in ("region_code", "industry_code", "credit_code", "registration_number")
        ),
    ]
    inserted = {
        id_
        for (id_,) in sets.fetch(
            f"insert into parties_party ({', '.join(_COLUMNS)},"
            " person_user_id, state, mismatched, registered_at)"
            " select new.*, %s::uuid, 'unconfirmed', '{}', %s from unnest("
            "%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],"
            " %s::text[], %s::text[]) as new on conflict do nothing returning id",
            (person_user, clock.now(), *columns),
        )
    }
    append([_registered(item, issuer) for item in in_key_order if item.id in inserted])
    lost = AlreadyRegistered(field="user" if person_user else "credit_code")
    return {item.id: item.id if item.id in inserted else lost for item in items}


def _registered(item: Registration, issuer: UUID) -> Entry:
    body = documents.Registered(
        party_kind=item.kind.value,
        name=item.name,
        name_en=item.name_en,
        country=item.country,
        region_code=item.region_code,
        industry_code=item.industry_code,
        credit_code=item.credit_code,
        registration_number=item.registration_number,
    )
    return Entry(subject=item.id, issuer=issuer, visible_to=(item.id,), body=body)


# --- what is personal ------------------------------------------------------------------------------------


def clean_personal(personal: Personal) -> Personal:
    """Bring what is personal into its one form. Raises a refusal, which never repeats the value."""

    def text(name: str) -> str:
        value: str = getattr(personal, name)
        return rules.clean_text(value, name=name, most=_LENGTHS.get(name, rules.NAME_LENGTH_MAX), least=0)

    if len(personal.phone) > _LENGTHS["phone"]:
        raise BadText(field="phone", least=1, most=_LENGTHS["phone"])
    return Personal(
        full_name=text("full_name"),
        resident_id=rules.clean_resident_id(personal.resident_id) if personal.resident_id else "",
        legal_representative=text("legal_representative"),
        phone=rules.clean_phone(personal.phone) if personal.phone else "",
        address=text("address"),
    )


def encrypted(personal: Personal) -> dict[str, str | None]:
    """Turn what is personal into columns: tokens, and the indexes by which two of them can be found."""

    def token(value: str) -> str | None:
        return privacy.encrypt(value) if value else None

    number, phone = personal.resident_id, personal.phone
    return {
        "full_name": token(personal.full_name),
        "resident_id": token(number),
        "resident_id_index": privacy.blind_index(number, "resident_id") if number else None,
        "legal_representative": token(personal.legal_representative),
        "phone": token(phone),
        "phone_index": privacy.blind_index(phone, "phone") if phone else None,
        "address": token(personal.address),
    }


def check_resident_id_is_free(resident_id: str, *, but_for: UUID | None = None) -> None:
    """Raise `AlreadyRegistered` if another party has this number, under any of the installation's keys."""
    taken = sets.fetch(
        "select party_id from parties_personal_record where resident_id_index = any(%s)",
        (privacy.blind_indexes(resident_id, "resident_id"),),
    )
    if any(party_id != but_for for (party_id,) in taken):
        raise AlreadyRegistered(field="resident_id")


def _add_personal(party_id: UUID, personal: Personal) -> None:
    if personal.resident_id:
        check_resident_id_is_free(personal.resident_id)
    columns = encrypted(personal)
    written = sets.run(
        f"insert into parties_personal_record (party_id, {', '.join(columns)})"
        f" values (%s{', %s' * len(columns)}) on conflict do nothing",
        (party_id, *columns.values()),
    )
    if not written:
        raise AlreadyRegistered(field="resident_id")
