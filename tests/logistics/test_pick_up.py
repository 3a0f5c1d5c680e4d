"""Pick-up: goods are handed over against the right code, to nobody else, and wrong codes are counted."""

import threading

import pytest
from django.db import connection, transaction
from logistics_world import World, actor, make_world

from cohong.kernel import clock, journal, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import new_id
from cohong.kernel.states import WrongState
from cohong.logistics import api as logistics
from cohong.logistics.api import TrackingEvent
from cohong.parties import api as parties

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(transactional_db: None) -> World:
    """The same world, in transactions that are really committed."""
    return make_world()


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08}"


def wrong_codes() -> int:
    [(count,)] = sets.fetch("select wrong_codes from logistics_shipment")
    return int(count)


def test_goods_are_handed_over_against_their_code(town: World):
    item, consigned = town.to_collect()
    clerk = actor(town.seller, parties.Role.WAREHOUSE)
    code = consigned.pick_up_code
    now = clock.now()
    with clock.at(now):
        collected = logistics.collect(actor=clerk, shipment_id=item.id, code=f" {code[:4]} {code[4:]} ")
    assert collected == logistics.Collected(shipment_id=item.id, order_id=item.order_id, collected_at=now)
    assert logistics.collect(actor=clerk, shipment_id=item.id, code=code) == collected
    [view] = logistics.shipments_of(order_ids=[item.order_id])[item.order_id]
    assert (view.state, view.delivered_at) == ("collected", now)
    assert logistics.deliveries(order_ids=[item.order_id])[item.order_id] == [
        logistics.DeliveryView(shipment_id=item.id, delivered_at=now, known_at=now)
    ]
    [filed] = journal.file_of([item.order_id])
    assert filed.envelope.kind == "logistics.collected"
    assert (filed.envelope.issuer, filed.envelope.visible_to) == (town.seller, (town.buyer,))
    assert filed.envelope.body.collected_at == now
    assert code not in str(filed.envelope)
    [event] = logistics.events_of(shipment_ids=[item.id])[item.id]
    assert event.kind == "collected"
    assert not [check for check in logistics.audit() if not check.ok]


def test_five_wrong_codes_lock_it_even_for_the_right_one(town: World):
    item, consigned = town.to_collect()
    clerk = actor(town.seller)
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(logistics.WrongPickUpCode) as refused:
            logistics.collect(actor=clerk, shipment_id=item.id, code=wrong(consigned.pick_up_code))
        assert refused.value.params == {"left": left}
    with pytest.raises(logistics.PickUpLocked):
        logistics.collect(actor=clerk, shipment_id=item.id, code=consigned.pick_up_code)
    assert wrong_codes() == 5
    assert journal.file_of([item.order_id]) == []
    fresh = logistics.renew_pick_up_code(actor=actor(town.buyer), shipment_id=item.id)
    if fresh != consigned.pick_up_code:
        with pytest.raises(logistics.WrongPickUpCode):
            logistics.collect(actor=clerk, shipment_id=item.id, code=consigned.pick_up_code)
    assert logistics.collect(actor=clerk, shipment_id=item.id, code=fresh).order_id == item.order_id


@pytest.mark.parametrize("code", ["", "0", "x" * 10_000, "１２３", "\x00", "12345678 or true"])
def test_strange_codes_are_wrong_codes(town: World, code: str):
    item, _consigned = town.to_collect()
    with pytest.raises(logistics.WrongPickUpCode):
        logistics.collect(actor=actor(town.seller), shipment_id=item.id, code=code)
    assert wrong_codes() == 1


def test_a_wrong_try_cannot_be_rolled_back(town: World):
    item, consigned = town.to_collect()
    with pytest.raises(RuntimeError), transaction.atomic():
        logistics.collect(actor=actor(town.seller), shipment_id=item.id, code="00000000")
    with transaction.atomic():
        outcome = logistics.try_collect(
            actor=actor(town.seller), shipment_id=item.id, code=wrong(consigned.pick_up_code)
        )
    assert outcome == logistics.WrongPickUpCode(left=4)
    assert wrong_codes() == 1


def test_guesses_at_once_are_counted_one_by_one(town: World):
    item, consigned = town.to_collect()
    outcomes: list[str] = []

    def guess() -> None:
        try:
            logistics.collect(
                actor=actor(town.seller), shipment_id=item.id, code=wrong(consigned.pick_up_code)
            )
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["PickUpLocked"] * 7 + ["WrongPickUpCode"] * 5


def test_who_may_hand_over(town: World):
    item, consigned = town.to_collect(carrier_id=town.express)
    for party_id in (town.buyer, town.stranger, town.freight):
        with pytest.raises(parties.NotYours):
            logistics.collect(actor=actor(party_id), shipment_id=item.id, code=consigned.pick_up_code)
    for role in (parties.Role.SALES, parties.Role.FINANCE, parties.Role.PURCHASING):
        with pytest.raises(parties.NotYours):
            logistics.collect(
                actor=actor(town.express, role), shipment_id=item.id, code=consigned.pick_up_code
            )
    assert wrong_codes() == 0
    with pytest.raises(logistics.UnknownShipment):
        logistics.collect(actor=actor(town.express), shipment_id=new_id(), code=consigned.pick_up_code)
    carrier = actor(town.express, parties.Role.SERVICE)
    assert logistics.collect(actor=carrier, shipment_id=item.id, code=consigned.pick_up_code)


def test_goods_that_travel_or_went_back_are_not_handed_over(town: World):
    sent, _ = town.consign()
    with pytest.raises(logistics.NotForPickUp):
        logistics.collect(actor=actor(town.express), shipment_id=sent.id, code="12345678")
    item, consigned = town.to_collect(carrier_id=town.express)
    town.record(
        TrackingEvent(id=new_id(), waybill_number=consigned.waybill_number, kind="returned", at=clock.now())
    )
    with pytest.raises(WrongState):
        logistics.collect(actor=actor(town.express), shipment_id=item.id, code=consigned.pick_up_code)
    with pytest.raises(WrongState):
        logistics.renew_pick_up_code(actor=actor(town.buyer), shipment_id=item.id)


def test_the_code_is_for_the_consignee_and_looks_are_recorded(town: World):
    item, consigned = town.to_collect()
    buyer = actor(town.buyer, parties.Role.PURCHASING)
    assert logistics.pick_up_code_of(actor=buyer, shipment_id=item.id) == consigned.pick_up_code
    for party_id in (town.seller, town.express, town.stranger):
        with pytest.raises(logistics.UnknownShipment):
            logistics.pick_up_code_of(actor=actor(party_id), shipment_id=item.id)
        with pytest.raises(logistics.UnknownShipment):
            logistics.renew_pick_up_code(actor=actor(party_id), shipment_id=item.id)
    with pytest.raises(logistics.UnknownShipment):
        logistics.pick_up_code_of(actor=actor(town.buyer, parties.Role.FINANCE), shipment_id=item.id)
    [look] = parties.looks(actor=actor(town.buyer), party_id=town.buyer)
    assert (look.by_party, look.by_user, look.what) == (town.buyer, buyer.user_id, ("pick_up_code",))
    with pytest.raises(logistics.NotForPickUp):
        logistics.pick_up_code_of(actor=actor(town.buyer), shipment_id=town.consign()[0].id)
