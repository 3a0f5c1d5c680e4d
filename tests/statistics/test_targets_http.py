"""Targets over HTTP: everyone reads what is aimed at, the programme office sets it."""

import json
from itertools import count
from typing import Any

import pytest
from django.test import Client
from django.urls import path
from ninja import NinjaAPI

from cohong.kernel.http import install_problems
from cohong.kernel.ids import new_id
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Actor, Mandate, Names, Role
from cohong.statistics import api as statistics
from cohong.statistics.http import router

api = NinjaAPI(urls_namespace="targets-tests", docs_url=None)
install_problems(api)
api.add_router("/statistics", router)
urlpatterns = [path("api/", api.urls)]
pytestmark = pytest.mark.urls(__name__)
_serial = count(1)
TERMS = {
    "names": {"zh_hans": "电子商务交易额", "en": "E-commerce turnover"},
    "indicator": "turnover",
    "unit": "money",
    "comparison": "above_value",
    "due": "2015-12-31",
    "region_code": "440000",
    "value": "3200000000000",
    "baseline": {"on": "2010-12-31", "value": "800000000000"},
    "shape": "linear",
}


class Caller:
    def __init__(self, mandate: Mandate | None = None) -> None:
        headers = {"Accept-Language": "en"}
        if mandate is not None:
            party_id = parties.register_authority(
                actor=SYSTEM, name=f"机关{next(_serial)}", mandates=[mandate], region_code="440000"
            )
            actor = Actor(
                party_id=party_id,
                user_id=new_id(),
                roles=frozenset({Role.OWNER}),
                mandates=frozenset({mandate}),
            )
            _, secret = parties.issue_token(actor=actor, name="programme", scopes=["statistics:write"])
            headers["Authorization"] = f"Bearer {secret}"
        self.client = Client(headers=headers)

    def call(self, method: str, where: str, body: Any = None, *, key: str | None = None) -> tuple[int, Any]:
        headers = {"Idempotency-Key": key or str(next(_serial))} if method != "get" else {}
        said = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        answer = getattr(self.client, method)(f"/api/statistics{where}", headers=headers, **said)
        return answer.status_code, answer.json() if answer.content else None


@pytest.fixture
def office(transactional_db: None) -> Caller:
    parties.define_region(actor=SYSTEM, code="440000", parent_code="", names=Names("广东省"))
    return Caller(Mandate.PROGRAMMES)


def test_the_office_sets_a_target_that_everyone_reads(office: Caller):
    body = {"terms": TERMS, "reason": "规划发布"}
    assert office.call("put", "/targets/turnover-2015", body, key="one") == (200, {"version": 1})
    assert office.call("put", "/targets/turnover-2015", body, key="one") == (200, {"version": 1})
    anyone = Caller()
    status, [found] = anyone.call("get", "/targets?region_code=440000")
    assert (status, found["code"], found["terms"]["names"]["en"]) == (
        200,
        "turnover-2015",
        "E-commerce turnover",
    )
    assert [float(point["value"]) / 1e9 for point in found["path"]] == [800, 1280, 1760, 2240, 2720, 3200]
    assert anyone.call("get", "/targets?region_code=110000") == (200, [])
    assert anyone.call("get", "/targets?at=2000-01-01T00:00:00Z") == (200, [])
    status, told = anyone.call("get", "/targets/turnover-2015/reading?value=1700000000000&on=2012-12-31")
    assert (status, told["standing"], told["progress"], told["path"]) == (
        200,
        "behind",
        "0.375000",
        "1760000000000.000000",
    )
    changed = {"terms": {**TERMS, "value": "3500000000000"}, "reason": "中期调整"}
    assert office.call("put", "/targets/turnover-2015", changed) == (200, {"version": 2})
    assert office.call("post", "/targets/turnover-2015/withdrawal", {"reason": "规划期满"})[0] == 204
    _, history = anyone.call("get", "/targets/turnover-2015")
    assert [(one["version"], one["withdrawn"], one["reason"]) for one in history] == [
        (1, False, "规划发布"),
        (2, False, "中期调整"),
        (3, True, "规划期满"),
    ]
    assert anyone.call("get", "/targets") == (200, [])


def test_nobody_else_sets_targets(office: Caller):
    body = {"terms": TERMS, "reason": "自定目标"}
    status, told = Caller(Mandate.STATISTICS).call("put", "/targets/mine", body)
    assert (status, told["code"]) == (403, "MandateMissing")
    assert Caller().call("put", "/targets/mine", body)[0] == 401
    assert statistics.targets() == []


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"value": None}, 422, "TermsIncomplete"),
        ({"due": "2010-12-31"}, 422, "PathImpossible"),
        ({"region_code": "999999"}, 422, "RegionUnknown"),
        ({"value": "1e400"}, 422, None),
        ({"value": "NaN"}, 422, None),
        ({"comparison": "below"}, 422, None),
    ],
)
def test_bad_terms_are_refused_clearly(
    office: Caller, changes: dict[str, Any], status: int, code: str | None
):
    found, told = office.call("put", "/targets/t", {"terms": {**TERMS, **changes}, "reason": "规划发布"})
    assert found == status, told
    assert code is None or told["code"] == code
    assert statistics.targets() == []


def test_what_is_not_there_is_not_found(office: Caller):
    for where in ("/targets/none", "/targets/none/reading?value=1&on=2012-12-31"):
        status, told = office.call("get", where)
        assert (status, told["code"]) == (404, "NoSuchTarget")
    assert office.call("get", "/targets?at=2000-01-01T00:00:00")[0] == 422  # a time says its zone
