"""Counts from a file: one row is one SKU at one location with how many lie there; and the file to count with."""

import csv
import io
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from cohong.catalog import columns, keeping, rules, selectors, spreadsheets
from cohong.catalog import refusals as no
from cohong.catalog.exports import workbook
from cohong.catalog.imports import RowError
from cohong.catalog.shapes import StockCount
from cohong.catalog.spreadsheets import MAX_ROWS, Row, guarded
from cohong.catalog.stock_counts import count_stock
from cohong.kernel import sets
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import named_id, new_id
from cohong.parties import api as parties
from cohong.parties.api import Actor, Names, Role

HEADINGS: Final = {
    "code": Names("SKU 编码", "SKU 編碼", "SKU code"),
    "location": Names("存放地点", "存放地點", "location"),
    "counted": Names("盘点数量", "盤點數量", "counted quantity"),
    "title": Names("标题", "標題", "title"),
}
_NEEDED: Final = ("code", "location", "counted")


class CountReport(msgspec.Struct, frozen=True):
    """What a file of counts says, or has done: its rows, how many are counted, how many of them differ, what is wrong."""

    rows: int
    counted: int
    differing: int
    errors: tuple[RowError, ...]


@sets.act
def count_from_file(
    *, actor: Actor, seller_id: UUID, file: bytes, filename: str, reason: str = "", check_only: bool = False
) -> CountReport:
    """Set the stock of many SKUs as a CSV or XLSX file counts it; with any error nothing is booked.

    The columns are the SKU's code, the location's name and the counted quantity; a row without a quantity is passed over.
    With `check_only` nothing is booked in any case. Raises NotYours, and what a file that is no table is refused with.
    """
    parties.require(actor, seller_id, Role.WAREHOUSE, scope="catalog:write")
    head, *body = spreadsheets.read(file, filename)
    at = _header(head)
    codes = keeping.find_skus(
        actor=actor, seller_id=seller_id, codes=[_cell(row, at["code"]) for row in body]
    )
    places = {columns.plain(place.name): place.id for place in selectors.locations(party_id=seller_id)}
    errors: list[RowError] = []
    counts: dict[tuple[UUID, UUID], tuple[int, StockCount]] = {}
    batch = new_id()
    for row in body:
        if not _cell(row, at["counted"]) and not row.faults:
            continue
        outcome = _read(row, at, head.cells, codes, places)
        if isinstance(outcome, RowError):
            errors.append(outcome)
            continue
        sku_id, location_id, quantity = outcome
        if (sku_id, location_id) in counts:
            errors.append(
                _error(row, at, head.cells, "code", no.CodeRepeated(code=rules.shown(_cell(row, at["code"]))))
            )
            continue
        reference = named_id("catalog.count_file", batch, row.number)
        counts[sku_id, location_id] = (
            row.number,
            StockCount(sku_id, location_id, quantity, reason, reference),
        )
    stock = selectors.stock_of(sku_ids={sku_id for sku_id, _ in counts})
    there = {
        (sku_id, one.location_id): (one.on_hand, one.reserved)
        for sku_id, view in stock.items()
        for one in view.locations
    }
    for place, (number, count) in counts.items():
        reserved = there.get(place, (0, 0))[1]
        if count.counted < reserved:
            refusal = no.CountBelowReserved(counted=count.counted, reserved=reserved)
            errors.append(RowError(number, head.cells[at["counted"]], refusal, str(count.counted)))
    if not errors and not check_only:
        for booked in count_stock(actor=actor, counts=[count for _, count in counts.values()]):
            if isinstance(booked, Refusal):
                # Orders came in between: the file is booked whole or not at all.
                raise booked
    differing = sum(count.counted != there.get(place, (0, 0))[0] for place, (_, count) in counts.items())
    return CountReport(len(body), len(counts), differing, tuple(sorted(errors, key=lambda error: error.row)))


def _header(head: Row) -> dict[str, int]:
    """Find the columns. Raises ColumnMissing, ColumnRepeated; others are passed over."""
    at: dict[str, int] = {}
    for position, cell in enumerate(head.cells):
        for field, names in HEADINGS.items():
            if columns.plain(cell) in columns.all_names(names, field):
                if field in at:
                    raise no.ColumnRepeated(column=rules.shown(cell))
                at[field] = position
    for field in _NEEDED:
        if field not in at:
            raise no.ColumnMissing(column=columns.heading(HEADINGS[field]))
    return at


def _cell(row: Row, position: int) -> str:
    return row.cells[position] if position < len(row.cells) else ""


def _error(row: Row, at: dict[str, int], headings: Sequence[str], field: str, refusal: Refusal) -> RowError:
    return RowError(row.number, headings[at[field]], refusal, rules.shown(_cell(row, at[field])))


def _read(
    row: Row,
    at: dict[str, int],
    headings: Sequence[str],
    codes: dict[str, list[UUID]],
    places: dict[str, UUID],
) -> tuple[UUID, UUID, int] | RowError:
    for position, fault in row.faults.items():
        return RowError(row.number, headings[position] if position < len(headings) else "", fault)
    found = codes.get(_cell(row, at["code"]), [])
    if len(found) != 1:
        refusal = (
            no.NoSuchSku(sku="") if not found else no.CodeRepeated(code=rules.shown(_cell(row, at["code"])))
        )
        return _error(row, at, headings, "code", refusal)
    location_id = places.get(columns.plain(_cell(row, at["location"])))
    if location_id is None:
        return _error(row, at, headings, "location", no.NoSuchLocation(location=""))
    try:
        quantity = columns.read_whole(_cell(row, at["counted"]), headings[at["counted"]])
    except Refusal as refusal_:
        return _error(row, at, headings, "counted", refusal_)
    if flaw := rules.whole_flaw("counted", quantity, least=0):
        return _error(row, at, headings, "counted", flaw)
    return found[0], location_id, quantity


def stock_file(*, actor: Actor, seller_id: UUID, format: str = "xlsx", language: str = "zh-hans") -> bytes:  # noqa: A002
    """Write a seller's stock as a file to count with: every SKU at every location where something lies, or at the first.

    Raises NotYours, FileKindUnknown.
    """
    parties.require(actor, seller_id, *Role, scope="catalog:read")
    if format not in {"csv", "xlsx"}:
        raise no.FileKindUnknown
    rows = sets.fetch(
        "select k.code, coalesce(c.name, (select min(o.name) from catalog_location o where o.party_id = l.seller_id"
        " and o.closed_at is null), ''), coalesce(s.on_hand, 0), l.title from catalog_sku k"
        " join catalog_listing l on l.id = k.listing_id left join catalog_stock s on s.sku_id = k.id"
        " left join catalog_location c on c.id = s.location_id"
        " where l.seller_id = %s and not k.retired and l.state <> 'withdrawn' order by l.id desc, k.position, c.name limit %s",
        (seller_id, MAX_ROWS),
    )
    table = [[code, place, str(on_hand), title] for code, place, on_hand, title in rows]
    headings = [names.shown(language) for names in HEADINGS.values()]
    if format == "csv":
        out = io.StringIO(newline="")
        csv.writer(out).writerows([[guarded(cell) for cell in row] for row in [headings, *table]])
        return out.getvalue().encode("utf-8-sig")
    return workbook(headings, table)
