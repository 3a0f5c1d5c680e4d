"""What is shown of alarms."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from cohong.statistics.warning.states import AlarmAct, AlarmSeverity, AlarmState


@dataclass(frozen=True, slots=True)
class Subject:
    """What an alarm is about: an indicator's or a form's code, and the cell or the unit."""

    code: str
    region: str = ""
    industry: str = ""
    market: str = ""
    unit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found: the period, its value, what was to be expected, and the figures that it rests on."""

    subject: Subject
    period: str
    value: Decimal
    score: Decimal
    evidence: tuple[tuple[str, str], ...]
    expected: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AlarmView:
    """An alarm as it stands."""

    id: UUID
    rule: str
    rule_version: int
    kind: str
    severity: AlarmSeverity
    subject: Subject
    unit_name: str
    period: str
    value: Decimal
    expected: Decimal | None
    lower: Decimal | None
    upper: Decimal | None
    score: Decimal
    evidence: tuple[tuple[str, Decimal], ...]
    vintage: int | None
    holds: bool
    state: AlarmState
    owner_party: UUID | None
    owner_user: UUID | None
    owner_name: str
    steps_taken: int
    raised_at: datetime
    changed_at: datetime
    acts: tuple[AlarmAct, ...]


@dataclass(frozen=True, slots=True)
class AlarmStepView:
    """One step of an alarm's life."""

    number: int
    act: AlarmAct
    state: AlarmState
    reason: str
    by_party: UUID
    by_user: UUID | None
    by_name: str
    at: datetime
    document: UUID


@dataclass(frozen=True, slots=True)
class Watched:
    """What a watch came to: alarms that are new, revised, or hold no more; series looked at, and how long it took."""

    raised: int
    revised: int
    subsided: int
    series: int
    seconds: float
