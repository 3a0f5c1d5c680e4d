"""The register of reporting units, for officers: who is in it as of any day, and each unit with what happened to it."""

from datetime import date
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cohong.parties import api as parties
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show
from cohong.portal.reporting.words import places, read_id, shown_change
from cohong.statistics import api as statistics
from cohong.statistics.api import EventView, SizeClass, UnitKind, UnitStanding, UnitView

_PAGE: Final = 50


@require_safe
@page
def units(request: HttpRequest) -> HttpResponse:
    """List the units of a day."""
    actor = actor_of(request)
    asked = {
        name: request.GET.get(name, "")[:60]
        for name in ("text", "kind", "size", "region", "industry", "standing", "on")
    }
    standing = (
        UnitStanding(asked["standing"]) if asked["standing"] in UnitStanding.values else UnitStanding.OPEN
    )
    found = statistics.units(
        actor=actor,
        on=_day(asked["on"]),
        text=asked["text"],
        kind=UnitKind(asked["kind"]) if asked["kind"] in UnitKind.values else None,
        size_class=SizeClass(asked["size"]) if asked["size"] in SizeClass.values else None,
        region_code=asked["region"],
        industry_code=asked["industry"],
        standing=standing,
        before=read_id(request.GET.get("before", "")),
        limit=_PAGE + 1,
    )
    regions, industries = places(get_language() or "zh-hans")
    context = {
        "officer": True,
        "units": found[:_PAGE],
        "next": found[_PAGE - 1].id if len(found) > _PAGE else "",
        "to_decide": len(statistics.unit_matches(actor=actor, limit=_PAGE)),
        "most": _PAGE,
        "asked": asked,
        "kinds": UnitKind.choices,
        "sizes": SizeClass.choices,
        "standings": UnitStanding.choices,
        "regions": regions,
        "industries": industries,
        "size_rule": statistics.SIZE_RULE,
    }
    return show(request, "reporting/units.html", context)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_safe
@page
def unit(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Show a unit: what it is, what happened to it, where it was found, what it reported, and what can be done with it."""
    actor = actor_of(request)
    officer = statistics.is_officer(actor)
    one = statistics.unit(actor=actor, unit_id=unit_id)
    history = statistics.unit_history(actor=actor, unit_id=unit_id)
    others = statistics.units_named(
        ids=[
            *(event.other for event in history if event.other),
            *([one.duplicate_of] if one.duplicate_of else []),
        ]
    )
    regions, industries = places(get_language() or "zh-hans")
    by = parties.parties(ids={event.by_party for event in history})
    context = {
        "officer": officer,
        "unit": one,
        "same_as": others.get(one.duplicate_of) if one.duplicate_of else None,
        "acts": _acts(one) if officer else [],
        "history": [
            {
                "event": event,
                "changes": shown_change(event, regions, industries),
                "other": _other(event, others),
                "by": by[event.by_party].name if event.by_party in by else "",
            }
            for event in history
        ],
        "sources": statistics.unit_sources(actor=actor, unit_id=unit_id),
        "reports": statistics.reports(actor=actor, unit_id=unit_id, limit=24) if officer else [],
        "matches": statistics.unit_matches(actor=actor, state=None, unit_id=unit_id) if officer else [],
        "regions": regions,
        "industries": industries,
    }
    return show(request, "reporting/unit.html", context)


def _other(event: EventView, others: dict[UUID, UnitView]) -> UnitView | None:
    # What completed a unit is a source, not another unit.
    return others.get(event.other) if event.other else None


def _acts(one: UnitView) -> list[tuple[str, str]]:
    if one.duplicate_of is not None:
        return [("part", _("Part from that unit"))]
    join = ("join", _("Say that it is another unit"))
    if not one.is_open:
        return [("reopen", pgettext("unit act", "Open again")), join]
    return [
        ("change", pgettext("unit act", "Change or move")),
        ("correct", pgettext("unit act", "Correct a mistake")),
        ("merge", _("Merge into another")),
        ("split", pgettext("unit act", "Split")),
        ("close", pgettext("unit act", "Close")),
        join,
    ]
