"""Turns the lines of the order book into planned trades, one invoice after the other.

What a line means:

===========================  ==============================================================================
goods, at a price            a line of the invoice's order; with no customer it is a walk-in's
POST, DOT, C2, C3            the order's freight; invoiced alone, a service line of an order of its own
M, manual item               a service line; on a credit note a return of one at that price, else a credit
D, discount                  within a sale the order's discount; on a credit note a credit
a negative line              a cancellation: given back of the sales it cancels (``matching``)
price 0, beside priced ones  a gift: an order line at price 0
price 0, nothing priced      a stock adjustment: found, written off, or given to the customer named
fees, bad debt, own samples  no trade: refused with its reason
===========================  ==============================================================================

An order holds one invoice and one buyer. Within an invoice the sale comes first, then what it gives back,
then its stock adjustments. Time is the invoice's first line's.

Memory: one invoice at a time, the open lines that later cancellations ask for (``matching``), one small entry
per invoice number (to notice one that is taken up again) and, in a survey, one per stock code and customer.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from enum import Enum, auto
from pathlib import Path
from typing import Final

import msgspec

from cohong.replay.online_retail.matching import Expected, OpenSales, Take, buyer_of
from cohong.replay.online_retail.planned import (
    SALE_PREFIX,
    Planned,
    PlannedLine,
    PlannedReturn,
    PlannedSale,
    Reason,
    RefusedLine,
    ReturnPiece,
    StockAdjustment,
    StockReason,
)
from cohong.replay.online_retail.reader import Row, SourceLine, UnreadableRow, read_folder

FREIGHT_CODES: Final = frozenset({"POST", "DOT", "C2", "C3"})
MANUAL_CODES: Final = frozenset({"M"})
DISCOUNT_CODES: Final = frozenset({"D"})
NO_TRADE: Final = {
    "AMAZONFEE": Reason.MARKETPLACE_FEE,
    "BANK CHARGES": Reason.BANK_CHARGE,
    "CRUK": Reason.CHARITY_COMMISSION,
    "B": Reason.BAD_DEBT_ADJUSTMENT,
    "ADJUST": Reason.ACCOUNT_ADJUSTMENT,
    "ADJUST2": Reason.ACCOUNT_ADJUSTMENT,
    "S": Reason.SAMPLES,
    "TEST001": Reason.TEST_ENTRY,
    "TEST002": Reason.TEST_ENTRY,
}
SERVICE_CODES: Final = FREIGHT_CODES | MANUAL_CODES | DISCOUNT_CODES

# As many lines as an order may have; an invoice with more becomes several. The longest real one has 1,114.
_INVOICE_LINES_LIMIT: Final = 2_000


class Sense(Enum):
    """What a line means by itself, before its invoice is looked at."""

    SOLD = auto()
    FREIGHT = auto()
    DISCOUNT = auto()
    CANCELLATION = auto()
    CREDIT = auto()
    WORTHLESS = auto()


def sense_of(line: SourceLine) -> Sense | Reason:
    """Say what ``line`` means by itself, or why it can never be a trade."""
    code, letter = line.stock_code, line.invoice[0]
    if code in NO_TRADE:
        return NO_TRADE[code]
    if letter == "A":
        return Reason.BAD_DEBT_ADJUSTMENT
    if line.unit_price <= 0:
        return _unpriced(line)
    on_credit_note = letter == "C"
    return _taken(code, on_credit_note) if line.quantity < 0 else _given(code, on_credit_note)


def _unpriced(line: SourceLine) -> Sense | Reason:
    if line.unit_price < 0:
        return Reason.NEGATIVE_PRICE
    return Reason.NOTHING_TRADED if line.stock_code in SERVICE_CODES else Sense.WORTHLESS


def _taken(code: str, on_credit_note: bool) -> Sense:
    if code in DISCOUNT_CODES:
        return Sense.CREDIT if on_credit_note else Sense.DISCOUNT
    return Sense.CANCELLATION


def _given(code: str, on_credit_note: bool) -> Sense | Reason:
    if on_credit_note:
        return Reason.POSITIVE_CANCELLATION
    if code in DISCOUNT_CODES:
        return Reason.DISCOUNT_REVERSED
    return Sense.FREIGHT if code in FREIGHT_CODES else Sense.SOLD


class Invoice(msgspec.Struct, frozen=True):
    """The lines of one invoice for one buyer. ``key`` is its number, or number~2 for a second part of it."""

    key: str
    lines: list[SourceLine]


def invoices(rows: Iterable[Row]) -> Iterator[Invoice | UnreadableRow]:
    """Group the lines that follow each other under one invoice number, by buyer; pass unreadable rows on."""
    parts: dict[str, int] = {}
    pending: list[SourceLine] = []
    for row in rows:
        if isinstance(row, UnreadableRow):
            yield row
            continue
        if pending and (pending[0].invoice != row.invoice or len(pending) >= _INVOICE_LINES_LIMIT):
            yield from _by_buyer(pending, parts)
            pending = []
        pending.append(row)
    if pending:
        yield from _by_buyer(pending, parts)


def _by_buyer(lines: list[SourceLine], parts: dict[str, int]) -> Iterator[Invoice]:
    buyers: dict[str, list[SourceLine]] = {}
    for line in lines:
        buyers.setdefault(buyer_of(customer=line.customer, country=line.country), []).append(line)
    for own in buyers.values():
        number = own[0].invoice
        part = parts[number] = parts.get(number, 0) + 1
        yield Invoice(number if part == 1 else f"{number}~{part}", own)


class Scan(msgspec.Struct):
    """What a first reading of the files finds: their size and worth, and what cancellations will ask for.

    ``value_minor`` adds up the lines' own values, before anything is classified. ``sub_penny`` is what
    rounding each line to the penny left out, in pounds: the exact value is value_minor / 100 + sub_penny.
    """

    lines: int = 0
    value_minor: int = 0
    sub_penny: Decimal = Decimal(0)
    first: datetime | None = None
    last: datetime | None = None
    expected: Expected = msgspec.field(default_factory=Expected)

    def see(self, row: Row) -> None:
        """Take one row into account."""
        self.lines += 1
        if isinstance(row, UnreadableRow):
            self.value_minor += row.value_minor
            return
        self.value_minor += row.total_minor
        self.sub_penny += row.unit_price * row.quantity - Decimal(row.total_minor) / 100
        self.first = row.at if self.first is None else min(self.first, row.at)
        self.last = row.at if self.last is None else max(self.last, row.at)
        if row.quantity < 0 and row.unit_price > 0:
            self._expect(row)

    def _expect(self, line: SourceLine) -> None:
        buyer = buyer_of(customer=line.customer, country=line.country)
        if line.stock_code not in DISCOUNT_CODES:
            self.expected.pairs[buyer, line.stock_code] += 1
        if line.customer is not None and line.stock_code in DISCOUNT_CODES | MANUAL_CODES:
            self.expected.credits[buyer] += 1


def scan(rows: Iterable[Row]) -> Scan:
    """Read everything once, as ``plan`` needs it beforehand."""
    found = Scan()
    for row in rows:
        found.see(row)
    return found


def plan(rows: Iterable[Row], expected: Expected) -> Iterator[Planned]:
    """Yield the planned trades in the files' order; ``expected`` comes from a ``scan`` of the same rows.

    It is deterministic: the same rows give the same items with the same keys in the same order.
    """
    open_sales = OpenSales(expected)
    for found in invoices(rows):
        if isinstance(found, UnreadableRow):
            yield RefusedLine(
                reason=Reason.BAD_ROW,
                value_minor=found.value_minor,
                source=found.source,
                invoice="",
                stock_code="",
                detail=found.problem,
            )
        else:
            yield from _InvoicePlan(found, open_sales).items()


def plan_folder(folder: Path) -> Iterator[Planned]:
    """Plan a folder, with the reading ahead that it needs. Raises ``BadFile`` before the first item."""
    found = scan(read_folder(folder))
    yield from plan(read_folder(folder), found.expected)


class _InvoicePlan:
    """Sorts one invoice's lines and plans them."""

    def __init__(self, invoice: Invoice, open_sales: OpenSales) -> None:
        self.invoice = invoice
        self.open_sales = open_sales
        self.sold: list[SourceLine] = []
        self.freight: list[SourceLine] = []
        self.discounts: list[SourceLine] = []
        self.back: list[tuple[SourceLine, Sense]] = []
        self.worthless: list[tuple[int, SourceLine]] = []
        self.refused: list[tuple[SourceLine, Reason]] = []

    def items(self) -> Iterator[Planned]:
        for position, line in enumerate(self.invoice.lines, start=1):
            self._sort(position, line)
        sale = self._sale()
        if sale is not None:
            self.open_sales.sell(sale, self.freight)
            yield sale
        yield from self._returns()
        for position, line in self.worthless:
            yield self._adjustment(position, line)
        for line, reason in self.refused:
            yield _refusal(line, reason)

    def _sort(self, position: int, line: SourceLine) -> None:
        sense = sense_of(line)
        match sense:
            case Reason():
                self.refused.append((line, sense))
            case Sense.SOLD:
                self.sold.append(line)
            case Sense.FREIGHT:
                self.freight.append(line)
            case Sense.DISCOUNT:
                self.discounts.append(line)
            case Sense.CANCELLATION | Sense.CREDIT:
                self.back.append((line, sense))
            case Sense.WORTHLESS:
                self.worthless.append((position, line))

    def _sale(self) -> PlannedSale | None:
        """Make the order, if anything is paid. Gifts join it; a discount that leaves nothing is a credit."""
        goods, freight = self.sold, self.freight
        if sum(line.total_minor for line in goods) == 0:
            goods, freight = goods + freight, []
        worth = sum(line.total_minor for line in goods)
        discount = -sum(line.total_minor for line in self.discounts)
        if worth + sum(line.total_minor for line in freight) == 0:
            self._give_away(goods)
            self._no_discount()
            return None
        if discount >= worth:
            self._no_discount()
            discount = 0
        gifts = [line for _, line in self.worthless if line.quantity > 0]
        self.worthless = [(position, line) for position, line in self.worthless if line.quantity < 0]
        self.freight = freight
        first = self.invoice.lines[0]
        return PlannedSale(
            key=SALE_PREFIX + self.invoice.key,
            invoice=first.invoice,
            customer=first.customer,
            country=first.country,
            at=first.at,
            lines=tuple(_order_line(number, line) for number, line in enumerate(goods + gifts, start=1)),
            freight_minor=sum(line.total_minor for line in freight),
            discount_minor=discount,
            file_lines=len(goods) + len(gifts) + len(freight) + len(self.discounts),
        )

    def _give_away(self, lines: list[SourceLine]) -> None:
        """Let goods leave as gifts: the invoice is worth less than a penny in all, so nothing is paid."""
        for line in lines:
            if line.stock_code in SERVICE_CODES:
                self.refused.append((line, Reason.NOTHING_TRADED))
            else:
                self.worthless.append((self.invoice.lines.index(line) + 1, line))

    def _no_discount(self) -> None:
        self.back += [(line, Sense.CREDIT) for line in self.discounts]
        self.discounts = []

    def _returns(self) -> Iterator[PlannedReturn]:
        """Make one return for each sale that something is given back of, goods apart from money alone."""
        note = _CreditNote(self.invoice)
        for line, sense in self.back:
            takes = self._takes(line, sense)
            if isinstance(takes, Reason):
                self.refused.append((line, takes))
            else:
                note.add(takes)
        yield from note.returns()

    def _takes(self, line: SourceLine, sense: Sense) -> list[Take] | Reason:
        if sense is Sense.CREDIT:
            return self.open_sales.credit(line)
        if line.stock_code in MANUAL_CODES:
            return self.open_sales.cancel_or_credit(line)
        return self.open_sales.cancel(line)

    def _adjustment(self, position: int, line: SourceLine) -> StockAdjustment:
        quantity = line.quantity
        if line.invoice[0] == "C":
            quantity, reason = -quantity, StockReason.FOUND
        elif quantity > 0 and (line.customer is not None or line.unit_price > 0):
            quantity, reason = -quantity, StockReason.GIFT
        else:
            reason = StockReason.FOUND if quantity > 0 else StockReason.WRITTEN_OFF
        return StockAdjustment(
            key=f"stock:{self.invoice.key}:{position}",
            invoice=line.invoice,
            stock_code=line.stock_code,
            quantity=quantity,
            at=line.at,
            reason=reason,
            note=line.description,
        )


