"""Reads of alarms, for the officers who answer for their regions."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import msgspec

from cohong.kernel import sets
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.statistics.access import READ, Level, Remit, remit_of
from cohong.statistics.units import selectors as units
from cohong.statistics.warning import refusals as no
from cohong.statistics.warning.raising import watchers
from cohong.statistics.warning.shapes import AlarmStepView, AlarmView, Subject
from cohong.statistics.warning.states import (
    ALARM_LIFE,
    OFFICERS_ACTS,
    AlarmAct,
    AlarmSeverity,
    AlarmState,
)

_COLUMNS: Final = (
    "a.id, a.rule, a.rule_version, a.kind, a.severity, a.subject, a.region, a.industry, a.market, a.unit_id, a.period, a.value,"
    " a.expected, a.lower, a.upper, a.score, a.evidence::text, a.vintage_id, a.holds, a.state, a.owner_party, a.owner_user,"
    " a.steps_taken, a.raised_at, a.changed_at"
)
UNDER_WAY: Final = (AlarmState.OPEN, AlarmState.ACKNOWLEDGED, AlarmState.EXPLAINED, AlarmState.ACTED)


def alarms(
    *,
    actor: Actor,
    states: Sequence[AlarmState] = (),
    severity: AlarmSeverity | None = None,
    rule: str = "",
    region: str = "",
    own: bool = False,
    before: UUID | None = None,
    limit: int = 50,
) -> list[AlarmView]:
    """List alarms of the regions that the actor's authority answers for, newest first; of its province's, those of totals, too.

    `states` empty: in any; `own`: those that the authority owns. Raises MandateMissing, ScopeMissing.
    """
    remit = remit_of(actor, scope=READ)
    where, params = _covered(remit)
    for condition, value in (
        ("a.state = any(%s)", [one.value for one in states]),
        ("a.severity = %s", severity.value if severity else ""),
        ("a.rule = %s", rule),
        ("a.region = %s", region),
        ("a.owner_party = %s", actor.party_id if own else None),
        ("a.id < %s", before),
    ):
        if value:
            where.append(condition)
            params.append(value)
    rows = sets.fetch(
        f"select {_COLUMNS} from statistics_alarm a where {' and '.join(where)} order by a.id desc limit %s",
        (*params, limit),
    )
    return _views(rows)


def alarm(*, actor: Actor, alarm_id: UUID) -> AlarmView:
    """Return an alarm. Raises NoSuchAlarm, MandateMissing, ScopeMissing."""
    remit = remit_of(actor, scope=READ)
    rows = sets.fetch(f"select {_COLUMNS} from statistics_alarm a where a.id = %s", (alarm_id,))
    if not rows or not remit.covers_figure(rows[0][6]):
        raise no.NoSuchAlarm
    return _views(rows)[0]


def alarm_steps(*, actor: Actor, alarm_id: UUID) -> list[AlarmStepView]:
    """Return an alarm's steps, the first one first. Raises NoSuchAlarm, MandateMissing, ScopeMissing."""
    alarm(actor=actor, alarm_id=alarm_id)
    rows = sets.fetch(
        "select number, act, state, reason, by_party, by_user, at, document from statistics_alarm_step"
        " where alarm_id = %s order by number",
        (alarm_id,),
    )
    names = parties.parties(ids={row[4] for row in rows})
    return [
        AlarmStepView(
            number=row[0],
            act=AlarmAct(row[1]),
            state=AlarmState(row[2]),
            reason=row[3],
            by_party=row[4],
            by_user=row[5],
            by_name=names[row[4]].name if row[4] in names else "",
            at=row[6],
            document=row[7],
        )
        for row in rows
    ]


def alarm_counts(*, actor: Actor) -> dict[tuple[AlarmState, AlarmSeverity], int]:
    """Count alarms by state and severity, of what the actor's authority answers for. Raises MandateMissing, ScopeMissing."""
    where, params = _covered(remit_of(actor, scope=READ))
    rows = sets.fetch(
        f"select state, severity, count(*) from statistics_alarm a where {' and '.join(where)} group by 1, 2",
        params,
    )
    return {(AlarmState(state), AlarmSeverity(severity)): count for state, severity, count in rows}


def alarm_offices(*, actor: Actor, alarm_id: UUID) -> dict[UUID, str]:
    """Return the authorities that an alarm can be handed to, with their names. Raises NoSuchAlarm, MandateMissing."""
    region = alarm(actor=actor, alarm_id=alarm_id).subject.region
    found = parties.parties(ids=watchers([region])[region])
    return {party_id: one.name for party_id, one in found.items()}


def _covered(remit: Remit) -> tuple[list[str], list[Any]]:
    if remit.regions is None:
        return ["true"], []
    regions = sorted(remit.regions)
    return ["a.region = any(%s)"], [[*regions, ""] if remit.level is Level.PROVINCE else regions]


def _views(rows: Sequence[Sequence[Any]]) -> list[AlarmView]:
    named = units.units_named(ids={row[9] for row in rows if row[9]})
    owners = parties.parties(ids={row[20] for row in rows if row[20]})
    return [
        AlarmView(
            id=row[0],
            rule=row[1],
            rule_version=row[2],
            kind=row[3],
            severity=AlarmSeverity(row[4]),
            subject=Subject(*row[5:10]),
            unit_name=named[row[9]].name if row[9] in named else "",
            period=row[10],
            value=row[11],
            expected=row[12],
            lower=row[13],
            upper=row[14],
            score=row[15],
            evidence=tuple((period, Decimal(value)) for period, value in msgspec.json.decode(row[16])),
            vintage=row[17],
            holds=row[18],
            state=AlarmState(row[19]),
            owner_party=row[20],
            owner_user=row[21],
            owner_name=owners[row[20]].name if row[20] in owners else "",
            steps_taken=row[22],
            raised_at=row[23],
            changed_at=row[24],
            acts=tuple(act for act in OFFICERS_ACTS if ALARM_LIFE.allows(row[19], act)),
        )
        for row in rows
    ]
