"""Coming to the platform: codes are checked, nobody comes twice, and each registration is one document."""

from typing import Any

import pytest
from parties_world import (
    authority,
    company,
    credit_code,
    kinds_of,
    last_body,
    person,
    picture,
    places,
    refused,
    resident_id,
    token_of,
    user,
)

from cohong.kernel import journal, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import new_id
from cohong.parties import api as parties
from cohong.parties import rules
from cohong.parties.api import SYSTEM, Kind, Mandate, Registration, Role

pytestmark = pytest.mark.django_db


def wrong_check(code: str) -> str:
    return code[:-1] + ("0" if code[-1] != "0" else "1")


def test_an_organisation_is_registered_with_its_owner_and_its_document():
    places()
    owner = user()
    code = credit_code(77)
    actor = company(
        owner,
        name=" 佛山陶瓷厂 ",
        name_en="Foshan Tiles",
        uscc=f" {code.lower()} ",
        region_code="440100",
        industry_code="steel",
    )
    view = parties.party(party_id=actor.party_id)
    assert (view.kind, view.name, view.name_en, view.country) == (
        Kind.ORGANISATION,
        "佛山陶瓷厂",
        "Foshan Tiles",
        "CN",
    )
    assert (view.region_code, view.industry_code, view.credit_code) == ("440100", "steel", code)
    assert (view.state, view.confirmed) == (parties.Confirmation.UNCONFIRMED, False)
    assert (actor.roles, actor.mandates, actor.scopes) == ({Role.OWNER}, frozenset(), None)
    assert kinds_of(actor.party_id) == ["parties.registered", "parties.membership_granted"]
    [registered, granted] = [filed.envelope for filed in journal.file_of([actor.party_id])]
    assert (registered.issuer, registered.body.credit_code, registered.body.name) == (
        actor.party_id,
        code,
        "佛山陶瓷厂",
    )
    assert (granted.body.user_id, granted.body.role, granted.body.granted_by) == (owner, "owner", owner)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "12345",
        wrong_check(credit_code(5)),
        credit_code(5)[:-1],
        credit_code(5) + "0",
        credit_code(5).replace("MA", "IO"),
        "A1110000600037341L",
        "９" * 18,
        "9" * 5_000,
    ],
)
def test_a_wrong_credit_code_is_refused(code: str):
    owner = user()
    with refused(parties.CreditCodeInvalid):
        company(owner, uscc=code)


@pytest.mark.parametrize(
    "number",
    [
        resident_id(born="19910230"),
        resident_id(born="19911301"),
        resident_id(born="20990101"),  # the form is right, and nobody was born then yet
        resident_id(born="00000000"),
        wrong_check(resident_id()),
        resident_id()[:-1],
        "999999199101010013",  # the check digit is right, and there is no such place
        "X" * 18,
        "1" * 5_000,
    ],
)
def test_a_wrong_resident_id_is_refused_without_repeating_it(number: str):
    with refused(parties.ResidentIdInvalid):
        person(resident_id=number)
    with pytest.raises(parties.ResidentIdInvalid) as caught:
        rules.clean_resident_id(number)
    assert caught.value.params == {}


@pytest.mark.parametrize("phone", ["123", "1391234567a", "++8613912345678", "phone", "1" * 16, "1" * 5_000])
def test_a_wrong_phone_is_refused(phone: str):
    owner = user()
    with refused(parties.PhoneInvalid if len(phone) <= 40 else parties.BadText):
        company(owner, phone=phone)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("139 1234-5678", "+8613912345678"),
        ("+86 139 1234 5678", "+8613912345678"),
        ("0086-13912345678", "+8613912345678"),
        ("（020）8888-1234", "02088881234"),
        ("+852 9123 4567", "+85291234567"),
        ("+44 (20) 7946 0958", "+442079460958"),
    ],
)
def test_phones_have_one_form(typed: str, kept: str):
    assert rules.clean_phone(typed) == kept


