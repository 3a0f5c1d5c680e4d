"""Reads: shipments, their deliveries and events, carriers and their prices."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cohong.kernel import numbers, privacy, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.money import AmountTooLarge, Money
from cohong.logistics import rules
from cohong.logistics.models import ShipmentState
from cohong.logistics.refusals import NoTariff, UnknownWaybill, WeightFlawed
from cohong.logistics.structs import (
    CarrierView,
    DeliveryView,
    EventView,
    FreightItem,
    FreightOffer,
    Package,
    PublicTracking,
    ShipmentView,
)

_VIEW_FIELDS = (
    *("id", "order_id", "shipper_id", "consignee_id", "carrier_id", "service", "waybill_number"),
    *("carrier_number", "booking", "booking_note", "state", "pick_up", "weight_grams"),
    *("consigned_at", "delivered_at", "known_at"),
)


_HALF_YEAR = timedelta(days=183)
#: Goods in these states go nowhere any more.
ENDED = [ShipmentState.DELIVERED.value, ShipmentState.RETURNED.value, ShipmentState.COLLECTED.value]


def shipments_of(*, order_ids: Sequence[UUID]) -> dict[UUID, list[ShipmentView]]:
    """Return each order's shipments, the oldest first; an order without any has an empty list."""
    found: dict[UUID, list[ShipmentView]] = {order_id: [] for order_id in order_ids}
    for view in views("order_id = any(%s) order by consigned_at, id", (list(order_ids),)):
        found[view.order_id].append(view)
    return found


def shipments(*, ids: Sequence[UUID]) -> dict[UUID, ShipmentView]:
    """Return shipments by their ids; an unknown id is left out."""
    return {view.id: view for view in views("id = any(%s)", (list(ids),))}


def views(condition: str, params: Sequence[Any]) -> list[ShipmentView]:
    """Read shipments with their packages: two statements."""
    rows = sets.fetch(f"select {', '.join(_VIEW_FIELDS)} from logistics_shipment where {condition}", params)
    packages: defaultdict[UUID, list[Package]] = defaultdict(list)
    for shipment_id, weight_grams, line_ids, quantities in sets.fetch(
        "select shipment_id, weight_grams, line_ids, quantities from logistics_package"
        " where shipment_id = any(%s) order by shipment_id, number",
        ([row[0] for row in rows],),
    ):
        contents = tuple(zip(line_ids, quantities, strict=True))
        packages[shipment_id].append(Package(weight_grams=weight_grams, contents=contents))
    return [
        ShipmentView(**dict(zip(_VIEW_FIELDS, row, strict=True)), packages=tuple(packages[row[0]]))
        for row in rows
    ]


def deliveries(*, order_ids: Sequence[UUID]) -> dict[UUID, list[DeliveryView]]:
    """Say of each order's shipments whether they have reached their consignee."""
    found: dict[UUID, list[DeliveryView]] = {order_id: [] for order_id in order_ids}
    for order_id, shipment_id, state, delivered_at, known_at in sets.fetch(
        "select order_id, id, state, delivered_at, known_at from logistics_shipment"
        " where order_id = any(%s) order by consigned_at, id",
        (list(order_ids),),
    ):
        has_arrived = state in (ShipmentState.DELIVERED, ShipmentState.COLLECTED)
        found[order_id].append(
            DeliveryView(
                shipment_id=shipment_id,
                delivered_at=delivered_at if has_arrived else None,
                known_at=known_at if has_arrived else None,
            )
        )
    return found


def undelivered(*, consigned_before: datetime, limit: int = 200) -> list[ShipmentView]:
    """Return shipments consigned before then, in the half year before, that have not ended; oldest first."""
    return views(
        "consigned_at < %s and consigned_at >= %s and state <> all(%s) order by consigned_at, id limit %s",
        (consigned_before, consigned_before - _HALF_YEAR, ENDED, limit),
    )


def worklist(
    *, carrier_id: UUID, state: str | None = None, after: UUID | None = None, limit: int = 50
) -> list[ShipmentView]:
    """Return a carrier's shipments, the newest first, from after that one on."""
    return views(
        "carrier_id = %s and (%s::text is null or state = %s) and (%s::uuid is null or id < %s)"
        " order by id desc limit %s",
        (carrier_id, state, state, after, after, limit),
    )


