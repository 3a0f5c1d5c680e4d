"""The desk of direct reporting: a company fills in, submits, corrects; officers review and keep the register."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import authority_town
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from portal_town import Town
from portal_window import Window
from test_pages import assert_clean, assert_no_english

from cohong.kernel import journal, sets
from cohong.parties.api import SYSTEM
from cohong.statistics import api as statistics
from cohong.statistics.api import UnitDraft

Browse = Callable[..., Client]
PERIOD = "2015-03"
#: Page, who looks, the most queries it may take.
BOUNDS = {
    "reporting": ("sun", 11),
    "stat_report": ("sun", 18),
    "reporting_officer": ("abacus", 12),
    "stat_report_officer": ("abacus", 20),
    "stat_units": ("abacus", 14),
    "stat_unit": ("abacus", 22),
    "stat_unit_act": ("abacus", 14),
    "stat_unit_new": ("abacus", 12),
    "stat_unit_list": ("abacus", 10),
    "stat_matches": ("abacus", 12),
    "stat_official": ("abacus", 12),
}


@pytest.fixture
def office(town: Town) -> authority_town.Offices:
    return authority_town.offices(town)


def owed(town: Town) -> UUID:
    """Let the seller's unit be a platform, and owe a report."""
    journal.pump()
    unit = statistics.unit_of(party_id=town.seller.party_id)
    assert unit is not None
    sets.run(
        "update statistics_unit_spell set kind = 'platform', platform = 'own', since = '2010-01-01' where unit_id = %s",
        (unit.id,),
    )
    return statistics.report_for(actor=town.seller, form="P102", period=PERIOD)


def where(report_id: UUID, rest: str = "") -> str:
    return f"/reporting/reports/{report_id}/{rest}"


def test_a_report_goes_its_way_on_the_pages(town: Town, office: Any, browse: Browse):
    report_id = owed(town)
    company, officer = browse("sun"), browse("abacus")
    page = company.get(where(report_id)).content.decode()
    [name] = {
        part.split('"')[0]
        for part in page.split('name="v:region_turnover:')[1:]
        if part.startswith("elsewhere")
    }
    assert name == "elsewhere"
    answer = company.post(
        where(report_id, "save/"), {"v:region_turnover:elsewhere": "abc", "do": "submit"}, follow=True
    )
    assert "cannot be submitted" in answer.content.decode()
    assert 'value="abc"' in answer.content.decode()
    sent = {"v:region_turnover:elsewhere": "1,500", "do": "submit"}
    assert (
        "submitted and signed for"
        in company.post(where(report_id, "save/"), sent, follow=True).content.decode()
    )
    assert "Approve for the city" in officer.get(where(report_id)).content.decode()
    officer.post(where(report_id, "do/return/"), {"reason": "请核对单位"})
    assert "请核对单位" in company.get(where(report_id)).content.decode()
    sent["v:region_turnover:elsewhere"] = "1600"
    company.post(where(report_id, "save/"), sent)
    company.post(where(report_id, "do/recall/"))
    company.post(where(report_id, "save/"), sent)
    old = {"revision": "1"}
    assert (
        "Somebody has changed"
        in officer.post(where(report_id, "do/approve/"), old, follow=True).content.decode()
    )
    officer.post(where(report_id, "do/approve/"))
    # Another one has to approve for the province.
    assert officer.post(where(report_id, "do/approve/")).status_code == 403
    view = statistics.report(actor=town.seller, report_id=report_id)
    assert (view.row.state, view.row.version) == ("city_approved", 3)
    assert company.post(where(report_id, "do/approve/")).status_code == 403
    assert company.post(where(report_id, "do/nonsense/")).status_code == 404


