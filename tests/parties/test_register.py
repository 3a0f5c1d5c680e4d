"""The identity register's client against the sandbox register, over loopback HTTP."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest
from stdnum.cn import ric, uscc

from cohong.kernel.outside import Credentials, SigningKey
from cohong.parties.register import protocol
from cohong.parties.register.client import RegisterClient
from cohong.parties.register.protocol import (
    Confirmed,
    Field,
    Mismatch,
    OrganisationRecord,
    Outage,
    PersonRecord,
    Standing,
    Unavailable,
)
from cohong.parties.register.sandbox import SandboxRegister

RECORDS = (
    '{"code": "91440101MA59ABCD1K", "name": "广州十三行贸易有限公司", "legal_representative": "伍秉鉴"}\n'
    "\n"
    '{"code": "%s", "name": "Foshan Tiles (China) Ltd.", "legal_representative": "潘振承",'
    ' "standing": "revoked"}\n'
    '{"resident_id": "%s", "name": "卢观恒"}\n'
)


def code(body: str) -> str:
    """Return a social credit code of seventeen characters and its check character."""
    return body + uscc.calc_check_digit(body)


def resident_id(body: str) -> str:
    """Return a resident id of seventeen digits and its check character."""
    return body + ric.calc_check_digit(f"{body}0")


KNOWN = code("91440600MA5000001")
LISTED = code("91440600MA5999999")
PERSON, LISTED_PERSON = resident_id("44010319900307123"), resident_id("44010319850102999")


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxRegister]:
    records = tmp_path_factory.mktemp("register") / "records.jsonl"
    records.write_text(RECORDS % (LISTED, LISTED_PERSON), "utf-8")
    with SandboxRegister(records=records) as register:
        yield register


@pytest.fixture
def client(register: SandboxRegister) -> Iterator[RegisterClient]:
    register.control(clear=True)
    client = register.client(timeout_s=0.3)
    yield client
    client.close_connections()


def ask(
    client: RegisterClient, code: str, name: str = "顺德家电有限公司", by: str = "张三"
) -> protocol.Answer:
    return client.confirm_organisation(code=code, name=name, legal_representative=by)


def test_a_code_of_valid_form_is_known(client: RegisterClient):
    before = datetime.now(UTC)
    answer = ask(client, KNOWN)
    assert isinstance(answer, Confirmed)
    assert answer.record == OrganisationRecord(
        code=KNOWN,
        name="顺德家电有限公司",
        legal_representative="张三",
        standing=Standing.ACTIVE,
        region_code="440600",
    )
    assert before <= answer.checked_at <= datetime.now(UTC)
    again = ask(client, KNOWN)
    assert isinstance(again, Confirmed)
    assert again.reference != answer.reference


@pytest.mark.parametrize(
    "wrong",
    [
        KNOWN[:-1] + ("0" if KNOWN[-1] != "0" else "1"),
        KNOWN[:-1],
        KNOWN.lower(),
        f" {KNOWN}",
        "9144 0600 MA5000001X",
        "O" * 18,
        "91440101MA59ABCD1K",
        code("91440600MA5000999"),
    ],
)
def test_no_such_code(client: RegisterClient, wrong: str):
    assert isinstance(ask(client, wrong), protocol.NotFound)


def test_the_worlds_rules_for_organisations(client: RegisterClient):
    other_name = ask(client, code("91440600MA5000998"))
    assert isinstance(other_name, Mismatch)
    assert other_name.fields == {Field.NAME}
    other_representative = ask(client, code("91440600MA5000997"))
    assert isinstance(other_representative, Mismatch)
    assert other_representative.fields == {Field.LEGAL_REPRESENTATIVE}
    for end, standing in (("996", Standing.REVOKED), ("995", Standing.CANCELLED)):
        answer = ask(client, code(f"91440600MA5000{end}"))
        assert isinstance(answer, Confirmed)
        assert isinstance(answer.record, OrganisationRecord)
        assert answer.record.standing is standing


def test_the_records_come_before_the_rules(client: RegisterClient):
    answer = ask(client, LISTED, "ＦＯＳＨＡＮ  tiles（China）ltd.", "潘振承")
    assert isinstance(answer, Confirmed)
    assert isinstance(answer.record, OrganisationRecord)
    assert (answer.record.name, answer.record.standing) == ("Foshan Tiles (China) Ltd.", Standing.REVOKED)
    answer = ask(client, LISTED, "别家公司", "别人")
    assert isinstance(answer, Mismatch)
    assert answer.fields == {Field.NAME, Field.LEGAL_REPRESENTATIVE}
    # The answer names the fields and gives away nothing of what the register has.
    assert "潘振承" not in repr(answer)


def test_people(client: RegisterClient):
    answer = client.confirm_person(resident_id=PERSON, name="李四")
    assert isinstance(answer, Confirmed)
    assert answer.record == PersonRecord(
        resident_id=PERSON, name="李四", born_on=date(1990, 3, 7), region_code="440103"
    )
    assert PERSON not in repr(answer)
    assert "李四" not in repr(answer)
    other_name = client.confirm_person(resident_id=resident_id("44010319900307998"), name="李四")
    assert isinstance(other_name, Mismatch)
    assert other_name.fields == {Field.NAME}
    assert isinstance(client.confirm_person(resident_id=LISTED_PERSON, name="卢 观恒"), Confirmed)
    assert isinstance(client.confirm_person(resident_id=LISTED_PERSON, name="李四"), Mismatch)


@pytest.mark.parametrize(
    "wrong",
    [
        resident_id("44010319900307999"),
        PERSON[:-1] + ("0" if PERSON[-1] != "0" else "1"),
        resident_id("44010319900230123"),
        PERSON[:-3],
        "",
    ],
)
def test_no_such_person(client: RegisterClient, wrong: str):
    answer = client.confirm_person(resident_id=wrong, name="李四")
    assert isinstance(answer, protocol.NotFound) if wrong else isinstance(answer, Unavailable)


@pytest.mark.parametrize(
    ("fault", "outage"),
    [
        ("lose_answer", Outage.TIMEOUT),
        ("cut", Outage.CUT),
        ("fail", Outage.SERVER_ERROR),
        ("fail_after", Outage.SERVER_ERROR),
        ("busy", Outage.BUSY),
        ("wrong_signature", Outage.BAD_SIGNATURE),
        ("garble", Outage.UNREADABLE),
    ],
)
def test_no_answer_is_no_verdict(
    register: SandboxRegister, client: RegisterClient, fault: str, outage: Outage
):
    register.tell(fault, match={"code": KNOWN})
    answer = ask(client, KNOWN)
    assert isinstance(answer, Unavailable)
    assert answer.why is outage
    assert isinstance(ask(client, KNOWN), Confirmed)


def test_too_slow(register: SandboxRegister, client: RegisterClient):
    register.tell("slow", seconds=0.6, match={"verb": "confirm_person"})
    assert client.confirm_person(resident_id=PERSON, name="李四") == Unavailable(
        why=Outage.TIMEOUT, detail="timed out"
    )


def test_nobody_there_and_strangers(register: SandboxRegister):
    key = SigningKey.generate("cohong")
    for url, outage in (("http://127.0.0.1:9", Outage.UNREACHABLE), (register.url, Outage.NOT_AUTHORISED)):
        client = RegisterClient(Credentials(url=url, key=key, answers_by=register.credentials.answers_by))
        answer = ask(client, KNOWN)
        client.close_connections()
        assert isinstance(answer, Unavailable)
        assert answer.why is outage


def test_the_register_keeps_nothing_of_what_it_is_asked(register: SandboxRegister, client: RegisterClient):
    assert isinstance(client.confirm_person(resident_id=PERSON, name="王五保密"), Confirmed)
    kept = b"".join(file.read_bytes() for file in register.data.parent.iterdir())
    assert PERSON.encode() not in kept
    assert "王五保密".encode() not in kept


def test_as_a_process(tmp_path: Path):
    records = tmp_path / "records.jsonl"
    records.write_text(RECORDS % (LISTED, LISTED_PERSON), "utf-8")
    with SandboxRegister(process=True, records=records) as register:
        client = register.client()
        assert isinstance(ask(client, LISTED), Mismatch)
        assert isinstance(ask(client, KNOWN), Confirmed)
        client.close_connections()
        assert httpx.get(f"{register.url}/health").json() == {"ok": True}
