"""Listings from draft to withdrawal: what is refused, what is kept, what the journal says."""

from dataclasses import replace as replace_actor
from typing import Any

import msgspec
import pytest
from catalog_market import Market, acting_for, coil, coil_sku, refused
from django.utils.translation import override

from cohong.catalog import api as catalog
from cohong.catalog import refusals as no
from cohong.catalog import rules
from cohong.kernel import journal, sets
from cohong.kernel.errors import Refusal, one
from cohong.kernel.ids import new_id
from cohong.kernel.money import MAX_MINOR, Money
from cohong.kernel.states import WrongState
from cohong.parties import api as parties
from cohong.parties.api import Restriction, Role

pytestmark = pytest.mark.django_db


def dress(**more: Any):
    fields = {
        "category_code": "clothing.dress",
        "title": "棉布连衣裙",
        "title_en": "Cotton dress",
        "description": "可贴牌。\n颜色可选。",
        "currency": "HKD",
        "unit": "piece",
        "attributes": {"fabric": "棉"},
        "freight_note": "广东省内包邮",
        "key": "D-1",
        "skus": [
            catalog.SkuDraft(
                "D-1-S",
                {"size": "s", "colour": "红"},
                [catalog.Tier(1, 8800), catalog.Tier(100, 7950)],
                min_order=2,
                multiple=2,
                weight_grams=350,
                max_order=1000,
            ),
            catalog.SkuDraft("D-1-M", {"size": "m"}, [catalog.Tier(1, 9000)]),
        ],
        **more,
    }
    return catalog.ListingDraft(**fields)


def kinds(listing_id: Any):
    return [filed.envelope.kind for filed in journal.file_of([listing_id])]


# --- create and publish ----------------------------------------------------------------------------------


def test_a_draft_is_kept_as_described_and_seen_by_its_seller_only(market: Market):
    listing_id = catalog.create_listing(actor=market.seller, seller_id=market.seller_id, draft=dress())
    view = catalog.listing(listing_id=listing_id, actor=market.seller)
    assert (view.title, view.title_en, view.key, view.unit, view.state) == (
        *("棉布连衣裙", "Cotton dress", "D-1", "piece", "draft"),
    )
    assert (view.category_code, view.industry_code, view.region_code) == (
        "clothing.dress",
        "clothing",
        "440100",
    )
    assert (view.price_from, view.price_to) == (Money(7950, "HKD"), Money(9000, "HKD"))
    assert view.attributes == {"fabric": "棉"}
    small, medium = view.skus
    assert (small.code, small.attributes, small.tiers) == (
        *("D-1-S", {"size": "s", "colour": "红"}),
        (catalog.Tier(1, 8800), catalog.Tier(100, 7950)),
    )
    assert (small.min_order, small.multiple, small.max_order, small.weight_grams) == (2, 2, 1000, 350)
    assert (medium.min_order, medium.multiple, medium.max_order, medium.weight_grams) == (1, 1, None, 0)
    assert journal.file_of([listing_id]) == []
    for stranger in (None, market.rival, acting_for(market.seller_id, scopes=["orders:read"])):
        with refused(no.NoSuchListing):
            catalog.listing(listing_id=listing_id, actor=stranger)
    assert catalog.listing(listing_id=listing_id, actor=market.authority).id == listing_id


def test_publishing_states_the_whole_public_content(market: Market):
    ids = market.publish(dress())
    [filed] = journal.file_of([ids.listing_id])
    envelope, body = filed.envelope, filed.envelope.body
    assert (envelope.kind, envelope.issuer, envelope.subject) == (
        "catalog.published",
        market.seller_id,
        ids.listing_id,
    )
    assert msgspec.to_builtins(body) == {
        "listing_id": str(ids.listing_id),
        "seller_id": str(market.seller_id),
        "revision": 1,
        "category_code": "clothing.dress",
        "industry_code": "clothing",
        "market_id": None,
        "region_code": "440100",
        "title": "棉布连衣裙",
        "title_en": "Cotton dress",
        "description": "可贴牌。\n颜色可选。",
        "attributes": {"fabric": "棉"},
        "unit": "piece",
        "currency": "HKD",
        "freight_note": "广东省内包邮",
        "skus": [
            {
                "id": str(ids.sku_ids[0]),
                "code": "D-1-S",
                "attributes": {"size": "s", "colour": "红"},
                "tiers": [
                    {"min_quantity": 1, "unit_price_minor": 8800},
                    {"min_quantity": 100, "unit_price_minor": 7950},
                ],
                "min_order": 2,
                "multiple": 2,
                "max_order": 1000,
                "weight_grams": 350,
            },
            {
                "id": str(ids.sku_ids[1]),
                "code": "D-1-M",
                "attributes": {"size": "m"},
                "tiers": [{"min_quantity": 1, "unit_price_minor": 9000}],
                "min_order": 1,
                "multiple": 1,
                "max_order": None,
                "weight_grams": 0,
            },
        ],
        "pictures": [],
    }
    view = catalog.listing(listing_id=ids.listing_id)
    assert view.offered
    assert view.published_at is not None


