"""How good forecasts are, on series whose future is known: points, bands and time, against simpler ways in the same run.

A folder holds either the files of the M3 competition (`yearly.csv`, `quarterly.csv`, `monthly.csv`, `other.csv`: whichever
are there), where the last `horizon` values of each series are forecast from the others, or plain files of one series each
(a date and a value in each line), forecast again and again with growing history. Bands learn their width from the histories
alone, before anything is forecast.
"""

import csv
import math
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median
from typing import Any, Final

from cohong.statistics import api as statistics

Values = tuple[float, ...]
Progress = Callable[[str, int, int], None]

SEASONS: Final = {"yearly": 1, "quarterly": 4, "monthly": 12, "other": 1}
_TEACHERS: Final = 150
_ORIGINS: Final = 40
_HORIZONS: Final = {1: 6, 4: 8, 12: 18, 7: 14}
_SPANS: Final = {(1, 1): 7, (28, 31): 12, (90, 92): 4, (365, 366): 1}
_CHUNK: Final = 4


class NothingToForecast(ValueError):  # noqa: N818 - says what happened, as refusals do
    """The folder holds no series, or a line of a file can't be read; the text says which."""


@dataclass(frozen=True)
class Task:
    """A history, and what came after it."""

    history: Values
    actual: Values


@dataclass(frozen=True)
class Collection:
    """Tasks of one kind, and the histories that teach their bands."""

    name: str
    season: int
    tasks: Sequence[Task]
    teachers: Sequence[Values]


@dataclass(frozen=True)
class _Score:
    smape: float
    mase: float | None
    inside: dict[int, float]
    smape_four: float
    smape_naive: float


def measure(folder: Path, *, processes: int, progress: Progress | None = None) -> dict[str, Any]:
    """Forecast all sets of a folder and score them. Raises `NothingToForecast`."""
    return {
        "model": statistics.FORECAST_MODEL,
        "processes": processes,
        "sets": [_measured(one, processes, progress) for one in collections(folder)],
    }


def collections(folder: Path) -> list[Collection]:
    """Read a folder. Raises `NothingToForecast`."""
    competition = [name for name in SEASONS if (folder / f"{name}.csv").is_file()]
    if competition:
        return [_of_competition(folder / f"{name}.csv", SEASONS[name]) for name in competition]
    found = [_of_one_series(path) for path in sorted(folder.glob("*.csv"))]
    if not found:
        raise NothingToForecast(f"{folder} holds no CSV file.")
    return found


def _measured(one: Collection, processes: int, progress: Progress | None) -> dict[str, Any]:
    started_s = time.monotonic()
    horizon = max(len(task.actual) for task in one.tasks)
    score = partial(_scored, season=one.season)
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        # Both halves of what teaches are learned at once; the mean of two factors is one.
        halves = [part for half in range(processes) if (part := one.teachers[half::processes])]
        taught = pool.map(partial(_learned, season=one.season, horizon=horizon), halves)
        widening = statistics.Widening({level: _mean(taught, level) for level in statistics.FORECAST_LEVELS})
        scores = []
        for done, found in enumerate(
            pool.imap(partial(score, widening=widening), one.tasks, chunksize=_CHUNK), start=1
        ):
            scores.append(found)
            if progress:
                progress(one.name, done, len(one.tasks))
    smape, four = (fmean(getattr(found, name) for found in scores) for name in ("smape", "smape_four"))
    scaled = [found.mase for found in scores if found.mase is not None]
    return {
        "name": one.name,
        "series": len(one.tasks),
        "horizon": horizon,
        "smape": round(smape, 3),
        "mase": round(fmean(scaled), 3) if scaled else None,
        **{
            f"coverage_{level}": round(fmean(found.inside[level] for found in scores), 4)
            for level in statistics.FORECAST_LEVELS
        },
        "seconds": round(time.monotonic() - started_s, 1),
        "smape_four_models": round(four, 3),
        "smape_naive": round(fmean(found.smape_naive for found in scores), 3),
        "ratio_to_four_models": round(smape / four, 4) if four else None,
        "widening": {str(level): round(factor, 3) for level, factor in widening.factors.items()},
    }


