"""What rules find: each kind of rule over what it looks at, from figures alone. The clock comes in as `today`.

A rule looks at the last `back` periods that have settled, each as if it were the newest: what it says of one does not depend
on when it is asked. A condition that goes on is one finding, of the period in which it began.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import Any, Final
from uuid import UUID

from cohong.kernel import sets
from cohong.parties.api import SYSTEM
from cohong.statistics.observing.computing import places
from cohong.statistics.observing.histories import History, histories
from cohong.statistics.periods import Frequency, Period
from cohong.statistics.reporting.selectors import completeness, report_values
from cohong.statistics.reporting.states import Status
from cohong.statistics.warning.patterns import SHIFT_LENGTH, Pattern, Setting, fewest
from cohong.statistics.warning.patterns import judge as judge_series
from cohong.statistics.warning.rules import (
    Complete,
    Fall,
    Late,
    Level,
    OfIndicators,
    Outlier,
    Rise,
    Rule,
    ShareJump,
    Shift,
)
from cohong.statistics.warning.shapes import Found, Subject

_PLACES: Final = Decimal("0.000001")
_SCORE: Final = Decimal("0.001")
_MOST_SCORE: Final = 999_999
_EVIDENCE: Final = 36
_MOST_SHOWN: Final = 12
_YEARS: Final = 8
_HUNDRED: Final = Decimal(100)
Pairs = Sequence[tuple[str, Decimal]]


@dataclass(slots=True)
class Findings:
    """What one rule found, and what it looked at: series, and (subject, period) of each judgement."""

    found: list[Found] = field(default_factory=list)
    judged: set[tuple[Subject, str]] = field(default_factory=set)
    series: int = 0


def find(rule: Rule, *, today: date, back: int) -> Findings:
    """Let a rule look at its last periods."""
    if isinstance(rule, OfIndicators):
        return _over_indicators(rule, today, back)
    if isinstance(rule, Late):
        return _late(rule, today)
    if isinstance(rule, Complete):
        return _complete(rule, today, back)
    return _shares(rule, today, back)


# --- indicators ------------------------------------------------------------------------------------------


def _over_indicators(rule: OfIndicators, today: date, back: int) -> Findings:
    said = Findings()
    judge: Callable[..., Iterator[tuple[str, Found | None]]] = _JUDGES[type(rule)]
    found = histories(
        indicators=rule.indicators,
        frequency=rule.frequency,
        cuts=rule.cuts,
        since=f"{today.year - _YEARS - back // rule.frequency.a_year:04}",
    )
    for one in found:
        settled = one.until(today - timedelta(days=rule.settle_days + 1))
        said.series += 1
        for end in range(max(len(settled.values) - back, 0), len(settled.values)):
            until = History(one.indicator, one.region, one.industry, one.market, settled.values[: end + 1])
            for period, finding in judge(rule, until):
                said.judged.add((_subject(one), period))
                if finding is not None:
                    said.found.append(finding)
    return said


def _statistical(rule: Outlier | Shift, history: History) -> Iterator[tuple[str, Found | None]]:
    series = history.series(least=fewest(rule.frequency))
    if series is None:
        return
    pattern = Pattern.SHIFT if isinstance(rule, Shift) else Pattern.OUTLIER
    length = SHIFT_LENGTH if pattern is Pattern.SHIFT else 1
    setting = Setting(rule.threshold, rule.least_change)
    marks = judge_series(series, {pattern: setting})
    if not marks:
        yield history.values[-length][0], None
    for mark in marks:
        yield (
            mark.period,
            _found(
                history,
                mark.period,
                score=mark.score,
                expected=_exact(mark.expected),
                lower=_exact(mark.lower),
                upper=_exact(mark.upper),
            ),
        )


def _level(rule: Level, history: History) -> Iterator[tuple[str, Found | None]]:
    line = Decimal(str(rule.above if rule.above is not None else rule.below))
    beyond = [value > line if rule.above is not None else value < line for _, value in history.values]
    yield from _run(history, beyond, rule.runs, lambda place: (history.values[place][1], line))


def _fall(rule: Fall, history: History) -> Iterator[tuple[str, Found | None]]:
    joined = _with_two_months(history)
    least = 1 - Decimal(str(rule.percent)) / _HUNDRED
    yield from _against_year_before(
        joined, rule.runs, lambda value, before: before > 0 and value < before * least
    )


def _rise(rule: Rise, history: History) -> Iterator[tuple[str, Found | None]]:
    points = Decimal(str(rule.points))
    yield from _against_year_before(history, 1, lambda value, before: value >= before + points)


def _against_year_before(
    history: History, runs: int, is_beyond: Callable[[Decimal, Decimal], bool]
) -> Iterator[tuple[str, Found | None]]:
    by_period = dict(history.values)
    before = [by_period.get(Period.parse(code).year_before().code) for code, _ in history.values]
    beyond = [
        old is not None and is_beyond(value, old)
        for (_, value), old in zip(history.values, before, strict=True)
    ]
    yield from _run(history, beyond, runs, lambda place: (history.values[place][1], before[place]))


def _run(
    history: History,
    beyond: Sequence[bool],
    runs: int,
    figures: Callable[[int], tuple[Decimal, Decimal | None]],
) -> Iterator[tuple[str, Found | None]]:
    """Say since when the end of a series has been beyond, if it has been for so many periods in a row."""
    length = next((place for place, one in enumerate(reversed(beyond)) if not one), len(beyond))
    if len(beyond) < runs:
        return
    if length < runs:
        yield history.values[-runs][0], None
        return
    value, expected = figures(len(beyond) - 1)
    first = history.values[len(beyond) - length][0]
    yield first, _found(history, first, value=value, score=length, expected=expected)


def _with_two_months(history: History) -> History:
    """Add up January and February of each year: Spring Festival falls into either. A January alone waits."""
    kept: list[tuple[str, Decimal]] = []
    months: dict[str, Decimal] = {}
    for code, value in history.values:
        if code.endswith("-01"):
            months[code] = value
        elif code.endswith("-02"):
            first = months.get(f"{code[:4]}-01")
            if first is not None:
                kept.append((f"{code[:4]}-01+02", first + value))
        else:
            kept.append((code, value))
    if not history.values or Period.parse(history.values[0][0]).frequency is not Frequency.MONTH:
        return history
    return History(history.indicator, history.region, history.industry, history.market, tuple(kept))


def _subject(one: History) -> Subject:
    return Subject(one.indicator, one.region, one.industry, one.market)


def _found(
    history: History,
    period: str,
    *,
    score: float,
    value: Decimal | None = None,
    expected: Decimal | None = None,
    lower: Decimal | None = None,
    upper: Decimal | None = None,
) -> Found:
    return Found(
        subject=_subject(history),
        period=period,
        value=dict(history.values)[period] if value is None else value,
        score=_bounded(score),
        evidence=_evidence(history.values),
        expected=expected,
        lower=lower,
        upper=upper,
    )


def _evidence(values: Pairs) -> tuple[tuple[str, str], ...]:
    return tuple(
        (period, format(value.quantize(_PLACES).normalize(), "f")) for period, value in values[-_EVIDENCE:]
    )


def _exact(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(_PLACES)


def _bounded(score: float) -> Decimal:
    return Decimal(repr(float(max(-_MOST_SCORE, min(_MOST_SCORE, score))))).quantize(_SCORE)


_JUDGES: Final[dict[type, Callable[..., Iterator[tuple[str, Found | None]]]]] = {
    Outlier: _statistical,
    Shift: _statistical,
    Level: _level,
    Fall: _fall,
    Rise: _rise,
}


# --- reports ---------------------------------------------------------------------------------------------


def _late(rule: Late, today: date) -> Findings:
    rows = sets.fetch(
        "select r.unit_id, s.region_code, r.period, r.late or r.version = 0 from statistics_report r"
        " join statistics_unit u on u.id = r.unit_id join lateral (select region_code from statistics_unit_spell s"
        " where s.unit_id = u.id order by since desc limit 1) s on true"
        " where r.form = %s and r.due_on < %s and u.duplicate_of_id is null order by r.unit_id, r.period",
        (rule.form, today),
    )
    said = Findings()
    by_unit: dict[Subject, list[tuple[str, bool]]] = defaultdict(list)
    for unit_id, region, period, late in rows:
        by_unit[Subject(rule.form, region, unit_id=unit_id)].append((period, late))
    for subject, periods in by_unit.items():
        said.series += 1
        lates = [late for _, late in periods]
        length = next((place for place, late in enumerate(reversed(lates)) if not late), len(lates))
        if len(periods) >= rule.runs:
            said.judged.add((subject, periods[-rule.runs][0]))
        if length >= rule.runs:
            first = periods[len(periods) - length][0]
            said.judged.add((subject, first))
            evidence = [(period, Decimal(int(late))) for period, late in periods]
            said.found.append(
                Found(subject, first, Decimal(length), _bounded(length), _evidence(evidence), Decimal(0))
            )
    return said


def _complete(rule: Complete, today: date, back: int) -> Findings:
    said = Findings()
    due = sets.fetch(
        "select period, max(due_on) from statistics_report where form = %s group by period order by period",
        (rule.form,),
    )
    city_of = {one.code: one.city or one.province for one in places()}
    judged = {period for period, due_on in due if due_on + timedelta(days=rule.days) < today}
    shares: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    shown = sorted(judged)[-max(back, _MOST_SHOWN) :]
    for period in shown:
        owed: dict[str, int] = defaultdict(int)
        there: dict[str, int] = defaultdict(int)
        for one in completeness(actor=SYSTEM, form=rule.form, period=period):
            city = city_of.get(one.region_code, one.region_code)
            owed[city] += one.owed
            there[city] += one.submitted + one.approved
        for city, count in owed.items():
            shares[city].append((period, _HUNDRED * there[city] / count))
    for city, percents in shares.items():
        said.series += 1
        subject = Subject(rule.form, city)
        for place, (period, percent) in enumerate(percents):
            if period not in shown[-back:]:
                continue
            said.judged.add((subject, period))
            if percent < Decimal(str(rule.percent)):
                least = Decimal(str(rule.percent))
                said.found.append(
                    Found(
                        subject,
                        period,
                        percent.quantize(_PLACES),
                        _bounded(float(percent - least)),
                        _evidence(percents[: place + 1]),
                        least,
                    )
                )
    return said


def _shares(rule: ShareJump, today: date, back: int) -> Findings:
    said = Findings()
    periods = [
        period
        for (period,) in sets.fetch(
            "select distinct period from statistics_report where form = %s and version > 0 and period_end < %s"
            " order by period desc limit %s",
            (rule.form, today, back + rule.before),
        )
    ][::-1]
    columns = report_values(form=rule.form, periods=periods, status=Status.PROVISIONAL)
    by_unit, regions = _shares_of(columns, rule.field)
    for unit_id, shares in by_unit.items():
        said.series += 1
        subject = Subject(rule.form, regions[unit_id], unit_id=unit_id)
        known = sorted(shares.items())
        for place in range(max(len(known) - back, rule.before // 2), len(known)):
            period, share = known[place]
            usual = median(value for _, value in known[max(place - rule.before, 0) : place])
            said.judged.add((subject, period))
            off = share - usual
            if max(share, usual) >= Decimal(str(rule.least_share)) and abs(off) >= Decimal(str(rule.points)):
                said.found.append(
                    Found(
                        subject,
                        period,
                        share.quantize(_PLACES),
                        _bounded(float(off)),
                        _evidence(known[: place + 1]),
                        usual.quantize(_PLACES),
                    )
                )
    return said


def _shares_of(
    columns: dict[str, list[Any]], field: str
) -> tuple[dict[UUID, dict[str, Decimal]], dict[UUID, str]]:
    """Return each unit's share of a field in percent, by period, and each unit's region."""
    values: dict[UUID, dict[str, int]] = defaultdict(dict)
    regions: dict[UUID, str] = {}
    sums: dict[str, int] = defaultdict(int)
    names = ("unit_id", "region", "period", "field", "member", "value")
    for unit_id, region, period, code, member, value in zip(*(columns[name] for name in names), strict=True):
        if code == field and not member:
            values[UUID(unit_id)][period] = value
            regions[UUID(unit_id)] = region or ""
            sums[period] += value
    shares = {
        unit_id: {
            period: _HUNDRED * value / sums[period] for period, value in own.items() if sums[period] > 0
        }
        for unit_id, own in values.items()
    }
    return shares, regions
