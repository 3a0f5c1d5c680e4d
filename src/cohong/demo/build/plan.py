"""The plan of the demo's trades: who buys what from whom, and when each thing happens. Pure, and always the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from cohong.demo.build.scripts import SCRIPTS, Act, Script
from cohong.demo.companies import Company, companies
from cohong.demo.industries import INDUSTRIES, category, industry
from cohong.demo.listings import LISTINGS_COUNT, Listing, Sku, listing
from cohong.demo.people import people

ACCEPT_DAYS: Final = 10
# Orders of these are between companies; of the others so many in a hundred are consumers'.
_CONSUMERS: Final = {
    "steel": 0,
    "petrochemicals": 0,
    "plastics": 0,
    "logistics": 0,
    "grain": 20,
    "cars": 50,
    "furniture": 60,
    "ceramics": 60,
    "farm-produce": 60,
    "electronics": 70,
    "appliances": 70,
    "clothing": 75,
    "tourism": 85,
    "culture": 90,
    "education": 90,
    "health": 90,
}
# What an order may come to, in fen; what a consumer may spend at the least order, but for a car.
_MOST_CONSUMER, _MOST_COMPANY = 1_200_000, 40_000_000
_FEN_OF: Final = {"CNY": 100, "HKD": 92, "USD": 714}  # for 100 minor units
_EXPORTER: Final = "wanmao"
_NOT_LATER: Final = timedelta(hours=1)
_ONE_OF_EACH: Final = 68
_LOCAL: Final = timedelta(hours=8)
_OPENS, _CLOSES = 8, 22


@dataclass(frozen=True, slots=True)
class Line:
    """So many of a SKU."""

    listing: Listing
    sku: Sku
    quantity: int


@dataclass(frozen=True, slots=True)
class Trade:
    """One trade: a cart that is checked out (`is_retail`), or an order agreed on directly.

    `buyer` is a company's slug or a consumer's ref. `destination` is a region abroad, or "" for the buyer's own
    address.
    """

    number: int
    script: Script
    buyer: str
    is_retail: bool
    lines: tuple[Line, ...]
    destination: str
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class Happening:
    """One act of a trade, and when. `step` counts a trade's acts."""

    at: datetime
    trade: Trade
    step: int
    act: Act


