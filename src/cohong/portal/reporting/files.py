"""Files that come in and go out at this desk."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from cohong.kernel.errors import BadInput

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_MIB: Final = 4


class FileMissing(BadInput):
    """No file was sent, or one that is too large."""

    message = gettext_lazy("Please choose a file of at most {most} MiB.")


def content_of(request: HttpRequest, *, most_mib: int = _MOST_MIB) -> tuple[bytes, str]:
    """Return the file that was sent, and its name. Raises FileMissing."""
    sent = request.FILES.get("file")
    if sent is None or (sent.size or 0) > most_mib << 20:
        raise FileMissing(most=most_mib)
    return sent.read(), sent.name or ""


def attached(content: bytes, name: str) -> HttpResponse:
    """Answer with a spreadsheet or a CSV file, to be kept."""
    kind = _XLSX if name.endswith(".xlsx") else "text/csv; charset=utf-8"
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
