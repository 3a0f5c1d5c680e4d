"""The shapes of the demo region's industries: units, attributes, categories, and how tables write them.

The tables in ``cohong.demo.data`` are written with the small constructors at the end of this page
(``choice``, ``decimal``, ``count``, ``words``, ``flag``), which keeps one attribute on one line.
"""

import re
from dataclasses import dataclass
from typing import Literal

from cohong.demo.words import Text

Kind = Literal["text", "integer", "decimal", "choice", "boolean"]
Delivery = Literal["shipment", "pickup", "electronic", "on_site"]
Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Unit:
    """A sale unit: quantities are whole numbers of it."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class Option:
    """One value that a choice attribute may take."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class Attribute:
    """One property of the goods of a category.

    ``by_sku`` says that it varies between the SKUs of one listing; otherwise it holds for the whole
    listing. ``unit`` is a display unit and may be empty. ``samples`` are typical values in their written
    form (decimals are strings, never floats); for a choice they are the option codes, for a boolean
    ``true`` and ``false``.
    """

    code: str
    name: Text
    kind: Kind
    unit: Text
    required: bool
    by_sku: bool
    options: tuple[Option, ...]
    samples: tuple[str, ...]

    def accepts(self, value: Value) -> bool:
        """Whether a value is one this attribute may take."""
        match self.kind:
            case "text":
                return isinstance(value, str) and bool(value.strip())
            case "integer":
                return type(value) is int and value >= 0
            case "decimal":
                return isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)?", value) is not None
            case "choice":
                return any(option.code == value for option in self.options)
            case "boolean":
                return isinstance(value, bool)

    def read(self, sample: str) -> Value:
        """Give a sample's written form as the value a listing carries."""
        if self.kind == "integer":
            return int(sample)
        if self.kind == "boolean":
            return sample == "true"
        return sample

    def shown(self, value: Value) -> Text:
        """Give a value as a person reads it, with its unit."""
        if self.kind == "choice":
            return next(option.name for option in self.options if option.code == value)
        unit = self.unit
        # Symbols (mm, kW) and Chinese measure words follow the figure directly; English words need a space.
        gap = " " if len(unit.en) > 3 else ""
        english = unit.en.removesuffix("s") if str(value) == "1" else unit.en
        return Text(f"{value}{unit.zh_hans}", f"{value}{unit.zh_hant}", f"{value}{gap}{english}")


@dataclass(frozen=True, slots=True)
class Product:
    """A product name that a listing's title is made from.

    ``allowed`` narrows attributes to values that agree with the name: a peanut oil is of peanuts.
    """

    zh_hans: str
    en: str
    allowed: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def samples(self, attribute: Attribute) -> tuple[str, ...]:
        """Give the written values that this product may take for an attribute."""
        return next((values for code, values in self.allowed if code == attribute.code), attribute.samples)


@dataclass(frozen=True, slots=True)
class Category:
    """A node of an industry's tree of categories.

    The root of each tree (``parent`` is empty) carries no attributes and no listings. ``price_low`` and
    ``price_high`` are fen for one sale unit; ``weight_grams`` is for one sale unit. ``title_attributes``
    names the attributes whose values belong in a listing's title. ``motif`` names the drawing.
    """

    code: str
    parent: str
    industry: str
    name: Text
    unit: str
    price_low: int
    price_high: int
    min_order: int
    order_multiple: int
    weight_grams: int
    deliveries: tuple[Delivery, ...]
    hue: int
    motif: str
    attributes: tuple[Attribute, ...]
    title_attributes: tuple[str, ...]
    products: tuple[Product, ...]
    notes: tuple[str, ...]

    @property
    def is_leaf(self) -> bool:
        """Whether listings may stand in it."""
        return bool(self.parent)


@dataclass(frozen=True, slots=True)
class Industry:
    """One of the region's industries, with its tree of categories (the root first)."""

    code: str
    name: Text
    is_service: bool
    hue: int
    categories: tuple[Category, ...]

    @property
    def leaves(self) -> tuple[Category, ...]:
        """The categories that listings stand in."""
        return tuple(category for category in self.categories if category.is_leaf)


