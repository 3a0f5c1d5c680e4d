"""The audit is clean after ordinary life, and names each kind of damage."""

from typing import Any

import pytest
from django.db import transaction
from parties_world import authority, company, credit_code, member, person, places, resident_id, user

from cohong.kernel import clock, journal, privacy, sets
from cohong.kernel.documents import Body, document
from cohong.kernel.ids import UUID, new_id
from cohong.kernel.journal import Entry
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Mandate, Restriction, Role

pytestmark = pytest.mark.django_db


@document("tests.parties_noted")
class Noted(Body):
    text: str
    figure: int = 0


def note(text: str, figure: int = 0) -> UUID:
    with transaction.atomic():
        [receipt] = journal.append(
            [Entry(subject=new_id(), issuer=new_id(), body=Noted(text=text, figure=figure))]
        )
    return receipt.id


def world() -> dict[str, UUID]:
    places()
    owner = company(uscc=credit_code(1))
    sales = member(owner, Role.SALES)
    parties.end_membership(actor=owner, party_id=owner.party_id, user_id=sales.user_id, role=Role.SALES)
    office = authority(Mandate.SUPERVISION, Mandate.CUSTOMS)
    parties.end_mandate(actor=SYSTEM, party_id=office.party_id, mandate=Mandate.CUSTOMS)
    hold = parties.restrict(actor=office, party_id=owner.party_id, restriction=Restriction.TRADE, reason="a")
    parties.lift_restriction(actor=office, id=hold, reason="b")
    token, _ = parties.issue_token(actor=owner, name="ERP", scopes={"orders:read"})
    parties.revoke_token(actor=owner, token_id=token.id)
    mine = user()
    human = person(mine, resident_id=resident_id(), phone="13812345678")
    parties.vouch(actor=SYSTEM, party_id=foreign(), evidence="seen")
    return {
        "firm": owner.party_id,
        "person": human,
        "office": office.party_id,
        "hold": hold,
        "token": token.id,
    }


def foreign() -> UUID:
    return parties.register_foreign(
        actor_user_id=user(),
        name="Canton Tea Ltd",
        country="GB",
        registration_number="01234567",
        legal_representative="J. Matheson",
        address="1 Lombard Street, London",
        phone="+44 20 7946 0958",
    )


def findings() -> dict[str, list[str]]:
    return {check.name: check.findings for check in parties.audit() if not check.ok}


def damage(sql: str, params: dict[str, Any] = ()) -> None:
    """Do to the tables what only someone past the program can."""
    sets.run("set local session_replication_role = replica")
    assert sets.run(sql, params) > 0
    sets.run("set local session_replication_role = origin")


def test_ordinary_life_is_clean_and_counted():
    world()
    figures = {check.name: (check.ok, check.figure) for check in parties.audit()}
    assert figures["parties.personal_data_encrypted"] == (True, 9)
    assert figures["parties.personal_data_indexed"] == (True, 4)
    assert figures["parties.memberships_consistent"] == (True, 4)
    assert figures["parties.memberships_agree_with_documents"] == (True, 5)
    assert figures["parties.restrictions_agree_with_documents"] == (True, 1)
    assert figures["parties.tokens_agree_with_documents"] == (True, 1)
    assert figures["parties.registered_once"] == (True, 5)
    assert figures["parties.confirmations_agree_with_documents"] == (True, 1)
    assert all(ok for ok, _ in figures.values())


