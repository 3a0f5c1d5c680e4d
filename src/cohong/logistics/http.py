"""Logistics' HTTP interface: carriers and freight, tracking, pick-up, and the carriers' own notices."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from cohong.kernel.errors import Refusal
from cohong.kernel.http import MAX_PAGE, MoneyOut, Page, decode_cursor, idempotent, page, problem
from cohong.logistics import access, address_book, booking, carrying, pick_up, selectors, tracking
from cohong.logistics.models import ShipmentState
from cohong.logistics.structs import Address, SavedAddress, TariffRow, TrackingEvent
from cohong.parties import api as parties

router = Router(tags=["logistics"], auth=parties.TokenAuth())

MOST_EVENTS = 1_000


class CarrierOut(Schema):
    """A carrier and what it offers."""

    id: UUID
    code: str
    name: str
    name_en: str
    services: list[str]
    connected: bool


class FreightOfferOut(Schema):
    """One carrier's price for one service."""

    carrier_id: UUID
    carrier_code: str
    service: str
    price: MoneyOut


class FreightQuery(Schema):
    """A way and a weight."""

    from_region: str = Field(max_length=40)
    to_region: str = Field(max_length=40)
    weight_grams: int


class TariffRowIn(Schema):
    """A row of a tariff: minor units, grams; a zone is the beginning of a region's code, "" is anywhere."""

    service: str
    from_zone: str = ""
    to_zone: str = ""
    currency: str
    first_grams: int = Field(strict=True)
    first_minor: int = Field(strict=True)
    step_grams: int = Field(strict=True)
    step_minor: int = Field(strict=True)


class TariffIn(Schema):
    """A carrier's whole tariff."""

    rows: list[TariffRowIn] = Field(max_length=10_000)


class TariffOut(Schema):
    """How many rows the tariff has now."""

    rows: int


class PublicEventOut(Schema):
    """A tracking event as anyone may see it."""

    kind: str
    at: datetime
    region_code: str


class EventOut(PublicEventOut):
    """A tracking event as a party to the shipment sees it."""

    id: UUID
    note: str
    recorded_at: datetime


class TrackingOut(Schema):
    """What anyone with the waybill number may see."""

    waybill_number: str
    carrier_code: str
    state: str
    events: list[PublicEventOut]


class PackageOut(Schema):
    """A package: its weight and what is in it, as (order line, quantity)."""

    weight_grams: int
    contents: list[tuple[UUID, int]]


class ShipmentOut(Schema):
    """A shipment without personal data."""

    id: UUID
    order_id: UUID
    shipper_id: UUID
    consignee_id: UUID
    carrier_id: UUID | None
    service: str
    waybill_number: str
    carrier_number: str
    booking: str
    booking_note: str
    state: str
    pick_up: bool
    weight_grams: int
    consigned_at: datetime
    delivered_at: datetime | None
    packages: list[PackageOut]


class WorklistQuery(Schema):
    """Which of a carrier's shipments."""

    state: ShipmentState | None = None
    cursor: str | None = Field(None, max_length=100)
    limit: int = Field(50, ge=1, le=MAX_PAGE)


class AddressOut(Schema):
    """An address: masked, unless it was asked for by itself."""

    recipient: str
    phone: str
    region_code: str
    street: str
    postcode: str


class ShipmentFileOut(Schema):
    """A shipment with its events, as a party to it sees it."""

    shipment: ShipmentOut
    events: list[EventOut]
    address: AddressOut | None


class EventIn(Schema):
    """A tracking event to record; `id` makes it count once."""

    id: UUID
    waybill_number: str = Field(max_length=40)
    kind: str = Field(max_length=20)
    at: datetime
    region_code: str = Field("", max_length=40)
    note: str = Field("", max_length=500)


class EventsIn(Schema):
    """Tracking events, in any order."""

    events: list[EventIn] = Field(min_length=1, max_length=MOST_EVENTS)


class ProblemOut(Schema):
    """Why one item of a batch was refused."""

    code: str
    title: str


class RecordedOut(Schema):
    """The outcome of one event: where its shipment stands, or why it was refused."""

    event_id: UUID
    shipment_id: UUID | None = None
    state: str = ""
    again: bool = False
    problem: ProblemOut | None = None


class RecordedAllOut(Schema):
    """The outcomes, in the order of the events."""

    results: list[RecordedOut]


class CodeIn(Schema):
    """A pick-up code as the consignee shows it."""

    code: str = Field(max_length=40)


