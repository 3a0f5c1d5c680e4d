"""Real-name registration against the sandbox register: confirmed, mismatched, asked until it answers."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from parties_world import (
    authority,
    company,
    credit_code,
    kinds_of,
    last_body,
    person,
    picture,
    refused,
    resident_id,
    user,
)

from cohong.kernel import clock, sets
from cohong.kernel.ids import UUID, new_id
from cohong.kernel.states import WrongState
from cohong.parties import api as parties
from cohong.parties import jobs
from cohong.parties.api import SYSTEM, Actor, Confirmation, Mandate
from cohong.parties.register.protocol import Confirmed, OrganisationRecord, Standing
from cohong.parties.register.sandbox import SandboxRegister
from cohong.parties.services import confirmation

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxRegister]:
    with SandboxRegister() as register:
        yield register


@pytest.fixture
def register(sandbox: SandboxRegister, settings: Any, tmp_path: Path) -> SandboxRegister:
    """Connect the installation to the sandbox register."""
    file = tmp_path / "register.json"
    sandbox.credentials.save(file)
    settings.COHONG_REGISTER_CREDENTIALS = str(file)
    sandbox.control(clear=True)
    return sandbox


def queued() -> list[str]:
    return [
        party_id
        for (party_id,) in sets.fetch(
            "select args ->> 'party_id' from procrastinate_jobs"
            " where task_name = 'parties.confirm' order by id"
        )
    ]


def state_of(actor: Actor) -> Confirmation:
    return parties.confirmation(actor=actor, party_id=actor.party_id).state


def test_an_organisation_is_confirmed_by_the_register(register: SandboxRegister):
    owner = company()
    view = parties.confirm(actor=owner, party_id=owner.party_id)
    assert (view.state, view.mismatched) == (Confirmation.CONFIRMED, ())
    assert parties.party(party_id=owner.party_id).confirmed
    assert kinds_of(owner.party_id)[2:] == ["parties.confirmed"]
    body = last_body(owner.party_id)
    assert (body.name, body.evidence) == ("广州钢铁有限公司", "")
    assert body.register_reference.startswith("R")
    assert queued() == [str(owner.party_id)]
    jobs.confirm(str(owner.party_id))
    assert kinds_of(owner.party_id)[2:] == ["parties.confirmed"]


def test_a_person_is_confirmed_by_their_real_name(register: SandboxRegister):
    mine = user()
    party_id = person(mine, resident_id=resident_id(), display_name="老潘")
    actor = parties.actor_for(user_id=mine, party_id=party_id)
    assert parties.confirm(actor=actor, party_id=party_id).state == Confirmation.CONFIRMED
    assert last_body(party_id).name == "老潘"


@pytest.mark.parametrize(
    ("serial", "differing"),
    [
        (999, ("credit_code",)),
        (998, ("name",)),
        (997, ("legal_representative",)),
        (996, ("standing",)),
        (995, ("standing",)),
    ],
)
def test_what_does_not_agree_is_named(register: SandboxRegister, serial: int, differing: tuple[str, ...]):
    owner = company(uscc=credit_code(serial))
    view = parties.confirm(actor=owner, party_id=owner.party_id)
    assert (view.state, view.mismatched) == (Confirmation.MISMATCHED, differing)
    assert parties.confirmation(actor=owner, party_id=owner.party_id) == view
    assert (kinds_of(owner.party_id)[-1], last_body(owner.party_id).fields) == (
        "parties.mismatched",
        list(differing),
    )
    assert not parties.party(party_id=owner.party_id).confirmed


@pytest.mark.parametrize(("serial", "differing"), [(999, ("resident_id",)), (998, ("full_name",))])
def test_what_does_not_agree_about_a_person_is_named_and_can_be_put_right(
    register: SandboxRegister, serial: int, differing: tuple[str, ...]
):
    mine = user()
    party_id = person(mine, resident_id=resident_id(serial))
    actor = parties.actor_for(user_id=mine, party_id=party_id)
    assert parties.confirm(actor=actor, party_id=party_id).mismatched == differing
    parties.change_details(actor=actor, party_id=party_id, resident_id=resident_id(1))
    assert parties.confirmation(actor=actor, party_id=party_id).mismatched == ()
    assert parties.confirm(actor=actor, party_id=party_id).state == Confirmation.CONFIRMED
    assert kinds_of(party_id)[2:] == ["parties.mismatched", "parties.details_changed", "parties.confirmed"]


@pytest.mark.parametrize("fault", ["fail", "busy", "garble", "wrong_signature", "cut", "fail_after"])
def test_a_register_that_does_not_answer_is_asked_again_by_a_job(register: SandboxRegister, fault: str):
    owner = company()
    register.tell(fault, times=2)
    view = parties.confirm(actor=owner, party_id=owner.party_id)
    assert (view.state, state_of(owner)) == (Confirmation.CONFIRMING, Confirmation.CONFIRMING)
    with pytest.raises(parties.RegisterUnavailable):
        jobs.confirm(str(owner.party_id))
    assert kinds_of(owner.party_id)[2:] == []
    jobs.confirm(str(owner.party_id))
    assert state_of(owner) == Confirmation.CONFIRMED
    jobs.confirm(str(owner.party_id))
    assert kinds_of(owner.party_id)[2:] == ["parties.confirmed"]


def test_without_a_register_the_job_waits(settings: Any):
    settings.COHONG_REGISTER_CREDENTIALS = ""
    owner = company()
    now = clock.now()
    with clock.at(now):
        assert parties.confirm(actor=owner, party_id=owner.party_id).state == Confirmation.CONFIRMING
    [(scheduled,)] = sets.fetch("select scheduled_at from procrastinate_jobs")
    assert scheduled == now + timedelta(minutes=1)
    with pytest.raises(parties.RegisterUnavailable):
        jobs.confirm(str(owner.party_id))


def test_a_request_is_queued_in_its_own_transaction(register: SandboxRegister):
    owner = company()
    with transaction.atomic():
        parties.request_confirmation(actor=owner, party_id=owner.party_id)
        transaction.set_rollback(True)
    assert (queued(), state_of(owner)) == ([], Confirmation.UNCONFIRMED)
    view = parties.request_confirmation(actor=owner, party_id=owner.party_id)
    assert (view.state, queued()) == (Confirmation.CONFIRMING, [str(owner.party_id)])
    jobs.confirm(queued()[0])
    assert state_of(owner) == Confirmation.CONFIRMED


def test_asking_twice_is_confirmed_once(register: SandboxRegister):
    owner = company()
    for _ in range(2):
        parties.request_confirmation(actor=owner, party_id=owner.party_id)
    for party_id in queued():
        jobs.confirm(party_id)
    assert kinds_of(owner.party_id)[2:] == ["parties.confirmed"]
    with refused(WrongState, act="submit", state="confirmed"):
        parties.confirm(actor=owner, party_id=owner.party_id)


def test_an_answer_to_an_older_question_is_not_recorded(register: SandboxRegister):
    """The party was put right and is being asked about anew when the answer to the first question comes."""
    owner = company(name="旧名")
    parties.request_confirmation(actor=owner, party_id=owner.party_id)
    asked = confirmation._read(owner.party_id).question
    sets.run("update parties_party set name = '新名' where id = %s", (owner.party_id,))
    record = OrganisationRecord(
        code=asked.code,
        name="旧名",
        legal_representative="伍秉鉴",
        standing=Standing.ACTIVE,
        region_code="440101",
    )
    confirmation._record(
        owner.party_id, asked, Confirmed(record=record, reference="R1", checked_at=clock.now())
    )
    assert state_of(owner) == Confirmation.CONFIRMING
    assert kinds_of(owner.party_id)[2:] == []


def test_what_is_missing_for_the_question_is_named():
    mine = user()
    party_id = person(mine)
    actor = parties.actor_for(user_id=mine, party_id=party_id)
    with refused(parties.NothingToConfirm, field="resident_id"):
        parties.confirm(actor=actor, party_id=party_id)
    firm = company(legal_representative="")
    with refused(parties.NothingToConfirm, field="legal_representative"):
        parties.confirm(actor=firm, party_id=firm.party_id)
    office = authority(Mandate.CUSTOMS)
    with refused(parties.NothingToConfirm, field="credit_code"):
        parties.confirm(actor=office, party_id=office.party_id)
    with refused(parties.PartyNotFound):
        parties.confirm(actor=SYSTEM, party_id=new_id())


def test_the_system_confirms_for_anyone(register: SandboxRegister):
    owner = company()
    assert parties.confirm(actor=SYSTEM, party_id=owner.party_id).state == Confirmation.CONFIRMED


def foreign(owner: UUID) -> UUID:
    return parties.register_foreign(
        actor_user_id=owner,
        name="Canton Tea Ltd",
        country="GB",
        registration_number="01234567",
        legal_representative="J. Matheson",
        address="1 Lombard Street, London",
        phone="+44 20 7946 0958",
    )


def test_an_organisation_from_abroad_is_vouched_for_with_evidence():
    owner = user()
    party_id = foreign(owner)
    actor = parties.actor_for(user_id=owner, party_id=party_id)
    with refused(parties.NothingToConfirm, field="credit_code"):
        parties.confirm(actor=actor, party_id=party_id)
    with refused(parties.BadText, field="evidence"):
        parties.vouch(actor=SYSTEM, party_id=party_id, evidence="")
    parties.vouch(actor=SYSTEM, party_id=party_id, evidence="Companies House extract of 2 March 2026")
    assert state_of(actor) == Confirmation.CONFIRMED
    body = last_body(party_id)
    assert (body.register_reference, body.evidence) == ("", "Companies House extract of 2 March 2026")
    with refused(WrongState, act="vouch"):
        parties.vouch(actor=SYSTEM, party_id=party_id, evidence="again")


def test_nobody_is_vouched_for_whom_the_register_can_know():
    before = [company().party_id, person(resident_id=resident_id()), authority(Mandate.CUSTOMS).party_id]
    for party_id in before:
        with refused(parties.RegisterDecides):
            parties.vouch(actor=SYSTEM, party_id=party_id, evidence="trust me")
    with refused(parties.PartyNotFound):
        parties.vouch(actor=SYSTEM, party_id=new_id(), evidence="trust me")


def test_a_job_for_nobody_changes_nothing(register: SandboxRegister):
    owner = company()
    before = picture()
    jobs.confirm(str(owner.party_id))
    assert picture() == before
    with refused(parties.PartyNotFound):
        jobs.confirm(str(new_id()))
