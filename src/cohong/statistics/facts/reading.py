"""Opening the facts to Ibis: tables of one state of the journal, on DuckDB or another engine."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from cohong.kernel.ids import new_id
from cohong.statistics.facts import store
from cohong.statistics.facts.shapes import Table, schema


def connect(*, memory_mb: int = 4_096, threads: int = 2) -> Any:
    """Return a DuckDB connection of Ibis, in memory, that spills to disk beyond `memory_mb`."""
    import ibis  # noqa: PLC0415 - slow to import

    return ibis.duckdb.connect(
        threads=threads,
        memory_limit=f"{memory_mb}MB",
        preserve_insertion_order=False,
        # Nothing is ever fetched from elsewhere.
        autoinstall_known_extensions=False,
    )


def open_table(
    backend: Any,
    table: Table,
    *,
    first: date | None = None,
    last: date | None = None,
    paths: Sequence[str] = (),
    journal_only: bool = False,
) -> Any:
    """Return a table of facts as an Ibis table: of the files that count, of these days; or of the named files.

    `journal_only` leaves out what was taken over from elsewhere.
    """
    found = list(paths) or store.files(table, first=first, last=last, journal_only=journal_only)
    if not found:
        return keep(backend, schema(table).empty_table())
    return backend.read_parquet(found)


def keep(backend: Any, table: Any) -> Any:
    """Give an Arrow table to a backend, and return it as its own: Ibis would not know whose one in memory is."""
    return backend.create_table(f"kept_{new_id().hex}", table, temp=True)


def rows_of(trade: int, *, first: date, last: date) -> list[dict[str, Any]]:
    """Return the facts of trade of one order, by the position of its first document, booked from the first to the last day."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - slow to import

    rows: list[dict[str, Any]] = []
    for path in store.files(Table.TRADE, first=first, last=last, journal_only=True):
        rows += pq.read_table(path, filters=[("trade", "=", trade)], partitioning=None).to_pylist()
    return sorted(rows, key=lambda row: (row["position"], row["line"]))
