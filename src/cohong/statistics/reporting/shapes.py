"""What reporting takes and gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cohong.statistics.forms.checking import Contents, Finding
from cohong.statistics.forms.definitions import Form, Severity
from cohong.statistics.forms.totals import Total
from cohong.statistics.periods import Period
from cohong.statistics.reporting.states import ReportState, Way


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportRow:
    """A report on a list."""

    id: UUID
    unit_id: UUID
    form: str
    period: str
    due_on: date
    state: ReportState
    version: int
    approved_version: int
    late: bool
    submitted_at: datetime | None
    unit_code: str = ""
    unit_name: str = ""
    region_code: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionView:
    """A version that was submitted."""

    number: int
    form_version: int
    contents: Contents
    digest: str
    explanations: Mapping[str, str]
    signed_by: UUID | None
    signer: str
    way: Way
    submitted_at: datetime
    document: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class StepView:
    """A step of a report's life."""

    act: str
    state: ReportState
    version: int
    reason: str
    by_party: UUID
    by_user: UUID | None
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportView:
    """A report whole. `contents` are what stands in it now: the draft, or the last version once it is submitted."""

    row: ReportRow
    form: Form
    period: Period
    revision: int
    contents: Contents
    explanations: Mapping[str, str]
    findings: tuple[Finding, ...]
    totals: tuple[Total, ...]
    versions: tuple[VersionView, ...]
    steps: tuple[StepView, ...]
    acts: tuple[str, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What is wrong."""
        return tuple(one for one in self.findings if one.severity == Severity.ERROR)

    @property
    def queries(self) -> tuple[Finding, ...]:
        """What has to be explained."""
        return tuple(one for one in self.findings if one.severity == Severity.QUERY)


@dataclass(frozen=True, kw_only=True, slots=True)
class Completeness:
    """How far a form's period is, in a region: how many reports are owed, in each state, and late or overdue."""

    form: str
    period: str
    region_code: str
    owed: int
    submitted: int
    approved: int
    returned: int
    late: int
    overdue: int
