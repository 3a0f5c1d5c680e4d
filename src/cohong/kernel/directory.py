"""The journal's directory: what finds a sealed document by kind, issuer, time or digest, and counts them by the day.

The log itself is read by position and a subject's file by subject; nothing else is indexed where acts write, so that
appending stays as cheap as it is. The directory follows the log off the hot path, can be dropped and built again, and is
behind by no more than any other follower.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.conf import settings

from cohong.kernel import documents, journal, sets
from cohong.kernel.journal import Filed

FOLLOWER = "kernel.directory"
MOST_FOUND = 200
_FILED = "select d.canonical, d.digest, l.position from"
_DIGEST_BYTES = 32


def _reset() -> None:
    sets.run("truncate kernel_directory, kernel_day_count")


@journal.span_follower(FOLLOWER, reset=_reset)
def enter(start: int, end: int) -> None:
    """Enter the documents from `start` up to, not including, `end`. Entering one again changes nothing."""
    sets.run(
        "with entered as ("
        " insert into kernel_directory (position, kind, issuer, issued_at, head)"
        " select l.position, d.kind, d.issuer, d.issued_at,"
        " ('x' || encode(substring(d.digest for 8), 'hex'))::bit(64)::bigint"
        " from kernel_leaf l join kernel_document d on d.seq = l.document_seq"
        " where l.position >= %s and l.position < %s on conflict do nothing returning kind, issued_at)"
        " insert into kernel_day_count (day, kind, documents)"
        " select (issued_at at time zone %s)::date, kind, count(*) from entered group by 1, 2"
        " on conflict (day, kind) do update set documents = kernel_day_count.documents + excluded.documents",
        (start, end, settings.TIME_ZONE),
    )


# --- finding ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What to look for. None asks nothing; `since` is included, `until` is not; both are times of issue."""

    kinds: Sequence[str] | None = None
    issuers: Sequence[UUID] | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_by_position(self) -> bool:
        """Tell whether nothing but the place in the log is asked."""
        return self.kinds is None and self.issuers is None and self.since is None and self.until is None


def find(*, asked: Asked | None = None, before: int | None = None, limit: int = 50) -> list[Filed]:
    """Return sealed documents, newest first, from before the position `before` on.

    Without conditions they come by their place in the log, otherwise by the time at which they were issued.
    """
    asked = asked or Asked()
    limit = min(limit, MOST_FOUND + 1)
    if asked.is_by_position:
        rows = sets.fetch(
            f"{_FILED} kernel_leaf l join kernel_document d on d.seq = l.document_seq"
            " where %s::bigint is null or l.position < %s order by l.position desc limit %s",
            (before, before, limit),
        )
    else:
        rows = _found(asked, before, limit)
    return _filed(rows)


def _found(asked: Asked, before: int | None, limit: int) -> list[tuple[object, ...]]:
    """Walk down the index of each kind, or of each issuer, and merge what comes first of all of them."""
    by_issuer = asked.issuers is not None
    keys = asked.issuers if asked.issuers is not None else asked.kinds
    conditions: list[str] = []
    params: list[object] = []
    if by_issuer and asked.kinds is not None:
        conditions.append("e.kind = any(%s)")
        params.append(list(asked.kinds))
    for condition, value in (("e.issued_at >= %s", asked.since), ("e.issued_at < %s", asked.until)):
        if value is not None:
            conditions.append(condition)
            params.append(value)
    if before is not None:
        conditions.append(
            "(e.issued_at, e.position) < (select issued_at, position from kernel_directory where position = %s)"
        )
        params.append(before)
    column = "issuer" if by_issuer else "kind"
    also = "".join(f" and {condition}" for condition in conditions)
    wanted = list(keys) if keys is not None else known_kinds()
    return sets.fetch(
        "with found as materialized (select t.position, t.issued_at"
        f" from unnest(%s::{'uuid' if by_issuer else 'text'}[]) as k(key)"
        " cross join lateral (select e.position, e.issued_at from kernel_directory e"
        f" where e.{column} = k.key{also} order by e.issued_at desc, e.position desc limit %s) t"
        " order by t.issued_at desc, t.position desc limit %s)"
        f" {_FILED} found f join kernel_leaf l on l.position = f.position"
        " join kernel_document d on d.seq = l.document_seq order by f.issued_at desc, f.position desc",
        (wanted, *params, limit, limit),
    )


def of_subject(*, subject: UUID, before: int | None = None, limit: int = 50) -> list[Filed]:
    """Return the newest sealed documents about a subject, newest first, from before that position on."""
    return _filed(
        sets.fetch(
            f"{_FILED} kernel_document d join kernel_leaf l on l.document_seq = d.seq where d.subject = %s"
            " and (%s::bigint is null or d.seq < (select document_seq from kernel_leaf where position = %s))"
            " order by d.seq desc limit %s",
            (subject, before, before, min(limit, MOST_FOUND + 1)),
        )
    )


