"""Carries planned trades out through the doors' acts, a batch at a time, and counts what came of them.

A batch is one transaction: it is done or it is not, whatever kills whom. Before it trades, it asks which of its orders and
returns are there already and in which state, and goes on from there; so a batch that was done is passed over with two
questions, and batches may be cut otherwise in the next run.

Within a batch all sales go through their life first (place, pay, ship, accept, settle, each act once for all), then the
returns one by one, then the stock adjustments. A return's sale is planned before it, so it is always shipped by then.

All of a batch happens at one moment, the latest of its invoices'. A batch never spans two days.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import psycopg
from django.db import transaction
from django.db.utils import OperationalError

from cohong.catalog import api as catalog
from cohong.kernel import clock
from cohong.kernel.errors import Refusal
from cohong.kernel.money import Money
from cohong.logistics.api import Address
from cohong.orders import api as orders
from cohong.orders.api import OrderState, ReturnState
from cohong.parties.api import SYSTEM, Actor, Role
from cohong.payments import api as payments
from cohong.replay.online_retail.book import Book, country_code, public_text
from cohong.replay.online_retail.planned import (
    Planned,
    PlannedReturn,
    PlannedSale,
    RefusedLine,
    StockAdjustment,
    StockReason,
    Tally,
)
from cohong.replay.online_retail.reader import CURRENCY, LOCAL_ZONE
from cohong.replay.online_retail.staging import Scene, buyer_name

WAY: Final = "wholesale"
_LINES_LIMIT: Final = 20_000
_TRIES: Final = 5
_REASON_LENGTH_MAX: Final = 200
_STOCK_REASONS: Final = {
    StockReason.WRITTEN_OFF: "Written off",
    StockReason.FOUND: "Found",
    StockReason.GIFT: "Given away",
}


# --- batches ---------------------------------------------------------------------------------------------


class Batch(NamedTuple):
    """Planned items that are carried out in one transaction, at one moment (None: there is nothing to trade)."""

    items: list[Planned]
    moment: datetime | None


def batches(items: Iterable[Planned], *, most: int) -> Iterable[Batch]:
    """Cut a plan into batches of at most ``most`` trades, none of which spans two days."""
    batch: list[Planned] = []
    moment: datetime | None = None
    day: date | None = None
    trades = lines = 0
    for item in items:
        if not isinstance(item, RefusedLine):
            own = item.at.astimezone(LOCAL_ZONE).date()
            if trades and (own != day or trades >= most or lines >= _LINES_LIMIT):
                yield Batch(batch, moment)
                batch, moment, trades, lines = [], None, 0, 0
            day = own
            moment = item.at if moment is None else max(moment, item.at)
            trades += 1
        lines += item.file_lines
        batch.append(item)
    if batch:
        yield Batch(batch, moment)


# --- what came of it -------------------------------------------------------------------------------------


@dataclass
class _Done:
    """What came of a batch; it counts once the batch is committed.

    ``traded`` are orders and returns with their money in the database, in pence.
    """

    traded: list[tuple[PlannedSale | PlannedReturn, int]] = field(default_factory=list)
    adjusted: list[StockAdjustment] = field(default_factory=list)
    refused: list[tuple[Planned, str]] = field(default_factory=list)
    freight_back: dict[str, int] = field(default_factory=dict)
    new_orders: int = 0
    new_returns: int = 0


class _TurnedDown(Exception):  # noqa: N818 - said as what happened
    """An act refused an item when others of the batch had been carried out: the batch is begun anew without it."""

    def __init__(self, key: str, refusal: Refusal) -> None:
        self.key = key
        self.code = refusal.code
        super().__init__(key, refusal)


@dataclass(slots=True)
class _Deal:
    """A sale on its way through the order's life."""

    sale: PlannedSale
    order_id: UUID
    state: str = ""
    total_minor: int = 0

    @property
    def total(self) -> Money:
        return Money(self.total_minor, CURRENCY)


