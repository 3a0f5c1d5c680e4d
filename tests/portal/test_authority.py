"""The authorities' desk: every page in every language for those with the mandate, for nobody else; holds, files, disputes."""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import authority_town
import pytest
from authority_town import ACTS, BOUNDS, FILES, Offices, addresses, offices
from django.test import Client
from portal_town import Town
from test_pages import LANGUAGES, assert_clean, assert_no_english

from cohong.catalog import api as catalog
from cohong.kernel import journal
from cohong.kernel.ids import new_id
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import DeskAct
from cohong.retail import api as retail

Browse = Callable[..., Client]
#: What everyone may look at.
PUBLIC = {"journal", "journal_heads", "journal_figures", "journal_check", "journal_document"}
#: What the other authorities may look at besides: public facts, and customs a shipment's way.
ANYBODY = PUBLIC | {"authority", "authority_party"}
PLATFORM_ONLY = {"authority_money", "authority_health"}


@pytest.fixture
def here(town: Town) -> Offices:
    return offices(town)


def text_of(answer: Any) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_every_page_in_every_language(here: Offices, browse: Browse, statements: list[str]):
    counts: dict[str, int] = {}
    looked_at = addresses(here)
    assert looked_at.keys() == BOUNDS.keys()
    windows: dict[tuple[str, str], Client] = {}
    for name, address in looked_at.items():
        for language, tag in LANGUAGES.items():
            who = BOUNDS[name][0]
            if (who, language) not in windows:
                windows[who, language] = browse(who, language)
                windows[who, language].get("/journal/check/")  # what a session costs once is not the page's
            client = windows[who, language]
            statements.clear()
            answer = client.get(address)
            assert answer.status_code == 200, (name, language)
            counts[name] = max(counts.get(name, 0), len(statements))
            if name in FILES:
                continue
            html = answer.content.decode()
            assert f'<html lang="{tag}">' in html
            assert_clean(html)
            if language != "en":
                html = re.sub(r"\b(?:Silk City|HKD|CNY|HK|lantern|lamp|abacus|harbour|kB|MB|GB)\b", "", html)
                assert_no_english(html, name)
    assert {name: count for name, count in counts.items() if count > BOUNDS[name][1]} == {}


def test_each_page_is_for_those_with_the_mandate_and_shut_to_all_others(here: Offices, browse: Browse):
    pages = addresses(here)
    windows = {
        who: browse(who) for who in ("", "moon", "sun", "star", "harbour", "abacus", "lantern", "lamp")
    }
    seen = {
        who: {name for name, address in pages.items() if window.get(address).status_code == 200}
        for who, window in windows.items()
    }
    assert seen[""] == PUBLIC
    # The two sides of the order may read its document; strangers to it only see its proof.
    assert seen["moon"] == seen["sun"] == PUBLIC | {"journal_canonical"}
    assert seen["star"] == PUBLIC
    assert seen["abacus"] == ANYBODY
    assert seen["harbour"] == ANYBODY | {"authority_waybill"}
    assert seen["lantern"] == pages.keys() - PLATFORM_ONLY
    assert seen["lamp"] == pages.keys()
    for who in ("moon", "star"):
        for name in pages.keys() - seen[who]:
            assert windows[who].get(pages[name]).status_code in (403, 404), name
    for name in pages.keys() - PUBLIC - {"journal_canonical"}:
        assert windows[""].get(pages[name]).status_code == 302, name


