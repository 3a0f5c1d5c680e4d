"""Pure rules of targets: the path, how much of the way is done, what is needed, how it stands, who contributes.

Whatever is a ratio of exact figures is a `Fraction`; whatever needs a root or is shown as an amount is a `Decimal` with
six places, rounded half to even.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from typing import Final

from cohong.statistics import rounding
from cohong.statistics.targets.refusals import PathImpossible, TermsIncomplete
from cohong.statistics.targets.shapes import Point, Terms
from cohong.statistics.targets.words import Comparison, PathShape, Standing

_PLACES: Final = Decimal("0.000001")
_DIGITS: Final = 60
_LARGEST: Final = Decimal(10) ** 20
_NEEDED: Final[dict[Comparison, tuple[str, ...]]] = {
    Comparison.ABOVE_VALUE: ("value",),
    Comparison.ABOVE_SERIES: ("against",),
    Comparison.MORE_UNITS: ("value", "each_above"),
}
_LEAP_DAY: Final = (2, 29)


def check(terms: Terms) -> None:
    """Refuse terms that cannot be measured. Raises TermsIncomplete, PathImpossible."""
    for field in ("indicator", *_NEEDED[terms.comparison]):
        if getattr(terms, field) in {None, ""}:
            raise TermsIncomplete(field=field)
    numbers = [terms.value, terms.each_above, *(point.value for point in _points(terms))]
    if any(not each.is_finite() or abs(each) > _LARGEST for each in numbers if each is not None):
        raise TermsIncomplete(field="value")
    if terms.baseline is None:
        if terms.given:
            raise PathImpossible
        return
    days = [point.on for point in (*_points(terms), Point(terms.due, Decimal(0)))]
    falling = any(later <= earlier for earlier, later in pairwise(days))
    if terms.value is None or falling or (terms.given and terms.shape is not PathShape.GIVEN):
        raise PathImpossible
    if terms.shape is PathShape.GROWTH and (terms.baseline.value <= 0 or terms.value <= 0):
        raise PathImpossible


def _points(terms: Terms) -> tuple[Point, ...]:
    return (*((terms.baseline,) if terms.baseline is not None else ()), *terms.given)


# --- the path ---


def years_between(start: date, end: date) -> Fraction:
    """Count the years from one day to another: whole ones, and the days after the last of them by that year's length."""
    if end < start:
        return -years_between(end, start)
    whole = end.year - start.year
    if _anniversary(start, whole) > end:
        whole -= 1
    since, until = _anniversary(start, whole), _anniversary(start, whole + 1)
    return whole + Fraction((end - since).days, (until - since).days)


def _anniversary(start: date, years: int) -> date:
    if (start.month, start.day) == _LEAP_DAY:
        return date(start.year + years, 3, 1).fromordinal(date(start.year + years, 3, 1).toordinal() - 1)
    return start.replace(year=start.year + years)


def path_at(terms: Terms, on: date) -> Decimal | None:
    """Tell what the path asks for on a day; None without a path, or before it begins. Once due, the target."""
    if terms.baseline is None or terms.value is None or on < terms.baseline.on:
        return None
    points = [*_points(terms), Point(terms.due, terms.value)]
    if on >= terms.due:
        return terms.value
    before = max((point for point in points if point.on <= on), key=lambda point: point.on)
    after = min((point for point in points if point.on > on), key=lambda point: point.on)
    gone = years_between(before.on, on) / years_between(before.on, after.on)
    if terms.shape is PathShape.GROWTH:
        with localcontext(prec=_DIGITS):
            return _shown(before.value * (after.value / before.value) ** _decimal(gone))
    return _shown(_decimal(Fraction(before.value) + (Fraction(after.value) - Fraction(before.value)) * gone))


def path(terms: Terms) -> list[Point]:
    """Give the path at its beginning, at each of its years, and at its end; nothing without one."""
    if terms.baseline is None or terms.value is None:
        return []
    days = [terms.baseline.on]
    while (following := _anniversary(terms.baseline.on, len(days))) < terms.due:
        days.append(following)
    found = [(day, path_at(terms, day)) for day in (*days, terms.due)]
    return [Point(day, value) for day, value in found if value is not None]


def _decimal(value: Fraction) -> Decimal:
    with localcontext(prec=_DIGITS):
        return Decimal(value.numerator) / Decimal(value.denominator)


def as_decimal(value: Fraction) -> Decimal:
    """Give a share or a rate with six places."""
    return _shown(_decimal(value))


def _shown(value: Decimal) -> Decimal:
    with localcontext(prec=_DIGITS):
        return value.quantize(_PLACES, rounding=ROUND_HALF_EVEN)


