"""The merchant's goods: the list, prices of many, stock by location, the shop front, the terms of trade."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from portal_town import HOME, Town

from cohong.catalog import api as catalog
from cohong.kernel.ids import new_id
from cohong.orders import api as orders
from cohong.parties.api import NotYours
from cohong.retail import api as retail

Browse = Callable[..., Client]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def there(sku_id: Any) -> int:
    return catalog.stock_of(sku_ids=[sku_id])[sku_id].on_hand


def test_the_list_is_narrowed_and_acted_on(town: Town, browse: Browse):
    first, second = town.goods("丝绸旗袍"), town.goods("棉麻衬衫", stock=0)
    seller = browse("sun", "en")
    assert "丝绸旗袍" in text(seller.get("/merchant/goods/?q=旗袍"))
    assert "棉麻衬衫" not in text(seller.get("/merchant/goods/?q=旗袍"))
    assert "丝绸旗袍" not in text(seller.get("/merchant/goods/?shelf=none"))
    for odd in ("?state=odd&shelf=odd", "?category=%27", "?q=%25"):
        assert seller.get(f"/merchant/goods/{odd}").status_code == 200
    answer = seller.post(
        "/merchant/goods/offer/",
        {"act": "withdraw", "listing": [str(first.listing_id), str(new_id()), "x"], "q": "旗袍"},
        follow=True,
    )
    assert "1 listing is withdrawn." in text(answer)
    assert "There is no such listing." in text(answer)
    seller.post("/merchant/goods/offer/", {"act": "withdraw", "all": "1"})
    states = {view.state for view in catalog.listings(ids=[first.listing_id, second.listing_id]).values()}
    assert states == {"withdrawn"}
    assert "Choose some goods first." in text(
        seller.post("/merchant/goods/offer/", {"act": "publish"}, follow=True)
    )


def test_nobody_acts_on_anothers_goods(town: Town, browse: Browse):
    ids = town.goods()
    stranger = browse("star", "en")
    stranger.post("/merchant/goods/offer/", {"act": "withdraw", "listing": str(ids.listing_id)})
    page = text(
        stranger.post(
            "/merchant/goods/prices/",
            {"listing": str(ids.listing_id), "kind": "set", "by": "1", "currency": "CNY"},
        )
    )
    assert "There is no such listing." in page
    assert "真丝连衣裙" not in page
    stranger.post(
        "/merchant/stock/change/",
        {"act": "count", "at": str(town.shed), f"number-{ids.sku_ids[0]}": "1", "batch": "b"},
    )
    assert catalog.listings(ids=[ids.listing_id])[ids.listing_id].state == "published"
    assert there(ids.sku_ids[0]) == 100


def test_prices_are_shown_before_they_change(town: Town, browse: Browse):
    ids = town.goods()
    seller = browse("sun", "en")
    rule = {"kind": "percent-up", "by": "2.5", "currency": "CNY", "step": "0.10"}
    page = text(seller.post("/merchant/goods/prices/", {"listing": str(ids.listing_id), **rule}))
    assert "204.00" in page  # 203.975, to the nearest ten fen
    assert catalog.listings(ids=[ids.listing_id])[ids.listing_id].price_to.minor == 19900
    [revision] = re.findall(rf'name="revision-{ids.listing_id}" value="(\d+)"', page)
    seller.post(
        "/merchant/goods/prices/",
        {
            "listing": str(ids.listing_id),
            f"revision-{ids.listing_id}": revision,
            "do": "apply",
            **rule,
        },
    )
    assert catalog.listings(ids=[ids.listing_id])[ids.listing_id].price_to.minor == 20400
    for by in ("", "x", "1.234", "-5", "99999"):
        answer = seller.post("/merchant/goods/prices/", {"listing": str(ids.listing_id), **rule, "by": by})
        assert answer.status_code == 422, by
    assert seller.post(
        "/merchant/goods/prices/", {"listing": str(ids.listing_id), **rule, "currency": "ZZZ"}
    ).status_code in {404, 422}


def test_stock_is_counted_received_written_off_and_moved(town: Town, browse: Browse):
    ids = town.goods()
    [sku_id, _] = ids.sku_ids
    other = catalog.open_location(
        actor=town.seller, party_id=town.seller.party_id, name="二号仓", region_code="440300"
    )
    seller = browse("sun", "en")

    def do(act: str, number: str, **more: Any) -> str:
        form = {"act": act, "at": str(town.shed), f"number-{sku_id}": number, "batch": str(new_id()), **more}
        return text(seller.post("/merchant/stock/change/", form, follow=True))

    do("receive", "10")
    assert there(sku_id) == 110
    assert "must be filled in" in do("write_off", "5")
    do("write_off", "5", reason="破损")
    assert there(sku_id) == 105
    batch = str(new_id())
    do("count", "50", batch=batch)
    do("count", "50", batch=batch)  # sent twice, done once
    assert there(sku_id) == 50
    do("move", "20", to=str(other))
    rows = {one.location_id: one.on_hand for one in catalog.stock_of(sku_ids=[sku_id])[sku_id].locations}
    assert rows == {town.shed: 30, other: 20}
    do("level", "60")
    assert catalog.shop(actor=town.seller, seller_id=town.seller.party_id).low == 1
    for wrong in ("-1", "1.5", "many", "9" * 20):
        assert "could not be read" in do("count", wrong)
    assert "Choose what to do" in do("burn", "1")
    assert "破损" in text(seller.get(f"/merchant/stock/{sku_id}/"))
    assert "真丝连衣裙" in text(seller.get(f"/merchant/stock/?location={other}"))


def test_places_open_change_their_names_and_close(town: Town, browse: Browse):
    seller = browse("sun", "en")

    def do(**form: str) -> str:
        return text(seller.post("/merchant/locations/change/", form, follow=True))

    do(do="open", name="东莞仓", region="440300")
    place = next(
        view.id for view in catalog.locations(party_id=town.seller.party_id) if view.name == "东莞仓"
    )
    assert "already have a location" in do(do="open", name="东莞仓", region="440300")
    do(do="rename", place=str(place), name="莞仓")
    do(do="close", place=str(place))
    assert place not in {view.id for view in catalog.locations(party_id=town.seller.party_id)}
    assert browse("star").post(
        "/merchant/locations/change/", {"do": "reopen", "place": str(place)}
    ).status_code in {302, 403}
    assert place not in {view.id for view in catalog.locations(party_id=town.seller.party_id)}


def test_the_shop_front_is_written_and_seen(town: Town, browse: Browse):
    ids = town.goods()
    seller = browse("sun", "en")
    texts = {"headline": "三代裁缝", "introduction": "一九五二年起。<script>", "revision": "0"}
    page = text(seller.post("/merchant/shop/", {**texts, "do": "add", "more": str(ids.listing_id)}))
    assert str(ids.listing_id) in page
    assert retail.shop(seller_id=town.seller.party_id).headline == ""
    seller.post("/merchant/shop/", {**texts, "chosen": str(ids.listing_id), "do": "save"})
    shop = retail.shop(seller_id=town.seller.party_id)
    assert (shop.headline, shop.listing_ids) == ("三代裁缝", (ids.listing_id,))
    answer = seller.post("/merchant/shop/", {**texts, "headline": "长" * 200, "revision": "1", "do": "save"})
    assert answer.status_code == 422
    assert "长" * 200 in text(answer)
    assert "<script>" not in text(seller.get("/merchant/shop/")).split("</head>")[1].replace(
        "<script type", ""
    )


def test_buyers_order_only_on_the_terms_that_are_offered(town: Town, browse: Browse):
    ids = town.goods()
    seller = browse("sun", "en")
    unsaid = orders.offered_terms(seller_ids=[town.seller.party_id])[town.seller.party_id]
    assert (unsaid.payments, unsaid.changed_at) == ({orders.PaymentKind.PREPAID}, None)
    assert "You have not chosen yet" in text(seller.get("/merchant/terms/"))
    assert "at least one way" in text(seller.post("/merchant/terms/", {"delivery": "shipment"}, follow=True))
    seller.post("/merchant/terms/", {"payment": "prepaid", "delivery": "shipment"})
    offered = orders.offered_terms(seller_ids=[town.seller.party_id])[town.seller.party_id]
    assert offered.payments == {orders.PaymentKind.PREPAID}
    assert "You have not chosen yet" not in text(seller.get("/merchant/terms/"))
    retail.put(actor=town.buyer, items=[retail.CartItem(ids.sku_ids[0], 1)])
    on_delivery = orders.PaymentTerms(kind=orders.PaymentKind.ON_DELIVERY)
    for wish in (
        retail.CheckoutWish(id=new_id(), address=HOME, payment=on_delivery),
        retail.CheckoutWish(id=new_id()),  # picked up
    ):
        with pytest.raises(orders.TermsNotOffered):
            retail.checkout(actor=town.buyer, wish=wish)
    assert retail.checkout(actor=town.buyer, wish=retail.CheckoutWish(id=new_id(), address=HOME)).orders
    with pytest.raises(NotYours):
        orders.offer_terms(
            actor=town.other,
            seller_id=town.seller.party_id,
            payments=orders.PaymentKind,
            deliveries=orders.DeliveryKind,
        )
