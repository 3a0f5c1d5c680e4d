"""What webhooks do when they read the journal: put each document on its way to those who may see it and asked for it.

It keeps nothing that could be rebuilt: what was delivered was delivered.
"""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from cohong.kernel import clock, jobs, journal, sets
from cohong.kernel.journal import Sealed
from cohong.portal.webhooks.kinds import KINDS
from cohong.portal.webhooks.sending import SEND


@journal.follower("webhooks", kinds=set(KINDS))
def deliver(batch: list[Sealed]) -> None:
    """Make the deliveries of a batch, each once, and queue their endpoints."""
    seen_by = [(one, {one.envelope.issuer, *one.envelope.visible_to}) for one in batch]
    endpoints = _endpoints({party for _one, some in seen_by for party in some})
    if not endpoints:
        return
    now = clock.now()
    rows = [
        (endpoint_id, one.envelope.id, one.kind, one.envelope.subject)
        for one, some in seen_by
        for party in sorted(some)
        for endpoint_id, kinds, made_at in endpoints[party]
        # Nobody is told what was issued before they asked to be told.
        if (not kinds or one.kind in kinds) and one.envelope.issued_at >= made_at
    ]
    if not rows:
        return
    columns = [list(column) for column in zip(*rows, strict=True)]
    sets.run(
        "insert into portal_webhooks_delivery (endpoint_id, document_id, kind, subject, state, attempts_made, next_at, made_at)"
        " select e, d, k, s, 'pending', 0, %s, %s"
        " from unnest(%s::uuid[], %s::uuid[], %s::text[], %s::uuid[]) with ordinality as x(e, d, k, s, n) order by n"
        " on conflict do nothing",
        (now, now, *columns),
    )
    for endpoint_id in dict.fromkeys(columns[0]):
        jobs.defer(SEND, endpoint_id=str(endpoint_id))


def _endpoints(parties: set[UUID]) -> defaultdict[UUID, list[tuple[UUID, list[str], datetime]]]:
    found: defaultdict[UUID, list[tuple[UUID, list[str], datetime]]] = defaultdict(list)
    for party_id, *rest in sets.fetch(
        "select party_id, id, kinds, made_at from portal_webhooks_endpoint"
        " where party_id = any(%s) and state <> 'closed' order by id",
        (list(parties),),
    ):
        found[party_id].append((rest[0], rest[1], rest[2]))
    return found
