"""The demo region's 600 listings, made one at a time from the tables of categories and companies."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from cohong.demo.companies import Company, companies
from cohong.demo.industries import UNITS, category, leaves
from cohong.demo.markets import market_of
from cohong.demo.pricing import (
    Freight,
    Tier,
    base_price,
    converted,
    discounts,
    freight,
    sku_price,
    sku_weight,
    stock_quantity,
    tiers,
)
from cohong.demo.schema import Attribute, Category, Delivery, Product, Value

LISTINGS_COUNT = 600
MAX_SKUS = 8

# This exporter quotes every fourth listing in US dollars; goods grown for Hong Kong are quoted there.
_DOLLAR_SELLER = "houmu"
_HONG_KONG_PRODUCT = "供港蔬菜"


@dataclass(frozen=True, slots=True)
class StockAt:
    """Units of one SKU at one of the seller's locations."""

    location: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Sku:
    """One variant of a listing: its own attributes, prices, weight and stock."""

    code: str
    attributes: tuple[tuple[str, Value], ...]
    tiers: tuple[Tier, ...]
    weight_grams: int
    stock: tuple[StockAt, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a seller offers. Titles and the description are in Chinese, the title in English too.

    ``attributes`` are (code, value) pairs that hold for all SKUs. Prices are minor units of ``currency``.
    ``picture`` is what ``cohong.demo.pictures.draw`` takes.
    """

    ref: str
    seller: str
    market: str
    category: str
    title_zh: str
    title_en: str
    description_zh: str
    currency: str
    unit: str
    min_order: int
    order_multiple: int
    deliveries: tuple[Delivery, ...]
    freight: Freight
    attributes: tuple[tuple[str, Value], ...]
    skus: tuple[Sku, ...]
    picture: str


@dataclass(frozen=True, slots=True)
class _Plan:
    """Who lists what: settled for all listings before any is made."""

    number: int
    category: str
    product: Product
    seller: Company


@dataclass(frozen=True, slots=True)
class _Deal:
    """What the SKUs of one listing share: ``base`` is fen, ``steps`` are (quantity, percent off)."""

    category: Category
    currency: str
    base: int
    steps: list[tuple[int, int]]
    stocked: list[str]


def listings(seed: int) -> Iterator[Listing]:
    """Every listing in order, made as it is asked for. The first 68 show one of each category."""
    return (_listing(seed, plan) for plan in _plans(seed))


def listing(seed: int, number: int) -> Listing:
    """Give the listing of a number from 1 to ``LISTINGS_COUNT``. Raises ``IndexError`` beyond."""
    if not 1 <= number <= LISTINGS_COUNT:
        raise IndexError(number)
    return _listing(seed, _plans(seed)[number - 1])


def variation(seed: int, number: int, category: str, product: Product, seller: Company) -> Listing:
    """Make a listing of any number, of this product and seller: for a bench, which needs more than the demo has."""
    return _listing(seed, _Plan(number, category, product, seller))


@cache
def _plans(seed: int) -> tuple[_Plan, ...]:
    """Deal (product, seller) pairs category by category, round after round, so that no two are alike."""
    rng = Random(f"{seed}:plans")
    hands: list[tuple[str, list[tuple[Product, Company]]]] = []
    for leaf in leaves():
        sellers = [
            company for company in companies(seed) if company.sells and leaf.code in company.categories
        ]
        pairs = [(product, seller) for product in leaf.products for seller in sellers]
        rng.shuffle(pairs)
        hands.append((leaf.code, pairs))
    plans: list[_Plan] = []
    while len(plans) < LISTINGS_COUNT:
        for code, pairs in hands:
            if pairs and len(plans) < LISTINGS_COUNT:
                product, seller = pairs.pop()
                plans.append(_Plan(len(plans) + 1, code, product, seller))
    return tuple(plans)


def _listing(seed: int, plan: _Plan) -> Listing:
    rng = Random(f"{seed}:listing:{plan.number}")
    leaf = category(plan.category)
    currency = _currency(plan)
    common = [
        (attribute, rng.choice(plan.product.samples(attribute)))
        for attribute in leaf.attributes
        if not attribute.by_sku
    ]
    variants = _variants(rng, leaf, plan.product)
    places = [location.code for location in plan.seller.locations]
    stocked = sorted(rng.sample(places, rng.randint(1, min(3, len(places)))))
    deal = _Deal(leaf, currency, base_price(rng, leaf), discounts(rng, leaf), stocked)
    skus = tuple(
        _sku(rng, deal, f"{plan.seller.slug.upper()}-{plan.number:03d}-{position:02d}", chosen)
        for position, chosen in enumerate(variants, 1)
    )
    rule = freight(rng, leaf)
    title_zh, title_en = _titles(leaf, plan, common)
    return Listing(
        ref=f"listing-{plan.number:03d}",
        seller=plan.seller.slug,
        market=market_of(leaf.industry).code,
        category=leaf.code,
        title_zh=title_zh,
        title_en=title_en,
        description_zh=_description(rng, leaf, plan, common, variants, skus, stocked),
        currency=currency,
        unit=leaf.unit,
        min_order=leaf.min_order,
        order_multiple=leaf.order_multiple,
        deliveries=leaf.deliveries,
        freight=Freight(
            rule.mode,
            converted(rule.base_minor, currency),
            converted(rule.per_kg_minor, currency),
            converted(rule.free_from_minor, currency),
        ),
        attributes=tuple((attribute.code, attribute.read(sample)) for attribute, sample in common),
        skus=skus,
        picture=f"{leaf.code}/{seed}-{plan.number:03d}",
    )


def _currency(plan: _Plan) -> str:
    if plan.seller.slug == _DOLLAR_SELLER and plan.number % 4 == 0:
        return "USD"
    return "HKD" if plan.product.zh_hans == _HONG_KONG_PRODUCT else "CNY"


def _variants(rng: Random, leaf: Category, product: Product) -> list[list[tuple[Attribute, str]]]:
    """One to eight combinations of the attributes that vary by SKU, in their tables' order."""
    variants: list[list[tuple[Attribute, str]]] = [[]]
    for attribute in (attribute for attribute in leaf.attributes if attribute.by_sku):
        samples = product.samples(attribute)
        room = min(len(samples), MAX_SKUS // len(variants), 4 if len(variants) == 1 else 3)
        kept = set(rng.sample(samples, rng.randint(min(2, room), room)))
        ordered = [sample for sample in samples if sample in kept]
        variants = [[*variant, (attribute, sample)] for variant in variants for sample in ordered]
    return variants


def _sku(rng: Random, deal: _Deal, code: str, chosen: list[tuple[Attribute, str]]) -> Sku:
    price = converted(sku_price(deal.category, deal.base, chosen), deal.currency)
    return Sku(
        code=code,
        attributes=tuple((attribute.code, attribute.read(sample)) for attribute, sample in chosen),
        tiers=tiers(price, deal.steps),
        weight_grams=sku_weight(deal.category, chosen),
        stock=tuple(StockAt(place, stock_quantity(rng, deal.category)) for place in deal.stocked),
    )


def _titles(leaf: Category, plan: _Plan, common: list[tuple[Attribute, str]]) -> tuple[str, str]:
    named = [
        attribute.shown(attribute.read(sample))
        for attribute, sample in common
        if attribute.code in leaf.title_attributes
    ]
    chinese = " ".join([plan.seller.brand.zh_hans, plan.product.zh_hans, *(text.zh_hans for text in named)])
    english = ", ".join([f"{plan.seller.brand.en} {plan.product.en}", *(text.en for text in named)])
    return chinese, english


def _description(
    rng: Random,
    leaf: Category,
    plan: _Plan,
    common: list[tuple[Attribute, str]],
    variants: list[list[tuple[Attribute, str]]],
    skus: tuple[Sku, ...],
    stocked: list[str],
) -> str:
    """Four short paragraphs: what it is, what may be chosen, how it is made and served, how it is sold."""
    facts = "；".join(_fact(attribute, sample) for attribute, sample in common)
    opening = f"{plan.seller.brand.zh_hans}{plan.product.zh_hans}。{facts}。"
    notes = "".join(rng.sample(leaf.notes, len(leaf.notes)))
    unit = next(unit.name.zh_hans for unit in UNITS if unit.code == leaf.unit)
    terms = [f"{leaf.min_order:,}{unit}起订" if leaf.min_order > 1 else f"一{unit}起售"]
    if leaf.order_multiple > 1:
        terms.append(f"按 {leaf.order_multiple:,} 的整数倍下单")
    if len(skus[0].tiers) > 1:
        terms.append(f"满 {skus[0].tiers[1].min_quantity:,}{unit}起享阶梯价")
    if leaf.weight_grams:
        names = [place.name.zh_hans for place in plan.seller.locations if place.code in stocked]
        terms.append(f"由{'、'.join(names)}发货")
    paragraphs = [opening, _choices(variants), notes, "，".join(terms) + "。"]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _fact(attribute: Attribute, sample: str) -> str:
    value = attribute.read(sample)
    if isinstance(value, bool):
        return f"{attribute.name.zh_hans}：{'是' if value else '否'}"
    return f"{attribute.name.zh_hans}：{attribute.shown(value).zh_hans}"


def _choices(variants: list[list[tuple[Attribute, str]]]) -> str:
    sentences: list[str] = []
    for position in range(len(variants[0])):
        attribute = variants[0][position][0]
        samples = dict.fromkeys(variant[position][1] for variant in variants)
        shown = "、".join(attribute.shown(attribute.read(sample)).zh_hans for sample in samples)
        sentences.append(f"可选{attribute.name.zh_hans}：{shown}。")
    return "".join(sentences)
