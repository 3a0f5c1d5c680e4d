"""What goes with figures wherever they go: the code book that says what they mean, and the citation that finds them again."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cohong.statistics.figures.selecting import public
from cohong.statistics.indicators.definitions import Source
from cohong.statistics.publishing.selectors import ReleaseView
from cohong.statistics.research import tables
from cohong.statistics.sdmx.structures import unit_names

#: Columns of a code book; their names do not change.
COLUMNS: Final = ("kind", "code", "name", "unit", "source", "scope", "counting", "formula")


def source_names() -> dict[str, str]:
    """Return what indicators are computed from."""
    return {
        Source.SALES.value: _("Trade, at the seller's region"),
        Source.PURCHASES.value: _("Trade, at the buyer's region"),
        Source.STEPS.value: _("Steps of orders, at the seller's region"),
        Source.REPORTS.value: _("Approved reports of units"),
        Source.GIVEN.value: _("Official figures of others"),
        Source.INDICATORS.value: _("Computed from other indicators"),
    }


def code_book(
    codes: Collection[str], *, places: Collection[tuple[str, str, str]]
) -> Iterator[tuple[str, ...]]:
    """Go through what indicators and places (region, industry, market) mean, and what the marks do, as rows of `COLUMNS`."""
    units, sources = unit_names(), source_names()
    for one in public(codes):
        yield (
            *("indicator", one.code, str(one.names), units[one.unit.value], sources[one.source.value]),
            *(str(one.scope), str(one.counting), one.formula),
        )
    names = tables.place_names()
    for place, (kind, known) in enumerate(
        (("region", names.regions), ("industry", names.industries), ("market", names.markets))
    ):
        for code in sorted({one[place] for one in places if one[place]}):
            yield _row(kind, code, known.get(code, code))
        yield _row(kind, "", pgettext("statistics", "Total"))
    yield _row("mark", "", _("Final: late documents and reports are in"))
    yield _row("mark", tables.PROVISIONAL, _("Provisional: may still change"))
    yield _row("mark", tables.SUPPRESSED, _("Suppressed: it would say too much of a single company"))


def _row(kind: str, code: str, name: str) -> tuple[str, ...]:
    return (kind, code, name, "", "", "", "", "")


def citation(codes: Sequence[str], release: ReleaseView, address: str) -> str:
    """Say how to cite figures. The address names the release, so that it shows the same figures for ever."""
    day = release.published_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    titles = pgettext("list", ", ").join(str(one.names) for one in public(codes))
    return _(
        "Cohong data centre: {titles}. Release {release} of {day} (vintage {vintage}). {address}"
    ).format(titles=titles, release=release.id, day=day.isoformat(), vintage=release.vintage, address=address)
