"""Money: an exact number of minor units in one currency (ISO 4217), and the arithmetic that never loses any.

There are no floats here, and no division either: a share of money is either an `allocate`, whose parts add
up to the whole, or a `percent` with a named rounding. The scale of a currency (fen for CNY, none for JPY,
fils for KWD) is ISO 4217's own. Codes without a scale (gold, special drawing rights, test codes) are not
money one can pay in.
"""

import re
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.numbers import NumberPattern
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from iso4217 import raw_table

from cohong.kernel.errors import BadInput

MAX_MINOR: Final = 2**53 - 1
"""The largest amount, in minor units: the largest integer every JSON reader holds exactly (RFC 8785)."""

BASIS: Final = 10_000
"""Basis points in the whole: 1 % is 100 of them."""

EXPONENTS: Final[dict[str, int]] = {
    code: int(str(row["CcyMnrUnts"]))
    for code, row in raw_table.items()
    if code is not None and str(row["CcyMnrUnts"]).isdigit()
}
"""Decimal places of each currency, by its ISO 4217 code."""

_AMOUNT = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_AMOUNT_LENGTH_MAX = 64
_SHOWN_LENGTH_MAX = 40
# Django names a language, Babel a language in a place: the place decides whether "¥" needs saying whose.
_LOCALES = {"zh-hans": "zh_Hans_CN", "zh-hant": "zh_Hant_HK"}


class UnknownCurrency(BadInput):
    """The code is not an ISO 4217 currency in which something can be paid."""

    message = _("There is no currency “{currency}”.")


class NotAnAmount(BadInput):
    """What should be an amount is not a plain decimal number (nor is a float: it is not exact)."""

    message = _("“{value}” is not an amount of money.")


class TooManyDecimals(BadInput):
    """The amount has a part smaller than the currency's smallest unit."""

    message = _("“{value}” is finer than the {decimals} decimal places of {currency}.")


class NegativeAmount(BadInput):
    """An amount below zero where only zero and more makes sense."""

    message = _("The amount {value} may not be below zero.")


class AmountTooLarge(BadInput):
    """The amount is beyond `MAX_MINOR`."""

    message = _("This amount of {currency} is larger than can be handled.")


class CurrencyMismatch(TypeError):  # noqa: N818 - read as what happened
    """Two currencies met in one sum or comparison: a mistake of the program, not of a person."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(f"{left} and {right} cannot be added or compared")


class Rounding(StrEnum):
    """How a fraction of a minor unit becomes whole; named wherever it happens."""

    HALF_EVEN = "half_even"
    """To the nearest; a tie goes to the even neighbour, so that many of them do not drift. The usual one."""
    HALF_UP = "half_up"
    """To the nearest; a tie goes away from zero."""
    DOWN = "down"
    """Towards zero."""
    UP = "up"
    """Away from zero."""


def exponent(currency: str) -> int:
    """Tell how many decimal places the currency has. Raises UnknownCurrency."""
    try:
        return EXPONENTS[currency]
    except (KeyError, TypeError):
        raise UnknownCurrency(currency=_shown(currency)) from None


@dataclass(frozen=True, slots=True)
class Money:
    """`minor` units of `currency`; below zero where an amount is owed or given back.

    Raises UnknownCurrency and AmountTooLarge; a `minor` that is no integer is a TypeError.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units are an int, not {type(self.minor).__name__}")
        exponent(self.currency)
        if not -MAX_MINOR <= self.minor <= MAX_MINOR:
            raise AmountTooLarge(currency=self.currency)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Nothing, in that currency: where a sum starts."""
        return cls(0, currency)

    @classmethod
    def parse(cls, value: str | Decimal, currency: str, *, allow_negative: bool = False) -> "Money":
        """Read an amount in major units ("12.34") exactly, or refuse it.

        Text is plain ASCII digits with at most one point; "1.2e3" and trailing zeros are taken because they
        lose nothing. Floats and ints are refused: the one is not exact, the other does not say which unit it
        counts. Raises UnknownCurrency, NotAnAmount, TooManyDecimals, NegativeAmount, AmountTooLarge.
        """
        places = exponent(currency)
        amount = _decimal(value)
        if amount < 0 and not allow_negative:
            raise NegativeAmount(value=_shown(value))
        # Both ends are looked at before scaling: "1e999" would become a thousand digits, "1e-9999" nothing.
        if amount and amount.adjusted() + places > len(str(MAX_MINOR)):
            raise AmountTooLarge(currency=currency)
        if amount and amount.adjusted() + places < 0:
            raise TooManyDecimals(value=_shown(value), currency=currency, decimals=places)
        with localcontext(prec=len(amount.as_tuple().digits) + len(str(MAX_MINOR)) + 1):
            scaled = amount.scaleb(places)
            minor = int(scaled)
            if scaled != minor:
                raise TooManyDecimals(value=_shown(value), currency=currency, decimals=places)
        return cls(minor, currency)

    @property
    def major(self) -> Decimal:
        """The amount in major units, with exactly the currency's decimal places."""
        return Decimal(self.minor).scaleb(-EXPONENTS[self.currency])

    @property
    def plain(self) -> str:
        """The amount for files and interfaces: "12.34", no currency, no grouping."""
        return f"{self.major:f}"

    @property
    def is_zero(self) -> bool:
        """Whether it is nothing."""
        return self.minor == 0

    def __str__(self) -> str:
        return f"{self.plain} {self.currency}"

    def __add__(self, other: "Money") -> "Money":
        return (
            Money(self.minor + self._same(other), self.currency)
            if isinstance(other, Money)
            else NotImplemented
        )

    def __sub__(self, other: "Money") -> "Money":
        return (
            Money(self.minor - self._same(other), self.currency)
            if isinstance(other, Money)
            else NotImplemented
        )

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __abs__(self) -> "Money":
        return Money(abs(self.minor), self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.minor * times, self.currency) if type(times) is int else NotImplemented

    __rmul__ = __mul__

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other) if isinstance(other, Money) else NotImplemented

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other) if isinstance(other, Money) else NotImplemented

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other) if isinstance(other, Money) else NotImplemented

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._same(other) if isinstance(other, Money) else NotImplemented

    def allocate(self, weights: Sequence[int]) -> list["Money"]:
        """Split into one share per weight, in proportion; the shares add up to the whole, always.

        Largest remainder: each share is first rounded towards zero, then the minor units left over go one
        each to the shares that lost the largest fraction, the earlier one where two lost the same. So each
        share is less than one minor unit off its exact proportion, and a heavier weight never gets less (of
        a negative whole: never owes less) than a lighter one. A negative whole splits as its opposite does,
        with the sign turned. A weight of zero gets nothing, unless all are zero: then there is no
        proportion, and they share evenly.

        Weights are integers of at least zero and there is at least one; anything else is a ValueError.
        """
        if not weights or min(weights) < 0:
            raise ValueError("weights are one or more integers, none below zero")
        effective = weights if any(weights) else [1] * len(weights)
        whole, total = abs(self.minor), sum(effective)
        quotas = [divmod(whole * weight, total) for weight in effective]
        shares = [share for share, _remainder in quotas]
        left_over = whole - sum(shares)
        by_remainder = sorted(range(len(quotas)), key=lambda position: -quotas[position][1])
        for position in by_remainder[:left_over]:
            shares[position] += 1
        sign = -1 if self.minor < 0 else 1
        return [Money(sign * share, self.currency) for share in shares]

    def percent(self, basis_points: int, rounding: Rounding = Rounding.HALF_EVEN) -> "Money":
        """Take that many ten-thousandths (600 is 6 %), rounded to a whole minor unit as named."""
        if type(basis_points) is not int:
            raise TypeError(f"basis points are an int, not {type(basis_points).__name__}")
        return Money(_divide(self.minor * basis_points, BASIS, Rounding(rounding)), self.currency)

    def _same(self, other: "Money") -> int:
        """Give the other's minor units, once it is sure that they are of the same currency."""
        if self.currency != other.currency:
            raise CurrencyMismatch(self.currency, other.currency)
        return other.minor