class Trader:
    """Trades batches, one after the other; ``tally`` adds up what is in the database, whoever's run put it there."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.book: Book = scene.book
        self.tally = Tally()
        self.new_orders = 0
        self.new_returns = 0
        # How much of an order's freight went back, of the few orders where any did.
        self._freight_back: dict[str, int] = {}

    def trade(self, batch: Batch) -> None:
        """Carry a batch out. An item that an act refuses is counted as refused, by the refusal's code."""
        turned_down: dict[str, str] = {}
        tries = 0
        while True:
            try:
                done = self._attempt(batch, turned_down)
            except _TurnedDown as refused:
                turned_down[refused.key] = refused.code
            except OperationalError as error:
                # Others may trade on the same platform; whoever is chosen to give way begins again.
                tries += 1
                if tries == _TRIES or not isinstance(
                    error.__cause__, psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure
                ):
                    raise
            else:
                break
        self._count(done)

    def _attempt(self, batch: Batch, turned_down: dict[str, str]) -> _Done:
        done = _Done()
        sales: list[PlannedSale] = []
        returns: list[PlannedReturn] = []
        adjustments: list[StockAdjustment] = []
        for item in batch.items:
            match item:
                case RefusedLine():
                    done.refused.append((item, item.reason))
                case _ if item.key in turned_down:
                    done.refused.append((item, turned_down[item.key]))
                case PlannedSale():
                    sales.append(item)
                case PlannedReturn():
                    returns.append(item)
                case StockAdjustment():
                    adjustments.append(item)
        if batch.moment is not None:
            with clock.at(batch.moment), transaction.atomic():
                self._sell(sales, done)
                self._give_back(returns, done)
                self._adjust(adjustments, done)
        return done

    def _count(self, done: _Done) -> None:
        for item, minor in done.traded:
            if isinstance(item, PlannedSale):
                self.tally.orders += 1
                self.tally.sales.add(item.file_lines, minor)
            else:
                self.tally.returns += 1
                self.tally.returned.add(item.file_lines, -minor)
        for item in done.adjusted:
            self.tally.add(item)
        for item, reason in done.refused:
            self.tally.refuse(item, reason)
        self._freight_back.update(done.freight_back)
        self.new_orders += done.new_orders
        self.new_returns += done.new_returns

    # --- sales -------------------------------------------------------------------------------------------

    def _sell(self, sales: Sequence[PlannedSale], done: _Done) -> None:
        """Bring each sale to its settlement, from wherever it stands."""
        deals = [_Deal(sale, self.book.order_id(sale.key, sale.at)) for sale in sales]
        known = orders.standings(actor=self.scene.seller, order_ids=[deal.order_id for deal in deals])
        for deal in deals:
            if deal.order_id in known:
                state, total = known[deal.order_id]
                deal.state, deal.total_minor = state, total.minor
        fresh = [deal for deal in deals if not deal.state]
        self._place(fresh, done)
        placed = [deal for deal in deals if deal.state]
        self._pay(_in(placed, OrderState.PLACED))
        self._ship(_in(placed, OrderState.READY))
        self._accept(_in(placed, OrderState.SHIPPED))
        self._settle(_in(placed, OrderState.ACCEPTED))
        done.new_orders += sum(deal.order_id not in known for deal in placed)
        for deal in placed:
            if deal.state == OrderState.SETTLED:
                done.traded.append((deal.sale, deal.total_minor))
            else:
                done.refused.append((deal.sale, "WrongState"))

    def _place(self, deals: Sequence[_Deal], done: _Done) -> None:
        results = orders.place(items=[self._order(deal) for deal in deals]) if deals else []
        for deal, result in zip(deals, results, strict=True):
            if isinstance(result, Refusal):
                done.refused.append((deal.sale, result.code))
            else:
                deal.total_minor = result.total.minor
                deal.state = OrderState.PLACED if deal.total_minor else OrderState.READY

    def _order(self, deal: _Deal) -> orders.PlaceOrder:
        sale, book = deal.sale, self.book
        buyer_id = book.buyer_id(sale.customer, sale.country)
        lines = tuple(
            orders.AgreedLine(
                line_id=book.line_id(sale.key, sale.at, line.number),
                sku_id=book.sku_id(line.stock_code),
                title=self.scene.titles[line.stock_code],
                quantity=line.quantity,
                unit_price_minor=round(line.unit_price * 100),
                # The file's prices may be finer than a penny: its line's worth is what was agreed.
                goods_minor=line.total_minor,
            )
            for line in sale.lines
        )
        return orders.PlaceOrder(
            actor=_acting(buyer_id),
            id=deal.order_id,
            buyer_id=buyer_id,
            seller_id=book.seller_id,
            way=WAY,
            market_id=self.scene.market_id,
            currency=CURRENCY,
            lines=lines,
            freight_minor=sale.freight_minor,
            discount_minor=sale.discount_minor,
            delivery=orders.DeliveryTerms(address=_address(sale)),
        )

    def _pay(self, deals: Sequence[_Deal]) -> None:
        """Let exactly what is due come in at the bank, and pay it."""
        deposits = [
            payments.Deposit(
                party_id=self._buyer(deal),
                amount=deal.total,
                reference=self.book.step_id(deal.sale.key, deal.sale.at, "deposit"),
            )
            for deal in deals
        ]
        _all_done(deals, payments.deposit(actor=SYSTEM, items=deposits))
        pays = [orders.PayOrder(actor=_acting(self._buyer(deal)), order_id=deal.order_id) for deal in deals]
        _advance(deals, orders.pay, pays, OrderState.READY)

    def _ship(self, deals: Sequence[_Deal]) -> None:
        items = [
            orders.ShipOrder(
                actor=self.scene.seller,
                order_id=deal.order_id,
                shipment_id=self.book.step_id(deal.sale.key, deal.sale.at, "shipment"),
            )
            for deal in deals
        ]
        _advance(deals, orders.ship, items, OrderState.SHIPPED)

    def _accept(self, deals: Sequence[_Deal]) -> None:
        items = [orders.OnOrder(actor=_acting(self._buyer(deal)), order_id=deal.order_id) for deal in deals]
        _advance(deals, orders.accept, items, OrderState.ACCEPTED)

    def _settle(self, deals: Sequence[_Deal]) -> None:
        items = [orders.OnOrder(actor=SYSTEM, order_id=deal.order_id) for deal in deals]
        _advance(deals, orders.settle, items, OrderState.SETTLED)

    def _buyer(self, deal: _Deal) -> UUID:
        return self.book.buyer_id(deal.sale.customer, deal.sale.country)

    # --- returns -----------------------------------------------------------------------------------------

    def _give_back(self, returns: Sequence[PlannedReturn], done: _Done) -> None:
        ids = [self.book.step_id(back.key, back.at) for back in returns]
        sold = [self.book.order_id(back.sale_key, back.sale_at) for back in returns]
        known = orders.return_standings(actor=self.scene.seller, return_ids=ids)
        there = orders.standings(actor=self.scene.seller, order_ids=list(set(sold)))
        for back, return_id, order_id in zip(returns, ids, sold, strict=True):
            if order_id not in there:
                done.refused.append((back, orders.OrderNotFound.code))
                continue
            freight = sum(piece.amount_minor for piece in back.pieces if piece.number is None)
            before = done.freight_back.get(back.sale_key, self._freight_back.get(back.sale_key, 0))
            state, amount = known.get(return_id, (None, Money.zero(CURRENCY)))
            if state is None:
                lines = self._returned_lines(back, order_id, freight_before=before)
                if not lines:
                    done.refused.append((back, "NothingTraded"))
                    continue
                amount = self._request(back, return_id, order_id, lines)
                state = ReturnState.REQUESTED
                done.new_returns += 1
            self._refund(back, return_id, state)
            done.traded.append((back, amount.minor))
            if freight:
                done.freight_back[back.sale_key] = before + freight

    def _returned_lines(
        self, back: PlannedReturn, order_id: UUID, *, freight_before: int
    ) -> tuple[orders.ReturnedLine, ...]:
        """Say what comes back of each line; what comes back of the freight is money for the lines that carry it."""
        quantities: dict[UUID, int] = {}
        amounts: dict[UUID, int] = {}
        for piece in back.pieces:
            if piece.number is None:
                shares = self._freight_shares(order_id, before=freight_before, amount=piece.amount_minor)
            else:
                line_id = self.book.line_id(back.sale_key, back.sale_at, piece.number)
                quantities[line_id] = quantities.get(line_id, 0) + piece.quantity
                shares = [(line_id, piece.amount_minor)]
            for line_id, minor in shares:
                amounts[line_id] = amounts.get(line_id, 0) + minor
        return tuple(
            orders.ReturnedLine(line_id=line_id, quantity=quantities.get(line_id, 0), amount_minor=minor)
            for line_id, minor in amounts.items()
            if minor or quantities.get(line_id)
        )

    def _freight_shares(self, order_id: UUID, *, before: int, amount: int) -> list[tuple[UUID, int]]:
        """Spread freight that goes back over the lines as they carry it, after ``before`` went back already.

        No line gives more than its share of the freight, so that all of what was paid for its goods can still follow.
        """
        shares = []
        for line in orders.order(actor=self.scene.seller, order_id=order_id).lines:
            gone = min(before, line.freight.minor)
            before -= gone
            part = min(amount, line.freight.minor - gone)
            amount -= part
            if part:
                shares.append((line.id, part))
        return shares

    def _request(
        self, back: PlannedReturn, return_id: UUID, order_id: UUID, lines: tuple[orders.ReturnedLine, ...]
    ) -> Money:
        wish = orders.RequestReturn(
            actor=_acting(self.book.buyer_id(back.customer, back.country)),
            id=return_id,
            order_id=order_id,
            lines=lines,
            goods_back=back.goods_back,
            reason=public_text(f"Credit note {back.invoice}", otherwise="Credit note"),
        )
        return _or_turned_down(back.key, orders.request_return, wish).amount

    def _refund(self, back: PlannedReturn, return_id: UUID, state: str) -> None:
        """Bring a return to its end, from wherever it stands."""
        on_return = orders.OnReturn(actor=self.scene.seller, return_id=return_id)
        if state == ReturnState.REQUESTED:
            _or_turned_down(back.key, orders.approve_return, on_return)
            state = ReturnState.APPROVED
        if state == ReturnState.APPROVED and back.goods_back:
            _or_turned_down(back.key, orders.receive_return, on_return)
        if state != ReturnState.REFUNDED:
            _or_turned_down(back.key, orders.refund, on_return)

    # --- stock -------------------------------------------------------------------------------------------

    def _adjust(self, adjustments: Sequence[StockAdjustment], done: _Done) -> None:
        """Book what came and what went without a trade; each is booked once, however often this is done."""
        for act, some in (
            (catalog.receive_stock, [one for one in adjustments if one.quantity > 0]),
            (catalog.write_off, [one for one in adjustments if one.quantity < 0]),
        ):
            results = act(actor=self.scene.seller, items=[self._stock_item(one) for one in some])
            for adjustment, refusal in zip(some, results, strict=True):
                if refusal is None:
                    done.adjusted.append(adjustment)
                else:
                    done.refused.append((adjustment, refusal.code))

    def _stock_item(self, adjustment: StockAdjustment) -> catalog.StockItem:
        reason = _STOCK_REASONS[adjustment.reason]
        if adjustment.note:
            reason = f"{reason}: {public_text(adjustment.note, otherwise='note')}"[:_REASON_LENGTH_MAX]
        return catalog.StockItem(
            self.book.sku_id(adjustment.stock_code),
            self.scene.location_id,
            abs(adjustment.quantity),
            reason,
            self.book.step_id(adjustment.key, adjustment.at),
        )


