"""Parties over HTTP: sessions and tokens, idempotency keys, problems, paging, filters."""

import json
from typing import Any

import pytest
from django.test import Client
from parties_world import (
    PASSWORD,
    authority,
    company,
    credit_code,
    kinds_of,
    member,
    places,
    resident_id,
    user,
)

from cohong.kernel import sets
from cohong.kernel.ids import UUID, new_id
from cohong.parties import api as parties
from cohong.parties import jobs
from cohong.parties.api import SYSTEM, Actor, Mandate, Restriction, Role
from cohong.parties.models import User

# Real transactions: an idempotent call is one of its own.
pytestmark = pytest.mark.django_db(transaction=True)
BASE = "/api/v1/parties"


class Caller:
    """Calls the interface as someone, with a new idempotency key unless one is given."""

    def __init__(self, client: Client, **headers: str) -> None:
        self.client = client
        self._headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(BASE + path, query, headers=self._headers)

    def send(self, method: str, path: str, data: Any = None, key: str | None = "", **headers: str) -> Any:
        sent = dict(self._headers) | headers
        if key is not None:
            sent["Idempotency-Key"] = key or new_id().hex
        body = "" if data is None else json.dumps(data, default=str)
        return self.client.generic(method, BASE + path, body, content_type="application/json", headers=sent)

    def post(self, path: str, data: Any = None, key: str | None = "") -> Any:
        return self.send("POST", path, data, key)


def anyone() -> Caller:
    return Caller(Client(), Accept_Language="en")


def signed_in(actor: Actor | UUID) -> Caller:
    """Return a caller with a session: acting for the actor's party, or for nobody."""
    client = Client()
    user_id = actor.user_id if isinstance(actor, Actor) else actor
    client.force_login(User.objects.get(pk=user_id))
    acting = {"Acting_For": str(actor.party_id)} if isinstance(actor, Actor) else {}
    return Caller(client, Accept_Language="en", **acting)


def with_token(actor: Actor, *scopes: str) -> Caller:
    _, secret = parties.issue_token(actor=actor, name="ERP", scopes=scopes)
    return Caller(Client(), Authorization=f"Bearer {secret}", Accept_Language="en")


def told(response: Any, status: int, code: str) -> dict[str, Any]:
    """Expect a problem and return it."""
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json"), (
        response.content
    )
    problem = response.json()
    assert (problem["code"], problem["status"], problem["type"]) == (code, status, f"/problems/{code}")
    return problem


ORGANISATION = {
    "name": "广州钢铁有限公司",
    "uscc": credit_code(1),
    "legal_representative": "伍秉鉴",
    "address": "广东省广州市荔湾区十三行路1号",
    "phone": "13912345678",
}


# --- coming to the platform ------------------------------------------------------------------------------


def test_from_sign_up_to_a_first_call_with_a_token():
    places()
    made = anyone().post("/sign-up", {"username": "wu", "password": PASSWORD, "email": "wu@example.com"})
    assert made.status_code == 201
    client = Client()
    assert client.login(username="wu", password=PASSWORD)
    caller = Caller(client)
    organisation = caller.post(
        "/organisations", ORGANISATION | {"region_code": "440100", "industry_code": "steel"}
    )
    assert organisation.status_code == 201
    party_id = organisation.json()["id"]
    human = caller.post("/people", {"name": "伍秉鉴", "phone": "13912345678", "resident_id": resident_id()})
    assert human.status_code == 201
    me = caller.get("/me").json()
    assert (me["user_id"], me["roles"], me["scopes"]) == (made.json()["user_id"], [], None)
    assert [(one["party_id"], one["name"], one["roles"]) for one in me["parties"]] == [
        (human.json()["id"], "伍**", ["owner"]),
        (party_id, "广州钢铁有限公司", ["owner"]),
    ]
    acting = Caller(client, Acting_For=party_id)
    issued = acting.post("/tokens", {"name": "ERP", "scopes": ["parties:read"]})
    assert issued.status_code == 201
    token = issued.json()
    assert token["secret"].startswith(token["prefix"])
    with_secret = Caller(Client(), Authorization=f"Bearer {token['secret']}")
    me = with_secret.get("/me").json()
    assert (me["user_id"], me["party_id"], me["roles"], me["scopes"], me["parties"]) == (
        None,
        party_id,
        ["owner"],
        ["parties:read"],
        [],
    )
    [listed] = with_secret.get("/tokens").json()
    assert (listed["id"], "secret" in listed) == (token["id"], False)


