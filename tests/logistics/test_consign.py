"""Consigning: many at once, each once, each with its own outcome, nothing personal in clear."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError, ProgrammingError
from logistics_world import World

from cohong.kernel import numbers, sets
from cohong.kernel.errors import one
from cohong.kernel.ids import new_id
from cohong.logistics import api as logistics
from cohong.logistics.api import Address, Package


def test_goods_get_a_waybill_and_are_found_by_their_order(world: World):
    lines = new_id(), new_id()
    packages = (
        Package(weight_grams=1_200, contents=((lines[0], 3), (lines[1], 1))),
        Package(weight_grams=800, contents=((lines[0], 2),)),
    )
    item, consigned = world.consign(packages=packages, service="express")
    assert numbers.is_valid(consigned.waybill_number)
    assert consigned.pick_up_code is None
    other = new_id()
    found = logistics.shipments_of(order_ids=[item.order_id, other])
    assert found[other] == []
    [view] = found[item.order_id]
    assert (view.id, view.waybill_number, view.state) == (item.id, consigned.waybill_number, "consigned")
    assert (view.weight_grams, view.packages, view.service) == (2_000, packages, "express")
    assert (view.shipper_id, view.consignee_id, view.carrier_id) == (world.seller, world.buyer, world.express)
    assert (view.booking, view.carrier_number, view.delivered_at) == ("none", "", None)
    assert logistics.deliveries(order_ids=[item.order_id, other]) == {
        item.order_id: [logistics.DeliveryView(shipment_id=item.id, delivered_at=None)],
        other: [],
    }


def test_the_same_consignment_again_gets_the_first_answer(world: World):
    item, first = world.to_collect()
    assert logistics.consign(items=[item]) == [first]
    assert logistics.consign(items=[item, item]) == [first, first]
    assert sets.fetch("select count(*) from logistics_shipment") == [(1,)]
    fresh = world.consignment()
    twice = logistics.consign(items=[fresh, fresh])
    assert twice[0] == twice[1]
    assert sets.fetch("select count(*) from logistics_package") == [(2,)]


def test_the_same_id_with_other_contents_is_refused(world: World):
    item, _first = world.consign()
    changed = world.consignment(id=item.id, order_id=item.order_id)
    assert logistics.consign(items=[changed]) == [logistics.ConsignmentDiffers(consignment_id=item.id)]
    one_id = new_id()
    results = logistics.consign(items=[world.consignment(id=one_id), world.consignment(id=one_id)])
    assert isinstance(results[0], logistics.Consigned)
    assert results[1] == logistics.ConsignmentDiffers(consignment_id=one_id)


LINE = new_id()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"packages": ()}, "PackagesFlawed"),
        ({"packages": (Package(weight_grams=1, contents=()),)}, "PackagesFlawed"),
        ({"packages": (Package(weight_grams=-1, contents=((LINE, 1),)),)}, "PackagesFlawed"),
        ({"packages": (Package(weight_grams=1, contents=((LINE, 0),)),)}, "PackagesFlawed"),
        ({"packages": (Package(weight_grams=1, contents=((LINE, 1.5),)),)}, "PackagesFlawed"),
        ({"packages": (Package(weight_grams=True, contents=((LINE, 1),)),)}, "PackagesFlawed"),
        ({"packages": (Package(weight_grams=1, contents=((LINE, 2**53),)),)}, "PackagesFlawed"),
        ({"address": None}, "AddressMissing"),
        ({"address": Address("", "138", "440106", "路")}, "AddressFlawed"),
        ({"address": Address("陈", "138", "天河", "路")}, "AddressFlawed"),
        ({"address": Address("陈", "138", "440106", "路" * 301)}, "AddressFlawed"),
        ({"carrier_id": new_id()}, "UnknownCarrier"),
        ({"service": "part_load"}, "ServiceNotOffered"),
        ({"service": "teleport"}, "ServiceUnknown"),
    ],
)
def test_bad_consignments_are_refused_beside_good_ones(world: World, given: dict[str, object], code: str):
    good, bad = world.consignment(), world.consignment(**given)
    results = logistics.consign(items=[bad, good])
    assert results[0].code == code
    assert results[1].shipment_id == good.id
    assert sets.fetch("select id from logistics_shipment") == [(good.id,)]


def test_a_hundred_take_as_many_statements_as_one(world: World, statements: Any):
    counts = []
    for many in (1, 100):
        items = [world.consignment() for _ in range(many)]
        with statements() as count:
            results = logistics.consign(items=items)
        counts.append(count())
        assert len({consigned.waybill_number for consigned in results}) == many
    assert counts == [5, 5]


def test_nothing_personal_is_in_clear(world: World):
    home = world.home
    _item, consigned = world.to_collect(address=home)
    [row] = sets.fetch("select s::text from logistics_shipment s")
    for secret in (home.recipient, home.phone, home.street, home.postcode, consigned.pick_up_code):
        assert secret not in row[0]
    assert home.phone not in repr(home)
    assert consigned.pick_up_code not in repr(consigned)


def test_codes_and_numbers_are_drawn_anew(world: World):
    made = [one(logistics.consign(items=[world.consignment(pick_up=True)])) for _ in range(20)]
    assert len({consigned.waybill_number for consigned in made}) == 20
    assert len({consigned.pick_up_code for consigned in made}) == 20
    assert all(len(consigned.pick_up_code) == 8 and consigned.pick_up_code.isdigit() for consigned in made)


@pytest.mark.parametrize(
    "damage",
    [
        "update logistics_shipment set state = 'stolen'",
        "update logistics_shipment set state = 'delivered'",
        "update logistics_shipment set state = 'collected', delivered_at = now(), known_at = now()",
        "update logistics_shipment set delivered_at = now(), known_at = now()",
        "update logistics_shipment set address = null",
        "update logistics_shipment set pick_up = true",
        "update logistics_shipment set wrong_codes = 6",
        "update logistics_shipment set weight_grams = -1",
        "update logistics_shipment set booking = 'maybe'",
    ],
)
def test_the_database_keeps_shipments_sensible(world: World, damage: str):
    world.consign()
    with pytest.raises(IntegrityError), transaction.atomic():
        sets.run(damage)


def test_packages_stay_as_they_were_packed(world: World):
    world.consign()
    for damage in ("update logistics_package set number = 2", "delete from logistics_package"):
        with pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
            sets.run(damage)
