"""A database that was migrated once, for all that need a fresh one to be copied from."""

import os
import subprocess
import sys
from typing import Final

import psycopg

_LOCK: Final = 0x6D696772


def database() -> str:
    """Return its name; whoever of the tests' processes asks first makes it, with the command that operators use."""
    url = os.environ["DATABASE_URL"]
    name, making = f"{_own()}_migrated", f"{_own()}_migrating"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", (_LOCK,))
        if connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone():
            return name
        connection.execute(f'drop database if exists "{making}"'.encode())
        connection.execute(f'create database "{making}" template template0'.encode())
        done = subprocess.run(
            [sys.executable, "-m", "cohong.cli.main", "migrate"],
            env={**os.environ, "DATABASE_URL": url_of(making)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "Applying kernel.0001_initial... OK" in done.stdout
        connection.execute(f'alter database "{making}" rename to "{name}"'.encode())
    return name


def forget() -> None:
    """Remove it, where the server stays."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f'drop database if exists "{_own()}_migrated"'.encode())


def url_of(name: str) -> str:
    """Return the address of another database of the tests' server."""
    base, _, query = os.environ["DATABASE_URL"].partition("?")
    return f"{base.rpartition('/')[0]}/{name}?{query}"


def _own() -> str:
    return os.environ["DATABASE_URL"].partition("?")[0].rpartition("/")[2]