def test_an_organisation_from_abroad_comes_over_http():
    owner = user()
    body = ORGANISATION | {
        "uscc": "",
        "country": "GB",
        "registration_number": "01234567",
        "phone": "+442079460958",
    }
    made = signed_in(owner).post("/organisations", body)
    assert made.status_code == 201
    assert anyone().get(f"/{made.json()['id']}").json()["registration_number"] == "01234567"
    told(signed_in(owner).post("/organisations", body), 409, "AlreadyRegistered")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"uscc": "91440101MA0000001X"}, 422, "CreditCodeInvalid"),
        ({"name": ""}, 422, "BadText"),
        ({"phone": "x"}, 422, "PhoneInvalid"),
        ({"region_code": "99"}, 422, "RegionUnknown"),
        ({"country": "GB"}, 422, "BadText"),
        ({"name": None}, 422, "MalformedRequest"),
        ({"name": 7}, 422, "MalformedRequest"),
        ({"name": "x" * 10_000}, 422, "MalformedRequest"),
    ],
)
def test_a_bad_registration_is_a_problem_and_changes_nothing(changes: dict[str, Any], status: int, code: str):
    owner = user()
    told(signed_in(owner).post("/organisations", ORGANISATION | changes), status, code)
    assert sets.fetch("select count(*) from parties_party") == [(0,)]
    assert sets.fetch("select count(*) from kernel_document") == [(0,)]
    assert sets.fetch("select count(*) from kernel_idempotency_key") == [(0,)]


def test_problems_come_in_the_readers_language():
    owner = user()
    titles = [
        signed_in(owner)
        .send("POST", "/organisations", ORGANISATION | {"uscc": "x"}, **{"Accept-Language": language})
        .json()["title"]
        for language in ("en", "zh-hans", "zh-hant")
    ]
    assert (
        titles[0] == "“x” is not a valid unified social credit code. Please check it character by character."
    )
    assert len(set(titles)) == 3


def test_who_is_nobody_gets_nowhere():
    firm = company()
    path = f"/{firm.party_id}"
    for caller in (anyone(), Caller(Client(), Authorization="Bearer chg_no")):
        for method, where in (
            ("GET", "/me"),
            ("GET", "/tokens"),
            ("POST", "/tokens"),
            ("POST", "/organisations"),
            ("GET", f"{path}/contact"),
            ("POST", f"{path}/restrictions"),
            ("PATCH", path),
            ("PUT", "/regions/44"),
        ):
            told(caller.send(method, where, {}), 401, "NotSignedIn")


def test_a_session_cannot_be_ridden_from_another_site():
    owner = company()
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(pk=owner.user_id))
    caller = Caller(client, Acting_For=str(owner.party_id))
    body = {"name": "ERP", "scopes": ["orders:write"]}
    told(caller.post("/tokens", body), 403, "ForgeryCheckFailed")
    assert parties.tokens(actor=owner) == []
    token = client.cookies["csrftoken"] = "c" * 32
    assert caller.send("POST", "/tokens", body, **{"X-CSRFToken": token}).status_code == 201


def test_one_acts_only_for_those_one_is_a_member_of():
    owner, rival = company(), company()
    client = signed_in(rival).client
    for acting_for in (str(owner.party_id), str(new_id()), "no id", ""):
        told(Caller(client, Acting_For=acting_for).get("/tokens"), 403, "NotMember")


def test_a_token_makes_no_tokens_and_no_organisations():
    caller = with_token(company(), *parties.SCOPES)
    told(caller.post("/tokens", {"name": "more", "scopes": ["orders:write"]}), 403, "PeopleOnly")
    told(caller.post("/organisations", ORGANISATION), 403, "PeopleOnly")


