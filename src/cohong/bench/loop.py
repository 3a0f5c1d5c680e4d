"""Whole lives of orders per second, through the doors, and the limit that they are compared with."""

import multiprocessing
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from cohong.bench.limit import lives_by_function
from cohong.bench.scratch import scratch_database
from cohong.catalog import api as catalog
from cohong.kernel.errors import Refusal, one
from cohong.kernel.ids import new_id
from cohong.kernel.money import Money
from cohong.logistics.api import Address
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import Actor, Names, Role
from cohong.payments import api as payments

SELLERS, SKUS_EACH, BUYERS = 50, 20, 500
_HOME = Address(recipient="Bench", phone="13800000000", region_code="440100", street="1 Bench Road")
_PLENTY = 10**12


@dataclass(frozen=True)
class World:
    """Who trades what: plenty of each, so that nothing is ever short."""

    sellers: list[Actor]
    skus: dict[UUID, list[UUID]]
    buyers: list[Actor]


def measure(*, seconds: float, batch: int, processes: int) -> dict[str, Any]:
    """Take all figures in one run, in a scratch database."""
    with scratch_database() as environment:
        world = build_world()
        template = _one_life(world)
        together = _rate(world, seconds=seconds, batch=batch, processes=processes)
        alone = _rate(world, seconds=seconds, batch=1, processes=processes)
        limit = lives_by_function(template, environment, seconds=seconds, clients=8)
    return {
        "lives_per_second": round(together, 1),
        "batch": batch,
        "processes": processes,
        "single_lives_per_second": round(alone, 1),
        "limit_per_second": round(limit, 1),
        "ratio": round(together / limit, 4),
        "single_ratio": round(alone / limit, 4),
        "lines_per_order": 2,
        "seconds": seconds,
    }


def build_world() -> World:
    """Register everyone, put goods on offer and money into balances."""
    parties.define_region(actor=parties.SYSTEM, code="440100", names=Names("广州市", "廣州市", "Guangzhou"))
    parties.define_industry(actor=parties.SYSTEM, code="bench", names=Names("测试", "測試", "Bench"))
    catalog.define_units(actor=parties.SYSTEM, units=[catalog.Unit("piece", Names("件", "件", "piece"))])
    goods = catalog.Category(code="goods", industry_code="bench", names=Names("商品", "商品", "Goods"))
    catalog.define_categories(actor=parties.SYSTEM, categories=[goods])
    sellers, buyers = _register("Seller", SELLERS), _register("Buyer", BUYERS)
    payments.deposit(
        actor=parties.SYSTEM,
        items=[
            payments.Deposit(party_id=buyer.party_id, amount=Money(_PLENTY, "CNY"), reference=new_id())
            for buyer in buyers
        ],
    )
    return World(sellers, {seller.party_id: _offer(seller) for seller in sellers}, buyers)


def _register(name: str, count: int) -> list[Actor]:
    items = [
        parties.Registration(id=new_id(), name=f"{name} {number}", region_code="440100")
        for number in range(count)
    ]
    for outcome in parties.register_many(actor=parties.SYSTEM, items=items):
        one([outcome])
    return [Actor(party_id=item.id, user_id=new_id(), roles=frozenset([Role.OWNER])) for item in items]


def _offer(seller: Actor) -> list[UUID]:
    draft = catalog.ListingDraft(
        category_code="goods",
        title="Bench goods",
        currency="CNY",
        unit="piece",
        skus=[
            catalog.SkuDraft(
                code=f"s{number}", attributes={}, tiers=[catalog.Tier(1, 1999)], weight_grams=500
            )
            for number in range(SKUS_EACH)
        ],
    )
    made = one(catalog.create_listings(actor=seller, seller_id=seller.party_id, drafts=[draft], publish=True))
    shed = catalog.open_location(actor=seller, party_id=seller.party_id, name="Shed", region_code="440100")
    items = [catalog.StockItem(sku_id, shed, 10**9, "", new_id()) for sku_id in made.sku_ids]
    for outcome in catalog.receive_stock(actor=seller, items=items):
        one([outcome])
    return list(made.sku_ids)


def _deal(world: World, chance: random.Random) -> orders.PlaceOrder:
    seller, buyer = chance.choice(world.sellers), chance.choice(world.buyers)
    lines = tuple(
        orders.AgreedLine(
            line_id=new_id(),
            sku_id=sku_id,
            title="Bench goods",
            quantity=chance.randint(1, 5),
            unit_price_minor=1999,
        )
        for sku_id in chance.sample(world.skus[seller.party_id], 2)
    )
    return orders.PlaceOrder(
        actor=buyer,
        id=new_id(),
        buyer_id=buyer.party_id,
        seller_id=seller.party_id,
        way="retail",
        currency="CNY",
        lines=lines,
        freight_minor=800,
        delivery=orders.DeliveryTerms(address=_HOME),
    )


def live(world: World, deals: Sequence[orders.PlaceOrder]) -> None:
    """Take orders through their whole lives, each act one transaction for all of them."""
    sellers = {seller.party_id: seller for seller in world.sellers}
    _sure(orders.place(items=deals))
    _sure(orders.pay(items=[orders.PayOrder(actor=deal.actor, order_id=deal.id) for deal in deals]))
    _sure(
        orders.ship(
            items=[
                orders.ShipOrder(
                    actor=sellers[deal.seller_id], order_id=deal.id, shipment_id=new_id(), weight_grams=1000
                )
                for deal in deals
            ]
        )
    )
    _sure(orders.accept(items=[orders.OnOrder(actor=deal.actor, order_id=deal.id) for deal in deals]))
    _sure(orders.settle(items=[orders.OnOrder(actor=parties.SYSTEM, order_id=deal.id) for deal in deals]))


def _sure(outcomes: Sequence[Any]) -> None:
    for outcome in outcomes:
        if isinstance(outcome, Refusal):
            raise outcome


def _one_life(world: World) -> UUID:
    deal = _deal(world, random.Random(1))  # noqa: S311 - which goods does not matter
    live(world, [deal])
    return deal.id


def _trade(world: World, seconds: float, batch: int, seed: int, results: Any) -> None:
    """Trade for so long and report (lives, seconds); one process."""
    chance = random.Random(seed)  # noqa: S311
    live(world, [_deal(world, chance) for _ in range(batch)])  # plans and caches are warm from here on
    done, start = 0, time.perf_counter()
    while (passed := time.perf_counter() - start) < seconds:
        live(world, [_deal(world, chance) for _ in range(batch)])
        done += batch
    results.put((done, passed))
    connection.close()


def _rate(world: World, *, seconds: float, batch: int, processes: int) -> float:
    connection.close()  # a connection does not survive a fork
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    workers = [
        context.Process(target=_trade, args=(world, seconds, batch, seed, results))
        for seed in range(processes)
    ]
    for worker in workers:
        worker.start()
    # A worker that died would never report: wait for the workers, then take what there is.
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise RuntimeError("a trading process failed; its own message says why")
    reports = [results.get(timeout=5) for _ in workers]
    return float(sum(done / passed for done, passed in reports))
