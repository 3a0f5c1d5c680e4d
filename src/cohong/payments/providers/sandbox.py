"""A sandbox bank: a small HTTP process with its own books, which can be told to misbehave.

    python -m cohong.payments.providers.sandbox --port 0 --data FILE

It speaks the interface of `bank.py`, has a page for each payment on which a person pays or declines, and
sends signed notifications until they are accepted. Its books are SQLite: killing it loses nothing. In them
one id of ours can move money once: the database itself forbids a second time.

Rules of its world, so that a test or a demonstration can count on them:

- A payment waits for a person on its pay page, unless `auto_pay` is told.
- Refunds and payouts are carried out at once, unless `settle_later` is told.
- Our balance with it is what was paid in, less refunds and payouts, and never goes below zero: what would
  take it there fails as `insufficient_funds`. `POST /control {"deposit": {"amount_minor", "currency"}}` adds
  to it.
- A bank account whose number ends in 0000 does not exist: `account_invalid`.
- What has failed has failed for good under its id.
"""

import hashlib
import re
import secrets
import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from cohong.kernel.money import Money
from cohong.kernel.outside.sandbox import Call, OwnFault, Refused, Reply, Route, Sandbox, SandboxHandle, run
from cohong.kernel.outside.sandbox.command import parser
from cohong.payments.providers.bank import BankProvider
from cohong.payments.providers.sandbox_page import language_of, page

SCHEMA = """
CREATE TABLE IF NOT EXISTS movements (
    id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('payment', 'refund', 'payout')),
    ref TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'failed')),
    amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
    currency TEXT NOT NULL,
    payment_id TEXT,
    same TEXT,
    number TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '',
    notify_url TEXT NOT NULL DEFAULT '',
    return_url TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    at TEXT NOT NULL,
    due_s REAL,
    PRIMARY KEY (kind, id)
);
CREATE INDEX IF NOT EXISTS movements_due ON movements (due_s) WHERE state = 'open' AND due_s IS NOT NULL;
CREATE INDEX IF NOT EXISTS refunds_of ON movements (payment_id) WHERE kind = 'refund';
CREATE TABLE IF NOT EXISTS entries (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    ref TEXT NOT NULL,
    payment_id TEXT,
    amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
    currency TEXT NOT NULL,
    at TEXT NOT NULL,
    UNIQUE (kind, id)
);
CREATE INDEX IF NOT EXISTS entries_by_day ON entries (currency, at);
CREATE TABLE IF NOT EXISTS balances (
    currency TEXT PRIMARY KEY,
    minor INTEGER NOT NULL CHECK (minor >= 0)
);
"""

SUCCESS_FIRST_WAIT_S = 5.0
LINES_MAX = 1000
CREATES, SETTLES = frozenset({"create"}), frozenset({"refund", "pay_out"})
_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


