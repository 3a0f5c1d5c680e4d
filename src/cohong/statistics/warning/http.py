"""The HTTP interface of early warning, for an authority's own systems. Thin: reads the request, calls, answers."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from cohong.kernel.http import MAX_PAGE, Page, decode_cursor, idempotent, page
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.statistics.indicators.definitions import Texts
from cohong.statistics.warning import acting, reading
from cohong.statistics.warning.rules import Rule, rules
from cohong.statistics.warning.shapes import AlarmStepView, AlarmView
from cohong.statistics.warning.states import AlarmAct, AlarmSeverity, AlarmState

router = Router(tags=["statistics"], auth=parties.TokenAuth())
_Code = Annotated[str, Query(max_length=40)]


class AlarmTextsOut(Schema):
    """A text in three languages."""

    zh_hans: str
    zh_hant: str
    en: str

    @classmethod
    def of(cls, texts: Texts) -> Self:
        """Show texts."""
        return cls(zh_hans=texts.zh_hans, zh_hant=texts.zh_hant, en=texts.en)


class AlarmRuleOut(Schema):
    """A rule of early warning. Its terms are those of its kind."""

    code: str
    version: int
    kind: str
    severity: str
    names: AlarmTextsOut
    advice: AlarmTextsOut
    terms: dict[str, Any]

    @classmethod
    def of(cls, rule: Rule) -> Self:
        """Show a rule."""
        said = ("code", "version", "severity", "names", "advice")
        return cls(
            code=rule.code,
            version=rule.version,
            kind=rule.kind,
            severity=rule.severity.value,
            names=AlarmTextsOut.of(rule.names),
            advice=AlarmTextsOut.of(rule.advice),
            terms={name: getattr(rule, name) for name in rule.__struct_fields__ if name not in said},
        )


class AlarmPointOut(Schema):
    """One of the figures that an alarm rests on."""

    period: str
    value: Decimal


class AlarmOut(Schema):
    """An alarm as it stands; `acts` is what can be done with it."""

    id: UUID
    rule: str
    rule_version: int
    kind: str
    severity: str
    subject: str
    region: str
    industry: str
    market: str
    unit_id: UUID | None
    period: str
    value: Decimal
    expected: Decimal | None
    lower: Decimal | None
    upper: Decimal | None
    score: Decimal
    evidence: list[AlarmPointOut]
    vintage: int | None
    holds: bool
    state: str
    owner: UUID | None
    steps: int
    raised_at: datetime
    changed_at: datetime
    acts: list[str]

    @classmethod
    def of(cls, one: AlarmView) -> Self:
        """Show an alarm."""
        same = (
            "id",
            "rule",
            "rule_version",
            "kind",
            "period",
            "value",
            "expected",
            "lower",
            "upper",
            "score",
        )
        more = ("vintage", "holds", "raised_at", "changed_at")
        return cls(
            **{name: getattr(one, name) for name in same + more},
            severity=one.severity.value,
            subject=one.subject.code,
            region=one.subject.region,
            industry=one.subject.industry,
            market=one.subject.market,
            unit_id=one.subject.unit_id,
            evidence=[AlarmPointOut(period=period, value=value) for period, value in one.evidence],
            state=one.state.value,
            owner=one.owner_party,
            steps=one.steps_taken,
            acts=[act.value for act in one.acts],
        )


class AlarmStepOut(Schema):
    """One step of an alarm's life."""

    number: int
    act: str
    state: str
    reason: str
    by_party: UUID
    at: datetime
    document: UUID

    @classmethod
    def of(cls, one: AlarmStepView) -> Self:
        """Show a step."""
        return cls(
            number=one.number,
            act=one.act.value,
            state=one.state.value,
            reason=one.reason,
            by_party=one.by_party,
            at=one.at,
            document=one.document,
        )


class AlarmActIn(Schema):
    """What is done with an alarm; `to`: the authority it is handed to; `steps`: how many steps were seen before."""

    act: AlarmAct
    reason: str = Field("", max_length=2000)
    to: UUID | None = None
    steps: int | None = None


class AlarmStateOut(Schema):
    """The state that an act led to."""

    state: str


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


@router.get("/alarm-rules", auth=None, response=list[AlarmRuleOut], operation_id="statistics_alarm_rules")
def list_alarm_rules(request: HttpRequest) -> Any:  # noqa: ARG001 - ninja's signature
    """List the rules of early warning. They are public."""
    return [AlarmRuleOut.of(one) for one in rules().values()]


@router.get("/alarms", response=Page[AlarmOut], operation_id="statistics_alarms")
def list_alarms(
    request: HttpRequest,
    *,
    state: AlarmState | None = None,
    severity: AlarmSeverity | None = None,
    rule: _Code = "",
    region: _Code = "",
    own: bool = False,
    cursor: str | None = None,
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 50,
) -> Any:
    """List alarms of the regions that the authority answers for, newest first."""
    found = reading.alarms(
        actor=_actor(request),
        states=[state] if state else [],
        severity=severity,
        rule=rule,
        region=region,
        own=own,
        before=decode_cursor(cursor),
        limit=limit + 1,
    )
    rows, following = page(found, limit=limit, id_of=lambda one: one.id)
    return Page(items=[AlarmOut.of(one) for one in rows], next=following)


@router.get("/alarms/{uuid:alarm_id}", response=AlarmOut, operation_id="statistics_alarm")
def get_alarm(request: HttpRequest, alarm_id: UUID) -> Any:
    """Return an alarm with the figures that it rests on."""
    return AlarmOut.of(reading.alarm(actor=_actor(request), alarm_id=alarm_id))


@router.get(
    "/alarms/{uuid:alarm_id}/steps", response=list[AlarmStepOut], operation_id="statistics_alarm_steps"
)
def get_alarm_steps(request: HttpRequest, alarm_id: UUID) -> Any:
    """List an alarm's steps, the first one first."""
    return [AlarmStepOut.of(one) for one in reading.alarm_steps(actor=_actor(request), alarm_id=alarm_id)]


@router.post("/alarms/{uuid:alarm_id}/steps", response=AlarmStateOut, operation_id="statistics_handle_alarm")
@idempotent
def handle_alarm(request: HttpRequest, alarm_id: UUID, body: AlarmActIn) -> Any:
    """Take an alarm on, hand it over, explain it, say what was done, close it, find it false, or take it up again."""
    state = acting.handle_alarm(
        actor=_actor(request),
        alarm_id=alarm_id,
        act=body.act,
        reason=body.reason,
        to=body.to,
        seen=body.steps,
    )
    return AlarmStateOut(state=state.value)
