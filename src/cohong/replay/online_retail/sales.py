"""Sales: each planned one becomes an order that is placed, paid, shipped, accepted and settled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cohong.kernel.errors import Refusal
from cohong.kernel.money import Money
from cohong.logistics.api import Address
from cohong.orders import api as orders
from cohong.orders.api import OrderState
from cohong.parties.api import SYSTEM
from cohong.payments import api as payments
from cohong.replay.online_retail.batching import Done, TurnedDown, acting
from cohong.replay.online_retail.book import country_code, public_text
from cohong.replay.online_retail.planned import PlannedSale
from cohong.replay.online_retail.reader import CURRENCY
from cohong.replay.online_retail.staging import Scene, buyer_name

WAY: Final = "wholesale"
_RECIPIENT_LENGTH_MAX: Final = 100


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


class Sales:
    """Sells, many at once."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._book = scene.book

    def sell(self, sales: Sequence[PlannedSale], done: Done) -> None:
        """Bring each sale to its settlement, from wherever it stands."""
        deals = [_Deal(sale, self._book.order_id(sale.key, sale.at)) for sale in sales]
        known = orders.standings(actor=self._scene.seller, order_ids=[deal.order_id for deal in deals])
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

    def _place(self, deals: Sequence[_Deal], done: Done) -> None:
        results = orders.place(items=[self._order(deal) for deal in deals]) if deals else []
        for deal, result in zip(deals, results, strict=True):
            if isinstance(result, Refusal):
                done.refused.append((deal.sale, result.code))
            else:
                deal.total_minor = result.total.minor
                deal.state = OrderState.PLACED if deal.total_minor else OrderState.READY

    def _order(self, deal: _Deal) -> orders.PlaceOrder:
        sale, book = deal.sale, self._book
        buyer_id = book.buyer_id(sale.customer, sale.country)
        lines = tuple(
            orders.AgreedLine(
                line_id=book.line_id(sale.key, sale.at, line.number),
                sku_id=book.sku_id(line.stock_code),
                title=self._scene.titles[line.stock_code],
                quantity=line.quantity,
                unit_price_minor=round(line.unit_price * 100),
                # The file's prices may be finer than a penny: its line's worth is what was agreed.
                goods_minor=line.total_minor,
            )
            for line in sale.lines
        )
        return orders.PlaceOrder(
            actor=acting(buyer_id),
            id=deal.order_id,
            buyer_id=buyer_id,
            seller_id=book.seller_id,
            way=WAY,
            market_id=self._scene.market_id,
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
                reference=self._book.step_id(deal.sale.key, deal.sale.at, "deposit"),
            )
            for deal in deals
        ]
        _all_done(deals, payments.deposit(actor=SYSTEM, items=deposits))
        pays = [orders.PayOrder(actor=acting(self._buyer(deal)), order_id=deal.order_id) for deal in deals]
        _advance(deals, orders.pay, pays, OrderState.READY)

    def _ship(self, deals: Sequence[_Deal]) -> None:
        items = [
            orders.ShipOrder(
                actor=self._scene.seller,
                order_id=deal.order_id,
                shipment_id=self._book.step_id(deal.sale.key, deal.sale.at, "shipment"),
            )
            for deal in deals
        ]
        _advance(deals, orders.ship, items, OrderState.SHIPPED)

    def _accept(self, deals: Sequence[_Deal]) -> None:
        items = [orders.OnOrder(actor=acting(self._buyer(deal)), order_id=deal.order_id) for deal in deals]
        _advance(deals, orders.accept, items, OrderState.ACCEPTED)

    def _settle(self, deals: Sequence[_Deal]) -> None:
        items = [orders.OnOrder(actor=SYSTEM, order_id=deal.order_id) for deal in deals]
        _advance(deals, orders.settle, items, OrderState.SETTLED)

    def _buyer(self, deal: _Deal) -> UUID:
        return self._book.buyer_id(deal.sale.customer, deal.sale.country)


# --- helpers ---------------------------------------------------------------------------------------------


def _address(sale: PlannedSale) -> Address:
    """Say where the goods go, as far as the book tells: a country."""
    country = public_text(sale.country, otherwise="unknown country")
    recipient = f"Walk-in, {country}" if sale.customer is None else buyer_name(sale.customer)
    return Address(
        recipient=recipient[:_RECIPIENT_LENGTH_MAX],
        phone="-",
        region_code=country_code(sale.country),
        street=country,
    )


def _in(deals: Sequence[_Deal], state: OrderState) -> list[_Deal]:
    return [deal for deal in deals if deal.state == state]


def _all_done(deals: Sequence[_Deal], results: Sequence[object]) -> None:
    for deal, result in zip(deals, results, strict=True):
        if isinstance(result, Refusal):
            raise TurnedDown(deal.sale.key, result)


def _advance(
    deals: Sequence[_Deal], act: Callable[..., Sequence[object]], items: Sequence[object], state: OrderState
) -> None:
    """Take one step with all deals at once."""
    if deals:
        _all_done(deals, act(items=items))
    for deal in deals:
        deal.state = state
