"""Numbers as they are written in the reader's language: 12.34亿元, 12.34億元, 1.23 billion yuan."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import Final

from babel.numbers import get_currency_name
from django.conf import settings
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from cohong.parties import api as parties
from cohong.statistics.periods import Period

_MILLION: Final = Decimal(1_000_000)
_TENTH: Final = Decimal("0.1")
_HUNDREDTH: Final = Decimal("0.01")
#: From so many times on, one says how many times it is, not by how much it grew.
_TIMES: Final = Decimal(5)
_TWO: Final = 2
WITHHELD: Final = "x"
UNKNOWN: Final = "—"


@dataclass(frozen=True, slots=True)
class Scale:
    """What amounts are counted in: so many units of the currency, under a name."""

    size: Decimal
    name: str


def _scales() -> tuple[Scale, ...]:
    """Return the scales of the reader's language, the largest first."""
    language = get_language() or ""
    if not language.startswith("zh"):
        return (
            Scale(Decimal(10) ** 12, "trillion"),
            Scale(Decimal(10) ** 9, "billion"),
            Scale(Decimal(10) ** 6, "million"),
            Scale(Decimal(1), ""),
        )
    hundred_millions, ten_thousand = ("億", "萬") if "hant" in language else ("亿", "万")
    return (
        Scale(Decimal(10) ** 12, ten_thousand + hundred_millions),
        Scale(Decimal(10) ** 8, hundred_millions),
        Scale(Decimal(10) ** 4, ten_thousand),
        Scale(Decimal(1), ""),
    )


def scale_for(largest: Decimal) -> Scale:
    """Return the scale of a table whose largest amount this is: so that the largest has a few digits before its point."""
    return next((one for one in _scales() if abs(largest) >= one.size * 10), _scales()[-1])


def currency() -> str:
    """Return what the region's currency is called beside an amount: 元, yuan."""
    if settings.COHONG_CURRENCY == "CNY":
        return pgettext("currency", "yuan")
    language = get_language() or "en"
    locale = "en" if not language.startswith("zh") else "zh_Hant_HK" if "hant" in language else "zh_Hans"
    return str(get_currency_name(settings.COHONG_CURRENCY, count=2, locale=locale))


def unit(scale: Scale) -> str:
    """Return what a table's amounts are in: 亿元, billion yuan."""
    between = "" if is_chinese() or not scale.name else " "
    return f"{scale.name}{between}{currency()}"


def amount(value: Decimal) -> str:
    """Write an amount of money, with its unit."""
    scale = next((one for one in _scales() if abs(value) >= one.size), _scales()[-1])
    return f"{scaled(value, scale)}{'' if is_chinese() else ' '}{unit(scale)}"


def scaled(value: Decimal, scale: Scale) -> str:
    """Write an amount in a scale, without its unit: two places, or none where it counts single units."""
    return _written(value / scale.size, _HUNDREDTH if scale.name else Decimal(1))


def count(value: Decimal) -> str:
    """Write how many: in a scale from a million on."""
    scale = next((one for one in _scales() if value >= max(one.size, _MILLION)), _scales()[-1])
    between = "" if is_chinese() or not scale.name else " "
    return f"{_written(value / scale.size, _HUNDREDTH if scale.name else Decimal(1))}{between}{scale.name}"


def percent(value: Decimal) -> str:
    """Write a percentage with one place."""
    return f"{_written(value, _TENTH)}%"


def plain(value: Decimal, places: Decimal = _HUNDREDTH) -> str:
    """Write a plain number."""
    return _written(value, places)


def month(period: Period) -> str:
    """Name a period without its year: 10月, October; 1—2月, January and February."""
    if period.is_two_months:
        return _("January and February")
    return month_name(period.start.month)


def month_name(number: int) -> str:
    """Name a month."""
    names = (
        *(
            pgettext("bulletin", "January"),
            pgettext("bulletin", "February"),
            pgettext("bulletin", "March"),
            pgettext("bulletin", "April"),
            pgettext("bulletin", "May"),
            pgettext("bulletin", "June"),
            pgettext("bulletin", "July"),
        ),
        *(
            pgettext("bulletin", "August"),
            pgettext("bulletin", "September"),
            pgettext("bulletin", "October"),
            pgettext("bulletin", "November"),
            pgettext("bulletin", "December"),
        ),
    )
    return names[number - 1]


def dated(period: Period) -> str:
    """Name a period with its year: 2026年10月, October 2026."""
    return _("{month} {year}").format(month=month(period), year=period.start.year)


def listed(items: Sequence[str]) -> str:
    """Join as a sentence does: A、B和C; A, B and C."""
    if len(items) < _TWO:
        return "".join(items)
    head = pgettext("between the items of a list", ", ").join(items[:-1])
    return pgettext("the last two of a list", "{head} and {last}").format(head=head, last=items[-1])


class Way(Enum):
    """Which way a figure went."""

    ROSE = "rose"
    FELL = "fell"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Growth:
    """How a figure stands to an earlier one."""

    way: Way
    percent: Decimal
    times: Decimal

    @property
    def signed(self) -> str:
        """Write it for a table: +12.3, −4.5."""
        written = _written(abs(self.percent), _TENTH)
        return {Way.ROSE: f"+{written}", Way.FELL: f"−{written}", Way.LEVEL: written}[self.way]

    def on_a_year(self) -> str:
        """Say how it stands to the same period of the year before."""
        if self.way is Way.LEVEL:
            return _("level with a year earlier")
        if self.way is Way.FELL:
            return _("down {percent} on a year earlier").format(percent=percent(abs(self.percent)))
        if self.times >= _TIMES:
            return _("{times} times that of a year earlier").format(times=_written(self.times, _TENTH))
        return _("up {percent} on a year earlier").format(percent=percent(self.percent))

    def on_a_month(self, before: str) -> str:
        """Say how it stands to the month before."""
        if self.way is Way.LEVEL:
            return _("It was level with {month}.").format(month=before)
        template = (
            _("It was {percent} less than in {month}.")
            if self.way is Way.FELL
            else _("It was {percent} more than in {month}.")
        )
        return template.format(percent=percent(abs(self.percent)), month=before)


def growth(now: Decimal | None, before: Decimal | None) -> Growth | None:
    """Compare two figures; None where that says nothing: one is not known, or there was nothing before."""
    if now is None or before is None or before <= 0 or now < 0:
        return None
    change = (now / before - 1) * 100
    shown = change.quantize(_TENTH, ROUND_HALF_UP)
    way = Way.LEVEL if not shown else Way.ROSE if shown > 0 else Way.FELL
    return Growth(way, shown, now / before)


def share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Return a part's share in percent, to one place; None where it is not known."""
    if part is None or whole is None or whole <= 0:
        return None
    return (part / whole * 100).quantize(_TENTH, ROUND_HALF_UP)


def _written(value: Decimal, places: Decimal) -> str:
    return f"{value.quantize(places, ROUND_HALF_UP):,}".replace("-", "−")


def is_chinese() -> bool:
    """Tell whether the reader's language is written in characters, without spaces between sentences."""
    return (get_language() or "").startswith("zh")


def joined(sentences: Sequence[str]) -> str:
    """Put sentences one after the other."""
    return ("" if is_chinese() else " ").join(sentences)


def shown(names: parties.Names) -> str:
    """Return what something is called in the reader's language."""
    return names.shown(get_language() or "zh-hans")
