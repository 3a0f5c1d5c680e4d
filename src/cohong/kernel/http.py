"""The HTTP edge's common half: problems (RFC 9457), idempotency keys, cursor paging.

Views stay thin: they read the request, call an act and return a struct. What is common to all of them is here.
"""

import base64
import hashlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import wraps
from typing import Any, Generic, TypeVar
from uuid import UUID

from allauth.core import ratelimit
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from pydantic import BaseModel

from cohong.kernel import clock, privacy, sets
from cohong.kernel.errors import BadInput, Conflict, NotAllowed, NotFound, Refusal, Unavailable

T = TypeVar("T")
View = Callable[..., Any]


class TooOften(Conflict):
    """The same was asked too often from one place; later it may do."""

    message = _("That was too often. Please wait a while and try again.")


_STATUS: tuple[tuple[type[Refusal], int], ...] = (
    (TooOften, 429),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Unavailable, 503),
    (BadInput, 422),
    (Refusal, 409),
)
_KEY_LIFETIME = timedelta(days=7)
_MAX_KEY = 128
MAX_PAGE = 200


class MalformedRequest(BadInput):
    """The request's body, path or query does not have the documented form."""

    message = _("The request does not have the documented form: {details}")


class TextFlawed(BadInput):
    """A text holds the character NUL, which no text of a person's does and the database cannot keep."""

    message = _("A text must not hold the character NUL.")


class NotSignedIn(NotAllowed):
    """No token, or one that is not valid (any more)."""

    message = _("Please sign in, or send a valid token.")


class KeyMissing(BadInput):
    """A writing call without an `Idempotency-Key`."""

    message = _("Send an Idempotency-Key header of 1 to 128 characters with every writing call.")


class KeyReused(Conflict):
    """The key was used before with another request."""

    message = _("This Idempotency-Key was used before for another request.")


class BadCursor(BadInput):
    """The paging cursor is not one that this list gave out."""

    message = _("The cursor is not one that this list gave out.")


# --- problems --------------------------------------------------------------------------------------------


def status_of(refusal: Refusal) -> int:
    """Return the HTTP status for a refusal, by its kind."""
    return next(status for kind, status in _STATUS if isinstance(refusal, kind))


