"""Every page, in all three languages, with a bound on its queries; nothing left in English, nothing from elsewhere."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import authority_town
import pytest
from busy_town import addresses
from django.test import Client
from django.urls import URLPattern
from portal_town import Town

from cohong.kernel.ids import new_id
from cohong.portal.urls import urlpatterns

Browse = Callable[..., Client]
LANGUAGES = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}

#: Page, who looks, the most queries it may take (session, user, parties and cart of the frame included). Tests keep nothing
#: in between; a real process asks for what changes slowly (the halls, a seller's standing) once in some seconds.
BOUNDS: dict[str, tuple[str, int]] = {
    "home": ("", 33),
    "traded": ("", 6),
    "search": ("", 10),
    "hall": ("", 10),
    "category": ("", 10),
    "market": ("", 11),
    "seller": ("", 26),
    "seller_reviews": ("", 5),
    "listing": ("moon", 41),
    "listing_reviews": ("", 8),
    "compare": ("moon", 12),
    "review": ("moon", 17),
    "sign_in": ("", 0),
    "choose_party": ("moon", 4),
    "account": ("moon", 5),
    "welcome": ("moon", 4),
    "register_person": ("moon", 5),
    "register_company": ("moon", 6),
    "my_parties": ("moon", 6),
    "close_account": ("moon", 4),
    "orders": ("moon", 9),
    "order": ("moon", 35),
    "order_print": ("moon", 33),
    "evidence": ("moon", 40),
    "messages": ("moon", 14),
    "inbox": ("moon", 9),
    "sales_inbox": ("sun", 9),
    "sales_disputes": ("sun", 8),
    "own_reviews": ("sun", 13),
    "message_picture": ("moon", 8),
    "raise_dispute": ("moon", 7),
    "my_home": ("moon", 24),
    "favourites": ("moon", 10),
    "notices": ("moon", 6),
    "notices_wishes": ("moon", 6),
    "notices_no_mail": ("", 2),
    "disputes": ("moon", 8),
    "dispute": ("moon", 9),
    "cart": ("moon", 16),
    "checkout": ("moon", 26),
    "addresses": ("moon", 7),
    "edit_address": ("moon", 9),
    "pay_at_bank": ("moon", 8),
    "paid": ("moon", 7),
    "paid_checkout": ("moon", 8),
    "company": ("moon", 9),
    "approvals": ("moon", 7),
    "approval": ("moon", 18),
    "spending": ("moon", 16),
    "spending_table": ("moon", 14),
    "pay": ("moon", 8),
    "pay_checkout": ("moon", 9),
    "request_return": ("moon", 6),
    "document": ("moon", 14),
    "canonical": ("moon", 13),
    "design": ("", 0),
    "merchant": ("sun", 31),
    "sales": ("sun", 7),
    "goods": ("sun", 12),
    "goods_prices": ("sun", 13),
    "new_listing": ("sun", 13),
    "edit_listing": ("sun", 18),
    "pictures": ("sun", 12),
    "stock": ("sun", 12),
    "stock_file": ("sun", 7),
    "movements": ("sun", 12),
    "locations": ("sun", 8),
    "imports": ("sun", 8),
    "shop_front": ("sun", 14),
    "trade_terms": ("sun", 6),
    "import": ("sun", 12),
    "sale": ("sun", 35),
    "to_ship": ("sun", 13),
    "sent": ("sun", 10),
    "counter": ("sun", 9),
    "returns_desk": ("sun", 12),
    "exports": ("sun", 5),
    "balance": ("sun", 8),
    "movement": ("sun", 6),
    "statements": ("sun", 6),
    "statement": ("sun", 9),
    "staff": ("sun", 6),
    "tokens": ("sun", 6),
    "webhooks": ("sun", 6),
    "webhook": ("sun", 8),
}
#: Where one can only act, not look.
ACTS = {
    "manifest",
    "offline",
    "service_worker",
    "suggestions",
    "demo_sign_in",
    "sign_out",
    "confirm_party",
    "want_second_factor",
    "end_session",
    "end_other_sessions",
    "add_to_cart",
    "agree_prices",
    "set_quantity",
    "pick",
    "save_for_later",
    "on_address",
    "on_people",
    "on_limits",
    "on_invoices",
    "decide_approval",
    "on_invoice",
    "remove_line",
    "accept",
    "cancel",
    "close_short",
    "notice",
    "notices_read",
    "buy_again",
    "on_dispute",
    "withdraw_return",
    "pick_up_code",
    "ship",
    "offer",
    "preview_listing",
    "change_stock",
    "on_location",
    "start_import",
    "import_template",
    "export_goods",
    "count_sheet",
    "address",
    "hand_over",
    "on_return",
    "set_language",
    "reckon",
    "listing_code",
    "set_compared",
    "choose_region",
    "set_favourite",
    "on_review",
    "ship_many",
    "labels",
    "slips",
    "at_counter",
    "return_act",
    "sales_file",
    "withdraw",
    "top_up",
    "statement_file",
    "staff_add",
    "staff_roles",
    "token_issue",
    "token_revoke",
    "webhook_open",
    "webhook_change",
    "webhook_rotate",
    "webhook_redeliver",
    "webhook_act",
}


REPORTING = {
    *("reporting", "stat_report", "stat_report_save", "stat_report_upload", "stat_report_template"),
    *("stat_report_act", "stat_units", "stat_unit", "stat_match", "stat_official", "stat_matches"),
    *("stat_official_upload", "stat_official_template"),
    *("stat_report_check", "stat_unit_new", "stat_unit_list", "stat_unit_list_template", "stat_unit_act"),
}


def test_every_address_is_either_looked_at_or_an_act():
    named = {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)}
    desk = authority_town.BOUNDS.keys() | authority_town.ACTS  # looked at in test_authority
    desk |= REPORTING  # looked at in test_reporting_desk
    desk |= {name for name in named if name and name.startswith("data")}  # looked at in test_datacentre
    # looked at in test_research_desk
    desk |= {name for name in named if name and name.startswith(("research", "open_data"))}
    desk |= {"forecasts", "forecast", "alarms", "alarm", "alarm_act"}  # looked at in test_foresight
    assert named == BOUNDS.keys() | ACTS | desk


#: So that the pages are shared out among the tests' processes.
PARTS = 3
_NO_PAGES = ("canonical", "evidence", "message_picture", "spending_table")


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_in_every_language(town: Town, browse: Browse, statements: list[str], part: int):
    looked_at, counts = addresses(town), dict[str, int]()
    assert looked_at.keys() == BOUNDS.keys()
    windows: dict[tuple[str, str], Client] = {}
    for name in sorted(looked_at)[part::PARTS]:
        username, _ = BOUNDS[name]
        for language, tag in LANGUAGES.items():
            if (username, language) not in windows:
                windows[username, language] = browse(username, language)
                windows[username, language].get("/acting-for/")  # what a session costs once is not the page's
            statements.clear()
            answer = windows[username, language].get(looked_at[name])
            assert answer.status_code == 200, (name, language)
            counts[name] = len(statements)  # the last look's: the first ones find an index to build
            if name in _NO_PAGES:
                continue
            html = answer.content.decode()
            assert f'<html lang="{tag}">' in html
            assert_clean(html)
            if language != "en":
                assert_no_english(html, name)
    assert {
        name: count for name, count in counts.items() if count > BOUNDS[name][1] + bool(BOUNDS[name][0])
    } == {}  # the bell


def assert_clean(html: str) -> None:
    """Nothing from elsewhere, nothing inline."""
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', html)
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert "<style" not in html
    assert not re.search(r'\s(?:style|on\w+)="', html)
    for form in re.findall(r'<form[^>]*method="post".*?</form>', html, re.DOTALL):
        assert "csrfmiddlewaretoken" in form


#: Words in Latin letters that stay as they are: names, codes, what the goods are called.
KEEPS = re.compile(
    r"[\w-]*\d[\w.-]*|[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]|CN|gold|Cohong|Sun|Moon|Wind|English|moon|sun|RFC|SHA|CNY|HKD|MOP|USD|EUR|mia|BIC|SKU|Excel|XLSX|Webhook|https|ms|CSV|PDF|API|HTTPS|HMAC|JSON|POST|orders\.\w+|kg|cm|g|LNKY|ZH|dress|s|l|"
    r"[0-9a-f]{8,}…?|Cookie|JPEG|PNG|WebP|MB|MiB|UTF|silk|goods.xlsx|SDMX|DCAT|HTTP|Parquet|PARQUET|c|p"
)


def assert_no_english(html: str, name: str) -> None:
    """No sentence of the pages' own is left in English."""
    html = re.sub(r"<(script|head|pre|code)\b.*?</\1>", " ", html, flags=re.DOTALL)
    html = re.sub(
        r'<(\w+) lang="en">.*?</\1>', " ", html, flags=re.DOTALL
    )  # it says of itself that it is English
    visible = unescape(re.sub(r"<[^>]+>", " ", html))
    said = [*re.findall(r'(?:placeholder|aria-label|title)="([^"]+)"', html), visible]
    for text in said:
        left = [word for word in re.findall(r"(?<![\w-])[A-Za-z][\w.-]*", text) if not KEEPS.fullmatch(word)]
        assert left == [], name