def test_what_is_typed_is_checked_as_saving_would_and_nothing_is_kept(
    town: Town, office: Any, browse: Browse
):
    owed(town)
    unit = statistics.unit_of(party_id=town.seller.party_id)
    assert unit is not None
    past = statistics.PastReport(
        unit_id=unit.id, form="P101", period="2015-02", contents={"turnover": {"": "1000"}}
    )
    statistics.take_over_reports(actor=SYSTEM, items=[past], signer="旧系统")
    report_id = statistics.report_for(actor=town.seller, form="P101", period=PERIOD)
    statistics.save_report(
        actor=town.seller,
        report_id=statistics.report_for(actor=town.seller, form="P102", period=PERIOD),
        contents={"region_turnover": {"elsewhere": "800"}},
    )
    company = browse("sun")

    def kept() -> Any:
        """Return the reports, and how many documents there are."""
        return sets.fetch(
            "select t::text, (select count(*) from kernel_document) from statistics_report t order by 1"
        )

    before = kept()

    def check(**typed: str) -> str:
        sent = {f"v:{field}:": text for field, text in typed.items()}
        answer = company.post(where(report_id, "check/"), {**sent, "why:wrong_unit:turnover": "并购"})
        assert answer.status_code == 200
        return answer.content.decode()

    def note(html: str, cell: str, kind: str = "note") -> str:
        found = re.search(rf'<p data-{kind}="{cell}"\s*(data-wrong)?>(.*?)</p>', html, re.DOTALL)
        return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", found[2])).strip() if found else ""

    # What comes out is shown as soon as a part of it is there; what is not there yet is said quietly.
    html = check(goods="600")
    assert note(html, "turnover-", "sum") == "Goods and services 600 Table by region (P102) 800"
    assert 'data-note="turnover-" >' in html
    assert note(html, "turnover-") == "Still to be filled in"
    html = check(goods="600", services="300", turnover="1,000", b2c="abc")
    assert note(html, "turnover-") == "Goods and services have to add up to the turnover."
    assert "“abc”" in note(html, "b2c-")
    assert 'data-note="turnover-" data-wrong>' in html
    # A thousand times last month's: beside its field, and with room to explain it, where what was typed stays.
    html = check(goods="999000", services="1000", turnover="1,000,000")
    assert "Wrong unit of measure?" in note(html, "turnover-")
    assert 'name="why:wrong_unit:turnover" value="并购"' in html
    assert kept() == before
    # The same is said when it is saved.
    contents = {"goods": "600", "services": "300", "turnover": "1,000", "b2c": "abc"}
    asked = statistics.check_report(actor=town.seller, report_id=report_id, contents=contents)
    saved = statistics.save_report(actor=town.seller, report_id=report_id, contents=contents)
    assert asked.findings == saved
    # A later state of the report, and who may not: told, and nothing else.
    stale = company.post(where(report_id, "check/"), {"v:goods:": "1", "revision": "7"})
    assert (stale.status_code, "Somebody has changed" in stale.content.decode()) == (409, True)
    assert browse("abacus").post(where(report_id, "check/")).status_code == 404
    assert browse("").post(where(report_id, "check/")).status_code == 302
    signed_out = browse("").post(where(report_id, "check/"), headers={"HX-Request": "true"})
    assert (signed_out.status_code, signed_out["HX-Retarget"]) == (403, "#notices")


def test_typing_is_checked_and_loses_no_word(town: Town, site: str, browser: Any):
    owed(town)
    report_id = statistics.report_for(actor=town.seller, form="P101", period=PERIOD)
    company = Window(browser, site, language="en", workers=False)
    company.become("sun")
    company.open(where(report_id))
    page = company.page
    turnover, goods, services = (page.locator(f"#c-{field}-") for field in ("turnover", "goods", "services"))
    for control, text in ((turnover, "1000"), (goods, "600"), (services, "300")):
        control.fill(text)
    page.locator("#n-turnover- .is-error").get_by_text("have to add up").wait_for()
    assert turnover.get_attribute("aria-invalid") == "true"
    assert page.locator("#s-turnover-").inner_text() == "Goods and services 900"
    # What is typed while an answer is under way stays, as do the focus and what stands elsewhere.
    services.press("End")
    services.press("Backspace")
    with page.expect_response("**/check/"):
        services.press("Backspace")
    services.press_sequentially("77")
    page.locator("#s-turnover- b").get_by_text("977").wait_for()
    assert (services.input_value(), goods.input_value()) == ("377", "600")
    services.fill("400")
    page.locator("#n-turnover- .is-error").wait_for(state="detached")
    assert turnover.get_attribute("aria-invalid") is None
    assert page.evaluate("document.activeElement.id") == "c-services-"
    company.fits()
    assert (company.complaints, company.strangers) == ([], [])
    company.context.close()
    assert statistics.report(actor=town.seller, report_id=report_id).contents == {}


