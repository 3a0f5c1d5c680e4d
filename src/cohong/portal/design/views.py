"""The living page of the design: every part in every state, as it really is."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cohong.kernel import clock
from cohong.kernel.money import Money, format_money
from cohong.portal.design import charts
from cohong.portal.design.frame import page, show

_COLOURS = (
    ("--blue-900", "swatch-blue-900"),
    ("--blue-700", "swatch-blue-700"),
    ("--blue-400", "swatch-blue-400"),
    ("--blue-100", "swatch-blue-100"),
    ("--paper", "swatch-paper"),
    ("--ink", "swatch-ink"),
    ("--ink-soft", "swatch-ink-soft"),
    ("--cinnabar", "swatch-cinnabar"),
    ("--jade", "swatch-jade"),
    ("--amber", "swatch-amber"),
)
_PLACED = (182_000, 240_500, 198_000, 310_000, 276_500, 402_000, 388_000, 455_500)
_REFUNDED = (-8_000, 0, -22_000, -4_000, 0, -31_000, -12_000, 0)


@dataclass(frozen=True, slots=True)
class _Colour:
    name: str
    kind: str


@require_safe
@page
def design(request: HttpRequest) -> HttpResponse:
    """Show the colours, the type, and each part in each of its states."""
    return show(request, "design/living.html", {"colours": _colours(), **_charts(), **_samples()})


def _colours() -> list[_Colour]:
    return [_Colour(name, kind) for name, kind in _COLOURS]


def _charts() -> dict[str, Any]:
    labels = [f"2026-{month:02}" for month in range(4, 12)]
    series = [
        charts.Series(_("Turnover"), _PLACED),
        charts.Series(_("Refunded"), _REFUNDED, "call"),
    ]
    words: dict[str, Any] = {"shown": _yuan, "axis": lambda minor: charts.short(minor / 100)}
    return {
        "columns": charts.columns(labels, series, title=_("Turnover by month"), **words),
        "lines": charts.lines(labels, series, title=_("Turnover by month"), **words),
        "no_figures": charts.columns([], [], title=_("Turnover by month")),
        "bars": charts.bars([("佛山", 455_500), ("广州", 388_000), ("东莞", 120_000)], shown=_yuan),
    }


def _yuan(minor: Any) -> str:
    return format_money(Money(int(minor), "CNY"))


def _samples() -> dict[str, Any]:
    now = clock.now()
    return {
        "now": now,
        "earlier": now - timedelta(hours=3),
        "wrong": _("Please give a whole number above zero."),
    }