def by_ids(*, ids: Sequence[UUID]) -> dict[UUID, Filed]:
    """Return those of these documents that exist, by id; one that is not sealed yet has no position."""
    rows = sets.fetch(
        f"{_FILED} kernel_document d left join kernel_leaf l on l.document_seq = d.seq where d.id = any(%s)",
        (list(ids),),
    )
    return {filed.envelope.id: filed for filed in _filed(rows)}


def answering(*, document_id: UUID, subject: UUID, limit: int = 20) -> list[Filed]:
    """Return the documents in the subject's file that answer this one, oldest first."""
    return _filed(
        sets.fetch(
            f"{_FILED} kernel_document d left join kernel_leaf l on l.document_seq = d.seq"
            " where d.subject = %s and %s = any(d.answers) order by d.seq limit %s",
            (subject, document_id, limit),
        )
    )


def with_digest(*, digest: bytes) -> UUID | None:
    """Return the id of the sealed document with this digest (SHA-256), or None."""
    if len(digest) != _DIGEST_BYTES:
        return None
    found = sets.fetch(
        "select d.id from kernel_directory e join kernel_leaf l on l.position = e.position"
        " join kernel_document d on d.seq = l.document_seq where e.head = %s and d.digest = %s",
        (int.from_bytes(digest[:8], "big", signed=True), digest),
    )
    return found[0][0] if found else None


def at_position(*, position: int) -> UUID | None:
    """Return the id of the document at a place in the log, or None."""
    found = sets.fetch("select document_id from kernel_leaf where position = %s", (position,))
    return found[0][0] if found else None


def _filed(rows: Sequence[tuple[object, ...]]) -> list[Filed]:
    return [
        Filed(documents.read(str(form)), bytes(digest), position, str(form))  # type: ignore[arg-type, call-overload]
        for form, digest, position in rows
    ]


# --- figures ---------------------------------------------------------------------------------------------


def known_kinds() -> list[str]:
    """Return the kinds of which there are documents, by name. A kind is looked up, not counted: one probe each."""
    rows = sets.fetch(
        "with recursive k(kind) as ((select kind from kernel_directory order by kind limit 1) union all"
        " select (select e.kind from kernel_directory e where e.kind > k.kind order by e.kind limit 1)"
        " from k where k.kind is not null) select kind from k where kind is not null"
    )
    return [kind for (kind,) in rows]


def by_day(*, since: date, kinds: Sequence[str] | None = None) -> list[tuple[date, str, int]]:
    """Return how many documents of each kind were issued each day (the region's) from `since` on: (day, kind, how many)."""
    rows = sets.fetch(
        "select day, kind, documents from kernel_day_count where day >= %s"
        " and (%s::text[] is null or kind = any(%s)) order by day, kind",
        (since, None if kinds is None else list(kinds), None if kinds is None else list(kinds)),
    )
    return [(day, kind, int(count)) for day, kind, count in rows]


def totals() -> dict[str, int]:
    """Return how many documents of each kind there are."""
    rows = sets.fetch("select kind, sum(documents)::bigint from kernel_day_count group by kind order by kind")
    return {kind: int(count) for kind, count in rows}


@dataclass(frozen=True, slots=True)
class Head:
    """A tree head: the root over the first `size` documents, and when it was made."""

    size: int
    root: bytes
    sealed_at: datetime


def heads(*, before: int | None = None, limit: int = 50) -> list[Head]:
    """Return tree heads, newest first, from before the size `before` on."""
    rows = sets.fetch(
        "select size, root, sealed_at from kernel_tree_head where %s::bigint is null or size < %s"
        " order by size desc limit %s",
        (before, before, min(limit, MOST_FOUND + 1)),
    )
    return [Head(size, bytes(root), sealed_at) for size, root, sealed_at in rows]


def heads_of(*, sizes: Sequence[int]) -> dict[int, Head]:
    """Return the heads of exactly these sizes, as far as there are any."""
    rows = sets.fetch(
        "select size, root, sealed_at from kernel_tree_head where size = any(%s)",
        ([size for size in sizes if 0 <= size < 2**63],),
    )
    return {size: Head(size, bytes(root), sealed_at) for size, root, sealed_at in rows}


def sealing_delays(*, limit: int = 100) -> list[timedelta]:
    """Return how long the last document under each of the newest heads had waited for its seal, newest head first.

    A document's id tells when it was written, to the millisecond, even where a clock was set back for a replay.
    """
    rows = sets.fetch(
        "select l.document_id, h.sealed_at from (select size, sealed_at from kernel_tree_head"
        " order by size desc limit %s) h join kernel_leaf l on l.position = h.size - 1 order by h.size desc",
        (limit,),
    )
    return [
        max(sealed_at - datetime.fromtimestamp((id_.int >> 80) / 1000, UTC), timedelta(0))
        for id_, sealed_at in rows
    ]


def unsealed() -> int:
    """Return how many visible documents still wait for their seal, counting no further than a thousand."""
    known = sets.fetch("select horizon::text from kernel_sealer_state")
    [(count,)] = sets.fetch(
        "select count(*) from (select 1 from kernel_document d where d.xid >= %s::xid8"
        " and not exists (select 1 from kernel_leaf l where l.document_seq = d.seq) limit 1000) as waiting",
        (known[0][0] if known else "0",),
    )
    return int(count)