def test_no_act_of_the_desk_can_be_done_by_traders(here: Offices, browse: Browse):
    seller, order_id = here.town.seller.party_id, here.order_id
    [hold] = orders.holds(actor=here.supervision, order_id=order_id)
    acts = {
        "authority_phone": "/authority/phone/",
        "authority_personal": f"/authority/parties/{seller}/personal/",
        "authority_vouch": f"/authority/parties/{seller}/vouch/",
        "authority_ask_register": f"/authority/parties/{seller}/ask/",
        "authority_order_address": f"/authority/orders/{order_id}/address/",
        "authority_hold_listings": "/authority/holds/listings/",
        "authority_lift": f"/authority/holds/orders/{hold.id}/lift/",
        "authority_new_authority": "/authority/authorities/new/",
        "authority_mandate": f"/authority/authorities/{seller}/mandate/",
        "authority_reconcile": "/authority/money/reconcile/",
        "authority_retry": "/authority/health/jobs/1/",
    }
    assert acts.keys() == ACTS
    forms = {
        "authority_hold": f"/authority/holds/orders/{order_id}/",
        "authority_dispute": f"/authority/disputes/{here.dispute_id}/",
        "authority_fees": "/authority/fees/",
        "authority_parameters": "/authority/parameters/",
        "authority_reasons": "/authority/reasons/",
        "authority_markets": "/authority/markets/",
    }
    size = len(journal.file_of([order_id, seller]))
    said = {"reason": "因为", "sure": "yes", "phone": "13812345678", "listing": str(here.listing_id)}
    trader, counter, supervisor = browse("moon"), browse("abacus"), browse("lantern")
    for name, address in {**acts, **forms}.items():
        assert trader.post(address, said).status_code in (403, 404), name
        assert counter.post(address, said).status_code in (403, 404), name
        assert browse().post(address, said).status_code == 302, name
    for name in ("authority_vouch", "authority_mandate", "authority_reconcile", "authority_retry"):
        assert supervisor.post(acts[name], said).status_code in (403, 404), name
    assert len(journal.file_of([order_id, seller])) == size


def test_numbers_and_ids_jump_and_words_list(here: Offices, browse: Browse):
    client = browse("lantern")
    view = here.town.view(here.order_id)
    for typed, to in (
        (view.number.lower().replace("-", ""), f"/authority/orders/{here.order_id}/"),
        (here.waybill, f"/authority/orders/{here.order_id}/"),
        (str(here.listing_id), f"/authority/listings/{here.listing_id}/"),
        (str(here.town.seller.party_id), f"/authority/parties/{here.town.seller.party_id}/"),
        (str(here.town.seller.user_id), f"/authority/users/{here.town.seller.user_id}/"),
        (str(here.document_id), f"/journal/documents/{here.document_id}/"),
    ):
        answer = client.get("/authority/", {"q": typed})
        assert (answer.status_code, answer["Location"]) == (302, to)
    found = text_of(client.get("/authority/", {"q": "服装"}))
    assert "甲服装厂" in found or "Sun Garments" in found
    assert "监管裙" in text_of(client.get("/authority/", {"q": "监管"}))
    assert "moon" in text_of(client.get("/authority/", {"q": "moo"}))
    assert "Nothing is found" in text_of(client.get("/authority/", {"q": "没有的东西"}))
    # Customs is led to the shipment's way, not into the order.
    answer = browse("harbour").get("/authority/", {"q": here.waybill})
    assert answer["Location"] == f"/authority/waybills/{here.waybill}/"
    assert browse("harbour").get("/authority/", {"q": view.number}).status_code == 200
    acts = [one.what for one in parties.desk_record(actor=here.platform, party_id=here.supervision.party_id)]
    assert acts.count(DeskAct.SEARCH) == 10


def test_a_phone_number_is_searched_with_a_reason_only_and_never_by_the_address(
    here: Offices, browse: Browse
):
    party_id = parties.register_person(user_id=None, name="陈小明", display_name="小陈", phone="13712345678")
    client = browse("lantern")
    asked = client.get("/authority/", {"q": "13712345678"})
    assert "data" in text_of(asked)
    assert "小陈" not in text_of(asked)
    refused = client.post("/authority/phone/", {"phone": "13712345678", "reason": ""})
    assert refused.status_code == 422
    assert "13712345678" in refused.content.decode()
    assert parties.looks(actor=here.supervision, party_id=party_id) == []
    found = client.post("/authority/phone/", {"phone": "137 1234 5678", "reason": "投诉 12315"})
    assert "小陈" in text_of(found)
    [look] = parties.looks(actor=here.supervision, party_id=party_id)
    assert (look.by_user, look.reason) == (here.supervision.user_id, "投诉 12315")
    assert (
        browse("lamp").post("/authority/phone/", {"phone": "13712345678", "reason": "x"}).status_code == 403
    )


