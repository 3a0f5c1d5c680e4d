"""The market that the catalog's tests run in."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def market(db: None) -> Any:
    """Set the market up. Imported late: models can be imported once Django stands."""
    from catalog_market import Market  # noqa: PLC0415

    return Market()


@pytest.fixture(autouse=True)
def no_index() -> Iterator[None]:
    """Let each test begin without an index and without reference data of another one's."""
    from cohong.catalog.search import keeping, reference, store  # noqa: PLC0415

    def forget() -> None:
        store.discard()
        reference.forget()
        keeping._checked.clear()

    forget()
    yield
    forget()