class CodeOut(Schema):
    """A pick-up code."""

    code: str


class CollectedOut(Schema):
    """The outcome of a pick-up."""

    shipment_id: UUID
    order_id: UUID
    collected_at: datetime


def _actor(request: HttpRequest) -> parties.Actor:
    actor: parties.Actor = request.auth  # type: ignore[attr-defined]
    return actor


# --- for everyone ----------------------------------------------------------------------------------------


@router.get("/carriers", response=list[CarrierOut], auth=None, operation_id="logistics_carriers")
def list_carriers(request: HttpRequest) -> Any:  # noqa: ARG001
    """List the carriers and their services."""
    return selectors.carriers()


@router.get("/freight", response=list[FreightOfferOut], auth=None, operation_id="logistics_freight")
def quote_freight(
    request: HttpRequest,  # noqa: ARG001
    way: Query[FreightQuery],
) -> Any:
    """Quote every carrier's freight for a way and a weight, the cheapest first in each currency."""
    return selectors.freight_offers(
        from_region=way.from_region, to_region=way.to_region, weight_grams=way.weight_grams
    )


@router.get("/tracking/{waybill_number}", response=TrackingOut, auth=None, operation_id="logistics_track")
def track(request: HttpRequest, waybill_number: str) -> Any:  # noqa: ARG001
    """Follow a shipment by its waybill number."""
    return selectors.track(waybill_number=waybill_number)


# --- for the parties to a shipment -----------------------------------------------------------------------


@router.get("/shipments", response=Page[ShipmentOut], operation_id="logistics_worklist")
def list_shipments(
    request: HttpRequest,
    asked: Query[WorklistQuery],
) -> Any:
    """List the shipments that the token's party carries, the newest first."""
    found = access.worklist(
        actor=_actor(request), state=asked.state, after=decode_cursor(asked.cursor), limit=asked.limit + 1
    )
    items, following = page(found, limit=asked.limit, id_of=lambda one: one.id)
    return {"items": items, "next": following}


@router.get("/shipments/{waybill_number}", response=ShipmentFileOut, operation_id="logistics_shipment")
def read_shipment(request: HttpRequest, waybill_number: str) -> Any:
    """Show a shipment to a party to it."""
    return access.shipment_file(actor=_actor(request), waybill_number=waybill_number)


@router.get(
    "/shipments/by-id/{shipment_id}/address", response=AddressOut | None, operation_id="logistics_address"
)
def read_address(request: HttpRequest, shipment_id: UUID) -> Any:
    """Show the whole address to whoever needs it. The look is recorded."""
    return access.address_of(actor=_actor(request), shipment_id=shipment_id)


@router.get(
    "/shipments/by-id/{shipment_id}/pick-up-code", response=CodeOut, operation_id="logistics_pick_up_code"
)
def read_code(request: HttpRequest, shipment_id: UUID) -> Any:
    """Show the pick-up code to the consignee. The look is recorded."""
    return {"code": access.pick_up_code_of(actor=_actor(request), shipment_id=shipment_id)}


@router.post(
    "/shipments/by-id/{shipment_id}/pick-up-code/renew", response=CodeOut, operation_id="logistics_renew_code"
)
@idempotent
def renew_code(request: HttpRequest, shipment_id: UUID) -> Any:
    """Give the consignee a new pick-up code; the old one is worth nothing any more."""
    return {"code": access.renew_pick_up_code(actor=_actor(request), shipment_id=shipment_id)}


@router.post(
    "/shipments/by-id/{shipment_id}/collect", response=CollectedOut, operation_id="logistics_collect"
)
@idempotent
def collect(request: HttpRequest, shipment_id: UUID, body: CodeIn) -> Any:
    """Hand goods over against their pick-up code."""
    outcome = pick_up.try_collect(actor=_actor(request), shipment_id=shipment_id, code=body.code)
    if isinstance(outcome, Refusal):
        # Answered, not raised: the wrong try has to be kept, and so has this answer to its key.
        return problem(outcome)
    return CollectedOut.model_validate(outcome)


# --- the address book ------------------------------------------------------------------------------------


class AddressIO(Schema):
    """Where goods go, and to whom."""

    recipient: str = Field(max_length=100)
    phone: str = Field(max_length=40)
    region_code: str = Field(max_length=40)
    street: str = Field(max_length=300)
    postcode: str = Field("", max_length=20)


