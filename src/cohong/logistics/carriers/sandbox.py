"""A sandbox carrier: a small HTTP process whose parcels move by themselves, which can be told to misbehave.

    python -m cohong.logistics.carriers.sandbox --port 0 --data FILE --step-s 10

It speaks the interface of `client.py` and sends a signed notice of every tracking event until it is accepted.
Its books are SQLite: killing it loses nothing. It keeps no names, phones or street addresses.

Rules of its world, so that a test or a demonstration can count on them:

- A parcel is picked up, goes through the hub of its origin and the hub of its destination, is out for
  delivery and is delivered: five events, one every `step_s` seconds after the booking. With `step_s` 0 it
  moves only when told:
  `POST /control {"advance": {"steps": 2, "waybill": "…"}}` (every parcel without a waybill; to the end
  without steps).
- A booking can be cancelled until its parcel is picked up.
- A package of more than 30 tonnes is too heavy.
- Its clock can be set (`{"clock": "…"}`), and events carry its time.
"""

import hashlib
import re
import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from html import escape
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from cohong.kernel.outside.sandbox import Call, OwnFault, Refused, Reply, Route, Sandbox, SandboxHandle, run
from cohong.kernel.outside.sandbox.command import parser
from cohong.logistics.carriers.client import CarrierClient
from cohong.logistics.carriers.waybills import make_waybill

SCHEMA = """
CREATE TABLE IF NOT EXISTS shipments (
    serial INTEGER PRIMARY KEY AUTOINCREMENT,
    shipment_id TEXT NOT NULL UNIQUE,
    waybill TEXT UNIQUE,
    same TEXT,
    sort_code TEXT NOT NULL DEFAULT '',
    notify_url TEXT NOT NULL DEFAULT '',
    plan TEXT NOT NULL DEFAULT '[]',
    state TEXT NOT NULL CHECK (state IN ('booked', 'moving', 'ended', 'cancelled')),
    due_s REAL
);
CREATE INDEX IF NOT EXISTS shipments_due ON shipments (due_s) WHERE due_s IS NOT NULL;
CREATE TABLE IF NOT EXISTS events (
    waybill TEXT NOT NULL REFERENCES shipments (waybill),
    sequence INTEGER NOT NULL CHECK (sequence > 0),
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    place TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (waybill, sequence)
);
"""

PACKAGE_G_MAX = 30_000_000
PACKAGES_MAX = 1000
SERVICES = {"express": "EX"}
OTHER_SERVICES, COUNTRY = "CP", "CN"
BOOKS = frozenset({"book"})
_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

Step = tuple[str, str, str]


