"""The monthly bulletin: says what a release shows and nothing else, the same each time, in three languages."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from reporting_world import Bureau

from cohong.cli import main as cli
from cohong.kernel import sets
from cohong.portal.bulletins import keeping
from cohong.portal.bulletins.keeping import bulletin_pdf
from cohong.statistics import api as statistics
from cohong.statistics.api import Period

#: What makes a month larger or smaller than the average.
SEASON = (90, 60, 100, 98, 102, 110, 95, 96, 104, 112, 160, 120)
#: What each is of the whole, in percent.
SHARES = {"turnover_b2b": 70, "retail_sales": 30, "turnover_cross_border": 12}


def whole(year: int, month: int) -> Decimal:
    """What the region traded in a month: 8% more each year."""
    return Decimal(SEASON[month - 1]) * 250_000_000 * 108 ** (year - 2024) / 100 ** (year - 2024)


def figures() -> Iterator[tuple[Any, ...]]:
    """From March 2024 to October 2026: totals, two cities, two industries; Shenzhen's last October is withheld."""
    months = [(year, month) for year in (2024, 2025, 2026) for month in range(1, 13)][2:34]
    for year, month in months:
        period, value = f"{year}-{month:02}", whole(year, month)
        status = "provisional" if (year, month) == (2026, 10) else "final"

        def row(
            indicator: str,
            value: Decimal,
            *cut: str,
            withheld: str = "",
            period: str = period,
            status: str = status,
        ) -> tuple[Any, ...]:
            return indicator, period, *(cut or ("", "", "")), status, value, withheld

        yield row("turnover", value)
        yield row("orders", value / 125)
        yield row("return_rate", Decimal("3.25"))
        for part, percent in SHARES.items():
            more = 1 if part == "turnover_cross_border" and year == 2026 else 0
            yield row(part, value * (percent + more) / 100)
        hidden = "primary" if (year, month) in {(2026, 9), (2025, 9)} else ""
        yield row("turnover", value * 6 / 10, "440100", "", "", withheld=hidden)
        yield row("turnover", value * (3 if year < 2026 else 4) / 10, "440300", "", "", withheld=hidden)
        yield row("turnover", value * 9 / 10, "", "clothing", "")
        yield row("turnover", value / 10, "", "steel", "")


@pytest.fixture
def published(bureau: Bureau, settings: Any, tmp_path: Path) -> int:
    """Let a release show them."""
    settings.DATA_FOLDER = tmp_path
    at, document = datetime(2026, 11, 9, 2, tzinfo=UTC), UUID(int=77)
    [(vintage,)] = sets.fetch(
        "insert into statistics_vintage (made_at, reason, position, changed, document) values (%s, 'test', 1, 1, %s)"
        " returning id",
        (at, document),
    )
    [(release,)] = sets.fetch(
        "insert into statistics_release (vintage_id, published_at, note, changed, withheld, exposed, document)"
        " values (%s, %s, '', 1, 0, 0, %s) returning id",
        (vintage, at, document),
    )
    columns = (
        "indicator",
        "period",
        "region",
        "industry",
        "market",
        "status",
        "value",
        "withheld",
        "release_id",
    )
    sets.insert("statistics_released_value", columns, [(*one, release) for one in figures()])
    return int(release)


def written(period: str, language: str) -> statistics.Bulletin:
    return statistics.bulletin(period=Period.parse(period), language=language)


def said(bulletin: statistics.Bulletin, place: int = 0) -> str:
    return bulletin.sections[place].paragraphs[0]


