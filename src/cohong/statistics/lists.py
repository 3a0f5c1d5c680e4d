"""Lists that officers send, and files that are made for people to fill in: one row a thing, CSV or XLSX.

Reading tells columns by their headings and things of reference data by any of their names, in whatever language; writing
makes what reads well in a spreadsheet program, and what is read back as it was written.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cohong.catalog import api as catalog
from cohong.kernel.errors import BadInput, Refusal
from cohong.parties.api import Names

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The media type of a spreadsheet."""
_LANGUAGES: Final = ("zh-hans", "zh-hant", "en")


class ListEmpty(BadInput):
    """A list without a single row."""

    message = _("The list holds no rows.")


class ColumnMissing(BadInput):
    """A list without a column that is needed."""

    message = _("The list has no column “{column}”.")


class ColumnTwice(BadInput):
    """A list with the same column twice."""

    message = _("The list has the column “{column}” twice.")


class ChoiceUnknown(BadInput):
    """A cell holds something that is not among what its column takes."""

    message = _("“{value}” is none of: {known}.")


# --- reading ---------------------------------------------------------------------------------------------


def heads(
    rows: Sequence[catalog.TableRow], columns: Mapping[str, str | Promise], *, needed: Sequence[str]
) -> dict[str, int]:
    """Tell where each column stands, by its code or its heading in any language; others are passed over.

    Raises ColumnTwice, ColumnMissing, and ListEmpty where nothing follows the headings.
    """
    known: dict[str, str] = {}
    for code, label in columns.items():
        known[catalog.plain(code)] = code
        for language in _LANGUAGES:
            with override(language):
                known[catalog.plain(str(label))] = code
    found: dict[str, int] = {}
    for place, cell in enumerate(rows[0].cells):
        head = known.get(catalog.plain(cell.strip()), "")
        if head in found:
            raise ColumnTwice(column=str(columns[head]))
        if head:
            found[head] = place
    for code in needed:
        if code not in found:
            raise ColumnMissing(column=str(columns[code]))
    if len(rows) == 1:
        raise ListEmpty
    return found


def by_name(named: Sequence[tuple[str, Names]]) -> dict[str, str]:
    """Map every way to write a thing of reference data to its code: the code itself, and its name in each language."""
    ways: dict[str, str] = {}
    for code, names in named:
        for text in (names.zh_hans, names.zh_hant, names.en):
            if text:
                ways.setdefault(catalog.plain(text), code)
    return ways | {catalog.plain(code): code for code, _ in named}


def coded(cell: str, ways: dict[str, str], unknown: type[Refusal]) -> str:
    """Return the code of what a cell names; "" for an empty one. Raises `unknown`."""
    if not cell:
        return ""
    code = ways.get(catalog.plain(cell))
    if code is None:
        raise unknown(code=cell[:40])
    return code


def choice(choices: type[TextChoices], cell: str) -> TextChoices | None:
    """Return the choice that a cell names; None for an empty one. Raises ChoiceUnknown."""
    if not cell:
        return None
    wanted = catalog.plain(cell)
    for one in choices:
        ways = {catalog.plain(one.value)}
        for language in _LANGUAGES:
            with override(language):
                ways.add(catalog.plain(str(one.label)))
        if wanted in ways:
            return one
    raise ChoiceUnknown(value=cell[:40], known=", ".join(str(one.label) for one in choices))


# --- writing ---------------------------------------------------------------------------------------------


def as_csv(lines: Sequence[Sequence[str]]) -> bytes:
    """Write lines as CSV, such that a spreadsheet program takes no cell for a formula."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([[catalog.guarded_cell(cell) for cell in line] for line in lines])
    # Excel takes a CSV file for UTF-8 only if it says so.
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(
    lines: Sequence[Sequence[str]],
    *,
    title: str,
    widths: Sequence[int],
    freeze: str,
    is_head: Callable[[int], bool],
    is_to_fill: Callable[[int, int], bool],
) -> bytes:
    """Write lines as a spreadsheet, all cells text; heads are bold, what is to be filled in is shaded. Places count from 0."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import
    from openpyxl.styles import Font, PatternFill, Protection  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.worksheet import Worksheet  # noqa: PLC0415

    workbook = Workbook()
    sheet = workbook.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook begins with a sheet")
    sheet.title = title
    for at, line in enumerate(lines):
        for place, cell in enumerate(line):
            made = sheet.cell(row=at + 1, column=place + 1, value=catalog.guarded_cell(cell))
            # Text, so that codes keep their zeros and numbers are what was typed.
            made.number_format = "@"
            made.font = Font(bold=is_head(at))
            if is_to_fill(at, place):
                made.fill = PatternFill("solid", fgColor="EEF3FA")
                made.protection = Protection(locked=False)
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = freeze
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
