"""Acts on many goods at once over HTTP: each item its own outcome, others' goods untouched, and once for each key."""

import json
from uuid import UUID

import pytest
from catalog_market import Market
from test_catalog_http import COIL, Caller, authority, picture

from cohong.catalog import api as catalog
from cohong.catalog.import_runs import run_import
from cohong.kernel import sets
from cohong.kernel.ids import new_id

pytestmark = [pytest.mark.urls("catalog_urls"), pytest.mark.django_db]

FILE = (
    "listing key,category,title,currency,unit,SKU code,price,grade,width,thickness\n"
    "k1,steel.coil,导入的卷,CNY,kg,imp-1,4.10,spcc,1250,1.5\n"
    "k2,steel.coil,没有价,CNY,kg,imp-2,,spcc,1250,1.5\n"
)


@pytest.fixture
def seller(market: Market) -> Caller:
    return Caller(market.seller)


@pytest.fixture
def stranger(market: Market) -> Caller:
    return Caller(market.rival)


@pytest.fixture
def made(market: Market, seller: Caller) -> tuple[str, str]:
    """A listing on offer at 3.95, and its SKU."""
    _status, ids = seller.call("post", f"/sellers/{market.seller_id}/listings", COIL)
    return ids["listing_id"], ids["sku_ids"][0]


def price(listing_id: str) -> int:
    return int(catalog.listings(ids=[UUID(listing_id)])[UUID(listing_id)].price_from.minor)


def test_prices_are_looked_at_and_changed(market: Market, seller: Caller, made: tuple[str, str]):
    where, (listing_id, sku_id) = f"/sellers/{market.seller_id}/prices", made
    nobodys = str(new_id())
    wish = {
        "rule": {"kind": "percent", "currency": "CNY", "basis_points": 1000, "step_minor": 10},
        "listings": [{"listing_id": listing_id}, {"listing_id": nobodys}],
    }
    status, looked = seller.call("post", where, {**wish, "preview": True})
    assert status == 200
    assert looked["items"][0]["skus"] == [
        {
            "sku_id": sku_id,
            "before": [{"min_quantity": 1, "unit_price_minor": 395}],
            "after": [{"min_quantity": 1, "unit_price_minor": 430}],
        }
    ]
    assert price(listing_id) == 395
    status, done = seller.call("post", where, wish, key="k")
    assert (status, done["items"][0]["revision"]) == (200, 2)
    assert done["items"][1]["problem"]["code"] == "NoSuchListing"
    assert seller.call("post", where, wish, key="k")[1] == done
    assert price(listing_id) == 430
    late = {**wish, "listings": [{"listing_id": listing_id, "revision": 1}]}
    assert seller.call("post", where, late)[1]["items"][0]["problem"]["code"] == "ListingChanged"
    bad = {**wish, "rule": {**wish["rule"], "basis_points": -20_000}}
    assert seller.call("post", where, bad)[0] == 422


def test_nobody_changes_anothers_goods(
    market: Market, seller: Caller, stranger: Caller, made: tuple[str, str]
):
    listing_id, sku_id = made
    seller.upload(f"/listings/{listing_id}/pictures", picture(), "a.png")
    wish = {
        "rule": {"kind": "set", "currency": "CNY", "minor": 1},
        "listings": [{"listing_id": listing_id}],
    }
    assert stranger.call("post", f"/sellers/{market.seller_id}/prices", wish)[0] == 403
    count = {"sku_id": sku_id, "location_id": str(market.shed), "counted": 5, "reference": str(new_id())}
    [outcome] = stranger.call("post", "/stock/counts", {"items": [count]})[1]["items"]
    assert (outcome["done"], outcome["problem"]["code"]) == (False, "NotYours")
    [outcome] = stranger.call("put", "/stock/low", {"items": [{"sku_id": sku_id, "level": 3}]})[1]["items"]
    assert outcome["problem"]["code"] == "NoSuchSku"
    assert stranger.call("put", f"/listings/{listing_id}/picture-order", {"picture_ids": []})[0] == 403
    assert seller.call("post", "/holds", {"listing_ids": [listing_id], "reason": "x"})[0] == 403
    reader = Caller(market.seller, "catalog:read")
    assert reader.call("post", f"/sellers/{market.seller_id}/prices", wish)[0] == 403
    assert reader.call("post", "/stock/counts", {"items": [count]})[1]["items"][0]["done"] is False
    assert price(listing_id) == 395
    assert sets.fetch("select count(*) from catalog_stock_movement") == [(0,)]


