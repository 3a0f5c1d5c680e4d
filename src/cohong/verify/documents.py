"""Every document on its own: its digest, its canonical form, its columns, and that it shows nothing personal."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from cohong.kernel import documents, privacy, sets
from cohong.kernel.audit import Check
from cohong.kernel.documents import Envelope
from cohong.verify.findings import Findings
from cohong.verify.progress import Report

_BATCH: Final = 2_000

#: Fields that hold something of a person, wherever they stand. A token (encrypted) or a mask may stand there.
PERSONAL_FIELDS: Final = frozenset(
    {
        *("phone", "mobile", "telephone", "email", "recipient", "street", "address", "contact"),
        *("resident_id", "identity_number", "id_number", "passport", "bank_account", "account_number"),
    }
)

_COLUMNS: Final = ("id", "kind", "version", "subject", "issuer", "visible_to", "answers", "issued_at")


def checks(report: Report) -> list[Check]:
    """Look at every document once, in bounded memory."""
    digests = Findings("journal.digests")
    forms = Findings("journal.canonical_form")
    columns = Findings("journal.columns")
    personal = Findings("journal.no_personal_data")
    every = (digests, forms, columns, personal)
    [(total,)] = sets.fetch("select count(*) from kernel_document")
    for seen, (id_, *told, canonical, digest) in enumerate(_rows(), start=1):
        form = canonical.encode()
        if documents.digest(form) != bytes(digest):
            digests.add(f"document {id_}: its digest is not that of its content")
        plain, envelope = _read(form)
        if envelope is None:
            forms.add(f"document {id_}: cannot be read as a document of kind {told[0]}")
        elif documents.canonical(plain) != form:
            forms.add(f"document {id_}: is not in canonical form")
        elif off := _differing(envelope, (id_, *told)):
            columns.add(f"document {id_}: says another {', '.join(off)} than its row")
        for name in sorted(set(_personal(plain))):
            personal.add(f"document {id_}: holds {name} in clear")
        for one in every:
            one.figure = seen
        if seen % _BATCH == 0 or seen == total:
            report("documents", seen, total)
    return [one.check() for one in every]


def _rows() -> Iterator[tuple[Any, ...]]:
    after = 0
    while batch := sets.fetch(
        f"select seq, {', '.join(_COLUMNS)}, canonical, digest from kernel_document"
        " where seq > %s order by seq limit %s",
        (after, _BATCH),
    ):
        after = batch[-1][0]
        for _seq, *row in batch:
            yield tuple(row)


def _read(form: bytes) -> tuple[Any, Envelope | None]:
    """Return the plain JSON and the envelope, each None if it cannot be read."""
    try:
        plain = msgspec.json.decode(form)
    except (msgspec.DecodeError, RecursionError):
        return None, None
    try:
        return plain, documents.read(form)
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError, ValueError, TypeError):
        return plain, None


def _differing(envelope: Envelope, row: tuple[Any, ...]) -> list[str]:
    """Name the columns that do not say what the document says."""
    told = (
        *(envelope.id, envelope.kind, envelope.version, envelope.subject, envelope.issuer),
        *(list(envelope.visible_to), list(envelope.answers), envelope.issued_at),
    )
    return [name for name, inside, outside in zip(_COLUMNS, told, row, strict=True) if inside != outside]


def _personal(value: Any) -> Iterator[str]:
    """Name the personal fields that hold readable text, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in PERSONAL_FIELDS and isinstance(inner, str) and _is_readable(inner):
                yield name
            else:
                yield from _personal(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _personal(inner)


def _is_readable(text: str) -> bool:
    return bool(text) and "****" not in text and not text.startswith(privacy.PREFIX)