def test_personal_data_is_shown_with_a_reason_and_every_look_is_recorded(here: Offices, browse: Browse):
    party_id = parties.register_person(user_id=None, name="伍秉鉴", display_name="阿伍", phone="13712345678")
    address = f"/authority/parties/{party_id}/personal/"
    client = browse("lantern")
    assert "伍秉鉴" not in client.get(f"/authority/parties/{party_id}/").content.decode()
    assert client.post(address, {"reason": " "}).status_code == 422
    assert "伍秉鉴" in client.post(address, {"reason": "立案 2026-7"}).content.decode()
    masked = browse("lamp").post(address, {"reason": "核对"}).content.decode()
    assert "伍秉鉴" not in masked
    assert "伍**" in masked
    looks = parties.looks(actor=here.supervision, party_id=party_id)
    assert [(one.in_clear, one.reason) for one in looks] == [(False, "核对"), (True, "立案 2026-7")]


def test_an_orders_address_is_masked_until_supervision_gives_a_reason(here: Offices, browse: Browse):
    client, address = browse("lantern"), f"/authority/orders/{here.order_id}/"
    assert "海德三道" not in client.get(address).content.decode()
    assert client.post(f"{address}address/", {"reason": ""}).status_code == 422
    assert "海德三道" in client.post(f"{address}address/", {"reason": "立案"}).content.decode()
    assert browse("lamp").post(f"{address}address/", {"reason": "立案"}).status_code == 403


# --- holds -----------------------------------------------------------------------------------------------


def test_an_order_is_held_only_after_a_second_look_and_let_go_with_a_reason(here: Offices, browse: Browse):
    order_id = here.town.paid(here.town.goods("另一裙").sku_ids[0])
    client, address = browse("lantern"), f"/authority/holds/orders/{order_id}/"
    assert "escrow" in text_of(client.get(address))
    missing = client.post(address, {"reason": "  "})
    assert missing.status_code == 422
    sure = client.post(address, {"reason": "投诉 <b>核查</b>"})
    assert sure.status_code == 200
    assert 'name="sure" value="yes"' in sure.content.decode()
    assert "<b>核查" not in sure.content.decode()
    assert not here.town.view(order_id).is_held
    done = client.post(address, {"reason": "投诉核查", "sure": "yes"})
    assert done["Location"] == f"/authority/orders/{order_id}/"
    assert here.town.view(order_id).is_held
    [hold] = orders.holds(actor=here.supervision, order_id=order_id)
    assert hold.reason == "投诉核查"
    lift = f"/authority/holds/orders/{hold.id}/lift/"
    client.post(lift, {"reason": ""})
    assert here.town.view(order_id).is_held, "without a reason it stays"
    answer = client.post(lift, {"reason": "查清", "back": "https://elsewhere.example/"})
    assert answer["Location"] == "/authority/holds/?of=orders"
    assert not here.town.view(order_id).is_held
    record = parties.desk_record(actor=here.platform, whats=(DeskAct.HOLD, DeskAct.LIFT))
    assert [(one.what, one.reason, one.user_id) for one in record] == [
        (DeskAct.LIFT, "查清", here.supervision.user_id),
        (DeskAct.HOLD, "投诉核查", here.supervision.user_id),
    ]


def test_several_listings_are_held_in_one_go(here: Offices, browse: Browse):
    ids = [here.town.goods(f"裙{n}").listing_id for n in range(3)]
    client = browse("lantern")
    chosen = {"listing": [str(one) for one in ids[:2]]}
    assert "裙0" in text_of(client.post("/authority/holds/listings/", chosen))
    done = client.post("/authority/holds/listings/", {**chosen, "reason": "批量抽检", "sure": "yes"})
    assert done["Location"] == "/authority/holds/?of=listings"
    held = {view.id for view in catalog.listings(ids=ids).values() if view.held}
    assert held == set(ids[:2])
    assert "2 listings are held" in text_of(client.get("/authority/holds/"))
    none = client.post("/authority/holds/listings/", {"back": "/authority/"})
    assert none.status_code == 302


