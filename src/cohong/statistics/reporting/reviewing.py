"""What the statistics authorities do with reports: approve for the city, then for the province, or return with reasons."""

from uuid import UUID

from cohong.kernel import sets
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.statistics.access import WRITE, Level, remit_of
from cohong.statistics.reporting import documents, keeping
from cohong.statistics.reporting import refusals as no
from cohong.statistics.reporting.keeping import Row
from cohong.statistics.reporting.states import REPORT_LIFE, ReportState
from cohong.statistics.units.shapes import UnitView

_REASON_MOST = 1000


@sets.act
def approve_report(*, actor: Actor, report_id: UUID, revision: int | None = None) -> ReportState:
    """Approve a report: for the city while it is submitted, for the province once the city has; return its state.

    The province's office may stand in for a city's, but another officer has to approve for the province then. Raises
    NoSuchReport, MandateMissing, NotYourRegion, WrongLevel, SameReviewer, WrongState, ReportChanged.
    """
    remit = remit_of(actor, scope=WRITE)
    row, unit = keeping.find(report_id, lock=True)
    remit.check(unit.region_code)
    act = "approve_province" if row.state == ReportState.CITY_APPROVED else "approve_city"
    REPORT_LIFE.next(row.state, act)
    keeping.check_revision(row, revision)
    level = Level.CITY
    if act == "approve_province":
        if remit.level != Level.PROVINCE:
            raise no.WrongLevel
        _check_another(actor, row)
        level = Level.PROVINCE
        row.approved_version = row.version
    _decide(actor, row, unit, act, level=level)
    return row.state


def _check_another(actor: Actor, row: Row) -> None:
    if actor.is_system:
        return
    [(by_party, by_user)] = sets.fetch(
        "select by_party, by_user from statistics_report_step where report_id = %s and act = 'approve_city'"
        " order by id desc limit 1",
        (row.id,),
    )
    if (by_party, by_user) == (actor.party_id, actor.user_id):
        raise no.SameReviewer


@sets.act
def return_report(*, actor: Actor, report_id: UUID, reason: str, revision: int | None = None) -> None:
    """Return a report with reasons; what the city has approved only the province can return.

    A version that the province approved before stays final until a new one is approved. Raises NoSuchReport, MandateMissing,
    NotYourRegion, WrongLevel, WrongState, ReportChanged, BadText, PersonalDataInText.
    """
    remit = remit_of(actor, scope=WRITE)
    said = parties.public_text(" ".join(reason.split()), name="reason", most=_REASON_MOST, least=2)
    row, unit = keeping.find(report_id, lock=True)
    remit.check(unit.region_code)
    REPORT_LIFE.next(row.state, "return")
    keeping.check_revision(row, revision)
    level = Level.CITY if row.state == ReportState.SUBMITTED else Level.PROVINCE
    if level == Level.PROVINCE and remit.level != Level.PROVINCE:
        raise no.WrongLevel
    _decide(actor, row, unit, "return", level=level, reason=said)


def _decide(actor: Actor, row: Row, unit: UnitView, act: str, *, level: Level, reason: str = "") -> None:
    body = documents.ReportReviewed(
        unit_id=unit.id,
        form=row.form_code,
        period=row.period_code,
        number=row.version,
        level=level.value,
        decision=REPORT_LIFE.next(row.state, act).value,
        reason=reason,
        decided_by=actor.user_id,
    )
    document = keeping.state_in_document(actor, row, unit, body)
    keeping.step(actor, row, act, reason=reason, document=document)