def _learned(histories: Sequence[Values], *, season: int, horizon: int) -> statistics.Widening:
    return statistics.learned_widening(histories, season=season, horizon=horizon)


def _mean(parts: Sequence[statistics.Widening], level: int) -> float:
    return fmean(part.of(level) for part in parts) if parts else 1.0


def _scored(task: Task, *, season: int, widening: statistics.Widening) -> _Score:
    horizon = len(task.actual)
    outlook = statistics.outlook(task.history, season=season, horizon=horizon, widening=widening)
    bands = {level: outlook.band(level) for level in statistics.FORECAST_LEVELS}
    four = [outlook.members[name] for name in statistics.FOUR_MODELS if name in outlook.members] or [
        outlook.points
    ]
    return _Score(
        smape=statistics.smape(outlook.points, task.actual),
        mase=statistics.mase(outlook.points, task.actual, task.history, season),
        inside={
            level: fmean(
                low <= actual <= high
                for low, actual, high in zip(band.lower, task.actual, band.upper, strict=True)
            )
            for level, band in bands.items()
        },
        smape_four=statistics.smape([median(points) for points in zip(*four, strict=True)], task.actual),
        smape_naive=statistics.smape(
            statistics.naive_forecast(task.history, season=season, horizon=horizon), task.actual
        ),
    )


def _of_competition(path: Path, season: int) -> Collection:
    tasks = []
    with path.open(newline="", encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            try:
                values = tuple(float(one) for one in row["values"].split())
                horizon = int(row["horizon"])
            except (KeyError, ValueError, TypeError, AttributeError):
                raise NothingToForecast(
                    f"{path.name}, line {number}: no series of the competition."
                ) from None
            if not 0 < horizon <= len(values) - statistics.FEWEST_VALUES or not all(
                map(math.isfinite, values)
            ):
                raise NothingToForecast(f"{path.name}, line {number}: no history before the horizon.")
            tasks.append(Task(values[:-horizon], values[-horizon:]))
    if not tasks:
        raise NothingToForecast(f"{path.name} holds no series.")
    each = max(1, len(tasks) // _TEACHERS)
    return Collection(path.stem, season, tasks, [task.history for task in tasks[::each]])


def _of_one_series(path: Path) -> Collection:
    with path.open(newline="", encoding="utf-8") as file:
        lines = list(csv.reader(file))[1:]
    try:
        days = [date.fromisoformat(line[0]) for line in lines]
        values = tuple(float(line[1]) for line in lines)
    except (ValueError, IndexError):
        raise NothingToForecast(f"{path.name}: its lines are no dates and values.") from None
    season = _season(days)
    horizon = _HORIZONS[season]
    first = max(len(values) // 2, 2 * season + 2 * statistics.FEWEST_VALUES)
    last = len(values) - horizon
    if last < first:
        raise NothingToForecast(f"{path.name} is too short to be forecast from its own first half.")
    # All that is forecast lies behind the first half, and the first half alone teaches.
    return Collection(
        path.stem,
        season,
        [
            Task(values[:end], values[end : end + horizon])
            for end in _spread(range(first, last + 1), _ORIGINS)
        ],
        [values[:end] for end in _spread(range(min(first, 3 * horizon), first + 1), _ORIGINS)],
    )


def _spread(all_: range, most: int) -> Iterator[int]:
    return iter(all_[:: -(-len(all_) // most)])


def _season(days: Sequence[date]) -> int:
    if len(days) > 1:
        usual = median((after - before).days for before, after in pairwise(days))
        for (shortest, longest), season in _SPANS.items():
            if shortest <= usual <= longest:
                return season
    return 1
