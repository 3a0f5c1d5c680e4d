"""The HTTP interface of parties: thin, each view one act or one read of the door.

What everyone may see (parties without personal data, regions, industries, markets) needs no token. All else
takes a token or a session; a signed-in user names the party they act for in `Acting-For`.
"""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from cohong.kernel.errors import Refusal
from cohong.kernel.http import Page, decode_cursor, idempotent, limited_like_sign_up, page
from cohong.kernel.ids import UUID, named_id
from cohong.parties import api as parties
from cohong.parties import http_house, schemas
from cohong.parties.words import Mandate, MarketKind, Role

CREATED, ACCEPTED, DONE = 201, 202, 204

# Whoever has no account yet shares one owner of idempotency keys: the body has to be the same too.
_ANYONE = parties.Actor(party_id=named_id("anyone"))


def _anyone(request: HttpRequest) -> parties.Actor:  # noqa: ARG001 - ninja's signature
    return _ANYONE


def _actor(request: HttpRequest) -> parties.Actor:
    actor: parties.Actor = request.auth  # type: ignore[attr-defined]
    return actor


def _user_of(request: HttpRequest) -> UUID:
    """Return the signed-in user. Raises `PeopleOnly` for a token."""
    actor = _actor(request)
    if actor.user_id is None:
        raise parties.PeopleOnly(party_id=actor.party_id)
    return actor.user_id


router = Router(tags=["parties"], auth=[parties.TokenAuth(), parties.SessionAuth()])
router.add_router("", http_house.router)


# --- where and in what: before the routes that begin with a party's id ------------------------------------


@router.get("/regions", auth=None, response=list[schemas.RegionOut])
def regions(request: HttpRequest, parent_code: str | None = None) -> list[schemas.RegionOut]:  # noqa: ARG001
    """List regions: all, or those directly below one (an empty `parent_code`: the top ones)."""
    return [schemas.RegionOut.of(view) for view in parties.regions(parent_code=parent_code)]


@router.get("/regions/{code}", auth=None, response=schemas.RegionOut)
def region(request: HttpRequest, code: str) -> schemas.RegionOut:  # noqa: ARG001
    """Return a region."""
    return schemas.RegionOut.of(parties.region(code=code))


@router.put("/regions/{code}", response=schemas.RegionOut)
@idempotent
def define_region(request: HttpRequest, code: str, body: schemas.RegionIn) -> schemas.RegionOut:
    """Define a region, or change it (the platform's mandate)."""
    parties.define_region(
        actor=_actor(request),
        code=code,
        names=body.names.value(),
        parent_code=body.parent_code,
        position=body.position,
    )
    return schemas.RegionOut.of(parties.region(code=code))


@router.get("/industries", auth=None, response=list[schemas.IndustryOut])
def industries(request: HttpRequest) -> list[schemas.IndustryOut]:  # noqa: ARG001
    """List the industries."""
    return [schemas.IndustryOut.of(view) for view in parties.industries()]


@router.put("/industries/{code}", response=schemas.IndustryOut)
@idempotent
def define_industry(request: HttpRequest, code: str, body: schemas.IndustryIn) -> schemas.IndustryOut:
    """Define an industry, or change it (the platform's mandate)."""
    parties.define_industry(
        actor=_actor(request),
        code=code,
        names=body.names.value(),
        is_service=body.is_service,
        position=body.position,
    )
    return schemas.IndustryOut.of(parties.industry(code=code))


@router.get("/markets", auth=None, response=list[schemas.MarketOut])
def markets(
    request: HttpRequest,  # noqa: ARG001
    filters: Query[schemas.MarketFilter],
) -> list[schemas.MarketOut]:
    """List the markets."""
    return [schemas.MarketOut.of(view) for view in parties.markets(**filters.dict())]


@router.get("/markets/{uuid:market_id}", auth=None, response=schemas.MarketOut)
def market(request: HttpRequest, market_id: UUID) -> schemas.MarketOut:  # noqa: ARG001
    """Return a market."""
    return schemas.MarketOut.of(parties.market(market_id=market_id))


@router.put("/markets/{code}", response=schemas.MarketOut)
@idempotent
def define_market(request: HttpRequest, code: str, body: schemas.MarketIn) -> schemas.MarketOut:
    """Open a market, or change it (the platform's mandate)."""
    market_id = parties.define_market(
        actor=_actor(request),
        code=code,
        kind=MarketKind(body.kind),
        names=body.names.value(),
        region_code=body.region_code,
        industry_code=body.industry_code,
        operator_id=body.operator_id,
        position=body.position,
    )
    return schemas.MarketOut.of(parties.market(market_id=market_id))


