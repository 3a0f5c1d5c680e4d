"""What is shown of forecasts."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from cohong.statistics.periods import Frequency


@dataclass(frozen=True, slots=True)
class Actual:
    """The value that a period really had; region and industry empty: the total."""

    indicator: str
    period: str
    value: Decimal
    region: str = ""
    industry: str = ""


@dataclass(frozen=True, slots=True)
class PointView:
    """What was expected of a period and, once it is known, its actual value and how far off it was (sMAPE, 0 to 200)."""

    period: str
    point: Decimal
    lower_80: Decimal
    upper_80: Decimal
    lower_95: Decimal
    upper_95: Decimal
    actual: Decimal | None = None
    smape: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ForecastView:
    """A forecast as it was made. `release`: the publication that it was made from; None: the observations."""

    id: UUID
    made_at: datetime
    indicator: str
    region: str
    industry: str
    frequency: Frequency
    model: str
    last_period: str
    last_value: Decimal
    points: tuple[PointView, ...]
    document: UUID
    release: int | None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How far off the forecasts of an indicator were: shares inside the bands are 0 to 1; `mase` None: nothing to scale by."""

    indicator: str
    frequency: Frequency
    model: str
    scored: int
    smape: float
    mase: float | None
    coverage_80: float
    coverage_95: float


class Standing(StrEnum):
    """Where a target lies in what is to be expected."""

    ALMOST_SURE = "almost_sure"
    LIKELY = "likely"
    RATHER = "rather"
    RATHER_NOT = "rather_not"
    UNLIKELY = "unlikely"
    OUT_OF_REACH = "out_of_reach"


@dataclass(frozen=True, slots=True)
class Prospect:
    """A target against a forecast: its standing, roughly how likely it is to be met (0 to 1), and the growth that it takes.

    Growth is per period, as a share: 0.02 is 2 percent; None where the last value or the target is not positive.
    """

    period: str
    target: Decimal
    expected: PointView
    standing: Standing
    chance: float
    periods: int
    needed_growth: float | None
    expected_growth: float | None