def problem(refusal: Refusal, *, status: int | None = None) -> HttpResponse:
    """Answer with a problem (RFC 9457); `title` is in the reader's language, `code` never changes."""
    code = status or status_of(refusal)
    return JsonResponse(
        {
            "type": f"/problems/{refusal.code}",
            "title": str(refusal),
            "status": code,
            "code": refusal.code,
            "params": {name: _plain(value) for name, value in refusal.params.items()},
        },
        status=code,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    return str(value)


def install_problems(api: NinjaAPI) -> None:
    """Let an API answer every refusal and every malformed request with a problem."""

    @api.exception_handler(Refusal)
    def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:  # noqa: ARG001
        return problem(refusal)

    @api.exception_handler(ValidationError)
    def _malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:  # noqa: ARG001
        details = [f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors]
        return problem(MalformedRequest(details="; ".join(details)))

    @api.exception_handler(AuthenticationError)
    def _stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:  # noqa: ARG001
        return problem(NotSignedIn(), status=401)

    @api.exception_handler(HttpError)
    def _http(request: HttpRequest, error: HttpError) -> HttpResponse:  # noqa: ARG001
        # The framework wraps whatever reading a request raises; a refusal in it is the better answer.
        if isinstance(error.__context__, Refusal):
            return problem(error.__context__)
        return problem(MalformedRequest(details=str(error)), status=error.status_code)


class StrictParser(Parser):
    """Reads what a request says, and refuses what no text may hold before any view sees it."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Read a JSON body."""
        if b"\\u0000" in request.body or b"\x00" in request.body:
            raise TextFlawed
        return super().parse_body(request)

    def parse_querydict(
        self, data: "MultiValueDict[str, Any]", list_fields: list[str], request: HttpRequest
    ) -> Any:
        """Read a query or a form."""
        if any("\x00" in str(value) for values in data.lists() for value in values[1]):
            raise TextFlawed
        return super().parse_querydict(data, list_fields, request)


# --- how often ---


def limited_like_sign_up(view: View) -> View:
    """Let users be made so often from one place only, over the interface and on the page together.

    Calls that are refused count as well: they are how somebody would find out what there is. Stands outside `idempotent`, whose
    transaction a refusal undoes. Raises `TooOften`.
    """

    @wraps(view)
    def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not ratelimit.consume(request, action="signup"):
            raise TooOften
        return view(request, *args, **kwargs)

    return counted


# --- idempotency -----------------------------------------------------------------------------------------


def idempotent(view: View) -> View:
    """Make a writing view happen at most once per owner and `Idempotency-Key`.

    The key's row, the act and the answer are one transaction, so a crash leaves all or nothing; a second call with the
    same key waits for the first one and gets its answer. A refused act is not kept: it changed nothing and
    may be tried again. The owner is the token's party (`request.auth.party_id`).
    """

    @wraps(view)
    def once(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        key = request.headers.get("Idempotency-Key", "")
        if not 1 <= len(key) <= _MAX_KEY:
            raise KeyMissing
        owner: UUID = request.auth.party_id  # type: ignore[attr-defined]
        digest = _request_digest(request)
        with transaction.atomic():
            if not _claim(owner, key, digest):
                return _first_answer(owner, key, digest)
            answer = view(request, *args, **kwargs)
            response = answer if isinstance(answer, HttpResponse) else _respond(answer)
            sets.run(
                "update kernel_idempotency_key set status = %s, content_type = %s, answer = %s"
                " where owner = %s and key = %s",
                (response.status_code, response["Content-Type"], _sealed(response.content), owner, key),
            )
            return response

    return once


def _sealed(content: bytes) -> bytes:
    """Encrypt an answer that is kept for a replay: it may show an address, or a token's secret this once."""
    return privacy.encrypt(content.decode()).encode()


def _request_digest(request: HttpRequest) -> bytes:
    asked = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    return hashlib.sha256(asked).digest()


def _claim(owner: UUID, key: str, digest: bytes) -> bool:
    return (
        sets.run(
            "insert into kernel_idempotency_key (owner, key, request_digest, content_type, made_at)"
            " values (%s, %s, %s, '', %s) on conflict do nothing",
            (owner, key, digest, clock.now()),
        )
        == 1
    )


def _first_answer(owner: UUID, key: str, digest: bytes) -> HttpResponse:
    [(known, status, content_type, answer)] = sets.fetch(
        "select request_digest, status, content_type, answer from kernel_idempotency_key where owner = %s and key = %s",
        (owner, key),
    )
    if bytes(known) != digest:
        raise KeyReused
    response = HttpResponse(privacy.decrypt(bytes(answer).decode()), status=status, content_type=content_type)
    response["Idempotency-Replayed"] = "true"
    return response


def _respond(answer: Any) -> HttpResponse:
    status, body = answer if isinstance(answer, tuple) else (200, answer)
    if isinstance(body, BaseModel):
        return HttpResponse(body.model_dump_json(), status=status, content_type="application/json")
    return JsonResponse(body, status=status, safe=False, json_dumps_params={"ensure_ascii": False})


def forget_old_keys() -> int:
    """Drop idempotency keys older than a week; return how many."""
    return sets.run("delete from kernel_idempotency_key where made_at < %s", (clock.now() - _KEY_LIFETIME,))


# --- paging ----------------------------------------------------------------------------------------------


class MoneyOut(Schema):
    """An amount: whole minor units of an ISO 4217 currency (1234 CNY is 12.34 yuan)."""

    minor: int
    currency: str


class Page(Schema, Generic[T]):
    """One page of a list, newest first; `next` is the cursor of the page after it, if there is one."""

    items: list[T]
    next: str | None = None


def encode_cursor(last: UUID) -> str:
    """Make the cursor that continues after the item `last` (ids are UUIDv7, so they sort by time)."""
    return base64.urlsafe_b64encode(last.bytes).rstrip(b"=").decode()


def decode_cursor(cursor: str | None) -> UUID | None:
    """Read a cursor back. Raises `BadCursor`."""
    if not cursor:
        return None
    try:
        return UUID(bytes=base64.urlsafe_b64decode(cursor + "=="))
    except ValueError as error:
        raise BadCursor from error


def page(rows: Sequence[T], *, limit: int, id_of: Callable[[T], UUID]) -> tuple[list[T], str | None]:
    """Cut a look-up of `limit + 1` rows into a page's items and the cursor of the next one."""
    items = list(rows[:limit])
    return items, encode_cursor(id_of(items[-1])) if len(rows) > limit else None