def test_the_life_of_a_listing_and_its_documents(market: Market):
    listing_id = catalog.create_listing(actor=market.seller, seller_id=market.seller_id, draft=dress())
    assert catalog.publish(actor=market.seller, listing_ids=[listing_id]) == [None]
    [again] = catalog.publish(actor=market.seller, listing_ids=[listing_id])
    assert isinstance(again, WrongState)
    assert catalog.withdraw(actor=market.seller, listing_ids=[listing_id]) == [None]
    [again] = catalog.withdraw(actor=market.seller, listing_ids=[listing_id])
    assert isinstance(again, WrongState)
    assert catalog.publish(actor=market.seller, listing_ids=[listing_id]) == [None]
    assert kinds(listing_id) == ["catalog.published", "catalog.withdrawn", "catalog.published"]
    published, withdrawn, _ = [filed.envelope for filed in journal.file_of([listing_id])]
    assert withdrawn.answers == (published.id,)


def test_a_draft_is_given_up_without_a_document(market: Market):
    listing_id = catalog.create_listing(actor=market.seller, seller_id=market.seller_id, draft=dress())
    assert catalog.withdraw(actor=market.seller, listing_ids=[listing_id]) == [None]
    assert kinds(listing_id) == []
    assert catalog.listing(listing_id=listing_id, actor=market.seller).state == "withdrawn"


def test_many_are_published_and_each_has_its_own_outcome(market: Market):
    own, other = (
        catalog.create_listing(actor=market.seller, seller_id=market.seller_id, draft=coil(title=title))
        for title in ("一", "二")
    )
    rivals = catalog.create_listing(actor=market.rival, seller_id=market.rival_id, draft=coil())
    unknown = new_id()
    outcomes = catalog.publish(actor=market.seller, listing_ids=[own, rivals, unknown, other])
    assert [outcome and outcome.code for outcome in outcomes] == [None, "NotYours", "NoSuchListing", None]
    assert kinds(rivals) == []


def test_many_drafts_have_each_its_own_outcome(market: Market):
    good, bad, worse = catalog.create_listings(
        actor=market.seller,
        seller_id=market.seller_id,
        drafts=[coil(), coil(title=""), coil(currency="XXX")],
        publish=True,
    )
    assert isinstance(good, catalog.ListingIds)
    assert bad == no.TextMissing(field="title")
    assert worse.code == "UnknownCurrency"
    assert sets.fetch("select count(*) from catalog_listing") == [(1,)]


def test_creating_many_takes_as_many_statements_as_creating_one(
    market: Market, monkeypatch: pytest.MonkeyPatch
):
    ran = []
    for name in ("fetch", "run", "insert"):
        real = getattr(sets, name)
        monkeypatch.setattr(sets, name, lambda *args, real=real: (ran.append(args[0]), real(*args))[1])
    counts = []
    for many in (1, 50):
        ran.clear()
        drafts = [coil(id=new_id()) for _ in range(many)]
        catalog.create_listings(actor=market.seller, seller_id=market.seller_id, drafts=drafts, publish=True)
        counts.append(len(ran))
    assert counts[0] == counts[1]