# --- coming to the platform ------------------------------------------------------------------------------


@router.post("/sign-up", auth=_anyone, response={CREATED: schemas.SignedUpOut})
@limited_like_sign_up
@idempotent
def sign_up(request: HttpRequest, body: schemas.SignUpIn) -> tuple[int, schemas.SignedUpOut]:  # noqa: ARG001
    """Make a user, who can then sign in and register a person or an organisation."""
    user_id = parties.sign_up(username=body.username, password=body.password, email=body.email)
    return CREATED, schemas.SignedUpOut(user_id=user_id)


@router.post("/organisations", response={CREATED: schemas.RegisteredOut})
@idempotent
def register_organisation(
    request: HttpRequest, body: schemas.OrganisationIn
) -> tuple[int, schemas.RegisteredOut]:
    """Register an organisation; the signed-in user becomes its owner."""
    details = body.dict(exclude={"uscc", "country", "registration_number"})
    if body.country == "CN":
        id_ = parties.register_organisation(actor_user_id=_user_of(request), uscc=body.uscc, **details)
    else:
        id_ = parties.register_foreign(
            actor_user_id=_user_of(request),
            country=body.country,
            registration_number=body.registration_number,
            **details,
        )
    return CREATED, schemas.RegisteredOut(id=id_)


@router.post("/people", response={CREATED: schemas.RegisteredOut})
@idempotent
def register_person(request: HttpRequest, body: schemas.PersonIn) -> tuple[int, schemas.RegisteredOut]:
    """Register the signed-in user as a person."""
    id_ = parties.register_person(user_id=_user_of(request), **body.dict())
    return CREATED, schemas.RegisteredOut(id=id_)


@router.post("/authorities", response={CREATED: schemas.RegisteredOut})
@idempotent
def register_authority(request: HttpRequest, body: schemas.AuthorityIn) -> tuple[int, schemas.RegisteredOut]:
    """Register an authority with its mandates (the platform's mandate)."""
    id_ = parties.register_authority(actor=_actor(request), **body.dict())
    return CREATED, schemas.RegisteredOut(id=id_)


@router.post("/registrations", response=schemas.OutcomesOut)
@idempotent
def register_many(request: HttpRequest, body: schemas.RegistrationsIn) -> schemas.OutcomesOut:
    """Register many parties at once, each with its own outcome (the platform's mandate)."""
    items = [parties.Registration(**item.dict()) for item in body.items]
    outcomes = parties.register_many(actor=_actor(request), items=items)
    return schemas.OutcomesOut(items=[_outcome(outcome) for outcome in outcomes])


def _outcome(outcome: UUID | Refusal) -> schemas.OutcomeOut:
    if isinstance(outcome, Refusal):
        return schemas.OutcomeOut(code=outcome.code, title=str(outcome))
    return schemas.OutcomeOut(id=outcome)


# --- the caller ------------------------------------------------------------------------------------------


@router.get("/me", response=schemas.MeOut)
def me(request: HttpRequest) -> schemas.MeOut:
    """Say who the caller is and, for a signed-in user, whom they may act for."""
    actor = _actor(request)
    acting = parties.parties_of(user_id=actor.user_id) if actor.user_id else []
    return schemas.MeOut(
        user_id=actor.user_id,
        party_id=actor.party_id,
        roles=sorted(actor.roles),
        mandates=sorted(actor.mandates),
        scopes=None if actor.scopes is None else sorted(actor.scopes),
        parties=[
            schemas.ActingOut(
                party_id=one.party_id,
                kind=one.kind,
                name=one.name,
                name_en=one.name_en,
                roles=sorted(one.roles),
                mandates=sorted(one.mandates),
            )
            for one in acting
        ],
    )


@router.get("/tokens", response=list[schemas.TokenOut])
def tokens(request: HttpRequest) -> list[schemas.TokenOut]:
    """List the tokens of the party that the caller acts for."""
    return [schemas.TokenOut.from_orm(view) for view in parties.tokens(actor=_actor(request))]


@router.post("/tokens", response={CREATED: schemas.IssuedTokenOut})
@idempotent
def issue_token(request: HttpRequest, body: schemas.TokenIn) -> tuple[int, schemas.IssuedTokenOut]:
    """Issue a token to the party that the signed-in owner acts for. Its secret is shown this once."""
    view, secret = parties.issue_token(
        actor=_actor(request), name=body.name, scopes=body.scopes, expires_at=body.expires_at
    )
    shown = schemas.TokenOut.from_orm(view)
    return CREATED, schemas.IssuedTokenOut(secret=secret, **shown.dict())


