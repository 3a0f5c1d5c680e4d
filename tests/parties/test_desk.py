"""What authorities look up and do at their desks, and the record that is kept of it."""

import pytest
from parties_world import authority, company, refused, user

from cohong.kernel import journal, parameters, sets
from cohong.kernel.ids import named_id, new_id
from cohong.parties import api as parties
from cohong.parties.api import Confirmation, DeskAct, HoldKind, Mandate, Names, Restriction

pytestmark = pytest.mark.django_db


def test_a_phone_number_finds_its_parties_and_each_is_a_recorded_look():
    office, platform = authority(Mandate.SUPERVISION), authority(Mandate.PLATFORM)
    one, two = company(phone="13700001111"), company(phone="+86 137-0000-1111")
    company(phone="13700002222")
    found = parties.find_by_phone(actor=office, phone="137 0000 1111", reason="投诉 12315")
    assert [party.id for party in found] == [two.party_id, one.party_id]
    [look] = parties.looks(actor=office, party_id=one.party_id)
    assert (look.by_party, look.by_user, look.what, look.in_clear, look.reason) == (
        *(office.party_id, office.user_id, ("phone",), False, "投诉 12315"),
    )
    with refused(parties.BadText):
        parties.find_by_phone(actor=office, phone="13700001111", reason=" ")
    with refused(parties.PhoneInvalid):
        parties.find_by_phone(actor=office, phone="no number", reason="投诉")
    with refused(parties.MandateMissing):
        parties.find_by_phone(actor=platform, phone="13700001111", reason="投诉")


def test_users_are_found_by_the_beginning_of_their_name_with_their_mail_masked():
    office = authority(Mandate.SUPERVISION)
    ids = [
        parties.sign_up(
            username=f"lin_{name}", password="a long enough sentence", email=f"{name}@example.com"
        )
        for name in "ab"
    ]
    parties.sign_up(username="linxa", password="a long enough sentence")
    found = parties.find_users(actor=office, text="LIN_")
    assert [(one.id, one.username, one.email) for one in found] == [
        (ids[1], "lin_b", "b****@example.com"),
        (ids[0], "lin_a", "a****@example.com"),
    ]
    assert [one.id for one in parties.find_users(actor=office, text="lin_", before=ids[1])] == [ids[0]]
    assert parties.find_users(actor=office, text="%") == []
    owner = company()
    assert parties.memberships_of(actor=office, user_id=owner.user_id) == [
        (owner.party_id, parties.Role.OWNER, True)
    ]
    with refused(parties.UserNotFound):
        parties.user(actor=office, user_id=new_id())


def test_who_waits_for_confirmation_is_listed_and_counted_by_age():
    platform = authority(Mandate.PLATFORM)
    first, second = company(), company()
    parties.request_confirmation(actor=second, party_id=second.party_id)
    waiting = parties.awaiting(actor=platform, states=[Confirmation.UNCONFIRMED, Confirmation.CONFIRMING])
    assert [one.party.id for one in waiting] == [first.party_id, second.party_id]
    after = parties.awaiting(
        actor=platform, states=[Confirmation.UNCONFIRMED, Confirmation.CONFIRMING], after=first.party_id
    )
    assert [one.party.id for one in after] == [second.party_id]
    assert parties.counts(actor=platform) == {Confirmation.UNCONFIRMED: 1, Confirmation.CONFIRMING: 1}


def test_authorities_are_listed_with_the_mandates_they_carry_and_carried():
    platform, office = authority(Mandate.PLATFORM), authority(Mandate.STATISTICS)
    parties.end_mandate(actor=platform, party_id=office.party_id, mandate=Mandate.STATISTICS)
    listed = {one.party.id: one.mandates for one in parties.authorities(actor=platform)}
    [ended] = listed[office.party_id]
    assert (ended.mandate, ended.ended_at is None) == (Mandate.STATISTICS, False)
    [held] = listed[platform.party_id]
    assert (held.mandate, held.ended_at) == (Mandate.PLATFORM, None)


def test_restrictions_in_force_are_listed_oldest_first():
    office = authority(Mandate.SUPERVISION)
    one, other = company().party_id, company().party_id
    ids = [
        parties.restrict(actor=office, party_id=party_id, restriction=Restriction.TRADE, reason="投诉集中")
        for party_id in (other, one, one)
    ]
    parties.lift_restriction(actor=office, id=ids[1], reason="整改完成")
    assert [held.id for held in parties.restrictions_in_force(actor=office)] == [ids[0], ids[2]]
    assert [held.id for held in parties.restrictions_in_force(actor=office, after=ids[0])] == [ids[2]]


# --- the record ------------------------------------------------------------------------------------------


