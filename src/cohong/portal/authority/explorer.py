"""The journal explorer: documents, heads, proofs, figures. Everyone reads what is public; authorities read all."""

import hashlib
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cohong.kernel import directory, documents, journal, merkle
from cohong.kernel.directory import Asked
from cohong.kernel.errors import NotFound
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.portal.authority import proofs
from cohong.portal.authority.desk import (
    LISTED,
    asked_day,
    asked_id,
    asked_number,
    asked_text,
    people,
    show_desk,
)
from cohong.portal.design import charts, words
from cohong.portal.design.acting import actor_or_none
from cohong.portal.design.frame import page

_DAYS: Final = 30
_CHARTED: Final = 3
_MOST_BYTES: Final = 1 << 20
_HASH = re.compile(r"[0-9a-fA-F]{64}")
_DEEPEST: Final = 4
_CODE = re.compile(r"[a-z0-9_.:-]+")


@require_safe
@page
def journal_documents(request: HttpRequest) -> HttpResponse:
    """List documents, newest first, by kind, issuer, subject and time."""
    actor = actor_or_none(request)
    kind, before = asked_text(request, "kind"), asked_number(request, "before")
    subject, issuer = asked_id(request, "subject"), asked_id(request, "issuer")
    asked = Asked(
        kinds=[kind] if kind else None,
        issuers=[issuer] if issuer else None,
        since=asked_day(request, "since"),
        until=asked_day(request, "until", after=True),
    )
    if (at := asked_number(request, "position")) is not None:
        before = at + 1
    if subject is not None:
        found = parties.about(actor=actor, subject=subject, before=before, limit=LISTED + 1)
    else:
        found = parties.published(actor=actor, asked=asked, before=before, limit=LISTED + 1)
    items, more = found[:LISTED], len(found) > LISTED
    context = {
        "documents": items,
        "next": items[-1].position if more else None,
        "kinds": _kinds(actor),
        "kind": kind,
        "subject": subject,
        "issuer": issuer,
        "sees_all": parties.sees_all(actor),
        "size": journal.size(),
        "heads": directory.heads(limit=5),
        "people": people(filed.envelope.issuer for filed in items),
    }
    return show_desk(request, "journal", context)


def _kinds(actor: Actor | None) -> list[tuple[str, str]]:
    known = directory.known_kinds()
    public = parties.public_kinds()
    seen = known if parties.sees_all(actor) else [kind for kind in known if kind in public]
    return sorted(((kind, words.document_kind(kind)) for kind in seen), key=lambda one: one[1])


# --- one document ----------------------------------------------------------------------------------------


