"""Who may see what of a shipment."""

from uuid import UUID

import pytest
from logistics_world import World, actor

from cohong.kernel.clock import now
from cohong.kernel.ids import new_id
from cohong.kernel.numbers import NotANumber
from cohong.logistics import api as logistics
from cohong.logistics.api import TrackingEvent
from cohong.parties import api as parties


def token(party_id: UUID, *scopes: str) -> parties.Actor:
    return parties.Actor(party_id=party_id, roles=frozenset({parties.Role.OWNER}), scopes=frozenset(scopes))


def authority(mandate: parties.Mandate) -> parties.Actor:
    return parties.Actor(party_id=new_id(), user_id=new_id(), mandates=frozenset({mandate}))


def test_parties_to_a_shipment_see_it_with_a_masked_address(world: World):
    item, consigned = world.consign()
    world.record(
        TrackingEvent(
            id=new_id(), waybill_number=consigned.waybill_number, kind="departed", at=now(), note="第二车间"
        )
    )
    for party_id in (world.seller, world.buyer, world.express):
        file = logistics.shipment_file(
            actor=actor(party_id, parties.Role.FINANCE), waybill_number=consigned.waybill_number.lower()
        )
        assert file.shipment.id == item.id
        assert [event.note for event in file.events] == ["第二车间"]
        assert file.address == logistics.Address(
            recipient="陈**", phone="138****5678", region_code="440106", street="天河区****"
        )


def test_strangers_do_not_learn_that_it_exists(world: World):
    _item, consigned = world.consign()
    number = consigned.waybill_number
    nobody = parties.Actor(party_id=world.buyer)
    strangers = [
        actor(world.stranger),
        actor(world.freight),
        nobody,
        authority(parties.Mandate.STATISTICS),
        authority(parties.Mandate.PROGRAMMES),
        token(world.buyer, "orders:read"),
        token(world.buyer, "logistics:write"),
    ]
    for someone in strangers:
        with pytest.raises(logistics.UnknownWaybill):
            logistics.shipment_file(actor=someone, waybill_number=number)
    with pytest.raises(logistics.UnknownWaybill):
        logistics.shipment_file(actor=actor(world.buyer), waybill_number=world.spare_number())
    with pytest.raises(NotANumber):
        logistics.shipment_file(actor=actor(world.buyer), waybill_number="SF123")


def test_authorities_over_trade_and_reading_tokens_see_it(world: World):
    _item, consigned = world.consign()
    for someone in (
        authority(parties.Mandate.SUPERVISION),
        authority(parties.Mandate.CUSTOMS),
        authority(parties.Mandate.PLATFORM),
        token(world.buyer, "logistics:read"),
        parties.SYSTEM,
    ):
        assert logistics.shipment_file(actor=someone, waybill_number=consigned.waybill_number)


def test_the_whole_address_is_for_those_who_need_it_and_every_look_is_recorded(world: World):
    item, consigned = world.consign()
    may = {
        world.buyer: {
            parties.Role.OWNER,
            parties.Role.PURCHASING,
            parties.Role.WAREHOUSE,
            parties.Role.SERVICE,
        },
        world.seller: {parties.Role.OWNER, parties.Role.SALES, parties.Role.WAREHOUSE, parties.Role.SERVICE},
        world.express: {parties.Role.OWNER, parties.Role.WAREHOUSE, parties.Role.SERVICE},
        world.freight: set(),
        world.stranger: set(),
    }
    seen = 0
    for party_id, roles in may.items():
        for role in parties.Role:
            someone = actor(party_id, role)
            if role in roles:
                assert logistics.address_of(actor=someone, shipment_id=item.id) == world.home
                seen += 1
            else:
                with pytest.raises(logistics.UnknownShipment):
                    logistics.address_of(actor=someone, shipment_id=item.id)
    looks = parties.looks(actor=actor(world.buyer), party_id=world.buyer)
    assert len(looks) == seen == 11
    assert {look.by_party for look in looks} == {world.buyer, world.seller, world.express}
    assert {(look.what, look.in_clear, look.reason) for look in looks} == {
        (("address",), True, f"shipment {consigned.waybill_number}")
    }


def test_the_carrier_forgets_the_address_when_the_goods_have_arrived(world: World):
    item, consigned = world.consign()
    courier = actor(world.express)
    assert logistics.address_of(actor=courier, shipment_id=item.id) == world.home
    world.record(
        TrackingEvent(id=new_id(), waybill_number=consigned.waybill_number, kind="delivered", at=now())
    )
    with pytest.raises(logistics.UnknownShipment):
        logistics.address_of(actor=courier, shipment_id=item.id)
    assert logistics.address_of(actor=actor(world.seller), shipment_id=item.id) == world.home


def test_goods_at_a_counter_have_no_address(world: World):
    item, consigned = world.to_collect()
    assert logistics.address_of(actor=actor(world.buyer), shipment_id=item.id) is None
    file = logistics.shipment_file(actor=actor(world.buyer), waybill_number=consigned.waybill_number)
    assert file.address is None


def test_a_carriers_worklist_is_its_own_and_newest_first(world: World):
    made = [world.consign()[0].id for _ in range(3)]
    world.consign(carrier_id=world.freight)
    courier = actor(world.express, parties.Role.WAREHOUSE)
    found = [view.id for view in logistics.worklist(actor=courier)]
    assert found == sorted(made, reverse=True)
    assert [view.id for view in logistics.worklist(actor=courier, after=found[0], limit=1)] == found[1:2]
    assert logistics.worklist(actor=courier, state="delivered") == []
    with pytest.raises(parties.NotYours):
        logistics.worklist(actor=actor(world.express, parties.Role.FINANCE))


def test_addresses_for_labels_are_shown_together_and_each_look_is_recorded(world: World):
    sent = [world.consign() for _ in range(2)]
    ids = [consigned.shipment_id for _item, consigned in sent]
    supervision = authority(parties.Mandate.SUPERVISION)

    def looks() -> list[parties.LookView]:
        return parties.looks(actor=supervision, party_id=world.buyer)

    seller = actor(world.seller, parties.Role.WAREHOUSE)
    shown = logistics.addresses_of(actor=seller, shipment_ids=ids)
    assert {one.recipient for one in shown.values() if one} == {"陈小明"}
    assert sorted(look.reason for look in looks()) == sorted(
        f"shipment {consigned.waybill_number}" for _item, consigned in sent
    )
    for stranger in (
        actor(world.stranger),
        actor(world.seller, parties.Role.FINANCE),
        token(world.seller, "orders:read"),
        supervision,
    ):
        with pytest.raises(logistics.UnknownShipment):
            logistics.addresses_of(actor=stranger, shipment_ids=ids)
    # One that is not the actor's keeps all of them from being shown.
    with pytest.raises(logistics.UnknownShipment):
        logistics.addresses_of(actor=seller, shipment_ids=[*ids, new_id()])
    assert len(looks()) == 2
    assert logistics.addresses_of(actor=seller, shipment_ids=[]) == {}
