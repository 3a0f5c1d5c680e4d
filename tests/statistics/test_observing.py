"""Observations: computed from facts, never overwritten, and in agreement with the ledger to the cent."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from reporting_world import Bureau, refused

from cohong.kernel import clock, journal, sets
from cohong.orders import api as orders
from cohong.parties.api import SYSTEM, Mandate
from cohong.statistics import api as statistics
from cohong.statistics.facts import reading, store
from cohong.statistics.facts.shapes import Table
from cohong.statistics.observing.computing import SUBJECT
from trading import Place, acting_for

RICH = 1_000_000


def follow() -> None:
    journal.seal_all()
    while journal.follow("statistics.facts"):
        pass


def months(indicator: str, **more: Any) -> dict[str, Decimal | None]:
    found = statistics.series(indicators=[indicator], **more)
    return {one.period: one.value for one in found}


def test_a_revision_never_overwrites(place: Place):
    place.give(RICH, place.buyer_id)
    [sku] = place.goods(500)
    month = statistics.Period.of(clock.now().date(), statistics.Frequency.MONTH).code
    place.to("ready", (sku, 3))
    follow()
    first = statistics.observe(reason="daily")
    assert months("turnover") == {month: Decimal("3.000000")}
    assert statistics.observe(reason="again").vintage is None, "nothing has changed"
    place.to("ready", (sku, 4))
    follow()
    second = statistics.observe(reason="daily")
    assert (first.vintage or 0) < (second.vintage or 0)
    assert months("turnover") == {month: Decimal(7)}
    assert months("turnover", as_of=first.vintage) == {month: Decimal(3)}
    assert [one.reason for one in statistics.vintages()] == ["daily", "daily"]
    document = journal.file_of([SUBJECT])[-1]
    assert (document.envelope.body.changed, document.envelope.kind) == (
        second.changed,
        "statistics.vintage_made",
    )
    with pytest.raises(Exception, match="append"):
        sets.run("update statistics_observation set value = 0")


def test_an_excluded_order_changes_the_next_vintage_only(place: Place):
    place.give(RICH, place.buyer_id)
    [sku] = place.goods(500)
    order_id = place.to("ready", (sku, 3))
    follow()
    first = statistics.observe(reason="daily")
    statistics.exclude(
        actor=statistician(), order_id=order_id, ground=statistics.Ground.FAKE, reason="刷单，已查实"
    )
    follow()
    statistics.observe(reason="a fake was proven")
    assert list(months("turnover").values()) == [Decimal(0)]
    assert list(months("orders").values()) == [Decimal(0)]
    assert list(months("turnover", as_of=first.vintage).values()) == [Decimal(3)]


def statistician() -> Any:
    return acting_for(UUID(int=7), mandates=[Mandate.STATISTICS])


def test_figures_become_final_when_late_documents_have_had_their_time(
    place: Place, monkeypatch: pytest.MonkeyPatch
):
    place.give(RICH, place.buyer_id)
    [sku] = place.goods(500)
    place.to("ready", (sku, 3))
    follow()
    statistics.observe(reason="daily")
    [one] = statistics.series(indicators=["turnover"])
    assert one.status == statistics.FigureStatus.PROVISIONAL
    later = clock.now() + timedelta(days=400)
    monkeypatch.setattr(clock, "now", lambda: later)
    statistics.observe(reason="a year later")
    [two] = statistics.series(indicators=["turnover"])
    assert (two.status, two.value) == (statistics.FigureStatus.FINAL, one.value)
    assert two.vintage > one.vintage


def test_indicators_agree_with_the_ledger_to_the_cent(place: Place):
    place.give(RICH, place.buyer_id)
    [sku] = place.goods(500)
    order_id = place.to("settled", (sku, 7))
    place.send_back(order_id, orders.ReturnedLine(line_id=place.view(order_id).lines[0].id, quantity=2))
    early = place.to("accepted", (sku, 5))
    place.send_back(early, orders.ReturnedLine(line_id=place.view(early).lines[0].id, quantity=1))
    gone = place.to("ready", (sku, 4))
    orders.cancel(items=[orders.OnOrder(actor=place.seller, order_id=gone, reason="卖完了")])
    place.place((sku, 1))
    follow()
    statistics.observe(reason="daily")
    done = statistics.reconcile()
    assert (done.orders, done.facts, done.ledger, done.differences) == (3, {"CNY": 900}, {"CNY": 900}, [])


def test_a_lost_fact_and_a_wrong_figure_are_named(place: Place):
    place.give(RICH, place.buyer_id)
    [sku] = place.goods(500)
    order_id = place.to("ready", (sku, 7))
    follow()
    statistics.observe(reason="daily")
    today = clock.now().date()
    [fact] = reading.rows_of(
        journal.file_of([order_id])[0].position or 0, first=today - timedelta(2), last=today + timedelta(2)
    )
    store.add(Table.TRADE, [{**fact, "minor": 1, "base": 1, "orders": 0}])
    assert [one.split(":")[0] for one in statistics.reconcile().differences] == [
        f"order {order_id}",
        f"{fact['day'].year}",
    ]


def test_reports_become_indicators_of_their_own_frequency(
    transactional_db: None, settings: Any, tmp_path: Path
):
    settings.DATA_FOLDER = tmp_path
    bureau = Bureau()
    units = [bureau.open(name, region) for name, region in (("甲厂", "440100"), ("乙厂", "440300"))]
    common = {"sales_abroad": "0", "purchases": "0", "online_purchases": "0", "remarks": ""}
    items = [
        statistics.PastReport(
            unit_id=unit,
            form="E201",
            period="2014-Q2",
            contents={**common, "sales": "1000", "online_sales": online},
        )
        for unit, online in zip(units, ("300", "500"), strict=True)
    ]
    statistics.take_over_reports(actor=SYSTEM, items=items, signer="旧系统")
    assert statistics.observe(reason="reports came in").vintage is not None
    quarters = statistics.series(
        indicators=["firm_online_sales", "online_sales_share"], frequency=statistics.Frequency.QUARTER
    )
    assert {(one.indicator, one.period): one.value for one in quarters} == {
        ("firm_online_sales", "2014-Q2"): Decimal(800_000),
        ("online_sales_share", "2014-Q2"): Decimal(40),
    }
    assert months("firm_online_sales") == {}, "a quarter's report says nothing of its months"
    city = statistics.series(
        indicators=["firm_online_sales"], frequency=statistics.Frequency.YEAR, region="440300"
    )
    assert [(one.period, one.value) for one in city] == [("2014", Decimal(500_000))]
    assert statistics.observe(reason="again").vintage is None


def test_the_orders_behind_a_total_are_for_a_province_to_look_at(
    bureau: Bureau, settings: Any, tmp_path: Path
):
    settings.DATA_FOLDER = tmp_path
    asked = {"indicator": "turnover", "period": "2014"}
    assert statistics.orders_behind(actor=bureau.province, **asked).orders == 0
    assert statistics.orders_behind(actor=bureau.guangzhou, **asked, region="440100").orders == 0
    for region in ("", "440000", "440300"):
        with refused(statistics.NotYourRegion):
            statistics.orders_behind(actor=bureau.guangzhou, **asked, region=region)
