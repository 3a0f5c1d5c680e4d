"""One call to an endpoint: its address looked up, judged and pinned; no redirect followed; little of the answer read."""

import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import httpx

from cohong.portal.webhooks import rules

TIMEOUT_S: Final = 10.0
_CONNECT_S: Final = 4.0
_ANSWER_BYTES: Final = 1_000
_OK, _MULTIPLE = 200, 300


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call: a status and the beginning of the answer, or why there is none."""

    status: int | None
    failure: str
    took_ms: int
    answer: str = ""

    @property
    def is_taken(self) -> bool:
        """Tell whether the endpoint took the document (2xx)."""
        return self.status is not None and _OK <= self.status < _MULTIPLE


class _Unreachable(Exception):  # noqa: N818 - an outcome
    """There is no address to call, or none that may be called."""


def _addressed(url: str) -> tuple[str, str, str]:
    """Look the host up and judge every address it has; return the URL with one pinned, the Host header, and the name."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise _Unreachable("unknown_host") from error
    addresses = [str(one[4][0]) for one in found]
    local = rules.allows_loopback() and all(map(rules.is_loopback, addresses))
    # One that is not public among them is enough: whoever answers names must not be able to aim inside.
    if not addresses or not (local or (parts.scheme == "https" and all(map(rules.is_public, addresses)))):
        raise _Unreachable("address_refused")
    address = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
    pinned = urlunsplit((parts.scheme, f"{address}:{port}", parts.path or "/", parts.query, ""))
    return pinned, parts.netloc, host


def post(url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Send a body and say what came of it. Never raises for what the other side does."""
    began = time.monotonic()

    def outcome(status: int | None, failure: str = "", answer: bytes = b"") -> Outcome:
        said = answer.decode("utf-8", "replace").replace("\x00", "\ufffd")
        return Outcome(status, failure, int((time.monotonic() - began) * 1000), said)

    try:
        pinned, netloc, host = _addressed(url)
    except _Unreachable as why:
        return outcome(None, str(why))
    try:
        with (
            httpx.Client(
                timeout=httpx.Timeout(TIMEOUT_S, connect=_CONNECT_S),
                verify=url.startswith("https:"),
                trust_env=False,
                follow_redirects=False,
            ) as client,
            client.stream(
                "POST",
                pinned,
                content=body,
                headers={**headers, "Host": netloc, "Accept-Encoding": "identity"},
                extensions={"sni_hostname": host},
            ) as response,
        ):
            return outcome(response.status_code, "", _beginning(response, began + TIMEOUT_S))
    except (httpx.ConnectError, httpx.ConnectTimeout):
        return outcome(None, "unreachable")
    except httpx.TimeoutException:
        return outcome(None, "timeout")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return outcome(None, "cut")


def _beginning(response: httpx.Response, deadline: float) -> bytes:
    """Read the first bytes of an answer; a status that came counts, however slowly or long the rest follows."""
    received = b""
    try:
        for chunk in response.iter_raw():
            received += chunk
            if len(received) >= _ANSWER_BYTES or time.monotonic() > deadline:
                break
    except httpx.HTTPError:
        pass
    return received[:_ANSWER_BYTES]
