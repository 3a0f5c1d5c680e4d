"""Set statements: many rows in one round trip, past the ORM where it would loop.

The hot acts take many items and run as a few statements. They speak to psycopg directly (parameters bound on
the server, statements prepared once), inside the transaction and on the connection that Django holds.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import psycopg
from django.db import connection, transaction

P = ParamSpec("P")
R = TypeVar("R")


def act(function: Callable[P, R]) -> Callable[P, R]:
    """Run an act in one transaction, or in the caller's when there is one.

    No savepoint: an act that refuses in mid-flight has to undo its caller's work too, and a batch does not
    pay for one. A batch reports a refused item in its results instead of raising.
    """

    @wraps(function)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic(savepoint=False):
            return function(*args, **kwargs)

    return inside


def _cursor() -> psycopg.Cursor[tuple[Any, ...]]:
    connection.ensure_connection()
    return psycopg.Cursor(connection.connection)


def fetch(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run one statement and return its rows."""
    with connection.wrap_database_errors, _cursor() as cursor:
        return cursor.execute(sql, params).fetchall()


def run(sql: str, params: Sequence[Any] = ()) -> int:
    """Run one statement and return how many rows it touched."""
    with connection.wrap_database_errors, _cursor() as cursor:
        return cursor.execute(sql, params).rowcount


def insert(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert `rows` with COPY: all of them or, on any violated constraint, none (and the transaction fails).

    A column that is not named takes its database default. JSON values are passed as text.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    with (
        connection.wrap_database_errors,
        _cursor() as cursor,
        cursor.copy(f'copy "{table}" ({names}) from stdin') as copy,
    ):
        for row in rows:
            copy.write_row(row)
