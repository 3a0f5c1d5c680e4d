"""The journal (存证): every document there is, in the order in which it was sealed.

Three steps, each its own transaction:

1. An act **appends** its documents in the transaction of the state that it changes.
2. The **sealer**, one at a time and off the hot path, takes the documents that have become visible, gives each the next
   position in the log and adds it to a Merkle tree (RFC 9162), whose head it records.
3. **Followers** read the log by position and apply it to tables of their own.

Why followers read positions and not the order of writing: two transactions may commit in another order than
they wrote, and a reader that has passed the later number would skip the earlier one for ever. The sealer looks at what is
*visible* and not yet sealed, so a late commit only gets a later position. Order per subject holds: acts on
one subject are serialised by its row lock, so whoever sees the second document sees the first one too, and among
what one look sees the order of writing (`seq`) decides.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cohong.kernel import clock, documents, merkle, sets
from cohong.kernel.documents import Body, Envelope
from cohong.kernel.errors import NotFound
from cohong.kernel.ids import new_id

_SEAL_BATCH = 5_000
_FOLLOW_BATCH = 500
# Any number will do, as long as nothing else in this database locks it.
_SEALER_LOCK = 0x636F686F6E67


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A document about to be issued.

    `subject` is what it is about (an order, a listing, …), `issuer` the party that states it, `visible_to` the parties
    that may see it besides the issuer (empty and `public`: everyone), `answers` the earlier documents it follows from.
    """

    subject: UUID
    issuer: UUID
    body: Body
    visible_to: Sequence[UUID] = ()
    answers: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the issuer gets back: the document's id and digest."""

    id: UUID
    digest: bytes


@dataclass(frozen=True, slots=True)
class Sealed:
    """A document as a follower reads it."""

    position: int
    digest: bytes
    envelope: Envelope

    @property
    def kind(self) -> str:
        """Return the document's kind."""
        return self.envelope.kind


class DocumentNotSealed(NotFound):
    """There is no such document in the sealed log, or not yet."""


_COLUMNS = (
    *("id", "kind", "version", "subject", "issuer", "visible_to", "answers"),
    *("issued_at", "canonical", "digest"),
)


def append(entries: Sequence[Entry]) -> list[Receipt]:
    """Issue documents, in the transaction of the act that they state. One COPY, however many.

    Must be called inside a transaction: a document without its change of state must not be able to exist.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a document is issued inside the transaction of its act")
    issued_at = clock.now()
    rows, receipts = [], []
    for entry in entries:
        envelope = Envelope(
            id=new_id(),
            kind=entry.body.kind,
            version=entry.body.version,
            subject=entry.subject,
            issuer=entry.issuer,
            visible_to=tuple(entry.visible_to),
            answers=tuple(entry.answers),
            issued_at=issued_at,
            body=entry.body,
        )
        form = documents.canonical(envelope)
        digest = documents.digest(form)
        rows.append(
            (
                *(envelope.id, envelope.kind, envelope.version, envelope.subject, envelope.issuer),
                *(list(envelope.visible_to), list(envelope.answers), issued_at, form.decode(), digest),
            )
        )
        receipts.append(Receipt(envelope.id, digest))
    if rows:
        sets.insert("kernel_document", _COLUMNS, rows)
    return receipts


# --- sealing ---------------------------------------------------------------------------------------------


class _Nodes:
    """The tree's stored nodes: a `merkle.NodeStore`."""

    def read(self, nodes: Sequence[merkle.Node]) -> Mapping[merkle.Node, bytes]:
        """Return the hashes of these nodes."""
        found = sets.fetch(
            "select n.level, n.index, n.hash from kernel_tree_node n"
            " join unnest(%s::smallint[], %s::bigint[]) as k(level, index) using (level, index)",
            ([level for level, _ in nodes], [index for _, index in nodes]),
        )
        return {(level, index): bytes(digest) for level, index, digest in found}

    def write(self, hashes: Mapping[merkle.Node, bytes]) -> None:
        """Keep the hashes of new nodes."""
        sets.insert(
            "kernel_tree_node", ("level", "index", "hash"), [(*node, one) for node, one in hashes.items()]
        )