def test_a_listing_under_an_id_of_the_callers_is_made_once(market: Market):
    draft = coil(id=new_id(), skus=[msgspec.structs.replace(coil_sku(), id=new_id())])
    first = market.publish(draft)
    assert first == catalog.ListingIds(draft.id, (draft.skus[0].id,))
    assert market.publish(draft) == first
    assert kinds(draft.id) == ["catalog.published"]
    [taken] = catalog.create_listings(
        actor=market.rival, seller_id=market.rival_id, drafts=[draft], publish=False
    )
    assert taken == catalog.ReferenceReused(reference=str(draft.id))
    twice = coil(id=new_id())
    made, repeated = catalog.create_listings(
        actor=market.seller, seller_id=market.seller_id, drafts=[twice, twice], publish=False
    )
    assert made.listing_id == twice.id
    assert repeated.code == "ReferenceReused"


def test_a_key_is_the_sellers_own_once(market: Market):
    market.publish(coil(key="K1"))
    outcomes = catalog.create_listings(
        actor=market.seller,
        seller_id=market.seller_id,
        drafts=[coil(key="K1"), coil(key="K2"), coil(key="K2"), coil(), coil()],
        publish=False,
    )
    assert [outcome.code if isinstance(outcome, Refusal) else None for outcome in outcomes] == [
        *("KeyTaken", None, "KeyTaken", None, None)
    ]
    rivals = catalog.create_listings(
        actor=market.rival, seller_id=market.rival_id, drafts=[coil(key="K1")], publish=False
    )
    assert isinstance(one(rivals), catalog.ListingIds)


# --- what a draft may not be -----------------------------------------------------------------------------

DEAR_BY_QUANTITY = ((1, 100), (10, 101))


