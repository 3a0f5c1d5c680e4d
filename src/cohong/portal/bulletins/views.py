"""The bulletins' page, and each as a file."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, get_language_info
from django.views.decorators.http import require_safe

from cohong.portal.bulletins.keeping import LANGUAGES, bulletin_pdf
from cohong.portal.datacentre import figures
from cohong.portal.design.frame import page, show
from cohong.portal.kept import kept
from cohong.statistics import api as statistics


@dataclass(frozen=True, slots=True)
class Issue:
    """A bulletin to be had."""

    period: str
    name: str


@require_safe
@page
def bulletins(request: HttpRequest) -> HttpResponse:
    """List the bulletins of the newest release, or of an earlier one, by year."""
    past = statistics.releases(limit=24)
    wanted = request.GET.get("release", "")
    shown = next((one for one in past if str(one.id) == wanted), past[0] if past else None)
    years: dict[str, list[Issue]] = {}
    if shown is not None:
        for code, name in _issues(shown.id, get_language() or "zh-hans"):
            years.setdefault(code[:4], []).append(Issue(code, name))
    context = {
        "years": years,
        "shown": shown,
        "releases": past,
        "languages": [(code, get_language_info(code)["name_local"]) for code in LANGUAGES],
    }
    return show(request, "bulletins/bulletins.html", {"edition": figures.edition(request), **context})


@kept(3600)
def _issues(release: int, language: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (code, statistics.bulletin_period_name(code=code, language=language))
        for code in statistics.bulletin_periods(release=release)
    )


@require_safe
@page
def bulletin_file(request: HttpRequest, release: int, period: str, language: str) -> HttpResponse:  # noqa: ARG001
    """Hand out a bulletin as PDF: that of a release, which never changes."""
    if language not in LANGUAGES:
        raise statistics.NoSuchRelease
    content = bulletin_pdf(period=period, language=language, release=release)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="bulletin-{period}-{language}.pdf"'
    answer["Cache-Control"] = "public, max-age=86400"
    return answer
