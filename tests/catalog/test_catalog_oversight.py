"""What authorities see of listings: all of them, in any state; holds by age; revisions with what changed."""

import pytest

from cohong.catalog import api as catalog
from cohong.kernel import journal
from cohong.kernel.errors import one
from cohong.kernel.ids import new_id
from cohong.parties import api as parties
from trading import Place, acting_for

pytestmark = pytest.mark.django_db(transaction=True)


def draft(title: str, fen: int = 100, **more):
    sku = catalog.SkuDraft(code="a", attributes={}, tiers=[catalog.Tier(1, fen)])
    return catalog.ListingDraft(
        **{"category_code": "coil", "title": title, "currency": "CNY", "unit": "piece", "skus": [sku], **more}
    )


def listed(place: Place, *drafts, publish: bool = True):
    made = catalog.create_listings(
        actor=place.seller, seller_id=place.seller_id, drafts=list(drafts), publish=publish
    )
    return [one([ids]).listing_id for ids in made]


def test_listings_in_any_state_are_found_by_title_and_counted():
    place = Place()
    shown, other = listed(place, draft("冷轧钢卷"), draft("热轧钢板"))
    [hidden] = listed(place, draft("冷轧钢带"), publish=False)
    catalog.hold_listing(actor=place.authority, listing_id=shown, reason="抽检不合格")
    found = catalog.find_listings(actor=place.authority, text="冷轧")
    assert [card.id for card in found.items] == [hidden, shown]
    held = catalog.find_listings(actor=place.authority, held=True)
    assert [card.id for card in held.items] == [shown]
    page = catalog.find_listings(actor=place.authority, limit=1)
    assert page.next is not None
    rest = catalog.find_listings(actor=place.authority, cursor=page.next)
    assert {card.id for card in (*page.items, *rest.items)} == {shown, other, hidden}
    assert catalog.counts_of(party_id=place.seller_id) == {"published": 2, "draft": 1, "held": 1}
    with pytest.raises(parties.MandateMissing):
        catalog.find_listings(actor=place.seller, text="冷轧")


def test_many_are_held_at_once_each_with_its_own_outcome():
    place = Place()
    first, second = listed(place, draft("一"), draft("二"))
    unknown = new_id()
    held = catalog.hold_listings(
        actor=place.authority, listing_ids=[second, unknown, first], reason="批量抽检"
    )
    assert isinstance(held[1], catalog.NoSuchListing)
    standing = catalog.holds_in_force(actor=place.authority)
    assert {one.hold.id for one in standing} == {held[0], held[2]}
    assert {(one.title, one.seller_id, one.hold.mandate) for one in standing} == {
        ("一", place.seller_id, "supervision"),
        ("二", place.seller_id, "supervision"),
    }
    assert catalog.holds_in_force(actor=place.authority, after=standing[-1].hold.id) == []
    with pytest.raises(catalog.TooManyListings):
        catalog.hold_listings(actor=place.authority, listing_ids=[new_id() for _ in range(201)], reason="多")
    with pytest.raises(parties.MandateMissing):
        catalog.hold_listings(actor=place.seller, listing_ids=[first], reason="自己")
    with pytest.raises(parties.MandateMissing):
        catalog.holds_in_force(actor=acting_for(new_id(), mandates=[parties.Mandate.CUSTOMS]))
    assert len(catalog.holds_in_force(actor=place.authority)) == 2


def test_revisions_say_what_changed_from_one_publication_to_the_next():
    place = Place()
    [listing_id] = listed(place, draft("钢卷", description="厚 1 毫米"))
    sku = catalog.listings(ids=[listing_id])[listing_id].skus[0]
    new = catalog.SkuDraft(
        code="a", attributes={}, tiers=[catalog.Tier(1, 90), catalog.Tier(10, 80)], min_order=2
    )
    more = catalog.SkuDraft(code="b", attributes={}, tiers=[catalog.Tier(1, 70)])
    catalog.change_listing(
        actor=place.seller,
        listing_id=listing_id,
        draft=draft("钢卷", description="厚 2 毫米", skus=[new, more]),
    )
    newest, oldest = catalog.revisions(actor=place.authority, listing_id=listing_id)
    assert oldest.differences == ()
    said = [(d.field, d.of, str(d.was), str(d.now)) for d in newest.differences]
    assert said[0] == ("description", "", "厚 1 毫米", "厚 2 毫米")
    assert ("min_order", "a", "1", "2") in said
    assert ("sku", "b", "None", "b") in said
    prices = [
        (d.of, d.was and d.was.minor, d.now and d.now.minor) for d in newest.differences if d.field == "price"
    ]
    assert prices == [("a ≥ 1", 100, 90), ("a ≥ 10", None, 80)]
    assert sku.code == "a"
    assert len(journal.file_of([listing_id])) == 2
    assert catalog.revisions(actor=place.seller, listing_id=listing_id) == [newest, oldest]
    with pytest.raises(catalog.NoSuchListing):
        catalog.revisions(actor=place.other, listing_id=listing_id)
