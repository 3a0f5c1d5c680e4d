"""The documents of reporting. Their subject is the report; none holds what was reported: only its SHA-256."""

from datetime import date
from uuid import UUID

from cohong.kernel.documents import Body, document


@document("statistics.report_submitted")
class ReportSubmitted(Body, frozen=True, kw_only=True):
    """A unit submitted a version of a report, signed for by a user. `digest`: SHA-256 of its canonical contents, in hex."""

    unit_id: UUID
    form: str
    form_version: int
    period: str
    number: int
    digest: str
    signed_by: UUID | None
    way: str
    late: bool


@document("statistics.report_reviewed")
class ReportReviewed(Body, frozen=True, kw_only=True):
    """A version was approved by the city or the province, or returned with reasons. `decision` is the state that it led to."""

    unit_id: UUID
    form: str
    period: str
    number: int
    level: str
    decision: str
    reason: str
    decided_by: UUID | None


@document("statistics.report_recalled")
class ReportRecalled(Body, frozen=True, kw_only=True):
    """A unit took a version back before it was reviewed."""

    unit_id: UUID
    form: str
    period: str
    number: int


@document("statistics.report_due")
class ReportDue(Body, frozen=True, kw_only=True):
    """A report is due soon, or overdue: its unit is reminded."""

    unit_id: UUID
    form: str
    name: str
    period: str
    due_on: date
    overdue: bool
