"""Files to fill in: the header for a category, an example, and what each column takes."""

import csv
import io
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import override

from cohong.catalog import refusals as no
from cohong.catalog import selectors
from cohong.catalog.columns import COLUMNS, Column
from cohong.catalog.exports import heading_of
from cohong.catalog.shapes import Attribute, AttributeKind, Category
from cohong.catalog.spreadsheets import MAX_ROWS

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_MAX_LIST = 255  # what Excel takes as a drop-down written out


def import_template(*, category_code: str, format: str = "xlsx", language: str = "zh-hans") -> bytes:  # noqa: A002
    """Make an import file for one category, with an example row to be overwritten.

    The headings are in the language asked for ("zh-hans", "zh-hant", "en"); reading takes any of them. Raises
    NoSuchCategory, FileKindUnknown.
    """
    category = selectors.category(code=category_code)
    if format not in {"csv", "xlsx"}:
        raise no.FileKindUnknown
    headings = [column.names.shown(language) for column in COLUMNS]
    headings += [heading_of(attribute, language) for attribute in category.attributes]
    example = [_example(column, category, language) for column in COLUMNS]
    example += [_example_value(attribute, language) for attribute in category.attributes]
    if format == "csv":
        out = io.StringIO(newline="")
        csv.writer(out).writerows([headings, example])
        # Excel takes a CSV file for UTF-8 only if it says so.
        return out.getvalue().encode("utf-8-sig")
    return _workbook(category, headings, example, language)


def _example(column: Column, category: Category, language: str) -> str:
    units = selectors.units()
    return {
        "key": "A-001",
        "category_code": category.code,
        "title": category.names.shown(language),
        "title_en": category.names.en,
        "currency": "CNY",
        "unit": units[0].names.shown(language) if units else "",
        "code": "A-001-1",
        "tiers": "1:12.50; 100:11.80",
        "min_order": "1",
        "multiple": "1",
    }.get(column.field, "")


def _example_value(attribute: Attribute, language: str) -> str:
    match attribute.kind:
        case AttributeKind.CHOICE:
            return attribute.options[0].names.shown(language)
        case AttributeKind.INTEGER:
            return "10"
        case AttributeKind.DECIMAL:
            return "1.5"
        case AttributeKind.BOOLEAN:
            return "yes" if language == "en" else "是"
        case AttributeKind.TEXT:
            return attribute.names.shown(language)


def _workbook(category: Category, headings: list[str], example: list[str], language: str) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.worksheet import Worksheet  # noqa: PLC0415

    workbook = Workbook()
    sheet = workbook.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook begins with a sheet")
    sheet.title = category.names.shown(language)[:31].translate(str.maketrans("[]:*?/\\", "()     "))
    sheet.append(headings)
    sheet.append(example)
    sheet.freeze_panes = "A2"
    needed = [column.needed for column in COLUMNS] + [attribute.required for attribute in category.attributes]
    for position, (heading, is_needed) in enumerate(zip(headings, needed, strict=True), start=1):
        sheet.cell(row=1, column=position).font = Font(bold=is_needed)
        letter = get_column_letter(position)
        sheet.column_dimensions[letter].width = max(12, 2 * len(heading) + 2)
        # Text, so that codes keep their leading zeros and prices are what was typed.
        for row in (1, 2):
            sheet.cell(row=row, column=position).number_format = "@"
        sheet.column_dimensions[letter].number_format = "@"
    for offset, attribute in enumerate(category.attributes):
        _add_choices(sheet, attribute, get_column_letter(len(COLUMNS) + offset + 1), language)
    with override(language):
        _explain(workbook.create_sheet(_("Columns")), category, headings, language)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _add_choices(sheet: "Worksheet", attribute: Attribute, letter: str, language: str) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 - slow to import

    names = [option.names.shown(language) for option in attribute.options]
    written = f'"{",".join(names)}"'
    if names and len(written) <= _MAX_LIST and not any("," in name or '"' in name for name in names):
        choices = DataValidation(type="list", formula1=written, allow_blank=True)
        sheet.add_data_validation(choices)
        choices.add(f"{letter}2:{letter}{MAX_ROWS + 1}")


def _explain(sheet: "Worksheet", category: Category, headings: list[str], language: str) -> None:
    """Write the second sheet: what each column takes."""
    from openpyxl.styles import Font  # noqa: PLC0415 - slow to import

    notes = {
        "key": _("Rows with the same key are one listing, each row one SKU of it."),
        "category_code": category.code,
        "title": _("At most 200 characters."),
        "currency": _("A code such as CNY, HKD, MOP or USD."),
        "unit": ", ".join(unit.names.shown(language) for unit in selectors.units()),
        "tiers": _("One price, or prices by quantity: 1:12.50; 100:11.80"),
        "min_order": _("A whole number; 1 if empty."),
        "multiple": _("A whole number; 1 if empty."),
        "max_order": _("A whole number; no limit if empty."),
        "weight_grams": _("The weight of one sale unit in grams, a whole number."),
    }
    kinds = {
        AttributeKind.TEXT: _("Text"),
        AttributeKind.INTEGER: _("A whole number"),
        AttributeKind.DECIMAL: _("A number such as 1.5"),
        AttributeKind.BOOLEAN: _("Yes or no"),
    }
    sheet.append([_("Column"), _("Required"), _("By SKU"), _("What it takes")])
    rows = [(column.needed, column.level == "sku", notes.get(column.field, "")) for column in COLUMNS]
    for attribute in category.attributes:
        options = " / ".join(option.names.shown(language) for option in attribute.options)
        rows.append((attribute.required, attribute.by_sku, options or kinds.get(attribute.kind, "")))
    for heading, (needed, by_sku, note) in zip(headings, rows, strict=True):
        sheet.append([heading, _("yes") if needed else "", _("yes") if by_sku else "", note])
    for letter, width in (("A", 24), ("B", 10), ("C", 10), ("D", 70)):
        sheet.column_dimensions[letter].width = width
    for cell in sheet[1]:
        cell.font = Font(bold=True)