def test_stock_is_counted_and_moved(market: Market, seller: Caller, made: tuple[str, str]):
    _listing, sku_id = made
    second = str(
        catalog.open_location(
            actor=market.seller, party_id=market.seller_id, name="二号仓", region_code="440100"
        )
    )
    count = {"sku_id": sku_id, "location_id": str(market.shed), "counted": 7, "reference": str(new_id())}
    body = {"items": [count]}
    assert seller.call("post", "/stock/counts", body) == (
        200,
        {"items": [{"done": True, "difference": 7, "problem": None}]},
    )
    assert seller.call("post", "/stock/counts", body)[1]["items"][0]["difference"] == 7
    move = {
        "sku_id": sku_id,
        "from_location": str(market.shed),
        "to_location": second,
        "quantity": 3,
        "reference": str(new_id()),
    }
    short = {**move, "quantity": 5, "reference": str(new_id())}
    _status, moved = seller.call("post", "/stock/moves", {"items": [move, short]})
    assert [one["done"] for one in moved["items"]] == [True, False]
    assert moved["items"][1]["problem"]["code"] == "StockShort"
    lies = {
        str(location): on_hand
        for location, on_hand in sets.fetch("select location_id, on_hand from catalog_stock")
    }
    assert lies == {str(market.shed): 4, second: 3}
    low = {"items": [{"sku_id": sku_id, "level": 2}, {"sku_id": sku_id, "level": -1}]}
    assert [one["done"] for one in seller.call("put", "/stock/low", low)[1]["items"]] == [True, False]


def test_a_file_is_checked_started_and_run(market: Market, seller: Caller, stranger: Caller):
    status, run = seller.upload("/imports?publish=true", FILE.encode(), "goods.csv")
    assert (status, run["state"], run["rows"], run["good"]) == (201, "checked", 2, 1)
    assert [error["row"] for error in run["errors"]] == [3]
    where = f"/imports/{run['id']}"
    assert stranger.call("get", where)[0] == 404
    assert stranger.call("post", f"{where}/start")[0] == 404
    assert sets.fetch("select count(*) from catalog_listing") == [(0,)]
    assert seller.call("post", f"{where}/start")[0] == 202
    run_import(run["id"])
    _status, done = seller.call("get", where)
    assert (done["state"], done["made"], len(done["created"])) == ("done", 1, 1)
    assert [one["id"] for one in seller.call("get", "/imports")[1]] == [run["id"]]
    assert stranger.call("get", "/imports")[1] == []


def test_pictures_are_put_in_order_and_listings_held(market: Market, seller: Caller, made: tuple[str, str]):
    listing_id, _sku = made
    ids = [
        seller.upload(f"/listings/{listing_id}/pictures", picture(colour), f"{colour}.png")[1]["id"]
        for colour in ("red", "blue")
    ]
    assert seller.call("put", f"/listings/{listing_id}/picture-order", {"picture_ids": ids[::-1]})[0] == 204
    view = catalog.listings(ids=[UUID(listing_id)])[UUID(listing_id)]
    assert [str(one.id) for one in view.pictures] == ids[::-1]
    nobodys = str(new_id())
    status, held = authority(market).call(
        "post", "/holds", {"listing_ids": [listing_id, nobodys], "reason": "抽检不合格"}
    )
    assert status == 200
    assert held["items"][0]["hold_id"]
    assert held["items"][1]["problem"]["code"] == "NoSuchListing"
    assert json.dumps(held)
