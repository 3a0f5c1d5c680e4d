"""Payments over HTTP: tokens and scopes, idempotency keys, problems, paging, and the providers'
notifications."""

import json
from typing import Any

import pytest
from django.test import Client
from payments_world import Town, acting_for, balance_of, held

from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.payments import api as payments
from cohong.payments import asking

pytestmark = pytest.mark.urls("payments_urls")
BASE = "/api/v1/payments"
BANK_ACCOUNT = {"holder": "佛山陶瓷有限公司", "number": "6222 0200 1234 5678", "bank_code": "102100099996"}


class Caller:
    """Calls the interface with a token, and with a new idempotency key unless one is given."""

    def __init__(self, secret: str | None) -> None:
        self.client = Client()
        self.headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(BASE + path, query, headers=self.headers)

    def post(self, path: str, data: Any, key: str | None = "") -> Any:
        headers = {**self.headers, **({} if key is None else {"Idempotency-Key": key or new_id().hex})}
        return self.client.post(
            BASE + path, json.dumps(data), content_type="application/json", headers=headers
        )


def caller(town: Town, *scopes: str) -> Caller:
    parties.register_many(
        actor=parties.SYSTEM, items=[parties.Registration(id=town.party, name="Foshan Tiles", country="GB")]
    )
    wanted = scopes or ("payments:read", "payments:write")
    _view, secret = parties.issue_token(actor=acting_for(town.party), name="ERP", scopes=wanted)
    return Caller(secret)


def cny(minor: Any) -> dict[str, Any]:
    return {"minor": minor, "currency": "CNY"}


def test_payment_from_start_to_escrow(town: Town):
    call, order = caller(town), new_id()
    # An order's payment is opened at the order; here, nobody opens one on an order of others.
    assert call.post("/", {"order_id": str(order), "amount": cny(10_000)}).status_code == 405
    started = payments.start_payment(
        actor=acting_for(town.party),
        order_id=order,
        payer_id=town.party,
        amount=Money(10_000, "CNY"),
        description="瓷砖",
    )
    body = call.get(f"/{started.id}").json()
    assert body["amount"] == cny(10_000)
    shown = call.get(f"/{body['id']}").json()
    assert shown["state"] == "open"
    town.bank.press(shown["pay_url"])
    [notice] = town.notices(1)
    headers = {
        name: value for name, value in notice.headers.items() if name not in ("host", "content-length")
    }
    for _ in range(2):
        answer = Client().post(
            f"{BASE}/notifications/bank", notice.body, content_type="application/json", headers=headers
        )
        assert answer.status_code == 204
    assert call.get(f"/{body['id']}").json()["state"] == "done"
    assert held(order) == 10_000


def test_a_key_opens_one_top_up(town: Town):
    call, key = caller(town), new_id().hex
    first = call.post("/top-ups", {"amount": cny(10_000)}, key)
    again = call.post("/top-ups", {"amount": cny(10_000)}, key)
    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")
    changed = call.post("/top-ups", {"amount": cny(9_999)}, key)
    assert (changed.status_code, changed.json()["code"]) == (409, "KeyReused")