def events_of(*, shipment_ids: Sequence[UUID], with_notes: bool = False) -> dict[UUID, list[EventView]]:
    """Return each shipment's events in the order in which they happened."""
    found: dict[UUID, list[EventView]] = {shipment_id: [] for shipment_id in shipment_ids}
    for id_, shipment_id, kind, at, region_code, note, recorded_at in sets.fetch(
        "select id, shipment_id, kind, at, region_code, note, recorded_at from logistics_tracking_event"
        " where shipment_id = any(%s) order by shipment_id, at, recorded_at, id",
        (list(shipment_ids),),
    ):
        found[shipment_id].append(
            EventView(
                id=id_,
                shipment_id=shipment_id,
                kind=kind,
                at=at,
                region_code=region_code,
                note=privacy.decrypt(note) if with_notes and note is not None else "",
                recorded_at=recorded_at,
            )
        )
    return found


def track(*, waybill_number: str) -> PublicTracking:
    """Return what anyone with the number may see. Raises `NotANumber`, `UnknownWaybill`."""
    number = numbers.normalise(waybill_number)
    found = sets.fetch(
        "select s.id, s.state, coalesce(c.code, '') from logistics_shipment s"
        " left join logistics_carrier c on c.id = s.carrier_id where s.waybill_number = %s",
        (number,),
    )
    if not found:
        raise UnknownWaybill(number=number)
    [(shipment_id, state, code)] = found
    events = events_of(shipment_ids=[shipment_id])[shipment_id]
    return PublicTracking(waybill_number=number, carrier_code=code, state=state, events=tuple(events))


# --- carriers --------------------------------------------------------------------------------------------


def carriers() -> list[CarrierView]:
    """Return all carriers, by their code."""
    return [
        CarrierView(
            id=id_, code=code, name=name, name_en=name_en, services=tuple(services), connected=connected
        )
        for id_, code, name, name_en, services, connected in sets.fetch(
            "select id, code, name, name_en, services, connected from logistics_carrier order by code"
        )
    ]


_Prices = dict[tuple[UUID, str], dict[tuple[str, str], tuple[str, int, int, int, int]]]


def _prices(carrier_ids: Sequence[UUID] | None = None) -> _Prices:
    """Read tariffs: all, or these carriers'."""
    where, params = ("", ()) if carrier_ids is None else (" where carrier_id = any(%s)", (list(carrier_ids),))
    found: _Prices = defaultdict(dict)
    for carrier_id, service, start, end, *price in sets.fetch(
        "select carrier_id, service, from_zone, to_zone, currency, first_grams, first_minor, step_grams,"
        f" step_minor from logistics_tariff{where}",
        params,
    ):
        found[carrier_id, service][start, end] = tuple(price)
    return found


def _price(prices: _Prices, item: FreightItem) -> Money | Refusal:
    if isinstance(item.weight_grams, bool) or not 0 < item.weight_grams <= rules.HEAVIEST_GRAMS:
        return WeightFlawed()
    zones = prices.get((item.carrier_id, item.service), {})
    pair = rules.best_zone(list(zones), item.from_region, item.to_region)
    if pair is None:
        return NoTariff()
    currency, first_grams, first_minor, step_grams, step_minor = zones[pair]
    minor = rules.freight_minor(
        weight_grams=item.weight_grams,
        first_grams=first_grams,
        first_minor=first_minor,
        step_grams=step_grams,
        step_minor=step_minor,
    )
    try:
        return Money(minor, currency)
    except AmountTooLarge as refusal:
        return refusal


def freight(*, items: Sequence[FreightItem]) -> list[Money | Refusal]:
    """Quote freight by the carriers' tariffs; one statement. Refusals: `NoTariff`, `WeightFlawed`."""
    prices = _prices([item.carrier_id for item in items])
    return [_price(prices, item) for item in items]


def freight_offers(*, from_region: str, to_region: str, weight_grams: int) -> list[FreightOffer]:
    """Return every carrier's price for a way, the cheapest first in each currency. Raises `WeightFlawed`."""
    prices = _prices()
    offers = []
    for carrier in carriers():
        for service in carrier.services:
            price = _price(
                prices,
                FreightItem(
                    carrier_id=carrier.id,
                    service=service,
                    from_region=from_region,
                    to_region=to_region,
                    weight_grams=weight_grams,
                ),
            )
            if isinstance(price, WeightFlawed):
                raise price
            if isinstance(price, Money):
                offers.append(
                    FreightOffer(
                        carrier_id=carrier.id, carrier_code=carrier.code, service=service, price=price
                    )
                )
    return sorted(
        offers, key=lambda one: (one.price.currency, one.price.minor, one.carrier_code, one.service)
    )
