"""The platform's own trade before its present, as compact facts: a row for what a seller sold in a month, one way, to one buyer.

Sales grow, have their season (Spring Festival falls into January or February, the eleventh of November is large), move to the
phone, and partly come back. Sellers and buyers are nobody's: their ids are negative.
"""

from datetime import date
from random import Random
from typing import Any, Final

from cohong.demo.data.history import CITIES, HOMES, INDUSTRIES
from cohong.statistics.api import Period

_SERVICES: Final = frozenset({"culture", "tourism", "logistics", "education", "health"})
_SEASON: Final = (98, 88, 97, 97, 100, 104, 95, 96, 101, 101, 128, 108)
#: The days of Spring Festival: the month in which it falls sells less, its neighbour before it more.
_FESTIVAL: Final = {2019: 2, 2020: 1, 2021: 2, 2022: 2, 2023: 1, 2024: 2, 2025: 1, 2026: 2, 2027: 2, 2028: 1}
_GROWTH_A_YEAR: Final = 1.31
_AVERAGE_FEN: Final = {"b2b": 2_800_000, "b2c": 26_000, "c2c": 9_000}
_BUYERS_A_CITY: Final = 90
_SHIFTED, _SHIFT_MONTHS, _SHIFT = "440600", 9, 1.45
_OUTLIER, _OUTLIER_MONTHS, _TIMES = "441300", 5, 2.6
Row = dict[str, Any]


