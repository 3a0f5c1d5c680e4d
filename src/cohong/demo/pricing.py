"""Prices, tiers, stock and freight for the demo's listings: plausible, whole minor units, no floats."""

from dataclasses import dataclass
from random import Random
from typing import Literal

from cohong.demo.schema import Attribute, Category

FreightMode = Literal["none", "free", "flat", "by_weight"]


@dataclass(frozen=True, slots=True)
class Tier:
    """A price for one unit that holds from a quantity upwards."""

    min_quantity: int
    unit_price_minor: int


@dataclass(frozen=True, slots=True)
class Freight:
    """How freight is reckoned for an order of one listing, in the listing's currency.

    ``none``: nothing travels. ``free``: the seller pays. ``flat``: ``base_minor`` an order.
    ``by_weight``: ``base_minor`` and ``per_kg_minor`` for each started kilogram. An order of goods for
    at least ``free_from_minor`` travels free; 0 means that there is no such threshold.
    """

    mode: FreightMode
    base_minor: int
    per_kg_minor: int
    free_from_minor: int


# A pack holds more of the same: price and weight follow its size. The category's band is the largest pack's.
_PACKS = {"rice.pack", "oil.volume", "tea.weight", "fruit.pack", "egg.pack"}

# What each further option of an attribute adds to the price, in percent; an attribute not named adds nothing.
_STEPS = {
    "coil.thickness": 1,
    "rebar.diameter": 1,
    "pipe.outer-diameter": 2,
    "plate.thickness": 1,
    "section.height": 1,
    "lubricant.grade": 3,
    "film.width": 26,
    "sheet.thickness": 24,
    "beans.kind": 12,
    "tyre.size": 12,
    "phone.storage": 14,
    "laptop.memory": 14,
    "chip.package": 10,
    "display.size": 24,
    "aircon.power": 22,
    "washer.load": 12,
    "cooker.volume": 9,
    "bowl.size": 24,
    "teapot.clay": 8,
    "tile.size": 18,
    "basin.size": 12,
    "sofa.seats": 25,
    "table.size": 16,
    "wardrobe.width": 18,
    "vegetable.kind": 9,
    "fish.size": 8,
    "book.format": 25,
    "ticket.area": 35,
    "brush.size": 40,
    "instrument.level": 60,
    "hotel.room": 12,
    "tour.group": 30,
    "truck.length": 32,
    "parcel.weight": 45,
    "warehouse.zone": 30,
    "coldchain.temperature": 8,
    "language.level": 15,
    "skills.mode": 6,
    "checkup.package": 40,
    "dental.service": 60,
    "herbal.service": 40,
}

# Minor units of a currency for 100 minor units of CNY, near the rates of the middle 2020s.
_RATES = {"CNY": 100, "HKD": 109, "USD": 14}

_BULKY = {"appliances", "furniture"}


def converted(minor: int, currency: str) -> int:
    """Fen in another currency's minor units, at least 1 unless the amount is 0."""
    return max(1, minor * _RATES[currency] // 100) if minor else 0


def base_price(rng: Random, category: Category) -> int:
    """Give a tidy price in fen within the category's band, cheap goods being commoner than dear ones."""
    low, high = category.price_low, category.price_high
    span = high - low
    # The smaller of two draws leans to the cheap end without leaving whole numbers.
    return tidy(low + min(rng.randint(0, span), rng.randint(0, span)))


def tidy(minor: int) -> int:
    """Give a price as a seller would write it: fewer significant digits the larger it is."""
    for floor, step in ((1_000_000, 10_000), (100_000, 1_000), (10_000, 100), (1_000, 10)):
        if minor >= floor:
            return minor // step * step
    return minor


def sku_price(category: Category, base: int, chosen: list[tuple[Attribute, str]]) -> int:
    """Give the price in fen of the SKU with these (attribute, written value) pairs."""
    price = base
    for attribute, sample in chosen:
        key = f"{category.motif}.{attribute.code}"
        if key in _PACKS:
            size, largest = _pack_size(sample), max(map(_pack_size, attribute.samples))
            price = price * size // largest
        elif sample in attribute.samples:
            price += price * _STEPS.get(key, 0) * attribute.samples.index(sample) // 100
    return max(tidy(price), 2)


def sku_weight(category: Category, chosen: list[tuple[Attribute, str]]) -> int:
    """Grams of one unit of the SKU."""
    weight = category.weight_grams
    for attribute, sample in chosen:
        if f"{category.motif}.{attribute.code}" in _PACKS:
            weight = max(1, weight * _pack_size(sample) // max(map(_pack_size, attribute.samples)))
    return weight


def _pack_size(sample: str) -> int:
    """Give the figure a pack's code starts with, in thousandths: ``1.8-l`` is 1800."""
    whole, _, decimals = sample.split("-", maxsplit=1)[0].partition(".")
    return int(whole) * 1000 + int(f"{decimals:0<3}"[:3])


def discounts(rng: Random, category: Category) -> list[tuple[int, int]]:
    """Give a listing's steps as (quantity, percent off), up to three, rising; all its SKUs share them."""
    found: list[tuple[int, int]] = []
    quantity, percent = max(category.min_order, 1), 0
    for _ in range(rng.randint(0, 3)):
        quantity = _round_up(quantity * rng.choice((3, 4, 5)), category.order_multiple)
        percent += rng.randint(2, 5)
        found.append((quantity, percent))
    return found


def tiers(price: int, steps: list[tuple[int, int]]) -> tuple[Tier, ...]:
    """Give the tiers of a SKU: the price from one unit, then each step's.

    A step too small to lower the price is left out. The lowered price is rounded down to a whole minor
    unit, in the buyer's favour.
    """
    found = [Tier(1, price)]
    for quantity, percent in steps:
        lower = price * (100 - percent) // 100
        if 0 < lower < found[-1].unit_price_minor:
            found.append(Tier(quantity, lower))
    return tuple(found)


def stock_quantity(rng: Random, category: Category) -> int:
    """Give a stock for one SKU at one place, a whole number of order multiples."""
    if category.unit == "vehicle":
        return rng.randint(2, 16)
    smallest = max(category.min_order, 12)
    return _round_up(smallest * rng.randint(6, 60), category.order_multiple)


def _round_up(quantity: int, multiple: int) -> int:
    return -(-quantity // multiple) * multiple


def freight(rng: Random, category: Category) -> Freight:
    """Give the freight rule of a listing, in fen."""
    if "shipment" not in category.deliveries:
        return Freight("none", 0, 0, 0)
    if category.unit == "vehicle":
        return Freight("flat", rng.randrange(120_000, 260_000, 10_000), 0, 0)
    if category.unit == "kg" and category.min_order >= 100:
        return Freight("by_weight", 0, rng.randint(9, 22), 0)
    if category.industry in _BULKY:
        return rng.choice(
            (Freight("free", 0, 0, 0), Freight("flat", rng.randrange(3_000, 16_000, 1_000), 0, 0))
        )
    base = rng.randrange(500, 1_300, 100)
    return Freight("by_weight", base, rng.randrange(80, 320, 20), rng.choice((0, 9_900, 29_900, 99_900)))
