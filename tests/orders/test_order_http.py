"""Orders over HTTP: a whole trade by tokens, keys that make calls happen once, errors of one shape."""

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from django.db import connection
from django.test import Client

from cohong.kernel.ids import new_id
from cohong.parties import api as parties
from serving import served
from trading import Place, audits, counted

pytestmark = pytest.mark.django_db(transaction=True)
SCOPES = ["orders:read", "orders:write"]


class Caller:
    """A company's own system: it calls with its token, and a fresh key for each writing call."""

    def __init__(self, actor: parties.Actor, scopes: list[str] = SCOPES) -> None:
        _, self.secret = parties.issue_token(actor=actor, name="erp", scopes=scopes)
        self.client = Client(headers={"Authorization": f"Bearer {self.secret}"})

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/orders{path}", query)

    def post(self, path: str = "", body: Any = None, key: str | None = None, **headers: str) -> Any:
        return self.client.post(
            f"/api/v1/orders{path}",
            json.dumps(body if body is not None else {}),
            content_type="application/json",
            headers={"Idempotency-Key": key or str(new_id()), **headers},
        )


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture
def buyer(place: Place) -> Caller:
    return Caller(place.buyer)


@pytest.fixture
def seller(place: Place) -> Caller:
    return Caller(place.seller)


def wanted(place: Place, sku: Any, quantity: Any = 3, **more: Any) -> dict[str, Any]:
    return {
        "seller_id": str(place.seller_id),
        "currency": "CNY",
        "lines": [{"sku_id": str(sku), "title": "冷轧钢卷", "quantity": quantity, "unit_price_minor": 100}],
        "delivery": {
            "address": {
                "recipient": "陈小明",
                "phone": "13812345678",
                "region_code": "440100",
                "street": "体育西路 1 号",
            }
        },
        **more,
    }


def test_a_whole_trade(place: Place, buyer: Caller, seller: Caller):
    [sku] = place.goods(10)
    place.give(1_000, place.buyer_id)
    placed = buyer.post(body=wanted(place, sku, freight_minor=50))
    assert placed.status_code == 201
    order = placed.json()
    assert (order["state"], order["total"]) == ("placed", {"minor": 350, "currency": "CNY"})
    path = f"/{order['id']}"
    paid = buyer.post(f"{path}/pay")
    assert (paid.status_code, paid.json()["state"]) == (200, "ready")
    line_id = order["lines"][0]["id"]
    part = seller.post(f"{path}/ship", {"lines": [{"line_id": line_id, "quantity": 1}]})
    assert part.status_code == 201
    assert seller.post(f"{path}/ship").json()["waybill_number"] != part.json()["waybill_number"]
    assert buyer.post(f"{path}/accept").json()["state"] == "accepted"
    asked = buyer.post(f"{path}/returns", {"lines": [{"line_id": line_id, "quantity": 1}], "reason": "生锈"})
    assert asked.status_code == 201
    assert asked.json()["amount"] == {"minor": 116, "currency": "CNY"}
    back = f"/returns/{asked.json()['id']}"
    states = [seller.post(f"{back}/{act}").json()["state"] for act in ("approve", "receive", "refund")]
    assert states == ["approved", "received", "refunded"]
    kinds = [document["kind"] for document in buyer.get(f"{path}/documents").json()]
    assert kinds == [
        "orders.placed",
        "orders.paid",
        "orders.shipped",
        "orders.shipped",
        "orders.accepted",
        "orders.return_requested",
        "orders.return_decided",
        "orders.return_received",
        "orders.refunded",
    ]
    assert place.balance(place.buyer_id) == 1_000 - 350 + 116
    assert audits() == []


