"""Publication: what is shown holds against an attacker with a linear program, and any release is shown as it was."""

import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from reporting_world import Bureau
from scipy import sparse
from scipy.optimize import linprog

from cohong.kernel import clock, journal, sets
from cohong.kernel.errors import Refusal
from cohong.parties.api import SYSTEM
from cohong.statistics import api as statistics
from cohong.statistics.facts import store
from cohong.statistics.facts.shapes import Table
from cohong.statistics.publishing.programme import Key, programme
from cohong.statistics.publishing.releasing import SUBJECT, digest

CITIES = ("440100", "440300", "440000")
PERIODS = ["2025", *(f"2025-Q{q}" for q in range(1, 5)), *(f"2025-{month:02}" for month in range(1, 13))]
INDUSTRIES = ("clothing", "steel", "")
_FAMILY = (
    "turnover",
    "sales",
    "turnover_b2b",
    "turnover_b2c",
    "turnover_c2c",
    "turnover_c2b",
    "retail_sales",
)
_KINDS = ("turnover_goods", "turnover_services")


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_FOLDER = tmp_path


def trade(seed: int, *, sellers: int = 14, months: int = 5) -> Iterator[dict[str, Any]]:
    """Give random lines of 2025: few sellers in few places, so that there is something to hide."""
    draw = random.Random(seed)
    for seller in range(1, sellers + 1):
        city, industry = draw.choice(CITIES), draw.choice(INDUSTRIES)
        form, service = draw.choice(["b2b", "b2c", "c2c"]), draw.random() < 0.3
        for month in range(1, months + 1):
            if draw.random() < 0.85:
                yield line(seller, city, industry, month, draw.randint(1, 10**6), form=form, service=service)


def line(
    seller: int, city: str, industry: str, month: int, base: int, *, form: str = "b2b", service: bool = False
) -> dict[str, Any]:
    return {
        "day": date(2025, month, 3),
        "position": next(_positions),
        "trade": seller * 1000 + month,
        "way": "retail",
        "form": form,
        "seller": seller,
        "buyer": 100 + seller % 5,
        "seller_region": city,
        "buyer_region": city,
        "cross_border": False,
        "channel": "web",
        "industry": industry,
        "market": "",
        "currency": "CNY",
        "line": 0,
        "fact": "sale",
        "category": "",
        "service": service,
        "orders": 1,
        "quantity": 1,
        "minor": base,
        "base": base,
        "goods_minor": base,
        "freight_minor": 0,
    }


_positions = iter(range(1, 10**9))


