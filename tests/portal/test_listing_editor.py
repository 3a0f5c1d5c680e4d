"""The listing's editor: what is typed comes back, flaws stand beside their fields, rows come and go without a script."""

import io
import re
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from portal_town import Town

from cohong.catalog import api as catalog
from cohong.kernel.ids import new_id

Browse = Callable[..., Client]
NEW = "/merchant/goods/new/"


def typed(**more: Any) -> dict[str, Any]:
    """Fill the form in as a merchant would."""
    return {
        "category": "clothing.dress",
        "title": "旗袍",
        "title_en": "Cheongsam",
        "currency": "CNY",
        "unit": "piece",
        "attribute-lined": "yes",
        "attribute-length": "120",
        "skus": "1",
        "sku-0-tiers": "2",
        "sku-0-code": "QP-S",
        "sku-0-attribute-size": "s",
        "sku-0-min_order": "1",
        "sku-0-multiple": "1",
        "sku-0-weight_grams": "400",
        "sku-0-tier-0-quantity": "1",
        "sku-0-tier-0-price": "399.00",
        "sku-0-tier-1-quantity": "10",
        "sku-0-tier-1-price": "359.5",
        **more,
    }


def listings(town: Town) -> list[catalog.ListingView]:
    cards = catalog.sellers_listings(actor=town.seller, seller_id=town.seller.party_id).items
    return list(catalog.listings(ids=[card.id for card in cards]).values())


def picture(width: int = 64, height: int = 48, colour: str = "red") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return SimpleUploadedFile(f"{colour}.png", out.getvalue(), content_type="image/png")


def test_a_listing_is_written_saved_and_put_on_offer(town: Town, browse: Browse):
    seller = browse("sun", "zh-hans")
    answer = seller.post(NEW, typed(do="save"))
    [view] = listings(town)
    assert answer["Location"] == f"/merchant/goods/{view.id}/"
    assert (view.state, view.title, view.attributes) == ("draft", "旗袍", {"lined": True, "length": 120})
    [sku] = view.skus
    assert (sku.code, sku.attributes, sku.weight_grams) == ("QP-S", {"size": "s"}, 400)
    assert [(tier.min_quantity, tier.unit_price_minor) for tier in sku.tiers] == [(1, 39900), (10, 35950)]
    page = seller.get(f"/merchant/goods/{view.id}/").content.decode()
    assert 'value="359.50"' in page
    seller.post(f"/merchant/goods/{view.id}/", typed(do="offer", title="新旗袍", revision=str(view.revision)))
    [view] = listings(town)
    assert (view.state, view.title, view.revision) == ("published", "新旗袍", 2)


def test_flaws_stand_beside_their_fields_and_what_was_typed_stays(town: Town, browse: Browse):
    seller = browse("sun", "en")
    wrong = typed(
        do="offer",
        title="",
        **{
            "attribute-length": "long",
            "sku-0-min_order": "none",
            "sku-0-tier-0-price": "1.234",
            "freight_note": "call 13812345678",
        },
    )
    answer = seller.post(NEW, wrong)
    assert answer.status_code == 422
    page = answer.content.decode()
    for said in ("must be filled in", "does not fit", "must be a whole number", "phone numbers"):
        assert said in page
    for kept in ('value="long"', 'value="none"', 'value="1.234"'):
        assert kept in page
    assert "data-changed" in page
    assert listings(town) == []


def test_rows_come_and_go_without_a_script(town: Town, browse: Browse):
    seller = browse("sun", "en")

    def pressed(do: str, **more: Any) -> str:
        answer = seller.post(NEW, typed(do=do, **more))
        assert answer.status_code == 200
        return answer.content.decode()

    assert 'name="sku-0-tier-2-price"' in pressed("add-tier:0")
    assert 'name="sku-0-tier-1-price"' not in pressed("drop-tier:0:1")
    assert 'name="sku-1-code"' in pressed("add-sku")
    page = pressed("make-skus", **{"make-size": ["s", "l"]})
    assert re.findall(r'name="sku-\d-code" value="([^"]*)"', page) == ["QP-S", "l"]
    for odd in ("drop-sku:99", "drop-tier:0:99", "drop-sku:x", "add-tier:"):
        assert seller.post(NEW, typed(do=odd, title="")).status_code == 422
    assert listings(town) == []


