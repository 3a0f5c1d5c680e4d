"""From a file's rows to drafts: each cell is read by its column, the rows of one key become one draft."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cohong.catalog import columns, rules
from cohong.catalog import refusals as no
from cohong.catalog.columns import BY_FIELD, COLUMNS, Header
from cohong.catalog.shapes import Attribute, Category, ListingDraft, SkuDraft, Unit, Value
from cohong.catalog.spreadsheets import Row
from cohong.kernel.errors import Refusal
from cohong.kernel.money import exponent

T = TypeVar("T")

_LISTING_FIELDS = tuple(column for column in COLUMNS if column.level == "listing")
_NUMBERS = ("min_order", "multiple", "max_order", "weight_grams")


class Categories:
    """All categories, by code, and by what people call them where that is one category only."""

    def __init__(self, categories: Sequence[Category]) -> None:
        self.by_code = {category.code: category for category in categories}
        named: dict[str, set[str]] = defaultdict(set)
        for category in categories:
            for name in columns.all_names(category.names):
                named[name].add(category.code)
        self._by_name = {name: next(iter(codes)) for name, codes in named.items() if len(codes) == 1}

    def code(self, text: str) -> str:
        """Return the code that a cell means; what means none stays as it is, to be refused."""
        return text if text in self.by_code else self._by_name.get(columns.plain(text), text)


@dataclass(slots=True)
class Line:
    """A row as it was understood: texts by field and by attribute heading; what is wrong, by heading."""

    number: int
    header: Header
    fields: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    errors: list[tuple[str, Refusal]] = field(default_factory=list)

    def fail(self, heading: str, refusal: Refusal) -> None:
        """Note what is wrong."""
        self.errors.append((heading, refusal))

    def attempt(self, heading: str, read: Callable[[], T]) -> T | None:
        """Read a cell, or note why it cannot be read."""
        try:
            return read()
        except Refusal as refusal:
            self.fail(heading, refusal)
            return None


def read_line(row: Row, header: Header) -> Line:
    """Sort a row's cells under their headings."""
    line = Line(row.number, header)
    for position, fault in row.faults.items():
        line.fail(header.at(position), fault)
    fields = {position: name for name, position in header.fields.items()}
    for position, text in enumerate(row.cells):
        if not text or position in row.faults:
            continue
        if position in fields:
            line.fields[fields[position]] = text
        elif position in header.others:
            line.attributes[header.others[position]] = text
        else:
            line.fail("", no.CellUnexpected(value=rules.shown(text)))
    return line


def draft_of(lines: Sequence[Line], known: Categories, units: Sequence[Unit]) -> ListingDraft | None:
    """Make the draft that the rows of one listing describe, or note in them what is wrong.

    What holds for the whole listing is read from its first row; later rows may leave it empty or must say the
    same.
    """
    first = lines[0]
    header = first.header
    for column in _LISTING_FIELDS:
        _check_filled(first, column.field)
    for line in lines:
        _check_filled(line, "code")
        _check_filled(line, "tiers")
    category = _category(first, known)
    for line in lines[1:]:
        _compare(first, line, category)
    currency = first.attempt(header.of("currency"), lambda: _currency(first))
    attributes = _attributes(first, category, by_sku=False)
    skus = [_sku(line, category, currency) for line in lines]
    market = first.fields.get("market_id")
    market_id = (
        first.attempt(header.of("market_id"), lambda: columns.read_uuid(market, header.of("market_id")))
        if market
        else None
    )
    if any(line.errors for line in lines):
        return None
    return ListingDraft(
        key=first.fields["key"],
        category_code=known.code(first.fields["category_code"]),
        title=first.fields["title"],
        title_en=first.fields.get("title_en", ""),
        description=first.fields.get("description", ""),
        currency=currency or "",
        unit=columns.read_unit(first.fields["unit"], units),
        market_id=market_id,
        freight_note=first.fields.get("freight_note", ""),
        attributes=attributes,
        skus=[sku for sku in skus if sku is not None],
    )


def _compare(first: Line, line: Line, category: Category | None) -> None:
    """Note where a later row says something else about the listing than its first row."""
    for column in _LISTING_FIELDS:
        text = line.fields.get(column.field, "")
        if text and text != first.fields.get(column.field, ""):
            line.fail(line.header.of(column.field), no.RowsDiffer(column=line.header.of(column.field)))
    for heading, text in line.attributes.items():
        attribute = _attribute(heading, category) if category is not None else None
        if attribute is not None and not attribute.by_sku and text != first.attributes.get(heading, ""):
            line.fail(heading, no.RowsDiffer(column=heading))


def _check_filled(line: Line, name: str) -> None:
    """Note a needed cell that is empty, unless it is so because it was faulty."""
    heading = line.header.of(name)
    if BY_FIELD[name].needed and name not in line.fields and heading not in dict(line.errors):
        line.fail(heading, no.CellMissing(column=heading))


def _category(first: Line, known: Categories) -> Category | None:
    if "category_code" not in first.fields:
        return None
    code = known.code(first.fields["category_code"])
    if code not in known.by_code:
        first.fail(first.header.of("category_code"), no.NoSuchCategory(category=rules.shown(code)))
    return known.by_code.get(code)


def _currency(first: Line) -> str | None:
    currency = first.fields.get("currency", "").upper()
    if currency:
        exponent(currency)
    return currency or None


def _attributes(line: Line, category: Category | None, *, by_sku: bool) -> dict[str, Value]:
    """Read those attributes of a row that hold for the listing, or those that vary by SKU."""
    if category is None:
        return {}
    values: dict[str, Value] = {}
    for heading, text in line.attributes.items():
        attribute = _attribute(heading, category)
        if attribute is not None and attribute.by_sku is by_sku:
            value = line.attempt(heading, lambda a=attribute, t=text: columns.read_value(a, t))  # type: ignore[misc]
            if value is not None:
                values[attribute.code] = value
    return values


def _attribute(heading: str, category: Category) -> Attribute | None:
    wanted = columns.plain(heading)
    return next((one for one in category.attributes if wanted in columns.attribute_names(one)), None)


def _sku(line: Line, category: Category | None, currency: str | None) -> SkuDraft | None:
    numbers: dict[str, Any] = {}
    for name in _NUMBERS:
        if text := line.fields.get(name):
            numbers[name] = line.attempt(
                line.header.of(name),
                lambda t=text, n=name: columns.read_whole(t, line.header.of(n)),  # type: ignore[misc]
            )
    text = line.fields.get("tiers", "")
    price = line.header.of("tiers")
    tiers = (
        line.attempt(price, lambda: columns.read_tiers(text, currency, price)) if text and currency else None
    )
    if category is not None:
        for heading in line.attributes:
            if _attribute(heading, category) is None:
                line.fail(heading, no.AttributeUnknown(attribute=rules.shown(heading)))
    attributes = _attributes(line, category, by_sku=True)
    if line.errors or tiers is None:
        return None
    return SkuDraft(code=line.fields["code"], attributes=attributes, tiers=tiers, **numbers)
