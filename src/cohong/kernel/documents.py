"""Documents (电子单证): what an act states, in a form that can be digested and kept for ever.

A module declares each kind of document as a frozen struct:

    @document("orders.placed")
    class OrderPlaced(Body):
        number: str
        total: Money

The body goes into an *envelope* that says what it is about, who issued it, who may see it and which earlier
documents it answers. The envelope's canonical form is JSON by RFC 8785; its SHA-256 is the document's digest.

Fields are only ever added, each with a default, so that every document ever written can still be read.
Bodies hold text, integers within 2**53, booleans, ids, times, `Money`, and lists, structs and text-keyed maps of
these. Floats are refused: they have no place in a trade, and only without them is the fast encoder's output
the same as RFC 8785's, byte for byte.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import msgspec

_encoder = msgspec.json.Encoder(order="sorted", decimal_format="string", uuid_format="canonical")
_kinds: dict[str, "type[Body]"] = {}

B = TypeVar("B", bound="type[Body]")


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What one kind of document states. A `public` one everyone may see."""

    kind: ClassVar[str]
    version: ClassVar[int]
    public: ClassVar[bool] = False


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """A document whole: its body and what is said about it."""

    id: UUID
    kind: str
    version: int
    subject: UUID
    issuer: UUID
    visible_to: tuple[UUID, ...]
    answers: tuple[UUID, ...]
    issued_at: datetime
    body: Any


def document(kind: str, *, version: int = 1) -> Callable[[B], B]:
    """Declare a kind of document, `<module>.<what happened>`. `version` counts its additions."""

    def declare(body: B) -> B:
        if kind in _kinds:
            raise ValueError(f"document kind {kind} is declared twice")
        _refuse_inexact(msgspec.inspect.type_info(body), kind)
        body.kind = kind
        body.version = version
        _kinds[kind] = body
        return body

    return declare


def _refuse_inexact(info: Any, kind: str, seen: frozenset[str] = frozenset()) -> None:
    """Refuse a declaration that could let a float in."""
    if isinstance(info, msgspec.inspect.FloatType | msgspec.inspect.AnyType):
        raise TypeError(f"document kind {kind} may not hold {type(info).__name__}")
    name = repr(getattr(info, "cls", ""))
    if name in seen:
        return
    inner = [getattr(info, slot, None) for slot in ("item_type", "key_type", "value_type")]
    inner += list(getattr(info, "item_types", ())) + list(getattr(info, "types", ()))
    inner += [field.type for field in getattr(info, "fields", ())]
    for part in inner:
        if part is not None:
            _refuse_inexact(part, kind, seen | {name})


def kinds() -> dict[str, "type[Body]"]:
    """Return every declared kind with its struct."""
    return dict(_kinds)


def canonical(value: Any) -> bytes:
    """Return the canonical JSON (RFC 8785) of an envelope, a body or anything that a body may hold."""
    return _encoder.encode(value)


def digest(canonical_form: bytes) -> bytes:
    """Return the SHA-256 of a canonical form."""
    return hashlib.sha256(canonical_form).digest()


def read(canonical_form: bytes | str) -> Envelope:
    """Read a document back. The body is its declared struct, or plain values if its kind is no longer known."""
    raw = msgspec.json.decode(canonical_form, type=Envelope)
    body_type = _kinds.get(raw.kind)
    if body_type is None:
        return raw
    return msgspec.structs.replace(raw, body=msgspec.convert(raw.body, body_type, strict=False))