def test_a_file_fills_a_report_in(town: Town, browse: Browse):
    report_id = owed(town)
    company = browse("sun")
    answer = company.get(where(report_id, "template/") + "?format=csv")
    text = answer.content.decode("utf-8-sig").replace("elsewhere,Elsewhere,", "elsewhere,Elsewhere,77")
    sent = SimpleUploadedFile("a.csv", text.encode("gb18030"))
    told = company.post(where(report_id, "file/"), {"file": sent}, follow=True).content.decode()
    assert "1 cells" in told
    wrong = SimpleUploadedFile("a.csv", text.replace(PERIOD, "2015-02").encode())
    told = company.post(where(report_id, "file/"), {"file": wrong}, follow=True).content.decode()
    assert "for the period 2015-02" in told
    assert "Please choose a file" in company.post(where(report_id, "file/"), follow=True).content.decode()
    assert company.get(where(report_id, "template/")).content[:2] == b"PK"


def test_officers_keep_the_register(town: Town, office: Any, browse: Browse):
    officer = browse("abacus")
    journal.pump()
    draft = UnitDraft(name="丁制衣有限公司", region_code="440100")
    statistics.open_unit(actor=office.statistics, draft=draft, on=_day(), reason="普查")
    done = statistics.import_units(
        actor=office.statistics,
        content="name,region\n丁制衣厂,440100\n".encode(),
        filename="a.csv",
        list_name="名录",
        on=_day(),
        reason="年度名录",
    )
    assert done.doubtful == 1
    assert "1 question waits" in officer.get("/reporting/units/").content.decode()
    assert "丁制衣厂" in officer.get("/reporting/matches/").content.decode()
    [match] = statistics.unit_matches(actor=office.statistics)
    answer = {"same": "yes", "reason": "电话核实"}
    assert officer.post(f"/reporting/matches/{match.id}/", answer)["Location"] == "/reporting/matches/"
    assert "丁制衣厂" not in officer.get("/reporting/matches/").content.decode()
    assert "丁制衣厂" in officer.get("/reporting/matches/?state=same").content.decode()
    # It can be turned round where the unit is looked at.
    back = {"same": "no", "reason": "另一家", "unit": str(match.unit.id)}
    here = officer.post(f"/reporting/matches/{match.id}/", back)["Location"]
    assert here == f"/reporting/units/{match.unit.id}/"
    assert "另一家" in officer.get(here).content.decode()
    assert [one.name for one in statistics.units(actor=office.statistics, text="丁制衣")] == [
        "丁制衣厂",
        "丁制衣有限公司",
    ]
    assert officer.get(f"/reporting/units/{match.unit.id}/").status_code == 200
    assert "丁制衣有限公司" in officer.get("/reporting/units/?text=丁制衣").content.decode()
    assert "丁制衣有限公司" not in officer.get("/reporting/units/?on=2010-01-01").content.decode()
    assert browse("sun").get("/reporting/units/").status_code == 403


def _day() -> Any:
    from datetime import date  # noqa: PLC0415

    return date(2014, 1, 1)


def test_the_pages_in_every_language(town: Town, office: Any, browse: Browse, statements: list[str]):
    report_id = owed(town)
    unit = statistics.unit_of(party_id=town.seller.party_id)
    assert unit is not None
    statistics.save_report(
        actor=town.seller, report_id=report_id, contents={"region_turnover": {"elsewhere": "5"}}
    )
    statistics.submit_report(actor=town.seller, report_id=report_id)
    looked_at = {
        "reporting": "/reporting/",
        "stat_report": where(report_id),
        "reporting_officer": "/reporting/",
        "stat_report_officer": where(report_id),
        "stat_units": "/reporting/units/",
        "stat_official": "/reporting/official-figures/",
        "stat_unit": f"/reporting/units/{unit.id}/",
        "stat_matches": "/reporting/matches/",
        "stat_unit_new": "/reporting/units/new/",
        "stat_unit_list": "/reporting/units/list/",
        **{
            f"stat_unit_act_{act}": f"/reporting/units/{unit.id}/do/{act}/"
            for act in ("change", "correct", "close", "reopen", "merge", "split", "join", "part")
        },
    }
    counts = {}
    for name, address in looked_at.items():
        username, _ = BOUNDS.get(name) or BOUNDS["stat_unit_act"]
        for language in ("zh-hans", "zh-hant", "en"):
            client = browse(username, language)
            client.get("/acting-for/")
            statements.clear()
            answer = client.get(address)
            assert answer.status_code == 200, (name, language)
            counts[name] = len(statements)
            html = answer.content.decode()
            assert_clean(html)
            if language != "en":
                assert_no_english(html.replace(username, ""), name)
    assert {
        name: count
        for name, count in counts.items()
        if count > (BOUNDS.get(name) or BOUNDS["stat_unit_act"])[1]
    } == {}