# --- how it stands ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a target stands with a figure of a day.

    `progress` is the share of the way from the baseline that is done (below 0: backwards; above 1: beyond), for a number of
    units without a baseline that of the number. `growth_needed` is the growth a year from here to the value on the due day
    (0.25: a quarter more each year), `needed_a_year` the same as an equal step; 0 once it is met, None when it is too late or
    there is no value to go to. `ahead` is what the figure is above the path; `above` what it is above the value, or
    above the other series.
    """

    value: Decimal
    standing: Standing
    path: Decimal | None
    progress: Fraction | None
    growth_needed: Decimal | None
    needed_a_year: Decimal | None
    ahead: Decimal | None
    above: Decimal | None


def reading(terms: Terms, value: Decimal, on: date, *, other: Decimal | None = None) -> Reading:
    """Tell how a target stands with `value` as of `on`. `other` is the other series' value, for those to be above it."""
    bar = other if terms.comparison is Comparison.ABOVE_SERIES else terms.value
    wanted = path_at(terms, on)
    return Reading(
        value=value,
        standing=_standing(terms, value, on, bar, wanted),
        path=wanted,
        progress=progress(terms, value),
        growth_needed=growth_needed(terms, value, on),
        needed_a_year=needed_a_year(terms, value, on),
        ahead=None if wanted is None else value - wanted,
        above=None if bar is None else value - bar,
    )


def _standing(
    terms: Terms, value: Decimal, on: date, bar: Decimal | None, wanted: Decimal | None
) -> Standing:
    if bar is not None and value > bar:
        return Standing.MET
    if on >= terms.due and bar is not None:
        return Standing.MISSED
    if wanted is None:
        return Standing.OPEN
    return Standing.ON_TRACK if value >= wanted else Standing.BEHIND


def progress(terms: Terms, value: Decimal) -> Fraction | None:
    """Give the share of the way to the target that is done; None where there is no way to measure."""
    if terms.value is None:
        return None
    if terms.baseline is None:
        counted = terms.comparison is Comparison.MORE_UNITS and terms.value > 0
        return Fraction(value) / Fraction(terms.value) if counted else None
    way = Fraction(terms.value) - Fraction(terms.baseline.value)
    return (Fraction(value) - Fraction(terms.baseline.value)) / way if way else None


def growth_needed(terms: Terms, value: Decimal, on: date) -> Decimal | None:
    """Give the growth a year that leads from here to the value on the due day."""
    if terms.value is None:
        return None
    if value > terms.value:
        return Decimal(0)
    left = years_between(on, terms.due)
    if left <= 0 or value <= 0:
        return None
    return _rate(value, terms.value, left)


def needed_a_year(terms: Terms, value: Decimal, on: date) -> Decimal | None:
    """Give the equal step a year that leads from here to the value on the due day."""
    if terms.value is None:
        return None
    if value > terms.value:
        return Decimal(0)
    left = years_between(on, terms.due)
    return _shown(_decimal((Fraction(terms.value) - Fraction(value)) / left)) if left > 0 else None


def growth_a_year(start: Point, end: Point) -> Decimal | None:
    """Give the average growth a year between two figures; None if one is not above zero, or they are of one day."""
    years = years_between(start.on, end.on)
    if years <= 0 or start.value <= 0:
        return None
    return _rate(start.value, end.value, years)


def _rate(start: Decimal, end: Decimal, years: Fraction) -> Decimal | None:
    """Give the growth a year from one figure to another; None where it is beyond all measure, or there is no root."""
    if end <= 0:
        return None
    with localcontext(prec=_DIGITS):
        rate = (end / start) ** (1 / _decimal(years)) - 1
    return _shown(rate) if rate < _LARGEST else None


def count_above(values: Iterable[Decimal], *, each_above: Decimal) -> int:
    """Count the units above a size, for a target of more than so many of them."""
    return sum(value > each_above for value in values)


# --- who contributes ---


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one city or industry adds to the growth of the whole.

    `points` is its change by the whole's earlier value: the points of all add up to the whole's growth. `share` is
    its part of the change: all add up to 1. None where there was nothing, or nothing changed.
    """

    change: int
    points: Fraction | None
    share: Fraction | None


def contributions(before: Mapping[str, int], now: Mapping[str, int]) -> dict[str, Contribution]:
    """Take the growth of a whole apart by its parts. One that is missing in either was, or is, nothing."""
    keys = list(dict.fromkeys([*now, *before]))
    base = sum(before.values())
    total = sum(now.values()) - base
    found = {}
    for key in keys:
        change = now.get(key, 0) - before.get(key, 0)
        found[key] = Contribution(
            change=change,
            points=Fraction(change, base) if base > 0 else None,
            share=Fraction(change, total) if total else None,
        )
    return found


def printed_points(found: Mapping[str, Contribution], *, base: int, places: int = 2) -> dict[str, Decimal]:
    """Give contributions in percentage points, rounded to so many places such that they still add up (see `rounding`).

    `base` is the whole's earlier value. Raises ValueError for a base that is not above zero.
    """
    scaled = [each.change * 10 ** (2 + places) for each in found.values()]
    rounded = rounding.parts(scaled, base=base)
    return {key: Decimal(value // base).scaleb(-places) for key, value in zip(found, rounded, strict=True)}
