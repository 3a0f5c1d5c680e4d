"""Indicators: definitions that are checked, and cells that always add up, on either engine."""

import gc
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohong.statistics.facts.reading import connect
from cohong.statistics.facts.shapes import Table, schema
from cohong.statistics.indicators.computing import Computation, Region
from cohong.statistics.indicators.definitions import SHAPES, DefinitionFlawed, Source, read, tree
from cohong.statistics.periods import Frequency
from cohong.statistics.publishing.programme import frequency_of
from cohong.statistics.publishing.programme import read as read_programme

REGIONS = [
    Region("440000", "", "440000"),
    Region("440100", "440100", "440000"),
    Region("440103", "440100", "440000"),
    Region("440300", "440300", "440000"),
]
CITY_OF = {
    "440103": "440100",
    "440100": "440100",
    "440300": "440300",
    "440000": "440000-",
    "HK": "HK-",
    "": "--",
}
PROVINCE_OF = {"HK": "HK", "": "-"}

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "day": st.dates(date(2025, 11, 1), date(2026, 2, 28)),
            "seller": st.integers(1, 4),
            "buyer": st.integers(11, 15),
            "seller_region": st.sampled_from(list(CITY_OF)),
            "buyer_region": st.sampled_from(list(CITY_OF)),
            "industry": st.sampled_from(["steel", "clothing", ""]),
            "market": st.sampled_from(["", "silk"]),
            "form": st.sampled_from(["b2b", "b2c"]),
            "fact": st.sampled_from(["sale", "refund"]),
            "base": st.integers(1, 10**9),
        }
    ),
    min_size=1,
    max_size=60,
)


