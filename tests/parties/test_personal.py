"""Personal data: encrypted where it lies, masked where it is shown, every look recorded."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError
from parties_world import (
    authority,
    company,
    credit_code,
    kinds_of,
    last_body,
    member,
    person,
    picture,
    places,
    refused,
    resident_id,
    token_of,
    user,
)

from cohong.kernel import clock, privacy, rotation, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import new_id
from cohong.kernel.states import WrongState
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Actor, Mandate, Role

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
FIELDS = ("full_name", "resident_id", "legal_representative", "phone", "address")


def shown(view: parties.ContactView) -> tuple[str, ...]:
    return tuple(getattr(view, name) for name in FIELDS)


def test_personal_data_lies_encrypted():
    mine = user()
    person(mine, name="伍崇曜", resident_id=resident_id(), phone="13712345678")
    company(mine)
    for row in sets.fetch(
        "select full_name, resident_id, legal_representative, phone, address from parties_personal_record"
    ):
        assert all(value is None or privacy.is_encrypted(value) for value in row)
    everything = " ".join(text for (text,) in sets.fetch("select r::text from parties_personal_record r"))
    for secret in ("伍崇曜", "伍秉鉴", resident_id(), "13712345678", "13912345678", "十三行路"):
        assert secret not in everything


def test_those_entitled_see_it_in_clear_and_all_others_masked():
    owner = company()
    clear = ("", "", "伍秉鉴", "+8613912345678", "广东省广州市荔湾区十三行路1号")
    masked = ("", "", "伍**", "+86 139****5678", "广东省广州市荔湾区****")
    office = authority(Mandate.SUPERVISION)
    entitled = [owner, member(owner, Role.SERVICE), token_of(owner, "parties:read")]
    for actor in entitled:
        view = parties.contact(actor=actor, party_id=owner.party_id)
        assert (view.in_clear, shown(view)) == (True, clear)
    view = parties.contact(actor=office, party_id=owner.party_id, reason="case 12")
    assert (view.in_clear, shown(view)) == (True, clear)
    for actor in (office, company(), SYSTEM, authority(Mandate.PLATFORM, Mandate.STATISTICS)):
        view = parties.contact(actor=actor, party_id=owner.party_id)
        assert (view.in_clear, shown(view)) == (False, masked)
    for actor in (company(), SYSTEM):
        assert not parties.contact(actor=actor, party_id=owner.party_id, reason="curious").in_clear


def test_a_persons_number_is_masked():
    party_id = person(name="伍崇曜", resident_id=resident_id(), phone="+852 9123 4567")
    view = parties.contact(actor=company(), party_id=party_id)
    number = resident_id()
    assert shown(view) == ("伍**", f"440****{number[-2:]}", "", "+852 91****67", "")


def test_every_look_is_recorded_and_cannot_be_undone():
    owner, rival, office = company(), company(), authority(Mandate.SUPERVISION)
    with clock.at(NOON):
        parties.contact(actor=rival, party_id=owner.party_id)
        parties.contact(actor=office, party_id=owner.party_id, reason="case 12")
    seen = parties.looks(actor=owner, party_id=owner.party_id)
    assert [
        (one.by_party, one.by_user, one.in_clear, one.reason, one.what, one.looked_at) for one in seen
    ] == [
        (office.party_id, office.user_id, True, "case 12", FIELDS, NOON),
        (rival.party_id, rival.user_id, False, "", FIELDS, NOON),
    ]
    assert parties.looks(actor=owner, party_id=owner.party_id, before=seen[0].id) == seen[1:]
    assert parties.looks(actor=office, party_id=owner.party_id) == seen
    for statement in (
        "update parties_personal_look set in_clear = false",
        "delete from parties_personal_look",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            sets.run(statement)


def test_other_modules_record_their_looks_here():
    owner, rival = company(), company()
    parties.record_looks(
        actor=rival,
        party_ids=[owner.party_id, rival.party_id],
        what=["address"],
        in_clear=True,
        reason="order",
    )
    [look] = parties.looks(actor=owner, party_id=owner.party_id)
    assert (look.by_party, look.what, look.in_clear) == (rival.party_id, ("address",), True)


def test_a_look_that_is_refused_shows_and_records_nothing():
    owner = company()
    with refused(parties.PartyNotFound):
        parties.contact(actor=owner, party_id=new_id())
    with refused(parties.ScopeMissing):
        parties.contact(actor=token_of(owner, "orders:read"), party_id=owner.party_id)
    with refused(parties.PersonalDataInText):
        parties.contact(actor=owner, party_id=owner.party_id, reason="13912345678")


# --- changing --------------------------------------------------------------------------------------------


def confirmed(actor: Actor):
    sets.run(
        "update parties_party set state = 'confirmed', confirmed_at = %s where id = %s",
        (NOON, actor.party_id),
    )


def test_changing_what_was_confirmed_needs_confirming_anew():
    owner = company()
    for changes, state in (
        ({"phone": "+852 9123 4567", "address": "同文街2号", "name_en": "Ten Hongs"}, "confirmed"),
        ({"legal_representative": "伍崇曜"}, "unconfirmed"),
        ({"name": "新公司"}, "unconfirmed"),
        ({"uscc": credit_code(909)}, "unconfirmed"),
    ):
        confirmed(owner)
        parties.change_details(actor=owner, party_id=owner.party_id, **changes)
        assert parties.party(party_id=owner.party_id).state == state
    view = parties.party(party_id=owner.party_id)
    assert (view.name, view.name_en, view.credit_code) == ("新公司", "Ten Hongs", credit_code(909))
    contact = parties.contact(actor=owner, party_id=owner.party_id)
    assert shown(contact) == ("", "", "伍崇曜", "+85291234567", "同文街2号")
    assert kinds_of(owner.party_id)[2:] == ["parties.details_changed"] * 4
    assert last_body(owner.party_id).credit_code == credit_code(909)


def test_a_change_of_nothing_is_nothing():
    places()
    owner = company(region_code="440100")
    before = picture()
    parties.change_details(actor=owner, party_id=owner.party_id)
    parties.change_details(
        actor=owner,
        party_id=owner.party_id,
        name="广州钢铁有限公司",
        phone="139-1234-5678",
        region_code="440100",
    )
    assert picture() == before


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": ""}, parties.BadText),
        ({"uscc": "123"}, parties.CreditCodeInvalid),
        ({"uscc": credit_code(931)}, parties.AlreadyRegistered),
        ({"region_code": "990000"}, parties.RegionUnknown),
        ({"industry_code": "alchemy"}, parties.IndustryUnknown),
        ({"phone": "123"}, parties.PhoneInvalid),
        ({"resident_id": "123"}, parties.ResidentIdInvalid),
        ({"resident_id": resident_id(931)}, parties.AlreadyRegistered),
    ],
)
def test_a_bad_change_is_refused(changes: dict[str, Any], refusal: type[Refusal]):
    company(uscc=credit_code(931))
    person(resident_id=resident_id(931))
    owner = company()
    with refused(refusal):
        parties.change_details(actor=owner, party_id=owner.party_id, **changes)


def test_a_person_corrects_their_number_and_gets_no_company_code():
    mine = user()
    party_id = person(mine, resident_id=resident_id(1))
    actor = parties.actor_for(user_id=mine, party_id=party_id)
    parties.change_details(actor=actor, party_id=party_id, resident_id=resident_id(2), full_name="潘文岩")
    person(resident_id=resident_id(1))
    view = parties.contact(actor=actor, party_id=party_id)
    assert (view.full_name, view.resident_id) == ("潘文岩", resident_id(2))
    for changes in ({"uscc": credit_code(1)}, {"legal_representative": "别人"}):
        with refused(parties.NotForPeople):
            parties.change_details(actor=actor, party_id=party_id, **changes)


def test_nothing_that_is_being_confirmed_can_be_changed():
    owner = company()
    parties.request_confirmation(actor=owner, party_id=owner.party_id)
    with refused(WrongState, act="change", state="confirming"):
        parties.change_details(actor=owner, party_id=owner.party_id, name="另一家")
    parties.change_details(actor=owner, party_id=owner.party_id, phone="13600000000")


def test_keys_are_rotated_by_writing_each_record_once(settings: Any):
    people = [person(resident_id=resident_id(number)) for number in range(1, 8)]
    new_key = "bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LWtleSE="
    settings.COHONG_DATA_KEYS = [new_key, *settings.COHONG_DATA_KEYS]
    assert rotation.reencrypt()["parties_personal_record"] == 7
    settings.COHONG_DATA_KEYS = [new_key]
    for number, party_id in enumerate(people, start=1):
        assert (
            parties.contact(actor=SYSTEM, party_id=party_id).resident_id
            == f"440****{resident_id(number)[-2:]}"
        )
        with refused(parties.AlreadyRegistered):
            person(resident_id=resident_id(number))
    assert all(check.ok for check in parties.audit())
