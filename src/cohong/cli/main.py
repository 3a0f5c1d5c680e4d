"""The command `cohong`: finds the sub-command, sets the installation up, and says what went wrong in one line."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Final

import cohong

EXIT_REFUSED: Final = 1
EXIT_CANNOT: Final = 2
EXIT_INTERRUPTED: Final = 130


@dataclass(frozen=True)
class Command:
    """A sub-command: the module with its `add_arguments` and `run`, and one line of help.

    `needs_installation` is off where the module sets up its own, `is_interactive` on where Ctrl-C is the command's.
    """

    module: str
    summary: str
    needs_installation: bool = True
    is_interactive: bool = False


COMMANDS: Final = {
    "demo": Command("cohong.cli.demo", "run the demo region: database, data, server, worker", False),
    "serve": Command("cohong.cli.serve", "serve pages and interfaces over HTTP"),
    "worker": Command("cohong.cli.worker", "seal the journal, feed its followers, work off the job queue"),
    "migrate": Command("cohong.cli.migrate", "bring the database's tables up to date"),
    "replay": Command("cohong.replay.command", "trade a real order book through the platform"),
    "verify": Command("cohong.verify.command", "audit a live database and name what is wrong"),
    "rebuild": Command("cohong.cli.rebuild", "build a follower's tables anew from the journal"),
    "keys": Command("cohong.cli.keys", "rotate the keys under which personal data is kept"),
    "statistics": Command(
        "cohong.cli.statistics", "compute the indicators, and reconcile them with the ledger to the cent"
    ),
    "bench": Command("cohong.bench.command", "measure how many trades a second run through"),
    "manage": Command("cohong.cli.manage", "Django's own management commands", is_interactive=True),
}

_EPILOG = """\
environment:
  DATABASE_URL   the PostgreSQL server, as postgresql://user:password@host:port/name;
                 without it an embedded server runs in the data folder
  COHONG_DATA    the data folder (default: the user's own, such as ~/.local/share/cohong)

`cohong COMMAND --help` tells more of each command.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status (0 done, 1 refused or found wanting, 2 cannot, 130 Ctrl-C)."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] not in COMMANDS:
        return _outermost(words)
    name, *rest = words
    command = COMMANDS[name]
    try:
        module = importlib.import_module(command.module)
        arguments = _parse(name, command, module, rest)
        return _run(command, module, arguments)
    except KeyboardInterrupt:
        _say("Stopped.")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough; nothing more may be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_CANNOT


def _outermost(words: Sequence[str]) -> int:
    width = max(map(len, COMMANDS))
    told = "\n".join(f"  {name:<{width}}  {command.summary}" for name, command in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="cohong",
        usage="cohong [--help] [--version] COMMAND …",
        description=f"Cohong: the open platform on which a whole region trades online.\n\ncommands:\n{told}",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"cohong {cohong.__version__}")
    parser.add_argument("command", nargs="?", choices=COMMANDS, metavar="COMMAND", help=argparse.SUPPRESS)
    parser.parse_args(words)
    parser.print_help()
    return EXIT_CANNOT


def _parse(name: str, command: Command, module: ModuleType, rest: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog=f"cohong {name}",
        description=module.__doc__ or command.summary,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if name == "manage":
        # Everything is Django's to understand, its --help included.
        return argparse.Namespace(words=list(rest))
    module.add_arguments(parser)
    return parser.parse_args(rest)


def _run(command: Command, module: ModuleType, arguments: argparse.Namespace) -> int:
    from cohong.cli.installation import CannotWork, installation  # noqa: PLC0415 - help must not wait for it
    from cohong.kernel.errors import Refusal  # noqa: PLC0415

    try:
        if not command.needs_installation:
            return int(module.run(arguments))
        with installation(interactive=command.is_interactive):
            return int(module.run(arguments))
    except CannotWork as error:
        _say(str(error))
        return EXIT_CANNOT
    except Refusal as refusal:
        _say(f"{refusal.code}: {refusal}")
        return EXIT_REFUSED


def _say(text: str) -> None:
    sys.stderr.write(f"cohong: {text}\n")


if __name__ == "__main__":
    raise SystemExit(main())
