"""Invoices and purchase limits: what each kind needs, who may read what, and that no way of placing gets round a limit."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from stdnum.cn import uscc

from cohong.kernel import clock, journal, privacy, sets
from cohong.kernel.errors import Refusal, one
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.orders import api as orders
from cohong.orders.api import InvoiceKind, InvoiceTerms
from cohong.parties import api as parties
from cohong.parties.api import Mandate, Role
from trading import Place, acting_for, audits, counted

pytestmark = pytest.mark.django_db(transaction=True)

CODE = "91440101MA5AAAAA1" + uscc.calc_check_digit("91440101MA5AAAAA1")
PERSONAL = InvoiceTerms(kind=InvoiceKind.PERSONAL, title="陈小明")
SPECIAL = InvoiceTerms(
    kind=InvoiceKind.SPECIAL,
    title="番禺机械有限公司",
    tax_number=CODE.lower(),
    address="广州市番禺区市桥 1 号",
    phone="020-8481 0000",
    bank="中国银行番禺支行",
    account="6222 0000 1111 2222",
)


@pytest.fixture
def place() -> Place:
    return Place()


def cny(fen: int) -> Money:
    return Money(fen, "CNY")


def refusal_of(act: Any, **more: Any) -> str:
    try:
        result = act(**more)
    except Refusal as refusal:
        return refusal.code
    [outcome] = result
    return outcome.code if isinstance(outcome, Refusal) else ""


# --- invoices --------------------------------------------------------------------------------------------


def test_a_special_invoice_is_kept_sealed_and_told_by_title_only(place: Place):
    [sku] = place.goods(5)
    order_id = place.place((sku, 1), invoice=SPECIAL)
    [(sealed,)] = sets.fetch("select sealed from orders_invoice")
    assert privacy.is_encrypted(sealed)
    kept = orders.invoice(actor=place.buyer, order_id=order_id)
    assert kept is not None
    assert (kept.terms.tax_number, kept.terms.phone, kept.terms.account) == (
        CODE,
        "02084810000",
        "6222000011112222",
    )
    assert not kept.issued
    [placed] = [filed.envelope.body for filed in orders.evidence(actor=place.buyer, order_id=order_id)]
    assert (placed.invoice, placed.invoice_title) == ("special", "番禺机械有限公司")
    _, _, canonical = journal.document(orders.evidence(actor=place.buyer, order_id=order_id)[0].envelope.id)
    assert CODE not in canonical
    assert "6222" not in canonical
    assert audits() == []


def test_a_person_is_not_named_in_the_journal(place: Place):
    [sku] = place.goods(5)
    order_id = place.place((sku, 1), invoice=PERSONAL)
    filed = orders.evidence(actor=place.buyer, order_id=order_id)[0]
    assert (filed.envelope.body.invoice, filed.envelope.body.invoice_title) == ("personal", "")
    _, _, canonical = journal.document(filed.envelope.id)
    assert "陈小明" not in canonical
    assert orders.invoice(actor=place.buyer, order_id=place.place((sku, 1))) is None


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"title": "  "}, "InvoiceFlawed"),
        ({"title": "张三 13812345678"}, "InvoiceFlawed"),
        ({"tax_number": ""}, "InvoiceFlawed"),
        ({"tax_number": CODE[:-1] + ("A" if CODE[-1] != "A" else "B")}, "CreditCodeInvalid"),
        ({"address": ""}, "InvoiceFlawed"),
        ({"phone": "call me"}, "InvoiceFlawed"),
        ({"bank": ""}, "InvoiceFlawed"),
        ({"account": "12\x0034"}, "InvoiceFlawed"),
    ],
)
def test_an_invoice_that_could_not_be_issued_is_refused_and_no_order_is_made(
    place: Place, wrong: dict[str, str], code: str
):
    [sku] = place.goods(5)
    parts = {
        name: getattr(SPECIAL, name)
        for name in ("title", "tax_number", "address", "phone", "bank", "account")
    }
    flawed = InvoiceTerms(kind=InvoiceKind.SPECIAL, **{**parts, **wrong})
    assert refusal_of(orders.place, items=[place.deal((sku, 1), invoice=flawed)]) == code
    assert (counted("orders_order"), place.stock(sku)) == (0, (5, 0))


def test_a_tax_number_from_abroad_is_taken_as_it_is(place: Place):
    [sku] = place.goods(5)
    terms = InvoiceTerms(
        kind=InvoiceKind.ORDINARY, title="Harbour Ltd", tax_number="hk-1234567", bank="left out"
    )
    order_id = place.place((sku, 1), invoice=terms)
    kept = orders.invoice(actor=place.buyer, order_id=order_id)
    assert kept is not None
    assert (kept.terms.tax_number, kept.terms.bank) == ("HK-1234567", "")


def test_the_seller_reads_it_on_the_record_and_strangers_do_not(place: Place):
    [sku] = place.goods(5)
    order_id = place.place((sku, 1), invoice=PERSONAL)
    seen = orders.invoice(actor=place.seller, order_id=order_id)
    assert seen is not None
    assert (seen.in_clear, seen.terms.title) == (False, "陈**")
    assert parties.looks(actor=place.buyer, party_id=place.buyer_id) == []
    seen = orders.invoice(actor=place.seller, order_id=order_id, in_clear=True)
    assert seen is not None
    assert (seen.in_clear, seen.terms.title) == (True, "陈小明")
    [look] = parties.looks(actor=place.buyer, party_id=place.buyer_id)
    assert (look.by_party, look.what) == (place.seller_id, ("invoice",))
    with pytest.raises(orders.OrderNotFound):
        orders.invoice(actor=place.other, order_id=order_id)
    with pytest.raises(parties.NotYours):
        orders.invoice(actor=place.authority, order_id=order_id, in_clear=True)
    with pytest.raises(parties.NotYours):
        orders.invoice(actor=acting_for(place.seller_id, Role.WAREHOUSE), order_id=order_id, in_clear=True)
    masked = orders.invoice(actor=place.authority, order_id=order_id)
    assert masked is not None
    assert masked.terms.title == "陈**"


def test_the_seller_records_what_was_issued_and_may_correct_it(place: Place):
    [sku] = place.goods(5)
    place.give(1_000, place.buyer_id)
    order_id = place.place((sku, 2), invoice=SPECIAL)
    day = clock.now().date()
    wish = {"actor": place.seller, "order_id": order_id, "number": "24442000000012345678", "issued_on": day}

    def record(**more: Any) -> str:
        try:
            orders.record_invoice(item=orders.RecordInvoice(**{**wish, **more}))
        except Refusal as refusal:
            return refusal.code
        return ""

    assert record() == "InvoiceNotDue"
    place.pay(order_id)
    assert record(actor=place.buyer) == "OtherSidesAct"
    assert record(actor=place.other) == "NotYourOrder"
    assert record(actor=acting_for(place.seller_id, Role.WAREHOUSE)) == "NotYours"
    assert record(number="no such thing!") == "InvoiceFlawed"
    assert record(issued_on=day + timedelta(days=3)) == "InvoiceFlawed"
    assert record(order_id=new_id()) == "OrderNotFound"
    assert record() == ""
    assert record() == ""
    assert record(number="24442000000012345679") == ""
    bodies = [
        filed.envelope.body
        for filed in orders.evidence(actor=place.buyer, order_id=order_id)
        if filed.envelope.kind == "orders.invoice_issued"
    ]
    assert [(body.number, body.replaces, body.total) for body in bodies] == [
        ("24442000000012345678", "", cny(200)),
        ("24442000000012345679", "24442000000012345678", cny(200)),
    ]
    seen = orders.invoice(actor=place.buyer, order_id=order_id)
    assert seen is not None
    assert (seen.number, seen.issued_on) == ("24442000000012345679", day)
    assert record(order_id=place.to("ready", (sku, 1))) == "InvoiceNotWanted"
    assert audits() == []


def test_profiles_are_the_partys_own_and_kept_once(place: Place):
    first = orders.save_invoice_profile(actor=place.buyer, terms=SPECIAL)
    second = orders.save_invoice_profile(actor=place.buyer, terms=PERSONAL)
    assert orders.save_invoice_profile(actor=place.buyer, terms=SPECIAL) == first
    assert [one_.id for one_ in orders.invoice_profiles(actor=place.buyer)] == [first, second]
    assert orders.invoice_profiles(actor=place.other) == []
    with pytest.raises(orders.InvoiceProfileNotFound):
        orders.invoice_profile(actor=place.other, profile_id=first)
    with pytest.raises(orders.InvoiceProfileNotFound):
        orders.remove_invoice_profile(actor=place.other, profile_id=first)
    with pytest.raises(parties.NotYours):
        orders.invoice_profiles(actor=acting_for(place.buyer_id, Role.WAREHOUSE))
    assert "番禺机械" not in str(sets.fetch("select * from orders_invoice_profile"))
    orders.remove_invoice_profile(actor=place.buyer, profile_id=second)
    assert [one_.terms.tax_number for one_ in orders.invoice_profiles(actor=place.buyer)] == [CODE]


# --- purchase limits -------------------------------------------------------------------------------------


def test_a_limit_binds_whoever_orders_but_an_owner(place: Place):
    [sku] = place.goods(100)
    orders.set_purchase_limit(actor=place.buyer, limit=cny(500))
    buyer = acting_for(place.buyer_id, Role.PURCHASING)
    assert refusal_of(orders.place, items=[place.deal((sku, 5), buyer=buyer)]) == ""
    assert refusal_of(orders.place, items=[place.deal((sku, 6), buyer=buyer)]) == "ApprovalNeeded"
    assert (
        refusal_of(orders.place, items=[place.deal((sku, 5), buyer=buyer, freight_minor=1)])
        == "ApprovalNeeded"
    )
    assert refusal_of(orders.place_as_offered, items=[place.deal((sku, 6), buyer=buyer)]) == "ApprovalNeeded"
    assert refusal_of(orders.place, items=[place.deal((sku, 6))]) == ""
    assert place.stock(sku) == (100, 11)
    one(orders.place(items=[place.deal((sku, 6), buyer=place.other)]))


def test_a_currency_without_a_limit_of_its_own_needs_approval_once_there_is_any(place: Place):
    [sku] = place.goods(100)
    buyer = acting_for(place.buyer_id, Role.PURCHASING)
    one(orders.place(items=[place.deal((sku, 1), buyer=buyer, currency="HKD")]))
    orders.set_purchase_limit(actor=place.buyer, limit=cny(500))
    [refused] = orders.place(items=[place.deal((sku, 1), buyer=buyer, currency="HKD")])
    assert isinstance(refused, orders.ApprovalNeeded)
    assert refused.params == {"limit": Money(0, "HKD"), "total": Money(100, "HKD")}
    orders.set_purchase_limit(actor=place.buyer, limit=Money(100, "HKD"))
    one(orders.place(items=[place.deal((sku, 1), buyer=buyer, currency="HKD")]))
    assert orders.purchase_limits(actor=buyer) == (cny(500), Money(100, "HKD"))
    totals = [cny(500), Money(101, "HKD")]
    assert orders.needs_approval(actor=buyer, totals=totals) == Money(100, "HKD")
    assert orders.needs_approval(actor=buyer, totals=totals[:1]) is None
    assert orders.needs_approval(actor=place.buyer, totals=totals) is None


def test_only_an_owner_in_person_sets_a_limit(place: Place):
    token = parties.Actor(
        party_id=place.buyer_id,
        roles=frozenset({Role.OWNER}),
        scopes=frozenset({"orders:write", "orders:read"}),
    )
    for actor, refusal in (
        (acting_for(place.buyer_id, Role.PURCHASING), parties.NotYours),
        (acting_for(place.buyer_id, Role.FINANCE), parties.NotYours),
        (token, parties.PeopleOnly),
    ):
        with pytest.raises(refusal):
            orders.set_purchase_limit(actor=actor, limit=cny(500))
        with pytest.raises(refusal):
            orders.end_purchase_limit(actor=actor, currency="CNY")
    with pytest.raises(orders.BadSums):
        orders.set_purchase_limit(actor=place.buyer, limit=cny(-1))
    with pytest.raises(orders.LimitNotSet):
        orders.end_purchase_limit(actor=place.buyer, currency="CNY")
    orders.set_purchase_limit(actor=place.buyer, limit=cny(0))
    orders.end_purchase_limit(actor=place.buyer, currency="CNY")
    assert orders.purchase_limits(actor=place.buyer) == ()


def test_who_approves_is_another_one_who_may(place: Place):
    [sku] = place.goods(100)
    orders.set_purchase_limit(actor=place.buyer, limit=cny(100))
    buyer = acting_for(place.buyer_id, Role.PURCHASING)
    both = acting_for(place.buyer_id, Role.PURCHASING, Role.FINANCE)
    token = parties.Actor(
        party_id=place.buyer_id, roles=frozenset({Role.OWNER}), scopes=frozenset({"orders:write"})
    )
    for approver in (buyer, place.other, place.seller, token, acting_for(place.buyer_id, Role.SALES)):
        assert (
            refusal_of(orders.place, items=[place.deal((sku, 2), buyer=buyer, approved_by=approver)])
            == "ApproverUnfit"
        )
    assert (
        refusal_of(orders.place, items=[place.deal((sku, 2), buyer=both, approved_by=both)])
        == "ApproverUnfit"
    )
    finance = acting_for(place.buyer_id, Role.FINANCE)
    placed = one(orders.place(items=[place.deal((sku, 2), buyer=buyer, approved_by=finance)]))
    [filed] = orders.evidence(actor=place.buyer, order_id=placed.order_id)
    assert filed.envelope.body.approved_by == finance.user_id


def test_a_token_does_not_get_round_the_limit_over_http(place: Place):
    [sku] = place.goods(100)
    orders.set_purchase_limit(actor=place.buyer, limit=cny(500))
    _, secret = parties.issue_token(actor=place.buyer, name="erp", scopes=["orders:read", "orders:write"])
    client = Client(headers={"Authorization": f"Bearer {secret}"})

    def order(quantity: int, **more: Any) -> Any:
        body = {
            "seller_id": str(place.seller_id),
            "currency": "CNY",
            "lines": [{"sku_id": str(sku), "title": "钢卷", "quantity": quantity, "unit_price_minor": 100}],
            "delivery": {"kind": "pick_up"},
            "approved_by": str(new_id()),
            **more,
        }
        return client.post(
            "/api/v1/orders",
            json.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": str(new_id())},
        )

    answer = order(6)
    assert (answer.status_code, answer.json()["code"]) == (409, "ApprovalNeeded")
    assert counted("orders_order") == 0
    answer = order(5, invoice={"kind": "ordinary", "title": "番禺机械", "tax_number": CODE})
    assert answer.status_code == 201
    order_id = answer.json()["id"]
    shown = client.get(f"/api/v1/orders/{order_id}/invoice")
    assert (shown.json()["title"], shown.json()["number"]) == ("番禺机械", "")
    assert client.get("/api/v1/orders/purchase-limits").json() == [{"minor": 500, "currency": "CNY"}]
    _, others = parties.issue_token(actor=place.other, name="erp", scopes=["orders:read"])
    stranger = Client(headers={"Authorization": f"Bearer {others}"})
    assert stranger.get(f"/api/v1/orders/{order_id}/invoice").status_code == 404


# --- spending --------------------------------------------------------------------------------------------


def test_spending_counts_what_was_agreed_less_what_came_back(place: Place):
    sku, other = place.goods(100, 100)
    place.give(100_000, place.buyer_id)
    buyer = acting_for(place.buyer_id, Role.PURCHASING)
    place.place((sku, 3), (other, 1), buyer=buyer, freight_minor=101)
    called_off = place.place((sku, 50))
    one(orders.cancel(items=[orders.OnOrder(actor=place.buyer, order_id=called_off, reason="typo")]))
    refunded = place.to("shipped", (other, 4))
    [line] = place.view(refunded).lines
    place.send_back(refunded, orders.ReturnedLine(line_id=line.id, quantity=1))
    now = clock.now()
    since, until = now - timedelta(days=40), now + timedelta(days=1)
    rows = orders.spending(actor=place.buyer, since=since, until=until)
    by_user: dict[UUID | None, tuple[int, int]] = {
        row.user_id: (row.orders, row.amount.minor) for row in rows
    }
    assert by_user == {buyer.user_id: (1, 501), place.buyer.user_id: (1, 300)}
    assert {row.month.day for row in rows} == {1}
    goods = orders.spending_on_goods(actor=buyer, since=since, until=until)
    assert sum(row.amount.minor for row in goods) == 801
    assert {row.sku_id: row.amount.minor for row in goods}[sku] == 376
    assert orders.spending(actor=place.other, since=since, until=until) == []
    with pytest.raises(parties.NotYours):
        orders.spending(actor=acting_for(place.buyer_id, Role.WAREHOUSE), since=since, until=until)
    assert orders.spending(actor=place.buyer, since=until, until=until) == []
    assert isinstance(rows[0].month, date)
    assert Mandate.SUPERVISION not in place.buyer.mandates
