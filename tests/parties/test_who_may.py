"""Every act is refused to every role, mandate and token that may not do it, and changes nothing then."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from parties_world import authority, company, member, picture, refused, token_of, user

from cohong.kernel.errors import NotAllowed
from cohong.kernel.ids import UUID, new_id
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Actor, Mandate, MarketKind, Names, Registration, Restriction, Role

pytestmark = pytest.mark.django_db

Act = Callable[[Actor, "World"], Any]


class World:
    """A company with a user in each role, tokens of each scope; each mandate's authority; a rival; nobody."""

    def __init__(self) -> None:
        self.owner = company()
        self.rival = company()
        self.party_id = self.owner.party_id
        self.newcomer = user()
        self.actors: dict[str, Actor] = {"owner": self.owner, "rival": self.rival, "system": SYSTEM}
        self.actors["nobody"] = Actor(party_id=self.newcomer, user_id=self.newcomer)
        for role in Role:
            if role != Role.OWNER:
                self.actors[role.value] = member(self.owner, role)
        for scope in sorted(parties.SCOPES):
            self.actors[f"token {scope}"] = token_of(self.owner, scope)
        for mandate in Mandate:
            self.actors[mandate.value] = authority(mandate)
        self.actors["supervision token"] = token_of(self.actors["supervision"], "parties:write")
        self.actors["platform token"] = token_of(self.actors["platform"], "parties:write")
        self.office = authority(Mandate.STATISTICS).party_id
        self.sales = member(self.owner, Role.SALES)
        self.token, _ = parties.issue_token(actor=self.owner, name="shop", scopes=["orders:read"])
        self.platforms_hold = self._hold("platform")
        self.supervisions_hold = self._hold("supervision")

    def _hold(self, mandate: str) -> UUID:
        return parties.restrict(
            actor=self.actors[mandate],
            party_id=self.party_id,
            restriction=Restriction.PAYOUT,
            reason="under review",
        )


OWN = {"owner", "system"}
MEMBERS = OWN | {"purchasing", "sales", "finance", "warehouse", "service", "token parties:read"}
PLATFORM = {"platform", "system"}
OVERSEERS = PLATFORM | {"supervision"}
HOLDERS = PLATFORM | {"supervision", "supervision token", "platform token"}

ACTS: dict[str, tuple[set[str], Act]] = {
    "grant_membership": (
        OWN,
        lambda a, w: parties.grant_membership(
            actor=a, party_id=w.party_id, user_id=w.newcomer, role=Role.SALES
        ),
    ),
    "end_membership": (
        OWN,
        lambda a, w: parties.end_membership(
            actor=a, party_id=w.party_id, user_id=w.sales.user_id, role=Role.SALES
        ),
    ),
    "set_roles": (
        OWN,
        lambda a, w: parties.set_roles(
            actor=a, party_id=w.party_id, user_id=w.newcomer, roles=[Role.SALES, Role.FINANCE]
        ),
    ),
    "change_details": (
        OWN | {"token parties:write"},
        lambda a, w: parties.change_details(actor=a, party_id=w.party_id, name="新名字"),
    ),
    "request_confirmation": (
        OWN | {"token parties:write", "platform", "platform token"},
        lambda a, w: parties.request_confirmation(actor=a, party_id=w.party_id),
    ),
    "revoke_token": (OWN, lambda a, w: parties.revoke_token(actor=a, token_id=w.token.id)),
    "looks": (
        OWN | {"token parties:read", "supervision", "platform"},
        lambda a, w: parties.looks(actor=a, party_id=w.party_id),
    ),
    "members": (
        MEMBERS | {"supervision", "platform"},
        lambda a, w: parties.members(actor=a, party_id=w.party_id),
    ),
    "confirmation": (
        MEMBERS | {"supervision", "platform"},
        lambda a, w: parties.confirmation(actor=a, party_id=w.party_id),
    ),
    **{
        name: (OVERSEERS, act)
        for name, act in {
            "find_users": lambda a, _: parties.find_users(actor=a, text="user"),
            "user": lambda a, w: parties.user(actor=a, user_id=w.newcomer),
            "memberships_of": lambda a, w: parties.memberships_of(actor=a, user_id=w.newcomer),
            "awaiting": lambda a, _: parties.awaiting(actor=a, states=[parties.Confirmation.MISMATCHED]),
            "counts": lambda a, _: parties.counts(actor=a),
            "authorities": lambda a, _: parties.authorities(actor=a),
            "restrictions_in_force": lambda a, _: parties.restrictions_in_force(actor=a),
            "desk_record": lambda a, _: parties.desk_record(actor=a),
        }.items()
    },
    "find_by_phone": (
        {"supervision"},
        lambda a, _: parties.find_by_phone(actor=a, phone="13912345678", reason="投诉"),
    ),
    "define_hold_reason": (
        HOLDERS,
        lambda a, _: parties.define_hold_reason(
            actor=a, code="x", names=Names("甲"), law=Names("乙"), applies_to=[parties.HoldKind.PARTY]
        ),
    ),
    "looks_by": (PLATFORM, lambda a, w: parties.looks_by(actor=a, party_id=w.party_id)),
    "set_parameter": (
        PLATFORM | {"platform token"},
        lambda a, _: parties.set_parameter(actor=a, name="orders.pay_hours", value=25, reason="节假日"),
    ),
    "restrictions": (
        MEMBERS | {"supervision", "platform"},
        lambda a, w: parties.restrictions(actor=a, party_id=w.party_id),
    ),
    **{
        f"restrict {restriction}": (
            HOLDERS,
            lambda a, w, restriction=restriction: parties.restrict(
                actor=a, party_id=w.party_id, restriction=restriction, reason="complaints"
            ),
        )
        for restriction in Restriction
    },
    "lift the platform's": (
        HOLDERS,
        lambda a, w: parties.lift_restriction(actor=a, id=w.platforms_hold, reason="cleared"),
    ),
    "lift supervision's": (
        {"supervision", "supervision token"},
        lambda a, w: parties.lift_restriction(actor=a, id=w.supervisions_hold, reason="cleared"),
    ),
    "register_authority": (
        PLATFORM | {"platform token"},
        lambda a, _: parties.register_authority(actor=a, name="海关", mandates=[Mandate.CUSTOMS]),
    ),
    "register_many": (
        PLATFORM | {"platform token"},
        lambda a, _: parties.register_many(actor=a, items=[Registration(id=new_id(), name="x")]),
    ),
    "grant_mandate": (
        PLATFORM,
        lambda a, w: parties.grant_mandate(actor=a, party_id=w.office, mandate=Mandate.CUSTOMS),
    ),
    "end_mandate": (
        PLATFORM,
        lambda a, w: parties.end_mandate(actor=a, party_id=w.office, mandate=Mandate.STATISTICS),
    ),
    "define_region": (
        PLATFORM,
        lambda a, _: parties.define_region(actor=a, code="44", names=Names("广东省")),
    ),
    "define_industry": (
        PLATFORM,
        lambda a, _: parties.define_industry(actor=a, code="tea", names=Names("茶")),
    ),
    "define_market": (
        PLATFORM,
        lambda a, _: parties.define_market(
            actor=a, code="tea", kind=MarketKind.INDUSTRY, names=Names("茶叶市场")
        ),
    ),
}


