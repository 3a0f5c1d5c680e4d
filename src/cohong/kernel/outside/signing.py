"""Signatures on HTTP messages: one fixed profile of RFC 9421, Ed25519, with digests by RFC 9530.

Three kinds of message are signed, and each kind carries its own tag, so that none can pass for another:

- a request covers its method, authority, path, query and body;
- an answer covers its status, its body and the signature of the request that it answers, so that an answer
  cannot be moved to another question;
- a notice (a message that the outside system sends by itself) covers its body. It does not cover the address:
  what stands in front of the receiver may rewrite that.

A verifier accepts this profile and nothing else: no other algorithm, no fewer covered components, no second
signature. The freshness of requests and notices is judged by the machine's own clock, not by the house's: the
house's clock can be set to the past by a replay, the other side's cannot.
"""

import base64
import hashlib
import re
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.utils.translation import gettext_lazy as _

from cohong.kernel.errors import NotAllowed

LABEL = "cohong"
FRESH_FOR_S = 300
REQUEST_TAG, ANSWER_TAG, NOTICE_TAG = "cohong-request", "cohong-answer", "cohong-notice"

_PARAMS = re.compile(
    r"\((?P<covered>[^()]*)\);created=(?P<created>[0-9]{1,12});keyid=\"(?P<key_id>[A-Za-z0-9._-]{1,80})\""
    r";nonce=\"(?P<nonce>[A-Za-z0-9_-]{1,80})\";alg=\"ed25519\";tag=\"(?P<tag>[a-z-]{1,40})\""
)
_SIGNATURE = re.compile(LABEL + r"=:(?P<value>[A-Za-z0-9+/]{86}==):")

Components = Sequence[tuple[str, str]]


class BadSignature(NotAllowed):
    """A message from outside is not signed as it has to be; nothing in it is believed."""

    message = _("This message is not signed as it has to be: {why}")


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """The other side's public key, by the name its signatures give it; `public` is base64 of 32 bytes."""

    key_id: str
    public: str

    def check(self, base: bytes, signature: bytes) -> bool:
        """Say whether the signature over these bytes is this key's."""
        try:
            Ed25519PublicKey.from_public_bytes(base64.b64decode(self.public)).verify(signature, base)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Our own key, by the name that the other side knows it by; `seed` is base64 of 32 secret bytes."""

    key_id: str
    seed: str = field(repr=False)

    @classmethod
    def generate(cls, key_id: str) -> Self:
        """Make a new key."""
        return cls(key_id, base64.b64encode(secrets.token_bytes(32)).decode())

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(self.seed))

    @property
    def verifying(self) -> VerifyingKey:
        """The public half, for the other side."""
        public = self._private.public_key().public_bytes_raw()
        return VerifyingKey(self.key_id, base64.b64encode(public).decode())

    def sign(self, base: bytes) -> bytes:
        """Sign these bytes."""
        return self._private.sign(base)


def content_digest(body: bytes) -> str:
    """Return the value of the Content-Digest header for a body (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def signature_base(components: Components, params: str) -> bytes:
    """Return the bytes that are signed (RFC 9421, section 2.5)."""
    lines = [f"{name}: {value}" for name, value in components]
    return "\n".join([*lines, f'"@signature-params": {params}']).encode()


def request_components(method: str, url: str, digest: str) -> Components:
    """Return what a request's signature covers; `url` is absolute, as the server is addressed."""
    parts = urlsplit(url)
    return (
        ('"@method"', method.upper()),
        ('"@authority"', parts.netloc.lower()),
        ('"@path"', parts.path or "/"),
        ('"@query"', f"?{parts.query}"),
        ('"content-digest"', digest),
    )


def answer_components(status: int, digest: str, request_signature: str) -> Components:
    """Return what an answer's signature covers; the request's `Signature` header ties the two together."""
    value = request_signature.removeprefix(f"{LABEL}=")
    return (
        ('"@status"', str(status)),
        ('"content-digest"', digest),
        (f'"signature";req;key="{LABEL}"', value),
    )


def notice_components(digest: str) -> Components:
    """Return what a notice's signature covers."""
    return (('"content-digest"', digest),)


def signature_headers(key: SigningKey, tag: str, components: Components) -> dict[str, str]:
    """Return the two headers that sign a message covering these components."""
    covered = " ".join(name for name, _value in components)
    params = (
        f'({covered});created={int(time.time())};keyid="{key.key_id}"'
        f';nonce="{secrets.token_urlsafe(16)}";alg="ed25519";tag="{tag}"'
    )
    signature = base64.b64encode(key.sign(signature_base(components, params))).decode()
    return {"Signature-Input": f"{LABEL}={params}", "Signature": f"{LABEL}=:{signature}:"}


def verify(
    key: VerifyingKey,
    tag: str,
    components: Components,
    headers: Mapping[str, str],
    *,
    fresh_for_s: int | None = FRESH_FOR_S,
) -> None:
    """Raise `BadSignature` unless the headers sign these components with this tag and key, and freshly.

    `headers` has lower-case names. `fresh_for_s=None` asks for no freshness: an answer is bound to its
    request.
    """
    given = headers.get("signature-input", "")
    match = _PARAMS.fullmatch(given.removeprefix(f"{LABEL}="))
    signature = _SIGNATURE.fullmatch(headers.get("signature", ""))
    if not given.startswith(f"{LABEL}=") or match is None or signature is None:
        raise BadSignature(why="no signature of the agreed form")
    if match["tag"] != tag or match["covered"] != " ".join(name for name, _value in components):
        raise BadSignature(why="it covers other things than agreed")
    if match["key_id"] != key.key_id:
        raise BadSignature(why="unknown key")
    base = signature_base(components, given.removeprefix(f"{LABEL}="))
    if not key.check(base, base64.b64decode(signature["value"])):
        raise BadSignature(why="the signature does not fit the message")
    if fresh_for_s is not None and abs(time.time() - int(match["created"])) > fresh_for_s:
        raise BadSignature(why="too old")


def lower_names(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers with lower-case names; Django's `HTTP_…` META names are understood too."""
    lowered = {}
    for name, value in headers.items():
        plain = name.removeprefix("HTTP_").replace("_", "-") if name.startswith("HTTP_") else name
        lowered[plain.lower()] = str(value)
    return lowered


def sign_notice(key: SigningKey, body: bytes) -> dict[str, str]:
    """Return the headers of a notice with this body."""
    digest = content_digest(body)
    return {"Content-Digest": digest, **signature_headers(key, NOTICE_TAG, notice_components(digest))}


def open_notice(key: VerifyingKey, headers: Mapping[str, str], body: bytes) -> bytes:
    """Return the body of a notice, now known to be the key's owner's; raise `BadSignature` otherwise."""
    lowered = lower_names(headers)
    digest = content_digest(body)
    if lowered.get("content-digest") != digest:
        raise BadSignature(why="the digest does not fit the body")
    verify(key, NOTICE_TAG, notice_components(digest), lowered)
    return body
