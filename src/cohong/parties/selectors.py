"""Reads. Each is one query, however many things it is asked about."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from cohong.kernel import privacy, sets
from cohong.kernel.ids import UUID
from cohong.parties.models import Industry, Market, Region
from cohong.parties.refusals import (
    IndustryUnknown,
    MarketNotFound,
    NotMember,
    PartyNotFound,
    RegionUnknown,
    SecondFactorNeeded,
)
from cohong.parties.rules import Actor, require, require_mandate
from cohong.parties.views import (
    ConfirmationView,
    IndustryView,
    MarketView,
    MembershipView,
    MemberView,
    PartyView,
    RegionView,
    RestrictionView,
    TokenView,
)
from cohong.parties.words import Confirmation, Kind, Mandate, MarketKind, Restriction, Role

_PARTY = (
    "id, kind, name, name_en, country, region_id, industry_id, credit_code, registration_number, state,"
    " registered_at"
)
_MANDATES = (
    "array(select mandate from parties_authority_mandate a where a.party_id = {0} and a.ended_at is null)"
)
# The table of those who keep users' factors (allauth's `mfa`); codes for an emergency are no factor by themselves.
HAS_SECOND_FACTOR = (
    "exists(select 1 from mfa_authenticator f where f.user_id = {0} and f.type in ('totp', 'webauthn'))"
)

_OVERSEES = (Mandate.SUPERVISION, Mandate.PLATFORM)


def _require_insight(actor: Actor, party_id: UUID) -> None:
    """Make sure that the actor is of the party, or oversees trade. Raises NotYours, ScopeMissing."""
    if actor.mandates.isdisjoint(_OVERSEES):
        require(actor, party_id, *Role, scope="parties:read")
    else:
        require_mandate(actor, *_OVERSEES, scope="parties:read")


# --- parties ---------------------------------------------------------------------------------------------


def party(*, party_id: UUID) -> PartyView:
    """Return a party. Raises `PartyNotFound`."""
    found = parties(ids=[party_id]).get(party_id)
    if found is None:
        raise PartyNotFound
    return found


def parties(*, ids: Iterable[UUID]) -> dict[UUID, PartyView]:
    """Return those of these parties that exist, by id."""
    rows = sets.fetch(f"select {_PARTY} from parties_party where id = any(%s)", (list(ids),))
    return {row[0]: _party(row) for row in rows}


def find(
    *,
    text: str = "",
    kind: Kind | None = None,
    region_code: str = "",
    industry_code: str = "",
    confirmed: bool | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[PartyView]:
    """Look parties up, newest first: by a part of their name or their exact credit code, and by filters."""
    where = ["true"]
    params: list[Any] = []
    for condition, value in (
        ("(name ilike %s or name_en ilike %s or credit_code = %s)", text),
        ("kind = %s", kind),
        ("region_id = %s", region_code),
        ("industry_id = %s", industry_code),
        ("id < %s", before),
    ):
        if value:
            part = f"%{_escape(text)}%"
            where.append(condition)
            params += [part, part, text.upper()] if value is text else [value]
    if confirmed is not None:
        where.append(f"state {'=' if confirmed else '<>'} 'confirmed'")
    sql = f"select {_PARTY} from parties_party where {' and '.join(where)} order by id desc limit %s"
    return [_party(row) for row in sets.fetch(sql, (*params, limit))]


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _party(row: Sequence[Any]) -> PartyView:
    return PartyView(
        id=row[0],
        kind=Kind(row[1]),
        name=row[2],
        name_en=row[3],
        country=row[4],
        region_code=row[5] or "",
        industry_code=row[6] or "",
        credit_code=row[7] or "",
        registration_number=row[8] or "",
        state=Confirmation(row[9]),
        registered_at=row[10],
    )


def confirmation(*, actor: Actor, party_id: UUID) -> ConfirmationView:
    """Tell how far a party's real-name registration is: to its members, in any role, to supervision and the platform."""
    _require_insight(actor, party_id)
    found = sets.fetch("select state, mismatched from parties_party where id = %s", (party_id,))
    if not found:
        raise PartyNotFound
    [(state, mismatched)] = found
    return ConfirmationView(party_id=party_id, state=Confirmation(state), mismatched=tuple(mismatched))


