"""A migrated database that the command's own processes can work on."""

from collections.abc import Iterator

import pytest
from running import cohong, environment, own_database


@pytest.fixture(scope="session")
def migrated_url() -> Iterator[str]:
    """A database of this test process's own, migrated once by the command itself."""
    with own_database() as url:
        done = cohong("migrate", env=environment(DATABASE_URL=url))
        assert done.returncode == 0, done.stderr
        assert "Applying kernel.0001_initial... OK" in done.stdout
        yield url
