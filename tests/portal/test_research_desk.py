"""The research desk and the open data: chosen, shown, downloaded, saved and shared; in three languages, within bounds."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import authority_town
from django.test import Client
from portal_town import PASSWORD, Town
from test_pages import LANGUAGES, assert_clean, assert_no_english

import published_world
from cohong.kernel import clock, journal
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Mandate, Role
from cohong.statistics import api as statistics
from cohong.statistics.facts import store
from cohong.statistics.facts.shapes import Table

CITATION = re.compile(r'<p class="citation">.*?</p>')
Browse = Callable[..., Client]
#: Page of a visitor without an account, and the most queries it may take.
BOUNDS = {
    "/data/research/": 8,
    "/data/research/?indicator=turnover&indicator=orders&region=*&from=2025-11": 18,
    "/data/open/": 4,
    "/data/open/scale/": 5,
}


def test_figures_are_chosen_shown_saved_and_shared(
    town: Town, browse: Browse, settings: Any, tmp_path: Path, statements: list[str]
):
    settings.DATA_FOLDER = tmp_path
    moon, sun, stranger = browse("moon"), browse("sun"), Client()
    for where in BOUNDS:
        assert stranger.get(where).status_code == 200, "before anything is published"
    first = published_world.release(1)
    for where, most in BOUNDS.items():
        for code, said in LANGUAGES.items():
            stranger.cookies["django_language"] = code
            statements.clear()
            page = stranger.get(where).content.decode()
            assert len(statements) <= most, f"{where}: {len(statements)} statements"
            assert f'lang="{said}"' in page
            if code != "en":
                assert_no_english(CITATION.sub("", page), where)
            assert_clean(page)
    page = stranger.get("/data/research/?indicator=turnover&region=*&from=2025-12").content.decode()
    assert "1,200" in page
    assert ">c</abbr>" in page, "what is withheld is marked"
    assert "300</td>" not in page
    wrong = stranger.get("/data/research/?indicator=turnover&from=2026-13")
    assert (wrong.status_code, 'value="2026-13"' in wrong.content.decode()) == (422, True)
    file = stranger.get("/data/research/file/?indicator=turnover&format=xlsx")
    assert file.content[:2] == b"PK"
    file = stranger.get("/data/open/scale/file/csv/")
    assert "scale.csv" in zipfile.ZipFile(io.BytesIO(b"".join(file.streaming_content))).namelist()
    assert stranger.get("/data/open/scale/file/exe/").status_code == 404
    catalogue = stranger.get("/data/open/catalogue.json").json()
    assert {one["dct:identifier"] for one in catalogue["dcat:dataset"]} >= {"scale", "support"}

    refused = moon.get("/data/research/breakdowns/").content.decode()
    assert 'name="indicator"' not in refused, "who has no right is not offered to ask"
    asked = moon.post("/data/research/breakdowns/", {"indicator": "turnover", "year": "2025", "by": "form"})
    assert asked.status_code == 403
    choice = {"indicator": "turnover", "frequency": "year", "region": "total", "name": "年度交易额"}
    listed = moon.post("/data/research/queries/", choice, follow=True).content.decode()
    assert "年度交易额" in listed
    here = listed.split('href="/data/research/queries/')[1].split("/")[0]
    published_world.release(2)
    assert sun.get(f"/data/research/queries/{here}/").status_code == 404
    run = moon.get(f"/data/research/queries/{here}/", follow=True).content.decode()
    assert "12,000" in run
    assert f"{first}" in run.split('class="notice')[1], "it says that the figures are newer"
    shared = moon.post(f"/data/research/queries/{here}/do/share/", follow=True).content.decode()
    key = shared.split("/data/research/shared/")[1].split("/")[0]
    assert "12,000" in stranger.get(f"/data/research/shared/{key}/", follow=True).content.decode()
    assert sun.post(f"/data/research/queries/{here}/do/delete/").status_code == 404
    moon.post(f"/data/research/queries/{here}/do/delete/")
    assert stranger.get(f"/data/research/shared/{key}/").status_code == 404


def test_a_breakdown_is_asked_for_awaited_and_read(town: Town, browse: Browse, settings: Any, tmp_path: Path):
    settings.DATA_FOLDER = tmp_path
    store.add(
        Table.TRADE,
        [
            {
                "day": date(2025, 5, seller),
                "position": seller,
                "trade": seller,
                "line": 0,
                "fact": "sale",
                "seller": seller,
                "buyer": 99,
                "form": ("b2b", "b2c")[seller > 4],
                "way": "shop",
                "service": False,
                "orders": 1,
                "minor": 10_000,
                "base": 10_000,
                "quantity": 1,
                "cross_border": False,
            }
            for seller in range(1, 7)
        ],
    )
    moon, sun = browse("moon"), browse("sun")
    until = clock.now().date() + timedelta(30)
    for party in (town.buyer, town.seller):
        statistics.grant_research(actor=SYSTEM, party_id=party.party_id, until=until, reason="课题")
    here = "/data/research/breakdowns/"
    moon.cookies["django_language"] = "en"
    wrong = moon.post(here, {"indicator": "turnover", "year": "2025"}, follow=True).content.decode()
    assert "Break down by one or two different dimensions." in wrong
    asked = moon.post(here, {"indicator": "turnover", "year": "2025", "by": "form"})
    where = asked["Location"]
    for code in LANGUAGES:
        moon.cookies["django_language"] = code
        for place in (here, where):
            page = moon.get(place).content.decode()
            assert_clean(page)
            if code != "en":
                assert_no_english(page, place)
    waiting = moon.get(where, headers={"HX-Request": "true"}).content.decode()
    assert f'hx-get="{where}"' in waiting, "it looks again by itself"
    assert "<html" not in waiting
    listed = moon.get(here, headers={"HX-Request": "true"}).content.decode()
    assert f'hx-get="{here}"' in listed
    assert f'href="{where}"' in listed
    assert sun.get(where).status_code == 404
    statistics.answer_breakdown(actor=SYSTEM, question_id=UUID(where.rstrip("/").rpartition("/")[2]))
    for code in LANGUAGES:
        moon.cookies["django_language"] = code
        answer = moon.get(where).content.decode()
        assert_clean(answer)
        assert "hx-get=" not in answer.split('id="answer"')[1].split("</main>")[0], "it looks no more"
        if code != "en":
            assert_no_english(answer, where)
    assert "400" in answer
    assert ">c</abbr>" in answer, "two sellers alone"
    assert f'hx-get="{here}"' not in moon.get(here).content.decode()


def test_the_province_grants_research_rights_and_ends_them(town: Town, browse: Browse):
    authority_town.offices(town)
    where, today = "/data/research/rights/", clock.now().date()
    officer, sun = browse("abacus"), town.seller.party_id
    name = parties.party(party_id=sun).name
    assert "Nobody has a research right" in officer.get(where).content.decode()
    assert f'href="?party={sun}#grant"' in officer.get(f"{where}?text={name}").content.decode()
    assert name in officer.get(f"{where}?party={sun}").content.decode()
    until = today + timedelta(days=30)
    sent = {"party": str(sun), "until": until.isoformat(), "reason": "产业研究"}
    for wrong in ({"until": "soon"}, {"until": today.isoformat()}, {"until": "2100-01-01"}, {"reason": ""}):
        answer = officer.post(where, {**sent, **wrong})
        about = re.findall(r'call-text" id="(\w+)-note"', answer.content.decode())
        assert (answer.status_code, about) == (400, [*wrong]), wrong
    assert officer.post(where, {**sent, "party": ""}).status_code == 404
    assert statistics.research_rights(actor=SYSTEM) == []
    assert officer.post(where, sent)["Location"] == where
    [right] = statistics.research_rights(actor=SYSTEM)
    assert (right.party_id, right.until, right.in_force, right.asked) == (sun, until, True, 0)
    journal.pump()
    assert f"until {until}: 产业研究" in browse("sun").get("/notices/").content.decode()
    assert f"lasts to {until}" in browse("sun").get("/data/research/breakdowns/").content.decode()
    # A city's office sees who has what, and can change nothing; nobody else sees it.
    city = parties.register_authority(
        actor=SYSTEM, name="广州市统计局", mandates=[Mandate.STATISTICS], region_code="440100"
    )
    user_id = parties.sign_up(username="counter", password=PASSWORD)
    parties.grant_membership(actor=SYSTEM, party_id=city, user_id=user_id, role=Role.OWNER)
    clerk = browse("counter")
    assert name in clerk.get(where).content.decode()
    assert "#grant" not in clerk.get(where).content.decode()
    end = f"{where}{sun}/end/"
    for who, may_look in ((clerk, 200), (browse("sun"), 403), (browse("lantern"), 403), (Client(), 302)):
        refused = (who.get(where).status_code, who.post(where, sent).status_code)
        assert refused == (may_look, 403 if may_look == 200 else may_look)
        assert who.post(end, {"reason": "停止"}).status_code in {302, 403}
    assert statistics.research_rights(actor=SYSTEM) == [right]
    for code in LANGUAGES:
        page = browse("abacus", code).get(f"{where}?party={sun}").content.decode()
        assert_clean(page)
        if code != "en":
            assert_no_english(page.replace("abacus", ""), code)
    assert officer.post(end, {"reason": "项目结束"})["Location"] == where
    [ended] = statistics.research_rights(actor=SYSTEM)
    assert (ended.until, ended.in_force, ended.reason) == (None, False, "项目结束")
    assert "has no research right" in officer.post(end, {"reason": "再次"}, follow=True).content.decode()
