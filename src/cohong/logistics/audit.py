"""What logistics' tables promise beyond their constraints, looked at row by row."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from cohong.kernel import numbers, privacy, sets
from cohong.kernel.audit import Check, check
from cohong.logistics.models import SHIPMENT, EventKind, ShipmentState

_AT_ONCE = 5_000
_FIRST = UUID(int=0)
Row = tuple[Any, ...]


def audit() -> list[Check]:
    """Check waybill numbers, states against events, documents, packages, carriers and encryption."""
    return [
        _each(
            "logistics.waybill_numbers", "select id, waybill_number from logistics_shipment", _flaw_of_number
        ),
        _each("logistics.states", _WITH_EVENTS, _flaw_of_state),
        _each("logistics.events_have_documents", _WITH_DOCUMENTS, _flaw_of_document),
        _each("logistics.packages", _WITH_PACKAGES, _flaw_of_packages),
        _each("logistics.carriers", _WITH_CARRIERS, _flaw_of_carrier),
        _each("logistics.personal_data", _PERSONAL, _flaw_of_encryption),
        _each(
            "logistics.address_books",
            "select id, address from logistics_saved_address",
            _flaw_of_encryption,
        ),
        _each("logistics.notes", "select id, note from logistics_tracking_event", _flaw_of_encryption),
    ]


def _each(name: str, select: str, flaw: Callable[[Row], str]) -> Check:
    """Look at every row of a query, whose first column is its id, in bounded memory."""
    figure, findings = 0, []
    for row in _rows(select):
        figure += 1
        if found := flaw(row):
            findings.append(f"{row[0]}: {found}")
    return check(name, figure=figure, findings=findings)


def _rows(select: str) -> Iterator[Row]:
    after = _FIRST
    while batch := sets.fetch(
        f"select * from ({select}) q where id > %s order by id limit %s", (after, _AT_ONCE)
    ):
        yield from batch
        after = batch[-1][0]


def _flaw_of_number(row: Row) -> str:
    number = row[1]
    is_ours = numbers.is_valid(number) and numbers.normalise(number) == number
    return "" if is_ours else f"{number} is no waybill number"


_WITH_EVENTS = (
    "select s.id, s.state, s.delivered_at, s.pick_up,"
    " (select array_agg(e.kind) from logistics_tracking_event e where e.shipment_id = s.id),"
    " (select min(e.at) from logistics_tracking_event e where e.shipment_id = s.id"
    f" and e.kind in ('{EventKind.DELIVERED.value}', '{EventKind.COLLECTED.value}'))"
    " from logistics_shipment s"
)


def _flaw_of_state(row: Row) -> str:
    """Compare a shipment's state with what its events make of it, in whatever order they came."""
    _id, state, delivered_at, _pick_up, kinds, earliest = row
    told = ShipmentState.CONSIGNED
    # Collected first: it is final, and no goods that had gone back can have been.
    for kind in sorted(kinds or [], key=lambda one: one != EventKind.COLLECTED):
        told = SHIPMENT.next(told, kind)
    if told != state:
        return f"is {state}, its events say {told}"
    return "" if delivered_at == earliest else f"delivered at {delivered_at}, its events say {earliest}"


_WITH_DOCUMENTS = (
    "select e.id, s.order_id, d.subject, d.kind, e.recorder_id, d.issuer from logistics_tracking_event e"
    " join logistics_shipment s on s.id = e.shipment_id left join kernel_document d on d.id = e.document_id"
)


def _flaw_of_document(row: Row) -> str:
    _id, order_id, subject, kind, recorder_id, issuer = row
    if kind is None:
        return "has no document"
    if order_id != subject or recorder_id != issuer or not kind.startswith("logistics."):
        return "its document is another's"
    return ""


_WITH_PACKAGES = (
    "select s.id, s.weight_grams, count(p.number), coalesce(max(p.number), 0),"
    " coalesce(sum(p.weight_grams), 0),"
    " coalesce(bool_and(0 < all (p.quantities)), false)"
    " from logistics_shipment s left join logistics_package p on p.shipment_id = s.id group by s.id"
)


def _flaw_of_packages(row: Row) -> str:
    _id, weight, count, last, sum_of_weights, is_positive = row
    if not count or count != last:
        return f"has {count} packages, the last is number {last}"
    if weight != sum_of_weights:
        return f"weighs {weight} g, its packages {sum_of_weights} g"
    return "" if is_positive else "holds a quantity that is not positive"


_WITH_CARRIERS = (
    "select s.id, s.carrier_id, c.id as known from logistics_shipment s"
    " left join logistics_carrier c on c.id = s.carrier_id"
)


def _flaw_of_carrier(row: Row) -> str:
    _id, carrier_id, known = row
    return f"its carrier {carrier_id} is unknown" if carrier_id != known else ""


_PERSONAL = "select id, address, pick_up_code from logistics_shipment"


def _flaw_of_encryption(row: Row) -> str:
    """Name what is kept in clear without repeating it."""
    clear = sum(1 for token in row[1:] if token is not None and not privacy.is_encrypted(token))
    return f"{clear} values are not encrypted" if clear else ""
