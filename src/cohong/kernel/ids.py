"""Identifiers: UUIDv7 (RFC 9562), which sort by the time they were made."""

from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

# The root of all ids that are computed from what they name, so that making them twice gives the same id.
_NAMESPACE = UUID("0192f0c1-7c0a-7000-8000-c0c0c0c0c0c0")


def new_id() -> UUID:
    """Make a new id. Ids made later in one process sort later."""
    return uuid7()


def named_id(*parts: object) -> UUID:
    """Compute the id (UUIDv5) of something that is identified by what it is, e.g. an account of a party."""
    return uuid5(_NAMESPACE, "\x1f".join(str(part) for part in parts))


__all__ = ["UUID", "named_id", "new_id"]
