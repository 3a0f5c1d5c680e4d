"""Fixtures of logistics' tests. What needs Django is imported late: this is read before the settings."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest


@pytest.fixture
def world(db: None) -> Any:
    """Two carriers, a seller, a buyer and a stranger."""
    from logistics_world import make_world  # noqa: PLC0415

    return make_world()


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Callable[[], AbstractContextManager[Callable[[], int]]]:
    """Count the statements in a block: Django's own and the set statements."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from cohong.kernel import sets  # noqa: PLC0415

    @contextmanager
    def counting() -> Iterator[Callable[[], int]]:
        taken: list[int] = []
        open_cursor = sets._cursor

        def counted() -> Any:
            taken.append(1)
            return open_cursor()

        with monkeypatch.context() as patch, CaptureQueriesContext(connection) as queries:
            patch.setattr(sets, "_cursor", counted)
            yield lambda: len(taken) + len(queries)

    return counting
