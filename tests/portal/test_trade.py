"""The whole trade through the pages, as buyer and as seller; and what others may not see of it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from portal_town import HOME, Town

from cohong.catalog import api as catalog
from cohong.kernel import journal
from cohong.kernel.errors import one
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Role
from cohong.payments import api as payments
from cohong.retail import api as retail

Browse = Callable[..., Client]
ADDRESS = {name: getattr(HOME, name) for name in HOME.__struct_fields__}


def text(answer: Any) -> str:
    return answer.content.decode()


def hidden(html: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', html)[1]


def the_order(town: Town) -> orders.OrderView:
    [view] = orders.orders(actor=town.buyer, side="buyer")
    return view


def test_a_trade_from_the_cart_to_the_settlement_and_back(town: Town, browse: Browse):
    ids = town.goods()
    small, large = ids.sku_ids
    town.give(1_000_000)
    buyer, seller = browse("moon"), browse("sun")
    put = {f"quantity-{small}": "10", f"quantity-{large}": "1", "back": f"/listings/{ids.listing_id}/"}
    answer = buyer.post("/cart/add/", put, follow=True)
    assert "2 kinds of goods are in the cart now." in text(answer)
    assert "CN¥1,989.00" in text(buyer.get("/cart/"))
    till = text(buyer.get("/checkout/"))
    form = {**ADDRESS, "checkout_id": hidden(till, "checkout_id"), "payment": "prepaid", "note": "请轻放"}
    till = text(buyer.post("/checkout/", {**form, "step": "review"}))
    # 10 x 179.00 + 199.00 and 4.4 kg: 12.00 + 7 x 3.00
    assert hidden(till, "expected") == "202200CNY"
    order_form = {**form, "step": "order", "expected": "202200CNY"}
    answer = buyer.post("/checkout/", order_form)
    pay = answer["Location"]
    assert buyer.post("/checkout/", order_form)["Location"] == pay
    view = the_order(town)
    assert (view.total, view.state) == (Money(202200, "CNY"), "placed")
    assert "CN¥10,000.00" in text(buyer.get(pay))
    answer = buyer.post(pay, {"means": "balance"}, follow=True)
    assert "held in escrow until you accept" in text(answer)
    here, there = f"/orders/{view.id}/", f"/merchant/orders/{view.id}/"

    line = next(line for line in town.view(view.id).lines if line.sku_id == small)
    sale = text(seller.get(there))
    shipment = {"shipment_id": hidden(sale, "shipment_id"), "carrier": "", f"quantity-{line.id}": "4"}
    assert "Shipped with waybill" in text(seller.post(f"{there}ship/", shipment, follow=True))
    assert town.view(view.id).state == "part_shipped"
    seller.post(f"{there}ship/", shipment)
    assert sum(one_.shipped for one_ in town.view(view.id).lines) == 4
    sale = text(seller.get(there))
    rest = {f"quantity-{one_.id}": str(one_.quantity - one_.shipped) for one_ in town.view(view.id).lines}
    seller.post(f"{there}ship/", {**rest, "shipment_id": hidden(sale, "shipment_id"), "carrier": ""})
    assert town.view(view.id).state == "shipped"

    assert "The money goes to the seller now." in text(buyer.post(f"{here}accept/", follow=True))
    one(orders.settle(items=[orders.OnOrder(actor=SYSTEM, order_id=view.id)]))

    back = text(buyer.get(f"{here}return/"))
    wish = {
        "return_id": hidden(back, "return_id"),
        f"quantity-{line.id}": "2",
        "goods_back": "yes",
        "reason": "破损",
    }
    assert "The return is requested." in text(buyer.post(f"{here}return/", wish, follow=True))
    [wanted] = orders.returns(actor=town.buyer, order_id=view.id)
    for act, said in (
        ("approve", "approved"),
        ("receive", "back in stock"),
        ("refund", "back with the buyer"),
    ):
        assert said in text(seller.post(f"/merchant/returns/{wanted.id}/{act}/", follow=True))
    assert town.view(view.id).refunded == wanted.amount
    journal.seal_all()
    page = text(buyer.get(here))
    for kind in (
        "Order placed",
        "Paid into escrow",
        "Goods shipped",
        "Goods accepted",
        "Paid out",
        "Refunded to",
    ):
        assert kind in page
    assert page.count('class="file-entry is-sealed"') == 10


def test_a_document_is_shown_byte_for_byte_with_its_proof(town: Town, browse: Browse):
    order_id = town.paid(town.goods().sku_ids[0])
    filed = orders.evidence(actor=town.buyer, order_id=order_id)[0]
    buyer = browse("moon")
    address = f"/orders/{order_id}/documents/{filed.envelope.id}/"
    assert "being sealed" in text(buyer.get(address))
    journal.seal_all()
    page = text(buyer.get(address))
    assert "Checked just now: the document is in the sealed log." in page
    assert filed.digest.hex() in page
    saved = buyer.get(f"{address}canonical/")
    assert saved.content.decode() == journal.document(filed.envelope.id)[2]
    assert saved["Content-Disposition"].startswith("attachment")
    assert browse("sun").get(address).status_code == 200
    assert browse("star").get(address).status_code == 404
    assert buyer.get(f"/orders/{order_id}/documents/{new_id()}/").status_code == 404


def test_anothers_order_is_not_there(town: Town, browse: Browse):
    order_id = town.shipped(town.goods().sku_ids[0])
    view = town.view(order_id)
    requested = orders.request_return(
        item=orders.RequestReturn(
            actor=town.buyer,
            id=new_id(),
            order_id=order_id,
            lines=(orders.ReturnedLine(line_id=view.lines[0].id, quantity=1),),
        )
    )
    made = retail_checkout_of(town)
    [shipment] = logistics.shipments_of(order_ids=[order_id])[order_id]
    stranger = browse("star")
    here, there = f"/orders/{order_id}/", f"/merchant/orders/{order_id}/"
    for address in (here, f"{here}pay/", f"{here}return/", there, f"/checkout/{made}/pay/"):
        assert stranger.get(address).status_code == 404, address
    for address in (
        f"{here}pay/",
        f"{here}accept/",
        f"{here}cancel/",
        f"{here}return/",
        f"{there}ship/",
        f"{there}address/",
        f"/returns/{requested.return_id}/withdraw/",
        f"/merchant/returns/{requested.return_id}/approve/",
        f"/shipments/{shipment.id}/code/",
        f"/merchant/shipments/{shipment.id}/hand-over/",
        f"/checkout/{made}/pay/",
    ):
        answer = stranger.post(
            address, {"reason": "x", "code": "1", "return_id": str(new_id()), "shipment_id": str(new_id())}
        )
        assert answer.status_code in (403, 404), address
    assert town.view(order_id) == orders.order(actor=town.buyer, order_id=order_id)
    assert town.view(order_id).state == "shipped"


def retail_checkout_of(town: Town) -> Any:
    sku_id = town.goods("别的").sku_ids[0]
    retail.put(actor=town.buyer, items=[retail.CartItem(sku_id, 1)])
    return retail.checkout(actor=town.buyer, wish=retail.CheckoutWish(id=new_id())).id


def test_each_side_has_its_own_desk_and_its_own_acts(town: Town, browse: Browse):
    order_id = town.shipped(town.goods().sku_ids[0])
    buyer, seller = browse("moon"), browse("sun")
    assert seller.get(f"/orders/{order_id}/")["Location"] == f"/merchant/orders/{order_id}/"
    assert buyer.get(f"/merchant/orders/{order_id}/")["Location"] == f"/orders/{order_id}/"
    assert seller.post(f"/orders/{order_id}/accept/").status_code == 403
    assert buyer.post(f"/merchant/orders/{order_id}/ship/", {"shipment_id": str(new_id())}).status_code == 403
    assert buyer.post(f"/merchant/orders/{order_id}/address/").status_code == 404
    assert "还没有" not in text(seller.get("/merchant/orders/?tab=accept"))
    assert town.view(order_id).number in text(seller.get("/merchant/orders/?tab=accept"))
    assert town.view(order_id).number not in text(seller.get("/orders/"))


def test_addresses_are_masked_until_the_seller_asks_and_that_is_recorded(town: Town, browse: Browse):
    order_id = town.paid(town.goods().sku_ids[0])
    seller = browse("sun")
    assert HOME.phone not in text(seller.get(f"/merchant/orders/{order_id}/"))
    assert HOME.phone in text(seller.post(f"/merchant/orders/{order_id}/address/"))
    [look] = parties.looks(actor=town.buyer, party_id=town.buyer.party_id)
    assert (look.by_party, look.what, look.in_clear) == (town.seller.party_id, ("address",), True)


def test_goods_that_are_picked_up_are_handed_over_against_the_code(town: Town, browse: Browse):
    order_id = town.shipped(town.goods().sku_ids[0], pick_up=True)
    [shipment] = logistics.shipments_of(order_ids=[order_id])[order_id]
    buyer, seller = browse("moon"), browse("sun")
    page = text(buyer.post(f"/shipments/{shipment.id}/code/"))
    code = re.search(r'big-code">([\d ]+)<', page)[1]
    hand_over = f"/merchant/shipments/{shipment.id}/hand-over/"
    assert "notice-error" in text(seller.post(hand_over, {"code": "0"}, follow=True))
    assert "handed over" in text(seller.post(hand_over, {"code": code}, follow=True))


def test_a_cart_is_changed_by_itself_and_by_hand(town: Town, browse: Browse):
    ids = town.goods(stock=5)
    sku_id = ids.sku_ids[0]
    buyer = browse("moon")
    buyer.post("/cart/add/", {f"quantity-{sku_id}": "2", "back": "/cart/"})
    part = buyer.post(f"/cart/{sku_id}/", {f"quantity-{sku_id}": "4"}, headers={"HX-Request": "true"})
    assert "<html" not in text(part)
    assert "CN¥796.00" in text(part)
    whole = buyer.post(f"/cart/{sku_id}/", {f"quantity-{sku_id}": "7"}, follow=True)
    assert "7 are wanted, but only 5 are available" in text(whole)
    assert 'href="/checkout/"' not in text(whole)
    refused = buyer.post(f"/cart/{sku_id}/", {f"quantity-{sku_id}": "many"}, follow=True)
    assert 'class="notice notice-error"' in text(refused)
    assert retail.look(actor=town.buyer).lines[0].quantity == 7
    assert "The cart is empty." in text(buyer.post(f"/cart/{sku_id}/remove/", follow=True))
    assert buyer.post(f"/cart/{sku_id}/remove/").status_code == 404
    part = buyer.post(f"/cart/{sku_id}/remove/", headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Retarget"]) == (404, "#notices")
    assert "Say how many" in text(buyer.post("/cart/add/", {"back": "/"}, follow=True))
    assert buyer.get("/checkout/")["Location"] == "/cart/"


def test_a_changed_price_waits_for_a_decision(town: Town, browse: Browse):
    ids = town.goods()
    sku_id = ids.sku_ids[0]
    buyer = browse("moon")
    buyer.post("/cart/add/", {f"quantity-{sku_id}": "1", "back": "/"})
    view = catalog.listing(listing_id=ids.listing_id)
    skus = [
        catalog.SkuDraft(code=sku.code, attributes=sku.attributes, tiers=[catalog.Tier(1, 25000)])
        for sku in view.skus
    ]
    draft = catalog.ListingDraft(
        category_code=view.category_code,
        title=view.title,
        currency="CNY",
        unit=view.unit,
        skus=skus,
        attributes=view.attributes,
    )
    catalog.change_listing(actor=town.seller, listing_id=ids.listing_id, draft=draft)
    page = text(buyer.get("/cart/"))
    assert "The price was CN¥199.00, it is CN¥250.00 now." in page
    ready = 'class="button call" name="go"'
    assert ready not in page
    assert ready in text(buyer.post("/cart/prices/", follow=True))


def test_a_checkout_that_cannot_be_says_why_and_keeps_the_form(town: Town, browse: Browse):
    sku_id = town.goods(stock=2).sku_ids[0]
    retail.put(actor=town.buyer, items=[retail.CartItem(sku_id, 2)])
    buyer = browse("moon")
    till = text(buyer.get("/checkout/"))
    form = {**ADDRESS, "checkout_id": hidden(till, "checkout_id"), "payment": "prepaid", "step": "order"}
    answer = buyer.post("/checkout/", {**form, "expected": "1CNY"})
    assert answer.status_code == 409
    assert "The total is now CN" not in text(answer)
    assert "410.00 CNY" in text(answer)
    assert f'value="{HOME.street}"' in text(answer)
    answer = buyer.post("/checkout/", {**form, "phone": "1", "expected": "41000CNY"})
    assert answer.status_code == 422
    other = town.order(sku_id, 1)
    retail.put(actor=town.buyer, items=[retail.CartItem(sku_id, 2)])
    answer = buyer.post("/checkout/", {**form, "expected": "41000CNY"})
    assert answer.status_code == 409
    assert "2 are wanted, but only 1 are available" in text(answer)
    assert [view.id for view in orders.orders(actor=town.buyer, side="buyer")] == [other]
    for bad in ({"checkout_id": "x"}, {"expected": "1"}, {"payment": "never"}):
        assert buyer.post("/checkout/", {**form, "expected": "", **bad}).status_code in (404, 422)


def test_paying_without_the_money_is_told(town: Town, browse: Browse):
    order_id = town.order(town.goods().sku_ids[0])
    buyer = browse("moon")
    page = text(buyer.get(f"/orders/{order_id}/pay/"))
    assert re.search(r'value="balance" disabled', page)
    assert "notice-error" in text(buyer.post(f"/orders/{order_id}/pay/", {"means": "balance"}, follow=True))
    assert town.view(order_id).state == "placed"
    # No bank is connected here: that is told too, and nothing is lost.
    answer = buyer.post(f"/orders/{order_id}/pay/", {"means": "bank", "order": str(order_id)}, follow=True)
    assert answer.status_code == 200
    assert 'class="notice' in text(answer)


def test_paying_at_the_bank_opens_a_payment_there(
    town: Town, browse: Browse, monkeypatch: pytest.MonkeyPatch
):
    order_id = town.order(town.goods().sku_ids[0])
    asked: list[dict[str, Any]] = []

    def start(**given: Any) -> Any:
        asked.append(given)
        return type("Opened", (), {"pay_url": "https://bank.example/pay/1"})()

    monkeypatch.setattr(payments, "start_payment", start)
    answer = browse("moon").post(f"/orders/{order_id}/pay/", {"means": "bank", "order": str(order_id)})
    assert answer["Location"] == f"/orders/{order_id}/pay/bank/"
    assert (asked[0]["order_id"], asked[0]["amount"]) == (order_id, town.view(order_id).due)
    assert asked[0]["return_url"].endswith(f"/orders/{order_id}/pay/bank/")


def test_cancelling_needs_a_reason(town: Town, browse: Browse):
    order_id = town.paid(town.goods().sku_ids[0])
    buyer = browse("moon")
    assert "notice-error" in text(buyer.post(f"/orders/{order_id}/cancel/", {"reason": " "}, follow=True))
    assert "The order is cancelled." in text(
        buyer.post(f"/orders/{order_id}/cancel/", {"reason": "不要了"}, follow=True)
    )
    assert town.view(order_id).state == "cancelled"


def test_a_party_is_chosen_and_only_ones_own(town: Town, browse: Browse):
    parties.grant_membership(
        actor=town.seller, party_id=town.seller.party_id, user_id=town.buyer.user_id, role=Role.SALES
    )
    client = browse("moon")
    answer = client.post(
        "/acting-for/", {"party": str(town.seller.party_id), "back": "/merchant/"}, follow=True
    )
    assert "Sun Garments" in text(answer)
    order_id = town.shipped(town.goods().sku_ids[0])
    assert client.get(f"/merchant/orders/{order_id}/").status_code == 200
    assert client.post("/acting-for/", {"party": str(town.other.party_id)}).status_code == 403
    assert client.post("/acting-for/", {"party": "nobody"}).status_code == 403
    assert browse().post("/acting-for/", {"party": str(town.other.party_id)}).status_code == 302
    parties.end_membership(
        actor=town.seller, party_id=town.seller.party_id, user_id=town.buyer.user_id, role=Role.SALES
    )
    assert client.get(f"/merchant/orders/{order_id}/").status_code == 302
    evil = client.post("/acting-for/", {"party": str(town.buyer.party_id), "back": "https://evil.example/"})
    assert evil["Location"] == "/"


def test_a_user_without_a_party_is_told(town: Town, browse: Browse):
    parties.sign_up(username="lone", password="pearl-river-1757")
    answer = browse("lone").get("/orders/")
    assert answer.status_code == 403
    assert "You do not act for anybody yet." in text(answer)


def test_demo_users_are_one_click_away_on_the_demo_only(
    town: Town, browse: Browse, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("COHONG_DEMO", raising=False)
    assert 'value="moon"' not in text(browse().get("/sign-in/"))
    assert browse().post("/sign-in/demo/", {"username": "moon"}).status_code == 404
    monkeypatch.setenv("COHONG_DEMO", "1")
    client = browse()
    assert 'value="moon"' in text(client.get("/sign-in/"))
    parties.sign_up(username="real", password="pearl-river-1757", email="real@example.com")
    assert client.post("/sign-in/demo/", {"username": "real"}).status_code == 404
    assert client.post("/sign-in/demo/", {"username": "moon", "next": "/orders/"})["Location"] == "/orders/"
    assert client.get("/orders/").status_code == 200
    assert client.post("/sign-out/")["Location"] == "/"
    assert client.get("/orders/").status_code == 302