def test_a_payment_at_the_bank_is_opened_for_what_is_due(place: Place, buyer: Caller, seller: Caller):
    [sku] = place.goods(10)
    order_id = buyer.post(body=wanted(place, sku)).json()["id"]
    assert buyer.post(f"/{order_id}/payments").json()["code"] == "ScopeMissing"
    payer = Caller(place.buyer, [*SCOPES, "payments:write"])
    opened = payer.post(f"/{order_id}/payments", key="p")
    assert (opened.status_code, opened.json()["amount"]) == (202, {"minor": 300, "currency": "CNY"})
    assert payer.post(f"/{order_id}/payments", key="p").json() == opened.json()
    assert seller.post(f"/{order_id}/payments").status_code == 403
    assert counted("payments_movement") == 1


def test_lists_are_paged_and_filtered(place: Place, buyer: Caller, seller: Caller):
    [sku] = place.goods(50)
    ids = [buyer.post(body=wanted(place, sku, 1)).json()["id"] for _ in range(5)]
    first = buyer.get("", limit=2).json()
    second = buyer.get("", limit=2, cursor=first["next"]).json()
    third = buyer.get("", limit=2, cursor=second["next"]).json()
    assert [one["id"] for page in (first, second, third) for one in page["items"]] == ids[::-1]
    assert third["next"] is None
    assert seller.get("", side="seller", state="ready").json()["items"] == []
    assert len(seller.get("", side="seller", state="placed").json()["items"]) == 5
    assert buyer.get("", cursor="???").json()["code"] == "BadCursor"
    assert buyer.get("", limit=100_000).status_code == 422


def test_a_key_makes_a_call_happen_once(place: Place, buyer: Caller):
    [sku] = place.goods(10)
    first = buyer.post(body=wanted(place, sku), key="k1")
    again = buyer.post(body=wanted(place, sku), key="k1")
    assert (again.status_code, again.content) == (201, first.content)
    assert again["Idempotency-Replayed"] == "true"
    other = buyer.post(body=wanted(place, sku, 2), key="k1")
    assert (other.status_code, other.json()["code"]) == (409, "KeyReused")
    assert (counted("orders_order"), place.stock(sku)) == (1, (10, 3))
    missing = buyer.client.post("/api/v1/orders", "{}", content_type="application/json")
    assert missing.status_code == 422
    long = buyer.post(body=wanted(place, sku), key="k" * 129)
    assert long.json()["code"] == "KeyMissing"


def test_a_refused_call_may_be_tried_again_under_its_key(place: Place, buyer: Caller):
    [sku] = place.goods(10)
    order_id = buyer.post(body=wanted(place, sku)).json()["id"]
    short = buyer.post(f"/{order_id}/pay", key="pay-1")
    assert (short.status_code, short.json()["code"]) == (409, "FundsShort")
    place.give(300, place.buyer_id)
    assert buyer.post(f"/{order_id}/pay", key="pay-1").json()["state"] == "ready"
    assert buyer.post(f"/{order_id}/pay", key="pay-1").json()["state"] == "ready"
    assert place.balance(place.buyer_id) == 0


def test_keys_that_race_act_once(place: Place, buyer: Caller):
    [sku] = place.goods(100)
    barrier = threading.Barrier(8)

    def call(_: int) -> tuple[int, bytes]:
        try:
            barrier.wait(30)
            answer = Client(headers={"Authorization": f"Bearer {buyer.secret}"}).post(
                "/api/v1/orders",
                json.dumps(wanted(place, sku)),
                content_type="application/json",
                headers={"Idempotency-Key": "race"},
            )
            return answer.status_code, answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(call, range(8)))
    assert len(answers) == 1
    assert counted("orders_order") == 1


