"""A sandbox's books: one SQLite file, one writer at a time."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SETTINGS_SCHEMA = "CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);"


class Books:
    """One connection to one file, lent to one thread at a time for one transaction.

    What is committed survives the death of the process. (It may lose the last moments with the machine's
    power: the write-ahead log is not forced to the disk at each commit. A sandbox can bear that.)
    """

    def __init__(self, path: Path | None, schema: str) -> None:
        """Open the file, or books in memory, and make the tables that are missing."""
        self._lock = threading.RLock()
        self._depth = 0
        if path is not None:
            # Keys are in it. SQLite gives its other files the same mode.
            path.touch(mode=0o600)
        self._connection = sqlite3.connect(
            path or ":memory:", timeout=30, isolation_level=None, check_same_thread=False
        )
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._connection.executescript(SETTINGS_SCHEMA + schema)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection for one transaction; inside another one, for that one."""
        with self._lock:
            if self._depth:
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            finally:
                self._depth = 0

    def setting(self, name: str, value: str | None = None) -> str | None:
        """Return a setting; with a value, write it first."""
        with self.transaction() as db:
            if value is not None:
                db.execute(
                    "INSERT INTO settings VALUES (?, ?)"
                    " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    (name, value),
                )
            row = db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
            return None if row is None else str(row["value"])

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()
