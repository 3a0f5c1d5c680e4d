"""The demo region is complete, consistent, and the same every time."""

from io import BytesIO
from itertools import pairwise

import pytest
from PIL import Image
from stdnum.cn import ric, uscc

from cohong.demo import DEFAULT_SEED, pictures
from cohong.demo.companies import Company, companies
from cohong.demo.industries import INDUSTRIES, UNITS, categories, category, leaves
from cohong.demo.listings import LISTINGS_COUNT, Listing, listing, listings
from cohong.demo.markets import markets
from cohong.demo.people import authorities, people
from cohong.demo.regions import cities, city_of, place_name, region, regions
from cohong.demo.schema import Attribute, Value
from cohong.demo.words import Text


@pytest.fixture(scope="module")
def goods() -> list[Listing]:
    return list(listings(DEFAULT_SEED))


@pytest.fixture(scope="module")
def firms() -> dict[str, Company]:
    return {company.slug: company for company in companies(DEFAULT_SEED)}


def test_guangdong_has_21_cities_and_its_two_neighbours_are_there():
    assert len(cities()) == 21
    assert all(city.parent == "440000" and city.code.endswith("00") for city in cities())
    assert region("440100").name == Text("广州市", "廣州市", "Guangzhou")
    assert region("810000").name.en == "Hong Kong"
    assert region("820000").name.en == "Macao"
    codes = [place.code for place in regions()]
    assert len(codes) == len(set(codes))
    # Parents come before their children, so that rows can be made in this order.
    assert all(not place.parent or codes.index(place.parent) < codes.index(place.code) for place in regions())


def test_region_codes_are_those_of_the_national_standard():
    for place in regions():
        if place.parent:
            born_lately = f"{place.code}20200101001"
            assert ric.is_valid(born_lately + ric.calc_check_digit(born_lately + "0")), place


def test_an_address_names_province_city_and_district_once():
    assert place_name("440606") == "广东省佛山市顺德区"
    assert place_name("441900") == "广东省东莞市"
    assert city_of("440606").code == "440600"


def test_sixteen_industries_eleven_of_goods_and_five_of_services():
    assert [industry.code for industry in INDUSTRIES if not industry.is_service] == [
        "steel", "petrochemicals", "plastics", "grain", "cars", "electronics", "appliances", "ceramics",
        "clothing", "furniture", "farm-produce",
    ]  # fmt: skip
    assert [industry.code for industry in INDUSTRIES if industry.is_service] == [
        "culture", "tourism", "logistics", "education", "health",
    ]  # fmt: skip


def test_each_industry_is_a_tree_of_two_levels():
    codes = [node.code for node in categories()]
    assert len(codes) == len(set(codes))
    for industry in INDUSTRIES:
        root, *below = industry.categories
        assert (root.code, root.parent, root.attributes) == (industry.code, "", ())
        assert 2 <= len(below) <= 5
        assert all(node.parent == root.code and node.attributes for node in below)


def test_schemas_are_well_formed_and_their_samples_fit():
    units = {unit.code for unit in UNITS}
    for leaf in leaves():
        known = {attribute.code: attribute for attribute in leaf.attributes}
        assert len(known) == len(leaf.attributes)
        assert leaf.unit in units
        assert 0 < leaf.price_low < leaf.price_high
        assert leaf.min_order >= 1
        assert leaf.min_order % leaf.order_multiple == 0
        assert 1 <= sum(attribute.by_sku for attribute in leaf.attributes) <= 2
        assert all(not known[code].by_sku for code in leaf.title_attributes)
        for attribute in leaf.attributes:
            assert (attribute.kind == "choice") == bool(attribute.options)
            assert all(attribute.accepts(attribute.read(sample)) for sample in attribute.samples)
        for product in leaf.products:
            for code, values in product.allowed:
                assert all(known[code].accepts(known[code].read(value)) for value in values), product


def test_attributes_refuse_what_is_not_of_their_kind():
    known = {attribute.code: attribute for attribute in category("steel.coil").attributes}
    assert known["thickness"].accepts("3.0")
    assert not known["thickness"].accepts(3.0)  # type: ignore[arg-type]
    assert not known["thickness"].accepts("3,0")
    assert not known["width"].accepts(True)
    assert not known["width"].accepts("1500")
    assert not known["grade"].accepts("Q999")
    assert not known["mill"].accepts(" ")


