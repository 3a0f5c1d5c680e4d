"""The reader: what comes out of clean, dirty and broken files."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from cohong.replay.online_retail.reader import (
    BadFile,
    SourceLine,
    UnreadableRow,
    encoding_of,
    line_total,
    read_folder,
)

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
LINE = "536365,85123A,WHITE HANGING HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom"


def write(folder: Path, name: str, *lines: str, encoding: str = "utf-8", header: str = HEADER) -> Path:
    path = folder / name
    path.write_bytes("\n".join((header, *lines, "")).encode(encoding))
    return path


def only(folder: Path):
    rows = list(read_folder(folder))
    assert len(rows) == 1
    return rows[0]


def test_a_line_is_read_exactly(tmp_path: Path):
    write(tmp_path, "2010-12-01.csv", LINE)
    line = only(tmp_path)
    assert isinstance(line, SourceLine)
    assert (line.source.file, line.source.row) == ("2010-12-01.csv", 2)
    assert (line.invoice, line.stock_code, line.description) == ("536365", "85123A", "WHITE HANGING HEART")
    assert (line.quantity, line.unit_price, line.total_minor) == (6, Decimal("2.55"), 1530)
    assert (line.customer, line.country) == ("17850", "United Kingdom")
    assert line.at == datetime(2010, 12, 1, 8, 26, tzinfo=UTC)


def test_summer_time_is_an_hour_ahead(tmp_path: Path):
    write(tmp_path, "a.csv", LINE.replace("2010-12-01 08:26:00", "2011-07-01 08:26:00"))
    assert only(tmp_path).at == datetime(2011, 7, 1, 7, 26, tzinfo=UTC)


def test_codes_are_in_capitals_texts_without_control_characters_customers_without_decimals(tmp_path: Path):
    write(tmp_path, "a.csv", "c536365,85123a,\x00 A \t  B\x07 ,-6,2010-12-01 08:26,2.55,17850,  EIRE ")
    line = only(tmp_path)
    assert (line.invoice, line.stock_code, line.description) == ("C536365", "85123A", "A B")
    assert (line.customer, line.country, line.total_minor) == ("17850", "EIRE", -1530)


@pytest.mark.parametrize("customer", ["", " ", "nan", "NaN", "NULL"])
def test_no_customer_is_none(tmp_path: Path, customer: str):
    write(tmp_path, "a.csv", LINE.replace("17850.0", customer))
    assert only(tmp_path).customer is None


@pytest.mark.parametrize(
    ("quantity", "price", "total"),
    [
        (1, "0.001", 0),
        (3, "0.005", 2),  # 1.5 pence: to the even penny
        (1, "0.005", 0),
        (1, "0.015", 2),
        (-1, "0.015", -2),
        (1, "4.951", 495),
        (80995, "2.08", 16846960),
        (9_999_999, "99999999.99", 99999989990000001),
    ],
)
def test_a_line_is_rounded_to_the_penny_once_half_to_even(quantity: int, price: str, total: int):
    assert line_total(quantity=quantity, unit_price=Decimal(price)) == total


def test_files_come_in_the_order_of_their_dates_whatever_their_names(tmp_path: Path):
    write(tmp_path, "a.csv", LINE.replace("2010-12-01", "2011-01-09").replace("536365", "3"))
    write(tmp_path, "b.CSV", LINE.replace("2010-12-01", "2010-12-09").replace("536365", "2"))
    write(tmp_path, "c.csv", LINE.replace("536365", "1"))
    write(tmp_path, "d.csv")
    (tmp_path / "notes.txt").write_text("not read")
    assert [row.invoice for row in read_folder(tmp_path)] == ["1", "2", "3"]


def test_columns_may_stand_in_any_order_with_more_beside_them(tmp_path: Path):
    header = "Country,customerid,Till,UnitPrice,InvoiceDate,Quantity,Description,StockCode,InvoiceNo"
    write(tmp_path, "a.csv", "EIRE,1,x,2.5,2010-12-01 08:26:00,4,MUG,M1,7", header=header)
    line = only(tmp_path)
    assert (line.invoice, line.stock_code, line.quantity, line.total_minor) == ("7", "M1", 4, 1000)


@pytest.mark.parametrize(
    ("old", "new", "problem", "value"),
    [
        (",6,", ",six,", "Quantity", 0),
        (",6,", ",0,", "Quantity", 0),
        (",6,", ",6.5,", "Quantity", 0),
        (",6,", ",1_0,", "Quantity", 0),
        (",6,", ",99999999,", "Quantity", 0),
        ("2.55", "", "UnitPrice", 0),
        ("2.55", "NaN", "UnitPrice", 0),
        ("2.55", "1e5", "UnitPrice", 0),
        ("2.55", "£2.55", "UnitPrice", 0),
        ("2010-12-01 08:26:00", "01/12/2010 08:26", "InvoiceDate", 1530),
        ("2010-12-01 08:26:00", "2010-02-30 08:26:00", "InvoiceDate", 1530),
        ("2010-12-01 08:26:00", "0001-01-01 08:26:00", "InvoiceDate", 1530),
        ("536365", "", "InvoiceNo", 1530),
        ("85123A", "", "StockCode", 1530),
        ("85123A", "'; --", "StockCode", 1530),
        ("85123A", "X" * 41, "StockCode", 1530),
        (",17850.0,United Kingdom", "", "cells", 0),
        ("2.55", "1,234.50", "cells", 0),
    ],
)
def test_a_row_that_makes_no_sense_is_handed_out_with_its_problem(
    tmp_path: Path, old: str, new: str, problem: str, value: int
):
    write(tmp_path, "a.csv", LINE.replace(old, new, 1), LINE)
    bad, good = read_folder(tmp_path)
    assert isinstance(bad, UnreadableRow)
    assert (bad.source.row, bad.problem, bad.value_minor) == (2, problem, value)
    assert isinstance(good, SourceLine)


def test_empty_rows_are_no_lines(tmp_path: Path):
    write(tmp_path, "a.csv", "", LINE, "   ", ",,", LINE)
    assert [row.source.row for row in read_folder(tmp_path)] == [3, 6]


def test_an_endless_quote_costs_its_row_and_not_the_run(tmp_path: Path):
    write(tmp_path, "a.csv", LINE, LINE.replace("WHITE", '"WHITE') + "x" * 200_000)
    rows = list(read_folder(tmp_path))
    assert isinstance(rows[0], SourceLine)
    assert all(isinstance(row, UnreadableRow) for row in rows[1:])
    assert len(rows) >= 2


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        ("GIFT VOUCHER £20.00", "utf-8", "utf-8"),
        ("GIFT VOUCHER £20.00", "utf-8-sig", "utf-8-sig"),
        ("GIFT VOUCHER £20.00", "utf-16", "utf-16"),
        ("GIFT VOUCHER £20.00", "latin-1", "cp1252"),
        ("CAFÉ SIGN £5 “OLD”", "cp1252", "cp1252"),
        ("白色挂心烛台，大号", "gb18030", "gb18030"),
        ("陶瓷茶具 £20 套装", "gb18030", "gb18030"),
        ("白色挂心烛台", "utf-8", "utf-8"),
        ("PLAIN", "ascii", "utf-8"),
    ],
)
def test_encodings_are_told_apart(tmp_path: Path, text: str, encoding: str, found: str):
    path = write(tmp_path, "a.csv", LINE.replace("WHITE HANGING HEART", text), encoding=encoding)
    assert encoding_of(path) == found
    assert only(tmp_path).description == text


def test_a_damaged_letter_after_a_mark_spoils_the_letter_only(tmp_path: Path):
    (tmp_path / "a.csv").write_bytes(
        b"\xef\xbb\xbf" + f"{HEADER}\n{LINE}\n".encode().replace(b"WHITE", b"WH\xffTE")
    )
    assert only(tmp_path).description == "WH\ufffdTE HANGING HEART"


def test_what_cannot_be_read_at_all_is_told_before_the_first_line(tmp_path: Path):
    def code_of(folder: Path) -> tuple[str, dict[str, str]]:
        with pytest.raises(BadFile) as caught:
            next(read_folder(folder))
        return caught.value.code, caught.value.params

    assert code_of(tmp_path / "none") == ("NoFolder", {"folder": str(tmp_path / "none")})
    assert code_of(tmp_path) == ("NoFiles", {"folder": str(tmp_path)})
    write(tmp_path, "a.csv", LINE)
    write(tmp_path, "b.csv", LINE, header=HEADER.replace("Quantity,", "").replace(",Country", ""))
    assert code_of(tmp_path) == ("MissingColumns", {"file": "b.csv", "columns": "Quantity, Country"})
    (tmp_path / "b.csv").write_bytes(b"")
    assert code_of(tmp_path) == ("EmptyFile", {"file": "b.csv"})
