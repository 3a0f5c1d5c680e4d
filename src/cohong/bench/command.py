"""Measure how fast the platform is on this machine, in a database of its own that is dropped afterwards.

loop   whole lives of orders (place, pay, ship, accept, settle) through the services, against the same rows
written by one server-side function that pgbench calls
pages  the market's pages on a region's worth of listings: server time, queries, requests a second, against a
page that does nothing
dashboards the data centre's pages on this installation's own figures: server time and queries
search how well goods are found: a judged set of questions by class, speed, and how soon a new listing is found,
against looking for the words in titles
statistics all indicators over a hundred million order lines, against SQL written by hand for the same figures
forecast how good forecasts are on series whose future is known, against the median of four models and a naive one
alarms how often early warning is right: on simulated series, some left alone and some changed in a known place
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table


class CannotMeasure(Exception):  # noqa: N818 - says what happened, as refusals do
    """What was asked for cannot be measured; the text says why."""


Measured = tuple[dict[str, Any], Callable[[dict[str, Any]], None]]


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
    loop.set_defaults(measure=_loop)
    pages = kinds.add_parser("pages", help="server time, queries and requests a second of the market's pages")
    pages.add_argument("--listings", type=int, default=100_000, help="on offer (default 100000)")
    pages.add_argument("--requests", type=int, default=300, help="timed for each page (default 300)")
    pages.add_argument("--seconds", type=float, default=5.0, help="for which each rate is taken (default 5)")
    pages.add_argument("--json", action="store_true", help="print figures for a program")
    pages.set_defaults(measure=_pages)
    dashboards = kinds.add_parser(
        "dashboards", help="server time and queries of the data centre's pages, on the figures that are there"
    )
    dashboards.add_argument("--requests", type=int, default=100, help="timed for each page (default 100)")
    dashboards.add_argument("--json", action="store_true", help="print figures for a program")
    dashboards.set_defaults(measure=_dashboards)
    search = kinds.add_parser("search", help="how well and how quickly goods are found, by a judged set")
    search.add_argument("--listings", type=int, default=5_000, help="on offer (default 5000)")
    search.add_argument("--json", action="store_true", help="print figures for a program")
    search.set_defaults(measure=_search)
    figures = kinds.add_parser("statistics", help="all indicators over many order lines, against SQL by hand")
    figures.add_argument("--lines", type=int, default=100_000_000, help="to compute from (default 100000000)")
    figures.add_argument(
        "--folder", type=Path, help="where the lines are written meanwhile (default: the temporary one)"
    )
    figures.add_argument("--json", action="store_true", help="print figures for a program")
    figures.set_defaults(measure=_statistics)
    forecast = kinds.add_parser("forecast", help="how good forecasts are on series whose future is known")
    forecast.add_argument(
        "folder", type=Path, metavar="DIR", help="with files of the M3 competition or of one series each"
    )
    forecast.add_argument(
        "--processes", type=int, default=2, help="that forecast at the same time (default 2)"
    )
    forecast.add_argument("--json", action="store_true", help="print figures for a program")
    forecast.set_defaults(measure=_forecast)
    alarms = kinds.add_parser("alarms", help="how often early warning is right, on planted changes")
    alarms.add_argument("--series", type=int, default=80, help="clean ones of each kind (default 80)")
    alarms.add_argument("--seed", type=int, default=2015, help="of the simulation (default 2015)")
    alarms.add_argument("--processes", type=int, default=2, help="that judge at the same time (default 2)")
    alarms.add_argument("--json", action="store_true", help="print figures for a program")
    alarms.set_defaults(measure=_alarms)


def run(arguments: argparse.Namespace) -> int:
    """Measure and print; return 2 if there is nothing that could be measured."""
    try:
        figures, show = arguments.measure(arguments)
    except CannotMeasure as reason:
        sys.stderr.write(f"{reason}\n")
        return 2
    if arguments.json:
        sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    else:
        show(figures)
    return 0


def _loop(arguments: argparse.Namespace) -> Measured:
    from cohong.bench import loop  # noqa: PLC0415 - needs Django, help does not

    measured = loop.measure(seconds=arguments.seconds, batch=arguments.batch, processes=arguments.processes)
    return measured, _show_loop


def _pages(arguments: argparse.Namespace) -> Measured:
    from cohong.bench import pages  # noqa: PLC0415 - needs Django, help does not
    from cohong.kernel.progress import steps  # noqa: PLC0415

    with steps() as progress:
        measured = pages.measure(
            listings=arguments.listings,
            requests=arguments.requests,
            seconds=arguments.seconds,
            progress=progress,
        )
    return measured, _show_pages


def _dashboards(arguments: argparse.Namespace) -> Measured:
    from cohong.bench import dashboards  # noqa: PLC0415 - needs Django, help does not

    return dashboards.measure(requests=max(2, arguments.requests)), _show_dashboards


def _search(arguments: argparse.Namespace) -> Measured:
    from cohong.bench import search  # noqa: PLC0415 - needs Django, help does not
    from cohong.kernel.progress import steps  # noqa: PLC0415

    with steps() as progress:
        measured = search.measure(listings=arguments.listings, progress=progress)
    return measured, _show_search


def _forecast(arguments: argparse.Namespace) -> Measured:
    from cohong.bench import forecast  # noqa: PLC0415 - slow to import
    from cohong.kernel.progress import steps  # noqa: PLC0415

    try:
        with steps() as progress:
            measured = forecast.measure(
                arguments.folder, processes=max(1, arguments.processes), progress=progress
            )
    except forecast.NothingToForecast as nothing:
        raise CannotMeasure(nothing) from None
    return measured, _show_forecast


def _alarms(arguments: argparse.Namespace) -> Measured:
    from cohong.bench import alarms  # noqa: PLC0415 - slow to import
    from cohong.kernel.progress import steps  # noqa: PLC0415

    with steps() as progress:
        measured = alarms.measure(
            series=max(1, arguments.series),
            seed=arguments.seed,
            processes=max(1, arguments.processes),
            progress=progress,
        )
    return measured, _show_alarms


def _statistics(arguments: argparse.Namespace) -> Measured:
    from cohong.bench.statistics import measure  # noqa: PLC0415 - slow to import
    from cohong.kernel.progress import steps  # noqa: PLC0415

    with steps() as progress:
        measured = measure.measure(count=arguments.lines, folder=arguments.folder, progress=progress)
    return measured, _show_statistics


def _show_statistics(figures: dict[str, Any]) -> None:
    Console().print(
        f"{figures['lines']:,} lines ({figures['bytes'] / 1e9:.1f} GB): {figures['figures']:,} figures in"
        f" {figures['cells']:,} cells, the same both ways\n"
        f"from the definitions {figures['seconds']} s ({figures['peak_mb']:,} MB at most),"
        f" by hand {figures['sql_seconds']} s ({figures['sql_peak_mb']:,} MB): ratio {figures['ratio']}"
    )


def _show_loop(figures: dict[str, Any]) -> None:
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


def _show_dashboards(figures: dict[str, Any]) -> None:
    table = Table(title=f"The data centre's pages, release {figures['release'] or '-'}")
    for title in ("page", "p50 ms", "p95 ms", "first ms", "statements"):
        table.add_column(title, justify="left" if title == "page" else "right")
    for one in figures["pages"]:
        table.add_row(
            *(one["name"], f"{one['p50_ms']:.1f}", f"{one['p95_ms']:.1f}"),
            *(f"{one['first_ms']:.0f}", str(one["queries"])),
        )
    Console().print(table)
    Console().print(f"{'All' if figures['within'] else 'NOT all'} within {figures['limit_ms']:.0f} ms (p95)")


def _show_pages(figures: dict[str, Any]) -> None:
    table = Table(title=f"The market's pages with {figures['listings']:,} listings")
    for title in ("page", "p50 ms", "p95 ms", "queries", "requests a second", "ratio to the limit"):
        table.add_column(title, justify="left" if title == "page" else "right")
    for one in figures["pages"]:
        table.add_row(
            one["name"],
            f"{one['p50_ms']:.1f}",
            f"{one['p95_ms']:.1f}",
            str(one["queries"]),
            f"{one['requests_per_s']:,.0f}",
            f"{one['ratio_to_limit']:.2f}",
        )
    Console().print(table)


def _show_search(figures: dict[str, Any]) -> None:
    table = Table(title=f"Searching {figures['listings']:,} listings")
    columns = ("questions", "nDCG@10", "MRR", "recall@20", "nothing found", "p50 ms", "p95 ms")
    for title in ("class", *columns, "nDCG@10 of the baseline"):
        table.add_column(title, justify="left" if title == "class" else "right")
    names = ("questions", "ndcg_10", "mrr", "recall_20", "zero_results", "p50_ms", "p95_ms")
    rows = [
        *((one["kind"], one, one["baseline_ndcg_10"]) for one in figures["kinds"]),
        ("all", figures["search"], figures["baseline"]["ndcg_10"]),
    ]
    for kind, one, baseline in rows:
        table.add_row(kind, *(f"{one[name]:g}" for name in names), f"{baseline:g}")
    console = Console()
    console.print(table)
    console.print(
        f"{figures['search']['per_s']:,.0f} questions a second (titles by ILIKE: {figures['baseline']['per_s']:,.0f});"
        f" suggestions within {figures['suggest_p95_ms']} ms (p95);"
        f" a new listing is found after {figures['freshness_s']} s at most"
    )


def _show_forecast(figures: dict[str, Any]) -> None:
    table = Table(title="Forecasts of series whose future is known")
    columns = (
        "series",
        "sMAPE",
        "four models",
        "naive",
        "ratio to four",
        "MASE",
        "in 80 %",
        "in 95 %",
        "seconds",
    )
    for title in ("set", *columns):
        table.add_column(title, justify="left" if title == "set" else "right")
    for one in figures["sets"]:
        mase = "" if one["mase"] is None else f"{one['mase']:.3f}"
        ratio = "" if one["ratio_to_four_models"] is None else f"{one['ratio_to_four_models']:.3f}"
        table.add_row(
            one["name"],
            str(one["series"]),
            *(f"{one[name]:.2f}" for name in ("smape", "smape_four_models", "smape_naive")),
            ratio,
            mase,
            *(f"{one[name]:.1%}" for name in ("coverage_80", "coverage_95")),
            f"{one['seconds']:.0f}",
        )
    Console().print(table)


def _show_alarms(figures: dict[str, Any]) -> None:
    table = Table(title="Changes that were planted")
    for title in ("pattern", "size", "series", "detected", "months until then"):
        table.add_column(title, justify="left" if title == "pattern" else "right")
    for one in figures["changes"]:
        delay = "" if one["delay_months"] is None else f"{one['delay_months']:.1f}"
        table.add_row(
            one["pattern"], f"{one['size']:.0%}", str(one["series"]), f"{one['detected']:.1%}", delay
        )
    console = Console()
    console.print(table)
    kinds = ", ".join(f"{one['name']} {one['false_alarms_per_series_year']:.3f}" for one in figures["kinds"])
    console.print(
        f"{figures['false_alarms']} false alarms in {figures['series_years']:,.0f} years of series:"
        f" {figures['false_alarms_per_series_year']:.4f} a year ({kinds})"
    )
