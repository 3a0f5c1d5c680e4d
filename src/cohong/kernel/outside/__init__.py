"""Talking with outside systems: signed messages over HTTP, and sandboxes to talk to instead.

Each outside system (a bank, an identity register, a carrier) is spoken to by a client class of the module
that needs it, which turns every answer, and every lack of one, into an outcome of its own protocol. What
those clients share is here:

- `Credentials`: where a system is and which keys the two sides sign with;
- `SignedClient`: one call, one verified answer, or a `NoAnswer` that says which way it was missed;
- `open_notice`: read a message that the system sent by itself;
- `cohong.kernel.outside.sandbox`: the harness that sandbox systems are built on.
"""

from cohong.kernel.outside.calling import (
    UNREADABLE,
    Answer,
    Credentials,
    NoAnswer,
    Outage,
    SignedClient,
    WireTime,
)
from cohong.kernel.outside.signing import BadSignature, SigningKey, VerifyingKey, open_notice

__all__ = [
    "UNREADABLE",
    "Answer",
    "BadSignature",
    "Credentials",
    "NoAnswer",
    "Outage",
    "SignedClient",
    "SigningKey",
    "VerifyingKey",
    "WireTime",
    "open_notice",
]