def seal(*, limit: int = _SEAL_BATCH) -> int:
    """Seal the documents that have become visible, at most `limit`; return how many.

    Returns 0 too when another sealer is at work.
    """
    with transaction.atomic():
        [(mine,)] = sets.fetch("select pg_try_advisory_xact_lock(%s)", (_SEALER_LOCK,))
        if not mine:
            return 0
        # Read before the documents are: the look that follows sees all that this horizon promises.
        [(cluster, horizon)] = sets.fetch(
            "select system_identifier, pg_snapshot_xmin(pg_current_snapshot())::text from pg_control_system()"
        )
        fresh = _unsealed(cluster, limit)
        if fresh:
            _extend(fresh)
        if len(fresh) < limit:
            sets.run(
                "insert into kernel_sealer_state (id, cluster, horizon) values (1, %s, %s::xid8)"
                " on conflict (id) do update set cluster = excluded.cluster, horizon = excluded.horizon"
                " where kernel_sealer_state.horizon <> excluded.horizon"
                " or kernel_sealer_state.cluster <> excluded.cluster",
                (cluster, horizon),
            )
        return len(fresh)


def seal_all() -> int:
    """Seal until nothing visible is left; return how many documents were sealed."""
    total = 0
    while sealed := seal():
        total += sealed
    return total


def _unsealed(cluster: int, limit: int) -> list[tuple[int, UUID, bytes]]:
    # After a restore into another cluster the horizon means nothing; then every document is looked at once.
    known = sets.fetch("select horizon::text from kernel_sealer_state where cluster = %s", (cluster,))
    horizon = known[0][0] if known else "0"
    return [
        (seq, id_, bytes(digest))
        for seq, id_, digest in sets.fetch(
            "select d.seq, d.id, d.digest from kernel_document d"
            " where d.xid >= %s::xid8"
            " and not exists (select 1 from kernel_leaf l where l.document_seq = d.seq)"
            " order by d.seq limit %s",
            (horizon, limit),
        )
    ]


def _extend(fresh: Sequence[tuple[int, UUID, bytes]]) -> None:
    start = size()
    sets.insert(
        "kernel_leaf",
        ("position", "document_seq", "document_id"),
        [(start + offset, seq, id_) for offset, (seq, id_, _) in enumerate(fresh)],
    )
    nodes = _Nodes()
    end = merkle.append(nodes, start, [merkle.leaf_hash(digest) for _, _, digest in fresh])
    sets.run(
        "insert into kernel_tree_head (size, root, sealed_at) values (%s, %s, %s)",
        (end, merkle.root(nodes, end), clock.now()),
    )


def size() -> int:
    """Return how many documents the log holds."""
    [(last,)] = sets.fetch("select coalesce(max(position), -1) from kernel_leaf")
    return int(last) + 1


def digest_at(position: int) -> bytes | None:
    """Return the digest of the document at a position of the log; None if there is none there."""
    found = sets.fetch(
        "select d.digest from kernel_leaf l join kernel_document d on d.seq = l.document_seq where l.position = %s",
        (position,),
    )
    return bytes(found[0][0]) if found else None


# --- proofs ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class InclusionProof:
    """Proof that a document is in the log: anyone can check it against a tree head (RFC 9162, 2.1.3)."""

    document_id: UUID
    digest: bytes
    position: int
    tree_size: int
    root: bytes
    path: list[bytes]

    def holds(self) -> bool:
        """Check the proof, with nothing but itself."""
        return merkle.verify_inclusion(
            merkle.leaf_hash(self.digest), self.position, self.tree_size, self.path, self.root
        )


def heads(*, limit: int = 50) -> list[tuple[int, bytes]]:
    """Return the newest tree heads, (size, root), newest first."""
    found = sets.fetch("select size, root from kernel_tree_head order by size desc limit %s", (limit,))
    return [(tree_size, bytes(root)) for tree_size, root in found]


def head() -> tuple[int, bytes]:
    """Return the newest tree head: (size, root). An empty log has size 0."""
    newest = heads(limit=1)
    return newest[0] if newest else (0, merkle.EMPTY_ROOT)


