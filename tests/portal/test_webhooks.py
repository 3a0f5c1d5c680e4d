"""Webhooks against a real listener on this machine: what it gets, in which order, how often, and what the log says."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import translation
from portal_town import PASSWORD, Town

from cohong.kernel import clock, journal, sets
from cohong.kernel.errors import one
from cohong.kernel.ids import new_id
from cohong.orders import api as orders
from cohong.parties import api as parties
from cohong.parties.api import Role
from cohong.portal.notices import store
from cohong.portal.webhooks import audit, calling, rules, sending, services
from cohong.portal.webhooks.models import DeliveryState

Browse = Callable[..., Client]


class Listener:
    """A receiver that notes what it is sent and answers as it is told: a status, or a way to misbehave."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[Any] = []
        self.stolen: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append(({key.lower(): value for key, value in self.headers.items()}, body))
                outer.answer(self)

            def do_GET(self) -> None:
                outer.stolen.append(self.path)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks?from=cohong"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer the next thing in the list, or 204."""
        how = self.answers.pop(0) if self.answers else 204
        if how == "slow":
            time.sleep(2)
            how = 200
        if how == "cut":
            handler.wfile.write(b"HT")
            handler.connection.close()
            return
        if how == "flood":
            handler.send_response(200)
            handler.end_headers()
            handler.wfile.write(b"<script>x</script>\x00" + b"y" * 3_000_000)
            return
        handler.send_response(how)
        if 300 <= how < 400:
            handler.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/stolen")
        handler.send_header("Content-Length", "2")
        handler.end_headers()
        handler.wfile.write(b"ok")


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    monkeypatch.setenv("COHONG_DEMO", "1")
    made = Listener()
    yield made
    made.server.shutdown()
    made.server.server_close()


def opened(town: Town, url: str, *kinds: str) -> tuple[UUID, str]:
    return services.open_endpoint(actor=town.seller, url=url, kinds=kinds)


def log(town: Town, endpoint_id: UUID) -> list[services.DeliveryView]:
    return services.deliveries(actor=town.seller, endpoint_id=endpoint_id)


def pumped(endpoint_id: UUID) -> int:
    journal.pump()
    return sending.send_waiting(endpoint_id=endpoint_id)


def later(endpoint_id: UUID, **ahead: Any) -> int:
    with clock.at(clock.now() + timedelta(**ahead)):
        return sending.send_waiting(endpoint_id=endpoint_id)


# --- what is delivered -----------------------------------------------------------------------------------


def test_an_order_is_told_document_by_document_signed_and_in_order(town: Town, listener: Listener):
    endpoint_id, secret = opened(town, listener.url)
    order_id = town.shipped(town.goods().sku_ids[0])
    pumped(endpoint_id)
    told = [(headers, body) for headers, body in listener.got if json.loads(body)["subject"] == str(order_id)]
    file = orders.evidence(actor=town.seller, order_id=order_id)
    seen = [
        one_ for one_ in file if town.seller.party_id in (one_.envelope.issuer, *one_.envelope.visible_to)
    ]
    assert [body.decode() for _headers, body in told] == [one_.canonical for one_ in seen]
    for headers, body in listener.got:
        assert headers["webhook-id"] == json.loads(body)["id"]
        assert headers["cohong-kind"] == json.loads(body)["kind"]
        assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        key = base64.b64decode(secret.removeprefix("whsec_"))
        expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        assert headers["webhook-signature"] == f"v1,{expected}"
        assert headers["host"] == f"127.0.0.1:{listener.server.server_port}"
    entries = log(town, endpoint_id)
    assert {entry.state for entry in entries} == {DeliveryState.DELIVERED}
    assert [(entry.tries[0].status, entry.attempts) for entry in entries] == [(204, 1)] * len(entries)
    count = len(listener.got)
    assert pumped(endpoint_id) == 0
    assert len(listener.got) == count
    assert [finding for check in audit.audit() for finding in check.findings] == []


def test_only_what_was_asked_for_and_only_what_the_party_may_see(town: Town, listener: Listener):
    mine, _ = opened(town, listener.url, "orders.placed")
    other, _ = services.open_endpoint(actor=town.other, url=listener.url)
    town.shipped(town.goods().sku_ids[0])
    journal.pump()
    sending.send_waiting(endpoint_id=mine)
    assert [json.loads(body)["kind"] for _headers, body in listener.got] == ["orders.placed"]
    listener.got.clear()
    sending.send_waiting(endpoint_id=other)
    assert listener.got == []
    # What was issued before an endpoint was there is not told after the fact, nor by reading the log again.
    late, _ = opened(town, listener.url)
    sets.run("update kernel_follower set position = 0 where name = 'webhooks'")
    journal.pump()
    sending.send_waiting(endpoint_id=late)
    sending.send_waiting(endpoint_id=mine)
    assert listener.got == []


