"""The consigning step: a batch of consignments becomes shipments with waybill numbers, in few statements."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from msgspec import json

from cohong.kernel import clock, documents, jobs, numbers, privacy, sets
from cohong.kernel.errors import Refusal
from cohong.logistics import rules
from cohong.logistics.models import BookingState, ShipmentState
from cohong.logistics.refusals import ConsignmentDiffers, ServiceNotOffered, UnknownCarrier
from cohong.logistics.structs import Address, Consigned, Consignment

_PURPOSE = "logistics.consignment"

_SHIPMENT_COLUMNS = (
    *("id", "order_id", "shipper_id", "consignee_id", "carrier_id", "service", "waybill_number"),
    *(
        "carrier_number",
        "booking",
        "booking_note",
        "state",
        "weight_grams",
        "pick_up",
        "address",
        "pick_up_code",
    ),
    *("wrong_codes", "content", "consigned_at", "heard_at"),
)
_PACKAGE_COLUMNS = ("shipment_id", "number", "weight_grams", "line_ids", "quantities")
_Carriers = dict[UUID, tuple[bool, list[str]]]


@sets.act
def consign(*, items: Sequence[Consignment]) -> list[Consigned | Refusal]:
    """Make shipments of consignments, each once per id; the outcomes are in the order of the items.

    A step of the acts that ship: it issues no document and asks no actor, and the caller holds the lock of
    each order, so that one id is never consigned by two at once. Refusals: `UnknownCarrier`,
    `ServiceNotOffered`, `PackagesFlawed`, `AddressMissing`, `AddressFlawed`, `ConsignmentDiffers`.
    """
    if not items:
        return []
    known = _known([item.id for item in items])
    carriers = _carriers([item.carrier_id for item in items if item.carrier_id is not None])
    results: list[Consigned | Refusal | None] = []
    fresh: dict[UUID, Consignment] = {}
    for item in items:
        if item.id in known:
            results.append(_again(item, *known[item.id]))
        elif item.id in fresh:
            results.append(None if item == fresh[item.id] else ConsignmentDiffers(consignment_id=item.id))
        elif refusal := rules.flaw_of_consignment(item) or _flaw_of_carrier(item, carriers):
            results.append(refusal)
        else:
            fresh[item.id] = item
            results.append(None)
    made = _write(list(fresh.values()), carriers)
    return [
        result if result is not None else made[item.id] for item, result in zip(items, results, strict=True)
    ]


def _known(ids: Sequence[UUID]) -> dict[UUID, tuple[str, Consigned]]:
    """Find what was consigned before under these ids: its digest and what was answered."""
    return {
        id_: (
            content,
            Consigned(
                shipment_id=id_,
                waybill_number=number,
                pick_up_code=None if code is None else privacy.decrypt(code),
            ),
        )
        for id_, content, number, code in sets.fetch(
            "select id, content, waybill_number, pick_up_code from logistics_shipment where id = any(%s)",
            (list(ids),),
        )
    }


def _carriers(ids: Sequence[UUID]) -> _Carriers:
    found = sets.fetch(
        "select id, connected, services from logistics_carrier where id = any(%s)", (list(ids),)
    )
    return {id_: (connected, services) for id_, connected, services in found}


def _flaw_of_carrier(item: Consignment, carriers: _Carriers) -> Refusal | None:
    if item.carrier_id is None:
        return None
    if item.carrier_id not in carriers:
        return UnknownCarrier(carrier_id=item.carrier_id)
    _connected, services = carriers[item.carrier_id]
    return ServiceNotOffered(service=item.service) if item.service and item.service not in services else None


def _again(item: Consignment, content: str, answer: Consigned) -> Consigned | Refusal:
    """Answer an id that is known: with the first answer, if it is the same consignment."""
    same = content in privacy.blind_indexes(_content(item), _PURPOSE)
    return answer if same else ConsignmentDiffers(consignment_id=item.id)


def _content(item: Consignment) -> str:
    """Write a consignment as one text: all that makes it what it is."""
    return documents.canonical(item).decode()


def _write(items: Sequence[Consignment], carriers: _Carriers) -> dict[UUID, Consigned]:
    """Write new shipments with their packages, and have the connected carriers' ones booked."""
    if not items:
        return {}
    now = clock.now()
    made, shipments, packages, to_book = {}, [], [], []
    for item, number in zip(items, numbers.draw(len(items)), strict=True):
        code = rules.new_code() if item.pick_up else None
        wants_booking = _wants_booking(item, carriers)
        if wants_booking:
            to_book.append(item.id)
        made[item.id] = Consigned(shipment_id=item.id, waybill_number=number, pick_up_code=code)
        weight = sum(package.weight_grams for package in item.packages)
        shipments.append(
            (
                *(
                    item.id,
                    item.order_id,
                    item.shipper_id,
                    item.consignee_id,
                    item.carrier_id,
                    item.service,
                    number,
                ),
                *("", BookingState.WANTED.value if wants_booking else BookingState.NONE.value, ""),
                *(ShipmentState.CONSIGNED.value, weight, item.pick_up, _sealed(item.address)),
                *(None if code is None else privacy.encrypt(code), 0),
                *(privacy.blind_index(_content(item), _PURPOSE), now, now),
            )
        )
        packages += [
            (
                *(item.id, place, package.weight_grams),
                *([line for line, _ in package.contents], [quantity for _, quantity in package.contents]),
            )
            for place, package in enumerate(item.packages, start=1)
        ]
    sets.insert("logistics_shipment", _SHIPMENT_COLUMNS, shipments)
    sets.insert("logistics_package", _PACKAGE_COLUMNS, packages)
    if to_book:
        jobs.defer("logistics.book", shipment_ids=[str(one) for one in to_book])
    return made


def _wants_booking(item: Consignment, carriers: _Carriers) -> bool:
    """Say whether the carrier's own system is to be told: it has one, and somewhere to bring the goods."""
    if item.carrier_id is None or item.address is None or not settings.COHONG_CARRIER_CREDENTIALS:
        return False
    return carriers[item.carrier_id][0]


def _sealed(address: Address | None) -> str | None:
    return None if address is None else privacy.encrypt(json.encode(address).decode())


def unsealed(token: str | None) -> Address | None:
    """Read an address back."""
    return None if token is None else json.decode(privacy.decrypt(token), type=Address)
