"""The demo's trades, act by act, each at its time and by whoever does such things."""

from collections.abc import Callable
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

from cohong.catalog import api as catalog
from cohong.demo.build.calendar import Calendar
from cohong.demo.build.carriers import carrier_for
from cohong.demo.build.goods import done, sku_id
from cohong.demo.build.plan import ACCEPT_DAYS, Happening, Trade
from cohong.demo.build.purchasing import address_of, home_of, invoices_of
from cohong.demo.build.quarrels import Quarrels
from cohong.demo.build.residents import Cast
from cohong.demo.build.scripts import Act
from cohong.demo.companies import companies
from cohong.demo.industries import category
from cohong.demo.listings import Listing, Sku
from cohong.demo.markets import market_of
from cohong.demo.people import people
from cohong.kernel import clock
from cohong.kernel.errors import one
from cohong.kernel.ids import UUID, named_id, named_id_at
from cohong.kernel.money import Money
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.orders.api import DeliveryKind, OrderView, PaymentKind
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Actor, Role
from cohong.payments import api as payments
from cohong.retail import api as retail

# A buyer whose balance does not suffice pays in what is missing, rounded up to a thousand of the currency.
_ROUND_MINOR: Final = 100_000
_TEN_PERCENT, _DEPOSIT_PERCENT = 10, 30
_LATE_WITH_INVOICES: Final = 6
_ABROAD: Final = {"810000": ("九龙弥敦道 233 号", "+85291230000"), "820000": ("新马路 88 号", "+85366120000")}
_HELD_FOR: Final = "接到举报，正在核查这批货物的质量证明文件。"


