"""The installation that a command works on: its data folder, its database, and Django set up for both."""

import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cohong.cli.embedded import EmbeddedServer

SETTINGS = "cohong.site.settings"


class CannotWork(Exception):  # noqa: N818 - said as what happened
    """The command cannot do its work here; the text says why and what to do."""


@dataclass(frozen=True)
class Installation:
    """What a command works on: the data folder, and the embedded server if that is the one in use."""

    folder: Path
    server: "EmbeddedServer | None"


def prepare(folder: Path | None = None) -> Path:
    """Fix the data folder and the settings for this process and its children; return the folder."""
    from cohong.cli.embedded import data_folder  # noqa: PLC0415 - help must not wait for it

    if folder is not None:
        os.environ["COHONG_DATA"] = str(folder)
    chosen = data_folder()
    os.environ["COHONG_DATA"] = str(chosen)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    return chosen


@contextmanager
def installation(*, interactive: bool = False) -> Iterator[Installation]:
    """Hold a database and set Django up; without `DATABASE_URL` the embedded server is held meanwhile.

    A signal leaves the block in order; an `interactive` command keeps Ctrl-C to itself. Raises CannotWork if there is
    no database to be had.
    """
    folder = prepare()
    server = None
    with ExitStack() as stack:
        stack.enter_context(stopped_in_order(signal.SIGTERM, *([] if interactive else [signal.SIGINT])))
        if not os.environ.get("DATABASE_URL"):
            server = stack.enter_context(_embedded(folder))
        import django  # noqa: PLC0415 - help must not wait for it

        from cohong.cli.translations import compile_stale  # noqa: PLC0415

        for flaw in compile_stale():
            sys.stderr.write(f"cohong: translation left as it was: {flaw}\n")
        # What is loaded stays: looking through it for garbage, while it grows and ever after, only takes time.
        gc.disable()
        django.setup()
        gc.freeze()
        gc.enable()
        _reach()
        stack.callback(_let_go)
        yield Installation(folder, server)


@contextmanager
def _embedded(folder: Path) -> "Iterator[EmbeddedServer]":
    from cohong.cli.embedded import EmbeddedServer, ServerFailed  # noqa: PLC0415

    server = EmbeddedServer(folder)
    try:
        os.environ["DATABASE_URL"] = server.enter()
    except (ServerFailed, OSError) as error:
        raise CannotWork(str(error)) from error
    try:
        yield server
    finally:
        del os.environ["DATABASE_URL"]
        server.leave()


def _reach() -> None:
    from django.db import connection  # noqa: PLC0415
    from django.db.utils import OperationalError  # noqa: PLC0415

    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise CannotWork(f"The database that DATABASE_URL names does not answer: {error}") from error


def _let_go() -> None:
    from django.db import connections  # noqa: PLC0415

    connections.close_all()


@contextmanager
def stopped_in_order(*numbers: signal.Signals) -> Iterator[None]:
    """Let these signals leave the block in order: what is held is let go, and a second signal does not disturb that.

    Ctrl-C is set up even where it was off: a shell turns it off for what it starts in the background, and
    whoever then sends it still means it.
    """

    def leave(number: int, _frame: FrameType | None) -> None:
        for one in numbers:
            signal.signal(one, signal.SIG_IGN)
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        sys.exit(128 + number)

    before = {one: signal.signal(one, leave) for one in numbers}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def require_migrated() -> None:
    """Raise CannotWork unless every migration is applied."""
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    if missing := len(executor.migration_plan(executor.loader.graph.leaf_nodes())):
        raise CannotWork(f"The database lacks {missing} migrations. Run `cohong migrate` first.")
