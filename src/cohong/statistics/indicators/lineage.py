"""From an indicator down to the documents that its figures come from."""

import ast
from collections.abc import Iterator
from typing import Final

from cohong.statistics.facts.shapes import Fact, Step
from cohong.statistics.facts.writing import STEPS
from cohong.statistics.indicators.definitions import Definition, Source

_OF_FACT: Final[dict[str, tuple[str, ...]]] = {
    Fact.SALE: ("orders.placed", "orders.paid"),
    Fact.REFUND: ("orders.refunded", "orders.cancelled", "orders.closed_short"),
    Fact.EXCLUDED: ("statistics.trade_excluded",),
    Fact.RESTORED: ("statistics.trade_restored",),
}
#: Whole payments and whole shipments are steps that no kind of document states by itself.
_OF_STEP: Final[dict[str, str]] = {Step.PAID: "orders.paid", Step.SHIPPED: "orders.shipped"}
_REPORTED: Final = ("statistics.report_submitted", "statistics.report_reviewed")
_STATED: Final = ("statistics.figures_stated",)
#: Where parties and goods belong, and what foreign money is worth, facts have from these.
_KNOWN: Final = ("parties.registered", "parties.details_changed", "catalog.published", "payments.rate_set")


def documents_of(one: Definition) -> tuple[str, ...]:
    """Return the kinds of documents that an indicator's facts or reports are written from; none of one over indicators."""
    if one.source is Source.REPORTS:
        return _REPORTED
    if one.source is Source.GIVEN:
        return _STATED
    if one.source is Source.INDICATORS:
        return ()
    if one.source is Source.STEPS:
        steps = _named(one, "step", tuple(Step))
        kinds = [kind for kind, step in STEPS.items() if step in steps]
        kinds += [kind for step, kind in _OF_STEP.items() if step in steps]
    else:
        kinds = [kind for fact in _named(one, "fact", tuple(Fact)) for kind in _OF_FACT[fact]]
    return (*dict.fromkeys(kinds), *_KNOWN)


def _named(one: Definition, column: str, every: tuple[str, ...]) -> list[str]:
    """Return which of a column's values a formula's condition lets through."""
    condition = one.measured.condition
    left = list(every)
    for compare in _comparisons(condition, column):
        named = {node.value for node in ast.walk(compare.comparators[0]) if isinstance(node, ast.Constant)}
        wanted = not isinstance(compare.ops[0], ast.NotEq | ast.NotIn)
        left = [value for value in left if (value in named) is wanted]
    return left


def _comparisons(condition: ast.expr | None, column: str) -> Iterator[ast.Compare]:
    if condition is None:
        return
    for node in ast.walk(condition):
        if isinstance(node, ast.Compare) and isinstance(node.left, ast.Name) and node.left.id == column:
            yield node
