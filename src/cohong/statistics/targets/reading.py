"""Reads of targets. What a plan aims at is public."""

from datetime import date, datetime
from decimal import Decimal

from django.db.models import Max

from cohong.parties.api import Names
from cohong.statistics.models import TargetVersion
from cohong.statistics.targets.refusals import NoSuchTarget
from cohong.statistics.targets.shapes import Point, TargetView, Terms
from cohong.statistics.targets.words import Comparison, PathShape, TargetUnit

_SIX_PLACES = Decimal("0.000001")


def targets(*, region_code: str | None = None, at: datetime | None = None) -> list[TargetView]:
    """Return the targets in force, by their due day and code: now, or as they were at a time. Of one region, or all."""
    rows = TargetVersion.objects.all()
    if at is not None:
        rows = rows.filter(set_at__lte=at)
    last = rows.order_by().values("code").annotate(version=Max("version")).values_list("code", "version")
    current = dict(last)
    wanted = TargetVersion.objects.filter(code__in=current).order_by("due", "code", "version")
    if region_code is not None:
        wanted = wanted.filter(region_code=region_code)
    return [view(row) for row in wanted if row.version == current[row.code] and not row.withdrawn]


def target(code: str) -> TargetView:
    """Return a target as it stands, withdrawn or not. Raises NoSuchTarget."""
    return target_history(code)[-1]


def target_history(code: str) -> list[TargetView]:
    """Return all versions of a target, the first one first. Raises NoSuchTarget."""
    rows = TargetVersion.objects.filter(code=code).order_by("version")
    if not rows:
        raise NoSuchTarget
    return [view(row) for row in rows]


def view(row: TargetVersion) -> TargetView:
    """Show a row as what it says."""
    baseline = None
    if row.baseline_on is not None and row.baseline_value is not None:
        baseline = Point(row.baseline_on, row.baseline_value)
    terms = Terms(
        names=Names(row.name_zh_hans, row.name_zh_hant, row.name_en),
        note=Names(row.note_zh_hans, row.note_zh_hant, row.note_en),
        indicator=row.indicator,
        unit=TargetUnit(row.unit),
        comparison=Comparison(row.comparison),
        region_code=row.region_code,
        due=row.due,
        value=row.value,
        against=row.against,
        each_above=row.each_above,
        baseline=baseline,
        shape=PathShape(row.shape),
        given=tuple(
            Point(date.fromisoformat(on), Decimal(value).quantize(_SIX_PLACES)) for on, value in row.given
        ),
    )
    return TargetView(
        code=row.code,
        version=row.version,
        terms=terms,
        withdrawn=row.withdrawn,
        reason=row.reason,
        set_at=row.set_at,
        document=row.document,
    )