class BankSandbox(Sandbox):
    """The bank itself. Its books: movements by our ids, the entries that moved money, balances."""

    name = "bank"
    schema = SCHEMA
    own_faults: ClassVar[Mapping[str, OwnFault]] = {
        "auto_pay": OwnFault(
            "pay without a person, `after_s` (0: before the answer) seconds after it is created", CREATES
        ),
        "success_first": OwnFault(
            "pay, have the notification accepted, and only then answer that it is open", CREATES
        ),
        "decline": OwnFault("decline a payment, a refund or a payout", CREATES | SETTLES),
        "settle_later": OwnFault("carry a refund or a payout out only after `seconds`", SETTLES),
    }

    def routes(self) -> Sequence[Route]:
        """Return the bank's interface and its pay page."""
        table = (
            ("POST", "/v1/payments", "create", self._create),
            ("GET", f"/v1/payments/(?P<payment_id>{_ID})", "query", self._query("payment")),
            ("POST", f"/v1/payments/(?P<payment_id>{_ID})/close", "close", self._close),
            ("POST", "/v1/refunds", "refund", self._refund),
            ("GET", f"/v1/refunds/(?P<refund_id>{_ID})", "query_refund", self._query("refund")),
            ("POST", "/v1/payouts", "pay_out", self._pay_out),
            ("GET", f"/v1/payouts/(?P<payout_id>{_ID})", "query_payout", self._query("payout")),
            ("GET", "/v1/statement", "statement", self._statement),
        )
        pages = (
            ("GET", "/pay/(?P<ref>[A-Za-z0-9_-]+)", "pay_page", self._show_pay_page),
            ("POST", "/pay/(?P<ref>[A-Za-z0-9_-]+)", "pay", self._press),
        )
        return [
            *(Route(method, re.compile(path), verb, function) for method, path, verb, function in table),
            *(Route(method, re.compile(path), verb, fn, signed=False) for method, path, verb, fn in pages),
        ]

    # The verbs

    def _create(self, db: sqlite3.Connection, call: Call) -> Reply:
        our_id, amount, currency = self._id(call, "payment_id"), *self._amount(call)
        row, new = self._once(
            db,
            "payment",
            our_id,
            amount,
            currency,
            number=call.text("number", most=64),
            description=call.text("description", least=0, most=500),
            notify_url=_url(call, "notify_url"),
            return_url=_url(call, "return_url"),
        )
        if not new:
            return self._told(row)
        if "decline" in call.faults:
            return self._told(self._fail(db, row, "declined"))
        if "success_first" in call.faults:
            return Reply(data=self._words(row), before_answer=lambda: self._pay_and_wait(row))
        if "auto_pay" in call.faults:
            after_s = float(call.faults["auto_pay"].get("after_s", 0))
            if after_s <= 0:
                return self._told(self._carry_out(db, row))
            db.execute(
                "UPDATE movements SET due_s = ? WHERE kind = 'payment' AND id = ?",
                (time.time() + after_s, our_id),
            )
        return self._told(row)

    def _pay_and_wait(self, row: sqlite3.Row) -> None:
        with self.books.transaction() as db:
            paid = self._carry_out(db, row)
        self.outbox.wake()
        self.outbox.wait_sent(_notice_id(paid), SUCCESS_FIRST_WAIT_S)

    def _query(self, kind: str) -> Any:
        def query(db: sqlite3.Connection, call: Call) -> Reply:
            row = self._find(db, kind, call.path[f"{kind}_id"])
            if row is None:
                raise Refused(404, "not_seen")
            return self._told(row)

        return query

    def _close(self, db: sqlite3.Connection, call: Call) -> Reply:
        our_id = call.path["payment_id"]
        row = self._find(db, "payment", our_id)
        if row is None:
            # A request for it may still be under way: it will find the id closed.
            db.execute(
                "INSERT INTO movements (id, kind, ref, state, amount_minor, currency, at)"
                " VALUES (?, 'payment', ?, 'open', 0, 'XXX', ?)",
                (our_id, secrets.token_urlsafe(18), self.stamp()),
            )
            row = self._must(db, "payment", our_id)
        return self._told(self._fail(db, row, "closed") if row["state"] == "open" else row)

    def _refund(self, db: sqlite3.Connection, call: Call) -> Reply:
        our_id, payment_id = self._id(call, "refund_id"), self._id(call, "payment_id")
        amount, currency = self._amount(call)
        payment = self._find(db, "payment", payment_id)
        notify_url = payment["notify_url"] if payment is not None else ""
        row, new = self._once(
            db,
            "refund",
            our_id,
            amount,
            currency,
            same=payment_id,
            payment_id=payment_id,
            notify_url=notify_url,
        )
        if not new:
            return self._told(row)
        given_back = db.execute(
            "SELECT coalesce(sum(amount_minor), 0) FROM movements"
            " WHERE kind = 'refund' AND payment_id = ? AND state <> 'failed'",
            (payment_id,),
        ).fetchone()[0]
        if payment is None or payment["state"] != "done" or payment["currency"] != currency:
            return self._told(self._fail(db, row, "not_paid"))
        if given_back > payment["amount_minor"]:
            return self._told(self._fail(db, row, "refund_exceeds"))
        return self._settle(db, row, call)

    def _pay_out(self, db: sqlite3.Connection, call: Call) -> Reply:
        our_id, amount, currency = self._id(call, "payout_id"), *self._amount(call)
        holder, account = call.text("holder"), call.text("account", most=40)
        call.text("bank_code", most=20)
        # The account is not kept, only whether it is the same when the id comes again.
        same = hashlib.sha256(f"{holder}\n{account}".encode()).hexdigest()
        row, new = self._once(
            db, "payout", our_id, amount, currency, same=same, notify_url=_url(call, "notify_url")
        )
        if not new:
            return self._told(row)
        if account.endswith("0000"):
            return self._told(self._fail(db, row, "account_invalid"))
        return self._settle(db, row, call)

    def _settle(self, db: sqlite3.Connection, row: sqlite3.Row, call: Call) -> Reply:
        """Carry a refund or a payout out, now or later, unless it is to be declined."""
        if "decline" in call.faults:
            return self._told(self._fail(db, row, "declined"))
        if "settle_later" in call.faults:
            due_s = time.time() + float(call.faults["settle_later"].get("seconds", 1))
            db.execute(
                "UPDATE movements SET due_s = ? WHERE kind = ? AND id = ?", (due_s, row["kind"], row["id"])
            )
            return self._told(row)
        return self._told(self._carry_out(db, row))

    def _statement(self, db: sqlite3.Connection, call: Call) -> Reply:
        try:
            day = date.fromisoformat(call.query["day"]).isoformat()
            currency, after = call.query["currency"], int(call.query.get("after", "0"))
            limit = min(int(call.query.get("limit", LINES_MAX)), LINES_MAX)
        except (KeyError, ValueError) as error:
            raise Refused(400, "bad_request", str(error)) from error
        rows = db.execute(
            "SELECT * FROM entries WHERE currency = ? AND at >= ? AND at < ? AND sequence > ?"
            " AND kind IN ('payment', 'refund', 'payout') ORDER BY sequence LIMIT ?",
            (currency, day, f"{day}U", after, limit + 1),
        ).fetchall()
        return Reply(data={"lines": [dict(row) for row in rows[:limit]], "more": len(rows) > limit})

    # The page

    def _show_pay_page(self, db: sqlite3.Connection, call: Call) -> Reply:
        row = self._by_ref(db, call)
        amount = Money(row["amount_minor"], row["currency"])
        asked = (row["number"], row["description"], row["state"], row["return_url"])
        language = call.query.get("lang") or language_of(call.languages)
        return Reply(html=page(amount, *asked, language=language))

    def _press(self, db: sqlite3.Connection, call: Call) -> Reply:
        row = self._by_ref(db, call)
        if row["state"] == "open":
            if call.form.get("action") == "pay":
                self._carry_out(db, row)
            elif call.form.get("action") == "decline":
                self._fail(db, row, "declined")
        return Reply(status=303, location=row["return_url"] or f"/pay/{row['ref']}")

    def _by_ref(self, db: sqlite3.Connection, call: Call) -> sqlite3.Row:
        row = db.execute(
            "SELECT * FROM movements WHERE kind = 'payment' AND ref = ? AND currency <> 'XXX'",
            (call.path["ref"],),
        ).fetchone()
        if not isinstance(row, sqlite3.Row):
            raise Refused(404, "no_such_payment")
        return row

    # The books

    def _once(
        self,
        db: sqlite3.Connection,
        kind: str,
        our_id: str,
        amount: int,
        currency: str,
        *,
        same: str = "",
        **columns: str,
    ) -> tuple[sqlite3.Row, bool]:
        """Write a movement down as open, or find it; say whether it is new."""
        row = self._find(db, kind, our_id)
        if row is not None:
            if row["same"] is not None and (row["amount_minor"], row["currency"], row["same"]) != (
                amount,
                currency,
                same,
            ):
                raise Refused(409, "id_reused")
            return row, False
        values = {
            "id": our_id,
            "kind": kind,
            "ref": secrets.token_urlsafe(18),
            "state": "open",
            "amount_minor": amount,
            "currency": currency,
            "same": same,
            "at": self.stamp(),
            **columns,
        }
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        db.execute(f"INSERT INTO movements ({names}) VALUES ({marks})", tuple(values.values()))
        return self._must(db, kind, our_id), True

    def _carry_out(self, db: sqlite3.Connection, row: sqlite3.Row) -> sqlite3.Row:
        """Move the money of an open movement, once, and say so; or fail it for want of funds."""
        row = self._must(db, row["kind"], row["id"])
        if row["state"] != "open":
            return row
        signed = row["amount_minor"] if row["kind"] == "payment" else -row["amount_minor"]
        if not self._add(db, row["currency"], signed):
            return self._fail(db, row, "insufficient_funds")
        at = self.stamp()
        payment_id = row["id"] if row["kind"] == "payment" else row["payment_id"]
        db.execute(
            "INSERT INTO entries (kind, id, ref, payment_id, amount_minor, currency, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (row["kind"], row["id"], row["ref"], payment_id, signed, row["currency"], at),
        )
        return self._become(db, row, "done", "", at)

    @staticmethod
    def _add(db: sqlite3.Connection, currency: str, signed: int) -> bool:
        """Add to our balance; False when it would fall below zero."""
        db.execute("INSERT INTO balances VALUES (?, 0) ON CONFLICT DO NOTHING", (currency,))
        changed = db.execute(
            "UPDATE balances SET minor = minor + ? WHERE currency = ? AND minor + ? >= 0",
            (signed, currency, signed),
        )
        return changed.rowcount == 1

    def _fail(self, db: sqlite3.Connection, row: sqlite3.Row, reason: str) -> sqlite3.Row:
        return self._become(db, row, "failed", reason, self.stamp())

    def _become(
        self, db: sqlite3.Connection, row: sqlite3.Row, state: str, reason: str, at: str
    ) -> sqlite3.Row:
        """Give a movement its end, and put the notification of it in the outbox."""
        db.execute(
            "UPDATE movements SET state = ?, reason = ?, at = ?, due_s = NULL WHERE kind = ? AND id = ?",
            (state, reason, at, row["kind"], row["id"]),
        )
        ended = self._must(db, row["kind"], row["id"])
        facts = {"kind": ended["kind"], "id": ended["id"], "amount_minor": ended["amount_minor"]}
        payment_id = ended["id"] if ended["kind"] == "payment" else ended["payment_id"]
        self.outbox.put(
            db,
            notice=_notice_id(ended),
            subject=payment_id or ended["id"],
            url=ended["notify_url"],
            body={"notification_id": _notice_id(ended), "movement": self._words(ended)},
            facts={**facts, f"{ended['kind']}_id": ended["id"], "payment_id": payment_id},
        )
        return ended

    def due_work(self, db: sqlite3.Connection) -> float | None:
        """Carry out what was to be later."""
        rows = db.execute(
            "SELECT * FROM movements WHERE state = 'open' AND due_s IS NOT NULL ORDER BY due_s LIMIT 100"
        ).fetchall()
        for row in rows:
            if row["due_s"] > time.time():
                return float(row["due_s"]) - time.time()
            self._carry_out(db, row)
        return 0.0 if rows else None

    def facts(self, call: Call) -> Mapping[str, Any]:
        """Let faults match a query by the amount of what it asks about."""
        for name, our_id in call.path.items():
            with self.books.transaction() as db:
                row = self._find(db, name.removesuffix("_id"), our_id)
            if row is not None:
                return {"amount_minor": row["amount_minor"], "currency": row["currency"]}
        return {}

    def control(self, db: sqlite3.Connection, call: Call) -> Mapping[str, Any]:
        """Add to our balance: `{"deposit": {"amount_minor", "currency"}}`."""
        deposit = call.data.get("deposit")
        if deposit is None:
            return {}
        self._add(db, deposit["currency"], deposit["amount_minor"])
        db.execute(
            "INSERT INTO entries (kind, id, ref, amount_minor, currency, at)"
            " VALUES ('deposit', ?, '', ?, ?, ?)",
            (secrets.token_hex(8), deposit["amount_minor"], deposit["currency"], self.stamp()),
        )
        return {"deposited": True}

    def _find(self, db: sqlite3.Connection, kind: str, our_id: str) -> sqlite3.Row | None:
        found = db.execute("SELECT * FROM movements WHERE kind = ? AND id = ?", (kind, our_id)).fetchone()
        return found if isinstance(found, sqlite3.Row) else None

    def _must(self, db: sqlite3.Connection, kind: str, our_id: str) -> sqlite3.Row:
        row = self._find(db, kind, our_id)
        if row is None:
            raise LookupError(our_id)
        return row

    # The words

    def _told(self, row: sqlite3.Row) -> Reply:
        return Reply(data=self._words(row))

    def _words(self, row: sqlite3.Row) -> dict[str, Any]:
        names = ("kind", "id", "ref", "state", "amount_minor", "currency", "payment_id", "reason", "at")
        words = {name: row[name] for name in names}
        if row["kind"] == "payment":
            words["payment_id"] = row["id"]
            words["pay_url"] = words["qr_text"] = f"{self.url}/pay/{row['ref']}"
        return words

    @staticmethod
    def _id(call: Call, name: str) -> str:
        value = call.text(name, most=36).lower()
        if not re.fullmatch(_ID, value):
            raise Refused(400, "bad_request", name)
        return value

    @staticmethod
    def _amount(call: Call) -> tuple[int, str]:
        currency = call.text("currency", most=3)
        if not re.fullmatch(r"[A-Z]{3}", currency) or currency == "XXX":
            raise Refused(400, "bad_request", "currency")
        return call.whole("amount_minor"), currency