def observed(rows: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> int:
    store.add(Table.TRADE, rows)
    return statistics.observe(reason="test", everything=True).vintage or 0


def released() -> dict[tuple[str, Key], statistics.PublishedView]:
    return {
        (one.indicator, Key(one.period, one.region, one.industry, one.market)): one
        for one in shown("turnover", "sales", *_FAMILY[2:], *_KINDS)
    }


def shown(*indicators: str, release: int | None = None) -> list[statistics.PublishedView]:
    return statistics.published_cells(indicators=indicators, periods=PERIODS, release=release)


#: What each indicator is part of.
_WHOLE = {
    "retail_sales": "turnover",
    "turnover_b2b": "turnover",
    "turnover_c2b": "turnover",
    "turnover_b2c": "retail_sales",
    "turnover_c2c": "retail_sales",
}
Where = tuple[str, Key]


def truth() -> dict[Where, Decimal]:
    """Give all figures of the turnover as they are."""
    found = statistics.cells(indicators=[*_FAMILY, *_KINDS], periods=PERIODS)
    return {
        (one.indicator, Key(one.period, one.region, one.industry)): one.value or Decimal(0)
        for one in found
        if not one.market
    }


def wholes(code: str, key: Key) -> Iterator[tuple[str, Where]]:
    """Give what a figure is part of: in time, in space, by industry, by form, by kind, and under another name."""
    if "Q" in key.period:
        yield "time", (code, Key("2025", key.region, key.industry))
    elif key.period != "2025":
        quarter = f"2025-Q{(int(key.period[5:]) + 2) // 3}"
        yield "time", (code, Key(quarter, key.region, key.industry))
    if key.region:
        province = "440000" if key.region in {"440100", "440300", "440000-"} else ""
        yield "region", (code, Key(key.period, province, key.industry))
    if key.industry:
        yield "industry", (code, Key(key.period, key.region))
    if code in _WHOLE:
        yield "form", (_WHOLE[code], key)
    if code in _KINDS:
        yield "kind", ("turnover", key)
    if code == "sales":
        yield "name", ("turnover", key)


def sums(figures: dict[Where, Decimal]) -> Iterator[tuple[Where, list[Where]]]:
    """Give all sums that hold between figures."""
    parts: dict[tuple[str, Where], list[Where]] = defaultdict(list)
    for where in figures:
        for way, whole in wholes(*where):
            parts[way, whole].append(where)
    for (_way, whole), some in parts.items():
        yield whole, some


def test_no_withheld_figure_can_be_worked_out(bureau: Bureau):
    observed(list(trade(3)))
    done = statistics.publish(actor=bureau.province)
    found, true = released(), truth()
    hidden = [where for where, one in found.items() if one.withheld]
    assert done.exposed == 0
    assert len(hidden) > 20, "there was something to hide"
    assert all(found[where].value is None for where in hidden)
    index = {where: number for number, where in enumerate(true)}
    equal = sparse.lil_array((sum(1 for _ in sums(true)), len(index)))
    for row, (whole, some) in enumerate(sums(true)):
        equal[row, index[whole]] = 1
        for part in some:
            equal[row, index[part]] -= 1
        assert true[whole] == sum(true[part] for part in some)
    equal, nothing = equal.tocsr(), np.zeros(equal.shape[0])
    bounds = [
        (float(value), float(value)) if where in found and not found[where].withheld else (0, None)
        for where, value in true.items()
    ]
    for where in hidden:
        aim = np.zeros(len(index))
        aim[index[where]] = 1
        value = float(true[where])
        low, high = linprog(aim, A_eq=equal, b_eq=nothing, bounds=bounds).fun, value  # which is possible
        if value - low <= 0.01 * value:
            high = -linprog(-aim, A_eq=equal, b_eq=nothing, bounds=bounds).fun
        assert high - low > 0.01 * value or not value, where


def test_any_release_is_shown_exactly_as_it_was_and_nothing_withheld_is_shown_later(bureau: Bureau):
    observed(list(trade(5)))
    first = statistics.publish(actor=bureau.province, note="五月")
    then = shown(*(one.code for one in programme().public))
    hidden = {where for where, one in released().items() if one.withheld}
    with pytest.raises(statistics.NothingToPublish):
        statistics.publish(actor=bureau.province)
    # A sixth month, in which many more sellers come to where there were few.
    observed(
        [
            line(seller, city, industry, 6, 1000 + seller)
            for seller in range(50, 80)
            for city in CITIES
            for industry in INDUSTRIES
        ]
    )
    second = statistics.publish(actor=SYSTEM)
    assert second.vintage > first.vintage
    assert [one.id for one in statistics.releases()] == [second.id, first.id]
    now = released()
    undone = {
        where for where in hidden if where[1].period in {"2025-01", "2025-Q1"} and not now[where].withheld
    }
    assert undone == set()
    assert now["turnover", Key("2025-06", "440100")].value is not None
    assert shown(*(one.code for one in programme().public), release=first.id) == then
    with pytest.raises(Exception, match="append"):
        sets.run("update statistics_released_value set withheld = ''")


def test_a_release_says_what_it_showed(bureau: Bureau):
    observed(list(trade(5)))
    statistics.publish(actor=bureau.province)
    [document] = journal.file_of([SUBJECT])
    rows = sets.fetch(
        "select indicator, period, region, industry, market, status, case when withheld = '' then value end,"
        " withheld <> '' from statistics_released_value"
        " order by indicator, period, region, industry, market"
    )
    body = document.envelope.body
    assert (body.digest, body.changed, body.published_by) == (
        digest(rows),
        len(rows),
        bureau.province.user_id,
    )
    # Ratios are shown where all that they are computed from is.
    by = {(row[0], *row[1:5]): row[7] for row in rows}
    assert by["share_b2b", "2025", "", "", ""] == (
        by["turnover_b2b", "2025", "", "", ""] or by["turnover", "2025", "", "", ""]
    )
    assert not any(row[0] == "turnover_b2b" and row[2] and len(row[1]) > 4 for row in rows), "once a year"
    assert not any(row[0] == "purchases" and row[3] for row in rows), "by industry, it is what is sold"


def test_what_is_exposed_is_counted_among_what_is_newly_withheld(bureau: Bureau):
    everywhere = [
        line(seller, city, "steel", month, 10**6)
        for seller, city in enumerate(CITIES * 4, start=1)
        for month in (1, 2)
    ]
    observed(everywhere)
    assert statistics.publish(actor=bureau.province).exposed == 0
    # In Shenzhen, all of January turns out to be one seller's; what it comes to stays as it was shown.
    observed([line(seller, "440300", "steel", 1, -(10**6)) for seller in (5, 8, 11)])
    observed([line(2, "440300", "steel", 1, 3 * 10**6)])
    done = statistics.publish(actor=bureau.province)
    [(given_away,)] = sets.fetch(
        "select count(*) from statistics_released_value n join statistics_released_value o"
        " using (indicator, period, region, industry, market, value)"
        " where n.release_id = %s and n.withheld <> '' and o.release_id < n.release_id and o.withheld = ''",
        (done.id,),
    )
    assert 0 < done.exposed <= given_away
    assert done.exposed <= done.withheld
    # It is still exposed when February changes, but of that release it is no figure.
    observed([line(3, "440000", "steel", 2, 10**6)])
    assert statistics.publish(actor=bureau.province).exposed == 0


def test_staff_of_a_year_is_protected_as_that_of_its_last_quarter(bureau: Bureau):
    """It is no sum of quarters."""
    staff = {"440100": (10, 20, 30, 40), "440300": (50, 60), "440000": (70, 80, 90)}
    names = iter("甲乙丙丁戊己庚辛壬")
    firms = [
        (bureau.open(f"{next(names)}厂", region), count)
        for region, counts in staff.items()
        for count in counts
    ]
    items = [
        statistics.PastReport(
            unit_id=unit,
            form="E201",
            period=f"2025-Q{quarter}",
            contents={"sales": "1000", "online_sales": "0", "online_staff": str(count + quarter)},
        )
        for unit, count in firms
        for quarter in (1, 2)
    ]
    statistics.take_over_reports(actor=SYSTEM, items=items, signer="旧系统")
    observed([])
    statistics.publish(actor=bureau.province)
    assert {(one.period, one.region): one.value for one in shown("online_staff")} == {
        ("2025-Q1", ""): 459,
        ("2025-Q2", ""): 468,
        ("2025", ""): 468,
        ("2025", "440000"): 468,
        ("2025", "440100"): None,
        ("2025", "440300"): None,
        ("2025", "440000-"): 246,
    }


@contextmanager
def unguarded(table: str) -> Iterator[None]:
    sets.run(f"alter table {table} disable trigger user")
    yield
    sets.run(f"alter table {table} enable trigger user")


def test_the_audit_finds_a_release_that_is_not_what_was_stated(bureau: Bureau):
    def findings() -> list[str]:
        return [text for check in statistics.audit() for text in check.findings]

    observed(list(trade(5)))
    release = statistics.publish(actor=bureau.province).id
    assert findings() == []
    with unguarded("statistics_released_value"):
        sets.run(
            "update statistics_released_value set value = value + 1 where id ="
            " (select min(id) from statistics_released_value where withheld = '' and value > 0)"
        )
    assert findings() == [f"release {release}: its figures are not those that were stated"]
    with unguarded("statistics_released_value"):
        sets.run(
            "delete from statistics_released_value where id = (select max(id) from statistics_released_value)"
        )
    assert findings()[0] == f"release {release}: it has other figures than it counts"
    with unguarded("statistics_release"):
        sets.run("update statistics_release set document = gen_random_uuid()")
    [unstated, unkept] = findings()
    assert unstated == f"release {release}: it has no document"
    assert unkept.endswith("the release that it states is not there")


def test_only_the_province_publishes_and_what_fails_halfway_leaves_nothing(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(statistics.NothingToPublish):
        statistics.publish(actor=bureau.province)
    observed(list(trade(5)))
    with pytest.raises(statistics.ProvinceOnly):
        statistics.publish(actor=bureau.guangzhou)
    with pytest.raises(Refusal) as refused:
        statistics.publish(actor=bureau.party("某公司"))
    assert refused.value.code == "MandateMissing"
    with pytest.raises(statistics.NoSuchVintage):
        statistics.publish(actor=bureau.province, vintage=999)
    with pytest.raises(statistics.NoSuchRelease):
        statistics.release(release_id=1)
    monkeypatch.setattr(clock, "now", lambda: uuid4().not_there)  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        statistics.publish(actor=bureau.province)
    assert (statistics.releases(), shown("turnover")) == ([], [])
    assert sets.fetch("select count(*) from statistics_released_value") == [(0,)]
