"""What makes tests quick, and nothing different."""

from functools import cache
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.core.servers.basehttp import WSGIServer
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.test import TransactionTestCase
from whitenoise.middleware import WhiteNoiseMiddleware

#: What Django's migrations wrote, and would write again.
_KEPT = {"django_content_type", "auth_permission"}
#: A table of that size is swept as well, so that no test looks through the rows of those before it.
_SWEPT_BYTES = 256 * 1024


@cache
def _tables(alias: str) -> tuple[str, ...]:
    there = set(connections[alias].introspection.table_names())
    # Those of the job queue, too, which Django does not manage.
    ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    return tuple(sorted(ours & there - _KEPT))


@cache
def _which_have_rows(alias: str) -> str:
    return " union all ".join(
        f"select '{name}', pg_relation_size('\"{name}\"') where exists (select from \"{name}\")"
        for name in _tables(alias)
    )


def empty_tables(alias: str = DEFAULT_DB_ALIAS) -> None:
    """Delete what a test has committed, whatever guards the tables and whatever refers to them.

    Django truncates all tables instead, most of them for nothing, and makes its content types and permissions anew: the files of
    some hundreds of tables and indexes are replaced, after each of a thousand tests.
    """
    connection = connections[alias]
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        # Planning to look into that many tables takes longer than looking: it is planned once for a connection.
        looking = psycopg.Cursor(connection.connection).execute(
            _which_have_rows(alias).encode(), prepare=True
        )
        written = looking.fetchall()
        if not written:
            return
        # Guards against deletion and keys from table to table are triggers, too.
        cursor.execute("set local session_replication_role = replica")
        cursor.execute("; ".join(f'delete from "{name}"' for name, _ in written))
    large = [f'"{name}"' for name, size in written if size > _SWEPT_BYTES]
    if large:
        with connection.cursor() as cursor:
            cursor.execute(f"vacuum {', '.join(large)}")


def _empty_what_was_written() -> None:
    djangos: Any = TransactionTestCase._fixture_teardown

    def ended(self: TransactionTestCase) -> None:
        for alias in self._databases_names(include_mirrors=False):
            with connections[alias].cursor() as cursor:
                cursor.execute("select rolsuper from pg_roles where rolname = current_user")
                [is_superuser] = cursor.fetchone()
            if not is_superuser:  # who may not set guards aside goes Django's way
                djangos(self)
                return
            empty_tables(alias)

    TransactionTestCase._fixture_teardown = ended


def _look_through_static_files_once() -> None:
    """Share what is known of static files: every test client is a server of its own, and would look through all of them."""
    look: Any = WhiteNoiseMiddleware.add_files_from_finders
    known: dict[Any, dict[str, Any]] = {}

    def shared(self: WhiteNoiseMiddleware) -> None:
        about = (settings.DATA_FOLDER, settings.DEBUG, self.static_prefix)
        if about not in known:
            look(self)
            known[about] = dict(self.files)
        self.files.update(known[about])

    WhiteNoiseMiddleware.add_files_from_finders = shared


def _stop_serving_at_once() -> None:
    """Let a server that is told to stop look for that more often than twice a second."""
    serve: Any = WSGIServer.serve_forever

    def quick(self: WSGIServer, poll_interval: float = 0.02) -> None:
        serve(self, poll_interval)

    WSGIServer.serve_forever = quick


def install() -> None:
    """Make what is done again and again cheap."""
    _empty_what_was_written()
    _look_through_static_files_once()
    _stop_serving_at_once()
    # What makes a password slow to guess makes every test slow that signs somebody in; what is kept looks the same.
    ScryptPasswordHasher.work_factor = 2
