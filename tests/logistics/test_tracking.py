"""Tracking: events in any order, each once, by those who may, with a document for each."""

import threading
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from logistics_world import World, actor, make_world

from cohong.kernel import clock, journal, sets
from cohong.kernel.errors import Refusal, one
from cohong.kernel.ids import new_id
from cohong.kernel.numbers import NotANumber
from cohong.logistics import api as logistics
from cohong.logistics.api import EventKind, Recorded, ShipmentState, TrackingEvent
from cohong.parties import api as parties

DAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
REPORTABLE = [kind for kind in EventKind if kind != EventKind.COLLECTED]


def event(waybill_number: str, kind: str, hours: int = 0, **given_: Any) -> TrackingEvent:
    usual: dict[str, Any] = {"id": new_id(), "region_code": "440106", "note": ""}
    return TrackingEvent(
        waybill_number=waybill_number, kind=kind, at=DAY + timedelta(hours=hours), **{**usual, **given_}
    )


def state_of(order_id: Any) -> logistics.ShipmentView:
    [view] = logistics.shipments_of(order_ids=[order_id])[order_id]
    return view


def test_a_parcel_travels_and_every_step_is_a_document(world: World):
    item, consigned = world.consign()
    number = consigned.waybill_number
    told = [("picked_up", 1), ("departed", 2), ("arrived", 20), ("out_for_delivery", 24), ("delivered", 26)]
    events = [event(number, kind, hours) for kind, hours in told]
    states = ["picked_up", "in_transit", "in_transit", "out_for_delivery", "delivered"]
    with clock.at(DAY + timedelta(days=2)):
        for one_event, state in zip(events, states, strict=True):
            assert world.record(one_event) == [
                logistics.Recorded(event_id=one_event.id, shipment_id=item.id, state=state, again=False)
            ]
    view = state_of(item.order_id)
    assert (view.state, view.delivered_at) == ("delivered", DAY + timedelta(hours=26))
    assert logistics.deliveries(order_ids=[item.order_id])[item.order_id] == [
        logistics.DeliveryView(
            shipment_id=item.id, delivered_at=DAY + timedelta(hours=26), known_at=DAY + timedelta(days=2)
        )
    ]
    filed = [filed.envelope for filed in journal.file_of([item.order_id])]
    assert [envelope.kind for envelope in filed] == ["logistics.tracked"] * 4 + ["logistics.delivered"]
    assert [envelope.body.state for envelope in filed[:4]] == states[:4]
    assert filed[4].body.delivered_at == DAY + timedelta(hours=26)
    assert filed[0].answers == ()
    assert [envelope.answers for envelope in filed[1:]] == [(envelope.id,) for envelope in filed[:-1]]
    for envelope in filed:
        assert envelope.issuer == world.express
        assert envelope.visible_to == (world.seller, world.buyer)


def test_many_events_of_many_parcels_at_once_take_few_statements(world: World, statements: Any):
    counts = []
    for many in (1, 40):
        numbers = [consigned.waybill_number for _item, consigned in (world.consign() for _ in range(many))]
        events = [
            event(number, kind, hours)
            for hours, kind in enumerate(("picked_up", "departed", "delivered"))
            for number in numbers
        ]
        with statements() as count, clock.at(DAY + timedelta(days=1)):
            results = world.record(*events)
        counts.append(count())
        assert [result.state for result in results[-many:]] == ["delivered"] * many
    # Two look-ups, three waves of documents, the events, the shipments; a transaction's own are not counted.
    assert counts == [7, 7]


@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_permutation_ends_in_the_same_state(world: World, data: st.DataObject):
    kinds = data.draw(st.lists(st.sampled_from(REPORTABLE), min_size=1, max_size=8))
    hours = data.draw(st.lists(st.integers(0, 99), min_size=len(kinds), max_size=len(kinds)))
    order = data.draw(st.permutations(range(len(kinds))))
    splits = data.draw(st.integers(1, len(kinds)))
    ends = []
    with clock.at(DAY + timedelta(days=9)):
        for sequence in (range(len(kinds)), order):
            item, consigned = world.consign()
            events = [event(consigned.waybill_number, kinds[place], hours[place]) for place in sequence]
            furthest = 0
            for start in range(0, len(events), splits):
                for result in world.record(*events[start : start + splits]):
                    place = list(ShipmentState).index(ShipmentState(result.state))
                    assert place >= furthest
                    furthest = place
            # Said again, in whatever order, it changes nothing.
            assert all(result.again for result in world.record(*reversed(events)))
            view = state_of(item.order_id)
            ends.append((view.state, view.delivered_at))
            assert len(logistics.events_of(shipment_ids=[item.id])[item.id]) == len(kinds)
    assert ends[0] == ends[1]
    assert not [check for check in logistics.audit() if not check.ok]


