"""Audit a live database and name what is wrong. Nothing is changed, and trade may go on meanwhile.

Checked are: the ledger (each currency sums to zero, balances are what the transfers say), stock on hand and
reserved, every order's money state, shipments against their events, personal data (never in clear), and the
journal: each document's digest and canonical form, positions without gaps, the Merkle tree computed anew from
the documents against every recorded head, and consistency between heads.

With --note the outcome is kept, for the platform's desk: the one thing that is then written.

The exit status is 0 if everything is right and 1 if something is wrong.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from cohong.kernel.audit import Check


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--json", action="store_true", help='print {"ok", "checks": [{"name", "ok", "figure", "findings"}]}'
    )
    parser.add_argument("--note", action="store_true", help="keep the outcome, for the platform's desk")


def run(arguments: argparse.Namespace) -> int:
    """Audit, print what was found, and return the exit status."""
    from cohong.kernel import clock, running  # noqa: PLC0415 - needs Django, help does not
    from cohong.verify.audit import audit  # noqa: PLC0415

    began_at = clock.now()

    with _Bars() as bars:
        found = audit(report=bars.report)
    ok = all(one.ok for one in found)
    if arguments.note:
        running.note_verification(began_at=began_at, checks=found)
    if arguments.json:
        sys.stdout.write(json.dumps(_plain(found), ensure_ascii=False, indent=2) + "\n")
    else:
        _show(found)
    return 0 if ok else 1


def _plain(found: Sequence[Check]) -> dict[str, object]:
    return {
        "ok": all(one.ok for one in found),
        "checks": [
            {"name": one.name, "ok": one.ok, "figure": one.figure, "findings": one.findings} for one in found
        ],
    }


def _show(found: Sequence[Check]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    width = max(len(one.name) for one in found)
    for one in found:
        mark = "[green]ok   [/]" if one.ok else "[red]wrong[/]"
        console.print(f"{mark} {one.name:<{width}} {one.figure:>12,}")
        for finding in one.findings:
            console.print(f"      [red]{escape(finding)}[/]")
    wrong = sum(not one.ok for one in found)
    console.print(
        f"{len(found)} checks, {wrong} found something wrong" if wrong else f"{len(found)} checks, all right"
    )


class _Bars:
    """A bar for each part of the audit, on standard error."""

    def __init__(self) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:,}"),
            TimeElapsedColumn(),
        )
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def report(self, step: str, done: int, total: int) -> None:
        """Show how far a part is; 0 of 0 is not known yet."""
        if step not in self._tasks:
            self._tasks[step] = self._progress.add_task(step, total=None)
        if total:
            self._progress.update(self._tasks[step], completed=done, total=total)
