"""The town that the pages' tests look at."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import translation

from cohong.kernel import sets

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(autouse=True)
def translations() -> Iterator[None]:
    """Compile what is stale, as the program does when it starts; and leave no language active behind."""
    from cohong.cli.translations import compile_stale  # noqa: PLC0415

    if compile_stale():
        translation.trans_real._translations.clear()
    before = translation.get_language()
    yield
    translation.activate(before)


@pytest.fixture(autouse=True)
def no_index() -> Iterator[None]:
    """Let each test begin without an index of another one's goods, and without its regions and categories."""
    from cohong.catalog import api as catalog  # noqa: PLC0415 - models can be imported once Django stands

    catalog.discard_index()
    catalog.forget_reference()
    yield
    catalog.discard_index()
    catalog.forget_reference()


@pytest.fixture
def town(transactional_db: None) -> Any:
    """Set the town up. A refused act undoes its whole transaction, so each test works with real ones."""
    from portal_town import Town  # noqa: PLC0415 - models can be imported once Django stands

    return Town()


@pytest.fixture
def browse() -> Callable[..., Client]:
    """Open a browser window, in a language and as someone if told so."""
    from portal_town import PASSWORD  # noqa: PLC0415

    def window(username: str = "", language: str = "en") -> Client:
        client = Client()
        client.cookies["django_language"] = language
        if username:
            assert client.login(username=username, password=PASSWORD)
        return client

    return window


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Gather every SQL statement that is sent, whether Django's or one of `kernel.sets`, which Django does not count."""
    sent: list[str] = []

    def gather(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append(sql)
        return execute(sql, params, many, context)

    def counting(function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(sql: str, *args: Any, **kwargs: Any) -> Any:
            sent.append(sql)
            return function(sql, *args, **kwargs)

        return counted

    for name in ("fetch", "run"):
        monkeypatch.setattr(sets, name, counting(getattr(sets, name)))
    with connection.execute_wrapper(gather):
        yield sent


@pytest.fixture
def browser() -> Iterator[Any]:
    """Start Chromium. A machine of one's own may lack it; where the checks run (`CI`) that is a failure."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - slow to import

    # Playwright runs an event loop in this thread, which Django would take for a reason to refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    found = os.environ.get("COHONG_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    with sync_playwright() as playwright:
        if found is None and os.path.exists(playwright.chromium.executable_path):  # noqa: PTH110 - a str from there
            found = playwright.chromium.executable_path
        if found is None:
            missing = "no Chromium: install it, or name it in COHONG_CHROMIUM"
            pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            yield started
            started.close()
        finally:
            # Django keeps its connections by event loop, and this one is about to go.
            connections.close_all()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """Serve the site; its threads keep no connection that would outlive the test's database."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    return str(request.getfixturevalue("live_server").url)
