"""Send what waits for an endpoint, one after the other, and write down what came of each."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction

from cohong.kernel import clock, documents, jobs, journal, sets
from cohong.kernel.documents import Envelope
from cohong.kernel.ids import named_id
from cohong.parties.api import PLATFORM_ID
from cohong.portal.webhooks import calling, rules
from cohong.portal.webhooks.calling import Outcome
from cohong.portal.webhooks.documents import EndpointPaused
from cohong.portal.webhooks.models import (
    Attempt,
    Delivery,
    DeliveryState,
    Endpoint,
    EndpointState,
    PauseReason,
)

SEND: Final = "webhooks.send"
TEST_KIND: Final = "webhooks.test"
_RUN_S: Final = 25.0
_BUSY_FOR: Final = timedelta(seconds=60)
_RESUMED_BATCH = 200

Post = Callable[[str, dict[str, str], bytes], Outcome]


@dataclass(frozen=True, slots=True)
class _Parcel:
    """What is to be sent now."""

    delivery_id: int
    message_id: UUID
    kind: str
    url: str
    secrets: tuple[str, ...]
    body: bytes


def send_waiting(*, endpoint_id: UUID) -> int:
    """Send an endpoint what is due, in order per subject, for at most half a minute; return how many attempts were made.

    Nothing is locked while the endpoint is called. Whoever else is at work on the same endpoint is left to it.
    """
    made, until = 0, time.monotonic() + _RUN_S
    while time.monotonic() < until:
        parcel = _next(endpoint_id)
        if parcel is None:
            return made
        outcome = calling.post(parcel.url, _headers(parcel), parcel.body)
        _record(endpoint_id, parcel.delivery_id, outcome)
        made += 1
    jobs.defer(SEND, endpoint_id=str(endpoint_id))
    return made


@sets.act
def _next(endpoint_id: UUID) -> _Parcel | None:
    """Take the endpoint, and find the oldest delivery that is due and has none of its subject's before it."""
    now = clock.now()
    endpoint = Endpoint.objects.select_for_update().filter(id=endpoint_id, state=EndpointState.ACTIVE).first()
    if endpoint is None or (endpoint.busy_until is not None and endpoint.busy_until > now):
        return None
    due = sets.fetch(
        "select d.id from portal_webhooks_delivery d where d.endpoint_id = %s and d.state = 'pending' and d.next_at <= %s"
        " and not exists (select 1 from portal_webhooks_delivery b where b.endpoint_id = d.endpoint_id"
        " and b.subject = d.subject and b.state = 'pending' and b.id < d.id) order by d.id limit 1",
        (endpoint_id, now),
    )
    if not due:
        return None
    delivery = Delivery.objects.get(id=due[0][0])
    endpoint.busy_until = now + _BUSY_FOR
    endpoint.save(update_fields=["busy_until"])
    old = endpoint.old_until is not None and endpoint.old_until > now
    known = (endpoint.secret, endpoint.old_secret) if old else (endpoint.secret,)
    message_id, body = _written(delivery)
    return _Parcel(
        delivery.id, message_id, delivery.kind, endpoint.url, tuple(one for one in known if one), body
    )


def _written(delivery: Delivery) -> tuple[UUID, bytes]:
    """Return the id that a receiver knows the message by, and its body: the document as it was issued, byte for byte."""
    if delivery.document_id is not None:
        _envelope, _digest, form = journal.document(delivery.document_id)
        return delivery.document_id, form.encode()
    envelope = Envelope(
        id=named_id("webhooks.test", delivery.id),
        kind=TEST_KIND,
        version=1,
        subject=delivery.subject,
        issuer=PLATFORM_ID,
        visible_to=(),
        answers=(),
        issued_at=delivery.made_at,
        body={"message": "This is a test. It is no document and stands in no journal."},
    )
    return envelope.id, documents.canonical(envelope)


def _headers(parcel: _Parcel) -> dict[str, str]:
    # The other side judges the time by its own clock, so this is the machine's, whatever the house's says.
    timestamp, message_id = int(time.time()), str(parcel.message_id)
    signed = [rules.sign(secret, message_id, timestamp, parcel.body) for secret in parcel.secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": "cohong-webhooks",
        "Webhook-Id": message_id,
        "Webhook-Timestamp": str(timestamp),
        "Webhook-Signature": " ".join(signed),
        "Cohong-Kind": parcel.kind,
    }


def _record(endpoint_id: UUID, delivery_id: int, outcome: Outcome) -> None:
    with transaction.atomic():
        endpoint = Endpoint.objects.select_for_update().get(id=endpoint_id)
        delivery = Delivery.objects.select_for_update().get(id=delivery_id)
        now = clock.now()
        Attempt.objects.create(
            delivery=delivery,
            at=now,
            status=outcome.status,
            failure=outcome.failure,
            took_ms=outcome.took_ms,
            answer=outcome.answer,
        )
        endpoint.busy_until = None
        delivery.attempts_made += 1
        if outcome.is_taken:
            endpoint.failures_in_row = 0
            _end(delivery, DeliveryState.DELIVERED, now)
        else:
            endpoint.failures_in_row += 1
            _try_again(delivery, now)
            _pause_if_hopeless(endpoint, outcome)
        delivery.save()
        endpoint.save()


def _end(delivery: Delivery, state: DeliveryState, now: Any) -> None:
    delivery.state, delivery.ended_at, delivery.next_at = state, now, None


def _try_again(delivery: Delivery, now: Any) -> None:
    if delivery.attempts_made >= rules.MOST_ATTEMPTS:
        _end(delivery, DeliveryState.GIVEN_UP, now)
        return
    delivery.next_at = now + rules.wait_after(delivery.attempts_made)
    jobs.defer(SEND, at=delivery.next_at, endpoint_id=str(delivery.endpoint_id))


def _pause_if_hopeless(endpoint: Endpoint, outcome: Outcome) -> None:
    gone = outcome.status == HTTPStatus.GONE
    if endpoint.state != EndpointState.ACTIVE or not (gone or endpoint.failures_in_row >= rules.PAUSE_AFTER):
        return
    endpoint.state = EndpointState.PAUSED
    endpoint.pause_reason = PauseReason.GONE if gone else PauseReason.FAILURES
    body = EndpointPaused(
        endpoint_id=endpoint.id,
        host=urlsplit(endpoint.url).hostname or "",
        reason=endpoint.pause_reason,
        failures=endpoint.failures_in_row,
    )
    entry = journal.Entry(
        subject=endpoint.party_id, issuer=PLATFORM_ID, body=body, visible_to=[endpoint.party_id]
    )
    journal.append([entry])


def send_overdue() -> int:
    """Queue the endpoints for which something is due: what a lost job would have sent; return how many."""
    rows = sets.fetch(
        "select distinct d.endpoint_id from portal_webhooks_delivery d"
        " join portal_webhooks_endpoint e on e.id = d.endpoint_id and e.state = 'active'"
        " where d.state = 'pending' and d.next_at <= %s",
        (clock.now() - timedelta(seconds=30),),
    )
    for (endpoint_id,) in rows:
        jobs.defer(SEND, endpoint_id=str(endpoint_id))
    return len(rows)


def forget_old() -> int:
    """Drop what was delivered or given up a month ago, with its attempts; return how many deliveries."""
    before = clock.now() - rules.KEPT
    sets.run(
        "delete from portal_webhooks_attempt a using portal_webhooks_delivery d"
        " where d.id = a.delivery_id and d.made_at < %s and d.state <> 'pending'",
        (before,),
    )
    return sets.run(
        "delete from portal_webhooks_delivery where made_at < %s and state <> 'pending'", (before,)
    )
