"""Figures as files for other programs: CSV, spreadsheet and Parquet, each with its code book and citation."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, Final

from cohong.statistics.figures.selecting import Chosen
from cohong.statistics.research import books, tables

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A spreadsheet would take a text that begins like this for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


class Format(StrEnum):
    """What figures can be downloaded as."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"

    @property
    def content_type(self) -> str:
        """Return the media type of the download."""
        return _XLSX if self is Format.XLSX else "application/zip"

    @property
    def ending(self) -> str:
        """Return how the download's name ends: CSV and Parquet come in an archive with their code book."""
        return "xlsx" if self is Format.XLSX else f"{self.value}.zip"


def write(chosen: Chosen, codes: Sequence[str], *, format_: Format, citation: str) -> bytes:
    """Write figures with their code book and citation."""
    places = {(one.region, one.industry, one.market) for one in chosen.figures}
    book = list(books.code_book(codes, places=places))
    if format_ is Format.XLSX:
        return _workbook(
            (
                ("figures", tables.COLUMNS, tables.rows(chosen)),
                ("code book", books.COLUMNS, book),
                ("citation", ("citation",), [(citation,)]),
            )
        )
    if format_ is Format.CSV:
        figures = csv_text(tables.COLUMNS, tables.rows(chosen))
    else:
        figures = parquet(tables.rows(chosen), metadata={"citation": citation})
    return archive(
        {
            f"figures.{format_.value}": figures,
            "codebook.csv": csv_text(books.COLUMNS, book),
            "citation.txt": f"{citation}\n".encode(),
        }
    )


def csv_text(columns: Sequence[str], lines: Iterable[Sequence[Any]]) -> bytes:
    """Write a table as CSV, in UTF-8 with the mark by which spreadsheets know it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    for line in lines:
        writer.writerow([_plain(cell) for cell in line])
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: Any) -> Any:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    return cell if isinstance(cell, int) else f"{cell.normalize():f}"


def parquet(lines: Iterable[Sequence[Any]], *, metadata: dict[str, str] | None = None) -> bytes:
    """Write rows of figures as Parquet."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    import pyarrow.parquet as pq  # noqa: PLC0415

    types = {"value": pa.decimal128(30, 6), "release": pa.int64()}
    schema = pa.schema([(name, types.get(name, pa.string())) for name in tables.COLUMNS], metadata=metadata)
    columns = list(zip(*lines, strict=True)) or [()] * len(tables.COLUMNS)
    data = pa.table(
        [pa.array(column, type=one.type) for column, one in zip(columns, schema, strict=True)], schema=schema
    )
    out = io.BytesIO()
    pq.write_table(data, out, compression="zstd")
    return out.getvalue()


def archive(members: dict[str, bytes]) -> bytes:
    """Pack files into an archive that is the same for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _workbook(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    book = Workbook(write_only=True)
    for title, columns, lines in sheets:
        here = book.create_sheet(title)
        here.freeze_panes = "A2"
        here.append(list(columns))
        for line in lines:
            cells = []
            for value in line:
                cell = WriteOnlyCell(here, value=value)
                if isinstance(value, str):
                    cell.data_type = "s"  # never a formula
                cells.append(cell)
            here.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
