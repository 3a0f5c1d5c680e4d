"""The installation that a command works on: its data folder, its database, and Django set up for both."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

SETTINGS = "cohong.site.settings"


class CannotWork(Exception):  # noqa: N818 - said as what happened
    """The command cannot do its work here; the text says why and what to do."""


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
def installation() -> Iterator[None]:
    """Hold a database and set Django up; without `DATABASE_URL` the embedded server is held meanwhile.

    Raises CannotWork if there is no database to be had.
    """
    folder = prepare()
    with ExitStack() as stack:
        stack.enter_context(stopped_by_sigterm())
        if "DATABASE_URL" not in os.environ:
            os.environ["DATABASE_URL"] = stack.enter_context(_embedded(folder))
            stack.callback(os.environ.pop, "DATABASE_URL")
        import django  # noqa: PLC0415 - help must not wait for it

        from cohong.cli.translations import compile_stale  # noqa: PLC0415

        compile_stale()
        django.setup()
        _reach()
        stack.callback(_let_go)
        yield


@contextmanager
def _embedded(folder: Path) -> Iterator[str]:
    from cohong.cli.embedded import EmbeddedServer, ServerFailed  # noqa: PLC0415

    server = EmbeddedServer(folder)
    try:
        url = server.enter()
    except (ServerFailed, OSError) as error:
        raise CannotWork(str(error)) from error
    try:
        yield url
    finally:
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
def stopped_by_sigterm() -> Iterator[None]:
    """Let SIGTERM leave the block in order, as Ctrl-C does: what is held is let go."""

    def leave(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def require_migrated() -> None:
    """Raise CannotWork unless every migration is applied."""
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    if missing := len(executor.migration_plan(executor.loader.graph.leaf_nodes())):
        raise CannotWork(f"The database lacks {missing} migrations. Run `cohong migrate` first.")