@pytest.mark.parametrize(
    "change",
    [
        {"lines": [{"sku_id": "x"}]},
        {"lines": [{"sku_id": str(new_id()), "title": "t", "quantity": 1.5, "unit_price_minor": 100}]},
        {"lines": [{"sku_id": str(new_id()), "title": "t", "quantity": "2", "unit_price_minor": 100}]},
        {"lines": [{"sku_id": str(new_id()), "title": "t", "quantity": -2, "unit_price_minor": 100}]},
        {"lines": [{"sku_id": str(new_id()), "title": "t", "quantity": 2, "unit_price_minor": -100}]},
        {"lines": [{"sku_id": str(new_id()), "title": "t", "quantity": True, "unit_price_minor": 100}]},
        {"lines": [{"sku_id": str(new_id()), "title": "t", "quantity": 10**30, "unit_price_minor": 1}]},
        {"lines": [{"sku_id": str(new_id()), "title": "t\u0000", "quantity": 1, "unit_price_minor": 1}]},
        {"lines": []},
        {"freight_minor": -1},
        {"freight_minor": 10**18},
        {"currency": "XXXX"},
        {"currency": "ABC"},
        {"delivery": {}},
        {"seller_id": "nobody"},
        {"payment": {"kind": "barter"}},
    ],
)
def test_bad_input_is_named_and_changes_nothing(place: Place, buyer: Caller, change: dict[str, Any]):
    [sku] = place.goods(10)
    answer = buyer.post(body={**wanted(place, sku), **change})
    assert answer.status_code == 422, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert set(answer.json()) == {"type", "title", "status", "code", "params"}
    assert counted("orders_order") == 0
    assert place.stock(sku) == (10, 0)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"{" * 10_000])
def test_broken_bodies(place: Place, buyer: Caller, body: bytes):
    answer = buyer.client.post(
        "/api/v1/orders", body, content_type="application/json", headers={"Idempotency-Key": "k"}
    )
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"] == "application/problem+json"


def test_an_oversized_body_is_refused(place: Place, buyer: Caller):
    answer = buyer.client.post(
        "/api/v1/orders",
        b'{"note": "' + b"x" * 6_000_000 + b'"}',
        content_type="application/json",
        headers={"Idempotency-Key": "k"},
    )
    assert answer.status_code in (400, 413)
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "change",
    [
        {"discount_minor": 1},
        {"lines": [{"unit_price_minor": 99}]},
        {"lines": [{"unit_price_minor": 100, "goods_minor": 299}]},
        {"lines": [{"unit_price_minor": 0}]},
    ],
)
def test_a_buyer_alone_does_not_set_the_sellers_price(place: Place, buyer: Caller, change: dict[str, Any]):
    [sku] = place.goods(10)
    asked = wanted(place, sku)
    lines = [asked["lines"][0] | line for line in change.get("lines", [{}])]
    answer = buyer.post(body=asked | change | {"lines": lines})
    assert (answer.status_code, answer.json()["code"]) == (422, "BelowOffer")
    assert (counted("orders_order"), place.stock(sku)) == (0, (10, 0))


def test_there_are_five_things_to_do_to_a_return(place: Place, buyer: Caller):
    answer = buyer.post(f"/returns/{new_id()}/forget")
    assert (answer.status_code, answer.json()["code"]) == (422, "MalformedRequest")


def test_strangers_and_narrow_tokens_get_nowhere(place: Place, buyer: Caller):
    [sku] = place.goods(10)
    order_id = buyer.post(body=wanted(place, sku)).json()["id"]
    stranger = Caller(place.other)
    assert stranger.get(f"/{order_id}").status_code == 404
    assert stranger.post(f"/{order_id}/cancel", {"reason": "x"}).status_code == 403
    reader = Caller(place.buyer, ["orders:read"])
    assert reader.get(f"/{order_id}").status_code == 200
    assert reader.post(f"/{order_id}/cancel", {"reason": "x"}).status_code == 403
    writer = Caller(place.buyer, ["orders:write"])
    assert writer.get(f"/{order_id}").status_code == 403
    nobody = Client().get(f"/api/v1/orders/{order_id}")
    assert (nobody.status_code, nobody.json()["code"]) == (401, "NotSignedIn")
    assert place.view(order_id).state == "placed"


@pytest.mark.parametrize(
    ("language", "title"),
    [("zh-hans", "没有这个订单。"), ("zh-hant", "沒有這個訂單。"), ("en", "There is no such order.")],
)
def test_errors_come_in_the_callers_language(buyer: Caller, language: str, title: str):
    answer = buyer.client.get(f"/api/v1/orders/{new_id()}", headers={"Accept-Language": language})
    assert (answer.status_code, answer.json()["title"]) == (404, title)


