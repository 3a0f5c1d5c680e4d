"""Settlement statements: page and files say what the ledger says, to the last unit; and the balance page moves real money."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from portal_town import PASSWORD, Town

from cohong.kernel import clock
from cohong.kernel.errors import NotFound, one
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Role
from cohong.payments import api as payments
from cohong.portal.printing import typesetting
from cohong.portal.settlement import files, statements

Browse = Callable[..., Client]
MONTH = date(2026, 3, 1)
NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)


def settled(town: Town, sku: Any, quantity: int) -> Any:
    order_id = town.shipped(sku, quantity)
    one(orders.accept(items=[orders.OnOrder(actor=town.buyer, order_id=order_id)]))
    one(orders.settle(items=[orders.OnOrder(actor=SYSTEM, order_id=order_id)]))
    return order_id


def sent_back(town: Town, order_id: Any, quantity: int) -> None:
    [line] = town.view(order_id).lines
    request = orders.RequestReturn(
        actor=town.buyer,
        id=new_id(),
        order_id=order_id,
        lines=(orders.ReturnedLine(line_id=line.id, quantity=quantity),),
    )
    orders.request_return(item=request)
    for act in (orders.approve_return, orders.receive_return, orders.refund):
        act(item=orders.OnReturn(actor=town.seller, return_id=request.id))


def balance_of(town: Town) -> int:
    account = payments.account_id(payments.AccountKind.BALANCE, town.seller.party_id, "CNY")
    found = payments.balances(account_ids=[account])
    return found[account].posted.minor if found else 0


@pytest.fixture
def traded(town: Town) -> Town:
    """A month with two settled orders, a part refunded before and one after the payout, and a deposit of its own."""
    ids = town.goods()
    with clock.at(NOON):
        first = settled(town, ids.sku_ids[0], 3)
        second = town.shipped(ids.sku_ids[1], 2)
        sent_back(town, second, 1)
        one(orders.accept(items=[orders.OnOrder(actor=town.buyer, order_id=second)]))
        one(orders.settle(items=[orders.OnOrder(actor=SYSTEM, order_id=second)]))
    with clock.at(NOON + timedelta(days=5)):
        sent_back(town, first, 1)
        item = payments.Deposit(
            party_id=town.seller.party_id, amount=Money(12_345, "CNY"), reference=new_id()
        )
        assert payments.deposit(actor=SYSTEM, items=[item]) == [None]
    return town


def test_every_row_adds_up_and_all_rows_to_the_ledger(traded: Town):
    made = statements.build(actor=traded.seller, currency="CNY", month=MONTH)
    assert len(made.settled) == 2
    for row in made.settled:
        order = row.order
        assert order.goods + order.freight - order.discount == order.total
        assert order.total - row.deducted - row.line.fee == row.net
    assert [row.deducted.minor > 0 for row in made.settled] == [False, True]
    assert made.goods + made.freight - made.discount - made.deducted - made.fees == made.net
    zero = Money.zero("CNY")
    assert made.period.opening + sum((group.amount for group in made.groups), zero) == made.period.closing
    assert made.period.closing.minor == balance_of(traded)
    assert sum(group.count for group in made.groups) == len(made.period.lines)
    assert made.is_closed
    flows = payments.flows_of(order_ids=[row.order.id for row in made.settled])
    assert made.fees.minor == sum(flow.fee for flow in flows.values())
    assert made.fees_returned.minor == sum(flow.fee_returned for flow in flows.values())
    assert made.net.minor == sum(flow.settled for flow in flows.values())
    after = statements.build(actor=traded.seller, currency="CNY", month=date(2026, 4, 1))
    assert (after.period.opening, after.period.lines) == (made.period.closing, ())


def test_the_files_say_what_the_page_says(traded: Town, browse: Browse):
    client = browse("sun", "zh-hans")
    made = statements.build(actor=traded.seller, currency="CNY", month=MONTH)
    base = "/merchant/statements/CNY/2026-03/"
    page = client.get(base).content.decode()
    assert made.net.plain in page
    assert made.deducted.plain in page
    text = client.get(f"{base}csv/").content.decode()
    assert text.startswith("\ufeff时间,摘要,订单")
    rows = list(csv.DictReader(io.StringIO(text[1:])))
    assert rows[0]["变动后余额"] == "0.00"
    assert Decimal(rows[-1]["变动后余额"]) == made.period.closing.major
    assert sum(Decimal(row["变动"] or 0) for row in rows) == made.period.closing.major
    sheet = load_workbook(io.BytesIO(client.get(f"{base}xlsx/").content)).active
    heads, *cells = list(sheet.iter_rows())
    column = [head.value for head in heads].index("变动")
    amounts = [row[column] for row in cells if row[column].value is not None]
    assert {cell.data_type for cell in amounts} == {"n"}
    assert sum(Decimal(str(cell.value)).quantize(Decimal("0.01")) for cell in amounts) == (
        made.period.closing.major
    )
    answer = client.get(f"{base}pdf/")
    assert (answer["Content-Type"], answer.content[:4]) == ("application/pdf", b"%PDF")
    assert client.get(f"{base}docx/").status_code == 404
    for wrong in ("/merchant/statements/XXX/2026-03/", "/merchant/statements/CNY/2026-13/"):
        assert client.get(wrong).status_code == 404


def test_the_printed_statement_closes_in_capitals(traded: Town):
    made = statements.build(actor=traded.seller, currency="CNY", month=MONTH)
    party = parties.party(party_id=traded.seller.party_id)
    with translation.override("zh-hans"):
        sheet = files.sheet(made, party)
        assert typesetting.pdf("statement", sheet).startswith(b"%PDF")
    assert sheet.title == "结算单"
    assert sheet.capitals[1].startswith("人民币")
    assert sheet.closing[1].replace(",", "") == f"¥{made.period.closing.plain}"
    assert len(sheet.tables[0].rows) == 3
    assert sheet.tables[0].rows[-1].cells[-1] == made.net.plain
    with translation.override("en"):
        assert files.sheet(made, party).capitals[1] == ""


def test_names_are_never_formulas_in_a_file(town: Town, browse: Browse):
    with clock.at(NOON):
        settled(town, town.goods().sku_ids[0], 1)
    parties.change_details(actor=town.buyer, party_id=town.buyer.party_id, name="=HYPERLINK(1)")
    text = browse("sun").get("/merchant/statements/CNY/2026-03/csv/").content.decode()
    assert ",'=HYPERLINK(1)," in text
    book = load_workbook(io.BytesIO(browse("sun").get("/merchant/statements/CNY/2026-03/xlsx/").content))
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)


def test_statements_are_for_the_partys_finance_alone(traded: Town, browse: Browse):
    for name, role, allowed in (("bean", Role.FINANCE, True), ("rice", Role.SALES, False)):
        user_id = parties.sign_up(username=name, password=PASSWORD)
        parties.set_roles(actor=traded.seller, party_id=traded.seller.party_id, user_id=user_id, roles=[role])
        client = browse(name)
        for address in (
            *("/merchant/balance/", "/merchant/statements/", "/merchant/statements/CNY/2026-03/"),
            "/merchant/statements/CNY/2026-03/csv/",
        ):
            assert client.get(address).status_code == (200 if allowed else 403), (name, address)
    # Another party has a statement of its own, and sees nothing of this one.
    other = browse("star").get("/merchant/statements/CNY/2026-03/csv/").content.decode()
    assert len(other.splitlines()) == 3
    with pytest.raises(parties.NotYours):
        payments.period(
            actor=traded.other, party_id=traded.seller.party_id, currency="CNY", start=NOON, end=NOON
        )


@hypothesis_settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    trades=st.lists(st.tuples(st.integers(1, 5), st.integers(0, 5), st.booleans()), min_size=1, max_size=4)
)
def test_whatever_is_traded_a_statement_adds_up(town: Town, trades: list[tuple[int, int, bool]]):
    ids = town.goods(f"货{new_id()}")
    for quantity, back, late in trades:
        with clock.at(NOON):
            order_id = town.shipped(ids.sku_ids[0], quantity)
            if back and not late:
                sent_back(town, order_id, min(back, quantity))
            one(orders.accept(items=[orders.OnOrder(actor=town.buyer, order_id=order_id)]))
            one(orders.settle(items=[orders.OnOrder(actor=SYSTEM, order_id=order_id)]))
            if back and late:
                sent_back(town, order_id, min(back, quantity))
    made = statements.build(actor=town.seller, currency="CNY", month=MONTH)
    for row in made.settled:
        assert row.order.total - row.deducted - row.line.fee == row.net
        assert row.deducted.minor >= 0
    zero = Money.zero("CNY")
    assert made.period.opening + sum((group.amount for group in made.groups), zero) == made.period.closing
    assert made.period.closing.minor == balance_of(town)


# --- the balance -----------------------------------------------------------------------------------------

BANK = {
    "currency": "CNY",
    "holder": "甲服装厂",
    "number": "6222 0212 3456 7890",
    "bank_code": "102100099996",
    "bank_name": "工商银行",
}


def test_money_is_withdrawn_once_however_often_the_button_is_pressed(traded: Town, browse: Browse):
    client = browse("sun")
    before = balance_of(traded)
    page = client.get("/merchant/balance/").content.decode()
    once = re.findall(r'name="once" value="([0-9a-f-]{36})"', page)[0]
    for _ in range(2):
        answer = client.post("/merchant/balance/withdraw/", BANK | {"once": once, "amount": "100.50"})
        assert answer.status_code == 302
    [payout] = payments.payments_of(
        actor=traded.seller, party_id=traded.seller.party_id, kinds=[payments.MovementKind.PAYOUT], limit=9
    )
    assert (payout.amount.minor, payout.bank_account) == (10_050, "102100099996 ****7890")
    [held] = payments.party_balances(party_id=traded.seller.party_id)
    assert (held.posted.minor, held.pending_out.minor) == (before, 10_050)
    shown = client.get(f"/merchant/balance/movements/{payout.id}/").content.decode()
    assert "****7890" in shown
    assert "6222" not in shown
    for username in ("star", "moon"):
        assert browse(username).get(f"/merchant/balance/movements/{payout.id}/").status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"amount": "1000000"}, "notice-error"),
        ({"amount": "zehn"}, "zehn"),
        ({"amount": "-5"}, "-5"),
        ({"amount": "0"}, "notice-error"),
        ({"amount": "1.001"}, "1.001"),
        ({"currency": "XYZ"}, "XYZ"),
        ({"number": "<b>1"}, "&lt;b&gt;1"),
    ],
)
def test_what_cannot_be_withdrawn_is_told_beside_the_form_and_moves_nothing(
    traded: Town, browse: Browse, change: dict[str, str], said: str
):
    form = BANK | {"amount": "1", "once": str(new_id())} | change
    answer = browse("sun").post("/merchant/balance/withdraw/", form)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in html
    assert said in html
    assert form["holder"] in html
    assert not payments.payments_of(
        actor=traded.seller, party_id=traded.seller.party_id, kinds=[payments.MovementKind.PAYOUT], limit=9
    )


def test_a_top_up_is_opened_and_shown(traded: Town, browse: Browse):
    client, once = browse("sun"), str(new_id())
    form = {"amount": "88", "currency": "CNY", "once": once}
    answer = client.post("/merchant/balance/top-up/", form)
    assert answer["Location"] == f"/merchant/balance/movements/{once}/"
    assert client.get(answer["Location"]).status_code == 200
    user_id = parties.sign_up(username="rice", password=PASSWORD)
    parties.set_roles(
        actor=traded.seller, party_id=traded.seller.party_id, user_id=user_id, roles=[Role.SALES]
    )
    for address in ("top-up", "withdraw"):
        refused = browse("rice").post(f"/merchant/balance/{address}/", BANK | form)
        assert refused.status_code == 403
    with pytest.raises(NotFound):
        statements.parse_month("2026-3x")