@pytest.mark.parametrize(
    ("check", "finding", "sql", "whose"),
    [
        (
            "parties.personal_data_encrypted",
            "party {0}: phone does not open with a key of this installation",
            "update parties_personal_record set phone = '13812345678' where party_id = %s",
            "person",
        ),
        (
            "parties.personal_data_indexed",
            "party {0}: the index of phone is not that of its value",
            "update parties_personal_record set phone_index = repeat('0', 64) where party_id = %s",
            "person",
        ),
        (
            "parties.memberships_consistent",
            "person {0} is not owned by its own user",
            "delete from parties_membership where party_id = %s",
            "person",
        ),
        (
            "parties.memberships_consistent",
            "party {0} has members and no owner",
            "update parties_membership set role = 'sales' where ended_at is null and party_id = %s",
            "firm",
        ),
        (
            "parties.restrictions_agree_with_documents",
            "restriction_id {0}: a document parties.restriction_lifted too many",
            (
                "update parties_restriction set lifted_at = null, lifted_by_party = null, lift_reason = ''"
                " where id = %s"
            ),
            "hold",
        ),
        (
            "parties.tokens_agree_with_documents",
            "token_id {0}: a document parties.token_revoked too many",
            "update parties_api_token set revoked_at = null where id = %s",
            "token",
        ),
        (
            "parties.mandates_consistent",
            "party {0}: the mandate customs differs from its documents",
            (
                "update parties_authority_mandate set ended_at = null"
                " where mandate = 'customs' and party_id = %s"
            ),
            "office",
        ),
        (
            "parties.mandates_consistent",
            "party {0} carries the mandate supervision and is no authority",
            "update parties_party set kind = 'organisation' where id = %s",
            "office",
        ),
        (
            "parties.confirmations_agree_with_documents",
            "party {0} is confirmed, and its documents do not say so",
            "update parties_party set state = 'confirmed', confirmed_at = registered_at where id = %s",
            "firm",
        ),
        (
            "parties.registered_once",
            "party {0}: 0 documents of registration",
            "delete from kernel_document where kind = 'parties.registered' and subject = %s",
            "firm",
        ),
    ],
)
def test_damage_is_named(check: str, finding: str, sql: str, whose: str):
    ids = world()
    damage(sql, (ids[whose],))
    assert finding.format(ids[whose]) in findings()[check]


def test_a_party_or_membership_past_the_acts_is_named():
    ids = world()
    stranger, membership = new_id(), new_id()
    damage(
        "insert into parties_party (id, kind, name, name_en, country, state, mismatched, registered_at)"
        " values (%s, 'organisation', 'x', '', 'CN', 'unconfirmed', '{}', %s)",
        (stranger, clock.now()),
    )
    damage(
        "insert into parties_membership (id, party_id, user_id, role, granted_at)"
        " select %s, party_id, user_id, 'finance', granted_at from parties_membership"
        " where party_id = %s limit 1",
        (membership, ids["firm"]),
    )
    found = findings()
    assert found["parties.registered_once"] == [f"party {stranger}: 0 documents of registration"]
    assert found["parties.memberships_agree_with_documents"] == [
        f"membership_id {membership}: no document parties.membership_granted"
    ]


@pytest.mark.parametrize(
    "text", ["13812345678", "call +86 138 1234 5678 now", "电话：138-1234-5678。", "008613812345678"]
)
def test_a_document_that_names_a_known_phone_is_named(text: str):
    world()
    id_ = note(text)
    assert findings() == {
        "parties.documents_without_personal_data": [f"document {id_} holds a phone number in clear"]
    }


def test_a_document_that_names_a_resident_id_is_named():
    id_ = note(f"本人{resident_id(7)}")
    assert findings() == {
        "parties.documents_without_personal_data": [
            f"document {id_} holds a resident identity number in clear"
        ]
    }


def test_figures_and_numbers_of_things_are_nobodys_phone():
    world()
    note("order 13999999999, EAN 6901381234567", figure=13812345678)
    note("no. 440103199101010010 is no valid number")
    assert findings() == {}


def test_a_record_under_a_key_that_is_gone_is_named(settings: Any):
    ids = world()
    assert privacy.is_encrypted(privacy.encrypt("x"))
    settings.COHONG_DATA_KEYS = ["bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LWtleSE="]
    found = findings()["parties.personal_data_encrypted"]
    assert len(found) == 9
    assert f"party {ids['person']}: resident_id does not open with a key of this installation" in found
