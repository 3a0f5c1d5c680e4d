"""The file that an administrative list is filled into: made by the system, with what each column takes."""

import io
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from cohong.catalog import api as catalog
from cohong.parties import api as parties
from cohong.statistics import lists
from cohong.statistics.units.lists import COLUMNS, NEEDED
from cohong.statistics.units.words import PlatformKind, SizeClass, UnitKind

_ROWS: Final = 5_000
"""As many as a list may have."""


def list_template(*, format: str = "xlsx", language: str = "zh-hans") -> bytes:  # noqa: A002 - what everyone calls it
    """Make an empty list with its headings in a language, as XLSX or CSV; XLSX has a second sheet with what cells may hold.

    There is nothing in it of any unit, so anyone may have it.
    """
    with override(language):
        heads = [str(label) for label in COLUMNS.values()]
        if format == "csv":
            return lists.as_csv([heads])
        return _as_xlsx(heads, _choices(language))


def _choices(language: str) -> dict[str, list[str]]:
    return {
        "kind": [str(one.label) for one in UnitKind],
        "platform": [str(one.label) for one in PlatformKind],
        "industry": [one.names.shown(language) for one in parties.industries()],
        "region": [one.names.shown(language) for one in parties.regions()],
        "size": [str(one.label) for one in SizeClass],
    }


def _as_xlsx(heads: list[str], choices: dict[str, list[str]]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter, quote_sheetname  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415
    from openpyxl.worksheet.worksheet import Worksheet  # noqa: PLC0415

    workbook = Workbook()
    sheet = workbook.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook begins with a sheet")
    sheet.title = pgettext("unit list", "Units")
    # The list is read from the first sheet; this one is for people, and for the cells' choices.
    known = workbook.create_sheet(_("What cells may hold"))
    for place, (code, head) in enumerate(zip(COLUMNS, heads, strict=True), start=1):
        letter = get_column_letter(place)
        made = sheet.cell(row=1, column=place, value=head)
        made.font = Font(bold=True)
        if code in NEEDED:
            made.fill = PatternFill("solid", fgColor="EEF3FA")
        # Text, so that codes keep their zeros.
        sheet.column_dimensions[letter].number_format = "@"
        sheet.column_dimensions[letter].width = 40 if code == "name" else 24
        if code not in choices:
            continue
        at = list(choices).index(code) + 1
        column = get_column_letter(at)
        known.column_dimensions[column].width = 28
        known.cell(row=1, column=at, value=head).font = Font(bold=True)
        for row, text in enumerate(choices[code], start=2):
            known.cell(row=row, column=at, value=catalog.guarded_cell(text))
        if choices[code]:
            span = f"{quote_sheetname(known.title)}!${column}$2:${column}${len(choices[code]) + 1}"
            offered = DataValidation(type="list", formula1=span, allow_blank=True)
            # Codes and the names in other languages are taken too.
            offered.showErrorMessage = False
            offered.add(f"{letter}2:{letter}{_ROWS + 1}")
            sheet.add_data_validation(offered)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
