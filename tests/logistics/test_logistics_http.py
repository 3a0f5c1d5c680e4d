"""Logistics over HTTP: tokens and scopes, idempotency keys, problems, paging; and what anyone may see."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from logistics_world import World, actor

from cohong.kernel import clock, sets
from cohong.kernel.ids import new_id
from cohong.logistics import api as logistics
from cohong.logistics.api import TariffRow, TrackingEvent
from cohong.parties import api as parties

pytestmark = pytest.mark.urls("logistics_urls")
BASE = "/api/v1/logistics"


@pytest.fixture
def token(world: World) -> Callable[..., str]:
    def issue(party_id: UUID, *scopes: str) -> str:
        wanted = scopes or ("logistics:read", "logistics:write")
        _view, secret = parties.issue_token(actor=actor(party_id), name="ERP", scopes=wanted)
        return secret

    return issue


class Caller:
    """Calls the interface with a token, and with a new idempotency key unless one is given."""

    def __init__(self, client: Client, secret: str | None) -> None:
        self._client = client
        self._headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}

    def get(self, path: str, **query: Any) -> Any:
        return self._client.get(BASE + path, query, headers=self._headers)

    def send(self, method: str, path: str, data: Any = None, key: str | None = "") -> Any:
        headers = dict(self._headers)
        if key is not None:
            headers["Idempotency-Key"] = key or new_id().hex
        return self._client.generic(
            method, BASE + path, json.dumps(data), content_type="application/json", headers=headers
        )

    def post(self, path: str, data: Any = None, key: str | None = "") -> Any:
        return self.send("POST", path, data, key)


@pytest.fixture
def call(client: Client) -> Callable[[str | None], Caller]:
    return lambda secret=None: Caller(client, secret)


def event(number: str, kind: str = "departed") -> dict[str, Any]:
    return {"id": str(new_id()), "waybill_number": number, "kind": kind, "at": "2026-03-02T08:00:00Z"}


def test_anyone_may_follow_a_number_and_sees_nothing_personal(world: World, call: Any):
    _item, consigned = world.consign()
    at = clock.now().replace(microsecond=0)
    world.record(
        TrackingEvent(
            id=new_id(),
            waybill_number=consigned.waybill_number,
            kind="departed",
            at=at,
            note="张三 13912345678",
        )
    )
    answer = call().get(f"/tracking/{consigned.waybill_number.lower()}")
    assert answer.status_code == 200
    assert answer.json() == {
        "waybill_number": consigned.waybill_number,
        "carrier_code": "LNKY",
        "state": "in_transit",
        "events": [{"kind": "departed", "at": at.isoformat().replace("+00:00", "Z"), "region_code": ""}],
    }
    unknown = call().get(f"/tracking/{world.spare_number()}")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "UnknownWaybill")
    mistyped = call().get("/tracking/7K3M-92QX-Q")
    assert (mistyped.status_code, mistyped.json()["code"]) == (422, "NotANumber")
    assert mistyped["Content-Type"] == "application/problem+json"


def test_carriers_and_freight_are_public(world: World, call: Any):
    prices = {"first_grams": 1_000, "first_minor": 1_200, "step_grams": 500, "step_minor": 300}
    row = TariffRow(service="express", from_zone="44", to_zone="44", currency="CNY", **prices)
    logistics.define_tariff(actor=parties.SYSTEM, carrier_id=world.express, rows=[row])
    assert [carrier["code"] for carrier in call().get("/carriers").json()] == ["LNKY", "ZJWL"]
    way = {"from_region": "440106", "to_region": "440305"}
    assert call().get("/freight", **way, weight_grams=1_600).json() == [
        {
            "carrier_id": str(world.express),
            "carrier_code": "LNKY",
            "service": "express",
            "price": {"minor": 1_800, "currency": "CNY"},
        }
    ]
    for wrong in (0, -1, 10**13):
        answer = call().get("/freight", **way, weight_grams=wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "WeightFlawed")
    answer = call().get("/freight", **way, weight_grams="1.5")
    assert (answer.status_code, answer.json()["code"]) == (422, "MalformedRequest")


def test_a_party_sees_its_shipment_and_a_stranger_does_not(world: World, call: Any, token: Any):
    item, consigned = world.consign()
    path = f"/shipments/{consigned.waybill_number}"
    seen = call(token(world.buyer)).get(path).json()
    assert seen["shipment"]["id"] == str(item.id)
    assert seen["shipment"]["packages"] == [
        {"weight_grams": 1_200, "contents": [[str(item.packages[0].contents[0][0]), 3]]}
    ]
    assert seen["address"]["phone"] == "138****5678"
    for secret, status in ((None, 401), ("chg_no_token", 401), (token(world.stranger), 404)):
        assert call(secret).get(path).status_code == status
    assert call(token(world.buyer, "orders:read")).get(path).status_code == 404
    address = f"/shipments/by-id/{item.id}/address"
    assert call(token(world.seller)).get(address).json()["phone"] == world.home.phone
    assert call(token(world.stranger)).get(address).status_code == 404
    assert len(parties.looks(actor=actor(world.buyer), party_id=world.buyer)) == 1


def test_a_carrier_records_events_once_per_key(world: World, call: Any, token: Any):
    item, consigned = world.consign()
    carrier = call(token(world.express))
    body = {"events": [event(consigned.waybill_number), event(world.spare_number())]}
    first = carrier.post("/events", body, key="k1")
    assert first.status_code == 200
    told, refused = first.json()["results"]
    assert (told["state"], told["again"], told["problem"]) == ("in_transit", False, None)
    assert (refused["shipment_id"], refused["problem"]["code"]) == (None, "UnknownWaybill")
    again = carrier.post("/events", body, key="k1")
    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")
    other = carrier.post("/events", {"events": [event(consigned.waybill_number)]}, key="k1")
    assert (other.status_code, other.json()["code"]) == (409, "KeyReused")
    missing = carrier.post("/events", body, key=None)
    assert (missing.status_code, missing.json()["code"]) == (422, "KeyMissing")
    assert carrier.post("/events", body).json()["results"][0]["again"] is True
    assert len(logistics.events_of(shipment_ids=[item.id])[item.id]) == 1
    for party_id, code in ((world.seller, "NotYours"), (world.express, "ScopeMissing")):
        someone = call(token(party_id, "logistics:read" if code == "ScopeMissing" else "logistics:write"))
        [result] = someone.post("/events", {"events": [event(consigned.waybill_number)]}).json()["results"]
        assert result["problem"]["code"] == code


@pytest.mark.parametrize(
    "body",
    [
        {"events": []},
        {"events": [{"id": "x"}]},
        {"events": "all"},
        {},
        None,
        {"events": [{**event("x"), "at": "yesterday"}]},
        {"events": [{**event("x"), "note": "长" * 501}]},
        {"events": [event("x")] * 1_001},
    ],
)
def test_events_of_the_wrong_form_are_refused(world: World, call: Any, token: Any, body: Any):
    answer = call(token(world.express)).post("/events", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "MalformedRequest")


def test_wrong_codes_over_http_are_counted_and_kept(world: World, call: Any, token: Any):
    item, consigned = world.to_collect()
    counter = call(token(world.seller))
    path = f"/shipments/by-id/{item.id}/collect"
    wrong = {"code": f"{(int(consigned.pick_up_code) + 1) % 10**8:08}"}
    for left in (4, 3):
        answer = counter.post(path, wrong, key=f"try {left}")
        assert (answer.status_code, answer.json()["code"]) == (403, "WrongPickUpCode")
        assert answer.json()["params"] == {"left": left}
    assert counter.post(path, wrong, key="try 3").json()["params"] == {"left": 3}
    assert sets.fetch("select wrong_codes from logistics_shipment") == [(2,)]
    assert call(token(world.buyer)).post(path, {"code": consigned.pick_up_code}).status_code == 403
    done = counter.post(path, {"code": consigned.pick_up_code})
    assert (done.status_code, done.json()["order_id"]) == (200, str(item.order_id))


def test_the_consignee_reads_and_renews_the_code(world: World, call: Any, token: Any):
    item, consigned = world.to_collect()
    path = f"/shipments/by-id/{item.id}/pick-up-code"
    buyer = call(token(world.buyer))
    assert buyer.get(path).json() == {"code": consigned.pick_up_code}
    fresh = buyer.post(f"{path}/renew").json()["code"]
    assert buyer.get(path).json() == {"code": fresh}
    assert call(token(world.seller)).get(path).status_code == 404
    assert call(token(world.buyer, "logistics:read")).post(f"{path}/renew").status_code == 404


def test_a_carriers_worklist_in_pages(world: World, call: Any, token: Any):
    made = sorted((str(world.consign()[0].id) for _ in range(5)), reverse=True)
    carrier = call(token(world.express))
    seen: list[str] = []
    cursor = None
    while True:
        query = {"limit": 2} if cursor is None else {"limit": 2, "cursor": cursor}
        answer = carrier.get("/shipments", **query).json()
        seen += [item["id"] for item in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert seen == made
    assert carrier.get("/shipments", state="delivered").json()["items"] == []
    for wrong in ({"state": "stolen"}, {"limit": 0}, {"limit": 201}, {"cursor": "!"}):
        assert carrier.get("/shipments", **wrong).status_code == 422


def test_a_carrier_sets_its_prices(world: World, call: Any, token: Any):
    prices = {"first_grams": 1_000, "first_minor": 1_200, "step_grams": 500, "step_minor": 300}
    row = {"service": "express", "to_zone": "44", "currency": "CNY", **prices}
    path = f"/carriers/{world.express}/tariff"
    carrier = call(token(world.express))
    assert carrier.send("PUT", path, {"rows": [row]}).json() == {"rows": 1}
    flawed = carrier.send("PUT", path, {"rows": [row, {**row, "to_zone": "45", "step_grams": 0}]})
    assert (flawed.status_code, flawed.json()["params"]) == (422, {"row": 2, "field": "step_grams"})
    for wrong in (12.5, "1200", True):
        answer = carrier.send("PUT", path, {"rows": [{**row, "first_minor": wrong}]})
        assert (answer.status_code, answer.json()["code"]) == (422, "MalformedRequest")
    assert call(token(world.freight)).send("PUT", path, {"rows": []}).status_code == 403


def test_a_notice_is_believed_by_its_signature_alone(world: World, call: Any):
    answer = call().post("/notices", {"notice_id": "1"}, key=None)
    assert (answer.status_code, answer.json()["code"]) == (503, "CarrierNotConnected")


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("zh-hans", "没有运单号为"),
        ("zh-hant", "沒有運單號碼為"),
        ("en", "There is no shipment with the waybill number"),
    ],
)
def test_problems_speak_the_readers_language(world: World, client: Client, language: str, title: str):
    answer = client.get(f"{BASE}/tracking/{world.spare_number()}", headers={"Accept-Language": language})
    assert answer.json()["title"].startswith(title)
