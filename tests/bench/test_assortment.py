"""The bench's assortment is on offer, findable, and the same each time."""

import pytest

from cohong.bench.assortment import MAX_SKUS, fill
from cohong.bench.scratch import scratch_database
from cohong.catalog import api as catalog
from cohong.kernel import journal, sets
from cohong.parties import api as parties

pytestmark = pytest.mark.django_db(transaction=True)


def filled():
    told, seen = [], {}
    with scratch_database():
        made = fill(120, progress=lambda *step: told.append(step), seen=seen.__setitem__)
        cards = catalog.browse(limit=200).items
        lag = journal.lag()
        stocked = sets.fetch("select count(*) from catalog_stock where on_hand > 0")[0][0]
        names = {party.name for party in parties.parties(ids=made.sellers).values()}
    return made, told, seen, cards, lag, stocked, names


def test_what_was_asked_for_is_on_offer():
    made, told, seen, cards, lag, stocked, names = filled()
    assert (made.listings, len(cards), len(seen)) == (120, 120, 120)
    assert {card.id for card in cards} == seen.keys()
    assert all(card.title == seen[card.id].title_zh and card.available for card in cards)
    assert made.skus == stocked == sum(len(one.skus) for one in seen.values())
    assert max(len(one.skus) for one in seen.values()) == MAX_SKUS
    assert len(names) == len(made.sellers) > 40
    assert set(lag.values()) == {0}
    assert ("Listings", 120, 120) in told
    assert {step for step, _, _ in told} >= {"Listings", "Sealing"}


def test_the_same_seed_makes_the_same_goods():
    first, second = filled(), filled()
    assert first[2] == second[2]
    assert first[0].sellers == second[0].sellers
