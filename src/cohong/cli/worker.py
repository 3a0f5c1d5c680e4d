"""Work in the background, beside `cohong serve`: seal the journal, feed its followers, run the queued jobs.

One process is enough; several share the work. It stops in order on Ctrl-C or SIGTERM. Killed at any moment it
loses nothing: documents wait to be sealed, followers go on from their cursors, and a job that was under way is
run again by the next worker.
"""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--jobs", type=int, default=4, metavar="N", help="jobs run at the same time (default: %(default)s)"
    )
    parser.add_argument("--once", action="store_true", help="seal, feed, work off what is due now, and exit")
    parser.add_argument(
        "--stop-with-stdin",
        action="store_true",
        help="stop too when standard input closes: with whoever started it",
    )


def run(arguments: argparse.Namespace) -> int:
    """Work until told to stop."""
    from cohong.cli.installation import require_migrated  # noqa: PLC0415 - help must not wait for it
    from cohong.cli.working import work  # noqa: PLC0415

    require_migrated()
    return work(jobs=arguments.jobs, once=arguments.once, stop_with_stdin=arguments.stop_with_stdin)
