"""The register and reporting over HTTP: a company files, the offices enter and review, all with tokens and keys."""

import base64
import json
from itertools import count
from typing import Any

import pytest
from django.test import Client
from django.urls import path
from ninja import NinjaAPI
from reporting_world import Bureau, turnover

from cohong.kernel.http import install_problems
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.statistics.http import router

api = NinjaAPI(urls_namespace="statistics-tests", docs_url=None)
install_problems(api)
api.add_router("/statistics", router)
urlpatterns = [path("api/", api.urls)]
pytestmark = pytest.mark.urls(__name__)
PERIOD = "2015-03"
_serial = count(1)


class Caller:
    """A program that calls with a party's token."""

    def __init__(self, actor: Actor, *scopes: str) -> None:
        _, secret = parties.issue_token(
            actor=actor, name="programme", scopes=scopes or ["statistics:read", "statistics:write"]
        )
        self.client = Client(headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"})

    def call(self, method: str, where: str, body: Any = None, *, key: str | None = None) -> tuple[int, Any]:
        headers = {"Idempotency-Key": key or str(next(_serial))} if method != "get" else {}
        said = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        answer = getattr(self.client, method)(f"/api/statistics{where}", headers=headers, **said)
        return answer.status_code, answer.json() if "json" in answer["Content-Type"] else answer.content

    def code(self, method: str, where: str, body: Any = None) -> tuple[int, str]:
        status, told = self.call(method, where, body)
        return status, told["code"]


def file(text: bytes, name: str = "a.csv") -> dict[str, str]:
    return {"filename": name, "content": base64.b64encode(text).decode()}


def test_a_company_files_and_the_offices_review(bureau: Bureau):
    owner = bureau.platform()
    company, city, province = Caller(owner), Caller(bureau.guangzhou), Caller(bureau.province)
    second = Caller(bureau.second)
    assert company.call("get", "/forms")[1][4]["code"] == "P101"
    assert province.call("post", "/reports/opening", {"form": "P101", "period": PERIOD}) == (
        200,
        {"count": 1},
    )
    for form, contents in (
        ("P102", {"region_turnover": {"440100": "900"}}),
        ("P103", {"category_turnover": {"clothing": "900"}}),
        ("P101", turnover()),
    ):
        status, report = company.call("put", f"/reports/own/{form}/{PERIOD}", {"contents": contents})
        assert (status, report["state"], report["findings"]) == (200, "draft", [])
        body = {"revision": report["revision"]}
        status, report = company.call("post", f"/reports/{report['id']}/submission", body, key=f"sign-{form}")
        assert (status, report["state"], report["version"]) == (200, "submitted", 1)
        again = company.call("post", f"/reports/{report['id']}/submission", body, key=f"sign-{form}")
        assert again == (200, report)
    where = f"/reports/{report['id']}"
    assert company.code("post", f"{where}/submission", {}) == (409, "SubmittedAlready")
    assert company.code("post", f"{where}/approval", {}) == (403, "MandateMissing")
    assert city.call("post", f"{where}/approval", {})[1]["state"] == "city_approved"
    assert city.code("post", f"{where}/approval", {}) == (403, "WrongLevel")
    assert second.call("post", f"{where}/return", {"reason": "请核对移动端"})[1]["state"] == "returned"
    status, own = company.call("get", where)
    assert (own["steps"][-1]["reason"], own["acts"]) == ("请核对移动端", ["save", "submit"])
    contents = {"contents": turnover(mobile="5")}
    assert company.call("put", f"/reports/own/P101/{PERIOD}", contents)[0] == 200
    assert company.call("post", f"{where}/submission", {})[1]["version"] == 2
    assert company.call("post", f"{where}/recall")[1]["state"] == "draft"
    assert company.call("post", f"{where}/submission", {})[1]["version"] == 3
    city.call("post", f"{where}/approval", {})
    assert province.call("post", f"{where}/approval", {})[1]["state"] == "province_approved"
    assert company.call("post", f"{where}/correction")[1]["state"] == "draft"
    assert [one["form"] for one in company.call("get", "/reports/own")[1]] == ["P101", "P102", "P103"]
    assert len(city.call("get", f"/reports?period={PERIOD}")[1]["items"]) == 3
    assert Caller(bureau.shenzhen).call("get", "/reports")[1]["items"] == []


def test_what_is_wrong_is_told_in_full(bureau: Bureau):
    owner = bureau.platform()
    company = Caller(owner)
    contents = {"contents": turnover(goods="1", nonsense="2")}
    status, report = company.call("put", f"/reports/own/P101/{PERIOD}", contents)
    assert status == 200
    found = [one["code"] for one in report["findings"]]
    assert found == ["field_unknown", "goods_and_services", "sub_form_missing", "sub_form_missing"]
    status, problem = company.call("post", f"/reports/{report['id']}/submission", {})
    assert (status, problem["code"], problem["params"]["count"]) == (422, "ReportFlawed", 3)
    assert {one["code"] for one in problem["params"]["findings"]} == {
        "goods_and_services",
        "sub_form_missing",
    }
    assert company.code("put", f"/reports/own/P101/{PERIOD}", {"contents": {"turnover": 5}})[0] == 422
    assert company.code("put", "/reports/own/P101/2015-Q1", {"contents": {}}) == (422, "PeriodWrong")
    assert company.code("put", "/reports/own/E201/2015-Q1", {"contents": {}}) == (404, "NotOwed")
    assert Caller(owner, "statistics:read").code("put", f"/reports/own/P101/{PERIOD}", {"contents": {}}) == (
        403,
        "ScopeMissing",
    )
    other = Caller(bureau.party("外人"))
    assert other.code("get", f"/reports/{report['id']}") == (404, "NoSuchReport")
    assert other.code("put", f"/reports/own/P101/{PERIOD}", {"contents": {}}) == (404, "NoSuchReport")


def test_files_go_up_and_templates_come_down(bureau: Bureau):
    owner = bureau.platform()
    company = Caller(owner)
    _, report = company.call("put", f"/reports/own/P102/{PERIOD}", {"contents": {}})
    status, template = company.call("get", f"/reports/{report['id']}/template?format=csv")
    assert status == 200
    text = template.decode("utf-8-sig").replace("440100,Guangzhou,", "440100,Guangzhou,55")
    assert "440100,Guangzhou,55" in text
    where = f"/reports/own/P102/{PERIOD}/file"
    status, report = company.call("put", where, file(text.encode("gb18030")))
    assert (status, report["contents"]) == (200, {"region_turnover": {"440100": "55"}})
    assert company.code("put", "/reports/own/P102/2015-02/file", file(text.encode())) == (
        422,
        "FileOfAnotherPeriod",
    )
    assert company.code("put", where, {"filename": "a.csv", "content": "!"}) == (422, "FileNotBase64")
    assert company.call("get", f"/reports/{report['id']}/template")[1][:2] == b"PK"


def test_the_register_over_http(bureau: Bureau):
    province = Caller(bureau.province)
    unit = {"name": "甲服装有限公司", "region_code": "440100", "on": "2014-01-01", "reason": "普查"}
    status, made = province.call("post", "/units", unit)
    assert status == 201
    where = f"/units/{made['unit_id']}"
    assert province.code("post", "/units", unit) == (409, "UnitKnown")
    changed = {**unit, "region_code": "440300", "on": "2014-07-01", "reason": "迁移"}
    assert province.call("put", where, changed)[1]["region_code"] == "440300"
    assert province.call("get", f"{where}?on=2014-06-30")[1]["region_code"] == "440100"
    listed = {
        **file("name,region\n甲服装厂,440300\n".encode("gb18030")),
        "list_name": "工商名录",
        "on": "2014-01-01",
        "reason": "年度名录",
    }
    assert province.call("post", "/units/lists", listed)[1]["doubtful"] == 1
    [match] = province.call("get", "/units/matches")[1]["items"]
    told = province.call("post", f"/units/matches/{match['id']}", {"same": True, "reason": "核实"})
    assert told == (200, {"unit_id": made["unit_id"]})
    assert [one["name"] for one in province.call("get", "/units")[1]["items"]] == ["甲服装有限公司"]
    closed = province.call("post", f"{where}/closing", {"on": "2015-01-01", "reason": "注销"})[1]
    assert (closed["is_open"], closed["until"]) == (False, "2015-01-01")
    assert Caller(bureau.party("外人")).code("get", "/units") == (403, "MandateMissing")
