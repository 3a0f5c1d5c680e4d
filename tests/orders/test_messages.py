"""Messages on an order: private, provable, counted for each side."""

import io
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import transaction
from PIL import Image

from cohong.kernel import clock, sets
from cohong.kernel.errors import Refusal
from cohong.kernel.ids import new_id
from cohong.kernel.privacy import is_encrypted
from cohong.orders import api as orders
from cohong.orders.api import SendMessage, UnreadCounts
from cohong.parties import api as parties
from cohong.parties.api import Role
from trading import Place, acting_for, audits, counted

pytestmark = pytest.mark.django_db(transaction=True)


def picture(colour="red", kind="PNG"):
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, kind)
    return out.getvalue()


@pytest.fixture
def place():
    made = Place()
    [made.sku] = made.goods(20)
    made.give(10_000, made.buyer_id)
    made.order = made.to("shipped", (made.sku, 5))
    return made


def write(place, by, text="您好", pictures=(), **more):
    item = SendMessage(
        **{"actor": by, "id": new_id(), "order_id": place.order, "text": text, "pictures": pictures, **more}
    )
    return orders.send_message(item=item)


def refused(act, *args, **kwargs):
    with pytest.raises(Refusal) as caught, transaction.atomic():
        act(*args, **kwargs)
    return caught.value.code


def said(place, actor, **more):
    return [one.text for one in orders.messages(actor=actor, order_id=place.order, **more)]


def test_both_sides_write_read_and_are_counted(place):
    assert orders.unread_counts(actor=place.seller) == UnreadCounts(0, 0, 0)
    assert write(place, place.buyer, " 何时发货？\r\n急用 ") == 1
    assert write(place, place.buyer, "谢谢") == 2
    assert orders.unread_counts(actor=place.seller) == UnreadCounts(0, 2, 1)
    assert orders.unread_counts(actor=place.buyer) == UnreadCounts(0, 0, 0)
    assert orders.unread_on(actor=place.seller, order_ids=[place.order]) == {place.order: 2}
    orders.mark_read(actor=place.seller, order_id=place.order)
    # Read, and still to be answered.
    assert orders.unread_counts(actor=place.seller) == UnreadCounts(0, 0, 1)
    assert [one.is_read for one in orders.messages(actor=place.buyer, order_id=place.order)] == [True, True]
    assert write(place, place.seller, "今天。") == 3
    assert orders.unread_counts(actor=place.seller) == UnreadCounts(0, 0, 0)
    assert orders.unread_counts(actor=place.buyer) == UnreadCounts(1, 0, 0)
    assert said(place, place.seller) == ["何时发货？\n急用", "谢谢", "今天。"]
    assert said(place, place.buyer, after=2) == ["今天。"]
    assert said(place, place.buyer, limit=2) == ["谢谢", "今天。"]
    assert audits() == []


def test_the_inbox_is_paged_by_the_last_word(place):
    first, second = place.order, place.to("ready", (place.sku, 1))
    write(place, place.buyer, "一")
    write(place, place.buyer, "二", order_id=second)
    write(place, place.seller, "三", order_id=first)
    inbox = orders.threads(actor=place.seller, side="seller")
    assert [(one.order_id, one.last, one.unread, one.is_unanswered) for one in inbox] == [
        (first, "三", 0, False),
        (second, "二", 1, True),
    ]
    assert [
        one.order_id for one in orders.threads(actor=place.seller, side="seller", before=inbox[0].cursor)
    ] == [second]
    for only in ("unread", "unanswered"):
        assert [one.order_id for one in orders.threads(actor=place.seller, side="seller", only=only)] == [
            second
        ]
    assert [one.order_id for one in orders.threads(actor=place.buyer, side="buyer", only="unread")] == [first]
    assert orders.threads(actor=place.buyer, side="seller") == []
    assert orders.threads(actor=place.other, side="buyer") == []


