"""The street that retail's tests shop in."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from cohong.kernel import sets


@pytest.fixture
def street(transactional_db: None) -> Any:
    """Set the street up. A refused act undoes its whole transaction, so each test works with real ones."""
    from retail_street import Street  # noqa: PLC0415 - models can be imported once Django stands

    return Street()


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
