"""The research desk and the open data: chosen, shown, downloaded, saved and shared; in three languages, within bounds."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.test import Client
from portal_town import Town
from test_pages import LANGUAGES, assert_clean, assert_no_english

import published_world

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
