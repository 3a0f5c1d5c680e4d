"""The documents that webhooks issue. They are about a party's own endpoints and are never delivered by webhook."""

from uuid import UUID

from cohong.kernel.documents import Body, document


@document("webhooks.endpoint_set")
class EndpointSet(Body, frozen=True, kw_only=True):
    """A party set an endpoint up or changed it (`what`: opened, changed, rotated, paused, resumed, closed)."""

    endpoint_id: UUID
    host: str
    what: str
    kinds: list[str]


@document("webhooks.endpoint_paused")
class EndpointPaused(Body, frozen=True, kw_only=True):
    """The platform paused an endpoint that does not take what it is sent (`reason`: failures, gone)."""

    endpoint_id: UUID
    host: str
    reason: str
    failures: int
