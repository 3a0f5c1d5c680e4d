"""Breakdowns over the facts: asked by who has the right, answered in the background, each on a page of its own."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from cohong.catalog import api as catalog
from cohong.parties import api as parties
from cohong.portal.datacentre import desk as centre
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import is_partial, page, show, told
from cohong.statistics import api as statistics
from cohong.statistics.api import BreakdownBy, QuestionState, QuestionView

_MOST_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@page
def breakdowns(request: HttpRequest) -> HttpResponse:
    """Ask, and see what was asked."""
    actor = actor_of(request)
    if request.method == "POST":
        with told(request):
            by = [BreakdownBy(one) for one in request.POST.getlist("by") if one in list(BreakdownBy)]
            asked = statistics.ask_breakdown(
                actor=actor,
                indicator=request.POST.get("indicator", "")[:60],
                year=request.POST.get("year", "")[:10],
                by=by,
            )
            return redirect("portal:research_breakdown", asked)
        return redirect("portal:research_breakdowns")
    may = statistics.may_ask_breakdown(actor)
    questions = statistics.breakdowns(actor=actor, limit=_MOST_SHOWN) if may else []
    if is_partial(request):
        return show(request, "research/questions.html", _listed(questions))
    return show(
        request,
        "research/breakdowns.html",
        {
            "may": may,
            **_listed(questions),
            "officer": statistics.is_officer(actor),
            "until": statistics.research_right_until(party_id=actor.party_id),
            "dimensions": list(_dimensions().items()),
            "indicators": [
                (one.code, str(one.names))
                for one in statistics.tree().by_code.values()
                if statistics.can_be_broken_down(one)
            ],
        },
    )


@require_http_methods(["GET", "HEAD"])
@page
def breakdown(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """Show a question and, once there is one, its answer."""
    one = statistics.breakdown(actor=actor_of(request), question_id=question_id)
    part = "research/answer.html" if is_partial(request) else "research/breakdown.html"
    return show(request, part, {**_said(one), "cells": _cells(one)})


def _listed(questions: list[QuestionView]) -> dict[str, Any]:
    return {
        "questions": [_said(one) for one in questions],
        "waiting": any(one.state is QuestionState.WAITING for one in questions),
    }


def _said(one: QuestionView) -> dict[str, Any]:
    """Say a question in words."""
    definition, dimensions = statistics.tree().by_code[one.indicator], _dimensions()
    return {
        "question": one,
        "waits": one.state is QuestionState.WAITING,
        "name": str(definition.names),
        "unit": statistics.unit_names()[definition.unit.value],
        "by": [dimensions[by.value] for by in one.by],
    }


def _dimensions() -> dict[str, str]:
    return {
        BreakdownBy.REGION.value: pgettext("breakdown", "City"),
        BreakdownBy.INDUSTRY.value: _("Industry"),
        BreakdownBy.MARKET.value: _("Market"),
        BreakdownBy.CATEGORY.value: pgettext("breakdown", "Category of goods"),
        BreakdownBy.CHANNEL.value: pgettext("breakdown", "Channel"),
        BreakdownBy.FORM.value: pgettext("breakdown", "Who trades with whom"),
    }


def _cells(one: QuestionView) -> list[tuple[list[tuple[str, str]], Decimal | None]]:
    """Lay the cells of an answer out: what each is restricted to, each with its dimension, and the value."""
    language, dimensions = centre.language(), _dimensions()
    names: dict[str, dict[str, str]] = {
        "region": {each.code: each.names.shown(language) for each in parties.regions()},
        "industry": {each.code: each.names.shown(language) for each in parties.industries()},
        "market": {each.code: each.names.shown(language) for each in parties.markets()},
        "category": {each.code: each.names.shown(language) for each in catalog.categories()},
        "form": {each: each.upper() for each in ("b2b", "b2c", "c2b", "c2c")},
    }
    return [
        (
            [
                (
                    dimensions[by.value],
                    names.get(by.value, {}).get(code, code) or pgettext("breakdown", "not stated"),
                )
                for by, code in zip(one.by, cell.where, strict=True)
            ],
            cell.value,
        )
        for cell in one.cells
    ]
