"""The audit finds nothing wrong in a live catalog, and names each damage that is planted in it."""

import io
from pathlib import Path
from typing import Any

import pytest
from catalog_market import Market, coil, coil_sku, order
from django.conf import settings
from django.db import connection
from PIL import Image

from cohong.catalog import api as catalog
from cohong.kernel import sets
from cohong.kernel.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def lived(market: Market):
    """A catalog in which everything has happened once."""
    sku, _ = market.goods(10, 4)
    placed = order((sku, 6))
    line = placed.lines[0].line_id
    catalog.reserve(orders=[placed])
    catalog.dispatch(items=[catalog.DispatchLine(line, 3, new_id())])
    catalog.take_back(items=[catalog.TakeBack(line, sku, 1, new_id())])
    listing_id = catalog.skus(ids=[sku])[sku].listing_id
    catalog.hold_listing(actor=market.authority, listing_id=listing_id, reason="抽检")
    out = io.BytesIO()
    Image.new("RGB", (32, 32), "teal").save(out, "PNG")
    catalog.add_picture(actor=market.seller, listing_id=listing_id, content=out.getvalue())
    catalog.change_listing(
        actor=market.seller, listing_id=listing_id, draft=coil(skus=[coil_sku("c0", (1, 500), (9, 450))])
    )
    market.sku = sku
    return market


def found():
    return {check.name: check.findings for check in catalog.audit() if not check.ok}


def test_a_catalog_that_was_only_acted_on_is_sound(lived: Market):
    checks = {check.name: check.figure for check in catalog.audit()}
    assert found() == {}
    assert checks == {
        "catalog.stock_on_hand": 2,
        "catalog.stock_reserved": 1,
        "catalog.stock_bounds": 2,
        "catalog.shipments_of_reservations": 2,
        "catalog.goods_of_reservations": 1,
        "catalog.holds": 1,
        "catalog.prices": 2,
        "catalog.published_documents": 1,
        "catalog.imports": 0,
        "catalog.pictures": 1,
    }


@pytest.mark.parametrize(
    ("damage", "named", "words"),
    [
        (
            "update catalog_stock set on_hand = on_hand + 1 where reserved > 0",
            "stock_on_hand",
            "9 on hand, but",
        ),
        (
            "update catalog_stock set reserved = reserved + 1 where reserved > 0",
            "stock_reserved",
            "4 reserved, but",
        ),
        ("delete from catalog_stock_movement where kind = 'receipt'", "stock_on_hand", "add up to -2"),
        (
            "update catalog_reservation set shipped = shipped - 1",
            "shipments_of_reservations",
            "2 shipped and 1",
        ),
        (
            "update catalog_reservation set returned = 0",
            "shipments_of_reservations",
            "3 shipped and 0 returned",
        ),
        (
            "delete from catalog_reservation",
            "stock_reserved",
            "3 reserved, but its open reservations add up to 0",
        ),
        (
            "update catalog_reservation set location_id = gen_random_uuid()",
            "goods_of_reservations",
            "no stock row",
        ),
        ("update catalog_listing set open_holds = 0", "holds", "says 0 holds stand, but there are 1"),
        ("delete from catalog_hold", "holds", "says 1 holds stand, but there are 0"),
        (
            "update catalog_listing set price_from_minor = 1",
            "prices",
            "priced 1 to 500, but its tiers run from 450",
        ),
        ("delete from catalog_price_tier", "prices", "has no price"),
        (
            "update catalog_listing set published_document = gen_random_uuid()",
            "published_documents",
            "is not in the journal",
        ),
    ],
)
def test_planted_damage_is_named(lived: Market, damage: Any, named: Any, words: Any):
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")  # past the triggers, as a vandal would
        cursor.execute(damage)
    assert any(words in finding for finding in found()[f"catalog.{named}"])


def test_oversold_stock_is_named_even_without_its_constraint(lived: Market):
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table catalog_stock drop constraint stock_is_never_oversold")
        cursor.execute("update catalog_stock set reserved = 99 where reserved > 0")
    assert "8 on hand, 99 reserved" in found()["catalog.stock_bounds"][0]


def test_a_lost_picture_file_is_named(lived: Market):
    [(digest,)] = sets.fetch("select digest from catalog_picture")
    for file in (Path(settings.MEDIA_ROOT) / "catalog/pictures").rglob(f"{digest}.webp"):
        file.unlink()
    [finding] = found()["catalog.pictures"]
    assert digest in finding


def test_many_findings_are_cut_short(market: Market):
    market.goods(*[1] * 30)
    sets.run("update catalog_stock set on_hand = 2")
    findings = found()["catalog.stock_on_hand"]
    assert len(findings) == 21
    assert findings[-1] == "and 10 more"
