"""Payments' pure rules: what an exchange gives, when a provider is asked again."""

from datetime import timedelta
from decimal import Decimal
from typing import Final

from cohong.kernel.money import Money, exponent

RATE_PLACES: Final = 10
"""Decimal places of an exchange rate."""

ASK_FIRST: Final = timedelta(seconds=5)
ASK_LONGEST: Final = timedelta(hours=1)


def exchanged(sell: Money, buy_currency: str, rate: Decimal) -> Money:
    """Return what an amount gives at a rate (bought per sold, in major units), rounded down.

    All in integers: the rate in units of its last place, both currencies by their own scale. Raises
    UnknownCurrency, AmountTooLarge.
    """
    numerator = sell.minor * int(rate.scaleb(RATE_PLACES)) * 10 ** exponent(buy_currency)
    return Money(numerator // 10 ** (RATE_PLACES + exponent(sell.currency)), buy_currency)


def ask_after(asks: int) -> timedelta:
    """Return how long to wait before the provider is asked again: 5, 10, 20 … seconds, at most an hour."""
    doublings = min(asks, 20)
    return min(ASK_FIRST * (1 << doublings), ASK_LONGEST)
