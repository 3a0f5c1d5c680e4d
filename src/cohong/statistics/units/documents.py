"""The documents of the register: what officers enter and decide. The subject is the unit."""

from datetime import date
from uuid import UUID

from cohong.kernel.documents import Body, document


@document("statistics.unit_opened")
class UnitOpened(Body, frozen=True, kw_only=True):
    """A unit came into the register. `split_from` is the unit that it was a part of."""

    code: str
    unit_kind: str
    name: str
    credit_code: str
    region_code: str
    industry_code: str
    size_class: str
    on: date
    reason: str
    split_from: UUID | None = None


@document("statistics.unit_changed")
class UnitChanged(Body, frozen=True, kw_only=True):
    """Something happened to a unit: `change` says what, `before` and `after` what is different, `other` is the other unit."""

    change: str
    on: date
    reason: str
    before: dict[str, str]
    after: dict[str, str]
    other: UUID | None = None


@document("statistics.unit_match_decided")
class UnitMatchDecided(Body, frozen=True, kw_only=True):
    """An officer decided whether what a source knows is this unit. `now_unit` is the unit that it belongs to since."""

    match_id: UUID
    source: str
    name: str
    decision: str
    reason: str
    now_unit: UUID
