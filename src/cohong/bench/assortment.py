"""A region's worth of listings in a bench's scratch database, as many as asked for, on offer and findable.

The goods, words and prices are those of the demo region; sellers are added to its own by giving their companies
other brands. The same seed gives the same goods. Everything goes in by the doors: parties are registered, listings
published, stock received, and the journal is sealed and followed, so that what is measured then is what the
platform does.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from time import perf_counter
from typing import Any, Final
from uuid import UUID

from django.db import connection

from cohong.catalog import api as catalog
from cohong.demo import DEFAULT_SEED
from cohong.demo.build.reference import define_reference_data
from cohong.demo.companies import Company, companies
from cohong.demo.industries import category
from cohong.demo.listings import Listing, variation
from cohong.demo.words import Text
from cohong.kernel import clock, journal
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import named_id
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Actor, Role

Progress = Callable[[str, int, int], None]

OPENED: Final = datetime(2026, 1, 5, tzinfo=UTC)
MAX_SKUS: Final = 2
_BATCH: Final = 250
_LISTINGS_A_SELLER: Final = 250
_REGISTERED_AT_ONCE: Final = 500
# Two characters make a brand, as they do for most of the demo's own companies.
_FIRST: Final = (
    "恒|恆|Heng 启|啟|Qi 泰|泰|Tai 润|潤|Run 远|遠|Yuan 博|博|Bo 嘉|嘉|Jia"
    " 瑞|瑞|Rui 鸿|鴻|Hong 盛|盛|Sheng 锦|錦|Jin 凌|凌|Ling 亿|億|Yi 卓|卓|Zhuo"
)
_SECOND: Final = (
    "达|達|da 丰|豐|feng 昌|昌|chang 利|利|li 源|源|yuan 通|通|tong 洋|洋|yang"
    " 科|科|ke 美|美|mei 宏|宏|hong 诚|誠|cheng 腾|騰|teng 彩|彩|cai 居|居|ju"
)


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What is on offer now; the seconds are those of publishing, of sealing and of following the journal."""

    listings: int
    skus: int
    sellers: tuple[UUID, ...]
    publish_s: float
    seal_s: float
    follow_s: float


