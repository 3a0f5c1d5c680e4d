"""A seller's goods as a file of the very form that an import reads: to look at, to change, to bring back."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final
from uuid import UUID

from cohong.catalog import columns, selectors
from cohong.catalog import refusals as no
from cohong.catalog.columns import COLUMNS
from cohong.catalog.shapes import (
    Attribute,
    AttributeKind,
    Category,
    ListingDraft,
    ListingView,
    SkuDraft,
    SkuView,
    Value,
)
from cohong.catalog.spreadsheets import MAX_CELL, MAX_ROWS, guarded
from cohong.kernel import sets
from cohong.kernel.money import exponent
from cohong.parties import api as parties
from cohong.parties.api import Actor

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_PIECE: Final = 500


def export_listings(
    *,
    actor: Actor,
    seller_id: UUID,
    format: str = "xlsx",  # noqa: A002
    language: str = "zh-hans",
    listing_ids: Sequence[UUID] = (),
) -> bytes:
    """Write a seller's listings (all but withdrawn ones, or those named) as a file that an import reads, one row a SKU.

    What has no key of its own is named by its id. At most as many rows as an import takes, the newest listings first.
    Raises NotYours, FileKindUnknown.
    """
    parties.require(actor, seller_id, *parties.Role, scope="catalog:read")
    if format not in {"csv", "xlsx"}:
        raise no.FileKindUnknown
    views = list(_views(seller_id, listing_ids))
    schemas = {
        one.code: one
        for one in selectors.categories_by_code(codes=sorted({one.category_code for one in views}))
    }
    headings = _headings(schemas.values(), language)
    units = {unit.code: unit.names.shown(language) for unit in selectors.units()}
    table = [
        _row(view, sku, schemas[view.category_code], headings, units=units, language=language)
        for view in views
        for sku in view.skus
        if not sku.retired
    ]
    first = [column.names.shown(language) for column in COLUMNS] + headings
    return _csv([first, *table]) if format == "csv" else workbook(first, table)


def draft_of(view: ListingView) -> ListingDraft:
    """Describe a listing as its seller would, to be changed or copied."""
    return ListingDraft(
        category_code=view.category_code,
        title=view.title,
        currency=view.price_from.currency,
        unit=view.unit,
        skus=[
            SkuDraft(
                code=sku.code,
                attributes=dict(sku.attributes),
                tiers=tuple(sku.tiers),
                min_order=sku.min_order,
                multiple=sku.multiple,
                weight_grams=sku.weight_grams,
                max_order=sku.max_order,
            )
            for sku in view.skus
            if not sku.retired
        ],
        title_en=view.title_en,
        description=view.description,
        attributes=dict(view.attributes),
        market_id=view.market_id,
        freight_note=view.freight_note,
        key=view.key,
        id=view.id,
    )


def _views(seller_id: UUID, listing_ids: Sequence[UUID]) -> Iterator[ListingView]:
    """Read the listings in pieces, as far as an import would take their rows."""
    named = " and id = any(%s)" if listing_ids else " and state <> 'withdrawn'"
    ids = [
        id_
        for (id_,) in sets.fetch(
            f"select id from catalog_listing where seller_id = %s{named} order by id desc limit %s",
            (seller_id, *((list(listing_ids),) if listing_ids else ()), MAX_ROWS),
        )
    ]
    rows = 0
    for start in range(0, len(ids), _PIECE):
        piece = ids[start : start + _PIECE]
        views = selectors.listings(ids=piece)
        for id_ in piece:
            rows += sum(not sku.retired for sku in views[id_].skus)
            if rows > MAX_ROWS:
                return
            yield views[id_]


def _headings(categories: Iterable[Category], language: str) -> list[str]:
    """Name the attributes' columns; attributes of several categories that are called alike share one."""
    found: dict[str, str] = {}
    for category in categories:
        for attribute in category.attributes:
            heading = heading_of(attribute, language)
            found.setdefault(columns.plain(heading), heading)
    return list(found.values())


