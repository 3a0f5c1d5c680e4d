"""The plan: what each kind of line becomes, and what must hold whatever the book says."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cohong.replay.online_retail.plan import plan, plan_folder, scan
from cohong.replay.online_retail.planned import (
    Planned,
    PlannedReturn,
    PlannedSale,
    Reason,
    RefusedLine,
    StockAdjustment,
    Tally,
)
from cohong.replay.online_retail.reader import Source, SourceLine, line_total, read_folder
from cohong.replay.online_retail.survey import survey

START = datetime(2010, 12, 1, 9, tzinfo=UTC)
UK = "United Kingdom"
Entry = tuple[Any, ...]  # the arguments of `line`


def line(  # noqa: PLR0917 - a row of the book, in the book's order
    invoice: str,
    code: str,
    quantity: int,
    price_text: str,
    customer: str | None = "100",
    country: str = UK,
    description: str | None = None,
    row: int = 0,
) -> SourceLine:
    price = Decimal(price_text)
    return SourceLine(
        source=Source("book.csv", row),
        invoice=invoice,
        stock_code=code,
        description=f"GOODS {code}" if description is None else description,
        quantity=quantity,
        at=START + timedelta(minutes=row),
        unit_price=price,
        customer=customer,
        country=country,
        total_minor=line_total(quantity=quantity, unit_price=price),
    )


def planned(*book: Entry) -> list[Planned]:
    lines = [line(*entry, row=row) for row, entry in enumerate(book, start=2)]
    items = list(plan(iter(lines), scan(iter(lines)).expected))
    tally = Tally()
    for item in items:
        tally.add(item)
    assert tally.lines == len(lines)
    assert tally.value_file == sum(each.total_minor for each in lines)
    return items


def pieces(item: Planned) -> list[tuple[int | None, int, int]]:
    assert isinstance(item, PlannedReturn)
    return [(piece.number, piece.quantity, piece.amount_minor) for piece in item.pieces]


def reasons(items: list[Planned]) -> list[Reason]:
    return [item.reason for item in items if isinstance(item, RefusedLine)]


# One invoice


def test_an_invoice_becomes_one_order_and_repeated_codes_stay_separate_lines():
    (sale,) = planned(("1", "A1", 6, "2.55"), ("1", "B2", 1, "0.85"), ("1", "A1", 2, "2.10"))
    assert isinstance(sale, PlannedSale)
    assert (sale.key, sale.invoice, sale.customer, sale.country) == ("sale:1", "1", "100", UK)
    assert sale.at == START + timedelta(minutes=2)
    assert [(each.number, each.stock_code, each.quantity, each.total_minor) for each in sale.lines] == [
        (1, "A1", 6, 1530),
        (2, "B2", 1, 85),
        (3, "A1", 2, 420),
    ]
    assert (sale.freight_minor, sale.discount_minor, sale.total_minor, sale.file_lines) == (0, 0, 2035, 3)


def test_carriage_is_freight_and_discount_is_discount_not_goods():
    (sale,) = planned(
        ("1", "A1", 10, "1.00"), ("1", "POST", 2, "18.00"), ("1", "C2", 1, "5.00"), ("1", "D", -1, "2.50")
    )
    assert [each.stock_code for each in sale.lines] == ["A1"]
    assert (sale.freight_minor, sale.discount_minor, sale.total_minor, sale.file_lines) == (
        4100,
        250,
        4850,
        4,
    )


def test_carriage_invoiced_alone_is_a_service():
    (sale,) = planned(("1", "POST", 21, "18.00"))
    assert [(each.stock_code, each.quantity, each.service) for each in sale.lines] == [("POST", 21, True)]
    assert (sale.freight_minor, sale.total_minor) == (0, 37800)


def test_a_manual_item_is_a_service_line_and_a_walk_in_buys_without_a_name():
    (sale,) = planned(("1", "A1", 1, "1.00", None), ("1", "M", 1, "1298.40", None))
    assert [(each.stock_code, each.service) for each in sale.lines] == [("A1", False), ("M", True)]
    assert (sale.customer, sale.total_minor) == (None, 129940)


def test_a_price_of_nothing_beside_priced_lines_is_a_gift_in_the_order():
    (sale,) = planned(("1", "A1", 4, "0"), ("1", "B2", 1, "0.85"))
    assert [(each.number, each.stock_code, each.total_minor) for each in sale.lines] == [
        (1, "B2", 85),
        (2, "A1", 0),
    ]
    assert sale.file_lines == 2


def test_prices_with_parts_of_a_penny_keep_their_decimals_and_an_exact_total():
    (sale,) = planned(("1", "A1", 3, "4.951"), ("1", "PADS", 1, "0.001"))
    assert [(str(each.unit_price), each.total_minor) for each in sale.lines] == [
        ("4.951", 1485),
        ("0.001", 0),
    ]
    assert scan([line("1", "PADS", 1, "0.001"), line("1", "A1", 3, "4.951")]).sub_penny == Decimal("0.004")


def test_an_invoice_for_two_buyers_is_two_orders_and_one_taken_up_again_is_a_second_part():
    items = planned(
        ("1", "A1", 1, "1.00"), ("1", "A1", 1, "1.00", "200"), ("2", "A1", 1, "1.00"), ("1", "A1", 1, "1.00")
    )
    assert [item.key for item in items] == ["sale:1", "sale:1~2", "sale:2", "sale:1~3"]
    assert [item.customer for item in items] == ["100", "200", "100", "100"]


# Stock


def test_prices_of_nothing_alone_are_stock_adjustments():
    items = planned(
        ("1", "A1", -20, "0", None, UK, "damages"),
        ("2", "A1", 96, "0", None, UK, "Found"),
        ("3", "A1", 10, "0", "100"),
        ("C4", "A1", -2, "0", "100"),
        ("5", "PADS", 1, "0.001", None),
    )
    assert all(isinstance(item, StockAdjustment) for item in items)
    assert [(item.key, item.quantity, item.reason.value, item.note) for item in items] == [
        ("stock:1:1", -20, "WrittenOff", "damages"),
        ("stock:2:1", 96, "Found", "Found"),
        ("stock:3:1", -10, "Gift", "GOODS A1"),
        ("stock:C4:1", 2, "Found", "GOODS A1"),
        ("stock:5:1", -1, "Gift", "GOODS PADS"),
    ]


# What is no trade


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (("C1", "AMAZONFEE", -1, "13541.33", None), Reason.MARKETPLACE_FEE),
        (("1", "AMAZONFEE", 1, "13541.33", None), Reason.MARKETPLACE_FEE),
        (("1", "BANK CHARGES", 1, "15.00"), Reason.BANK_CHARGE),
        (("C1", "CRUK", -1, "1100.44"), Reason.CHARITY_COMMISSION),
        (("A563185", "B", 1, "11062.06", None), Reason.BAD_DEBT_ADJUSTMENT),
        (("A563186", "B", 1, "-11062.06", None), Reason.BAD_DEBT_ADJUSTMENT),
        (("A563187", "X1", 1, "11062.06", None), Reason.BAD_DEBT_ADJUSTMENT),
        (("C1", "S", -1, "52.00", None), Reason.SAMPLES),
        (("1", "A1", 1, "-5.00"), Reason.NEGATIVE_PRICE),
        (("C1", "A1", 1, "5.00"), Reason.POSITIVE_CANCELLATION),
        (("1", "D", 1, "5.00"), Reason.DISCOUNT_REVERSED),
        (("1", "POST", 1000, "0", None), Reason.NOTHING_TRADED),
        (("1", "TEST001", 5, "4.50"), Reason.TEST_ENTRY),
        (("C1", "A1", -1, "5.00"), Reason.SALE_NOT_IN_FILE),
        (("C1", "D", -1, "27.50"), Reason.SALE_NOT_IN_FILE),
        (("C1", "D", -1, "27.50", None), Reason.CREDIT_WITHOUT_CUSTOMER),
        (("C1", "M", -1, "631.31", None), Reason.CREDIT_WITHOUT_CUSTOMER),
    ],
)
def test_what_is_no_trade_is_refused_by_name_with_its_value(args: Entry, reason: Reason):
    (refused,) = planned(args)
    assert isinstance(refused, RefusedLine)
    assert refused.reason is reason
    assert refused.value_minor == line(*args).total_minor
    assert refused.source == Source("book.csv", 2)


# Cancellations


def test_a_cancellation_returns_the_sale_it_cancels():
    sale, back = planned(("1", "A1", 80995, "2.08"), ("C2", "A1", -80995, "2.08"))
    assert isinstance(back, PlannedReturn)
    assert (back.key, back.invoice, back.sale_key) == ("return:C2:1", "C2", sale.key)
    assert (back.goods_back, back.amount_minor, back.file_lines) == (True, 16846960, 1)
    assert [(piece.number, piece.stock_code, piece.quantity) for piece in back.pieces] == [(1, "A1", 80995)]


def test_the_same_price_goes_before_a_higher_one_one_line_before_several_and_the_latest_first():
    *_sales, back = planned(
        ("1", "A1", 5, "2.00"), ("2", "A1", 3, "2.00"), ("3", "A1", 9, "2.50"), ("C4", "A1", -4, "2.00")
    )
    assert (back.sale_key, pieces(back)) == ("sale:1", [(1, 4, 800)])
    *_sales, back = planned(("1", "A1", 5, "2.00"), ("2", "A1", 5, "2.00"), ("C4", "A1", -4, "2.00"))
    assert (back.sale_key, pieces(back)) == ("sale:2", [(1, 4, 800)])


def test_a_cancellation_may_take_from_several_sales_and_is_counted_once():
    items = planned(("1", "A1", 5, "2.00"), ("2", "A1", 3, "2.50"), ("C3", "A1", -7, "2.00"))
    first, second = items[2:]
    assert (first.key, pieces(first), first.file_lines) == ("return:C3:1", [(1, 5, 1000)], 1)
    assert (second.key, pieces(second), second.file_lines) == ("return:C3:2", [(1, 2, 400)], 0)


def test_lines_of_one_credit_note_for_one_sale_are_one_return():
    _sale, back = planned(
        ("1", "A1", 5, "2.00"),
        ("1", "B2", 4, "1.00"),
        ("C2", "B2", -1, "1.00"),
        ("C2", "A1", -2, "2.00"),
        ("C2", "B2", -2, "1.00"),
    )
    assert (pieces(back), back.file_lines) == ([(2, 3, 300), (1, 2, 400)], 3)


def test_a_cancellation_is_met_wholly_or_refused_and_nothing_comes_back_twice():
    items = planned(
        ("1", "A1", 5, "2.00"),
        ("C2", "A1", -6, "2.00"),
        ("C3", "A1", -5, "2.00"),
        ("C4", "A1", -1, "2.00"),
    )
    assert reasons(items) == [Reason.MORE_THAN_SOLD, Reason.MORE_THAN_SOLD]
    assert [item.key for item in items if isinstance(item, PlannedReturn)] == ["return:C3:1"]


def test_nobody_gets_back_more_per_piece_than_was_paid():
    items = planned(("1", "A1", 72, "1.69"), ("C2", "A1", -20, "2.10"), ("C3", "A1", -2, "1.50"))
    assert reasons(items) == [Reason.PRICE_NOT_PAID]
    assert pieces(items[2]) == [(1, 2, 300)]


@pytest.mark.parametrize(("customer", "country"), [("200", UK), (None, UK), ("200", "EIRE")])
def test_another_buyers_sale_is_not_cancelled(customer: str | None, country: str):
    items = planned(("1", "A1", 5, "2.00"), ("C2", "A1", -1, "2.00", customer, country))
    assert reasons(items) == [Reason.SALE_NOT_IN_FILE]


def test_a_walk_in_cancels_a_walk_ins_sale_of_that_country_at_that_price_only():
    items = planned(
        ("1", "A1", 5, "2.50", None),
        ("C2", "A1", -1, "2.00", None),
        ("C3", "A1", -1, "2.50", None, "Hong Kong"),
        ("C4", "A1", -1, "2.50", None),
    )
    assert reasons(items) == [Reason.PRICE_NOT_PAID, Reason.SALE_NOT_IN_FILE]
    assert pieces(items[-1]) == [(1, 1, 250)]


def test_a_sale_after_its_cancellation_does_not_count():
    items = planned(("C1", "A1", -1, "2.00"), ("2", "A1", 1, "2.00"))
    assert reasons(items) == [Reason.SALE_NOT_IN_FILE]


def test_carriage_given_back_is_money_of_the_orders_freight():
    _sale, back, refused = planned(
        ("1", "A1", 5, "2.00"),
        ("1", "POST", 2, "18.00"),
        ("C2", "POST", -1, "18.00"),
        ("C3", "POST", -2, "18.00"),
    )
    assert (back.key, back.goods_back, pieces(back)) == ("refund:C2:1", False, [(None, 0, 1800)])
    assert refused.reason is Reason.MORE_THAN_SOLD


def test_a_manual_item_given_back_is_money_without_goods():
    _sale, back = planned(("1", "M", 12, "0.42"), ("C2", "M", -4, "0.42"))
    assert (back.goods_back, pieces(back)) == (False, [(1, 0, 168)])


def test_goods_and_money_on_one_credit_note_are_two_returns():
    _sale, goods, money = planned(
        ("1", "A1", 5, "2.00"), ("1", "B2", 9, "1.00"), ("C2", "A1", -1, "2.00"), ("C2", "D", -1, "0.50")
    )
    assert (goods.key, goods.goods_back, pieces(goods)) == ("return:C2:1", True, [(1, 1, 200)])
    assert (money.key, money.goods_back, pieces(money)) == ("refund:C2:1", False, [(2, 0, 50)])


@pytest.mark.parametrize("code", ["D", "M"])
def test_a_credit_is_money_back_on_the_customers_latest_orders(code: str):
    items = planned(
        ("1", "A1", 10, "1.00"), ("2", "B2", 3, "1.00"), ("C3", code, -1, "5.00"), ("C4", code, -1, "8.01")
    )
    latest, earlier, refused = items[2:]
    assert (latest.sale_key, pieces(latest), latest.file_lines) == ("sale:2", [(1, 0, 300)], 1)
    assert (earlier.sale_key, pieces(earlier), earlier.file_lines) == ("sale:1", [(1, 0, 200)], 0)
    assert refused.reason is Reason.MORE_THAN_PAID


def test_a_credit_spares_lines_that_will_still_be_cancelled():
    items = planned(
        ("1", "A1", 10, "1.00"), ("2", "B2", 3, "1.00"), ("C3", "D", -1, "5.00"), ("C4", "B2", -3, "1.00")
    )
    assert [(item.sale_key, pieces(item)) for item in items[2:]] == [
        ("sale:1", [(1, 0, 500)]),
        ("sale:2", [(1, 3, 300)]),
    ]


def test_credits_and_cancellations_of_less_than_a_penny_are_lines_too():
    items = planned(
        ("1", "M", 9, "0.001"),
        ("1", "A1", 20, "0.001"),
        ("C2", "M", -1, "0.002"),
        ("C2", "A1", -1, "0.001"),
        ("C3", "A1", -19, "0.001"),
    )
    assert reasons(items) == [Reason.NOTHING_TRADED]
    assert [(item.key, pieces(item)) for item in items[1:] if isinstance(item, PlannedReturn)] == [
        ("return:C2:1", [(2, 1, 0)]),
        ("return:C3:1", [(2, 19, 2)]),
    ]


def test_a_discount_that_leaves_nothing_of_its_order_is_a_credit_afterwards():
    sale, back = planned(("1", "A1", 2, "1.00"), ("1", "D", -1, "2.00"))
    assert (sale.total_minor, sale.discount_minor) == (200, 0)
    assert (back.key, pieces(back)) == ("refund:1:1", [(1, 0, 200)])


def test_what_a_discount_took_off_is_not_given_back():
    items = planned(("1", "A1", 2, "1.00"), ("1", "D", -1, "0.50"), ("C2", "A1", -2, "1.00"))
    assert reasons(items) == [Reason.MORE_THAN_PAID]


# A whole folder


def write_book(folder: Path, *rows: str) -> Path:
    header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
    (folder / "book.csv").write_text("\n".join((header, *rows, "")), encoding="utf-8")
    return folder


def test_a_survey_tells_goods_stock_buyers_and_an_account_to_the_penny(tmp_path: Path):
    folder = write_book(
        tmp_path,
        "1,a1,RED MUG,10,2010-12-01 08:00:00,1.25,100.0,EIRE",
        "1,POST,POSTAGE,1,2010-12-01 08:00:00,4.00,100.0,EIRE",
        "2,A1,wrongly marked,3,2010-12-01 09:00:00,0,,United Kingdom",
        "C3,A1,RED MUG,-4,2010-12-01 10:00:00,1.25,100.0,EIRE",
        "4,A1,BIG RED MUG,12,2010-12-01 11:00:00,1.50,,Hong Kong",
        "5,A1,RED MUG,1,2010-12-01 11:30:00,1.50,,Hong Kong",
        "6,Z9,smashed,-7,2010-12-01 12:00:00,0,,United Kingdom",
        "7,M,Manual,1,2010-12-01 12:00:00,2.00,,United Kingdom",
        "C8,AMAZONFEE,AMAZON FEE,-1,2010-12-01 12:00:00,9.99,,United Kingdom",
        "9,A1,RED MUG,one,2010-12-01 12:00:00,9.99,,United Kingdom",
    )
    heard: list[int] = []
    found = survey(folder, progress=heard.append)
    mug, broken, manual = (found.articles[code] for code in ("A1", "Z9", "M"))
    assert (mug.title, mug.first_price, mug.opening_stock, mug.goods_out) == (
        "RED MUG",
        Decimal("1.25"),
        16,
        23,
    )
    assert mug.first_seen == datetime(2010, 12, 1, 8, tzinfo=UTC)
    assert (broken.title, broken.first_price, broken.opening_stock, broken.goods_out) == ("Z9", None, 7, 7)
    assert (manual.service, manual.opening_stock) == (True, 0)
    assert "POST" not in found.articles
    assert found.customers == {"100": "EIRE"}
    assert found.walk_in_countries == ("Hong Kong", "United Kingdom")
    assert (found.lines, found.value_minor) == (10, 1250 + 400 - 500 + 1800 + 150 + 200 - 999)
    tally = found.tally
    assert (tally.lines, tally.value_file) == (found.lines, found.value_minor)
    assert (tally.orders, tally.returns, tally.stock_adjustments) == (4, 1, 2)
    assert (tally.sales.lines, tally.sales.value_minor) == (5, 3800)
    assert (tally.returned.lines, tally.returned.value_minor) == (1, -500)
    assert {reason: (count.lines, count.value_minor) for reason, count in tally.refused.items()} == {
        "MarketplaceFee": (1, -999),
        "BadRow": (1, 0),
    }
    assert heard == [10, 20]


def test_the_same_folder_gives_the_same_plan(tmp_path: Path):
    folder = write_book(
        tmp_path,
        "1,A1,RED MUG,10,2010-12-01 08:00:00,1.25,100.0,EIRE",
        "C3,A1,RED MUG,-4,2010-12-01 10:00:00,1.25,100.0,EIRE",
    )
    assert list(plan_folder(folder)) == list(plan_folder(folder))
    assert list(plan_folder(folder)) == list(plan(read_folder(folder), survey(folder).expected))


def test_a_trade_that_an_act_turns_down_is_counted_as_refused():
    sale, back = planned(("1", "A1", 5, "2.00"), ("C2", "A1", -5, "2.00"))
    tally = Tally()
    tally.refuse(sale, "StockShort")
    tally.refuse(back, "StockShort")
    assert (tally.orders, tally.returns, tally.lines, tally.value_file) == (0, 0, 2, 0)
    assert tally.refused["StockShort"].lines == 2


# Whatever the book says

codes = st.sampled_from(["A1", "A1", "B2", "POST", "M", "D", "S", "AMAZONFEE"])
prices = st.sampled_from(["0", "0.001", "0.335", "1.00", "1.25", "2.00", "9.99", "-3.00"])
buyers = st.sampled_from([("100", UK), ("100", UK), ("200", "EIRE"), (None, UK), (None, "Hong Kong")])
book_lines = st.tuples(codes, st.integers(-12, 20).filter(bool), prices)


@st.composite
def books(draw: st.DrawFn) -> list[Entry]:
    """A book of invoices; credit notes are likely to cancel what was sold before."""
    book, sold = [], []
    for number in range(draw(st.integers(1, 14))):
        buyer = draw(buyers)
        credit = draw(st.booleans())
        for _ in range(draw(st.integers(1, 5))):
            if credit and sold and draw(st.booleans()):
                code, quantity, price, buyer = draw(st.sampled_from(sold))
                entry = (code, -draw(st.integers(1, quantity)), price)
            else:
                entry = draw(book_lines)
            code, quantity, price = entry
            book.append((f"{'C' if credit else ''}{number}", code, quantity, price, *buyer))
            if not credit and quantity > 0:
                sold.append((code, quantity, price, buyer))
    return book


@settings(max_examples=300, deadline=None)
@given(books())
def test_every_line_is_in_one_class_and_values_add_up_to_the_penny(book: list[Entry]):
    items = planned(*book)  # checks lines and value
    refused = Counter(item.source.row for item in items if isinstance(item, RefusedLine))
    assert not refused or max(refused.values()) == 1
    keys = [item.key for item in items if not isinstance(item, RefusedLine)]
    assert len(keys) == len(set(keys))
    assert items == planned(*book)


@settings(max_examples=300, deadline=None)
@given(books())
def test_nothing_is_given_back_before_it_was_sold_nor_more_of_it(book: list[Entry]):
    quantity: dict[tuple[str, int | None], int] = {}
    amount: dict[tuple[str, int | None], int] = {}
    paid: dict[str, int] = {}
    for item in planned(*book):
        if isinstance(item, PlannedSale):
            assert item.total_minor > 0
            assert item.lines
            paid[item.key] = item.total_minor
            quantity[item.key, None], amount[item.key, None] = 0, item.freight_minor
            for each in item.lines:
                assert each.total_minor >= 0
                quantity[item.key, each.number] = 0 if each.service else each.quantity
                amount[item.key, each.number] = each.total_minor
        elif isinstance(item, PlannedReturn):
            paid[item.sale_key] -= item.amount_minor
            assert paid[item.sale_key] >= 0
            for piece in item.pieces:
                assert (piece.quantity > 0) is item.goods_back
                assert piece.amount_minor >= 0
                quantity[item.sale_key, piece.number] -= piece.quantity
                amount[item.sale_key, piece.number] -= piece.amount_minor
                assert quantity[item.sale_key, piece.number] >= 0
                assert amount[item.sale_key, piece.number] >= 0


@settings(max_examples=100, deadline=None)
@given(books())
def test_opening_stock_is_just_enough(tmp_path_factory: pytest.TempPathFactory, book: list[Entry]):
    rows = [
        f"{invoice},{code},GOODS,{quantity},2010-12-01 09:00,{price},{customer or ''},{country}"
        for invoice, code, quantity, price, customer, country in book
    ]
    folder = write_book(tmp_path_factory.mktemp("book"), *rows)
    found = survey(folder)
    assert found.tally.value_file == found.value_minor
    stock = {code: article.opening_stock for code, article in found.articles.items()}
    lowest = dict(stock)
    moves: dict[str, int] = defaultdict(int)
    for item in plan_folder(folder):
        moves.clear()
        if isinstance(item, PlannedSale):
            for each in item.lines:
                moves[each.stock_code] -= 0 if each.service else each.quantity
        elif isinstance(item, PlannedReturn):
            for piece in item.pieces:
                if piece.stock_code is not None:
                    moves[piece.stock_code] += piece.quantity
        elif isinstance(item, StockAdjustment):
            moves[item.stock_code] += item.quantity
        for code, quantity in moves.items():
            stock[code] += quantity
            lowest[code] = min(lowest[code], stock[code])
    assert all(quantity == 0 or found.articles[code].opening_stock == 0 for code, quantity in lowest.items())
    assert all(quantity >= 0 for quantity in lowest.values())
