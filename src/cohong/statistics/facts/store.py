"""The files of facts, and which of them count.

    <data folder>/statistics/<database>/<table>/day=2026-11-24/<name>.parquet

A file is written whole and under a name of its own before the database names it, in the transaction that moves the
follower's cursor. So after a kill at any point there are only files that count and files that nobody names; the latter are
swept up some time later. A reader takes the names from the database and sees one state, whatever is written meanwhile.

A day gets a file with each batch that has something of it; many small ones are merged into one. Facts that were taken over
from elsewhere keep files of their own: the journal cannot write those anew.
"""

import os
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection

from cohong.kernel import sets
from cohong.kernel.ids import new_id
from cohong.statistics import durable
from cohong.statistics.facts.shapes import Table, schema

#: A day with more files than this is merged.
MOST_FILES: Final = 16
#: Whoever began to read a file before it was merged has finished by then.
_GRACE_S: Final = 900
_COLUMNS: Final = ("table_name", "day", "name", "rows", "first_position", "last_position")
Row = Mapping[str, Any]


def folder(table: Table) -> Path:
    """Return the folder of a table of this database: databases of one installation share nothing."""
    return Path(settings.DATA_FOLDER) / "statistics" / str(connection.settings_dict["NAME"]) / table


def add(table: Table, rows: Iterable[Row]) -> None:
    """Write facts into a new file for each of their days, and name the files in the transaction that is under way."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    days: defaultdict[date, list[Row]] = defaultdict(list)
    for row in rows:
        days[row["day"]].append(row)
    named = []
    for day, some in sorted(days.items()):
        positions = [row["position"] for row in some]
        data = pa.Table.from_pylist(some, schema=schema(table))
        named.append((table, day, _write(table, day, data), len(some), min(positions), max(positions)))
    if named:
        sets.insert("statistics_fact_file", _COLUMNS, named)


def take_in(table: Table, data: Any, *, takeover: int) -> None:
    """Write facts of an Arrow table that were taken over, a file for each of their days, in the transaction under way."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    import pyarrow.compute as pc  # noqa: PLC0415

    whole = data.append_column("position", pa.array([-takeover] * len(data), pa.int64()))
    whole = whole.select(schema(table).names).cast(schema(table))
    named = []
    for day in sorted(pc.unique(whole["day"]).to_pylist()):
        some = whole.filter(pc.equal(whole["day"], pa.scalar(day, pa.date32())))
        named.append((table, day, _write(table, day, some), len(some), -takeover, -takeover, takeover))
    if named:
        sets.insert("statistics_fact_file", (*_COLUMNS, "takeover_id"), named)


def forget(*, takeover: int) -> None:
    """Let the files of one take-over count no more."""
    sets.run("delete from statistics_fact_file where takeover_id = %s", (takeover,))


def _write(table: Table, day: date, data: Any) -> str:
    import pyarrow.parquet as pq  # noqa: PLC0415 - slow to import

    place = folder(table) / f"day={day}"
    name = f"{new_id().hex}.parquet"
    durable.write_whole(
        place / name, lambda draft: pq.write_table(data, draft, compression="zstd", use_dictionary=True)
    )
    return name


def files(
    table: Table, *, first: date | None = None, last: date | None = None, journal_only: bool = False
) -> list[str]:
    """Return the paths of the files that count, of all days or from the `first` to the `last`; or only the journal's."""
    found = sets.fetch(
        "select day, name from statistics_fact_file where table_name = %s and day >= coalesce(%s::date, day)"
        " and day <= coalesce(%s::date, day) and (takeover_id is null or not %s) order by day, id",
        (table, first, last, journal_only),
    )
    here = folder(table)
    return [str(here / f"day={day}" / name) for day, name in found]


def lost() -> list[str]:
    """Return the paths of the journal's files that count and are not there, or are cut short: they can only be built anew."""
    return [path for table in Table for path in files(table, journal_only=True) if not _is_whole(Path(path))]


def lost_taken_over() -> list[tuple[int, date, str]]:
    """Return (take-over, day, path) of what was taken over and is not there: only taking it over again brings it back."""
    found = sets.fetch(
        "select takeover_id, table_name, day, name from statistics_fact_file where takeover_id is not null order by day, id"
    )
    paths = [
        (takeover, day, folder(Table(table)) / f"day={day}" / name) for takeover, table, day, name in found
    ]
    return [(takeover, day, str(path)) for takeover, day, path in paths if not _is_whole(path)]


def _is_whole(path: Path) -> bool:
    magic = b"PAR1"
    try:
        with path.open("rb") as file:
            file.seek(-len(magic), os.SEEK_END)
            return file.read() == magic
    except OSError:
        return False


def reset() -> None:
    """Let no file count any more that comes from the journal."""
    sets.run("delete from statistics_fact_file where takeover_id is null")


def merge_one() -> int:
    """Merge the small files of one day that has too many; return how many there were, 0 if none needs it."""
    found = sets.fetch(
        "select table_name, day from statistics_fact_file where takeover_id is null"
        " group by table_name, day having count(*) > %s order by count(*) desc limit 1",
        (MOST_FILES,),
    )
    if not found:
        return 0
    [(name, day)] = found
    table = Table(name)
    merged = sets.fetch(
        "delete from statistics_fact_file where table_name = %s and day = %s and takeover_id is null"
        " returning name, rows, first_position, last_position",
        (table, day),
    )
    data = _read(table, day, [name for name, *_ in merged])
    total = sum(rows for _, rows, *_ in merged)
    if data.num_rows != total:
        raise OSError(f"{table} of {day}: {data.num_rows} rows in the files, {total} in the books")
    whole = (
        *(table, day, _write(table, day, data), total),
        *(min(first for *_, first, _ in merged), max(last for *_, last in merged)),
    )
    sets.insert("statistics_fact_file", _COLUMNS, [whole])
    return len(merged)


def _read(table: Table, day: date, names: Sequence[str]) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    import pyarrow.parquet as pq  # noqa: PLC0415

    place = folder(table) / f"day={day}"
    parts = [pq.ParquetFile(place / name).read() for name in names]
    return pa.concat_tables(parts).cast(schema(table)).sort_by("position")


def sweep(*, older_than_s: float = _GRACE_S) -> int:
    """Remove files that do not count, once nobody can be reading or writing them any more; return how many."""
    swept = 0
    for table in Table:
        counting = set(files(table))
        for path in folder(table).glob("day=*/*"):
            try:
                if str(path) not in counting and time.time() - path.stat().st_mtime > older_than_s:
                    path.unlink()
                    swept += 1
            except FileNotFoundError:
                continue
    return swept
