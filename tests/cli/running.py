"""`cohong` as a process, in a folder or on a database of the test's own."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import uuid4

import psycopg

import migrated

WAIT_S = 60


def environment(**changes: str | None) -> dict[str, str]:
    """The environment of a new process; None takes a variable away."""
    kept = {**os.environ, **{name: value for name, value in changes.items() if value is not None}}
    return {name: value for name, value in kept.items() if changes.get(name, "") is not None}


def cohong(*words: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "cohong.cli.main", *words],
        env=env,
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@contextmanager
def start(*words: str, env: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    """Start a command in a session of its own, as a terminal does; whatever happens, it ends with the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "cohong.cli.main", *words],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def own_database(template: str = "template0") -> Iterator[str]:
    """A database beside the tests' own, empty or a copy of another; yields its URL."""
    name = f"cli_{uuid4().hex[:12]}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f'create database {name} template "{template}"'.encode())
    try:
        yield migrated.url_of(name)
    finally:
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(f"drop database {name} with (force)".encode())
