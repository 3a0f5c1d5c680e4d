"""The documents of early warning. Their subject is the alarm; the authorities that answer for its region see them."""

from uuid import UUID

from cohong.kernel.documents import Body, document


@document("statistics.alarm_raised")
class AlarmRaised(Body, frozen=True, kw_only=True):
    """A rule has found something about a series, or newer figures have changed what it found.

    `act` is raise, revise, subside or return. Numbers are decimal text; `vintage` is None for what rests on reports.
    """

    act: str
    rule: str
    rule_version: int
    severity: str
    subject_code: str
    region: str
    industry: str
    market: str
    unit_id: UUID | None
    period: str
    value: str
    expected: str
    score: str
    vintage: int | None


@document("statistics.alarm_handled")
class AlarmHandled(Body, frozen=True, kw_only=True):
    """An officer took an alarm on, handed it over, explained it, acted, closed it, or found it false."""

    act: str
    state: str
    rule: str
    region: str
    period: str
    reason: str
    owner: UUID | None
    decided_by: UUID | None
