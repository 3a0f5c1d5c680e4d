"""Regions, industries and markets: defined by the platform, defined again without noise."""

from typing import Any

import pytest
from parties_world import company, kinds_of, picture, places, refused

from cohong.kernel import journal
from cohong.kernel.ids import named_id, new_id
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, IndustryView, MarketKind, Names, RegionView

pytestmark = pytest.mark.django_db


def test_regions_are_a_tree_with_names_in_three_languages():
    places()
    parties.define_region(actor=SYSTEM, code="HK", names=Names("香港", "香港", "Hong Kong"), position=9)
    assert [(one.code, one.parent_code) for one in parties.regions()] == [
        ("440000", ""),
        ("440100", "440000"),
        ("HK", ""),
    ]
    assert [one.code for one in parties.regions(parent_code="")] == ["440000", "HK"]
    assert [one.code for one in parties.regions(parent_code="440000")] == ["440100"]
    names = parties.region(code="440100").names
    assert (names.shown("zh-hans"), names.shown("zh-hant"), names.shown("en")) == (
        "广州市",
        "廣州市",
        "Guangzhou",
    )
    with refused(parties.RegionUnknown):
        parties.region(code="000000")


@pytest.mark.parametrize(
    ("language", "name"),
    [("zh-hans", "甲"), ("zh-CN", "甲"), ("zh-hant", "甲"), ("zh-HK", "甲"), ("en", "甲"), ("fr", "甲")],
)
def test_a_name_that_is_missing_is_shown_in_the_nearest_language(language: str, name: str):
    assert Names("甲").shown(language) == name
    assert Names("甲", "乙", "C").shown("zh-TW") == "乙"
    assert Names("甲", "乙", "C").shown("fr") == "C"


def test_defining_the_same_again_issues_nothing_and_a_change_issues_one():
    places()
    before = picture()
    places()
    assert picture() == before
    parties.define_region(
        actor=SYSTEM, code="440100", parent_code="440000", names=Names("广州", "廣州", "Canton")
    )
    subject = named_id("region", "440100")
    assert kinds_of(subject) == ["parties.region_defined"] * 2
    assert journal.file_of([subject])[-1].envelope.body.name_en == "Canton"


def test_many_regions_are_defined_parents_first():
    regions = [
        RegionView(code="44", names=Names("粤")),
        RegionView(code="4401", names=Names("穗"), parent_code="44"),
    ]
    with refused(parties.RegionUnknown, code="44"):
        parties.define_regions(actor=SYSTEM, regions=regions[::-1])
    parties.define_regions(actor=SYSTEM, regions=regions)
    assert len(parties.regions()) == 2
    with refused(parties.RegionUnknown, code="45"):
        parties.define_region(actor=SYSTEM, code="45", parent_code="45", names=Names("自己"))


@pytest.mark.parametrize("code", ["", " ", "a b", "-", "x" * 41, "电"])
def test_a_code_that_is_none_is_refused(code: str):
    with refused(parties.BadCode):
        parties.define_region(actor=SYSTEM, code=code, names=Names("某地"))
    with refused(parties.BadCode):
        parties.define_industries(actor=SYSTEM, industries=[IndustryView(code=code, names=Names("某业"))])
    with refused(parties.BadCode):
        parties.define_market(actor=SYSTEM, code=code, kind=MarketKind.CLUSTER, names=Names("某处"))


def test_a_name_is_needed():
    with refused(parties.BadText, field="zh_hans"):
        parties.define_region(actor=SYSTEM, code="44", names=Names(""))


def test_industries_are_listed_by_position():
    parties.define_industry(actor=SYSTEM, code="tea", names=Names("茶"), position=2)
    parties.define_industry(actor=SYSTEM, code="silk", names=Names("丝"), position=1, is_service=False)
    parties.define_industry(actor=SYSTEM, code="tourism", names=Names("旅游"), position=3, is_service=True)
    assert [(one.code, one.is_service) for one in parties.industries()] == [
        ("silk", False),
        ("tea", False),
        ("tourism", True),
    ]
    assert parties.industry(code="tea").names.zh_hans == "茶"
    with refused(parties.IndustryUnknown):
        parties.industry(code="opium")


def test_markets_are_opened_changed_and_found():
    places()
    operator = company().party_id
    market_id = parties.define_market(
        actor=SYSTEM,
        code="steel-market",
        kind=MarketKind.INDUSTRY,
        names=Names("钢铁市场", "鋼鐵市場", "Steel market"),
        region_code="440100",
        industry_code="steel",
        operator_id=operator,
    )
    other = parties.define_market(
        actor=SYSTEM, code="cluster", kind=MarketKind.CLUSTER, names=Names("集群"), position=1
    )
    again = parties.define_market(
        actor=SYSTEM, code="steel-market", kind=MarketKind.SPECIALISED, names=Names("钢材市场")
    )
    assert again == market_id
    view = parties.market(market_id=market_id)
    assert (view.kind, view.names.zh_hans, view.region_code, view.operator_id) == (
        MarketKind.SPECIALISED,
        "钢材市场",
        "",
        None,
    )
    assert [one.id for one in parties.markets()] == [market_id, other]
    assert [one.id for one in parties.markets(kind=MarketKind.CLUSTER)] == [other]
    assert parties.markets(region_code="440100") == []
    assert kinds_of(market_id) == ["parties.market_defined"] * 2
    with refused(parties.MarketNotFound):
        parties.market(market_id=new_id())
    for changes, refusal in (
        ({"region_code": "99"}, parties.RegionUnknown),
        ({"industry_code": "opium"}, parties.IndustryUnknown),
        ({"operator_id": new_id()}, parties.PartyNotFound),
    ):
        with refused(refusal):
            parties.define_market(
                actor=SYSTEM, code="cluster", kind=MarketKind.CLUSTER, names=Names("集群"), **changes
            )


def test_parties_are_found_by_name_code_and_filters():
    places()
    steel = company(name="南方钢铁", region_code="440100", industry_code="steel").party_id
    tiles = company(name="北方瓷砖", name_en="North_Tiles").party_id
    code = parties.party(party_id=tiles).credit_code

    def found(**filters: Any):
        return [one.id for one in parties.find(**filters)]

    assert found(text="方") == [tiles, steel]
    assert found(text="tiles") == [tiles]
    assert found(text=code.lower()) == [tiles]
    assert found(text="h_T") == [tiles]
    assert found(text="%") == []
    assert found(region_code="440100") == found(industry_code="steel") == [steel]
    assert found(kind=parties.Kind.AUTHORITY) == []
    assert found(confirmed=True) == []
    assert found(confirmed=False, before=tiles, limit=1) == [steel]
