"""A small market to test in: a seller of dresses and coils, a rival, the platform, an authority."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

import pytest
from django.db import transaction

from cohong.catalog import api as catalog
from cohong.kernel.errors import Refusal, one
from cohong.kernel.ids import new_id
from cohong.parties import api as parties
from cohong.parties.api import Actor, Mandate, Names, Role

CLOTHING = catalog.Category(
    code="clothing",
    industry_code="clothing",
    names=Names("服装", "服裝", "Clothing"),
)
DRESS = catalog.Category(
    code="clothing.dress",
    parent_code="clothing",
    industry_code="clothing",
    names=Names("连衣裙", "連衣裙", "Dress"),
    attributes=(
        catalog.Attribute(
            code="fabric",
            names=Names("面料", "面料", "Fabric"),
            kind=catalog.AttributeKind.TEXT,
            required=True,
        ),
        catalog.Attribute(
            code="size",
            names=Names("尺码", "尺碼", "Size"),
            kind=catalog.AttributeKind.CHOICE,
            required=True,
            by_sku=True,
            options=(
                catalog.Option("s", Names("小码", "小碼", "Small")),
                catalog.Option("m", Names("中码", "中碼", "Medium")),
                catalog.Option("l", Names("大码", "大碼", "Large")),
            ),
        ),
        catalog.Attribute(
            code="colour", names=Names("颜色", "顏色", "Colour"), kind=catalog.AttributeKind.TEXT, by_sku=True
        ),
    ),
)
COIL = catalog.Category(
    code="steel.coil",
    industry_code="steel",
    names=Names("钢卷", "鋼卷", "Steel coil"),
    attributes=(
        catalog.Attribute(
            code="grade",
            names=Names("牌号", "牌號", "Grade"),
            kind=catalog.AttributeKind.CHOICE,
            required=True,
            options=(
                catalog.Option("q235b", Names("Q235B", "Q235B", "Q235B")),
                catalog.Option("spcc", Names("SPCC", "SPCC", "SPCC")),
            ),
        ),
        catalog.Attribute(
            code="thickness",
            names=Names("厚度", "厚度", "Thickness"),
            kind=catalog.AttributeKind.DECIMAL,
            unit=Names("mm", "mm", "mm"),
            required=True,
            by_sku=True,
        ),
        catalog.Attribute(
            code="width",
            names=Names("宽度", "寬度", "Width"),
            kind=catalog.AttributeKind.INTEGER,
            unit=Names("mm", "mm", "mm"),
        ),
        catalog.Attribute(
            code="galvanised", names=Names("镀锌", "鍍鋅", "Galvanised"), kind=catalog.AttributeKind.BOOLEAN
        ),
    ),
)
UNITS = (
    catalog.Unit("piece", Names("件", "件", "piece")),
    catalog.Unit("kg", Names("千克", "千克", "kg")),
)


class Market:
    """The people and places of a test, and short ways to do what most tests begin with."""

    def __init__(self) -> None:
        parties.define_region(
            actor=parties.SYSTEM, code="440000", names=Names("广东省", "廣東省", "Guangdong")
        )
        parties.define_region(
            actor=parties.SYSTEM,
            code="440100",
            names=Names("广州市", "廣州市", "Guangzhou"),
            parent_code="440000",
        )
        for code in ("clothing", "steel"):
            parties.define_industry(actor=parties.SYSTEM, code=code, names=Names(code, code, code))
        self.seller_id, self.rival_id, self.authority_id = new_id(), new_id(), new_id()
        for party_id, name in (
            (self.seller_id, "南沙服装厂"),
            (self.rival_id, "对门服装厂"),
            (self.authority_id, "监管局"),
        ):
            register(party_id, name)
        self.seller = acting_for(self.seller_id)
        self.rival = acting_for(self.rival_id)
        self.platform = parties.SYSTEM
        self.authority = acting_for(self.authority_id, Role.OWNER, mandates=[Mandate.SUPERVISION])
        catalog.define_units(actor=self.platform, units=UNITS)
        catalog.define_categories(actor=self.platform, categories=[CLOTHING, DRESS, COIL])
        self.shed = catalog.open_location(
            actor=self.seller, party_id=self.seller_id, name="一号仓", region_code="440100"
        )

    def location(self, name: str) -> UUID:
        """Open another location of the seller's."""
        return catalog.open_location(
            actor=self.seller, party_id=self.seller_id, name=name, region_code="440100"
        )

    def publish(self, draft: catalog.ListingDraft) -> catalog.ListingIds:
        """Put a listing of the seller's on offer."""
        return one(
            catalog.create_listings(actor=self.seller, seller_id=self.seller_id, drafts=[draft], publish=True)
        )

    def goods(self, *quantities: int) -> list[UUID]:
        """Put one listing on offer, with a SKU for each quantity, that many of it in the shed."""
        sku_ids = list(self.publish(coil(skus=[coil_sku(f"c{n}") for n in range(len(quantities))])).sku_ids)
        for sku_id, quantity in zip(sku_ids, quantities, strict=True):
            if quantity:
                self.receive(sku_id, quantity)
        return sku_ids

    def receive(
        self, sku_id: UUID, quantity: int, *, at: UUID | None = None, reference: UUID | None = None
    ) -> None:
        """Receive goods, or raise the refusal."""
        one(
            catalog.receive_stock(
                actor=self.seller,
                items=[catalog.StockItem(sku_id, at or self.shed, quantity, "", reference or new_id())],
            )
        )

    def stock(self, sku_id: UUID) -> tuple[int, int]:
        """Return (on hand, reserved)."""
        view = catalog.stock_of(sku_ids=[sku_id])[sku_id]
        return view.on_hand, view.reserved


