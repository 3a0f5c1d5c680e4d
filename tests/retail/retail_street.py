"""A street to shop in: two sellers in two cities, a carrier with a tariff, a buyer with money."""

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

HOME = logistics.Address(
    recipient="陈小明",
    phone="13812345678",
    region_code="440300",
    street="南山区海德三道 15 号",
    postcode="518000",
)


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


class Street:
    """The people and places of a test, and short ways to do what most tests begin with."""

    def __init__(self) -> None:
        for code, name in (("440100", "广州市"), ("440600", "佛山市"), ("440300", "深圳市")):
            parties.define_region(actor=SYSTEM, code=code, names=Names(name, name, name))
        parties.define_industry(actor=SYSTEM, code="clothing", names=Names("服装", "服裝", "Clothing"))
        catalog.define_units(actor=SYSTEM, units=[catalog.Unit("piece", Names("件", "件", "piece"))])
        dress = catalog.Category(code="dress", industry_code="clothing", names=Names("裙", "裙", "Dress"))
        catalog.define_categories(actor=SYSTEM, categories=[dress])
        self.anna = self.party("甲服装厂", "440100")
        self.bella = self.party("乙服装厂", "440600")
        self.carrier = self.party("岭南快运", "440100")
        self.buyer = self.party("深圳商行", "440300")
        self.other = self.party("外人", "440300")
        self.sheds = {
            seller.party_id: catalog.open_location(
                actor=seller, party_id=seller.party_id, name="一号仓", region_code=region
            )
            for seller, region in ((self.anna, "440100"), (self.bella, "440600"))
        }
        logistics.define_carrier(
            actor=SYSTEM, id=self.carrier.party_id, code="LNKY", name="岭南快运", services=["express", "city"]
        )
        self.tariff()

    def party(self, name: str, region: str, *roles: Role) -> Actor:
        item = parties.Registration(
            id=new_id(), kind=parties.Kind.ORGANISATION, name=name, region_code=region, country="CN"
        )
        one(parties.register_many(actor=SYSTEM, items=[item]))
        return Actor(party_id=item.id, user_id=new_id(), roles=frozenset(roles or [Role.OWNER]))

    def tariff(self, *, first_minor: int = 1200) -> None:
        """Express costs 12.00 for the first kilogram and 3.00 for each further half; 8.00 from Foshan."""
        rows = [
            logistics.TariffRow(
                service="express",
                from_zone=zone,
                to_zone="",
                currency="CNY",
                first_grams=1000,
                first_minor=first,
                step_grams=500,
                step_minor=300,
            )
            for zone, first in (("", first_minor), ("4406", 800))
        ]
        logistics.define_tariff(actor=SYSTEM, carrier_id=self.carrier.party_id, rows=rows)

    def goods(self, seller: Actor, title: str, *, stock: int = 100, **more: Any) -> UUID:
        """Put a listing of one SKU on offer: 10.00 each, 9.00 from ten on, 400 g, unless told otherwise."""
        ids = one(
            catalog.create_listings(
                actor=seller, seller_id=seller.party_id, drafts=[self.draft(title, **more)], publish=True
            )
        )
        [sku_id] = ids.sku_ids
        if stock:
            item = catalog.StockItem(sku_id, self.sheds[seller.party_id], stock, "", new_id())
            one(catalog.receive_stock(actor=seller, items=[item]))
        return sku_id

    def draft(
        self,
        title: str,
        *,
        tiers: tuple[tuple[int, int], ...] = ((1, 1000), (10, 900)),
        currency: str = "CNY",
        weight_grams: int = 400,
        **more: Any,
    ) -> catalog.ListingDraft:
        sku = catalog.SkuDraft(
            code="one",
            attributes={},
            tiers=[catalog.Tier(*tier) for tier in tiers],
            weight_grams=weight_grams,
            **more,
        )
        return catalog.ListingDraft(
            category_code="dress", title=title, currency=currency, unit="piece", skus=[sku]
        )

    def reprice(self, seller: Actor, sku_id: UUID, fen: int) -> None:
        listing_id = catalog.skus(ids=[sku_id])[sku_id].listing_id
        title = catalog.listing(listing_id=listing_id).title
        catalog.change_listing(
            actor=seller, listing_id=listing_id, draft=self.draft(title, tiers=((1, fen),))
        )

    def put(self, *lines: tuple[UUID, int], actor: Actor | None = None) -> None:
        items = [retail.CartItem(sku_id, quantity) for sku_id, quantity in lines]
        retail.put(actor=actor or self.buyer, items=items)

    def look(self, **more: Any) -> retail.CartView:
        return retail.look(actor=self.buyer, **more)

    def checkout(self, **wish: Any) -> retail.CheckedOut:
        said = retail.CheckoutWish(**{"id": new_id(), "address": HOME, **wish})
        return retail.checkout(actor=self.buyer, wish=said)

    def orders(self) -> list[orders.OrderView]:
        return orders.orders(actor=self.buyer, side="buyer")

    def stock(self, sku_id: UUID) -> tuple[int, int]:
        view = catalog.stock_of(sku_ids=[sku_id])[sku_id]
        return view.on_hand, view.reserved

    def give(self, minor: int) -> None:
        item = payments.Deposit(party_id=self.buyer.party_id, amount=cny(minor), reference=new_id())
        assert payments.deposit(actor=SYSTEM, items=[item]) == [None]
