"""Who acts for whom, now and before."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection
from parties_world import PASSWORD, authority, company, kinds_of, last_body, member, person, refused, user

from cohong.kernel import clock
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import new_id
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Actor, Kind, Mandate, Role
from cohong.parties.models import User

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
EVENING = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def test_a_role_is_granted_and_ended_and_its_history_stays():
    owner = company()
    newcomer = user("wu")
    with clock.at(MORNING):
        membership_id = parties.grant_membership(
            actor=owner, party_id=owner.party_id, user_id=newcomer, role=Role.SALES
        )
    assert parties.actor_for(user_id=newcomer, party_id=owner.party_id).roles == {Role.SALES}
    with clock.at(EVENING):
        parties.end_membership(actor=owner, party_id=owner.party_id, user_id=newcomer, role=Role.SALES)
    with refused(parties.NotMember):
        parties.actor_for(user_id=newcomer, party_id=owner.party_id)
    assert [one.user_id for one in parties.members(actor=owner, party_id=owner.party_id)] == [owner.user_id]
    _, past = parties.members(actor=owner, party_id=owner.party_id, with_past=True)
    assert (past.id, past.username, past.role) == (membership_id, "wu", Role.SALES)
    assert (past.granted_at, past.ended_at) == (MORNING, EVENING)
    again = parties.grant_membership(actor=owner, party_id=owner.party_id, user_id=newcomer, role=Role.SALES)
    assert again != membership_id
    assert kinds_of(owner.party_id)[2:] == [
        *("parties.membership_granted", "parties.membership_ended", "parties.membership_granted")
    ]
    assert (last_body(owner.party_id).membership_id, last_body(owner.party_id).granted_by) == (
        again,
        owner.user_id,
    )


def test_a_user_has_several_roles_and_parties():
    owner = company(name="甲公司")
    other = company(name="乙公司")
    both = member(owner, Role.SALES, Role.FINANCE)
    assert both.roles == {Role.SALES, Role.FINANCE}
    assert both.may(Role.SALES)
    assert both.may(Role.PURCHASING, Role.FINANCE)
    assert not both.may(Role.PURCHASING)
    assert not both.may()
    assert owner.may(Role.PURCHASING)
    parties.grant_membership(actor=other, party_id=other.party_id, user_id=both.user_id, role=Role.OWNER)
    own = person(both.user_id)
    acting = parties.parties_of(user_id=both.user_id)
    assert [(one.party_id, one.kind, one.roles) for one in acting] == [
        (own, Kind.PERSON, {Role.OWNER}),
        (other.party_id, Kind.ORGANISATION, {Role.OWNER}),
        (owner.party_id, Kind.ORGANISATION, {Role.SALES, Role.FINANCE}),
    ]


def test_a_role_is_granted_once_to_someone_who_is_there():
    owner = company()
    sales = member(owner, Role.SALES)
    with refused(parties.MembershipExists):
        parties.grant_membership(actor=owner, party_id=owner.party_id, user_id=sales.user_id, role=Role.SALES)
    with refused(parties.UserNotFound):
        parties.grant_membership(actor=owner, party_id=owner.party_id, user_id=new_id(), role=Role.SALES)
    with refused(parties.MembershipNotFound):
        parties.end_membership(actor=owner, party_id=owner.party_id, user_id=sales.user_id, role=Role.FINANCE)
    with refused(parties.PartyNotFound):
        parties.grant_membership(actor=SYSTEM, party_id=new_id(), user_id=sales.user_id, role=Role.SALES)


def test_everyone_may_lay_down_a_role_but_the_last_owner():
    owner = company()
    sales = member(owner, Role.SALES, Role.SERVICE)
    parties.end_membership(actor=sales, party_id=owner.party_id, user_id=sales.user_id, role=Role.SALES)
    assert last_body(owner.party_id).ended_by == sales.user_id
    with refused(parties.LastOwner):
        parties.end_membership(actor=owner, party_id=owner.party_id, user_id=owner.user_id, role=Role.OWNER)
    second = member(owner, Role.OWNER)
    parties.end_membership(actor=owner, party_id=owner.party_id, user_id=owner.user_id, role=Role.OWNER)
    with refused(parties.LastOwner):
        parties.end_membership(actor=second, party_id=owner.party_id, user_id=second.user_id, role=Role.OWNER)


def test_who_may_not_sign_in_acts_for_nobody():
    owner = company()
    User.objects.filter(pk=owner.user_id).update(is_active=False)
    with refused(parties.NotMember):
        parties.actor_for(user_id=owner.user_id, party_id=owner.party_id)
    with refused(parties.UserNotFound):
        person(owner.user_id)


@pytest.mark.parametrize(
    ("username", "password", "refusal"),
    [
        ("", PASSWORD, parties.UsernameInvalid),
        ("with space", PASSWORD, parties.UsernameInvalid),
        ("x" * 151, PASSWORD, parties.UsernameInvalid),
        ("TAKEN", PASSWORD, parties.UsernameTaken),
        ("free", "short", parties.PasswordTooWeak),
        ("free", "1234567890", parties.PasswordTooWeak),
        ("free", "password1", parties.PasswordTooWeak),
    ],
)
def test_a_user_is_not_made_of_just_anything(username: str, password: str, refusal: type[Refusal]):
    user("taken")
    with refused(refusal):
        parties.sign_up(username=username, password=password)
    with refused(parties.UsernameInvalid):
        parties.sign_up(username="free", password=PASSWORD, email="no address")


def test_passwords_are_kept_hashed():
    user_id = user("hashed")
    stored = User.objects.get(pk=user_id)
    assert PASSWORD not in stored.password
    assert stored.check_password(PASSWORD)


def test_without_a_password_nobody_signs_in():
    user_id = parties.sign_up(username="later", password=None)
    assert not User.objects.get(pk=user_id).has_usable_password()


# --- authorities -----------------------------------------------------------------------------------------


def test_members_carry_their_authoritys_mandates_while_it_has_them():
    office = authority(Mandate.STATISTICS)
    clerk = member(office, Role.SERVICE)
    assert clerk.mandates == {Mandate.STATISTICS}
    parties.grant_mandate(actor=SYSTEM, party_id=office.party_id, mandate=Mandate.SUPERVISION)
    clerk = parties.actor_for(user_id=clerk.user_id, party_id=office.party_id)
    assert clerk.mandates == {Mandate.STATISTICS, Mandate.SUPERVISION}
    parties.end_mandate(actor=SYSTEM, party_id=office.party_id, mandate=Mandate.STATISTICS)
    clerk = parties.actor_for(user_id=clerk.user_id, party_id=office.party_id)
    assert clerk.mandates == {Mandate.SUPERVISION}
    assert kinds_of(office.party_id)[-2:] == ["parties.mandate_granted", "parties.mandate_ended"]


def test_mandates_are_for_authorities_once_and_the_platform_keeps_its_own():
    office, firm = authority(Mandate.CUSTOMS), company()
    with refused(parties.MandateExists):
        parties.grant_mandate(actor=SYSTEM, party_id=office.party_id, mandate=Mandate.CUSTOMS)
    with refused(parties.NotAnAuthority):
        parties.grant_mandate(actor=SYSTEM, party_id=firm.party_id, mandate=Mandate.CUSTOMS)
    with refused(parties.PartyNotFound):
        parties.grant_mandate(actor=SYSTEM, party_id=new_id(), mandate=Mandate.CUSTOMS)
    with refused(parties.MandateNotFound):
        parties.end_mandate(actor=SYSTEM, party_id=office.party_id, mandate=Mandate.PLATFORM)
    with refused(parties.MandateNotFound):
        parties.end_mandate(actor=SYSTEM, party_id=parties.PLATFORM_ID, mandate=Mandate.PLATFORM)


def test_the_platforms_own_party_is_made_once_and_its_staff_carry_its_mandate():
    assert parties.ensure_platform() == parties.ensure_platform() == parties.PLATFORM_ID
    assert kinds_of(parties.PLATFORM_ID) == ["parties.registered", "parties.mandate_granted"]
    staff = user()
    parties.grant_membership(actor=SYSTEM, party_id=parties.PLATFORM_ID, user_id=staff, role=Role.OWNER)
    actor = parties.actor_for(user_id=staff, party_id=parties.PLATFORM_ID)
    assert actor.mandates == {Mandate.PLATFORM}
    assert not actor.is_system


# --- at the same time ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_end_each_other_at_once_leave_one():
    first = company()
    second = member(first, Role.OWNER)
    outcomes = []
    start = threading.Barrier(2)

    def end(actor: Actor, other: Actor):
        start.wait(10)
        try:
            parties.end_membership(
                actor=actor, party_id=first.party_id, user_id=other.user_id, role=Role.OWNER
            )
            outcomes.append("done")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=end, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["LastOwner", "done"]


@pytest.mark.django_db(transaction=True)
def test_one_who_registers_in_many_threads_is_registered_once():
    mine = user()
    outcomes = []
    start = threading.Barrier(6)

    def register():
        start.wait(10)
        try:
            outcomes.append(person(mine, resident_id="360426199101010071"))
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=register) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes))[1:] == ["AlreadyRegistered"] * 5
    [acting] = parties.parties_of(user_id=mine)
    assert kinds_of(acting.party_id) == ["parties.registered", "parties.membership_granted"]


def test_roles_are_set_all_at_once_or_not_at_all():
    owner = company()
    newcomer = user("wu")
    assert parties.user_named(username="Wu") == newcomer
    with refused(parties.UserNotFound):
        parties.user_named(username="nobody-here")

    def set_to(*roles: Role, who=newcomer, by: Actor = owner) -> None:
        parties.set_roles(actor=by, party_id=owner.party_id, user_id=who, roles=roles)

    set_to(Role.SALES, Role.FINANCE)
    first = {one.id: one.role for one in parties.members(actor=owner, party_id=owner.party_id)}
    set_to(Role.FINANCE, Role.WAREHOUSE)
    second = {one.id: one.role for one in parties.members(actor=owner, party_id=owner.party_id)}
    assert set(second.values()) == {Role.OWNER, Role.FINANCE, Role.WAREHOUSE}
    # What stays is the same membership, not a new one.
    assert {id_ for id_ in first if id_ in second} == {
        id_ for id_, role in first.items() if role != Role.SALES
    }
    set_to()
    with refused(parties.NotMember):
        parties.actor_for(user_id=newcomer, party_id=owner.party_id)
    with refused(parties.LastOwner):
        set_to(Role.SALES, who=owner.user_id)
    assert parties.actor_for(user_id=owner.user_id, party_id=owner.party_id).roles == {Role.OWNER}
    for stranger in (company(), member(owner, Role.SALES)):
        with refused(parties.NotYours):
            set_to(Role.OWNER, by=stranger)
