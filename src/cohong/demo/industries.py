"""The demo region's sixteen industries and their categories: eleven goods, five services."""

from functools import cache

from cohong.demo.data import (
    appliances,
    cars,
    ceramics,
    clothing,
    culture,
    education,
    electronics,
    farm_produce,
    furniture,
    grain,
    health,
    logistics,
    petrochemicals,
    plastics,
    steel,
    tourism,
)
from cohong.demo.schema import Category, Industry, Unit
from cohong.demo.words import Text

INDUSTRIES: tuple[Industry, ...] = (
    steel.INDUSTRY,
    petrochemicals.INDUSTRY,
    plastics.INDUSTRY,
    grain.INDUSTRY,
    cars.INDUSTRY,
    electronics.INDUSTRY,
    appliances.INDUSTRY,
    ceramics.INDUSTRY,
    clothing.INDUSTRY,
    furniture.INDUSTRY,
    farm_produce.INDUSTRY,
    culture.INDUSTRY,
    tourism.INDUSTRY,
    logistics.INDUSTRY,
    education.INDUSTRY,
    health.INDUSTRY,
)

UNITS: tuple[Unit, ...] = tuple(
    Unit(code, Text.of(name))
    for code, name in (
        ("kg", "千克|千克|kg"),
        ("piece", "件|件|piece"),
        ("set", "套|套|set"),
        ("box", "箱|箱|box"),
        ("bag", "袋|袋|bag"),
        ("bottle", "瓶|瓶|bottle"),
        ("tin", "罐|罐|tin"),
        ("can", "桶|桶|can"),
        ("barrel", "大桶|大桶|barrel"),
        ("roll", "卷|卷|roll"),
        ("pair", "双|雙|pair"),
        ("tray", "板|板|tray"),
        ("copy", "册|冊|copy"),
        ("vehicle", "辆|輛|vehicle"),
        ("ticket", "张|張|ticket"),
        ("night", "间夜|間夜|room night"),
        ("place", "人次|人次|place"),
        ("trip", "车次|車次|trip"),
        ("parcel", "票|票|parcel"),
        ("pallet-day", "托·日|托·日|pallet-day"),
        ("course", "期|期|course"),
        ("session", "次|次|session"),
    )
)


@cache
def categories() -> tuple[Category, ...]:
    """Every category, each tree's root before its leaves."""
    return tuple(category for industry in INDUSTRIES for category in industry.categories)


@cache
def leaves() -> tuple[Category, ...]:
    """Give the categories that listings stand in, in the order of the industries."""
    return tuple(category for category in categories() if category.is_leaf)


@cache
def _by_code() -> dict[str, Category]:
    return {category.code: category for category in categories()}


def category(code: str) -> Category:
    """Give the category of a code such as ``steel.coil``. Raises ``KeyError`` for an unknown one."""
    return _by_code()[code]


def industry(code: str) -> Industry:
    """Give the industry of a code such as ``steel``. Raises ``KeyError`` for an unknown one."""
    for candidate in INDUSTRIES:
        if candidate.code == code:
            return candidate
    raise KeyError(code)
