"""The whole trade in a real browser, on a phone: found, put in the cart, ordered, paid, shipped, accepted."""

import os
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from portal_town import HOME, PASSWORD, Town

PHONE = {"width": 390, "height": 844}
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture
def browser() -> Iterator[Any]:
    """Start Chromium. A machine of one's own may lack it; where the checks run (`CI`) that is a failure."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - slow to import

    # Playwright runs an event loop in this thread, which Django would take for a reason to refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    found = os.environ.get("COHONG_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    with sync_playwright() as playwright:
        if found is None and os.path.exists(playwright.chromium.executable_path):  # noqa: PTH110 - a str from there
            found = playwright.chromium.executable_path
        if found is None:
            missing = "no Chromium: install it, or name it in COHONG_CHROMIUM"
            pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()
        # Django keeps its connections by event loop, and this one is about to go.
        connections.close_all()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """Serve the site; its threads keep no connection that would outlive the test's database."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    return str(request.getfixturevalue("live_server").url)


class Window:
    """A phone in somebody's hand: it looks only at this site, and every complaint of the browser's is kept."""

    def __init__(self, browser: Any, site: str, *, scripts: bool = True) -> None:
        self.context = browser.new_context(viewport=PHONE, locale="zh-CN", java_script_enabled=scripts)
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.site = site
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        self.page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda asked: asked.url.startswith(site) or self.strangers.append(asked.url))

    def sign_in(self, username: str) -> None:
        self.page.goto(f"{self.site}/sign-in/")
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.locator(".door-form").get_by_role("button", name="登录").click()
        self.page.wait_for_url(f"{self.site}/")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def sees(self, text: str) -> None:
        self.page.get_by_text(text).locator("visible=true").first.wait_for()

    def fits(self) -> None:
        """Nothing hangs over the phone's edge."""
        assert self.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_whole_trade_on_a_phone(town: Town, site: str, browser: Any, scripts: bool):
    town.goods("棉麻半裙")
    town.goods()
    town.give(1_000_000)
    buyer, seller = (Window(browser, site, scripts=scripts) for _ in range(2))

    buyer.sign_in("moon")
    buyer.page.get_by_role("searchbox").fill("真丝")
    buyer.page.get_by_role("searchbox").press("Enter")
    buyer.sees("真丝连衣裙")
    buyer.fits()
    buyer.follow(re.compile("真丝连衣裙"))
    buyer.page.get_by_label("小码").fill("2")
    buyer.fits()
    buyer.press("加入购物车")
    buyer.sees("已加入购物车：1 种。")
    buyer.follow("去购物车")
    buyer.page.get_by_label("数量").fill("10")
    buyer.page.get_by_label("数量").press("Enter")
    buyer.sees("¥1,790.00")
    buyer.fits()
    buyer.follow("去结算")

    buyer.page.get_by_label("收货人").fill(HOME.recipient)
    buyer.page.get_by_label("电话").fill(HOME.phone)
    buyer.page.get_by_label("详细地址").fill(HOME.street)
    buyer.page.get_by_label("城市或区县").select_option("深圳市")
    if not scripts:
        buyer.press("重新计算")
    # 4 kg: 12.00 + 6 x 3.00
    buyer.sees("¥1,820.00")
    buyer.fits()
    buyer.press("提交订单")
    buyer.press("用余额付款")
    buyer.sees("已付款。在您确认收货之前，货款由平台担保。")
    buyer.fits()

    seller.sign_in("sun")
    seller.page.goto(f"{site}/merchant/")
    seller.fits()
    seller.follow("发货")
    seller.fits()
    seller.press("发货")
    seller.sees("已发货，运单号")

    buyer.page.goto(f"{site}/orders/?tab=accept")
    buyer.follow("确认收货")
    buyer.press("确认收货")
    buyer.sees("货款即付给卖方。")
    for kind in ("订单已下", "货款已付入担保", "货物已发出", "买方已确认收货"):
        buyer.sees(kind)
    buyer.fits()
    buyer.follow("货款已付入担保")
    buyer.sees("规范原文")
    buyer.fits()
    for window in (buyer, seller):
        assert (window.complaints, window.strangers) == ([], [])
        window.context.close()
