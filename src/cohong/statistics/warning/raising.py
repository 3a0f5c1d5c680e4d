"""Alarms are raised, renewed when figures are revised, and let go when these do not bear them out.

Nothing is raised twice: the same rule, subject and period are the same alarm; and so is, for outliers and shifts, the same
pattern in the same direction within a year.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import msgspec
from django.utils.timezone import localdate

from cohong.kernel import clock, sets
from cohong.kernel.ids import new_id
from cohong.kernel.journal import Entry, append
from cohong.parties import api as parties
from cohong.parties.api import Actor, Mandate
from cohong.statistics.access import WRITE, Level, NotYourRegion, remit_of
from cohong.statistics.periods import Period
from cohong.statistics.warning import documents
from cohong.statistics.warning.finding import Findings, find
from cohong.statistics.warning.patterns import Pattern
from cohong.statistics.warning.rules import OfIndicators, Outlier, Rule, Shift, rules
from cohong.statistics.warning.shapes import Found, Subject, Watched
from cohong.statistics.warning.states import ALARM_LIFE, AlarmAct, AlarmState

#: So many periods are looked at again each time: what comes in late, and what a missed run left.
BACK: Final = 3
#: An outlier or a shift in the same direction within so many periods is the same one.
QUIET: Final = {Pattern.OUTLIER: 6, Pattern.SHIFT: 12}
_LOCK: Final = 0x616C6172
_SUBJECT: Final = ("subject", "region", "industry", "market", "unit_id")
_COLUMNS: Final = (
    *("id", "rule", "rule_version", "kind", "severity", *_SUBJECT, "period", "value", "expected", "lower"),
    *("upper", "score", "evidence", "vintage_id", "holds", "state", "steps_taken", "raised_at", "changed_at"),
)
STEP_COLUMNS: Final = (
    *("id", "alarm_id", "number", "act", "state", "reason", "found", "by_party", "by_user", "at", "document"),
)


@dataclass(frozen=True, slots=True)
class _Known:
    id: UUID
    period: str
    figures: tuple[Any, ...]
    holds: bool
    state: AlarmState
    steps_taken: int


@dataclass(frozen=True, slots=True)
class _Step:
    """One thing that the watch does with an alarm; `found` None: what was found holds no more."""

    act: AlarmAct
    id: UUID
    number: int
    state: AlarmState
    subject: Subject
    period: str
    found: Found | None


@sets.act
def watch(*, actor: Actor, back: int = BACK, today: date | None = None) -> Watched:
    """Let every rule look at what it looks at, and keep what comes out. Said again, it changes nothing.

    For an authority of the province, or the system. `back` periods are looked at again. One at a time: a second watch waits
    for the first. Raises MandateMissing, NotYourRegion.
    """
    if remit_of(actor, scope=WRITE).level is not Level.PROVINCE:
        raise NotYourRegion
    started_s = time.monotonic()
    sets.fetch("select pg_advisory_xact_lock(%s)", (_LOCK,))
    [(vintage,)] = sets.fetch("select max(id) from statistics_vintage")
    day = today or localdate(clock.now())
    counts = dict.fromkeys(AlarmAct, 0)
    series = 0
    for rule in rules().values():
        findings = find(rule, today=day, back=back)
        series += findings.series
        steps = list(_steps(rule, findings))
        _keep(actor, rule, steps, vintage if isinstance(rule, OfIndicators) else None)
        for step in steps:
            counts[step.act] += 1
    return Watched(
        raised=counts[AlarmAct.RAISE],
        revised=counts[AlarmAct.REVISE] + counts[AlarmAct.RETURN],
        subsided=counts[AlarmAct.SUBSIDE],
        series=series,
        seconds=round(time.monotonic() - started_s, 3),
    )


def _steps(rule: Rule, findings: Findings) -> Iterable[_Step]:
    known = _known(rule.code)
    # What a later period found of the same thing is the newer evidence of it.
    latest = {(one.subject, one.period): one for one in findings.found}
    fresh: dict[Subject, list[Found]] = {}
    for (subject, period), found in sorted(latest.items(), key=lambda item: item[0][1]):
        alarm = known.get((subject, period))
        if alarm is None:
            if _is_quiet(rule, found, known, fresh.get(subject, [])):
                continue
            fresh.setdefault(subject, []).append(found)
            yield _Step(AlarmAct.RAISE, new_id(), 1, AlarmState.OPEN, subject, period, found)
        elif not alarm.holds and alarm.state is AlarmState.CLOSED:
            yield _step(AlarmAct.RETURN, alarm, subject, found)
        elif not alarm.holds or alarm.figures != _figures(found):
            yield _step(AlarmAct.REVISE, alarm, subject, found)
    for (subject, period), alarm in known.items():
        gone = (subject, period) in findings.judged and (subject, period) not in latest
        if gone and alarm.holds and ALARM_LIFE.allows(alarm.state, AlarmAct.SUBSIDE):
            yield _step(AlarmAct.SUBSIDE, alarm, subject, None)


def _step(act: AlarmAct, alarm: _Known, subject: Subject, found: Found | None) -> _Step:
    state = ALARM_LIFE.next(alarm.state, act)
    return _Step(act, alarm.id, alarm.steps_taken + 1, state, subject, alarm.period, found)


def _is_quiet(
    rule: Rule, found: Found, known: dict[tuple[Subject, str], _Known], fresh: Sequence[Found]
) -> bool:
    """Tell whether the same pattern, in the same direction, has been found within the time before."""
    if not isinstance(rule, Outlier | Shift):
        return False
    quiet = QUIET[Pattern(rule.kind)]
    first, last = Period.parse(found.period).shifted(-quiet).code, found.period
    earlier = [(one.period, one.score) for one in fresh]
    earlier += [(at, one.figures[0]) for (subject, at), one in known.items() if subject == found.subject]
    return any(first <= at <= last and score * found.score > 0 for at, score in earlier)


def _figures(found: Found) -> tuple[Any, ...]:
    return (
        *(found.score, found.value, found.expected, found.lower, found.upper),
        [list(pair) for pair in found.evidence],
    )


def _known(rule: str) -> dict[tuple[Subject, str], _Known]:
    rows = sets.fetch(
        f"select {', '.join(_SUBJECT)}, period, id, holds, state, steps_taken, score, value, expected, lower, upper,"
        " evidence::text from statistics_alarm where rule = %s order by id for update",
        (rule,),
    )
    return {
        (Subject(*row[:5]), row[5]): _Known(
            id=row[6],
            period=row[5],
            holds=row[7],
            state=AlarmState(row[8]),
            steps_taken=row[9],
            figures=(*row[10:15], msgspec.json.decode(row[15])),
        )
        for row in rows
    }


def _keep(actor: Actor, rule: Rule, steps: Sequence[_Step], vintage: int | None) -> None:
    if not steps:
        return
    now = clock.now()
    seen_by = watchers({step.subject.region for step in steps})
    receipts = append(
        [
            Entry(
                subject=step.id,
                issuer=actor.party_id,
                visible_to=seen_by[step.subject.region],
                body=_stated(rule, step, vintage),
            )
            for step in steps
        ]
    )
    sets.insert(
        "statistics_alarm",
        _COLUMNS,
        [
            (
                *(step.id, rule.code, rule.version, rule.kind, rule.severity.value, *_key(step.subject)),
                *(step.period, step.found.value, step.found.expected, step.found.lower, step.found.upper),
                *(step.found.score, _text(step.found.evidence), vintage, True, step.state.value, 1, now, now),
            )
            for step in steps
            if step.act is AlarmAct.RAISE and step.found is not None
        ],
    )
    for step in steps:
        if step.act is not AlarmAct.RAISE:
            _renew(rule, step, vintage, now)
    sets.insert(
        "statistics_alarm_step",
        STEP_COLUMNS,
        [
            (
                *(new_id(), step.id, step.number, step.act.value, step.state.value, ""),
                *(_kept(step.found, vintage), actor.party_id, actor.user_id, now, receipt.id),
            )
            for step, receipt in zip(steps, receipts, strict=True)
        ],
    )


def _renew(rule: Rule, step: _Step, vintage: int | None, now: Any) -> None:
    found = step.found
    if found is None:
        sets.run(
            "update statistics_alarm set holds = false, state = %s, steps_taken = %s, changed_at = %s where id = %s",
            (step.state.value, step.number, now, step.id),
        )
        return
    sets.run(
        "update statistics_alarm set holds = true, state = %s, steps_taken = %s, changed_at = %s, rule_version = %s,"
        " vintage_id = %s, score = %s, value = %s, expected = %s, lower = %s, upper = %s, evidence = %s where id = %s",
        (
            *(step.state.value, step.number, now, rule.version, vintage),
            *(
                found.score,
                found.value,
                found.expected,
                found.lower,
                found.upper,
                _text(found.evidence),
                step.id,
            ),
        ),
    )


def _key(subject: Subject) -> tuple[Any, ...]:
    return subject.code, subject.region, subject.industry, subject.market, subject.unit_id


def _text(evidence: Sequence[tuple[str, str]]) -> str:
    return msgspec.json.encode(evidence).decode()


def _kept(found: Found | None, vintage: int | None) -> str | None:
    """Write down what was found as it was then: the alarm shows what is known now."""
    if found is None:
        return None
    figures = {
        name: "" if (value := getattr(found, name)) is None else format(value, "f")
        for name in ("value", "expected", "lower", "upper", "score")
    }
    return msgspec.json.encode({**figures, "evidence": found.evidence, "vintage": vintage}).decode()


def _stated(rule: Rule, step: _Step, vintage: int | None) -> documents.AlarmRaised:
    found = step.found
    return documents.AlarmRaised(
        act=step.act.value,
        rule=rule.code,
        rule_version=rule.version,
        severity=rule.severity.value,
        subject_code=step.subject.code,
        region=step.subject.region,
        industry=step.subject.industry,
        market=step.subject.market,
        unit_id=step.subject.unit_id,
        period=step.period,
        value=_plain(found.value if found else None),
        expected=_plain(found.expected if found else None),
        score=_plain(found.score if found else None),
        vintage=vintage,
    )


def _plain(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")


def watchers(regions: Iterable[str]) -> dict[str, tuple[UUID, ...]]:
    """Return, for each region, the statistics authorities that answer for it; for the total, those of a province."""
    above = {one.code: one.parent_code for one in parties.regions()}
    offices = parties.offices_of(mandate=Mandate.STATISTICS)
    found: dict[str, tuple[UUID, ...]] = {}
    for region in regions:
        up = {""}
        code = region
        while code and code not in up:
            up.add(code)
            code = above.get(code, "")
        found[region] = tuple(
            party_id
            for party_id, own in offices.items()
            if own in up or (not region and not above.get(own, ""))
        )
    return found
