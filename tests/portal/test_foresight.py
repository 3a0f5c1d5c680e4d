"""The pages of forecasts and alarms: what everyone sees, what officers do, in three languages, within bounds."""

from collections.abc import Callable
from typing import Any

import authority_town
import pytest
from django.test import Client
from portal_town import Town
from test_pages import LANGUAGES, assert_clean, assert_no_english

from cohong.parties.api import SYSTEM
from cohong.statistics import api as statistics
from cohong.statistics.api import AlarmState
from watched_world import TODAY, months, observe, released

Browse = Callable[..., Client]
#: Page, who looks, the most queries it may take.
BOUNDS = {
    "/data/forecasts/": ("", 8),
    "/data/forecasts/turnover/": ("", 12),
    "/data/alarms/": ("abacus", 16),
    "/data/alarms/?state=all&severity=grave&rule=shift&own=1": ("abacus", 16),
}


@pytest.fixture
def alarm(town: Town) -> statistics.AlarmView:
    """Let an office watch a series that ends with a wild value, of which all but that is published and forecast."""
    authority_town.offices(town)
    values = months()
    observe(values | {"2015-12": values["2015-12"] * 2}, region="")
    released(dict(list(values.items())[:-1]))
    statistics.watch(actor=SYSTEM, today=TODAY)
    assert statistics.forecast_due(actor=SYSTEM, published=True, today=TODAY).made == 1
    released({"2015-12": values["2015-12"]})
    [found] = statistics.alarms(actor=SYSTEM, rule="outlier")
    return found


def looked_at(client: Client, where: str, most: int, statements: list[str]) -> str:
    page = ""
    for code, said in LANGUAGES.items():
        client.cookies["django_language"] = code
        client.get(where)
        statements.clear()
        answer = client.get(where)
        assert answer.status_code == 200, where
        assert len(statements) <= most, f"{where}: {len(statements)} statements"
        page = answer.content.decode()
        assert f'lang="{said}"' in page
        if code != "en":
            assert_no_english(page.replace("abacus", ""), where)
        assert_clean(page)
    return page


def test_forecasts_are_everyones_and_alarms_the_officers(
    alarm: statistics.AlarmView, browse: Browse, statements: list[str]
):
    stranger, officer = Client(), browse("abacus")
    for where, (username, most) in BOUNDS.items():
        looked_at(officer if username else stranger, where, most, statements)
    here = f"/data/alarms/{alarm.id}/"
    looked_at(officer, here, 20, statements)
    stranger.cookies["django_language"] = "en"
    page = stranger.get("/data/forecasts/turnover/").content.decode()
    assert "over 1 periods" in page
    assert "2015-12" in page
    assert stranger.get("/data/forecasts/turnover/?region=440100").status_code == 404
    assert stranger.get("/data/alarms/").status_code == 302
    assert browse("sun").get(here).status_code == 403
    assert browse("sun").post(f"{here}do/acknowledge/").status_code in (302, 403)
    assert statistics.alarm(actor=SYSTEM, alarm_id=alarm.id).state is AlarmState.OPEN


def test_an_officer_takes_an_alarm_on_and_says_what_is_behind_it(alarm: statistics.AlarmView, browse: Browse):
    officer = browse("abacus")
    here = f"/data/alarms/{alarm.id}/"

    def does(act: str, **more: Any) -> str:
        officer.cookies["django_language"] = "en"
        return officer.post(f"{here}do/{act}/", more, follow=True).content.decode()

    assert "Being looked into" in does("acknowledge", steps="1")
    assert "Something has happened to this alarm meanwhile" in does("explain", reason="一次性大单", steps="1")
    assert "“reason”" in does("explain", steps="2") or "reason" in does("explain", steps="2")
    page = does("explain", reason="一次性大单", steps="2")
    assert "The alarm is now: Explained." in page
    assert "一次性大单" in page
    assert officer.post(f"{here}do/raise/", follow=True).status_code == 200
    assert officer.post(f"{here}do/fog/").status_code == 404
    state = statistics.alarm(actor=SYSTEM, alarm_id=alarm.id).state
    assert state is AlarmState.EXPLAINED
