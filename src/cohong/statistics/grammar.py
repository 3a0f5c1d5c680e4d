"""The small part of Python's expressions in which rules and formulas are written, walked in one place.

Whoever gives the words a meaning says what each form of them comes to (`Words`): a number, a statement of an engine, or
nothing but that it may be said. A form that it does not know is refused, so that a text can never do more than its words.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeVar

T = TypeVar("T")
Arithmetic = Literal["+", "-", "*", "/"]
Comparison = Literal["<", "<=", "==", "!=", ">=", ">", "in", "not in"]

_ARITHMETIC: Final[Mapping[type[ast.operator], Arithmetic]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}
_COMPARISONS: Final[Mapping[type[ast.cmpop], Comparison]] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.GtE: ">=",
    ast.Gt: ">",
    ast.In: "in",
    ast.NotIn: "not in",
}


class NotSaid(ValueError):  # noqa: N818 - a form that has no meaning here
    """These words do not have this form. Holds what stood there."""

    def __init__(self, node: ast.AST) -> None:
        """Keep what stood there."""
        super().__init__(ast.unparse(node))
        self.node = node


@dataclass(frozen=True, kw_only=True)
class Words(Generic[T]):
    """What each form means; one that is not given a meaning is refused by `walk`."""

    constant: Callable[[object], T] | None = None
    name: Callable[[str], T] | None = None
    #: Of something, by its name: a field of another form.
    member: Callable[[str, str], T] | None = None
    listed: Callable[[Sequence[T]], T] | None = None
    arithmetic: Callable[[Arithmetic, T, T], T] | None = None
    negative: Callable[[T], T] | None = None
    negation: Callable[[T], T] | None = None
    both: Callable[[Sequence[T]], T] | None = None
    either: Callable[[Sequence[T]], T] | None = None
    #: Of as many signs as stand between the operands: 1 < x < 3.
    compared: Callable[[Sequence[Comparison], Sequence[T]], T] | None = None
    #: A call has its arguments unread: what they mean depends on what is called.
    called: Callable[[str, Sequence[ast.expr]], T] | None = None


def walk(node: ast.expr, words: Words[T]) -> T:  # noqa: C901, PLR0911 - a case a form
    """Return what an expression comes to. Raises NotSaid for a form without a meaning."""
    match node:
        case ast.Constant(value=value) if words.constant is not None:
            return words.constant(value)
        case ast.Name(id=name) if words.name is not None:
            return words.name(name)
        case ast.Attribute(value=ast.Name(id=owner), attr=name) if words.member is not None:
            return words.member(owner, name)
        case ast.Tuple(elts=parts) | ast.List(elts=parts) if words.listed is not None:
            return words.listed([walk(one, words) for one in parts])
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC and words.arithmetic:
            return words.arithmetic(_ARITHMETIC[type(op)], walk(left, words), walk(right, words))
        case ast.UnaryOp(op=ast.USub(), operand=operand) if words.negative is not None:
            return words.negative(walk(operand, words))
        case ast.UnaryOp(op=ast.Not(), operand=operand) if words.negation is not None:
            return words.negation(walk(operand, words))
        case ast.BoolOp(op=ast.And(), values=parts) if words.both is not None:
            return words.both([walk(one, words) for one in parts])
        case ast.BoolOp(op=ast.Or(), values=parts) if words.either is not None:
            return words.either([walk(one, words) for one in parts])
        case ast.Compare(left=left, ops=ops, comparators=others) if words.compared is not None and all(
            type(one) in _COMPARISONS for one in ops
        ):
            signs = [_COMPARISONS[type(one)] for one in ops]
            return words.compared(signs, [walk(one, words) for one in (left, *others)])
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if words.called is not None:
            return words.called(name, arguments)
        case _:
            raise NotSaid(node)
