"""The catalog over HTTP: tokens and scopes, idempotency, problems, files, paging."""

import io
import json
import threading
from typing import Any

import pytest
from catalog_market import Market, acting_for, coil
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image

from cohong.catalog import api as catalog
from cohong.kernel import sets
from cohong.kernel.ids import new_id
from cohong.parties import api as parties
from cohong.parties.api import Actor, Mandate

pytestmark = [pytest.mark.urls("catalog_urls"), pytest.mark.django_db]

COIL = {
    "category_code": "steel.coil",
    "title": "冷轧钢卷",
    "currency": "CNY",
    "unit": "kg",
    "attributes": {"grade": "spcc", "width": 1250, "galvanised": True},
    "skus": [
        {
            "code": "c",
            "attributes": {"thickness": "1.5"},
            "tiers": [{"min_quantity": 1, "unit_price_minor": 395}],
            "weight_grams": 1000,
        }
    ],
    "publish": True,
}
NAMES = {"zh_hans": "箱", "zh_hant": "箱", "en": "box"}


class Caller:
    """A program that calls with a party's token; without an actor, one that has none."""

    def __init__(self, actor: Actor | None = None, *scopes: str) -> None:
        headers = {"Accept-Language": "en"}
        if actor is not None:
            _, secret = parties.issue_token(
                actor=actor, name="programme", scopes=scopes or ["catalog:read", "catalog:write"]
            )
            headers["Authorization"] = f"Bearer {secret}"
        self.client = Client(headers=headers)

    def call(self, method: str, where: str, body: Any = None, *, key: str | None = None) -> tuple[int, Any]:
        said = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return self._send(method, where, key, said)

    def upload(self, where: str, content: bytes, name: str, *, key: str | None = None) -> tuple[int, Any]:
        return self._send("post", where, key, {"data": {"file": SimpleUploadedFile(name, content)}})

    def _send(self, method: str, where: str, key: str | None, said: dict[str, Any]) -> tuple[int, Any]:
        headers = {"Idempotency-Key": key or str(new_id())} if method != "get" else {}
        answer = getattr(self.client, method)(f"/api/v1/catalog{where}", headers=headers, **said)
        return answer.status_code, json.loads(answer.content) if answer.content else None


@pytest.fixture
def seller(market: Market) -> Caller:
    return Caller(market.seller)


@pytest.fixture
def anyone() -> Caller:
    return Caller()


def platform() -> Caller:
    parties.ensure_platform()
    return Caller(acting_for(parties.PLATFORM_ID, mandates=[Mandate.PLATFORM]))


def authority(market: Market) -> Caller:
    """An authority with a mandate of record, as a token's mandates are looked up."""
    party_id = parties.register_authority(
        actor=parties.SYSTEM, name="市监局", region_code="440100", mandates=[Mandate.SUPERVISION]
    )
    return Caller(acting_for(party_id))


def picture(colour: Any = "red"):
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "PNG")
    return out.getvalue()


def test_a_listing_is_made_seen_changed_and_withdrawn(market: Market, seller: Caller, anyone: Caller):
    status, made = seller.call("post", f"/sellers/{market.seller_id}/listings", COIL)
    assert status == 201
    listing = f"/listings/{made['listing_id']}"
    status, seen = anyone.call("get", listing)
    assert status == 200
    assert (seen["title"], seen["currency"], seen["attributes"]) == (
        *("冷轧钢卷", "CNY", {"grade": "spcc", "width": 1250, "galvanised": True}),
    )
    assert seen["price_from"] == {"minor": 395, "currency": "CNY"}
    assert seen["skus"][0] == {
        "id": made["sku_ids"][0],
        "code": "c",
        "attributes": {"thickness": "1.5"},
        "tiers": [{"min_quantity": 1, "unit_price_minor": 395}],
        "min_order": 1,
        "multiple": 1,
        "max_order": None,
        "weight_grams": 1000,
        "available": 0,
    }
    change = {**COIL, "title": "热轧钢卷", "revision": 1}
    assert seller.call("put", listing, change) == (200, {"revision": 2})
    status, problem = seller.call("put", listing, change)
    assert (status, problem["code"], problem["params"]) == (409, "ListingChanged", {"revision": 2})
    assert seller.call("post", f"{listing}/withdraw") == (204, None)
    assert anyone.call("get", listing)[0] == 404
    assert seller.call("get", listing)[1]["state"] == "withdrawn"
    assert seller.call("post", f"{listing}/publish") == (204, None)
    assert anyone.call("get", listing)[1]["title"] == "热轧钢卷"


