"""A town to look at pages in: a seller, a buyer with money, a carrier; and the people who sign in for them."""

from typing import Any
from uuid import UUID

from cohong.catalog import api as catalog
from cohong.kernel.errors import one
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Actor, Names, Role
from cohong.payments import api as payments
from cohong.retail import api as retail

PASSWORD = "pearl-river-1757"
HOME = logistics.Address(
    recipient="陈小明",
    phone="13812345678",
    region_code="440300",
    street="南山区海德三道 15 号",
    postcode="518000",
)


class Town:
    """The people and goods of a test, and short ways to where its pages begin."""

    def __init__(self) -> None:
        parties.ensure_platform()
        for code, name, parent in (
            ("440000", Names("广东省", "廣東省", "Guangdong"), ""),
            ("440100", Names("广州市", "廣州市", "Guangzhou"), "440000"),
            ("440300", Names("深圳市", "深圳市", "Shenzhen"), "440000"),
        ):
            parties.define_region(actor=SYSTEM, code=code, names=name, parent_code=parent)
        parties.define_industry(actor=SYSTEM, code="clothing", names=Names("服装", "服裝", "Clothing"))
        self.market_id = parties.define_market(
            actor=SYSTEM,
            code="silk",
            kind=parties.MarketKind.CLUSTER,
            names=Names("丝绸城", "絲綢城", "Silk City"),
            region_code="440100",
            industry_code="clothing",
        )
        self._define_goods()
        self.seller = self.company("sun", "甲服装厂", "Sun Garments", "914401010000000001")
        self.buyer = self.company("moon", "深圳商行", "Moon Traders", "914403000000000002")
        self.other = self.company("star", "外人公司", "Star Strangers", "914403000000000003")
        self.carrier = self.company("wind", "岭南快运", "Lingnan Express", "914401000000000004")
        self.shed = catalog.open_location(
            actor=self.seller, party_id=self.seller.party_id, name="一号仓", region_code="440100"
        )
        logistics.define_carrier(
            actor=SYSTEM,
            id=self.carrier.party_id,
            code="LNKY",
            name="岭南快运",
            name_en="Lingnan Express",
            services=["express"],
        )
        row = logistics.TariffRow(
            service="express",
            from_zone="",
            to_zone="",
            currency="CNY",
            first_grams=1000,
            first_minor=1200,
            step_grams=500,
            step_minor=300,
        )
        logistics.define_tariff(actor=SYSTEM, carrier_id=self.carrier.party_id, rows=[row])

    @staticmethod
    def _define_goods() -> None:
        catalog.define_units(actor=SYSTEM, units=[catalog.Unit("piece", Names("件", "件", "piece"))])
        size = catalog.Attribute(
            code="size",
            names=Names("尺码", "尺碼", "Size"),
            kind=catalog.AttributeKind.CHOICE,
            by_sku=True,
            options=(
                catalog.Option("s", Names("小码", "小碼", "Small")),
                catalog.Option("l", Names("大码", "大碼", "Large")),
            ),
        )
        lined = catalog.Attribute(
            code="lined", names=Names("有衬里", "有襯裡", "Lined"), kind=catalog.AttributeKind.BOOLEAN
        )
        length = catalog.Attribute(
            code="length",
            names=Names("长度", "長度", "Length"),
            kind=catalog.AttributeKind.INTEGER,
            unit=Names("厘米", "厘米", "cm"),
        )
        root = catalog.Category(
            code="clothing", industry_code="clothing", names=Names("服装", "服裝", "Clothing")
        )
        dress = catalog.Category(
            code="clothing.dress",
            parent_code="clothing",
            industry_code="clothing",
            names=Names("连衣裙", "連衣裙", "Dresses"),
            attributes=(size, lined, length),
        )
        catalog.define_categories(actor=SYSTEM, categories=[root, dress])

    def company(self, username: str, name: str, name_en: str, code: str) -> Actor:
        """Register a company, and the user who owns it and signs in under that name."""
        user_id = parties.sign_up(username=username, password=PASSWORD, email=f"{username}@demo.invalid")
        party_id = new_id()
        item = parties.Registration(
            id=party_id,
            name=name,
            name_en=name_en,
            country="HK",
            region_code="440100",
            registration_number=code,
        )
        one(parties.register_many(actor=SYSTEM, items=[item]))
        parties.grant_membership(actor=SYSTEM, party_id=party_id, user_id=user_id, role=Role.OWNER)
        return parties.actor_for(user_id=user_id, party_id=party_id)

    def goods(self, title: str = "真丝连衣裙", *, stock: int = 100, **more: Any) -> catalog.ListingIds:
        """Put a listing of two sizes on offer, 199.00 each and 179.00 from ten on."""
        skus = [
            catalog.SkuDraft(
                code=f"{title}-{size}",
                attributes={"size": size},
                weight_grams=400,
                tiers=[catalog.Tier(1, 19900), catalog.Tier(10, 17900)],
            )
            for size in ("s", "l")
        ]
        draft = catalog.ListingDraft(
            **{
                "category_code": "clothing.dress",
                "title": title,
                "title_en": f"{title} (silk)",
                "currency": "CNY",
                "unit": "piece",
                "skus": skus,
                "attributes": {"lined": True, "length": 110},
                "description": "真丝面料。",
                "freight_note": "满三件包邮",
                "market_id": self.market_id,
                **more,
            }
        )
        ids = one(
            catalog.create_listings(
                actor=self.seller, seller_id=self.seller.party_id, drafts=[draft], publish=True
            )
        )
        if stock:
            items = [catalog.StockItem(sku_id, self.shed, stock, "", new_id()) for sku_id in ids.sku_ids]
            catalog.receive_stock(actor=self.seller, items=items)
        return ids

    def give(self, minor: int) -> None:
        """Book a deposit of the buyer's."""
        item = payments.Deposit(party_id=self.buyer.party_id, amount=Money(minor, "CNY"), reference=new_id())
        assert payments.deposit(actor=SYSTEM, items=[item]) == [None]

    def order(self, sku_id: UUID, quantity: int = 1, *, pick_up: bool = False) -> UUID:
        """Let the buyer order through the shop, with the parcel brought home or picked up."""
        retail.put(actor=self.buyer, items=[retail.CartItem(sku_id, quantity)])
        wish = retail.CheckoutWish(id=new_id(), address=None if pick_up else HOME)
        return retail.checkout(actor=self.buyer, wish=wish).orders[0].order_id

    def paid(self, sku_id: UUID, quantity: int = 1, *, pick_up: bool = False) -> UUID:
        """Let the buyer order and pay."""
        order_id = self.order(sku_id, quantity, pick_up=pick_up)
        self.give(self.view(order_id).total.minor)
        one(orders.pay(items=[orders.PayOrder(actor=self.buyer, order_id=order_id)]))
        return order_id

    def shipped(self, sku_id: UUID, quantity: int = 1, *, pick_up: bool = False) -> UUID:
        """Let the buyer order and pay, and the seller ship."""
        order_id = self.paid(sku_id, quantity, pick_up=pick_up)
        one(orders.ship(items=[orders.ShipOrder(actor=self.seller, order_id=order_id, shipment_id=new_id())]))
        return order_id

    def done_checkout(self) -> UUID:
        """Let the buyer order something and pay it, and return the checkout's id."""
        ids = self.goods("围巾")
        retail.put(actor=self.buyer, items=[retail.CartItem(ids.sku_ids[0], 1)])
        wish = retail.CheckoutWish(id=new_id(), sku_ids=(ids.sku_ids[0],))
        [placed] = retail.checkout(actor=self.buyer, wish=wish).orders
        self.give(placed.total.minor)
        one(orders.pay(items=[orders.PayOrder(actor=self.buyer, order_id=placed.order_id)]))
        return wish.id

    def clerk(self, username: str = "mia", *roles: Role) -> Actor:
        """Let somebody else act for the buyer, who buys unless told otherwise."""
        user_id = parties.sign_up(username=username, password=PASSWORD, email=f"{username}@demo.invalid")
        for role in roles or (Role.PURCHASING,):
            parties.grant_membership(
                actor=self.buyer, party_id=self.buyer.party_id, user_id=user_id, role=role
            )
        return parties.actor_for(user_id=user_id, party_id=self.buyer.party_id)

    def ask(self, sku_id: UUID, quantity: int = 2) -> UUID:
        """Limit the buyer's people to 100.00 an order, and let one of them ask for more."""
        orders.set_purchase_limit(actor=self.buyer, limit=Money(10_000, "CNY"))
        clerk = self.clerk()
        retail.put(actor=clerk, items=[retail.CartItem(sku_id, quantity)])
        wish = retail.CheckoutWish(id=new_id(), address=HOME)
        return retail.request_approval(actor=clerk, wish=wish, reason="秋季备货")

    def view(self, order_id: UUID) -> orders.OrderView:
        """Look at an order as it stands."""
        return orders.order(actor=self.buyer, order_id=order_id)

    def accepted(self, sku_id: UUID, quantity: int = 1) -> UUID:
        """Let the buyer order, pay and accept what the seller has shipped."""
        order_id = self.shipped(sku_id, quantity)
        one(orders.accept(items=[orders.OnOrder(actor=self.buyer, order_id=order_id)]))
        return order_id

    def reviewed(self, sku_id: UUID, *, stars: int = 5, text: str = "针脚细密，尺码合适。") -> UUID:
        """Let the buyer review what they accepted; return the order's id."""
        order_id = self.accepted(sku_id)
        draft = retail.ReviewDraft(goods_stars=stars, service_stars=4, text=text)
        line_id = self.view(order_id).lines[0].id
        retail.review(actor=self.buyer, order_id=order_id, line_id=line_id, draft=draft)
        return order_id
