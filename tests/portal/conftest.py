"""The town that the pages' tests look at."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from cohong.kernel import sets


@pytest.fixture(autouse=True)
def translations() -> Iterator[None]:
    """Compile what is stale, as the program does when it starts; and leave no language active behind."""
    from cohong.cli.translations import compile_stale  # noqa: PLC0415

    if compile_stale():
        translation.trans_real._translations.clear()
    before = translation.get_language()
    yield
    translation.activate(before)


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