def _notice_id(row: sqlite3.Row) -> str:
    return f"{row['kind']}-{row['ref']}"


def _url(call: Call, name: str) -> str:
    """Return an address, or nothing; no other scheme than http may reach a person's browser."""
    value = call.text(name, least=0, most=1000)
    if value and not value.startswith(("http://", "https://")):
        raise Refused(400, "bad_request", name)
    return value


class SandboxBank(SandboxHandle):
    """A sandbox bank for a test or a demonstration: `with SandboxBank() as bank: bank.provider()`."""

    system = BankSandbox
    module = "cohong.payments.providers.sandbox"

    def provider(self, **options: Any) -> BankProvider:
        """Return a client of this bank; `options` are its timeouts. The caller closes its connections."""
        return BankProvider(self.credentials, **options)

    def _look(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Look into the books, whether the bank is alive or not."""
        with closing(sqlite3.connect(self.data, timeout=10)) as db:
            db.row_factory = sqlite3.Row
            return list(db.execute(sql, values).fetchall())

    def moved(self, our_id: UUID) -> list[int]:
        """Return the minor units that have moved under this id, one number a movement; out is negative."""
        rows = self._look("SELECT amount_minor FROM entries WHERE id = ? ORDER BY sequence", str(our_id))
        return [row["amount_minor"] for row in rows]

    def balance(self, currency: str) -> int:
        """Return our balance at this bank in minor units."""
        rows = self._look("SELECT minor FROM balances WHERE currency = ?", currency)
        return rows[0]["minor"] if rows else 0

    def audit(self) -> None:
        """Raise AssertionError unless the balances are the sums of the entries."""
        sums = {
            row["currency"]: row["total"]
            for row in self._look(
                "SELECT currency, sum(amount_minor) AS total FROM entries GROUP BY currency"
            )
        }
        balances = {
            row["currency"]: row["minor"] for row in self._look("SELECT * FROM balances WHERE minor <> 0")
        }
        if {currency: total for currency, total in sums.items() if total} != balances:
            raise AssertionError(f"entries {sums}, balances {balances}")

    def press(self, pay_url: str, action: str = "pay") -> None:
        """Press a button of a pay page, as a person does: `pay` or `decline`."""
        self._http.post(pay_url, data={"action": action}, follow_redirects=False)

    def deposit(self, amount: Money) -> None:
        """Add to our balance, so that payouts have something to come from."""
        self.control(deposit={"amount_minor": amount.minor, "currency": amount.currency})


def main(argv: Sequence[str] | None = None) -> int:
    """Run the bank as a process."""
    options = parser(BankSandbox, "A sandbox bank, which can be told to misbehave.")
    return run(options, argv)


if __name__ == "__main__":
    raise SystemExit(main())
