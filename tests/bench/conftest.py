"""What the benches measure in."""

import pytest

import migrated
from cohong.bench import scratch


@pytest.fixture(autouse=True)
def copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let their databases be copies: migrating is not what is measured."""
    monkeypatch.setattr(scratch, "_TEMPLATE", migrated.database())
