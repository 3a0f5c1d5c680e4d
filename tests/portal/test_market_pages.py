"""The market's pages: a listing priced for what one wants, favourites, comparing, reviews, a shop front, what is traded."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from portal_town import PASSWORD, Town

from cohong.catalog import api as catalog
from cohong.kernel import journal
from cohong.kernel.ids import new_id
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Mandate
from cohong.portal.kept import kept
from cohong.retail import api as retail

Browse = Callable[..., Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def browse(browse: Browse) -> Browse:
    """Open a window in Chinese, unless a test says otherwise."""
    return lambda username="", language="zh-hans": browse(username, language)


def picture(colour: str = "teal") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (300, 200), colour).save(out, "JPEG")
    return SimpleUploadedFile("goods.jpg", out.getvalue(), "image/jpeg")


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def line_of(town: Town, order_id: Any) -> Any:
    return town.view(order_id).lines[0].id


# --- a listing -------------------------------------------------------------------------------------------


def test_a_listing_is_priced_for_what_one_wants_brought_to_where_one_is(town: Town, browse: Browse):
    ids = town.goods()
    here = f"/listings/{ids.listing_id}/"
    client = browse()
    assert "选择送达地区" in text_of(client.get(here))
    answer = client.post("/region/", {"region": "440300", "back": here})
    assert (answer.status_code, answer["Location"]) == (302, here)
    sku = catalog.skus(ids=[ids.sku_ids[0]])[ids.sku_ids[0]]
    dear, cheap = sku.tiers[0].unit_price_minor, sku.tiers[-1].unit_price_minor
    assert cheap < dear
    many = sku.tiers[-1].min_quantity
    part = client.get(f"{here}reckon/", {f"quantity-{sku.id}": many}, headers=HTMX)
    said = text_of(part)
    assert "<html" not in part.content.decode()
    assert f"{many * cheap / 100:,.2f}" in said
    assert "岭南快运" in said
    # Without JavaScript the same form comes back to the page, the quantities in its address.
    answer = client.post(f"{here}reckon/", {f"quantity-{sku.id}": many, "csrfmiddlewaretoken": "x"})
    assert answer["Location"] == f"{here}?quantity-{sku.id}={many}#reckoning"
    page = client.get(answer["Location"].partition("#")[0])
    assert f"{many * cheap / 100:,.2f}" in text_of(page)
    assert f'value="{many}"' in page.content.decode()


def test_quantities_that_cannot_be_are_told_and_nonsense_is_nothing(town: Town, browse: Browse):
    ids = town.goods(stock=5)
    here = f"/listings/{ids.listing_id}/reckon/"
    client = browse(language="en")
    assert "only 5 are available" in text_of(
        client.get(here, {f"quantity-{ids.sku_ids[0]}": "7"}, headers=HTMX)
    )
    for query in (
        {f"quantity-{ids.sku_ids[0]}": "x"},
        {"quantity-": "3"},
        {f"quantity-{new_id()}": "3"},
        {f"quantity-{ids.sku_ids[0]}": "9" * 40},
        {f"quantity-{ids.sku_ids[0]}": "-1"},
    ):
        assert client.get(here, query, headers=HTMX).status_code == 200


def test_a_region_that_is_none_is_refused(town: Town, browse: Browse):
    answer = browse().post("/region/", {"region": "999999", "back": "/"})
    assert answer.status_code == 422
    answer = browse().post("/region/", {"region": "440300", "back": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


def test_a_draft_and_its_code_are_not_for_everyone(town: Town, browse: Browse):
    ids = town.goods()
    code = browse().get(f"/listings/{ids.listing_id}/code.svg")
    assert code["Content-Type"] == "image/svg+xml"
    assert b"<svg" in code.content
    catalog.withdraw(actor=town.seller, listing_ids=[ids.listing_id])
    for path in ("", "code.svg", "reviews/", "reckon/?x=1"):
        assert browse().get(f"/listings/{ids.listing_id}/{path}", headers=HTMX).status_code == 404
    assert browse("sun").get(f"/listings/{ids.listing_id}/").status_code == 200


def test_similar_goods_of_others_come_first(town: Town, browse: Browse):
    ids = town.goods("半裙甲")
    town.goods("半裙乙")
    html = browse().get(f"/listings/{ids.listing_id}/").content.decode()
    assert html.count('class="card"') == 1
    assert "半裙乙" in html


# --- favourites and comparing ----------------------------------------------------------------------------


def test_favourites_are_kept_with_one_button(town: Town, browse: Browse):
    ids = town.goods()
    here = f"/listings/{ids.listing_id}/"
    address = f"/favourites/listing/{ids.listing_id}/"
    assert browse().post(address, {"keep": "1", "back": here})["Location"] == f"/sign-in/?next={here}"
    client = browse("moon")
    assert client.post(address, {"keep": "1", "back": here})["Location"] == here
    assert "已收藏" in client.get(here).content.decode()
    assert "已收藏" not in browse("star").get(here).content.decode()
    part = client.post(address, {"keep": "0", "back": here}, headers=HTMX).content.decode()
    assert part.lstrip().startswith("<form")
    assert 'value="1"' in part
    assert retail.favourite_count(actor=town.buyer) == 0
    assert client.post(f"/favourites/goods/{ids.listing_id}/", {"keep": "1"}).status_code == 404
    assert client.post(f"/favourites/seller/{new_id()}/", {"keep": "1"}).status_code == 404


def test_up_to_four_listings_are_compared(town: Town, browse: Browse):
    made = [town.goods(f"半裙{number}") for number in range(5)]
    client = browse()
    assert "还没有对比的商品" in text_of(client.get("/compare/"))
    for ids in made[:4]:
        assert client.post(f"/compare/{ids.listing_id}/", {"keep": "1", "back": "/"})["Location"] == "/"
    answer = client.post(f"/compare/{made[4].listing_id}/", {"keep": "1", "back": "/"}, follow=True)
    assert "最多同时对比 4 件" in text_of(answer)
    page = client.get("/compare/?n=50")
    assert [f"半裙{number}" in text_of(page) for number in range(5)] == [True, True, True, True, False]
    client.post(f"/compare/{made[0].listing_id}/", {"keep": "0", "back": "/compare/"})
    catalog.withdraw(actor=town.seller, listing_ids=[made[1].listing_id])
    said = text_of(client.get("/compare/?n=x"))
    assert [f"半裙{number}" in said for number in range(4)] == [False, False, True, True]
    assert client.post(f"/compare/{new_id()}/", {"keep": "1"}).status_code == 404


def test_what_differs_is_marked(town: Town, browse: Browse):
    made = [town.goods("甲"), town.goods("乙", attributes={"lined": False, "length": 110})]
    client = browse()
    for ids in made:
        client.post(f"/compare/{ids.listing_id}/", {"keep": "1", "back": "/"})
    html = client.get("/compare/").content.decode()
    views = catalog.listings(ids=[ids.listing_id for ids in made])
    one, other = (views[ids.listing_id].attributes for ids in made)
    expected = sum(one.get(code) != other.get(code) for code in one.keys() | other.keys())
    assert html.count('class="differs"') == expected


# --- reviews ---------------------------------------------------------------------------------------------


def test_a_buyer_reviews_with_pictures_and_everyone_reads_it(town: Town, browse: Browse):
    ids = town.goods()
    order_id = town.accepted(ids.sku_ids[0])
    client = browse("moon")
    address = f"/orders/{order_id}/review/"
    assert "发布评价" in client.get(address).content.decode()
    form = {
        "line": line_of(town, order_id),
        "goods": "4",
        "service": "5",
        "text": "<b>好</b>看",
        "pictures": [picture(), picture("plum")],
    }
    answer = client.post(address, form)
    assert (answer.status_code, answer["Location"]) == (302, address)
    html = browse().get(f"/listings/{ids.listing_id}/").content.decode()
    assert "&lt;b&gt;好&lt;/b&gt;看" in html
    assert html.count("买家图片") == 2
    assert "深圳商行" not in html
    assert "Moon Traders" not in html
    # A second time the same line is told to be reviewed already.
    answer = client.post(address, {**form, "pictures": []})
    assert answer.status_code == 422


def test_a_refused_review_keeps_what_was_typed(town: Town, browse: Browse):
    order_id = town.accepted(town.goods().sku_ids[0])
    client = browse("moon")
    address = f"/orders/{order_id}/review/"
    form = {"line": line_of(town, order_id), "goods": "4", "service": "5", "text": "找 13812345678 拿优惠"}
    answer = client.post(address, form)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "请勿在“评价”中填写" in html
    assert "找 13812345678 拿优惠" in html
    assert re.search(r'name="goods" value="4" required checked', html)
    for wrong in (
        {"goods": "9"},
        {"text": ""},
        {"pictures": [SimpleUploadedFile("x.png", b"MZ", "image/png")]},
    ):
        assert client.post(address, {**form, "text": "好", **wrong}).status_code == 422
    assert client.post(address, {**form, "line": "x"}).status_code == 404
    assert retail.own_reviews(actor=town.buyer).items == ()


def test_reviewing_is_for_the_buyer_alone(town: Town, browse: Browse):
    order_id = town.accepted(town.goods().sku_ids[0])
    assert browse().get(f"/orders/{order_id}/review/").status_code == 302
    assert browse("star").get(f"/orders/{order_id}/review/").status_code == 404
    assert browse("sun").get(f"/orders/{order_id}/review/").status_code == 403


def test_the_seller_answers_and_the_buyer_follows_up(town: Town, browse: Browse):
    ids = town.goods()
    order_id = town.reviewed(ids.sku_ids[0])
    [review] = retail.reviews_of(listing_id=ids.listing_id).items
    here = f"/listings/{ids.listing_id}/"
    assert "发布回复" in browse("sun").get(here).content.decode()
    assert "发布回复" not in browse("moon").get(here).content.decode()
    assert (
        browse("moon").post(f"/reviews/{review.id}/answer/", {"text": "谢谢", "back": here}).status_code
        == 403
    )
    assert (
        browse("sun").post(f"/reviews/{review.id}/answer/", {"text": "谢谢惠顾", "back": here})["Location"]
        == here
    )
    answer = browse("moon").post(
        f"/reviews/{review.id}/follow-up/", {"text": "又买了一件", "back": f"/orders/{order_id}/review/"}
    )
    assert answer.status_code == 302
    said = text_of(browse().get(here))
    assert "谢谢惠顾" in said
    assert "又买了一件" in said
    assert browse("moon").post(f"/reviews/{review.id}/praise/", {"text": "x"}).status_code == 404


def test_an_authority_hides_a_review(town: Town, browse: Browse):
    ids = town.goods()
    town.reviewed(ids.sku_ids[0], stars=1, text="骂人的话")
    [review] = retail.reviews_of(listing_id=ids.listing_id).items
    here = f"/listings/{ids.listing_id}/"
    assert "屏蔽这条评价" not in browse("sun").get(here).content.decode()
    assert browse("sun").post(f"/reviews/{review.id}/hide/", {"reason": "不喜欢"}).status_code == 403
    parties.sign_up(username="watch", password=PASSWORD, email="watch@example.com")
    authority = town_authority(town)
    client = browse("watch")
    assert "屏蔽这条评价" in client.get(here).content.decode()
    client.post(f"/reviews/{review.id}/hide/", {"reason": "含辱骂内容", "back": here})
    assert "骂人的话" not in browse().get(here).content.decode()
    assert retail.hidden_reviews(actor=authority).items[0].hidden_reason == "含辱骂内容"


def town_authority(town: Town) -> Any:
    """Let the user `watch` act for a supervising authority."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - once Django stands

    user_id = get_user_model().objects.get(username="watch").id
    party_id = parties.register_authority(
        actor=SYSTEM, owner_user_id=user_id, name="监管局", mandates=[Mandate.SUPERVISION]
    )
    return parties.actor_for(user_id=user_id, party_id=party_id)