def test_every_wording_is_there_in_three_languages():
    texts = [industry.name for industry in INDUSTRIES] + [unit.name for unit in UNITS]
    texts += [place.name for place in regions()] + [market.name for market in markets()]
    texts += [market.introduction for market in markets()] + [office.name for office in authorities()]
    for node in categories():
        texts.append(node.name)
        for attribute in node.attributes:
            texts += [attribute.name, *(option.name for option in attribute.options)]
    assert all(text.zh_hans and text.zh_hant and text.en for text in texts)
    # No Chinese is left in the English: its characters lie far above the accented Latin ones.
    assert all(ord(letter) < 0x2E80 for text in texts for letter in text.en)
    with pytest.raises(ValueError, match="three languages"):
        Text.of("甲|乙")


def test_every_industry_has_its_market():
    assert sorted(market.industry for market in markets()) == sorted(industry.code for industry in INDUSTRIES)
    assert {market.kind for market in markets()} == {"industry", "specialised", "cluster"}
    assert all(region(market.region) for market in markets())


def test_companies_have_valid_codes_and_cover_the_region(firms: dict[str, Company]):
    assert 58 <= len(firms) <= 66
    assert all(uscc.is_valid(company.credit_code) for company in firms.values())
    # The code's digits 3 to 8 are where the company is registered.
    assert all(company.credit_code[2:8] == company.region for company in firms.values())
    for unique in ("credit_code", "email", "phone"):
        assert len({getattr(company, unique) for company in firms.values()}) == len(firms)
    assert len({company.name.zh_hans for company in firms.values()}) == len(firms)
    assert {city_of(company.region).code for company in firms.values()} == {city.code for city in cities()}
    kinds = [company.kind for company in firms.values()]
    assert (kinds.count("carrier"), kinds.count("warehouse"), kinds.count("buyer")) == (3, 2, 8)
    offered = {leaf for company in firms.values() if company.sells for leaf in company.categories}
    assert offered == {leaf.code for leaf in leaves()}
    places = [place.code for company in firms.values() for place in company.locations]
    assert len(places) == len(set(places))
    assert all(bool(company.locations) == company.sells for company in firms.values())


def test_two_hundred_people_with_valid_resident_ids(firms: dict[str, Company]):
    folk = people(DEFAULT_SEED)
    assert len(folk) == 200
    assert all(ric.is_valid(person.resident_id) for person in folk)
    assert all((int(person.resident_id[16]) % 2 == 1) == person.is_male for person in folk)
    # Order codes that no living adult was given: these numbers belong to nobody.
    assert {person.resident_id[14:17] for person in folk} == {"000", "997", "998", "999"}
    for unique in ("ref", "resident_id", "phone", "email"):
        assert len({getattr(person, unique) for person in folk}) == 200
    assert len({person.name.zh_hans for person in folk}) == 200
    assert all(person.email.endswith((".example.com", "@example.com", ".example.org")) for person in folk)
    assert all(person.company in firms for person in folk if person.company)
    assert all(bool(person.company) == bool(person.roles) for person in folk)
    assert sum(person.is_consumer for person in folk) >= 30


def test_every_company_has_an_owner_and_someone_for_each_task(firms: dict[str, Company]):
    for company in firms.values():
        staff = [person for person in people(DEFAULT_SEED) if person.company == company.slug]
        roles = [role for person in staff for role in person.roles]
        assert roles.count("owner") == 1
        assert set(roles) >= (
            {"sales", "finance", "warehouse"} if company.sells else {"purchasing", "finance"}
        )


def test_each_authority_has_officers():
    manned = {person.authority for person in people(DEFAULT_SEED)} - {""}
    assert manned == {office.code for office in authorities()}
    assert {office.mandate for office in authorities()} == {
        "market_supervision", "statistics", "programme_office", "platform",
    }  # fmt: skip