def fill(
    count: int,
    *,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
    seen: Callable[[UUID, Listing], None] | None = None,
) -> Filled:
    """Put `count` listings on offer in the current database, which must be empty; seal and follow the journal.

    `progress` is told (step, done, total); `seen` is shown every listing with the id under which it is on offer.
    """
    tell = progress or (lambda _step, _done, _total: None)
    started = perf_counter()
    define_reference_data(OPENED)
    houses = list(sellers(seed, max(1, count // _LISTINGS_A_SELLER)))
    ids = _register(houses)
    skus = done = 0
    for number, (house, party_id) in enumerate(zip(houses, ids, strict=True)):
        goods = range(number + 1, count + 1, len(houses))
        for start in range(0, len(goods), _BATCH):
            made = [_listing(seed, n, house) for n in goods[start : start + _BATCH]]
            with clock.at(OPENED + timedelta(days=1, minutes=goods[start])):
                skus += _offer(party_id, made, seen)
            done += len(made)
            tell("Listings", done, count)
    _analyze()
    published = perf_counter()
    sealed = _seal(tell)
    sealed_at = perf_counter()
    _follow(tell, sealed)
    return Filled(
        listings=count,
        skus=skus,
        sellers=tuple(ids),
        publish_s=published - started,
        seal_s=sealed_at - published,
        follow_s=perf_counter() - sealed_at,
    )


# --- who sells -------------------------------------------------------------------------------------------


def sellers(seed: int, least: int) -> Iterator[Company]:
    """Give the demo's sellers of goods, and as many more like them as it takes to be `least`."""
    own = [company for company in companies(seed) if company.sells and _goods_of(company)]
    yield from own
    brands = [_brand(first, second) for first in _FIRST.split() for second in _SECOND.split()]
    Random(f"{seed}:brands").shuffle(brands)  # noqa: S311 - which brand does not matter
    for number in range(max(0, least - len(own))):
        model = own[number % len(own)]
        again, place = divmod(number, len(brands))
        brand = brands[place]
        name = Text(
            model.name.zh_hans.replace(model.brand.zh_hans, brand.zh_hans),
            model.name.zh_hant.replace(model.brand.zh_hant, brand.zh_hant),
            model.name.en.replace(model.brand.en, brand.en),
        )
        slug = f"{brand.en.lower()}{again or ''}{model.slug}"
        yield replace(model, slug=slug, brand=brand, name=name)


def _brand(first: str, second: str) -> Text:
    one, two = Text.of(first), Text.of(second)
    return Text(one.zh_hans + two.zh_hans, one.zh_hant + two.zh_hant, one.en + two.en)


def _goods_of(company: Company) -> list[str]:
    return [leaf for leaf in company.categories if category(leaf).products]


def _register(houses: Sequence[Company]) -> list[UUID]:
    ids = [named_id("bench.seller", house.slug) for house in houses]
    items = [
        parties.Registration(
            id=party_id,
            name=house.name.zh_hans,
            name_en=house.name.en,
            # The demo's companies have a credit code each; their likenesses are known by a number of this bench's.
            country="HK",
            registration_number=f"B{number:08d}",
            region_code=house.region,
            industry_code=house.industries[0],
        )
        for number, (party_id, house) in enumerate(zip(ids, houses, strict=True))
    ]
    with clock.at(OPENED):
        for start in range(0, len(items), _REGISTERED_AT_ONCE):
            _sure(parties.register_many(actor=SYSTEM, items=items[start : start + _REGISTERED_AT_ONCE]))
    return ids


# --- what they sell --------------------------------------------------------------------------------------


def _listing(seed: int, number: int, house: Company) -> Listing:
    rng = Random(f"{seed}:assortment:{number}")  # noqa: S311 - which goods does not matter
    leaf = rng.choice(_goods_of(house))
    made = variation(seed, number, leaf, rng.choice(category(leaf).products), house)
    return replace(made, skus=made.skus[:MAX_SKUS])


def _offer(party_id: UUID, made: Sequence[Listing], seen: Callable[[UUID, Listing], None] | None) -> int:
    """Publish listings of one seller and receive their goods in its one shed; return how many SKUs they are."""
    actor = Actor(party_id=party_id, user_id=named_id("bench.user", party_id), roles=frozenset([Role.OWNER]))
    shed = next((place.id for place in catalog.locations(party_id=party_id)), None)
    if shed is None:
        region = parties.party(party_id=party_id).region_code
        shed = catalog.open_location(actor=actor, party_id=party_id, name="总仓", region_code=region)
    outcomes = catalog.create_listings(
        actor=actor, seller_id=party_id, drafts=[_draft(one) for one in made], publish=True
    )
    _sure(outcomes)
    items = []
    for listing, ids in zip(made, outcomes, strict=True):
        assert isinstance(ids, catalog.ListingIds)  # noqa: S101 - told apart from a refusal above
        for sku, sku_id in zip(listing.skus, ids.sku_ids, strict=True):
            quantity = sku.stock[0].quantity
            items.append(catalog.StockItem(sku_id, shed, quantity, "", named_id("bench.stock", sku_id)))
        if seen is not None:
            seen(ids.listing_id, listing)
    _sure(catalog.receive_stock(actor=actor, items=items))
    return len(items)


def _draft(listing: Listing) -> catalog.ListingDraft:
    return catalog.ListingDraft(
        id=named_id("bench.listing", listing.ref),
        key=listing.ref,
        category_code=listing.category,
        title=listing.title_zh,
        title_en=listing.title_en,
        description=listing.description_zh,
        currency=listing.currency,
        unit=listing.unit,
        attributes=dict(listing.attributes),
        skus=[
            catalog.SkuDraft(
                code=sku.code,
                attributes=dict(sku.attributes),
                tiers=[catalog.Tier(tier.min_quantity, tier.unit_price_minor) for tier in sku.tiers],
                min_order=listing.min_order,
                multiple=listing.order_multiple,
                weight_grams=sku.weight_grams,
            )
            for sku in listing.skus
        ],
    )


def _sure(outcomes: Sequence[Any]) -> None:
    for outcome in outcomes:
        if isinstance(outcome, Refusal):
            raise outcome


# --- the journal -----------------------------------------------------------------------------------------


def _analyze() -> None:
    """Let the database know what it holds, as its own housekeeping would after a while."""
    with connection.cursor() as cursor:
        cursor.execute("analyze")


def _seal(tell: Progress) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from kernel_document")
        [total] = cursor.fetchone()
    done = 0
    while sealed := journal.seal():
        done += sealed
        tell("Sealing", done, total)
    return done


def _follow(tell: Progress, total: int) -> None:
    for name in journal.follower_names():
        done = 0
        while moved := journal.follow(name):
            done += moved
            tell(f"Following: {name}", min(done, total), total)
