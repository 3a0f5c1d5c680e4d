"""Today's desk: what waits is counted, figures agree with a recount, and nobody sees another's."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from portal_town import Town

from cohong.kernel import clock
from cohong.kernel.errors import one
from cohong.kernel.ids import new_id
from cohong.orders import api as orders
from cohong.parties.api import NotYours
from cohong.portal.merchant.today import span

Browse = Callable[..., Client]


def figures(town: Town, **more: Any) -> list[orders.SalesFigure]:
    now = clock.now()
    asked = {"since": now - timedelta(days=2), "until": now + timedelta(days=2), **more}
    return orders.sales_figures(actor=town.seller, seller_id=town.seller.party_id, **asked)


def returned(town: Town, order_id: Any, quantity: int) -> orders.Requested:
    line = town.view(order_id).lines[0]
    return orders.request_return(
        item=orders.RequestReturn(
            actor=town.buyer,
            id=new_id(),
            order_id=order_id,
            reason="破损",
            lines=(orders.ReturnedLine(line_id=line.id, quantity=quantity),),
        )
    )


def test_figures_agree_with_a_recount(town: Town):
    ids = town.goods()
    town.order(ids.sku_ids[0], 2)  # never paid
    settled = town.shipped(ids.sku_ids[0], 3)
    one(orders.accept(items=[orders.OnOrder(actor=town.buyer, order_id=settled)]))
    orders.settle_due()
    refunded = town.shipped(ids.sku_ids[1], 12)
    back = returned(town, refunded, 2)
    for act in (orders.approve_return, orders.receive_return, orders.refund):
        act(item=orders.OnReturn(actor=town.seller, return_id=back.return_id))
    off = town.paid(ids.sku_ids[1], 1)
    one(orders.cancel(items=[orders.OnOrder(actor=town.seller, order_id=off, reason="缺货")]))
    every = orders.orders(actor=town.seller, side="seller")
    [whole] = figures(town)
    assert whole.orders == len(every) == 4
    assert whole.placed.minor == sum(view.total.minor for view in every)
    assert whole.settled.minor == sum(view.settled.minor for view in every) > 0
    assert whole.refunded.minor == -sum(view.refunded.minor for view in every) < 0
    for by in ("day", "week", "month", "region", "way"):
        parts = figures(town, by=by)
        assert sum(part.orders for part in parts) == whole.orders, by
        for field in ("placed", "settled", "refunded"):
            assert sum(getattr(part, field).minor for part in parts) == getattr(whole, field).minor, by
    assert {part.key for part in figures(town, by="region")} == {"440300"}
    goods = orders.goods_figures(
        actor=town.seller,
        seller_id=town.seller.party_id,
        since=clock.now() - timedelta(days=1),
        until=clock.now() + timedelta(days=1),
    )
    assert sum(row.placed.minor for row in goods) == whole.placed.minor
    assert {row.sku_id: row.quantity for row in goods} == {ids.sku_ids[0]: 5, ids.sku_ids[1]: 13}
    assert figures(town, until=clock.now() - timedelta(days=1)) == []


def test_nobody_reads_anothers_figures(town: Town):
    town.paid(town.goods().sku_ids[0])
    asked: dict[str, Any] = {
        "actor": town.other,
        "seller_id": town.seller.party_id,
        "since": clock.now() - timedelta(days=1),
        "until": clock.now(),
    }
    for read in (orders.sales_figures, orders.goods_figures):
        with pytest.raises(NotYours):
            read(**asked)
    with pytest.raises(NotYours):
        orders.sellers_desk(actor=town.other, seller_id=town.seller.party_id)


def test_the_desk_says_what_waits(town: Town, browse: Browse):
    ids = town.goods()
    empty = browse("star", "en").get("/merchant/").content.decode()
    assert "Nothing needs a decision now." in empty
    paid = town.paid(ids.sku_ids[0], 2)
    shipped = town.shipped(ids.sku_ids[0], 2)
    returned(town, shipped, 1)
    orders.send_message(
        item=orders.SendMessage(actor=town.buyer, id=new_id(), order_id=paid, text="今天能发吗？")
    )
    desk = orders.sellers_desk(actor=town.seller, seller_id=town.seller.party_id)
    assert (desk.to_ship, desk.oldest_order, desk.returns_to_decide) == (1, paid, 1)
    held = sum(town.view(one_).paid.minor for one_ in (paid, shipped))
    assert [money.minor for money in desk.in_escrow] == [held]
    page = browse("sun", "en").get("/merchant/").content.decode()
    assert "order to ship" in page
    assert "return to decide" in page
    assert 'href="/merchant/returns/"' in page
    assert "buyer waits for an answer" in page
    assert "1 unread message" in page
    for odd in ("?period=weeks", "?period=months", "?period=odd&currency=ZZZ"):
        assert browse("sun", "en").get(f"/merchant/{odd}").status_code == 200


def test_periods_begin_where_people_begin_them():
    days = span("days", date(2026, 3, 1), count=3)
    assert (days.starts, days.end) == (
        (date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)),
        date(2026, 3, 2),
    )
    weeks = span("weeks", date(2026, 3, 1), count=2)
    assert (weeks.starts, weeks.end) == ((date(2026, 2, 16), date(2026, 2, 23)), date(2026, 3, 2))
    months = span("months", date(2026, 1, 31), count=3)
    assert (months.starts, months.end) == (
        (date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)),
        date(2026, 2, 1),
    )
