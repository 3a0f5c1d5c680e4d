"""The street that retail's tests shop in."""

from typing import Any

import pytest


@pytest.fixture
def street(transactional_db: None) -> Any:
    """Set the street up. A refused act undoes its whole transaction, so each test works with real ones."""
    from retail_street import Street  # noqa: PLC0415 - models can be imported once Django stands

    return Street()
