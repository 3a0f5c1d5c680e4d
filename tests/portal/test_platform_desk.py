"""The platform's desk: fees, parameters, runs, health, mandates; and Django's admin for reference data, by mandate."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from authority_town import Offices, offices
from django.test import Client
from portal_town import Town
from test_authority import text_of
from test_pages import assert_clean

from cohong.catalog import api as catalog
from cohong.kernel import clock, journal, parameters, running, sets
from cohong.kernel.audit import Check
from cohong.kernel.ids import new_id
from cohong.parties import api as parties
from cohong.parties.api import DeskAct, Mandate, Names
from cohong.payments import api as payments
from cohong.portal.design import words

Browse = Callable[..., Client]


@pytest.fixture
def here(town: Town) -> Offices:
    return offices(town)


def test_a_fee_and_a_rate_are_set_and_keep_their_history(here: Offices, browse: Browse):
    client = browse("lamp")
    for percent in ("", "abc", "0.123", "101", "-1", "１", "1.2.3"):
        answer = client.post("/authority/fees/", {"act": "fee", "way": "retail", "percent": percent})
        assert answer.status_code == 422, percent
    assert payments.fee_rates(ways=["retail"]) == {"retail": 55}
    client.post("/authority/fees/", {"act": "fee", "way": "retail", "percent": "0.4"})
    assert payments.fee_rates(ways=["retail", "direct"]) == {"retail": 40, "direct": 60}
    wrong = client.post("/authority/fees/", {"act": "rate", "sell": "HKD", "buy": "CNY", "rate": "much"})
    assert wrong.status_code == 422
    assert "much" in wrong.content.decode(), "what was typed is kept"
    client.post("/authority/fees/", {"act": "rate", "sell": "usd", "buy": "cny", "rate": "7.1"})
    page = text_of(client.get("/authority/fees/"))
    for said in ("0.40 %", "0.55 %", "USD/CNY", "7.1", "lamp"):
        assert said in page
    assert browse("lantern").post("/authority/fees/", {"act": "fee", "percent": "0"}).status_code == 403
    assert payments.fee_rates(ways=["retail"]) == {"retail": 40}


def test_a_parameter_is_changed_within_its_bounds_and_with_a_reason(here: Offices, browse: Browse):
    client = browse("lamp")
    said = {"name": "orders.accept_days", "reason": "春节"}
    for value in ("", "0", "91", "ten", "12345678901"):
        answer = client.post("/authority/parameters/", {**said, "value": value})
        assert answer.status_code == 422, value
    missing = client.post("/authority/parameters/", {**said, "value": "12", "reason": ""})
    assert missing.status_code == 422
    assert parameters.current().get("orders.accept_days") is None
    client.post("/authority/parameters/", {**said, "value": "12"})
    assert parameters.current()["orders.accept_days"] == 12
    page = text_of(client.get("/authority/parameters/"))
    assert "12 days" in page
    assert "春节" in page
    assert client.post("/authority/parameters/", {**said, "name": "x", "value": "1"}).status_code == 404
    assert browse("lantern").post("/authority/parameters/", {**said, "value": "13"}).status_code == 403


def test_mandates_are_granted_and_ended_by_the_platform(here: Offices, browse: Browse):
    client, office = browse("lamp"), here.statistics.party_id
    address = f"/authority/authorities/{office}/mandate/"
    client.post(address, {"act": "grant", "mandate": "programmes"})
    assert parties.mandates_of(party_id=office) == {Mandate.STATISTICS, Mandate.PROGRAMMES}
    again = client.post(address, {"act": "grant", "mandate": "programmes"}, follow=True)
    assert again.status_code == 200
    client.post(address, {"act": "end", "mandate": "statistics"})
    assert parties.mandates_of(party_id=office) == {Mandate.PROGRAMMES}
    client.post(address, {"act": "grant", "mandate": "king"})
    client.post(
        "/authority/authorities/new/", {"name": "税务局", "name_en": "Tax Office", "mandate": ["statistics"]}
    )
    listed = {one.party.name: one for one in parties.authorities(actor=here.platform)}
    assert [held.mandate for held in listed["税务局"].mandates] == [Mandate.STATISTICS]
    assert browse("abacus").get("/authority/").status_code == 200
    client.post(address, {"act": "end", "mandate": "programmes"})
    assert browse("abacus").get("/authority/").status_code == 403, "what has ended opens nothing any more"


def test_a_party_from_abroad_is_confirmed_by_evidence_and_the_register_asked_again(
    here: Offices, browse: Browse
):
    client, seller = browse("lamp"), here.town.seller.party_id
    assert not parties.party(party_id=seller).confirmed
    client.post(f"/authority/parties/{seller}/vouch/", {"reason": ""})
    assert not parties.party(party_id=seller).confirmed
    client.post(f"/authority/parties/{seller}/vouch/", {"reason": "商业登记证 2026"})
    assert parties.party(party_id=seller).confirmed
    [entry] = parties.desk_record(actor=here.platform, whats=(DeskAct.VOUCH,))
    assert (entry.subject, entry.reason) == (seller, "商业登记证 2026")


def test_grounds_and_markets_are_reference_data_that_can_be_changed(here: Offices, browse: Browse):
    client = browse("lantern")
    said = {"code": "expired", "name_zh_hans": "证照过期", "law_zh_hans": "电子商务法第十条"}
    nothing = client.post("/authority/reasons/", said)
    assert nothing.status_code == 422
    assert "证照过期" in nothing.content.decode(), "what was typed is kept"
    client.post("/authority/reasons/", {**said, "applies_to": ["party"]})
    [reason] = [one for one in parties.hold_reasons() if one.code == "expired"]
    assert reason.applies_to == (parties.HoldKind.PARTY,)
    market = {"code": "silk", "kind": "cluster", "name_zh_hans": "丝绸新城", "region": "440100"}
    assert client.post("/authority/markets/", market).status_code == 403
    platform = browse("lamp")
    wrong = platform.post("/authority/markets/", {**market, "operator": "nobody"})
    assert wrong.status_code == 422
    platform.post("/authority/markets/", {**market, "operator": str(here.town.seller.party_id)})
    found = parties.market(market_id=here.town.market_id)
    assert (found.names.zh_hans, found.operator_id) == ("丝绸新城", here.town.seller.party_id)


def test_health_tells_of_failed_jobs_and_runs_them_again(here: Offices, browse: Browse):
    client = browse("lamp")
    sets.run("delete from procrastinate_jobs")
    [(job_id,)] = sets.fetch(
        "insert into procrastinate_jobs (task_name, queue_name, args, status, attempts)"
        " values ('payments.query', 'default', '{\"movement_id\": \"1\"}', 'failed', 20) returning id"
    )
    check = Check(name="ledger", figure=1, findings=["CNY: differs"])
    running.note_verification(began_at=clock.now(), checks=[check])
    page = text_of(client.get("/authority/health/"))
    for said in ("payments.query", "ledger: CNY: differs", "kernel.directory"):
        assert said in page
    client.post(f"/authority/health/jobs/{job_id}/")
    assert running.queue() == {"todo": 1, "doing": 0, "failed": 0}
    assert client.post(f"/authority/health/jobs/{job_id}/").status_code == 404
    assert running.last_verification().findings == ("ledger: CNY: differs",)  # type: ignore[union-attr]


def test_a_day_that_has_not_come_is_not_reconciled(here: Offices, browse: Browse):
    client = browse("lamp")
    for day in ("2999-01-01", "2026-02-31", "yesterday", ""):
        client.post("/authority/money/reconcile/", {"day": day, "provider": "bank"})
    # The bank is not connected in a test: the desk says so instead of noting a run.
    answer = client.post(
        "/authority/money/reconcile/", {"day": "2026-01-01", "provider": "bank"}, follow=True
    )
    assert answer.status_code == 200
    assert payments.reconciliations(actor=here.platform) == []


def test_every_kind_of_document_has_words(here: Offices):
    from cohong.kernel import documents  # noqa: PLC0415

    kinds = {kind for kind in documents.kinds() if "tests" not in kind}  # those are other tests' own
    assert kinds - words.DOCUMENTS.keys() == set()


# --- Django's admin --------------------------------------------------------------------------------------


def test_the_admin_is_for_the_platforms_people_only(here: Offices, browse: Browse):
    for path in (
        "/admin/",
        "/admin/parties/region/",
        "/admin/parties/region/440100/change/",
        "/admin/catalog/unit/add/",
    ):
        assert browse("lamp").get(path).status_code == 200, path
        assert browse("").get(path, follow=True).redirect_chain[-1][0].startswith("/sign-in/"), path
        for who in ("moon", "lantern"):
            assert browse(who).get(path, follow=True).status_code == 404, (who, path)
    sets.run("update parties_user set is_superuser = true, is_staff = true where username = 'moon'")
    assert browse("moon").get("/admin/", follow=True).status_code == 404, "Django's own flags open nothing"


def test_the_admin_shows_reference_data_and_nothing_else_without_anything_inline(
    here: Offices, browse: Browse
):
    client = browse("lamp")
    index = client.get("/admin/").content.decode()
    assert set(re.findall(r'href="/admin/(\w+/\w+)/"', index)) == {
        *("parties/region", "parties/industry", "parties/market", "catalog/unit", "catalog/category")
    }
    for language, said in (("zh-hans", "基础数据"), ("zh-hant", "基礎資料"), ("en", "Reference data")):
        client.cookies["django_language"] = language
        for path in ("", "parties/region/", "parties/region/440100/change/", "catalog/category/add/"):
            html = client.get(f"/admin/{path}").content.decode()
            assert said in html, (language, path)
            assert_clean(html)


def test_what_the_admin_saves_goes_through_the_doors(here: Offices, browse: Browse):
    client = browse("lamp")
    size = len(journal.file_of([_named("region", "440600")]))
    form = {
        "code": "440600",
        "parent": "440000",
        "name_zh_hans": "佛山市",
        "name_zh_hant": "",
        "name_en": "Foshan",
        "position": "3",
    }
    assert client.post("/admin/parties/region/add/", form).status_code == 302
    region = parties.region(code="440600")
    assert (region.names, region.parent_code) == (Names("佛山市", "", "Foshan"), "440000")
    assert len(journal.file_of([_named("region", "440600")])) == size + 1
    changed = {**form, "name_en": "Fatshan"}
    assert client.post("/admin/parties/region/440600/change/", changed).status_code == 302
    assert parties.region(code="440600").names.en == "Fatshan"
    refused = client.post("/admin/parties/region/add/", {**form, "code": "bad code!"})
    assert refused.status_code == 200
    assert "佛山市" in refused.content.decode()
    assert len(parties.regions()) == 4
    assert client.post("/admin/parties/region/440600/delete/", {"post": "yes"}).status_code == 403
    unit = {"code": "roll", "name_zh_hans": "卷", "name_zh_hant": "卷", "name_en": "roll"}
    assert client.post("/admin/catalog/unit/add/", unit).status_code == 302
    assert "roll" in {one.code for one in catalog.units()}
    category = {
        "industry_code": "clothing",
        "parent": "clothing",
        "name_zh_hans": "长裙",
        "name_zh_hant": "長裙",
        "name_en": "Gowns",
    }
    assert client.post("/admin/catalog/category/clothing.dress/change/", category).status_code == 302
    kept = catalog.category(code="clothing.dress")
    assert (kept.names.en, len(kept.attributes)) == ("Gowns", 3)
    entries = parties.desk_record(actor=here.platform, whats=(DeskAct.DEFINE,))
    assert len(entries) == 4


def _named(*parts: Any) -> Any:
    from cohong.kernel.ids import named_id  # noqa: PLC0415

    assert new_id()
    return named_id(*parts)
