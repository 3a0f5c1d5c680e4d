"""Charts that move, where scripts run: Vega from the bundle that `vl-convert` carries, specifications made by Altair.

Neither the bundle nor the specifications' frames are in the source: they are made at first use and kept in the data folder.
A specification names no figures; they are put in when it is asked for, so Altair is loaded once for each kind and language.
"""

import gzip
import json
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from cohong.portal.datacentre import desk, figures, writing
from cohong.portal.datacentre.figures import Cut, Figure
from cohong.portal.datacentre.views_indicators import definition
from cohong.portal.design.frame import page
from cohong.statistics import api as statistics
from cohong.statistics.api import Frequency
from cohong.statistics.api import IndicatorUnit as Unit

_DATA: Final = "figures"
#: Counts the versions of what `_made` makes: what is kept of an earlier one is not used.
_FRAMES: Final = 3
_FOREVER: Final = "public, max-age=31536000, immutable"
_SNIPPET: Final = "window.vegaEmbed = vegaEmbed;"
_BLUE, _INK, _LINE, _PALE = "#245a9c", "#556273", "#dbe3ec", "#c5d7eb"
_FONT: Final = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
_LEVEL: Final = 9


def _kept(name: str) -> Path:
    return Path(settings.DATA_FOLDER) / "cache" / "vega" / name


def _keep(path: Path, content: bytes) -> None:
    """Keep a file, whole or not at all; where the folder cannot be written, it is made again next time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.write_bytes(content)
        draft.replace(path)
    except OSError:
        return


@cache
def bundle() -> bytes:
    """Return the script with Vega, Vega-Lite and Vega-Embed, compressed; made once by the release of `vl-convert`."""
    from importlib.metadata import version  # noqa: PLC0415 - only here

    path = _kept(f"vega-{version('vl-convert-python')}.js.gz")
    if path.is_file():
        return path.read_bytes()
    import vl_convert  # noqa: PLC0415 - large

    script = vl_convert.javascript_bundle(_SNIPPET)
    content = gzip.compress(script.encode(), _LEVEL, mtime=0)
    _keep(path, content)
    return content


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """Hand out the bundle."""
    content = bundle()
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = HttpResponse(
        content if zipped else gzip.decompress(content), content_type="text/javascript; charset=utf-8"
    )
    if zipped:
        answer["Content-Encoding"] = "gzip"
    patch_vary_headers(answer, ["Accept-Encoding"])
    answer["Cache-Control"] = _FOREVER
    return answer


@require_safe
@page
def chart(request: HttpRequest, code: str) -> HttpResponse:
    """Return an indicator's series as a Vega-Lite specification."""
    one = definition(code)
    of = figures.edition(request)
    frequency = Frequency(desk.asked_among(request, "f", list(Frequency), str(Frequency.MONTH)))
    asked = [request.GET.get(name, "")[:40] for name in ("region", "industry", "market")]
    if any(asked):
        found = figures.series(of, [code], Cut(*asked), frequency=frequency)[code]
    else:
        found = desk.own_series(of, [code], frequency)[code]
    whole = _frame(desk.language(), one.unit)
    return JsonResponse({**whole, "datasets": {_DATA: _rows(desk.complete(of, found), one.unit)}})


def _rows(found: Sequence[Figure], unit: Unit) -> list[dict[str, Any]]:
    return [
        {
            "on": statistics.Period.parse(one.period).start.isoformat(),
            "value": float(one.value),
            "said": f"{writing.period(one.period)} · {writing.figure(one.value, unit)}",
        }
        for one in found
        if one.value is not None
    ]


@cache
def _frame(language: str, unit: Unit) -> dict[str, Any]:
    """Return a specification without figures: a line with points, to be zoomed along time."""
    from importlib.metadata import version  # noqa: PLC0415 - only here

    path = _kept(
        f"line{_FRAMES}-{version('altair')}-{language}-{'percent' if unit is Unit.PERCENT else 'number'}.json"
    )
    if path.is_file():
        found: dict[str, Any] = json.loads(path.read_text())
        return found
    whole = _made(language, is_percent=unit is Unit.PERCENT)
    _keep(path, json.dumps(whole).encode())
    return whole


def _made(language: str, *, is_percent: bool) -> dict[str, Any]:
    import altair as alt  # noqa: PLC0415 - slow to import

    labels = "format(datum.value, ',~r') + '%'" if is_percent else _labels(language)
    base = alt.Chart(alt.NamedData(_DATA)).encode(
        x=alt.X("on:T", title=None, axis=alt.Axis(format="%Y-%m", labelFlush=True, tickCount=5)),
        y=alt.Y("value:Q", title=None, axis=alt.Axis(labelExpr=labels, tickCount=5)),
    )
    line = base.mark_line(color=_BLUE, strokeWidth=2)
    dots = base.mark_point(color=_BLUE, filled=True, size=18)
    # What a finger or a pointer meets is larger than what is seen. One field: of several, Vega's interpreter of expressions
    # cannot make a tooltip.
    touched = base.mark_point(color=_BLUE, filled=True, size=500, opacity=0.01).encode(tooltip="said:N")
    whole = (
        alt.layer(line, dots, touched)
        .add_params(alt.selection_interval(bind="scales", encodings=["x"]))
        .properties(
            width="container", height=260, autosize=alt.AutoSizeParams(type="fit", contains="padding")
        )
        .configure(font=_FONT, background="transparent")
        .configure_axis(
            labelColor=_INK, labelFontSize=12, gridColor=_LINE, domainColor=_PALE, tickColor=_PALE
        )
        .configure_view(stroke=None)
    )
    found: dict[str, Any] = whole.to_dict(validate=False)
    return found


def _labels(language: str) -> str:
    """Write an expression that writes the axis as `writing.short` does."""
    if language.startswith("zh"):
        words = ("萬億", "億", "萬") if "hant" in language else ("万亿", "亿", "万")
        steps = list(zip((10**12, 10**8, 10**4), words, strict=True))
    else:
        steps = [(10**12, " tn"), (10**9, " bn"), (10**6, " mn"), (10**3, " k")]
    said = "format(datum.value, ',~r')"
    for limit, word in reversed(steps):
        scaled = f"format(datum.value / {limit}, ',~r') + '{word}'"
        said = f"abs(datum.value) >= {limit} ? {scaled} : ({said})"
    return said
