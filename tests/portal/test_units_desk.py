"""Officers keep the register of reporting units on their pages: unit by unit, and by lists that are seen through first."""

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import authority_town
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from portal_town import Town
from stdnum.cn import uscc

from cohong.statistics import api as statistics
from cohong.statistics.api import Change, UnitDraft, UnitStanding, UnitView

Browse = Callable[..., Client]
BODY = "91440101MA0000077"
CODE = BODY + uscc.calc_check_digit(BODY)
NEW = "/reporting/units/new/"
LIST = "/reporting/units/list/"


@pytest.fixture
def office(town: Town) -> authority_town.Offices:
    return authority_town.offices(town)


def typed(name: str, **more: str) -> dict[str, str]:
    return {
        "name": name,
        "kind": "enterprise",
        "region": "440100",
        "on": "2014-01-01",
        "reason": "普查",
        **more,
    }


def entered(officer: Client, name: str, **more: str) -> UUID:
    return UUID(officer.post(NEW, typed(name, **more))["Location"].split("/")[-2])


def seen(office: Any, unit_id: UUID) -> UnitView:
    return statistics.unit(actor=office.statistics, unit_id=unit_id)


def do(officer: Client, unit_id: UUID, act: str, **sent: str) -> Any:
    return officer.post(f"/reporting/units/{unit_id}/do/{act}/", {"reason": "核实", **sent})


def test_a_unit_is_entered_and_what_is_wrong_is_said_beside_its_field(
    town: Town, office: Any, browse: Browse
):
    officer = browse("abacus", "zh-hans")
    for wrong, about in (
        ({"name": ""}, "name"),
        ({"region": "999999"}, "region"),
        ({"industry": "nonsense"}, "industry"),
        ({"credit_code": CODE[:-1] + "!"}, "credit_code"),
        ({"kind": "platform"}, "platform"),
        ({"on": "soon"}, "on"),
        ({"on": "2100-01-01"}, "on"),
        ({"reason": ""}, "reason"),
    ):
        answer = officer.post(NEW, {**typed("戊陶瓷有限公司"), **wrong})
        html = answer.content.decode()
        assert answer.status_code == 400, wrong
        assert re.findall(r'class="field-note call-text" id="([a-z_]+)-note"', html) == [about], wrong
        assert ('value="戊陶瓷有限公司"' in html) is (about != "name"), "what was typed stays"
    assert statistics.units(actor=office.statistics, text="戊陶瓷") == []
    unit_id = entered(officer, "戊陶瓷有限公司", credit_code=CODE, size="small")
    assert officer.post(NEW, typed("戊陶瓷有限公司")).status_code == 400, "it is not entered twice"
    html = officer.get(f"/reporting/units/{unit_id}/").content.decode()
    assert all(said in html for said in (CODE, "小型", "普查", seen(office, unit_id).code))
    for who in ("sun", "lantern", ""):
        visitor = browse(who)
        answers = [
            visitor.post(NEW, typed("己")),
            visitor.post(LIST),
            do(visitor, unit_id, "close", on="2015-01-01"),
        ]
        assert {answer.status_code for answer in answers} <= {302, 403}, who
        assert "/reporting/" not in "".join(answer.get("Location", "").split("?")[0] for answer in answers)
    assert seen(office, unit_id).is_open


def test_what_happens_to_units_is_entered_with_its_day_and_reason(town: Town, office: Any, browse: Browse):
    officer = browse("abacus")
    one, other = entered(officer, "甲钢铁有限公司"), entered(officer, "乙纺织有限公司")
    form = officer.get(f"/reporting/units/{one}/do/correct/").content.decode()
    assert 'value="2014-01-01"' in form, "a correction holds from when the unit is known"
    assert 'value="甲钢铁有限公司"' in form
    assert do(officer, one, "change", **typed("甲钢铁有限公司")).status_code == 400, "nothing would change"
    early = do(officer, one, "change", **typed("甲钢铁集团", on="2013-01-01"))
    assert (early.status_code, "2014-01-01" in early.content.decode()) == (400, True)
    lost = do(officer, one, "change", **typed("甲钢铁集团", on="2015-01-01", region=""))
    assert lost.status_code == 400, "nobody would answer for it"
    do(officer, one, "change", **typed("甲钢铁集团有限公司", on="2015-01-01", size="large"))
    html = officer.get(f"/reporting/units/{one}/").content.decode()
    assert "甲钢铁有限公司</span> → 甲钢铁集团有限公司" in html
    assert do(officer, one, "merge", other="NO-SUCH", on="2015-05-01").status_code == 400
    do(officer, other, "merge", other=seen(office, one).code, on="2015-05-01")
    assert [unit.is_open for unit in (seen(office, one), seen(office, other))] == [True, False]
    listed = officer.get("/reporting/units/?standing=closed").content.decode()
    assert ("乙纺织有限公司" in listed, "甲钢铁集团" in listed) == (True, False)
    assert do(officer, other, "close", on="2015-06-01").status_code == 400, "it is closed"
    do(officer, other, "reopen", on="2015-06-01")
    sent = {f"1-{name}": value for name, value in typed("丙印染有限公司").items()}
    do(officer, other, "split", on="2015-07-01", closes="yes", **sent)
    [part] = statistics.units(actor=office.statistics, text="丙印染")
    assert not seen(office, other).is_open
    do(officer, part.id, "join", other=seen(office, one).code)
    joined = statistics.units(actor=office.statistics, standing=UnitStanding.JOINED)
    assert [unit.id for unit in joined] == [part.id]
    assert "It is counted as" in officer.get(f"/reporting/units/{part.id}/").content.decode()
    do(officer, part.id, "part")
    history = statistics.unit_history(actor=office.statistics, unit_id=other)
    assert [event.change for event in history] == [
        Change.OPENED,
        Change.MERGED,
        Change.REOPENED,
        Change.SPLIT,
    ]
    assert do(officer, one, "nonsense").status_code == 404


