"""The documents about targets. Their subject is the target."""

from datetime import date
from typing import ClassVar

from msgspec import Struct

from cohong.kernel.documents import Body, document


class PathPoint(Struct, frozen=True, kw_only=True):
    """A value on a day, as decimal text."""

    on: date
    value: str


@document("statistics.target_set")
class TargetSet(Body, frozen=True, kw_only=True):
    """The programme office aims at this from now on. Values are decimal text, in `unit`; "" where there is none."""

    public: ClassVar[bool] = True

    code: str
    target_version: int
    name: str
    indicator: str
    unit: str
    comparison: str
    region_code: str
    due: date
    value: str
    against: str
    each_above: str
    shape: str
    baseline: PathPoint | None
    given: list[PathPoint]
    reason: str


@document("statistics.target_withdrawn")
class TargetWithdrawn(Body, frozen=True, kw_only=True):
    """The programme office does not aim at this any more."""

    public: ClassVar[bool] = True

    code: str
    target_version: int
    reason: str
