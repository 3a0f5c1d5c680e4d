"""How figures are written: 3.21万亿元 and 12.3亿 in Chinese, CNY 3.21 tn and 1.23 bn in English; shortly, for people who look."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from django.conf import settings
from django.utils.translation import get_language, gettext, pgettext

from cohong.statistics.api import IndicatorUnit as Unit
from cohong.statistics.api import Period

_CHINESE: Final = ((10**12, "万亿", "萬億"), (10**8, "亿", "億"), (10**4, "万", "萬"))
_ENGLISH: Final = ((10**12, " tn"), (10**9, " bn"), (10**6, " mn"), (10**3, " k"))
#: Below this, a number is short enough as it is.
_WHOLE: Final = 10**4
_YUAN: Final = "CNY"
_DIGITS: Final = 3
_NOTHING: Final = "–"


def figure(value: Decimal | None, unit: Unit) -> str:
    """Write a figure with its unit, to three digits or so."""
    if value is None:
        return _NOTHING
    if unit is Unit.PERCENT:
        return f"{_to(value, 1)}%"
    if unit is Unit.MONEY:
        return _money(short(value))
    return short(value)


def exact(value: Decimal | None, unit: Unit) -> str:
    """Write a figure whole, as a table does."""
    if value is None:
        return _NOTHING
    places = {Unit.MONEY: 2, Unit.PERCENT: 2, Unit.DAYS: 2, Unit.NUMBER: 2}.get(unit, 0)
    return f"{_to(value, places):,}"


def short(value: Decimal | float) -> str:
    """Write a number in as few characters as its size allows."""
    number = Decimal(value)
    size = abs(number)
    language = (get_language() or "").lower()
    if language.startswith("zh"):
        for limit, simplified, traditional in _CHINESE:
            if size >= limit:
                return _cut(number / limit) + (traditional if "hant" in language else simplified)
    else:
        for limit, word in _ENGLISH:
            if size >= max(limit, _WHOLE):
                return _cut(number / limit) + word
    return _cut(number)


def tile(value: Decimal | float) -> str:
    """Write a number for a tile of the map, on which each character counts."""
    return short(value).replace(",", "").replace(" ", "")


def axis(value: Decimal | float) -> str:
    """Write a tick: as short as can be, and without a unit."""
    return short(value)


def percent(value: Decimal | float) -> str:
    """Write a share or a rate, given in percent."""
    return f"{_to(Decimal(value), 1)}%"


def growth(now: Decimal | None, before: Decimal | None) -> str:
    """Write by how much something grew, with its sign; nothing where that cannot be said."""
    if now is None or before is None or before <= 0:
        return ""
    rate = _to((now - before) * 100 / before, 1)
    return f"{'+' if rate > 0 else '−' if rate < 0 else ''}{abs(rate)}%"


def unit_name(unit: Unit) -> str:
    """Say in words what an indicator counts."""
    return {
        Unit.MONEY: pgettext("indicator unit", "yuan")
        if settings.COHONG_CURRENCY == _YUAN
        else settings.COHONG_CURRENCY,
        Unit.ORDERS: pgettext("indicator unit", "orders"),
        Unit.PIECES: pgettext("indicator unit", "pieces"),
        Unit.PERSONS: pgettext("indicator unit", "persons"),
        Unit.FIRMS: pgettext("indicator unit", "firms"),
        Unit.SITES: pgettext("indicator unit", "websites"),
        Unit.PERCENT: pgettext("indicator unit", "percent"),
        Unit.DAYS: pgettext("indicator unit", "days"),
        Unit.NUMBER: pgettext("indicator unit", "number"),
    }[unit]


def period(code: str) -> str:
    """Say a period as people do: 2015年7月, July 2015 as 2015-07."""
    if not (get_language() or "").startswith("zh"):
        return code.replace("-Q", " Q")
    found = Period.parse(code)
    year = f"{found.start.year}年"
    if found.frequency == "year":
        return year
    if found.frequency == "quarter":
        quarter = gettext("quarter {number}").format(number=(found.start.month + 2) // 3)
        return f"{year}{quarter}"
    months = "1–2" if found.is_two_months else str(found.start.month)
    return f"{year}{months}月"


def _money(text: str) -> str:
    chinese = (get_language() or "").startswith("zh") and settings.COHONG_CURRENCY == _YUAN
    return f"{text}元" if chinese else f"{settings.COHONG_CURRENCY} {text}"


def _cut(value: Decimal) -> str:
    """Keep three digits, and no noughts behind the point."""
    places = max(0, _DIGITS - 1 - max(0, value.adjusted())) if value else 0
    text = f"{_to(value, places):,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _to(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
