"""What the topics of the catalog's HTTP interface share: who asks, and the file that a form brings."""

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

from cohong.catalog import refusals as no
from cohong.catalog.pictures import MAX_FILE_MIB
from cohong.parties import api as parties

FILE_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


def _body_first(request: HttpRequest) -> None:
    """Read a request's body whole before anything else does.

    Idempotency digests the body, which is possible only before a form in it has been taken apart; looking for
    a session's forgery token takes it apart.
    """
    try:
        _ = request.body
    except RequestDataTooBig as error:
        raise no.FileTooLarge(most_mib=MAX_FILE_MIB) from error


SIGNED_IN = [parties.TokenAuth(), parties.SessionAuth()]
WITH_FILE = [_body_first, *SIGNED_IN]


def actor_of(request: HttpRequest) -> parties.Actor:
    """Return who acts."""
    actor: parties.Actor = request.auth  # type: ignore[attr-defined]
    return actor


def file_of(request: HttpRequest) -> tuple[bytes, str]:
    """Return the uploaded file's content and name. Raises FileMissing."""
    try:
        uploaded = request.FILES.get("file")
    except (MultiPartParserError, SuspiciousOperation) as error:
        raise no.FileMissing(field="file") from error
    if uploaded is None:
        raise no.FileMissing(field="file")
    return uploaded.read(), uploaded.name or ""