def test_64_buyers_of_5_items_over_http_get_exactly_5(place: Place):
    [sku] = place.goods(5)
    secrets = [
        parties.issue_token(actor=buyer, name="phone", scopes=SCOPES)[1]
        for buyer in place.buyers(64, money=100)
    ]
    barrier = threading.Barrier(64)

    def buy(secret: str) -> str:
        with httpx.Client(
            base_url=f"{address}/api/v1", headers={"Authorization": f"Bearer {secret}"}, timeout=60
        ) as client:
            barrier.wait(60)
            placed = client.post("/orders", json=wanted(place, sku, 1), headers={"Idempotency-Key": "order"})
            if placed.status_code != 201:
                return str(placed.json()["code"])
            paid = client.post(
                f"/orders/{placed.json()['id']}/pay", json={}, headers={"Idempotency-Key": "pay"}
            )
            return str(paid.json()["state"])

    with served() as address, ThreadPoolExecutor(64) as pool:
        outcomes = Counter(pool.map(buy, secrets))
    assert outcomes == {"ready": 5, "StockShort": 59}
    assert place.stock(sku) == (5, 5)
    assert audits() == []


def test_messages_and_a_dispute(place: Place, buyer: Caller, seller: Caller):
    [sku] = place.goods(10)
    place.give(1_000, place.buyer_id)
    order = place.to("shipped", (sku, 3))
    sent = buyer.post(f"/{order}/messages", {"text": "缺一件"}, key="m1")
    assert (sent.status_code, sent.json()["number"], sent.json()["is_read"]) == (201, 1, False)
    assert buyer.post(f"/{order}/messages", {"text": "缺一件"}, key="m1").json() == sent.json()
    assert buyer.post(f"/{order}/messages", {"text": "看", "pictures": ["?"]}).json()["code"] == "NotAPicture"
    assert [one["text"] for one in seller.get(f"/{order}/messages").json()] == ["缺一件"]
    assert seller.post(f"/{order}/messages/read").status_code == 204
    assert Caller(place.other).get(f"/{order}/messages").status_code == 404
    claim = {"kind": "damaged", "text": "破损", "claimed_minor": 100}
    raised = buyer.post(f"/{order}/disputes", claim, key="d1")
    assert (raised.status_code, raised.json()["state"]) == (201, "raised")
    assert buyer.post(f"/{order}/disputes", claim, key="d1").json() == raised.json()
    dispute = raised.json()["id"]
    assert buyer.post(f"/{order}/accept").json()["code"] == "OrderHeld"
    assert seller.post(f"/disputes/{dispute}/answer", {"text": "补发"}).json()["state"] == "answered"
    assert seller.post(f"/disputes/{dispute}/offer", {"amount_minor": 80}).json()["offered"]["minor"] == 80
    refused = seller.post(f"/disputes/{dispute}/decision", {"refund_minor": 0, "reason": "好"})
    assert (refused.status_code, refused.json()["code"]) == (403, "MandateMissing")
    agreed = buyer.post(f"/disputes/{dispute}/agree", {"amount_minor": 80}).json()
    assert (agreed["state"], agreed["refunded"]["minor"]) == ("settled", 80)
    assert [one["number"] for one in seller.get("/disputes", side="seller").json()["items"]] == [
        agreed["number"]
    ]
    assert seller.get("/disputes", side="authority").status_code == 403
    assert audits() == []


def test_closing_short(place: Place, buyer: Caller, seller: Caller):
    [sku] = place.goods(10)
    place.give(1_000, place.buyer_id)
    order = place.to("ready", (sku, 3))
    [line] = place.view(order).lines
    place.ship(order, lines=((line.id, 1),))
    assert buyer.post(f"/{order}/close-short", {"reason": "停产"}).json()["code"] == "OtherSidesAct"
    closed = seller.post(f"/{order}/close-short", {"reason": "停产"}).json()
    assert (closed["state"], closed["refunded"]["minor"], closed["lines"][0]["dropped"]) == (
        "shipped",
        200,
        2,
    )
