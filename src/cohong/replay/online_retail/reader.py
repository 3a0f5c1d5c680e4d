"""Reads the files of a folder line by line, in the order of their dates, holding one line at a time.

Real files are dirty. A file that cannot be understood at all (no header, a column missing) is a ``BadFile``
before the first line of any file is handed out. A single row that cannot be understood is handed out as an
``UnreadableRow``: it still counts as a line, so that nothing disappears between the file and the accounts.
"""

import codecs
import csv
import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from pathlib import Path
from typing import IO, Final
from zoneinfo import ZoneInfo

import msgspec

CURRENCY: Final = "GBP"
LOCAL_ZONE: Final = ZoneInfo("Europe/London")

COLUMNS: Final = (
    "InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country",
)  # fmt: skip

# Limits keep a line's total (quantity x price x 100) and any sum of lines well inside a 64-bit integer.
_QUANTITY = re.compile(r"([+-]?[0-9]{1,7})(?:\.0+)?", re.ASCII)
_PRICE = re.compile(r"[+-]?[0-9]{1,8}(?:\.[0-9]{1,10})?", re.ASCII)
_CODE = re.compile(r"[^\W_](?:[\w ./&+-]{0,38}[\w])?")
_CUSTOMER = re.compile(r"([0-9]+)\.0+", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_MISSING: Final = frozenset({"", "nan", "null", "none"})
_TEXT_LIMIT: Final = 200
_YEARS: Final = (1900, 2999)

_CHUNK: Final = 1 << 20
_LONE_HIGH_BYTE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
_HANZI = re.compile(rb"[\x81-\xfe][\xa1-\xfe]")


class BadFile(Exception):  # noqa: N818 - named for what it is, like a refusal
    """A file or folder that cannot be replayed at all. ``code`` is stable, ``params`` fill a message."""

    def __init__(self, code: str, **params: str) -> None:
        self.code = code
        self.params = params
        super().__init__(f"{code}: " + ", ".join(f"{name}={value}" for name, value in params.items()))


class Source(msgspec.Struct, frozen=True, gc=False):
    """Where a line stands: the file's name and the physical row in it, counted from 1 with the header."""

    file: str
    row: int


class SourceLine(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One readable line of the order book.

    ``invoice`` and ``stock_code`` are in capitals (the books write 85123A and 85123a for the same goods).
    ``unit_price`` is in pounds with every decimal the file gives; ``total_minor`` is quantity x unit price in
    pence, rounded half-even once per line. ``at`` is UTC. ``customer`` is None for a walk-in.
    """

    source: Source
    invoice: str
    stock_code: str
    description: str
    quantity: int
    at: datetime
    unit_price: Decimal
    customer: str | None
    country: str
    total_minor: int


class UnreadableRow(msgspec.Struct, frozen=True, gc=False):
    """A row that is no order line. ``problem`` names the first column that makes no sense, or ``cells``.

    ``value_minor`` is the row's value where quantity and price can be read nonetheless, and otherwise 0.
    """

    source: Source
    problem: str
    value_minor: int


Row = SourceLine | UnreadableRow


def line_total(*, quantity: int, unit_price: Decimal) -> int:
    """Return the value of a line in pence: quantity x unit price, rounded half-even once."""
    return int((unit_price * quantity * 100).quantize(Decimal(1), ROUND_HALF_EVEN))


def read_folder(folder: Path) -> Iterator[Row]:
    """Yield every row of every CSV file in ``folder``, files in the order of their first date (then name).

    Raises ``BadFile`` before the first row: ``NoFolder``, ``NoFiles``, ``EmptyFile``, ``MissingColumns``.
    """
    for path, encoding in _files(folder):
        yield from _read_file(path, encoding)


def fingerprint(folder: Path) -> str:
    """Return a digest of what the folder's files say, whatever their names. Raises ``BadFile``."""
    own = []
    for path in _paths(folder):
        with path.open("rb") as file:
            own.append(hashlib.file_digest(file, "sha256").digest())
    return hashlib.sha256(b"".join(sorted(own))).hexdigest()


def _paths(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise BadFile("NoFolder", folder=str(folder))
    paths = [path for path in folder.iterdir() if path.suffix.lower() == ".csv" and path.is_file()]
    if not paths:
        raise BadFile("NoFiles", folder=str(folder))
    return sorted(paths)


def _files(folder: Path) -> list[tuple[Path, str]]:
    dated = []
    for path in _paths(folder):
        encoding = encoding_of(path)
        first = next((row.at for row in _read_file(path, encoding) if isinstance(row, SourceLine)), None)
        dated.append((first or datetime.max.replace(tzinfo=UTC), path.name, path, encoding))
    return [(path, encoding) for _first, _name, path, encoding in sorted(dated)]


def encoding_of(path: Path) -> str:
    """Tell a text file's encoding: by its mark, else UTF-8 if it is, GB18030 if it looks so, else Western.

    Western text passes for GB18030 by chance, so hanzi (two high bytes together) must outnumber high bytes
    that stand alone, as the pound sign does.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if _decodes(path, "utf-8"):
        return "utf-8"
    lone = hanzi = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            lone += len(_LONE_HIGH_BYTE.findall(chunk))
            hanzi += len(_HANZI.findall(chunk))
    if hanzi > lone and _decodes(path, "gb18030"):
        return "gb18030"
    return "cp1252" if _decodes(path, "cp1252") else "latin-1"


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _read_file(path: Path, encoding: str) -> Iterator[Row]:
    # A mark says UTF-8 or UTF-16, but a damaged byte may still follow: it spoils a letter, not the run.
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        yield from _rows(file, path.name)


def _rows(file: IO[str], name: str) -> Iterator[Row]:
    reader = csv.reader(file)
    header = _next_cells(reader)
    if header is None or not any(cell.strip() for cell in header):
        raise BadFile("EmptyFile", file=name)
    columns = _positions(header, name)
    while (cells := _next_cells(reader)) is not None:
        source = Source(name, reader.line_num)
        if len(cells) == len(header):
            yield _parse([cells[position] for position in columns], source)
        elif any(cell.strip() for cell in cells):
            yield UnreadableRow(source, "cells", 0)


def _next_cells(reader: Iterator[list[str]]) -> list[str] | None:
    """Return the next row's cells, None at the end; a row the CSV reader gives up on is one odd cell."""
    try:
        return next(reader, None)
    except csv.Error:
        return ["?"]


def _positions(header: list[str], name: str) -> list[int]:
    place = {cell.strip().lower(): position for position, cell in enumerate(header)}
    missing = [column for column in COLUMNS if column.lower() not in place]
    if missing:
        raise BadFile("MissingColumns", file=name, columns=", ".join(missing))
    return [place[column.lower()] for column in COLUMNS]


def _parse(cells: list[str], source: Source) -> Row:
    invoice, code, description, quantity_text, date, price_text, customer, country = cells
    quantity, price = _quantity(quantity_text), _price(price_text)
    total = 0 if quantity is None or price is None else line_total(quantity=quantity, unit_price=price)
    invoice, code, at = invoice.strip().upper(), code.strip().upper(), _utc(date.strip())
    problem = (
        "InvoiceNo" if not _CODE.fullmatch(invoice)
        else "StockCode" if not _CODE.fullmatch(code)
        else "Quantity" if not quantity
        else "InvoiceDate" if at is None
        else "UnitPrice" if price is None
        else None
    )  # fmt: skip
    if problem or not quantity or at is None or price is None:
        return UnreadableRow(source, problem or "cells", total)
    return SourceLine(
        source=source,
        invoice=invoice,
        stock_code=code,
        description=_text(description),
        quantity=quantity,
        at=at,
        unit_price=price,
        customer=_customer(customer),
        country=_text(country),
        total_minor=total,
    )


def _quantity(text: str) -> int | None:
    match = _QUANTITY.fullmatch(text.strip())
    return int(match[1]) if match else None


def _price(text: str) -> Decimal | None:
    text = text.strip()
    return Decimal(text) if _PRICE.fullmatch(text) else None


def _customer(text: str) -> str | None:
    text = _text(text)
    if text.lower() in _MISSING:
        return None
    match = _CUSTOMER.fullmatch(text)
    return match[1] if match else text


def _text(text: str) -> str:
    return " ".join(_CONTROL.sub("", text).split())[:_TEXT_LIMIT]


@lru_cache(maxsize=256)  # lines of one invoice share their minute
def _utc(text: str) -> datetime | None:
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not _YEARS[0] <= local.year <= _YEARS[1]:
        return None
    return (local if local.tzinfo else local.replace(tzinfo=LOCAL_ZONE)).astimezone(UTC)
