"""Identifiers: UUIDv7 (RFC 9562), which sort by the time they were made."""

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

# The root of all ids that are computed from what they name, so that making them twice gives the same id.
_NAMESPACE = UUID("0192f0c1-7c0a-7000-8000-c0c0c0c0c0c0")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_VERSION_7, _VARIANT = 0x7 << 76, 0b10 << 62
_LATEST_MS = (1 << 48) - 1


def new_id() -> UUID:
    """Make a new id. Ids made later in one process sort later."""
    return uuid7()


def named_id(*parts: object) -> UUID:
    """Compute the id (UUIDv5) of something that is identified by what it is, e.g. an account of a party."""
    return uuid5(_NAMESPACE, "\x1f".join(str(part) for part in parts))


def named_id_at(moment: datetime, *parts: object) -> UUID:
    """Compute the id (UUIDv7) of something that is identified by what it is and that happened at `moment`.

    Its time is the moment's, to the millisecond, so that it sorts among other ids by when it happened; its
    other 74 bits are a hash of the parts, and of nothing else. Moments before 1970 count as its beginning.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone names no instant")
    milliseconds = min(max((moment - _EPOCH) // timedelta(milliseconds=1), 0), _LATEST_MS)
    named = "\x1f".join(str(part) for part in parts)
    bits = int.from_bytes(hashlib.sha256(_NAMESPACE.bytes + named.encode()).digest()[:16], "big")
    head, tail = bits >> 64 & 0xFFF, bits & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | _VERSION_7 | head << 64 | _VARIANT | tail)


__all__ = ["UUID", "named_id", "named_id_at", "new_id"]