# --- idempotency -----------------------------------------------------------------------------------------


def test_a_replayed_key_gets_the_first_answer_secret_included_and_keeps_none_in_clear():
    owner = company()
    caller = signed_in(owner)
    body = {"name": "ERP", "scopes": ["orders:write"]}
    first = caller.post("/tokens", body, key="k1")
    again = caller.post("/tokens", body, key="k1")
    assert (first.status_code, first.json()) == (201, again.json())
    assert (again.status_code, again["Idempotency-Replayed"]) == (201, "true")
    assert len(parties.tokens(actor=owner)) == 1
    told(caller.post("/tokens", body | {"name": "other"}, key="k1"), 409, "KeyReused")
    told(caller.post("/tokens", body, key=None), 422, "KeyMissing")
    told(caller.post("/tokens", body, key="k" * 129), 422, "KeyMissing")
    [(kept,)] = sets.fetch("select answer from kernel_idempotency_key where key = 'k1'")
    assert first.json()["secret"].encode() not in bytes(kept)


def test_a_refused_call_may_be_tried_again_under_its_key():
    owner = user()
    told(
        signed_in(owner).post("/organisations", ORGANISATION | {"industry_code": "steel"}, key="k"),
        422,
        "IndustryUnknown",
    )
    places()
    assert (
        signed_in(owner)
        .post("/organisations", ORGANISATION | {"industry_code": "steel"}, key="k")
        .status_code
        == 201
    )


def test_strangers_who_use_the_same_key_do_not_share_an_answer():
    body = {"username": "wu", "password": PASSWORD}
    first = anyone().post("/sign-up", body, key="1")
    assert anyone().post("/sign-up", body, key="1").json() == first.json()
    told(anyone().post("/sign-up", {"username": "pan", "password": PASSWORD}, key="1"), 409, "KeyReused")
    told(anyone().post("/sign-up", body), 409, "UsernameTaken")
    told(anyone().post("/sign-up", {"username": "pan", "password": "12345"}), 422, "PasswordTooWeak")


# --- parties ---------------------------------------------------------------------------------------------


def test_parties_are_listed_in_pages_and_by_filters():
    ids = [str(company(name=f"第{number}家").party_id) for number in range(5)]
    page, seen = anyone().get("", limit=2).json(), []
    while True:
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        page = anyone().get("", limit=2, cursor=page["next"]).json()
    assert seen == ids[::-1]
    assert [one["id"] for one in anyone().get("", text="第3").json()["items"]] == [ids[3]]
    assert anyone().get("", kind="person").json()["items"] == []
    assert anyone().get("", confirmed="true").json()["items"] == []
    for query, code in (
        ({"limit": 0}, "MalformedRequest"),
        ({"limit": 201}, "MalformedRequest"),
        ({"kind": "x"}, "MalformedRequest"),
        ({"cursor": "!"}, "BadCursor"),
    ):
        told(anyone().get("", **query), 422, code)


def test_a_party_is_shown_without_anything_personal():
    owner = company()
    shown = anyone().get(f"/{owner.party_id}")
    assert shown.json()["name"] == "广州钢铁有限公司"
    for secret in ("伍秉鉴", "13912345678", "十三行路"):
        assert secret not in shown.content.decode()
    told(anyone().get(f"/{new_id()}"), 404, "PartyNotFound")


def test_contact_is_masked_recorded_and_listed():
    owner, rival = company(), company()
    path = f"/{owner.party_id}"
    assert with_token(rival, "parties:read").get(f"{path}/contact").json()["phone"] == "+86 139****5678"
    assert with_token(owner, "parties:read").get(f"{path}/contact").json()["phone"] == "+8613912345678"
    told(with_token(owner, "orders:read").get(f"{path}/contact"), 403, "ScopeMissing")
    page = signed_in(owner).get(f"{path}/looks", limit=1).json()
    rest = signed_in(owner).get(f"{path}/looks", cursor=page["next"]).json()
    assert [(one["by_party"], one["in_clear"]) for one in page["items"] + rest["items"]] == [
        (str(owner.party_id), True),
        (str(rival.party_id), False),
    ]
    assert rest["next"] is None
    told(signed_in(rival).get(f"{path}/looks"), 403, "NotYours")


