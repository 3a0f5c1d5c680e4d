"""The demo region's markets: industry markets, specialised markets and clusters."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from cohong.demo.data.rosters import MARKETS
from cohong.demo.words import Text

MarketKind = Literal["industry", "specialised", "cluster"]


@dataclass(frozen=True, slots=True)
class Market:
    """One market of the platform, at home in a region and an industry."""

    code: str
    kind: MarketKind
    name: Text
    region: str
    industry: str
    introduction: Text


_KINDS: dict[str, MarketKind] = {"industry": "industry", "specialised": "specialised", "cluster": "cluster"}


@cache
def markets() -> tuple[Market, ...]:
    """Every market; each industry has exactly one."""
    return tuple(
        Market(code, _KINDS[kind], Text.of(name), region, industry, Text.of(introduction))
        for code, kind, name, region, industry, introduction in MARKETS
    )


def market_of(industry: str) -> Market:
    """Give the market where an industry's goods are listed."""
    return next(market for market in markets() if market.industry == industry)