# --- actors ----------------------------------------------------------------------------------------------


def actor_for(*, user_id: UUID, party_id: UUID) -> Actor:
    """Return the actor that a user is when they act for a party. Raises `NotMember`, `SecondFactorNeeded`."""
    [(roles, mandates, lacks_second_factor)] = sets.fetch(
        "select array(select m.role from parties_membership m join parties_user u"
        " on u.id = m.user_id and u.is_active"
        f" where m.user_id = %s and m.party_id = %s and m.ended_at is null), {_MANDATES.format('%s')},"
        f" (select p.wants_second_factor and not {HAS_SECOND_FACTOR.format('%s')}"
        " from parties_party p where p.id = %s)",
        (user_id, party_id, party_id, user_id, party_id),
    )
    if not roles:
        raise NotMember(party_id=party_id)
    if lacks_second_factor:
        raise SecondFactorNeeded
    return Actor(
        party_id=party_id,
        user_id=user_id,
        roles=frozenset(Role(role) for role in roles),
        mandates=frozenset(Mandate(mandate) for mandate in mandates),
    )


def parties_of(*, user_id: UUID) -> list[MembershipView]:
    """List the parties that a user acts for, their own person first, then by name."""
    rows = sets.fetch(
        "select p.id, p.kind, p.name, p.name_en, array_agg(m.role), "
        f"{_MANDATES.format('p.id')}, p.person_user_id is not distinct from m.user_id,"
        f" p.wants_second_factor, p.wants_second_factor and not {HAS_SECOND_FACTOR.format('m.user_id')},"
        " (select r.full_name from parties_personal_record r where r.party_id = p.id and p.person_user_id = m.user_id)"
        " from parties_membership m join parties_party p on p.id = m.party_id"
        " where m.user_id = %s and m.ended_at is null group by p.id, m.user_id order by 7 desc, p.name, p.id",
        (user_id,),
    )
    return [
        MembershipView(
            party_id=id_,
            kind=Kind(kind),
            name=name,
            name_en=name_en,
            roles=frozenset(Role(role) for role in roles),
            mandates=frozenset(Mandate(mandate) for mandate in mandates),
            wants_second_factor=wanted,
            lacks_second_factor=lacking,
            own_name=_own_name(name, sealed),
        )
        for id_, kind, name, name_en, roles, mandates, _own, wanted, lacking, sealed in rows
    ]


def _own_name(shown: str, sealed: str | None) -> str:
    """Say a person's own name to them; who has chosen a name to be shown by is called by that."""
    if sealed is None:
        return ""
    own = privacy.decrypt(sealed)
    return own if shown == privacy.mask_name(own) else ""


def members(*, actor: Actor, party_id: UUID, with_past: bool = False) -> list[MemberView]:
    """List who acts, and if asked who acted, for a party, oldest first.

    For its members, in any role, for supervision and for the platform.
    """
    _require_insight(actor, party_id)
    rows = sets.fetch(
        "select m.id, m.user_id, u.username, m.role, m.granted_at, m.ended_at from parties_membership m"
        " join parties_user u on u.id = m.user_id where m.party_id = %s and (%s or m.ended_at is null)"
        " order by m.id",
        (party_id, with_past),
    )
    return [
        MemberView(
            id=row[0],
            user_id=row[1],
            username=row[2],
            role=Role(row[3]),
            granted_at=row[4],
            ended_at=row[5],
        )
        for row in rows
    ]


def offices_of(*, mandate: Mandate) -> dict[UUID, str]:
    """Return the authorities that carry a mandate, each with the code of its region (empty: none). This is public."""
    rows = sets.fetch(
        "select p.id, coalesce(r.code, '') from parties_authority_mandate a join parties_party p on p.id = a.party_id"
        " left join parties_region r on r.code = p.region_id where a.mandate = %s and a.ended_at is null order by p.id",
        (mandate.value,),
    )
    return dict(rows)


def mandates_of(*, party_id: UUID) -> frozenset[Mandate]:
    """Return the mandates that a party carries. This is public."""
    rows = sets.fetch(
        "select mandate from parties_authority_mandate where party_id = %s and ended_at is null", (party_id,)
    )
    return frozenset(Mandate(mandate) for (mandate,) in rows)


