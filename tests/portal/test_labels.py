"""Labels and packing slips as they come from real shipments: what they say, who may print them, and that it is recorded."""

import io
from collections.abc import Callable
from typing import Any

import pytest
import zxingcpp
from django.test import Client
from PIL import Image
from portal_town import HOME, PASSWORD, Town

from cohong.kernel.ids import new_id
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import Role
from cohong.portal.printing import typesetting

Browse = Callable[..., Client]
HOSTILE = '#panic("x") $a$ <x> \\ *'


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Gather what is handed over to be printed."""
    seen: list[tuple[str, Any]] = []
    whole = typesetting.pdf

    def noting(template: Any, data: Any) -> bytes:
        seen.append((template, data))
        return whole(template, data)

    monkeypatch.setattr(typesetting, "pdf", noting)
    return seen


def looks(town: Town) -> list[str]:
    return [look.reason for look in parties.looks(actor=town.buyer, party_id=town.buyer.party_id)]


def test_a_label_carries_the_waybill_and_the_whole_address(town: Town, browse: Browse, printed: list):
    order_id = town.shipped(town.goods(f"真丝{HOSTILE}").sku_ids[0], 2)
    [shipment] = logistics.shipments_of(order_ids=[order_id])[order_id]
    client = browse("sun", "zh-hans")
    answer = client.post("/merchant/ship/labels/", {"shipment": str(shipment.id)})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")
    assert "no-store" in answer["Cache-Control"]
    [(template, sheet)] = printed
    [label] = sheet.labels
    assert (label.recipient.name, label.recipient.phone, label.recipient.street) == (
        HOME.recipient,
        HOME.phone,
        HOME.street,
    )
    assert label.recipient.region == "广东省 深圳市"
    assert (label.sender.name, label.sender.region) == ("甲服装厂", "广东省 广州市")
    assert label.goods[0].quantity == "× 2"
    assert HOSTILE.split(maxsplit=1)[0] in label.goods[0].title
    assert ("订单", town.view(order_id).number) in label.facts
    [picture] = typesetting.pictures(template, sheet, ppi=203)
    codes = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    assert {one.text for one in codes} == {shipment.waybill_number}
    assert sorted(one.format.name for one in codes) == ["Code128", "QRCode"]
    assert looks(town) == [f"shipment {shipment.waybill_number}"]


def test_many_labels_come_in_one_file(town: Town, browse: Browse, printed: list):
    ids = town.goods()
    placed = [town.shipped(ids.sku_ids[0]) for _ in range(5)]
    form = {"order": [str(one) for one in placed], "paper": "a4"}
    assert browse("sun").post("/merchant/ship/labels/", form).status_code == 200
    [(template, sheet)] = printed
    pages = typesetting.pictures(template, sheet, ppi=200)
    read = [{one.text for one in zxingcpp.read_barcodes(Image.open(io.BytesIO(page)))} for page in pages]
    numbers = {
        one.waybill_number for some in logistics.shipments_of(order_ids=placed).values() for one in some
    }
    assert [len(some) for some in read] == [4, 1]
    assert read[0] | read[1] == numbers
    assert sorted(looks(town)) == sorted(f"shipment {number}" for number in numbers)


def test_strangers_and_those_who_need_no_address_print_nothing(town: Town, browse: Browse, printed: list):
    order_id = town.shipped(town.goods().sku_ids[0])
    user_id = parties.sign_up(username="clerk", password=PASSWORD)
    parties.set_roles(actor=town.seller, party_id=town.seller.party_id, user_id=user_id, roles=[Role.FINANCE])
    for username in ("moon", "star", "wind", "clerk"):
        for address in ("labels", "slips"):
            answer = browse(username).post(f"/merchant/ship/{address}/", {"order": str(order_id)})
            assert answer.status_code == 404, (username, address)
    assert browse("sun").post("/merchant/ship/labels/", {"order": str(new_id())}).status_code == 404
    assert browse("sun").get("/merchant/ship/labels/").status_code == 405
    assert browse().post("/merchant/ship/labels/", {"order": str(order_id)}).status_code == 302
    assert (printed, looks(town)) == ([], [])


def test_what_is_fetched_at_the_counter_has_no_label_but_a_slip(town: Town, browse: Browse, printed: list):
    order_id = town.shipped(town.goods().sku_ids[0], 2, pick_up=True)
    client = browse("sun", "zh-hant")
    answer = client.post("/merchant/ship/labels/", {"order": str(order_id)})
    assert answer.status_code == 302
    assert client.post("/merchant/ship/slips/", {"order": str(order_id)}).status_code == 200
    [(template, sheet)] = printed
    [slip] = sheet.slips
    assert (template, slip.heading, slip.recipient.name) == ("slips", "出貨單", "到店自取")
    assert [(one.title, one.code, one.quantity) for one in slip.goods] == [
        (town.view(order_id).lines[0].title, "2 / 2", "2")
    ]


def test_a_part_has_a_slip_of_its_own(town: Town, browse: Browse, printed: list):
    order_id = town.paid(town.goods().sku_ids[0], 3)
    [line] = town.view(order_id).lines
    item = orders.ShipOrder(actor=town.seller, order_id=order_id, shipment_id=new_id(), lines=((line.id, 1),))
    orders.ship(items=[item])
    browse("sun", "zh-hans").post("/merchant/ship/slips/", {"order": str(order_id)})
    [slip] = printed[0][1].slips
    assert (slip.goods[0].code, slip.sums[0]) == ("1 / 3", ("本次发货件数", "1"))
    [page] = typesetting.pictures("slips", printed[0][1], ppi=150)
    [shipment] = logistics.shipments_of(order_ids=[order_id])[order_id]
    codes = zxingcpp.read_barcodes(Image.open(io.BytesIO(page)))
    assert [one.text for one in codes] == [shipment.waybill_number]
