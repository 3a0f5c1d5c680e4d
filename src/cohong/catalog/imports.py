"""Listings from a file: one row is one SKU, rows with one listing key are one listing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from cohong.catalog import columns, import_rows, rules, selectors, spreadsheets
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
    """What is wrong in a row (the header is row 1); `column` is its heading, or empty, `value` what stands there."""

    row: int
    column: str
    refusal: Refusal
    value: str = ""


class ImportReport(msgspec.Struct, frozen=True):
    """What came of a file: its rows without the header, what was made of them, and all that was wrong."""

    rows: int
    created: int
    listings: tuple[ListingIds, ...]
    errors: tuple[RowError, ...]


class Checked(msgspec.Struct, frozen=True):
    """A file that was understood: its rows without the header, the good drafts, and all that is wrong.

    `known` names, for each draft, the seller's listing that it is a new content for, if any.
    """

    rows: int
    drafts: tuple[ListingDraft, ...]
    known: tuple[UUID | None, ...]
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
    lock_listings_of(seller_id)
    checked = check_file(seller_id=seller_id, file=file, filename=filename)
    made: list[ListingIds] = []
    if not (checked.errors and all_or_nothing):
        outcomes = create_listings(actor=actor, seller_id=seller_id, drafts=checked.drafts, publish=publish)
        made = [one for one in outcomes if isinstance(one, ListingIds)]
    return ImportReport(checked.rows, len(made), tuple(made), checked.errors)


def check_file(*, seller_id: UUID, file: bytes, filename: str, update: bool = False) -> Checked:
    """Read a file and check all that it says; nothing is made.

    With `update`, a key that one of the seller's listings has (or its id) means a new content for that listing. Raises
    what a file that is no table is refused with.
    """
    head, *body = spreadsheets.read(file, filename)
    for fault in head.faults.values():
        raise fault
    if not body:
        raise no.FileEmpty
    categories = Categories(selectors.categories())
    header = columns.read_header(head.cells, categories.by_code.values())
    groups: dict[str, list[Line]] = defaultdict(list)
    for row in body:
        line = import_rows.read_line(row, header)
        # A row without a key stands alone: what is wrong is told of it, and of no other row.
        groups[line.fields.get("key") or f"\x00{row.number}"].append(line)
    units = selectors.units()
    drafts = [(lines, import_rows.draft_of(lines, categories, units)) for lines in groups.values()]
    errors = [RowError(line.number, *error) for lines, _ in drafts for line in lines for error in line.errors]
    sound = [(lines, draft) for lines, draft in drafts if draft is not None]
    known = known_listings(seller_id, [draft.key for _, draft in sound]) if update else {}
    good: list[ListingDraft] = []
    checked = flaws(seller_id=seller_id, drafts=[draft for _, draft in sound], known=set(known))
    for (lines, draft), found in zip(sound, checked, strict=True):
        errors += [
            _row_error(flaw, lines, header, categories.by_code[draft.category_code].attributes)
            for flaw in found
        ]
        if not found:
            good.append(draft)
    cells = {row.number: row.cells for row in body}
    errors = [_with_value(error, header, cells) for error in sorted(errors, key=lambda error: error.row)]
    return Checked(len(body), tuple(good), tuple(known.get(one.key) for one in good), tuple(errors))


def known_listings(seller_id: UUID, keys: Sequence[str]) -> dict[str, UUID]:
    """Find a seller's listings by the keys that a file names them with: their own, or else their ids."""
    wanted = [key for key in keys if "\x00" not in key]
    by_id = {str(id_): id_ for key in wanted if (id_ := _as_id(key)) is not None}
    found = {
        str(id_): id_
        for (id_,) in sets.fetch(
            "select id from catalog_listing where seller_id = %s and id = any(%s)",
            (seller_id, list(by_id.values())),
        )
    }
    found |= dict(
        sets.fetch(
            "select key, id from catalog_listing where seller_id = %s and key = any(%s) and key <> ''",
            (seller_id, wanted),
        )
    )
    return {key: found[key] for key in wanted if key in found}


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) == len(str(UUID(int=0))) else None
    except ValueError:
        return None


def _with_value(error: RowError, header: Header, cells: Mapping[int, list[str]]) -> RowError:
    """Say what stands in the faulty cell."""
    row = cells.get(error.row, [])
    position = header.headings.index(error.column) if error.column in header.headings else len(row)
    return msgspec.structs.replace(error, value=rules.shown(row[position])) if position < len(row) else error


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