def register(party_id: UUID, name: str) -> None:
    """Register a party as it is."""
    item = parties.Registration(id=party_id, name=name, region_code="440100")
    one(parties.register_many(actor=parties.SYSTEM, items=[item]))


def acting_for(
    party_id: UUID,
    *roles: Role,
    mandates: Sequence[Mandate] = (),
    scopes: Sequence[str] | None = None,
) -> Actor:
    """Make an actor for a party: its owner, unless roles are named."""
    return Actor(
        party_id=party_id,
        user_id=new_id(),
        roles=frozenset(roles or [Role.OWNER]),
        mandates=frozenset(mandates),
        scopes=None if scopes is None else frozenset(scopes),
    )


def coil_sku(code: str = "c", *tiers: tuple[int, int], **more: object) -> catalog.SkuDraft:
    """Describe a coil SKU, 3.95 a kilogram unless told otherwise."""
    priced = [catalog.Tier(*tier) for tier in tiers or ((1, 395),)]
    fields: dict[str, object] = {"attributes": {"thickness": "1.50"}, "weight_grams": 1000, **more}
    return catalog.SkuDraft(code=code, tiers=priced, **fields)


def coil(*, skus: Sequence[catalog.SkuDraft] = (), **more: object) -> catalog.ListingDraft:
    """Describe a coil listing."""
    fields: dict[str, object] = {
        "category_code": "steel.coil",
        "title": "冷轧钢卷",
        "title_en": "Cold-rolled coil",
        "currency": "CNY",
        "unit": "kg",
        "attributes": {"grade": "spcc"},
        **more,
    }
    return catalog.ListingDraft(skus=list(skus or [coil_sku()]), **fields)


def order(*lines: tuple[UUID, int], order_id: UUID | None = None) -> catalog.ReserveOrder:
    """Make an order that wants (SKU, quantity) pairs."""
    return catalog.ReserveOrder(
        order_id or new_id(),
        tuple(catalog.ReserveLine(new_id(), sku_id, quantity) for sku_id, quantity in lines),
    )


@contextmanager
def refused(kind: type[Refusal]) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """Expect an act to be refused, and its transaction to be undone, inside the test's own transaction."""
    with pytest.raises(kind) as found, transaction.atomic():
        yield found
    assert found.type is kind
