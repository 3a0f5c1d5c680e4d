"""The HTTP interface of targets: what a plan aims at, and the programme office's acts.

Every writing call takes an `Idempotency-Key`. A token needs `statistics:write` for the acts; reading is for everyone.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from pydantic import AwareDatetime

from cohong.kernel.http import idempotent
from cohong.parties import api as parties
from cohong.parties.api import Actor, Names
from cohong.statistics.targets import reading, rules, setting
from cohong.statistics.targets.shapes import Point, TargetView, Terms
from cohong.statistics.targets.words import Comparison, PathShape, Standing, TargetUnit

router = Router(tags=["statistics"], auth=parties.TokenAuth())
_MOST_POINTS = 100
_Amount = Annotated[Decimal, Field(max_digits=28, decimal_places=6)]
_Code = Annotated[str, Field(max_length=64)]


class TargetNamesIO(Schema):
    """A name or a note in three languages."""

    zh_hans: str = Field("", max_length=600)
    zh_hant: str = Field("", max_length=600)
    en: str = Field("", max_length=600)

    @classmethod
    def of(cls, names: Names) -> Self:
        """Read a name."""
        return cls(zh_hans=names.zh_hans, zh_hant=names.zh_hant, en=names.en)

    def names(self) -> Names:
        """Return it as the house has it."""
        return Names(self.zh_hans, self.zh_hant, self.en)


class PointIO(Schema):
    """A value on a day; amounts are decimal text."""

    on: date
    value: _Amount

    @classmethod
    def of(cls, point: Point) -> Self:
        """Read a point."""
        return cls(on=point.on, value=point.value)


class TermsIO(Schema):
    """What is aimed at. Money is in whole units of the region's currency."""

    names: TargetNamesIO
    note: TargetNamesIO = TargetNamesIO(zh_hans="", zh_hant="", en="")
    indicator: _Code
    unit: TargetUnit
    comparison: Comparison
    due: date
    region_code: _Code = ""
    value: _Amount | None = None
    against: _Code = ""
    each_above: _Amount | None = None
    baseline: PointIO | None = None
    shape: PathShape = PathShape.LINEAR
    given: list[PointIO] = Field([], max_length=_MOST_POINTS)

    @classmethod
    def of(cls, terms: Terms) -> Self:
        """Read terms."""
        return cls(
            names=TargetNamesIO.of(terms.names),
            note=TargetNamesIO.of(terms.note),
            indicator=terms.indicator,
            unit=terms.unit,
            comparison=terms.comparison,
            due=terms.due,
            region_code=terms.region_code,
            value=terms.value,
            against=terms.against,
            each_above=terms.each_above,
            baseline=PointIO.of(terms.baseline) if terms.baseline else None,
            shape=terms.shape,
            given=[PointIO.of(one) for one in terms.given],
        )

    def terms(self) -> Terms:
        """Return them as the act takes them."""
        return Terms(
            names=self.names.names(),
            note=self.note.names(),
            indicator=self.indicator,
            unit=self.unit,
            comparison=self.comparison,
            due=self.due,
            region_code=self.region_code,
            value=self.value,
            against=self.against,
            each_above=self.each_above,
            baseline=Point(self.baseline.on, self.baseline.value) if self.baseline else None,
            shape=self.shape,
            given=tuple(Point(one.on, one.value) for one in self.given),
        )


class TargetIn(Schema):
    """A target to be set, and why."""

    terms: TermsIO
    reason: str = Field(max_length=1000)


class WithdrawalIn(Schema):
    """Why a target is withdrawn."""

    reason: str = Field(max_length=1000)


class VersionOut(Schema):
    """Which version of the target this made, or which one says so already."""

    version: int


class TargetOut(Schema):
    """A version of a target, with the path that it asks for."""

    code: str
    version: int
    terms: TermsIO
    path: list[PointIO]
    withdrawn: bool
    reason: str
    set_at: datetime
    document: UUID

    @classmethod
    def of(cls, one: TargetView) -> Self:
        """Read a target."""
        return cls(
            code=one.code,
            version=one.version,
            terms=TermsIO.of(one.terms),
            path=[PointIO.of(point) for point in rules.path(one.terms)],
            withdrawn=one.withdrawn,
            reason=one.reason,
            set_at=one.set_at,
            document=one.document,
        )


class ReadingOut(Schema):
    """How a target stands with a figure. `progress` is a share of the way (0.25: a quarter), `growth_needed` likewise."""

    standing: Standing
    path: Decimal | None
    progress: Decimal | None
    growth_needed: Decimal | None
    needed_a_year: Decimal | None
    ahead: Decimal | None
    above: Decimal | None


@router.get("/targets", response=list[TargetOut], auth=None, operation_id="statistics_targets")
def list_targets(
    request: HttpRequest,  # noqa: ARG001 - public, asks nothing of it
    *,
    region_code: _Code | None = None,
    at: AwareDatetime | None = None,
) -> Any:
    """List the targets in force, now or at a time. Everyone may see what the region aims at."""
    return [TargetOut.of(one) for one in reading.targets(region_code=region_code, at=at)]


@router.get("/targets/{code}", response=list[TargetOut], auth=None, operation_id="statistics_target")
def show_target(request: HttpRequest, code: str) -> Any:  # noqa: ARG001 - public, asks nothing of it
    """Show all versions of a target, the first one first."""
    return [TargetOut.of(one) for one in reading.target_history(code)]


@router.get("/targets/{code}/reading", response=ReadingOut, auth=None, operation_id="statistics_read_target")
def read_target(
    request: HttpRequest,  # noqa: ARG001 - public, asks nothing of it
    code: str,
    *,
    value: Annotated[_Amount, Query()],
    on: date,
    other: Annotated[_Amount | None, Query()] = None,
) -> Any:
    """Tell how the target would stand with this figure on this day."""
    found = rules.reading(reading.target(code).terms, value, on, other=other)
    return ReadingOut(
        standing=found.standing,
        path=found.path,
        progress=None if found.progress is None else rules.as_decimal(found.progress),
        growth_needed=found.growth_needed,
        needed_a_year=found.needed_a_year,
        ahead=found.ahead,
        above=found.above,
    )


@router.put("/targets/{code}", response=VersionOut, operation_id="statistics_set_target")
@idempotent
def set_target(request: HttpRequest, code: str, body: TargetIn) -> Any:
    """Set a target, or change it. For the programme office."""
    version = setting.set_target(
        actor=_actor(request), code=code, terms=body.terms.terms(), reason=body.reason
    )
    return VersionOut(version=version)


@router.post("/targets/{code}/withdrawal", response={204: None}, operation_id="statistics_withdraw_target")
@idempotent
def withdraw_target(request: HttpRequest, code: str, body: WithdrawalIn) -> Any:
    """Aim at this no more. For the programme office."""
    setting.withdraw_target(actor=_actor(request), code=code, reason=body.reason)
    return 204, None


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor
