"""Lists of goods: found, narrowed, sorted, paged; helped where nothing is found; proposed while typing."""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from portal_town import Town
from portal_window import Window

from cohong.catalog import api as catalog
from cohong.kernel import journal
from cohong.kernel.ids import new_id

Browse = Callable[..., Client]
HTMX = {"HX-Request": "true"}


def catch_up() -> None:
    journal.seal_all()
    while journal.follow("catalog.search"):
        pass


def titles(html: str) -> list[str]:
    """What was found; not what a page without any proposes instead."""
    html = html.partition('<section class="nothing"')[0]
    return [unescape(one) for one in re.findall(r'<span class="card-title">([^<]*)</span>', html)]


def read(client: Client, address: str, **more: Any) -> str:
    answer = client.get(address, **more)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


@pytest.fixture
def stocked(town: Town) -> Town:
    for number in range(3):
        town.goods(f"半裙{number}")
    town.goods("大衣", attributes={"lined": False})
    catch_up()
    return town


def test_listings_are_found_narrowed_and_paged(
    stocked: Town, browse: Browse, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("cohong.portal.market.lists.PAGE", 2)
    client = browse(language="zh-hans")
    page = read(client, "/search/?q=半裙")
    assert len(titles(page)) == 2
    assert "<b>3</b> 件商品" in page
    [more] = re.findall(r'hx-get="([^"]+more=1[^"]*)"', page)
    part = read(client, unescape(more), headers=HTMX)
    assert len(titles(part)) == 1
    assert "<html" not in part
    [next_page] = set(re.findall(r'rel="next" href="([^"]+)"', page))
    assert titles(read(client, unescape(next_page))) == titles(part)
    assert sorted(titles(page) + titles(part)) == ["半裙0", "半裙1", "半裙2"]
    assert titles(read(client, "/search/?q=半裙&page=99")) == titles(part)
    assert titles(read(client, "/halls/clothing/?region=440300")) == []
    assert titles(read(client, f"/markets/{stocked.market_id}/?sort=newest"))[0] == "大衣"
    assert titles(read(client, "/categories/clothing.dress/?option=lined%3Dno")) == ["大衣"]


def test_htmx_gets_the_list_without_its_frame(stocked: Town, browse: Browse):
    part = read(browse(), "/halls/clothing/?option=lined%3Dno", headers=HTMX)
    assert part.lstrip().startswith('<div id="found"')
    assert "<h1" not in part
    assert titles(part) == ["大衣 (silk)"]


def test_filters_are_forms_chips_and_counts(stocked: Town, browse: Browse):
    client = browse(language="zh-hans")
    page = read(client, "/search/?q=半裙&option=lined%3Dyes&to=500")
    assert re.search(r'name="option" value="lined=yes" id="option-lined=yes" checked', page)
    chips = {
        re.sub(r"<[^>]+>|\s", "", label): unescape(href)
        for href, label in re.findall(r'<a class="chip" href="([^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL)
    }
    assert chips == {
        "取消筛选有衬里:是": "/search/?q=%E5%8D%8A%E8%A3%99&to=500",
        "取消筛选不超过¥500.00": "/search/?q=%E5%8D%8A%E8%A3%99&option=lined%3Dyes",
    }
    facets = re.findall(r'name="(\w+)" value="([^"]+)"[^>]*>\s*<span>[^<]*</span><small>(\d+)</small>', page)
    assert ("option", "size=s", "3") in facets
    assert ("option", "lined=yes", "3") in facets
    # Without JavaScript the same form is sent by a button.
    assert '<form id="narrow" class="facets-form" method="get" action="/search/"' in page


def test_prices_are_asked_for_in_major_units(town: Town, browse: Browse):
    for number, minor in enumerate((999, 1000, 20000, 500000)):
        sku = catalog.SkuDraft(f"p{number}", {"size": "s"}, [catalog.Tier(1, minor)])
        town.goods(f"裙{number}", skus=[sku])
    catch_up()
    client = browse(language="zh-hans")
    assert sorted(titles(read(client, "/search/?from=10&to=200.00"))) == ["裙1", "裙2"]
    for nonsense in ("from=ten", "from=-1", "to=NaN", "to=1e99", "from=&to=", "page=x", "page=-1", "sort=x"):
        assert len(titles(read(client, f"/search/?{nonsense}"))) == 4, nonsense
    page = read(client, "/search/?sort=dearest")
    assert titles(page) == ["裙3", "裙2", "裙1", "裙0"]
    bands = re.findall(r'<a class="facet-value" href="([^"]+)"[^>]*><span>[^<]*</span><small>(\d+)', page)
    for href, count in bands:
        assert len(titles(read(client, unescape(href)))) == int(count)


def test_what_was_understood_is_said(stocked: Town, browse: Browse):
    page = read(browse(language="zh-hans"), "/search/?q=banqun")
    assert "没有含“banqun”的商品。" in page
    assert "以下是“半裙”的结果。" in page
    assert sorted(titles(page)) == ["半裙0", "半裙1", "半裙2"]


def test_where_nothing_is_found_the_page_helps(stocked: Town, browse: Browse):
    client = browse(language="zh-hans")
    page = read(client, "/search/?q=半裙 飞机")
    assert "没有找到相关商品。" in page
    [fewer] = re.findall(r'<li><a href="([^"]+)">半裙</a>', page)
    assert len(titles(read(client, unescape(fewer)))) == 3
    assert "热销商品" in page
    page = read(client, "/search/?q=半裙&region=440300")
    [without] = re.findall(r'<li><a href="([^"]+)">所在地</a> <small>3</small>', page)
    assert len(titles(read(client, unescape(without)))) == 3


def test_while_the_index_is_built_titles_are_looked_through(town: Town, browse: Browse):
    town.goods("半裙")
    page = read(browse(language="zh-hans"), "/search/?q=半裙")
    assert titles(page) == ["半裙"]
    assert "搜索正在准备中" in page


def test_strange_questions_are_answered(stocked: Town, browse: Browse):
    client = browse()
    for query in (
        "q=%00",
        f"q={'x' * 101}",
        "currency=RMB",
    ):
        answer = client.get(f"/search/?{query}")
        assert answer.status_code == 422, query
    for query in (
        f"seller={new_id()}",
        "seller=x",
        "category=nothing",
        "option=x",
        f"region={'x' * 200}",
        "q=%22(",
    ):
        read(client, f"/search/?{query}")
    assert "<script>alert" not in read(client, "/search/?q=<script>alert(1)</script>")


def test_typing_proposes(stocked: Town, browse: Browse):
    client = browse(language="zh-hans")
    items = json.loads(client.get("/search/suggestions/?q=ban").content)["items"]
    assert items[0] == {
        "kind": "",
        "label": "半裙0",
        "href": "/search/?q=%E5%8D%8A%E8%A3%990",
        "count": "1",
    }
    items = json.loads(client.get("/search/suggestions/?q=连衣").content)["items"]
    assert items[0]["kind"] == "类目"
    assert items[0]["href"] == "/categories/clothing.dress/"
    [seller] = json.loads(client.get("/search/suggestions/?q=甲服").content)["items"]
    assert (seller["label"], seller["href"]) == ("甲服装厂", f"/sellers/{stocked.seller.party_id}/")
    for typed in ("", "%00", "x" * 500):
        assert client.get(f"/search/suggestions/?q={typed}").status_code == 200


# --- in a browser ----------------------------------------------------------------------------------------


def test_suggestions_by_keyboard(stocked: Town, site: str, browser: Any):
    window = Window(browser, site)
    page = window.page
    page.goto(f"{site}/search/")
    field = page.get_by_role("combobox", name="搜索商品")
    field.click()
    field.press_sequentially("banq")
    listbox = page.get_by_role("listbox")
    listbox.get_by_role("option").first.wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    field.press("ArrowDown")
    first = listbox.get_by_role("option").first
    assert first.get_attribute("aria-selected") == "true"
    assert field.get_attribute("aria-activedescendant") == first.get_attribute("id")
    field.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    field.press("ArrowDown")
    listbox.get_by_role("option").first.wait_for()
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url(re.compile(r"/search/\?q="))
    window.sees("半裙")
    window.fits()
    assert (window.complaints, window.strangers) == ([], [])
    window.context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_narrowing_on_a_phone(stocked: Town, site: str, browser: Any, scripts: bool):
    window = Window(browser, site, scripts=scripts)
    page = window.page
    page.goto(f"{site}/halls/clothing/")
    window.fits()
    page.reload()  # a desk unfolds what a phone keeps folded
    page.locator("#facets > summary").click()
    page.get_by_label("否").check()
    if not scripts:
        page.locator("#narrow").get_by_role("button", name="查看").click()
    page.wait_for_url(re.compile("lined"))
    page.get_by_text("件商品").first.wait_for()
    assert page.locator(".card").count() == 1
    if scripts:
        assert page.locator("#facets").get_attribute("open") is not None
    window.fits()
    page.locator(".chip").first.click()
    page.wait_for_url(re.compile(r"/halls/clothing/(\?sort=\w+)?$"))
    page.locator(".card").nth(3).wait_for()
    assert (window.complaints, window.strangers) == ([], [])
    window.context.close()