def test_a_party_is_restricted_and_the_desk_says_what_that_stops(here: Offices, browse: Browse):
    seller = here.town.seller.party_id
    client, address = browse("lantern"), f"/authority/holds/parties/{seller}/"
    assert "Listings on offer" in text_of(client.get(address))
    assert client.post(address, {"reason": "整改", "sure": "yes", "restriction": "all"}).status_code == 422
    client.post(address, {"reason": "整改", "sure": "yes", "restriction": "publish"})
    [placed] = parties.restrictions(actor=here.supervision, party_id=seller)
    assert (placed.restriction, placed.reason) == (parties.Restriction.PUBLISH, "整改")
    client.post(f"/authority/holds/parties/{placed.id}/lift/", {"reason": "完成"})
    assert parties.restricted(party_ids=[seller], restriction=parties.Restriction.PUBLISH) == frozenset()
    personal = client.post(address, {"reason": "电话 13812345678", "sure": "yes", "restriction": "trade"})
    assert personal.status_code == 422
    assert "13812345678" in personal.content.decode(), "what was typed is kept"


def test_what_supervision_stopped_the_platform_cannot_let_go(here: Offices, browse: Browse):
    [hold] = [
        one for one in catalog.holds_in_force(actor=here.platform) if one.hold.listing_id == here.held_listing
    ]
    answer = browse("lamp").post(f"/authority/holds/listings/{hold.hold.id}/lift/", {"reason": "放行"})
    assert answer.status_code == 403
    assert catalog.listings(ids=[here.held_listing])[here.held_listing].held


def test_a_review_is_hidden_and_shown_again(here: Offices, browse: Browse):
    town = here.town
    ids = town.goods("好裙")
    order_id = town.shipped(ids.sku_ids[0], 1)
    orders.accept(items=[orders.OnOrder(actor=town.buyer, order_id=order_id)])
    [line] = town.view(order_id).lines
    draft = retail.ReviewDraft(goods_stars=1, service_stars=1, text="广告：加微信")
    retail.review(actor=town.buyer, order_id=order_id, line_id=line.id, draft=draft)
    [review] = retail.reviews_of(listing_id=ids.listing_id).items
    client = browse("lantern")
    client.post(f"/authority/holds/reviews/{review.id}/", {"reason": "广告", "sure": "yes"})
    assert retail.reviews_of(listing_id=ids.listing_id).items == ()
    assert "广告" in text_of(client.get("/authority/holds/?of=reviews"))
    client.post(f"/authority/holds/reviews/{review.id}/lift/", {"reason": "误判"})
    assert len(retail.reviews_of(listing_id=ids.listing_id).items) == 1


# --- disputes --------------------------------------------------------------------------------------------


def test_a_dispute_is_decided_with_the_sums_shown_before(here: Offices, browse: Browse):
    client, address = browse("lantern"), f"/authority/disputes/{here.dispute_id}/"
    view = orders.dispute(actor=here.supervision, dispute_id=here.dispute_id)
    assert "货不对板" in client.get(address).content.decode()
    for wrong in ("", "many", "-1", "1.234", str(view.escrow.major + 1)):
        answer = client.post(address, {"refund": wrong, "reason": "照片为证"})
        assert answer.status_code == 422, wrong
        assert "照片为证" in answer.content.decode(), "what was typed is kept"
    assert client.post(address, {"refund": "100.00", "reason": ""}).status_code == 422
    sure = text_of(client.post(address, {"refund": "100.00", "reason": "照片为证"}))
    rest = (view.escrow.minor - 10_000) / 100
    assert "100.00" in sure
    assert f"{rest:.2f}" in sure
    assert orders.dispute(actor=here.supervision, dispute_id=here.dispute_id).is_open
    done = client.post(address, {"refund": "100.00", "reason": "照片为证", "sure": "yes"})
    assert done.status_code == 302
    decided = orders.dispute(actor=here.supervision, dispute_id=here.dispute_id)
    assert (decided.is_open, decided.refunded.minor, decided.decision) == (False, 10_000, "照片为证")
    assert client.post(address, {"refund": "1", "reason": "再来", "sure": "yes"}).status_code == 422


