"""What only a real browser can say: forged documents are seen through; paying and the admin work under the policy."""

import re
from collections.abc import Callable
from hashlib import sha256
from html import escape, unescape
from typing import Any

import pytest
from authority_town import Offices, offices
from django.urls import reverse
from portal_town import Town
from portal_window import Window

from cohong.kernel import journal
from cohong.payments import api as payments
from cohong.payments.providers.sandbox import SandboxBank

# --- forged documents -------------------------------------------------------------------------------------


def _text(html: str, change: Callable[[str], str]) -> str:
    return re.sub(
        r"(data-canonical>)([^<]*)", lambda found: found[1] + escape(change(unescape(found[2]))), html
    )


def _attribute(html: str, name: str, change: Callable[[str], str]) -> str:
    return re.sub(rf'(data-{name}=")([^"]*)', lambda found: found[1] + change(found[2]), html)


def _other_letter(text: str) -> str:
    """Change one character of some hexadecimal."""
    return ("1" if text[0] == "0" else "0") + text[1:]


def _other_figure(text: str) -> str:
    """Let the document tell of another sum, with everything else as it was."""
    changed = re.sub(r'("minor":)\d+', r"\g<1>1", text)
    assert changed != text
    return changed


def _with_its_own_digest(html: str) -> str:
    [text] = re.findall(r"data-canonical>([^<]*)", html)
    forged = sha256(_other_figure(unescape(text)).encode()).hexdigest()
    return _attribute(_text(html, _other_figure), "digest", lambda _: forged)


FORGED: dict[str, Callable[[str], str]] = {
    "a sum": lambda html: _text(html, _other_figure),
    "a sum, with the digest that it would have": _with_its_own_digest,
    "the digest": lambda html: _attribute(html, "digest", _other_letter),
    "the path": lambda html: _attribute(html, "path", _other_letter),
    "the root": lambda html: _attribute(html, "root", _other_letter),
    "the position": lambda html: _attribute(html, "position", lambda text: str(int(text) ^ 1)),
    "the path cut short": lambda html: _attribute(html, "path", lambda text: text.rpartition(" ")[0]),
}


def _between(forging: list[Callable[[str], str]]) -> Callable[[Any], None]:
    """Stand between the site and the browser, and change the page on its way."""

    def answer(route: Any) -> None:
        true = route.fetch()
        [forge] = forging
        forged = forge(true.text())
        assert forged != true.text()
        packed = ("content-length", "content-encoding")
        headers = {name: value for name, value in true.headers.items() if name not in packed}
        route.fulfill(status=true.status, headers=headers, body=forged)

    return answer


def test_a_forged_document_or_proof_is_seen_through(town: Town, site: str, browser: Any):
    here = offices(town)
    # What the site's own service worker fetches would pass by whoever stands in between.
    window = Window(browser, site, language="en", workers=False)
    window.become("lantern")
    address = f"/journal/documents/{here.document_id}/"
    window.open(address)
    window.page.locator('[data-result="holds"]').wait_for()
    forging: list[Callable[[str], str]] = []
    window.page.route(f"**{address}", _between(forging))
    for what, forge in FORGED.items():
        forging[:] = [forge]
        window.open(address)
        window.page.locator("[data-result]").wait_for()
        assert window.page.locator("[data-proof]").get_attribute("data-result") == "fails", what
        window.sees("Your own browser finds that the proof does not hold.")
    assert (window.complaints, window.strangers) == ([], [])
    window.context.close()


# --- paying at the bank -----------------------------------------------------------------------------------


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_one_pays_at_the_banks_own_page_and_comes_back(
    town: Town, site: str, browser: Any, settings: Any, scripts: bool
):
    order_id = town.order(town.goods().sku_ids[0], 2)
    with SandboxBank(retry_s=(0.05, 0.1)) as bank:
        settings.COHONG_PUBLIC_URL = site
        settings.COHONG_BANK_PAGES = (bank.url,)
        client = bank.provider(timeout_s=5)
        with payments.connected("bank", client):
            window = Window(browser, site, language="en", scripts=scripts)
            window.become("moon")
            window.open(f"/orders/{order_id}/pay/")
            window.page.locator('form:has(input[value="bank"]) button').click()
            window.follow("To the bank’s pay page")
            window.page.wait_for_url(f"{bank.url}/pay/*")
            window.page.locator('button[value="pay"]').click()
            window.page.wait_for_url(f"{site}/orders/{order_id}/pay/bank/")
            _take_in(town)
            window.open(f"/orders/{order_id}/pay/bank/")
            window.page.wait_for_url(f"{site}/orders/{order_id}/paid/")
            window.fits()
            assert town.view(order_id).state == "ready"
            assert window.complaints == []
            assert all(one.startswith(bank.url) for one in window.strangers)
            window.context.close()
        client.close_connections()


def _take_in(town: Town) -> None:
    """Ask the bank, as the worker does when a notification is long in coming, and let the order hear of it."""
    from cohong.payments import asking  # noqa: PLC0415

    for view in payments.payments_of(actor=town.buyer, party_id=town.buyer.party_id, limit=10):
        asking.pursue(movement_id=view.id, is_due=True)
    journal.pump()


# --- Django's admin ---------------------------------------------------------------------------------------


@pytest.fixture
def here(town: Town) -> Offices:
    return offices(town)


def test_the_admin_works_under_the_policy(here: Offices, site: str, browser: Any):
    window = Window(browser, site, language="en", size={"width": 1360, "height": 900})
    window.become("lamp")
    window.open(reverse("admin:index"))
    lists = window.page.locator("#content-main th a").evaluate_all("all => all.map(one => one.pathname)")
    assert len(lists) >= 5
    for address in lists:
        window.open(address)
        window.page.locator("#changelist").wait_for()
        one = window.page.locator("#result_list tbody th a").first
        assert one.count(), address
        one.click()
        window.page.locator("#content-main form").wait_for()
        window.open(f"{address}add/")
        window.page.locator("#content-main form").wait_for()
    window.open(reverse("admin:index"))
    window.page.locator('a[href$="/region/"]').first.click()
    window.page.locator("#result_list tbody th a").first.click()
    field = window.page.locator('input[name="name_en"]')
    field.fill(f"{field.input_value()} Province")
    window.page.locator('input[name="_save"]').click()
    window.page.locator(".messagelist .success").wait_for()
    assert (window.complaints, window.strangers) == ([], [])
    window.context.close()
