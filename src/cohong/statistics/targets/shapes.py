"""What a target is, as values."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from cohong.parties.api import Names
from cohong.statistics.targets.words import Comparison, PathShape, TargetUnit

_NOTHING: Final = Names("")


@dataclass(frozen=True, slots=True)
class Point:
    """A value on a day: for a year's figure, the last of that year."""

    on: date
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is aimed at: that `indicator`, in the region (empty: everywhere), by `due` is more than `value`.

    Above a value: `value`. Above another series: more than the indicator `against`, whatever that is by then. More units: more
    than `value` of them, each with more than `each_above` of the indicator. With a `baseline` there is a path to the value,
    of the shape; `given` are its points between, for a path that is set year by year. Values are in `unit`.
    """

    names: Names
    indicator: str
    unit: TargetUnit
    comparison: Comparison
    due: date
    note: Names = _NOTHING
    region_code: str = ""
    value: Decimal | None = None
    against: str = ""
    each_above: Decimal | None = None
    baseline: Point | None = None
    shape: PathShape = PathShape.LINEAR
    given: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetView:
    """A target as one version of it says; `withdrawn` if that version took it back."""

    code: str
    version: int
    terms: Terms
    withdrawn: bool
    reason: str
    set_at: datetime
    document: UUID


@dataclass(frozen=True, slots=True)
class ContextFact:
    """A figure that a plan starts from, to be shown beside its targets: a value, or a share of something, or both."""

    code: str
    names: Names
    year: int
    unit: TargetUnit
    value: Decimal
    share_percent: Decimal | None
    share_of: Names
    above_nation_points: Decimal | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it is shipped: its name, its targets by code, and the figures that it starts from."""

    code: str
    names: Names
    targets: dict[str, Terms]
    context: tuple[ContextFact, ...]