class CarrierSandbox(Sandbox):
    """The carrier itself. Its books: shipments by our ids, what is still to happen to them, and events."""

    name = "carrier"
    schema = SCHEMA
    own_faults: ClassVar[Mapping[str, OwnFault]] = {
        "refuse": OwnFault("take no booking, for `reason` (no_service)", BOOKS),
        "exception": OwnFault("meet an obstacle (`note`) before the parcel is delivered", BOOKS),
        "return_parcel": OwnFault("meet an obstacle (`note`) and bring the parcel back", BOOKS),
        "lose_parcel": OwnFault("let the parcel stop at the first hub for ever", BOOKS),
    }

    def __init__(self, *, step_s: float = 0, **options: Any) -> None:
        """Let parcels move every `step_s` seconds (0: only when told); `options` are the harness's."""
        self.step_s = step_s
        super().__init__(**options)

    def routes(self) -> Sequence[Route]:
        """Return the carrier's interface and its public tracking page."""
        return [
            Route("POST", re.compile("/v1/shipments"), "book", self._book),
            Route("POST", re.compile(f"/v1/shipments/(?P<shipment_id>{_ID})/cancel"), "cancel", self._cancel),
            Route("GET", re.compile("/v1/waybills/(?P<waybill>[A-Z0-9]{13})"), "track", self._track),
            Route(
                "GET", re.compile("/track/(?P<waybill>[A-Z0-9]{13})"), "track_page", self._page, signed=False
            ),
        ]

    # The verbs

    def _book(self, db: sqlite3.Connection, call: Call) -> Reply:
        shipment_id = call.text("shipment_id", most=36).lower()
        if not re.fullmatch(_ID, shipment_id):
            raise Refused(400, "bad_request", "shipment_id")
        origin, destination = _region(call, "sender"), _region(call, "recipient")
        weights = _weights(call)
        same = _same(call.data)
        row = self._find(db, "shipment_id", shipment_id)
        if row is not None:
            if row["state"] == "cancelled":
                raise Refused(422, "cancelled")
            if row["same"] != same:
                raise Refused(409, "id_reused")
            return self._booked(row)
        if max(weights) > PACKAGE_G_MAX:
            raise Refused(422, "too_heavy")
        if "refuse" in call.faults:
            raise Refused(422, call.faults["refuse"].get("reason", "no_service"))
        service = SERVICES.get(call.text("service", most=40), OTHER_SERVICES)
        serial = db.execute(
            "INSERT INTO shipments (shipment_id, same, sort_code, notify_url, plan, state, due_s)"
            " VALUES (?, ?, ?, ?, ?, 'booked', ?)",
            (
                shipment_id,
                same,
                f"{destination}-{service}",
                call.text("notify_url", least=0, most=1000),
                msgspec.json.encode(_plan(origin, destination, call.faults)).decode(),
                time.time() + self.step_s if self.step_s else None,
            ),
        ).lastrowid
        waybill = make_waybill(service, int(serial or 0), COUNTRY)
        db.execute("UPDATE shipments SET waybill = ? WHERE serial = ?", (waybill, serial))
        return self._booked(self._must(db, waybill))

    def _booked(self, row: sqlite3.Row) -> Reply:
        data = {name: row[name] for name in ("shipment_id", "waybill", "sort_code")}
        return Reply(data={**data, "track_url": f"{self.url}/track/{row['waybill']}"})

    def _cancel(self, db: sqlite3.Connection, call: Call) -> Reply:
        shipment_id = call.path["shipment_id"]
        row = self._find(db, "shipment_id", shipment_id)
        if row is None:
            # A booking may still be under way: it will find the id cancelled.
            db.execute("INSERT INTO shipments (shipment_id, state) VALUES (?, 'cancelled')", (shipment_id,))
        elif row["state"] == "booked":
            db.execute(
                "UPDATE shipments SET state = 'cancelled', due_s = NULL WHERE shipment_id = ?", (shipment_id,)
            )
        elif row["state"] != "cancelled":
            last = self._events(db, row["waybill"])[-1]["kind"]
            told = {"cancelled": False, "waybill": row["waybill"], "last": last}
            return Reply(data={"shipment_id": shipment_id, **told})
        return Reply(data={"shipment_id": shipment_id, "cancelled": True})

    def _track(self, db: sqlite3.Connection, call: Call) -> Reply:
        row = self._find(db, "waybill", call.path["waybill"])
        if row is None:
            raise Refused(404, "not_known")
        events = self._events(db, row["waybill"])
        return Reply(data={"waybill": row["waybill"], "shipment_id": row["shipment_id"], "events": events})

    def _page(self, db: sqlite3.Connection, call: Call) -> Reply:
        events = self._events(db, call.path["waybill"])
        rows = "".join(
            f"<li>{escape(event['at'])} {escape(event['kind'])} {escape(event['place'])}</li>"
            for event in events
        )
        title = f"沙盒承运商 Sandbox Carrier · {escape(call.path['waybill'])}"
        head = (
            '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{title}</title>"
        )
        return Reply(html=f'<!doctype html><html lang="zh-Hans">{head}<h1>{title}</h1><ol>{rows}</ol></html>')

    # The parcels' way

    def _step(self, db: sqlite3.Connection, row: sqlite3.Row) -> bool:
        """Let the next thing happen to a parcel, and put the notice of it in the outbox; False at its end."""
        plan = msgspec.json.decode(row["plan"], type=list[Step])
        if row["state"] not in ("booked", "moving") or not plan:
            return False
        kind, place, note = plan.pop(0)
        sequence = (
            db.execute("SELECT count(*) FROM events WHERE waybill = ?", (row["waybill"],)).fetchone()[0] + 1
        )
        db.execute(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)",
            (row["waybill"], sequence, kind, self.stamp(), place, note),
        )
        ended = kind in ("delivered", "returned")
        db.execute(
            "UPDATE shipments SET plan = ?, state = ?, due_s = ? WHERE serial = ?",
            (
                msgspec.json.encode(plan).decode(),
                "ended" if ended else "moving",
                time.time() + self.step_s if self.step_s and plan else None,
                row["serial"],
            ),
        )
        event = self._events(db, row["waybill"])[-1]
        named = {"waybill": row["waybill"], "shipment_id": row["shipment_id"]}
        self.outbox.put(
            db,
            notice=event["event_id"],
            subject=row["waybill"],
            url=row["notify_url"],
            body={"notice_id": event["event_id"], **named, "event": event},
            facts={**named, "kind": kind, "sequence": sequence},
        )
        return True

    def due_work(self, db: sqlite3.Connection) -> float | None:
        """Move the parcels whose time has come."""
        rows = db.execute(
            "SELECT * FROM shipments WHERE due_s IS NOT NULL ORDER BY due_s LIMIT 100"
        ).fetchall()
        for row in rows:
            if row["due_s"] > time.time():
                return float(row["due_s"]) - time.time()
            self._step(db, row)
        return 0.0 if rows else None

    def control(self, db: sqlite3.Connection, call: Call) -> Mapping[str, Any]:
        """Move parcels: `{"advance": {"steps", "waybill"}}`; all if no waybill, to the end if no steps."""
        advance = call.data.get("advance")
        if advance is None:
            return {}
        waybill = advance.get("waybill")
        rows = db.execute(
            "SELECT waybill FROM shipments WHERE state IN ('booked', 'moving') AND (waybill = ? OR ? IS NULL)"
            " ORDER BY serial",
            (waybill, waybill),
        ).fetchall()
        moved = 0
        for row in rows:
            steps = advance.get("steps")
            while (steps is None or steps > 0) and self._step(db, self._must(db, row["waybill"])):
                steps = None if steps is None else steps - 1
                moved += 1
        return {"moved": moved}

    @staticmethod
    def _events(db: sqlite3.Connection, waybill: str) -> list[dict[str, Any]]:
        rows = db.execute("SELECT * FROM events WHERE waybill = ? ORDER BY sequence", (waybill,)).fetchall()
        names = ("sequence", "kind", "at", "place", "note")
        return [
            {"event_id": f"{waybill}-{row['sequence']}", **{name: row[name] for name in names}}
            for row in rows
        ]

    @staticmethod
    def _find(db: sqlite3.Connection, column: str, value: str) -> sqlite3.Row | None:
        found = db.execute(f"SELECT * FROM shipments WHERE {column} = ?", (value,)).fetchone()
        return found if isinstance(found, sqlite3.Row) else None

    def _must(self, db: sqlite3.Connection, waybill: str) -> sqlite3.Row:
        row = self._find(db, "waybill", waybill)
        if row is None:
            raise LookupError(waybill)
        return row