@pytest.mark.parametrize(
    ("draft", "code", "field"),
    [
        (coil(title="  "), "TextMissing", "title"),
        (coil(title="长" * 201), "TextTooLong", "title"),
        (coil(title="一\x00二"), "TextUnreadable", "title"),
        (coil(title="一\n二"), "TextUnreadable", "title"),
        (coil(title="\ud800"), "TextUnreadable", "title"),
        (coil(title="电话13812345678"), "PersonalDataInText", "title"),
        (coil(description="字" * 20_001), "TextTooLong", "description"),
        (coil(freight_note="字" * 501), "TextTooLong", "freight_note"),
        (coil(currency="RMB"), "UnknownCurrency", "currency"),
        (coil(currency="XAU"), "UnknownCurrency", "currency"),
        (coil(unit="ton"), "NoSuchUnit", "unit"),
        (coil(unit="\x00"), "NoSuchUnit", "unit"),
        (coil(market_id=new_id()), "NoSuchMarket", "market_id"),
        (coil(category_code="steel.nothing"), "NoSuchCategory", "category_code"),
        (coil(category_code="a\x00b"), "NoSuchCategory", "category_code"),
        (
            coil(category_code="clothing", attributes={}, skus=[coil_sku(attributes={})]),
            "CategoryTooBroad",
            "category_code",
        ),
        (coil(attributes={}), "AttributeMissing", "attributes.grade"),
        (coil(attributes={"grade": "q999"}), "AttributeInvalid", "attributes.grade"),
        (coil(attributes={"grade": "spcc", "size": "s"}), "AttributeUnknown", "attributes.size"),
        (
            coil(attributes={"grade": "spcc", "thickness": "1.5"}),
            "AttributeMisplaced",
            "attributes.thickness",
        ),
        (coil(attributes={"grade": "spcc", "width": "1250"}), "AttributeInvalid", "attributes.width"),
        (coil(attributes={"grade": "spcc", "width": True}), "AttributeInvalid", "attributes.width"),
        (coil(attributes={"grade": "spcc", "width": 12.5}), "AttributeInvalid", "attributes.width"),
        (
            coil(attributes={"grade": "spcc", "galvanised": "yes"}),
            "AttributeInvalid",
            "attributes.galvanised",
        ),
        (coil(skus=[coil_sku(attributes={"thickness": "1,5"})]), "AttributeInvalid", "attributes.thickness"),
        (coil(skus=[coil_sku(attributes={"thickness": 1.5})]), "AttributeInvalid", "attributes.thickness"),
        (coil(skus=[coil_sku(attributes={})]), "AttributeMissing", "attributes.thickness"),
        (coil(skus=[coil_sku(f"c{n}") for n in range(201)]), "TooManySkus", "skus"),
        (coil(skus=[coil_sku("c"), coil_sku("c")]), "CodeRepeated", "code"),
        (coil(skus=[coil_sku("")]), "TextMissing", "code"),
        (coil(skus=[coil_sku("c", (1, 0))]), "PriceNotPositive", "tiers"),
        (coil(skus=[coil_sku("c", (1, -5))]), "PriceNotPositive", "tiers"),
        (coil(skus=[coil_sku("c", (1, 3.95))]), "NotAWholeNumber", "tiers"),
        (coil(skus=[coil_sku("c", (1, MAX_MINOR + 1))]), "NotAWholeNumber", "tiers"),
        (coil(skus=[coil_sku("c", (0, 5))]), "NotAWholeNumber", "tiers"),
        (coil(skus=[coil_sku("c", (1, 5), (1, 4))]), "TiersDisordered", "tiers"),
        (coil(skus=[coil_sku("c", *DEAR_BY_QUANTITY)]), "TiersDisordered", "tiers"),
        (coil(skus=[coil_sku("c", *((n, 500 - n) for n in range(1, 22)))]), "TooManyTiers", "tiers"),
        (coil(skus=[coil_sku("c", (10, 5), min_order=5)]), "TierGap", "tiers"),
        (coil(skus=[catalog.SkuDraft("c", {"thickness": "1"}, [])]), "TiersMissing", "tiers"),
        (coil(skus=[coil_sku(min_order=0)]), "NotAWholeNumber", "min_order"),
        (coil(skus=[coil_sku(min_order=1.0)]), "NotAWholeNumber", "min_order"),
        (coil(skus=[coil_sku(multiple=0)]), "NotAWholeNumber", "multiple"),
        (coil(skus=[coil_sku(min_order=5, multiple=2)]), "OrderLimitsWrong", "min_order"),
        (coil(skus=[coil_sku(min_order=4, max_order=2)]), "OrderLimitsWrong", "min_order"),
        (coil(skus=[coil_sku(min_order=4, multiple=2, max_order=7)]), "OrderLimitsWrong", "min_order"),
        (coil(skus=[coil_sku(max_order=10**13)]), "NotAWholeNumber", "max_order"),
        (coil(skus=[coil_sku(weight_grams=-1)]), "NotAWholeNumber", "weight_grams"),
        (msgspec.structs.replace(coil(), skus=[]), "SkusMissing", "skus"),
    ],
)
def test_a_faulty_draft_is_refused_by_name_and_makes_nothing(
    market: Market, draft: Any, code: Any, field: Any
):
    [[flaw]] = catalog.flaws(seller_id=market.seller_id, drafts=[draft])
    assert (flaw.refusal.code, flaw.field) == (code, field)
    assert str(flaw.refusal)
    [outcome] = catalog.create_listings(
        actor=market.seller, seller_id=market.seller_id, drafts=[draft], publish=True
    )
    assert outcome == flaw.refusal
    assert sets.fetch("select count(*) from catalog_listing") == [(0,)]


def test_all_flaws_are_told_at_once(market: Market):
    draft = coil(title="", attributes={}, skus=[coil_sku("a"), coil_sku("b", (1, 0), weight_grams=-1)])
    [flaws] = catalog.flaws(seller_id=market.seller_id, drafts=[draft])
    assert [(flaw.field, flaw.sku, flaw.refusal.code) for flaw in flaws] == [
        ("title", None, "TextMissing"),
        ("attributes.grade", None, "AttributeMissing"),
        ("weight_grams", 1, "NotAWholeNumber"),
        ("tiers", 1, "PriceNotPositive"),
    ]


