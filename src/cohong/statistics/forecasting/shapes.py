"""What forecasting gives out: plain numbers, so that whoever asks needs no library of arrays."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cohong.statistics.periods import Frequency

LEVELS: Final = (80, 95)
"""The chances, in percent, that bands are given for."""

FEWEST_VALUES: Final = 3
FEWEST: Final = {Frequency.YEAR: 4, Frequency.QUARTER: 8, Frequency.MONTH: 24, Frequency.DAY: 35}
"""So many values in a row does a series have that is forecast of itself."""
MODEL: Final = "ensemble-1"
"""The name that forecasts are stored under. A change of the method is a new name: their accuracy must not be mixed."""

FOUR_MODELS: Final = ("theta", "ets", "ces", "arima")
"""The members of the four-model median (Petropoulos and Svetunkov, 2020)."""

TREND_MODEL: Final = "trend"


class TooShort(ValueError):  # noqa: N818 - says what happened, as refusals do
    """The history has too few values to say anything of what follows."""


@dataclass(frozen=True, slots=True)
class Band:
    """Between these, each period's value is to be expected with a chance of `level` percent."""

    level: int
    lower: tuple[float, ...]
    upper: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is to be expected of each period ahead: points, bands by level, and each member's own points."""

    points: tuple[float, ...]
    bands: tuple[Band, ...]
    members: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def band(self, level: int) -> Band:
        """Return the band of a level."""
        return next(band for band in self.bands if band.level == level)


@dataclass(frozen=True, slots=True)
class Widening:
    """By how much bands of a level are widened: what earlier forecasts of the same kind of series have taught."""

    factors: Mapping[int, float] = field(default_factory=dict)

    def of(self, level: int) -> float:
        """Return the factor for a level."""
        return self.factors.get(level, 1.0)
