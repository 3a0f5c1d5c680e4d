"""What the lines of the order book become, and the account of it.

Every line ends in exactly one of four classes: part of a sale, part of a return, a stock adjustment, or a
refusal with a named reason. Values are signed pence of the file, so that over any input

    value_sales + value_returns + value_refused = value_file        (stock adjustments are worth nothing)

Keys name a planned trade for ever (``sale:536365``, ``return:C536391:536389``): the same files give the same
keys, so identifiers derived from them make each trade happen once however often a replay is started again.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from cohong.replay.online_retail.reader import Source

SALE_PREFIX: Final = "sale:"


class Reason(StrEnum):
    """Why a line cannot be traded. Values are stable codes."""

    BAD_ROW = "BadRow"  # cells missing, numbers or dates that are none
    SALE_NOT_IN_FILE = "SaleNotInFile"  # cancels what this buyer has not bought in the lines so far
    MORE_THAN_SOLD = "MoreThanSold"  # cancels more pieces than were sold and not yet returned
    PRICE_NOT_PAID = "PriceNotPaid"  # credits a price per piece that was not paid for them
    MORE_THAN_PAID = "MoreThanPaid"  # credits more money than is left of what was paid
    CREDIT_WITHOUT_CUSTOMER = "CreditWithoutCustomer"  # a discount or manual credit to nobody by name
    DISCOUNT_REVERSED = "DiscountReversed"  # a discount charged back
    POSITIVE_CANCELLATION = "PositiveCancellation"  # a cancellation that sells
    NEGATIVE_PRICE = "NegativePrice"
    NOTHING_TRADED = "NothingTraded"  # a worthless line of what is not goods
    MARKETPLACE_FEE = "MarketplaceFee"
    BANK_CHARGE = "BankCharge"
    CHARITY_COMMISSION = "CharityCommission"
    BAD_DEBT_ADJUSTMENT = "BadDebtAdjustment"
    ACCOUNT_ADJUSTMENT = "AccountAdjustment"
    SAMPLES = "Samples"  # the house's own account of samples given away
    TEST_ENTRY = "TestEntry"


class StockReason(StrEnum):
    """Why stock changes without a trade."""

    WRITTEN_OFF = "WrittenOff"  # lost, damaged, counted short
    FOUND = "Found"  # found, counted over, given back without money
    GIFT = "Gift"  # given to a named customer, nothing else on the invoice


class PlannedLine(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One line of a planned order, numbered from 1 within it.

    ``total_minor`` is binding; ``unit_price`` (pounds, all decimals of the file) tells how it came about.
    A ``service`` line (a manual item, carriage invoiced alone) has no stock.
    """

    number: int
    stock_code: str
    title: str
    quantity: int
    unit_price: Decimal
    total_minor: int
    service: bool


class PlannedSale(msgspec.Struct, frozen=True, kw_only=True):
    """One invoice as one order: its lines, its freight, its discount (both not negative, in pence)."""

    key: str
    invoice: str
    customer: str | None
    country: str
    at: datetime
    lines: tuple[PlannedLine, ...]
    freight_minor: int
    discount_minor: int
    file_lines: int

    @property
    def total_minor(self) -> int:
        """What the buyer pays, and the signed value of the file's lines in it."""
        return sum(line.total_minor for line in self.lines) + self.freight_minor - self.discount_minor


class ReturnPiece(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A part of a return: so many pieces and so much money of one line of the sale.

    ``number`` is the order's line and ``stock_code`` its goods; both are None for the order's freight.
    ``quantity`` is 0 where only money goes back.
    """

    number: int | None
    stock_code: str | None
    quantity: int
    amount_minor: int


class PlannedReturn(msgspec.Struct, frozen=True, kw_only=True):
    """What one credit note gives back of one sale, either with goods back or money alone, never both.

    ``invoice`` is the credit note's; ``sale_at`` is the time of the sale. A cancellation met from several
    sales makes several of these; ``file_lines`` counts it in the first of them only.
    """

    key: str
    invoice: str
    customer: str | None
    country: str
    sale_key: str
    sale_at: datetime
    at: datetime
    goods_back: bool
    pieces: tuple[ReturnPiece, ...]
    file_lines: int

    @property
    def amount_minor(self) -> int:
        """The money that goes back to the buyer; the file's value of it is the negative."""
        return sum(piece.amount_minor for piece in self.pieces)


class StockAdjustment(msgspec.Struct, frozen=True, kw_only=True):
    """Goods that come (quantity above 0) or go without a trade. ``note``: the file's own words, if any."""

    key: str
    invoice: str
    stock_code: str
    quantity: int
    at: datetime
    reason: StockReason
    note: str

    @property
    def file_lines(self) -> int:
        """Always the one line that asks for it."""
        return 1


class RefusedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line that is not traded, why, and its signed value. ``detail`` names the column of a ``BadRow``."""

    reason: Reason
    value_minor: int
    source: Source
    invoice: str
    stock_code: str
    detail: str

    @property
    def file_lines(self) -> int:
        """Always the one line that is refused."""
        return 1


Planned = PlannedSale | PlannedReturn | StockAdjustment | RefusedLine


def value_of(item: Planned) -> int:
    """Return the signed value, in pence, of the file's lines that ``item`` settles."""
    match item:
        case PlannedSale():
            return item.total_minor
        case PlannedReturn():
            return -item.amount_minor
        case RefusedLine():
            return item.value_minor
        case StockAdjustment():
            return 0


class Count:
    """Lines and their signed value in pence."""

    __slots__ = ("lines", "value_minor")

    def __init__(self) -> None:
        self.lines = 0
        self.value_minor = 0

    def add(self, lines: int, value_minor: int) -> None:
        """Add lines and their value."""
        self.lines += lines
        self.value_minor += value_minor

    def __repr__(self) -> str:
        return f"Count(lines={self.lines}, value_minor={self.value_minor})"


class Tally:
    """Adds up a plan: lines and signed values by class, refusals by reason, trades by kind."""

    def __init__(self) -> None:
        self.orders = 0
        self.returns = 0
        self.stock_adjustments = 0
        self.sales = Count()
        self.returned = Count()
        self.stock = Count()
        self.refused: dict[str, Count] = {}

    def add(self, item: Planned) -> None:
        """Count ``item`` as planned."""
        lines, value = item.file_lines, value_of(item)
        match item:
            case PlannedSale():
                self.orders += 1
                self.sales.add(lines, value)
            case PlannedReturn():
                self.returns += 1
                self.returned.add(lines, value)
            case StockAdjustment():
                self.stock_adjustments += 1
                self.stock.add(lines, value)
            case RefusedLine():
                self.refuse(item, item.reason)

    def refuse(self, item: Planned, reason: str) -> None:
        """Count ``item`` as refused for ``reason``: for one that was planned but that an act turned down."""
        self.refused.setdefault(reason, Count()).add(item.file_lines, value_of(item))

    @property
    def refused_lines(self) -> int:
        """Lines refused, whatever the reason."""
        return sum(count.lines for count in self.refused.values())

    @property
    def value_refused(self) -> int:
        """Signed pence of the refused lines."""
        return sum(count.value_minor for count in self.refused.values())

    @property
    def lines(self) -> int:
        """All lines, of every class."""
        return self.sales.lines + self.returned.lines + self.stock.lines + self.refused_lines

    @property
    def value_file(self) -> int:
        """Signed pence of all lines."""
        return self.sales.value_minor + self.returned.value_minor + self.value_refused
