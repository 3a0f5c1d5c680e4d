"""The town that tests of whole payments play in. What needs Django is imported late: this file is read before
its settings."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def town(transactional_db: None, settings: Any) -> Iterator[Any]:
    """A bank we are connected to, and somewhere for its notifications to arrive; the books are sound at the
    end."""
    from payments_world import FAST_RETRY, Town, is_sound  # noqa: PLC0415

    from cohong.kernel.outside.sandbox import Receiver  # noqa: PLC0415
    from cohong.payments import api as payments  # noqa: PLC0415
    from cohong.payments.providers.sandbox import SandboxBank  # noqa: PLC0415

    with SandboxBank(retry_s=FAST_RETRY) as bank, Receiver() as receiver:
        settings.COHONG_PUBLIC_URL = receiver.url.removesuffix("/notices")
        client = bank.provider(timeout_s=5)
        with payments.connected("bank", client):
            yield Town(bank, receiver)
        client.close_connections()
        bank.audit()
    is_sound()


@pytest.fixture
def bank() -> Iterator[Any]:
    """Open a sandbox bank; its books are sound at the end."""
    from bank_world import FAST_RETRY  # noqa: PLC0415

    from cohong.payments.providers.sandbox import SandboxBank  # noqa: PLC0415

    with SandboxBank(retry_s=FAST_RETRY) as bank:
        yield bank
        bank.audit()


@pytest.fixture
def provider(bank: Any) -> Iterator[Any]:
    """Be connected to it."""
    provider = bank.provider(timeout_s=5)
    yield provider
    provider.close_connections()


@pytest.fixture
def hasty(bank: Any) -> Iterator[Any]:
    """Be connected to it by a client that waits a moment only."""
    provider = bank.provider(timeout_s=0.2)
    yield provider
    provider.close_connections()


@pytest.fixture
def receiver() -> Iterator[Any]:
    """Have somewhere for its notifications to arrive."""
    from cohong.kernel.outside.sandbox import Receiver  # noqa: PLC0415

    with Receiver() as receiver:
        yield receiver
