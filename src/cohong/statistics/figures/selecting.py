"""Choosing published figures: of these indicators, places and periods, as they are or as a release showed them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from cohong.kernel import sets
from cohong.kernel.errors import BadInput, NotFound
from cohong.statistics.indicators.definitions import Definition, tree
from cohong.statistics.observing.computing import Status
from cohong.statistics.observing.selectors import CODES
from cohong.statistics.periods import Frequency, Period
from cohong.statistics.publishing.selectors import PublishedView, ReleaseView, release, releases

#: So many figures are answered at once; who wants all takes the open data.
MOST_FIGURES: Final = 50_000
# What is withheld never leaves this statement.
_LATEST: Final = (
    "select * from (select distinct on (indicator, region, industry, market, period) indicator, period, region, industry,"
    " market, case when withheld = '' then value end as value, status, withheld <> '' as hidden, release_id"
    " from statistics_released_value where release_id <= %s and indicator = any(%s) and period ~ %s"
    " and (%s::text[] is null or region = any(%s)) and (%s::text[] is null or industry = any(%s))"
    " and (%s::text[] is null or market = any(%s)) and left(period, 4) between %s and %s"
    " order by indicator, region, industry, market, period, release_id desc) latest where value is not null or hidden"
    " limit %s"
)


class NothingPublished(NotFound):
    """No figures have been published yet."""

    message = _("No figures have been published yet.")


class IndicatorUnknown(BadInput):
    """There is no public indicator of this code."""

    message = _("There is no public indicator “{code}”.")


class TooManyFigures(BadInput):
    """More figures are asked for than are answered at once."""

    message = _("This asks for more than {most} figures. Please choose fewer indicators, places or periods.")


class PeriodsReversed(BadInput):
    """The first period is after the last."""

    message = _("The first period is after the last one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which figures: places None are all there are, the empty text is the total. `first` and `last` are codes of periods."""

    indicators: tuple[str, ...]
    frequencies: tuple[Frequency, ...] = (Frequency.MONTH,)
    regions: tuple[str, ...] | None = ("",)
    industries: tuple[str, ...] | None = ("",)
    markets: tuple[str, ...] | None = ("",)
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The figures in order of indicator, place and time, and the release that shows them so."""

    release: ReleaseView
    figures: tuple[PublishedView, ...]


def public(codes: Collection[str]) -> list[Definition]:
    """Return public indicators by code, in the order of the codes. Raises `IndicatorUnknown`."""
    known = tree().by_code
    for code in codes:
        if code not in known or not known[code].is_public:
            raise IndicatorUnknown(code=code[:60])
    return [known[code] for code in codes]


def release_of(release_id: int | None = None, *, at: datetime | None = None) -> ReleaseView:
    """Return a release: a given one, the one in force at a time, or the newest. Raises `NothingPublished`, `NoSuchRelease`."""
    if release_id is not None:
        # What no release can have is none, and not a failure of the database.
        return release(release_id=release_id if 0 < release_id < 1 << 62 else 0)
    if at is not None:
        found = sets.fetch("select max(id) from statistics_release where published_at <= %s", (at,))
        if found[0][0] is None:
            raise NothingPublished
        return release(release_id=found[0][0])
    newest = releases(limit=1)
    if not newest:
        raise NothingPublished
    return newest[0]


def choose(
    choice: Choice, *, release_id: int | None = None, at: datetime | None = None, most: int = MOST_FIGURES
) -> Chosen:
    """Return the figures that were chosen, as a release showed them (the newest, if none is given).

    Raises IndicatorUnknown, PeriodUnreadable, PeriodsReversed, TooManyFigures, NothingPublished, NoSuchRelease.
    """
    public(choice.indicators)
    first, last = (Period.parse(code) if code else None for code in (choice.first, choice.last))
    if first is not None and last is not None and first.start > last.end:
        raise PeriodsReversed
    shown = release_of(release_id, at=at)
    forms = "|".join(CODES[one] for one in choice.frequencies)
    places = [
        _list(one) for one in (choice.regions, choice.industries, choice.markets) for _twice in range(2)
    ]
    years = (f"{first.start.year:04}" if first else "0000", f"{last.end.year:04}" if last else "9999")
    rows = sets.fetch(
        _LATEST,
        # One more than is answered tells that there are too many; the first and last year may have some more to leave out.
        (shown.id, list(choice.indicators), forms, *places, *years, 2 * most + 1),
    )
    found = [PublishedView(*(*row[:6], Status(row[6]), *row[7:])) for row in rows]
    inside = [one for one in found if _within(one.period, first, last)]
    if len(inside) > most or len(found) > 2 * most:
        raise TooManyFigures(most=most)
    order = {code: place for place, code in enumerate(choice.indicators)}
    inside.sort(key=lambda one: (order[one.indicator], one.region, one.industry, one.market, one.period))
    return Chosen(shown, tuple(inside))


def _list(places: Sequence[str] | None) -> list[str] | None:
    return None if places is None else list(places)


def _within(code: str, first: Period | None, last: Period | None) -> bool:
    if first is None and last is None:
        return True
    period = Period.parse(code)
    return (first is None or period.start >= first.start) and (last is None or period.end <= last.end)