def chosen(count: int) -> list[int]:
    """Choose the numbers of so many listings: all sorts even of a few."""
    if count >= _ONE_OF_EACH:
        return list(range(1, min(count, LISTINGS_COUNT) + 1))
    return sorted({1 + place * _ONE_OF_EACH // count for place in range(count)})


def plan(seed: int, *, listings: int, trades: int, built: datetime, since: datetime) -> list[Happening]:
    """Plan so many trades among so many listings; all that happens, in order."""
    shelf = _Shelf(seed, chosen(listings)[:-1])  # the last one will be held
    happenings: list[Happening] = []
    for number, script in enumerate(_scripts(seed, trades), 1):
        rng = Random(f"{seed}:trade:{number}")
        acts, length = _times(rng, script)
        placed_at = _start(rng, script, length, built=built, since=since)
        trade = shelf.deal(rng, number, script, placed_at)
        happenings += [
            Happening(placed_at + offset, trade, step, act) for step, (act, offset) in enumerate(acts)
        ]
    return sorted(happenings, key=lambda one: (one.at, one.trade.number, one.step))


def chapters(happenings: Sequence[Happening], *, least: int) -> list[list[Happening]]:
    """Cut the story into chapters of at least so many acts, each of which begins with the placing of an order.

    So the first order of a chapter tells whether the chapter, which is one transaction, has happened.
    """
    cut: list[list[Happening]] = []
    for happening in happenings:
        if not cut or (len(cut[-1]) >= least and happening.act is Act.PLACE):
            cut.append([])
        cut[-1].append(happening)
    return cut


def _scripts(seed: int, count: int) -> list[Script]:
    """Each script once, then by weight; mixed, so that numbers say nothing."""
    rng = Random(f"{seed}:scripts")
    more = rng.choices(SCRIPTS, [script.weight for script in SCRIPTS], k=max(0, count - len(SCRIPTS)))
    found = [*SCRIPTS[:count], *more]
    rng.shuffle(found)
    return found


# --- when ------------------------------------------------------------------------------------------------


def _times(rng: Random, script: Script) -> tuple[list[tuple[Act, timedelta]], timedelta]:
    """Give each act with its time after the placing, and how long it all takes."""
    acts: list[tuple[Act, timedelta]] = [(Act.PLACE, timedelta())]
    at = there = timedelta()
    for act, least, most in script.steps:
        at += timedelta(minutes=rng.randint(least, most), seconds=rng.randint(1, 59))
        if act is Act.LAPSE:
            at = timedelta(hours=script.pay_hours, minutes=1)
        if act is Act.ACCEPT_BY_ITSELF:
            at = max(at, there + timedelta(days=ACCEPT_DAYS, minutes=1))
        if act in (Act.SHIP, Act.DELIVERED, Act.COLLECT):
            there = at
        acts.append((act, at))
    return acts, at


def _start(rng: Random, script: Script, length: timedelta, *, built: datetime, since: datetime) -> datetime:
    """Choose when a trade begins: an open one so that it is where it is now, others by day, lately more often."""
    if script.is_open:
        return built - length - timedelta(minutes=rng.randint(20, 300))
    latest = built - length - _NOT_LATER
    span = max(int((latest - since).total_seconds()), 1)
    start = since + timedelta(seconds=max(rng.randrange(span), rng.randrange(span)))
    hour = (start + _LOCAL).hour
    if not _OPENS <= hour < _CLOSES:
        # Whoever cannot sleep orders in the morning, or has done so the evening before.
        start += timedelta(hours=10) if start + timedelta(hours=10) < latest else -timedelta(hours=10)
    return max(start, since)


# --- who and what ----------------------------------------------------------------------------------------


class _Shelf:
    """The goods that can be bought, and what of them is left."""

    def __init__(self, seed: int, numbers: Sequence[int]) -> None:
        self._companies = companies(seed)
        self._consumers = [person.ref for person in people(seed) if person.is_consumer]
        self._goods = [listing(seed, number) for number in numbers]
        self._by_industry: dict[str, list[Listing]] = {}
        for goods in self._goods:
            self._by_industry.setdefault(category(goods.category).industry, []).append(goods)
        self._left = {
            sku.code: sum(place.quantity for place in sku.stock)
            for goods in self._goods
            for sku in goods.skus
        }
        self._turn = {True: 0, False: 0}

    def deal(self, rng: Random, number: int, script: Script, placed_at: datetime) -> Trade:
        """Bring a buyer and goods together for a script."""
        while True:
            goods = rng.choice(self._by_industry[self._next_industry(script)])
            sku = rng.choice(goods.skus)
            buyer = self._buyer(rng, goods, sku, script)
            if (line := self._take(rng, goods, sku, buyer, script)) is not None:
                break
        is_consumer = buyer in self._consumers
        is_retail = (
            script.payment == "prepaid" and goods.currency == "CNY" and (is_consumer or rng.random() < 0.25)
        )
        lines = [line, *self._more(rng, line, buyer, script, is_retail=is_retail)]
        travels = not script.is_collected and is_consumer and is_retail
        destination = rng.choice(("810000", "820000")) if travels and rng.random() < 0.08 else ""
        return Trade(number, script, buyer, is_retail, tuple(lines), destination, placed_at)

    def _next_industry(self, script: Script) -> str:
        """Give the next industry in turn: services are had at a counter, goods are shipped."""
        wants_services = script.is_collected
        while True:
            self._turn[wants_services] += 1
            code = INDUSTRIES[self._turn[wants_services] % len(INDUSTRIES)].code
            if code not in self._by_industry:
                continue
            has_both = code == "culture"
            if has_both or industry(code).is_service == wants_services:
                return code

    def _buyer(self, rng: Random, goods: Listing, sku: Sku, script: Script) -> str:
        field = category(goods.category).industry
        least = goods.min_order * _fen(goods, sku)
        affordable = least <= _MOST_CONSUMER // 2 or field == "cars"
        share = _CONSUMERS[field] if affordable and goods.currency == "CNY" else 0
        if rng.randrange(100) < share and script.payment != "deposit":
            return rng.choice(self._consumers)
        return self._company(rng, goods).slug

    def _company(self, rng: Random, goods: Listing) -> Company:
        """Choose a company that buys such goods, or else one of another trade that may need them."""
        if goods.currency != "CNY":
            return next(company for company in self._companies if company.slug == _EXPORTER)
        field = category(goods.category).industry
        willing = [one for one in self._companies if not one.sells and goods.category in one.categories]
        others = [one for one in self._companies if one.slug != goods.seller and field not in one.industries]
        return rng.choice(willing if willing and rng.random() < 0.8 else others)

    def _take(self, rng: Random, goods: Listing, sku: Sku, buyer: str, script: Script) -> Line | None:
        """Settle how many are bought, and take them off the shelf; None if they do not suit the script."""
        leaf = category(goods.category)
        if not script.is_collected and "shipment" not in leaf.deliveries:
            return None
        is_consumer = buyer in self._consumers
        times = rng.randint(1, 2) if is_consumer else rng.randint(1, 8)
        most = _MOST_CONSUMER if is_consumer else _MOST_COMPANY
        times = max(1, min(times, most // (goods.min_order * _fen(goods, sku))))
        quantity = goods.min_order * times
        if any(act in (Act.SHIP_HALF, Act.ASK_PART) for act, _, _ in script.steps):
            # Half a vehicle cannot be shipped, nor brought back.
            quantity = max(quantity, 2 * goods.order_multiple)
        if quantity > self._left[sku.code]:
            return None
        self._left[sku.code] -= quantity
        return Line(goods, sku, quantity)

    def _more(self, rng: Random, first: Line, buyer: str, script: Script, *, is_retail: bool) -> list[Line]:
        """Add another SKU of the listing, or to a plain cart something from another shop."""
        goods = first.listing
        found = []
        others = [sku for sku in goods.skus if sku is not first.sku]
        if others and rng.random() < 0.35 and category(goods.category).unit != "vehicle":
            found.append(self._take(rng, goods, rng.choice(others), buyer, script))
        if is_retail and script.is_plain and buyer in self._consumers and rng.random() < 0.3:
            other = rng.choice(self._goods)
            sku = rng.choice(other.skus)
            cheap = other.min_order * _fen(other, sku) <= _MOST_CONSUMER // 4
            if other is not goods and other.currency == "CNY" and cheap:
                found.append(self._take(rng, other, sku, buyer, script))
        return [line for line in found if line is not None]


def _fen(goods: Listing, sku: Sku) -> int:
    """Give the price of one in fen, about."""
    return max(1, sku.tiers[0].unit_price_minor * _FEN_OF[goods.currency] // 100)
