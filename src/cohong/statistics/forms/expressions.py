"""Rules over fields, such as `goods + services == turnover`: a few words of Python's grammar, checked when they are read.

    turnover                 the field; in a rule for `each` row of a table, that row's
    sum(sales)               a table's field over all its rows
    P101.turnover            a field of another form of the same unit and period; `sum(P102.sales)` of a table there
    last(x), year_ago(x)     the same of the period before, of the year before
    abs(x) min(…) max(…)     as in arithmetic;  zero(x): x, or 0 where nothing stands;  filled(x): whether something stands
    + - * / < <= == != >= > and or not, numbers

What is not filled in is unknown, and so is what is computed from it; a rule that comes out unknown says nothing. All is
computed in fractions, so that no sum is missed by a rounding.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

Value = Fraction | bool | None

_FUNCTIONS: Final = {
    "sum": 1,
    "last": 1,
    "year_ago": 1,
    "abs": 1,
    "zero": 1,
    "filled": 1,
    "min": -1,
    "max": -1,
}
_OPERATORS: Final[dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]]] = {
    ast.Add: lambda one, other: one + other,
    ast.Sub: lambda one, other: one - other,
    ast.Mult: lambda one, other: one * other,
    ast.Div: lambda one, other: one / other,
}
_COMPARISONS: Final[dict[type[ast.cmpop], Callable[[Fraction, Fraction], bool]]] = {
    ast.Lt: lambda one, other: one < other,
    ast.LtE: lambda one, other: one <= other,
    ast.Eq: lambda one, other: one == other,
    ast.NotEq: lambda one, other: one != other,
    ast.GtE: lambda one, other: one >= other,
    ast.Gt: lambda one, other: one > other,
}
_LONGEST: Final = 500


class BadRule(ValueError):  # noqa: N818 - a flaw of a form's file, found when it is read
    """A rule says what a rule cannot say."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that was read: its text, its tree, and the names that it uses as (form, field, summed); form "" is its own."""

    text: str
    tree: ast.expr
    names: frozenset[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Numbers as they were filled in, by field and row; the row of a table without rows is ""."""

    numbers: Mapping[tuple[str, str], Fraction]

    def sum(self, name: str) -> Fraction | None:
        """Add a field up over its rows; None where nothing stands."""
        found = [value for (field_code, _), value in self.numbers.items() if field_code == name]
        return sum(found, Fraction(0)) if found else None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a rule is computed from: this sheet, those of other forms, and the same of earlier periods."""

    sheet: Sheet
    others: Mapping[str, Sheet] = field(default_factory=dict)
    last: "Surroundings | None" = None
    year_ago: "Surroundings | None" = None


def read_rule(text: str) -> Rule:
    """Read a rule. Raises BadRule for whatever is not in this module's list of words."""
    if len(text) > _LONGEST:
        raise BadRule(f"a rule of {len(text)} characters")
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise BadRule(f"cannot be read: {text}") from error
    names: set[tuple[str, str, bool]] = set()
    _check(tree, names, summed=False)
    return Rule(text, tree, frozenset(names))


def _check(node: ast.expr, names: set[tuple[str, str, bool]], *, summed: bool) -> None:  # noqa: C901 - a case a word
    match node:
        case ast.Constant(value=bool()):
            raise BadRule("True and False are no numbers")
        case ast.Constant(value=int() | float()):
            return
        case ast.Name():
            names.add(("", node.id, summed))
        case ast.Attribute(value=ast.Name()):
            names.add((node.value.id, node.attr, summed))  # type: ignore[attr-defined]
        case ast.BinOp(op=op) if type(op) in _OPERATORS:
            _check(node.left, names, summed=False)
            _check(node.right, names, summed=False)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            _check(node.operand, names, summed=False)
        case ast.BoolOp():
            for part in node.values:
                _check(part, names, summed=False)
        case ast.Compare(ops=ops) if all(type(op) in _COMPARISONS for op in ops):
            for part in (node.left, *node.comparators):
                _check(part, names, summed=False)
        case ast.Call(func=ast.Name(id=name), keywords=[]) if name in _FUNCTIONS:
            _check_call(node, name, names)
        case _:
            raise BadRule(f"{type(node).__name__} is not a word of rules")


def _check_call(node: ast.Call, name: str, names: set[tuple[str, str, bool]]) -> None:
    wanted = _FUNCTIONS[name]
    if (wanted >= 0 and len(node.args) != wanted) or not node.args:
        raise BadRule(f"{name}() takes {wanted if wanted >= 0 else 'at least one'}")
    for argument in node.args:
        if name == "sum" and not isinstance(argument, ast.Name | ast.Attribute):
            raise BadRule("sum() takes a field")
        _check(argument, names, summed=name == "sum")


def holds(rule: Rule, around: Surroundings, *, row: str = "") -> bool | None:
    """Tell whether a rule holds, for a row where it is about rows; None where it cannot be said."""
    value = _value(rule.tree, around, row)
    return value if isinstance(value, bool) else None


def _value(node: ast.expr, around: Surroundings, row: str) -> Value:  # noqa: C901, PLR0911 - a case a word
    match node:
        case ast.Constant(value=value):
            return Fraction(str(value))
        case ast.Name(id=name):
            return _look(around.sheet, name, row)
        case ast.Attribute(value=ast.Name(id=form), attr=name):
            other = around.others.get(form)
            return None if other is None else _look(other, name, "")
        case ast.BinOp(left=left, op=op, right=right):
            one, other_one = _number(left, around, row), _number(right, around, row)
            if one is None or other_one is None or (isinstance(op, ast.Div) and not other_one):
                return None
            return _OPERATORS[type(op)](one, other_one)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            said = _value(operand, around, row)
            return not said if isinstance(said, bool) else None
        case ast.UnaryOp(operand=operand):
            number = _number(operand, around, row)
            return None if number is None else -number
        case ast.BoolOp(op=op, values=values):
            return _combined(isinstance(op, ast.And), [_value(one, around, row) for one in values])
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            numbers = [_number(one, around, row) for one in (left, *comparators)]
            return _combined(
                True,
                [
                    None if one is None or other is None else _COMPARISONS[type(op)](one, other)
                    for op, one, other in zip(ops, numbers, numbers[1:], strict=False)
                ],
            )
        case ast.Call():
            return _called(node, around, row)
        case _:
            raise AssertionError(f"{type(node).__name__} passed the check")


def _look(sheet: Sheet, name: str, row: str) -> Fraction | None:
    """Return a field in a row, or of the form as a whole where it has none."""
    found = sheet.numbers.get((name, row))
    return sheet.numbers.get((name, "")) if found is None else found


def _number(node: ast.expr, around: Surroundings, row: str) -> Fraction | None:
    value = _value(node, around, row)
    return None if isinstance(value, bool) else value


def _combined(is_and: bool, parts: list[Value]) -> bool | None:
    """Combine truths of which some may be unknown (Kleene)."""
    decisive = not is_and
    if any(part is decisive for part in parts):
        return decisive
    return None if any(not isinstance(part, bool) for part in parts) else is_and


def _called(node: ast.Call, around: Surroundings, row: str) -> Value:
    name, arguments = node.func.id, node.args  # type: ignore[attr-defined]
    if name == "sum":
        return _summed(arguments[0], around)
    if name in {"last", "year_ago"}:
        then: Surroundings | None = getattr(around, name)
        return None if then is None else _value(arguments[0], then, row)
    if name == "filled":
        return _value(arguments[0], around, row) is not None
    numbers = [_number(one, around, row) for one in arguments]
    if name == "zero":
        return numbers[0] or Fraction(0)
    known = [one for one in numbers if one is not None]
    if len(known) < len(numbers):
        return None
    return abs(known[0]) if name == "abs" else (min if name == "min" else max)(known)


def _summed(node: ast.expr, around: Surroundings) -> Fraction | None:
    if isinstance(node, ast.Name):
        return around.sheet.sum(node.id)
    other = around.others.get(node.value.id)  # type: ignore[attr-defined]
    return None if other is None else other.sum(node.attr)  # type: ignore[attr-defined]
