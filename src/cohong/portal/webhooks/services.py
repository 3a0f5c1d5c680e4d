"""Endpoints' acts and reads. They are for a party's owners, and for tokens with `webhooks:…`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cohong.kernel import clock, jobs, journal, sets
from cohong.kernel.errors import BadInput, Conflict, NotFound
from cohong.kernel.ids import new_id
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.portal.webhooks import rules
from cohong.portal.webhooks.documents import EndpointSet
from cohong.portal.webhooks.kinds import KINDS, scope_of
from cohong.portal.webhooks.models import (
    Attempt,
    Delivery,
    DeliveryState,
    Endpoint,
    EndpointState,
    PauseReason,
)
from cohong.portal.webhooks.sending import SEND, TEST_KIND

_READ, _WRITE = "webhooks:read", "webhooks:write"


class NoSuchEndpoint(NotFound):
    """There is no such endpoint of the actor's party."""

    message = _("There is no such webhook here.")


class NoSuchDelivery(NotFound):
    """There is no such delivery to the endpoint, or not any more."""

    message = _("There is no such delivery here, or not any more.")


class UnknownKind(BadInput):
    """A kind of document that cannot be asked for."""

    message = _("There are no documents of the kind “{kind}”.")


class TooManyEndpoints(Conflict):
    """A party has as many endpoints as it may."""

    message = _("A company has at most {most} webhooks.")


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One try."""

    at: datetime
    status: int | None
    failure: str
    took_ms: int
    answer: str


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery as it stands, with its tries, the newest first."""

    id: int
    document_id: UUID | None
    kind: str
    subject: UUID
    state: DeliveryState
    attempts: int
    next_at: datetime | None
    made_at: datetime
    tries: tuple[AttemptView, ...] = ()


@dataclass(frozen=True, slots=True)
class EndpointView:
    """An endpoint without its secret."""

    id: UUID
    url: str
    kinds: tuple[str, ...]
    state: EndpointState
    pause_reason: str
    failures_in_row: int
    old_until: datetime | None
    made_at: datetime
    waiting: int


# --- reading ---------------------------------------------------------------------------------------------


def endpoints(*, actor: Actor) -> list[EndpointView]:
    """List the acting party's endpoints, the oldest first. Raises NotYours."""
    parties.require(actor, actor.party_id, scope=_READ)
    return _views("e.party_id = %s and e.state <> 'closed'", [actor.party_id])


def endpoint(*, actor: Actor, endpoint_id: UUID) -> EndpointView:
    """Return one of the acting party's endpoints. Raises NotYours, NoSuchEndpoint."""
    parties.require(actor, actor.party_id, scope=_READ)
    found = _views("e.party_id = %s and e.state <> 'closed' and e.id = %s", [actor.party_id, endpoint_id])
    if not found:
        raise NoSuchEndpoint
    return found[0]


def _views(condition: str, params: list[object]) -> list[EndpointView]:
    rows = sets.fetch(
        "select e.id, e.url, e.kinds, e.state, e.pause_reason, e.failures_in_row, e.old_until, e.made_at, (select count(*)"
        " from portal_webhooks_delivery d where d.endpoint_id = e.id and d.state = 'pending')"
        f" from portal_webhooks_endpoint e where {condition} order by e.id",
        params,
    )
    return [EndpointView(row[0], row[1], tuple(row[2]), EndpointState(row[3]), *row[4:]) for row in rows]


