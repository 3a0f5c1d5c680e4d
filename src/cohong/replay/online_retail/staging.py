"""What has to be there before the first trade: the place, the wholesaler, its goods in stock, its buyers.

All of it comes about by the modules' own acts, each done once however often it is asked for.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from cohong.catalog import api as catalog
from cohong.kernel import clock
from cohong.kernel.errors import Refusal, one
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Actor, Names, Role
from cohong.replay.online_retail.book import Book, country_code, public_text
from cohong.replay.online_retail.reader import CURRENCY, LOCAL_ZONE
from cohong.replay.online_retail.survey import Article, Survey

Report = Callable[[int, int], None]
"""Hears how much is done, of how much."""

REGION: Final = "GB"
INDUSTRY: Final = "wholesale"
MARKET: Final = "online-retail"
CATEGORY: Final = "wholesale-goods"
UNIT: Final = "piece"
WAREHOUSE: Final = "Warehouse"

_CHUNK: Final = 500
_LEAST_PRICE_MINOR: Final = 1
T = TypeVar("T")


class Scene:
    """Where the trades take place: who sells, from where, and what its goods are called."""

    def __init__(self, *, book: Book, seller: Actor, market_id: UUID, titles: dict[str, str]) -> None:
        self.book = book
        self.seller = seller
        self.market_id = market_id
        self.titles = titles
        self.location_id = _warehouse(seller)


def stage(book: Book, found: Survey, report: Report) -> Scene:
    """Set everything up, at the beginning of the book's first day. ``report`` hears of goods and buyers."""
    goods = sorted(found.articles.values(), key=lambda article: article.stock_code)
    buyers = [*found.customers.items(), *((None, country) for country in found.walk_in_countries)]
    whole = len(goods) + len(buyers)
    with clock.at(_opening(found)):
        market_id = _place()
        seller = _register_seller(book)
        titles = {article.stock_code: public_text(article.title, otherwise="Goods") for article in goods}
        scene = Scene(book=book, seller=seller, market_id=market_id, titles=titles)
        done = 0
        for some in _chunks(goods):
            _offer(scene, some)
            done += len(some)
            report(done, whole)
        for pairs in _chunks(buyers):
            _raise_first(parties.register_many(actor=SYSTEM, items=[_buyer(book, *pair) for pair in pairs]))
            done += len(pairs)
            report(done, whole)
    return scene


def _opening(found: Survey) -> datetime:
    if found.first is None:
        return clock.now()
    return found.first.astimezone(LOCAL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)


def _chunks(things: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(things), _CHUNK):
        yield things[start : start + _CHUNK]


def _raise_first(results: Sequence[object]) -> None:
    for result in results:
        if isinstance(result, Refusal):
            raise result


# --- the place -------------------------------------------------------------------------------------------


def _place() -> UUID:
    """Define what the installation lacks of region, industry, market, unit, category; return the market."""
    parties.ensure_platform()
    if REGION not in {region.code for region in parties.regions()}:
        parties.define_region(actor=SYSTEM, code=REGION, names=Names("英国", "英國", "United Kingdom"))
    if INDUSTRY not in {industry.code for industry in parties.industries()}:
        parties.define_industry(actor=SYSTEM, code=INDUSTRY, names=Names("批发", "批發", "Wholesale"))
    if UNIT not in {unit.code for unit in catalog.units()}:
        catalog.define_units(actor=SYSTEM, units=[catalog.Unit(UNIT, Names("件", "件", "piece"))])
    if CATEGORY not in {category.code for category in catalog.categories()}:
        names = Names("批发商品", "批發商品", "Wholesale goods")
        category = catalog.Category(code=CATEGORY, industry_code=INDUSTRY, names=names)
        catalog.define_category(actor=SYSTEM, category=category)
    for market in parties.markets():
        if market.code == MARKET:
            return market.id
    return parties.define_market(
        actor=SYSTEM,
        code=MARKET,
        kind=parties.MarketKind.SPECIALISED,
        names=Names("礼品批发市场", "禮品批發市場", "Gift wholesale market"),
        region_code=REGION,
        industry_code=INDUSTRY,
    )


def _register_seller(book: Book) -> Actor:
    item = parties.Registration(
        id=book.seller_id,
        name="Online Retail gift wholesaler",
        country=REGION,
        region_code=REGION,
        industry_code=INDUSTRY,
    )
    one(parties.register_many(actor=SYSTEM, items=[item]))
    return Actor(party_id=book.seller_id, roles=frozenset({Role.OWNER}))


def _warehouse(seller: Actor) -> UUID:
    for location in catalog.locations(party_id=seller.party_id):
        if location.name == WAREHOUSE:
            return location.id
    return catalog.open_location(actor=seller, party_id=seller.party_id, name=WAREHOUSE, region_code=REGION)


def _buyer(book: Book, customer: str | None, country: str) -> parties.Registration:
    """Describe a buyer without personal data: a customer by its number, walk-ins by their country."""
    where = public_text(country, otherwise="unknown country")
    return parties.Registration(
        id=book.buyer_id(customer, country),
        kind=parties.Kind.PERSON if customer is None else parties.Kind.ORGANISATION,
        name=f"Walk-in, {where}" if customer is None else buyer_name(customer),
        country=country_code(country),
    )


def buyer_name(customer: str) -> str:
    """Say how a customer is called in public."""
    return public_text(f"Customer {customer}", otherwise="Customer")


# --- the goods -------------------------------------------------------------------------------------------


def _offer(scene: Scene, goods: Sequence[Article]) -> None:
    """Publish listings and book their opening stock.

    The stock is all that ever leaves, so that it suffices in whatever order a batch takes its lines. A
    service (a manual item, carriage) is offered like goods: its stock is how often it will be rendered.
    """
    drafts = [_draft(scene, article) for article in goods]
    _raise_first(
        catalog.create_listings(
            actor=scene.seller, seller_id=scene.seller.party_id, drafts=drafts, publish=True
        )
    )
    stock = [
        catalog.StockItem(
            scene.book.sku_id(article.stock_code),
            scene.location_id,
            min(article.goods_out, catalog.MAX_QUANTITY),
            "Opening stock",
            scene.book.opening_stock_id(article.stock_code),
        )
        for article in goods
        if article.goods_out
    ]
    _raise_first(catalog.receive_stock(actor=scene.seller, items=stock))


def _draft(scene: Scene, article: Article) -> catalog.ListingDraft:
    """Describe goods at their first price; what was never sold at one costs the least there is."""
    code = public_text(article.stock_code, otherwise="Code")
    if code != article.stock_code:
        code = str(scene.book.sku_id(article.stock_code))
    price = 0 if article.first_price is None else round(article.first_price * 100)
    sku = catalog.SkuDraft(
        code=code,
        attributes={},
        tiers=[catalog.Tier(1, max(price, _LEAST_PRICE_MINOR))],
        id=scene.book.sku_id(article.stock_code),
    )
    title = scene.titles[article.stock_code]
    return catalog.ListingDraft(
        category_code=CATEGORY,
        title=title,
        title_en=title,
        currency=CURRENCY,
        unit=UNIT,
        skus=[sku],
        market_id=scene.market_id,
        key=code,
        id=scene.book.listing_id(article.stock_code),
    )
