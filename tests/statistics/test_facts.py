"""Facts of trade: from the journal alone, each order once, what goes back at its own date; after kills and losses the same."""

import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from cohong.kernel import clock, journal, sets
from cohong.kernel.money import Money
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import Mandate
from cohong.payments import api as payments
from cohong.statistics import api as statistics
from cohong.statistics import exclusions, followers
from cohong.statistics.facts import reading, store
from cohong.statistics.facts.shapes import Fact, Step, Table
from trading import Place, acting_for

RICH = 1_000_000


def follow() -> None:
    """Seal what there is, and let the facts be written."""
    journal.seal_all()
    while journal.follow("statistics.facts"):
        pass


def rows(table: Table = Table.TRADE) -> list[dict[str, Any]]:
    """Return all facts of a table, by position and line."""
    found: list[dict[str, Any]] = reading.open_table(reading.connect(), table).to_pyarrow().to_pylist()
    return sorted(found, key=lambda row: (row["position"], row.get("line", 0)))


def amounts() -> list[tuple[str, int, int, int]]:
    return [(row["fact"], row["orders"], row["quantity"], row["minor"]) for row in rows()]


def steps() -> list[str]:
    return [row["step"] for row in rows(Table.STEPS)]


@pytest.fixture
def statistician() -> parties.Actor:
    return acting_for(UUID(int=7), mandates=[Mandate.STATISTICS])


def test_an_order_counts_once_when_it_is_paid_in_full(place: Place):
    place.give(RICH, place.buyer_id)
    first, second = place.goods(50, 50)
    order_id = place.place((first, 3), (second, 2))
    follow()
    assert rows() == []
    place.pay(order_id)
    follow()
    journal.rebuild("statistics.facts")
    assert amounts() == [("sale", 1, 3, 300), ("sale", 0, 2, 200)]
    [row, _] = rows()
    assert {
        name: row[name] for name in ("form", "way", "seller_region", "buyer_region", "industry", "category")
    } == {
        "form": "b2b",
        "way": "retail",
        "seller_region": "440100",
        "buyer_region": "440100",
        "industry": "steel",
        "category": "coil",
    }
    assert (row["currency"], row["base"], row["cross_border"], row["service"]) == ("CNY", 300, False, False)
    assert len({row["seller"], row["buyer"], row["trade"], row["position"]}) == 4
    assert journal.file_of([order_id])[0].position == row["trade"]


def test_a_deposit_is_no_turnover_yet(place: Place):
    place.give(RICH, place.buyer_id)
    [sku] = place.goods(50)
    terms = orders.PaymentTerms(kind=orders.PaymentKind.DEPOSIT, deposit_minor=100)
    order_id = place.place((sku, 3), payment=terms)
    place.pay(order_id)
    follow()
    assert rows() == []
    place.pay(order_id)
    follow()
    assert amounts() == [("sale", 1, 3, 300)]
    assert steps() == ["placed", "paid"]


def test_what_goes_back_is_negative_on_its_own_day(place: Place, monkeypatch: pytest.MonkeyPatch):
    place.give(RICH, place.buyer_id)
    [sku] = place.goods(50)
    start = clock.now()
    monkeypatch.setattr(clock, "now", lambda: start)
    order_id = place.to("accepted", (sku, 3))
    line_id = place.view(order_id).lines[0].id
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(days=2))
    place.send_back(order_id, orders.ReturnedLine(line_id=line_id, quantity=1))
    cancelled = place.to("ready", (sku, 5))
    orders.cancel(items=[orders.OnOrder(actor=place.seller, order_id=cancelled, reason="卖完了")])
    never_paid = place.place((sku, 1))
    orders.cancel(items=[orders.OnOrder(actor=place.buyer, order_id=never_paid, reason="不要了")])
    follow()
    assert amounts() == [
        ("sale", 1, 3, 300),
        ("refund", 0, -1, -100),
        ("sale", 1, 5, 500),
        ("refund", 0, -5, -500),
    ]
    first, back, *_ = rows()
    assert back["day"] - first["day"] == timedelta(days=2)


def test_steps_say_how_long_each_took(place: Place, monkeypatch: pytest.MonkeyPatch):
    place.give(RICH, place.buyer_id)
    [sku] = place.goods(50)
    start = clock.now()
    hours = iter(range(100))

    def an_hour_later() -> None:
        now = start + timedelta(hours=next(hours))
        monkeypatch.setattr(clock, "now", lambda: now)

    an_hour_later()
    order_id = place.place((sku, 1))
    for act in (place.pay, place.ship, place.deliver, place.accept, place.settle):
        an_hour_later()
        act(order_id)
    follow()
    hour = 3600
    assert [(row["step"], row["seconds"]) for row in rows(Table.STEPS)] == [
        (Step.PLACED, None),
        (Step.PAID, hour),
        (Step.SHIPPED, hour),
        (Step.DELIVERED, hour),
        (Step.ACCEPTED, 2 * hour),
        (Step.SETTLED, 4 * hour),
    ]


