"""Where the data centre's figures come from, in one place: a release, or the working figures of a vintage.

Both stay as they are for ever, so what is read of a release is kept. Working figures are for officers and are not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.http import HttpRequest

from cohong.portal.design.acting import actor_or_none
from cohong.portal.kept import kept
from cohong.statistics import api as statistics
from cohong.statistics.api import Frequency

WORKING_KEY: Final = "working_figures"
"""Where in a session stands that its officer looks at working figures."""
_NEWEST_S: Final = 3.0
_RELEASE_S: Final = 3600.0
_MOST_OFFERED: Final = 24
_DIGITS: Final = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """A value in its indicator's unit (money in major units); None where it is unknown, or withheld."""

    indicator: str
    period: str
    region: str
    industry: str
    market: str
    value: Decimal | None
    is_final: bool
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Edition:
    """Which figures a page shows: those of a release, or the working ones of a vintage; nothing was made yet if `number` is 0.

    `pinned`: an older release was asked for. `may_work`: the visitor is an officer, who may switch.
    """

    number: int
    at: datetime | None
    working: bool = False
    pinned: bool = False
    may_work: bool = False
    note: str = ""

    @property
    def shared(self) -> "Edition":
        """Return it as everyone has it, whoever is looking."""
        return replace(self, may_work=False)


def edition(request: HttpRequest) -> Edition:
    """Tell which figures a visitor looks at: the newest release, one that was asked for, or the working figures."""
    actor = actor_or_none(request)
    officer = actor is not None and statistics.is_officer(actor)
    wanted = request.GET.get("release", "")
    vintage = request.GET.get("vintage", "")
    if officer and not wanted and vintage.isascii() and vintage.isdigit() and len(vintage) < _DIGITS:
        then = statistics.vintage(vintage_id=int(vintage))
        return Edition(then.id, then.made_at, working=True, pinned=True, may_work=True, note=then.reason)
    if officer and not wanted and request.session.get(WORKING_KEY):
        newest = next(iter(statistics.vintages(limit=1)), None)
        if newest is None:
            return Edition(0, None, working=True, may_work=True)
        return Edition(newest.id, newest.made_at, working=True, may_work=True, note=newest.reason)
    if wanted.isascii() and wanted.isdigit() and len(wanted) < _DIGITS:
        one = statistics.release(release_id=int(wanted))
        newest_id = next((each.id for each in _releases()), 0)
        return _released(one, pinned=one.id != newest_id, may_work=officer)
    for one in _releases():
        return _released(one, may_work=officer)
    return Edition(0, None, may_work=officer)


def _released(one: statistics.ReleaseView, *, pinned: bool = False, may_work: bool = False) -> Edition:
    return Edition(one.id, one.published_at, pinned=pinned, may_work=may_work, note=one.note)


@kept(_NEWEST_S)
def _releases() -> tuple[statistics.ReleaseView, ...]:
    return tuple(statistics.releases(limit=_MOST_OFFERED))


def offered() -> list[Edition]:
    """Return the releases that one may look at, the newest first."""
    return [_released(one) for one in _releases()]


@dataclass(frozen=True, slots=True)
class Cut:
    """Of what a series is: a region, an industry, both, or a market; nothing is the total."""

    region: str = ""
    industry: str = ""
    market: str = ""


def series(
    of: Edition, indicators: Sequence[str], cut: Cut, *, frequency: Frequency = Frequency.MONTH
) -> dict[str, list[Figure]]:
    """Return the figures of some indicators by period, an empty list where there are none."""
    found: dict[str, list[Figure]] = {code: [] for code in indicators}
    if not of.number:
        return found
    read = _working_series if of.working else _released_series
    for one in read(of.number, tuple(indicators), cut, frequency):
        found[one.indicator].append(one)
    return found


def cells(of: Edition, indicators: Sequence[str], periods: Sequence[str]) -> list[Figure]:
    """Return all cells of some indicators in some periods: totals, regions, industries, both, and markets."""
    if not of.number or not periods:
        return []
    read = _working_cells if of.working else _released_cells
    return list(read(of.number, tuple(indicators), tuple(periods)))


def _working_series(
    vintage: int, indicators: tuple[str, ...], cut: Cut, frequency: Frequency
) -> tuple[Figure, ...]:
    found = statistics.series(
        indicators=indicators,
        frequency=frequency,
        region=cut.region,
        industry=cut.industry,
        market=cut.market,
        as_of=vintage,
    )
    return tuple(map(_working, found))


def _working_cells(vintage: int, indicators: tuple[str, ...], periods: tuple[str, ...]) -> tuple[Figure, ...]:
    return tuple(map(_working, statistics.cells(indicators=indicators, periods=periods, as_of=vintage)))


def _working(one: statistics.ObservationView) -> Figure:
    final = one.status is statistics.FigureStatus.FINAL
    return Figure(one.indicator, one.period, one.region, one.industry, one.market, one.value, final)


@kept(_RELEASE_S)
def _released_series(
    release: int, indicators: tuple[str, ...], cut: Cut, frequency: Frequency
) -> tuple[Figure, ...]:
    found = statistics.published_series(
        indicators=indicators,
        frequency=frequency,
        region=cut.region,
        industry=cut.industry,
        market=cut.market,
        release=release,
    )
    return tuple(map(_public, found))


@kept(_RELEASE_S)
def _released_cells(
    release: int, indicators: tuple[str, ...], periods: tuple[str, ...]
) -> tuple[Figure, ...]:
    found = statistics.published_cells(indicators=indicators, periods=periods, release=release)
    return tuple(map(_public, found))


def _public(one: statistics.PublishedView) -> Figure:
    final = one.status is statistics.FigureStatus.FINAL
    return Figure(
        one.indicator,
        one.period,
        one.region,
        one.industry,
        one.market,
        one.value,
        final,
        withheld=one.withheld,
    )


@kept(60)
def has_generated() -> bool:
    """Tell whether some figures come from facts that were generated for demonstration."""
    return any(one.origin is statistics.Origin.GENERATED for one in statistics.takeovers())