def test_the_record_keeps_who_did_what_and_never_a_phone_number():
    platform, office = authority(Mandate.PLATFORM), authority(Mandate.SUPERVISION)
    order = new_id()
    parties.note_at_desk(actor=office, what=DeskAct.SEARCH, about="13912345678")
    parties.note_at_desk(
        actor=office, what=DeskAct.OPEN_ORDER, subject=order, about="7K3M-92QX-P", reason="投诉"
    )
    parties.note_at_desk(actor=platform, what=DeskAct.FEE, about="retail")
    seen = parties.desk_record(actor=platform)
    assert [(one.party_id, one.what, one.about, one.reason) for one in seen] == [
        (platform.party_id, DeskAct.FEE, "retail", ""),
        (office.party_id, DeskAct.OPEN_ORDER, "7K3M-92QX-P", "投诉"),
        (office.party_id, DeskAct.SEARCH, "", ""),
    ]
    assert [one.user_id for one in parties.desk_record(actor=platform, subject=order)] == [office.user_id]
    own = parties.desk_record(actor=office, party_id=platform.party_id)
    assert {one.party_id for one in own} == {office.party_id}, "supervision reads its own record only"
    assert parties.desk_record(actor=platform, whats=(DeskAct.FEE,), before=seen[0].id) == []
    with refused(parties.MandateMissing):
        parties.note_at_desk(actor=company(), what=DeskAct.SEARCH)
    with pytest.raises(Exception, match="Cannot update or delete"):
        sets.run("delete from parties_desk_entry")


def test_looks_are_listed_by_who_looked():
    platform, office = authority(Mandate.PLATFORM), authority(Mandate.SUPERVISION)
    one = company()
    parties.contact(actor=office, party_id=one.party_id, reason="核查")
    [look] = parties.looks_by(actor=platform, party_id=office.party_id)
    assert (look.party_id, look.in_clear, look.reason) == (one.party_id, True, "核查")
    assert parties.looks_by(actor=office, party_id=office.party_id) == [look]
    with refused(parties.MandateMissing):
        parties.looks_by(actor=office, party_id=platform.party_id)


# --- grounds and parameters ------------------------------------------------------------------------------


def test_grounds_for_holds_are_public_reference_data_by_what_they_stop():
    office = authority(Mandate.SUPERVISION)
    parties.define_hold_reason(
        actor=office,
        code="fake",
        names=Names("涉嫌假冒商标", "涉嫌假冒商標", "Suspected counterfeit"),
        law=Names("商标法第五十七条", "商標法第五十七條", "Trademark Law, art. 57"),
        applies_to=[HoldKind.LISTING, HoldKind.PARTY],
    )
    [reason] = parties.hold_reasons(kind=HoldKind.LISTING)
    assert (reason.code, reason.law.en) == ("fake", "Trademark Law, art. 57")
    assert parties.hold_reasons(kind=HoldKind.ORDER) == []
    again = {"names": reason.names, "law": reason.law, "applies_to": [HoldKind.PARTY], "retired": True}
    parties.define_hold_reason(actor=office, code="fake", **again)
    parties.define_hold_reason(actor=office, code="fake", **again)
    assert parties.hold_reasons() == []
    assert [one.retired for one in parties.hold_reasons(with_retired=True)] == [True]
    documents = journal.file_of([named_id("hold-reason", "fake")])
    assert [(one.envelope.body.retired, one.envelope.body.public) for one in documents] == [
        (False, True),
        (True, True),
    ]
    for wrong in ({"applies_to": []}, {"position": -1}):
        with refused(parties.BadText):
            parties.define_hold_reason(actor=office, code="fake", **(again | wrong))


def test_a_parameter_is_changed_by_the_platform_with_a_reason():
    platform = authority(Mandate.PLATFORM)
    document = parties.set_parameter(actor=platform, name="orders.pay_hours", value=48, reason="国庆长假")
    [change] = parameters.changes(name="orders.pay_hours")
    assert (change.was, change.value, change.reason, change.set_by, change.set_by_user, change.document) == (
        *(24, 48, "国庆长假", platform.party_id, platform.user_id, document),
    )
    with refused(parties.BadText):
        parties.set_parameter(actor=platform, name="orders.pay_hours", value=24, reason="")


# --- reading the journal ---------------------------------------------------------------------------------


def test_everyone_reads_what_was_published_and_an_authority_all():
    office, one, other = authority(Mandate.SUPERVISION), company(), company()
    reader = user()
    parties.set_parameter(actor=parties.SYSTEM, name="orders.pay_hours", value=48, reason="长假")
    journal.pump()
    assert {filed.envelope.kind for filed in parties.published(actor=None)} == {"kernel.parameter_changed"}
    assert {filed.envelope.kind for filed in parties.published(actor=one)} == {"kernel.parameter_changed"}
    assert len(parties.published(actor=office, limit=200)) == journal.size()
    assert len(parties.about(actor=one, subject=one.party_id)) > 0
    assert parties.about(actor=other, subject=one.party_id) == []
    assert len(parties.about(actor=office, subject=one.party_id)) == len(
        parties.about(actor=one, subject=one.party_id)
    )
    asked = parties.Asked(kinds=["parties.registered"])
    assert parties.published(actor=one, asked=asked) == []
    assert {filed.envelope.kind for filed in parties.published(actor=office, asked=asked)} == {
        "parties.registered"
    }
    assert reader
