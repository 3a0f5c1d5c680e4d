"""The notices that a sandbox sends by itself: kept in the books, signed, sent until they are accepted."""

import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import httpx
import msgspec

from cohong.kernel.outside.sandbox.books import Books
from cohong.kernel.outside.sandbox.faults import NOTICES, Faults
from cohong.kernel.outside.signing import SigningKey, sign_notice

SCHEMA = """
CREATE TABLE IF NOT EXISTS notices (
    rank INTEGER PRIMARY KEY,
    notice TEXT NOT NULL UNIQUE,
    subject TEXT NOT NULL,
    url TEXT NOT NULL,
    body BLOB NOT NULL,
    facts TEXT NOT NULL,
    due_s REAL NOT NULL,
    copies INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'held', 'sent', 'muted', 'given_up'))
);
CREATE INDEX IF NOT EXISTS notices_due ON notices (due_s) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS notices_subject ON notices (subject);
"""

RETRY_S = (0.5, 1, 2, 5, 15, 60, 300, 900, 3600)
IDLE_S = 0.5
SENDERS = 4
BATCH = 64


class Outbox:
    """Notices waiting to be sent, and the threads that send them.

    A notice is put in with the work that it reports, in one transaction, and is sent at least once. It counts
    as accepted when the receiver answers 2xx; until then it is sent again after each of `retry_s` seconds.
    """

    def __init__(
        self,
        books: Books,
        faults: Faults,
        key: SigningKey,
        *,
        tick: Callable[[], float | None],
        retry_s: Sequence[float] = RETRY_S,
    ) -> None:
        """Tell `tick`, the system's own due work, to run; it returns in how many seconds there is more."""
        self._books, self._faults, self._key = books, faults, key
        self._wrong_key = SigningKey.generate(key.key_id)
        self._tick, self._retry_s = tick, tuple(retry_s)
        self._stopping = False
        self._wake = threading.Condition()
        self._woken = False
        self._in_flight: set[int] = set()
        self._pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="notices")
        self._http = httpx.Client(timeout=5, trust_env=False, verify=False)  # noqa: S501 - a sandbox
        self._thread = threading.Thread(target=self._loop, name="outbox", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Stop sending; what is unsent stays in the books."""
        self._stopping = True
        self.wake()
        self._thread.join()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._http.close()

    def wake(self) -> None:
        """Look now for what is due."""
        with self._wake:
            self._woken = True
            self._wake.notify_all()

    def put(
        self,
        db: sqlite3.Connection,
        *,
        notice: str,
        subject: str,
        url: str,
        body: Any,
        facts: Mapping[str, Any],
    ) -> None:
        """Add a notice in the caller's transaction; nothing without a URL."""
        if not url:
            return
        faults = self._faults.take({"verb": "notify", **facts}, among=NOTICES)
        state = "muted" if "never_notify" in faults else "held" if "notify_overtaken" in faults else "waiting"
        late_s = float(faults.get("notify_late", {}).get("seconds", 0))
        copies = int(faults["notify_twice"].get("copies", 2)) if "notify_twice" in faults else 1
        db.execute(
            "INSERT INTO notices (notice, subject, url, body, facts, due_s, copies, state)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                notice,
                subject,
                url,
                msgspec.json.encode(body),
                msgspec.json.encode(facts).decode(),
                time.time() + late_s,
                copies,
                state,
            ),
        )

    def wait_sent(self, notice: str, timeout_s: float) -> bool:
        """Wait until this notice has been accepted."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline and not self._stopping:
            with self._books.transaction() as db:
                row = db.execute("SELECT state FROM notices WHERE notice = ?", (notice,)).fetchone()
            if row is not None and row["state"] == "sent":
                return True
            time.sleep(0.01)
        return False

    def _loop(self) -> None:
        while not self._stopping:
            next_tick_s = self._tick()
            next_send_s = self._send_due()
            wait_s = min(x for x in (IDLE_S, next_tick_s, next_send_s) if x is not None)
            with self._wake:
                if not self._woken:
                    self._wake.wait(max(wait_s, 0.005))
                self._woken = False

    def _send_due(self) -> float | None:
        """Hand what is due to the senders; return in how many seconds more is due."""
        # Who is in flight is asked before the books are: one that lands in between is skipped once, not sent
        # twice.
        in_flight = set(self._in_flight)
        with self._books.transaction() as db:
            rows = db.execute(
                "SELECT * FROM notices WHERE state = 'waiting' ORDER BY due_s, rank LIMIT ?",
                (BATCH + len(in_flight),),
            ).fetchall()
        now = time.time()
        for row in rows:
            if row["rank"] in in_flight:
                continue
            if row["due_s"] > now:
                return float(row["due_s"]) - now
            self._in_flight.add(row["rank"])
            future = self._pool.submit(self._send, row)
            future.add_done_callback(self._sent(row["rank"]))
        return None

    def _sent(self, rank: int) -> Callable[[Future[None]], None]:
        def done(_future: Future[None]) -> None:
            self._in_flight.discard(rank)
            self.wake()

        return done

    def _send(self, row: sqlite3.Row) -> None:
        facts = msgspec.json.decode(row["facts"], type=dict[str, Any])
        faults = self._faults.take({"verb": "notify", **facts}, among=("wrong_signature",))
        key = self._wrong_key if "wrong_signature" in faults else self._key
        headers = {"Content-Type": "application/json", **sign_notice(key, row["body"])}
        try:
            accepted = self._http.post(row["url"], content=row["body"], headers=headers).is_success
        except (httpx.HTTPError, httpx.InvalidURL):
            accepted = False
        with self._books.transaction() as db:
            if accepted:
                self._accepted(db, row)
            else:
                self._again(db, row)

    def _accepted(self, db: sqlite3.Connection, row: sqlite3.Row) -> None:
        """Count one copy as delivered, and let go what was held for a later notice to overtake it."""
        db.execute(
            "UPDATE notices SET attempts = attempts + 1, copies = copies - 1,"
            " state = CASE WHEN copies <= 1 THEN 'sent' ELSE 'waiting' END WHERE rank = ?",
            (row["rank"],),
        )
        db.execute(
            "UPDATE notices SET state = 'waiting', due_s = ?"
            " WHERE subject = ? AND rank < ? AND state = 'held'",
            (time.time(), row["subject"], row["rank"]),
        )

    def _again(self, db: sqlite3.Connection, row: sqlite3.Row) -> None:
        """Plan the next attempt, or give up after the last."""
        if row["attempts"] >= len(self._retry_s):
            db.execute("UPDATE notices SET state = 'given_up' WHERE rank = ?", (row["rank"],))
            return
        db.execute(
            "UPDATE notices SET attempts = attempts + 1, due_s = ? WHERE rank = ?",
            (time.time() + self._retry_s[row["attempts"]], row["rank"]),
        )

    def listed(self) -> list[dict[str, Any]]:
        """Return every notice with its state, oldest first."""
        with self._books.transaction() as db:
            columns = "notice, subject, url, attempts, copies, state, facts"
            return [dict(row) for row in db.execute(f"SELECT {columns} FROM notices ORDER BY rank")]