@pytest.mark.parametrize(
    ("changes", "refusal", "params"),
    [
        ({"name": ""}, parties.BadText, {"field": "name", "least": 1, "most": 200}),
        ({"name": " \t "}, parties.BadText, {"field": "name"}),
        ({"name": "厂" * 201}, parties.BadText, {"field": "name"}),
        ({"name": "two\nlines"}, parties.BadText, {"field": "name"}),
        ({"name": "a\x00b"}, parties.BadText, {"field": "name"}),
        ({"name_en": "x" * 201}, parties.BadText, {"field": "name_en", "least": 0}),
        ({"name": "电话13912345678"}, parties.PersonalDataInText, {"field": "name"}),
        ({"name": f"身份证{resident_id()}"}, parties.PersonalDataInText, {"field": "name"}),
        ({"legal_representative": "x" * 201}, parties.BadText, {"field": "legal_representative"}),
        ({"address": "x" * 301}, parties.BadText, {"field": "address", "most": 300}),
        ({"region_code": "990000"}, parties.RegionUnknown, {"code": "990000"}),
        ({"industry_code": "alchemy"}, parties.IndustryUnknown, {"code": "alchemy"}),
        ({"kind": Kind.AUTHORITY}, parties.AuthorityByPlatformOnly, {}),
    ],
)
def test_an_organisation_with_bad_details_is_refused(
    changes: dict[str, Any], refusal: type[Refusal], params: dict[str, Any]
):
    owner = user()
    with refused(refusal, **params):
        company(owner, **changes)


def test_nobody_is_registered_for_a_user_who_is_not_there():
    with refused(parties.UserNotFound):
        company(new_id())
    with refused(parties.UserNotFound):
        person(new_id())


def test_an_organisation_comes_once():
    first = company(uscc=credit_code(8))
    another = user()
    with refused(parties.AlreadyRegistered, field="credit_code"):
        company(another, uscc=credit_code(8).lower())
    assert kinds_of(first.party_id) == ["parties.registered", "parties.membership_granted"]


def test_a_person_shows_a_masked_name_and_is_a_user_once():
    mine = user()
    party_id = person(mine, name="潘振承", resident_id=resident_id())
    view = parties.party(party_id=party_id)
    assert (view.kind, view.name, view.credit_code) == (Kind.PERSON, "潘**", "")
    assert [(one.party_id, one.roles) for one in parties.parties_of(user_id=mine)] == [
        (party_id, {Role.OWNER})
    ]
    with refused(parties.AlreadyRegistered, field="user"):
        person(mine, name="别人")
    assert parties.party(party_id=person(name="王五", display_name="老王")).name == "老王"


def test_a_resident_id_is_registered_once_however_it_is_written():
    number = next(one for one in (resident_id(serial) for serial in range(1, 99)) if one.endswith("X"))
    person(resident_id=number)
    with refused(parties.AlreadyRegistered, field="resident_id"):
        person(resident_id=number.lower())
    with refused(parties.AlreadyRegistered, field="resident_id"):
        person(resident_id=f" {number} ")


def test_a_resident_id_is_found_under_an_older_key(settings: Any):
    person(resident_id=resident_id())
    settings.COHONG_DATA_KEYS = ["bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LWtleSE=", *settings.COHONG_DATA_KEYS]
    with refused(parties.AlreadyRegistered, field="resident_id"):
        person(resident_id=resident_id())


def test_an_organisation_from_abroad_comes_with_its_own_registers_number():
    details = {
        "name": "Canton Tea Ltd",
        "country": "GB",
        "registration_number": "0123 4567",
        "legal_representative": "J. Matheson",
        "address": "1 Lombard Street, London",
        "phone": "+44 20 7946 0958",
    }
    owner = user()
    party_id = parties.register_foreign(actor_user_id=owner, **details)
    view = parties.party(party_id=party_id)
    assert (view.country, view.registration_number, view.credit_code) == ("GB", "0123 4567", "")
    with refused(parties.AlreadyRegistered, field="registration_number"):
        parties.register_foreign(actor_user_id=owner, **details)
    assert parties.register_foreign(actor_user_id=owner, **(details | {"country": "IE"})) != party_id
    for country in ("gb", "GBR", "", "1A"):
        with refused(parties.BadCountry):
            parties.register_foreign(actor_user_id=owner, **(details | {"country": country}))


def test_an_authority_comes_with_its_mandates_by_the_platform_only():
    actor = authority(Mandate.SUPERVISION, Mandate.STATISTICS)
    assert actor.mandates == {Mandate.SUPERVISION, Mandate.STATISTICS}
    assert parties.mandates_of(party_id=actor.party_id) == actor.mandates
    assert kinds_of(actor.party_id) == [
        *(
            "parties.registered",
            "parties.mandate_granted",
            "parties.mandate_granted",
            "parties.membership_granted",
        )
    ]
    for stranger in (company(), actor):
        with refused(parties.MandateMissing):
            parties.register_authority(actor=stranger, name="x", mandates=[Mandate.PLATFORM])


# --- many at once ----------------------------------------------------------------------------------------