def test_other_currencies_are_converted_at_the_rate_that_held(place: Place):
    platform = parties.SYSTEM
    [sku] = place.goods(50)
    payments.deposit(
        actor=parties.SYSTEM,
        items=[payments.Deposit(party_id=place.buyer_id, amount=Money(RICH, "GBP"), reference=UUID(int=9))],
    )
    place.pay(place.place((sku, 1), currency="GBP"))
    payments.set_rate(actor=platform, sell="GBP", buy="CNY", rate="9.125")
    place.pay(place.place((sku, 1), currency="GBP"))
    payments.set_rate(actor=platform, sell="GBP", buy="CNY", rate="9.5")
    place.pay(place.place((sku, 1), currency="GBP"))
    follow()
    # 912.5 fen to the even one
    assert [(row["minor"], row["base"]) for row in rows()] == [(100, None), (100, 912), (100, 950)]


def test_an_excluded_order_leaves_the_days_it_was_booked_on(place: Place, statistician: parties.Actor):
    place.give(RICH, place.buyer_id)
    [sku] = place.goods(50)
    order_id, other = place.to("accepted", (sku, 3)), place.to("ready", (sku, 1))
    place.send_back(order_id, orders.ReturnedLine(line_id=place.view(order_id).lines[0].id, quantity=1))
    follow()
    exclusions.exclude(
        actor=statistician, order_id=order_id, ground=exclusions.Ground.FAKE, reason="刷单，已查实"
    )
    follow()
    fresh = [
        (fact, count, quantity, minor) for fact, count, quantity, minor in amounts() if fact == "excluded"
    ]
    assert fresh == [("excluded", -1, -3, -300), ("excluded", 0, 1, 100)]
    assert sum(row["minor"] for row in rows()) == 100
    with pytest.raises(exclusions.ExcludedAlready):
        exclusions.exclude(
            actor=statistician, order_id=order_id, ground=exclusions.Ground.TEST, reason="再来一次"
        )
    exclusions.restore(actor=statistician, order_id=order_id, reason="复核后撤销")
    follow()
    assert sum(row["minor"] for row in rows()) == 300
    journal.rebuild("statistics.facts")
    assert sum(row["minor"] for row in rows()) == 300
    assert sum(row["orders"] for row in rows()) == 2
    with pytest.raises(exclusions.NotExcluded):
        exclusions.restore(actor=statistician, order_id=other, reason="没有排除过")
    with pytest.raises(parties.MandateMissing):
        exclusions.exclude(
            actor=place.seller, order_id=other, ground=exclusions.Ground.TEST, reason="我的测试"
        )


def test_a_trade_with_oneself_is_none(place: Place):
    place.give(RICH, place.seller_id)
    [sku] = place.goods(5)
    deal = place.deal((sku, 1), buyer=acting_for(place.seller_id))
    try:
        [done] = orders.place(items=[deal])
    except orders.Refusal:
        return
    if not isinstance(done, Exception):
        place.pay(done.order_id, by=acting_for(place.seller_id))
    follow()
    assert rows() == []


def test_a_batch_that_is_read_again_writes_the_same(place: Place):
    place.give(RICH, place.buyer_id)
    [sku] = place.goods(50)
    for _ in range(3):
        place.to("ready", (sku, 1))
    journal.seal_all()
    with pytest.raises(RuntimeError, match="killed"):
        kill_after_writing()
    assert rows() == []
    assert len(on_disk()) == 1, "what was written before the kill is there, and does not count"
    follow()
    assert amounts() == [("sale", 1, 1, 100)] * 3
    store.sweep(older_than_s=0)
    assert sorted(on_disk()) == sorted(store.files(Table.TRADE))


def kill_after_writing() -> None:
    from django.db import transaction  # noqa: PLC0415

    with transaction.atomic():
        while journal.follow("statistics.facts"):
            pass
        raise RuntimeError("killed")


def on_disk() -> list[str]:
    return [str(path) for path in store.folder(Table.TRADE).glob("day=*/*.parquet")]


@pytest.mark.parametrize(
    "harm", [os.unlink, lambda path: os.truncate(path, 20)], ids=["removed", "cut short"]
)
def test_lost_files_are_written_anew(place: Place, harm: Any):
    place.give(RICH, place.buyer_id)
    [sku] = place.goods(50)
    place.to("ready", (sku, 1))
    follow()
    before = rows()
    harm(store.files(Table.TRADE)[0])
    followers._looked.clear()
    follow()
    assert rows() == before


