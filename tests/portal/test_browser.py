"""The whole trade in a real browser, on a phone and on a desk, in three languages, as buyer, merchant and authority.

Found, put in the cart, ordered, paid, shipped, accepted; bought again, disputed, held and released, decided; and proved by
whoever has no account.
"""

from typing import Any
from uuid import UUID

import pytest
from authority_town import watcher
from portal_town import HOME, Town
from portal_window import DESK, PHONE, Window

from cohong.kernel import journal
from cohong.orders import api as orders

#: What is held in the hand. Whatever it is, each page is looked at in both sizes.
WAYS: dict[str, dict[str, Any]] = {
    "phone-zh-hans": {"size": PHONE, "language": "zh-hans"},
    "phone-zh-hant": {"size": PHONE, "language": "zh-hant"},
    "phone-en": {"size": PHONE, "language": "en"},
    "desk-zh-hans": {"size": DESK, "language": "zh-hans"},
    "desk-zh-hant": {"size": DESK, "language": "zh-hant"},
    "desk-en": {"size": DESK, "language": "en"},
    "phone-without-scripts": {"scripts": False},
}
#: Who holds what, so that in four trades each way is gone: the buyer; the seller, and who proves it; the authority.
TRADES = [
    ("phone-zh-hans", "desk-en", "desk-zh-hant"),
    ("desk-zh-hant", "phone-en", "desk-zh-hans"),
    ("phone-en", "desk-zh-hans", "phone-zh-hant"),
    ("phone-without-scripts",) * 3,
]


def test_every_way_is_gone():
    assert {way for ways in TRADES for way in ways} == WAYS.keys()


@pytest.mark.parametrize("ways", TRADES, ids=lambda ways: ways[0])
def test_the_whole_trade(town: Town, site: str, browser: Any, ways: tuple[str, str, str]):
    town.goods("棉麻半裙")
    ids = town.goods()
    town.give(1_000_000)
    watcher()
    buyer, seller, authority = (Window(browser, site, **WAYS[way]) for way in ways)
    stranger = Window(browser, site, **WAYS[ways[1]])

    buyer.sign_in("moon")
    _find(buyer, ids.listing_id)
    _order(buyer, ids.sku_ids[0])
    first = _newest(town)
    seller.sign_in("sun")
    _ship(seller, first)
    _accept(buyer, first)

    buyer.act(f"/orders/{first}/again/")
    buyer.press("Check out")
    buyer.press("Place the order")
    buyer.press("Pay from the balance")
    second = _newest(town)
    assert second != first
    _ship(seller, second)
    _dispute(buyer, seller, second)
    authority.sign_in("lantern")
    _hold_and_lift(authority, town.view(second).number, seller)
    _decide(authority, second)
    # 10 x 179.00 + 30.00 of freight, of which 100.00 went back.
    buyer.open(f"/orders/{second}/")
    buyer.sees("Dispute decided")
    buyer.reads("100.00")
    buyer.fits()
    assert town.view(second).refunded.minor == 10_000

    journal.pump()
    _prove(buyer, stranger, first)
    for window in (buyer, seller, authority, stranger):
        assert (window.complaints, window.strangers) == ([], [])
        window.context.close()


def _newest(town: Town) -> UUID:
    return orders.orders(actor=town.buyer, side="buyer")[0].id


def _find(buyer: Window, listing_id: UUID) -> None:
    buyer.page.locator("#q").fill("真丝")
    buyer.page.locator("#q").press("Enter")
    buyer.reads("真丝连衣裙")
    buyer.fits()
    buyer.page.locator(f'main a[href="/listings/{listing_id}/"]').first.click()
    buyer.fits()


def _order(buyer: Window, sku_id: UUID) -> None:
    page = buyer.page
    page.locator(f"#quantity-{sku_id}").fill("2")
    buyer.press("Put in the cart")
    buyer.follow("To the cart")
    page.locator(f"#quantity-{sku_id}").fill("10")
    page.locator(f"#quantity-{sku_id}").press("Enter")
    buyer.reads("1,790.00")
    buyer.fits()
    buyer.press("Check out")
    page.locator("#f-recipient").fill(HOME.recipient)
    page.locator("#f-phone").fill(HOME.phone)
    page.locator("#f-street").fill(HOME.street)
    for level, code in ((1, "440000"), (2, "440300")):
        page.locator(f"#f-region_{level}").select_option(code)
        if not buyer.scripts:
            buyer.press("Show what lies below")
    # 4 kg: 12.00 + 6 x 3.00
    buyer.reads("1,820.00")
    buyer.fits()
    buyer.press("Place the order")
    buyer.fits()
    buyer.press("Pay from the balance")
    buyer.sees("Paid. The money is held in escrow until you accept the goods.")
    buyer.fits()