def prove(document_id: UUID) -> InclusionProof:
    """Prove that a document is in the log, against the newest head. Raises `DocumentNotSealed`."""
    found = sets.fetch(
        "select l.position, d.digest from kernel_leaf l join kernel_document d on d.seq = l.document_seq"
        " where l.document_id = %s",
        (document_id,),
    )
    tree_size, root = head()
    if not found or found[0][0] >= tree_size:
        raise DocumentNotSealed
    position, digest = found[0]
    return InclusionProof(
        document_id=document_id,
        digest=bytes(digest),
        position=position,
        tree_size=tree_size,
        root=root,
        path=merkle.inclusion_proof(_Nodes(), position, tree_size),
    )


def prove_consistency(old_size: int, new_size: int) -> list[bytes]:
    """Prove that the log of `new_size` documents only adds to that of `old_size` (RFC 9162, 2.1.4)."""
    return merkle.consistency_proof(_Nodes(), old_size, new_size)


# --- reading ---------------------------------------------------------------------------------------------


def document(document_id: UUID) -> tuple[Envelope, bytes, str]:
    """Return a document, its digest and its canonical form. Raises `NotFound`."""
    found = sets.fetch("select canonical, digest from kernel_document where id = %s", (document_id,))
    if not found:
        raise NotFound
    form, digest = found[0]
    return documents.read(form), bytes(digest), form


def subjects_at(positions: Sequence[int]) -> dict[int, UUID]:
    """Return what the documents at these positions are about."""
    return dict(
        sets.fetch(
            "select l.position, d.subject from kernel_leaf l join kernel_document d on d.seq = l.document_seq"
            " where l.position = any(%s)",
            (list(positions),),
        )
    )


@dataclass(frozen=True, slots=True)
class Filed:
    """A document in a subject's file: position is None until it is sealed."""

    envelope: Envelope
    digest: bytes
    position: int | None
    canonical: str


def times_at(positions: Sequence[int]) -> dict[int, datetime]:
    """Return when each of the documents at these positions was issued."""
    found = sets.fetch(
        "select l.position, d.issued_at from kernel_leaf l join kernel_document d on d.seq = l.document_seq"
        " where l.position = any(%s)",
        (list(positions),),
    )
    return dict(found)


def file_of(subjects: Sequence[UUID]) -> list[Filed]:
    """Return all documents about these subjects, in the order in which they were issued."""
    found = sets.fetch(
        "select d.canonical, d.digest, l.position from kernel_document d"
        " left join kernel_leaf l on l.document_seq = d.seq"
        " where d.subject = any(%s) order by d.seq",
        (list(subjects),),
    )
    return [Filed(documents.read(form), bytes(digest), position, form) for form, digest, position in found]


# --- following -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Follower:
    name: str
    kinds: frozenset[str]
    apply: Callable[[list[Sealed]], None]
    reset: Callable[[], None] | None = field(default=None)
    apply_span: Callable[[int, int], None] | None = field(default=None)
    tend: Callable[[], int] | None = field(default=None)


_followers: dict[str, _Follower] = {}
Apply = Callable[[list[Sealed]], None]
ApplySpan = Callable[[int, int], None]


def follower(
    name: str,
    *,
    kinds: set[str],
    reset: Callable[[], None] | None = None,
    tend: Callable[[], int] | None = None,
) -> Callable[[Apply], Apply]:
    """Declare a follower: a function that applies batches of documents, in order, in the cursor's own transaction.

    It gets each document at least once and must be able to take one again. `reset` empties the follower's tables
    before a rebuild; a follower without tables of its own (one that acts) has none and is never rebuilt.

    `tend` is for one that keeps something outside the database, which can be lost by itself: it is asked before each
    batch, does a piece of what has to be done first, and returns how much that was; nothing is read until it returns 0.
    """

    def declare(apply: Apply) -> Apply:
        if name in _followers:
            raise ValueError(f"follower {name} is declared twice")
        _followers[name] = _Follower(name, frozenset(kinds), apply, reset, tend=tend)
        return apply

    return declare