def format_money(money: Money, locale: str | None = None) -> str:
    """Write an amount as people of that place do: "¥1,234.50" in zh_Hans_CN, "CN¥1,234.50" in zh_Hant_HK.

    `locale` is a Babel locale ("zh_Hant_HK") or a Django language ("zh-hant"); none means the reader's
    language.
    """
    name = (locale or get_language() or "en").lower().replace("_", "-")
    place, pattern = _pattern(name, EXPONENTS[money.currency])
    return str(pattern.apply(money.major, place, currency=money.currency, currency_digits=False))


@lru_cache(maxsize=256)
def _pattern(name: str, places: int) -> tuple[Locale, NumberPattern]:
    """Find how a place writes money, made to show that many decimal places.

    CLDR shows some currencies with fewer places than ISO 4217 counts; here what is owed is what is shown.
    """
    place = Locale.parse(_LOCALES.get(name, name.replace("-", "_")))
    pattern = copy(place.currency_formats["standard"])
    pattern.frac_prec = (places, places)
    return place, pattern


def _decimal(value: str | Decimal) -> Decimal:
    """Read an exact, finite decimal number, or refuse it."""
    if isinstance(value, str):
        text = value.strip()
        if len(text) <= _AMOUNT_LENGTH_MAX and _AMOUNT.fullmatch(text):
            return Decimal(text)
    elif isinstance(value, Decimal) and value.is_finite():
        return value
    raise NotAnAmount(value=_shown(value))


def _shown(value: object) -> str:
    """Shorten what someone sent, so that a refusal stays readable."""
    try:
        text = str(value)
    except ValueError:  # Python does not write out integers of thousands of digits
        text = type(value).__name__
    return text if len(text) <= _SHOWN_LENGTH_MAX else text[: _SHOWN_LENGTH_MAX - 1] + "…"


def _divide(numerator: int, denominator: int, rounding: Rounding) -> int:
    """Divide integers (the denominator above zero), rounding as named, symmetrically around zero."""
    quotient, remainder = divmod(abs(numerator), denominator)
    twice = 2 * remainder
    match rounding:
        case Rounding.HALF_EVEN:
            away = twice > denominator or (twice == denominator and quotient % 2 == 1)
        case Rounding.HALF_UP:
            away = twice >= denominator
        case Rounding.UP:
            away = remainder > 0
        case Rounding.DOWN:
            away = False
    result = quotient + away
    return -result if numerator < 0 else result
