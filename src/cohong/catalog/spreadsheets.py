"""Reading tables that people send: CSV in the encodings that are about, and XLSX, neither of them trusted.

What comes out is plain text cells, row by row. Nothing is computed, no formula is believed, and what a
hostile file can make this program hold in memory is bounded before it is opened.
"""

import codecs
import csv
import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from cohong.catalog import refusals as no
from cohong.kernel.errors import Refusal

MAX_FILE_MIB: Final = 4
MAX_ROWS: Final = 5_000
MAX_COLUMNS: Final = 120
MAX_CELL: Final = 32_767  # Excel's own bound
_MAX_UNPACKED = 32 << 20
_MAX_ENTRIES = 500
# Blank rows are passed over, but nobody waits for a million of them.
_LAST_ROW = 4 * MAX_ROWS
_DELIMITERS = ",\t;"
_ZIP_MAGIC = b"PK\x03\x04"


# What a spreadsheet program would take for a formula, and the mark that tells it that a cell is text.
_FORMULA_SIGNS = "=+-@"
_TEXT_MARK = "'"
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*")


def guarded(text: str) -> str:
    """Mark a text that a spreadsheet program would compute, so that it shows it; `bare` takes the mark off again."""
    risky = text[:1] in _FORMULA_SIGNS and text and not _NUMBER.fullmatch(text)
    marked = text.startswith(_TEXT_MARK) and text[1:2] in (*_FORMULA_SIGNS, _TEXT_MARK)
    return _TEXT_MARK + text if risky or marked else text


def bare(text: str) -> str:
    """Take off the mark that makes a cell text."""
    return text[1:] if text.startswith(_TEXT_MARK) and text[1:2] in (*_FORMULA_SIGNS, _TEXT_MARK) else text


class Row(msgspec.Struct, frozen=True):
    """A row: its number as a spreadsheet program shows it, its cells, and what is wrong with single cells."""

    number: int
    cells: list[str]
    faults: dict[int, Refusal]

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing stands in the row."""
        return not self.faults and not any(self.cells)


def read(content: bytes, filename: str) -> list[Row]:
    """Read a file's rows that are not blank, the header first.

    The content decides what it is, not the name alone.

    Raises FileTooLarge, FileEmpty, FileKindUnknown, EncodingUnknown, QuotingBroken, WorkbookBroken,
    TooManyRows, TooManyColumns.
    """
    if len(content) > MAX_FILE_MIB << 20:
        raise no.FileTooLarge(most_mib=MAX_FILE_MIB)
    if not content.strip():
        raise no.FileEmpty
    packed = content.startswith(_ZIP_MAGIC)
    ending = filename.lower().rpartition(".")[2]
    if ending not in {"csv", "txt", "tsv", "xlsx"} or packed is not (ending == "xlsx"):
        raise no.FileKindUnknown
    rows: list[Row] = []
    for row in _workbook_rows(content) if packed else _text_rows(_decode(content)):
        if row.is_blank:
            continue
        if len(rows) > MAX_ROWS:
            raise no.TooManyRows(most=MAX_ROWS)
        if len(row.cells) > MAX_COLUMNS:
            raise no.TooManyColumns(most=MAX_COLUMNS)
        rows.append(row)
    if not rows:
        raise no.FileEmpty
    return rows


# --- CSV -------------------------------------------------------------------------------------------------


def _decode(content: bytes) -> str:
    """Find the encoding, and decode.

    A byte order mark says it. Without one, zero bytes mean UTF-16, what is valid UTF-8 is that, the rest is
    GB18030.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            candidates = [encoding]
            break
    else:
        # Latin letters and separators in UTF-16 have a zero byte each, which no other text has any of.
        little, big = content[1:200:2].count(0), content[0:200:2].count(0)
        wide = ["utf-16-le" if little > big else "utf-16-be"]
        candidates = wide if little or big else ["utf-8", "gb18030"]
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            return text
    raise no.EncodingUnknown


def _is_text(text: str) -> bool:
    return all(one in "\r\n\t" or unicodedata.category(one) not in {"Cc", "Cn", "Co", "Cs"} for one in text)


def _text_rows(text: str) -> Iterator[Row]:
    head = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise no.QuotingBroken(row=number) from error
        faults: dict[int, Refusal] = {
            # A cell that a spreadsheet program would compute is one that its author has not
            # looked at as text.
            column: no.FormulaNotRead()
            for column, cell in enumerate(cells)
            if cell.startswith("=")
        }
        yield Row(number, _trim([bare(cell.strip()) for cell in cells]), faults)


def _trim(cells: list[str]) -> list[str]:
    """Drop the empty cells at a row's end, which spreadsheet programs leave there."""
    while cells and not cells[-1]:
        cells.pop()
    return cells


# --- XLSX ------------------------------------------------------------------------------------------------


def _workbook_rows(content: bytes) -> Iterator[Row]:
    """Read the first sheet, cell by cell, without computing anything."""
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to import

    _check_package(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions that are not read anyway
            workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
            try:
                sheet = workbook.worksheets[0]
                for number, cells in enumerate(
                    sheet.iter_rows(max_row=_LAST_ROW + 1, max_col=MAX_COLUMNS + 1), start=1
                ):
                    if number > _LAST_ROW:
                        raise no.TooManyRows(most=MAX_ROWS)
                    yield _workbook_row(number, cells)
            finally:
                workbook.close()
    except Refusal:
        raise
    except Exception as error:
        # A damaged or hostile file can make the library fail in any way at all; all of them mean the same.
        raise no.WorkbookBroken from error


def _check_package(content: bytes) -> None:
    """Refuse a workbook that would not fit in memory unpacked, or whose XML defines things of its own."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            sound = _is_sound(package)
    except Exception as error:
        raise no.WorkbookBroken from error
    if not sound:
        raise no.WorkbookBroken


def _is_sound(package: zipfile.ZipFile) -> bool:
    entries = package.infolist()
    # What an entry says about its size holds: the reader stops there, and the checksum finds a lie.
    if len(entries) > _MAX_ENTRIES or sum(entry.file_size for entry in entries) > _MAX_UNPACKED:
        return False
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")):
            text = package.read(entry)
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text or text[:2] in {b"\xff\xfe", b"\xfe\xff"}:
                return False
    return True


def _workbook_row(number: int, cells: Sequence[Any]) -> Row:
    if all(cell.value is None for cell in cells):
        return Row(number, [], {})
    texts: list[str] = []
    faults: dict[int, Refusal] = {}
    for column, cell in enumerate(cells):
        text = _cell_text(cell.value)
        if cell.data_type == "f" or text.startswith("="):
            faults[column] = no.FormulaNotRead()
        elif cell.data_type == "e":
            faults[column] = no.CellErroneous(value=text[:20])
        elif len(text) > MAX_CELL or not _is_text(text):
            faults[column] = no.TextUnreadable(field="cell")
            text = ""
        texts.append(bare(text))
    return Row(number, _trim(texts), faults)


def _cell_text(value: object) -> str:
    """Write a cell's value as the person who typed it would."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # Excel keeps 15 significant digits; what binary adds beyond them nobody typed.
        return f"{value:.15g}"
    return str(value).strip()