@router.delete("/tokens/{uuid:token_id}", response={DONE: None})
@idempotent
def revoke_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Revoke a token, at once and for ever."""
    parties.revoke_token(actor=_actor(request), token_id=token_id)
    return HttpResponse(status=DONE)


# --- parties ---------------------------------------------------------------------------------------------


@router.get("", auth=None, response=Page[schemas.PartyOut])
def find(request: HttpRequest, filters: Query[schemas.PartyFilter]) -> Page[schemas.PartyOut]:  # noqa: ARG001
    """Look parties up, newest first."""
    asked = filters.dict(exclude={"cursor", "limit"})
    rows = parties.find(before=decode_cursor(filters.cursor), limit=filters.limit + 1, **asked)
    items, more = page(rows, limit=filters.limit, id_of=lambda row: row.id)
    return Page(items=[schemas.PartyOut.from_orm(row) for row in items], next=more)


@router.get("/{uuid:party_id}", auth=None, response=schemas.PartyOut)
def party(request: HttpRequest, party_id: UUID) -> schemas.PartyOut:  # noqa: ARG001
    """Return a party as everyone may see it."""
    return schemas.PartyOut.from_orm(parties.party(party_id=party_id))


@router.patch("/{uuid:party_id}", response=schemas.PartyOut)
@idempotent
def change_details(request: HttpRequest, party_id: UUID, body: schemas.DetailsIn) -> schemas.PartyOut:
    """Change what is named (owners). What the identity register was asked about has to be confirmed anew."""
    parties.change_details(actor=_actor(request), party_id=party_id, **body.dict())
    return schemas.PartyOut.from_orm(parties.party(party_id=party_id))


@router.get("/{uuid:party_id}/confirmation", response=schemas.ConfirmationOut)
def confirmation(request: HttpRequest, party_id: UUID) -> schemas.ConfirmationOut:
    """Tell how far the party's real-name registration is (its members)."""
    view = parties.confirmation(actor=_actor(request), party_id=party_id)
    return schemas.ConfirmationOut.from_orm(view)


@router.post("/{uuid:party_id}/confirmation", response={ACCEPTED: schemas.ConfirmationOut})
@idempotent
def request_confirmation(request: HttpRequest, party_id: UUID) -> tuple[int, schemas.ConfirmationOut]:
    """Have the party confirmed by the identity register (owners); ask for the outcome a little later."""
    view = parties.request_confirmation(actor=_actor(request), party_id=party_id)
    return ACCEPTED, schemas.ConfirmationOut.from_orm(view)


@router.post("/{uuid:party_id}/vouch", response={DONE: None})
@idempotent
def vouch(request: HttpRequest, party_id: UUID, body: schemas.EvidenceIn) -> HttpResponse:
    """Confirm an organisation from abroad by evidence (the platform's mandate)."""
    parties.vouch(actor=_actor(request), party_id=party_id, evidence=body.evidence)
    return HttpResponse(status=DONE)


@router.get("/{uuid:party_id}/contact", response=schemas.ContactOut)
def contact(request: HttpRequest, party_id: UUID, reason: str = "") -> schemas.ContactOut:
    """Show personal data, masked unless the caller is entitled to it. The look is recorded."""
    view = parties.contact(actor=_actor(request), party_id=party_id, reason=reason)
    return schemas.ContactOut.from_orm(view)


@router.get("/{uuid:party_id}/looks", response=Page[schemas.LookOut])
def looks(request: HttpRequest, party_id: UUID, paging: Query[schemas.PageIn]) -> Page[schemas.LookOut]:
    """List who looked at the party's personal data (owners, supervision), newest first."""
    rows = parties.looks(
        actor=_actor(request),
        party_id=party_id,
        before=decode_cursor(paging.cursor),
        limit=paging.limit + 1,
    )
    items, more = page(rows, limit=paging.limit, id_of=lambda row: row.id)
    return Page(items=[schemas.LookOut.from_orm(row) for row in items], next=more)


# --- who acts for them -----------------------------------------------------------------------------------


