"""Formulas of indicators: a small part of Python's expressions, turned into Ibis.

Over a table of facts a formula is a measure, with an optional condition over the table's columns:

    sum(base, fact != 'refund')   what the column adds up to
    count(step == 'paid')         how many rows there are
    active(fact == 'sale')        how many contributors (sellers, buyers, units) have such a row
    squares(base)                 the sum of the squares of what each contributor's rows add up to
    largest(base, 10)             what the ten largest contributors' rows add up to

Over other indicators it is arithmetic: `100 * refunds / turnover`. A quotient by nothing is unknown, and so is what is
computed from something unknown. Conditions know `==`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `and`, `or`, `not`.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final


class FormulaError(ValueError):
    """A formula cannot be read, or names what is not there."""


class Measure(StrEnum):
    """What is done with a contributor's rows."""

    SUM = "sum"
    COUNT = "count"
    ACTIVE = "active"
    SQUARES = "squares"
    LARGEST = "largest"

    @property
    def is_additive(self) -> bool:
        """Say whether the whole is the sum of its parts."""
        return self in {Measure.SUM, Measure.COUNT}


@dataclass(frozen=True)
class Measured:
    """A formula over facts: the measure, its column, its condition, and how many of the largest are meant."""

    measure: Measure
    column: str
    condition: ast.expr | None
    top: int = 0


_COMPARISONS: Final[dict[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left.isin(right),
    ast.NotIn: lambda left, right: ~left.isin(right),
}
_ARITHMETIC: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    # A denominator of nought makes the quotient unknown, on every engine.
    ast.Div: lambda left, right: left / (right.nullif(0) if hasattr(right, "nullif") else right),
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
    """Turn a condition into Ibis, over these columns."""
    if isinstance(tree, ast.BoolOp):
        parts = [condition(one, columns) for one in tree.values]
        join = operator.and_ if isinstance(tree.op, ast.And) else operator.or_
        whole = parts[0]
        for part in parts[1:]:
            whole = join(whole, part)
        return whole
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not):
        return ~condition(tree.operand, columns)
    if isinstance(tree, ast.Compare) and len(tree.ops) == 1:
        compare = _COMPARISONS.get(type(tree.ops[0]))
        if compare is not None:
            return compare(_operand(tree.left, columns), _operand(tree.comparators[0], columns))
    if isinstance(tree, ast.Name):
        return columns[tree.id]
    raise FormulaError(f"this is no condition: {ast.unparse(tree)}")


def _operand(tree: ast.expr, columns: Mapping[str, Any]) -> Any:
    if isinstance(tree, ast.Name):
        return columns[tree.id]
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str | int | bool):
        return tree.value
    if isinstance(tree, ast.Tuple | ast.List):
        return [_operand(one, columns) for one in tree.elts]
    raise FormulaError(f"this cannot be compared: {ast.unparse(tree)}")


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
    if isinstance(tree, ast.BinOp) and type(tree.op) in _ARITHMETIC:
        return _ARITHMETIC[type(tree.op)](arithmetic(tree.left, values), arithmetic(tree.right, values))
    if isinstance(tree, ast.Name):
        if tree.id not in values:
            raise FormulaError(f"there is no indicator {tree.id}")
        return values[tree.id]
    if isinstance(tree, ast.Constant) and isinstance(tree.value, int | float):
        return tree.value
    raise FormulaError(f"this is no arithmetic: {ast.unparse(tree)}")