@pytest.mark.parametrize("act", list(ACTS))
def test_an_act_is_done_by_those_who_may_and_refused_to_all_others(act: str):
    world = World()
    allowed, do = ACTS[act]
    assert allowed <= set(world.actors)
    before = picture()
    assert {name for name, actor in world.actors.items() if does(do, actor, world)} == allowed
    assert picture() == before


def does(do: Act, actor: Actor, world: World) -> bool:
    """Try an act and take it back; tell whether it was done rather than refused."""
    before = picture()
    with transaction.atomic():
        try:
            with transaction.atomic():
                do(actor, world)
        # Other parties' tokens are not even known to exist.
        except (NotAllowed, parties.TokenNotFound):
            assert picture() == before
            return False
        transaction.set_rollback(True)
    return True


def test_a_token_is_issued_by_an_owner_in_person_only():
    owner = company()
    actors = [member(owner, role) for role in Role if role != Role.OWNER]
    actors += [token_of(owner, *parties.SCOPES), Actor(party_id=owner.party_id)]
    for actor in actors:
        with refused(parties.NotYours if actor.scopes is None else parties.PeopleOnly):
            parties.issue_token(actor=actor, name="mine", scopes=["orders:read"])


def test_foreign_organisations_are_vouched_for_by_the_platform_only():
    owner = user()
    party_id = parties.register_foreign(
        actor_user_id=owner,
        name="Canton Tea Ltd",
        country="GB",
        registration_number="01234567",
        legal_representative="J. Matheson",
        address="1 Lombard Street, London",
        phone="+44 20 7946 0958",
    )
    mine = parties.actor_for(user_id=owner, party_id=party_id)
    for actor in (mine, authority(Mandate.SUPERVISION)):
        with refused(parties.MandateMissing):
            parties.vouch(actor=actor, party_id=party_id, evidence="certificate of incorporation")


@pytest.mark.parametrize("role", list(Role))
def test_require_asks_for_party_role_and_scope(role: Role):
    party_id, other = new_id(), new_id()
    actor = Actor(party_id=party_id, user_id=new_id(), roles=frozenset({role}))
    for wanted in Role:
        if role in {Role.OWNER, wanted}:
            parties.require(actor, party_id, wanted)
            parties.require(actor, party_id, wanted, scope="orders:write")
        else:
            with pytest.raises(parties.NotYours):
                parties.require(actor, party_id, wanted)
        with pytest.raises(parties.NotYours):
            parties.require(actor, other, wanted)
    parties.require(actor, party_id, *Role)


def test_a_token_needs_the_scope_and_a_forgotten_scope_stays_shut():
    party_id = new_id()
    token = Actor(
        party_id=party_id,
        roles=frozenset({Role.OWNER}),
        mandates=frozenset({Mandate.CUSTOMS}),
        scopes=frozenset({"orders:write"}),
    )
    parties.require(token, party_id, Role.SALES, scope="orders:write")
    parties.require_mandate(token, Mandate.CUSTOMS, scope="orders:write")
    for scope in ("orders:read", "catalog:write", None):
        with pytest.raises(parties.ScopeMissing) as caught:
            parties.require(token, party_id, Role.SALES, scope=scope)
        assert caught.value.params == {"scope": scope or ""}
        with pytest.raises(parties.ScopeMissing):
            parties.require_mandate(token, Mandate.CUSTOMS, scope=scope)
    with pytest.raises(parties.MandateMissing):
        parties.require_mandate(token, Mandate.PLATFORM, Mandate.SUPERVISION, scope="orders:write")


def test_the_system_passes_and_staff_of_the_platform_do_not():
    party_id = new_id()
    parties.require(SYSTEM, party_id, Role.SALES, scope="orders:write")
    staff = Actor(
        party_id=parties.PLATFORM_ID,
        user_id=new_id(),
        roles=frozenset({Role.OWNER}),
        mandates=frozenset({Mandate.PLATFORM}),
    )
    token = token_of(SYSTEM, *parties.SCOPES)
    for actor in (staff, token):
        with pytest.raises(parties.NotYours):
            parties.require(actor, party_id, Role.SALES, scope="orders:write")
    parties.require_mandate(SYSTEM, Mandate.PLATFORM)