def test_nobody_else_reads_or_writes(place):
    write(place, place.buyer, pictures=(picture(),))
    [message] = orders.messages(actor=place.seller, order_id=place.order)
    [shown] = message.pictures
    for actor, code in (
        (place.other, "OrderNotFound"),
        (place.authority, "MessagesClosed"),
        (acting_for(place.seller_id, Role.PURCHASING), "NotYours"),
        (acting_for(place.buyer_id, Role.PURCHASING, scopes=frozenset({"catalog:read"})), "ScopeMissing"),
    ):
        assert refused(orders.messages, actor=actor, order_id=place.order) == code
        assert refused(write, place, actor) == code
    for actor in (place.other, place.authority):
        assert refused(orders.message_picture, actor=actor, picture_id=shown.id) == "PictureNotFound"
    orders.mark_read(actor=place.other, order_id=place.order)
    assert orders.unread_counts(actor=place.seller).seller == 1
    assert counted("orders_message") == 1


def test_an_authority_takes_part_in_a_dispute_and_its_looks_are_recorded(place):
    write(place, place.buyer)
    raised = orders.raise_dispute(
        item=orders.RaiseDispute(
            actor=place.buyer, id=new_id(), order_id=place.order, kind="other", text="坏", claimed_minor=1
        )
    )
    assert said(place, place.authority) == ["您好"]
    [look] = parties.looks(actor=place.authority, party_id=place.buyer_id)
    assert (look.by_party, look.what) == (place.authority_id, ("messages",))
    write(place, place.authority, "请提供照片。")
    assert orders.unread_counts(actor=place.buyer).buyer == 1
    # The authority's question is nobody's answer.
    assert orders.unread_counts(actor=place.seller) == UnreadCounts(0, 2, 1)
    orders.withdraw_dispute(item=orders.OnDispute(actor=place.buyer, dispute_id=raised.dispute_id))
    assert refused(write, place, place.authority) == "MessagesClosed"
    assert len(said(place, place.authority)) == 2
    assert audits() == []


def test_what_is_kept_is_encrypted_and_what_is_stated_proves_it(place):
    content = picture()
    write(place, place.buyer, "电话 13812345678", pictures=(content, picture("blue", "JPEG")))
    [(text,)] = sets.fetch("select text from orders_message")
    assert is_encrypted(text)
    for row in sets.fetch("select large, small from orders_message_picture"):
        assert all(map(is_encrypted, row))
    last = orders.evidence(actor=place.buyer, order_id=place.order)[-1]
    assert last.envelope.kind == "orders.message_sent"
    assert "13812345678" not in last.canonical
    [message] = orders.messages(actor=place.seller, order_id=place.order)
    body = last.envelope.body
    assert body.text_sha256 == sha256(message.text.encode()).hexdigest()
    drawn = [orders.message_picture(actor=place.seller, picture_id=one.id) for one in message.pictures]
    assert body.pictures_sha256 == [sha256(one).hexdigest() for one in drawn]
    assert all(one[8:12] == b"WEBP" for one in drawn)
    assert content not in drawn
    small = orders.message_picture(actor=place.buyer, picture_id=message.pictures[0].id, small=True)
    assert small[8:12] == b"WEBP"


@pytest.mark.parametrize(
    ("text", "pictures", "code"),
    [
        ("", (), "EmptyMessage"),
        (" \n", (), "EmptyMessage"),
        ("x" * 2_001, (), "BadText"),
        ("a\x07", (), "BadText"),
        ("", (b"%PDF-1.7 ...",), "NotAPicture"),
        ("好", (b"",), "NotAPicture"),
        ("好", (picture(),) * 5, "TooManyPictures"),
    ],
)
def test_what_is_no_message(place, text, pictures, code):
    assert refused(write, place, place.buyer, text, pictures) == code
    assert counted("orders_message") == counted("orders_thread") == 0


def test_the_same_id_is_sent_once(place):
    same = new_id()
    assert write(place, place.buyer, id=same) == write(place, place.buyer, "别的", id=same) == 1
    assert said(place, place.seller) == ["您好"]


def test_nobody_writes_faster_than_by_hand(place):
    start = clock.now()
    with clock.at(start):
        for _ in range(10):
            write(place, place.buyer)
        assert refused(write, place, place.buyer) == "WritingTooFast"
        # Another user of the same party has a hand of their own.
        write(place, acting_for(place.buyer_id, Role.PURCHASING))
    with clock.at(start + timedelta(minutes=1, seconds=1)):
        write(place, place.buyer)
    assert counted("orders_message") == 12