def _plan(origin: str, destination: str, told: Mapping[str, Mapping[str, Any]]) -> list[Step]:
    """Return what is to happen to a parcel: kind, place and note of each event."""
    plan: list[Step] = [
        ("picked_up", origin, ""),
        ("in_transit", f"{origin} hub", ""),
        ("in_transit", f"{destination} hub", ""),
        ("out_for_delivery", destination, ""),
        ("delivered", destination, ""),
    ]
    if "lose_parcel" in told:
        return plan[:2]
    if "return_parcel" in told:
        note = str(told["return_parcel"].get("note", "recipient unknown"))
        back: list[Step] = [("exception", destination, note), ("in_transit", f"{destination} hub", "")]
        return [*plan[:4], *back, ("returned", origin, "")]
    if "exception" in told:
        note = str(told["exception"].get("note", "nobody at home"))
        return [*plan[:4], ("exception", destination, note), *plan[3:]]
    return plan


def _region(call: Call, side: str) -> str:
    """Return the region of a side's address, which has to be whole."""
    address = call.data.get(side)
    for name in ("name", "phone", "line", "region_code", "country"):
        value = address.get(name) if isinstance(address, dict) else None
        if not isinstance(value, str) or not value:
            raise Refused(400, "bad_request", f"{side}.{name}")
    return str(call.data[side]["region_code"])


def _weights(call: Call) -> list[int]:
    """Return the grams of each package."""
    parcels = call.data.get("parcels")
    if not isinstance(parcels, list) or not 0 < len(parcels) <= PACKAGES_MAX:
        raise Refused(400, "bad_request", "parcels")
    weights = [parcel.get("weight_g") if isinstance(parcel, dict) else None for parcel in parcels]
    known = [weight for weight in weights if type(weight) is int and weight > 0]
    if len(known) < len(weights):
        raise Refused(400, "bad_request", "weight_g")
    return known


def _same(data: Mapping[str, Any]) -> str:
    """Return what stays the same when a booking is asked for again; where its notices go may change."""
    fixed = {name: value for name, value in sorted(data.items()) if name != "notify_url"}
    return hashlib.sha256(msgspec.json.encode(fixed, order="sorted")).hexdigest()


class SandboxCarrier(SandboxHandle):
    """A sandbox carrier to use: `with SandboxCarrier() as carrier: carrier.client()`."""

    system = CarrierSandbox
    module = "cohong.logistics.carriers.sandbox"

    def client(self, **options: Any) -> CarrierClient:
        """Return a client of this carrier; `options` are its timeouts. The caller closes its connections."""
        return CarrierClient(self.credentials, **options)

    def advance(self, waybill: str | None = None, steps: int | None = None) -> int:
        """Move one parcel or all, so many steps or to the end; return how many events happened."""
        return int(self.control(advance={"waybill": waybill, "steps": steps})["moved"])

    def waybills(self, shipment_id: UUID) -> list[str]:
        """Return the waybills in the books for a shipment id, whether the carrier is alive or not."""
        with closing(sqlite3.connect(self.data, timeout=10)) as db:
            found = db.execute("SELECT waybill FROM shipments WHERE shipment_id = ?", (str(shipment_id),))
            return [row[0] for row in found if row[0] is not None]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the carrier as a process."""
    options = parser(CarrierSandbox, "A sandbox carrier, which can be told to misbehave.")
    options.add_argument(
        "--step-s", type=float, default=10, help="seconds between a parcel's events; 0: only when told"
    )
    return run(options, argv)


if __name__ == "__main__":
    raise SystemExit(main())