def deliveries(
    *,
    actor: Actor,
    endpoint_id: UUID,
    state: DeliveryState | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[DeliveryView]:
    """List what went to an endpoint, the newest first, with every try. Raises NotYours, NoSuchEndpoint."""
    endpoint(actor=actor, endpoint_id=endpoint_id)
    found = Delivery.objects.filter(endpoint_id=endpoint_id)
    if state is not None:
        found = found.filter(state=state)
    if before is not None:
        found = found.filter(id__lt=before)
    rows = list(found.order_by("-id")[:limit])
    tries: dict[int, list[AttemptView]] = {}
    for one in Attempt.objects.filter(delivery_id__in=[row.id for row in rows]).order_by("-id"):
        view = AttemptView(one.at, one.status, one.failure, one.took_ms, one.answer)
        tries.setdefault(one.delivery_id, []).append(view)
    return [
        DeliveryView(
            *(row.id, row.document_id, row.kind, row.subject, DeliveryState(row.state), row.attempts_made),
            *(row.next_at, row.made_at, tuple(tries.get(row.id, ()))),
        )
        for row in rows
    ]


# --- acting ----------------------------------------------------------------------------------------------


@sets.act
def open_endpoint(*, actor: Actor, url: str, kinds: Collection[str] = ()) -> tuple[UUID, str]:
    """Set an endpoint up; return its id and its secret, which is shown this once.

    No kinds: it is told of all. A token needs to be able to read what it has sent. Raises NotYours, BadEndpoint,
    UnknownKind, TooManyEndpoints.
    """
    wanted = _checked(actor, kinds)
    address = rules.clean_url(url)
    # One after the other for a party, so that two at once do not pass the limit together.
    sets.fetch("select 1 from parties_party where id = %s for no key update", (actor.party_id,))
    count = Endpoint.objects.filter(party_id=actor.party_id).exclude(state=EndpointState.CLOSED).count()
    if count >= rules.MOST_ENDPOINTS:
        raise TooManyEndpoints(most=rules.MOST_ENDPOINTS)
    secret = rules.new_secret()
    made = Endpoint(
        id=new_id(), party_id=actor.party_id, url=address, kinds=wanted, secret=secret, made_at=clock.now()
    )
    made.save(force_insert=True)
    _issue(made, "opened")
    return made.id, secret


@sets.act
def change_endpoint(*, actor: Actor, endpoint_id: UUID, url: str, kinds: Collection[str]) -> None:
    """Change where an endpoint is and what it is told. Raises NotYours, NoSuchEndpoint, BadEndpoint, UnknownKind."""
    wanted = _checked(actor, kinds)
    address = rules.clean_url(url)
    found = _locked(actor, endpoint_id)
    if (found.url, found.kinds) != (address, wanted):
        found.url, found.kinds = address, wanted
        found.save()
        _issue(found, "changed")


@sets.act
def rotate_secret(*, actor: Actor, endpoint_id: UUID) -> str:
    """Give an endpoint a new secret, and return it; for a day messages carry signatures by both."""
    found = _locked(actor, endpoint_id)
    found.old_secret, found.old_until = found.secret, clock.now() + rules.OVERLAP
    secret = rules.new_secret()
    found.secret = secret
    found.save()
    _issue(found, "rotated")
    return secret


@sets.act
def pause_endpoint(*, actor: Actor, endpoint_id: UUID) -> None:
    """Let an endpoint rest: documents wait. One that rests already stays as it is."""
    found = _locked(actor, endpoint_id)
    if found.state == EndpointState.ACTIVE:
        found.state, found.pause_reason = EndpointState.PAUSED, PauseReason.OWNER
        found.save()
        _issue(found, "paused")


@sets.act
def resume_endpoint(*, actor: Actor, endpoint_id: UUID) -> None:
    """Serve an endpoint again, at once with all that waits."""
    found = _locked(actor, endpoint_id)
    if found.state == EndpointState.PAUSED:
        found.state, found.pause_reason, found.failures_in_row = EndpointState.ACTIVE, "", 0
        found.save()
        Delivery.objects.filter(endpoint=found, state=DeliveryState.PENDING).update(next_at=clock.now())
        jobs.defer(SEND, endpoint_id=str(endpoint_id))
        _issue(found, "resumed")


@sets.act
def close_endpoint(*, actor: Actor, endpoint_id: UUID) -> None:
    """Take an endpoint away; what waits for it is given up."""
    found = _locked(actor, endpoint_id)
    now = clock.now()
    found.state, found.pause_reason = EndpointState.CLOSED, ""
    found.save()
    Delivery.objects.filter(endpoint=found, state=DeliveryState.PENDING).update(
        state=DeliveryState.GIVEN_UP, next_at=None, ended_at=now
    )
    _issue(found, "closed")


@sets.act
def send_test(*, actor: Actor, endpoint_id: UUID) -> int:
    """Send an endpoint a message that is no document; return the delivery's id."""
    _locked(actor, endpoint_id)
    now = clock.now()
    made = Delivery.objects.create(
        endpoint_id=endpoint_id, kind=TEST_KIND, subject=new_id(), next_at=now, made_at=now
    )
    jobs.defer(SEND, endpoint_id=str(endpoint_id))
    return made.id


@sets.act
def redeliver(*, actor: Actor, endpoint_id: UUID, delivery_id: int) -> None:
    """Deliver something once more, or now instead of later. Raises NotYours, NoSuchEndpoint, NoSuchDelivery."""
    _locked(actor, endpoint_id)
    changed = Delivery.objects.filter(id=delivery_id, endpoint_id=endpoint_id).update(
        state=DeliveryState.PENDING, attempts_made=0, next_at=clock.now(), ended_at=None
    )
    if not changed:
        raise NoSuchDelivery
    jobs.defer(SEND, endpoint_id=str(endpoint_id))


def _checked(actor: Actor, kinds: Collection[str]) -> list[str]:
    parties.require(actor, actor.party_id, scope=_WRITE)
    for kind in kinds:
        if kind not in KINDS:
            raise UnknownKind(kind=kind[:64])
    for kind in kinds or KINDS:
        # A token that may not read orders must not have them sent to it either.
        parties.require(actor, actor.party_id, scope=scope_of(kind))
    return sorted(set(kinds))


def _locked(actor: Actor, endpoint_id: UUID) -> Endpoint:
    parties.require(actor, actor.party_id, scope=_WRITE)
    found = (
        Endpoint.objects.select_for_update()
        .filter(id=endpoint_id, party_id=actor.party_id)
        .exclude(state=EndpointState.CLOSED)
        .first()
    )
    if found is None:
        raise NoSuchEndpoint
    return found


def _issue(found: Endpoint, what: str) -> None:
    body = EndpointSet(
        endpoint_id=found.id, host=urlsplit(found.url).hostname or "", what=what, kinds=list(found.kinds)
    )
    journal.append([journal.Entry(subject=found.party_id, issuer=found.party_id, body=body)])
