"""The bench of statistics: both ways come to the same figures, and what they took is told."""

import argparse
import json
from pathlib import Path

import pytest

from cohong.bench import command
from cohong.bench.statistics import measure


def test_both_ways_agree_and_are_timed(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    arguments = parser.parse_args(["statistics", "--json", "--lines", "6000", "--folder", str(tmp_path)])
    assert command.run(arguments) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["lines"] == 6_000
    assert figures["figures"] > figures["cells"] > 1_000
    assert figures["ratio"] == pytest.approx(figures["seconds"] / figures["sql_seconds"], rel=0.02)
    assert 0 < figures["peak_mb"] < 8_192
    assert list(tmp_path.iterdir()) == [], "the lines are gone"


def test_a_difference_is_named(tmp_path: Path):
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    import pyarrow.parquet as pq  # noqa: PLC0415

    row = {"period": "2025", "region": "", "industry": "", "market": "", "turnover": 5}
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "definitions.parquet")
    pq.write_table(pa.Table.from_pylist([{**row, "turnover": 6}]), tmp_path / "sql.parquet")
    with pytest.raises(ValueError, match=r"turnover of .*: 5 from definitions, 6 by hand"):
        measure._compared(tmp_path)