def test_six_hundred_listings_no_two_alike(goods: list[Listing]):
    assert len(goods) == LISTINGS_COUNT == 600
    for unique in ("ref", "title_zh", "title_en", "picture"):
        assert len({getattr(item, unique) for item in goods}) == 600
    codes = [sku.code for item in goods for sku in item.skus]
    assert len(codes) == len(set(codes))
    assert {item.category for item in goods[: len(leaves())]} == {leaf.code for leaf in leaves()}


def _fits(schema: list[Attribute], values: tuple[tuple[str, Value], ...]) -> bool:
    given = dict(values)
    required = {attribute.code for attribute in schema if attribute.required}
    known = {attribute.code: attribute for attribute in schema}
    return (
        len(given) == len(values)
        and required <= given.keys() <= known.keys()
        and all(known[code].accepts(value) for code, value in given.items())
    )


def test_attributes_fit_their_schema(goods: list[Listing]):
    for item in goods:
        schema = category(item.category).attributes
        assert _fits([attribute for attribute in schema if not attribute.by_sku], item.attributes), item.ref
        varying = [attribute for attribute in schema if attribute.by_sku]
        assert all(_fits(varying, sku.attributes) for sku in item.skus), item.ref
        assert 1 <= len(item.skus) <= 8
        assert len({sku.attributes for sku in item.skus}) == len(item.skus)


def test_tiers_start_at_one_and_fall(goods: list[Listing]):
    for item in goods:
        for sku in item.skus:
            assert sku.tiers[0].min_quantity == 1
            assert all(tier.unit_price_minor > 0 for tier in sku.tiers)
            for lower, higher in pairwise(sku.tiers):
                assert lower.min_quantity < higher.min_quantity, sku.code
                assert lower.unit_price_minor > higher.unit_price_minor, sku.code
    assert {item.currency for item in goods} == {"CNY", "HKD", "USD"}


def test_listings_are_sold_from_their_sellers_own_stock(goods: list[Listing], firms: dict[str, Company]):
    homes = {market.code: market.industry for market in markets()}
    for item in goods:
        seller = firms[item.seller]
        assert seller.sells
        assert item.category in seller.categories
        assert homes[item.market] == category(item.category).industry
        own = {place.code for place in seller.locations}
        for sku in item.skus:
            stored = [stock.location for stock in sku.stock]
            assert 1 <= len(stored) <= 3
            assert len(set(stored)) == len(stored)
            assert set(stored) <= own
            assert all(stock.quantity > 0 for stock in sku.stock)
            assert sum(stock.quantity for stock in sku.stock) >= item.min_order
        assert (item.freight.mode == "none") == ("shipment" not in item.deliveries)
        assert ("shipment" in item.deliveries) == all(sku.weight_grams > 0 for sku in item.skus)


def test_packs_cost_and_weigh_in_proportion(goods: list[Listing]):
    bags = {
        dict(sku.attributes)["pack"]: sku
        for item in goods
        if item.category == "grain.rice"
        for sku in item.skus
    }
    assert bags["25-kg"].weight_grams == 25_100
    assert bags["5-kg"].weight_grams == 5_020


def test_the_region_is_the_same_every_time():
    first = list(listings(5))
    companies.cache_clear()
    people.cache_clear()
    assert first == list(listings(5))
    assert listing(5, 17) == first[16]
    assert people(5) == people(5)
    assert companies(5)[0].credit_code != companies(6)[0].credit_code
    assert first[0] != listing(6, 1)
    with pytest.raises(IndexError):
        listing(5, 601)


def test_every_category_has_a_drawing():
    assert set(pictures.MOTIFS) == {leaf.motif for leaf in leaves()}
    assert len({leaf.motif for leaf in leaves()}) == len(leaves())


def test_pictures_are_small_valid_and_differ(goods: list[Listing]):
    seen: set[bytes] = set()
    for item in goods[:: len(goods) // 120]:
        content = pictures.draw(item)
        assert 5_000 < len(content) < 48_000, item.ref
        with Image.open(BytesIO(content)) as image:
            image.load()
            assert (image.format, image.size, image.mode) == ("WEBP", (960, 720), "RGB")
            assert len(image.getcolors(960 * 720) or ()) > 200
        seen.add(content)
    assert len(seen) == 120


def test_a_picture_is_the_same_every_time(goods: list[Listing]):
    for item in goods[:600:97]:
        assert pictures.draw(item) == pictures.draw(item)
