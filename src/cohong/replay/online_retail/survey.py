"""What must be there before the first trade: the goods with their opening stock, and the buyers.

A survey reads the files twice, once to learn which sales cancellations will ask for and once through the plan
itself, so that it counts exactly the trades that will be carried out.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

import msgspec

from cohong.replay.online_retail.matching import Expected
from cohong.replay.online_retail.plan import plan, scan
from cohong.replay.online_retail.planned import (
    Planned,
    PlannedReturn,
    PlannedSale,
    RefusedLine,
    StockAdjustment,
    Tally,
)
from cohong.replay.online_retail.reader import Row, read_folder

Progress = Callable[[int], None]

_PROGRESS_STEP: Final = 1000
_TITLES_LIMIT: Final = 32


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """One stock code as a listing.

    ``title`` is the commonest description of its priced sale lines, else one that reads like goods, else the
    code. ``first_price`` is the first price above 0 it was sold at, in pounds, or None if it never was.
    ``opening_stock`` is the least that keeps stock from falling short when the plan is carried out in its
    order; ``goods_out`` is all that ever leaves, enough in whatever order. A ``service`` has no stock; its
    ``goods_out`` is how often it is rendered.
    """

    stock_code: str
    title: str
    first_price: Decimal | None
    opening_stock: int
    goods_out: int
    service: bool
    first_seen: datetime


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of a folder at a glance.

    ``lines`` and ``value_minor`` come from the rows alone, before anything is classified, so that they check
    ``tally``. ``customers`` gives each named customer's country, ``walk_in_countries`` those of the others.
    """

    lines: int
    value_minor: int
    sub_penny: Decimal
    first: datetime | None
    last: datetime | None
    articles: dict[str, Article]
    customers: dict[str, str]
    walk_in_countries: tuple[str, ...]
    tally: Tally
    expected: Expected


def survey(folder: Path, *, progress: Progress | None = None) -> Survey:
    """Survey a folder. ``progress`` hears the number of rows read so far; each row is read twice.

    Raises ``BadFile`` if a file cannot be understood at all.
    """
    report = _Report(progress)
    found = scan(report.passing(read_folder(folder)))
    stock = _Stocktaking()
    tally = Tally()
    for item in plan(report.passing(read_folder(folder)), found.expected):
        tally.add(item)
        stock.see(item)
    return Survey(
        lines=found.lines,
        value_minor=found.value_minor,
        sub_penny=found.sub_penny,
        first=found.first,
        last=found.last,
        articles={code: record.article(code) for code, record in stock.records.items()},
        customers=stock.customers,
        walk_in_countries=tuple(sorted(stock.walk_in_countries)),
        tally=tally,
        expected=found.expected,
    )


class _Report:
    """Tells ``progress`` how many rows went by, over all passes."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress = progress
        self.rows = 0

    def passing(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self.rows += 1
            if self.progress is not None and self.rows % _PROGRESS_STEP == 0:
                self.progress(self.rows)
            yield row
        if self.progress is not None:
            self.progress(self.rows)


class _Record:
    """One stock code while the plan goes by."""

    __slots__ = ("balance", "first_price", "first_seen", "goods_out", "lowest", "notes", "service", "titles")

    def __init__(self, first_seen: datetime, *, service: bool) -> None:
        self.first_seen = first_seen
        self.service = service
        self.first_price: Decimal | None = None
        self.balance = 0
        self.lowest = 0
        self.goods_out = 0
        self.titles: Counter[str] = Counter()
        self.notes: Counter[str] = Counter()

    def move(self, quantity: int) -> None:
        self.balance += quantity
        self.lowest = min(self.lowest, self.balance)
        self.goods_out += max(0, -quantity)

    @staticmethod
    def name(counter: Counter[str], title: str) -> None:
        if title and (title in counter or len(counter) < _TITLES_LIMIT):
            counter[title] += 1

    def article(self, code: str) -> Article:
        best = (self.titles or self.notes).most_common(1)
        return Article(
            stock_code=code,
            title=best[0][0] if best else code,
            first_price=self.first_price,
            opening_stock=0 if self.service else -self.lowest,
            goods_out=self.goods_out,
            service=self.service,
            first_seen=self.first_seen,
        )


def _reads_like_goods(note: str) -> bool:
    """Tell goods from a remark ("lost", "wet?"): the books name goods in capitals and in several words."""
    return note.isupper() and " " in note


class _Stocktaking:
    """Follows the plan and notes what leaves, what comes back, and who buys."""

    def __init__(self) -> None:
        self.records: dict[str, _Record] = {}
        self.customers: dict[str, str] = {}
        self.walk_in_countries: set[str] = set()

    def see(self, item: Planned) -> None:
        match item:
            case PlannedSale():
                self._sale(item)
            case PlannedReturn():
                self._return(item)
            case StockAdjustment():
                record = self._record(item.stock_code, item.at, service=False)
                if _reads_like_goods(item.note):
                    record.name(record.notes, item.note)
                record.move(item.quantity)
            case RefusedLine():
                pass

    def _record(self, code: str, at: datetime, *, service: bool) -> _Record:
        if code not in self.records:
            self.records[code] = _Record(at, service=service)
        return self.records[code]

    def _sale(self, sale: PlannedSale) -> None:
        if sale.customer is None:
            self.walk_in_countries.add(sale.country)
        else:
            self.customers.setdefault(sale.customer, sale.country)
        for line in sale.lines:
            record = self._record(line.stock_code, sale.at, service=line.service)
            priced = line.unit_price > 0
            record.name(record.titles if priced else record.notes, line.title)
            if priced and record.first_price is None:
                record.first_price = line.unit_price
            record.move(-line.quantity)

    def _return(self, back: PlannedReturn) -> None:
        if back.goods_back:
            for piece in back.pieces:
                if piece.stock_code is not None:
                    self.records[piece.stock_code].move(piece.quantity)
