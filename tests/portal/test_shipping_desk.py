"""The desk of dispatch: what waits is found, sent together with outcomes of its own, handed over, taken back, listed."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from openpyxl import load_workbook
from portal_town import PASSWORD, Town

from cohong.kernel import clock
from cohong.kernel.ids import new_id
from cohong.logistics import api as logistics
from cohong.orders import api as orders
from cohong.orders.api import OrderState
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Role

Browse = Callable[..., Client]


def staff(town: Town, username: str, *roles: Role) -> str:
    user_id = parties.sign_up(username=username, password=PASSWORD)
    parties.set_roles(actor=town.seller, party_id=town.seller.party_id, user_id=user_id, roles=roles)
    return username


def listed(page: str) -> set[str]:
    return set(re.findall(r'name="order" value="([0-9a-f-]{36})"', page))


def form_of(page: str, *order_ids) -> dict[str, object]:
    fields: dict[str, object] = {"order": [str(one) for one in order_ids]}
    for order_id in order_ids:
        [found] = re.findall(rf'name="shipment-{order_id}" value="([0-9a-f-]{{36}})"', page)
        fields[f"shipment-{order_id}"] = found
    return fields


def test_orders_that_wait_are_found_by_what_matters_in_a_warehouse(town: Town, browse: Browse):
    ids = town.goods()
    with clock.at(clock.now() - timedelta(days=4)):
        old = town.paid(ids.sku_ids[0])
    fresh = town.paid(ids.sku_ids[0])
    counter = town.paid(ids.sku_ids[0], pick_up=True)
    town.order(ids.sku_ids[0])
    gone = town.shipped(ids.sku_ids[0])
    client = browse("sun")

    def found(query: str = "") -> set[str]:
        return listed(client.get(f"/merchant/ship/?{query}").content.decode())

    every = {str(one) for one in (old, fresh, counter)}
    assert found() == every
    assert found("age=3") == {str(old)}
    assert found("delivery=pick_up") == {str(counter)}
    assert found("region=440000") == {str(old), str(fresh)}
    assert found("region=440100") == set()
    assert found("q=深圳商行") == every
    assert found(f"q={town.view(fresh).number}") == {str(fresh)}
    assert found("q=没有") == set()
    assert found("tab=shipped") == {str(gone)}
    assert found("tab=nonsense&carrier=nonsense&age=-1&delivery=x") == every
    assert listed(browse("moon").get("/merchant/ship/").content.decode()) == set()


def test_many_are_shipped_in_one_act_each_with_its_own_outcome(town: Town, browse: Browse):
    ids = town.goods()
    first, second, held = (town.paid(ids.sku_ids[0]) for _ in range(3))
    orders.hold(actor=SYSTEM, order_id=held, reason="待查")
    client = browse("sun")
    page = client.get("/merchant/ship/").content.decode()
    form = form_of(page, first, second, held) | {"carrier": str(town.carrier.party_id)}
    answer = client.post("/merchant/ship/send/", form, follow=True)
    html = answer.content.decode()
    assert [town.view(one).state for one in (first, second, held)] == [
        OrderState.SHIPPED,
        OrderState.SHIPPED,
        OrderState.READY,
    ]
    assert "2 shipments are on their way." in html
    assert f"{town.view(held).number}: " in html
    shipments = [one for some in logistics.shipments_of(order_ids=[first, second]).values() for one in some]
    assert {one.carrier_id for one in shipments} == {town.carrier.party_id}
    assert all(one.waybill_number in html for one in shipments)
    # The same form pressed again makes no second shipment.
    client.post("/merchant/ship/send/", form_of(page, first))
    assert len(logistics.shipments_of(order_ids=[first])[first]) == 1


def test_nobody_else_ships_them(town: Town, browse: Browse):
    order_id = town.paid(town.goods().sku_ids[0])
    page = browse("sun").get("/merchant/ship/").content.decode()
    form = form_of(page, order_id)
    for username in ("moon", "star", staff(town, "clerk", Role.FINANCE)):
        browse(username).post("/merchant/ship/send/", form)
        assert town.view(order_id).state is OrderState.READY
    browse(staff(town, "packer", Role.WAREHOUSE)).post("/merchant/ship/send/", form)
    assert town.view(order_id).state is OrderState.SHIPPED


def test_what_makes_no_sense_changes_nothing(town: Town, browse: Browse):
    client = browse("sun")
    for form in ({}, {"order": "x"}, {"order": str(new_id()), "back": "https://elsewhere.example/"}):
        answer = client.post("/merchant/ship/send/", form)
        assert (answer.status_code, answer["Location"]) == (302, "/merchant/ship/")
    assert client.post("/merchant/ship/send/", {"carrier": "x"}).status_code == 404
    assert client.get(f"/merchant/ship/sent/?shipment={new_id()}").status_code == 404


def test_goods_go_over_the_counter_against_their_code_alone(town: Town, browse: Browse):
    order_id = town.shipped(town.goods().sku_ids[0], pick_up=True)
    [shipment] = logistics.shipments_of(order_ids=[order_id])[order_id]
    code = logistics.pick_up_code_of(actor=town.buyer, shipment_id=shipment.id)
    client = browse("sun")
    assert shipment.waybill_number in client.get("/merchant/counter/").content.decode()

    def hand_over(code: str, number: str = shipment.waybill_number, who: Client = client) -> str:
        form = {"number": number, "code": code}
        answer = who.post("/merchant/counter/hand-over/", form, follow=True)
        return answer.content.decode()

    assert "wrong" in hand_over("000000" if code != "000000" else "111111").lower()
    assert "notice-error" in hand_over(code, who=browse("star"))
    hand_over(code, number="7K3M-9QX2-W")
    assert logistics.shipments(ids=[shipment.id])[shipment.id].state != "collected"
    assert "are handed over" in hand_over(code, number=town.view(order_id).number)
    assert logistics.shipments(ids=[shipment.id])[shipment.id].state == "collected"
    assert shipment.waybill_number not in client.get("/merchant/counter/").content.decode()


def returned(town: Town, order_id, quantity: int = 1):
    [line] = town.view(order_id).lines
    request = orders.RequestReturn(
        actor=town.buyer,
        id=new_id(),
        order_id=order_id,
        reason="<b>破损</b>",
        lines=(orders.ReturnedLine(line_id=line.id, quantity=quantity),),
    )
    orders.request_return(item=request)
    return request.id


def test_a_return_is_decided_with_what_it_moves_said_beforehand(town: Town, browse: Browse):
    order_id = town.shipped(town.goods().sku_ids[0], 2)
    return_id = returned(town, order_id)
    client = browse("sun")
    page = client.get("/merchant/returns/").content.decode()
    [outlook] = orders.refund_outlooks(actor=town.seller, return_ids=[return_id]).values()
    assert f"{outlook.from_escrow.plain} from escrow" in page
    assert "from your balance." not in page
    assert "&lt;b&gt;破损" in page

    def act(name: str, who: Client = client, **form: str):
        return who.post(f"/merchant/returns/{return_id}/do/{name}/", form)

    def state() -> str:
        [one] = orders.returns(actor=town.seller, order_id=order_id)
        return one.state

    assert act("reject").status_code == 302  # without a reason nothing happens
    assert state() == "requested"
    for stranger in ("star", "moon"):
        act("approve", browse(stranger))
        assert state() == "requested"
    assert act("approve", browse("star")).status_code == 404
    assert act("nonsense").status_code == 404
    clerk = browse(staff(town, "clerk", Role.WAREHOUSE))
    act("approve", clerk)
    assert state() == "requested"
    assert act("approve", tab="decide")["Location"] == "/merchant/returns/?tab=decide"
    act("receive", clerk)
    assert state() == "received"
    act("refund", clerk)
    assert state() == "received"
    act("refund")
    assert state() == "refunded"
    assert town.view(order_id).refunded == outlook.amount


def test_sales_are_taken_away_as_a_list(town: Town, browse: Browse):
    ids = town.goods("=cmd|' /C calc'!A0")
    order_id = town.paid(ids.sku_ids[0], 3)
    town.goods("大衣")
    view, client = town.view(order_id), browse("sun", "zh-hans")
    today = f"{clock.now() + timedelta(hours=8):%Y-%m-%d}"
    answer = client.get(f"/merchant/exports/sales/?from={today}&to={today}&form=csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.content.decode()
    assert text.startswith("\ufeff订单")
    [row] = list(csv.DictReader(io.StringIO(text[1:])))
    assert (row["订单"], row["数量"], row["单价"], row["货款"]) == (view.number, "3", "199.00", "597.00")
    assert "'=cmd|' /C calc'!A0" in row.values() or any(
        value.startswith("'=cmd") for value in row.values() if value
    )
    book = load_workbook(io.BytesIO(client.get(f"/merchant/exports/sales/?from={today}&to={today}").content))
    heads, values = list(book.active.iter_rows())
    cells = dict(zip((one.value for one in heads), values, strict=True))
    assert (cells["单价"].value, cells["单价"].data_type, cells["数量"].value) == (199, "n", 3)
    assert all(cell.data_type != "f" for cell in values)
    for query in ("", f"from={today}&to=2020-01-01", "from=2020-01-01&to=2026-01-01", "from=x&to=y"):
        assert client.get(f"/merchant/exports/sales/?{query}").status_code == 422
    others = browse("moon").get(f"/merchant/exports/sales/?from={today}&to={today}&form=csv")
    assert len(others.content.decode().splitlines()) == 1
