"""What all pages of the data centre share: the frame, which figures are shown, and the region's own places and industries."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from cohong.parties import api as parties
from cohong.parties.api import Mandate
from cohong.portal.datacentre import figures, writing
from cohong.portal.datacentre.figures import Cut, Edition, Figure
from cohong.portal.design import charts
from cohong.portal.design.acting import actor_of
from cohong.portal.design.charts import Chart, Spark
from cohong.portal.design.frame import own_address, page, show
from cohong.portal.kept import kept
from cohong.statistics import api as statistics
from cohong.statistics.api import Frequency

TONES: Final = ("blue", "pale", "jade", "amber", "soft")
_SPARK_MOST: Final = 24


def language() -> str:
    """Return the reader's language."""
    return get_language() or "zh-hans"


def show_data(
    request: HttpRequest, template: str, of: Edition, context: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Fill a page of the data centre, which says whose figures it shows."""
    common = {"edition": of, "keep": keep(of), "generated": figures.has_generated()}
    return show(request, f"datacentre/{template}.html", {**common, **(context or {})})


@require_POST
@page
def switch_figures(request: HttpRequest) -> HttpResponse:
    """Let an officer look at the working figures from now on, or at the published ones again."""
    parties.require_mandate(actor_of(request), Mandate.STATISTICS)
    request.session[figures.WORKING_KEY] = request.POST.get("show") == "working"
    return redirect(own_address(request, request.POST.get("back", "") or "/data/"))


@dataclass(frozen=True, slots=True)
class Place:
    """A region with a page of its own."""

    code: str
    names: parties.Names

    @property
    def name(self) -> str:
        """Return what it is called in the reader's language."""
        return self.names.shown(language())


@dataclass(frozen=True, slots=True)
class Home:
    """The installation's own province, and its cities in their order."""

    province: Place
    cities: tuple[Place, ...]


@kept(60)
def home() -> Home | None:
    """Return the province that this installation serves: the top region with the most below it. None without regions."""
    every = parties.regions()
    below: dict[str, list[parties.RegionView]] = {}
    for one in every:
        below.setdefault(one.parent_code, []).append(one)
    tops = below.get("", [])
    if not tops:
        return None
    top = max(tops, key=lambda one: len(below.get(one.code, ())))
    return Home(
        Place(top.code, top.names), tuple(Place(one.code, one.names) for one in below.get(top.code, ()))
    )


@kept(60)
def industries() -> Sequence[parties.IndustryView]:
    """Return all industries, in their order."""
    return tuple(parties.industries())


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure at a glance: the newest one, how it grew over a year, how it went."""

    label: str
    to: str
    shown: str
    when: str
    growth: str
    spark: Spark
    withheld: bool


def complete(of: Edition, found: Sequence[Figure]) -> list[Figure]:
    """Leave out a period that was not over when the figures were made: it would look like a fall."""
    day = of.at.astimezone(timezone.get_current_timezone()).date() if of.at else None
    over = [one for one in found if day is None or statistics.Period.parse(one.period).end < day]
    return over if any(one.value is not None for one in over) else list(found)


def headline(of: Edition, code: str, found: Sequence[Figure]) -> Headline | None:
    """Make a headline of an indicator's series; None where there is nothing to say."""
    one = statistics.tree().by_code[code]
    found = complete(of, found)
    last = next((each for each in reversed(found) if each.value is not None or each.withheld), None)
    if last is None:
        return None
    by_period = {each.period: each.value for each in found}
    before = by_period.get(statistics.Period.parse(last.period).year_before().code)
    return Headline(
        label=str(one.names),
        to=reverse("portal:data_indicator", args=[code]) + keep(of),
        shown=writing.figure(last.value, one.unit),
        when=writing.period(last.period),
        growth=writing.growth(last.value, before),
        spark=charts.spark([each.value for each in found[-_SPARK_MOST:]]),
        withheld=last.withheld,
    )


def keep(of: Edition, *, more: str = "") -> str:
    """Return the query string that keeps a link's reader with the release that they look at."""
    parts = [*([f"release={of.number}"] if of.pinned and not of.working else []), *([more] if more else [])]
    return f"?{'&'.join(parts)}" if parts else ""


def own_series(of: Edition, indicators: Sequence[str], frequency: Frequency) -> dict[str, list[Figure]]:
    """Return series of the own province; of everything on the platform, where an indicator is not broken down so finely."""
    here = home()
    found = (
        figures.series(of, indicators, Cut(region=here.province.code), frequency=frequency)
        if here
        else {code: [] for code in indicators}
    )
    missing = [code for code, some in found.items() if not any(one.value is not None for one in some)]
    if missing:
        found |= figures.series(of, missing, Cut(), frequency=frequency)
    return found


def aligned(found: Mapping[str, Sequence[Figure]]) -> tuple[list[str], dict[str, list[Decimal | None]]]:
    """Lay series side by side: the periods that any of them has, and each one's value in them."""
    periods = sorted({one.period for some in found.values() for one in some if one.value is not None})
    table = {code: {one.period: one.value for one in some} for code, some in found.items()}
    return periods, {code: [some.get(period) for period in periods] for code, some in table.items()}


def drawn(
    of: Edition,
    found: Mapping[str, Sequence[Figure]],
    draw: Callable[..., Chart],
    *,
    title: str,
    tones: Sequence[str] = TONES,
) -> Chart:
    """Draw series of one unit, each under its indicator's name."""
    periods, values = aligned({code: complete(of, some) for code, some in found.items()})
    definitions = statistics.tree().by_code
    some = [
        charts.Series(str(definitions[code].names), values[code], tones[number % len(tones)])
        for number, code in enumerate(found)
        if any(values[code])
    ]
    unit = definitions[next(iter(found))].unit
    shown = partial(writing.figure, unit=unit)
    axis = writing.percent if unit is statistics.IndicatorUnit.PERCENT else writing.axis
    return draw(
        [writing.period(one) for one in periods] if some else [], some, title=title, shown=shown, axis=axis
    )


def asked_number(request: HttpRequest, name: str) -> int | None:
    """Return a whole number out of the address that the database can hold, or None."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004


def asked_among(request: HttpRequest, name: str, known: Iterable[str], default: str = "") -> str:
    """Return a code out of the address if it is one of these."""
    wanted = request.GET.get(name, "")
    return wanted if wanted in set(known) else default


def asked_year(request: HttpRequest, of: Edition, years: Sequence[Figure]) -> str:
    """Return the year that was asked for, else the last one that was over; "" if there are no figures."""
    return years_of(of, years, request.GET.get("year", ""))[1]


def years_of(of: Edition, years: Sequence[Figure], asked: str) -> tuple[list[str], str]:
    """Return the years that have figures, and the one that is meant: the one asked for, else the last one that was over."""
    known = [one.period for one in years if one.value is not None or one.withheld]
    over = [one.period for one in complete(of, years) if one.period in known]
    return known, asked if asked in known else (over or known or [""])[-1]
