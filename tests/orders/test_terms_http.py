"""What a party says once for all its orders, over HTTP: terms offered, limits, invoice profiles; and nobody for another."""

from typing import Any

import pytest
from django.test import Client
from test_order_http import Caller

from cohong.kernel.ids import new_id
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Role
from trading import Place

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place() -> Place:
    return Place()


def put(caller: Caller | Client, path: str, body: Any, **headers: str) -> Any:
    client = caller.client if isinstance(caller, Caller) else caller
    return client.put(
        f"/api/v1/orders{path}",
        body,
        content_type="application/json",
        headers={"Idempotency-Key": str(new_id()), **headers},
    )


def delete(caller: Caller, path: str) -> Any:
    return caller.client.delete(f"/api/v1/orders{path}", headers={"Idempotency-Key": str(new_id())})


def test_a_seller_says_on_which_terms_they_sell(place: Place):
    seller = Caller(place.seller)
    where = f"/offered-terms/{place.seller_id}"
    said = Client().get(f"/api/v1/orders{where}").json()
    assert said["changed_at"] is None
    assert said["deliveries"] == ["pick_up", "shipment"]
    after = put(seller, "/offered-terms", {"payments": ["prepaid"], "deliveries": ["shipment"]})
    assert (after.status_code, after.json()["payments"]) == (200, ["prepaid"])
    assert Client().get(f"/api/v1/orders{where}").json()["deliveries"] == ["shipment"]
    assert put(seller, "/offered-terms", {"payments": [], "deliveries": ["shipment"]}).status_code == 422
    assert put(seller, "/offered-terms", {"payments": ["barter"], "deliveries": []}).status_code == 422
    reader = Caller(place.seller, ["orders:read"])
    wish = {"payments": ["prepaid"], "deliveries": ["pick_up"]}
    assert put(reader, "/offered-terms", wish).status_code == 403
    assert put(Caller(place.buyer), "/offered-terms", wish).json()["seller_id"] == str(place.buyer_id)
    assert orders.offered_terms(seller_ids=[place.seller_id])[place.seller_id].deliveries == {
        orders.DeliveryKind.SHIPMENT
    }


def test_a_limit_is_set_by_an_owner_in_person_never_by_a_token(place: Place):
    token = Caller(place.buyer)
    refused = put(token, "/purchase-limits/CNY", {"limit_minor": 10_000})
    assert (refused.status_code, refused.json()["code"]) == (403, "PeopleOnly")
    owner, buyer = (parties.sign_up(username=name, password="pearl-river-1757") for name in ("olive", "ben"))
    for user_id, role in ((owner, Role.OWNER), (buyer, Role.PURCHASING)):
        parties.grant_membership(actor=SYSTEM, party_id=place.buyer_id, user_id=user_id, role=role)
    acting = {"Acting-For": str(place.buyer_id)}
    clerk, person = Client(), Client()
    assert clerk.login(username="ben", password="pearl-river-1757")
    assert person.login(username="olive", password="pearl-river-1757")
    assert put(clerk, "/purchase-limits/CNY", {"limit_minor": 10_000}, **acting).status_code == 403
    done = put(person, "/purchase-limits/CNY", {"limit_minor": 10_000}, **acting)
    assert (done.status_code, done.json()) == (200, [{"minor": 10_000, "currency": "CNY"}])
    assert put(person, "/purchase-limits/XXQ", {"limit_minor": 1}, **acting).status_code == 422
    assert put(person, "/purchase-limits/CNY", {"limit_minor": -1}, **acting).status_code == 422
    # Neither raised nor taken away by what it binds.
    assert put(token, "/purchase-limits/CNY", {"limit_minor": 99_999_999}).status_code == 403
    assert delete(token, "/purchase-limits/CNY").status_code == 403
    assert token.get("/purchase-limits").json() == [{"minor": 10_000, "currency": "CNY"}]
    without_csrf = Client(enforce_csrf_checks=True)
    assert without_csrf.login(username="olive", password="pearl-river-1757")
    assert put(without_csrf, "/purchase-limits/CNY", {"limit_minor": 1}, **acting).status_code == 403


def test_invoice_profiles_are_a_partys_own(place: Place):
    buyer, other = Caller(place.buyer), Caller(place.other)
    body = {"kind": "personal", "title": "陈小明"}
    first = buyer.post("/invoice-profiles", body)
    assert (first.status_code, first.json()["title"]) == (201, "陈小明")
    assert buyer.post("/invoice-profiles", body).json()["id"] == first.json()["id"]
    assert [one["id"] for one in buyer.get("/invoice-profiles").json()] == [first.json()["id"]]
    assert other.get("/invoice-profiles").json() == []
    where = f"/invoice-profiles/{first.json()['id']}"
    assert delete(other, where).status_code == 404
    assert delete(buyer, where).status_code == 204
    assert buyer.get("/invoice-profiles").json() == []