@given(st.lists(st.sampled_from(REPORTABLE), max_size=6), st.randoms())
def test_the_table_alone_is_blind_to_order(kinds: list[EventKind], random: Any):
    def fold(order: list[EventKind]) -> ShipmentState:
        state = ShipmentState.CONSIGNED
        for kind in order:
            state = logistics.SHIPMENT.next(state, kind)
        return state

    mixed = list(kinds)
    random.shuffle(mixed)
    assert fold(mixed) == fold(kinds)


def test_a_late_event_is_recorded_and_moves_nothing_back(world: World):
    item, consigned = world.consign()
    number = consigned.waybill_number
    [first] = world.record(event(number, "delivered", 30))
    [late] = world.record(event(number, "departed", 3))
    assert (first.state, late.state, late.again) == ("delivered", "delivered", False)
    events = logistics.events_of(shipment_ids=[item.id])[item.id]
    assert [one_event.kind for one_event in events] == ["departed", "delivered"]
    kinds = [filed.envelope.kind for filed in journal.file_of([item.order_id])]
    assert kinds == ["logistics.delivered", "logistics.tracked"]


def test_goods_that_went_back_are_not_delivered(world: World):
    item, consigned = world.consign()
    world.record(
        event(consigned.waybill_number, "delivered", 30), event(consigned.waybill_number, "returned", 90)
    )
    assert state_of(item.order_id).state == "returned"
    assert logistics.deliveries(order_ids=[item.order_id])[item.order_id] == [
        logistics.DeliveryView(shipment_id=item.id, delivered_at=None)
    ]
    assert logistics.undelivered(consigned_before=clock.now() + timedelta(days=1)) == []


def test_an_event_counts_once_and_its_id_means_one_thing(world: World):
    item, consigned = world.consign()
    _other, elsewhere = world.consign()
    number = consigned.waybill_number
    told = event(number, "picked_up", 1, note="揽收")
    first = one(world.record(told))
    again = one(world.record(told))
    assert (first.again, again.again, again.state) == (False, True, "picked_up")
    in_one = event(number, "departed", 2)
    assert [result.again for result in world.record(in_one, in_one)] == [False, True]
    for changed in (
        {"kind": "lost"},
        {"at": DAY},
        {"region_code": "440300"},
        {"note": "别的"},
        {"waybill_number": elsewhere.waybill_number},
    ):
        fields = {name: getattr(told, name) for name in told.__struct_fields__}
        assert world.record(TrackingEvent(**{**fields, **changed})) == [
            logistics.EventDiffers(event_id=told.id)
        ]
    assert len(journal.file_of([item.order_id])) == 2


def test_each_event_has_its_own_outcome(world: World):
    item, consigned = world.consign()
    number = consigned.waybill_number
    with clock.at(DAY):
        results = world.record(
            event("7K3M-92QX-P", "picked_up"),
            event("no number at all", "picked_up"),
            event(number, "teleported"),
            event(number, "collected"),
            event(number, "departed", region_code="天河"),
            event(number, "departed", note="长" * 501),
            event(number, "departed", hours=1),
            TrackingEvent(id=new_id(), waybill_number=number, kind="departed", at=DAY.replace(tzinfo=None)),
            event(number.lower().replace("-", " "), "departed"),
        )
    codes = [result.code if isinstance(result, Refusal) else result.state for result in results]
    assert codes == [
        *("UnknownWaybill", "UnknownWaybill", "EventFlawed", "OnlyWithCode", "EventFlawed", "EventFlawed"),
        *("EventInFuture", "EventFlawed", "in_transit"),
    ]
    assert len(logistics.events_of(shipment_ids=[item.id])[item.id]) == 1


