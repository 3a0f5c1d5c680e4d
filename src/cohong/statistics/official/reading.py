"""Reading official figures. What others have published is for everyone to see; so is what was said of it before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from cohong.kernel import sets
from cohong.kernel.audit import Check, queried
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.statistics.indicators.definitions import Definition, Source, tree
from cohong.statistics.official.words import FigureState

_COLUMNS: Final = "series, period, region, industry, version, value, status, publisher, source, stated_at, by_party, document"


@dataclass(frozen=True, slots=True)
class FigureView:
    """A version of a figure. `value` is in the unit of its series; None where that version took it back."""

    series: str
    period: str
    region: str
    industry: str
    version: int
    value: Decimal | None
    status: FigureState
    publisher: str
    source: str
    stated_at: datetime
    by_party: UUID
    document: UUID


def figure_series() -> list[Definition]:
    """Return the series that official figures can be stated for: the indicators that are given."""
    return tree().of(Source.GIVEN)


def own_region(*, actor: Actor) -> str:
    """Return of which region an officer's figures are unless they say otherwise: their authority's, or else the platform's own.

    That is the province with the most below it; "" where there are no regions.
    """
    own = parties.parties(ids=[actor.party_id]).get(actor.party_id)
    if own is not None and own.region_code:
        return own.region_code
    above = [one.parent_code for one in parties.regions()]
    tops = [one.code for one in parties.regions() if not one.parent_code]
    return max(tops, key=above.count, default="")


def official_figures(
    *, series: str = "", period: str = "", region: str | None = None, limit: int = 200, offset: int = 0
) -> list[FigureView]:
    """Return figures as they stand, newest period first; of one series, a period (a year: all periods in it), a region."""
    rows = sets.fetch(
        f"select {_COLUMNS} from (select distinct on (series, period, region, industry) * from statistics_official_figure"
        " where (%s = '' or series = %s) and (%s = '' or period = %s or period like %s) and region = coalesce(%s, region)"
        " order by series, period, region, industry, version desc) f where value is not null"
        " order by period_start desc, period, series, region, industry limit %s offset %s",
        (series, series, period, period, f"{period}-%", region, limit, offset),
    )
    return [_view(row) for row in rows]


def figure_history(*, series: str, period: str, region: str = "", industry: str = "") -> list[FigureView]:
    """Return all versions of a figure, the first one first."""
    rows = sets.fetch(
        f"select {_COLUMNS} from statistics_official_figure where series = %s and period = %s and region = %s"
        " and industry = %s order by version",
        (series, period, region, industry),
    )
    return [_view(row) for row in rows]


def _view(row: Sequence[Any]) -> FigureView:
    return FigureView(*(*row[:6], FigureState(row[6]), *row[7:]))


def audit() -> list[Check]:
    """Check that figures' versions have no gaps, and that each was stated in a document."""
    return [
        queried(
            "statistics: official figures were stated, and no version is missing",
            count="select count(*) from statistics_official_figure",
            findings="select format('figure %s %s %s: a version is missing', series, period, region)"
            " from statistics_official_figure group by series, period, region, industry having max(version) <> count(*)"
            " union all select format('figure %s: its document is not in the journal', f.id)"
            " from statistics_official_figure f left join kernel_document d on d.id = f.document"
            " and d.kind = 'statistics.figures_stated' where d.id is null",
        )
    ]
