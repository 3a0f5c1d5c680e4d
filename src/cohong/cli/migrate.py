"""Bring the database's tables up to date.

What is applied already is left alone, so it may be run at every start. `cohong serve` and `cohong worker` refuse
to work while something is missing.
"""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit with 2 if something is missing"
    )
    parser.add_argument("--quiet", action="store_true", help="say nothing unless it fails")


def run(arguments: argparse.Namespace) -> int:
    """Apply every missing migration."""
    from django.core.management import call_command  # noqa: PLC0415 - help must not wait for it

    from cohong.cli.installation import require_migrated  # noqa: PLC0415

    if arguments.check:
        require_migrated()
        return 0
    call_command("migrate", interactive=False, verbosity=0 if arguments.quiet else 1)
    return 0
