"""The carrier's client against the sandbox carrier over loopback HTTP: waybills, faults, a parcel's way."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohong.kernel.money import Money
from cohong.kernel.outside import SigningKey
from cohong.kernel.outside.sandbox import Receiver
from cohong.kernel.outside.signing import sign_notice
from cohong.logistics.carriers.client import CarrierClient
from cohong.logistics.carriers.protocol import (
    Address,
    BadSignature,
    Booked,
    Booking,
    BookingRefused,
    Cancelled,
    EventKind,
    NotCancelled,
    NotKnown,
    Outage,
    Parcel,
    Tracked,
    Unknown,
    WhyRefused,
)
from cohong.logistics.carriers.sandbox import SandboxCarrier
from cohong.logistics.carriers.waybills import check_digit, is_valid_waybill, make_waybill

SENDER = Address(name="佛山陶瓷", phone="13800000001", line="季华路 1 号", region_code="440600")
RECIPIENT = Address(name="李四", phone="13900000002", line="天河路 2 号", region_code="440100")
STORY = [
    (EventKind.PICKED_UP, "440600"),
    (EventKind.IN_TRANSIT, "440600 hub"),
    (EventKind.IN_TRANSIT, "440100 hub"),
    (EventKind.OUT_FOR_DELIVERY, "440100"),
    (EventKind.DELIVERED, "440100"),
]
FAST_RETRY = (0.02,) * 8


@pytest.fixture
def carrier() -> Iterator[SandboxCarrier]:
    with SandboxCarrier(retry_s=FAST_RETRY) as carrier:
        yield carrier


@pytest.fixture
def client(carrier: SandboxCarrier) -> Iterator[CarrierClient]:
    client = carrier.client(timeout_s=5)
    yield client
    client.close_connections()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def booking(shipment_id: UUID | None = None, notify_url: str = "") -> Booking:
    return Booking(
        shipment_id=shipment_id or uuid4(),
        number="S2026-0001-7",
        sender=SENDER,
        recipient=RECIPIENT,
        parcels=(Parcel(weight_g=12_500, length_mm=800, width_mm=800, height_mm=90), Parcel(weight_g=1)),
        goods="瓷砖",
        notify_url=notify_url,
        collect=Money(9_900, "CNY"),
    )


def booked(client: CarrierClient, asked: Booking) -> str:
    answer = client.book(asked)
    assert isinstance(answer, Booked)
    return answer.waybill


def story(client: CarrierClient, waybill: str) -> list[tuple[EventKind, str]]:
    answer = client.track(waybill)
    assert isinstance(answer, Tracked)
    assert [event.sequence for event in answer.events] == list(range(1, len(answer.events) + 1))
    return [(event.kind, event.place) for event in answer.events]


# Waybill numbers


def test_the_check_digit_of_known_waybills():
    # The example of the standard itself, and one of Wikipedia's.
    assert check_digit("47312482") == 9
    assert is_valid_waybill("RA473124829US")
    assert is_valid_waybill("RB123456785GB")
    # Remainders of which the digit is fixed by the standard.
    assert make_waybill("CP", 0, "CN") == "CP000000005CN"
    assert make_waybill("CP", 8, "CN") == "CP000000080CN"


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "RA473124828US",
        "RA473124829U",
        "ra473124829us",
        "RA473124829US ",
        "RA47312482９US",
        "12473124829US",
    ],
)
def test_no_waybills(wrong: str):
    assert not is_valid_waybill(wrong)


@pytest.mark.parametrize(
    ("service", "serial", "country"), [("C", 1, "CN"), ("CP", -1, "CN"), ("CP", 10**8, "CN")]
)
def test_no_such_waybill_can_be_made(service: str, serial: int, country: str):
    with pytest.raises(ValueError, match=r"serial|service"):
        make_waybill(service, serial, country)


@given(serial=st.integers(0, 99_999_999), position=st.integers(0, 7), change=st.integers(1, 9))
def test_a_wrong_digit_is_found_unless_the_standard_writes_the_same_for_both(
    serial: int, position: int, change: int
):
    digits = f"{serial:08d}"
    assert is_valid_waybill(make_waybill("EX", serial, "CN"))
    wrong = digits[:position] + str((int(digits[position]) + change) % 10) + digits[position + 1 :]
    weighted = [
        sum(int(digit) * weight for digit, weight in zip(text, (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
        for text in (digits, wrong)
    ]
    assert is_valid_waybill(f"EX{wrong}{check_digit(digits)}CN") == (set(weighted) == {0, 6})


# Booking


def test_booked_once_for_one_shipment(carrier: SandboxCarrier, client: CarrierClient):
    asked = booking()
    first = client.book(asked)
    assert isinstance(first, Booked)
    assert is_valid_waybill(first.waybill)
    assert first.waybill.startswith("CP")
    assert (first.label.barcode, first.label.sort_code) == (first.waybill, "440100-CP")
    assert client.book(asked) == first
    assert client.book(replace(asked, notify_url="http://127.0.0.1:1/elsewhere")) == first
    assert client.book(replace(asked, goods="别的")) == BookingRefused(
        reason=WhyRefused.ID_REUSED, detail="id_reused"
    )
    assert carrier.waybills(asked.shipment_id) == [first.waybill]
    assert booked(client, replace(booking(), service="express")).startswith("EX")


def test_many_at_once_under_one_id(carrier: SandboxCarrier, client: CarrierClient):
    asked = booking()
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _n: client.book(asked), range(36)))
    assert len({repr(answer) for answer in answers}) == 1
    assert len(carrier.waybills(asked.shipment_id)) == 1


def test_bookings_that_are_not_taken(carrier: SandboxCarrier, client: CarrierClient):
    heavy = replace(booking(), parcels=(Parcel(weight_g=30_000_001),))
    assert client.book(heavy) == BookingRefused(reason=WhyRefused.TOO_HEAVY, detail="too_heavy")
    for wrong, detail in (
        (replace(booking(), parcels=()), "parcels"),
        (replace(booking(), parcels=(Parcel(weight_g=0),)), "weight_g"),
        (replace(booking(), recipient=replace(RECIPIENT, phone="")), "recipient.phone"),
        (replace(booking(), service=""), "service"),
    ):
        assert client.book(wrong) == BookingRefused(reason=WhyRefused.REJECTED, detail=detail)
        assert carrier.waybills(wrong.shipment_id) == []
    carrier.tell("refuse")
    refused = client.book(booking())
    assert refused == BookingRefused(reason=WhyRefused.NO_SERVICE, detail="no_service")
    assert "13900000002" not in repr(booking())


def test_cancelling(carrier: SandboxCarrier, client: CarrierClient):
    asked = booking()
    waybill = booked(client, asked)
    assert client.cancel(asked.shipment_id) == Cancelled()
    assert client.cancel(asked.shipment_id) == Cancelled()
    assert carrier.advance() == 0
    assert story(client, waybill) == []
    assert client.book(asked) == BookingRefused(reason=WhyRefused.CANCELLED, detail="cancelled")

    unseen = booking()
    assert client.cancel(unseen.shipment_id) == Cancelled()
    assert client.book(unseen) == BookingRefused(reason=WhyRefused.CANCELLED, detail="cancelled")

    gone = booking()
    waybill = booked(client, gone)
    carrier.advance(waybill, 2)
    assert client.cancel(gone.shipment_id) == NotCancelled(waybill=waybill, last=EventKind.IN_TRANSIT)


@pytest.mark.parametrize(
    ("fault", "outage", "done"),
    [
        ("lose_answer", Outage.TIMEOUT, True),
        ("cut", Outage.CUT, True),
        ("fail_after", Outage.SERVER_ERROR, True),
        ("wrong_signature", Outage.BAD_SIGNATURE, True),
        ("garble", Outage.UNREADABLE, True),
        ("fail", Outage.SERVER_ERROR, False),
        ("busy", Outage.BUSY, False),
    ],
)
def test_a_lost_answer_is_unknown_and_asking_again_books_nothing_twice(
    carrier: SandboxCarrier, fault: str, outage: Outage, done: bool
):
    client, asked = carrier.client(timeout_s=0.2), booking()
    carrier.tell(fault, match={"shipment_id": asked.shipment_id})
    lost = client.book(asked)
    assert isinstance(lost, Unknown)
    assert lost.why is outage
    before = carrier.waybills(asked.shipment_id)
    assert len(before) == done
    waybill = booked(client, asked)
    assert carrier.waybills(asked.shipment_id) == [waybill]
    assert before in ([], [waybill])
    for verb in ("track", "cancel"):
        carrier.tell(fault, match={"verb": verb})
    tracked, cancelled = client.track(waybill), client.cancel(asked.shipment_id)
    assert isinstance(tracked, Unknown)
    assert isinstance(cancelled, Unknown)
    assert (tracked.why, cancelled.why) == (outage, outage)
    assert client.cancel(asked.shipment_id) == Cancelled()
    client.close_connections()


# A parcel's story


def test_a_parcel_is_delivered(carrier: SandboxCarrier, client: CarrierClient, receiver: Receiver):
    asked = booking(notify_url=receiver.url)
    waybill = booked(client, asked)
    assert story(client, waybill) == []
    carrier.control(clock="2011-01-31T08:00:00Z")
    assert carrier.advance(waybill, 1) == 1
    assert story(client, waybill) == STORY[:1]
    assert carrier.advance() == 4
    assert carrier.advance() == 0
    assert story(client, waybill) == STORY
    notices = [client.verify_notification(*received) for received in receiver.wait(5)]
    tracked = client.track(waybill)
    assert isinstance(tracked, Tracked)
    assert {notice.event for notice in notices} == set(tracked.events)
    assert {(notice.waybill, notice.shipment_id) for notice in notices} == {(waybill, asked.shipment_id)}
    assert {event.happened_at.date().isoformat() for event in tracked.events} == {"2011-01-31"}
    page = httpx.get(_track_url(client, asked)).text
    assert waybill in page
    assert "delivered" in page


def test_parcels_move_by_themselves(receiver: Receiver):
    with SandboxCarrier(step_s=0.03, retry_s=FAST_RETRY) as carrier:
        client = carrier.client()
        waybills = [booked(client, booking(notify_url=receiver.url)) for _ in range(3)]
        receiver.wait(15)
        assert [story(client, waybill) for waybill in waybills] == [STORY] * 3
        client.close_connections()


def test_an_obstacle_a_return_and_a_loss(carrier: SandboxCarrier, client: CarrierClient):
    stories = {}
    for fault in ("exception", "return_parcel", "lose_parcel"):
        asked = booking()
        carrier.tell(fault, match={"shipment_id": asked.shipment_id}, note="电话不通")
        stories[fault] = booked(client, asked)
    carrier.advance()
    obstacle = (EventKind.EXCEPTION, "440100")
    assert story(client, stories["exception"]) == [*STORY[:4], obstacle, *STORY[3:]]
    assert story(client, stories["return_parcel"]) == [
        *STORY[:4],
        obstacle,
        (EventKind.IN_TRANSIT, "440100 hub"),
        (EventKind.RETURNED, "440600"),
    ]
    assert story(client, stories["lose_parcel"]) == STORY[:2]
    tracked = client.track(stories["return_parcel"])
    assert isinstance(tracked, Tracked)
    assert tracked.events[4].note == "电话不通"


def test_waybills_that_are_not_known(client: CarrierClient):
    assert client.track(make_waybill("CP", 77, "CN")) == NotKnown()
    assert client.track("CP000000771CN") == NotKnown()
    assert client.track("../v1/shipments") == NotKnown()


def test_events_twice_until_accepted_and_out_of_order(
    carrier: SandboxCarrier, client: CarrierClient, receiver: Receiver
):
    asked = booking(notify_url=receiver.url)
    waybill = booked(client, asked)
    carrier.tell("notify_overtaken", match={"kind": "picked_up"})
    carrier.tell("notify_twice", match={"sequence": 2})
    carrier.tell("never_notify", match={"sequence": 3})
    receiver.refuse = 1
    carrier.advance(waybill, 1)
    time.sleep(0.1)
    assert receiver.received == []
    carrier.advance(waybill, 2)
    notices = [client.verify_notification(*received) for received in receiver.wait(4)]
    # The second event is refused once and then sent twice; after it comes the first; the third never does.
    assert sorted(notice.event.sequence for notice in notices) == [1, 2, 2, 2]
    assert [notice.event.sequence for notice in notices[:2]] == [2, 2]
    assert len({notice.notice_id for notice in notices}) == 2
    assert story(client, waybill) == STORY[:3]


def test_forged_notices(carrier: SandboxCarrier, client: CarrierClient, receiver: Receiver):
    carrier.tell("wrong_signature", match={"verb": "notify"})
    booked(client, booking(notify_url=receiver.url))
    carrier.advance(steps=1)
    [(headers, body)] = receiver.wait(1)
    stranger = SigningKey.generate(carrier.credentials.answers_by.key_id)
    carriers_own = carrier.sandbox.key if carrier.sandbox else stranger
    for some_headers, some_body in (
        (headers, body),
        ({}, body),
        (sign_notice(stranger, body), body),
        (sign_notice(carriers_own, body), body + b" "),
        (sign_notice(carriers_own, b"{}"), b"{}"),
    ):
        with pytest.raises(BadSignature):
            client.verify_notification(some_headers, some_body)
    assert client.verify_notification(sign_notice(carriers_own, body), body).event.kind is EventKind.PICKED_UP


def test_killed_and_started_again_it_goes_on(receiver: Receiver):
    with SandboxCarrier(process=True, step_s=0.1) as carrier:
        client = carrier.client()
        asked = [booking(notify_url=receiver.url) for _ in range(5)]
        waybills = [booked(client, one) for one in asked]
        receiver.wait(3)
        carrier.kill()
        lost = client.book(asked[0])
        assert isinstance(lost, Unknown)
        assert lost.why in (Outage.UNREACHABLE, Outage.CUT)
        carrier.start()
        assert [booked(client, one) for one in asked] == waybills
        deadline = time.monotonic() + 5
        while any(story(client, waybill) != STORY for waybill in waybills):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        while len({client.verify_notification(*one).notice_id for one in receiver.received}) < 25:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        client.close_connections()


def _track_url(client: CarrierClient, asked: Booking) -> str:
    answer = client.book(asked)
    assert isinstance(answer, Booked)
    return answer.label.track_url
