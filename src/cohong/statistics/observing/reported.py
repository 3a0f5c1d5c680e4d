"""What units have reported and the province has approved, as a table that indicators are computed from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from cohong.kernel import sets
from cohong.statistics.periods import Period
from cohong.statistics.reporting.selectors import report_values
from cohong.statistics.reporting.states import Status

_BY_REGION: Final = "regions"
_BY_INDUSTRY: Final = "industries"


def years_since(moment: datetime | None) -> list[int]:
    """Return the years of reports that were approved, or sent back, after a moment; of all that ever were, without one."""
    found = sets.fetch(
        "select distinct extract(year from r.period_start)::int from statistics_report r"
        " cross join (select coalesce(%s, '-infinity'::timestamptz) as moment) m where r.approved_version > 0 and ("
        " exists (select from statistics_report_step s where s.report_id = r.id and s.at > m.moment)"
        " or exists (select from statistics_report_version v where v.report_id = r.id and v.submitted_at > m.moment))"
        " order by 1",
        (moment,),
    )
    return [year for (year,) in found]


def table(years: Sequence[int]) -> Any:
    """Return the approved numbers of these years' reports as an Arrow table: a row for each field and row of each report.

    A row of a table by region (P102) is of that region, one by industry (P103) of that industry; otherwise both are the unit's.
    """
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    schema = pa.schema(
        [
            ("day", pa.date32()),
            *((name, pa.string()) for name in ("unit", "region", "industry", "market", "form", "field")),
            ("value", pa.int64()),
        ]
    )
    columns: dict[str, list[Any]] = {name: [] for name in schema.names}
    for form, periods in _owed(years):
        found = report_values(form=form, periods=periods, status=Status.FINAL)
        starts = {code: Period.parse(code).start for code in periods}
        kinds, members = found["dimension"], found["member"]
        columns["day"] += [starts[period] for period in found["period"]]
        columns["unit"] += found["unit_id"]
        columns["region"] += [
            member if kind == _BY_REGION else "" if kind == _BY_INDUSTRY else own or ""
            for own, kind, member in zip(found["region"], kinds, members, strict=True)
        ]
        columns["industry"] += [
            member if kind == _BY_INDUSTRY else "" if kind == _BY_REGION else own or ""
            for own, kind, member in zip(found["industry"], kinds, members, strict=True)
        ]
        columns["field"] += found["field"]
        columns["value"] += found["value"]
        columns["form"] += [form] * len(kinds)
        columns["market"] += [""] * len(kinds)
    return pa.table(columns, schema=schema)


def _owed(years: Sequence[int]) -> list[tuple[str, Sequence[str]]]:
    return [
        (form, periods)
        for form, periods in sets.fetch(
            "select form, array_agg(distinct period) from statistics_report"
            " where approved_version > 0 and extract(year from period_start) = any(%s) group by form order by form",
            (list(years),),
        )
    ]
