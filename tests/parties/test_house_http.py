"""What the house has said, over HTTP: everybody reads it, and only a mandate changes it."""

import pytest
from django.test import Client
from parties_world import authority, company
from test_parties_http import Caller, signed_in, told, with_token

from cohong.kernel import parameters
from cohong.parties.api import Mandate

pytestmark = pytest.mark.django_db(transaction=True)
GROUND = {
    "names": {"zh_hans": "无证经营", "zh_hant": "無證經營", "en": "No licence"},
    "law": {"zh_hans": "电子商务法第十二条"},
    "applies_to": ["listing"],
}


@pytest.fixture
def anyone() -> Caller:
    return Caller(Client(), Accept_Language="en")


def test_parameters_are_public_and_the_platforms_to_change(anyone: Caller):
    before = {one["name"]: one for one in anyone.get("/parameters").json()}
    hours = before["orders.pay_hours"]
    assert hours["least"] <= hours["value"] == hours["default"] <= hours["most"]
    body = {"value": hours["value"] + 1, "reason": "春节"}
    assert anyone.send("put", "/parameters/orders.pay_hours", body).status_code == 401
    owner = company()
    told(signed_in(owner).send("put", "/parameters/orders.pay_hours", body), 403, "MandateMissing")
    told(
        with_token(owner, "parties:write").send("put", "/parameters/orders.pay_hours", body),
        403,
        "MandateMissing",
    )
    house = signed_in(authority(Mandate.PLATFORM))
    done = house.send("put", "/parameters/orders.pay_hours", body)
    assert (done.status_code, done.json()["value"]) == (200, hours["value"] + 1)
    assert parameters.current() == {"orders.pay_hours": hours["value"] + 1}
    told(
        house.send("put", "/parameters/orders.pay_hours", {**body, "value": 10**9}),
        422,
        "ParameterOutOfBounds",
    )
    told(house.send("put", "/parameters/orders.nothing", body), 404, "UnknownParameter")


def test_grounds_are_public_and_supervisions_to_define(anyone: Caller):
    assert anyone.send("put", "/hold-reasons/no-licence", GROUND).status_code == 401
    told(signed_in(company()).send("put", "/hold-reasons/no-licence", GROUND), 403, "MandateMissing")
    assert anyone.get("/hold-reasons").json() == []
    supervision = signed_in(authority(Mandate.SUPERVISION))
    made = supervision.send("put", "/hold-reasons/no-licence", GROUND)
    assert (made.status_code, made.json()["law"]["zh_hans"]) == (200, "电子商务法第十二条")
    assert [one["code"] for one in anyone.get("/hold-reasons", kind="listing").json()] == ["no-licence"]
    assert anyone.get("/hold-reasons", kind="order").json() == []
    assert anyone.get("/hold-reasons", kind="moon").status_code == 422
    retired = supervision.send("put", "/hold-reasons/no-licence", {**GROUND, "retired": True})
    assert retired.json()["retired"] is True
    assert anyone.get("/hold-reasons").json() == []