@router.get("/{uuid:party_id}/memberships", response=list[schemas.MemberOut])
def members(request: HttpRequest, party_id: UUID, with_past: bool = False) -> list[schemas.MemberOut]:
    """List who acts, and if asked who acted, for the party (its members)."""
    rows = parties.members(actor=_actor(request), party_id=party_id, with_past=with_past)
    return [schemas.MemberOut.from_orm(row) for row in rows]


@router.post("/{uuid:party_id}/memberships", response={CREATED: schemas.MembershipOut})
@idempotent
def grant_membership(
    request: HttpRequest, party_id: UUID, body: schemas.MembershipIn
) -> tuple[int, schemas.MembershipOut]:
    """Let a user act for the party in a role (owners, in person)."""
    id_ = parties.grant_membership(
        actor=_actor(request), party_id=party_id, user_id=body.user_id, role=body.role
    )
    return CREATED, schemas.MembershipOut(id=id_)


@router.delete("/{uuid:party_id}/memberships/{uuid:user_id}/{role}", response={DONE: None})
@idempotent
def end_membership(request: HttpRequest, party_id: UUID, user_id: UUID, role: Role) -> HttpResponse:
    """End a user's role (owners in person; everyone their own)."""
    parties.end_membership(actor=_actor(request), party_id=party_id, user_id=user_id, role=role)
    return HttpResponse(status=DONE)


@router.put("/{uuid:party_id}/second-factor", response={DONE: None})
@idempotent
def want_second_factor(request: HttpRequest, party_id: UUID, body: schemas.SecondFactorIn) -> HttpResponse:
    """Decide whether whoever acts for the party needs a second factor (owners in person; of an authority, the platform)."""
    parties.want_second_factor(actor=_actor(request), party_id=party_id, wanted=body.wanted)
    return HttpResponse(status=DONE)


@router.get("/{uuid:party_id}/mandates", auth=None, response=list[Mandate])
def mandates(request: HttpRequest, party_id: UUID) -> list[Mandate]:  # noqa: ARG001
    """List the mandates that the party carries."""
    return sorted(parties.mandates_of(party_id=party_id))


@router.post("/{uuid:party_id}/mandates", response={DONE: None})
@idempotent
def grant_mandate(request: HttpRequest, party_id: UUID, body: schemas.MandateIn) -> HttpResponse:
    """Give an authority a mandate (the platform's mandate)."""
    parties.grant_mandate(actor=_actor(request), party_id=party_id, mandate=body.mandate)
    return HttpResponse(status=DONE)


@router.delete("/{uuid:party_id}/mandates/{mandate}", response={DONE: None})
@idempotent
def end_mandate(request: HttpRequest, party_id: UUID, mandate: Mandate) -> HttpResponse:
    """Take a mandate from an authority (the platform's mandate)."""
    parties.end_mandate(actor=_actor(request), party_id=party_id, mandate=mandate)
    return HttpResponse(status=DONE)


# --- holds on them ---------------------------------------------------------------------------------------


@router.get("/{uuid:party_id}/restrictions", response=Page[schemas.RestrictionOut])
def restrictions(
    request: HttpRequest, party_id: UUID, paging: Query[schemas.PageIn]
) -> Page[schemas.RestrictionOut]:
    """List the party's restrictions, lifted ones too (its members, authorities), newest first."""
    rows = parties.restrictions(
        actor=_actor(request),
        party_id=party_id,
        before=decode_cursor(paging.cursor),
        limit=paging.limit + 1,
    )
    items, more = page(rows, limit=paging.limit, id_of=lambda row: row.id)
    return Page(items=[schemas.RestrictionOut.from_orm(row) for row in items], next=more)


@router.post("/{uuid:party_id}/restrictions", response={CREATED: schemas.PlacedOut})
@idempotent
def restrict(
    request: HttpRequest, party_id: UUID, body: schemas.RestrictionIn
) -> tuple[int, schemas.PlacedOut]:
    """Stop the party from doing something (supervision, the platform)."""
    id_ = parties.restrict(
        actor=_actor(request), party_id=party_id, restriction=body.restriction, reason=body.reason
    )
    return CREATED, schemas.PlacedOut(id=id_)


@router.post("/restrictions/{uuid:restriction_id}/lift", response={DONE: None})
@idempotent
def lift_restriction(request: HttpRequest, restriction_id: UUID, body: schemas.ReasonIn) -> HttpResponse:
    """Lift a restriction (the mandate that it was placed under, or supervision's)."""
    parties.lift_restriction(actor=_actor(request), id=restriction_id, reason=body.reason)
    return HttpResponse(status=DONE)
