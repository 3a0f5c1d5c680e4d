"""Run the demo region: a whole province trading, on this machine.

The first run makes the database, the region and some hundred trades, which takes minutes; later ones start in
seconds and keep all data. Then the platform is served with its worker beside it, connected to a sandbox bank, a
sandbox carrier and a sandbox identity register. Ctrl-C stops everything.
"""

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--port", type=int, default=8000, help="port to serve on (default: %(default)s)")
    parser.add_argument(
        "--data",
        type=Path,
        metavar="FOLDER",
        help="where everything is kept (default: COHONG_DATA, or the user's own)",
    )
    parser.add_argument("--fresh", action="store_true", help="throw all data of the folder away first (asks)")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--listings", type=int, metavar="N", help="build a smaller region: so many listings")
    parser.add_argument("--trades", type=int, metavar="N", help="and so many trades; say the same every time")
    parser.add_argument(
        "--build-only", action="store_true", help="build the region and stop, without serving it"
    )


def run(arguments: argparse.Namespace) -> int:
    """Build what is missing, then serve until told to stop."""
    from cohong.cli.demonstration import Demonstration  # noqa: PLC0415 - help must not wait for it

    smaller = {name: getattr(arguments, name) for name in ("listings", "trades")}
    demonstration = Demonstration(
        folder=arguments.data,
        port=arguments.port,
        size={name: count for name, count in smaller.items() if count is not None},
    )
    if arguments.fresh and not demonstration.throw_away(ask=not arguments.yes):
        return 1
    return demonstration.run(serve=not arguments.build_only)
