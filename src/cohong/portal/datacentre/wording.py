"""A formula in words, in the reader's language."""

import ast
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import pgettext_lazy as lazy

from cohong.statistics import api as statistics
from cohong.statistics.api import Definition, IndicatorSource

_SIGNS: Final = {ast.Add: "+", ast.Sub: "−", ast.Mult: "×", ast.Div: "÷"}
_C: Final = "formula"
_COLUMNS: Final[dict[str, Promise]] = {
    "base": lazy("formula", "amounts paid"),
    "value": lazy("formula", "reported values"),
    "orders": lazy("formula", "orders"),
    "quantity": lazy("formula", "pieces"),
    "seconds": lazy("formula", "seconds taken"),
}
_CONDITIONS: Final[dict[str, Promise]] = {
    "fact != 'refund'": lazy("formula", "refunds not deducted"),
    "fact == 'refund'": lazy("formula", "refunds only"),
    "fact == 'sale'": lazy("formula", "sales only"),
    "form == 'b2b'": lazy("formula", "business to business"),
    "form == 'b2c'": lazy("formula", "business to person"),
    "form == 'c2c'": lazy("formula", "person to person"),
    "form == 'c2b'": lazy("formula", "person to business"),
    "form in ('b2c', 'c2c')": lazy("formula", "sold to persons"),
    "form in ('b2b', 'c2b')": lazy("formula", "sold to businesses"),
    "form in ('b2b', 'b2c')": lazy("formula", "sold by businesses"),
    "service": lazy("formula", "services"),
    "not service": lazy("formula", "goods"),
    "cross_border": lazy("formula", "across the border"),
    "channel == 'mobile'": lazy("formula", "ordered on a phone"),
    "step == 'shipped'": lazy("formula", "shipped whole"),
    "step == 'delivered'": lazy("formula", "delivered"),
    "step == 'return_wanted'": lazy("formula", "return asked for"),
    "step == 'disputed'": lazy("formula", "disputed"),
    "step == 'payment_made'": lazy("formula", "payment made"),
    "step == 'payment_failed'": lazy("formula", "payment failed"),
    "step in ('payment_made', 'payment_failed')": lazy("formula", "payment tried"),
    "value > 0": lazy("formula", "above zero"),
}
_WHO: Final[dict[str, Promise]] = {
    IndicatorSource.SALES: lazy("formula", "sellers"),
    IndicatorSource.PURCHASES: lazy("formula", "buyers"),
    IndicatorSource.STEPS: lazy("formula", "sellers"),
    IndicatorSource.REPORTS: lazy("formula", "units"),
    IndicatorSource.GIVEN: lazy("formula", "units"),
}


def in_words(one: Definition) -> str:
    """Say in words how an indicator is computed."""
    if one.source is IndicatorSource.INDICATORS:
        return _arithmetic(one.tree)
    found = one.measured
    said = {
        "column": _COLUMNS.get(found.column, found.column),
        "who": _WHO[one.source],
        "count": found.top,
    }
    whole = {
        "sum": pgettext("formula", "sum of {column}"),
        "count": pgettext("formula", "number of steps"),
        "last": pgettext("formula", "{column} of each of the {who}’ last report in the period"),
        "active": pgettext("formula", "number of different {who}"),
        "squares": pgettext("formula", "sum of the squares of each of the {who}’ {column}"),
        "largest": pgettext("formula", "{column} of the {count} largest {who}"),
    }[found.measure].format(**said)
    conditions = _conditions(found.condition) if found.condition is not None else []
    return (
        gettext("{what}: {conditions}").format(what=whole, conditions=_joined(conditions))
        if conditions
        else whole
    )


def _joined(parts: list[str]) -> str:
    return pgettext("between parts of a list", ", ").join(parts)


def _conditions(tree: ast.expr) -> list[str]:
    if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And):
        return [said for part in tree.values for said in _conditions(part)]
    known = _CONDITIONS.get(ast.unparse(tree))
    if known is not None:
        return [str(known)]
    if isinstance(tree, ast.Compare) and isinstance(tree.left, ast.Name):
        named = [str(node.value) for node in ast.walk(tree.comparators[0]) if isinstance(node, ast.Constant)]
        if tree.left.id == "form":
            return [_form(named[0])]
        if tree.left.id == "field":
            return [pgettext("formula", "field {name}").format(name=" / ".join(named))]
        if tree.left.id == "series":
            return [pgettext("formula", "official figure {name}").format(name=" / ".join(named))]
    return [ast.unparse(tree)]


def _form(code: str) -> str:
    name = next(
        (one.names.shown(statistics_language()) for one in statistics.forms() if one.code == code), ""
    )
    return pgettext("formula", "form {code} {name}").format(code=code, name=name).strip()


def statistics_language() -> str:
    """Return the reader's language."""
    from django.utils.translation import get_language  # noqa: PLC0415

    return get_language() or "zh-hans"


def _arithmetic(tree: ast.expr) -> str:
    if isinstance(tree, ast.BinOp):
        sign = _SIGNS[type(tree.op)]
        return f"{_arithmetic(tree.left)} {sign} {_arithmetic(tree.right)}"
    if isinstance(tree, ast.Name):
        return str(statistics.tree().by_code[tree.id].names)
    return ast.unparse(tree)
