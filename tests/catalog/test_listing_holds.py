"""Holds: who may place and lift them, and that nothing held is sold."""

from typing import Any

import pytest
from catalog_market import Market, acting_for, coil, order, refused

from cohong.catalog import api as catalog
from cohong.catalog import refusals as no
from cohong.kernel import journal
from cohong.kernel.ids import new_id
from cohong.parties import api as parties
from cohong.parties.api import Mandate

pytestmark = pytest.mark.django_db


def test_a_held_listing_is_neither_sold_nor_quoted_nor_browsed_until_every_hold_is_lifted(market: Market):
    [sku] = market.goods(5)
    listing_id = catalog.skus(ids=[sku])[sku].listing_id
    first = catalog.hold_listing(actor=market.authority, listing_id=listing_id, reason="无证销售")
    second = catalog.hold_listing(actor=market.platform, listing_id=listing_id, reason="图片侵权")
    held = catalog.ListingHeld(listing=str(listing_id), title="冷轧钢卷")

    def stopped():
        [kept] = catalog.reserve(orders=[order((sku, 1))])
        [quoted] = catalog.quote(items=[catalog.QuoteItem(sku, 1)])
        return kept == held and quoted == held and catalog.browse().items == ()

    assert stopped()
    with refused(no.NoSuchListing):
        catalog.listing(listing_id=listing_id)
    assert catalog.listing(listing_id=listing_id, actor=market.seller).held
    catalog.lift_hold(actor=market.authority, hold_id=first, reason="已补证")
    assert stopped()
    catalog.lift_hold(actor=market.platform, hold_id=second, reason="已换图")
    assert not stopped()
    assert market.stock(sku) == (5, 1)


def test_each_hold_is_recorded_and_documented_with_its_reason(market: Market):
    listing_id = market.publish(coil()).listing_id
    hold_id = catalog.hold_listing(actor=market.authority, listing_id=listing_id, reason=" 无证销售 ")
    catalog.lift_hold(actor=market.authority, hold_id=hold_id, reason="已补证")
    [view] = catalog.holds(actor=market.seller, listing_id=listing_id)
    assert (view.id, view.reason, view.placed_by, view.lift_reason) == (
        *(hold_id, "无证销售", market.authority_id, "已补证"),
    )
    assert view.lifted_at is not None
    _, held, lifted = [filed.envelope for filed in journal.file_of([listing_id])]
    assert (held.kind, held.issuer, held.visible_to, held.body.reason, held.body.mandate) == (
        *("catalog.held", market.authority_id, (market.seller_id,), "无证销售", "supervision"),
    )
    assert (lifted.kind, lifted.answers, lifted.body.reason, lifted.body.open_holds) == (
        *("catalog.hold_lifted", (held.id,), "已补证", 0),
    )


def test_supervision_lifts_any_hold_and_the_platform_only_its_own(market: Market):
    listing_id = market.publish(coil()).listing_id
    of_authority = catalog.hold_listing(actor=market.authority, listing_id=listing_id, reason="抽检")
    of_platform = catalog.hold_listing(actor=market.platform, listing_id=listing_id, reason="投诉")
    with refused(parties.MandateMissing):
        catalog.lift_hold(actor=market.platform, hold_id=of_authority, reason="算了")
    catalog.lift_hold(actor=market.authority, hold_id=of_platform, reason="查无此事")
    with refused(no.HoldLifted):
        catalog.lift_hold(actor=market.platform, hold_id=of_platform, reason="再来")


@pytest.mark.parametrize(
    "mandate", [one for one in Mandate if one not in {Mandate.PLATFORM, Mandate.SUPERVISION}]
)
def test_nobody_else_holds_or_lifts(market: Market, mandate: Any):
    listing_id = market.publish(coil()).listing_id
    hold_id = catalog.hold_listing(actor=market.authority, listing_id=listing_id, reason="抽检")
    for actor in (market.seller, market.rival, acting_for(market.authority_id, mandates=[mandate])):
        with refused(parties.MandateMissing):
            catalog.hold_listing(actor=actor, listing_id=listing_id, reason="不服")
        with refused(parties.MandateMissing):
            catalog.lift_hold(actor=actor, hold_id=hold_id, reason="不服")
    with refused(no.NoSuchListing):
        catalog.holds(actor=market.rival, listing_id=listing_id)


def test_a_hold_needs_a_reason_and_a_listing(market: Market):
    listing_id = market.publish(coil()).listing_id
    for reason, kind in (("", no.TextMissing), (" ", no.TextMissing), ("长" * 501, no.TextTooLong)):
        with refused(kind):
            catalog.hold_listing(actor=market.authority, listing_id=listing_id, reason=reason)
    with refused(no.NoSuchListing):
        catalog.hold_listing(actor=market.authority, listing_id=new_id(), reason="抽检")
    with refused(no.NoSuchHold):
        catalog.lift_hold(actor=market.authority, hold_id=new_id(), reason="抽检")
    assert not catalog.listing(listing_id=listing_id).held


def test_a_held_draft_is_not_published_but_may_be_mended(market: Market):
    listing_id = catalog.create_listing(actor=market.seller, seller_id=market.seller_id, draft=coil())
    hold_id = catalog.hold_listing(actor=market.authority, listing_id=listing_id, reason="标题违规")
    [outcome] = catalog.publish(actor=market.seller, listing_ids=[listing_id])
    assert outcome.code == "ListingHeld"
    catalog.change_listing(actor=market.seller, listing_id=listing_id, draft=coil(title="合规标题"))
    catalog.lift_hold(actor=market.authority, hold_id=hold_id, reason="已改")
    assert catalog.publish(actor=market.seller, listing_ids=[listing_id]) == [None]