def test_the_hold_of_a_dispute_is_not_offered_to_be_lifted(here: Offices, browse: Browse):
    client = browse("lantern", "en")
    view = orders.dispute(actor=here.supervision, dispute_id=here.dispute_id)
    [hold] = [
        one_ for one_ in orders.holds(actor=here.supervision, order_id=view.order_id) if one_.dispute_id
    ]
    assert (hold.dispute_id, hold.lifted_at) == (view.id, None)
    for address in (f"/authority/orders/{view.order_id}/", "/authority/holds/?of=orders"):
        page = client.get(address).content.decode()
        assert f'href="/authority/disputes/{view.id}/"' in page
        assert f"/authority/holds/orders/{hold.id}/lift/" not in page
    client.post(f"/authority/holds/orders/{hold.id}/lift/", {"reason": "放行"})
    assert orders.dispute(actor=here.supervision, dispute_id=here.dispute_id).is_open


# --- files -----------------------------------------------------------------------------------------------


def test_the_evidence_file_can_be_checked_with_nothing_else(here: Offices, browse: Browse):
    from hashlib import sha256  # noqa: PLC0415

    from cohong.kernel import merkle  # noqa: PLC0415

    answer = browse("lantern").get(f"/authority/orders/{here.order_id}/evidence/file/")
    assert "attachment" in answer["Content-Disposition"]
    file = json.loads(answer.content)
    kinds = [json.loads(one["canonical"])["kind"] for one in file["documents"]]
    assert kinds[:3] == ["orders.placed", "orders.paid", "orders.shipped"]
    for one in file["documents"]:
        digest = sha256(one["canonical"].encode()).digest()
        assert digest.hex() == one["digest"]
        assert merkle.verify_inclusion(
            merkle.leaf_hash(digest),
            one["position"],
            file["tree_size"],
            [bytes.fromhex(hash_) for hash_ in one["proof"]],
            bytes.fromhex(file["root"]),
        )


def test_a_listings_file_tells_what_was_published_when(here: Offices, browse: Browse):
    html = text_of(browse("lantern").get(f"/authority/listings/{here.listing_id}/"))
    for said in (
        "Revision 2",
        "Description",
        "真丝面料。",
        "换了说明。",
        "199.00",
        "188.00",
        "First published as",
    ):
        assert said in html


def test_opening_a_file_is_recorded_with_who_opened_it(here: Offices, browse: Browse):
    client = browse("lantern")
    for address in (f"/authority/orders/{here.order_id}/", f"/authority/listings/{here.listing_id}/"):
        client.get(address)
    number = here.town.view(here.order_id).number
    seen = parties.desk_record(actor=here.platform, party_id=here.supervision.party_id)
    assert [(one.what, one.about, one.user_id) for one in seen[:2]] == [
        (DeskAct.OPEN_LISTING, "监管裙", here.supervision.user_id),
        (DeskAct.OPEN_ORDER, number, here.supervision.user_id),
    ]
    record = text_of(browse("lamp").get("/authority/record/"))
    assert number in record
    assert "lantern" in record
    own = text_of(browse("lantern").get("/authority/record/", {"party": str(parties.PLATFORM_ID)}))
    assert "lamp" not in own


def test_what_does_not_exist_says_so(here: Offices, browse: Browse):
    client = browse("lamp")
    for address in (
        f"/authority/parties/{new_id()}/",
        f"/authority/orders/{new_id()}/",
        f"/authority/listings/{new_id()}/",
        f"/authority/users/{new_id()}/",
        f"/authority/disputes/{new_id()}/",
        f"/authority/holds/orders/{new_id()}/",
        f"/authority/holds/parties/{new_id()}/",
        f"/authority/holds/listings/{new_id()}/",
        f"/authority/holds/things/{new_id()}/",
        f"/journal/documents/{new_id()}/",
        "/authority/waybills/0000-0000-0/",
    ):
        assert client.get(address).status_code in (404, 422), address
    assert authority_town.BOUNDS
