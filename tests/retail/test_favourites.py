"""Favourites: kept for a user and a party, listed newest first, nobody else's business."""

from datetime import timedelta

import pytest
from retail_street import Street

from cohong.catalog import api as catalog
from cohong.kernel import clock
from cohong.kernel.ids import new_id
from cohong.parties.api import Actor, Role, ScopeMissing
from cohong.retail import api as retail
from cohong.retail.api import FavouriteKind

LISTING, SELLER = FavouriteKind.LISTING, FavouriteKind.SELLER


def listing(street: Street, title: str) -> object:
    sku_id = street.goods(street.anna, title)
    return catalog.skus(ids=[sku_id])[sku_id].listing_id


def test_they_are_kept_and_listed_newest_first(street: Street):
    ids = [listing(street, f"裙{number}") for number in range(5)]
    start = clock.now()
    for number, id_ in enumerate(ids):
        with clock.at(start + timedelta(minutes=number)):
            retail.add_favourite(actor=street.buyer, kind=LISTING, thing_id=id_)
    retail.add_favourite(actor=street.buyer, kind=LISTING, thing_id=ids[0])  # stays where it was
    retail.add_favourite(actor=street.buyer, kind=SELLER, thing_id=street.anna.party_id)
    first = retail.favourites(actor=street.buyer, kind=LISTING, limit=2)
    assert [one.thing_id for one in first.items] == [ids[4], ids[3]]
    second = retail.favourites(actor=street.buyer, kind=LISTING, limit=3, cursor=first.next)
    assert [one.thing_id for one in second.items] == [ids[2], ids[1], ids[0]]
    assert second.next is None
    [seller] = retail.favourites(actor=street.buyer, kind=SELLER).items
    assert seller.thing_id == street.anna.party_id
    assert retail.favourite_count(actor=street.buyer) == 6


def test_they_are_a_users_for_a_party(street: Street):
    id_ = listing(street, "裙")
    retail.add_favourite(actor=street.buyer, kind=LISTING, thing_id=id_)
    colleague = Actor(party_id=street.buyer.party_id, user_id=new_id(), roles=frozenset([Role.FINANCE]))
    for actor in (colleague, street.other):
        assert retail.favourites(actor=actor, kind=LISTING).items == ()
        assert retail.is_favourite(actor=actor, thing_ids=[id_]) == frozenset()
        retail.remove_favourite(actor=actor, thing_id=id_)
    assert retail.is_favourite(actor=street.buyer, thing_ids=[id_, new_id()]) == {id_}
    retail.remove_favourite(actor=street.buyer, thing_id=id_)
    retail.remove_favourite(actor=street.buyer, thing_id=id_)
    assert retail.is_favourite(actor=street.buyer, thing_ids=[id_]) == frozenset()


def test_only_what_is_there_becomes_one(street: Street):
    id_ = listing(street, "裙")
    catalog.withdraw(actor=street.anna, listing_ids=[id_])
    for kind, thing_id in ((LISTING, new_id()), (LISTING, id_), (SELLER, new_id())):
        with pytest.raises(retail.NoSuchThing):
            retail.add_favourite(actor=street.buyer, kind=kind, thing_id=thing_id)
    assert retail.favourite_count(actor=street.buyer) == 0


def test_there_is_a_bound(street: Street, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cohong.retail.favourites.MOST_FAVOURITES", 2)
    ids = [listing(street, f"裙{number}") for number in range(3)]
    for id_ in ids[:2]:
        retail.add_favourite(actor=street.buyer, kind=LISTING, thing_id=id_)
    with pytest.raises(retail.TooManyFavourites):
        retail.add_favourite(actor=street.buyer, kind=LISTING, thing_id=ids[2])
    assert retail.favourite_count(actor=street.buyer) == 2


def test_a_token_needs_its_scope(street: Street):
    id_ = listing(street, "裙")
    token = Actor(
        party_id=street.buyer.party_id, roles=frozenset([Role.PURCHASING]), scopes=frozenset(["orders:write"])
    )
    with pytest.raises(ScopeMissing):
        retail.add_favourite(actor=token, kind=LISTING, thing_id=id_)
    with pytest.raises(ScopeMissing):
        retail.favourites(actor=token, kind=LISTING)