def test_notification_that_is_not_signed_is_refused(town: Town):
    for provider, status, code in (("bank", 403, "BadSignature"), ("nobody", 404, "NoSuchProvider")):
        answer = Client().post(f"{BASE}/notifications/{provider}", b"{}", content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer["Content-Type"] == "application/problem+json"


def test_top_up_withdraw_and_what_is_left(town: Town):
    call = caller(town)
    assert call.get("/balances").json() == []
    top_up = call.post("/top-ups", {"amount": cny(1_000)}).json()
    asking.pursue(movement_id=top_up["id"])
    town.bank.press(call.get(f"/{top_up['id']}").json()["pay_url"])
    asking.pursue(movement_id=top_up["id"], is_due=True)
    out = call.post("/payouts", {"amount": cny(600), "bank_account": BANK_ACCOUNT})
    assert (out.status_code, out.json()["bank_account"]) == (202, "102100099996 ****5678")
    assert call.get("/balances").json() == [
        {
            "currency": "CNY",
            "posted": cny(1_000),
            "pending_in": cny(0),
            "pending_out": cny(600),
            "available": cny(400),
        }
    ]
    short = call.post("/payouts", {"amount": cny(401), "bank_account": BANK_ACCOUNT})
    assert (short.status_code, short.json()["code"]) == (409, "FundsShort")
    assert short.json()["params"] == {
        "account": str(payments.account_id(payments.AccountKind.BALANCE, town.party, "CNY")),
        "wanted": "4.01 CNY",
        "available": "4.00 CNY",
    }
    asking.pursue(movement_id=out.json()["id"])
    assert balance_of(town.party) == (400, 0)
    kinds = [(one["kind"], one["state"]) for one in call.get("/").json()["items"]]
    assert kinds == [("payout", "done"), ("top_up", "done")]
    assert [one["kind"] for one in call.get("/", kind="payout", state="done").json()["items"]] == ["payout"]
    lines = call.get("/transfers").json()["items"]
    assert [(one["kind"], one["mode"], one["amount"]["minor"]) for one in lines] == [
        ("payout", "post", -600),
        ("payout", "pending", -600),
        ("top_up", "posted", 1_000),
    ]


def test_statement_is_paged_and_filtered(town: Town):
    call = caller(town)
    for minor in range(1, 8):
        town.give(minor)
    item = payments.Deposit(party_id=town.party, amount=Money(50, "HKD"), reference=new_id())
    payments.deposit(actor=parties.SYSTEM, items=[item])
    seen: list[int] = []
    cursor: str | None = None
    while True:
        query = {"limit": 3, "currency": "CNY"} | ({"cursor": cursor} if cursor else {})
        page = call.get("/transfers", **query).json()
        seen += [one["amount"]["minor"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [7, 6, 5, 4, 3, 2, 1]
    assert [
        one["amount"] for one in call.get("/transfers", currency="HKD", kind="deposit").json()["items"]
    ] == [{"minor": 50, "currency": "HKD"}]
    assert call.get("/transfers", kind="fee").json()["items"] == []
    assert call.get("/transfers", cursor="?").json()["code"] == "BadCursor"
    assert call.get("/transfers", limit=0).status_code == 422


def test_exchange_over_http(town: Town):
    call = caller(town)
    town.give(100)
    liquidity = Money(500, "HKD")
    item = payments.Deposit(party_id=parties.PLATFORM_ID, amount=liquidity, reference=new_id())
    payments.deposit(actor=parties.SYSTEM, items=[item])
    payments.provide(actor=parties.SYSTEM, amount=liquidity, reference=new_id())
    payments.set_rate(actor=parties.SYSTEM, sell="CNY", buy="HKD", rate="1.09")
    quote = call.get("/exchange-quote", sell_minor=100, sell_currency="CNY", buy_currency="HKD").json()
    assert (quote["rate"], quote["buy"]) == ("1.09", {"minor": 109, "currency": "HKD"})
    key, asked = new_id().hex, {"sell": cny(100), "buy_currency": "HKD", "rate_id": quote["rate_id"]}
    done = call.post("/exchanges", asked, key)
    assert (done.status_code, done.json()["bought"]) == (201, {"minor": 109, "currency": "HKD"})
    assert call.post("/exchanges", asked, key).json() == done.json()
    assert (balance_of(town.party), balance_of(town.party, "HKD")) == ((0, 0), (109, 0))


@pytest.mark.parametrize("minor", [0, -1, 1.5, "5", None, 2**53])
def test_amounts_that_are_none_are_refused(town: Town, minor: Any):
    answer = caller(town).post("/top-ups", {"amount": cny(minor)})
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"


def test_unknown_currency_and_missing_key_are_refused(town: Town):
    call = caller(town)
    odd = call.post("/top-ups", {"amount": {"minor": 5, "currency": "ZZZ"}})
    assert (odd.status_code, odd.json()["code"]) == (422, "UnknownCurrency")
    keyless = call.post("/top-ups", {"amount": cny(5)}, key=None)
    assert (keyless.status_code, keyless.json()["code"]) == (422, "KeyMissing")
    nowhere = call.post("/payouts", {"amount": cny(5), "bank_account": {**BANK_ACCOUNT, "bank_code": "?"}})
    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "BadBankAccount")


def test_no_token_no_scope_no_entry(town: Town):
    started = town.start()
    paths = ("/balances", "/transfers", "/", f"/{started.id}", "/exchange-quote")
    assert {Caller(None).get(path).status_code for path in paths} == {401}
    reader, writer = caller(town, "payments:read"), caller(town, "payments:write")
    refused = reader.post("/top-ups", {"amount": cny(5)})
    assert (refused.status_code, refused.json()["code"]) == (403, "ScopeMissing")
    assert {writer.get(path).status_code for path in ("/balances", "/transfers", "/")} == {403}
    stranger = Town(town.bank, town.receiver)
    assert caller(stranger).get(f"/{started.id}").status_code == 404
    assert reader.get(f"/{started.id}").status_code == 200
