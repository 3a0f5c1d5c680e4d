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
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from cohong.statistics.grammar import Arithmetic, Comparison, NotSaid, Words, walk

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
_OPERATORS: Final[Mapping[Arithmetic, Callable[[Fraction, Fraction], Fraction]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_COMPARISONS: Final[Mapping[Comparison, Callable[[Fraction, Fraction], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
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
    try:
        walk(tree, _reading(names, summed=False))
    except NotSaid as error:
        raise BadRule(f"{error} is not a word of rules") from None
    return Rule(text, tree, frozenset(names))


def _reading(names: set[tuple[str, str, bool]], *, summed: bool) -> Words[None]:
    """Only read: note the names that are used, and refuse what cannot be computed."""

    def constant(value: object) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadRule("only numbers stand in rules")

    def compared(signs: Sequence[Comparison], _operands: object) -> None:
        if not set(signs) <= _COMPARISONS.keys():
            raise BadRule("rules know no “in”")

    def called(name: str, arguments: Sequence[ast.expr]) -> None:
        if name not in _FUNCTIONS:
            raise BadRule(f"{name}() is not a word of rules")
        wanted = _FUNCTIONS[name]
        if (wanted >= 0 and len(arguments) != wanted) or not arguments:
            raise BadRule(f"{name}() takes {wanted if wanted >= 0 else 'at least one'}")
        if name == "sum" and not isinstance(arguments[0], ast.Name | ast.Attribute):
            raise BadRule("sum() takes a field")
        for argument in arguments:
            walk(argument, _reading(names, summed=name == "sum"))

    return Words(
        constant=constant,
        name=lambda name: names.add(("", name, summed)),
        member=lambda form, name: names.add((form, name, summed)),
        arithmetic=lambda *_: None,
        negative=lambda _: None,
        negation=lambda _: None,
        both=lambda _: None,
        either=lambda _: None,
        compared=compared,
        called=called,
    )


def holds(rule: Rule, around: Surroundings, *, row: str = "") -> bool | None:
    """Tell whether a rule holds, for a row where it is about rows; None where it cannot be said."""
    value = walk(rule.tree, _computing(around, row))
    return value if isinstance(value, bool) else None


@dataclass(frozen=True, slots=True)
class Sides:
    """A rule that holds a field of its own form against something: `part <= whole`, or `field == what it comes to`."""

    field: str
    other: ast.expr
    is_exact: bool


def sides(rule: Rule) -> Sides | None:
    """Return what a rule holds against what, if it is such a one: the field that stands alone, of two the first.

    `abs(field - x) <= 0.01` is `field == x` for what is rounded; what comes before a last `or` says when it need not hold.
    """
    node = rule.tree.values[-1] if isinstance(rule.tree, ast.BoolOp) else rule.tree
    match node:
        case ast.Compare(left=ast.Call(func=ast.Name(id="abs"), args=[difference]), ops=[_]):
            match difference:
                case ast.BinOp(left=ast.Name(id=field), op=ast.Sub(), right=other):
                    return Sides(field, other, is_exact=True)
            return None
        case ast.Compare(left=ast.Name(id=field), ops=[sign], comparators=[other]):
            return Sides(field, other, is_exact=isinstance(sign, ast.Eq))
        case ast.Compare(left=other, ops=[sign], comparators=[ast.Name(id=field)]):
            return Sides(field, other, is_exact=isinstance(sign, ast.Eq))
    return None


def comes_to(node: ast.expr, around: Surroundings) -> Fraction | None:
    """Compute one side of a rule. A sum comes out as far as its parts are known, if any is; None where it cannot be said."""
    value = _number(walk(node, _computing(around, "")))
    if value is not None or not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Add):
        return value
    parts = [comes_to(one, around) for one in (node.left, node.right)]
    known = [one for one in parts if one is not None]
    return sum(known, Fraction(0)) if known else None


def _computing(around: Surroundings, row: str) -> Words[Value]:
    """Compute: numbers in fractions, truths that may be unknown."""

    def member(form: str, name: str) -> Value:
        other = around.others.get(form)
        return None if other is None else _look(other, name, "")

    def arithmetic(sign: Arithmetic, left: Value, right: Value) -> Value:
        one, other = _number(left), _number(right)
        if one is None or other is None or (sign == "/" and not other):
            return None
        return _OPERATORS[sign](one, other)

    def negative(value: Value) -> Value:
        number = _number(value)
        return None if number is None else -number

    def compared(signs: Sequence[Comparison], operands: Sequence[Value]) -> Value:
        numbers = [_number(one) for one in operands]
        return _combined(
            True,
            [
                None if one is None or other is None else _COMPARISONS[sign](one, other)
                for sign, one, other in zip(signs, numbers, numbers[1:], strict=False)
            ],
        )

    return Words(
        constant=lambda value: Fraction(str(value)),
        name=lambda name: _look(around.sheet, name, row),
        member=member,
        arithmetic=arithmetic,
        negative=negative,
        negation=lambda value: not value if isinstance(value, bool) else None,
        both=lambda parts: _combined(True, parts),
        either=lambda parts: _combined(False, parts),
        compared=compared,
        called=lambda name, arguments: _called(name, arguments, around, row),
    )


def _look(sheet: Sheet, name: str, row: str) -> Fraction | None:
    """Return a field in a row, or of the form as a whole where it has none."""
    found = sheet.numbers.get((name, row))
    return sheet.numbers.get((name, "")) if found is None else found


def _number(value: Value) -> Fraction | None:
    return None if isinstance(value, bool) else value


def _combined(is_and: bool, parts: Sequence[Value]) -> bool | None:
    """Combine truths of which some may be unknown (Kleene)."""
    decisive = not is_and
    if any(part is decisive for part in parts):
        return decisive
    return None if any(not isinstance(part, bool) for part in parts) else is_and


def _called(name: str, arguments: Sequence[ast.expr], around: Surroundings, row: str) -> Value:
    if name == "sum":
        return walk(arguments[0], _summing(around))
    if name in {"last", "year_ago"}:
        then: Surroundings | None = getattr(around, name)
        return None if then is None else walk(arguments[0], _computing(then, row))
    values = [walk(one, _computing(around, row)) for one in arguments]
    if name == "filled":
        return values[0] is not None
    numbers = [_number(one) for one in values]
    if name == "zero":
        return numbers[0] or Fraction(0)
    known = [one for one in numbers if one is not None]
    if len(known) < len(numbers):
        return None
    return abs(known[0]) if name == "abs" else (min if name == "min" else max)(known)


def _summing(around: Surroundings) -> Words[Value]:
    """Add a field up over all rows of its table."""

    def member(form: str, name: str) -> Value:
        other = around.others.get(form)
        return None if other is None else other.sum(name)

    return Words(name=around.sheet.sum, member=member)
