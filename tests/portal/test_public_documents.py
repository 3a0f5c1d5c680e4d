"""Who may read a document of the journal: everyone what was published, nobody else's trade."""

import pytest
from django.test import Client

from cohong.catalog import api as catalog
from cohong.kernel import journal
from cohong.orders import api as orders
from cohong.parties import api as parties
from trading import Place

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_stranger_reads_what_is_public_and_nothing_else():
    place = Place()
    [sku] = place.goods(5)
    order_id = place.place((sku, 1))
    listing_id = catalog.skus(ids=[sku])[sku].listing_id
    [published] = [
        one.envelope for one in journal.file_of([listing_id]) if one.envelope.kind == "catalog.published"
    ]
    [placed] = orders.evidence(actor=parties.SYSTEM, order_id=order_id)

    _, secret = parties.issue_token(actor=place.other, name="erp", scopes=["catalog:read", "orders:read"])
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    answers = {
        path: client.get(f"/api/v1/journal/{path}").status_code
        for path in (
            f"documents/{published.id}",
            f"subjects/{listing_id}",
            f"documents/{placed.envelope.id}",
            f"subjects/{order_id}",
        )
    }
    assert list(answers.values()) == [200, 200, 404, 404]
    shown = client.get(f"/api/v1/journal/subjects/{listing_id}").json()["items"]
    assert {one["kind"] for one in shown} == {"catalog.published"}
