"""Compute the tree from definitions and by hand, each in a process of its own, and compare all figures of theirs."""

import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from cohong.bench.statistics import by_hand, lines

LINES: Final = 100_000_000
MEMORY_MB: Final = 5_000
_KEYS: Final = ("period", "region", "industry", "market")
Progress = Callable[[str, int, int], None]


def measure(
    *, count: int = LINES, folder: Path | None = None, progress: Progress | None = None
) -> dict[str, Any]:
    """Make the lines, compute both ways, and return the figures. Raises `ValueError` if the two disagree."""
    with tempfile.TemporaryDirectory(prefix="cohong-lines-", dir=folder) as made:
        here = Path(made)
        report = None if progress is None else lambda done, of: progress("lines", done, of)
        paths = lines.write(here, count, report)
        size = sum(Path(path).stat().st_size for some in paths.values() for path in some)
        outcomes = {}
        for done, way in enumerate(("sql", "definitions")):
            if progress is not None:
                progress("computing", done, 2)
            outcomes[way] = _run(way, here, paths)
        if progress is not None:
            progress("computing", 2, 2)
        figures = _compared(here)
    seconds, by_sql = outcomes["definitions"]["seconds"], outcomes["sql"]["seconds"]
    return {
        "lines": count,
        "bytes": size,
        "cells": figures["cells"],
        "figures": figures["figures"],
        "seconds": round(seconds, 2),
        "sql_seconds": round(by_sql, 2),
        "ratio": round(seconds / by_sql, 3),
        "peak_mb": outcomes["definitions"]["peak_mb"],
        "sql_peak_mb": outcomes["sql"]["peak_mb"],
    }


def _run(way: str, here: Path, paths: dict[str, list[str]]) -> dict[str, Any]:
    asked = json.dumps({"way": way, "here": str(here), **paths})
    code = "from cohong.bench.statistics.measure import compute; compute()"
    done = subprocess.run(  # noqa: S603 - this program's own code
        [sys.executable, "-W", "ignore", "-c", code], input=asked, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"computing by {way} failed: {done.stderr[-2_000:]}")
    answer: dict[str, Any] = json.loads((here / f"{way}.json").read_text())
    return answer


def compute() -> None:
    """Compute one way, as the child process: what is asked comes by standard input, answers are files."""
    import resource  # noqa: PLC0415

    import django  # noqa: PLC0415

    django.setup()
    asked = json.load(sys.stdin)
    spill = Path(asked["here"]) / f"spill-{asked['way']}"
    compute_way = _by_sql if asked["way"] == "sql" else _from_definitions
    began = time.monotonic()
    table = compute_way(asked, spill)
    seconds = time.monotonic() - began
    import pyarrow.parquet as pq  # noqa: PLC0415 - slow to import

    pq.write_table(table, Path(asked["here"]) / f"{asked['way']}.parquet")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    answer = json.dumps({"seconds": seconds, "peak_mb": peak})
    (Path(asked["here"]) / f"{asked['way']}.json").write_text(answer)


def _settings(spill: Path) -> dict[str, Any]:
    return {
        "threads": 2,
        "memory_limit": f"{MEMORY_MB}MB",
        "preserve_insertion_order": False,
        "temp_directory": str(spill),
    }


def _by_sql(asked: dict[str, Any], spill: Path) -> Any:
    import duckdb  # noqa: PLC0415 - slow to import

    connection = duckdb.connect(config=_settings(spill))
    tables = [f"read_parquet({asked[table]!r})" for table in ("trade", "steps")]
    *before, last = by_hand.statements(*tables)
    for statement in before:
        connection.execute(statement)
    return connection.execute(last).to_arrow_table()


def _from_definitions(asked: dict[str, Any], spill: Path) -> Any:
    import ibis  # noqa: PLC0415 - slow to import

    from cohong.statistics import api as statistics  # noqa: PLC0415

    backend = ibis.duckdb.connect(**_settings(spill))
    trade, steps = (backend.read_parquet(asked[table]) for table in ("trade", "steps"))
    places = [statistics.Place(code, code, "440000") for code in lines.REGIONS]
    return statistics.compute(backend, trade=trade, steps=steps, places=places).to_pyarrow()


def _compared(here: Path) -> dict[str, int]:
    """Compare all cells and figures of the two results."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - slow to import

    ours, theirs = (
        {tuple(row[key] for key in _KEYS): row for row in pq.read_table(here / f"{way}.parquet").to_pylist()}
        for way in ("definitions", "sql")
    )
    if ours.keys() != theirs.keys():
        raise ValueError(f"the cells differ: {sorted(ours.keys() ^ theirs.keys())[:5]}")
    figures = 0
    for key, row in theirs.items():
        for name, value in row.items():
            if name in _KEYS:
                continue
            other = ours[key][name]
            same = other == value or (
                value is not None and other is not None and math.isclose(other, value, rel_tol=1e-9)
            )
            if not same:
                raise ValueError(f"{name} of {key}: {other} from definitions, {value} by hand")
            figures += 1
    return {"cells": len(ours), "figures": figures}