def test_many_small_files_of_a_day_are_merged(place: Place, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(store, "MOST_FILES", 3)
    place.give(RICH, place.buyer_id)
    [sku] = place.goods(50)
    for _ in range(5):
        place.to("ready", (sku, 1))
        follow()
    follow()
    assert len(store.files(Table.TRADE)) <= 3
    assert amounts() == [("sale", 1, 1, 100)] * 5
    assert sets.fetch("select sum(rows) from statistics_fact_file where table_name = 'trade'") == [(5,)]


def test_a_moved_company_takes_no_past_trade_along(place: Place):
    parties.define_region(
        actor=parties.SYSTEM,
        code="440300",
        names=parties.Names("深圳市", "深圳市", "Shenzhen"),
        parent_code="440000",
    )
    place.give(RICH, place.buyer_id)
    [sku] = place.goods(50)
    place.to("ready", (sku, 1))
    parties.change_details(actor=place.seller, party_id=place.seller_id, region_code="440300")
    place.to("ready", (sku, 1))
    follow()
    assert [row["seller_region"] for row in rows()] == ["440100", "440300"]
    before = rows()
    journal.rebuild("statistics.facts")
    assert rows() == before


def test_facts_are_there_within_the_workers_next_beat(place: Place):
    place.give(RICH, place.buyer_id)
    [sku] = place.goods(50)
    place.to("ready", (sku, 1))
    journal.pump()
    assert amounts() == [("sale", 1, 1, 100)]
    assert journal.lag()["statistics.facts"] == 0
    assert Path(store.files(Table.TRADE)[0]).parent.name == f"day={rows()[0]['day']}"
    assert isinstance(rows()[0]["day"], date)
    assert rows()[0]["fact"] == Fact.SALE


# --- facts that do not come from the journal ---------------------------------------------------------------


def past(**more: Any) -> dict[str, Any]:
    row = {
        "day": date(2014, 11, 15),
        "trade": -1,
        "way": "retail",
        "form": "b2c",
        "seller": -1,
        "buyer": -7,
        "seller_region": "440100",
        "buyer_region": "440300",
        "cross_border": False,
        "channel": "mobile",
        "industry": "steel",
        "market": "",
        "currency": "CNY",
    }
    sale = {
        "line": 0,
        "fact": "sale",
        "category": "",
        "service": False,
        "orders": 900,
        "quantity": 1_000,
        "minor": 70_000,
        "base": 70_000,
        "goods_minor": 70_000,
        "freight_minor": 0,
    }
    return {**row, **sale, **more}


def test_facts_from_elsewhere_stay_through_rebuilds_and_are_told_apart(place: Place):
    place.give(RICH, place.buyer_id)
    [sku] = place.goods(50)
    place.to("ready", (sku, 3))
    follow()
    step = {**past(), "step": "delivered", "seconds": 900 * 86_400 * 2}
    shipped = {**step, "step": "shipped", "seconds": None}
    generated = statistics.Origin.GENERATED
    with pytest.raises(statistics.SystemOnly):
        statistics.take_over_facts(actor=place.seller, origin=generated, trade=[past()])
    for flawed in ({"seller": 1}, {"form": "b2x"}, {"orders": None}, {"day": date(2999, 1, 1)}):
        with pytest.raises(statistics.FactsFlawed):
            statistics.take_over_facts(actor=parties.SYSTEM, origin=generated, trade=[past(**flawed)])
    taken = statistics.take_over_facts(
        actor=parties.SYSTEM, origin=generated, trade=[past()], steps=[step, shipped]
    )
    again = statistics.take_over_facts(
        actor=parties.SYSTEM, origin=generated, trade=[past()], steps=[step, shipped]
    )
    assert (again, taken.base, taken.trade_rows, taken.step_rows) == (taken, 70_000, 1, 2)
    follow()
    statistics.observe(reason="history")
    known = {
        one.indicator: one.value
        for one in statistics.series(indicators=["orders", "turnover", "delivery_days", "orders_shipped"])
        if one.period == "2014-11"
    }
    assert known == {"orders": 900, "turnover": 700, "delivery_days": 2, "orders_shipped": 900}
    year = str(clock.now().year)
    assert statistics.origins(periods=["2014-11", "2014", year]) == {
        "2014-11": (generated,),
        "2014": (generated,),
        year: (),
    }
    checked = statistics.reconcile()
    assert (checked.orders, checked.taken_over, checked.differences) == (1, {"generated": 70_000}, [])
    # Lost, it cannot come from the journal: no rebuild, no figure computed of what is left; the audit names it.
    before = [(row["trade"], row["orders"]) for row in rows()]
    [path] = store.files(Table.TRADE, first=date(2014, 1, 1), last=date(2014, 12, 31))
    Path(path).unlink()
    assert store.lost() == []
    journal.rebuild("statistics.facts")
    assert statistics.observe(reason="a file is lost", everything=True).vintage is None
    [finding] = [text for one in statistics.audit() for text in one.findings]
    assert path in finding
    statistics.take_over_facts(actor=parties.SYSTEM, origin=generated, trade=[past()], steps=[step, shipped])
    assert [(row["trade"], row["orders"]) for row in rows()] == before
    assert [text for one in statistics.audit() for text in one.findings] == []