def _ship(seller: Window, order_id: UUID) -> None:
    seller.open("/merchant/orders/")
    seller.fits()
    seller.page.locator(f'main a[href="/merchant/orders/{order_id}/"]').first.click()
    seller.fits()
    seller.act(f"/merchant/orders/{order_id}/ship/")
    seller.sees("Goods shipped")
    seller.fits()


def _accept(buyer: Window, order_id: UUID) -> None:
    buyer.open("/orders/?tab=accept")
    buyer.fits()
    buyer.page.locator(f'main a[href="/orders/{order_id}/"]').first.click()
    buyer.act(f"/orders/{order_id}/accept/")
    buyer.sees("Accepted. The money goes to the seller now.")
    for kind in ("Order placed", "Paid into escrow", "Goods shipped", "Goods accepted"):
        buyer.sees(kind)
    buyer.fits()


def _dispute(buyer: Window, seller: Window, order_id: UUID) -> None:
    buyer.open(f"/orders/{order_id}/")
    buyer.follow("Raise a dispute")
    buyer.fits()
    buyer.page.locator('input[name="kind"]').first.check()
    buyer.page.locator("#f-text").fill("线头外露，两件有污渍。")
    buyer.page.locator("#f-claimed").fill("200.00")
    buyer.press("Raise the dispute")
    buyer.sees("The dispute is raised. The order stands still until it is over.")
    buyer.fits()
    seller.open(f"/merchant/orders/{order_id}/")
    seller.follow("Answer the dispute")
    seller.page.locator("#f-text").fill("出厂时完好。")
    seller.press("Send the answer")
    seller.reads("出厂时完好。")
    seller.fits()


def _hold_and_lift(authority: Window, number: str, seller: Window) -> None:
    """Find the order by its number, look at its file, stop it with a reason, and let it go on with one."""
    authority.open("/authority/")
    authority.fits()
    authority.page.locator("#find").fill(number)
    authority.press("Find")
    authority.page.wait_for_url("**/authority/orders/*/")
    here = authority.page.url.removeprefix(authority.site)
    authority.sees("Dispute raised")
    authority.fits()
    authority.page.locator(f'a[href="{here.replace("/orders/", "/holds/orders/")}"]').click()
    authority.page.locator("#f-reason").fill("投诉核查中")
    authority.press("Continue")
    authority.fits()
    authority.press("Place the hold")
    authority.sees("The hold is placed.")
    seller.open(here.removeprefix("/authority").replace("/orders/", "/merchant/orders/"))
    seller.fits()
    ours = authority.page.locator("article.held").filter(has_text="投诉核查中")
    ours.locator("summary").click()
    ours.locator('input[name="reason"]').fill("核查完毕")
    ours.locator('button[type="submit"]').click()
    authority.sees("The hold is lifted.")
    authority.reads("核查完毕")
    authority.fits()


def _decide(authority: Window, order_id: UUID) -> None:
    authority.open("/authority/disputes/")
    authority.fits()
    authority.page.locator('main a[href^="/authority/disputes/"].code').first.click()
    authority.page.locator("#f-refund").fill("100.00")
    authority.page.locator("#f-reason").fill("瑕疵属实，双方各担一半。")
    authority.press("Continue")
    authority.fits()
    authority.press("Decide so")
    authority.sees("The dispute is decided.")
    authority.fits()


def _prove(buyer: Window, stranger: Window, order_id: UUID) -> None:
    """The buyer reads a document and its proof; who has no account proves it without reading it."""
    buyer.open(f"/orders/{order_id}/")
    buyer.follow("Paid into escrow")
    buyer.sees("Canonical form")
    buyer.fits()
    document = buyer.page.url.rstrip("/").rpartition("/")[2]
    for window in (buyer, stranger):
        window.open(f"/journal/documents/{document}/")
        window.sees("Checked here just now: the document is in the sealed log.")
        if window.scripts:
            window.page.locator('[data-proof][data-result="holds"]').wait_for()
        window.fits()
    assert buyer.page.locator("[data-canonical]").count() == 1
    assert stranger.page.locator("[data-canonical]").count() == 0
