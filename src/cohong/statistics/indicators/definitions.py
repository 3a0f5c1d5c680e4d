"""Definitions of indicators: read from data, and checked as a whole before anything is computed from them."""

import ast
import tomllib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec
from django.utils.translation import get_language

from cohong.statistics.facts.shapes import COLUMNS, Table
from cohong.statistics.indicators import expressions
from cohong.statistics.indicators.expressions import FormulaError, Measured
from cohong.statistics.periods import Frequency


class Source(StrEnum):
    """What an indicator is computed from, and whose rows are told apart: contributors are what disclosure control protects."""

    SALES = "sales"  # facts of trade, at the seller's region; contributors are sellers
    PURCHASES = "purchases"  # facts of trade, at the buyer's region; contributors are buyers
    STEPS = "steps"  # steps of orders, at the seller's region
    REPORTS = "reports"  # approved reports of units, at the unit's region
    GIVEN = "given"  # official figures that others state, at the region they are of
    INDICATORS = "indicators"


#: Source → table's columns, contributor, region.
_REPORTED: Final = ("day", "unit", "region", "industry", "market", "form", "field", "value")
_GIVEN: Final = ("day", "unit", "region", "industry", "market", "series", "value", "grain")
SHAPES: Final[Mapping[Source, tuple[tuple[str, ...], str, str]]] = {
    Source.SALES: (tuple(name for name, _ in COLUMNS[Table.TRADE]), "seller", "seller_region"),
    Source.PURCHASES: (tuple(name for name, _ in COLUMNS[Table.TRADE]), "buyer", "buyer_region"),
    Source.STEPS: (tuple(name for name, _ in COLUMNS[Table.STEPS]), "seller", "seller_region"),
    Source.REPORTS: (_REPORTED, "unit", "region"),
    Source.GIVEN: (_GIVEN, "unit", "region"),
}


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text in three languages."""

    zh_hans: str
    zh_hant: str
    en: str

    def __str__(self) -> str:
        language = (get_language() or "").lower()
        return self.zh_hant if "hant" in language else self.zh_hans if "zh" in language else self.en


class Unit(StrEnum):
    """What an indicator's number counts. Money is in the region's currency."""

    MONEY = "money"
    ORDERS = "orders"
    PIECES = "pieces"
    PERSONS = "persons"
    FIRMS = "firms"
    SITES = "sites"
    PERCENT = "percent"
    DAYS = "days"
    NUMBER = "number"


class Definition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an indicator is: its code, what it is called, of what and how it is computed, and what it must not be taken for."""

    code: str
    group: str
    names: Texts
    unit: Unit
    source: Source
    formula: str
    scope: Texts
    counting: Texts
    frequency: Frequency = Frequency.MONTH
    is_public: bool = True
    #: Of the nation as a whole: it stands in the total cell alone.
    is_national: bool = False

    @property
    def measured(self) -> Measured:
        """Return the formula over facts. Raises `FormulaError`."""
        return expressions.measured(self.formula, SHAPES[self.source][0])

    @property
    def tree(self) -> ast.expr:
        """Return the formula over indicators. Raises `FormulaError`."""
        return expressions.parse(self.formula)

    @property
    def is_additive(self) -> bool:
        """Say whether cities sum to the province, and industries to the total."""
        return self.source is not Source.INDICATORS and self.measured.measure.is_additive

    @property
    def adds_over_time(self) -> bool:
        """Say whether months sum to the year."""
        return self.source is not Source.INDICATORS and self.measured.measure.adds_over_time


class DefinitionFlawed(ValueError):  # noqa: N818 - read as what happened
    """The definitions cannot be used as they are."""


class Tree:
    """All definitions, checked, in an order in which each comes after what it is computed from."""

    def __init__(self, definitions: Iterable[Definition]) -> None:
        """Check the definitions. Raises `DefinitionFlawed`."""
        self.by_code: dict[str, Definition] = {}
        for one in definitions:
            if one.code in self.by_code or not one.code.isidentifier():
                raise DefinitionFlawed(f"{one.code}: defined twice, or no good name")
            self.by_code[one.code] = one
        self.ordered: list[Definition] = []
        for one in self.by_code.values():
            self._place(one, ())

    def _place(self, one: Definition, path: tuple[str, ...]) -> None:
        if one in self.ordered:
            return
        if one.code in path:
            raise DefinitionFlawed(f"{' → '.join((*path, one.code))}: computed from itself")
        for code in self.parents(one.code):
            self._place(self.by_code[code], (*path, one.code))
        self.ordered.append(one)

    def parents(self, code: str) -> list[str]:
        """Return the indicators that one is computed from at once. Raises `DefinitionFlawed`."""
        one = self.by_code[code]
        try:
            if one.source is not Source.INDICATORS:
                _ = one.measured  # read to be checked
                return []
            found = sorted(expressions.names(one.tree))
            expressions.arithmetic(one.tree, dict.fromkeys(self.by_code, 1))
        except FormulaError as error:
            raise DefinitionFlawed(f"{code}: {error}") from None
        return found

    def lineage(self, code: str) -> list[Definition]:
        """Return all that an indicator is computed from, nearest first, itself not included."""
        found: list[str] = []
        waiting = self.parents(code)
        while waiting:
            parent = waiting.pop(0)
            if parent not in found:
                found.append(parent)
                waiting += self.parents(parent)
        return [self.by_code[one] for one in found]

    def of(self, source: Source) -> list[Definition]:
        """Return the indicators that are computed from a source."""
        return [one for one in self.ordered if one.source is source]


class _File(msgspec.Struct, forbid_unknown_fields=True):
    indicator: list[Definition]


@cache
def tree() -> Tree:
    """Return the indicators of the house. Raises `DefinitionFlawed`."""
    text = files("cohong.statistics").joinpath("data/indicators.toml").read_text()
    return read(text)


def read(text: str) -> Tree:
    """Read definitions from TOML. Raises `DefinitionFlawed`."""
    try:
        found = msgspec.convert(tomllib.loads(text), _File)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise DefinitionFlawed(str(error)) from None
    return Tree(found.indicator)