def test_strangers_are_asked_to_sign_in_and_come_back(town: Town, browse: Browse):
    for address in ("/orders/", "/merchant/", "/company/", "/addresses/", f"/orders/{new_id()}/"):
        answer = browse().get(address)
        assert answer.status_code == 302
        assert answer["Location"] == f"/sign-in/?next={address}"
    ids = town.goods()
    client = browse()
    here = f"/listings/{ids.listing_id}/"
    later = f"/cart/{ids.sku_ids[0]}/later/"
    answer = client.post(later, {"back": here})
    assert answer["Location"] == f"/sign-in/?next={here}"
    answer = client.post("/sign-in/", {"login": "moon", "password": "pearl-river-1757", "next": here})
    assert answer["Location"] == here


def test_pages_that_are_not_there_say_so(town: Town, browse: Browse, settings: Any):
    for language, words in (
        ("zh-hans", "这里没有这个页面"),
        ("zh-hant", "這裏沒有這個頁面"),
        ("en", "no such page"),
    ):
        answer = browse(language=language).get("/nowhere/")
        assert answer.status_code == 404
        assert words in answer.content.decode()
    client = browse(language="zh-hans")
    for address in (
        f"/listings/{new_id()}/",
        "/halls/gold/",
        "/categories/gold/",
        f"/markets/{new_id()}/",
        f"/sellers/{new_id()}/",
    ):
        answer = client.get(address)
        assert answer.status_code in (404, 422)
        assert "<h1>" in answer.content.decode()
        assert_no_english(answer.content.decode(), address)


