"""Do the figures agree with the ledger, to the cent? Facts come from documents and the ledger from transfers: two witnesses.

Of each order that was paid in full, what its buyer paid into escrow less what went back to them must be what the facts of
trade add up to; and the observations must be what the facts add up to. Facts that were taken over from elsewhere have no
ledger to agree with: how much of them there is is said apart.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.conf import settings

from cohong.kernel import journal
from cohong.kernel.money import Money, exponent
from cohong.payments import api as payments
from cohong.statistics.facts import reading, store, taking_over
from cohong.statistics.facts.shapes import Table
from cohong.statistics.observing import selectors
from cohong.statistics.periods import Frequency

_AT_ONCE: Final = 5_000


@dataclass
class Reconciliation:
    """What was compared, by currency in minor units, and every difference, named.

    `taken_over` is what facts from elsewhere add up to, by origin, in minor units of the region's currency.
    """

    orders: int = 0
    facts: dict[str, int] = field(default_factory=dict)
    ledger: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    without_rate: int = 0
    taken_over: dict[str, int] = field(default_factory=dict)


def reconcile() -> Reconciliation:
    """Compare facts with the ledger, and observations with facts. Reads everything; changes nothing."""
    done = Reconciliation()
    by_order = _facts()
    facts: defaultdict[str, int] = defaultdict(int)
    ledger: defaultdict[str, int] = defaultdict(int)
    for order_id, currency, minor, paid in _compared(by_order):
        facts[currency] += minor
        ledger[currency] += paid
        if paid != minor:
            done.differences.append(
                f"order {order_id}: {Money(minor, currency)} in the facts, {Money(paid, currency)} in the ledger"
            )
    done.orders, done.facts, done.ledger = len(by_order), dict(facts), dict(ledger)
    done.differences += _observed()
    done.without_rate = _without_rate()
    for one in taking_over.takeovers():
        done.taken_over[one.origin] = done.taken_over.get(one.origin, 0) + one.base
    return done


def _compared(by_order: Mapping[UUID, tuple[str, int]]) -> Iterator[tuple[UUID, str, int, int]]:
    """Go through (order, currency, facts, ledger): what came into escrow less what went back, wherever it came from."""
    ids = sorted(by_order)
    for start in range(0, len(ids), _AT_ONCE):
        for order_id, flow in payments.flows_of(order_ids=ids[start : start + _AT_ONCE]).items():
            back = flow.refunded + flow.returned + flow.returning + flow.given_back + flow.fee_returned
            yield order_id, *by_order[order_id], flow.paid_in - back


def _facts() -> Mapping[UUID, tuple[str, int]]:
    table = reading.open_table(reading.connect(), Table.TRADE, journal_only=True)
    found = (
        table.filter(table.fact.isin(["sale", "refund"]))
        .group_by(["trade", "currency"])
        .agg(minor=table.minor.sum(where=table.fact.isin(["sale", "refund"])))
        .to_pyarrow()
        .to_pylist()
    )
    subjects = journal.subjects_at([row["trade"] for row in found])
    return {subjects[row["trade"]]: (row["currency"], int(row["minor"])) for row in found}


def _observed() -> list[str]:
    """Compare the yearly totals that were observed with the facts of those years."""
    if lost := store.lost_taken_over():
        return [f"{len(lost)} files of facts that were taken over are lost, the first is {lost[0][2]}"]
    table = reading.open_table(reading.connect(), Table.TRADE)
    found = table.group_by(year=table.day.year()).agg(base=table.base.sum()).to_pyarrow().to_pylist()
    wanted = {str(row["year"]): row["base"] or 0 for row in found}
    observed = {
        one.period: one.value
        for one in selectors.series(indicators=["net_turnover"], frequency=Frequency.YEAR)
        if one.value is not None
    }
    scale = exponent(settings.COHONG_CURRENCY)
    return [
        f"{year}: {Decimal(minor).scaleb(-scale)} in the facts, {observed.get(year)} observed"
        for year, minor in sorted(wanted.items())
        if observed and observed.get(year, Decimal(0)) != Decimal(minor).scaleb(-scale)
    ]


def _without_rate() -> int:
    table = reading.open_table(reading.connect(), Table.TRADE, journal_only=True)
    return int(table.filter(table.base.isnull()).count().to_pyarrow().as_py())
