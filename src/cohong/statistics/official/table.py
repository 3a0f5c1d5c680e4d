"""Official figures as a table that indicators are computed from: such that cities sum to the province, whatever was stated.

Figures are stated for a province as a whole, for cities, for industries, and these do not always add up. So each is cut down
to what stands in no part of it: of a province what is in none of its cities (which may be negative: a discrepancy of the
publisher's), of all industries what is in none. A part without its whole cannot be used: cities stand in until all of a
province's are stated, then they are the province; an industry waits for the figure of all.
So a figure of the province alone is in the province's and in no city's cell, and a city's quotient by it is unknown.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.conf import settings

from cohong.kernel import sets
from cohong.kernel.money import exponent
from cohong.parties import api as parties
from cohong.statistics.indicators.definitions import Unit, tree
from cohong.statistics.periods import Period

#: (region, industry) → value, of one series and period.
Cells = dict[tuple[str, str], Decimal]
_UNIT: Final = "official"


def years_since(position: int | None) -> list[int]:
    """Return the years of figures that were stated in documents from a position of the journal on; of all, without one."""
    found = sets.fetch(
        "select distinct extract(year from f.period_start)::int from statistics_official_figure f"
        " left join kernel_leaf l on l.document_id = f.document"
        " where %s::bigint is null or coalesce(l.position, %s) >= %s order by 1",
        (position, position, position),
    )
    return [year for (year,) in found]


def table(years: Sequence[int]) -> Any:
    """Return the figures of these years as an Arrow table; `grain` says how many of its period a year has."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    columns = {
        "day": pa.date32(),
        **dict.fromkeys(("unit", "region", "industry", "market", "series"), pa.string()),
        "value": pa.float64(),
        "grain": pa.int32(),
    }
    above = {one.code: one.parent_code for one in parties.regions()}
    rows: list[tuple[Any, ...]] = []
    for (series, code), stated in _stated(years).items():
        period = Period.parse(code)
        grain = 6 if period.is_two_months else period.frequency.a_year
        scale = exponent(settings.COHONG_CURRENCY) if tree().by_code[series].unit is Unit.MONEY else 0
        rows += [
            (period.start, _UNIT, region, industry, "", series, float(value.scaleb(scale)), grain)
            for (region, industry), value in leaves(stated, above).items()
        ]
    schema = pa.schema(list(columns.items()))
    return pa.Table.from_pylist([dict(zip(columns, row, strict=True)) for row in rows], schema=schema)


def _stated(years: Sequence[int]) -> dict[tuple[str, str], Cells]:
    rows = sets.fetch(
        "select distinct on (series, period, region, industry) series, period, region, industry, value"
        " from statistics_official_figure where extract(year from period_start) = any(%s)"
        " order by series, period, region, industry, version desc",
        (list(years),),
    )
    found: defaultdict[tuple[str, str], Cells] = defaultdict(dict)
    for series, period, region, industry, value in rows:
        if value is not None and series in tree().by_code:
            found[series, period][region, industry] = value
    return found


def leaves(stated: Cells, above: dict[str, str]) -> Cells:
    """Cut figures down to what stands in no part of them; leave out parts whose whole is not known."""
    cities: defaultdict[str, list[str]] = defaultdict(list)
    for code, parent in above.items():
        if parent:
            cities[parent].append(code)
    known = dict(stated)
    for province, parts in cities.items():
        if above.get(province):
            continue
        for industry in {industry for _, industry in stated}:
            if (province, industry) not in known and all((city, industry) in known for city in parts):
                known[province, industry] = sum((known[city, industry] for city in parts), Decimal(0))
    while True:
        usable = {
            (region, industry): value
            for (region, industry), value in known.items()
            if (not above.get(region) or (above[region], industry) in known)
            and (not industry or (region, "") in known)
        }
        if usable == known:
            break
        known = usable
    found: Cells = {}
    for (region, industry), value in known.items():
        found[region, industry] = (
            value
            - sum((known.get((city, industry), Decimal(0)) for city in cities[region]), Decimal(0))
            - (
                sum((v for (r, i), v in known.items() if r == region and i), Decimal(0))
                if not industry
                else 0
            )
            + (
                sum((v for (r, i), v in known.items() if above.get(r) == region and i), Decimal(0))
                if not industry
                else 0
            )
        )
    return {key: value for key, value in found.items() if value or key in stated}
