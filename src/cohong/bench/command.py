"""Measure how fast the platform is on this machine, in a database of its own that is dropped afterwards.

loop   whole lives of orders (place, pay, ship, accept, settle) through the services, against the same rows
written by one server-side function that pgbench calls
"""

import argparse
import json
import sys
from typing import Any

from rich.console import Console
from rich.table import Table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be asked for."""
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="MEASUREMENT")
    loop = kinds.add_parser("loop", help="whole lives of orders per second, and the limit")
    loop.add_argument(
        "--seconds", type=float, default=10.0, help="how long each figure is taken (default 10)"
    )
    loop.add_argument(
        "--batch", type=int, default=100, help="orders that share an act's transaction (default 100)"
    )
    loop.add_argument(
        "--processes", type=int, default=2, help="processes that trade at the same time (default 2)"
    )
    loop.add_argument("--json", action="store_true", help="print figures for a program")


def run(arguments: argparse.Namespace) -> int:
    """Measure and print."""
    from cohong.bench import loop  # noqa: PLC0415 - needs Django, help does not

    figures = loop.measure(seconds=arguments.seconds, batch=arguments.batch, processes=arguments.processes)
    if arguments.json:
        sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    else:
        _show(figures)
    return 0


def _show(figures: dict[str, Any]) -> None:
    table = Table(title="Whole lives of two-line orders: place, pay, ship, accept, settle")
    for title in ("how", "lives a second", "ratio to the limit"):
        table.add_column(title, justify="left" if title == "how" else "right")
    batch, one, limit = (
        figures["lives_per_second"],
        figures["single_lives_per_second"],
        figures["limit_per_second"],
    )
    table.add_row(
        f"through the services, {figures['batch']} together", f"{batch:,.0f}", f"{figures['ratio']:.2f}"
    )
    table.add_row("through the services, one alone", f"{one:,.0f}", f"{figures['single_ratio']:.2f}")
    table.add_row("the same rows by a server-side function", f"{limit:,.0f}", "1.00")
    Console().print(table)
