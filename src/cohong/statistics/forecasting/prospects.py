"""A scenario against a target of the plan: is it to be met, how likely, and what growth would it take? Pure."""

import math
from decimal import Decimal
from statistics import NormalDist

from cohong.statistics.forecasting.views import PointView, Prospect, Standing

_NORMAL = NormalDist()
_HALF_80 = _NORMAL.inv_cdf(0.9)


def prospect_of(
    expected: PointView, *, target: Decimal, last_value: Decimal, periods: int, at_most: bool = False
) -> Prospect:
    """Weigh a target (a value to be reached; with `at_most`, not to be exceeded) against what is expected of its period.

    `periods` is how many there are from the last value to the target's. The chance takes each half of the band for half of a
    normal distribution: it is as good as the band, no more.
    """
    return Prospect(
        period=expected.period,
        target=target,
        expected=expected,
        standing=_standing(expected, target, at_most=at_most),
        chance=_chance(expected, target, at_most=at_most),
        periods=periods,
        needed_growth=_growth(last_value, target, periods),
        expected_growth=_growth(last_value, expected.point, periods),
    )


def _standing(expected: PointView, target: Decimal, *, at_most: bool) -> Standing:
    cuts = [expected.lower_95, expected.lower_80, expected.point, expected.upper_80, expected.upper_95]
    if at_most:
        cuts, target = [-cut for cut in reversed(cuts)], -target
    # How many of the cuts the target is above: the more, the harder.
    return list(Standing)[sum(target > cut for cut in cuts)]


def _chance(expected: PointView, target: Decimal, *, at_most: bool) -> float:
    above = target > expected.point
    width = expected.upper_80 - expected.point if above else expected.point - expected.lower_80
    if width <= 0:
        return float(expected.point <= target if at_most else expected.point >= target)
    below = _NORMAL.cdf(_HALF_80 * float((target - expected.point) / width))
    return below if at_most else 1 - below


def _growth(before: Decimal, after: Decimal, periods: int) -> float | None:
    if before <= 0 or after <= 0 or periods <= 0:
        return None
    return math.pow(after / before, 1 / periods) - 1
