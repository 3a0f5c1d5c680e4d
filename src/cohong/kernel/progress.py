"""Progress bars, on standard error so that standard output stays a program's."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

Report = Callable[[int, int], None]
StepReport = Callable[[str, int, int], None]

_AT_ONCE_S = 5.0


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


@contextmanager
def bar(title: str) -> Iterator[Report]:
    """Show a bar for the length of the block; the report takes (done, total)."""
    with steps() as report_step:

        def report(done: int, total: int) -> None:
            report_step(title, done, total)

        yield report


@contextmanager
def steps() -> Iterator[StepReport]:
    """Show a bar for each step; the report takes (step, done, total). What was done at once leaves no bars behind."""
    tasks: dict[str, TaskID] = {}
    started_s = time.monotonic()
    with _progress() as progress:

        def report(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(step, total=total)
            progress.update(tasks[step], completed=done, total=total)

        yield report
        progress.live.transient = time.monotonic() - started_s < _AT_ONCE_S
