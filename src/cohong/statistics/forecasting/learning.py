"""Bands learn from what earlier ones missed: the errors of one's own forecasts, once their outcome is known.

The ratio of an error to the half of the band on its side says by how much that half had to be wider to hold the value. The
quantile of these ratios at a band's level is the factor that would have made it cover as often as it says (conformal
prediction by recent scores: Vovk, Gammerman and Shafer 2005; Xu and Xie 2021). Errors of one forecast share one fate, so
that what counts is of how many forecasts they are: of few, little is believed. Recent ones count; what is older than the
last forty is forgotten. Bands are never made narrower by it: that none was missed so far says little of the day when all
are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from cohong.kernel import sets
from cohong.statistics.forecasting.shapes import LEVELS, MODEL, Widening
from cohong.statistics.periods import Frequency

FEWEST_ORIGINS: Final = 4
MOST_ORIGINS: Final = 40
_DOUBT: Final = 4
_MOST_POINTS: Final = 4_000
_TINY: Final = Decimal("0.000001")
_FACTORS: Final = (1.0, 2.5)


@dataclass(frozen=True, slots=True)
class Missed:
    """How far off one point was, by level, in halves of the band as it was before any widening; and of which forecast."""

    origin: str
    ratios: Mapping[int, float]


def widening_from(missed: Sequence[Missed]) -> Widening:
    """Return by how much to widen the next bands of the same kind of series, newest first; 1 while little has been scored."""
    # The newest come first.
    origins = list(dict.fromkeys(one.origin for one in missed))[:MOST_ORIGINS]
    if len(origins) < FEWEST_ORIGINS:
        return Widening()
    recent = set(origins)
    belief = len(origins) / (len(origins) + _DOUBT)
    factors = {}
    for level in LEVELS:
        ratios = sorted(one.ratios[level] for one in missed if one.origin in recent)
        low, high = _FACTORS
        found = min(max(_quantile(ratios, level / 100), low), high)
        factors[level] = round(1 + belief * (found - 1), 3)
    return Widening(factors)


def _quantile(ordered: Sequence[float], share: float) -> float:
    # The finite-sample quantile of conformal prediction: the next larger order statistic.
    place = min(int(share * (len(ordered) + 1)), len(ordered) - 1)
    return ordered[place]


_MISSED = """
select f.id::text, f.widened_80, f.widened_95, p.point, p.lower_80, p.upper_80, p.lower_95, p.upper_95, s.actual
from statistics_forecast f
join statistics_forecast_point p on p.forecast_id = f.id
join lateral (select actual from statistics_forecast_score s where s.point_id = p.id order by number desc limit 1) s on true
where f.indicator = %s and f.frequency = %s and f.model = %s and (f.release is not null) = %s
order by f.made_at desc, f.id, p.ahead limit %s
"""


def own_widening(indicator: str, frequency: Frequency, *, published: bool) -> Widening:
    """Return by how much the next bands of an indicator's forecasts are widened, from what its scored ones have missed."""
    rows = sets.fetch(_MISSED, (indicator, frequency.value, MODEL, published, _MOST_POINTS))
    return widening_from([_missed(row) for row in rows])


def _missed(row: Sequence[Any]) -> Missed:
    origin, widened_80, widened_95, point, lower_80, upper_80, lower_95, upper_95, actual = row
    off = actual - point
    halves = {
        80: (upper_80 - point if off >= 0 else point - lower_80) / widened_80,
        95: (upper_95 - point if off >= 0 else point - lower_95) / widened_95,
    }
    return Missed(origin, {level: float(abs(off) / max(half, _TINY)) for level, half in halves.items()})
