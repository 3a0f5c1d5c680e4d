"""Holds on parties: in force until each of them is lifted."""

import pytest
from parties_world import authority, company, kinds_of, person, refused, resident_id, user

from cohong.kernel import journal, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import UUID, new_id
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Mandate, Restriction

pytestmark = pytest.mark.django_db


def in_force(*party_ids: UUID, restriction: Restriction = Restriction.TRADE):
    return parties.restricted(party_ids=party_ids, restriction=restriction)


def test_a_restriction_holds_for_what_it_names_until_it_is_lifted():
    office = authority(Mandate.SUPERVISION)
    one, other = company().party_id, company().party_id
    id_ = parties.restrict(actor=office, party_id=one, restriction=Restriction.TRADE, reason=" 投诉集中 ")
    assert in_force(one, other, new_id()) == {one}
    assert in_force(one, restriction=Restriction.PUBLISH) == frozenset()
    [placed] = parties.restrictions(actor=office, party_id=one)
    assert (
        placed.id,
        placed.restriction,
        placed.mandate,
        placed.reason,
        placed.placed_by,
        placed.lifted_at,
    ) == (
        *(id_, Restriction.TRADE, Mandate.SUPERVISION, "投诉集中"),
        *(office.party_id, None),
    )
    parties.lift_restriction(actor=office, id=id_, reason="整改完成")
    assert in_force(one) == frozenset()
    [lifted] = parties.restrictions(actor=office, party_id=one)
    assert (lifted.lift_reason, lifted.lifted_by) == ("整改完成", office.party_id)
    placing, lifting = [filed.envelope for filed in journal.file_of([one])][2:]
    assert (placing.kind, placing.issuer, placing.visible_to) == (
        "parties.restricted",
        office.party_id,
        (one,),
    )
    assert (lifting.kind, lifting.answers) == ("parties.restriction_lifted", (placing.id,))
    assert (placing.body.restriction_id, placing.body.reason, placing.body.mandate) == (
        id_,
        "投诉集中",
        "supervision",
    )


def test_each_of_several_restrictions_has_to_be_lifted():
    office = authority(Mandate.SUPERVISION)
    one = company().party_id
    first = parties.restrict(actor=office, party_id=one, restriction=Restriction.TRADE, reason="a")
    second = parties.restrict(actor=SYSTEM, party_id=one, restriction=Restriction.TRADE, reason="b")
    parties.lift_restriction(actor=office, id=first, reason="c")
    assert in_force(one) == {one}
    parties.lift_restriction(actor=SYSTEM, id=second, reason="d")
    assert in_force(one) == frozenset()
    with refused(parties.AlreadyLifted):
        parties.lift_restriction(actor=SYSTEM, id=second, reason="again")
    assert kinds_of(one)[2:] == ["parties.restricted"] * 2 + ["parties.restriction_lifted"] * 2


def test_who_carries_both_mandates_restricts_as_supervision():
    both = authority(Mandate.PLATFORM, Mandate.SUPERVISION)
    one = company().party_id
    id_ = parties.restrict(actor=both, party_id=one, restriction=Restriction.PAYOUT, reason="fraud")
    with refused(parties.MandateMissing):
        parties.lift_restriction(actor=SYSTEM, id=id_, reason="please")


@pytest.mark.parametrize(
    ("reason", "refusal"),
    [
        ("", parties.BadText),
        ("   ", parties.BadText),
        ("x" * 501, parties.BadText),
        (f"cheated {resident_id()}", parties.PersonalDataInText),
        ("complaint of +86 139 1234 5678", parties.PersonalDataInText),
    ],
)
def test_a_reason_is_given_and_names_nobody(reason: str, refusal: type[Refusal]):
    one = company().party_id
    with refused(refusal, field="reason"):
        parties.restrict(actor=SYSTEM, party_id=one, restriction=Restriction.TRADE, reason=reason)
    id_ = parties.restrict(actor=SYSTEM, party_id=one, restriction=Restriction.TRADE, reason="a")
    with refused(refusal, field="reason"):
        parties.lift_restriction(actor=SYSTEM, id=id_, reason=reason)


def test_what_is_not_there_is_neither_restricted_nor_lifted():
    with refused(parties.PartyNotFound):
        parties.restrict(actor=SYSTEM, party_id=new_id(), restriction=Restriction.TRADE, reason="a")
    with refused(parties.RestrictionNotFound):
        parties.lift_restriction(actor=SYSTEM, id=new_id(), reason="a")


def test_asking_about_many_parties_is_one_statement(monkeypatch: pytest.MonkeyPatch):
    ids = [person(user()) for _ in range(5)]
    for party_id in ids[1:3]:
        parties.restrict(actor=SYSTEM, party_id=party_id, restriction=Restriction.TRADE, reason="a")
    counted = []
    original = sets._cursor
    monkeypatch.setattr(sets, "_cursor", lambda: counted.append(1) or original())
    assert in_force(*ids) == set(ids[1:3])
    assert len(counted) == 1
    assert set(parties.parties(ids=ids)) == set(ids)
    assert len(counted) == 2
    assert parties.restricted(party_ids=[], restriction=Restriction.TRADE) == frozenset()
    assert len(counted) == 2


def test_a_partys_restrictions_are_listed_newest_first_in_pages():
    owner = company()
    ids = [
        parties.restrict(
            actor=SYSTEM, party_id=owner.party_id, restriction=Restriction.TRADE, reason=str(number)
        )
        for number in range(5)
    ]
    first = parties.restrictions(actor=owner, party_id=owner.party_id, limit=3)
    rest = parties.restrictions(actor=owner, party_id=owner.party_id, before=first[-1].id, limit=3)
    assert [one.id for one in first + rest] == ids[::-1]