# --- helpers ---------------------------------------------------------------------------------------------


def _acting(party_id: UUID) -> Actor:
    return Actor(party_id=party_id, roles=frozenset({Role.OWNER}))


def _address(sale: PlannedSale) -> Address:
    """Say where the goods go, as far as the book tells: a country."""
    country = public_text(sale.country, otherwise="unknown country")
    recipient = f"Walk-in, {country}" if sale.customer is None else buyer_name(sale.customer)
    return Address(recipient=recipient[:100], phone="-", region_code=country_code(sale.country), street=country)


def _in(deals: Sequence[_Deal], state: OrderState) -> list[_Deal]:
    return [deal for deal in deals if deal.state == state]


def _all_done(deals: Sequence[_Deal], results: Sequence[object]) -> None:
    for deal, result in zip(deals, results, strict=True):
        if isinstance(result, Refusal):
            raise _TurnedDown(deal.sale.key, result)


def _advance(
    deals: Sequence[_Deal], act: Callable[..., Sequence[object]], items: Sequence[object], state: OrderState
) -> None:
    """Take one step with all deals at once."""
    if deals:
        _all_done(deals, act(items=items))
    for deal in deals:
        deal.state = state


def _or_turned_down(key: str, act: Callable[..., Any], item: object) -> Any:
    """Take one step with a return; a refusal has undone the transaction, so the batch is begun anew without it."""
    try:
        return act(item=item)
    except Refusal as refusal:
        raise _TurnedDown(key, refusal) from refusal
