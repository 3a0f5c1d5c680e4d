"""Build a follower's tables anew: empty them and apply the whole journal to them again.

What follows the journal (search, notices, figures) can always be had again from it. Without a name, the
followers are listed with how far each one is behind. A follower that acts on what it reads keeps no tables
and is not rebuilt.
"""

import argparse
import json
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("follower", nargs="*", metavar="FOLLOWER", help="the followers to rebuild")
    parser.add_argument("--all", action="store_true", help="rebuild every follower that keeps tables")
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Rebuild the followers named, or list all."""
    from cohong.cli.installation import CannotWork, require_migrated  # noqa: PLC0415 - help must not wait for it
    from cohong.kernel import journal  # noqa: PLC0415

    require_migrated()
    known = journal.follower_names()
    if unknown := sorted(set(arguments.follower) - set(known)):
        raise CannotWork(f"There is no follower {', '.join(unknown)}. There are: {', '.join(known)}.")
    if not arguments.follower and not arguments.all:
        return _list(as_json=arguments.json)
    rebuilt = {}
    for name in known if arguments.all else arguments.follower:
        try:
            rebuilt[name] = _rebuild(name)
        except journal.NotRebuildable:
            if not arguments.all:
                raise
    if arguments.json:
        sys.stdout.write(json.dumps({"rebuilt": rebuilt}) + "\n")
    else:
        for name, documents in rebuilt.items():
            sys.stdout.write(f"{name}: {documents} documents\n")
    return 0


def _list(*, as_json: bool) -> int:
    from cohong.kernel import journal  # noqa: PLC0415

    lag = journal.lag()
    if as_json:
        sys.stdout.write(json.dumps({"followers": lag}) + "\n")
        return 0
    for name, behind in lag.items():
        sys.stdout.write(f"{name:<40} {behind} behind\n")
    return 0


def _rebuild(name: str) -> int:
    from cohong.kernel import journal  # noqa: PLC0415
    from cohong.kernel.progress import bar  # noqa: PLC0415

    with bar(name) as report:
        return journal.rebuild(name, progress=report)