def test_a_key_acts_once_and_not_for_another_body(market: Market, seller: Caller):
    where = f"/sellers/{market.seller_id}/listings"
    first = seller.call("post", where, COIL, key="k1")
    assert seller.call("post", where, COIL, key="k1") == first
    status, problem = seller.call("post", where, {**COIL, "title": "别的"}, key="k1")
    assert (status, problem["code"]) == (409, "KeyReused")
    assert sets.fetch("select count(*) from catalog_listing") == [(1,)]
    answer = seller.client.post(f"/api/v1/catalog{where}", json.dumps(COIL), content_type="application/json")
    assert answer.json()["code"] == "KeyMissing"


@pytest.mark.parametrize(
    ("change", "code", "status"),
    [
        ({"title": ""}, "TextMissing", 422),
        ({"currency": "RMB"}, "UnknownCurrency", 422),
        ({"category_code": "nothing"}, "NoSuchCategory", 404),
        ({"attributes": {"grade": 1.5}}, "MalformedRequest", 422),
        ({"skus": [{**COIL["skus"][0], "min_order": 1.0}]}, "MalformedRequest", 422),
        ({"skus": [{**COIL["skus"][0], "min_order": True}]}, "MalformedRequest", 422),
        (
            {"skus": [{**COIL["skus"][0], "tiers": [{"min_quantity": 1, "unit_price_minor": 3.95}]}]},
            "MalformedRequest",
            422,
        ),
        (
            {"skus": [{**COIL["skus"][0], "tiers": [{"min_quantity": 1, "unit_price_minor": -5}]}]},
            "PriceNotPositive",
            422,
        ),
        ({"skus": "none"}, "MalformedRequest", 422),
        ({"market_id": "here"}, "MalformedRequest", 422),
    ],
)
def test_bad_input_is_a_named_problem_and_makes_nothing(
    market: Market, seller: Caller, change: Any, code: Any, status: Any
):
    answer = seller.call("post", f"/sellers/{market.seller_id}/listings", {**COIL, **change})
    assert (answer[0], answer[1]["code"]) == (status, code)
    assert sets.fetch("select count(*) from catalog_listing") == [(0,)]
    assert sets.fetch("select count(*) from kernel_idempotency_key") == [(0,)]


def test_problems_are_told_in_the_readers_language(market: Market, seller: Caller):
    seller.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"
    where = f"/api/v1/catalog/sellers/{market.seller_id}/listings"
    body = json.dumps({**COIL, "currency": "RMB", "unit": "吨"})
    answer = seller.client.post(
        where,
        body,
        content_type="application/json",
        headers={"Idempotency-Key": "k", "Accept-Language": "zh-hans"},
    )
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["title"] == "没有计量单位“吨”。"


def test_browsing_is_for_everyone_filtered_and_paged(market: Market, anyone: Caller):
    for n in range(1, 6):
        market.publish(coil(title=f"卷{n}"))
    seen, cursor = [], ""
    while cursor is not None:
        status, page = anyone.call("get", f"/listings?industry=steel&limit=2&cursor={cursor}")
        assert status == 200
        seen += [card["title"] for card in page["items"]]
        cursor = page["next"]
    assert seen == ["卷5", "卷4", "卷3", "卷2", "卷1"]
    assert [card["title"] for card in anyone.call("get", "/listings?text=卷3")[1]["items"]] == ["卷3"]
    for query, code in (
        ("cursor=!!", "BadCursor"),
        ("limit=0", "MalformedRequest"),
        ("sort=loudest", "MalformedRequest"),
        ("currency=RMB", "UnknownCurrency"),
        ("price_from_minor=1.5", "MalformedRequest"),
    ):
        status, problem = anyone.call("get", f"/listings?{query}")
        assert (status, problem["code"]) == (422, code)


