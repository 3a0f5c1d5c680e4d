"""The carrier's own system: booked once whatever happens, heard in any order, asked when it is silent."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from logistics_world import World, actor, make_shipper

from cohong.kernel import clock, journal, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import new_id
from cohong.kernel.outside import BadSignature
from cohong.kernel.outside.sandbox import Receiver
from cohong.kernel.states import WrongState
from cohong.logistics import api as logistics
from cohong.logistics import jobs
from cohong.logistics.api import Consigned, Consignment, ShipmentView
from cohong.logistics.carriers.sandbox import SandboxCarrier
from cohong.logistics.carriers.waybills import is_valid_waybill
from cohong.parties import api as parties


@contextmanager
def refused(kind: type[Refusal]) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """Expect a refusal, and undo what the act had done by then, as its transaction would."""
    with pytest.raises(kind) as caught, transaction.atomic():
        yield caught


@pytest.fixture
def carrier(settings: Any, tmp_path: Path) -> Iterator[SandboxCarrier]:
    """A carrier that is connected by the file that it issued."""
    with SandboxCarrier(retry_s=(0.02,) * 8) as sandbox:
        file = tmp_path / "carrier.json"
        sandbox.credentials.save(file)
        settings.COHONG_CARRIER_CREDENTIALS = str(file)
        client = sandbox.client(timeout_s=0.5)
        with logistics.connected(client):
            yield sandbox
        client.close_connections()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with Receiver() as receiver:
        settings.COHONG_PUBLIC_URL = receiver.url.removesuffix("/notices")
        yield receiver


@pytest.fixture
def shipper(world: World) -> UUID:
    return make_shipper()


def queued() -> list[list[str]]:
    """Return the shipments that waiting jobs are to book."""
    return [
        json.loads(arguments)["shipment_ids"]
        for (arguments,) in sets.fetch(
            "select args::text from procrastinate_jobs where task_name = 'logistics.book' order by id"
        )
    ]


def view_of(item: Consignment) -> ShipmentView:
    return logistics.shipments(ids=[item.id])[item.id]


def book(item: Consignment) -> None:
    jobs.book([str(item.id)])


@pytest.fixture
def sent(world: World, carrier: SandboxCarrier, shipper: UUID) -> tuple[Consignment, Consigned]:
    return world.consign(shipper_id=shipper)


def test_a_shipment_of_a_connected_carrier_is_booked_by_a_job(
    world: World, carrier: SandboxCarrier, shipper: UUID
):
    wished = [world.consignment(shipper_id=shipper) for _ in range(3)]
    own = world.consignment(carrier_id=None)
    logistics.consign(items=[*wished, own])
    [ids] = queued()
    assert ids == [str(item.id) for item in wished]
    assert [view_of(item).booking for item in [*wished, own]] == ["wanted"] * 3 + ["none"]
    jobs.book(ids)
    for item in wished:
        view = view_of(item)
        assert view.booking == "booked"
        assert is_valid_waybill(view.carrier_number)
        assert carrier.waybills(item.id) == [view.carrier_number]
    jobs.book(ids)
    assert [len(carrier.waybills(item.id)) for item in wished] == [1, 1, 1]


def test_what_is_not_committed_is_not_booked(world: World, carrier: SandboxCarrier):
    with transaction.atomic():
        world.consign()
        assert len(queued()) == 1
        transaction.set_rollback(True)
    assert queued() == []


def test_without_a_connection_nothing_is_booked(world: World):
    item, _consigned = world.consign()
    assert view_of(item).booking == "none"
    assert queued() == []
    with refused(logistics.CarrierNotConnected):
        book(item)
    with refused(logistics.CarrierNotConnected):
        logistics.take_notice(headers={}, body=b"{}")


@pytest.mark.parametrize(
    "fault", ["lose_answer", "cut", "fail_after", "wrong_signature", "garble", "fail", "busy"]
)
def test_a_lost_answer_is_asked_for_again_and_books_once(
    carrier: SandboxCarrier, sent: tuple[Consignment, Consigned], fault: str
):
    item, _consigned = sent
    carrier.tell(fault, match={"verb": "book"})
    with refused(logistics.CarrierSilent):
        book(item)
    assert view_of(item).booking == "wanted"
    book(item)
    assert carrier.waybills(item.id) == [view_of(item).carrier_number]


def test_one_lost_answer_does_not_hold_up_the_others(world: World, carrier: SandboxCarrier, shipper: UUID):
    items = [world.consign(shipper_id=shipper)[0] for _ in range(3)]
    carrier.tell("fail", match={"shipment_id": items[0].id})
    with pytest.raises(logistics.CarrierSilent) as silent:
        jobs.book([str(item.id) for item in items])
    assert silent.value.params == {"shipments": 1}
    assert [view_of(item).booking for item in items] == ["wanted", "booked", "booked"]


def test_a_refused_booking_is_the_shippers_to_try_again(
    world: World, carrier: SandboxCarrier, sent: tuple[Consignment, Consigned]
):
    item, _consigned = sent
    with refused(WrongState):
        logistics.book_again(actor=actor(item.shipper_id), shipment_id=item.id)
    carrier.tell("refuse")
    book(item)
    view = view_of(item)
    assert (view.booking, view.booking_note, view.carrier_number) == ("refused", "no_service: no_service", "")
    for someone in (actor(world.buyer), actor(world.express), actor(item.shipper_id, parties.Role.FINANCE)):
        with refused(parties.NotYours):
            logistics.book_again(actor=someone, shipment_id=item.id)
    with refused(logistics.UnknownShipment):
        logistics.book_again(actor=actor(item.shipper_id), shipment_id=new_id())
    logistics.book_again(actor=actor(item.shipper_id, parties.Role.WAREHOUSE), shipment_id=item.id)
    assert queued()[-1] == [str(item.id)]
    book(item)
    assert view_of(item).booking == "booked"


def test_a_shipper_without_an_address_cannot_be_found_by_the_carrier(world: World, carrier: SandboxCarrier):
    item, _consigned = world.consign()
    book(item)
    assert (view_of(item).booking, view_of(item).booking_note) == ("refused", "rejected: no address: sender")
    assert carrier.waybills(item.id) == []


def test_the_sweep_takes_up_what_a_job_gave_up(carrier: SandboxCarrier, sent: tuple[Consignment, Consigned]):
    item, _consigned = sent
    assert logistics.sweep_bookings() == 0
    with clock.at(clock.now() + timedelta(hours=2)):
        assert logistics.sweep_bookings() == 1
    assert queued() == [[str(item.id)]] * 2


def test_notices_may_come_twice_and_in_any_order(
    carrier: SandboxCarrier, receiver: Receiver, sent: tuple[Consignment, Consigned]
):
    item, _consigned = sent
    book(item)
    carrier.advance()
    notices = sorted(receiver.wait(5), key=lambda notice: int(json.loads(notice.body)["event"]["sequence"]))
    results = [
        logistics.take_notice(headers=headers, body=body) for headers, body in [*reversed(notices), *notices]
    ]
    assert [result.again for result in results] == [False] * 5 + [True] * 5
    assert [result.state for result in results] == ["delivered"] * 10
    assert view_of(item).state == "delivered"
    filed = [one.envelope for one in journal.file_of([item.order_id])]
    assert [envelope.kind for envelope in filed] == ["logistics.delivered"] + ["logistics.tracked"] * 4
    assert {envelope.issuer for envelope in filed} == {item.carrier_id}
    events = logistics.events_of(shipment_ids=[item.id], with_notes=True)[item.id]
    assert [event.region_code for event in events] == ["810000", "810000", "440106", "440106", "440106"]
    assert [event.kind for event in events][-1] == "delivered"


def test_a_notice_may_overtake_the_answer_to_the_booking(
    carrier: SandboxCarrier, receiver: Receiver, sent: tuple[Consignment, Consigned]
):
    item, _consigned = sent
    carrier.tell("lose_answer", match={"verb": "book"})
    with refused(logistics.CarrierSilent):
        book(item)
    carrier.advance(steps=1)
    [(headers, body)] = receiver.wait(1)
    assert logistics.take_notice(headers=headers, body=body).state == "picked_up"
    view = view_of(item)
    assert (view.booking, [view.carrier_number]) == ("booked", carrier.waybills(item.id))


def test_forged_and_foreign_notices_are_not_believed(
    world: World, carrier: SandboxCarrier, receiver: Receiver, sent: tuple[Consignment, Consigned]
):
    item, _consigned = sent
    book(item)
    carrier.tell("wrong_signature", match={"verb": "notify"})
    carrier.advance(steps=2)
    forged, real = sorted(receiver.wait(2), key=lambda notice: b"in_transit" in notice.body)
    with refused(BadSignature):
        logistics.take_notice(headers=forged.headers, body=forged.body)
    with refused(BadSignature):
        logistics.take_notice(headers=real.headers, body=real.body.replace(b"in_transit", b"delivered "))
    with refused(BadSignature):
        logistics.take_notice(headers={}, body=real.body)
    assert view_of(item).state == "consigned"
    sets.run("update logistics_shipment set carrier_number = 'CP000000005CN'")
    with refused(logistics.UnknownShipment):
        logistics.take_notice(headers=real.headers, body=real.body)
    logistics.define_carrier(
        actor=parties.SYSTEM, id=world.express, code="LNKY", name="LNKY", services=["city"], connected=False
    )
    with refused(logistics.UnknownShipment):
        logistics.take_notice(headers=real.headers, body=real.body)
    assert logistics.events_of(shipment_ids=[item.id])[item.id] == []


def test_a_parcel_for_a_counter_is_ready_there_and_not_delivered(
    world: World, carrier: SandboxCarrier, receiver: Receiver, shipper: UUID
):
    item, _consigned = world.consign(shipper_id=shipper, pick_up=True)
    book(item)
    carrier.advance()
    for headers, body in receiver.wait(5):
        logistics.take_notice(headers=headers, body=body)
    assert view_of(item).state == "ready"


def test_a_parcel_that_comes_back_is_returned(
    carrier: SandboxCarrier, receiver: Receiver, sent: tuple[Consignment, Consigned]
):
    item, _consigned = sent
    carrier.tell("return_parcel", note="电话 13912345678 不通")
    book(item)
    carrier.advance()
    for headers, body in receiver.wait(7):
        logistics.take_notice(headers=headers, body=body)
    assert view_of(item).state == "returned"
    assert "13912345678" not in str(sets.fetch("select e::text from logistics_tracking_event e"))


def test_a_silent_carrier_is_asked(carrier: SandboxCarrier, sent: tuple[Consignment, Consigned]):
    item, _consigned = sent
    book(item)
    carrier.tell("never_notify", times=None)
    carrier.advance()
    assert logistics.ask_quiet() == 0
    with clock.at(clock.now() + timedelta(hours=7)):
        carrier.tell("fail", match={"verb": "track"})
        assert logistics.ask_quiet() == 0
        assert view_of(item).state == "consigned"
        assert logistics.ask_quiet() == 1
        assert view_of(item).state == "delivered"
        assert logistics.ask_quiet() == 0


def test_no_personal_data_lies_in_the_queue(sent: tuple[Consignment, Consigned], world: World):
    [(job,)] = sets.fetch("select j::text from procrastinate_jobs j")
    for secret in (world.home.recipient, world.home.phone, world.home.street):
        assert secret not in job