def test_what_fails_is_tried_again_and_holds_back_only_its_own_subject(town: Town, listener: Listener):
    ids = town.goods()
    endpoint_id, _ = opened(town, listener.url, "orders.placed", "orders.paid", "orders.cancelled")
    listener.answers = [500]
    first = town.paid(ids.sku_ids[0])
    second = town.order(ids.sku_ids[0])
    assert pumped(endpoint_id) == 2
    assert [json.loads(body)["subject"] for _headers, body in listener.got] == [str(first), str(second)]
    assert sending.send_waiting(endpoint_id=endpoint_id) == 0  # not due yet, and what follows it waits
    assert later(endpoint_id, seconds=16) == 2
    kinds = [(json.loads(body)["kind"], json.loads(body)["subject"]) for _headers, body in listener.got]
    assert kinds == [
        ("orders.placed", str(first)),
        ("orders.placed", str(second)),
        ("orders.placed", str(first)),
        ("orders.paid", str(first)),
    ]
    entries = {(entry.kind, entry.subject): entry for entry in log(town, endpoint_id)}
    tried = entries["orders.placed", first]
    assert [attempt.status for attempt in tried.tries] == [204, 500]
    assert (tried.attempts, tried.state) == (2, DeliveryState.DELIVERED)


def test_the_waits_grow_and_end():
    waits = [int(rules.wait_after(number).total_seconds()) for number in range(1, rules.MOST_ATTEMPTS)]
    assert waits == [15, 60, 240, 960, 3840, 15360, 43200, 43200, 43200]


# --- what goes wrong -------------------------------------------------------------------------------------


def sent_a_test(town: Town, listener: Listener, *answers: Any) -> tuple[UUID, services.DeliveryView]:
    endpoint_id, _ = opened(town, listener.url, "orders.placed")
    listener.answers = list(answers)
    services.send_test(actor=town.seller, endpoint_id=endpoint_id)
    sending.send_waiting(endpoint_id=endpoint_id)
    [entry] = log(town, endpoint_id)
    return endpoint_id, entry


def test_a_redirect_is_not_followed(town: Town, listener: Listener):
    _id, entry = sent_a_test(town, listener, 302)
    assert (entry.tries[0].status, entry.state) == (302, DeliveryState.PENDING)
    assert listener.stolen == []


def test_a_broken_answer_and_a_closed_door_are_told_apart(town: Town, listener: Listener):
    endpoint_id, entry = sent_a_test(town, listener, "cut")
    assert (entry.tries[0].status, entry.tries[0].failure) == (None, "cut")
    listener.server.shutdown()
    listener.server.server_close()
    later(endpoint_id, minutes=1)
    assert log(town, endpoint_id)[0].tries[0].failure == "unreachable"


