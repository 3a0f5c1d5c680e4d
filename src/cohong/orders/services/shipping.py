"""Ship: goods leave the seller, whole orders or parts."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import msgspec

from cohong.catalog import api as catalog
from cohong.kernel import clock, privacy, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import named_id
from cohong.logistics import api as logistics
from cohong.orders import documents, refusals, rules
from cohong.orders.rows import LineRow, OrderRow, issue, lines_of, lock_orders, write_lines, write_orders
from cohong.orders.states import ORDER_LIFE, OrderAct
from cohong.orders.terms import DeliveryKind, ShipOrder, Shipped

_Going = list[tuple[LineRow, int]]


@sets.act
def ship(*, items: Sequence[ShipOrder]) -> list[Shipped | Refusal]:
    """Hand goods of orders over, all that is left or named quantities; each item becomes one shipment.

    A shipment id that was used before gets the first outcome again. Refusals: NotAllowed kinds, OrderNotFound,
    WrongState, OrderHeld, NothingToShip, PastOrdered, LineNotFound, and logistics' own.
    """
    orders = lock_orders(item.order_id for item in items)
    lines = lines_of(orders)
    outcomes: dict[int, Shipped | Refusal] = _repeated(items)
    going: dict[int, _Going] = {}
    planned: Counter[UUID] = Counter()
    for index, item in enumerate(items):
        if index in outcomes:
            continue
        try:
            going[index] = _check(item, orders, lines, planned)
        except Refusal as refusal:
            outcomes[index] = refusal
        else:
            planned.update({line.id: quantity for line, quantity in going[index]})
    wishes = [_consignment(items[index], orders[items[index].order_id], going[index]) for index in going]
    for index, consigned in zip(list(going), logistics.consign(items=wishes), strict=True):
        if isinstance(consigned, Refusal):
            outcomes[index] = consigned
            del going[index]
        else:
            outcomes[index] = Shipped(
                items[index].order_id, consigned.shipment_id, consigned.waybill_number, consigned.pick_up_code
            )
    _dispatch([(items[index].shipment_id, parts) for index, parts in going.items()])
    _write(items, going, outcomes, orders, lines)
    return [outcomes[index] for index in range(len(items))]


def _repeated(items: Sequence[ShipOrder]) -> dict[int, Shipped | Refusal]:
    """Look up shipments that were made before; the orders' locks keep them from being made twice."""
    found = logistics.shipments(ids=[item.shipment_id for item in items])
    again: dict[int, Shipped | Refusal] = {}
    first: dict[UUID, UUID] = {}
    for index, item in enumerate(items):
        view = found.get(item.shipment_id)
        if view is not None and view.order_id == item.order_id:
            again[index] = Shipped(view.order_id, view.id, view.waybill_number, None)
        elif view is not None or item.shipment_id in first:
            again[index] = refusals.ShipmentReused()
        first.setdefault(item.shipment_id, item.order_id)
    return again


def _check(
    item: ShipOrder, orders: dict[UUID, OrderRow], lines: dict[UUID, list[LineRow]], planned: Counter[UUID]
) -> _Going:
    order = orders.get(item.order_id)
    if order is None:
        raise refusals.OrderNotFound
    rules.check_may(item.actor, OrderAct.SHIP, buyer_id=order.buyer_id, seller_id=order.seller_id)
    if order.hold_count:
        raise refusals.OrderHeld
    ORDER_LIFE.next(order.state, OrderAct.SHIP)
    left = {line.id: (line, line.to_go - planned[line.id]) for line in lines[order.id]}
    if item.lines is None:
        going = [(line, rest) for line, rest in left.values() if rest]
    else:
        going = [_named(left, line_id, quantity) for line_id, quantity in item.lines]
        if len({line.id for line, _ in going}) != len(going):
            raise refusals.LineTwice
    if not going:
        raise refusals.NothingToShip
    return going


def _named(left: dict[UUID, tuple[LineRow, int]], line_id: UUID, quantity: int) -> tuple[LineRow, int]:
    if line_id not in left:
        raise refusals.LineNotFound
    line, rest = left[line_id]
    if isinstance(quantity, bool) or not isinstance(quantity, int) or quantity <= 0:
        raise refusals.BadQuantity(quantity=str(quantity))
    if quantity > rest:
        raise refusals.PastOrdered(title=line.title, most=rest)
    return line, quantity


def _consignment(item: ShipOrder, order: OrderRow, going: _Going) -> logistics.Consignment:
    address = (
        msgspec.json.decode(privacy.decrypt(order.address_sealed), type=logistics.Address)
        if order.address_sealed
        else None
    )
    package = logistics.Package(item.weight_grams, tuple((line.id, quantity) for line, quantity in going))
    return logistics.Consignment(
        id=item.shipment_id,
        order_id=order.id,
        shipper_id=order.seller_id,
        consignee_id=order.buyer_id,
        carrier_id=item.carrier_id or order.carrier_id,
        # Another carrier than the agreed one sends it by its own usual service.
        service=order.service if item.carrier_id in (None, order.carrier_id) else "",
        packages=(package,),
        address=address,
        pick_up=order.delivery == DeliveryKind.PICK_UP,
    )


def _dispatch(leaving: Sequence[tuple[UUID, _Going]]) -> None:
    moves = [
        catalog.DispatchLine(line.id, quantity, named_id("orders.ship", shipment_id, line.id))
        for shipment_id, going in leaving
        for line, quantity in going
    ]
    for refusal in catalog.dispatch(items=moves):
        if refusal is not None:
            # An order's goods are reserved from its placing on: this is a broken invariant, not an outcome.
            raise RuntimeError(f"reserved goods are not there: {refusal!r}")


def _write(
    items: Sequence[ShipOrder],
    going: dict[int, _Going],
    outcomes: dict[int, Shipped | Refusal],
    orders: dict[UUID, OrderRow],
    lines: dict[UUID, list[LineRow]],
) -> None:
    now = clock.now()
    stated = []
    for index, parts in going.items():
        order, shipped = orders[items[index].order_id], outcomes[index]
        assert isinstance(shipped, Shipped)  # noqa: S101 - refused ones are no longer going
        for line, quantity in parts:
            line.shipped += quantity
        complete = all(line.to_go == 0 for line in lines[order.id])
        order.state = ORDER_LIFE.next(order.state, OrderAct.SHIP if complete else OrderAct.SHIP_PART)
        if complete:
            order.shipped_at = now
            order.accept_by = rules.accept_by(now, order.accept_days)
        body = documents.OrderShipped(
            number=order.number,
            waybill=shipped.waybill_number,
            carrier=items[index].carrier_id or order.carrier_id,
            lines=[documents.QuantityOf(line_id=line.id, quantity=quantity) for line, quantity in parts],
            complete=complete,
        )
        stated.append((order, order.seller_id, body))
    issue(stated)
    write_lines(list({line.id: line for parts in going.values() for line, _ in parts}.values()))
    write_orders([orders[order_id] for order_id in {order.id for order, _, _ in stated}])