def test_details_are_changed_and_confirmed():
    owner = company()
    path = f"/{owner.party_id}"
    caller = with_token(owner, "parties:write", "parties:read")
    changed = caller.send("PATCH", path, {"name": "新名字", "phone": "13800000000"})
    assert (changed.status_code, changed.json()["name"]) == (200, "新名字")
    asked = caller.post(f"{path}/confirmation")
    assert (asked.status_code, asked.json()["state"]) == (202, "confirming")
    assert caller.get(f"{path}/confirmation").json() == {
        "party_id": str(owner.party_id),
        "state": "confirming",
        "mismatched": [],
    }
    told(caller.send("PATCH", path, {"name": "又一个"}), 409, "WrongState")
    assert sets.fetch("select task_name from procrastinate_jobs where task_name like 'parties.%%'") == [
        ("parties.confirm",)
    ]
    with pytest.raises(parties.RegisterUnavailable):
        jobs.confirm(str(owner.party_id))


def test_an_organisation_from_abroad_is_vouched_for_over_http():
    owner = user()
    body = ORGANISATION | {"uscc": "", "country": "GB", "registration_number": "01234567"}
    party_id = signed_in(owner).post("/organisations", body).json()["id"]
    evidence = {"evidence": "Companies House extract"}
    told(signed_in(company()).post(f"/{party_id}/vouch", evidence), 403, "MandateMissing")
    assert signed_in(authority(Mandate.PLATFORM)).post(f"/{party_id}/vouch", evidence).status_code == 204
    assert anyone().get(f"/{party_id}").json()["confirmed"] is True


# --- who acts for them -----------------------------------------------------------------------------------


def test_members_come_and_go():
    owner = company()
    newcomer = user("pan")
    path = f"/{owner.party_id}/memberships"
    caller = signed_in(owner)
    body = {"user_id": newcomer, "role": "sales"}
    assert caller.post(path, body).status_code == 201
    told(caller.post(path, body), 409, "MembershipExists")
    told(caller.post(path, {"user_id": newcomer, "role": "king"}), 422, "MalformedRequest")
    told(with_token(owner, *parties.SCOPES).post(path, body), 403, "PeopleOnly")
    assert [(one["username"], one["role"]) for one in caller.get(path).json()][1:] == [("pan", "sales")]
    assert caller.send("DELETE", f"{path}/{newcomer}/sales").status_code == 204
    told(caller.send("DELETE", f"{path}/{newcomer}/sales"), 404, "MembershipNotFound")
    told(caller.send("DELETE", f"{path}/{owner.user_id}/owner"), 409, "LastOwner")
    assert len(caller.get(path).json()) == 1
    assert caller.get(path, with_past="true").json()[1]["ended_at"] is not None
    told(signed_in(member(owner, Role.SALES)).post(path, body), 403, "NotYours")


def test_tokens_are_revoked_over_http():
    owner = company()
    token, secret = parties.issue_token(actor=owner, name="lost", scopes=["parties:read"])
    lost = Caller(Client(), Authorization=f"Bearer {secret}")
    assert lost.get("/me").status_code == 200
    told(signed_in(company()).send("DELETE", f"/tokens/{token.id}"), 404, "TokenNotFound")
    assert signed_in(owner).send("DELETE", f"/tokens/{token.id}").status_code == 204
    told(lost.get("/me"), 401, "NotSignedIn")
    told(signed_in(owner).send("DELETE", f"/tokens/{token.id}"), 409, "TokenRevokedAlready")


# --- from above ------------------------------------------------------------------------------------------


