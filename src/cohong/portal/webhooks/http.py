"""Webhooks' HTTP interface: endpoints and their log, for a company's own systems."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from cohong.kernel.http import MAX_PAGE, idempotent
from cohong.parties import api as parties
from cohong.portal.webhooks import services
from cohong.portal.webhooks.models import DeliveryState, EndpointState

router = Router(tags=["webhooks"], auth=parties.TokenAuth())


class EndpointIn(Schema):
    """Where to tell, and of what; no kinds: of all."""

    url: str = Field(max_length=500)
    kinds: list[str] = Field(default_factory=list, max_length=200)


class EndpointOut(Schema):
    """An endpoint as it stands."""

    id: UUID
    url: str
    kinds: list[str]
    state: EndpointState
    pause_reason: str
    failures_in_row: int
    made_at: datetime
    waiting: int


class SecretOut(Schema):
    """A secret, shown this once."""

    id: UUID
    secret: str


class TryOut(Schema):
    """One try."""

    at: datetime
    status: int | None
    failure: str
    took_ms: int
    answer: str


class DeliveryOut(Schema):
    """A delivery with its tries, the newest first."""

    id: int
    document_id: UUID | None
    kind: str
    subject: UUID
    state: DeliveryState
    attempts: int
    next_at: datetime | None
    made_at: datetime
    tries: list[TryOut]


class LogQuery(Schema):
    """Which part of the log."""

    state: DeliveryState | None = None
    before: int | None = None
    limit: int = Field(50, ge=1, le=MAX_PAGE)


def _actor(request: HttpRequest) -> parties.Actor:
    actor: parties.Actor = request.auth  # type: ignore[attr-defined]
    return actor


@router.get("", response=list[EndpointOut], operation_id="webhooks_endpoints")
def list_endpoints(request: HttpRequest) -> Any:
    """List the endpoints of the token's party."""
    return services.endpoints(actor=_actor(request))


@router.post("", response={201: SecretOut}, operation_id="webhooks_open")
@idempotent
def open_endpoint(request: HttpRequest, body: EndpointIn) -> Any:
    """Set an endpoint up. Its secret is shown this once."""
    id_, secret = services.open_endpoint(actor=_actor(request), url=body.url, kinds=body.kinds)
    return 201, SecretOut(id=id_, secret=secret)


@router.put("/{uuid:endpoint_id}", response={204: None}, operation_id="webhooks_change")
@idempotent
def change_endpoint(request: HttpRequest, endpoint_id: UUID, body: EndpointIn) -> HttpResponse:
    """Change where an endpoint is and what it is told."""
    services.change_endpoint(actor=_actor(request), endpoint_id=endpoint_id, url=body.url, kinds=body.kinds)
    return HttpResponse(status=204)


@router.delete("/{uuid:endpoint_id}", response={204: None}, operation_id="webhooks_close")
@idempotent
def close_endpoint(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Take an endpoint away."""
    services.close_endpoint(actor=_actor(request), endpoint_id=endpoint_id)
    return HttpResponse(status=204)


@router.post("/{uuid:endpoint_id}/rotate", response=SecretOut, operation_id="webhooks_rotate")
@idempotent
def rotate(request: HttpRequest, endpoint_id: UUID) -> Any:
    """Give an endpoint a new secret; for a day the old one signs, too."""
    return SecretOut(
        id=endpoint_id, secret=services.rotate_secret(actor=_actor(request), endpoint_id=endpoint_id)
    )


@router.post("/{uuid:endpoint_id}/pause", response={204: None}, operation_id="webhooks_pause")
@idempotent
def pause(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Let an endpoint rest."""
    services.pause_endpoint(actor=_actor(request), endpoint_id=endpoint_id)
    return HttpResponse(status=204)


@router.post("/{uuid:endpoint_id}/resume", response={204: None}, operation_id="webhooks_resume")
@idempotent
def resume(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Serve an endpoint again."""
    services.resume_endpoint(actor=_actor(request), endpoint_id=endpoint_id)
    return HttpResponse(status=204)


@router.post("/{uuid:endpoint_id}/test", response={204: None}, operation_id="webhooks_test")
@idempotent
def send_test(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Send an endpoint a test message."""
    services.send_test(actor=_actor(request), endpoint_id=endpoint_id)
    return HttpResponse(status=204)


@router.get("/{uuid:endpoint_id}/deliveries", response=list[DeliveryOut], operation_id="webhooks_deliveries")
def list_deliveries(request: HttpRequest, endpoint_id: UUID, asked: Query[LogQuery]) -> Any:
    """List what went to an endpoint, the newest first; pass the last id as `before` to go on."""
    return services.deliveries(
        actor=_actor(request),
        endpoint_id=endpoint_id,
        state=asked.state,
        before=asked.before,
        limit=asked.limit,
    )


@router.post(
    "/{uuid:endpoint_id}/deliveries/{int:delivery_id}/redeliver",
    response={204: None},
    operation_id="webhooks_redeliver",
)
@idempotent
def redeliver(request: HttpRequest, endpoint_id: UUID, delivery_id: int) -> HttpResponse:
    """Deliver something once more."""
    services.redeliver(actor=_actor(request), endpoint_id=endpoint_id, delivery_id=delivery_id)
    return HttpResponse(status=204)