def upload(officer: Client, content: bytes, name: str = "list.csv", **more: str) -> Any:
    sent = {"list_name": "工商名录", "on": "2014-01-01", "reason": "年度名录", **more}
    return officer.post(LIST, {**sent, "file": SimpleUploadedFile(name, content)})


def hidden(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(?!csrf)(\w+)" value="([^"]*)"', html))


def test_a_list_is_seen_through_before_it_is_taken_in(town: Town, office: Any, browse: Browse):
    officer = browse("abacus", "zh-hans")
    draft = UnitDraft(name="丁制衣有限公司", region_code="440100", credit_code=CODE)
    statistics.open_unit(actor=office.statistics, draft=draft, on=date(2014, 1, 1), reason="普查")
    rows = (
        f"单位名称,地区,统一社会信用代码\n丁制衣有限公司,440100,{CODE}\n丁制衣厂,440100,\n新纺织厂,440100,\n"
    )
    answer = upload(officer, rows.encode("gb18030"))
    html = answer.content.decode()
    assert answer.status_code == 200
    shown = re.findall(r"<dt>([^<]*)</dt><dd>(\d+)</dd>", html)
    assert shown == [("待认定", "1"), ("已在库", "1"), ("新增", "1"), ("同名名录中已有", "0")]
    assert statistics.units(actor=office.statistics, text="新纺织厂") == [], "looking changes nothing"
    assert statistics.unit_matches(actor=office.statistics) == []
    took = officer.post(LIST, hidden(html))
    assert took["Location"] == "/reporting/matches/"
    assert "新增 1 个，已在库 1 个，待认定 1 个" in officer.get(took["Location"]).content.decode()
    assert len(statistics.units(actor=office.statistics, text="新纺织厂")) == 1
    again = upload(officer, rows.encode("utf-8")).content.decode()
    assert ("同名名录中已有", "3") in re.findall(r"<dt>([^<]*)</dt><dd>(\d+)</dd>", again)
    broken = {**hidden(html), "packed": hidden(html)["packed"][:-8]}
    assert officer.post(LIST, broken).status_code == 400


def test_a_list_with_a_bad_row_changes_nothing_and_says_which(town: Town, office: Any, browse: Browse):
    officer = browse("abacus", "zh-hans")
    rows = "name,region,credit_code\n庚家具厂,440100,\n辛家具厂,999999,\n壬家具厂,440100,123\n"
    answer = upload(officer, rows.encode())
    html = answer.content.decode()
    assert answer.status_code == 400
    assert re.findall(r"<li>第 (\d+) 行, ([^:]+):", html) == [("3", "地区"), ("4", "统一社会信用代码")]
    assert "确认导入" not in html
    for wrong in (
        upload(officer, b"", on="2014-01-01"),
        upload(officer, b"\x00\x01\x02"),
        upload(officer, b"region\n440100\n"),
        upload(officer, "name,region\n癸厂,440100\n".encode(), on=""),
        officer.post(LIST, {"list_name": "x", "on": "2014-01-01"}),
    ):
        assert wrong.status_code == 400
        assert wrong.content.decode().count("field-note call-text") == 1
    assert statistics.units(actor=office.statistics, text="家具") == []


def test_the_template_can_be_filled_in_and_sent_back(town: Town, office: Any, browse: Browse):
    officer = browse("abacus", "zh-hant")
    book = load_workbook(io.BytesIO(officer.get(f"{LIST}template/").content))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert heads == [
        *("單位名稱", "單位類型", "平台類型", "統一社會信用代碼"),
        *("行業", "地區", "規模"),
    ]
    known = book.worksheets[1]
    kind, region = known["A2"].value, known["D2"].value
    sheet.append(
        ["子燈飾廠", kind, "自營平台" if kind == "電子商務平台" else None, None, None, region, "小型"]
    )
    out = io.BytesIO()
    book.save(out)
    assert upload(officer, out.getvalue(), "list.xlsx").status_code == 200
    text = officer.get(f"{LIST}template/?format=csv").content.decode("utf-8-sig")
    assert text.strip().split(",") == heads
    assert browse("sun").get(f"{LIST}template/").status_code == 403