def test_many_are_registered_each_with_its_own_outcome_in_order():
    places()
    before = company(uscc=credit_code(1))
    ids = [new_id() for _ in range(12)]
    items = [
        Registration(id=ids[0], name="Shop 17850", country="GB"),
        Registration(
            id=ids[1], name="某厂", credit_code=credit_code(2), region_code="440100", industry_code="steel"
        ),
        Registration(id=ids[2], name="same code", credit_code=credit_code(2)),
        Registration(id=ids[3], name="code taken", credit_code=credit_code(1)),
        Registration(id=ids[4], name="bad code", credit_code="123"),
        Registration(id=ids[5], name="", country="GB"),
        Registration(id=ids[6], name="nowhere", region_code="000000"),
        Registration(id=ids[0], name="Shop 17850", country="GB"),
        Registration(id=ids[0], name="Another shop", country="GB"),
        Registration(id=ids[7], name="Walk-in", kind=Kind.PERSON, country="GB"),
        Registration(id=ids[8], name="Person Ltd", kind=Kind.PERSON, credit_code=credit_code(3)),
        Registration(id=ids[9], name="number", country="FR", registration_number="7"),
        Registration(id=ids[10], name="number again", country="FR", registration_number="7"),
        Registration(id=ids[11], name="unknown trade", industry_code="alchemy"),
        Registration(id=before.party_id, name="not me"),
    ]
    documents_before = len(journal.file_of(ids))
    outcomes = parties.register_many(actor=SYSTEM, items=items)
    assert [one if not isinstance(one, Refusal) else (one.code, one.params) for one in outcomes] == [
        ids[0],
        ids[1],
        ("AlreadyRegistered", {"field": "credit_code"}),
        ("AlreadyRegistered", {"field": "credit_code"}),
        ("CreditCodeInvalid", {"code": "123"}),
        ("BadText", {"field": "name", "least": 1, "most": 200}),
        ("RegionUnknown", {"code": "000000"}),
        ids[0],
        ("RegisteredDifferently", {"party_id": ids[0]}),
        ids[7],
        ("NotForPeople", {"field": "credit_code"}),
        ids[9],
        ("AlreadyRegistered", {"field": "registration_number"}),
        ("IndustryUnknown", {"code": "alchemy"}),
        ("RegisteredDifferently", {"party_id": before.party_id}),
    ]
    assert documents_before == 0
    filed = journal.file_of(ids)
    assert sorted(one.envelope.subject for one in filed) == sorted([ids[0], ids[1], ids[7], ids[9]])
    assert {one.envelope.issuer for one in filed} == {parties.PLATFORM_ID}
    assert set(parties.parties(ids=ids)) == {ids[0], ids[1], ids[7], ids[9]}
    assert parties.party(party_id=ids[7]).name == "Walk-in"


def test_registering_many_again_changes_nothing():
    items = [Registration(id=new_id(), name=f"Shop {number}", country="GB") for number in range(20)]
    first = parties.register_many(actor=SYSTEM, items=items)
    taken = picture()
    assert parties.register_many(actor=SYSTEM, items=items) == first == [item.id for item in items]
    assert picture() == taken
    assert parties.register_many(actor=SYSTEM, items=[]) == []


def test_a_batch_takes_as_many_statements_as_one():
    places()

    def statements(size: int) -> int:
        counted = []
        original = sets._cursor
        sets._cursor = lambda: counted.append(1) or original()
        try:
            items = [
                Registration(id=new_id(), name="Shop", region_code="440100", industry_code="steel")
                for _ in range(size)
            ]
            assert parties.register_many(actor=SYSTEM, items=items) == [item.id for item in items]
        finally:
            sets._cursor = original
        return len(counted)

    assert statements(1) == statements(500) == 5


def test_registering_many_takes_the_platforms_mandate():
    item = Registration(id=new_id(), name="Shop")
    for stranger in (company(), authority(Mandate.SUPERVISION), token_of(SYSTEM, "parties:read")):
        with refused(parties.ScopeMissing if stranger.scopes else parties.MandateMissing):
            parties.register_many(actor=stranger, items=[item])
    assert parties.register_many(actor=token_of(SYSTEM, "parties:write"), items=[item]) == [item.id]


def test_no_document_of_a_registration_holds_what_is_personal():
    mine = user()
    party_id = person(mine, name="伍崇曜", resident_id=resident_id(), phone="13712345678")
    firm = company(mine, legal_representative="伍崇曜", address="十三行路1号", phone="13712345678")
    parties.change_details(actor=firm, party_id=firm.party_id, address="同文街2号", phone="13612345678")
    assert last_body(firm.party_id).personal == ["address", "phone"]
    for filed in journal.file_of([party_id, firm.party_id]):
        _, _, form = journal.document(filed.envelope.id)
        for secret in ("伍崇曜", resident_id(), "13712345678", "13612345678", "十三行路1号", "同文街2号"):
            assert secret not in form
