"""Who may read which of the journal's documents: what was published, everyone; all else, its parties and the authorities."""

from typing import Final

from cohong.kernel import directory, documents
from cohong.kernel.directory import Asked
from cohong.kernel.documents import Envelope
from cohong.kernel.ids import UUID
from cohong.kernel.journal import Filed
from cohong.parties.rules import Actor
from cohong.parties.words import Mandate

_SEES_ALL: Final = frozenset({Mandate.PLATFORM, Mandate.SUPERVISION})


def sees_all(actor: Actor | None) -> bool:
    """Tell whether the actor may read every document of the journal."""
    return actor is not None and bool(actor.mandates & _SEES_ALL)


def may_read(*, actor: Actor | None, envelope: Envelope) -> bool:
    """Tell whether someone (None: a stranger) may read a document: a public one, one of their own, or as an authority."""
    if sees_all(actor) or getattr(envelope.body, "public", False):
        return True
    return actor is not None and (actor.party_id == envelope.issuer or actor.party_id in envelope.visible_to)


def public_kinds() -> frozenset[str]:
    """Return the kinds of documents that everyone may read."""
    return frozenset(kind for kind, body in documents.kinds().items() if body.public)


def published(
    *, actor: Actor | None, asked: Asked | None = None, before: int | None = None, limit: int = 50
) -> list[Filed]:
    """Look through the journal as far as the actor may read it without being a party to it; see `directory.find`."""
    if sees_all(actor):
        return directory.find(asked=asked, before=before, limit=limit)
    asked = asked or Asked()
    kinds = public_kinds() if asked.kinds is None else public_kinds() & set(asked.kinds)
    if not kinds:
        return []
    narrowed = Asked(kinds=sorted(kinds), issuers=asked.issuers, since=asked.since, until=asked.until)
    return directory.find(asked=narrowed, before=before, limit=limit)


def about(*, actor: Actor | None, subject: UUID, before: int | None = None, limit: int = 50) -> list[Filed]:
    """Return the newest sealed documents about a subject that the actor may read, newest first."""
    found = directory.of_subject(subject=subject, before=before, limit=limit)
    return [filed for filed in found if may_read(actor=actor, envelope=filed.envelope)]