def test_the_preview_shows_what_is_typed_and_saves_nothing(town: Town, browse: Browse):
    seller = browse("sun", "en")
    answer = seller.post(
        "/merchant/goods/preview/", typed(title="<b>x</b>", **{"sku-0-tier-1-price": "oops"})
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<b>x</b>" not in page
    assert "399.00" in page
    assert listings(town) == []


def test_others_cannot_look_or_change(town: Town, browse: Browse):
    ids = town.goods()
    for who in ("star", "moon"):
        client = browse(who, "en")
        for address in (f"/merchant/goods/{ids.listing_id}/", f"/merchant/goods/{ids.listing_id}/pictures/"):
            assert client.get(address).status_code == 404
            assert client.post(address, typed(do="save")).status_code == 404
        assert client.get(f"{NEW}?copy={ids.listing_id}").status_code == 404
        assert client.get(f"/merchant/stock/{ids.sku_ids[0]}/").status_code == 404
    assert catalog.listings(ids=[ids.listing_id])[ids.listing_id].revision == 1
    assert browse("sun").get(f"{NEW}?copy={ids.listing_id}").status_code == 200


def test_a_form_that_is_behind_changes_nothing(town: Town, browse: Browse):
    ids = town.goods()
    seller = browse("sun", "en")
    form = typed(do="save", title="谁先谁得", revision="1")
    assert seller.post(f"/merchant/goods/{ids.listing_id}/", form).status_code == 302
    answer = seller.post(f"/merchant/goods/{ids.listing_id}/", form | {"title": "后来的"})
    assert answer.status_code == 422
    assert "changed in the meantime" in answer.content.decode()
    assert catalog.listings(ids=[ids.listing_id])[ids.listing_id].title == "谁先谁得"


def test_pictures_are_added_ordered_and_taken_off(town: Town, browse: Browse):
    ids = town.goods()
    seller = browse("sun", "en")
    here = f"/merchant/goods/{ids.listing_id}/pictures/"
    seller.post(here, {"do": "add", "pictures": [picture(colour="red"), picture(colour="blue")]})

    def shown() -> list[Any]:
        return [one.id for one in catalog.listings(ids=[ids.listing_id])[ids.listing_id].pictures]

    first, second = shown()
    seller.post(here, {"do": f"later:{first}"})
    assert shown() == [second, first]
    seller.post(here, {"do": "order", "picture": [str(first), str(second)]})
    assert shown() == [first, second]
    seller.post(here, {"do": f"remove:{first}"})
    assert shown() == [second]
    assert seller.post(here, {"do": f"remove:{new_id()}"}).status_code == 404
    assert seller.post(here, {"do": "remove:'; drop"}).status_code == 404


def test_what_is_no_picture_is_refused_by_its_name(town: Town, browse: Browse):
    ids = town.goods()
    seller = browse("sun", "en")
    here = f"/merchant/goods/{ids.listing_id}/pictures/"
    bomb = io.BytesIO()
    Image.new("1", (13_000, 13_000)).save(bomb, "PNG")
    hostile = [
        SimpleUploadedFile("page.png", b"<html><script>alert(1)</script>", content_type="image/png"),
        SimpleUploadedFile("bomb.png", bomb.getvalue(), content_type="image/png"),
        SimpleUploadedFile("huge.png", b"\x89PNG\r\n\x1a\n" + b"x" * (5 << 20), content_type="image/png"),
        SimpleUploadedFile("<b>.png", b"", content_type="image/png"),
    ]
    page = seller.post(here, {"do": "add", "pictures": hostile}, follow=True).content.decode()
    for name in ("page.png", "bomb.png", "huge.png"):
        assert name in page
    assert "<b>.png" not in page
    assert catalog.listings(ids=[ids.listing_id])[ids.listing_id].pictures == ()


def test_a_category_is_found_by_a_word_of_its_name(town: Town, browse: Browse):
    seller = browse("sun", "en")
    assert "category=clothing.dress" in seller.get(f"{NEW}?q=连衣").content.decode()
    part = seller.get(f"{NEW}?q=nothing", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "No category" in part
    assert seller.get(f"{NEW}?category=gold").status_code == 404
