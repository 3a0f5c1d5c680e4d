"""What the tests of parties start from: users, companies, authorities; how to see that nothing changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from stdnum.cn import ric, uscc

from cohong.kernel import journal, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import UUID
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Actor, Mandate, Names, Role

_serial = count(1)

PASSWORD = "a long enough sentence"
TABLES = (
    *("party", "personal_record", "membership", "authority_mandate", "restriction", "api_token"),
    *("personal_look", "region", "industry", "market", "user"),
)


def credit_code(serial: int) -> str:
    """Return a social credit code of valid form."""
    body = f"91440101MA{serial:07d}"
    return body + uscc.calc_check_digit(body)


def resident_id(serial: int = 1, *, born: str = "19910101") -> str:
    """Return a resident identity number of valid form."""
    body = f"440103{born}{serial:03d}"
    return body + ric.calc_check_digit(f"{body}0")


def user(name: str = "") -> UUID:
    return parties.sign_up(username=name or f"user{next(_serial)}", password=PASSWORD)


def places() -> None:
    """Define a province, a city and an industry."""
    for code, parent, names in (
        ("440000", "", Names("广东省", "廣東省", "Guangdong")),
        ("440100", "440000", Names("广州市", "廣州市", "Guangzhou")),
    ):
        parties.define_region(actor=SYSTEM, code=code, parent_code=parent, names=names)
    parties.define_industry(actor=SYSTEM, code="steel", names=Names("钢铁", "鋼鐵", "Steel"))


def company(owner: UUID | None = None, **changes: Any) -> Actor:
    """Register a company and return its owner acting for it."""
    owner = owner or user()
    details: dict[str, Any] = {
        "name": "广州钢铁有限公司",
        "uscc": credit_code(next(_serial)),
        "region_code": "",
        "industry_code": "",
        "legal_representative": "伍秉鉴",
        "address": "广东省广州市荔湾区十三行路1号",
        "phone": "13912345678",
    }
    party_id = parties.register_organisation(actor_user_id=owner, **(details | changes))
    return parties.actor_for(user_id=owner, party_id=party_id)


def member(of: Actor, *roles: Role) -> Actor:
    """Let a new user act for the company in these roles and return them acting."""
    newcomer = user()
    for role in roles:
        parties.grant_membership(actor=of, party_id=of.party_id, user_id=newcomer, role=role)
    return parties.actor_for(user_id=newcomer, party_id=of.party_id)


def authority(*mandates: Mandate) -> Actor:
    """Register an authority with these mandates and return its owner acting for it."""
    owner = user()
    party_id = parties.register_authority(
        actor=SYSTEM, name="市场监督管理局", mandates=mandates, owner_user_id=owner
    )
    return parties.actor_for(user_id=owner, party_id=party_id)


def token_of(actor: Actor, *scopes: str) -> Actor:
    """Issue a token to the actor's party and return whom it lets act."""
    _, secret = parties.issue_token(actor=actor, name="erp", scopes=scopes)
    return parties.actor_for_token(text=secret)


def person(owner: UUID | None = None, **changes: Any) -> UUID:
    details: dict[str, Any] = {"name": "潘振承", "phone": "13800000000", "resident_id": None}
    return parties.register_person(user_id=owner, **(details | changes))


def kinds_of(subject: UUID) -> list[str]:
    """List the kinds of the documents about something, in order."""
    return [filed.envelope.kind for filed in journal.file_of([subject])]


def last_body(subject: UUID) -> Any:
    return journal.file_of([subject])[-1].envelope.body


def picture() -> dict[str, Any]:
    """Take down every row of this module, and how many documents there are."""
    rows = {table: sets.fetch(f"select t::text from parties_{table} t order by 1") for table in TABLES}
    return rows | {"documents": sets.fetch("select count(*) from kernel_document")}


@contextmanager
def refused(kind: type[Refusal], **params: Any) -> Iterator[None]:
    """Expect a refusal with these parameters, and that it changed nothing."""
    before = picture()
    with pytest.raises(kind) as caught, transaction.atomic():
        yield
    assert type(caught.value) is kind
    assert {name: caught.value.params[name] for name in params} == params
    assert str(caught.value)
    assert picture() == before
