"""One signed call to an outside system: a verified answer, or a `NoAnswer` that says how it was missed.

Nothing is retried here. Whether a call may be sent again is for the protocol to know: the ones that move
money or goods are idempotent by an id of ours and may be.
"""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import quote, urlencode, urlsplit

import httpx
import msgspec

from cohong.kernel.outside.signing import (
    ANSWER_TAG,
    REQUEST_TAG,
    BadSignature,
    SigningKey,
    VerifyingKey,
    answer_components,
    content_digest,
    request_components,
    signature_headers,
    verify,
)

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
ANSWER_BYTES_MAX = 4 * 1024 * 1024
# Everything that reading somebody else's JSON can raise.
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
# A time on the wire names its zone: without one it is no instant, and the answer no answer.
WireTime = Annotated[datetime, msgspec.Meta(tz=True)]
UNAUTHORISED, FORBIDDEN, TOO_MANY, SERVER_ERRORS = 401, 403, 429, 500


class Outage(StrEnum):
    """Why there is no answer that can be believed. Except where it is said, the work may have been done."""

    UNREACHABLE = "unreachable"
    """No connection came about: the request was not sent."""
    TIMEOUT = "timeout"
    """The answer did not come in time."""
    CUT = "cut"
    """The connection broke before the whole answer was there."""
    SERVER_ERROR = "server_error"
    """The other side says that it failed (5xx)."""
    BUSY = "busy"
    """The other side turns us away for now (429): the request was not looked at."""
    NOT_AUTHORISED = "not_authorised"
    """The other side does not accept our signature (401, 403): the request was not looked at."""
    BAD_SIGNATURE = "bad_signature"
    """What came is not signed by the other side."""
    UNREADABLE = "unreadable"
    """What came is signed, and is not an answer of the agreed form."""
    NOT_SEEN = "not_seen"
    """The other side answers that it has never seen this id. An earlier request may still be under way."""


class NoAnswer(Exception):  # noqa: N818 - an outcome like any other; callers turn it into one of their own
    """There is no answer that can be believed."""

    def __init__(self, outage: Outage, detail: str = "") -> None:
        self.outage = outage
        self.detail = detail
        super().__init__(outage, detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Where an outside system is, our key to it, and its key to us: what it issues to its client."""

    url: str
    key: SigningKey = field(repr=False)
    answers_by: VerifyingKey

    def __post_init__(self) -> None:
        """Refuse an address that would carry the talk in clear over a network."""
        parts = urlsplit(self.url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValueError(f"an outside system is reached over https, or on this machine: {self.url}")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a credentials file."""
        return msgspec.json.decode(path.read_bytes(), type=cls)

    def save(self, path: Path) -> None:
        """Write a credentials file that its owner alone can read, whole or not at all."""
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(self)))
        fresh.replace(path)


@dataclass(frozen=True, slots=True)
class Answer:
    """A verified answer: its status (below 500) and its JSON object."""

    status: int
    data: dict[str, Any]


class SignedClient:
    """Signed calls to one outside system. Safe to share between threads; not across a fork."""

    def __init__(
        self, credentials: Credentials, *, connect_timeout_s: float = 3.0, timeout_s: float = 15.0
    ) -> None:
        self.credentials = credentials
        self.timeout_s = timeout_s
        self._http = httpx.Client(
            timeout=httpx.Timeout(timeout_s, connect=connect_timeout_s),
            # Plain http is only ever this machine (see Credentials): no certificates to load for it.
            verify=credentials.url.startswith("https:"),
            trust_env=False,
            headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "cohong"},
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Send one request and return its verified answer; raise `NoAnswer` when there is none."""
        url = self.credentials.url.rstrip("/") + quote(path)
        if query:
            url += "?" + urlencode(query)
        body = msgspec.json.encode(data) if data is not None else b""
        digest = content_digest(body)
        signed = signature_headers(self.credentials.key, REQUEST_TAG, request_components(method, url, digest))
        headers = {"Content-Type": "application/json", "Content-Digest": digest, **signed}
        status, answer_headers, answer_body = self._send(method, url, headers, body)
        self._check_status(status)
        answer_digest = content_digest(answer_body)
        try:
            verify(
                self.credentials.answers_by,
                ANSWER_TAG,
                answer_components(status, answer_digest, signed["Signature"]),
                answer_headers,
                fresh_for_s=None,
            )
        except BadSignature as bad:
            raise NoAnswer(Outage.BAD_SIGNATURE, str(bad.params["why"])) from bad
        try:
            return Answer(status, msgspec.json.decode(answer_body, type=dict[str, Any]))
        except UNREADABLE as error:
            raise NoAnswer(Outage.UNREADABLE, str(error)) from error

    @staticmethod
    def _check_status(status: int) -> None:
        """Raise `NoAnswer` for a status that says that there is no answer, signed or not."""
        if status >= SERVER_ERRORS:
            raise NoAnswer(Outage.SERVER_ERROR, str(status))
        if status in (UNAUTHORISED, FORBIDDEN):
            raise NoAnswer(Outage.NOT_AUTHORISED, str(status))
        if status == TOO_MANY:
            raise NoAnswer(Outage.BUSY, str(status))

    def _send(
        self, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Exchange the bytes, within the time and size that an answer may take."""
        deadline = time.monotonic() + self.timeout_s
        try:
            with self._http.stream(method, url, headers=headers, content=body) as response:
                received = bytearray()
                for chunk in response.iter_raw():
                    received += chunk
                    if len(received) > ANSWER_BYTES_MAX:
                        raise NoAnswer(Outage.UNREADABLE, "the answer is too long")
                    # The transport's own limit is on each read: a trickle could go on for ever.
                    if time.monotonic() > deadline:
                        raise NoAnswer(Outage.TIMEOUT, "the answer trickles")
                return (
                    response.status_code,
                    {k.lower(): v for k, v in response.headers.items()},
                    bytes(received),
                )
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise NoAnswer(Outage.UNREACHABLE, str(error)) from error
        except httpx.TimeoutException as error:
            raise NoAnswer(Outage.TIMEOUT, str(error)) from error
        except httpx.TransportError as error:
            raise NoAnswer(Outage.CUT, str(error)) from error
