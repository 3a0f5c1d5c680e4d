"""The tables of statistics, by topic."""

from cohong.statistics.models.facts import (
    FactFile,
    KnownGood,
    KnownIndustry,
    KnownMarket,
    KnownRate,
    KnownTrader,
)

__all__ = ["FactFile", "KnownGood", "KnownIndustry", "KnownMarket", "KnownRate", "KnownTrader"]
