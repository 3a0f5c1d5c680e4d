"""A migrated database that the command's own processes can work on."""

from collections.abc import Iterator

import pytest
from running import own_database

import migrated


@pytest.fixture(scope="session")
def migrated_url() -> Iterator[str]:
    """A migrated database of this test process's own."""
    with own_database(migrated.database()) as url:
        yield url
