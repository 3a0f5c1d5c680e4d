"""The house's clock: UTC, and settable for the length of a block.

A replay trades the past through today's acts, and a test looks at what happens in a fortnight: both set the
clock. Everything that asks the time asks here, never the database and never `datetime` itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_set_to: ContextVar[datetime | None] = ContextVar("cohong_clock", default=None)


def now() -> datetime:
    """Return the time now, in UTC, to the microsecond."""
    return _set_to.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be `moment` (which must know its time zone) inside the block."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone names no instant")
    token = _set_to.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(token)
