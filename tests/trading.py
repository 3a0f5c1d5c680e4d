"""A small place to trade in: a seller with goods, buyers with money, a carrier, an authority; and short ways to trade."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from cohong.catalog import api as catalog
from cohong.kernel import clock, sets
from cohong.kernel.errors import one
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.logistics import api as logistics
from cohong.logistics.api import Address
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import Actor, Mandate, Names, Role
from cohong.payments import api as payments

HOME = Address(
    recipient="陈小明",
    phone="13812345678",
    region_code="440100",
    street="天河区体育西路 103 号 1804 房",
    postcode="510620",
)


def acting_for(party_id: UUID, *roles: Role, mandates: Sequence[Mandate] = (), **more: Any) -> Actor:
    """Make an actor: the party's owner, unless roles are named."""
    return Actor(
        party_id=party_id,
        user_id=new_id(),
        roles=frozenset(roles or [Role.OWNER]),
        mandates=frozenset(mandates),
        **more,
    )


class Place:
    """Who and what a test of whole trades needs. Prices are in fen; each SKU costs 100 fen unless told otherwise."""

    def __init__(self) -> None:
        for code, name, parent in (("440000", "广东省", ""), ("440100", "广州市", "440000")):
            parties.define_region(
                actor=parties.SYSTEM, code=code, names=Names(name, name, name), parent_code=parent
            )
        parties.define_industry(actor=parties.SYSTEM, code="steel", names=Names("钢铁", "鋼鐵", "Steel"))
        self.seller_id, self.buyer_id, self.other_id = new_id(), new_id(), new_id()
        self.carrier_id, self.authority_id = new_id(), new_id()
        for party_id, name in (
            (self.seller_id, "南沙钢厂"),
            (self.buyer_id, "番禺机械"),
            (self.other_id, "外人"),
            (self.carrier_id, "岭南快运"),
            (self.authority_id, "监管局"),
        ):
            self.register(party_id, name)
        self.seller, self.buyer = acting_for(self.seller_id), acting_for(self.buyer_id)
        self.other = acting_for(self.other_id)
        self.authority = acting_for(self.authority_id, mandates=[Mandate.SUPERVISION])
        catalog.define_units(actor=parties.SYSTEM, units=[catalog.Unit("piece", Names("件", "件", "piece"))])
        catalog.define_categories(
            actor=parties.SYSTEM,
            categories=[
                catalog.Category(code="coil", industry_code="steel", names=Names("钢卷", "鋼卷", "Coil"))
            ],
        )
        logistics.define_carrier(
            actor=parties.SYSTEM, id=self.carrier_id, code="LNKY", name="岭南快运", services=["express"]
        )
        self.shed = catalog.open_location(
            actor=self.seller, party_id=self.seller_id, name="一号仓", region_code="440100"
        )

    def register(self, party_id: UUID, name: str) -> None:
        """Register a party as it is."""
        item = parties.Registration(id=party_id, name=name, region_code="440100")
        one(parties.register_many(actor=parties.SYSTEM, items=[item]))

    def buyers(self, count: int, *, money: int = 0) -> list[Actor]:
        """Register buyers, each with so much money (fen)."""
        ids = [new_id() for _ in range(count)]
        for index, party_id in enumerate(ids):
            self.register(party_id, f"买家{index}")
        if money:
            self.give(money, *ids)
        return [acting_for(party_id) for party_id in ids]

    def give(self, fen: int, *party_ids: UUID) -> None:
        """Put money into parties' balances."""
        items = [
            payments.Deposit(party_id=party_id, amount=Money(fen, "CNY"), reference=new_id())
            for party_id in party_ids
        ]
        assert payments.deposit(actor=parties.SYSTEM, items=items) == [None] * len(items)

    def goods(self, *quantities: int, fen: int = 100) -> list[UUID]:
        """Put a listing on offer with a SKU for each quantity, that many of it in the shed."""
        draft = catalog.ListingDraft(
            category_code="coil",
            title="冷轧钢卷",
            currency="CNY",
            unit="piece",
            skus=[
                catalog.SkuDraft(
                    code=f"c{index}", attributes={}, tiers=[catalog.Tier(1, fen)], weight_grams=1000
                )
                for index, _ in enumerate(quantities)
            ],
        )
        made = one(
            catalog.create_listings(actor=self.seller, seller_id=self.seller_id, drafts=[draft], publish=True)
        )
        items = [
            catalog.StockItem(sku_id, self.shed, quantity, "", new_id())
            for sku_id, quantity in zip(made.sku_ids, quantities, strict=True)
            if quantity
        ]
        assert catalog.receive_stock(actor=self.seller, items=items) == [None] * len(items)
        return list(made.sku_ids)

    def deal(
        self, *lines: tuple[UUID, int], buyer: Actor | None = None, fen: int = 100, **more: Any
    ) -> orders.PlaceOrder:
        """Make a deal over (SKU, quantity) pairs, ready to be placed."""
        actor = buyer or self.buyer
        fields: dict[str, Any] = {
            "actor": actor,
            "id": new_id(),
            "buyer_id": actor.party_id,
            "seller_id": self.seller_id,
            "way": "retail",
            "currency": "CNY",
            "lines": tuple(
                orders.AgreedLine(
                    line_id=new_id(), sku_id=sku_id, title="冷轧钢卷", quantity=quantity, unit_price_minor=fen
                )
                for sku_id, quantity in lines
            ),
            "delivery": orders.DeliveryTerms(address=HOME),
            **more,
        }
        return orders.PlaceOrder(**fields)

    def place(self, *lines: tuple[UUID, int], **more: Any) -> UUID:
        """Place an order and return its id."""
        return one(orders.place(items=[self.deal(*lines, **more)])).order_id

    def pay(self, order_id: UUID, *, by: Actor | None = None) -> Money:
        """Pay what is due from the buyer's balance."""
        return one(orders.pay(items=[orders.PayOrder(actor=by or self.buyer, order_id=order_id)]))

    def ship(self, order_id: UUID, *, by: Actor | None = None, **more: Any) -> orders.Shipped:
        """Ship all that is left, or `lines`."""
        item = orders.ShipOrder(actor=by or self.seller, order_id=order_id, shipment_id=new_id(), **more)
        return one(orders.ship(items=[item]))

    def deliver(self, order_id: UUID) -> None:
        """Report all shipments of an order as delivered, as whoever moves them."""
        for shipment in logistics.shipments_of(order_ids=[order_id])[order_id]:
            event = logistics.TrackingEvent(
                id=new_id(), waybill_number=shipment.waybill_number, kind="delivered", at=clock.now()
            )
            mover = acting_for(shipment.carrier_id or shipment.shipper_id)
            one(logistics.record_events(actor=mover, items=[event]))

    def accept(self, order_id: UUID, *, by: Actor | None = None) -> None:
        """Accept the goods."""
        one(orders.accept(items=[orders.OnOrder(actor=by or self.buyer, order_id=order_id)]))

    def settle(self, order_id: UUID) -> Money:
        """Settle the order."""
        return one(orders.settle(items=[orders.OnOrder(actor=parties.SYSTEM, order_id=order_id)]))

    def to(self, state: str, *lines: tuple[UUID, int], **more: Any) -> UUID:
        """Bring a new order as far as `state` (ready, shipped, accepted, settled); its buyer needs the money."""
        order_id = self.place(*lines, **more)
        buyer = more.get("buyer")
        steps = [
            ("ready", lambda: self.pay(order_id, by=buyer)),
            ("shipped", lambda: self.ship(order_id)),
            ("accepted", lambda: self.accept(order_id, by=buyer)),
            ("settled", lambda: self.settle(order_id)),
        ]
        names = [name for name, _ in steps]
        for _, step in steps[: names.index(state) + 1]:
            step()
        return order_id

    def send_back(self, order_id: UUID, *lines: orders.ReturnedLine, goods_back: bool = True) -> Money:
        """Take a return through its whole life and return what was refunded."""
        request = orders.RequestReturn(
            actor=self.buyer, id=new_id(), order_id=order_id, lines=lines, goods_back=goods_back
        )
        orders.request_return(item=request)
        on_return = orders.OnReturn(actor=self.seller, return_id=request.id)
        orders.approve_return(item=on_return)
        if goods_back:
            orders.receive_return(item=on_return)
        return orders.refund(item=on_return)

    def view(self, order_id: UUID) -> orders.OrderView:
        """Look at the order as the platform."""
        return orders.order(actor=parties.SYSTEM, order_id=order_id)

    def balance(self, party_id: UUID) -> int:
        """Return what a party's balance holds, in fen."""
        account = payments.account_id(payments.AccountKind.BALANCE, party_id, "CNY")
        found = payments.balances(account_ids=[account])
        return found[account].posted.minor if account in found else 0

    def escrow(self, order_id: UUID) -> int:
        """Return what an order's escrow holds, in fen."""
        held = payments.held(order_ids=[order_id])
        return held[order_id].minor if order_id in held else 0

    def stock(self, sku_id: UUID) -> tuple[int, int]:
        """Return (on hand, reserved)."""
        view = catalog.stock_of(sku_ids=[sku_id])[sku_id]
        return view.on_hand, view.reserved

    def kinds(self, order_id: UUID) -> list[str]:
        """Return the kinds of an order's documents, in order."""
        return [filed.envelope.kind for filed in orders.evidence(actor=parties.SYSTEM, order_id=order_id)]


def audits() -> list[str]:
    """Run every module's audit and return what is found."""
    return [
        f"{check.name}: {finding}"
        for module in (parties, catalog, payments, logistics, orders)
        for check in module.audit()
        for finding in check.findings
    ]


def counted(table: str) -> int:
    """Count a table's rows."""
    [(count,)] = sets.fetch(f"select count(*) from {table}")
    return int(count)
