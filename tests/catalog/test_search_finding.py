"""What is found, by which words; and what the facets count, against counting by hand."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from catalog_market import Market, acting_for, coil, coil_sku, register
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohong.catalog import api as catalog
from cohong.catalog.api import Asked, SearchSort
from cohong.catalog.search import text
from cohong.catalog.search.counting import bands
from cohong.catalog.search.reading import distance, meant
from cohong.catalog.search.writing import step_floor, step_of
from cohong.kernel import clock, journal, sets
from cohong.kernel.errors import Refusal, one
from cohong.kernel.ids import new_id
from cohong.parties import api as parties
from cohong.parties.api import Names

pytestmark = pytest.mark.django_db


def catch_up() -> None:
    journal.seal_all()
    while journal.follow("catalog.search"):
        pass


def dress(title: str, title_en: str = "", **more: Any) -> catalog.ListingDraft:
    fields: dict[str, Any] = {
        "category_code": "clothing.dress",
        "currency": "CNY",
        "unit": "piece",
        "attributes": {"fabric": "棉"},
        "skus": [catalog.SkuDraft("d", {"size": "s"}, [catalog.Tier(1, 9900)])],
        **more,
    }
    return catalog.ListingDraft(title=title, title_en=title_en, **fields)


@pytest.fixture
def shop(market: Market) -> Market:
    for draft in (
        coil(title="珠江 热轧钢卷 Q235B 1250mm", title_en="Hot-rolled steel coil, Q235B, 1250mm"),
        coil(title="珠江 冷轧钢卷 SPCC 2.0mm", title_en="Cold-rolled steel coil, SPCC"),
        coil(title="抗震螺纹钢 HRB400E", title_en="Seismic rebar, HRB400E", skus=[coil_sku("LW-400-12")]),
        coil(title="SUS304 不锈钢板", title_en="Stainless sheet", attributes={"grade": "q235b"}),
        dress("真丝连衣裙 收腰", "Silk dress with belt", description="手工缝制，重磅桑蚕丝。"),
        dress("棉麻半身裙", "Linen skirt"),
        dress("无线降噪耳机", "Wireless noise-cancelling headphones"),
    ):
        market.publish(draft)
    catch_up()
    return market


def titles(words: str, **more: Any) -> list[str]:
    return [card.title for card in catalog.search(asked=Asked(text=words, **more)).cards]


# --- exact -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("钢卷", {"珠江 热轧钢卷 Q235B 1250mm", "珠江 冷轧钢卷 SPCC 2.0mm"}),
        ("热轧", {"珠江 热轧钢卷 Q235B 1250mm"}),
        ("热轧钢卷", {"珠江 热轧钢卷 Q235B 1250mm"}),
        ("鋼捲", {"珠江 热轧钢卷 Q235B 1250mm", "珠江 冷轧钢卷 SPCC 2.0mm"}),
        ("熱軋鋼卷", {"珠江 热轧钢卷 Q235B 1250mm"}),
        ("Ｑ２３５Ｂ 钢卷", {"珠江 热轧钢卷 Q235B 1250mm"}),
        ("q235 coil", {"珠江 热轧钢卷 Q235B 1250mm"}),
        ("hrb400", {"抗震螺纹钢 HRB400E"}),
        ("LW-400-12", {"抗震螺纹钢 HRB400E"}),
        ("lw40012", {"抗震螺纹钢 HRB400E"}),
        ("304", {"SUS304 不锈钢板"}),
        ("2.0mm", {"珠江 冷轧钢卷 SPCC 2.0mm"}),
        ("2 mm 冷轧", {"珠江 冷轧钢卷 SPCC 2.0mm"}),
        ("steel coils", {"珠江 热轧钢卷 Q235B 1250mm", "珠江 冷轧钢卷 SPCC 2.0mm"}),
        ("a dress of silk", {"真丝连衣裙 收腰"}),
        ("headphone", {"无线降噪耳机"}),
        ("noise cancelling", {"无线降噪耳机"}),
        ("桑蚕丝", {"真丝连衣裙 收腰"}),
        ("大码", set()),
        ("小码 半身裙", {"棉麻半身裙"}),
        ("連衣裙 半身裙", {"棉麻半身裙"}),
    ],
)
def test_words_find_what_has_them(shop: Market, words: str, first: set[str]):
    answer = catalog.search(asked=Asked(text=words))
    shown = [card.title for card in answer.cards]
    assert set(shown[: len(first)]) == first
    if first:
        assert answer.exact >= len(first)
        assert answer.read_as == ""


def test_names_of_where_goods_stand_find_them(shop: Market):
    for words in ("钢卷 牌号", "fabric"):
        assert catalog.search(asked=Asked(text=words)).exact == 0
    for words, number in (
        ("steel coil", 4),
        ("連衣裙", 3),
        ("Dress", 3),
        ("广东", 7),
        ("廣州", 7),
        ("guangzhou", 7),
    ):
        answer = catalog.search(asked=Asked(text=words))
        assert answer.exact == number, words
    assert titles("南沙服装厂 q235b 热轧") == ["珠江 热轧钢卷 Q235B 1250mm"]


# --- forgiven --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "read_as", "first"),
    [
        ("gangjuan", "钢卷", "钢卷"),
        ("gang juan", "钢卷", "钢卷"),
        ("rezha", "热轧", "热轧钢卷"),
        ("lianyiqun", "连衣裙", "真丝连衣裙"),
        ("刚卷", "钢卷", "钢卷"),
        ("热扎钢卷", "热轧钢卷", "热轧钢卷"),
        ("罗纹钢", "螺纹钢", "螺纹钢"),
        ("螺汶钢", "螺纹钢", "螺纹钢"),
        ("连农裙", "连衣裙", "连衣裙"),
        ("steal coil", "steel coil", "钢卷"),
        ("wirless headphones", "wireless headphones", "耳机"),
        ("stainles", "stainless", "不锈钢"),
        ("seismci", "seismic", "螺纹钢"),
        ("headph", "headphones", "耳机"),
        ("q235d", "q235b", "Q235B"),
    ],
)
def test_mistakes_are_forgiven_and_told(shop: Market, words: str, read_as: str, first: str):
    answer = catalog.search(asked=Asked(text=words))
    assert (answer.exact, answer.read_as) == (0, read_as)
    assert first in answer.cards[0].title


def test_initials_find_what_they_stand_for(shop: Market):
    assert all("钢卷" in title for title in titles("gj")[:2])
    assert titles("lyq")[0] == "真丝连衣裙 收腰"


def test_of_two_characters_only_the_sound_is_forgiven(shop: Market):
    assert titles("铁卷") == []
    assert titles("钢圈") == []  # gangquan
    assert titles("xyzzy") == []
    assert titles("!!!") == []


def test_polyphones_are_heard_as_they_are_said(market: Market):
    market.publish(dress("重庆小面", "Noodles"))
    market.publish(dress("重型货架", "Racks"))
    market.publish(dress("绿茶", "Green tea"))
    catch_up()
    assert titles("chongqing") == ["重庆小面"]
    assert titles("zhongxing") == ["重型货架"]
    assert titles("lvcha") == ["绿茶"]


def test_exact_always_stands_above_forgiven(market: Market):
    for number in range(6):
        market.publish(dress(f"刚卷{number} 刚卷 刚卷", "Forgiven"))
    market.publish(
        dress("什么都有的大杂货铺里很长很长的一个标题里才有", "One", description="其中也有钢卷这个词")
    )
    market.publish(coil(title="钢卷"))
    catch_up()
    answer = catalog.search(asked=Asked(text="钢卷"))
    assert answer.exact == 2
    assert answer.read_as == ""
    assert [card.title[:2] for card in answer.cards[:2]] == ["钢卷", "什么"]
    assert len(answer.cards) == answer.total == 8


def test_with_enough_exact_matches_nothing_is_forgiven(market: Market):
    for number in range(5):
        market.publish(coil(title=f"钢卷{number}"))
    market.publish(dress("刚卷"))
    catch_up()
    answer = catalog.search(asked=Asked(text="钢卷"))
    assert (answer.total, answer.exact) == (5, 5)
    # Ordered by price, what only comes close would stand anywhere.
    assert all("钢卷" in title for title in titles("钢卷", sort=SearchSort.DEAREST))


def test_words_of_taiwan_are_understood(market: Market):
    market.publish(dress("无线鼠标", "Wireless mouse"))
    catch_up()
    answer = catalog.search(asked=Asked(text="滑鼠"))
    assert ([card.title for card in answer.cards], answer.read_as) == (["无线鼠标"], "鼠标")


# --- order and pages -------------------------------------------------------------------------------------


def test_orders_and_pages(market: Market):
    for number in range(1, 8):
        with clock.at(datetime(2026, 1, 5, tzinfo=UTC) + timedelta(hours=number)):
            market.publish(coil(title=f"钢卷{number}", skus=[coil_sku("c", (1, 100 * (number * 3 % 8)))]))
    market.publish(coil(title="钢卷8", currency="USD", skus=[coil_sku("c", (1, 5))]))
    catch_up()
    newest = titles("", sort=SearchSort.NEWEST)
    assert newest == titles("") == [f"钢卷{number}" for number in (8, 7, 6, 5, 4, 3, 2, 1)]
    cheapest = catalog.search(asked=Asked(text="钢卷", sort=SearchSort.CHEAPEST))
    assert [card.price_from.minor for card in cheapest.cards] == [100, 200, 300, 400, 500, 600, 700]
    assert cheapest.currency == "CNY"
    assert titles("", sort=SearchSort.DEAREST)[0] == cheapest.cards[-1].title
    assert titles("", sort=SearchSort.CHEAPEST, currency="USD") == ["钢卷8"]
    assert titles("", price_from_minor=200, price_to_minor=300) != []
    pages = [catalog.search(asked=Asked(), page=page, size=3) for page in (1, 2, 3, 4, 10**9, -5)]
    assert [page.page for page in pages] == [1, 2, 3, 3, 3, 1]
    assert {page.pages for page in pages} == {3}
    assert [card.title for page in pages[:3] for card in page.cards] == newest


def test_deep_paging_is_bounded(market: Market, monkeypatch: pytest.MonkeyPatch):
    for number in range(9):
        market.publish(coil(title=f"钢卷{number}"))
    catch_up()
    monkeypatch.setattr("cohong.catalog.search.finding.DEEPEST", 6)
    answer = catalog.search(asked=Asked(), page=99, size=2)
    assert (answer.total, answer.pages, answer.page) == (9, 3, 3)


def test_a_page_costs_a_fixed_number_of_statements(shop: Market, monkeypatch: pytest.MonkeyPatch):
    ran: list[str] = []
    fetch = sets.fetch
    monkeypatch.setattr(sets, "fetch", lambda *args: (ran.append(args[0]), fetch(*args))[1])
    catalog.search(asked=Asked(text="钢卷"))
    for words in ("钢卷", "gangjuan", ""):
        ran.clear()
        catalog.search(asked=Asked(text=words, regions=("440100",)))
        assert len(ran) == 3, words


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (Asked(text="\x00"), "TextUnreadable"),
        (Asked(text="长" * 101), "TextTooLong"),
        (Asked(regions=("\x00",)), "TextUnreadable"),
        (Asked(currency="RMB"), "UnknownCurrency"),
    ],
)
def test_what_makes_no_sense_is_refused(shop: Market, asked: Any, code: str):
    with pytest.raises(Refusal) as found:
        catalog.search(asked=asked)
    assert found.value.code == code
    with pytest.raises(Refusal):
        catalog.suggest(typed="\x00")


def test_strange_filters_find_nothing_and_break_nothing(shop: Market):
    for asked in (
        Asked(categories=("nothing",)),
        Asked(regions=("x" * 90,)),
        Asked(options=("grade",)),
        Asked(options=("=",)),
        Asked(sellers=(new_id(),)),
        Asked(in_market=new_id()),
        Asked(price_from_minor=-5, price_to_minor=-1),
        Asked(price_from_minor=10**30),
        Asked(price_from_minor=9, price_to_minor=3),
    ):
        assert catalog.search(asked=asked).cards == ()
    for words in ('"', "(", "a:b", "*", "AND", "title:钢", "\\", "🙂", "ａ" * 100):
        catalog.search(asked=Asked(text=words))
        catalog.suggest(typed=words)
        catalog.widen(asked=Asked(text=words))


# --- nothing found ---------------------------------------------------------------------------------------


def test_where_nothing_is_found_less_is_proposed(shop: Market):
    wider = catalog.widen(asked=Asked(text="钢卷 飞机", regions=("440000",)))
    assert wider.texts == (("钢卷", 4),)
    assert wider.categories[0] == "steel.coil"
    wider = catalog.widen(asked=Asked(text="钢卷", categories=("clothing",), regions=("440100",)))
    assert wider.without == (("category", 4),)
    assert catalog.widen(asked=Asked(text="飞机")) == catalog.Wider()


# --- suggestions -----------------------------------------------------------------------------------------


def suggested(typed: str, kind: str = "goods") -> list[str]:
    return [one.text or one.category for one in catalog.suggest(typed=typed) if one.kind == kind]


def test_typing_proposes_goods_categories_and_sellers(shop: Market):
    assert set(suggested("钢卷")) == {"热轧钢卷", "冷轧钢卷"}
    assert set(suggested("gangj")) == {"热轧钢卷", "冷轧钢卷"}
    assert set(suggested("gang j")) == {"热轧钢卷", "冷轧钢卷"}
    assert set(suggested("gj")) >= {"热轧钢卷", "冷轧钢卷"}
    assert suggested("鋼卷") == suggested("钢卷")
    assert suggested("steel c")[0] == "steel coil"
    assert suggested("连", "category") == suggested("lianyi", "category") == suggested("dre", "category")
    assert suggested("连", "category") == ["clothing.dress"]
    [seller] = [one for one in catalog.suggest(typed="南沙") if one.kind == "seller"]
    assert (seller.seller_id, seller.count) == (shop.seller_id, 7)
    for typed in ("", " ", "g", "¦", "␣"):
        assert catalog.suggest(typed=typed) == []


def test_what_is_no_longer_on_offer_is_not_proposed(shop: Market):
    ids = [card.id for card in catalog.search(asked=Asked(text="耳机")).cards]
    assert suggested("无线") != []
    catalog.withdraw(actor=shop.seller, listing_ids=ids)
    catch_up()
    assert suggested("无线") == []


# --- facets ----------------------------------------------------------------------------------------------


@pytest.fixture
def bazaar(market: Market) -> Market:
    """Put forty listings of two sellers in two cities on offer, with every mixture of what can be filtered by."""
    parties.define_region(
        actor=parties.SYSTEM, code="440300", names=Names("深圳市", "深圳市", "Shenzhen"), parent_code="440000"
    )
    third = new_id()
    register(third, "第三厂")
    item = parties.Registration(id=new_id(), name="深圳厂", region_code="440300")
    one(parties.register_many(actor=parties.SYSTEM, items=[item]))
    for number in range(40):
        seller = [market.seller_id, market.rival_id, item.id][number % 3]
        if number % 4 == 3:
            draft = dress(
                f"裙{number}",
                skus=[
                    catalog.SkuDraft(size, {"size": size}, [catalog.Tier(1, 900 * (number + 1))])
                    for size in "sml"[: 1 + number % 3]
                ],
            )
        else:
            draft = coil(
                title=f"卷{number}",
                attributes={
                    "grade": ["q235b", "spcc"][number % 2],
                    **({"galvanised": number % 5 < 2} if number % 5 else {}),
                },
                skus=[coil_sku("c", (1, 37 * (number + 1) ** 2))],
                currency="HKD" if number % 7 == 0 else "CNY",
            )
        actor = acting_for(seller)
        one(catalog.create_listings(actor=actor, seller_id=seller, drafts=[draft], publish=True))
    catch_up()
    return market


def facts(view: catalog.ListingView) -> dict[str, Any]:
    options = {
        f"{code}={'yes' if value is True else 'no' if value is False else value}"
        for values in (view.attributes, *(sku.attributes for sku in view.skus))
        for code, value in values.items()
        if code in ("grade", "galvanised", "size")
    }
    regions = {view.region_code, "440000"}
    categories = {view.category_code, view.category_code.split(".")[0]} & {
        "steel.coil",
        "clothing.dress",
        "clothing",
    }
    return {
        "categories": categories,
        "industries": {view.industry_code},
        "regions": regions,
        "sellers": {view.seller_id},
        "options": options,
        "price": view.price_from,
    }


def passes(one_: dict[str, Any], asked: Asked, leaving_out: str = "") -> bool:
    for name in ("categories", "industries", "regions", "sellers"):
        wanted = set(getattr(asked, name))
        if name != leaving_out and wanted and not wanted & one_[name]:
            return False
    for attribute in {option.split("=")[0] for option in asked.options}:
        wanted = {option for option in asked.options if option.split("=")[0] == attribute}
        if leaving_out != f"option:{attribute}" and not wanted & one_["options"]:
            return False
    if asked.is_priced and one_["price"].currency != "CNY":
        return False
    if leaving_out == "price":
        return True
    low, high = asked.price_from_minor, asked.price_to_minor
    minor = one_["price"].minor
    return (low is None or minor >= low) and (high is None or minor <= high)


def test_facets_count_what_counting_by_hand_counts(bazaar: Market):
    ids = [row[0] for row in sets.fetch("select id from catalog_listing")]
    everything = [facts(view) for view in catalog.listings(ids=ids).values()]
    sellers = sorted({seller for one_ in everything for seller in one_["sellers"]})

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.builds(
            Asked,
            categories=st.sampled_from(
                [(), ("steel.coil",), ("clothing",), ("clothing.dress", "steel.coil")]
            ),
            industries=st.sampled_from([(), ("steel",), ("steel", "clothing")]),
            regions=st.sampled_from([(), ("440100",), ("440300",), ("440000",)]),
            sellers=st.lists(st.sampled_from(sellers), max_size=2, unique=True).map(tuple),
            options=st.lists(
                st.sampled_from(["grade=q235b", "grade=spcc", "galvanised=yes", "galvanised=no", "size=m"]),
                max_size=3,
                unique=True,
            ).map(tuple),
            price_from_minor=st.none() | st.integers(0, 60_000),
            price_to_minor=st.none() | st.integers(0, 60_000),
        )
    )
    def check(asked: Asked) -> None:
        answer = catalog.search(asked=asked, size=50)
        counts = answer.counts
        assert counts is not None
        assert answer.total == len(answer.cards) == sum(passes(one_, asked) for one_ in everything)
        for name in ("categories", "industries", "regions", "sellers"):
            by_hand = Counter(
                value for one_ in everything if passes(one_, asked, name) for value in one_[name]
            )
            counted = {code: number for code, number in getattr(counts, name).items() if number}
            assert counted == dict(by_hand), name
        priced = [one_["price"] for one_ in everything if passes(one_, asked, "price")]
        in_cny = [price.minor for price in priced if price.currency == "CNY"]
        for band in counts.bands:
            until = band.to_minor if band.to_minor is not None else 10**18
            assert band.count == sum(band.from_minor <= minor <= until for minor in in_cny)
        if counts.bands:
            assert sum(band.count for band in counts.bands) == len(in_cny)
        for attribute, options in counts.options.items():
            by_hand = Counter(
                option
                for one_ in everything
                if passes(one_, asked, f"option:{attribute}")
                for option in one_["options"]
                if option.startswith(f"{attribute}=")
            )
            assert {f"{attribute}={option}": number for option, number in options.items()} == dict(by_hand)

    check()


def test_what_a_band_says_a_click_on_it_finds(bazaar: Market):
    counts = catalog.search(asked=Asked()).counts
    assert counts is not None
    assert 2 <= len(counts.bands) <= 5
    for band in counts.bands:
        asked = Asked(price_from_minor=band.from_minor, price_to_minor=band.to_minor)
        assert catalog.search(asked=asked).total == band.count


# --- pure ------------------------------------------------------------------------------------------------


@given(st.integers(1, 10**15))
def test_steps_hold_what_is_between_them(minor: int):
    assert step_floor(step_of(minor)) <= minor < step_floor(step_of(minor) + 1)


@given(st.dictionaries(st.integers(0, 30).map(lambda step: f"CNY:{step}"), st.integers(1, 1000), max_size=25))
def test_bands_follow_each_other_and_leave_nothing_out(counted: dict[str, int]):
    made = bands({**counted, "USD:3": 9}, "CNY")
    if len(counted) < 2:
        assert made == ()
        return
    assert sum(band.count for band in made) == sum(counted.values())
    assert len(made) <= 5
    assert (made[0].from_minor, made[-1].to_minor) == (0, None)
    for before, after in pairwise(made):
        assert before.to_minor is not None
        assert after.from_minor == before.to_minor + 1


@given(st.text(alphabet="abcd", max_size=6), st.text(alphabet="abcd", max_size=6))
def test_distance_is_one(first: str, second: str):
    there, back = distance(first, second), distance(second, first)
    assert there == back
    assert (there == 0) == (first == second)


def test_a_text_has_one_plain_form():
    assert text.plain("ＧＢ／Ｔ 3274 熱軋鋼捲") == "gb/t 3274 热轧钢卷"
    assert list(text.index_words("gb/t 2.0mm sus304")) == [
        *("gb/t", "gbt", "gb", "t", "2.0mm", "2", "mm", "sus304", "sus", "304")[:7],
        *("sus304", "304"),
    ]
    assert text.index_sequence(["钢卷 q235b", "", "2.50 mm"]) == "钢 卷 q235b ¦ 2.5 mm"
    assert text.as_syllables("gangjuan") == ("gang", "juan")
    assert text.as_syllables("steel") is None
    assert text.smaller_words("无缝钢管") == ("无缝", "钢管")
    assert meant(text.Run("gangjuan", is_han=False), ["热轧钢卷 ¦ hot-rolled coil"]) == "钢卷"
    alike = ["二级茶", "二级茶叶", "降噪耳机"]
    assert meant(text.Run("而机", is_han=True), alike) == "耳机"
    assert meant(text.Run("飞机", is_han=True), ["热轧钢卷"]) is None
