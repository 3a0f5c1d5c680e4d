"""How often early warning is right: on simulated series, some left alone and some changed in a known place.

Eight kinds of monthly series of eight years each, all drawn by chance from the seed: steady; with a season; with a trend,
too; with a Spring Festival that moves, too; and of these, with noise that depends on the month and grows, with noise that
lasts (autoregressive), with a level that wanders, and with heavy tails. Noise is two to seven percent of the level. Each
month from the fourth year on is judged as the product judges it: by its rules' settings, from what was there by then.

A *false alarm* is an alarm on a series that was left alone, the same pattern in the same direction counting once in half a year
(a shift: in a year), as it is raised. A
*detection* is an alarm of the planted pattern: on the month of an outlier itself, within six months of a level's shift. The
*delay* is how many months passed after the first that was changed.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, Final

import numpy as np

from cohong.statistics import api as statistics
from cohong.statistics.api import AlarmPattern, Period

Progress = Callable[[str, int, int], None]

KINDS: Final = ("steady", "season", "trend", "festival", "uneven", "lasting", "wandering", "wild")
CHANGES: Final = (
    *((AlarmPattern.OUTLIER, 0.2), (AlarmPattern.OUTLIER, 0.3), (AlarmPattern.OUTLIER, 0.5)),
    *((AlarmPattern.SHIFT, 0.15), (AlarmPattern.SHIFT, 0.2), (AlarmPattern.SHIFT, 0.3)),
)
MONTHS: Final = 96
_FIRST: Final = 36
_WITHIN: Final = 6
_CHUNK: Final = 4


@dataclass(frozen=True)
class _Task:
    kind: str
    number: int
    change: tuple[AlarmPattern, float] | None


def measure(*, series: int, seed: int, processes: int, progress: Progress | None = None) -> dict[str, Any]:
    """Judge `series` clean series of each kind, and a quarter as many with each change."""
    clean = [_Task(kind, number, None) for kind in KINDS for number in range(series)]
    changed = [
        _Task(kind, series + number, change)
        for change in CHANGES
        for kind in KINDS
        for number in range(max(series // 4, 1))
    ]
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        false = list(_counted(pool, clean, seed, "clean series", progress))
        delays = list(_counted(pool, changed, seed, "changed series", progress))
    years = (MONTHS - _FIRST) / 12
    return {
        "seed": seed,
        "settings": {
            pattern.value: {"threshold": one.threshold, "least_change": one.least_change}
            for pattern, one in statistics.alarm_settings().items()
        },
        "series_years": len(clean) * years,
        "false_alarms": sum(len(one) for one in false),
        "false_alarms_per_series_year": round(sum(len(one) for one in false) / (len(clean) * years), 4),
        "kinds": [
            {
                "name": kind,
                "false_alarms_per_series_year": round(
                    sum(len(one) for task, one in zip(clean, false, strict=True) if task.kind == kind)
                    / (series * years),
                    4,
                ),
            }
            for kind in KINDS
        ],
        "changes": [_change(change, changed, delays) for change in CHANGES],
    }


def _change(
    change: tuple[AlarmPattern, float], tasks: Sequence[_Task], delays: Sequence[list[int]]
) -> dict[str, Any]:
    found = [one for task, one in zip(tasks, delays, strict=True) if task.change == change]
    hits = [one[0] for one in found if one]
    return {
        "pattern": change[0].value,
        "size": change[1],
        "series": len(found),
        "detected": round(len(hits) / len(found), 4),
        "delay_months": round(fmean(hits), 2) if hits else None,
    }


def _counted(
    pool: Any, tasks: Sequence[_Task], seed: int, name: str, progress: Progress | None
) -> Iterator[list[int]]:
    work = [(task, seed) for task in tasks]
    for done, found in enumerate(pool.imap(_judged, work, chunksize=_CHUNK), start=1):
        if progress:
            progress(name, done, len(tasks))
        yield found


def _judged(work: tuple[_Task, int]) -> list[int]:
    """Return the months after the change (after the first that is judged) at which an alarm was raised."""
    task, seed = work
    chance = np.random.default_rng([seed, KINDS.index(task.kind), task.number])
    values = simulated(task.kind, chance)
    if task.change is None:
        return [month - _FIRST for month, _ in alarms_of(values, _FIRST, MONTHS)]
    pattern, size = task.change
    at = int(chance.integers(48, 84))
    factor = 1 + size if chance.random() < 0.5 else 1 - size  # noqa: PLR2004 - a coin
    values[at : at + 1 if pattern is AlarmPattern.OUTLIER else MONTHS] *= factor
    last = at if pattern is AlarmPattern.OUTLIER else at + _WITHIN
    return [month - at for month, found in alarms_of(values, at, last + 1) if found is pattern]


def alarms_of(values: Any, first: int, after: int) -> Iterator[tuple[int, AlarmPattern]]:
    """Judge a series at the end of each month, as the watch does; give each alarm that it would raise."""
    start = Period.parse("2008-01")
    chosen = statistics.alarm_settings()
    before: dict[tuple[AlarmPattern, bool], int] = {}
    for month in range(first, after):
        last = start.shifted(month).code
        series = statistics.Series("turnover", last, tuple(float(one) for one in values[: month + 1]))
        for mark in statistics.judge_series(series, chosen):
            key = (mark.pattern, mark.score > 0)
            if month - before.get(key, -MONTHS) > statistics.ALARM_QUIET_PERIODS[mark.pattern]:
                yield month, mark.pattern
                before[key] = month


def simulated(kind: str, chance: np.random.Generator) -> Any:
    """Simulate a series of one of the kinds."""
    months = np.arange(MONTHS)
    noise = chance.uniform(0.02, 0.07)
    errors = chance.standard_normal(MONTHS) * noise
    logs = np.full(MONTHS, chance.uniform(3, 9))
    if kind != "steady":
        logs += (chance.standard_normal(12) * chance.uniform(0.05, 0.25))[months % 12]
    if kind not in ("steady", "season"):
        logs += chance.uniform(-0.005, 0.025) * months
    if kind not in ("steady", "season", "trend"):
        logs += _festival(chance)
    if kind == "uneven":
        errors *= 1 + 0.6 * np.sin(2 * np.pi * (months + chance.integers(12)) / 12)
        errors *= np.linspace(0.7, 1.3, MONTHS)
    elif kind == "lasting":
        for month in range(1, MONTHS):
            errors[month] += 0.5 * errors[month - 1]
    elif kind == "wandering":
        errors += np.cumsum(chance.standard_normal(MONTHS)) * 0.012
    elif kind == "wild":
        errors = chance.standard_t(4, MONTHS) / np.sqrt(2) * noise
    return np.exp(logs + errors)


def _festival(chance: np.random.Generator) -> Any:
    effects = [chance.uniform(0, 0.25), chance.uniform(-0.3, 0), chance.uniform(-0.4, 0.05)]
    start = Period.parse("2008-01")
    return np.array([statistics.festival_parts(start.shifted(month)) for month in range(MONTHS)]) @ np.array(
        effects
    )
