"""The data centre: what everyone sees is published and protected; officers see working figures, and the orders behind one."""

import json
from collections.abc import Callable
from typing import Any

import authority_town
import pytest
from django.test import Client
from django.urls import URLPattern
from portal_town import Town
from test_pages import LANGUAGES, assert_clean, assert_no_english

from cohong.kernel import journal, sets
from cohong.kernel.errors import NotAllowed
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM
from cohong.portal.datacentre import writing
from cohong.portal.urls import urlpatterns
from cohong.statistics import api as statistics
from cohong.statistics import jobs as statistics_jobs
from cohong.statistics.api import Frequency, IndicatorUnit

Browse = Callable[..., Client]
#: Page, address, the most queries it may take.
BOUNDS = {
    "data": ("/data/", 24),
    "data_places": ("/data/places/", 16),
    "data_multiples": ("/data/side-by-side/", 22),
    "data_city": ("/data/cities/440100/", 22),
    "data_industry": ("/data/industries/clothing/", 22),
    "data_market": ("/data/markets/silk/", 20),
    "data_plan": ("/data/plan/", 20),
    "data_today": ("/data/today/", 16),
    "data_indicators": ("/data/indicators/", 10),
    "data_indicator": ("/data/indicators/turnover/", 18),
    "data_releases": ("/data/releases/", 12),
    "data_orders": ("/data/orders/?indicator=orders&period=", 24),
}
NO_PAGES = {"data_publish", "data_figures", "data_chart", "data_vega"}


@pytest.fixture
def office(town: Town) -> authority_town.Offices:
    made = authority_town.offices(town)
    journal.pump()
    statistics.forget_live()
    statistics.adopt_plan(actor=SYSTEM, reason="the plan begins")
    statistics.observe(reason="daily")
    return made


def figures(code: str, **cut: str) -> list[Any]:
    return statistics.series(indicators=[code], frequency=Frequency.MONTH, **cut)


def test_every_page_in_every_language(town: Town, office: Any, browse: Browse, statements: list[str]):
    statistics.publish(actor=SYSTEM, note="首次发布")
    named = {
        one.name
        for one in urlpatterns
        if isinstance(one, URLPattern) and str(one.pattern).startswith("data/")
    }
    assert named >= BOUNDS.keys() | NO_PAGES
    period = figures("orders")[0].period
    for language, tag in LANGUAGES.items():
        officer, visitor = browse("abacus", language), browse("", language)
        officer.post("/data/figures/", {"show": "working", "back": "/data/"})
        for name, (address, bound) in BOUNDS.items():
            whose = officer if name == "data_orders" else visitor
            statements.clear()
            answer = whose.get(address + (period if name == "data_orders" else ""))
            count, html = len(statements), answer.content.decode()
            assert (answer.status_code, name) == (200, name)
            assert f'<html lang="{tag}">' in html
            assert_clean(html)
            if language != "en":
                assert_no_english(html.replace("abacus", ""), name)
            assert count <= bound + 4 * (name == "data_orders"), (name, count)
    # A formula leads down to the documents.
    html = browse().get("/data/indicators/return_rate/").content.decode()
    assert "÷" in html
    assert "orders.return_requested" in html
    assert "orders.shipped" in html
    assert "orders.dispute_raised" not in html
    kinds = statistics.documents_of(statistics.tree().by_code["refunds"])
    assert kinds[:3] == ("orders.refunded", "orders.cancelled", "orders.closed_short")
    assert "orders.paid" not in kinds