def test_goods_to_be_collected_are_not_reported_as_delivered(world: World):
    item, consigned = world.to_collect(carrier_id=world.express, address=world.home)
    number = consigned.waybill_number
    assert world.record(event(number, "delivered")) == [logistics.OnlyWithCode()]
    assert one(world.record(event(number, "ready"))).state == "ready"
    assert state_of(item.order_id).delivered_at is None


ROLES_THAT_MAY = [parties.Role.WAREHOUSE, parties.Role.SERVICE, parties.Role.OWNER]


def test_only_the_carrier_reports(world: World):
    _item, consigned = world.consign()
    number = consigned.waybill_number
    for role in parties.Role:
        for party_id in (world.seller, world.buyer, world.freight, world.stranger, world.express):
            [result] = world.record(event(number, "departed"), by=actor(party_id, role))
            may = party_id == world.express and role in ROLES_THAT_MAY
            assert isinstance(result, logistics.Recorded) == may
            if not may:
                assert isinstance(result, parties.NotYours)
    assert one(world.record(event(number, "departed"), by=parties.SYSTEM)).state == "in_transit"
    reader = parties.Actor(
        party_id=world.express,
        roles=frozenset({parties.Role.OWNER}),
        scopes=frozenset({"logistics:read"}),
    )
    [result] = world.record(event(number, "departed"), by=reader)
    assert result.code == "ScopeMissing"


def test_without_a_carrier_the_shipper_reports(world: World):
    _item, consigned = world.consign(carrier_id=None)
    number = consigned.waybill_number
    assert one(world.record(event(number, "delivered"), by=actor(world.seller))).state == "delivered"
    assert isinstance(
        one_of(world.record(event(number, "returned"), by=actor(world.buyer))), parties.NotYours
    )


def one_of(results: list[Any]) -> Any:
    [result] = results
    return result


def test_notes_are_encrypted_and_not_public(world: World):
    item, consigned = world.consign()
    note = "快递员张三 13912345678 正在派送"
    world.record(event(consigned.waybill_number, "out_for_delivery", 1, note=note))
    [(row,)] = sets.fetch("select e::text from logistics_tracking_event e")
    assert "13912345678" not in row
    assert "13912345678" not in str([filed.envelope for filed in journal.file_of([item.order_id])])
    public = logistics.track(waybill_number=consigned.waybill_number)
    assert (public.state, public.carrier_code) == ("out_for_delivery", "LNKY")
    assert [(told.kind, told.note, told.region_code) for told in public.events] == [
        ("out_for_delivery", "", "440106")
    ]
    [told] = logistics.events_of(shipment_ids=[item.id], with_notes=True)[item.id]
    assert told.note == note


def test_what_was_recorded_stays(world: World):
    _item, consigned = world.consign()
    world.record(event(consigned.waybill_number, "departed"))
    for damage in (
        "update logistics_tracking_event set kind = 'lost'",
        "delete from logistics_tracking_event",
    ):
        with pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
            sets.run(damage)
    with pytest.raises(IntegrityError), transaction.atomic():
        sets.run(
            "insert into logistics_tracking_event (id, shipment_id, kind, at, region_code, recorder_id,"
            " recorded_at, document_id) select gen_random_uuid(), shipment_id, 'vanished', at, region_code,"
            " recorder_id, recorded_at, document_id from logistics_tracking_event"
        )


def test_unknown_numbers_are_told_from_mistyped_ones(world: World):
    with pytest.raises(logistics.UnknownWaybill):
        logistics.track(waybill_number=world.spare_number())
    with pytest.raises(NotANumber):
        logistics.track(waybill_number="7K3M-92QX-Q")


@pytest.mark.django_db(transaction=True)
def test_reports_of_the_same_parcels_at_once_neither_deadlock_nor_double():
    world = make_world()
    numbers = [world.consign()[1].waybill_number for _ in range(10)]
    events = [event(number, kind) for number in numbers for kind in ("picked_up", "departed", "delivered")]
    outcomes: list[Recorded | Refusal] = []

    def report(seed: int) -> None:
        mixed = list(events)
        Random(seed).shuffle(mixed)
        try:
            outcomes.extend(world.record(*mixed))
        finally:
            connection.close()

    threads = [threading.Thread(target=report, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 180
    assert sum(isinstance(outcome, Recorded) and not outcome.again for outcome in outcomes) == 30
    assert sets.fetch("select state, count(*) from logistics_shipment group by state") == [("delivered", 10)]
    assert not [check for check in logistics.audit() if not check.ok]