_Group = tuple[tuple[str, datetime], bool]  # the sale's key and time; goods back or money alone


class _CreditNote:
    """Gathers what one credit note gives back: by sale, and goods apart from money alone."""

    def __init__(self, invoice: Invoice) -> None:
        self.invoice = invoice
        self.lines: dict[_Group, int] = {}
        self.pieces: dict[_Group, dict[int | None, ReturnPiece]] = {}

    def add(self, takes: list[Take]) -> None:
        """Add one line's takes; the line is counted where its first take goes."""
        for index, take in enumerate(takes):
            goods_back = take.quantity > 0 and not take.line.service
            group = (take.line.sale, goods_back)
            self.lines[group] = self.lines.get(group, 0) + (1 if index == 0 else 0)
            pieces = self.pieces.setdefault(group, {})
            number = take.line.number
            before = pieces.get(number)
            pieces[number] = ReturnPiece(
                number=number,
                stock_code=None if number is None else take.line.pair[1],
                quantity=(before.quantity if before else 0) + (take.quantity if goods_back else 0),
                amount_minor=(before.amount_minor if before else 0) + take.amount_minor,
            )

    def returns(self) -> Iterator[PlannedReturn]:
        """Yield the returns, in the order in which their sales were first taken from."""
        for group, pieces in self.pieces.items():
            (sale_key, sale_at), goods_back = group
            kind = "return" if goods_back else "refund"
            first = self.invoice.lines[0]
            yield PlannedReturn(
                key=f"{kind}:{self.invoice.key}:{sale_key.removeprefix(SALE_PREFIX)}",
                invoice=first.invoice,
                customer=first.customer,
                country=first.country,
                sale_key=sale_key,
                sale_at=sale_at,
                at=first.at,
                goods_back=goods_back,
                pieces=tuple(pieces.values()),
                file_lines=self.lines[group],
            )


def _order_line(number: int, line: SourceLine) -> PlannedLine:
    return PlannedLine(
        number=number,
        stock_code=line.stock_code,
        title=line.description or line.stock_code,
        quantity=line.quantity,
        unit_price=line.unit_price,
        total_minor=line.total_minor,
        service=line.stock_code in SERVICE_CODES,
    )


def _refusal(line: SourceLine, reason: Reason) -> RefusedLine:
    return RefusedLine(
        reason=reason,
        value_minor=line.total_minor,
        source=line.source,
        invoice=line.invoice,
        stock_code=line.stock_code,
        detail="",
    )
