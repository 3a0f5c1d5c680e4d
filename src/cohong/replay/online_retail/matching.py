"""Which earlier sale a cancellation gives back.

The order book does not say it, so this is the rule. A cancellation is met from earlier lines of the same
buyer and the same stock code. Of those still open it takes

- none whose unit price is below the cancelled price, for nobody gets back more than was paid; for a walk-in,
  whom the book does not name and who is known by country only, none at another price at all;
- the nearest price first; then one line that alone suffices before several; then the latest.

A cancellation is met wholly or not at all. What a buyer gets back of a line, in pieces and in pence, never
exceeds what was sold and not yet given back.

A *credit* (a discount or a manual credit on a credit note) names no goods. It is money back on the customer's
own orders, the latest first; lines that will still be cancelled are spared while others have money left.

Memory: only lines that a cancellation further on can ask for are kept, and only until the last one has asked.
A first reading of the files finds out which (``Expected``).
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from cohong.replay.online_retail.planned import PlannedSale, Reason
from cohong.replay.online_retail.reader import SourceLine, line_total

Pair = tuple[str, str]
_Key = TypeVar("_Key")


def buyer_of(*, customer: str | None, country: str) -> str:
    """Name the one to whom a cancellation's sale must have been made."""
    return f"customer:{customer}" if customer else f"walk-in:{country}"


class Expected:
    """What a reading ahead found: how often cancellations ask for a buyer's goods, and for money."""

    def __init__(self) -> None:
        self.pairs: Counter[Pair] = Counter()
        self.credits: Counter[str] = Counter()


class OpenLine:
    """A sold line, or an order's freight (``number`` None), with what could still be given back of it.

    ``sale`` is its sale's key and time.
    """

    __slots__ = ("amount_minor", "number", "pair", "quantity", "sale", "service", "unit_price")

    def __init__(
        self,
        *,
        sale: tuple[str, datetime],
        number: int | None,
        pair: Pair,
        quantity: int,
        unit_price: Decimal,
        amount_minor: int,
        service: bool,
    ) -> None:
        self.sale = sale
        self.number = number
        self.pair = pair
        self.quantity = quantity
        self.unit_price = unit_price
        self.amount_minor = amount_minor
        self.service = service


class Take:
    """So much of an open line: ``quantity`` pieces and ``amount_minor`` pence."""

    __slots__ = ("amount_minor", "line", "quantity")

    def __init__(self, line: OpenLine, quantity: int, amount_minor: int) -> None:
        self.line = line
        self.quantity = quantity
        self.amount_minor = amount_minor


