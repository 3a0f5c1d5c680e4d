"""The open data: what there is, for people and for programs, and the files."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cohong.portal.design.frame import page, show
from cohong.statistics import api as statistics
from cohong.statistics.api import DataOffer, DownloadFormat


@require_safe
@page
def catalogue(request: HttpRequest) -> HttpResponse:
    """List the data sets."""
    offers = statistics.data_offers()
    release = offers[0].release if offers else None
    return show(
        request,
        "research/catalogue.html",
        {"offers": offers, "release": release, "sets": statistics.data_sets()},
    )


@require_safe
@page
def data_set(request: HttpRequest, code: str) -> HttpResponse:
    """Show one data set: what it is, what it holds, its files."""
    of = statistics.data_set(code)
    asked = statistics.read_release(request.GET.getlist)
    offer = next((one for one in statistics.data_offers(release_id=asked) if one.of.code == code), None)
    context = {
        "set": of,
        "offer": offer,
        "formats": statistics.DATA_FORMATS,
        "units": statistics.unit_names(),
        "sources": statistics.source_names(),
        "citation": "" if offer is None else _citation(request, offer),
    }
    return show(request, "research/data_set.html", context)


def _citation(request: HttpRequest, offer: DataOffer) -> str:
    codes = [one.code for one in offer.of.indicators]
    return statistics.citation(codes, offer.release, _address(request, offer.of.code, offer.release.id))


def _address(request: HttpRequest, code: str, release: int) -> str:
    return request.build_absolute_uri(f"{reverse('portal:open_data_set', args=[code])}?release={release}")


@page
def _send(request: HttpRequest, code: str, format_: str) -> HttpResponse:
    statistics.count_figures_asked(request, "figures_file")
    if format_ not in list(DownloadFormat):
        raise statistics.NoSuchDataSet
    asked = statistics.read_release(request.GET.getlist)
    release = statistics.release_of(asked)
    path = statistics.export_data_set(
        code=code,
        format_=DownloadFormat(format_),
        release_id=release.id,
        address=_address(request, code, release.id),
    )
    answer: Any = FileResponse(
        path.open("rb"), as_attachment=True, filename=f"{code}-{release.id}.{DownloadFormat(format_).ending}"
    )
    return answer  # type: ignore[no-any-return]


@require_safe
def download(request: HttpRequest, code: str, format_: str) -> HttpResponseBase:
    """Send the file of a data set."""
    return _send(request, code, format_)


@require_safe
@page
def catalogue_json(request: HttpRequest) -> HttpResponse:
    """Describe the data sets in the words of DCAT, for programs that gather catalogues."""
    found = [_dcat(request, one) for one in statistics.data_offers()]
    home = request.build_absolute_uri(reverse("portal:open_data"))
    body = {
        "@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"},
        "@type": "dcat:Catalog",
        "@id": home,
        "dct:title": _("Open data"),
        "dcat:dataset": found,
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False}, content_type="application/ld+json")


def _dcat(request: HttpRequest, offer: DataOffer) -> dict[str, Any]:
    code, release = offer.of.code, offer.release
    files = [
        {
            "@type": "dcat:Distribution",
            "dct:format": one.value.upper(),
            "dcat:mediaType": one.content_type,
            "dcat:downloadURL": request.build_absolute_uri(
                f"{reverse('portal:open_data_file', args=[code, one.value])}?release={release.id}"
            ),
        }
        for one in statistics.DATA_FORMATS
    ]
    return {
        "@type": "dcat:Dataset",
        "@id": request.build_absolute_uri(reverse("portal:open_data_set", args=[code])),
        "dct:identifier": code,
        "dct:title": {
            "zh-Hans": offer.of.names.zh_hans,
            "zh-Hant": offer.of.names.zh_hant,
            "en": offer.of.names.en,
        },
        "dct:description": str(offer.of.about),
        "dct:license": _("Free to use, also commercially, if the source and the release are named."),
        "dct:issued": release.published_at.isoformat(),
        "dcat:version": str(release.id),
        "dct:temporal": {"dcat:startDate": offer.first, "dcat:endDate": offer.last},
        "dcat:keyword": [str(one.names) for one in offer.of.indicators],
        "dcat:distribution": files,
    }
