"""A place to trade in, whose facts are written where a test can look at them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def place(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[Any]:
    """Set a place up; its facts stand in a folder of their own."""
    from cohong.statistics import followers  # noqa: PLC0415 - models can be imported once Django stands
    from trading import Place  # noqa: PLC0415

    settings.DATA_FOLDER = tmp_path
    followers._looked.clear()
    yield Place()
    followers._looked.clear()


@pytest.fixture
def bureau(transactional_db: None) -> Any:
    """Set up the offices. A refused act undoes its whole transaction, so each test works with real ones."""
    from reporting_world import Bureau  # noqa: PLC0415 - models can be imported once Django stands

    return Bureau()