def tokens(*, actor: Actor) -> list[TokenView]:
    """List the tokens of the actor's party, revoked ones included, newest first. For its owners."""
    require(actor, actor.party_id, scope="parties:read")
    rows = sets.fetch(
        "select id, party_id, name, prefix, scopes, issued_at, expires_at, revoked_at, last_used_at"
        " from parties_api_token where party_id = %s order by id desc",
        (actor.party_id,),
    )
    return [
        TokenView(
            id=row[0],
            party_id=row[1],
            name=row[2],
            prefix=row[3],
            scopes=tuple(row[4]),
            issued_at=row[5],
            expires_at=row[6],
            revoked_at=row[7],
            last_used_at=row[8],
        )
        for row in rows
    ]


# --- restrictions ----------------------------------------------------------------------------------------


def restricted(*, party_ids: Collection[UUID], restriction: Restriction) -> frozenset[UUID]:
    """Return those of these parties that are restricted in this at the moment."""
    if not party_ids:
        return frozenset()
    rows = sets.fetch(
        "select distinct party_id from parties_restriction"
        " where lifted_at is null and restriction = %s and party_id = any(%s)",
        (Restriction(restriction).value, list(party_ids)),
    )
    return frozenset(party_id for (party_id,) in rows)


def restrictions(
    *, actor: Actor, party_id: UUID, before: UUID | None = None, limit: int = 50
) -> list[RestrictionView]:
    """List a party's restrictions, lifted ones too, newest first.

    For its members, in any role, for supervision and for the platform.
    """
    _require_insight(actor, party_id)
    rows = sets.fetch(
        "select id, party_id, restriction, mandate, reason, placed_by_party, placed_at, lift_reason,"
        " lifted_by_party, lifted_at from parties_restriction"
        " where party_id = %s and (%s::uuid is null or id < %s) order by id desc limit %s",
        (party_id, before, before, limit),
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
            lift_reason=row[7],
            lifted_by=row[8],
            lifted_at=row[9],
        )
        for row in rows
    ]


# --- reference data --------------------------------------------------------------------------------------


def regions(*, parent_code: str | None = None) -> list[RegionView]:
    """List all regions, or those directly below one (`""`: the top ones)."""
    rows = Region.objects.order_by("position", "code")
    if parent_code is not None:
        rows = rows.filter(parent_id=parent_code or None)
    return [_region(row) for row in rows]


def region(*, code: str) -> RegionView:
    """Return a region. Raises `RegionUnknown`."""
    row = Region.objects.filter(pk=code).first()
    if row is None:
        raise RegionUnknown(code=code)
    return _region(row)


def _region(row: Region) -> RegionView:
    return RegionView(code=row.code, names=row.names, parent_code=row.parent_id or "", position=row.position)


def industries() -> list[IndustryView]:
    """List all industries."""
    return [_industry(row) for row in Industry.objects.order_by("position", "code")]


def industry(*, code: str) -> IndustryView:
    """Return an industry. Raises `IndustryUnknown`."""
    row = Industry.objects.filter(pk=code).first()
    if row is None:
        raise IndustryUnknown(code=code)
    return _industry(row)


def _industry(row: Industry) -> IndustryView:
    return IndustryView(code=row.code, names=row.names, is_service=row.is_service, position=row.position)


def markets(
    *, kind: MarketKind | None = None, region_code: str = "", industry_code: str = ""
) -> list[MarketView]:
    """List the markets, all or by filters."""
    rows = Market.objects.order_by("position", "code")
    if kind:
        rows = rows.filter(kind=kind)
    if region_code:
        rows = rows.filter(region_id=region_code)
    if industry_code:
        rows = rows.filter(industry_id=industry_code)
    return [_market(row) for row in rows]


def market(*, market_id: UUID) -> MarketView:
    """Return a market. Raises `MarketNotFound`."""
    row = Market.objects.filter(pk=market_id).first()
    if row is None:
        raise MarketNotFound
    return _market(row)


def _market(row: Market) -> MarketView:
    return MarketView(
        id=row.id,
        code=row.code,
        kind=MarketKind(row.kind),
        names=row.names,
        region_code=row.region_id or "",
        industry_code=row.industry_id or "",
        operator_id=row.operator_id,
        position=row.position,
    )