def test_a_mistake_of_ours_has_a_page(town: Town, browse: Browse, monkeypatch: pytest.MonkeyPatch):
    def broken(**_: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("cohong.catalog.api.browse", broken)
    client = browse(language="zh-hans")
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert "系统出了问题" in answer.content.decode()


def test_forms_without_their_token_are_refused(town: Town):
    client = Client(enforce_csrf_checks=True)
    client.cookies["django_language"] = "zh-hans"
    assert client.login(username="moon", password="pearl-river-1757")
    answer = client.post("/cart/prices/")
    assert answer.status_code == 403
    assert "表单打开得太久" in answer.content.decode()


def test_the_language_is_switched_and_kept(town: Town, browse: Browse):
    client = browse()
    answer = client.post("/language/", {"language": "zh-hant", "next": "/"}, follow=True)
    assert "最新上架" in answer.content.decode()
    assert '<html lang="zh-Hant">' in client.get("/search/").content.decode()


def test_what_users_write_is_never_markup(town: Town, browse: Browse):
    ids = town.goods("<script>alert(1)</script>", description="<b>bold</b>", freight_note="<i>free</i>")
    for address in ("/", f"/listings/{ids.listing_id}/", "/search/?q=<script>"):
        html = browse().get(address).content.decode()
        assert "<script>alert" not in html
        assert "<b>bold" not in html
        assert "<i>free" not in html
        assert "&lt;script&gt;" in html