class SaveAddressIn(AddressIO):
    """An address to keep; `default`: it is proposed first from now on."""

    default: bool = False


class SavedAddressOut(AddressIO):
    """An address of the party's book; in lists it is masked."""

    id: UUID
    is_default: bool


class AddressBookOut(Schema):
    """The party's addresses, the default one first."""

    addresses: list[SavedAddressOut]


def _saved(view: SavedAddress) -> SavedAddressOut:
    parts = {name: getattr(view.address, name) for name in AddressIO.model_fields}
    return SavedAddressOut(**parts, id=view.id, is_default=view.is_default)


def _book(request: HttpRequest) -> AddressBookOut:
    return AddressBookOut(addresses=[_saved(one) for one in address_book.addresses(actor=_actor(request))])


@router.get("/addresses", response=AddressBookOut, operation_id="logistics_addresses")
def list_addresses(request: HttpRequest) -> Any:
    """List the party's addresses, masked, the default one first."""
    return _book(request)


@router.get("/addresses/{address_id}", response=AddressIO, operation_id="logistics_saved_address")
def get_address(request: HttpRequest, address_id: UUID) -> Any:
    """Show one of the party's addresses whole; the look is recorded."""
    found = address_book.saved_address(actor=_actor(request), address_id=address_id)
    return AddressIO(**{name: getattr(found, name) for name in AddressIO.model_fields})


@router.post("/addresses", response=AddressBookOut, operation_id="logistics_save_address")
@idempotent
def post_address(request: HttpRequest, body: SaveAddressIn) -> Any:
    """Keep an address; the same one is kept once. Answers with the whole book."""
    _save(request, body, None)
    return _book(request)


@router.put("/addresses/{address_id}", response=AddressBookOut, operation_id="logistics_change_address")
@idempotent
def put_address(request: HttpRequest, address_id: UUID, body: SaveAddressIn) -> Any:
    """Change an address. Answers with the whole book."""
    _save(request, body, address_id)
    return _book(request)


@router.delete("/addresses/{address_id}", response=AddressBookOut, operation_id="logistics_remove_address")
@idempotent
def delete_address(request: HttpRequest, address_id: UUID) -> Any:
    """Take an address out. Answers with the whole book."""
    address_book.remove_address(actor=_actor(request), address_id=address_id)
    return _book(request)


def _save(request: HttpRequest, body: SaveAddressIn, address_id: UUID | None) -> None:
    address = Address(**body.model_dump(exclude={"default"}))
    address_book.save_address(
        actor=_actor(request), address=address, address_id=address_id, default=body.default
    )


# --- for carriers ----------------------------------------------------------------------------------------


@router.post("/events", response=RecordedAllOut, operation_id="logistics_record_events")
@idempotent
def record_events(request: HttpRequest, body: EventsIn) -> Any:
    """Record tracking events of the shipments that the token's party carries, each with its own outcome."""
    items = [TrackingEvent(**event.dict()) for event in body.events]
    results = tracking.record_events(actor=_actor(request), items=items)
    return RecordedAllOut(
        results=[
            RecordedOut(event_id=item.id, problem=ProblemOut(code=result.code, title=str(result)))
            if isinstance(result, Refusal)
            else RecordedOut.model_validate(result)
            for item, result in zip(items, results, strict=True)
        ]
    )


@router.put("/carriers/{carrier_id}/tariff", response=TariffOut, operation_id="logistics_tariff")
@idempotent
def replace_tariff(request: HttpRequest, carrier_id: UUID, body: TariffIn) -> Any:
    """Replace a carrier's tariff."""
    rows = [TariffRow(**row.dict()) for row in body.rows]
    return {"rows": carrying.define_tariff(actor=_actor(request), carrier_id=carrier_id, rows=rows)}


@router.post(
    "/shipments/by-id/{shipment_id}/book-again", response={204: None}, operation_id="logistics_book_again"
)
@idempotent
def book_again(request: HttpRequest, shipment_id: UUID) -> Any:
    """Have a booking that the carrier refused tried once more."""
    booking.book_again(actor=_actor(request), shipment_id=shipment_id)
    return HttpResponse(status=204)


@router.post("/notices", response={204: None}, auth=None, operation_id="logistics_notices")
def take_notice(request: HttpRequest) -> Any:
    """Take a tracking notice of a carrier's own system. It is believed by its signature alone."""
    booking.take_notice(headers=request.headers, body=request.body)
    return HttpResponse(status=204)