@require_safe
@page
def journal_document(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Show a document: what it says, what it answers and what answers it, and its proof, drawn and checked.

    Whoever may not read it still gets its proof: it tells no more than the digest.
    """
    actor = actor_or_none(request)
    filed = directory.by_ids(ids=[document_id]).get(document_id)
    if filed is None:
        raise NotFound
    may_read = parties.may_read(actor=actor, envelope=filed.envelope)
    context: dict[str, Any] = {"filed": filed, "may_read": may_read, **_proved(document_id)}
    if may_read:
        envelope = filed.envelope
        earlier = directory.by_ids(ids=envelope.answers)
        later = directory.answering(document_id=document_id, subject=envelope.subject)
        context |= {
            "envelope": envelope,
            "fields": list(_fields(envelope.body)),
            "earlier": [
                one for one in earlier.values() if parties.may_read(actor=actor, envelope=one.envelope)
            ],
            "later": [one for one in later if parties.may_read(actor=actor, envelope=one.envelope)],
            "people": people(
                (
                    envelope.issuer,
                    *envelope.visible_to,
                    *(one.envelope.issuer for one in (*earlier.values(), *later)),
                )
            ),
        }
    return show_desk(request, "document", context)


def _proved(document_id: UUID) -> dict[str, Any]:
    try:
        proof = journal.prove(document_id)
    except journal.DocumentNotSealed:
        return {"proof": None}
    return {
        "proof": proof,
        "holds": proof.holds(),
        "drawing": proofs.drawn(proof),
        "path": " ".join(one.hex() for one in proof.path),
    }


@require_safe
@page
def journal_canonical(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Give a document's canonical form byte for byte."""
    filed = directory.by_ids(ids=[document_id]).get(document_id)
    if filed is None or not parties.may_read(actor=actor_or_none(request), envelope=filed.envelope):
        raise NotFound
    name = f"{filed.envelope.kind}-{document_id}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(filed.canonical.encode(), content_type="application/json", headers=headers)


def _fields(body: Any, name: str = "", depth: int = 0) -> Iterator[tuple[str, Any, str]]:
    """List what a body says: (name, value, sort), lists and structs within it by dotted names; what is empty is left out."""
    if body is None or body == "":
        return
    inner = _inside(body, name) if depth < _DEEPEST else None
    if inner is None:
        yield name, body, _sort_of(body)
        return
    for inside, value in inner:
        yield from _fields(value, inside, depth + 1)


_SORTS: Final = ((Money, "money"), (datetime, "moment"), (UUID, "id"), (bool, "truth"))


def _sort_of(value: Any) -> str:
    """Say how a value is shown: one word in small Latin letters is a code of the house's own."""
    if isinstance(value, str) and _CODE.fullmatch(value):
        return "code"
    return next((sort for kind, sort in _SORTS if isinstance(value, kind)), "text")


def _inside(body: Any, name: str) -> list[tuple[str, Any]] | None:
    """Return the parts of a struct, a map or a list under their names, or None for what has none."""
    at = f"{name}." if name else ""
    if isinstance(body, msgspec.Struct):
        return [(f"{at}{field}", getattr(body, field)) for field in body.__struct_fields__]
    if isinstance(body, dict):
        return [(f"{at}{key}", value) for key, value in body.items()]
    if isinstance(body, list | tuple):
        return [(f"{name}[{number}]", value) for number, value in enumerate(body, start=1)]
    return None


# --- checking --------------------------------------------------------------------------------------------


@page
def journal_check(request: HttpRequest) -> HttpResponse:
    """Check whether a document or a digest is in the log: pasted, or as a file."""
    if request.method != "POST":
        return show_desk(request, "check", {})
    text = request.POST.get("said", "")[:_MOST_BYTES]
    upload = request.FILES.get("file")
    content = upload.read(_MOST_BYTES + 1) if upload is not None else b""
    if len(content) > _MOST_BYTES:
        return show_desk(request, "check", {"too_large": True}, status=422)
    if not content and not text.strip():
        return show_desk(request, "check", {"missing": True}, status=422)
    digest, document_id = _looked_up(content or text.strip().encode())
    context: dict[str, Any] = {"said": text, "digest": digest, "found": document_id}
    if document_id is not None:
        filed = directory.by_ids(ids=[document_id])[document_id]
        context["filed"] = filed
        context["may_read"] = parties.may_read(actor=actor_or_none(request), envelope=filed.envelope)
        context |= _proved(document_id)
    return show_desk(request, "check", context)


def _looked_up(content: bytes) -> tuple[bytes, UUID | None]:
    """Return the digest that was meant and the sealed document with it; an editor's last line break is forgiven."""
    if _HASH.fullmatch(content.strip().decode("utf-8", "replace")):
        digest = bytes.fromhex(content.strip().decode())
        return digest, directory.with_digest(digest=digest)
    for form in (content, content.rstrip(b"\r\n")):
        digest = documents.digest(form)
        if (found := directory.with_digest(digest=digest)) is not None:
            return digest, found
    return hashlib.sha256(content).digest(), None


@require_safe
@page
def journal_heads(request: HttpRequest) -> HttpResponse:
    """List tree heads, and prove that one only adds to another (RFC 9162, 2.1.4)."""
    found = directory.heads(before=asked_number(request, "before"), limit=LISTED + 1)
    first, second = asked_number(request, "first"), asked_number(request, "second")
    context: dict[str, Any] = {
        "heads": found[:LISTED],
        "next": found[LISTED - 1].size if len(found) > LISTED else None,
        "first": first,
        "second": second,
    }
    if first is not None and second is not None:
        context |= _consistent(*sorted((first, second)))
    return show_desk(request, "heads", context)


def _consistent(first: int, second: int) -> dict[str, Any]:
    heads = directory.heads_of(sizes=[first, second])
    if first not in heads or second not in heads:
        missing = next(size for size in (first, second) if size not in heads)
        return {"no_head": missing}
    path = journal.prove_consistency(first, second)
    holds = merkle.verify_consistency(first, second, heads[first].root, heads[second].root, path)
    return {"old": heads[first], "new": heads[second], "consistency": path, "consistent": holds}


# --- figures ---------------------------------------------------------------------------------------------


@require_safe
@page
def journal_figures(request: HttpRequest) -> HttpResponse:
    """Show documents a day by kind, how long sealing takes, how far readers are behind."""
    actor = actor_or_none(request)
    sees_all = parties.sees_all(actor)
    kinds = None if sees_all else sorted(parties.public_kinds())
    totals = directory.totals()
    seen = {kind: n for kind, n in totals.items() if kinds is None or kind in kinds}
    ranked = sorted(seen, key=lambda kind: -seen[kind])
    delays = directory.sealing_delays()
    context = {
        "chart": _by_day(kinds),
        "bars": charts.bars([(words.document_kind(kind), seen[kind]) for kind in ranked[:15]]),
        "size": journal.size(),
        "head": next(iter(directory.heads(limit=1)), None),
        "delay_middle": _seconds(sorted(delays)[len(delays) // 2]) if delays else None,
        "delay_most": _seconds(max(delays)) if delays else None,
        "lag": journal.lag() if sees_all else None,
        "unsealed": directory.unsealed(),
        "sees_all": sees_all,
    }
    return show_desk(request, "figures", context)


def _seconds(delay: timedelta) -> str:
    return f"{delay.total_seconds():.2f}"


def _by_day(kinds: list[str] | None) -> charts.Chart:
    """Draw documents a day over the last month, for those modules that issued most."""
    today = timezone.localdate()
    counted: dict[date, dict[str, int]] = {}
    for day, kind, number in directory.by_day(since=today - timedelta(days=_DAYS), kinds=kinds):
        counted.setdefault(day, {})[kind.split(".")[0]] = (
            counted.get(day, {}).get(kind.split(".")[0], 0) + number
        )
    days = [today - timedelta(days=past) for past in range(_DAYS, -1, -1)]
    sums: dict[str, int] = {}
    for found in counted.values():
        for module, number in found.items():
            sums[module] = sums.get(module, 0) + number
    modules = sorted(sums, key=lambda module: -sums[module])[:_CHARTED]
    tones = ("blue", "jade", "soft")
    series = [
        charts.Series(
            _module(module), [counted.get(day, {}).get(module, 0) for day in days], tones[index % 4]
        )
        for index, module in enumerate(modules)
    ]
    labels = [f"{day:%m-%d}" for day in days] if series else []
    return charts.lines(labels, series, title=_("Documents a day"), axis=charts.short)


def _module(code: str) -> str:
    known = {
        "orders": _("Orders"),
        "catalog": _("Listings"),
        "payments": _("Payments"),
        "logistics": _("Logistics"),
        "parties": _("Parties"),
        "retail": _("Shops"),
        "kernel": _("The platform’s parameters"),
    }
    return known.get(code, code)
