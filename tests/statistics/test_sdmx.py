"""SDMX: pysdmx's own client reads structures and data over HTTP, and gets exactly what is published."""

import csv
import io
import json
from decimal import Decimal
from typing import Any

from django.test import Client
from pysdmx.api.dc.rest import SdmxConnector
from pysdmx.api.fmr import RegistryClient
from pysdmx.api.qb import ApiVersion, DataContext, DataFormat, DataQuery, RestService
from pysdmx.io.reader import read_sdmx

import published_world
from cohong.statistics import api as statistics

URN = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=COHONG:ECOMMERCE(1.0)"


def as_published(row: dict[str, str]) -> tuple[Any, ...]:
    where = ("" if row[name] == "_T" else row[name] for name in ("REF_AREA", "INDUSTRY", "MARKET"))
    value = Decimal(row["OBS_VALUE"]) if row["OBS_VALUE"] else None
    marks = {"A": "final", "P": "provisional"}
    withheld = (row["OBS_STATUS"], row["CONF_STATUS"]) == ("Q", "N")
    return (
        row["INDICATOR"],
        row["TIME_PERIOD"],
        *where,
        value,
        None if withheld else marks[row["OBS_STATUS"]],
        withheld,
    )


def test_pysdmx_reads_what_is_published(transactional_db: None, live_server: Any):
    published_world.define_places()
    first, second = published_world.release(1), published_world.release(2)
    endpoint = f"{live_server.url}/sdmx/v2"
    connector = SdmxConnector(endpoint)
    [flow] = connector.dataflows()
    assert (flow.agency, flow.id, flow.version) == ("COHONG", "ECOMMERCE", "1.0")
    described = connector.dataflow(URN)
    assert (described.obs_count, described.series_count) == (7, 5)
    assert described.components["REF_AREA"].enumeration["440300"].name == "深圳市"

    codes = ["turnover", "orders"]
    periods = ["2025", "2025-11", "2025-12", "2026-01"]
    told = {as_published(row) for row in connector.data(URN)}
    assert told == {
        (
            *(one.indicator, one.period, one.region, one.industry, one.market, one.value),
            *(None if one.withheld else one.status.value, one.withheld),
        )
        for one in statistics.published_cells(indicators=codes, periods=periods)
        if one.value is not None or one.withheld
    }
    assert ("turnover", "2025-12", "440300", "", "", None, None, True) in told, "300 is withheld"
    some = connector.data(
        URN,
        "REF_AREA = '_T' AND FREQ = 'M' AND TIME_PERIOD >= '2025-12' AND INDICATOR IN ('turnover', 'orders')",
    )
    assert [(row["TIME_PERIOD"], row["OBS_VALUE"], row["RELEASE"]) for row in some] == [
        ("2025-12", "1250", str(second)),
        ("2026-01", "1300", str(second)),
    ]
    service = RestService(endpoint, ApiVersion.V2_2_0, data_format=DataFormat.SDMX_CSV_2_1_0)
    query = DataQuery(DataContext.DATAFLOW, "COHONG", "ECOMMERCE", "1.0", "M.turnover._T._T._T", last_n_obs=1)
    [dataset] = read_sdmx(service.data(query).decode()).data
    assert (dataset.short_urn, dataset.data["OBS_VALUE"].tolist()) == (
        "Dataflow=COHONG:ECOMMERCE(1.0)",
        ["1300"],
    )
    registry = RegistryClient(endpoint)
    schema = registry.get_schema("dataflow", "COHONG", "ECOMMERCE", "1.0")
    assert [one.id for one in schema.components.dimensions] == [
        *("FREQ", "INDICATOR", "REF_AREA", "INDUSTRY", "MARKET", "TIME_PERIOD")
    ]
    assert [one.id for one in registry.get_codes("COHONG", "CL_CONF_STATUS", "1.0")] == ["F", "N"]
    assert {one.id for one in registry.get_agencies("SDMX")} == {"COHONG"}
    assert first < second


def test_questions_are_understood_or_refused_clearly(db: None):
    client = Client(headers={"Accept-Language": "en"})
    data = "/sdmx/v2/data/dataflow/COHONG/ECOMMERCE/1.0"

    def ask(where: str, **headers: str) -> tuple[int, Any]:
        answer = client.get(where, headers=headers)
        text = answer.content.decode()
        return answer.status_code, json.loads(text) if "json" in answer["Content-Type"] else text

    def values(where: str) -> list[str]:
        status, text = ask(f"{data}{where}")
        return (
            [row["OBS_VALUE"] for row in csv.DictReader(io.StringIO(text))]
            if status == 200
            else [str(status)]
        )

    assert ask(data)[0] == 404, "nothing is published"
    published_world.define_places()
    published_world.release(1)
    published_world.release(2)
    assert values("/*.turnover._T._T._T?startPeriod=2025-11&endPeriod=2025-12&c[FREQ]=M") == [
        "1000.5",
        "1250",
    ]
    assert values("/M.turnover.*.*.*?firstNObservations=1&c[REF_AREA]=ne:440300") == ["900", "1000.5"]
    assert values("?asOf=2026-01-10T00:00:00&c[INDICATOR]=orders") == ["40"], "as it was published then"
    assert values("?c[INDICATOR]=orders") == ["404"], "the value was taken back"
    assert values("?c[OBS_VALUE]=gt:1250&c[FREQ]=M") == ["1300"]
    assert values("?c[TIME_PERIOD]=ge:2025-11+lt:2026-01&c[FREQ]=M&c[REF_AREA]=_T&limit=1&offset=1") == [
        "1250"
    ]
    for where, status, code in (
        (f"{data}/M.turnover", 400, "QuestionUnclear"),
        (f"{data}?c[NOTHING]=1", 400, "QuestionUnclear"),
        (f"{data}?startPeriod=yesterday", 400, "PeriodUnreadable"),
        (f"{data}?lastNObservations=0", 400, "QuestionUnclear"),
        (f"{data}?frobnicate=1", 400, "QuestionUnclear"),
        (f"{data}?sort=TIME_PERIOD", 501, "NotOffered"),
        ("/sdmx/v2/data/dataflow/OTHER/ECOMMERCE/1.0", 404, "NoData"),
        ("/sdmx/v2/structure/codelist/COHONG/CL_NOTHING", 404, "NoSuchStructure"),
        ("/sdmx/v2/structure/dataflow?references=sideways", 400, "QuestionUnclear"),
    ):
        answered, told = ask(where)
        assert (answered, told["errors"][0]["title"]) == (status, code), where
    assert ask(data, Accept="application/vnd.sdmx.data+xml;version=3.0.0")[0] == 406
    assert ask(data, Accept="text/csv;q=0.5, application/xml")[1].startswith("STRUCTURE,")
    status, told = ask("/sdmx/v2/structure/codelist/COHONG/CL_REF_AREA/1.0/440300")
    assert [one["name"] for one in told["data"]["codelists"][0]["codes"]] == ["Shenzhen"]
