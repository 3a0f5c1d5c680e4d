"""Compute the indicators from the facts of trade, and check them.

observe   bring the facts up to date and compute the indicators; what came out otherwise than before gets a new vintage
publish   show the public what was computed, protected so that no company's figures can be worked out
check     reconcile the indicators with the ledger, order by order, to the cent; every difference is named
bulletin  write a month's bulletin from published figures, as PDF
"""

import argparse
import json
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be asked for."""
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="ACT")
    observe = kinds.add_parser("observe", help="compute the indicators")
    observe.add_argument(
        "--all", action="store_true", help="all years, not only those whose facts have changed"
    )
    observe.add_argument("--reason", default="by hand", help="why, for the record of the vintage")
    observe.set_defaults(act=_observe)
    publish = kinds.add_parser("publish", help="publish the newest figures")
    publish.add_argument("--note", default="", help="what readers should know of this release")
    publish.set_defaults(act=_publish)
    check = kinds.add_parser("check", help="reconcile the indicators with the ledger")
    check.set_defaults(act=_check)
    bulletin = kinds.add_parser("bulletin", help="write a month's bulletin as PDF")
    bulletin.add_argument(
        "--period", required=True, help="the month: 2026-10; 2026-02 is January and February"
    )
    bulletin.add_argument(
        "--language", default="zh-hans", choices=("zh-hans", "zh-hant", "en"), help="default: %(default)s"
    )
    bulletin.add_argument("--release", type=int, help="as that release shows it (default: the newest)")
    bulletin.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help="where to write it"
    )
    bulletin.set_defaults(act=_bulletin)
    for one in (observe, publish, check):
        one.add_argument("--json", action="store_true", help="print figures for a program")


def run(arguments: argparse.Namespace) -> int:
    """Compute or check."""
    from cohong.cli.installation import require_migrated  # noqa: PLC0415 - help must not wait for it
    from cohong.kernel import journal  # noqa: PLC0415

    require_migrated()
    if arguments.kind in {
        "observe",
        "check",
    }:  # the others show what was computed, whatever has happened since
        journal.seal_all()
        while journal.follow("statistics.facts"):
            pass
    return int(arguments.act(arguments))


def _observe(arguments: argparse.Namespace) -> int:
    from cohong.kernel.progress import steps  # noqa: PLC0415
    from cohong.statistics import api as statistics  # noqa: PLC0415

    with steps() as progress:
        done = statistics.observe(reason=arguments.reason, everything=arguments.all, progress=progress)
    if arguments.json:
        figures = {"vintage": done.vintage, "changed": done.changed, "values": done.values}
        sys.stdout.write(json.dumps(figures) + "\n")
    elif done.vintage is None:
        sys.stdout.write("Nothing has changed.\n")
    else:
        sys.stdout.write(f"Vintage {done.vintage}: {done.changed:,} of {done.values:,} values are new.\n")
    return 0


def _publish(arguments: argparse.Namespace) -> int:
    from cohong.kernel.progress import steps  # noqa: PLC0415
    from cohong.parties.api import SYSTEM  # noqa: PLC0415
    from cohong.statistics import api as statistics  # noqa: PLC0415

    try:
        with steps() as progress:
            done = statistics.publish(actor=SYSTEM, note=arguments.note, progress=progress)
    except statistics.NothingToPublish:
        sys.stdout.write("null\n" if arguments.json else "Nothing has changed since the last release.\n")
        return 0
    if arguments.json:
        names = ("id", "vintage", "changed", "withheld", "exposed")
        sys.stdout.write(json.dumps({name: getattr(done, name) for name in names}) + "\n")
        return 0
    sys.stdout.write(
        f"Release {done.id} of vintage {done.vintage}: {done.changed:,} figures, {done.withheld:,} withheld.\n"
    )
    if done.exposed:
        sys.stdout.write(f"{done.exposed:,} withheld figures follow from what was published earlier.\n")
    return 0


def _home() -> str:
    from django.conf import settings  # noqa: PLC0415

    return str(settings.COHONG_CURRENCY)


def _check(arguments: argparse.Namespace) -> int:
    from cohong.kernel.money import Money  # noqa: PLC0415
    from cohong.statistics import api as statistics  # noqa: PLC0415

    done = statistics.reconcile()
    if arguments.json:
        figures = {
            "orders": done.orders,
            "facts_minor": done.facts,
            "ledger_minor": done.ledger,
            "differences": done.differences,
            "lines_without_rate": done.without_rate,
            "taken_over_minor": done.taken_over,
        }
        sys.stdout.write(json.dumps(figures, indent=2) + "\n")
        return 1 if done.differences else 0
    sys.stdout.write(f"{done.orders:,} orders that were paid in full\n")
    for currency, minor in sorted(done.facts.items()):
        ledger = Money(done.ledger[currency], currency)
        sys.stdout.write(f"  {currency}  facts {Money(minor, currency).plain}  ledger {ledger.plain}\n")
    if done.without_rate:
        sys.stdout.write(
            f"{done.without_rate:,} lines are in a currency without a rate: no indicator has them.\n"
        )
    for origin, minor in sorted(done.taken_over.items()):
        sys.stdout.write(f"  {origin}  {Money(minor, _home()).plain} taken over: no ledger to compare with\n")
    for difference in done.differences:
        sys.stdout.write(f"  differs: {difference}\n")
    sys.stdout.write(f"{len(done.differences)} differences\n")
    return 1 if done.differences else 0


def _bulletin(arguments: argparse.Namespace) -> int:
    from cohong.kernel.errors import Refusal  # noqa: PLC0415
    from cohong.portal.bulletins.keeping import bulletin_pdf  # noqa: PLC0415

    try:
        content = bulletin_pdf(
            period=arguments.period, language=arguments.language, release=arguments.release
        )
    except Refusal as refusal:
        sys.stderr.write(f"cohong: {refusal}\n")
        return 1
    arguments.output.write_bytes(content)
    sys.stdout.write(f"{arguments.output}: {len(content):,} bytes\n")
    return 0