def test_the_public_sees_what_was_published_and_officers_may_see_more(
    town: Town, office: Any, browse: Browse
):
    visitor, officer = browse(), browse("abacus")
    address = "/data/indicators/turnover/"
    assert "Nothing has been published yet" in visitor.get(address).content.decode()
    assert "show=working" not in visitor.get(address).content.decode()
    exact = writing.exact(figures("turnover")[0].value, IndicatorUnit.MONEY)
    assert exact not in visitor.get(address).content.decode()
    assert officer.post("/data/figures/", {"show": "working", "back": address})["Location"] == address
    working = officer.get(address).content.decode()
    assert exact in working
    assert "Not published, not protected" in working
    # One seller stands behind all that was traded: what is published tells nobody's turnover.
    statistics.publish(actor=SYSTEM, note="first")
    published = visitor.get(address).content.decode()
    assert exact not in published
    assert "withheld" in published
    assert exact not in visitor.get("/data/charts/turnover/").content.decode()
    # Whoever is no officer stays with what is published, whatever the session says.
    for who in ("sun", ""):
        client = browse(who)
        assert client.post("/data/figures/", {"show": "working"}).status_code in {302, 403}
        assert exact not in client.get(address).content.decode()
        assert exact not in client.get(f"{address}?vintage=1").content.decode()
    # A release stays as it was.
    assert "An earlier release" not in visitor.get(f"{address}?release=1").content.decode()
    assert visitor.get(f"{address}?release=99").status_code == 404


def test_from_a_figure_to_its_orders_and_today_exactly_with_a_mandate_only(
    town: Town, office: Any, browse: Browse
):
    [month] = {one.period for one in figures("orders")}
    orders = int(figures("orders")[0].value)
    address = f"/data/orders/?indicator=turnover&period={month}"
    before = sets.fetch("select count(*) from parties_desk_entry where what = 'look'")[0][0]
    html = browse("abacus").get(address).content.decode()
    assert f"{orders} orders" in html
    found = statistics.orders_behind(actor=SYSTEM, indicator="turnover", period=month)
    assert (found.orders, found.value) == (orders, figures("turnover")[0].value)
    assert {str(one.order_id) for one in found.items if str(one.order_id) in html} == {
        str(one.order_id) for one in found.items
    }
    assert sets.fetch("select count(*) from parties_desk_entry where what = 'look'")[0][0] == before + 1
    assert browse("sun").get(address).status_code == 403
    assert browse().get(address)["Location"].startswith("/sign-in/")
    with pytest.raises(NotAllowed):
        statistics.orders_behind(actor=town.seller, indicator="turnover", period=month)
    with pytest.raises(statistics.NotFromOrders):
        statistics.orders_behind(actor=SYSTEM, indicator="share_b2b", period=month)
    assert browse("abacus").get(address.replace("turnover", "nothing")).status_code == 404
    assert browse("abacus").get(address.replace(month, "2015-13")).status_code == 422
    # What is traded today is told in batches: all are one seller’s here, and nothing of it may be told.
    told, exact = statistics.trade_today(), statistics.trade_today(actor=SYSTEM)
    assert told is not None
    assert exact is not None
    assert exact.total.orders > 0
    assert (told.total.orders, told.total.turnover, dict(told.cities), dict(told.hours)) == (0, 0, {}, {})
    assert sum(one.orders for one in exact.hours.values()) == exact.total.orders
    assert statistics.trade_today(actor=SYSTEM).total == exact.total  # type: ignore[union-attr] # read once
    with pytest.raises(NotAllowed):
        statistics.trade_today(actor=town.seller)


