"""Alarms, for the officers who answer for their regions: which there are, what each rests on, and what is done with it."""

from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohong.kernel.errors import NotFound
from cohong.portal.datacentre import ahead, desk, figures, writing
from cohong.portal.design import charts
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show, told
from cohong.portal.foresight import wording
from cohong.statistics import api as statistics
from cohong.statistics.api import AlarmAct, AlarmSeverity, AlarmState, AlarmView

_PAGE: Final = 40
_DRAWN: Final = 24
_WAYS: Final = {"under_way": statistics.ALARMS_UNDER_WAY, "all": ()}


@require_safe
@page
def alarms(request: HttpRequest) -> HttpResponse:
    """List alarms of what the officer's authority answers for, those under way first of all."""
    actor = actor_of(request)
    asked = request.GET.get("state", "under_way")
    states = _WAYS.get(asked, (AlarmState(asked),) if asked in AlarmState.values else _WAYS["under_way"])
    severity = request.GET.get("severity", "")
    rule = request.GET.get("rule", "")
    found = statistics.alarms(
        actor=actor,
        states=states,
        severity=AlarmSeverity(severity) if severity in AlarmSeverity.values else None,
        rule=rule if rule in statistics.alarm_rules() else "",
        own=request.GET.get("own") == "1",
        before=_id(request.GET.get("before", "")),
        limit=_PAGE + 1,
    )
    counts = statistics.alarm_counts(actor=actor)
    context = {
        "edition": figures.edition(request),
        "rows": [_row(one) for one in found[:_PAGE]],
        "next": found[_PAGE - 1].id if len(found) > _PAGE else "",
        "state": asked,
        "states": AlarmState.choices,
        "severity": severity,
        "severities": AlarmSeverity.choices,
        "rule": rule,
        "rules": [(code, one.names) for code, one in statistics.alarm_rules().items()],
        "own": request.GET.get("own") == "1",
        "open": sum(number for (state, _), number in counts.items() if state is AlarmState.OPEN),
        "grave": sum(
            number
            for (state, severity_), number in counts.items()
            if severity_ is AlarmSeverity.GRAVE and state in statistics.ALARMS_UNDER_WAY
        ),
        "under_way": sum(
            number for (state, _), number in counts.items() if state in statistics.ALARMS_UNDER_WAY
        ),
        "false": sum(number for (state, _), number in counts.items() if state is AlarmState.FALSE_ALARM),
    }
    return show(request, "foresight/alarms.html", context)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _row(one: AlarmView) -> dict[str, Any]:
    rule = statistics.alarm_rules().get(one.rule)
    unit = wording.unit_of(one.subject.code)
    return {
        "one": one,
        "rule": rule.names if rule else one.rule,
        "of": one.unit_name or wording.cell(one.subject.region, one.subject.industry, one.subject.market),
        "indicator": wording.indicator(one.subject.code),
        "period": writing.period(one.period),
        "value": _value(one, one.value),
        "expected": "" if one.expected is None else _value(one, one.expected),
        "between": ""
        if one.lower is None or one.upper is None
        else ahead.between(one.lower, one.upper, unit),
    }


def _value(one: AlarmView, value: Decimal) -> str:
    if one.kind == "late":
        return writing.short(value)
    return writing.figure(value, wording.unit_of(one.subject.code))


@require_safe
@page
def alarm(request: HttpRequest, alarm_id: UUID) -> HttpResponse:
    """Show an alarm: what was found, the figures that it rests on, whose it is, and what has been done with it."""
    actor = actor_of(request)
    one = statistics.alarm(actor=actor, alarm_id=alarm_id)
    rule = statistics.alarm_rules().get(one.rule)
    context = {
        "edition": figures.edition(request),
        **_row(one),
        "advice": rule.advice if rule else "",
        "chart": _drawn(one),
        "steps": statistics.alarm_steps(actor=actor, alarm_id=alarm_id),
        "plain": [act for act in one.acts if act is AlarmAct.ACKNOWLEDGE],
        "reasoned": [(act.value, wording.BUTTONS[act]) for act in one.acts if act in wording.BUTTONS],
        "offices": statistics.alarm_offices(actor=actor, alarm_id=alarm_id)
        if AlarmAct.HAND_OVER in one.acts
        else {},
        "language": desk.language(),
    }
    return show(request, "foresight/alarm.html", context)


def _drawn(one: AlarmView) -> charts.Chart:
    evidence = one.evidence[-_DRAWN:]
    marked: list[Decimal | None] = [value if period == one.period else None for period, value in evidence]
    drawn = [
        charts.Series(str(wording.OBSERVED), [value for _, value in evidence]),
        charts.Series(str(wording.MARKED), marked, tone="call"),
    ]
    if one.expected is not None:
        expected = [one.expected if period == one.period else None for period, _ in evidence]
        drawn.insert(1, charts.Series(str(wording.EXPECTED), expected, tone="jade"))
    return charts.lines(
        [writing.period(period) for period, _ in evidence],
        drawn,
        title=str(wording.EVIDENCE_TITLE),
        shown=lambda value: _value(one, Decimal(value)),
        axis=writing.axis,
    )


@require_POST
@page
def act(request: HttpRequest, alarm_id: UUID, act: str) -> HttpResponse:
    """Do with an alarm what an officer does."""
    actor = actor_of(request)
    if act not in AlarmAct.values:
        raise NotFound
    seen = request.POST.get("steps", "")
    with told(request):
        state = statistics.handle_alarm(
            actor=actor,
            alarm_id=alarm_id,
            act=AlarmAct(act),
            reason=request.POST.get("reason", ""),
            to=_id(request.POST.get("to", "")),
            seen=int(seen) if seen.isdecimal() and len(seen) < 6 else None,  # noqa: PLR2004 - fits
        )
        messages.success(request, _("The alarm is now: {state}.").format(state=state.label))
    return redirect("portal:alarm", alarm_id=alarm_id)
