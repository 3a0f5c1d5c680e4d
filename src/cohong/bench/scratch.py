"""A database of the bench's own, beside the installation's, dropped when the bench is done."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.core.management import call_command
from django.db import connection

from cohong.catalog import api as catalog

#: What a fresh database is copied from.
_TEMPLATE: Final = "template0"


@contextmanager
def scratch_database() -> Iterator[dict[str, str]]:
    """Make a fresh, migrated database and point Django at it; yield libpq's environment for other programs."""
    own = str(connection.settings_dict["NAME"])
    scratch = f"{own}_bench_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f'create database "{scratch}" template "{_TEMPLATE}"')
    _switch(scratch)
    try:
        call_command("migrate", verbosity=0, interactive=False)
        settings = connection.settings_dict
        yield {
            "PGHOST": str(settings["HOST"] or "localhost"),
            "PGPORT": str(settings["PORT"] or "5432"),
            "PGUSER": str(settings["USER"]),
            "PGPASSWORD": str(settings["PASSWORD"]),
            "PGDATABASE": scratch,
        }
    finally:
        catalog.discard_index()
        _switch(own)
        with connection.cursor() as cursor:
            cursor.execute(f'drop database if exists "{scratch}" with (force)')


def _switch(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