def facts(rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Fill the columns that a test does not care for."""
    common = {
        "position": 1,
        "trade": 1,
        "way": "retail",
        "cross_border": False,
        "channel": "",
        "currency": "CNY",
        "line": 0,
        "category": "",
        "service": False,
        "orders": 0,
        "quantity": 1,
        "minor": 0,
        "goods_minor": 0,
        "freight_minor": 0,
    }
    whole = [{**common, **row, "base": row["base"] * (-1 if row["fact"] == "refund" else 1)} for row in rows]
    return pa.Table.from_pylist(whole, schema=schema(Table.TRADE))


def cells(rows: Sequence[dict[str, Any]], **more: Any) -> dict[tuple[str, ...], dict[str, Any]]:
    """Compute all cells, by period, region, industry and market."""
    table = ibis.memtable(facts(rows))
    wide = Computation(connect(), tree(), REGIONS, **more).wide(
        {Source.SALES: table, Source.PURCHASES: table}
    )
    return keyed(wide.to_pyarrow().to_pylist())


def keyed(found: Sequence[dict[str, Any]]) -> dict[tuple[str, ...], dict[str, Any]]:
    by_key = {(row["period"], row["region"], row["industry"], row["market"]): row for row in found}
    assert len(by_key) == len(found), "each cell is there once"
    return by_key


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS)
def test_cells_are_what_counting_by_hand_says(rows: Any):
    found = cells(rows)
    turnover: defaultdict[tuple[str, ...], int] = defaultdict(int)
    shoppers: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
    for row in rows:
        for key in keys(row, row["seller_region"]):
            turnover[key] += row["base"] if row["fact"] != "refund" else 0
        for key in keys(row, row["buyer_region"]):
            if row["form"] == "b2c" and row["fact"] == "sale":
                shoppers[key].add(row["buyer"])
    assert {key: row["turnover"] for key, row in found.items() if row["turnover"]} == {
        key: value for key, value in turnover.items() if value
    }
    assert {key: row["shoppers"] for key, row in found.items() if row["shoppers"]} == {
        key: len(who) for key, who in shoppers.items()
    }


def keys(row: dict[str, Any], region: str) -> Iterator[tuple[str, ...]]:
    """Return the keys of all cells that a row belongs to."""
    day, industry = row["day"], row["industry"] or "-"
    for period in (f"{day:%Y-%m}", f"{day.year}-Q{(day.month + 2) // 3}", f"{day.year}"):
        for place in ("", PROVINCE_OF.get(region, "440000"), CITY_OF[region]):
            yield period, place, "", ""
            yield period, place, industry, ""
        if row["market"]:
            yield period, "", "", row["market"]


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS)
def test_cities_sum_to_the_province_and_industries_to_the_total(rows: Any):
    found = cells(rows)
    for code in ("turnover", "net_turnover", "refunds", "turnover_b2b", "retail_sales"):
        for (period, region, industry, market), row in found.items():
            if market:
                continue
            if not industry:
                parts = [
                    one[code] or 0
                    for (when, where, what, market_), one in found.items()
                    if when == period and where == region and what and not market_
                ]
                assert sum(parts) == (row[code] or 0)
            if region == "440000":
                parts = [
                    one[code] or 0
                    for (when, where, what, _), one in found.items()
                    if when == period and what == industry and where in {"440100", "440300", "440000-"}
                ]
                assert sum(parts) == (row[code] or 0)
        for row in found.values():
            assert (row["net_turnover"] or 0) == (row["turnover"] or 0) + (row["refunds"] or 0)


def a_row(**more: Any) -> dict[str, Any]:
    return {
        "day": date(2026, 1, 5),
        "seller": 1,
        "buyer": 11,
        "seller_region": "440100",
        "buyer_region": "440300",
        "industry": "steel",
        "market": "",
        "form": "b2c",
        "fact": "sale",
        "base": 1_000_00,
        "orders": 1,
        **more,
    }


def test_what_is_computed_from_other_indicators_is_in_its_unit():
    found = cells([a_row(), a_row(seller=2, base=3_000_00, form="b2b", buyer=12)])
    total = found["2026-01", "", "", ""]
    assert (total["turnover"], total["orders"], total["order_value"]) == (4_000_00, 2, 2_000_00)
    assert (total["share_b2b"], total["top10_share"]) == (75.0, 100.0)
    assert total["hhi"] == pytest.approx(25**2 + 75**2)
    protection = [total[f"turnover_{which}"] for which in ("contributors", "largest", "second")]
    assert protection == [2, 3_000_00, 1_000_00]
    assert (total["turnover_b2b_contributors"], total["turnover_b2b_largest"]) == (1, 3_000_00)
    assert total["shoppers"] == 1
    assert total["spending_per_shopper"] == 1_000_00
    assert total["delivery_days"] is None, "there is nothing to compute it from"


def test_what_there_is_at_a_moment_is_that_of_the_last_report_in_a_period():
    """Staff of four quarters is not four times the staff, and who has reported no later is still there."""
    rows = [
        {"day": date(2025, month, 1), "unit": unit, "region": region, "field": field, "value": value}
        for unit, region, month, field, value in (
            ("a", "440100", 1, "online_staff", 5),
            ("a", "440100", 4, "online_staff", 7),
            ("a", "440100", 4, "online_sales", 90),
            ("a", "440100", 7, "online_sales", 10),
            ("b", "440300", 1, "online_staff", 3),
            # Moved within the year: staff is where it was last.
            ("c", "440100", 1, "online_staff", 2),
            ("c", "440300", 10, "online_staff", 0),
        )
    ]
    columns = SHAPES[Source.REPORTS][0]
    common = {"industry": "", "market": "", "form": "E201"}
    table = pa.Table.from_pylist([{name: ({**common, **row})[name] for name in columns} for row in rows])
    wide = Computation(connect(), tree(), REGIONS).wide({Source.REPORTS: ibis.memtable(table)})
    found = keyed(wide.to_pyarrow().to_pylist())
    staff = {
        key[:2]: row["online_staff"]
        for key, row in found.items()
        if not key[2] and frequency_of(key[0]) is not Frequency.MONTH
    }
    assert staff == {
        ("2025", ""): 10,
        ("2025", "440000"): 10,
        ("2025", "440100"): 7,
        ("2025", "440300"): 3,
        ("2025-Q1", ""): 10,
        ("2025-Q1", "440000"): 10,
        ("2025-Q1", "440100"): 7,
        ("2025-Q1", "440300"): 3,
        ("2025-Q2", ""): 7,
        ("2025-Q2", "440000"): 7,
        ("2025-Q2", "440100"): 7,
        ("2025-Q3", ""): None,
        ("2025-Q3", "440000"): None,
        ("2025-Q3", "440100"): None,
        ("2025-Q4", ""): 0,
        ("2025-Q4", "440000"): 0,
        ("2025-Q4", "440300"): 0,
    }
    assert found["2025", "", "", ""]["firm_online_sales"] == 100
    assert found["2025", "", "", ""]["online_staff_contributors"] == 2


def test_a_quotient_by_nothing_is_unknown():
    found = cells([a_row(fact="refund", orders=0)])
    assert found["2026-01", "", "", ""]["share_b2b"] is None
    assert found["2026-01", "", "", ""]["net_turnover"] == -1_000_00


# Py4J leaves its sockets to the garbage collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_same_expressions_run_on_a_distributed_engine(tmp_path: Any):
    from pyspark import SparkContext  # noqa: PLC0415 - slow to import
    from pyspark.sql import SparkSession  # noqa: PLC0415 - slow to import

    rows = [
        a_row(
            day=date(2025, 12, 20) + timedelta(days=place),
            seller=1 + place % 3,
            buyer=11 + place % 4,
            base=1_000 * place + 1,
            form=("b2b", "b2c")[place % 2],
            fact=("sale", "sale", "refund")[place % 3],
            seller_region=("440100", "440103", "440300", "HK", "")[place % 5],
        )
        for place in range(30)
    ]
    pq.write_table(facts(rows), tmp_path / "facts.parquet")
    few = {"cuts": [(), ("city", "industry")], "frequencies": [Frequency.MONTH]}
    spark = (
        SparkSession.builder.master("local-cluster[1,1,768]")
        .config("spark.executor.memory", "640m")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        # Of thirty rows, what is generated would take longer to compile than to interpret.
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        .config("spark.sql.adaptive.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    try:
        distributed = ibis.pyspark.connect(spark)
        table = distributed.read_parquet(str(tmp_path / "facts.parquet"))
        wide = Computation(distributed, tree(), REGIONS, **few).wide(
            {Source.SALES: table, Source.PURCHASES: table}
        )
        there = keyed(wide.to_pyarrow().to_pylist())
        del wide
    finally:
        gc.collect()  # Ibis drops what it kept when that is collected: while there is an engine to drop it
        gateway = spark.sparkContext._gateway
        spark.stop()
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait()
        SparkContext._gateway = SparkContext._jvm = None
        gc.collect()
    here = cells(rows, **few)
    assert there.keys() == here.keys()
    for key, row in here.items():
        for name, value in row.items():
            assert there[key][name] == (pytest.approx(value) if isinstance(value, float) else value), (
                key,
                name,
            )


TEXTS = '{ zh_hans = "甲", zh_hant = "甲", en = "A" }'


def defined(code: str, source: str, formula: str) -> str:
    return (
        f'[[indicator]]\ncode = "{code}"\ngroup = "scale"\nnames = {TEXTS}\nunit = "money"\nsource = "{source}"\n'
        f'formula = "{formula}"\nscope = {TEXTS}\ncounting = {TEXTS}\n'
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (defined("a", "sales", "sum(nothing)"), "names what the table has not: nothing"),
        (defined("a", "sales", "sum(base"), "cannot read"),
        (defined("a", "sales", "mean(base)"), "“mean” is no measure"),
        (
            defined("a", "sales", "sum(base, __import__('os'))"),
            "is no condition|names what the table has not",
        ),
        (defined("a", "sales", "sum(base, fact == 'sale', 3)"), "too much in it"),
        (defined("a", "sales", "largest(base)"), "does not say how many"),
        (defined("a", "indicators", "b + 1"), "no indicator b"),
        (defined("a", "indicators", "a + 1"), "computed from itself"),
        (defined("a", "indicators", "open('x')"), "no arithmetic|no indicator"),
        (defined("a", "sales", "sum(base)") * 2, "defined twice"),
        (defined("a b", "sales", "sum(base)"), "no good name"),
        (defined("a", "nowhere", "sum(base)"), "Invalid enum value"),
        ("[[indicator]]\ncode = 'a'\n", "missing required field"),
        ("[[indicator", "Expected"),
    ],
)
def test_flawed_definitions_are_named_when_they_are_loaded(text: str, said: str):
    with pytest.raises(DefinitionFlawed, match=said):
        read(text)


def test_a_programme_breaks_down_what_there_is_at_a_moment_once_a_year():
    text = '[[group]]\nhead = "online_staff"\nby = ["region"]\ndetail = "quarter"\n'
    with pytest.raises(DefinitionFlawed, match="online_staff: what there is at a moment"):
        read_programme(text, tree())


def test_lineage_leads_down_to_what_is_counted():
    names = [one.code for one in tree().lineage("hhi")]
    assert names == ["sales_squares", "turnover"]
    assert tree().lineage("turnover") == []
    assert [one.code for one in tree().lineage("spending_per_shopper")] == ["retail_purchases", "shoppers"]
    assert not tree().by_code["shoppers"].is_additive
    assert tree().by_code["turnover"].is_additive
    assert tree().by_code["turnover"].adds_over_time
    assert tree().by_code["online_staff"].is_additive
    assert not tree().by_code["online_staff"].adds_over_time