def span_follower(name: str, *, reset: Callable[[], None] | None = None) -> Callable[[ApplySpan], ApplySpan]:
    """Declare a follower of every kind that reads for itself, by set statements: it is told from and up to which position.

    For what concerns documents as such, and would only be slowed by their being decoded. Otherwise like `follower`.
    """

    def declare(apply_span: ApplySpan) -> ApplySpan:
        if name in _followers:
            raise ValueError(f"follower {name} is declared twice")
        _followers[name] = _Follower(name, frozenset(), _nothing, reset, apply_span)
        return apply_span

    return declare


def _nothing(batch: list[Sealed]) -> None:
    """Apply nothing: a follower of spans reads for itself."""


def follower_names() -> list[str]:
    """Return the names of all declared followers."""
    return sorted(_followers)


def follow(name: str, *, limit: int = _FOLLOW_BATCH) -> int:
    """Let one follower apply its next batch; return how many positions it moved on, or how much it tended instead.

    Returns 0 too when another process is at this follower's work.
    """
    return sum(_step(_followers[name], limit))


def _step(reader: _Follower, limit: int = _FOLLOW_BATCH) -> tuple[int, int]:
    """Tend a follower, or else let it apply its next batch; return how much was tended, and how many positions moved."""
    name = reader.name
    with transaction.atomic():
        sets.run(
            "insert into kernel_follower (name, position) values (%s, 0) on conflict do nothing", (name,)
        )
        mine = sets.fetch(
            "select position from kernel_follower where name = %s for update skip locked", (name,)
        )
        if not mine:
            return 0, 0
        if reader.tend is not None and (tended := reader.tend()):
            return tended, 0
        [(position,)] = mine
        end = min(size(), position + limit)
        if end <= position:
            return 0, 0
        if reader.apply_span is not None:
            reader.apply_span(position, end)
        elif batch := _read(position, end, reader.kinds):
            reader.apply(batch)
        sets.run(
            "update kernel_follower set position = %s, moved_at = %s where name = %s",
            (end, clock.now(), name),
        )
        return 0, int(end - position)


def _read(start: int, end: int, wanted: frozenset[str]) -> list[Sealed]:
    return [
        Sealed(position, bytes(digest), documents.read(form))
        for position, digest, form in sets.fetch(
            "select l.position, d.digest, d.canonical from kernel_leaf l"
            " join kernel_document d on d.seq = l.document_seq"
            " where l.position >= %s and l.position < %s and d.kind = any(%s) order by l.position",
            (start, end, sorted(wanted)),
        )
    ]


def follow_all() -> int:
    """Let every follower catch up with the log; return how many positions were moved in all."""
    total = 0
    for name in follower_names():
        while moved := follow(name):
            total += moved
    return total


def pump() -> int:
    """Seal what is visible and let the followers catch up; return how much was done. The worker's heartbeat."""
    return seal_all() + follow_all()


def lag() -> dict[str, int]:
    """Return how many positions each follower is behind the log."""
    positions = dict(sets.fetch("select name, position from kernel_follower"))
    return {name: size() - positions.get(name, 0) for name in follower_names()}


def rebuild(name: str, *, progress: Callable[[int, int], None] | None = None) -> int:
    """Empty a follower's tables and apply the whole log to them again; return the number of positions.

    Raises `NotRebuildable` for a follower that keeps no tables, `NotFound` for an unknown name.
    """
    reader = _followers.get(name)
    if reader is None:
        raise NotFound
    if reader.reset is None:
        raise NotRebuildable(name=name)
    with transaction.atomic():
        sets.run(
            "insert into kernel_follower (name, position) values (%s, 0) on conflict do nothing", (name,)
        )
        sets.fetch("select 1 from kernel_follower where name = %s for update", (name,))
        reader.reset()
        sets.run("update kernel_follower set position = 0 where name = %s", (name,))
    total = size()
    done = tended = 0
    while any(step := _step(reader)):
        tended += step[0]
        done += step[1]
        if progress is not None:
            progress(tended + done, tended + total)
    return done


def begin_again(name: str) -> None:
    """Let a follower read the whole log anew. Only for its own `tend`, which has emptied what it keeps."""
    sets.run("update kernel_follower set position = 0 where name = %s", (name,))


class NotRebuildable(NotFound):
    """This follower acts on what it reads and keeps nothing that could be rebuilt."""
