"""From a figure to the orders behind it: for officers, within their regions, some at a time, and each look recorded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cohong.kernel import journal
from cohong.kernel.errors import BadInput, NotFound
from cohong.kernel.money import exponent
from cohong.parties import api as parties
from cohong.parties.api import Actor, DeskAct
from cohong.statistics.access import READ, remit_of
from cohong.statistics.facts import reading
from cohong.statistics.facts.shapes import Table
from cohong.statistics.indicators import expressions
from cohong.statistics.indicators.definitions import SHAPES, Definition, Source, Unit, tree
from cohong.statistics.observing.computing import places
from cohong.statistics.periods import Period

TRACED: Final = frozenset({Source.SALES, Source.PURCHASES, Source.STEPS})
"""What comes from orders, and can be followed back to them."""
PAGE: Final = 50
MOST_PAGES: Final = 200


class NotFromOrders(BadInput):
    """The indicator is computed from others, or from reports."""

    message = _("No orders stand behind this figure: it is computed from other indicators, or from reports.")


class NoSuchIndicator(NotFound):
    """There is no such indicator."""


@dataclass(frozen=True, slots=True)
class OrderBehind:
    """An order and what it adds to a figure: an amount in whole units of the region's currency, or a number."""

    order_id: UUID | None
    position: int
    value: Decimal
    rows: int


@dataclass(frozen=True, slots=True)
class OrdersBehind:
    """A page of the orders behind a figure, those that add most first; `orders` and `value` are of all of them."""

    items: tuple[OrderBehind, ...]
    orders: int
    value: Decimal
    page: int
    has_more: bool


def orders_behind(
    *,
    actor: Actor,
    indicator: str,
    period: str,
    region: str = "",
    industry: str = "",
    market: str = "",
    page: int = 1,
) -> OrdersBehind:
    """Return the orders that a figure is made of, and record that somebody looked.

    A city's officers see those of its region only; the total (no region) is a province's. Raises MandateMissing, ScopeMissing,
    NotYourRegion, NoSuchIndicator, PeriodUnreadable, NotFromOrders.
    """
    remit = remit_of(actor, scope=READ)
    one = tree().by_code.get(indicator)
    if one is None:
        raise NoSuchIndicator
    if one.source not in TRACED:
        raise NotFromOrders
    remit.check_figure(region)
    when = Period.parse(period)
    page = min(max(page, 1), MOST_PAGES)
    facts = _facts(one, when)
    for column, value in (("industry", industry), ("market", market)):
        if value:
            facts = facts.filter(facts[column] == value)
    if region:
        inside = [each.code for each in places() if region in {each.code, each.city, each.province}]
        facts = facts.filter(facts[SHAPES[one.source][2]].isin(inside or [region]))
    found, orders, whole = _page(one, facts, page)
    if not actor.is_system:
        parties.note_at_desk(
            # The scope was asked for above. That somebody looked is recorded of programs, too, and takes none.
            actor=replace(actor, scopes=None),
            what=DeskAct.LOOK,
            about=" ".join(part for part in (indicator, period, region, industry, market) if part),
        )
    subjects = journal.subjects_at([trade for trade, *_ in found])
    items = tuple(
        OrderBehind(subjects.get(trade), trade, _value(one, value), rows) for trade, value, rows in found
    )
    return OrdersBehind(
        items[:PAGE], orders, _value(one, whole), page, len(items) > PAGE and page < MOST_PAGES
    )


def _facts(one: Definition, when: Period) -> Any:
    table = Table.STEPS if one.source is Source.STEPS else Table.TRADE
    backend = reading.connect(memory_mb=512)
    facts = reading.open_table(backend, table, first=when.start, last=when.end)
    # Behind facts that were taken over from elsewhere there are no orders here.
    facts = facts.filter(facts["position"] >= 0)
    condition = one.measured.condition
    if condition is None:
        return facts
    columns = {name: facts[name] for name in SHAPES[one.source][0]}
    return facts.filter(expressions.condition(condition, columns))


def _page(one: Definition, facts: Any, page: int) -> tuple[Sequence[tuple[int, int, int]], int, int]:
    """Add up what each order adds; return one page and one more, how many orders there are, and what all add."""
    import ibis  # noqa: PLC0415 - slow to import

    column = one.measured.column
    by_order = facts.group_by("trade").aggregate(
        value=facts[column].sum().cast("int64") if column else facts.count(), rows=facts.count()
    )
    whole = by_order.aggregate(orders=by_order.count(), value=by_order.value.sum().cast("int64")).to_pyarrow()
    some = by_order.order_by(ibis.desc(by_order.value.abs()), by_order.trade).limit(
        PAGE + 1, offset=(page - 1) * PAGE
    )
    rows = [(row["trade"], row["value"] or 0, row["rows"]) for row in some.to_pyarrow().to_pylist()]
    [sums] = whole.to_pylist()
    return rows, sums["orders"], sums["value"] or 0


def _value(one: Definition, value: int) -> Decimal:
    return (
        Decimal(value).scaleb(-exponent(settings.COHONG_CURRENCY))
        if one.unit is Unit.MONEY
        else Decimal(value)
    )
