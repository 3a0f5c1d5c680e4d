"""What the columns of an import file mean: their names in three languages, and how their cells are read."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final, Literal
from uuid import UUID

import msgspec
from django.utils.translation import get_language

from cohong.catalog import refusals as no
from cohong.catalog import rules
from cohong.catalog.shapes import Attribute, AttributeKind, Category, Tier, Unit, Value
from cohong.kernel.money import Money
from cohong.parties.api import Names

Level = Literal["listing", "sku"]


class Column(msgspec.Struct, frozen=True):
    """A column that every file may have. `field` is the draft's field that it fills."""

    field: str
    names: Names
    level: Level
    needed: bool = False


COLUMNS: Final = (
    Column("key", Names("商品键", "商品鍵", "listing key"), "listing", needed=True),
    Column("category_code", Names("类目", "類目", "category"), "listing", needed=True),
    Column("title", Names("标题", "標題", "title"), "listing", needed=True),
    Column("title_en", Names("英文标题", "英文標題", "English title"), "listing"),
    Column("description", Names("描述", "描述", "description"), "listing"),
    Column("currency", Names("币种", "幣種", "currency"), "listing", needed=True),
    Column("unit", Names("单位", "單位", "unit"), "listing", needed=True),
    Column("market_id", Names("市场编号", "市場編號", "market id"), "listing"),
    Column("freight_note", Names("运费说明", "運費說明", "freight note"), "listing"),
    Column("code", Names("SKU 编码", "SKU 編碼", "SKU code"), "sku", needed=True),
    Column("tiers", Names("价格", "價格", "price"), "sku", needed=True),
    Column("min_order", Names("起订量", "起訂量", "minimum order"), "sku"),
    Column("multiple", Names("订购倍数", "訂購倍數", "order multiple"), "sku"),
    Column("max_order", Names("最大订量", "最大訂量", "maximum order"), "sku"),
    Column("weight_grams", Names("单重（克）", "單重（克）", "weight (g)"), "sku"),
)
BY_FIELD: Final = {column.field: column for column in COLUMNS}

_DASHES_AND_SPACES = re.compile(r"[\s_\-]+")
_TIER = re.compile(r"([0-9]{1,13})\s*[:=]\s*([^\s;:=]+)")
# A comma groups thousands only where thousands are: "1,5" is somebody's one and a half, and no whole number.
_WHOLE = re.compile(r"-?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.0+)?")
_TRUE, _FALSE = {"true", "yes", "y", "1", "是", "有"}, {"false", "no", "n", "0", "否", "无", "無"}


def plain(text: str) -> str:
    """Bring a heading or a choice into one form: width, case, dashes and spaces do not matter."""
    return _DASHES_AND_SPACES.sub(
        " ", unicodedata.normalize("NFKC", text).strip().lower().rstrip("*")
    ).strip()


def all_names(names: Names, *codes: str) -> set[str]:
    """List the ways in which something may be called."""
    return {plain(one) for one in (names.zh_hans, names.zh_hant, names.en, *codes) if one}


def heading(names: Names) -> str:
    """Return a heading in the reader's language."""
    return names.shown(get_language() or "en")


class Header(msgspec.Struct, frozen=True):
    """Where each thing stands: fields by name, and the other columns by heading, for the attributes."""

    headings: list[str]
    fields: dict[str, int]
    others: dict[int, str]

    def at(self, position: int) -> str:
        """Return the heading of a column as it stands in the file; a column without one is empty."""
        return self.headings[position] if position < len(self.headings) else ""

    def of(self, field: str) -> str:
        """Return the heading of a field: as it stands in the file, or as the reader would call it."""
        if field in self.fields:
            return self.headings[self.fields[field]]
        return heading(BY_FIELD[field].names)