def test_official_figures_are_stated_and_corrected_by_the_province(town: Town, office: Any, browse: Browse):
    officer, address = browse("abacus", "zh-hans"), "/reporting/official-figures/"
    typed = {
        "series": "total_retail_sales",
        "period": "2015",
        "region": "440100",
        "publisher": "统计局",
        "status": "final",
    }
    assert officer.post(address, {**typed, "value": "1,234,500"})["Location"] == address
    html = officer.get(address).content.decode()
    assert "1,234,500" in html
    assert_clean(html)
    # What is wrong is said beside the form, which keeps what was typed; nothing is changed.
    for wrong, said in (
        ({"value": "很多"}, "“很多”不是数字。"),
        ({"value": "NaN"}, "“NaN”不是数字。"),
        ({"value": "5", "period": "2015-13"}, "2015-13"),
        ({"value": "5", "region": "999999"}, "999999"),
    ):
        refused = officer.post(address, {**typed, **wrong})
        assert (refused.status_code, said in refused.content.decode()) == (400, True), wrong
        assert 'value="统计局"' in refused.content.decode()
    assert len(statistics.official_figures()) == 1
    officer.post(address, {**typed, "value": "1234600", "status": "revised"})
    [one] = statistics.official_figures()
    assert (one.version, one.value) == (2, 1_234_600)
    for who in ("sun", ""):
        assert browse(who).post(address, {**typed, "value": "1"}).status_code in {302, 403}
        assert browse(who).get(address).status_code in {302, 403}
    assert len(statistics.figure_history(series="total_retail_sales", period="2015", region="440100")) == 2


def test_official_figures_come_by_a_file_or_not_at_all(town: Town, office: Any, browse: Browse):
    officer, address = browse("abacus", "zh-hans"), "/reporting/official-figures/"
    # The form begins with the officer's own region; for a figure of the nation it need not be cleared.
    assert re.search(r'value="(\w+)" selected>[^<]*</option>', officer.get(address).content.decode())
    share = {
        "series": "national_retail_share",
        "period": "2014",
        "region": statistics.own_region(actor=office.statistics),
        "value": "10.5",
        "publisher": "国家统计局",
        "status": "final",
    }
    assert officer.post(address, share)["Location"] == address
    text = officer.get(f"{address}template/?format=csv").content.decode("utf-8-sig")
    assert "10.5" in text

    def send(text: str) -> Any:
        sent = SimpleUploadedFile("a.csv", text.encode("gb18030"))
        return officer.post(f"{address}file/", {"file": sent}, follow=True)

    wrong = text.replace(",10.5,", ",很多,")
    answer = send(wrong)
    html = answer.content.decode()
    assert (answer.status_code, "未导入任何数据：1 行有误" in html) == (400, True)
    assert re.search(r"第 \d 行，数值：“很多”不是数字。", html)
    assert_no_english(html.replace("abacus", ""), "flaws of a file")
    assert "共 1 项数据，其中 1 项" in send(text.replace(",10.5,", ",10.6,")).content.decode()
    assert [one.value for one in statistics.official_figures()] == [Decimal("10.6")]
    assert officer.get(f"{address}template/").content[:2] == b"PK"
    for who in ("sun", ""):
        assert browse(who).post(f"{address}file/").status_code in {302, 403}
        assert browse(who).get(f"{address}template/").status_code in {302, 403}
