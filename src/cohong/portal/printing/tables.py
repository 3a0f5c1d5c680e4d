"""Tables for spreadsheets: CSV that Excel opens in Chinese, and XLSX whose numbers are numbers.

No text that a user wrote becomes a formula: what a spreadsheet would read as one is led by an apostrophe.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.http import HttpResponse
from django.utils.timezone import localtime
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from cohong.kernel.money import Money, exponent

Cell = str | int | Money | datetime | date | None

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BOM: Final = "\ufeff"
_WIDTH_MIN, _WIDTH_MAX = 10, 40


def harmless(text: str) -> str:
    """Lead a text that a spreadsheet would take for a formula with an apostrophe; others stay as they are."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def csv_answer(name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """Answer with a CSV file: UTF-8 with its mark, so that Excel does not take it for something else."""
    answer = HttpResponse(csv_text(columns, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Write a table as CSV."""
    written = io.StringIO()
    written.write(_BOM)
    writer = csv.writer(written)
    writer.writerow(map(harmless, columns))
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
    return written.getvalue()


def _plain(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Money():
            return cell.plain
        case datetime():
            return f"{localtime(cell):%Y-%m-%d %H:%M:%S}"
        case date():
            return f"{cell:%Y-%m-%d}"
        case int():
            return str(cell)
        case _:
            return harmless(cell)


def xlsx_answer(
    name: str, title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponse:
    """Answer with an XLSX file of one sheet."""
    answer = HttpResponse(xlsx_bytes(title, columns, rows), content_type=_XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer


def xlsx_bytes(title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write a table as XLSX: amounts with their currency's places, times in the region's time."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns):
        width = min(_WIDTH_MAX, max(_WIDTH_MIN, 2 * len(column) + 2))
        sheet.column_dimensions[_letter(number)].width = width
    heads = []
    for column in columns:
        head = WriteOnlyCell(sheet, value=harmless(column))
        head.font = Font(bold=True)
        heads.append(head)
    sheet.append(heads)
    for row in rows:
        sheet.append([_cell(sheet, cell) for cell in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _letter(number: int) -> str:
    high, low = divmod(number, 26)
    return (chr(ord("A") + high - 1) if high else "") + chr(ord("A") + low)


def _cell(sheet: Any, cell: Cell) -> Any:
    value: Any
    match cell:
        case Money():
            places = exponent(cell.currency)
            value, form = cell.major, f"#,##0.{'0' * places}" if places else "#,##0"
        case datetime():
            value, form = localtime(cell).replace(tzinfo=None), "yyyy-mm-dd hh:mm"
        case str():
            value, form = ILLEGAL_CHARACTERS_RE.sub("", harmless(cell)), "@"
        case _:
            value, form = cell, "General" if not isinstance(cell, date) else "yyyy-mm-dd"
    made = WriteOnlyCell(sheet, value=value)
    made.number_format = form
    if isinstance(cell, str):
        made.data_type = "s"
    return made
