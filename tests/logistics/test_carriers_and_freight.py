"""Carriers, their tariffs and what freight costs."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from logistics_world import World, actor

from cohong.kernel import sets
from cohong.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from cohong.kernel.ids import new_id
from cohong.kernel.money import MAX_MINOR, Money
from cohong.logistics import api as logistics
from cohong.logistics.api import FreightItem, TariffRow
from cohong.logistics.rules import best_zone, freight_minor
from cohong.parties import api as parties


def row(**given_: Any) -> TariffRow:
    usual: dict[str, Any] = {
        "service": "express",
        "from_zone": "44",
        "to_zone": "44",
        "currency": "CNY",
        "first_grams": 1_000,
        "first_minor": 1_200,
        "step_grams": 500,
        "step_minor": 300,
    }
    return TariffRow(**{**usual, **given_})


def ask(world: World, **given_: Any) -> FreightItem:
    usual: dict[str, Any] = {
        "carrier_id": world.express,
        "service": "express",
        "from_region": "440106",
        "to_region": "440305",
        "weight_grams": 1_000,
    }
    return FreightItem(**{**usual, **given_})


def test_carriers_are_listed_by_code(world: World):
    assert [(carrier.code, carrier.services) for carrier in logistics.carriers()] == [
        ("LNKY", ("express", "city")),
        ("ZJWL", ("part_load", "full_load")),
    ]


def test_a_carrier_is_defined_again_with_other_services(world: World):
    logistics.define_carrier(
        actor=parties.SYSTEM,
        id=world.express,
        code="LNKY2",
        name="岭南",
        name_en="Lingnan",
        services=["city"],
    )
    [changed, _] = logistics.carriers()
    assert changed == logistics.CarrierView(
        id=world.express, code="LNKY2", name="岭南", name_en="Lingnan", services=("city",), connected=False
    )


@pytest.mark.parametrize(
    ("given_", "kind", "code"),
    [
        ({"code": ""}, BadInput, "CarrierFlawed"),
        ({"code": "X" * 21}, BadInput, "CarrierFlawed"),
        ({"name": " "}, BadInput, "CarrierFlawed"),
        ({"services": []}, BadInput, "CarrierFlawed"),
        ({"services": ["rocket"]}, BadInput, "CarrierFlawed"),
        ({"code": "ZJWL"}, Conflict, "CarrierCodeTaken"),
        ({"id": new_id()}, NotFound, "PartyNotFound"),
    ],
)
def test_carriers_that_make_no_sense_are_refused(world: World, given_: dict[str, Any], kind: type, code: str):
    before = logistics.carriers()
    usual = {"id": world.express, "code": "LNKY", "name": "岭南", "services": ["city"]}
    with pytest.raises(kind) as refused:
        logistics.define_carrier(actor=parties.SYSTEM, **{**usual, **given_})
    assert refused.value.code == code
    assert logistics.carriers() == before


def test_only_the_platform_defines_carriers(world: World):
    for mandate in set(parties.Mandate) - {parties.Mandate.PLATFORM}:
        someone = parties.Actor(party_id=new_id(), mandates=frozenset({mandate}))
        with pytest.raises(NotAllowed):
            logistics.define_carrier(actor=someone, id=world.seller, code="S", name="S", services=["city"])
    with pytest.raises(NotAllowed):
        logistics.define_carrier(
            actor=actor(world.express), id=world.express, code="S", name="S", services=["city"]
        )


@pytest.mark.parametrize(
    ("grams", "minor"), [(1, 1_200), (1_000, 1_200), (1_001, 1_500), (1_500, 1_500), (2_300, 2_100)]
)
def test_freight_is_the_first_weight_and_each_step_begun(world: World, grams: int, minor: int):
    logistics.define_tariff(actor=actor(world.express), carrier_id=world.express, rows=[row()])
    assert logistics.freight(items=[ask(world, weight_grams=grams)]) == [Money(minor, "CNY")]


@given(
    weight=st.integers(1, 10**9),
    first=st.integers(1, 10**6),
    step=st.integers(1, 10**6),
    prices=st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)),
)
def test_freight_never_falls_with_weight_and_pays_every_gram(
    weight: int, first: int, step: int, prices: tuple[int, int]
):
    def price(grams: int) -> int:
        return freight_minor(
            weight_grams=grams,
            first_grams=first,
            first_minor=prices[0],
            step_grams=step,
            step_minor=prices[1],
        )

    assert price(weight) <= price(weight + 1)
    steps = 0 if weight <= first else (weight - first + step - 1) // step
    assert price(weight) == prices[0] + steps * prices[1]
    assert first + steps * step >= weight


def test_the_closest_zone_counts(world: World):
    rows = [
        row(from_zone="", to_zone="", first_minor=3_000),
        row(first_minor=1_200),
        row(to_zone="4403", first_minor=900),
        row(from_zone="", to_zone="81", first_minor=200, currency="HKD"),
    ]
    assert logistics.define_tariff(actor=actor(world.express), carrier_id=world.express, rows=rows) == 4
    ways = [
        ("440106", "440305"),
        ("440106", "440106"),
        ("440106", "110101"),
        ("310000", "440305"),
        ("440106", "810000"),
    ]
    assert logistics.freight(items=[ask(world, from_region=start, to_region=end) for start, end in ways]) == [
        Money(900, "CNY"),
        Money(1_200, "CNY"),
        Money(3_000, "CNY"),
        Money(3_000, "CNY"),
        Money(200, "HKD"),
    ]


def test_of_two_zones_the_destination_decides():
    assert best_zone([("4401", ""), ("", "4403")], "440106", "440305") == ("", "4403")
    assert best_zone([("44", "31")], "440106", "440305") is None


def test_what_has_no_price_is_refused_beside_what_has(world: World, statements: Any):
    logistics.define_tariff(actor=actor(world.express), carrier_id=world.express, rows=[row()])
    items = [
        ask(world),
        ask(world, service="city"),
        ask(world, to_region="310000"),
        ask(world, carrier_id=new_id()),
        ask(world, weight_grams=0),
        ask(world, weight_grams=-5),
        ask(world, weight_grams=True),
    ]
    with statements() as count:
        results = logistics.freight(items=items)
    assert results[0] == Money(1_200, "CNY")
    assert [refusal.code for refusal in results[1:]] == ["NoTariff"] * 3 + ["WeightFlawed"] * 3
    assert count() == 1


def test_freight_beyond_all_money_is_refused(world: World):
    logistics.define_tariff(
        actor=actor(world.express),
        carrier_id=world.express,
        rows=[row(step_grams=1, step_minor=MAX_MINOR)],
    )
    [refusal] = logistics.freight(items=[ask(world, weight_grams=10**9)])
    assert refusal.code == "AmountTooLarge"


def test_offers_of_all_carriers_the_cheapest_first(world: World):
    logistics.define_tariff(
        actor=actor(world.express),
        carrier_id=world.express,
        rows=[row(), row(service="city", first_minor=500)],
    )
    logistics.define_tariff(
        actor=parties.SYSTEM, carrier_id=world.freight, rows=[row(service="part_load", first_minor=800)]
    )
    offers = logistics.freight_offers(from_region="440106", to_region="440305", weight_grams=900)
    assert [(offer.carrier_code, offer.service, offer.price) for offer in offers] == [
        ("LNKY", "city", Money(500, "CNY")),
        ("ZJWL", "part_load", Money(800, "CNY")),
        ("LNKY", "express", Money(1_200, "CNY")),
    ]
    with pytest.raises(logistics.WeightFlawed):
        logistics.freight_offers(from_region="440106", to_region="440305", weight_grams=0)


@pytest.mark.parametrize(
    ("flaw", "field"),
    [
        ({"service": "part_load"}, "service"),
        ({"from_zone": "广东"}, "from_zone"),
        ({"to_zone": "x" * 41}, "to_zone"),
        ({"currency": "XAU"}, "currency"),
        ({"first_grams": 0}, "first_grams"),
        ({"first_minor": -1}, "first_minor"),
        ({"first_minor": 12.5}, "first_minor"),
        ({"step_grams": 0}, "step_grams"),
        ({"step_minor": 2**53}, "step_minor"),
        ({}, "zones"),
    ],
)
def test_a_flawed_tariff_is_refused_and_the_old_one_stays(world: World, flaw: dict[str, Any], field: str):
    logistics.define_tariff(actor=actor(world.express), carrier_id=world.express, rows=[row()])
    with pytest.raises(logistics.TariffFlawed) as refused:
        logistics.define_tariff(
            actor=actor(world.express), carrier_id=world.express, rows=[row(first_minor=1), row(**flaw)]
        )
    assert refused.value.params == {"row": 2, "field": field}
    assert logistics.freight(items=[ask(world)]) == [Money(1_200, "CNY")]


def test_only_the_carriers_sales_and_the_platform_set_prices(world: World):
    sales = actor(world.express, parties.Role.SALES)
    assert logistics.define_tariff(actor=sales, carrier_id=world.express, rows=[row()]) == 1
    for someone in (
        actor(world.express, parties.Role.WAREHOUSE),
        actor(world.freight),
        actor(world.seller),
        parties.Actor(party_id=world.stranger, mandates=frozenset({parties.Mandate.SUPERVISION})),
    ):
        with pytest.raises(parties.NotYours):
            logistics.define_tariff(actor=someone, carrier_id=world.express, rows=[])
    with pytest.raises(logistics.UnknownCarrier):
        logistics.define_tariff(actor=actor(world.seller), carrier_id=world.seller, rows=[row()])


def test_the_database_keeps_tariffs_sensible(world: World):
    logistics.define_tariff(actor=actor(world.express), carrier_id=world.express, rows=[row()])
    for damage in ("step_grams = 0", "first_minor = -1", "service = 'rocket'"):
        with pytest.raises(IntegrityError), transaction.atomic():
            sets.run(f"update logistics_tariff set {damage}")
