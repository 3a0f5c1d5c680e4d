"""Where a sandbox's notices arrive when a test wants to see them."""

import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import NamedTuple, Self

from cohong.kernel.outside.sandbox.handler import RawAnswer, Server

ACCEPTED, REFUSED = 204, 503


class Received(NamedTuple):
    """A notice as it came in: header names are lower case."""

    headers: Mapping[str, str]
    body: bytes


class Receiver:
    """A context manager: an HTTP server on a free port of this machine that keeps whatever is sent to it.

    It refuses as many notices as `refuse` says, and those that `accept` says no to; all of them are kept.
    """

    def __init__(self, accept: Callable[[Received], bool] = lambda _received: True) -> None:
        self.received: list[Received] = []
        self.refuse = 0
        self._accept = accept
        self._changed = threading.Condition()
        self._server = Server(("127.0.0.1", 0), self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/notices"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._server.break_connections()
        self._thread.join()

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> RawAnswer:  # noqa: ARG002
        """Keep a notice, and accept it or not."""
        received = Received(dict(headers), body)
        with self._changed:
            self.received.append(received)
            refused = self.refuse > 0
            self.refuse -= refused
            self._changed.notify_all()
        return RawAnswer(REFUSED if refused or not self._accept(received) else ACCEPTED, {}, b"")

    def wait(self, count: int, timeout_s: float = 5) -> list[Received]:
        """Wait until this many notices are here and return all; raise TimeoutError when they do not come."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.received) >= count, timeout_s):
                raise TimeoutError(f"{len(self.received)} notices of {count}")
            return list(self.received)
