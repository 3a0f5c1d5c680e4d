"""Today's trade, as it comes in: from the facts of the day, at most some seconds behind.

What is told to everyone moves on in batches of orders, each of which is safe by the rules of disclosure control by itself. So
whoever watches a figure grow sees what many traders did together, and never one order. Batches follow the order of the
journal: each process comes to the same ones. An officer sees everything.

The facts of a day are read once: each look adds what is new since the last one.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from threading import Lock
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings

from cohong.kernel import clock, journal, sets
from cohong.kernel.money import exponent
from cohong.parties.api import Actor
from cohong.statistics.access import READ, remit_of
from cohong.statistics.disclosure.cells import Facts
from cohong.statistics.disclosure.rules import Rules
from cohong.statistics.facts import store
from cohong.statistics.facts.shapes import Fact, Table
from cohong.statistics.observing.computing import places

LEAST_ORDERS: Final = 10
"""A batch has at least so many orders."""
_RULES: Final = Rules()
_READ: Final = ("position", "fact", "trade", "seller", "seller_region", "industry", "base")


@dataclass(frozen=True, slots=True)
class Traded:
    """So many paid orders, and what was paid for them in whole units of the region's currency; refunds are not deducted."""

    orders: int
    turnover: Decimal


@dataclass(frozen=True, slots=True)
class LiveTrade:
    """A day's trade up to `at`. Hours are the region's; cities and industries are by code. `exact`: nothing is held back."""

    day: date
    is_today: bool
    at: datetime
    exact: bool
    total: Traded
    hours: Mapping[int, Traded]
    cities: Mapping[str, Traded]
    industries: Mapping[str, Traded]


@dataclass
class _Batch:
    """What is told of a cell, and what waits until it is enough to be told together."""

    told_orders: int = 0
    told: int = 0
    orders: int = 0
    sellers: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, seller: int, minor: int) -> None:
        self.orders += 1
        self.sellers[seller] += minor
        if self.orders < LEAST_ORDERS or len(self.sellers) < _RULES.least_contributors:
            return
        sizes = sorted(self.sellers.values(), reverse=True)
        whole = Facts(value=sum(sizes), contributors=len(sizes), largest=sizes[0], second=sizes[1])
        if _RULES.sensitive(whole) is None:
            self.told_orders, self.told = self.told_orders + self.orders, self.told + whole.value
            self.orders = 0
            self.sellers.clear()

    def traded(self, *, exact: bool) -> Traded:
        orders = self.told_orders + (self.orders if exact else 0)
        minor = self.told + (sum(self.sellers.values()) if exact else 0)
        return Traded(orders, Decimal(minor).scaleb(-exponent(settings.COHONG_CURRENCY)))


@dataclass
class _Day:
    """What is known of a day so far: up to which position of the journal it was read."""

    position: int = -1
    cells: defaultdict[tuple[str, Any], _Batch] = field(default_factory=lambda: defaultdict(_Batch))
    last_seen: int = 0


_days: dict[tuple[str, date], _Day] = {}
_lock: Final = Lock()


def trade_today(*, actor: Actor | None = None) -> LiveTrade | None:
    """Return today's trade; the last day's that had any, if there was none today; None if there never was any.

    Given an `actor`, an officer of statistics, exactly; to everyone else in safe batches. Raises MandateMissing, ScopeMissing.
    """
    if actor is not None:
        remit_of(actor, scope=READ)
    today = clock.now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    found = sets.fetch(
        "select max(day) from statistics_fact_file where table_name = %s and day <= %s and first_position >= 0",
        (Table.TRADE, today),
    )
    day = found[0][0]
    if day is None:
        return None
    exact = actor is not None
    with _lock:
        known = _read(day)
        by: dict[str, dict[Any, Traded]] = {"hour": {}, "city": {}, "industry": {}, "": {}}
        for (kind, code), batch in known.cells.items():
            traded = batch.traded(exact=exact)
            if traded.orders:
                by[kind][code] = traded
    return LiveTrade(
        day=day,
        is_today=day == today,
        at=clock.now(),
        exact=exact,
        total=by[""].get("", Traded(0, Decimal(0))),
        hours=by["hour"],
        cities=by["city"],
        industries=by["industry"],
    )


def forget() -> None:
    """Read each day anew at the next look."""
    with _lock:
        _days.clear()


def _read(day: date) -> _Day:
    key = (str(store.folder(Table.TRADE)), day)
    files = sets.fetch(
        "select name, last_position from statistics_fact_file where table_name = %s and day = %s order by id",
        (Table.TRADE, day),
    )
    newest = max((last for _, last in files), default=-1)
    known = _days.get(key)
    # Facts that are written anew begin from nothing: so does what was read of them.
    if known is None or newest < known.last_seen:
        for old in [one for one in _days if one[0] == key[0]]:
            del _days[old]
        known = _days[key] = _Day()
    fresh = [name for name, last in files if last > known.position]
    if fresh:
        _take(known, day, fresh)
    known.last_seen = newest
    return known


def _take(known: _Day, day: date, names: list[str]) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415 - slow to import

    place = store.folder(Table.TRADE) / f"day={day}"
    rows: list[dict[str, Any]] = []
    for name in names:
        found = pq.ParquetFile(place / name).read(columns=list(_READ))
        rows += [row for row in found.to_pylist() if row["position"] > known.position]
    sold: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["fact"] == Fact.SALE and row["base"] is not None:
            sold[row["position"]].append(row)
    cities = {one.code: one.city for one in places()}
    zone = ZoneInfo(settings.TIME_ZONE)
    times = journal.times_at(sorted(sold))
    for position in sorted(sold):
        lines = sold[position]
        seller, whole = lines[0]["seller"], sum(line["base"] for line in lines)
        region = lines[0]["seller_region"]
        known.cells["", ""].add(seller, whole)
        if position in times:
            known.cells["hour", times[position].astimezone(zone).hour].add(seller, whole)
        if city := cities.get(region, ""):
            known.cells["city", city].add(seller, whole)
        of: defaultdict[str, int] = defaultdict(int)
        for line in lines:
            of[line["industry"]] += line["base"]
        for industry, amount in of.items():
            known.cells["industry", industry].add(seller, amount)
    known.position = max([known.position, *(row["position"] for row in rows)])
