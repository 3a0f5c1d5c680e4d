"""The address book: encrypted, masked until it is asked for, looked at on the record, and each party's own."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation
from logistics_world import HOME, World, actor
from msgspec.structs import replace

from cohong.kernel import privacy, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import new_id
from cohong.logistics import api as logistics
from cohong.logistics.api import Address
from cohong.parties import api as parties
from cohong.parties.api import Names, Role

OFFICE = Address(recipient="番禺机械 收货处", phone="020-8481 0000", region_code="440106", street="市桥 1 号")


@pytest.fixture
def owner(world: World) -> parties.Actor:
    parties.define_region(actor=parties.SYSTEM, code="440106", names=Names("天河区", "天河區", "Tianhe"))
    return actor(world.buyer)


def refused(act: Callable[..., Any], **more: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act(**more)
    return caught.value


@pytest.mark.django_db(transaction=True)
def test_addresses_are_sealed_masked_and_looked_at_on_the_record(owner: parties.Actor):
    kept = logistics.save_address(actor=owner, address=HOME)
    assert "体育西路" not in str(sets.fetch("select * from logistics_saved_address"))
    [(token,)] = sets.fetch("select address from logistics_saved_address")
    assert privacy.is_encrypted(token)
    [view] = logistics.addresses(actor=owner)
    assert (view.id, view.is_default, view.address.phone, view.address.recipient) == (
        kept,
        True,
        "138****5678",
        "陈**",
    )
    assert "1804" not in view.address.street
    assert parties.looks(actor=owner, party_id=owner.party_id) == []
    assert logistics.saved_address(actor=owner, address_id=kept) == HOME
    [look] = parties.looks(actor=owner, party_id=owner.party_id)
    assert (look.what, look.in_clear, look.by_user) == (("address",), True, owner.user_id)
    assert [finding for check in logistics.audit() for finding in check.findings] == []


@pytest.mark.django_db(transaction=True)
def test_one_is_the_default_whatever_is_saved_edited_and_removed(owner: parties.Actor):
    home = logistics.save_address(actor=owner, address=HOME)
    office = logistics.save_address(actor=owner, address=OFFICE)
    assert logistics.save_address(actor=owner, address=replace(HOME, recipient=" 陈小明 ")) == home
    assert [(one.id, one.is_default) for one in logistics.addresses(actor=owner)] == [
        (home, True),
        (office, False),
    ]
    logistics.set_default_address(actor=owner, address_id=office)
    assert [(one.id, one.is_default) for one in logistics.addresses(actor=owner)] == [
        (office, True),
        (home, False),
    ]
    changed = replace(HOME, street="天河区 2 号")
    assert logistics.save_address(actor=owner, address=changed, address_id=home) == home
    assert logistics.saved_address(actor=owner, address_id=home) == changed
    # Edited into the other one, there is one left.
    assert logistics.save_address(actor=owner, address=OFFICE, address_id=home) == office
    assert [(one.id, one.is_default) for one in logistics.addresses(actor=owner)] == [(office, True)]
    third = logistics.save_address(actor=owner, address=HOME, default=True)
    assert [one.id for one in logistics.addresses(actor=owner)] == [third, office]
    logistics.remove_address(actor=owner, address_id=third)
    assert [(one.id, one.is_default) for one in logistics.addresses(actor=owner)] == [(office, True)]
    logistics.remove_address(actor=owner, address_id=office)
    assert logistics.addresses(actor=owner) == []
    assert isinstance(
        refused(logistics.remove_address, actor=owner, address_id=office), logistics.UnknownAddress
    )


@pytest.mark.django_db(transaction=True)
def test_nobody_reads_or_changes_another_partys_book(world: World, owner: parties.Actor):
    home = logistics.save_address(actor=owner, address=HOME)
    stranger = actor(world.stranger)
    assert logistics.addresses(actor=stranger) == []
    for act, more in (
        (logistics.saved_address, {"address_id": home}),
        (logistics.save_address, {"address_id": home, "address": OFFICE}),
        (logistics.remove_address, {"address_id": home}),
        (logistics.set_default_address, {"address_id": home}),
    ):
        assert isinstance(refused(act, actor=stranger, **more), logistics.UnknownAddress)
        sales = actor(world.buyer, Role.SALES)
        assert isinstance(refused(act, actor=sales, **more), parties.NotYours)
    assert isinstance(refused(logistics.addresses, actor=actor(world.buyer, Role.SALES)), parties.NotYours)
    assert logistics.saved_address(actor=owner, address_id=home) == HOME


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"recipient": "  "}, logistics.AddressFlawed),
        ({"street": ""}, logistics.AddressFlawed),
        ({"phone": "ring twice"}, parties.PhoneInvalid),
        ({"region_code": "999999"}, parties.RegionUnknown),
    ],
)
def test_what_no_carrier_could_take_is_not_kept(owner: parties.Actor, wrong: dict[str, str], refusal: type):
    assert isinstance(refused(logistics.save_address, actor=owner, address=replace(HOME, **wrong)), refusal)
    assert logistics.addresses(actor=owner) == []


def test_a_flaw_is_told_in_the_readers_language():
    with translation.override("zh-hant"):
        assert "街道門牌" in str(logistics.AddressFlawed(field="street"))
    with translation.override("en"):
        assert "street and number" in str(logistics.AddressFlawed(field="street"))


@pytest.mark.django_db(transaction=True)
def test_a_book_has_an_end(owner: parties.Actor, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cohong.logistics.address_book.MAX_ADDRESSES", 2)
    for number in range(2):
        logistics.save_address(actor=owner, address=replace(HOME, street=f"{number} 号"))
    assert isinstance(refused(logistics.save_address, actor=owner, address=OFFICE), logistics.AddressBookFull)
    logistics.save_address(actor=owner, address=replace(HOME, street="1 号"))
    assert len(logistics.addresses(actor=owner)) == 2


@pytest.mark.django_db(transaction=True)
def test_two_windows_that_save_at_once_leave_one_default(owner: parties.Actor):
    def save(number: int) -> None:
        try:
            logistics.save_address(actor=owner, address=replace(HOME, street=f"{number} 号"), default=True)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.is_default for one in logistics.addresses(actor=owner)] == [True] + [False] * 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.urls("logistics_urls")
def test_a_companys_own_system_keeps_the_book_over_http(world: World, owner: parties.Actor):
    scopes = ["logistics:read", "logistics:write"]
    _, secret = parties.issue_token(actor=owner, name="erp", scopes=scopes)
    _, theirs = parties.issue_token(actor=actor(world.stranger), name="erp", scopes=scopes)

    def call(method: str, path: str = "", body: Any = None, token: str = secret) -> Any:
        return Client().generic(
            method,
            f"/api/v1/logistics/addresses{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": new_id().hex},
        )

    body = {
        "recipient": "陈小明",
        "phone": "13812345678",
        "region_code": "440106",
        "street": "体育西路 103 号",
    }
    [kept] = call("POST", body=body).json()["addresses"]
    assert kept["phone"] == "138****5678"
    assert call("GET", f"/{kept['id']}").json()["street"] == "体育西路 103 号"
    [kept] = call("PUT", f"/{kept['id']}", {**body, "street": "2 号", "default": True}).json()["addresses"]
    for method in ("GET", "PUT", "DELETE"):
        answer = call(method, f"/{kept['id']}", {**body}, token=theirs)
        assert answer.status_code == 404, method
    assert call("GET", token=theirs).json() == {"addresses": []}
    assert call("POST", body={**body, "phone": "?"}).status_code == 422
    assert call("DELETE", f"/{kept['id']}").json() == {"addresses": []}
