"""Django's own management commands: `cohong manage help` lists them."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare nothing: every word is Django's to understand."""
    parser.add_argument("words", nargs=argparse.REMAINDER)


def run(arguments: argparse.Namespace) -> int:
    """Hand everything to Django."""
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - help must not wait for it

    execute_from_command_line(["cohong manage", *arguments.words])
    return 0