def read_header(cells: Sequence[str], categories: Iterable[Category]) -> Header:
    """Find out what the columns are. Raises ColumnUnknown, ColumnRepeated, ColumnMissing.

    Headings that name no field must name an attribute of some category; whether of the row's is asked there.
    """
    known = {name: column.field for column in COLUMNS for name in all_names(column.names, column.field)}
    attributes = {
        name
        for category in categories
        for attribute in category.attributes
        for name in attribute_names(attribute)
    }
    fields: dict[str, int] = {}
    others: dict[int, str] = {}
    seen: set[str] = set()
    for position, cell in enumerate(cells):
        name = plain(cell)
        if name in seen:
            raise no.ColumnRepeated(column=rules.shown(cell))
        if name:
            seen.add(name)
        if name in known:
            if known[name] in fields:
                raise no.ColumnRepeated(column=rules.shown(cell))
            fields[known[name]] = position
        elif name in attributes:
            others[position] = cell
        elif name:
            raise no.ColumnUnknown(column=rules.shown(cell))
    for column in COLUMNS:
        if column.needed and column.field not in fields:
            raise no.ColumnMissing(column=heading(column.names))
    return Header(list(cells), fields, others)


def attribute_names(attribute: Attribute) -> set[str]:
    """List the headings of an attribute's column: its code or a name, the unit in brackets or not."""
    names = all_names(attribute.names, attribute.code)
    if attribute.unit is not None:
        units = {attribute.unit.zh_hans, attribute.unit.zh_hant, attribute.unit.en}
        names |= {plain(f"{name} ({unit})") for name in names for unit in units if unit}
    return names


# --- cells -----------------------------------------------------------------------------------------------


def _whole(text: str) -> int | None:
    folded = unicodedata.normalize("NFKC", text).strip()
    return int(folded.partition(".")[0].replace(",", "")) if _WHOLE.fullmatch(folded) else None


def read_whole(text: str, column: str) -> int:
    """Read a whole number; grouped thousands and an idle ".0" are forgiven. Raises CellInvalid."""
    number = _whole(text)
    if number is None:
        raise no.CellInvalid(value=rules.shown(text), column=column)
    return number


def read_tiers(text: str, currency: str, column: str) -> tuple[Tier, ...]:
    """Read a price ("12.50") or price tiers ("100:12.50; 500:11.80") in major units.

    Raises CellInvalid, and what `Money.parse` refuses.
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    if ":" not in folded and "=" not in folded:
        return (Tier(1, Money.parse(folded, currency).minor),)
    tiers = []
    for part in folded.strip("; ").split(";"):
        found = _TIER.fullmatch(part.strip())
        if found is None:
            raise no.CellInvalid(value=rules.shown(text), column=column)
        tiers.append(Tier(int(found[1]), Money.parse(found[2], currency).minor))
    return tuple(tiers)


def read_unit(text: str, units: Sequence[Unit]) -> str:
    """Find a unit by its code or a name; what is found nowhere stays as it is, to be refused later."""
    wanted = plain(text)
    return next((unit.code for unit in units if wanted in all_names(unit.names, unit.code)), text)


def read_uuid(text: str, column: str) -> UUID:
    """Read an id. Raises CellInvalid."""
    try:
        return UUID(text)
    except ValueError as error:
        raise no.CellInvalid(value=rules.shown(text), column=column) from error


def read_value(attribute: Attribute, text: str) -> Value:
    """Read an attribute's value as people write it. Raises AttributeInvalid."""
    folded = unicodedata.normalize("NFKC", text).strip()
    wrong = rules.value_refusal(attribute, text)
    value: Value
    match attribute.kind:
        case AttributeKind.TEXT:
            value = text
        case AttributeKind.INTEGER:
            number = _whole(text)
            if number is None:
                raise wrong
            value = number
        case AttributeKind.DECIMAL:
            value = folded
        case AttributeKind.CHOICE:
            wanted = plain(text)
            value = next(
                (
                    option.code
                    for option in attribute.options
                    if wanted in all_names(option.names, option.code)
                ),
                text,
            )
        case AttributeKind.BOOLEAN:
            if folded.lower() not in _TRUE | _FALSE:
                raise wrong
            value = folded.lower() in _TRUE
    if not rules.value_fits(attribute, value):
        raise wrong
    return value
