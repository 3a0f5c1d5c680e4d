"""Reviews, favourites and shop fronts over HTTP."""

import base64
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import path
from ninja import NinjaAPI
from PIL import Image
from test_retail_http import Caller

from cohong.catalog import api as catalog
from cohong.kernel.http import install_problems
from cohong.kernel.ids import new_id
from cohong.retail.http import router
from trading import Place

api = NinjaAPI(urls_namespace="retail-market-tests", docs_url=None)
install_problems(api)
api.add_router("/retail", router)
urlpatterns = [path("api/", api.urls)]
pytestmark = pytest.mark.urls(__name__)
SCOPES = ("retail:read", "retail:write")


@pytest.fixture
def place(transactional_db: None) -> Place:
    place = Place()
    place.give(1_000_000, place.buyer_id)
    return place


def wish(place: Place, **more: Any) -> dict[str, Any]:
    order_id = place.to("accepted", (place.goods(10)[0], 2))
    line_id = place.view(order_id).lines[0].id
    said = {"goods_stars": 5, "service_stars": 4, "text": "板面平整"}
    return {"order_id": str(order_id), "line_id": str(line_id), **said, **more}


def test_a_review_goes_its_way(place: Place):
    drawn = BytesIO()
    Image.new("RGB", (64, 64), "teal").save(drawn, "PNG")
    body = wish(place, pictures=[base64.b64encode(drawn.getvalue()).decode()])
    buyer, seller = Caller(place.buyer, *SCOPES), Caller(place.seller, *SCOPES)
    status, made = buyer.call("post", "/reviews", body, key="a")
    assert (status, made["goods_stars"], made["line_id"], len(made["pictures"])) == (
        201,
        5,
        body["line_id"],
        1,
    )
    assert buyer.call("post", "/reviews", body, key="a") == (201, made)
    status, problem = buyer.call("post", "/reviews", body, key="b")
    assert (status, problem["code"]) == (409, "ReviewedAlready")
    assert seller.call("get", "/reviews/received?unanswered=true")[1]["items"][0]["id"] == made["id"]
    status, answered = seller.call("post", f"/reviews/{made['id']}/answer", {"text": "谢谢惠顾"}, key="c")
    assert (status, answered["answer"]) == (200, "谢谢惠顾")
    assert buyer.call("post", f"/reviews/{made['id']}/answer", {"text": "x"}, key="d")[0] == 403
    status, followed = buyer.call("post", f"/reviews/{made['id']}/follow-up", {"text": "又用一月"}, key="e")
    assert (status, followed["follow_up"]) == (200, "又用一月")
    public = Client().get(f"/api/retail/reviews?listing_id={made['listing_id']}").json()["items"]
    assert [one["text"] for one in public] == ["板面平整"]
    assert "order_id" not in public[0]
    hide = f"/reviews/{made['id']}/hide"
    assert seller.call("post", hide, {"reason": "不喜欢"}, key="f")[1]["code"] == "MandateMissing"
    standing = Client().get(f"/api/retail/sellers/{place.seller_id}/standing").json()
    assert (standing["rating"]["average"], standing["trusted"], standing["points"]["rating"]) == (
        "5.0",
        False,
        False,
    )


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"goods_stars": 6}, "BadStars"),
        ({"goods_stars": "5"}, "MalformedRequest"),
        ({"text": "好" * 1001}, "TextTooLong"),
        ({"pictures": ["%%%"]}, "PictureNotBase64"),
        ({"pictures": ["AAAA"]}, "NotAPicture"),
        ({"line_id": str(new_id())}, "LineNotFound"),
    ],
)
def test_what_is_no_review_is_a_problem(place: Place, more: dict[str, Any], code: str):
    assert (
        Caller(place.buyer, *SCOPES).call("post", "/reviews", wish(place, **more), key="a")[1]["code"] == code
    )


def test_favourites_come_and_go(place: Place):
    [sku_id] = place.goods(1)
    listing_id = catalog.skus(ids=[sku_id])[sku_id].listing_id
    caller = Caller(place.buyer, *SCOPES)
    where = f"/favourites/listing/{listing_id}"
    assert caller.call("put", where, key="a") == (200, {"is_favourite": True})
    assert [one["thing_id"] for one in caller.call("get", "/favourites/listing")[1]["items"]] == [
        str(listing_id)
    ]
    assert Caller(place.other, *SCOPES).call("get", "/favourites/listing")[1]["items"] == []
    assert caller.call("delete", where, key="b") == (200, {"is_favourite": False})
    assert caller.call("get", "/favourites/listing")[1]["items"] == []
    assert caller.call("put", where)[1]["code"] == "KeyMissing"
    assert Caller(place.buyer, "retail:read").call("put", where, key="c")[1]["code"] == "ScopeMissing"


def test_a_shop_front_is_written_and_read(place: Place):
    caller = Caller(place.seller, *SCOPES)
    status, shop = caller.call("put", "/shop", {"headline": "现货现发", "notice": "照常发货"}, key="a")
    assert (status, shop["headline"], shop["revision"], shop["banner"]) == (200, "现货现发", 1, None)
    assert Client().get(f"/api/retail/shops/{place.seller_id}").json() == shop
    assert Client().get(f"/api/retail/shops/{new_id()}").status_code == 404
    assert caller.call("put", "/shop", {"reach": "13812345678"}, key="b")[1]["code"] == "PersonalDataInText"