def test_a_month_in_three_languages(published: int):
    simplified, traditional, english = (written("2026-10", one) for one in ("zh-hans", "zh-hant", "en"))
    assert (simplified.title, simplified.period) == ("广东省电子商务统计月报", "2026年10月")
    assert said(simplified) == (
        "2026年10月，电子商务交易额326.59亿元，同比增长8.0%。比9月增长7.7%。1月至10月累计2,819.77亿元，同比增长8.0%。"
        "已连续19期同比增长。"
    )
    assert said(traditional).startswith("2026年10月，電子商務交易額326.59億元，按年上升8.0%。較9月上升7.7%。")
    assert said(english) == (
        "In October 2026, e-commerce turnover came to 32.66 billion yuan, up 8.0% on a year earlier. "
        "It was 7.7% more than in September. From January to October it added up to 281.98 billion yuan, "
        "up 8.0% on a year earlier. It has grown on a year earlier 19 times in a row."
    )
    assert (
        "Cross-border turnover came to 4.25 billion yuan, up 17.0% on a year earlier; that is 13.0% of the total,"
        " 1.0 percentage points more than a year earlier." in said(english, 1)
    )
    assert "广州市（195.96亿元）和深圳市（130.64亿元）" in said(simplified, 2)
    assert said(simplified, 2).endswith("在交易额占比不低于1%的城市中，深圳市增速最快，增长44.0%。")
    assert [tile.value for tile in english.tiles] == [
        "32.66 billion yuan",
        "9.80 billion yuan",
        "4.25 billion yuan",
        "261.27 million",
    ]
    assert any("provisional" in note for note in english.notes)
    assert english.disclaimer == ""


def test_january_and_february_are_one_and_records_are_told(published: int):
    both = written("2026-02", "en")
    assert (both.period, both.sections[0].paragraphs[0]) == (
        "January and February 2026",
        (
            "In January and February 2026, e-commerce turnover came to 43.74 billion yuan, up 8.0% on a year earlier. "
            "It has grown on a year earlier 11 times in a row."
        ),
    )
    assert both == written("2026-01+02", "en")
    assert not any(one.heading == "Service" for one in both.sections), "rates are not added up"
    assert statistics.bulletin_periods(release=published)[:2] == ["2026-10", "2026-09"]
    assert "2026-01+02" in statistics.bulletin_periods(release=published)
    assert "2026-02" not in statistics.bulletin_periods(release=published)


def test_nothing_is_said_of_what_is_withheld(published: int):
    september = written("2026-09", "en")
    assert not any(one.heading == "Cities" for one in september.sections), "none of them is shown"
    [table] = next(one for one in written("2026-10", "en").sections if one.heading == "Cities").tables
    assert [row.cells for row in table.rows] == [
        ("Guangzhou", "19.60", "+8.0", "60.0", "x", "—"),
        ("Shenzhen", "13.06", "+44.0", "40.0", "x", "—"),
    ]
    with pytest.raises(statistics.NoSuchRelease):
        written("2026-11", "en")
    with pytest.raises(statistics.NoSuchRelease):
        written("2024-02", "en")


def test_a_bulletin_is_set_once_whole_and_the_same(
    published: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    first = bulletin_pdf(period="2026-10", language="zh-hant")
    assert first.startswith(b"%PDF")
    [kept] = tmp_path.glob("bulletins/*/*.pdf")
    # Killed while it was written: what is left is no bulletin.
    kept.unlink()
    (kept.parent / "0.part").write_bytes(first[:100])
    assert bulletin_pdf(period="2026-10", language="zh-hant") == first == kept.read_bytes()
    monkeypatch.setattr(keeping, "_set", lambda *_: pytest.fail("it is kept"))
    out = tmp_path / "out.pdf"
    words = ["bulletin", "--period", "2026-10", "--language", "zh-hant", "-o", str(out)]
    assert cli.main(["statistics", *words]) == 0
    assert out.read_bytes() == first


def test_everyone_can_have_them(published: int):
    client = Client()
    client.cookies["django_language"] = "en"
    page = client.get("/data/bulletins/").content.decode()
    address = f"/data/bulletins/{published}/2026-10/en.pdf"
    assert address in page
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    for wrong in ("2026-11/en", "2026-10/fr", "2026/en", "x/en"):
        assert client.get(f"/data/bulletins/{published}/{wrong}.pdf").status_code in {404, 422}, wrong
    assert client.get("/data/bulletins/999/2026-10/en.pdf").status_code == 404
