"""The market that the catalog's tests run in."""

from typing import Any

import pytest


@pytest.fixture
def market(db: None) -> Any:
    """Set the market up. Imported late: models can be imported once Django stands."""
    from catalog_market import Market  # noqa: PLC0415

    return Market()
