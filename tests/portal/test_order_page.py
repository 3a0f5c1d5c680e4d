"""The order's page from both sides: what it offers, what is said on it, what is disputed, and its evidence file."""

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from portal_town import Town

from cohong.catalog import api as catalog
from cohong.kernel import journal
from cohong.kernel.errors import one
from cohong.kernel.ids import new_id
from cohong.orders import api as orders

Browse = Callable[..., Client]


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, "PNG")
    return SimpleUploadedFile("a.png", out.getvalue(), "image/png")


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def raise_(town: Town, order_id: Any, **more: Any) -> Any:
    item = {"kind": "damaged", "text": "破损", "claimed_minor": 100, **more}
    return orders.raise_dispute(
        item=orders.RaiseDispute(actor=town.buyer, id=new_id(), order_id=order_id, **item)
    ).dispute_id


# --- messages --------------------------------------------------------------------------------------------


def test_both_sides_talk_and_pages_tell_what_is_new(town: Town, browse: Browse):
    order_id = town.paid(town.goods().sku_ids[0])
    buyer, seller = browse("moon"), browse("sun")
    page = text_of(buyer, f"/orders/{order_id}/")
    [message_id] = re.findall(r'name="message_id" value="([^"]+)"', page)
    form = {"message_id": message_id, "text": "何时发货？<b>急</b>", "from": "order", "pictures": picture()}
    answer = buyer.post(f"/orders/{order_id}/messages/", form)
    assert answer["Location"] == f"/orders/{order_id}/#messages"
    assert "待回复" in text_of(browse("sun", "zh-hans"), "/merchant/messages/?only=unanswered")
    shown = text_of(seller, f"/merchant/orders/{order_id}/")
    assert "何时发货？&lt;b&gt;急&lt;/b&gt;" in shown
    [small] = re.findall(r'src="(/messages/pictures/[^"]+)"', shown)
    drawn = seller.get(small)
    assert (drawn["Content-Type"], drawn.content[8:12]) == ("image/webp", b"WEBP")
    assert browse("star").get(small).status_code == 404
    # htmx asks for what is new, and is told to stop asking after a while.
    news = seller.get(
        f"/orders/{order_id}/messages/?after=0", headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" not in news
    assert 'after=1&amp;looks=1"' in news
    tired = f"/orders/{order_id}/messages/?after=1&looks=60"
    assert "hx-get" not in seller.get(tired, headers={"HX-Request": "true"}).content.decode()


def test_what_is_wrong_with_a_message_is_said_beside_it(town: Town, browse: Browse):
    order_id = town.paid(town.goods().sku_ids[0])
    client = browse("moon", "zh-hans")
    address = f"/orders/{order_id}/messages/"
    answer = client.post(address, {"message_id": str(new_id()), "text": " "})
    assert (answer.status_code, "请写点内容" in answer.content.decode()) == (422, True)
    pdf = SimpleUploadedFile("a.pdf", b"%PDF-1.7", "application/pdf")
    answer = client.post(address, {"message_id": str(new_id()), "text": "合同附上", "pictures": pdf})
    assert answer.status_code == 422
    assert "合同附上" in answer.content.decode()
    assert orders.messages(actor=town.buyer, order_id=order_id) == []


def test_strangers_see_nothing(town: Town, browse: Browse):
    order_id = town.shipped(town.goods().sku_ids[0])
    dispute = raise_(town, order_id)
    stranger = browse("star")
    for address in (
        f"/orders/{order_id}/",
        f"/orders/{order_id}/print/",
        f"/orders/{order_id}/evidence/",
        f"/orders/{order_id}/messages/",
        f"/orders/{order_id}/dispute/",
        f"/disputes/{dispute}/",
    ):
        assert stranger.get(address).status_code == 404, address
    for address in (
        f"/orders/{order_id}/again/",
        f"/orders/{order_id}/close-short/",
        f"/disputes/{dispute}/withdraw/",
        f"/disputes/{dispute}/answer/",
    ):
        assert stranger.post(address, {"reason": "好", "text": "好"}).status_code in (302, 403, 404), address
    assert orders.dispute(actor=town.buyer, dispute_id=dispute).state == "raised"


# --- acts ------------------------------------------------------------------------------------------------


def test_what_is_not_paid_can_be_cancelled_and_not_disputed(town: Town, browse: Browse):
    order_id = town.order(town.goods().sku_ids[0])
    assert f"/orders/{order_id}/cancel/" in text_of(browse("moon"), f"/orders/{order_id}/")
    assert f"/orders/{order_id}/dispute/" not in text_of(browse("moon"), f"/orders/{order_id}/")


def test_a_dispute_from_both_sides(town: Town, browse: Browse):
    order_id = town.shipped(town.goods().sku_ids[0], 2)
    buyer, seller = browse("moon", "zh-hans"), browse("sun", "zh-hant")
    page = text_of(buyer, f"/orders/{order_id}/dispute/")
    [dispute] = re.findall(r'name="dispute_id" value="([^"]+)"', page)
    form = {"dispute_id": dispute, "kind": "damaged", "text": "三件破损", "claimed": "1,0.5x"}
    answer = buyer.post(f"/orders/{order_id}/dispute/", form)
    assert answer.status_code == 422
    assert "三件破损" in answer.content.decode()
    answer = buyer.post(f"/orders/{order_id}/dispute/", {**form, "claimed": "100.00", "pictures": picture()})
    assert answer["Location"] == f"/disputes/{dispute}/"
    assert len(orders.messages(actor=town.seller, order_id=order_id)[0].pictures) == 1
    shown = text_of(buyer, f"/orders/{order_id}/")
    assert "纠纷中" in shown
    assert f"/orders/{order_id}/accept/" not in shown
    assert "答覆爭議" in text_of(seller, f"/merchant/orders/{order_id}/")
    assert (
        seller.post(f"/disputes/{dispute}/answer/", {"text": "包裝完好"})["Location"]
        == f"/disputes/{dispute}/"
    )
    seller.post(f"/disputes/{dispute}/offer/", {"amount": "60"})
    page = text_of(buyer, f"/disputes/{dispute}/")
    assert "包裝完好" in page
    assert 'name="amount_minor" value="6000"' in page
    # What was read is what is agreed to.
    buyer.post(f"/disputes/{dispute}/agree/", {"amount_minor": "7000"})
    assert orders.dispute(actor=town.buyer, dispute_id=new_id_of(dispute)).state == "answered"
    buyer.post(f"/disputes/{dispute}/agree/", {"amount_minor": "6000"})
    view = orders.dispute(actor=town.buyer, dispute_id=new_id_of(dispute))
    assert (view.state, view.refunded.minor) == ("settled", 6000)
    assert "协商解决" in text_of(buyer, "/disputes/")
    assert "协商解决" not in text_of(buyer, "/merchant/disputes/")


def new_id_of(text: str) -> Any:
    return type(new_id())(text)


def test_the_rest_is_closed_short_from_the_sellers_page(town: Town, browse: Browse):
    order_id = town.paid(town.goods().sku_ids[0], 5)
    [line] = town.view(order_id).lines
    item = orders.ShipOrder(actor=town.seller, order_id=order_id, shipment_id=new_id(), lines=((line.id, 2),))
    one(orders.ship(items=[item]))
    seller = browse("sun", "zh-hans")
    assert f"/orders/{order_id}/close-short/" in text_of(seller, f"/merchant/orders/{order_id}/")
    assert f"/orders/{order_id}/close-short/" not in text_of(browse("moon"), f"/orders/{order_id}/")
    seller.post(f"/orders/{order_id}/close-short/", {"reason": "停产"})
    assert (town.view(order_id).state, town.view(order_id).lines[0].dropped) == ("shipped", 3)
    assert "3不再发" in text_of(browse("moon", "zh-hans"), f"/orders/{order_id}/")


def test_buying_again_says_what_is_gone(town: Town, browse: Browse):
    ids = town.goods()
    order_id = town.paid(ids.sku_ids[0], 2)
    client = browse("moon", "zh-hans")
    answer = client.post(f"/orders/{order_id}/again/")
    assert answer["Location"] == "/cart/"
    assert "已加入购物车1种商品" in text_of(client, "/cart/")
    assert catalog.withdraw(actor=town.seller, listing_ids=[ids.listing_id]) == [None]
    answer = client.post(f"/orders/{order_id}/again/", follow=True)
    assert "未加入购物车" in answer.content.decode()
    assert browse("sun").post(f"/orders/{order_id}/again/").status_code == 404


def test_orders_are_found_by_number_goods_and_seller(town: Town, browse: Browse):
    first = town.order(town.goods("真丝连衣裙").sku_ids[0])
    second = town.paid(town.goods("棉布衬衫").sku_ids[0])
    client = browse("moon", "zh-hans")
    for text, wanted in (
        (town.view(first).number.lower(), [first]),
        ("棉布", [second]),
        ("甲服装", [second, first]),
        ("sun garm", [second, first]),
        ("没有", []),
        ("%", []),
    ):
        page = client.get("/orders/", {"text": text}).content.decode()
        assert re.findall(r'class="code" href="/orders/([^/]+)/"', page) == [str(one_) for one_ in wanted], (
            text
        )
    page = text_of(client, "/orders/?tab=pay")
    assert f"/orders/{first}/" in page
    assert f"/orders/{second}/" not in page


# --- evidence --------------------------------------------------------------------------------------------


def test_the_evidence_file_checks_itself_and_notices_a_change(town: Town, browse: Browse, tmp_path: Path):
    order_id = town.shipped(town.goods().sku_ids[0])
    journal.seal_all()
    orders.send_message(item=orders.SendMessage(actor=town.buyer, id=new_id(), order_id=order_id, text="好"))
    answer = browse("moon").get(f"/orders/{order_id}/evidence/")
    number = town.view(order_id).number
    assert answer["Content-Disposition"] == f'attachment; filename="{number}-evidence.zip"'
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path)
    contents = json.loads((tmp_path / "contents.json").read_text("utf-8"))
    assert contents["order"] == number
    kinds = [entry["kind"] for entry in contents["documents"] if entry["kind"].startswith("orders.")]
    assert kinds == ["orders.placed", "orders.paid", "orders.shipped", "orders.message_sent"]
    checked = run(tmp_path)
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.count(": ok") == len(contents["documents"]) - 1
    assert "not sealed yet" in checked.stdout
    target = tmp_path / contents["documents"][0]["document"]
    target.write_text(target.read_text("utf-8").replace("prepaid", "deposit"), "utf-8")
    checked = run(tmp_path)
    assert checked.returncode == 1
    assert "CHANGED" in checked.stdout


def run(folder: Path) -> Any:
    return subprocess.run(
        [sys.executable, "check.py"], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_pages_of_a_disputed_order_in_every_language(town: Town, browse: Browse, language: str):
    order_id = town.shipped(town.goods().sku_ids[0])
    dispute = raise_(town, order_id)
    for username in ("moon", "sun"):
        client = browse(username, language)
        for address in (f"/disputes/{dispute}/", f"/orders/{order_id}/messages/", "/merchant/disputes/"):
            text_of(client, address)