class TradeHistory:
    """Generates facts from a first day to today."""

    def __init__(self, seed: int, first: date, today: date, sellers: int) -> None:
        self._rng = Random(f"{seed}:history:trade")
        self._today, self._count = today, sellers
        self._months = list(_months(first, today))
        self._trade: list[Row] = []
        self._steps: list[Row] = []
        self._number = 0

    def tables(self) -> tuple[Any, Any]:
        """Return rows of trade and of steps."""
        for number in range(self._count):
            self._seller(number)
        return self._trade, self._steps

    def _seller(self, number: int) -> None:
        rng = self._rng
        # One seller in each city first, so that all have some; the others where trade is.
        cities = [code for code, _ in CITIES]
        city = (
            cities[number]
            if number < len(cities)
            else rng.choices(cities, [weight for _, weight in CITIES])[0]
        )
        homes = HOMES[city]
        industry = homes[number % len(homes)]
        retail = next(share for code, _, share in INDUSTRIES if code == industry) / 100
        person = retail > 0.4 and rng.random() < 0.18
        base = rng.lognormvariate(16.6, 0.9) * (0.25 if person else 1)
        begins = 0 if rng.random() < 0.55 else rng.randrange(max(1, len(self._months) * 3 // 4))
        seller = _Seller(-1 - number, city, industry, 1.0 if person else retail, person, base)
        for place in range(begins, len(self._months)):
            self._month(seller, place)

    def _month(self, seller: "_Seller", place: int) -> None:
        rng, month = self._rng, self._months[place]
        behind = len(self._months) - 1 - place
        level = _GROWTH_A_YEAR ** (place / 12) * _season(month, seller.retail) * rng.uniform(0.9, 1.1)
        if seller.city == _SHIFTED and behind <= _SHIFT_MONTHS:
            level *= _SHIFT
        if seller.city == _OUTLIER and behind == _OUTLIER_MONTHS:
            level *= _TIMES
        if behind == 0:
            level *= self._today.day / 30
        amount = seller.base * level
        mobile = min(0.78, 0.24 + 0.1 * place / 12)
        ways = [
            ("b2b", "web", False, (1 - seller.retail) * 0.93),
            ("b2b", "web", True, (1 - seller.retail) * 0.07),
            ("c2c" if seller.person else "b2c", "mobile", False, seller.retail * mobile),
            ("c2c" if seller.person else "b2c", "web", False, seller.retail * (1 - mobile)),
        ]
        sold, orders = 0, 0
        for form, channel, crosses, share in ways:
            fen = int(amount * share)
            count = fen // _AVERAGE_FEN[form]
            if count:
                self._add(seller, month, form, channel, crosses, fen, count)
                sold, orders = sold + fen, orders + count
        if orders:
            self._back(seller, sold)
            self._happened(seller, month, sold, orders, place)

    def _add(
        self, seller: "_Seller", month: date, form: str, channel: str, crosses: bool, fen: int, count: int
    ) -> None:
        self._number += 1
        self._trade.append(
            {
                **self._common(seller, month, form, channel, crosses),
                "line": 0,
                "fact": "sale",
                "category": "",
                "service": seller.industry in _SERVICES,
                "orders": count,
                "quantity": count * (40 if form == "b2b" else 2),
                "minor": fen,
                "base": fen,
                "goods_minor": fen,
                "freight_minor": 0,
            }
        )

    def _back(self, seller: "_Seller", sold: int) -> None:
        last = self._trade[-1]
        back = int(sold * (0.055 if seller.retail > 0.4 else 0.012) * self._rng.uniform(0.7, 1.3))
        self._trade.append(
            {
                **last,
                "fact": "refund",
                "orders": 0,
                "quantity": 0,
                "minor": -back,
                "base": -back,
                "goods_minor": 0,
            }
        )

    def _happened(self, seller: "_Seller", month: date, sold: int, orders: int, place: int) -> None:
        rng, years = self._rng, place / 12
        days = max(1.6, 4.4 - 0.45 * years) * rng.uniform(0.85, 1.15) * (1.2 if _is_festive(month) else 1)
        returned = orders * (0.061 if seller.retail > 0.4 else 0.013) * rng.uniform(0.7, 1.3)
        common = {
            **self._common(seller, month, "c2c" if seller.person else "b2b", "web", False),
            "minor": sold,
            "base": sold,
        }
        for step, count, seconds in (
            ("shipped", orders, None),
            ("delivered", orders, int(orders * days * 86_400)),
            ("return_wanted", int(returned), None),
            ("disputed", int(orders * 0.006 * rng.uniform(0.5, 1.5)), None),
            ("payment_made", orders, None),
            ("payment_failed", int(orders * max(0.008, 0.03 - 0.004 * years)), None),
        ):
            if count:
                self._steps.append({**common, "step": step, "orders": count, "seconds": seconds})

    def _common(self, seller: "_Seller", month: date, form: str, channel: str, crosses: bool) -> Row:
        city = [code for code, _ in CITIES].index(seller.city)
        buyer = -1 - self._rng.randrange(_BUYERS_A_CITY) - city * _BUYERS_A_CITY
        return {
            "day": min(month.replace(day=11 if month.month == 11 else 15), self._today),
            "trade": -max(1, self._number),
            "way": "retail" if form != "b2b" else "sourcing",
            "form": form,
            "seller": seller.number,
            "buyer": buyer * 2 - (form == "b2b"),
            "seller_region": seller.city,
            "buyer_region": "HK" if crosses else seller.city,
            "cross_border": crosses,
            "channel": channel,
            "industry": seller.industry,
            "market": "",
            "currency": "CNY",
        }


class _Seller:
    def __init__(
        self, number: int, city: str, industry: str, retail: float, person: bool, base: float
    ) -> None:
        self.number, self.city, self.industry = number, city, industry
        self.retail, self.person, self.base = retail, person, base


def _months(first: date, last: date) -> list[date]:
    start = Period.parse(f"{first.year:04}-{first.month:02}")
    end = Period.parse(f"{last.year:04}-{last.month:02}")
    return [one.start for one in start.until(end)]


def _is_festive(month: date) -> bool:
    return _FESTIVAL.get(month.year, 2) == month.month


def _season(month: date, retail: float) -> float:
    season = _SEASON[month.month - 1] / 100
    season = 1 + (season - 1) * (0.6 + retail)
    if _is_festive(month):
        return season * (0.78 if retail < 0.4 else 0.92)
    return season * (1.06 if month.month <= 2 and retail >= 0.4 else 1)
