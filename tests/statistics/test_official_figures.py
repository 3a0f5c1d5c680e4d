"""Official figures: stated by the province, corrected by new versions, and never counted twice between cities and province."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from reporting_world import Bureau

from cohong.kernel.errors import BadInput
from cohong.parties.api import SYSTEM
from cohong.statistics import api as statistics
from cohong.statistics.api import FigureDraft, FiguresFlawed, FiguresTaken, FigureState, Frequency
from cohong.statistics.indicators.definitions import tree
from cohong.statistics.reporting.refusals import WrongLevel
from cohong.statistics.targets.plans import plan

RETAIL = "total_retail_sales"


@pytest.fixture
def bureau(transactional_db: None, settings: Any, tmp_path: Path) -> Bureau:
    settings.DATA_FOLDER = tmp_path
    return Bureau()


def figure(value: str | None, region: str = "440000", **more: Any) -> FigureDraft:
    fields = {"series": RETAIL, "period": "2014-03", "publisher": "省统计局", **more}
    return FigureDraft(region=region, value=None if value is None else Decimal(value), **fields)


def observed(indicator: str, period: str = "2014-03") -> dict[str, Decimal]:
    found = statistics.cells(indicators=[indicator], periods=[period])
    return {one.region: one.value for one in found if one.value is not None and not one.industry}


def test_a_correction_is_a_new_version(bureau: Bureau):
    def state(*items: FigureDraft) -> int:
        return statistics.state_figures(actor=bureau.province, items=items)

    assert state(figure("1000")) == 1
    assert state(figure("1000")) == 0
    assert state(figure("1200", status=statistics.FigureState.REVISED)) == 1
    [now] = statistics.official_figures(series=RETAIL)
    assert (now.value, now.version, now.status) == (1200, 2, "revised")
    assert [
        one.value for one in statistics.figure_history(series=RETAIL, period="2014-03", region="440000")
    ] == [
        1000,
        1200,
    ]
    assert state(figure(None)) == 1
    assert statistics.official_figures(series=RETAIL) == []
    assert [text for one in statistics.audit() for text in one.findings] == []


def test_only_the_province_states_figures_and_wrong_ones_are_named(bureau: Bureau):
    with pytest.raises(WrongLevel):
        statistics.state_figures(actor=bureau.guangzhou, items=[figure("1")])
    wrong = [
        figure("1", series="turnover"),
        figure("1", period="2014-03-01"),
        figure("1", period="2999-01"),
        figure("1", region="999999"),
        figure("-1"),
        figure("1", publisher=""),
        figure("0.5", series="employment", period="2014"),
        figure("30", series="national_retail_share", period="2014"),
        figure("1000", period="2013-05"),
        figure("9", period="2013-05"),
        figure("9000", period="2013"),
    ]
    with pytest.raises(FiguresFlawed) as refused:
        statistics.state_figures(actor=bureau.province, items=wrong)
    assert [(one.row, one.column) for one in refused.value.flaws] == [
        (1, "series"),
        (2, "period"),
        (3, "period"),
        (4, "region"),
        (5, "value"),
        (6, "publisher"),
        (7, "value"),
        (8, "region"),
        (10, "period"),
        (11, "period"),
    ]
    assert statistics.official_figures() == []


def test_cities_sum_to_the_province_whatever_was_stated(bureau: Bureau):
    unit = bureau.open(
        "平台", "440100", kind=statistics.UnitKind.PLATFORM, platform=statistics.PlatformKind.OWN
    )
    rows = {"440100": "30", "440300": "20"}
    sheet = {"region_turnover": rows, "region_retail": rows, "region_purchases": {}, "region_sellers": {}}
    statistics.take_over_reports(
        actor=SYSTEM,
        items=[statistics.PastReport(unit_id=unit, form="P102", period="2014-03", contents=sheet)],
        signer="旧系统",
    )

    def state(*items: FigureDraft) -> None:
        statistics.state_figures(actor=bureau.province, items=items)
        statistics.observe(reason="figures")

    state(figure("60000", "440100"))
    assert observed(RETAIL) == {}, "one city of two is no province"
    state(figure("40000", "440300"), figure("40", "", series="national_retail_share", period="2014"))
    assert observed(RETAIL) == {"": 100_000, "440000": 100_000, "440100": 60_000, "440300": 40_000}
    assert observed("region_retail") == {"": 50_000, "440000": 50_000, "440100": 30_000, "440300": 20_000}
    assert observed("retail_share") == {"": 50, "440000": 50, "440100": 50, "440300": 50}
    assert observed("national_retail_share", "2014") == {"": 40}
    # The province's own figure counts for the province; what is in none of its cities stands beside them.
    state(figure("200000"))
    assert observed(RETAIL)["440000-"] == 100_000
    assert (observed("retail_share")["440000"], observed("retail_share")["440100"]) == (25, 50)
    # Without the cities' figures, their quotients are unknown, not wrong.
    state(figure(None, "440100"), figure(None, "440300"))
    assert observed("retail_share") == {"": 25, "440000": 25}
    # January and February together say nothing of January.
    state(figure("90000", period="2014-01+02"))
    year = statistics.series(indicators=[RETAIL], frequency=Frequency.YEAR)
    assert [one.value for one in year] == [290_000]
    assert observed(RETAIL, "2014-01") == {}


def test_figures_are_read_by_everyone_over_http(bureau: Bureau, client: Client):
    statistics.state_figures(actor=bureau.province, items=[figure("1000"), figure("20", period="2014-04")])
    statistics.state_figures(actor=bureau.province, items=[figure("1200")])
    base = "/api/v1/statistics/official-figures"
    found = client.get(f"{base}?series={RETAIL}").json()
    assert [(one["period"], Decimal(one["value"]), one["version"]) for one in found] == [
        ("2014-04", 20, 1),
        ("2014-03", 1200, 2),
    ]
    history = client.get(f"{base}/{RETAIL}/2014-03?region=440000").json()
    assert [Decimal(one["value"]) for one in history] == [1000, 1200]
    assert client.post(base, data="{}", content_type="application/json").status_code == 401


def upload(bureau: Bureau, text: str, encoding: str = "utf-8") -> statistics.FiguresTaken:
    return statistics.upload_figures(
        actor=bureau.province, content=text.encode(encoding), filename="figures.csv"
    )


HEAD = "指标,报告期,地区,数值,数据性质,发布机构,资料出处\n"


def test_a_file_states_figures_and_corrects_them(bureau: Bureau):
    rows = '社会消费品零售总额,2014-03,广东省,"1,000.5",初步数据,省统计局,公报\n进出口总额,2014-03,,,,,\n'
    rows = rows.replace("初步数据", str(_said(FigureState.PRELIMINARY)))
    assert upload(bureau, HEAD + rows, "gb18030") == FiguresTaken(figures=1, changed=1)
    [one] = statistics.official_figures()
    assert (one.series, one.region, one.value, one.status) == (
        RETAIL,
        "440000",
        Decimal("1000.5"),
        "preliminary",
    )
    assert upload(bureau, HEAD + rows) == FiguresTaken(figures=1, changed=0)
    # The template has what stands, and a row for each series that has nothing; read back, it changes nothing.
    for format_ in ("csv", "xlsx"):
        content = statistics.figures_template(actor=bureau.province, format=format_, language="zh-hant")
        again = statistics.upload_figures(
            actor=bureau.province, content=content, filename=f"figures.{format_}"
        )
        assert again == FiguresTaken(figures=1, changed=0)
    text = statistics.figures_template(actor=bureau.province, format="csv", language="en").decode("utf-8-sig")
    lines = text.splitlines()
    assert len(lines) == 1 + len(statistics.figure_series())
    assert lines[1].startswith("Total retail sales of consumer goods,Money (CNY),2014-03,Guangdong,,1000.5,")
    # Corrected and filled in, it makes a new version of the one and the first of another.
    text = text.replace(",1000.5,", ",1200,").replace(
        "Firms,Firms,,Guangdong,,,Final,,", "Firms,Firms,2014,Guangdong,,77,Final,省统计局,"
    )
    assert upload(bureau, text) == FiguresTaken(figures=2, changed=2)
    assert {one.series: (one.value, one.version) for one in statistics.official_figures()} == {
        RETAIL: (1200, 2),
        "firms": (77, 1),
    }


def test_a_file_with_any_flaw_states_nothing_and_each_row_is_named(bureau: Bureau):
    rows = (
        f"{RETAIL},2014-01,440000,1,,省统计局,\n"  # row 2, good
        f"{RETAIL},2014-02,440000,lots,,省统计局,\n"
        f"{RETAIL},2014-02,番禺,1,,省统计局,\n"
        "turnover,2014-02,440000,1,,省统计局,\n"
        f"{RETAIL},2014-01,广东省,2,,省统计局,\n"
        "employment,2014-03,440000,1,,省统计局,\n"
        f"{RETAIL},2014-02,440000,=1+1,,省统计局,\n"
        f"{RETAIL},2014-04,440000,1,秘密,省统计局,\n"
        f"{RETAIL},2014-05,440000,-1,,省统计局,\n"
    )
    with translation.override("zh-hans"), pytest.raises(FiguresFlawed) as refused:
        upload(bureau, HEAD + rows)
    flaws = refused.value.flaws
    assert [(one.row, one.column, one.code) for one in flaws] == [
        (3, "value", "NumberUnreadable"),
        (4, "region", "RegionUnknown"),
        (5, "series", "SeriesUnknown"),
        (6, "period", "FigureTwice"),
        (7, "period", "FrequencyWrong"),
        (8, "value", "FormulaNotRead"),
        (9, "status", "ChoiceUnknown"),
        (10, "value", "ValueOutOfRange"),
    ]
    assert flaws[3].message == "同一数据重复，另见第 2 项。"
    assert flaws[4].message == "2014-03：该序列按年登记，没有更短的报告期。"
    assert statistics.official_figures() == []
    for text, refusal in (
        ("period,value\n2014,1\n", "ColumnMissing"),
        (HEAD, "ListEmpty"),
        (HEAD + f"{RETAIL},2014-03,440000,,,,\n", "NothingStated"),
    ):
        with pytest.raises(BadInput) as empty:
            upload(bureau, text)
        assert empty.value.code == refusal
    with pytest.raises(WrongLevel):
        statistics.upload_figures(actor=bureau.guangzhou, content=b"x", filename="figures.csv")
    with pytest.raises(WrongLevel):
        statistics.figures_template(actor=bureau.guangzhou)


def test_officers_own_figures_are_of_their_region(bureau: Bureau):
    assert statistics.own_region(actor=bureau.guangzhou) == "440100"
    assert statistics.own_region(actor=bureau.party("乙公司", "")) == "440000"


def _said(state: FigureState) -> Any:
    with translation.override("zh-hans"):
        return str(state.label)


def test_every_indicator_that_a_target_names_is_there():
    for terms in plan().targets.values():
        for code in filter(None, (terms.indicator, terms.against)):
            assert code in tree().by_code
