"""The site as an app: installable, there without a connection, small at first sight, kept by content."""

import gzip
import json
import re
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from PIL import Image
from portal_town import Town
from portal_window import Window

Browse = Callable[..., Client]
FIRST_LOAD_BYTES = 120_000


def sent(client: Client, address: str) -> tuple[Any, bytes]:
    """Ask as browsers do, for something compressed; returns the answer and the bytes that travelled."""
    with closing(client.get(address, headers={"Accept-Encoding": "gzip"})) as answer:
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return answer, body


def plain(answer: Any, body: bytes) -> str:
    return (gzip.decompress(body) if answer.get("Content-Encoding") == "gzip" else body).decode()


def test_a_first_visit_is_small(town: Town, browse: Browse):
    ids = town.goods()
    for number in range(8):
        town.goods(f"半裙{number}")
    client, loaded = browse(language="zh-hans"), {}
    for address in ("/", "/search/?q=裙", f"/listings/{ids.listing_id}/"):
        answer, body = sent(client, address)
        assert answer["Content-Encoding"] == "gzip"
        html = plain(answer, body)
        loaded[address] = len(body)
        for file in re.findall(r'<(?:script|link)[^>]*(?:src|href)="(/[^"]+)"', html):
            if file not in loaded and not file.endswith(".png"):
                loaded[file] = len(sent(client, file)[1])
    assert len(loaded) > 8
    assert sum(loaded.values()) < FIRST_LOAD_BYTES, loaded


def test_static_files_are_kept_for_good_by_their_content(browse: Browse, db: None):
    client = browse()
    html = client.get("/sign-in/").content.decode()
    addresses = re.findall(r'<(?:script|link)[^>]*(?:src|href)="(/static/[^"]+)"', html)
    assert addresses
    for address in addresses:
        answer, body = sent(client, address)
        assert answer.status_code == 200, address
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", address), address
        assert "immutable" in answer["Cache-Control"]
        if address.endswith((".css", ".js")) and len(plain(answer, body)) >= 512:
            assert answer["Content-Encoding"] == "gzip"
            assert len(body) < len(plain(answer, body))
    by_name, _ = sent(client, "/static/portal/tokens.css")
    assert by_name["Cache-Control"] == "max-age=60, public"
    assert client.get("/static/portal/tokens.000000000000.css").status_code == 404
    changed, _ = sent(client, addresses[0])
    unchanged = client.get(addresses[0], headers={"If-None-Match": changed["ETag"]})
    assert unchanged.status_code == 304


@pytest.mark.parametrize(
    ("language", "name", "search"),
    [("zh-hans", "公行", "搜索"), ("zh-hant", "公行", "搜尋"), ("en", "Cohong", "Search")],
)
def test_the_manifest_is_whole_in_every_language(
    browse: Browse, db: None, language: str, name: str, search: str
):
    client = browse(language=language)
    page = client.get("/sign-in/").content.decode()
    address = re.search(r'<link rel="manifest" href="([^"]+)"', page)[1]
    answer = client.get(address)
    assert answer["Content-Type"] == "application/manifest+json"
    told = json.loads(answer.content)
    assert (told["short_name"], told["start_url"], told["scope"], told["display"]) == (
        name,
        "/",
        "/",
        "standalone",
    )
    assert told["shortcuts"][0]["name"] == search
    for icon in told["icons"]:
        with closing(client.get(icon["src"])) as found:
            picture = Image.open(BytesIO(b"".join(found.streaming_content)))
        assert f"{picture.width}x{picture.height}" == icon["sizes"]
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    assert client.get("/app/fr.webmanifest").status_code == 404
    assert client.get("/offline/fr/").status_code == 404


def test_the_worker_is_served_for_the_whole_site_and_asked_for_anew(browse: Browse, db: None):
    answer = browse().get("/service-worker.js")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/javascript; charset=utf-8", "no-cache")
    assert answer["Service-Worker-Allowed"] == "/"


def test_without_a_connection_there_is_a_page_that_says_so(town: Town, site: str, browser: Any):
    window = Window(browser, site, language="zh-hant")
    window.become("moon")
    page = window.page
    page.goto(f"{site}/orders/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.reload()
    window.context.set_offline(True)
    page.goto(f"{site}/orders/")
    window.sees("您目前處於離線狀態")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgba(0, 0, 0, 0)", (
        "its styles are there"
    )
    kept = page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys())
            for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname);
          return found;
        }"""
    )
    personal = [
        one for one in kept if not one.startswith(("/static/", "/offline/")) and one != "/language-last-read"
    ]
    assert personal == [], "no page is kept"
    window.context.set_offline(False)
    page.goto(f"{site}/orders/")
    assert "離線" not in page.content()
    window.context.close()


def test_the_interfaces_documentation_works_under_the_policy(db: None, site: str, browser: Any):
    window = Window(browser, site)
    window.page.goto(f"{site}/api/v1/docs")
    window.page.get_by_text("/api/v1/parties/sign-up").first.wait_for()
    assert (window.complaints, window.strangers) == ([], [])
    window.context.close()
