"""Notices: exactly those who should know, in their language, again from the journal, and by mail at most once."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation
from portal_town import PASSWORD, Town

from cohong.kernel import clock, journal, sets
from cohong.kernel.errors import NotFound, one
from cohong.kernel.ids import new_id
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import SYSTEM, Actor, Role
from cohong.portal.notices import mailing, store
from cohong.portal.notices.jobs import remind_to_accept
from cohong.portal.notices.telling import RULES
from cohong.portal.notices.words import TEXTS, Topic

Browse = Callable[..., Client]


def told(actor: Actor, language: str = "en", **more: Any) -> list[str]:
    with translation.override(language):
        return [notice.text for notice in store.notices(actor=actor, **more)]


def staff(town: Town, actor: Actor, username: str, role: Role) -> Actor:
    user_id = parties.sign_up(username=username, password=PASSWORD, email=f"{username}@demo.invalid")
    parties.grant_membership(actor=SYSTEM, party_id=actor.party_id, user_id=user_id, role=role)
    return parties.actor_for(user_id=user_id, party_id=actor.party_id)


def write(town: Town, order_id: Any, by: Actor) -> None:
    orders.send_message(
        item=orders.SendMessage(actor=by, id=new_id(), order_id=order_id, text="电话13812345678")
    )


def test_every_rule_has_its_text():
    assert {rule.text for rules in RULES.values() for rule in rules} | {"accept_soon"} == TEXTS.keys()


def test_a_trade_tells_each_side_what_concerns_it(town: Town):
    order_id = town.shipped(town.goods().sku_ids[0], 2)
    write(town, order_id, town.buyer)
    one(orders.accept(items=[orders.OnOrder(actor=town.buyer, order_id=order_id)]))
    orders.settle_due()
    journal.pump()
    number = town.view(order_id).number
    assert told(town.seller) == [
        told(town.seller)[0],
        f"The buyer has accepted the goods of order {number}.",
        f"There is a new message on order {number}.",
        f"Order {number} is paid, CN¥410.00. It can be shipped.",
        f"New order {number}: CN¥410.00.",
    ]
    assert told(town.seller)[0].startswith("CN¥410.00 from order")
    [shipped] = told(town.buyer)
    assert shipped.startswith(f"Order {number} is on its way: waybill ")
    assert told(town.other) == []
    assert told(town.buyer, "zh-hans")[0].startswith(f"订单{number}已发货，运单")
    assert told(town.buyer, "zh-hant")[0].startswith(f"訂單{number}已發貨，運單")
    # No text of anybody's is kept here.
    [(kept,)] = sets.fetch("select count(*) from portal_notice where strpos(params::text, '13812345678') > 0")
    assert kept == 0


def test_staff_is_told_what_its_role_is_for(town: Town):
    finance = staff(town, town.seller, "finn", Role.FINANCE)
    sales = staff(town, town.seller, "sal", Role.SALES)
    order_id = town.shipped(town.goods().sku_ids[0])
    one(orders.accept(items=[orders.OnOrder(actor=town.buyer, order_id=order_id)]))
    orders.settle_due()
    journal.pump()
    assert len(told(finance)) == 1
    assert len(told(sales)) == 3
    assert len(told(town.seller)) == 4
    assert store.unread_count(actor=sales) == 3


def test_disputes_tell_the_other_side_and_authorities_both(town: Town):
    order_id = town.shipped(town.goods().sku_ids[0])
    raised = orders.raise_dispute(
        item=orders.RaiseDispute(
            actor=town.buyer, id=new_id(), order_id=order_id, kind="damaged", text="坏", claimed_minor=100
        )
    )
    on_dispute = orders.OnDispute(actor=town.seller, dispute_id=raised.dispute_id, text="好")
    orders.answer_dispute(item=on_dispute)
    decided = orders.OnDispute(actor=SYSTEM, dispute_id=raised.dispute_id, text="属实")
    orders.decide_dispute(item=decided, refund_minor=100)
    journal.pump()
    for actor, wanted in (
        (town.seller, ["dispute_decided", "dispute_raised"]),
        (town.buyer, ["refunded", "dispute_decided", "dispute_answered"]),
    ):
        rows = sets.fetch(
            "select text from portal_notice where party_id = %s and topic in ('disputes', 'money') order by at desc",
            (actor.party_id,),
        )
        assert sorted(text for (text,) in rows) == sorted(wanted)


def test_a_request_for_approval_leads_those_who_decide_to_it(town: Town):
    asked = town.ask(town.goods().sku_ids[0])
    finance = staff(town, town.buyer, "till", Role.FINANCE)
    journal.pump()
    for actor in (town.buyer, finance):
        [notice] = store.notices(actor=actor, topic=Topic.APPROVALS)
        assert store.mark_seen(actor=actor, notice_id=notice.id) == f"/company/approvals/{asked}/"
    store_room = staff(town, town.buyer, "rack", Role.WAREHOUSE)
    assert store.notices(actor=store_room, topic=Topic.APPROVALS) == []


def test_reading_marking_and_rebuilding(town: Town):
    order_id = town.shipped(town.goods().sku_ids[0])
    journal.pump()
    seller = town.seller
    first, second = store.notices(actor=seller)
    assert store.mark_seen(actor=seller, notice_id=first.id) == f"/orders/{order_id}/"
    # Another's notice is not marked, and nothing is said of where it leads.
    with pytest.raises(NotFound):
        store.mark_seen(actor=town.other, notice_id=second.id)
    assert [notice.is_read for notice in store.notices(actor=seller)] == [True, False]
    assert [notice.id for notice in store.notices(actor=seller, only_unread=True)] == [second.id]
    before = store.notices(actor=seller)
    queued = sets.fetch("select user_id, notice_id from portal_notice_mail order by 1, 2")
    assert journal.rebuild("portal.notices") > 0
    assert store.notices(actor=seller) == before
    assert sets.fetch("select user_id, notice_id from portal_notice_mail order by 1, 2") == queued
    store.mark_all_seen(actor=seller)
    assert store.unread_count(actor=seller) == 0
    assert store.unread_count(actor=town.buyer) == 1


def test_wishes_decide_what_is_shown_and_sent(town: Town):
    user_id = town.seller.user_id
    assert user_id is not None
    quiet = [store.WishView(Topic.ORDERS, in_portal=False, by_mail=False)]
    store.wish(user_id=user_id, wanted=quiet)
    town.paid(town.goods().sku_ids[0])
    journal.pump()
    assert told(town.seller) == []
    assert store.unread_count(actor=town.seller) == 0
    assert sets.fetch("select count(*) from portal_notice_mail where user_id = %s", (user_id,)) == [(0,)]


@pytest.fixture
def outbox(settings: Any) -> list[Any]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


def test_mail_is_one_letter_in_the_readers_language_and_goes_once(town: Town, outbox: list[Any]):
    user_id = town.seller.user_id
    assert user_id is not None
    store.read_in(user_id=user_id, language="zh-hant")
    town.paid(town.goods().sku_ids[0])
    journal.pump()
    assert mailing.send_waiting(user_id=user_id) == 2
    assert mailing.send_waiting(user_id=user_id) == 0
    [letter] = outbox
    assert letter.to == ["sun@demo.invalid"]
    assert letter.subject == "公行：2則通知"
    assert "已付款" in letter.body
    assert letter.alternatives[0][1] == "text/html"
    journal.rebuild("portal.notices")
    assert mailing.send_waiting(user_id=user_id) == 0
    assert len(outbox) == 1
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_mail_that_the_server_refuses_is_tried_again(
    town: Town, outbox: list[Any], monkeypatch: pytest.MonkeyPatch
):
    user_id = town.seller.user_id
    assert user_id is not None
    town.paid(town.goods().sku_ids[0])
    journal.pump()
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.message.EmailMessage.send", _refuse)
        with pytest.raises(ConnectionRefusedError):
            mailing.send_waiting(user_id=user_id)
    assert mailing.send_waiting(user_id=user_id) == 2
    assert len(outbox) == 1


def _refuse(*_: Any, **__: Any) -> None:
    raise ConnectionRefusedError


def test_history_is_told_but_not_mailed(town: Town):
    with clock.at(clock.now() - timedelta(days=3)):
        town.paid(town.goods().sku_ids[0])
    journal.pump()
    assert len(told(town.seller)) == 2
    assert sets.fetch("select count(*) from portal_notice_mail") == [(0,)]


def test_the_link_in_the_mail_stops_it(town: Town, outbox: list[Any], browse: Browse):
    user_id = town.seller.user_id
    assert user_id is not None
    town.paid(town.goods().sku_ids[0])
    journal.pump()
    mailing.send_waiting(user_id=user_id)
    [link] = re.findall(r"<https?://[^/]+([^>]+)>", outbox[0].extra_headers["List-Unsubscribe"])
    client = Client(enforce_csrf_checks=True)
    assert client.get(link).status_code == 200
    assert any(wish.by_mail for wish in store.wishes(user_id=user_id))
    # A mail program posts without ever having seen the page.
    assert client.post(link).status_code == 200
    assert not any(wish.by_mail for wish in store.wishes(user_id=user_id))
    assert client.get(f"{link[:-3]}x/").status_code == 404


def test_buyers_are_reminded_once_before_an_order_accepts_itself(town: Town):
    order_id = town.shipped(town.goods().sku_ids[0])
    until = town.view(order_id).accept_by
    assert until is not None
    with clock.at(until - timedelta(days=2)):
        remind_to_accept()
    assert not any("counts as accepted" in text for text in told(town.buyer))
    with clock.at(until - timedelta(hours=3)):
        remind_to_accept()
        remind_to_accept()
    journal.pump()
    assert sum("counts as accepted" in text for text in told(town.buyer)) == 1
    journal.rebuild("portal.notices")
    assert sum("counts as accepted" in text for text in told(town.buyer)) == 1


def test_the_pages(town: Town, browse: Browse):
    order_id = town.paid(town.goods().sku_ids[0])
    journal.pump()
    client = browse("sun", "zh-hans")
    html = client.get("/notices/").content.decode()
    assert html.count("told-one is-unread") == 2
    assert '<b class="count">2</b>' in html
    [notice, _] = store.notices(actor=town.seller)
    answer = client.post(f"/notices/{notice.id}/")
    assert answer["Location"] == f"/orders/{order_id}/"
    assert client.get("/notices/?only=unread").content.decode().count("told-one") == 1
    assert client.get("/notices/?topic=disputes").content.decode().count("told-one") == 0
    assert client.get("/notices/?at=nonsense&id=1").status_code == 200
    client.post("/notices/read/")
    assert "is-unread" not in client.get("/notices/").content.decode()
    client.post("/notices/settings/", {"tell": ["orders:portal", "money:mail"]})
    wishes = {one_.topic: one_ for one_ in store.wishes(user_id=town.seller.user_id)}  # type: ignore[arg-type]
    assert (wishes[Topic.ORDERS].in_portal, wishes[Topic.ORDERS].by_mail) == (True, False)
    assert (wishes[Topic.MONEY].in_portal, wishes[Topic.MONEY].by_mail) == (False, True)
    client.post("/language/", {"language": "zh-hant", "next": "/"})
    assert sets.fetch("select language from portal_notice_reader") == [("zh-hant",)]
    for address in ("/notices/", "/notices/settings/"):
        assert browse().get(address)["Location"].startswith("/sign-in/")
