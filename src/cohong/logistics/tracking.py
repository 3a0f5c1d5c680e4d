"""Recording tracking events: a batch of them, in any order, each once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from cohong.kernel import clock, journal, numbers, privacy, sets
from cohong.kernel.documents import Body
from cohong.kernel.errors import Refusal
from cohong.kernel.journal import Entry
from cohong.logistics import documents, rules
from cohong.logistics.models import SHIPMENT, EventKind, ShipmentState
from cohong.logistics.refusals import EventDiffers, OnlyWithCode, UnknownWaybill
from cohong.logistics.structs import Recorded, TrackingEvent
from cohong.parties import api as parties

#: Who of a carrier (or of a shipper that delivers by itself) may say where goods are.
REPORTERS = (parties.Role.WAREHOUSE, parties.Role.SERVICE)

EVENT_COLUMNS = (
    *("id", "shipment_id", "kind", "at", "region_code", "note"),
    *("recorder_id", "recorded_at", "document_id"),
)


@dataclass(slots=True)
class Moving:
    """A locked shipment while events are applied to it."""

    id: UUID
    order_id: UUID
    shipper_id: UUID
    consignee_id: UUID
    carrier_id: UUID | None
    waybill_number: str
    state: str
    pick_up: bool
    delivered_at: datetime | None
    known_at: datetime | None
    last_document_id: UUID | None
    fresh: list[tuple[TrackingEvent, Body]] = field(default_factory=list)

    @property
    def mover_id(self) -> UUID:
        """Who moves the goods: the carrier, or the shipper itself."""
        return self.carrier_id or self.shipper_id

    def apply(self, event: TrackingEvent, now: datetime) -> None:
        """Let an event move the shipment on, or be recorded as one that comes late."""
        before = self.state
        self.state = SHIPMENT.next(self.state, event.kind)
        if event.kind in (EventKind.DELIVERED, EventKind.COLLECTED):
            # The earliest word counts, so that the order of arrival is all one here too.
            self.delivered_at = min(self.delivered_at or event.at, event.at)
            self.known_at = self.known_at or now
        self.fresh.append((event, self._statement(event, arrived=self.state != before)))

    def _statement(self, event: TrackingEvent, *, arrived: bool) -> Body:
        """Put into words what the event means for the order."""
        if arrived and self.state == ShipmentState.COLLECTED:
            return documents.Collected(
                shipment_id=self.id,
                waybill_number=self.waybill_number,
                event_id=event.id,
                collected_at=event.at,
            )
        if arrived and self.state == ShipmentState.DELIVERED:
            return documents.Delivered(
                shipment_id=self.id,
                waybill_number=self.waybill_number,
                event_id=event.id,
                delivered_at=event.at,
                region_code=event.region_code,
            )
        return documents.Tracked(
            shipment_id=self.id,
            waybill_number=self.waybill_number,
            event_id=event.id,
            event=event.kind,
            at=event.at,
            region_code=event.region_code,
            state=self.state,
        )


_MOVING_COLUMNS = (
    "id, order_id, shipper_id, consignee_id, carrier_id, waybill_number, state, pick_up, delivered_at,"
    " known_at, last_document_id"
)


def lock(condition: str, values: Sequence[object]) -> list[Moving]:
    """Lock the shipments that meet a condition, in the order of their ids."""
    return [
        Moving(*row)
        for row in sets.fetch(
            f"select {_MOVING_COLUMNS} from logistics_shipment where {condition} order by id for update",
            values,
        )
    ]


@sets.act
def record_events(*, actor: parties.Actor, items: Sequence[TrackingEvent]) -> list[Recorded | Refusal]:
    """Record what is reported of shipments, each event once per id; outcomes are in the order of the items.

    Events may come in any order: a shipment stands where its furthest event puts it, and a late one is
    recorded without moving it back. Only the carrier of a shipment (or its shipper, where there is none)
    may report. Issues `logistics.tracked`, or `logistics.delivered` when that is news. Refusals:
    `UnknownWaybill`, `NotYours`, `EventFlawed`, `EventInFuture`, `EventDiffers`, `OnlyWithCode`.
    """
    if not items:
        return []
    now = clock.now()
    waybills = [_normal(item.waybill_number) for item in items]
    found = {one.waybill_number: one for one in lock("waybill_number = any(%s)", (waybills,))}
    known = _known([item.id for item in items])
    gate = Gate(actor)
    results: list[Recorded | Refusal] = []
    for item, waybill in zip(items, waybills, strict=True):
        results.append(_record(item, found.get(waybill), known, gate, now))
    write(actor.party_id, list(found.values()), now)
    return results


def _normal(waybill_number: str) -> str:
    """Write a number as we do; what is no number of ours finds no shipment."""
    try:
        return numbers.normalise(waybill_number)
    except numbers.NotANumber:
        return ""


class Gate:
    """Who may report on whose goods: asked once for each party in a batch."""

    def __init__(self, actor: parties.Actor) -> None:
        self._actor = actor
        self._answers: dict[UUID, Refusal | None] = {}

    def refusal(self, party_id: UUID) -> Refusal | None:
        """Say why the actor may not speak for this party, or None if it may."""
        if party_id not in self._answers:
            try:
                parties.require(self._actor, party_id, *REPORTERS, scope="logistics:write")
                self._answers[party_id] = None
            except Refusal as refusal:
                self._answers[party_id] = refusal
        return self._answers[party_id]


_Known = dict[UUID, tuple[UUID, TrackingEvent]]


def _known(ids: Sequence[UUID]) -> _Known:
    """Find the events that were recorded before under these ids."""
    return {
        id_: (
            shipment_id,
            TrackingEvent(
                id=id_,
                waybill_number="",
                kind=kind,
                at=at,
                region_code=region_code,
                note="" if note is None else privacy.decrypt(note),
            ),
        )
        for id_, shipment_id, kind, at, region_code, note in sets.fetch(
            "select id, shipment_id, kind, at, region_code, note from logistics_tracking_event"
            " where id = any(%s)",
            (list(ids),),
        )
    }


def _record(
    item: TrackingEvent, shipment: Moving | None, known: _Known, gate: Gate, now: datetime
) -> Recorded | Refusal:
    """Decide about one event, and apply it to its shipment if it is new."""
    if shipment is None:
        return UnknownWaybill(number=item.waybill_number[:40])
    if refusal := gate.refusal(shipment.mover_id) or rules.flaw_of_event(item, now):
        return refusal
    plain = TrackingEvent(
        id=item.id,
        waybill_number="",
        kind=str(item.kind),
        at=item.at,
        region_code=item.region_code,
        note=item.note,
    )
    if item.id in known:
        if known[item.id] != (shipment.id, plain):
            return EventDiffers(event_id=item.id)
        return Recorded(event_id=item.id, shipment_id=shipment.id, state=shipment.state, again=True)
    if shipment.pick_up and item.kind == EventKind.DELIVERED:
        return OnlyWithCode()
    shipment.apply(plain, now)
    known[item.id] = (shipment.id, plain)
    return Recorded(event_id=item.id, shipment_id=shipment.id, state=shipment.state, again=False)


def write(issuer: UUID, shipments: Sequence[Moving], now: datetime) -> None:
    """Write what was applied: documents, events, and where the shipments stand now."""
    moved = [shipment for shipment in shipments if shipment.fresh]
    if not moved:
        return
    rows = []
    # A wave for the first event of each shipment, one for the second, …: each document answers the last.
    for wave in range(max(len(shipment.fresh) for shipment in moved)):
        moving = [shipment for shipment in moved if wave < len(shipment.fresh)]
        receipts = journal.append([_entry(issuer, shipment, shipment.fresh[wave][1]) for shipment in moving])
        for shipment, receipt in zip(moving, receipts, strict=True):
            event = shipment.fresh[wave][0]
            note = privacy.encrypt(event.note) if event.note else None
            rows.append(
                (
                    *(event.id, shipment.id, event.kind, event.at, event.region_code, note),
                    *(issuer, now, receipt.id),
                )
            )
            shipment.last_document_id = receipt.id
    sets.insert("logistics_tracking_event", EVENT_COLUMNS, rows)
    columns: defaultdict[str, list[object]] = defaultdict(list)
    for shipment in moved:
        for name in ("id", "state", "delivered_at", "known_at", "last_document_id"):
            columns[name].append(getattr(shipment, name))
    sets.run(
        "update logistics_shipment s set state = x.state, delivered_at = x.delivered_at,"
        " known_at = x.known_at, heard_at = %s, last_document_id = x.document_id"
        " from unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::uuid[])"
        " as x(id, state, delivered_at, known_at, document_id) where s.id = x.id",
        (now, *(columns[name] for name in ("id", "state", "delivered_at", "known_at", "last_document_id"))),
    )


def _entry(issuer: UUID, shipment: Moving, body: Body) -> Entry:
    parties_to_it = (shipment.shipper_id, shipment.consignee_id, shipment.carrier_id)
    return Entry(
        subject=shipment.order_id,
        issuer=issuer,
        body=body,
        visible_to=[one for one in dict.fromkeys(parties_to_it) if one is not None and one != issuer],
        answers=[] if shipment.last_document_id is None else [shipment.last_document_id],
    )