def _slug(words: str) -> str:
    """Give a code from English words or from a grade: lower-case letters, digits, hyphens and points."""
    return re.sub(r"[^a-z0-9.]+", "-", words.lower()).strip("-")


def choice(code: str, name: str, *options: str, sku: bool = False, required: bool = True) -> Attribute:
    """Write a choice; each option is written like a name and coded from its English."""
    texts = [Text.of(option) for option in options]
    built = tuple(Option(_slug(text.en), text) for text in texts)
    samples = tuple(option.code for option in built)
    return Attribute(code, Text.of(name), "choice", Text("", "", ""), required, sku, built, samples)


def decimal(
    code: str, name: str, unit: str, *samples: str, sku: bool = False, required: bool = True
) -> Attribute:
    """Write a decimal number, carried as a string."""
    return Attribute(code, Text.of(name), "decimal", Text.of(unit), required, sku, (), samples)


def count(
    code: str, name: str, unit: str, *samples: int, sku: bool = False, required: bool = True
) -> Attribute:
    """Write a whole number."""
    written = tuple(str(sample) for sample in samples)
    return Attribute(code, Text.of(name), "integer", Text.of(unit), required, sku, (), written)


def words(code: str, name: str, *samples: str, sku: bool = False, required: bool = False) -> Attribute:
    """Free text."""
    return Attribute(code, Text.of(name), "text", Text("", "", ""), required, sku, (), samples)


def flag(code: str, name: str, required: bool = False) -> Attribute:
    """Yes or no."""
    return Attribute(
        code, Text.of(name), "boolean", Text("", "", ""), required, False, (), ("true", "true", "false")
    )


@dataclass(frozen=True, slots=True)
class Leaf:
    """A category as a data table writes it; ``industry`` turns it into a ``Category``.

    ``price`` is (low, high) in fen for one unit, ``order`` is (minimum, multiple), ``products`` are
    ``"中文|English"`` lines, optionally with ``"|code=value,value;code=value"`` to narrow attributes;
    ``title`` holds the attribute codes for titles, ``hue`` overrides the industry's.
    """

    code: str
    name: str
    unit: str
    price: tuple[int, int]
    order: tuple[int, int]
    weight_grams: int
    attributes: tuple[Attribute, ...]
    title: tuple[str, ...]
    products: tuple[str, ...]
    notes: tuple[str, ...]
    deliveries: tuple[Delivery, ...] = ("shipment", "pickup")
    hue: int | None = None


def industry(code: str, name: str, hue: int, leaves: tuple[Leaf, ...], service: bool = False) -> Industry:
    """Build an industry and its tree: one root, and the leaves under it."""
    text = Text.of(name)
    root = Category(code, "", code, text, "", 0, 0, 1, 1, 0, (), hue, "", (), (), (), ())
    built = [root, *(_category(code, hue, leaf) for leaf in leaves)]
    return Industry(code, text, service, hue, tuple(built))


def _category(parent: str, hue: int, leaf: Leaf) -> Category:
    products = tuple(_product(line) for line in leaf.products)
    low, high = leaf.price
    minimum, multiple = leaf.order
    return Category(
        code=f"{parent}.{leaf.code}",
        parent=parent,
        industry=parent,
        name=Text.of(leaf.name),
        unit=leaf.unit,
        price_low=low,
        price_high=high,
        min_order=minimum,
        order_multiple=multiple,
        weight_grams=leaf.weight_grams,
        deliveries=leaf.deliveries,
        hue=hue if leaf.hue is None else leaf.hue,
        motif=leaf.code,
        attributes=leaf.attributes,
        title_attributes=leaf.title,
        products=products,
        notes=leaf.notes,
    )


def _product(line: str) -> Product:
    zh_hans, english, *narrowed = line.split("|")
    rules = [rule.split("=") for part in narrowed for rule in part.split(";")]
    return Product(zh_hans, english, tuple((code, tuple(values.split(","))) for code, values in rules))
