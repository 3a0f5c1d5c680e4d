"""A sandbox system's HTTP server: routes, signatures, faults, and the control endpoint.

Every sandbox answers, beside its own interface:

- `GET /health`: `{"ok": true}`;
- `GET /control`: the faults it knows, the rules it holds, its notices;
- `POST /control`: `{"tell": {"fault", "match", "args", "times"}}`, `{"clear": true}`,
  `{"clock": "2011-01-31T23:59:00Z"}` (its clock goes on from there), and what the system itself adds.

The control endpoint is not signed: a sandbox listens on this machine only, unless it is told otherwise.
"""

import re
import sqlite3
import threading
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from cohong.kernel.outside.calling import UNREADABLE, Credentials
from cohong.kernel.outside.sandbox import faults as fault_rules
from cohong.kernel.outside.sandbox import outbox as notices
from cohong.kernel.outside.sandbox.books import Books
from cohong.kernel.outside.sandbox.faults import Faults, OwnFault
from cohong.kernel.outside.sandbox.handler import Cut, RawAnswer, Server
from cohong.kernel.outside.sandbox.outbox import Outbox
from cohong.kernel.outside.signing import (
    ANSWER_TAG,
    REQUEST_TAG,
    BadSignature,
    SigningKey,
    answer_components,
    content_digest,
    request_components,
    signature_headers,
    verify,
)

LOSE_FOR_S = 30.0
PAGE_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