def test_the_platform_registers_authorities_and_many_parties():
    staff = signed_in(authority(Mandate.PLATFORM))
    made = staff.post("/authorities", {"name": "海关", "mandates": ["customs"], "owner_user_id": user()})
    assert made.status_code == 201
    path = f"/{made.json()['id']}/mandates"
    assert staff.post(path, {"mandate": "statistics"}).status_code == 204
    assert staff.send("DELETE", f"{path}/customs").status_code == 204
    assert anyone().get(path).json() == ["statistics"]
    ids = [str(new_id()) for _ in range(2)]
    outcome = staff.post(
        "/registrations", {"items": [{"id": ids[0], "name": "Shop"}, {"id": ids[1], "name": ""}]}
    )
    assert [(one["id"], one["code"]) for one in outcome.json()["items"]] == [
        (ids[0], None),
        (None, "BadText"),
    ]
    told(signed_in(company()).post("/registrations", {"items": []}), 403, "MandateMissing")
    many = {"items": [{"id": str(new_id()), "name": "x"}] * 1_001}
    told(staff.post("/registrations", many), 422, "MalformedRequest")


def test_restrictions_are_placed_seen_and_lifted():
    owner = company()
    office = with_token(authority(Mandate.SUPERVISION), "parties:write", "parties:read")
    path = f"/{owner.party_id}/restrictions"
    body = {"restriction": "trade", "reason": "投诉集中"}
    told(signed_in(owner).post(path, body), 403, "MandateMissing")
    placed = office.post(path, body)
    assert placed.status_code == 201
    assert parties.restricted(party_ids=[owner.party_id], restriction=Restriction.TRADE) == {owner.party_id}
    [seen] = signed_in(owner).get(path).json()["items"]
    assert (seen["id"], seen["reason"], seen["lifted_at"]) == (placed.json()["id"], "投诉集中", None)
    told(signed_in(company()).get(path), 403, "NotYours")
    lift = f"/restrictions/{placed.json()['id']}/lift"
    told(office.post(lift, {"reason": ""}), 422, "BadText")
    assert office.post(lift, {"reason": "整改完成"}).status_code == 204
    told(office.post(lift, {"reason": "整改完成"}), 409, "AlreadyLifted")
    assert kinds_of(owner.party_id)[-2:] == ["parties.restricted", "parties.restriction_lifted"]
    assert office.get(path).json()["items"][0]["lifted_at"] is not None


def test_reference_data_is_defined_by_the_platform_and_read_by_anyone():
    staff = signed_in(authority(Mandate.PLATFORM))
    names = {"zh_hans": "广东省", "zh_hant": "廣東省", "en": "Guangdong"}
    region = staff.send("PUT", "/regions/440000", {"names": names})
    assert (region.status_code, region.json()) == (
        200,
        {"code": "440000", "names": names, "parent_code": "", "position": 0},
    )
    staff.send("PUT", "/regions/440100", {"names": {"zh_hans": "广州市"}, "parent_code": "440000"})
    assert [one["code"] for one in anyone().get("/regions").json()] == ["440000", "440100"]
    assert [one["code"] for one in anyone().get("/regions", parent_code="").json()] == ["440000"]
    assert anyone().get("/regions/440100").json()["names"]["zh_hans"] == "广州市"
    told(anyone().get("/regions/99"), 422, "RegionUnknown")
    industry = staff.send("PUT", "/industries/steel", {"names": {"zh_hans": "钢铁"}})
    assert [industry.json()] == anyone().get("/industries").json()
    market = staff.send(
        "PUT",
        "/markets/steel-market",
        {
            "kind": "industry",
            "names": {"zh_hans": "钢铁市场"},
            "region_code": "440100",
            "industry_code": "steel",
        },
    ).json()
    assert anyone().get(f"/markets/{market['id']}").json() == market
    assert anyone().get("/markets", kind="industry").json() == [market]
    assert anyone().get("/markets", kind="cluster").json() == []
    told(anyone().get(f"/markets/{new_id()}"), 404, "MarketNotFound")
    told(signed_in(company()).send("PUT", "/regions/441", {"names": names}), 403, "MandateMissing")
    told(staff.send("PUT", "/regions/a%20b", {"names": names}), 422, "BadCode")
    told(staff.send("PUT", "/industries/tea", {"names": names, "position": -1}), 422, "BadInput")


def test_the_interface_describes_itself():
    described = Client().get("/api/v1/openapi.json").json()["paths"]
    assert "post" in described[f"{BASE}/organisations"]
    assert SYSTEM.is_system
