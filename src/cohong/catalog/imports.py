"""Listings from a file: one row is one SKU, rows with one listing key are one listing."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import msgspec

from cohong.catalog import columns, import_rows, selectors, spreadsheets
from cohong.catalog import refusals as no
from cohong.catalog.columns import BY_FIELD, Header
from cohong.catalog.import_rows import Categories, Line
from cohong.catalog.rules import Flaw
from cohong.catalog.services_listings import SCOPE, create_listings, flaws, lock_listings_of
from cohong.catalog.shapes import Attribute, ListingDraft, ListingIds
from cohong.kernel import sets
from cohong.kernel.errors import Refusal
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role


class RowError(msgspec.Struct, frozen=True):
    """What is wrong in a row (the header is row 1); `column` is its heading, or empty."""

    row: int
    column: str
    refusal: Refusal


class ImportReport(msgspec.Struct, frozen=True):
    """What came of a file: its rows without the header, what was made of them, and all that was wrong."""

    rows: int
    created: int
    listings: tuple[ListingIds, ...]
    errors: tuple[RowError, ...]


@sets.act
def import_listings(
    *,
    actor: Actor,
    seller_id: UUID,
    file: bytes,
    filename: str,
    publish: bool = False,
    all_or_nothing: bool = True,
) -> ImportReport:
    """Make listings from a CSV or XLSX file, as drafts or, if `publish`, on offer.

    Errors are reported row by row. With `all_or_nothing` any error keeps the whole file out; without it, each
    listing whose rows are all good is made. A file that cannot be understood as a table is refused whole: see
    `spreadsheets.read` and `columns.read_header`. Raises NotYours and PublishingRestricted too.
    """
    parties.require(actor, seller_id, Role.SALES, scope=SCOPE)
    head, *body = spreadsheets.read(file, filename)
    for fault in head.faults.values():
        raise fault
    if not body:
        raise no.FileEmpty
    known = Categories(selectors.categories())
    header = columns.read_header(head.cells, known.by_code.values())
    groups: dict[str, list[Line]] = defaultdict(list)
    for row in body:
        line = import_rows.read_line(row, header)
        # A row without a key stands alone: what is wrong is told of it, and of no other row.
        groups[line.fields.get("key") or f"\x00{row.number}"].append(line)
    units = selectors.units()
    drafts = [(lines, import_rows.draft_of(lines, known, units)) for lines in groups.values()]
    errors = [RowError(line.number, *error) for lines, _ in drafts for line in lines for error in line.errors]
    sound = [(lines, draft) for lines, draft in drafts if draft is not None]
    lock_listings_of(seller_id)
    good: list[ListingDraft] = []
    checked = flaws(seller_id=seller_id, drafts=[draft for _, draft in sound])
    for (lines, draft), found in zip(sound, checked, strict=True):
        errors += [
            _row_error(flaw, lines, header, known.by_code[draft.category_code].attributes) for flaw in found
        ]
        if not found:
            good.append(draft)
    made: list[ListingIds] = []
    if not (errors and all_or_nothing):
        outcomes = create_listings(actor=actor, seller_id=seller_id, drafts=good, publish=publish)
        made = [one for one in outcomes if isinstance(one, ListingIds)]
    errors.sort(key=lambda error: error.row)
    return ImportReport(len(body), len(made), tuple(made), tuple(errors))


def _row_error(flaw: Flaw, lines: Sequence[Line], header: Header, schema: Sequence[Attribute]) -> RowError:
    """Find the row and the heading of a draft's flaw."""
    line = lines[flaw.sku or 0]
    name, _, code = flaw.field.partition(".")
    if name != "attributes":
        column = header.of(name) if name in BY_FIELD else ""
        return RowError(line.number, column, flaw.refusal)
    names = next((columns.attribute_names(one) for one in schema if one.code == code), {columns.plain(code)})
    heading = next((heading for heading in header.others.values() if columns.plain(heading) in names), code)
    return RowError(line.number, heading, flaw.refusal)
