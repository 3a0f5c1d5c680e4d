"""The addresses of SDMX-REST 2: `/structure`, `/schema`, `/data` and `/availability`, open to everybody.

An error is told in the shape that SDMX-JSON has for it, with the HTTP status that SDMX-REST asks for.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import re_path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from cohong.kernel.errors import BadInput, Refusal
from cohong.kernel.http import status_of
from cohong.statistics.figures.selecting import TooManyFigures
from cohong.statistics.sdmx import answering, asking, structures
from cohong.statistics.sdmx.asking import NotOffered

_CSV: Final = "application/vnd.sdmx.data+csv"
_JSON: Final = "application/vnd.sdmx.structure+json"
#: What each kind of answer can be written as, the usual first; by the name that pysdmx has for the format.
_DATA: Final = {
    f"{_CSV};version=2.0.0": "DATA_SDMX_CSV_2_0_0",
    f"{_CSV};version=2.1.0": "DATA_SDMX_CSV_2_1_0",
    f"{_CSV};version=1.0.0": "DATA_SDMX_CSV_1_0_0",
}
_STRUCTURE: Final = {
    f"{_JSON};version=2.0.0": "STRUCTURE_SDMX_JSON_2_0_0",
    f"{_JSON};version=2.1.0": "STRUCTURE_SDMX_JSON_2_1_0",
}
_PLAIN: Final = {"text/csv": _DATA, "application/json": _STRUCTURE, _CSV: _DATA, _JSON: _STRUCTURE}
_MOST_TEXT: Final = 8_000
View = Callable[..., HttpResponse]


class NotAcceptable(BadInput):
    """None of the formats that are asked for is written here."""

    message = _("None of these formats is written here. Ask for one of: {formats}")


def _answer(view: View) -> View:
    """Show a refusal as an error of SDMX."""

    @require_safe
    @vary_on_headers("Accept", "Accept-Language")
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Refusal as refusal:
            status = _status(refusal)
            error = {"code": status, "title": refusal.code, "detail": str(refusal)}
            response = JsonResponse(
                {"errors": [error]}, status=status, json_dumps_params={"ensure_ascii": False}
            )
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return shown


def _status(refusal: Refusal) -> int:
    if isinstance(refusal, TooManyFigures):
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if isinstance(refusal, NotOffered):
        return HTTPStatus.NOT_IMPLEMENTED
    if isinstance(refusal, NotAcceptable):
        return HTTPStatus.NOT_ACCEPTABLE
    status = status_of(refusal)
    return HTTPStatus.BAD_REQUEST if status == HTTPStatus.UNPROCESSABLE_ENTITY else status


def _format(request: HttpRequest, formats: Mapping[str, str]) -> tuple[str, str, Mapping[str, str]]:
    """Choose the format: its media type, pysdmx's name for it, and the parameters that came with it. Raises NotAcceptable."""
    accept = request.headers.get("Accept", "*/*")[:_MOST_TEXT]
    ranked = []
    for place, said in enumerate(accept.split(",")):
        kind, *more = (part.strip() for part in said.split(";"))
        parameters = {
            name.strip(): value.strip() for name, _eq, value in (one.partition("=") for one in more)
        }
        try:
            quality = float(parameters.pop("q", "1"))
        except ValueError:
            quality = 0.0
        ranked.append((-quality, place, kind.lower(), parameters))
    for quality, _place, kind, parameters in sorted(ranked, key=lambda one: one[:2]):
        if quality == 0:
            continue
        for media, name in formats.items():
            base, _semicolon, version = media.partition(";version=")
            same = kind == base or kind in {"*/*", "application/*"} or _PLAIN.get(kind) is formats
            if same and parameters.get("version", version) == version:
                return media, name, parameters
    raise NotAcceptable(formats=", ".join(formats))


def _respond(text: str, media: str) -> HttpResponse:
    return HttpResponse(text, content_type=f"{media}; charset=utf-8" if "csv" in media else media)


def _pysdmx(name: str) -> Any:
    from pysdmx.io.format import Format  # noqa: PLC0415 - slow to import

    return Format[name]


def _parts(where: str) -> list[str]:
    return [part for part in where[:_MOST_TEXT].split("/") if part]


@_answer
def structure(request: HttpRequest, where: str) -> HttpResponse:
    """Answer with structures."""
    media, name, _more = _format(request, _STRUCTURE)
    parts = _parts(where)
    if len(parts) > 5:  # noqa: PLR2004 - type, agency, id, version, item
        raise asking.QuestionUnclear(text=where[:80], why="/structure/{type}/{agency}/{id}/{version}/{item}")
    found = answering.found_structures(
        parts, detail=request.GET.get("detail", "full"), references=request.GET.get("references", "none")
    )
    return _respond(answering.structure_message(found, _pysdmx(name)), media)


@_answer
def schema(request: HttpRequest, where: str) -> HttpResponse:
    """Answer with all that describes the data of a context."""
    media, name, _more = _format(request, _STRUCTURE)
    asking.flow_of(_parts(where)[:4])
    found = answering.found_structures(["dataflow"], detail="full", references="descendants")
    return _respond(answering.structure_message(found, _pysdmx(name)), media)


@_answer
def data(request: HttpRequest, where: str) -> HttpResponse:
    """Answer with published figures."""
    media, name, more = _format(request, _DATA)
    question = asking.data_question(_parts(where), request.GET.dict())
    release, rows = answering.observations(question)
    labels = more.get("labels") if more.get("labels") in {"name", "both"} else None
    response = _respond(answering.data_message(rows, question, _pysdmx(name), labels), media)
    response["Last-Modified"] = release.published_at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    response["Content-Disposition"] = f'attachment; filename="{structures.AGENCY.lower()}-{release.id}.csv"'
    return response


@_answer
def availability(request: HttpRequest, where: str) -> HttpResponse:
    """Answer with what there is."""
    media, name, _more = _format(request, _STRUCTURE)
    parts = _parts(where)
    _release, rows = answering.observations(asking.data_question(parts[:5], request.GET.dict()))
    found = [answering.availability(rows)]
    if request.GET.get("references", "none") != "none":
        found += answering.found_structures(["dataflow"], detail="full", references="descendants")
    return _respond(answering.structure_message(found, _pysdmx(name)), media)


urlpatterns = [
    re_path(rf"^{name}(?P<where>(?:/.*)?)$", view, name=f"sdmx_{name}")
    for name, view in (
        ("structure", structure),
        ("schema", schema),
        ("data", data),
        ("availability", availability),
    )
]
