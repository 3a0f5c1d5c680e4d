"""The bytes of a sandbox's HTTP: reading a request whole, answering it, or hanging up."""

import contextlib
import socket
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

BODY_BYTES_MAX = 1024 * 1024
STOP_WITHIN_S = 5


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """A status, headers and a body. `cut` stops in the middle of the body and hangs up."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cut: bool = False


class Cut(Exception):  # noqa: N818 - not an error: the sandbox was told to
    """Hang up without a word."""


class Answers(Protocol):
    """What answers the requests."""

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> RawAnswer:
        """Answer one request; raise `Cut` to hang up instead."""


class Server(ThreadingHTTPServer):
    """One thread a connection. It knows its open connections, so that stopping it breaks them."""

    request_queue_size = 256
    # A port that was just given back may be taken again at once; two servers on one port are still refused.
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], answers: Answers) -> None:
        """Bind the port; the answers come from `answers`."""
        self.answers = answers
        self._open: dict[socket.socket, threading.Thread] = {}
        self._guard = threading.Lock()
        super().__init__(address, Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give the connection a thread, and remember both while it is open."""
        thread = threading.Thread(
            target=self.process_request_thread, args=(request, client_address), name="connection", daemon=True
        )
        with self._guard:
            self._open[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection and close it."""
        with self._guard:
            self._open.pop(request, None)
        super().shutdown_request(request)

    def break_connections(self) -> None:
        """Break every connection that is still open, and wait until what was at work on them is done."""
        with self._guard:
            still_open = dict(self._open)
        for connection, thread in still_open.items():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=STOP_WITHIN_S)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away; everything else is a fault of the sandbox and is shown."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Reads requests off one connection until it closes."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "cohong-sandbox", ""
    timeout = 60
    # One write an answer, sent at once: otherwise the kernel waits 40 ms for the second half of each.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        """Answer a GET."""
        self._serve()

    def do_POST(self) -> None:
        """Answer a POST."""
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Keep quiet."""

    def _serve(self) -> None:
        body = self._body()
        if body is None:
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            answer = self.server.answers.handle(self.command, self.path, headers, body)
        except Cut:
            self.close_connection = True
            return
        self._write(answer)

    def _body(self) -> bytes | None:
        """Read the whole body; answer and return None when it cannot be."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not (length.isascii() and length.isdigit()):
            self._refuse(411)
            return None
        if int(length) > BODY_BYTES_MAX:
            self._refuse(413)
            return None
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            self._refuse(400)
            return None
        return body

    def _refuse(self, status: int) -> None:
        """Answer a request whose body is not read, and close: what follows on the line is that body."""
        self.close_connection = True
        self._write(RawAnswer(status, {"Content-Type": "text/plain", "Connection": "close"}, b""))

    def _write(self, answer: RawAnswer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if answer.cut:
            self.wfile.write(answer.body[: len(answer.body) // 2])
            self.close_connection = True
        else:
            self.wfile.write(answer.body)
        self.wfile.flush()