def test_categories_units_and_templates(market: Market, anyone: Caller, seller: Caller):
    assert [unit["code"] for unit in anyone.call("get", "/units")[1]] == ["kg", "piece"]
    assert [one["code"] for one in anyone.call("get", "/categories?industry_code=steel")[1]] == ["steel.coil"]
    coil_category = anyone.call("get", "/categories/steel.coil")[1]
    assert coil_category["attributes"][0]["options"][1]["code"] == "spcc"
    assert anyone.call("get", "/categories/nothing")[1]["code"] == "NoSuchCategory"
    operator = platform()
    assert operator.call("put", "/units/box", NAMES) == (200, {"code": "box", "names": NAMES})
    body = {name: coil_category[name] for name in ("industry_code", "names", "attributes")}
    status, defined = operator.call("put", "/categories/steel.plate", body)
    assert (status, defined["attributes"]) == (200, coil_category["attributes"])
    assert seller.call("put", "/units/box", NAMES)[0] == 403
    answer = anyone.client.get("/api/v1/catalog/categories/steel.coil/import-template?format=csv&language=en")
    assert answer["Content-Disposition"] == 'attachment; filename="steel.coil.csv"'
    assert answer.content.decode("utf-8-sig").startswith("listing key,category,title")
    assert anyone.client.get("/api/v1/catalog/categories/steel.coil/import-template").content[:2] == b"PK"


def test_pictures_are_sent_as_files(market: Market, seller: Caller, anyone: Caller):
    listing_id = market.publish(coil()).listing_id
    where = f"/listings/{listing_id}/pictures"
    first = seller.upload(where, picture(), "a.png", key="p1")
    assert first[0] == 201
    assert seller.upload(where, picture(), "a.png", key="p2")[1]["code"] == "PictureRepeated"
    assert seller.upload(where, b"nothing", "a.png")[1]["code"] == "NotAPicture"
    assert seller.call("post", where, {"file": "no"})[1]["code"] == "FileMissing"
    assert seller.upload(where, b"\x00" * (6 << 20), "a.png")[1]["code"] == "FileTooLarge"
    assert [one["id"] for one in anyone.call("get", f"/listings/{listing_id}")[1]["pictures"]] == [
        first[1]["id"]
    ]
    assert Caller(market.rival).upload(where, picture("blue"), "a.png")[1]["code"] == "NotYours"
    assert seller.call("delete", f"{where}/{first[1]['id']}") == (204, None)
    assert anyone.call("get", f"/listings/{listing_id}")[1]["pictures"] == []


def test_a_replayed_upload_is_answered_and_not_repeated(market: Market, seller: Caller):
    where = f"/api/v1/catalog/listings/{market.publish(coil()).listing_id}/pictures"
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
        + picture()
        + b"\r\n--x--\r\n"
    )

    def send():
        return seller.client.post(
            where, body, content_type="multipart/form-data; boundary=x", headers={"Idempotency-Key": "same"}
        )

    first, again = send(), send()
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again["Idempotency-Replayed"] == "true"
    assert sets.fetch("select count(*) from catalog_picture") == [(1,)]


def test_a_broken_form_is_a_named_problem(market: Market, seller: Caller):
    where = f"/api/v1/catalog/listings/{market.publish(coil()).listing_id}/pictures"
    answer = seller.client.post(
        where, b"torn", content_type="multipart/form-data; boundary=", headers={"Idempotency-Key": "k"}
    )
    assert answer.json()["code"] == "FileMissing"


def test_stock_is_booked_item_by_item(market: Market, seller: Caller, anyone: Caller):
    ids = market.publish(coil())
    [sku] = ids.sku_ids
    status, place = seller.call(
        "post", "/locations", {"party_id": str(market.seller_id), "name": "二号仓", "region_code": "440100"}
    )
    assert status == 201
    assert [one["name"] for one in seller.call("get", "/locations")[1]] == ["一号仓", "二号仓"]
    reference = str(new_id())
    item = {"sku_id": str(sku), "location_id": place["id"], "quantity": 9, "reference": reference}
    lost = {**item, "reference": str(new_id()), "location_id": str(new_id())}
    status, outcomes = seller.call("post", "/stock/receipts", {"items": [item, lost]})
    assert status == 200
    assert [(one["booked"], one["problem"] and one["problem"]["code"]) for one in outcomes["items"]] == [
        (True, None),
        (False, "NoSuchLocation"),
    ]
    gone = {**item, "reference": str(new_id()), "quantity": 2, "reason": "水浸"}
    assert seller.call("post", "/stock/write-offs", {"items": [gone]})[1]["items"][0]["booked"]
    assert seller.call("get", f"/listings/{ids.listing_id}/stock")[1][0]["available"] == 7
    assert anyone.call("get", f"/listings/{ids.listing_id}")[1]["skus"][0]["available"] == 7
    page = seller.call("get", f"/skus/{sku}/movements?limit=1")[1]
    assert [(one["kind"], one["quantity"]) for one in page["items"]] == [("write_off", -2)]
    page = seller.call("get", f"/skus/{sku}/movements?limit=1&cursor={page['next']}")[1]
    assert ([(one["kind"], one["reference"]) for one in page["items"]], page["next"]) == (
        *([("receipt", reference)], None),
    )
    for body in (
        {"items": []},
        {"items": [{**item, "quantity": 1.5}]},
        {"items": [{**item, "quantity": "9"}]},
    ):
        assert seller.call("post", "/stock/receipts", body)[1]["code"] == "MalformedRequest"