class Refused(Exception):  # noqa: N818 - the system's answer, not an error of the sandbox
    """The system refuses: nothing was done, and the answer says why by a code."""

    def __init__(self, status: int, code: str, detail: str = "") -> None:
        self.status, self.code, self.detail = status, code, detail
        super().__init__(code, detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, as a route's function gets it: the path's words, the query, the JSON object, the form.

    `languages` is what a browser says that its user reads (Accept-Language).
    """

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    languages: str = ""
    faults: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def text(self, name: str, *, most: int = 200, least: int = 1) -> str:
        """Return a text of the JSON object."""
        value = self.data.get(name, "" if least == 0 else None)
        if not isinstance(value, str) or not least <= len(value) <= most:
            raise Refused(400, "bad_request", name)
        return value

    def whole(self, name: str) -> int:
        """Return a positive whole number of the JSON object."""
        value = self.data.get(name)
        if type(value) is not int or not 0 < value < 2**63:
            raise Refused(400, "bad_request", name)
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A route's answer. `before_answer` runs when the work is committed and nothing is answered yet."""

    status: int = 200
    data: Mapping[str, Any] = field(default_factory=dict)
    html: str | None = None
    location: str | None = None
    before_answer: Callable[[], object] | None = None


class Route(NamedTuple):
    """A method and a path pattern, the verb that faults match, the function, and whether it is signed."""

    method: str
    pattern: re.Pattern[str]
    verb: str
    function: Callable[[sqlite3.Connection, Call], Reply]
    signed: bool = True


class Sandbox:
    """One sandbox system in this process. Subclasses give `name`, `schema`, `own_faults` and `routes()`."""

    name: ClassVar[str]
    schema: ClassVar[str] = ""
    own_faults: ClassVar[Mapping[str, OwnFault]] = {}

    def __init__(
        self,
        *,
        data: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        public_url: str = "",
        retry_s: Sequence[float] = notices.RETRY_S,
    ) -> None:
        """Open the books (in memory without `data`) and bind the port (any free one for 0)."""
        self.books = Books(data, fault_rules.SCHEMA + notices.SCHEMA + self.schema)
        own = {name: fault.text for name, fault in self.own_faults.items()}
        known = {**fault_rules.TRANSPORT, **fault_rules.NOTICES, **own}
        self.faults = Faults(self.books, known)
        self.key, self.client_key = self._key(f"{self.name}-sandbox"), self._key("cohong")
        self._client = self.client_key.verifying
        self._wrong_key = SigningKey.generate(self.key.key_id)
        self._clock_offset = timedelta(seconds=float(self.books.setting("clock_offset_s") or 0))
        self.stopping = threading.Event()
        self._routes = [*self._own_routes(), *self.routes()]
        self.outbox = Outbox(self.books, self.faults, self.key, tick=self._tick, retry_s=retry_s)
        self._http = Server((host, port), self)
        self.url = public_url.rstrip("/") or f"http://{host}:{self._http.server_address[1]}"
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, name=self.name, daemon=True
        )

    def _key(self, key_id: str) -> SigningKey:
        """Return a key of this sandbox's, made when the books were."""
        seed = self.books.setting(f"key:{key_id}")
        if seed is not None:
            return SigningKey(key_id, seed)
        key = SigningKey.generate(key_id)
        self.books.setting(f"key:{key_id}", key.seed)
        return key

    @property
    def credentials(self) -> Credentials:
        """What this system issues to its client."""
        return Credentials(url=self.url, key=self.client_key, answers_by=self.key.verifying)

    def start(self) -> None:
        """Begin to answer and to send notices."""
        self._thread.start()
        self.outbox.start()

    def stop(self) -> None:
        """Stop; break the connections that are open and give the port back."""
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._http.break_connections()
        self.outbox.stop()
        self._thread.join()
        self.books.close()

    def now(self) -> datetime:
        """Return the time by this system's own clock, in UTC."""
        return datetime.now(UTC) + self._clock_offset

    def stamp(self) -> str:
        """Return the time by this system's own clock, as it is written on the wire and in the books."""
        return self.now().isoformat(timespec="microseconds").replace("+00:00", "Z")

    @abstractmethod
    def routes(self) -> Sequence[Route]:
        """Return the system's own routes."""

    def facts(self, call: Call) -> Mapping[str, Any]:  # noqa: ARG002 - for subclasses
        """Return what more faults may match about a call than what is in its path and body."""
        return {}

    def due_work(self, db: sqlite3.Connection) -> float | None:  # noqa: ARG002 - for subclasses
        """Do what has come due; return in how many seconds there is more (None: not known)."""
        return None

    def control(self, db: sqlite3.Connection, call: Call) -> Mapping[str, Any]:  # noqa: ARG002
        """Do what a control message asks for beyond the common things; return what it answers."""
        return {}

    def _tick(self) -> float | None:
        with self.books.transaction() as db:
            return self.due_work(db)

    def _own_routes(self) -> list[Route]:
        return [
            Route(
                "GET",
                re.compile(r"/health"),
                "health",
                lambda _db, _call: Reply(data={"ok": True}),
                signed=False,
            ),
            Route("GET", re.compile(r"/control"), "control", self._show_control, signed=False),
            Route("POST", re.compile(r"/control"), "control", self._control, signed=False),
        ]

    def _show_control(self, _db: sqlite3.Connection, _call: Call) -> Reply:
        told = self.faults.listed()
        return Reply(data={"known": self.faults.known, "told": told, "notices": self.outbox.listed()})

    def _control(self, db: sqlite3.Connection, call: Call) -> Reply:
        answer: dict[str, Any] = {"ok": True}
        if call.data.get("clear"):
            self.faults.clear()
        if "clock" in call.data:
            self._clock_offset = datetime.fromisoformat(call.data["clock"]) - datetime.now(UTC)
            self.books.setting("clock_offset_s", str(self._clock_offset.total_seconds()))
        if "tell" in call.data:
            tell = call.data["tell"]
            try:
                answer["rule"] = self.faults.tell(
                    tell["fault"],
                    match=tell.get("match", {}),
                    args=tell.get("args", {}),
                    times=tell.get("times", 1),
                )
            except (KeyError, TypeError, ValueError, sqlite3.IntegrityError) as error:
                raise Refused(400, "bad_request", str(error)) from error
        answer.update(self.control(db, call))
        return Reply(data=answer)

    # One request through: find the route, believe it, do the work, answer it (or not).

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> RawAnswer:
        """Answer one request; raise `Cut` to hang up instead. `headers` has lower-case names."""
        path = urlsplit(target).path
        for route in self._routes:
            match = route.pattern.fullmatch(path)
            if match and route.method == method:
                words = {name: unquote(value) for name, value in match.groupdict().items()}
                return self._run(route, words, target, headers, body)
        return self._plain(404, {"error": "no_such_route"})

    def _run(
        self, route: Route, words: dict[str, str], target: str, headers: Mapping[str, str], body: bytes
    ) -> RawAnswer:
        if route.signed:
            try:
                self._believe(route.method, target, headers, body)
            except BadSignature as bad:
                return self._plain(401, {"error": "bad_signature", "detail": bad.params["why"]})
        try:
            call = self._read(words, target, headers, body)
        except Refused as refused:
            return self._answer(route, _refusal(refused), headers, {})
        taken = self._take(route, call)
        call = replace(call, faults=taken)
        if "slow" in taken:
            self.stopping.wait(float(taken["slow"].get("seconds", 1)))
        for fault, status in (("fail", 500), ("busy", 429)):
            if fault in taken:
                return self._plain(status, {"error": fault})
        try:
            with self.books.transaction() as db:
                reply = route.function(db, call)
        except Refused as refused:
            reply = _refusal(refused)
        self.outbox.wake()
        if reply.before_answer is not None:
            reply.before_answer()
        return self._answer(route, reply, headers, taken)

    def _take(self, route: Route, call: Call) -> dict[str, dict[str, Any]]:
        """Return the faults that this call meets.

        They match the verb, the path's words, the query, the body's values, and what the system adds.
        """
        if route.verb == "control" or not self.faults.any:
            return {}
        facts = {**call.data, **call.query, **call.path, **self.facts(call), "verb": route.verb}
        own = [name for name, fault in self.own_faults.items() if route.verb in fault.verbs]
        return self.faults.take(facts, among=[*fault_rules.TRANSPORT, *own])

    def _believe(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> None:
        """Raise `BadSignature` unless the request is our client's."""
        digest = content_digest(body)
        if headers.get("content-digest") != digest:
            raise BadSignature(why="the digest does not fit the body")
        url = f"//{headers.get('host', '')}{target}"
        verify(self._client, REQUEST_TAG, request_components(method, url, digest), headers)

    @staticmethod
    def _read(words: Mapping[str, str], target: str, headers: Mapping[str, str], body: bytes) -> Call:
        """Read the query and the body: a JSON object, or a page's form."""
        query = dict(parse_qsl(urlsplit(target).query))
        if headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            form = dict(parse_qsl(body.decode("utf-8", "replace")))
            return Call(path=words, query=query, form=form)
        try:
            data = msgspec.json.decode(body, type=dict[str, Any]) if body else {}
        except UNREADABLE as error:
            raise Refused(400, "bad_request", "not a JSON object") from error
        return Call(path=words, query=query, data=data, languages=headers.get("accept-language", ""))

    def _answer(
        self, route: Route, reply: Reply, headers: Mapping[str, str], taken: Mapping[str, Mapping[str, Any]]
    ) -> RawAnswer:
        """Write the answer down, sign it, and do to it what the faults say."""
        if "lose_answer" in taken:
            self.stopping.wait(float(taken["lose_answer"].get("seconds", LOSE_FOR_S)))
            raise Cut
        if "fail_after" in taken:
            return self._plain(500, {"error": "fail_after"})
        if reply.html is not None:
            return RawAnswer(reply.status, PAGE_HEADERS, reply.html.encode())
        if reply.location is not None:
            return RawAnswer(reply.status, {"Location": reply.location}, b"")
        if not route.signed:
            return self._plain(reply.status, reply.data)
        body = b"\x00 not JSON" if "garble" in taken else msgspec.json.encode(reply.data)
        components = answer_components(reply.status, content_digest(body), headers["signature"])
        key = self._wrong_key if "wrong_signature" in taken else self.key
        signed = {
            "Content-Type": "application/json",
            "Content-Digest": content_digest(body),
            **signature_headers(key, ANSWER_TAG, components),
        }
        return RawAnswer(reply.status, signed, body, cut="cut" in taken)

    @staticmethod
    def _plain(status: int, data: Mapping[str, Any]) -> RawAnswer:
        """Return an answer that nobody signed."""
        return RawAnswer(status, {"Content-Type": "application/json"}, msgspec.json.encode(data))


def _refusal(refused: Refused) -> Reply:
    return Reply(status=refused.status, data={"error": refused.code, "detail": refused.detail})
