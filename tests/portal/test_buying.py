"""From the cart to paid, for guests and companies: what comes along, what is kept, what waits for another one's word."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from allauth.core import ratelimit
from django.core import mail
from django.test import Client
from django.utils.html import escape
from portal_town import HOME, PASSWORD, Town
from stdnum.cn import uscc

from cohong.kernel import clock, journal, sets
from cohong.kernel.errors import one
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role
from cohong.payments import api as payments
from cohong.retail import api as retail

Browse = Callable[..., Client]
TYPED = {
    "recipient": "陈小明",
    "phone": "13812345678",
    "street": "南山区海德三道 15 号",
    "postcode": "518000",
    "region_1": "440000",
    "region_2": "440300",
}
CODE = "91440101MA5AAAAA1" + uscc.calc_check_digit("91440101MA5AAAAA1")


def text(answer: Any) -> str:
    return answer.content.decode()


def hidden(html: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', html)[1]


def put(client: Client, *lines: tuple[UUID, int]) -> Any:
    return client.post(
        "/cart/add/", {**{f"quantity-{sku}": str(n) for sku, n in lines}, "back": "/cart/"}, follow=True
    )


def till_form(client: Client, **more: str) -> dict[str, str]:
    """Fill the till as a person does: look at it, type, let it work out the sums."""
    page = text(client.get("/checkout/"))
    form = {**TYPED, "checkout_id": hidden(page, "checkout_id"), "payment": "prepaid", **more}
    page = text(client.post("/checkout/", {**form, "step": "review"}))
    return {**form, "expected": hidden(page, "expected")}


def person(username: str) -> Actor:
    user_id = parties.user_named(username=username)
    [membership] = parties.parties_of(user_id=user_id)
    return parties.actor_for(user_id=user_id, party_id=membership.party_id)


# --- the cart --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "channel"),
    [
        ({"user-agent": "Mozilla/5.0 (iPhone) Version/17 Mobile/15E148 Safari/604.1"}, "mobile"),
        ({"user-agent": "Mozilla/5.0 (Linux; Android 14) Chrome Mobile", "sec-ch-ua-mobile": "?0"}, "web"),
        ({"user-agent": "Mozilla/5.0 (X11)", "sec-ch-ua-mobile": "?1"}, "mobile"),
        ({"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome"}, "web"),
    ],
)
def test_an_order_tells_through_what_it_came(
    town: Town, browse: Browse, headers: dict[str, str], channel: str
):
    ids = town.goods()
    buyer = browse("moon")
    put(buyer, (ids.sku_ids[0], 1))
    buyer.post("/checkout/", {**till_form(buyer), "step": "order"}, headers=headers)
    [order] = orders.orders(actor=town.buyer, side="buyer")
    assert journal.file_of([order.id])[0].envelope.body.channel == channel


def test_a_guest_fills_a_cart_that_comes_along_once(town: Town, browse: Browse):
    small, large = town.goods().sku_ids
    retail.put(actor=town.buyer, items=[retail.CartItem(small, 1)])
    guest = browse()
    page = text(put(guest, (small, 2), (large, 8)))
    assert "10 lines" not in page
    assert "CN¥1,990.00" in page
    assert "2 more, and each costs CN¥179.00" in page
    assert '<b class="count">2</b>' in page
    guest.post(f"/cart/{large}/", {"to": "9"})
    guest.post("/cart/pick/", {"pick": str(large)})
    assert "1 line chosen" in text(guest.get("/cart/"))
    assert guest.login(username="moon", password=PASSWORD)
    assert '<b class="count">2</b>' in text(guest.get("/"))
    guest.get("/cart/")
    lines = {line.sku_id: (line.quantity, line.picked) for line in retail.look(actor=town.buyer).lines}
    assert lines == {small: (3, False), large: (9, True)}


def test_a_guest_is_told_what_cannot_be(town: Town, browse: Browse):
    [sku, _] = town.goods().sku_ids
    guest = browse()
    assert "notice-error" in text(put(guest, (sku, 0)))
    guest.post("/cart/add/", {f"quantity-{sku}": "many", "back": "/cart/"})
    assert "The cart is empty." in text(guest.get("/cart/"))
    put(guest, (sku, 500))
    assert "only 100 are available" in text(guest.get("/cart/"))
    assert guest.post(f"/cart/{new_id()}/remove/").status_code == 404
    assert guest.post("/cart/pick/", {"go": "1"}, follow=True).status_code == 200
    guest.post(f"/cart/{sku}/remove/")
    assert "The cart is empty." in text(guest.get("/cart/"))
    assert guest.get("/checkout/")["Location"] == "/cart/"


def test_only_what_is_chosen_is_checked_out_and_favourites_keep_the_rest(town: Town, browse: Browse):
    small, large = town.goods().sku_ids
    buyer = browse("moon")
    put(buyer, (small, 1), (large, 1))
    answer = buyer.post("/cart/pick/", {"pick": str(large), "go": "1"})
    assert answer["Location"] == "/checkout/"
    assert hidden(text(buyer.get("/checkout/")), "expected") == "21100CNY"
    buyer.post(f"/cart/{small}/later/")
    assert [line.sku_id for line in retail.look(actor=town.buyer).lines] == [large]
    assert retail.favourite_count(actor=town.buyer) == 1
    part = buyer.post(f"/cart/{large}/", {"to": "3"}, headers={"HX-Request": "true"})
    assert "<html" not in text(part)
    assert "CN¥597.00" in text(part)
    part = buyer.post(f"/cart/{large}/", {f"quantity-{large}": "-4"}, headers={"HX-Request": "true"})
    assert "notice-error" in text(part)


def test_buying_now_leads_to_the_till_with_these_goods_alone(town: Town, browse: Browse):
    small, large = town.goods().sku_ids
    for visitor in (browse(), browse("moon")):
        put(visitor, (small, 1), (large, 5))
        answer = visitor.post("/cart/add/", {f"quantity-{large}": "1", "now": "1", "back": "/listings/"})
        assert answer["Location"] == "/checkout/"
        [line] = visitor.get("/checkout/").context["cart"].lines
        assert (line.sku_id, line.quantity) == (large, 1)
        assert '<b class="count">2</b>' in text(visitor.get("/cart/"))
    short = browse().post("/cart/add/", {f"quantity-{large}": "0.5", "now": "1", "back": "/cart/"})
    assert short["Location"] == "/cart/"


# --- the checkout ----------------------------------------------------------------------------------------


def test_a_guest_registers_with_the_order(town: Town, browse: Browse):
    [sku, _] = town.goods().sku_ids
    guest = browse()
    put(guest, (sku, 1))
    form = till_form(guest, username="xiaoming", email="x@example.com", keep_address="1")
    assert form["expected"] == "21100CNY"
    answer = guest.post("/checkout/", {**form, "password": "short", "step": "order"})
    assert answer.status_code == 422
    assert 'value="xiaoming"' in text(answer)
    assert 'aria-describedby="password-note"' in text(answer)
    with pytest.raises(parties.UserNotFound):
        parties.user_named(username="xiaoming")
    wrong = {**form, "password": PASSWORD, "phone": "ring twice", "step": "order"}
    assert guest.post("/checkout/", wrong).status_code == 422
    with pytest.raises(parties.UserNotFound):
        parties.user_named(username="xiaoming")
    taken = {**form, "username": "moon", "password": PASSWORD, "step": "order"}
    assert guest.post("/checkout/", taken).status_code == 409

    good = {**form, "password": PASSWORD, "step": "order"}
    pay = guest.post("/checkout/", good)
    assert pay["Location"] == f"/checkout/{form['checkout_id']}/pay/"
    assert guest.post("/checkout/", good)["Location"] == pay["Location"]
    me = person("xiaoming")
    [view] = orders.orders(actor=me, side="buyer")
    assert (view.total, view.state) == (Money(21_100, "CNY"), "placed")
    assert orders.address(actor=me, order_id=view.id) == HOME
    [saved] = logistics.addresses(actor=me)
    assert saved.is_default
    assert "CN¥211.00" in text(guest.get(pay["Location"]))
    assert retail.count(actor=me) == 0


def test_a_guests_registration_is_one_like_any_other(
    town: Town, browse: Browse, monkeypatch: pytest.MonkeyPatch
):
    [sku, _] = town.goods().sku_ids
    guest = browse()
    put(guest, (sku, 1))
    form = till_form(guest, username="xiaoming", password=PASSWORD, email="X@example.com", step="order")
    monkeypatch.setattr(ratelimit, "consume", lambda *_args, **_more: False)
    refused = guest.post("/checkout/", form)
    assert refused.status_code == 429
    assert sets.fetch("select 1 from parties_user where username = 'xiaoming'") == []
    monkeypatch.undo()
    assert guest.post("/checkout/", form)["Location"].endswith("/pay/")
    assert sets.fetch('select email, verified, "primary" from account_emailaddress') == [
        ("x@example.com", False, True)
    ]
    assert [one_.to for one_ in mail.outbox] == [["x@example.com"]]
    # They see themselves by name, others do not; and the session is one of those that they can end.
    assert "陈小明" in text(guest.get("/account/parties/"))
    assert parties.party(party_id=person("xiaoming").party_id).name == "陈**"
    assert sets.fetch("select count(*) from usersessions_usersession") == [(1,)]


def test_a_refused_order_keeps_the_registration_and_what_was_typed(town: Town, browse: Browse):
    [sku, _] = town.goods().sku_ids
    guest = browse()
    put(guest, (sku, 1))
    form = till_form(guest, username="xiaoming", password=PASSWORD, step="order", invoice="ordinary")
    typed = {**form, "invoice_title": "番禺机械", "invoice_tax_number": "91440101MA5AAAAA1X"}
    answer = guest.post("/checkout/", typed)
    assert answer.status_code == 422
    page = text(answer)
    assert "not a valid unified social credit code" in page
    assert 'value="番禺机械"' in page
    assert f'value="{escape(TYPED["street"])}"' in page
    assert 'name="password"' not in page
    me = person("xiaoming")
    assert orders.orders(actor=me, side="buyer") == []
    assert [line.sku_id for line in retail.look(actor=me).lines] == [sku]
    mended = {**typed, "invoice_tax_number": CODE, "keep_invoice": "1"}
    assert guest.post("/checkout/", mended)["Location"].endswith("/pay/")
    [view] = orders.orders(actor=me, side="buyer")
    invoice = orders.invoice(actor=me, order_id=view.id)
    assert invoice is not None
    assert (invoice.terms.title, invoice.terms.tax_number) == ("番禺机械", CODE)
    assert len(orders.invoice_profiles(actor=me)) == 1


def test_saved_addresses_and_titles_are_chosen_and_only_ones_own(town: Town, browse: Browse):
    [sku, _] = town.goods().sku_ids
    mine = logistics.save_address(actor=town.buyer, address=HOME)
    theirs = logistics.save_address(actor=town.other, address=HOME)
    title = orders.InvoiceTerms(kind=orders.InvoiceKind.PERSONAL, title="陈小明")
    profile = orders.save_invoice_profile(actor=town.buyer, terms=title)
    foreign = orders.save_invoice_profile(actor=town.other, terms=title)
    buyer = browse("moon")
    put(buyer, (sku, 1))
    page = text(buyer.get("/checkout/"))
    assert "陈** · 138****5678" in page
    assert "海德三道" not in page
    form = {"checkout_id": hidden(page, "checkout_id"), "expected": hidden(page, "expected"), "step": "order"}
    for wrong in (
        {"address": str(theirs)},
        {"address": str(mine), "invoice": f"saved-{foreign}"},
        {"address": "x"},
    ):
        assert buyer.post("/checkout/", {**form, **wrong}).status_code == 404
    good = {**form, "address": str(mine), "invoice": f"saved-{profile}", "note-0": "请轻放"}
    assert buyer.post("/checkout/", good)["Location"].endswith("/pay/")
    [view] = orders.orders(actor=town.buyer, side="buyer")
    assert orders.address(actor=town.buyer, order_id=view.id) == HOME
    looks = parties.looks(actor=town.buyer, party_id=town.buyer.party_id)
    # Once with the order, and once with the form whose invoice was another's.
    assert [look.what for look in looks] == [("address",), ("address",)]


def test_the_address_book_is_kept_in_pages(town: Town, browse: Browse):
    buyer = browse("moon")
    shown = text(buyer.post("/addresses/", {**TYPED, "region_2": "", "step": "review"}))
    assert 'value="440300"' in shown
    assert buyer.post("/addresses/", {**TYPED, "phone": "?", "step": "save"}).status_code == 422
    buyer.post("/addresses/", {**TYPED, "step": "save"})
    [saved] = logistics.addresses(actor=town.buyer)
    assert saved.address.region_code == "440300"
    assert "海德三道" not in text(buyer.get("/addresses/"))
    here = f"/addresses/{saved.id}/"
    assert "海德三道" in text(buyer.get(here))
    stranger = browse("star")
    for address in (here, f"{here}act/"):
        assert stranger.post(address, {**TYPED, "act": "remove", "step": "save"}).status_code == 404
    assert stranger.get(here).status_code == 404
    buyer.post(here, {**TYPED, "street": "2 号", "step": "save"})
    assert logistics.saved_address(actor=town.buyer, address_id=saved.id).street == "2 号"
    buyer.post(f"{here}act/", {"act": "remove"})
    assert logistics.addresses(actor=town.buyer) == []


# --- paying ----------------------------------------------------------------------------------------------


def test_the_page_at_the_bank_shows_a_code_and_notices_the_money(
    town: Town, browse: Browse, monkeypatch: pytest.MonkeyPatch
):
    order_id = town.order(town.goods().sku_ids[0])
    view = town.view(order_id)
    buyer = browse("moon")
    here = f"/orders/{order_id}/pay/bank/"
    opened = payments.PaymentView(
        id=new_id(),
        kind=payments.MovementKind.PAYMENT,
        number="7F3K-2M9Q-4",
        state=payments.MovementState.OPEN,
        party_id=town.buyer.party_id,
        order_id=order_id,
        payment_id=None,
        amount=view.due,
        provider="bank",
        pay_url="https://bank.example/pay/1",
        qr_text="https://bank.example/pay/1",
        failure="",
        bank_account="",
        started_at=clock.now(),
        ended_at=None,
    )
    monkeypatch.setattr(payments, "payments_for", lambda order_ids: {order_ids[0]: [opened]})
    page = text(buyer.get(here))
    assert 'href="https://bank.example/pay/1"' in page
    assert "<path" in page
    assert "style=" not in page
    assert f'hx-get="{here}?looks=1"' in page
    part = text(buyer.get(f"{here}?looks=74", headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert "looks=75" in part
    last = text(buyer.get(f"{here}?looks=75", headers={"HX-Request": "true"}))
    assert "hx-get" not in last
    assert "no longer looks by itself" in last
    assert browse("star").get(here).status_code == 404
    town.give(view.total.minor)
    one(orders.pay(items=[orders.PayOrder(actor=town.buyer, order_id=order_id)]))
    assert (
        buyer.get(f"{here}?looks=3", headers={"HX-Request": "true"})["HX-Redirect"]
        == f"/orders/{order_id}/paid/"
    )
    assert buyer.get(here)["Location"] == f"/orders/{order_id}/paid/"
    assert "The money is in escrow." in text(buyer.get(f"/orders/{order_id}/paid/"))
    assert browse("star").get(f"/orders/{order_id}/paid/").status_code == 404


def test_what_is_not_paid_is_not_said_to_be(town: Town, browse: Browse):
    order_id = town.order(town.goods().sku_ids[0])
    assert browse("moon").get(f"/orders/{order_id}/paid/")["Location"] == f"/orders/{order_id}/pay/"


# --- the company -----------------------------------------------------------------------------------------


def test_an_owner_gives_roles_and_is_never_the_last_to_leave(town: Town, browse: Browse):
    parties.sign_up(username="mia", password=PASSWORD)
    owner = browse("moon")
    wrong = owner.post("/company/people/", {"username": "nobody", "role": "purchasing"})
    assert wrong.status_code == 404
    assert 'value="nobody"' in text(wrong)
    owner.post("/company/people/", {"username": "MIA", "role": "purchasing"})
    clerk = person("mia")
    assert clerk.roles == {Role.PURCHASING}
    assert owner.post("/company/people/", {"username": "mia", "role": "purchasing"}).status_code == 409
    assert owner.post("/company/people/", {"username": "mia", "role": "king"}).status_code == 404
    end = {"act": "end", "user": str(town.buyer.user_id), "role": "owner"}
    assert "notice-error" in text(owner.post("/company/people/", end, follow=True))
    mia = browse("mia")
    assert 'action="/company/limits/"' not in text(mia.get("/company/"))
    for address, form in (
        ("/company/people/", {"username": "star", "role": "owner"}),
        ("/company/people/", end),
        ("/company/limits/", {"limit": "1", "currency": "CNY"}),
    ):
        assert mia.post(address, form).status_code == 403, address
    owner.post("/company/people/", {"act": "end", "user": str(clerk.user_id), "role": "purchasing"})
    assert parties.parties_of(user_id=clerk.user_id or new_id()) == []


def test_a_purchase_above_the_limit_is_asked_for_and_approved_in_pages(town: Town, browse: Browse):
    [sku, _] = town.goods().sku_ids
    owner, clerk = browse("moon"), town.clerk()
    assert owner.post("/company/limits/", {"limit": "one", "currency": "CNY"}).status_code == 422
    assert owner.post("/company/limits/", {"limit": "1,00.001", "currency": "CNY"}).status_code == 422
    owner.post("/company/limits/", {"limit": "150.00", "currency": "CNY"})
    assert orders.purchase_limits(actor=town.buyer) == (Money(15_000, "CNY"),)
    mia = browse("mia")
    put(mia, (sku, 1))
    form = till_form(mia)
    page = text(mia.post("/checkout/", {**form, "step": "review"}))
    assert "Above CN¥150.00" in page
    assert 'value="ask"' in page
    assert 'value="order"' not in page
    # Whoever sends the order all the same is refused, and keeps the cart.
    forced = mia.post("/checkout/", {**form, "step": "order"})
    assert forced.status_code == 409
    assert "needs the approval" in text(forced)
    assert mia.post("/checkout/", {**form, "step": "ask", "reason": " "}).status_code == 422
    asked = {**form, "step": "ask", "reason": "秋季备货"}
    there = mia.post("/checkout/", asked)["Location"]
    assert mia.post("/checkout/", asked)["Location"] == there
    assert there == f"/company/approvals/{form['checkout_id']}/"
    assert 'value="approve"' not in text(mia.get(there))
    mia.post(f"{there}decide/", {"act": "approve"})
    assert orders.orders(actor=clerk, side="buyer") == []

    page = text(owner.get(there))
    assert "秋季备货" in page
    assert "陈** 138****5678" in page
    assert 'value="approve"' in page
    assert "CN¥211.00" in text(owner.get("/company/approvals/"))
    assert browse("star").get(there).status_code == 404
    assert browse("sun").post(f"{there}decide/", {"act": "approve"}).status_code == 404
    assert "notice-error" in text(owner.post(f"{there}decide/", {"act": "reject", "reason": ""}, follow=True))
    assert "Approved and ordered." in text(owner.post(f"{there}decide/", {"act": "approve"}, follow=True))
    assert "notice-error" in text(owner.post(f"{there}decide/", {"act": "approve"}, follow=True))
    [view] = orders.orders(actor=clerk, side="buyer")
    assert (view.total, view.state) == (Money(21_100, "CNY"), "placed")
    assert text(mia.get(f"/checkout/{form['checkout_id']}/pay/")).count(view.number) >= 1


def test_spending_is_the_partys_own_and_goes_into_a_spreadsheet(town: Town, browse: Browse):
    ids = town.goods()
    town.paid(ids.sku_ids[0], 2)
    clerk = town.clerk("cmd")
    sets.run("update parties_user set username = '=cmd' where id = %s", (clerk.user_id,))
    retail.put(actor=clerk, items=[retail.CartItem(ids.sku_ids[1], 1)])
    retail.checkout(actor=clerk, wish=retail.CheckoutWish(id=new_id()))
    owner = browse("moon")
    page = text(owner.get("/company/spending/"))
    for said in ("CN¥609.00", "CN¥410.00", "CN¥199.00", "Sun Garments", "Dresses", "moon"):
        assert said in page, said
    answer = owner.get("/company/spending/table/")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = text(answer).removeprefix("\ufeff").split("\r\n")
    month = f"{clock.now() + timedelta(hours=8):%Y-%m}"
    assert rows[0] == "Month,Seller,User,Orders,Currency,Spent"
    assert sorted(rows[1:3]) == [
        f"{month},Sun Garments,'=cmd,1,CNY,199.00",
        f"{month},Sun Garments,moon,1,CNY,410.00",
    ]
    assert "CN¥0.00" in text(browse("star").get("/company/spending/"))
    assert "Sun Garments" not in text(browse("star").get("/company/spending/table/"))
    town.clerk("paul", Role.WAREHOUSE)
    assert browse("paul").get("/company/spending/").status_code == 403


def test_the_seller_records_the_invoice_on_the_orders_page(town: Town, browse: Browse):
    ids = town.goods()
    retail.put(actor=town.buyer, items=[retail.CartItem(ids.sku_ids[0], 1)])
    title = orders.InvoiceTerms(kind=orders.InvoiceKind.PERSONAL, title="陈小明")
    wish = retail.CheckoutWish(id=new_id(), invoice=title)
    [placed] = retail.checkout(actor=town.buyer, wish=wish).orders
    town.give(placed.total.minor)
    one(orders.pay(items=[orders.PayOrder(actor=town.buyer, order_id=placed.order_id)]))
    seller, here = browse("sun"), f"/orders/{placed.order_id}/invoice/"
    page = text(seller.get(f"/merchant/orders/{placed.order_id}/"))
    assert "陈**" in page
    assert "陈小明" not in page
    assert "陈小明" in text(seller.post(here, {"act": "show"}))
    assert [look.what for look in parties.looks(actor=town.buyer, party_id=town.buyer.party_id)] == [
        ("invoice",)
    ]
    seller.post(here, {"number": "24442000000012345678", "issued_on": "not a day"})
    assert "Not issued yet" in text(browse("moon").get(f"/orders/{placed.order_id}/"))
    seller.post(here, {"number": "24442000000012345678", "issued_on": f"{clock.now():%Y-%m-%d}"})
    assert "24442000000012345678" in text(browse("moon").get(f"/orders/{placed.order_id}/"))
    record = {"number": "24442000000012345679", "issued_on": f"{clock.now():%Y-%m-%d}"}
    assert browse("moon").post(here, record).status_code == 403
    assert browse("star").post(here, record).status_code == 404
    assert browse("star").post(here, {"act": "show"}).status_code == 404
