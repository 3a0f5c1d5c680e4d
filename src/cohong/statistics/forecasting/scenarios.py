"""The plan against what is to be expected: for each target of a figure's value, its period, from published figures.

A year under way is known in part. Where an indicator's months add up to its year, what is expected of the year is what its
published months came to and what the forecast expects of the others; else it is the forecast of the yearly figures.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from cohong.kernel import sets
from cohong.statistics.forecasting.prospects import prospect_of
from cohong.statistics.forecasting.shapes import FEWEST, MODEL
from cohong.statistics.forecasting.views import ForecastView, PointView, Prospect
from cohong.statistics.indicators.definitions import tree
from cohong.statistics.periods import Frequency, Period
from cohong.statistics.targets.shapes import TargetView
from cohong.statistics.targets.words import Comparison

_ZERO: Final = Decimal(0)


class Unweighed(StrEnum):
    """Why a target is not held against a forecast."""

    TOO_SHORT = "too_short"  # the series has too few values to be forecast
    NOT_REACHED = "not_reached"  # no forecast reaches the year, or none has been made yet
    OTHER_KIND = "other_kind"  # the target is no value of one series


@dataclass(frozen=True, slots=True)
class Scenario:
    """A target against what is expected of its period.

    `ahead` holds what is expected of each period (a year, for a target of a year) after the last whole one, as far as the
    target's; `frequency` and `last_period` say of which figures the forecast was made. Without a `prospect`, `why` says what is
    missing, and `known` how many yearly values there are of the `fewest` that a forecast takes.
    """

    target: TargetView
    prospect: Prospect | None = None
    ahead: tuple[PointView, ...] = ()
    region: str = ""
    frequency: Frequency = Frequency.YEAR
    last_period: str = ""
    why: Unweighed | None = None
    known: int = 0
    fewest: int = FEWEST[Frequency.YEAR]


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of a target's period and of those before it; from the last whole one, which had `last_value`."""

    ahead: tuple[PointView, ...]
    last_value: Decimal


def expected_until(
    due: date,
    *,
    frequency: Frequency,
    points: Sequence[PointView],
    history: Mapping[str, Decimal],
    additive: bool,
) -> Expected | None:
    """Return what is expected up to the period of a target; None where the forecast says nothing of it. Pure.

    A target of a year's last day is one of the year's figure. Of an additive series of months or quarters the year is their
    sum. Its bands are sums, too: exact if all periods ahead are off together, and too wide, never too narrow, if they are not.
    """
    ends_year = due == date(due.year, 12, 31)
    points = [one for one in points if one.period not in history]
    if frequency is Frequency.YEAR or not ends_year:
        wanted = Period.of(due, frequency).code
        codes = [one.period for one in points]
        if wanted not in codes:
            return None
        last = Period.parse(codes[0]).shifted(-1).code
        if last not in history:
            return None
        return Expected(tuple(points[: codes.index(wanted) + 1]), history[last])
    if not additive or frequency is Frequency.DAY or not points:
        return None
    by_code = {one.period: one for one in points}
    first = Period.parse(points[0].period).start.year
    # The first year of which anything is unknown is the first that is expected.
    before = _year(first - 1, frequency, {}, history)
    years = [_year(year, frequency, by_code, history) for year in range(first, due.year + 1)]
    if before is None or not years or any(one is None for one in years):
        return None
    return Expected(tuple(one for one in years if one is not None), before.point)


def _year(
    year: int, frequency: Frequency, ahead: Mapping[str, PointView], history: Mapping[str, Decimal]
) -> PointView | None:
    """Add up a year's periods: those that are known, and what is expected of the others. None if one of them is neither."""
    sums = [_ZERO] * 5
    whole = Period.of(date(year, 12, 31), Frequency.YEAR)
    for period in Period.of(whole.start, frequency).until(Period.of(whole.end, frequency)):
        known, one = history.get(period.code), ahead.get(period.code)
        if known is not None:
            parts = [known] * 5
        elif one is not None:
            parts = [one.point, one.lower_80, one.upper_80, one.lower_95, one.upper_95]
        else:
            return None
        sums = [total + part for total, part in zip(sums, parts, strict=True)]
    return PointView(whole.code, *sums)


def weighed(
    made: ForecastView, history: Mapping[str, Decimal], among: Sequence[TargetView]
) -> Iterator[Scenario]:
    """Weigh the targets that a forecast reaches. `history`: what is known of the series' periods that are over."""
    definition = tree().by_code.get(made.indicator)
    for one in among:
        terms = one.terms
        if terms.indicator != made.indicator or terms.comparison is not Comparison.ABOVE_VALUE:
            continue
        if terms.value is None or not _meant(terms.region_code, made):
            continue
        found = expected_until(
            terms.due,
            frequency=made.frequency,
            points=made.points,
            history=history,
            additive=definition is not None and definition.adds_over_time,
        )
        if found is None:
            continue
        prospect = prospect_of(
            found.ahead[-1], target=terms.value, last_value=found.last_value, periods=len(found.ahead)
        )
        yield Scenario(one, prospect, found.ahead, made.region, made.frequency, made.last_period)


def _meant(region: str, made: ForecastView) -> bool:
    """Say whether a forecast is of the target's region: its own, or of everything where its own is not forecast.

    What is published for the whole only, of a platform of one province, is the province's.
    """
    if made.industry:
        return False
    if made.region == region:
        return True
    if made.region:
        return False
    return not sets.fetch(
        "select from statistics_forecast where indicator = %s and frequency = %s and region = %s and industry = ''"
        " and model = %s and release is not null limit 1",
        (made.indicator, made.frequency.value, region, MODEL),
    )
