"""What officers enter: a unit that is new, and what happened to one, each with its day and its reason.

What was typed stays in the form when it is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cohong.kernel import clock
from cohong.kernel.errors import BadInput, Conflict, NotFound, Refusal
from cohong.parties.api import Actor
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show
from cohong.portal.reporting import unit_forms
from cohong.portal.reporting.unit_forms import Part
from cohong.portal.reporting.words import places
from cohong.statistics import api as statistics
from cohong.statistics.api import PlatformKind, SizeClass, UnitKind, UnitView

_MOST_PARTS: Final = 6


@dataclass(slots=True)
class _Typed:
    """What a form holds. `other` is the code of another unit."""

    on: str = ""
    reason: str = ""
    other: str = ""
    closes: bool = False
    parts: list[Part] = field(default_factory=list)

    def other_unit(self, actor: Actor) -> UUID:
        """Look the other unit up. Raises NoSuchUnit."""
        return statistics.unit_coded(actor=actor, code=self.other).id


def _change(actor: Actor, unit: UnitView, typed: _Typed) -> None:
    statistics.change_unit(
        actor=actor,
        unit_id=unit.id,
        draft=unit_forms.draft_of(typed.parts[0]),
        on=unit_forms.read_day(typed.on),
        reason=typed.reason,
    )


def _close(actor: Actor, unit: UnitView, typed: _Typed) -> None:
    statistics.close_unit(actor=actor, unit_id=unit.id, on=unit_forms.read_day(typed.on), reason=typed.reason)


def _reopen(actor: Actor, unit: UnitView, typed: _Typed) -> None:
    statistics.reopen_unit(
        actor=actor, unit_id=unit.id, on=unit_forms.read_day(typed.on), reason=typed.reason
    )


def _merge(actor: Actor, unit: UnitView, typed: _Typed) -> None:
    statistics.merge_units(
        actor=actor,
        unit_id=unit.id,
        into=typed.other_unit(actor),
        on=unit_forms.read_day(typed.on),
        reason=typed.reason,
    )


def _split(actor: Actor, unit: UnitView, typed: _Typed) -> None:
    statistics.split_unit(
        actor=actor,
        unit_id=unit.id,
        # A part without a name was left empty.
        parts=[unit_forms.draft_of(one) for one in typed.parts if one.typed["name"]],
        on=unit_forms.read_day(typed.on),
        reason=typed.reason,
        closes=typed.closes,
    )


def _join(actor: Actor, unit: UnitView, typed: _Typed) -> None:
    statistics.join_units(actor=actor, unit_id=unit.id, same_as=typed.other_unit(actor), reason=typed.reason)


def _part(actor: Actor, unit: UnitView, typed: _Typed) -> None:
    statistics.part_units(actor=actor, unit_id=unit.id, reason=typed.reason)


@dataclass(frozen=True, slots=True)
class _Act:
    """An act with its form: which fields it has, and what is said about it."""

    perform: Callable[[Actor, UnitView, _Typed], None]
    title: str | Promise
    hint: str | Promise
    done: str | Promise
    has: frozenset[str]


_ACTS: Final[dict[str, _Act]] = {
    "change": _Act(
        _change,
        pgettext_lazy("unit act", "Change or move"),
        gettext_lazy("The unit is as you state it from that day on. What it was before stays in its file."),
        gettext_lazy("The change is entered."),
        frozenset({"unit", "on"}),
    ),
    "correct": _Act(
        _change,
        pgettext_lazy("unit act", "Correct a mistake"),
        gettext_lazy(
            "With the day from which the unit is known as it is, what was wrong is put right from then on."
        ),
        gettext_lazy("The correction is entered."),
        frozenset({"unit", "on"}),
    ),
    "close": _Act(
        _close,
        pgettext_lazy("unit act", "Close"),
        gettext_lazy("The unit is no more from that day on, and owes no reports for later periods."),
        gettext_lazy("The unit is closed."),
        frozenset({"on"}),
    ),
    "reopen": _Act(
        _reopen,
        pgettext_lazy("unit act", "Open again"),
        gettext_lazy("The unit is there again from that day on, as it was."),
        gettext_lazy("The unit is open again."),
        frozenset({"on"}),
    ),
    "merge": _Act(
        _merge,
        gettext_lazy("Merge into another"),
        gettext_lazy(
            "For what happened to the firms themselves: this unit closes on that day, the other one goes on."
        ),
        gettext_lazy("The units are merged."),
        frozenset({"on", "other"}),
    ),
    "split": _Act(
        _split,
        pgettext_lazy("unit act", "Split"),
        gettext_lazy(
            "Parts of this unit are units of their own from that day on. Leave a part empty if there is none."
        ),
        gettext_lazy("The split is entered."),
        frozenset({"on", "parts"}),
    ),
    "join": _Act(
        _join,
        gettext_lazy("Say that it is another unit"),
        gettext_lazy(
            "For one that was entered twice: this one is counted as the other from the beginning. They can be parted again."
        ),
        gettext_lazy("The two are one unit now."),
        frozenset({"other"}),
    ),
    "part": _Act(
        _part,
        gettext_lazy("Part from that unit"),
        gettext_lazy("This one counts by itself again."),
        gettext_lazy("The two are units of their own again."),
        frozenset(),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@page
def act(request: HttpRequest, unit_id: UUID, act: str) -> HttpResponse:
    """Ask for what an act needs, and do it."""
    if act not in _ACTS:
        raise NotFound
    actor, chosen = actor_of(request), _ACTS[act]
    unit = statistics.unit(actor=actor, unit_id=unit_id)
    statistics.remit_of(actor, scope="statistics:write").check(unit.region_code)
    today = clock.now().date()
    problems: dict[str, str] = {}
    if request.method == "POST":
        typed = _typed(request, chosen)
        try:
            chosen.perform(actor, unit, typed)
        except (BadInput, Conflict, statistics.NotYourRegion, statistics.NoSuchUnit) as refusal:
            problems = _problems(refusal, typed.parts)
        else:
            messages.success(request, str(chosen.done))
            return redirect("portal:stat_unit", unit_id=unit.id)
    else:
        parts = [unit_forms.part_of(unit)] if "unit" in chosen.has else []
        if "parts" in chosen.has:
            parts = [unit_forms.read_part({}, f"{number}-") for number in range(1, _parts(request) + 1)]
        typed = _Typed(on=(unit.since if act == "correct" else today).isoformat(), parts=parts)
    context = {
        "unit": unit,
        "title": chosen.title,
        "hint": chosen.hint,
        "has": chosen.has,
        "typed": typed,
        "problems": problems,
        "more": len(typed.parts) + 1 if "parts" in chosen.has and len(typed.parts) < _MOST_PARTS else 0,
        "today": today,
    } | _choices(actor)
    return show(request, "reporting/unit_act.html", context, status=400 if problems else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def enter(request: HttpRequest) -> HttpResponse:
    """Enter a unit that an officer knows of."""
    actor = actor_of(request)
    choices = _choices(actor)
    problems: dict[str, str] = {}
    today = clock.now().date()
    typed = _Typed(on=today.isoformat(), parts=[unit_forms.read_part({})])
    if request.method == "POST":
        typed = _typed(request, _ACTS["change"])
        try:
            unit_id = statistics.open_unit(
                actor=actor,
                draft=unit_forms.draft_of(typed.parts[0]),
                on=unit_forms.read_day(typed.on),
                reason=typed.reason,
            )
        except (BadInput, Conflict, statistics.NotYourRegion) as refusal:
            problems = _problems(refusal, typed.parts)
        else:
            messages.success(request, _("The unit is in the register."))
            return redirect("portal:stat_unit", unit_id=unit_id)
    context = {"has": {"unit", "on"}, "typed": typed, "problems": problems, "today": today} | choices
    return show(request, "reporting/unit_new.html", context, status=400 if problems else 200)


def _typed(request: HttpRequest, chosen: _Act) -> _Typed:
    posted = request.POST.dict()
    parts = [unit_forms.read_part(posted)] if "unit" in chosen.has else []
    if "parts" in chosen.has:
        parts = [unit_forms.read_part(posted, f"{number}-") for number in range(1, _parts(request) + 1)]
    return _Typed(
        on=posted.get("on", "")[:20],
        reason=posted.get("reason", "")[:600],
        other=posted.get("other", "").strip()[:40],
        closes=posted.get("closes") == "yes",
        parts=parts,
    )


def _parts(request: HttpRequest) -> int:
    asked = request.GET.get("parts", "")
    return int(asked) if asked.isdecimal() and asked.isascii() and 1 <= int(asked[:3]) <= _MOST_PARTS else 2


def _problems(refusal: Refusal, parts: list[Part]) -> dict[str, str]:
    """Say what is wrong beside its field; of several parts at the top, since the refusal names no part."""
    about = unit_forms.field_of(refusal)
    if len(parts) == 1 and about in parts[0].typed:
        parts[0].problems[about] = str(refusal)
        return {"unit": about}
    return {about if about in {"on", "other", "reason"} else "all": str(refusal)}


def _choices(actor: Actor) -> dict[str, Any]:
    """Gather what the fields offer: of regions, those that the authority answers for, and the units' own beside them."""
    remit = statistics.remit_of(actor, scope="statistics:write")
    regions, industries = places(get_language() or "zh-hans")
    return {
        "officer": True,
        "kinds": UnitKind.choices,
        "platforms": PlatformKind.choices,
        "sizes": SizeClass.choices,
        "regions": regions,
        "own_regions": [(code, name) for code, name in regions.items() if remit.covers(code)],
        "industries": industries,
        "size_rule": statistics.SIZE_RULE,
    }
