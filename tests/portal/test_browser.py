"""The whole trade in a real browser, on a phone: found, put in the cart, ordered, paid, shipped, accepted."""

import re
from typing import Any

import pytest
from portal_town import HOME, Town
from portal_window import Window


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_whole_trade_on_a_phone(town: Town, site: str, browser: Any, scripts: bool):
    town.goods("棉麻半裙")
    town.goods()
    town.give(1_000_000)
    buyer, seller = (Window(browser, site, scripts=scripts) for _ in range(2))

    buyer.sign_in("moon")
    buyer.page.locator("#q").fill("真丝")
    buyer.page.locator("#q").press("Enter")
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
    buyer.press("去结算")

    buyer.page.get_by_label("收货人").fill(HOME.recipient)
    buyer.page.get_by_label("电话", exact=True).fill(HOME.phone)
    buyer.page.get_by_label("详细地址").fill(HOME.street)
    for level, name in (("省份或地区", "广东省"), ("城市", "深圳市")):
        buyer.page.get_by_label(level, exact=True).select_option(name)
        if not scripts:
            buyer.press("显示下级地区")
    # 4 kg: 12.00 + 6 x 3.00
    buyer.sees("¥1,820.00")
    buyer.fits()
    buyer.press("提交订单")
    buyer.press("用余额付款")
    buyer.sees("已付款。在您确认收货之前，货款由平台担保。")
    buyer.fits()

    seller.sign_in("sun")
    seller.page.goto(f"{site}/merchant/orders/")
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