class OpenSales:
    """The sold lines that cancellations further on may ask for."""

    def __init__(self, expected: Expected) -> None:
        self._pairs = Counter(expected.pairs)
        self._credits = Counter(expected.credits)
        self._by_pair: dict[Pair, list[OpenLine]] = {}
        self._by_buyer: dict[str, list[OpenLine]] = {}

    def __len__(self) -> int:
        """How many open lines are held."""
        return len({id(line) for lines in self._lists() for line in lines})

    def _lists(self) -> Iterable[list[OpenLine]]:
        yield from self._by_pair.values()
        yield from self._by_buyer.values()

    def sell(self, sale: PlannedSale, freight: Iterable[SourceLine]) -> None:
        """Remember what may be asked for of ``sale``; ``freight`` are the file's lines behind its freight."""
        buyer = buyer_of(customer=sale.customer, country=sale.country)
        key_and_time = (sale.key, sale.at)
        paid = _less_discount([line.total_minor for line in sale.lines], sale.discount_minor)
        for line, amount in zip(sale.lines, paid, strict=True):
            self._remember(
                buyer,
                OpenLine(
                    sale=key_and_time,
                    number=line.number,
                    pair=(buyer, line.stock_code),
                    quantity=line.quantity,
                    unit_price=line.unit_price,
                    amount_minor=amount,
                    service=line.service,
                ),
            )
        for charge in freight:
            self._remember(
                buyer,
                OpenLine(
                    sale=key_and_time,
                    number=None,
                    pair=(buyer, charge.stock_code),
                    quantity=charge.quantity,
                    unit_price=charge.unit_price,
                    amount_minor=charge.total_minor,
                    service=True,
                ),
            )

    def _remember(self, buyer: str, line: OpenLine) -> None:
        if line.amount_minor <= 0:
            return
        if self._pairs[line.pair] > 0:
            self._by_pair.setdefault(line.pair, []).append(line)
        if line.number is not None and self._credits[buyer] > 0:
            self._by_buyer.setdefault(buyer, []).append(line)

    def cancel(self, line: SourceLine, *, same_price: bool = False) -> list[Take] | Reason:
        """Give back goods, freight or a service (the quantity is below 0): all of it, or say why not."""
        buyer = buyer_of(customer=line.customer, country=line.country)
        pair = (buyer, line.stock_code)
        sold = self._by_pair.get(pair)
        takes: list[Take] | Reason = Reason.SALE_NOT_IN_FILE
        if sold is not None:
            takes = self._match(line, sold, same_price=same_price or line.customer is None)
        if not isinstance(takes, Reason):
            self._commit(takes)
        self._asked(self._pairs, pair, self._by_pair)
        return takes

    def credit(self, line: SourceLine) -> list[Take] | Reason:
        """Give money back on the customer's orders, without goods: all of it, or say why not."""
        if line.customer is None:
            return Reason.CREDIT_WITHOUT_CUSTOMER
        buyer = buyer_of(customer=line.customer, country=line.country)
        sold = self._by_buyer.get(buyer)
        takes = self._spread(-line.total_minor, sold) if sold is not None else Reason.SALE_NOT_IN_FILE
        if not isinstance(takes, Reason):
            self._commit(takes)
        self._asked(self._credits, buyer, self._by_buyer)
        return takes

    def cancel_or_credit(self, line: SourceLine) -> list[Take] | Reason:
        """Give back what was sold under the line's code and price, or else money on the customer's orders."""
        takes = self.cancel(line, same_price=True)
        if isinstance(takes, Reason):
            return self.credit(line)
        buyer = buyer_of(customer=line.customer, country=line.country)
        self._asked(self._credits, buyer, self._by_buyer)
        return takes

    @staticmethod
    def _match(line: SourceLine, sold: list[OpenLine], *, same_price: bool) -> list[Take] | Reason:
        need, price = -line.quantity, line.unit_price
        sold[:] = [entry for entry in sold if entry.quantity > 0]
        at_price = [
            (entry.unit_price - price, entry.quantity < need, -age, entry)
            for age, entry in enumerate(sold)
            if entry.unit_price == price or (entry.unit_price > price and not same_price)
        ]
        takes: list[Take] = []
        taken = 0
        for *_rank, entry in sorted(at_price, key=lambda ranked: ranked[:3]):
            # The pieces' amounts are steps of one running total, so that they add up to the line's value.
            quantity = min(need - taken, entry.quantity)
            amount = line_total(quantity=taken + quantity, unit_price=price)
            amount -= line_total(quantity=taken, unit_price=price)
            if amount <= entry.amount_minor:
                takes.append(Take(entry, quantity, amount))
                taken += quantity
            if taken == need:
                return takes
        if sum(entry.quantity for entry in sold) < need:
            return Reason.MORE_THAN_SOLD
        if sum(entry.quantity for *_rank, entry in at_price) < need:
            return Reason.PRICE_NOT_PAID
        return Reason.MORE_THAN_PAID

    def _spread(self, amount: int, sold: list[OpenLine]) -> list[Take] | Reason:
        if amount == 0:
            return Reason.NOTHING_TRADED
        sold[:] = [entry for entry in sold if entry.amount_minor > 0]
        if sum(entry.amount_minor for entry in sold) < amount:
            return Reason.MORE_THAN_PAID
        takes: list[Take] = []
        latest_first = sold[::-1]
        for entry in sorted(latest_first, key=lambda entry: self._pairs[entry.pair] > 0):
            part = min(amount, entry.amount_minor)
            takes.append(Take(entry, 0, part))
            amount -= part
            if amount == 0:
                break
        return takes

    @staticmethod
    def _commit(takes: list[Take]) -> None:
        for take in takes:
            take.line.quantity -= take.quantity
            take.line.amount_minor -= take.amount_minor

    @staticmethod
    def _asked(waiting: Counter[_Key], key: _Key, lists: dict[_Key, list[OpenLine]]) -> None:
        """Note that one more has asked, and forget the lines once nobody further on will."""
        waiting[key] -= 1
        if waiting[key] <= 0:
            del waiting[key]
            lists.pop(key, None)


def _less_discount(amounts: list[int], discount: int) -> list[int]:
    """Take from each amount its share of ``discount``, by largest remainder: the shares add up exactly."""
    whole = sum(amounts)
    if discount == 0 or whole == 0:
        return amounts
    shares = [amount * discount // whole for amount in amounts]
    rest = discount - sum(shares)
    by_remainder = sorted(range(len(amounts)), key=lambda i: (-(amounts[i] * discount % whole), i))
    for index in by_remainder[:rest]:
        shares[index] += 1
    return [amount - share for amount, share in zip(amounts, shares, strict=True)]