def test_reviews_are_narrowed_and_go_on(town: Town, browse: Browse, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cohong.portal.market.reviews._PAGE", 1)
    ids = town.goods()
    for stars, words in ((5, "很好"), (2, "不好")):
        town.reviewed(ids.sku_ids[0], stars=stars, text=words)
    here = f"/listings/{ids.listing_id}/"
    assert "很好" not in text_of(browse().get(f"{here}?stars=2"))
    page = browse().get(here).content.decode()
    [more] = re.findall(r'hx-get="([^"]+reviews/[^"]+)"', page)
    part = browse().get(more, headers=HTMX).content.decode()
    assert "很好" in part
    assert "<html" not in part
    assert "很好" in browse().get(more).content.decode()
    assert "没有这样的评价" in text_of(browse().get(f"{here}?pictures=1"))
    assert "不好" in text_of(browse().get(f"/sellers/{town.seller.party_id}/reviews/"))


# --- shops and home --------------------------------------------------------------------------------------


def test_a_shop_front_shows_what_its_seller_says(town: Town, browse: Browse):
    first, second = town.goods("半裙"), town.goods("大衣")
    seller_id = town.seller.party_id
    draft = retail.ShopDraft(
        headline="自有工厂",
        headline_en="Own workshop",
        notice="<i>照常发货</i>",
        listing_ids=(second.listing_id,),
    )
    retail.change_shop(actor=town.seller, seller_id=seller_id, draft=draft)
    html = browse().get(f"/sellers/{seller_id}/").content.decode()
    assert "自有工厂" in html
    assert "&lt;i&gt;照常发货&lt;/i&gt;" in html
    assert html.count('class="card"') == 3  # the chosen one, and both
    assert "Own workshop" in browse(language="en").get(f"/sellers/{seller_id}/").content.decode()
    found = browse().get(f"/sellers/{seller_id}/?q=半裙&sort=cheapest&shelf=nowhere").content.decode()
    assert found.count('class="card"') == 2
    assert first.listing_id != second.listing_id


def test_what_is_traded_is_shown_without_the_buyer(town: Town, browse: Browse):
    ids = town.goods("真丝半裙")
    assert "正在成交" not in browse().get("/").content.decode()
    town.paid(ids.sku_ids[0], 3)
    journal.pump()
    html = browse().get("/").content.decode()
    assert "正在成交" in html
    part = browse().get("/traded/", headers=HTMX)
    assert "真丝半裙" in text_of(part)
    assert "深圳商行" not in part.content.decode()
    assert "<html" not in part.content.decode()


def test_what_is_kept_is_kept_for_its_time_only(settings: Any, monkeypatch: pytest.MonkeyPatch):
    asked = []
    now = [100.0]
    monkeypatch.setattr("cohong.portal.kept.time.monotonic", lambda: now[0])

    @kept(10)
    def slow(name: str) -> str:
        asked.append(name)
        return name.upper()

    settings.COHONG_KEEP = 1
    assert [slow("a"), slow("a"), slow("b")] == ["A", "A", "B"]
    assert asked == ["a", "b"]
    now[0] += 10
    assert slow("a") == "A"
    assert asked == ["a", "b", "a"]
    settings.COHONG_KEEP = 0
    slow("a")
    assert asked == ["a", "b", "a", "a"]