class Trader(Quarrels):
    """Does what the plan says happens. Holds nothing that a later run of the build would miss."""

    def __init__(self, seed: int, cast: Cast, calendar: Calendar, listings: dict[str, Listing]) -> None:
        self._seed, self._cast, self._calendar = seed, cast, calendar
        self._people = {person.ref: person for person in people(seed)}
        self._companies = {company.slug: company for company in companies(seed)}
        self._markets = {market.code: market.id for market in parties.markets()}
        self._skus: dict[UUID, Sku] = {
            sku_id(sku): sku for listing in listings.values() for sku in listing.skus
        }
        self._orders: dict[int, list[UUID]] = {}

    def do(self, happening: Happening) -> None:
        """Let one thing happen, to each order of its trade. Raises the refusal of an act that cannot be done."""
        trade, act = happening.trade, happening.act
        with clock.at(happening.at):
            if act is Act.PLACE:
                (self._check_out if trade.is_retail else self._agree)(trade)
                return
            deed: Callable[[Trade, OrderView], None] = getattr(self, f"_{act.value}")
            for order_id in self._order_ids(trade):
                deed(trade, orders.order(actor=SYSTEM, order_id=order_id))

    def has_happened(self, happening: Happening) -> bool:
        """Tell whether an order was placed (of other acts nobody asks)."""
        trade = happening.trade
        if trade.is_retail:
            try:
                retail.outcome(actor=self._buyer(trade), checkout_id=_checkout_id(trade))
            except retail.NoSuchCheckout:
                return False
            return True
        try:
            orders.order(actor=SYSTEM, order_id=_order_id(trade))
        except orders.OrderNotFound:
            return False
        return True

    def _order_ids(self, trade: Trade) -> list[UUID]:
        if trade.number not in self._orders:
            if trade.is_retail:
                placed = retail.outcome(actor=self._buyer(trade), checkout_id=_checkout_id(trade)).orders
                self._orders[trade.number] = [order.order_id for order in placed]
            else:
                self._orders[trade.number] = [_order_id(trade)]
        return self._orders[trade.number]

    # --- who --------------------------------------------------------------------------------------------

    def _buyer(self, trade: Trade, role: Role = Role.PURCHASING) -> Actor:
        return self._cast.acting(trade.buyer, role)

    def _seller(self, order: OrderView, role: Role = Role.SALES) -> Actor:
        return self._cast.acting(self._cast.name_of[order.seller_id], role)

    def _mover(self, shipment: logistics.ShipmentView) -> Actor:
        return self._cast.acting(
            self._cast.name_of[shipment.carrier_id or shipment.shipper_id], Role.WAREHOUSE
        )

    def _address(self, trade: Trade) -> logistics.Address | None:
        if trade.script.is_collected:
            return None
        company = self._companies.get(trade.buyer)
        staff = self._cast.staff(trade.buyer)
        contact = next((person for person in staff if "purchasing" in person.roles), staff[0])
        address = address_of(company, contact) if company else home_of(contact)
        if not trade.destination:
            return address
        street, phone = _ABROAD[trade.destination]
        return logistics.Address(
            recipient=address.recipient, phone=phone, region_code=trade.destination, street=street
        )

    def _invoice(self, trade: Trade) -> orders.InvoiceTerms | None:
        """Say which invoice is wanted: companies mostly want one for the tax office, every fifth consumer one for themselves."""
        company = self._companies.get(trade.buyer)
        if company is not None and not trade.destination:
            special, ordinary = invoices_of(self._seed, company)
            return (special, special, ordinary, None)[trade.number % 4]
        if company is None and trade.number % 5 == 0:
            [person] = self._cast.staff(trade.buyer)
            return orders.InvoiceTerms(kind=orders.InvoiceKind.PERSONAL, title=person.name.zh_hans)
        return None

    # --- coming to a deal -------------------------------------------------------------------------------

    def _check_out(self, trade: Trade) -> None:
        buyer = self._buyer(trade)
        items = [retail.CartItem(sku_id(line.sku), line.quantity) for line in trade.lines]
        retail.put(actor=buyer, items=items)
        wish = retail.CheckoutWish(
            id=_checkout_id(trade),
            address=self._address(trade),
            payment=orders.PaymentTerms(hours=trade.script.pay_hours),
            invoice=self._invoice(trade),
        )
        retail.checkout(actor=buyer, wish=wish)

    def _agree(self, trade: Trade) -> None:
        """Place an order that two parties agreed on: at the listing's prices, some with a discount."""
        first = trade.lines[0].listing
        items = [catalog.QuoteItem(sku_id(line.sku), line.quantity) for line in trade.lines]
        quotes = [one([quote]) for quote in catalog.quote(items=items)]
        goods = sum(quote.unit_price.minor * quote.quantity for quote in quotes)
        carrier_id, service, freight = self._freight(trade)
        discount = goods // 100 if trade.number % _TEN_PERCENT == 0 else 0
        kind = PaymentKind(trade.script.payment)
        deposit = (goods + freight - discount) * _DEPOSIT_PERCENT // 100 if kind is PaymentKind.DEPOSIT else 0
        order = orders.PlaceOrder(
            actor=self._buyer(trade),
            id=_order_id(trade),
            buyer_id=self._cast.parties[trade.buyer],
            seller_id=self._cast.parties[first.seller],
            way="direct",
            currency=first.currency,
            market_id=self._markets[market_of(category(first.category).industry).code],
            lines=tuple(
                orders.AgreedLine(
                    line_id=named_id("demo.line", trade.number, quote.sku_id),
                    sku_id=quote.sku_id,
                    title=quote.title,
                    quantity=quote.quantity,
                    unit_price_minor=quote.unit_price.minor,
                )
                for quote in quotes
            ),
            freight_minor=freight,
            discount_minor=discount,
            payment=orders.PaymentTerms(kind=kind, deposit_minor=deposit, hours=trade.script.pay_hours),
            delivery=orders.DeliveryTerms(
                kind=DeliveryKind.PICK_UP if trade.script.is_collected else DeliveryKind.SHIPMENT,
                address=self._address(trade),
                carrier_id=carrier_id,
                service=service,
                accept_days=ACCEPT_DAYS,
            ),
            invoice=self._invoice(trade),
        )
        done(orders.place(items=[order]))

    def _freight(self, trade: Trade) -> tuple[UUID | None, str, int]:
        """Give the carrier, the service and its price; in another currency the seller brings the goods."""
        first, address = trade.lines[0].listing, self._address(trade)
        if address is None or first.currency != "CNY":
            return None, "", 0
        grams = sum(line.sku.weight_grams * line.quantity for line in trade.lines)
        slug, service = carrier_for(first.category, grams)
        wish = logistics.FreightItem(
            carrier_id=self._cast.parties[slug],
            service=service,
            from_region=self._companies[first.seller].region,
            to_region=address.region_code,
            weight_grams=grams,
        )
        return self._cast.parties[slug], service, one(logistics.freight(items=[wish])).minor

    # --- paying -----------------------------------------------------------------------------------------

    def _pay(self, trade: Trade, order: OrderView) -> None:
        item = orders.PayOrder(actor=self._buyer(trade, Role.FINANCE), order_id=order.id)
        [outcome] = orders.pay(items=[item])
        if isinstance(outcome, payments.FundsShort):
            self._pay_in(order)
            [outcome] = orders.pay(items=[item])
        done([outcome])

    def _pay_in(self, order: OrderView) -> None:
        """Book what the bank's statement says that the buyer has paid in."""
        due = order.total - order.paid
        amount = Money(-(-due.minor // _ROUND_MINOR) * _ROUND_MINOR, due.currency)
        reference = named_id("demo.deposit", order.id, order.paid.minor)
        item = payments.Deposit(party_id=order.buyer_id, amount=amount, reference=reference)
        done(payments.deposit(actor=SYSTEM, items=[item]))

    # --- travelling -------------------------------------------------------------------------------------

    def _ship(self, _trade: Trade, order: OrderView) -> None:
        self._hand_over(order, [(line, line.quantity - line.shipped) for line in order.lines])

    def _ship_half(self, _trade: Trade, order: OrderView) -> None:
        self._hand_over(order, [(line, line.quantity // 2) for line in order.lines if line.quantity > 1])

    def _hand_over(self, order: OrderView, parts: list[tuple[orders.LineView, int]]) -> None:
        parts = [(line, quantity) for line, quantity in parts if quantity]
        item = orders.ShipOrder(
            actor=self._seller(order, Role.WAREHOUSE),
            order_id=order.id,
            shipment_id=named_id_at(clock.now(), "demo.shipment", order.id),
            lines=tuple((line.id, quantity) for line, quantity in parts),
            weight_grams=sum(self._skus[line.sku_id].weight_grams * quantity for line, quantity in parts),
        )
        done(orders.ship(items=[item]))

    def _report(self, order: OrderView, *kinds: str, at_home: bool) -> None:
        """Report what happened to the goods that are on their way, where the seller is or where they go."""
        address = orders.address(actor=SYSTEM, order_id=order.id)
        home = self._companies[self._cast.name_of[order.seller_id]].region
        there = home if at_home or address is None else address.region_code
        for shipment in logistics.shipments_of(order_ids=[order.id])[order.id]:
            if shipment.delivered_at is not None:
                continue
            events = [
                logistics.TrackingEvent(
                    id=named_id("demo.event", shipment.id, kind),
                    waybill_number=shipment.waybill_number,
                    kind=kind,
                    at=clock.now(),
                    region_code=home if kind == "departed" else there,
                )
                for kind in kinds
            ]
            done(logistics.record_events(actor=self._mover(shipment), items=events))

    def _picked_up(self, _trade: Trade, order: OrderView) -> None:
        self._report(order, "picked_up", at_home=True)

    def _travelled(self, _trade: Trade, order: OrderView) -> None:
        self._report(order, "departed", "arrived", at_home=False)

    def _out_for_delivery(self, _trade: Trade, order: OrderView) -> None:
        self._report(order, "out_for_delivery", at_home=False)

    def _delivered(self, _trade: Trade, order: OrderView) -> None:
        self._report(order, "delivered", at_home=False)

    def _brought_back(self, _trade: Trade, order: OrderView) -> None:
        self._report(order, "attempt_failed", "returning", "returned", at_home=True)

    def _ready(self, _trade: Trade, order: OrderView) -> None:
        self._report(order, "ready", at_home=True)

    def _collect(self, trade: Trade, order: OrderView) -> None:
        for shipment in logistics.shipments_of(order_ids=[order.id])[order.id]:
            code = logistics.pick_up_code_of(actor=self._buyer(trade), shipment_id=shipment.id)
            seller = self._seller(order, Role.WAREHOUSE)
            done([logistics.try_collect(actor=seller, shipment_id=shipment.id, code=code)])

    # --- ending -----------------------------------------------------------------------------------------

    def _accept(self, trade: Trade, order: OrderView) -> None:
        done(orders.accept(items=[orders.OnOrder(actor=self._buyer(trade), order_id=order.id)]))

    def _accept_by_itself(self, _trade: Trade, order: OrderView) -> None:
        done(orders.accept(items=[_by_platform(order)]))

    def _settle(self, trade: Trade, order: OrderView) -> None:
        done(orders.settle(items=[_by_platform(order)]))
        # Most sellers issue the invoice with the money; of some the buyers still wait for it.
        if self._invoice(trade) is not None and trade.number % _LATE_WITH_INVOICES:
            self._issue_invoice(order)

    def _issue_invoice(self, order: OrderView) -> None:
        day = clock.now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()
        serial = int.from_bytes(named_id("demo.invoice", order.id).bytes[-8:]) % 10**16
        orders.record_invoice(
            item=orders.RecordInvoice(
                actor=self._seller(order, Role.FINANCE),
                order_id=order.id,
                number=f"{day:%y}44{serial:016d}",
                issued_on=day,
            )
        )

    def _lapse(self, _trade: Trade, order: OrderView) -> None:
        done(orders.lapse(items=[_by_platform(order)]))

    def _cancel(self, trade: Trade, order: OrderView) -> None:
        done(
            orders.cancel(
                items=[orders.OnOrder(actor=self._buyer(trade), order_id=order.id, reason="拍错了规格。")]
            )
        )

    def _call_off(self, _trade: Trade, order: OrderView) -> None:
        item = orders.OnOrder(
            actor=self._seller(order), order_id=order.id, reason="这一批货验收不合格，暂不发出。"
        )
        done(orders.cancel(items=[item]))

    def _hold(self, _trade: Trade, order: OrderView) -> None:
        orders.hold(actor=self._cast.acting("market-supervision"), order_id=order.id, reason=_HELD_FOR)

    # --- going back -------------------------------------------------------------------------------------

    def _ask_return(self, trade: Trade, order: OrderView) -> None:
        lines = [orders.ReturnedLine(line_id=line.id, quantity=line.shipped) for line in order.lines]
        self._ask(trade, order, lines, "与描述不符，申请退货退款。")

    def _ask_part(self, trade: Trade, order: OrderView) -> None:
        line = order.lines[0]
        back = [orders.ReturnedLine(line_id=line.id, quantity=max(1, line.shipped // 2))]
        self._ask(trade, order, back, "部分货物在途中受损，申请退回这一部分。")

    def _ask_money(self, trade: Trade, order: OrderView) -> None:
        line = order.lines[0]
        part = max(1, line.total.minor // _TEN_PERCENT)
        back = [orders.ReturnedLine(line_id=line.id, quantity=0, amount_minor=part)]
        self._ask(trade, order, back, "外包装破损，不影响使用，协商退一成货款。", goods_back=False)

    def _ask(
        self,
        trade: Trade,
        order: OrderView,
        lines: list[orders.ReturnedLine],
        reason: str,
        *,
        goods_back: bool = True,
    ) -> None:
        orders.request_return(
            item=orders.RequestReturn(
                actor=self._buyer(trade),
                id=named_id_at(clock.now(), "demo.return", order.id),
                order_id=order.id,
                lines=tuple(lines),
                goods_back=goods_back,
                reason=reason,
            )
        )

    def _on_return(self, actor: Actor, order: OrderView, reason: str = "") -> orders.OnReturn:
        [found] = orders.returns(actor=SYSTEM, order_id=order.id)
        return orders.OnReturn(actor=actor, return_id=found.id, reason=reason)

    def _approve(self, _trade: Trade, order: OrderView) -> None:
        orders.approve_return(item=self._on_return(self._seller(order), order))

    def _reject(self, _trade: Trade, order: OrderView) -> None:
        reason = "签收时已当面验货并确认无误。"
        orders.reject_return(item=self._on_return(self._seller(order), order, reason))

    def _withdraw(self, trade: Trade, order: OrderView) -> None:
        orders.withdraw_return(item=self._on_return(self._buyer(trade), order))

    def _receive(self, _trade: Trade, order: OrderView) -> None:
        orders.receive_return(item=self._on_return(self._seller(order, Role.WAREHOUSE), order))

    def _refund(self, _trade: Trade, order: OrderView) -> None:
        orders.refund(item=self._on_return(self._seller(order, Role.FINANCE), order))


def _by_platform(order: OrderView) -> orders.OnOrder:
    return orders.OnOrder(actor=SYSTEM, order_id=order.id)


def _order_id(trade: Trade) -> UUID:
    return named_id_at(trade.placed_at, "demo.order", trade.number)


def _checkout_id(trade: Trade) -> UUID:
    return named_id_at(trade.placed_at, "demo.checkout", trade.number)
