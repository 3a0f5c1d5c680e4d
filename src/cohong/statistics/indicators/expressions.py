"""Formulas of indicators: a small part of Python's expressions, turned into Ibis.

Over a table of facts a formula is a measure, with an optional condition over the table's columns:

    sum(base, fact != 'refund')   what the column adds up to
    count(step == 'paid')         how many rows there are
    last(value, field == 'staff') what the rows of each contributor's last month in the period add up to: of what there is at
                                  a moment, like staff, a year has not four times as much as its quarters
    active(fact == 'sale')        how many contributors (sellers, buyers, units) have such a row
    squares(base)                 the sum of the squares of what each contributor's rows add up to
    largest(base, 10)             what the ten largest contributors' rows add up to

Over other indicators it is arithmetic: `100 * refunds / turnover`. A quotient by nothing is unknown, and so is what is
computed from something unknown. Conditions know `==`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `and`, `or`, `not`.
"""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, reduce
from typing import Any, Final

from cohong.statistics.grammar import Arithmetic, Comparison, NotSaid, Words, walk


class FormulaError(ValueError):
    """A formula cannot be read, or names what is not there."""


class Measure(StrEnum):
    """What is done with a contributor's rows."""

    SUM = "sum"
    COUNT = "count"
    LAST = "last"
    ACTIVE = "active"
    SQUARES = "squares"
    LARGEST = "largest"

    @property
    def is_additive(self) -> bool:
        """Say whether the whole is the sum of its places and industries."""
        return self in {Measure.SUM, Measure.COUNT, Measure.LAST}

    @property
    def adds_over_time(self) -> bool:
        """Say whether a year is the sum of its months."""
        return self in {Measure.SUM, Measure.COUNT}


@dataclass(frozen=True)
class Measured:
    """A formula over facts: the measure, its column, its condition, and how many of the largest are meant."""

    measure: Measure
    column: str
    condition: ast.expr | None
    top: int = 0


_COMPARISONS: Final[Mapping[Comparison, Callable[[Any, Any], Any]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda left, right: left.isin(right),
    "not in": lambda left, right: ~left.isin(right),
}
_ARITHMETIC: Final[Mapping[Arithmetic, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    # A denominator of nought makes the quotient unknown, on every engine.
    "/": lambda left, right: left / (right.nullif(0) if hasattr(right, "nullif") else right),
}


@cache
def parse(text: str) -> ast.expr:
    """Read a formula. Raises `FormulaError`."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise FormulaError(f"cannot read “{text}”: {error.msg}") from None


@cache
def measured(text: str, columns: tuple[str, ...]) -> Measured:
    """Read a formula over facts. Raises `FormulaError`."""
    call = parse(text)
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.keywords:
        raise FormulaError(f"“{text}” is no measure")
    if call.func.id not in set(Measure):
        raise FormulaError(f"“{call.func.id}” is no measure")
    measure, arguments = Measure(call.func.id), list(call.args)
    column, top = "", 0
    if measure not in {Measure.COUNT, Measure.ACTIVE}:
        if not arguments or not isinstance(arguments[0], ast.Name):
            raise FormulaError(f"“{text}” has to begin with a column")
        column = arguments.pop(0).id  # type: ignore[attr-defined]
    if measure is Measure.LARGEST:
        if (
            not arguments
            or not isinstance(arguments[0], ast.Constant)
            or not isinstance(arguments[0].value, int)
        ):
            raise FormulaError(f"“{text}” does not say how many")
        top = arguments.pop(0).value  # type: ignore[attr-defined]
    condition = arguments.pop(0) if arguments else None
    if arguments:
        raise FormulaError(f"“{text}” has too much in it")
    named = ({column} if column else set()) | (names(condition) if condition is not None else set())
    if unknown := named - set(columns):
        raise FormulaError(f"“{text}” names what the table has not: {', '.join(sorted(unknown))}")
    if condition is not None:
        _check(condition, text)
    return Measured(measure, column, condition, top)


def names(tree: ast.expr) -> set[str]:
    """Return the names in a formula."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def condition(tree: ast.expr, columns: Mapping[str, Any]) -> Any:
    """Turn a condition into Ibis, over these columns. Raises `FormulaError`."""

    def constant(value: object) -> Any:
        if not isinstance(value, str | int | bool):
            raise FormulaError(f"this cannot be compared: {value!r}")
        return value

    def compared(signs: Sequence[Comparison], operands: Sequence[Any]) -> Any:
        if len(signs) != 1:
            raise FormulaError(f"this is no condition: {ast.unparse(tree)}")
        return _COMPARISONS[signs[0]](*operands)

    words: Words[Any] = Words(
        constant=constant,
        name=lambda name: columns[name],
        listed=list,
        negation=lambda part: ~_truth(part),
        both=lambda parts: reduce(operator.and_, map(_truth, parts)),
        either=lambda parts: reduce(operator.or_, map(_truth, parts)),
        compared=compared,
    )
    try:
        return _truth(walk(tree, words))
    except NotSaid as error:
        raise FormulaError(f"this is no condition: {error}") from None


def _truth(part: Any) -> Any:
    """Refuse a mere value where something has to be true or not."""
    if isinstance(part, str | int | list):
        raise FormulaError(f"this is no condition: {part!r}")
    return part


class _Anything:
    """Stands for a column while a condition is only checked."""

    def __getattr__(self, _: str) -> Any:
        return lambda *_: self

    def _same(self, *_: Any) -> "_Anything":
        return self

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _same  # type: ignore[assignment]
    __and__ = __or__ = __invert__ = __rand__ = __ror__ = _same
    __hash__ = None  # type: ignore[assignment]


def _check(tree: ast.expr, text: str) -> None:
    try:
        condition(tree, {name: _Anything() for name in names(tree)})
    except FormulaError as error:
        raise FormulaError(f"in “{text}”, {error}") from None


def arithmetic(tree: ast.expr, values: Mapping[str, Any]) -> Any:
    """Turn a formula over indicators into Ibis, over their values. Raises `FormulaError`."""

    def constant(value: object) -> Any:
        if not isinstance(value, int | float):
            raise FormulaError(f"this is no arithmetic: {value!r}")
        return value

    def name(name: str) -> Any:
        if name not in values:
            raise FormulaError(f"there is no indicator {name}")
        return values[name]

    words: Words[Any] = Words(
        constant=constant,
        name=name,
        arithmetic=lambda sign, left, right: _ARITHMETIC[sign](left, right),
    )
    try:
        return walk(tree, words)
    except NotSaid as error:
        raise FormulaError(f"this is no arithmetic: {error}") from None