def heading_of(attribute: Attribute, language: str) -> str:
    """Name an attribute's column: its name, the unit in brackets."""
    name = attribute.names.shown(language)
    unit = attribute.unit.shown(language) if attribute.unit is not None else ""
    return f"{name} ({unit})" if unit else name


def _row(
    view: ListingView,
    sku: SkuView,
    schema: Category,
    headings: Sequence[str],
    *,
    units: dict[str, str],
    language: str,
) -> list[str]:
    fixed = {
        "key": view.key or str(view.id),
        "category_code": view.category_code,
        "title": view.title,
        "title_en": view.title_en,
        "description": view.description,
        "currency": view.price_from.currency,
        "unit": units.get(view.unit, view.unit),
        "market_id": str(view.market_id or ""),
        "freight_note": view.freight_note,
        "code": sku.code,
        "tiers": tiers_text(sku),
        "min_order": str(sku.min_order),
        "multiple": str(sku.multiple),
        "max_order": str(sku.max_order or ""),
        "weight_grams": str(sku.weight_grams),
    }
    values = {**view.attributes, **sku.attributes}
    by_heading = {
        columns.plain(heading_of(attribute, language)): value_text(
            attribute, values[attribute.code], language
        )
        for attribute in schema.attributes
        if attribute.code in values
    }
    return [
        *(fixed[column.field] for column in COLUMNS),
        *(by_heading.get(columns.plain(heading), "") for heading in headings),
    ]


def tiers_text(sku: SkuView) -> str:
    """Write price tiers as a cell: "1:12.50; 100:11.80", or the price alone."""
    if len(sku.tiers) == 1 and sku.tiers[0].min_quantity == 1:
        return major(sku.tiers[0].unit_price_minor, sku.currency)
    return "; ".join(
        f"{tier.min_quantity}:{major(tier.unit_price_minor, sku.currency)}" for tier in sku.tiers
    )


def major(minor: int, currency: str) -> str:
    """Write an amount in the currency's own decimals, as a form or a file takes it: 12.50."""
    decimals = exponent(currency)
    if not decimals:
        return str(minor)
    sign, digits = "-" if minor < 0 else "", str(abs(minor)).zfill(decimals + 1)
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


def value_text(attribute: Attribute, value: Value, language: str) -> str:
    """Write an attribute's value so that the same value is read back."""
    if attribute.kind is AttributeKind.BOOLEAN:
        return ("yes" if value else "no") if language == "en" else ("是" if value else "否")
    if attribute.kind is AttributeKind.CHOICE:
        option = next((one for one in attribute.options if one.code == value), None)
        shown = option.names.shown(language) if option is not None else str(value)
        alike = [
            one for one in attribute.options if columns.plain(shown) in columns.all_names(one.names, one.code)
        ]
        return shown if len(alike) == 1 else str(value)
    return str(value)


# --- files -----------------------------------------------------------------------------------------------


def _csv(table: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([[guarded(cell) for cell in row] for row in table])
    # Excel takes a CSV file for UTF-8 only if it says so.
    return out.getvalue().encode("utf-8-sig")


def workbook(headings: Sequence[str], table: Sequence[Sequence[str]]) -> bytes:
    """Write a table as a workbook of one sheet, all of it text."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.freeze_panes = "A2"
    for position, heading in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = max(12, 2 * len(heading) + 2)
    sheet.append([_cell(sheet, heading, bold=True) for heading in headings])
    for row in table:
        sheet.append([_cell(sheet, text) for text in row])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _cell(sheet: "Worksheet", text: str, *, bold: bool = False) -> "Cell":
    """Write a cell that is text whatever it looks like: no formula, no number."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - slow to import
    from openpyxl.styles import Font  # noqa: PLC0415

    cell = WriteOnlyCell(sheet, value="")
    cell.value = guarded(text)[:MAX_CELL]
    cell.data_type = "s"
    cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    return cell
