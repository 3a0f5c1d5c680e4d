"""Retail over HTTP: tokens, idempotency keys, problems."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import path
from ninja import NinjaAPI
from retail_street import HOME, Street

from cohong.kernel.http import install_problems
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.retail.http import router

api = NinjaAPI(urls_namespace="retail-tests", docs_url=None)
install_problems(api)
api.add_router("/retail", router)
urlpatterns = [path("api/", api.urls)]
pytestmark = pytest.mark.urls(__name__)

ADDRESS = {name: getattr(HOME, name) for name in HOME.__struct_fields__}


class Caller:
    """A program that calls with a party's token."""

    def __init__(self, actor: Actor, *scopes: str) -> None:
        owner = Actor(party_id=actor.party_id, user_id=actor.user_id, roles=actor.roles)
        _, secret = parties.issue_token(
            actor=owner, name="programme", scopes=scopes or ["orders:read", "orders:write"]
        )
        self.client = Client(headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"})

    def call(self, method: str, where: str, body: Any = None, *, key: str | None = None) -> tuple[int, Any]:
        headers = {"Idempotency-Key": key} if key else {}
        said = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        answer = getattr(self.client, method)(f"/api/retail{where}", headers=headers, **said)
        return answer.status_code, answer.json()

    def put(self, sku_id: UUID, quantity: Any, key: str) -> tuple[int, Any]:
        return self.call("put", f"/cart/lines/{sku_id}", {"quantity": quantity}, key=key)


def test_a_cart_is_filled_looked_at_and_checked_out(street: Street):
    dress, skirt = street.goods(street.anna, "裙"), street.goods(street.bella, "半裙")
    caller = Caller(street.buyer)
    assert caller.put(dress, 12, "a")[0] == 200
    status, cart = caller.put(skirt, 3, "b")
    assert (status, cart["goods"], cart["ready"]) == (200, [{"minor": 13800, "currency": "CNY"}], True)
    status, cart = caller.call("get", "/cart?region_code=440300")
    assert [parcel["delivery"][0]["price"]["minor"] for parcel in cart["parcels"]] == [3600, 1100]
    body = {"address": ADDRESS, "expected": [{"minor": 18500, "currency": "CNY"}]}
    status, done = caller.call("post", "/checkouts", body, key="c")
    assert status == 201
    assert [one["total"]["minor"] for one in done["orders"]] == [14400, 4100]
    assert caller.call("post", "/checkouts", body, key="c") == (201, done)
    status, problem = caller.call("post", "/checkouts", {**body, "note": "x"}, key="c")
    assert (status, problem["code"]) == (409, "KeyReused")
    assert caller.call("get", f"/checkouts/{done['id']}") == (200, done)
    assert Caller(street.other).call("get", f"/checkouts/{done['id']}")[0] == 404
    assert caller.call("get", "/cart")[1]["parcels"] == []


def test_a_shortage_is_told_with_its_line(street: Street):
    dress = street.goods(street.anna, "裙", stock=1)
    caller = Caller(street.buyer)
    assert caller.put(dress, 2, "a")[1]["parcels"][0]["lines"][0]["problem"]["code"] == "StockShort"
    status, problem = caller.call("post", "/checkouts", {"address": ADDRESS}, key="b")
    assert (status, problem["code"]) == (409, "StockShort")
    assert problem["title"] == "Of “裙” 2 are wanted, but only 1 are available."
    # What was refused may be tried again under the same key, once the world has changed.
    caller.put(dress, 1, "c")
    assert caller.call("post", "/checkouts", {"address": ADDRESS}, key="b")[0] == 201


def test_lines_come_out(street: Street):
    dress = street.goods(street.anna, "裙")
    caller = Caller(street.buyer)
    caller.put(dress, 1, "a")
    assert caller.call("delete", f"/cart/lines/{dress}", key="b")[1]["parcels"] == []
    status, problem = caller.call("delete", f"/cart/lines/{dress}", key="c")
    assert (status, problem["code"]) == (404, "NoSuchLine")


def test_prices_are_agreed_to(street: Street):
    dress = street.goods(street.anna, "裙")
    caller = Caller(street.buyer)
    caller.put(dress, 1, "a")
    street.reprice(street.anna, dress, 1100)
    assert caller.call("get", "/cart")[1]["parcels"][0]["lines"][0]["price_changed"] is True
    assert caller.call("post", "/checkouts", {"address": ADDRESS}, key="b")[1]["code"] == "PriceChanged"
    assert caller.call("post", "/cart/agree-prices", key="c")[1]["ready"] is True


@pytest.mark.parametrize("quantity", [1.5, "2", None, True])
def test_a_quantity_is_a_whole_number(street: Street, quantity: Any):
    status, problem = Caller(street.buyer).put(street.goods(street.anna, "裙"), quantity, "a")
    assert (status, problem["code"]) == (422, "MalformedRequest")


def test_who_may_not_is_refused(street: Street):
    dress = street.goods(street.anna, "裙")
    assert Client().get("/api/retail/cart").status_code == 401
    assert Caller(street.buyer, "orders:read").put(dress, 1, "a")[1]["code"] == "ScopeMissing"
    assert Caller(street.buyer, "orders:write").call("get", "/cart")[1]["code"] == "ScopeMissing"
    assert (
        Caller(street.buyer).call("put", f"/cart/lines/{dress}", {"quantity": 1})[1]["code"] == "KeyMissing"
    )