def test_quotes_are_for_everyone(market: Market, anyone: Caller):
    [sku] = market.publish(coil()).sku_ids
    wanted = [{"sku_id": str(sku), "quantity": 3}, {"sku_id": str(new_id()), "quantity": 1}]
    status, quotes = anyone.call("post", "/quotes", {"items": wanted})
    assert status == 200
    assert quotes["items"][0]["unit_price"] == {"minor": 395, "currency": "CNY"}
    assert quotes["items"][1]["problem"]["code"] == "NoSuchSku"


def test_a_file_is_imported_and_its_errors_are_told(market: Market, seller: Caller):
    where = f"/sellers/{market.seller_id}/imports"
    good = catalog.import_template(category_code="steel.coil", format="csv", language="en")
    status, report = seller.upload(f"{where}?publish=true", good, "goods.csv")
    assert (status, report["rows"], report["created"], report["errors"]) == (200, 1, 1, [])
    status, report = seller.upload(where, good, "goods.csv")
    assert (report["created"], report["errors"][0]["row"], report["errors"][0]["column"]) == (
        0,
        2,
        "listing key",
    )
    assert report["errors"][0]["problem"]["code"] == "KeyTaken"
    assert seller.upload(where, b"\xff\xff", "goods.csv")[1]["code"] == "EncodingUnknown"
    assert seller.upload(where, b"a" * (6 << 20), "goods.csv")[1]["code"] == "FileTooLarge"


def test_authorities_hold_and_lift(market: Market, seller: Caller, anyone: Caller):
    listing_id = market.publish(coil()).listing_id
    where = f"/listings/{listing_id}"
    office = authority(market)
    status, held = office.call("post", f"{where}/holds", {"reason": "抽检"})
    assert status == 201
    assert anyone.call("get", where)[0] == 404
    assert seller.call("get", f"{where}/holds")[1][0]["reason"] == "抽检"
    assert seller.call("post", f"/holds/{held['hold_id']}/lift", {"reason": "放行"})[0] == 403
    assert office.call("post", f"/holds/{held['hold_id']}/lift", {"reason": "合格"}) == (204, None)
    assert anyone.call("get", where)[0] == 200


def test_without_a_token_or_its_scope_nothing_is_written(market: Market, anyone: Caller):
    listing_id, location = market.publish(coil()).listing_id, market.shed
    item = {"sku_id": str(new_id()), "location_id": str(location), "quantity": 1, "reference": str(new_id())}
    reader = Caller(market.seller, "catalog:read")
    rival = Caller(market.rival)
    for method, where, body in (
        ("post", f"/sellers/{market.seller_id}/listings", COIL),
        ("put", f"/listings/{listing_id}", COIL),
        ("post", f"/listings/{listing_id}/publish", None),
        ("post", f"/listings/{listing_id}/withdraw", None),
        ("post", f"/listings/{listing_id}/holds", {"reason": "x"}),
        ("post", "/locations", {"party_id": str(market.seller_id), "name": "x", "region_code": "440100"}),
        ("put", "/units/box", NAMES),
    ):
        assert anyone.call(method, where, body)[0] == 401, where
        assert reader.call(method, where, body)[0] == 403, where
        assert rival.call(method, where, body)[0] == 403, where
    outcome = reader.call("post", "/stock/receipts", {"items": [item]})[1]["items"][0]
    assert outcome["problem"]["code"] == "ScopeMissing"
    writer = Caller(market.seller, "catalog:write")
    for where in (f"/sellers/{market.seller_id}/listings", "/locations", f"/listings/{listing_id}/stock"):
        assert writer.call("get", where)[0] == 403, where
        assert anyone.call("get", where)[0] == 401, where


@pytest.mark.django_db(transaction=True)
def test_one_key_sent_by_many_at_once_makes_one_listing(market: Market):
    callers = [Caller(market.seller) for _ in range(6)]
    answers: list[Any] = []

    def send(caller: Caller) -> None:
        try:
            answers.append(caller.call("post", f"/sellers/{market.seller_id}/listings", COIL, key="same"))
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(caller,)) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 6
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0] == 201
    assert sets.fetch("select count(*) from catalog_listing") == [(1,)]
