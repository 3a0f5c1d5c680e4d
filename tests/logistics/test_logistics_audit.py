"""Each kind of damage to logistics' tables is named."""

import pytest
from django.db import connection
from logistics_world import World, actor

from cohong.kernel import clock, sets
from cohong.kernel.ids import new_id
from cohong.logistics import api as logistics
from cohong.logistics.api import TrackingEvent


def findings() -> dict[str, list[str]]:
    return {check.name: check.findings for check in logistics.audit() if not check.ok}


@pytest.fixture
def busy(world: World) -> World:
    for kind in ("departed", "delivered"):
        item, consigned = world.consign()
        number = consigned.waybill_number
        world.record(
            TrackingEvent(id=new_id(), waybill_number=number, kind=kind, at=clock.now(), note="门卫代收")
        )
    item, consigned = world.to_collect()
    logistics.try_collect(actor=actor(world.seller), shipment_id=item.id, code=consigned.pick_up_code)
    world.to_collect()
    return world


def test_a_sound_database_has_no_findings(busy: World):
    checks = logistics.audit()
    assert [check.findings for check in checks] == [[]] * 8
    assert {check.name: check.figure for check in checks} == {
        "logistics.address_books": 0,
        "logistics.waybill_numbers": 4,
        "logistics.states": 4,
        "logistics.events_have_documents": 3,
        "logistics.packages": 4,
        "logistics.carriers": 4,
        "logistics.personal_data": 4,
        "logistics.notes": 3,
    }


DAMAGES = [
    (
        "update logistics_shipment set waybill_number = '7K3M-92QX-Q'",
        "logistics.waybill_numbers",
        "7K3M-92QX-Q",
    ),
    (
        "update logistics_shipment set state = 'lost'",
        "logistics.states",
        "is lost, its events say in_transit",
    ),
    ("update logistics_shipment set carrier_id = gen_random_uuid()", "logistics.carriers", "unknown"),
    (
        "update logistics_shipment set weight_grams = 7",
        "logistics.packages",
        "weighs 7 g, its packages 1200 g",
    ),
    (
        "update logistics_shipment set address = '天河区'",
        "logistics.personal_data",
        "1 values are not encrypted",
    ),
    ("update logistics_package set number = 2", "logistics.packages", "has 1 packages, the last is number 2"),
    (
        "update logistics_package set quantities = '{-3}'",
        "logistics.packages",
        "quantity that is not positive",
    ),
    ("update logistics_tracking_event set note = '门卫'", "logistics.notes", "1 values are not encrypted"),
    (
        "update logistics_tracking_event set document_id = gen_random_uuid()",
        "logistics.events_have_documents",
        "no doc",
    ),
    (
        "update logistics_tracking_event set recorder_id = gen_random_uuid()",
        "logistics.events_have_documents",
        "another",
    ),
]


@pytest.mark.parametrize(("damage", "name", "finding"), DAMAGES)
def test_damage_is_named(busy: World, damage: str, name: str, finding: str):
    with connection.cursor() as cursor:
        # As someone with the database's own powers would, past the triggers.
        cursor.execute("set session_replication_role = replica")
        sets.run(f"{damage} where {_of_the_one_in_transit(damage)}")
        cursor.execute("set session_replication_role = origin")
    found = findings()
    assert list(found) == [name]
    assert len(found[name]) == 1
    assert finding in found[name][0]


def test_a_delivery_time_that_no_event_tells_is_named(busy: World):
    sets.run("update logistics_shipment set delivered_at = '2020-01-01 00:00Z' where state = 'delivered'")
    [finding] = findings()["logistics.states"]
    assert "delivered at 2020-01-01" in finding


def _of_the_one_in_transit(damage: str) -> str:
    column = "id" if damage.startswith("update logistics_shipment") else "shipment_id"
    return f"{column} in (select id from logistics_shipment where state = 'in_transit')"
