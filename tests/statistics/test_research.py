"""Published figures over the HTTP interface, as files with their code book, as open data, and as saved queries."""

import csv
import io
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.utils import translation
from openpyxl import load_workbook

import published_world
from cohong.statistics import api as statistics
from cohong.statistics import durable
from cohong.statistics.api import Choice, DownloadFormat, Frequency
from trading import acting_for

MONTHS = Choice(indicators=("turnover",), regions=None)


@pytest.fixture
def two(db: None, settings: Any, tmp_path: Path) -> tuple[int, int]:
    settings.DATA_FOLDER = tmp_path
    published_world.define_places()
    return published_world.release(1), published_world.release(2)


def test_figures_over_http_show_what_is_published_and_say_how_to_cite_it(two: tuple[int, int]):
    client = Client(headers={"Accept-Language": "en"})
    asked = "/api/v1/statistics/figures?indicator=turnover&region=*&from=2025-12"
    told = client.get(asked).json()
    assert [(one["region"], one["period"], one["value"], one["mark"]) for one in told["figures"]] == [
        ("", "2025-12", "1250", ""),
        ("", "2026-01", "1300", "p"),
        ("440100", "2025-12", "900", "p"),
        ("440300", "2025-12", None, "c"),
    ]
    pinned = client.get(f"{asked}&release={two[0]}").json()
    assert pinned["figures"][0] == {
        "indicator": "turnover",
        "period": "2025-12",
        "region": "",
        "industry": "",
        "market": "",
        "value": "1200",
        "mark": "p",
    }
    again = client.get(told["citation"].split("testserver")[1]).json()
    assert (again["figures"], f"release={two[1]}" in told["citation"]) == (told["figures"], True)
    for wrong, code in (
        ("indicator=nothing", "IndicatorUnknown"),
        ("", "NothingChosen"),
        ("indicator=turnover&from=2026&to=2025", "PeriodsReversed"),
        ("indicator=turnover&frequency=fortnight", "FrequencyUnknown"),
        (f"indicator=turnover&release={two[1] + 1}", "NoSuchRelease"),
    ):
        assert client.get(f"/api/v1/statistics/figures?{wrong}").json()["code"] == code


def test_each_file_has_its_code_book_and_citation(two: tuple[int, int]):
    chosen = statistics.choose(MONTHS)
    with translation.override("en"):
        files = {
            one: statistics.write_figures(chosen, ["turnover"], format_=one, citation="cite me")
            for one in DownloadFormat
        }
    packed = zipfile.ZipFile(io.BytesIO(files[DownloadFormat.CSV]))
    text = packed.read("figures.csv")
    assert text.startswith("\ufeff".encode()), "spreadsheets know UTF-8 by it"
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    assert {(row["region_name"], row["period"], row["value"], row["mark"]) for row in rows} >= {
        ("Shenzhen", "2025-12", "", "c"),
        ("Total", "2025-11", "1000.5", ""),
    }
    book = list(csv.DictReader(io.StringIO(packed.read("codebook.csv").decode("utf-8-sig"))))
    assert book[0]["name"] == "E-commerce turnover"
    assert {row["code"] for row in book if row["kind"] == "mark"} == {"", "p", "c"}
    assert packed.read("citation.txt") == b"cite me\n"
    columns = pq.read_table(
        io.BytesIO(zipfile.ZipFile(io.BytesIO(files[DownloadFormat.PARQUET])).read("figures.parquet"))
    )
    assert (columns.num_rows, columns["release"][0].as_py()) == (len(rows), two[1])
    workbook = load_workbook(io.BytesIO(files[DownloadFormat.XLSX]))
    assert workbook.sheetnames == ["figures", "code book", "citation"]
    assert workbook["figures"].max_row == len(rows) + 1


def test_open_data_is_whole_or_not_there(two: tuple[int, int], monkeypatch: pytest.MonkeyPatch):
    [scale] = [one for one in statistics.data_offers() if one.of.code == "scale"]
    assert (scale.first, scale.last, scale.figures) == ("2025", "2026", 8)

    class Killed(BaseException):
        pass

    def kill(_: int) -> None:
        raise Killed

    monkeypatch.setattr(durable.os, "fsync", kill)
    with pytest.raises(Killed):
        statistics.export_data_set(code="scale", format_=DownloadFormat.CSV)
    monkeypatch.undo()
    path = statistics.export_data_set(code="scale", format_=DownloadFormat.CSV)
    assert [one.name for one in path.parent.iterdir()] == [path.name], "no draft is left"
    packed = zipfile.ZipFile(path)
    rows = list(csv.DictReader(io.StringIO(packed.read("scale.csv").decode("utf-8-sig"))))
    assert {row["release"] for row in rows} == {str(two[1])}
    assert len(rows) == 7, "what was taken back is not there"
    assert not [row for row in rows if row["mark"] == "c" and row["value"]]
    assert {f"codebook.{one}.csv" for one in ("zh-hans", "zh-hant", "en")} < set(packed.namelist())
    earlier = statistics.export_data_set(code="scale", format_=DownloadFormat.CSV, release_id=two[0])
    assert earlier != path
    with pytest.raises(statistics.NoSuchDataSet):
        statistics.export_data_set(code="../scale", format_=DownloadFormat.CSV)
    grouped = [one.code for found in statistics.data_sets() for one in found.indicators]
    public = [one.code for one in statistics.tree().by_code.values() if one.is_public]
    assert sorted(grouped) == sorted(public), "every public indicator is in one data set"


def test_saved_queries_are_ones_own_until_shared(
    transactional_db: None, two: tuple[int, int], monkeypatch: pytest.MonkeyPatch
):
    me, other = acting_for(UUID(int=1)), acting_for(UUID(int=2))
    choice = Choice(
        indicators=("turnover", "orders"), frequencies=(Frequency.YEAR,), regions=("", "440100"), last="2026"
    )
    query_id = statistics.save_query(actor=me, name="各市年度", choice=choice, release_id=two[0])
    [mine] = statistics.saved_queries(actor=me)
    assert (mine.choice, mine.release, mine.share_key) == (choice, two[0], "")
    assert statistics.saved_queries(actor=other) == []
    for act in (
        lambda: statistics.saved_query(actor=other, query_id=query_id),
        lambda: statistics.delete_query(actor=other, query_id=query_id),
        lambda: statistics.share_query(actor=other, query_id=query_id, shared=True),
        lambda: statistics.shared_query(key=""),
    ):
        with pytest.raises(statistics.NoSuchQuery):
            act()
    key = statistics.share_query(actor=me, query_id=query_id, shared=True)
    assert statistics.shared_query(key=key).choice == choice
    statistics.share_query(actor=me, query_id=query_id, shared=False)
    with pytest.raises(statistics.NoSuchQuery):
        statistics.shared_query(key=key)
    with pytest.raises(statistics.NameTaken):
        statistics.save_query(actor=me, name="各市年度", choice=choice)
    monkeypatch.setattr("cohong.statistics.research.saved.MOST_SAVED", 1)
    with pytest.raises(statistics.TooManyQueries):
        statistics.save_query(actor=me, name="又一个", choice=choice)
    statistics.delete_query(actor=me, query_id=query_id)
    assert statistics.saved_queries(actor=me) == []
