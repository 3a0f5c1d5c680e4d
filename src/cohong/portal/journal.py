"""The journal's HTTP interface (存证): documents to those entitled to them, proofs to everyone.

A proof shows hashes only. Who holds a document can check it against the published tree heads without an account here,
and without trusting whoever keeps the tree.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Router, Schema

from cohong.kernel import journal, sets
from cohong.kernel.documents import Envelope
from cohong.kernel.errors import BadInput, NotFound
from cohong.parties import api as parties

router = Router(tags=["journal"], auth=[parties.TokenAuth(), parties.SessionAuth()])

_MOST_HEADS = 200


class NoSuchHead(BadInput):
    """A proof was asked for a size that no published tree head has."""

    message = _("There is no tree head over {size} documents.")


class HeadOut(Schema):
    """The root over the first `size` documents; hashes are hexadecimal."""

    size: int
    root: str
    sealed_at: datetime


class ConsistencyOut(Schema):
    """Proof that the later tree only adds to the earlier one (RFC 9162, 2.1.4)."""

    first_size: int
    first_root: str
    second_size: int
    second_root: str
    path: list[str]


class InclusionOut(Schema):
    """Proof that a document is in the log, against the newest tree head (RFC 9162, 2.1.3)."""

    document_id: UUID
    digest: str
    position: int
    tree_size: int
    root: str
    path: list[str]


class DocumentOut(Schema):
    """A document: its canonical form, byte for byte as it was digested, and its digest (SHA-256).

    `position` is its place in the sealed log, absent for the moment until it is sealed.
    """

    id: UUID
    kind: str
    version: int
    subject: UUID
    issuer: UUID
    answers: list[UUID]
    issued_at: datetime
    canonical: str
    digest: str
    position: int | None = None


class DocumentProvedOut(DocumentOut):
    """A document with the proof that it is in the log, once it is sealed."""

    proof: InclusionOut | None = None


class FileOut(Schema):
    """All documents about a subject that the reader may see, in the order in which they were issued."""

    items: list[DocumentOut]


class HeadsAsked(Schema):
    """How many heads."""

    limit: int = Field(default=50, ge=1, le=_MOST_HEADS)


class ConsistencyAsked(Schema):
    """Between which two sizes of the log; `second` is by default the newest."""

    first: int = Field(ge=1)
    second: int | None = Field(default=None, ge=1)


@router.get("/heads", auth=None, response=list[HeadOut], operation_id="journal_heads")
def heads(request: HttpRequest, asked: Query[HeadsAsked]) -> Any:  # noqa: ARG001
    """List the newest tree heads, newest first. Public: keep one, and later ask for consistency with it."""
    found = sets.fetch(
        "select size, root, sealed_at from kernel_tree_head order by size desc limit %s", (asked.limit,)
    )
    return [HeadOut(size=size, root=bytes(root).hex(), sealed_at=at) for size, root, at in found]


@router.get("/consistency", auth=None, response=ConsistencyOut, operation_id="journal_consistency")
def consistency(request: HttpRequest, asked: Query[ConsistencyAsked]) -> Any:  # noqa: ARG001
    """Prove that the log under one head (`second`, by default the newest) only adds to that under an earlier one."""
    newest, _root = journal.head()
    first, second = asked.first, newest if asked.second is None else asked.second
    roots = {
        size: bytes(root).hex()
        for size, root in sets.fetch(
            "select size, root from kernel_tree_head where size = any(%s)", ([first, second],)
        )
    }
    for size in (first, second):
        if size not in roots:
            raise NoSuchHead(size=size)
    if first > second:
        first, second = second, first
    return ConsistencyOut(
        first_size=first,
        first_root=roots[first],
        second_size=second,
        second_root=roots[second],
        path=[one.hex() for one in journal.prove_consistency(first, second)],
    )


@router.get("/documents/{document_id}", response=DocumentProvedOut, operation_id="journal_document")
def document(request: HttpRequest, document_id: UUID) -> Any:
    """Show a document that the reader may see, with its proof."""
    actor = _actor(request)
    envelope, digest, canonical = journal.document(document_id)
    if not parties.may_read(actor=actor, envelope=envelope):
        raise NotFound
    if not _has_scope(actor, envelope):
        raise parties.ScopeMissing(scope=_scope(envelope))
    try:
        proof = journal.prove(document_id)
    except journal.DocumentNotSealed:
        return {**_shown(envelope, digest, canonical, None), "proof": None}
    return {**_shown(envelope, digest, canonical, proof.position), "proof": _proof(proof)}


@router.get("/documents/{document_id}/proof", auth=None, response=InclusionOut, operation_id="journal_proof")
def prove(request: HttpRequest, document_id: UUID) -> Any:  # noqa: ARG001
    """Prove that a document is in the log. Public: it tells no more than the document's digest."""
    return _proof(journal.prove(document_id))


@router.get("/subjects/{subject_id}", response=FileOut, operation_id="journal_subject")
def subject(request: HttpRequest, subject_id: UUID) -> Any:
    """Show a subject's evidence file (证据): an order's, a listing's, a party's, as far as the reader may see it."""
    actor = _actor(request)
    entitled = [
        filed
        for filed in journal.file_of([subject_id])
        if parties.may_read(actor=actor, envelope=filed.envelope)
    ]
    if not entitled:
        raise NotFound
    seen = [filed for filed in entitled if _has_scope(actor, filed.envelope)]
    if not seen:
        raise parties.ScopeMissing(scope=_scope(entitled[0].envelope))
    return {"items": [_shown(one.envelope, one.digest, one.canonical, one.position) for one in seen]}


def _actor(request: HttpRequest) -> parties.Actor:
    actor: parties.Actor = request.auth  # type: ignore[attr-defined]
    return actor


def _scope(envelope: Envelope) -> str:
    """Name the scope that a token needs: to read the module that issued the document."""
    return f"{envelope.kind.split('.')[0]}:read"


def _has_scope(actor: parties.Actor, envelope: Envelope) -> bool:
    return actor.scopes is None or _scope(envelope) in actor.scopes


def _shown(envelope: Envelope, digest: bytes, canonical: str, position: int | None) -> dict[str, Any]:
    return {
        "id": envelope.id,
        "kind": envelope.kind,
        "version": envelope.version,
        "subject": envelope.subject,
        "issuer": envelope.issuer,
        "answers": list(envelope.answers),
        "issued_at": envelope.issued_at,
        "canonical": canonical,
        "digest": digest.hex(),
        "position": position,
    }


def _proof(proof: journal.InclusionProof) -> InclusionOut:
    return InclusionOut(
        document_id=proof.document_id,
        digest=proof.digest.hex(),
        position=proof.position,
        tree_size=proof.tree_size,
        root=proof.root.hex(),
        path=[one.hex() for one in proof.path],
    )