# --- who may ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.OWNER, Role.SALES}])
def test_only_sales_and_the_owner_offer_goods(market: Market, role: Any):
    listing_id = market.publish(coil()).listing_id
    for actor in (acting_for(market.seller_id, role), market.rival, market.authority):
        with refused(parties.NotYours):
            catalog.create_listing(actor=actor, seller_id=market.seller_id, draft=coil())
        with refused(parties.NotYours):
            catalog.change_listing(actor=actor, listing_id=listing_id, draft=coil())
        for act in (catalog.publish, catalog.withdraw):
            [outcome] = act(actor=actor, listing_ids=[listing_id])
            assert outcome.code == "NotYours"
        with refused(parties.NotYours):
            catalog.import_listings(actor=actor, seller_id=market.seller_id, file=b"x", filename="x.csv")
        with refused(parties.NotYours):
            catalog.sellers_listings(actor=market.rival, seller_id=market.seller_id)
    sales = acting_for(market.seller_id, Role.SALES)
    assert catalog.change_listing(actor=sales, listing_id=listing_id, draft=coil()) == 2
    token = replace_actor(sales, scopes=frozenset({"catalog:read"}))
    with refused(parties.ScopeMissing):
        catalog.change_listing(actor=token, listing_id=listing_id, draft=coil())


def test_a_restricted_seller_does_not_publish_but_may_prepare_and_withdraw(market: Market):
    published = market.publish(coil()).listing_id
    restriction = parties.restrict(
        actor=market.platform, party_id=market.seller_id, restriction=Restriction.PUBLISH, reason="核查资质"
    )
    with refused(no.PublishingRestricted):
        market.publish(coil())
    draft = catalog.create_listing(actor=market.seller, seller_id=market.seller_id, draft=coil())
    assert catalog.publish(actor=market.seller, listing_ids=[draft]) == [
        no.PublishingRestricted(party=str(market.seller_id))
    ]
    assert catalog.withdraw(actor=market.seller, listing_ids=[published]) == [None]
    parties.lift_restriction(actor=market.platform, id=restriction, reason="已核")
    assert catalog.publish(actor=market.seller, listing_ids=[draft]) == [None]


# --- change ----------------------------------------------------------------------------------------------


def test_a_change_keeps_the_skus_that_stay_and_retires_the_rest(market: Market):
    ids = market.publish(coil(skus=[coil_sku("a"), coil_sku("b")]))
    market.receive(ids.sku_ids[0], 5)
    draft = coil(title="热轧钢卷", currency="USD", skus=[coil_sku("c", (1, 80)), coil_sku("b", (1, 70))])
    assert (
        catalog.change_listing(actor=market.seller, listing_id=ids.listing_id, draft=draft, revision=1) == 2
    )
    view = catalog.listing(listing_id=ids.listing_id)
    assert [sku.code for sku in view.skus] == ["c", "b"]
    assert view.skus[1].id == ids.sku_ids[1]
    assert (view.title, view.price_from, view.price_to) == ("热轧钢卷", Money(70, "USD"), Money(80, "USD"))
    assert catalog.skus(ids=ids.sku_ids)[ids.sku_ids[0]].retired
    assert market.stock(ids.sku_ids[0]) == (5, 0)
    [retired] = catalog.quote(items=[catalog.QuoteItem(ids.sku_ids[0], 1)])
    assert retired.code == "ListingNotPublished"
    first, second = [filed.envelope.body for filed in journal.file_of([ids.listing_id])]
    assert (first.revision, second.revision, second.title) == (1, 2, "热轧钢卷")
    assert [sku.code for sku in second.skus] == ["c", "b"]
    assert (
        catalog.change_listing(
            actor=market.seller, listing_id=ids.listing_id, draft=coil(skus=[coil_sku("a")])
        )
        == 3
    )
    assert catalog.listing(listing_id=ids.listing_id).skus[0].id == ids.sku_ids[0]


def test_a_change_on_top_of_anothers_is_refused(market: Market):
    listing_id = market.publish(coil()).listing_id
    catalog.change_listing(actor=market.seller, listing_id=listing_id, draft=coil(title="甲"), revision=1)
    with refused(no.ListingChanged) as found:
        catalog.change_listing(actor=market.seller, listing_id=listing_id, draft=coil(title="乙"), revision=1)
    assert found.value.params == {"revision": 2}
    assert catalog.listing(listing_id=listing_id).title == "甲"


def test_a_faulty_change_changes_nothing(market: Market):
    listing_id = market.publish(coil(key="K1")).listing_id
    market.publish(coil(key="K2"))
    with refused(no.TextMissing):
        catalog.change_listing(actor=market.seller, listing_id=listing_id, draft=coil(title=""))
    with refused(no.KeyTaken):
        catalog.change_listing(actor=market.seller, listing_id=listing_id, draft=coil(key="K2"))
    with refused(no.NoSuchListing):
        catalog.change_listing(actor=market.seller, listing_id=new_id(), draft=coil())
    assert catalog.listing(listing_id=listing_id).revision == 1
    assert catalog.change_listing(actor=market.seller, listing_id=listing_id, draft=coil(key="K1")) == 2


