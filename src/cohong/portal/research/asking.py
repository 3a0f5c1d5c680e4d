"""Breakdowns over the facts: asked by who has the right, with what was answered before beside them."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from cohong.catalog import api as catalog
from cohong.parties import api as parties
from cohong.portal.datacentre import desk as centre
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show, told
from cohong.statistics import api as statistics
from cohong.statistics.api import BreakdownBy, BreakdownView

_MOST_SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@page
def breakdowns(request: HttpRequest) -> HttpResponse:
    """Ask, and read what was answered."""
    actor = actor_of(request)
    if request.method == "POST":
        with told(request):
            by = [BreakdownBy(one) for one in request.POST.getlist("by") if one in list(BreakdownBy)]
            statistics.ask_breakdown(
                actor=actor,
                indicator=request.POST.get("indicator", "")[:60],
                year=request.POST.get("year", "")[:10],
                by=by,
            )
        return redirect("portal:research_breakdowns")
    may = statistics.may_ask_breakdown(actor)
    answers = statistics.breakdowns(actor=actor)[:_MOST_SHOWN] if may else []
    return show(
        request,
        "research/breakdowns.html",
        {
            "may": may,
            "answers": _laid(answers),
            "dimensions": list(_dimensions().items()),
            "indicators": [
                (one.code, str(one.names))
                for one in statistics.tree().by_code.values()
                if statistics.can_be_broken_down(one)
            ],
            "currency": settings.COHONG_CURRENCY,
        },
    )


def _dimensions() -> dict[str, str]:
    return {
        BreakdownBy.REGION.value: pgettext("breakdown", "City"),
        BreakdownBy.INDUSTRY.value: _("Industry"),
        BreakdownBy.MARKET.value: _("Market"),
        BreakdownBy.CATEGORY.value: pgettext("breakdown", "Category of goods"),
        BreakdownBy.CHANNEL.value: pgettext("breakdown", "Channel"),
        BreakdownBy.FORM.value: pgettext("breakdown", "Who trades with whom"),
    }


def _laid(answers: list[BreakdownView]) -> list[dict[str, Any]]:
    language = centre.language()
    names: dict[str, dict[str, str]] = {
        "region": {one.code: one.names.shown(language) for one in parties.regions()},
        "industry": {one.code: one.names.shown(language) for one in parties.industries()},
        "market": {one.code: one.names.shown(language) for one in parties.markets()},
        "category": {one.code: one.names.shown(language) for one in catalog.categories()},
        "form": {one: one.upper() for one in ("b2b", "b2c", "c2b", "c2c")},
    }
    units, dimensions = statistics.unit_names(), _dimensions()
    laid = []
    for one in answers:
        definition = statistics.tree().by_code[one.indicator]
        cells = [
            (
                [
                    names.get(by.value, {}).get(code, code) or pgettext("breakdown", "not stated")
                    for by, code in zip(one.by, cell.where, strict=True)
                ],
                cell.value,
            )
            for cell in one.cells
        ]
        laid.append(
            {
                "view": one,
                "name": str(definition.names),
                "unit": units[definition.unit.value],
                "by": [dimensions[by.value] for by in one.by],
                "cells": cells,
            }
        )
    return laid