def test_a_slow_one_is_given_up_on(town: Town, listener: Listener, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(calling, "TIMEOUT_S", 0.3)
    _id, entry = sent_a_test(town, listener, "slow")
    assert (entry.tries[0].status, entry.tries[0].failure) == (None, "timeout")
    assert 250 <= entry.tries[0].took_ms < 2000


def test_of_a_flood_only_the_beginning_is_kept(town: Town, listener: Listener, browse: Browse):
    endpoint_id, entry = sent_a_test(town, listener, "flood")
    assert entry.state is DeliveryState.DELIVERED
    assert len(entry.tries[0].answer) == 1000
    page = browse("sun").get(f"/merchant/webhooks/{endpoint_id}/").content.decode()
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


def test_after_many_failures_it_is_paused_and_the_party_told(town: Town, listener: Listener):
    endpoint_id, _ = opened(town, listener.url, "orders.placed")
    listener.answers = [500] * 100
    for _ in range(rules.PAUSE_AFTER):
        services.send_test(actor=town.seller, endpoint_id=endpoint_id)
    pumped(endpoint_id)
    view = services.endpoint(actor=town.seller, endpoint_id=endpoint_id)
    assert (view.state, view.pause_reason, len(listener.got)) == ("paused", "failures", rules.PAUSE_AFTER)
    [told] = [
        filed.envelope
        for filed in journal.file_of([town.seller.party_id])
        if filed.envelope.kind == "webhooks.endpoint_paused"
    ]
    assert (told.body.endpoint_id, told.body.failures) == (endpoint_id, rules.PAUSE_AFTER)
    assert told.visible_to == (town.seller.party_id,)
    journal.pump()
    with translation.override("en"):
        said = [one_.text for one_ in store.notices(actor=town.seller)]
        others = [one_.text for one_ in store.notices(actor=town.other)]
    assert [text for text in said if "webhook" in text] == [
        "The webhook to 127.0.0.1 is paused: it does not answer as it should. What is due waits."
    ]
    assert not [text for text in others if "webhook" in text]
    town.order(town.goods().sku_ids[0])
    assert pumped(endpoint_id) == 0  # it rests, and documents wait
    listener.answers = []
    services.resume_endpoint(actor=town.seller, endpoint_id=endpoint_id)
    assert sending.send_waiting(endpoint_id=endpoint_id) == rules.PAUSE_AFTER + 1
    assert services.endpoint(actor=town.seller, endpoint_id=endpoint_id).failures_in_row == 0


def test_one_that_says_it_is_gone_is_paused_at_once(town: Town, listener: Listener):
    endpoint_id, _entry = sent_a_test(town, listener, 410)
    assert services.endpoint(actor=town.seller, endpoint_id=endpoint_id).pause_reason == "gone"


def test_a_delivery_ends_after_its_last_try_and_can_be_sent_again(town: Town, listener: Listener):
    endpoint_id, _ = sent_a_test(town, listener, *[500] * 20)
    ahead = timedelta()
    for number in range(1, rules.MOST_ATTEMPTS):
        ahead += rules.wait_after(number) + timedelta(seconds=1)
        assert later(endpoint_id, seconds=ahead.total_seconds()) == 1
    [entry] = log(town, endpoint_id)
    assert (entry.state, entry.attempts, len(entry.tries)) == (DeliveryState.GIVEN_UP, 10, 10)
    assert later(endpoint_id, days=30) == 0
    listener.answers = []
    services.redeliver(actor=town.seller, endpoint_id=endpoint_id, delivery_id=entry.id)
    assert sending.send_waiting(endpoint_id=endpoint_id) == 1
    assert log(town, endpoint_id)[0].state is DeliveryState.DELIVERED
    with clock.at(clock.now() + timedelta(days=31)):
        assert sending.forget_old() == 1
    assert log(town, endpoint_id) == []


def test_a_new_secret_signs_beside_the_old_one_for_a_day(town: Town, listener: Listener):
    endpoint_id, old = opened(town, listener.url, "orders.placed")
    new = services.rotate_secret(actor=town.seller, endpoint_id=endpoint_id)
    services.send_test(actor=town.seller, endpoint_id=endpoint_id)
    sending.send_waiting(endpoint_id=endpoint_id)
    headers, body = listener.got[0]
    stamp = int(headers["webhook-timestamp"])
    assert headers["webhook-signature"].split() == [
        rules.sign(new, headers["webhook-id"], stamp, body),
        rules.sign(old, headers["webhook-id"], stamp, body),
    ]
    services.send_test(actor=town.seller, endpoint_id=endpoint_id)
    later(endpoint_id, hours=25)
    assert len(listener.got[1][0]["webhook-signature"].split()) == 1
    [(kept,)] = sets.fetch("select secret from portal_webhooks_endpoint")
    assert new not in kept


# --- where it may not lead -------------------------------------------------------------------------------

INSIDE = [
    *(
        "http://example.com/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.1.2.3/x",
        "ftp://example.com/",
    ),
    *(
        "https://169.254.169.254/latest/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[fec0::1]/",
        "https://[fd00::1]/",
    ),
    *(
        "https://0.0.0.0/",
        "https://100.64.0.1/",
        "https://224.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
    ),
    *(
        "https://user:pw@example.com/",
        "https://example.com/#x",
        "https://exa mple.com/",
        "",
        "javascript:alert(1)",
    ),
    *("https://[64:ff9b::a00:1]/", "https://[2002:7f00:1::]/", "https://intranet/", "https://example.com:0/"),
]


@pytest.mark.parametrize("url", INSIDE)
def test_no_endpoint_leads_inside(town: Town, browse: Browse, url: str):
    with pytest.raises(rules.BadEndpoint):
        opened(town, url)
    answer = browse("sun").post("/merchant/webhooks/open/", {"url": url})
    assert answer.status_code == 422
    assert services.endpoints(actor=town.seller) == []


@pytest.mark.parametrize(
    "addresses",
    [["10.0.0.7"], ["93.184.216.34", "127.0.0.1"], ["::1"], ["fe80::1%eth0"], ["169.254.169.254"]],
)
def test_a_name_that_leads_inside_is_not_called(
    town: Town, monkeypatch: pytest.MonkeyPatch, addresses: list[str]
):
    endpoint_id, _ = opened(town, "https://hooks.example.com/in")
    monkeypatch.setattr(
        calling.socket,
        "getaddrinfo",
        lambda *_a, **_k: [(0, 0, 0, "", (address, 443)) for address in addresses],
    )
    services.send_test(actor=town.seller, endpoint_id=endpoint_id)
    sending.send_waiting(endpoint_id=endpoint_id)
    [entry] = log(town, endpoint_id)
    assert (entry.tries[0].status, entry.tries[0].failure) == (None, "address_refused")


def test_the_demos_leave_to_call_this_machine_is_the_demos_alone(
    town: Town, listener: Listener, monkeypatch: pytest.MonkeyPatch
):
    endpoint_id, _ = opened(town, listener.url)
    monkeypatch.delenv("COHONG_DEMO")
    services.send_test(actor=town.seller, endpoint_id=endpoint_id)
    sending.send_waiting(endpoint_id=endpoint_id)
    assert log(town, endpoint_id)[0].tries[0].failure == "address_refused"
    assert listener.got == []


# --- who may ---------------------------------------------------------------------------------------------


def test_endpoints_are_their_owners_alone(town: Town, listener: Listener, browse: Browse):
    endpoint_id, _ = opened(town, listener.url)
    user_id = parties.sign_up(username="rice", password=PASSWORD)
    parties.set_roles(
        actor=town.seller,
        party_id=town.seller.party_id,
        user_id=user_id,
        roles=[r for r in Role if r != "owner"],
    )
    base = f"/merchant/webhooks/{endpoint_id}/"
    for username, status in (("moon", 404), ("star", 404), ("rice", 403)):
        client = browse(username)
        assert client.get(base).status_code == status
        for act in ("rotate/", "do/close/", "do/test/", "do/pause/", "change/"):
            answer = client.post(base + act, {"url": "https://example.com/"})
            assert answer.status_code == status, (username, act)
    view = services.endpoint(actor=town.seller, endpoint_id=endpoint_id)
    assert (view.url, view.state, view.waiting) == (listener.url, "active", 0)
    assert browse("sun").post(base + "do/nonsense/").status_code == 404
    with pytest.raises(services.NoSuchDelivery):
        services.redeliver(actor=town.seller, endpoint_id=endpoint_id, delivery_id=10**9)
    services.close_endpoint(actor=town.seller, endpoint_id=endpoint_id)
    with pytest.raises(services.NoSuchEndpoint):
        services.endpoint(actor=town.seller, endpoint_id=endpoint_id)


def test_a_token_is_sent_nothing_that_it_may_not_read(town: Town, client: Client):
    def call(secret: str, kinds: list[str], key: str) -> Any:
        return client.post(
            "/api/v1/webhooks",
            json.dumps({"url": "https://hooks.example.com/in", "kinds": kinds}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": key},
        )

    _, narrow = parties.issue_token(actor=town.seller, name="a", scopes=["webhooks:write", "orders:read"])
    _, blind = parties.issue_token(actor=town.seller, name="b", scopes=["orders:read", "orders:write"])
    assert call(blind, ["orders.placed"], "1").status_code == 403
    assert call(narrow, ["payments.received"], "2").status_code == 403
    assert call(narrow, [], "3").status_code == 403
    assert call(narrow, ["orders.nonsense"], "4").status_code == 422
    made = call(narrow, ["orders.placed"], "5")
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    assert call(narrow, ["orders.placed"], "5").json() == made.json()
    [view] = services.endpoints(actor=town.seller)
    assert (str(view.id), view.kinds) == (made.json()["id"], ("orders.placed",))


def test_a_party_has_so_many_and_no_more(town: Town):
    for number in range(rules.MOST_ENDPOINTS):
        opened(town, f"https://hooks.example.com/{number}")
    with pytest.raises(services.TooManyEndpoints):
        opened(town, "https://hooks.example.com/x")


def test_the_pages_set_up_test_and_show_the_log(town: Town, listener: Listener, browse: Browse):
    client = browse("sun")
    page = client.post("/merchant/webhooks/open/", {"url": listener.url, "kind": "orders.paid"})
    assert "whsec_" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    [view] = services.endpoints(actor=town.seller)
    base = f"/merchant/webhooks/{view.id}/"
    assert "whsec_" not in client.get(base).content.decode()
    assert client.post(base + "do/test/").status_code == 302
    sending.send_waiting(endpoint_id=view.id)
    assert "204" in client.get(base).content.decode()
    [entry] = log(town, view.id)
    assert client.post(f"{base}deliveries/{entry.id}/").status_code == 302
    assert one([log(town, view.id)[0].state]) == "pending"
    assert client.post(base + "change/", {"url": "http://example.com/"}).status_code == 422
    assert client.get(f"/merchant/webhooks/{new_id()}/").status_code == 404