# --- quotes ----------------------------------------------------------------------------------------------


def test_the_price_follows_the_quantity(market: Market):
    small, medium = market.publish(dress()).sku_ids
    wanted = [(small, 2), (small, 98), (small, 100), (small, 1000), (medium, 1)]
    quotes = catalog.quote(items=[catalog.QuoteItem(*one) for one in wanted])
    assert [quote.unit_price for quote in quotes] == [
        Money(minor, "HKD") for minor in (8800, 8800, 7950, 7950, 9000)
    ]
    assert (
        quotes[0].title,
        quotes[0].sku_code,
        quotes[0].unit,
        quotes[0].quantity,
        quotes[0].weight_grams,
    ) == (*("棉布连衣裙", "D-1-S", "piece", 2, 350),)
    assert quotes[0].seller_id == market.seller_id


def test_quantities_that_cannot_be_ordered_are_refused_by_name(market: Market):
    small = market.publish(dress()).sku_ids[0]
    dear = market.publish(coil(skus=[coil_sku("c", (1, MAX_MINOR))])).sku_ids[0]
    unknown = new_id()
    wanted = [
        (small, 1),
        (small, 3),
        (small, 1002),
        (small, 0),
        (small, 2.0),
        (dear, 1),
        (dear, 2),
        (unknown, 1),
    ]
    outcomes = catalog.quote(items=[catalog.QuoteItem(*one) for one in wanted])
    assert [outcome.code if isinstance(outcome, Refusal) else None for outcome in outcomes] == [
        *("BelowMinimum", "NotMultiple", "PastTiers", "NotAWholeNumber", "NotAWholeNumber"),
        *(None, "AmountTooLarge", "NoSuchSku"),
    ]
    assert outcomes[0].params == {"minimum": 2, "quantity": 1}
    assert outcomes[1].params == {"multiple": 2, "quantity": 3}
    assert outcomes[2].params == {"most": 1000, "quantity": 1002}


def test_what_is_not_on_offer_has_no_price(market: Market):
    draft = one(
        catalog.create_listings(
            actor=market.seller, seller_id=market.seller_id, drafts=[coil()], publish=False
        )
    )
    [outcome] = catalog.quote(items=[catalog.QuoteItem(draft.sku_ids[0], 1)])
    assert outcome == catalog.ListingNotPublished(listing=str(draft.listing_id), title="冷轧钢卷")


def test_many_quotes_are_one_statement(market: Market, monkeypatch: pytest.MonkeyPatch):
    skus = market.goods(*[1] * 10)
    ran = []
    real = sets.fetch
    monkeypatch.setattr(sets, "fetch", lambda *args: (ran.append(args), real(*args))[1])
    assert len(catalog.quote(items=[catalog.QuoteItem(sku, 1) for sku in skus * 10])) == 100
    assert len(ran) == 1


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_refusals_can_be_read_in_every_language(language: Any):
    kinds = [one for one in vars(no).values() if isinstance(one, type) and one.__module__ == no.__name__]
    messages = {one.code: one.message for one in kinds if one.message is not Refusal.message}
    assert len(messages) > 60
    with override("en"):
        english = {code: str(message) for code, message in messages.items()}
    with override(language):
        assert [code for code, message in messages.items() if str(message) == english[code]] == []
        assert str(no.TextMissing(field="title")) in {"“标题”必须填写。", "“標題”必須填寫。"}


def test_goods_are_taken_from_the_fewest_places():
    low, high = sorted([new_id(), new_id()])
    assert rules.take(5, {low: 5, high: 7}) == [(high, 5)]
    assert rules.take(5, {low: 5, high: 5}) == [(low, 5)]
    assert rules.take(9, {low: 5, high: 5}) == [(low, 5), (high, 4)]
    with pytest.raises(ValueError, match="not enough"):
        rules.take(11, {low: 5, high: 5})