def test_programs_are_told_the_same_of_today_and_of_orders_behind_figures(
    town: Town, office: authority_town.Offices
):
    def asked(where: str, actor: Any = None) -> tuple[int, Any]:
        headers = {"Accept-Language": "en"}
        if actor is not None:
            _, secret = parties.issue_token(actor=actor, name="programme", scopes=["statistics:read"])
            headers["Authorization"] = f"Bearer {secret}"
        answer = Client(headers=headers).get(f"/api/v1/statistics/figures/{where}")
        return answer.status_code, answer.json()

    officer = office.statistics
    status, told = asked("today")
    assert status == 200
    assert (told["exact"], told["total"], told["cities"]) == (
        False,
        {"code": "", "orders": 0, "turnover": "0"},
        [],
    )
    live = statistics.trade_today(actor=SYSTEM)
    assert live is not None
    status, exact = asked("today/exact", officer)
    assert status == 200
    assert exact["total"] == {
        "code": "",
        "orders": live.total.orders,
        "turnover": f"{live.total.turnover:f}",
    }
    assert {one["code"]: one["orders"] for one in exact["hours"]} == {
        f"{hour:02}": one.orders for hour, one in live.hours.items()
    }
    [month] = {one.period for one in figures("orders")}
    before = sets.fetch("select count(*) from parties_desk_entry where what = 'look'")[0][0]
    status, behind = asked(f"orders?indicator=turnover&period={month}", officer)
    found = statistics.orders_behind(actor=SYSTEM, indicator="turnover", period=month)
    assert (status, behind["orders"], behind["value"]) == (200, found.orders, f"{found.value:f}")
    assert [one["order_id"] for one in behind["items"]] == [str(one.order_id) for one in found.items]
    assert sets.fetch("select count(*) from parties_desk_entry where what = 'look'")[0][0] == before + 1
    # Who has no mandate, no token, or asks for what there is not, is told so.
    assert asked("today/exact", town.seller)[0] == 403
    assert asked(f"orders?indicator=turnover&period={month}", town.seller)[0] == 403
    assert [asked(where)[0] for where in ("today/exact", "orders?indicator=turnover&period=2026")] == [
        401,
        401,
    ]
    refused = [
        asked(f"orders?{query}", officer)
        for query in (
            "indicator=nothing&period=2026",
            "indicator=share_b2b&period=2026",
            "indicator=turnover&period=2015-13",
            "indicator=turnover&period=2026&page=0",
        )
    ]
    assert [(status, told["code"]) for status, told in refused] == [
        (404, "NoSuchIndicator"),
        (422, "NotFromOrders"),
        (422, "PeriodUnreadable"),
        (422, "MalformedRequest"),
    ]


def test_figures_are_written_as_people_read_them(settings: Any):
    from decimal import Decimal  # noqa: PLC0415

    from django.utils import translation  # noqa: PLC0415

    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = [
                writing.figure(Decimal("3214567890123.45"), IndicatorUnit.MONEY),
                writing.short(Decimal(123456)),
                writing.growth(Decimal(90), Decimal(100)),
            ]
    assert said == {
        "zh-hans": ["3.21万亿元", "12.3万", "−10.0%"],
        "zh-hant": ["3.21萬億元", "12.3萬", "−10.0%"],
        "en": ["CNY 3.21 tn", "123 k", "−10.0%"],
    }


def test_the_province_orders_a_release_that_is_made_in_the_background(
    town: Town, office: Any, browse: Browse
):
    officer = browse("abacus")
    assert "New figures are waiting" in officer.get("/data/releases/").content.decode()
    assert "New figures are waiting" not in browse().get("/data/releases/").content.decode()
    for who in ("sun", ""):
        assert browse(who).post("/data/releases/publish/", {"note": "x"}).status_code in {302, 403}
    assert sets.fetch("select count(*) from procrastinate_jobs where task_name = 'statistics.publish'") == [
        (0,)
    ]
    assert officer.post("/data/releases/publish/", {"note": "第一次"})["Location"] == "/data/releases/"
    [(arguments,)] = sets.fetch("select args from procrastinate_jobs where task_name = 'statistics.publish'")
    ordered = json.loads(arguments)
    statistics_jobs.publish(**ordered)
    [one] = statistics.releases()
    assert one.note == "第一次"
    [(by,)] = sets.fetch("select published_by::text from statistics_release")
    assert by == ordered["by"]
    # Nothing is new any more: ordered again, nothing is made.
    officer.post("/data/releases/publish/")
    assert sets.fetch("select count(*) from procrastinate_jobs where task_name = 'statistics.publish'") == [
        (1,)
    ]
    assert "Nothing has changed since the last release" in officer.get("/data/releases/").content.decode()
