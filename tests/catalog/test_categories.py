"""Categories and units: defined by the platform, checked, redefined."""

from typing import Any

import msgspec
import pytest
from catalog_market import COIL, DRESS, Market, acting_for, coil, refused

from cohong.catalog import api as catalog
from cohong.catalog import refusals as no
from cohong.parties import api as parties
from cohong.parties.api import Names

pytestmark = pytest.mark.django_db

NAMES = Names("名", "名", "name")


def attribute(code: Any = "a", kind: Any = catalog.AttributeKind.TEXT, **more: Any):
    return catalog.Attribute(code=code, names=NAMES, kind=kind, **more)


def category(**more: Any):
    return catalog.Category(**{"code": "steel.wire", "industry_code": "steel", "names": NAMES, **more})


def test_categories_are_read_back_as_defined(market: Market):
    assert catalog.category(code="steel.coil") == COIL
    assert [one.code for one in catalog.categories()] == ["clothing", "clothing.dress", "steel.coil"]
    assert catalog.categories(industry_code="clothing")[1] == DRESS
    assert [unit.code for unit in catalog.units()] == ["kg", "piece"]
    with refused(no.NoSuchCategory):
        catalog.category(code="nothing")


def test_defining_again_replaces_and_listings_that_stand_stay(market: Market):
    listing_id = market.publish(coil()).listing_id
    stricter = msgspec.structs.replace(
        COIL, attributes=(*COIL.attributes, attribute("coating", required=True))
    )
    catalog.define_category(actor=market.platform, category=stricter)
    assert catalog.category(code="steel.coil") == stricter
    assert catalog.listing(listing_id=listing_id).attributes == {"grade": "spcc"}
    with refused(no.AttributeMissing):
        catalog.change_listing(actor=market.seller, listing_id=listing_id, draft=coil())


@pytest.mark.parametrize(
    ("faulty", "kind"),
    [
        (category(code="Steel Wire"), no.CodeMalformed),
        (category(code=""), no.CodeMalformed),
        (category(industry_code="nothing"), parties.IndustryUnknown),
        (category(parent_code="nothing"), no.NoSuchCategory),
        (category(parent_code="steel.wire"), no.NoSuchCategory),
        (category(parent_code="steel.coil"), no.CategoryInUse),
        (category(names=Names("名", "名", "")), no.TextMissing),
        (category(attributes=(attribute(), attribute())), no.CodeRepeated),
        (category(attributes=(attribute("A!"),)), no.CodeMalformed),
        (category(attributes=(attribute(kind=catalog.AttributeKind.CHOICE),)), no.OptionsWrong),
        (category(attributes=(attribute(options=(catalog.Option("x", NAMES),)),)), no.OptionsWrong),
    ],
)
def test_a_faulty_category_is_refused(market: Market, faulty: Any, kind: Any):
    market.publish(coil())
    with refused(kind):
        catalog.define_category(actor=market.platform, category=faulty)
    assert len(catalog.categories()) == 3


def test_a_circle_through_others_is_refused(market: Market):
    with refused(no.CategoryCircular):
        catalog.define_category(
            actor=market.platform,
            category=catalog.Category(
                code="clothing", parent_code="clothing.dress", industry_code="clothing", names=NAMES
            ),
        )


def test_only_the_platform_defines(market: Market):
    for actor in (market.seller, market.authority):
        with refused(parties.MandateMissing):
            catalog.define_category(actor=actor, category=category())
        with refused(parties.MandateMissing):
            catalog.define_units(actor=actor, units=[catalog.Unit("box", NAMES)])
    reader = acting_for(parties.PLATFORM_ID, mandates=[parties.Mandate.PLATFORM], scopes=["catalog:read"])
    with refused(parties.ScopeMissing):
        catalog.define_category(actor=reader, category=category())
    with refused(no.CodeMalformed):
        catalog.define_units(actor=market.platform, units=[catalog.Unit("a box", NAMES)])
