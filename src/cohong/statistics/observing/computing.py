"""From facts to observations: indicators are computed over the years that changed, and what differs gets a new vintage.

A figure is provisional until its period is over and the days for late documents have passed. Nothing is overwritten:
a computation that finds what was found before leaves nothing behind, not even a vintage.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from cohong.kernel import clock, journal, sets
from cohong.kernel.ids import named_id
from cohong.kernel.money import exponent
from cohong.parties import api as parties
from cohong.statistics import documents
from cohong.statistics.facts import reading, store
from cohong.statistics.facts.shapes import Table
from cohong.statistics.indicators.computing import Computation, Region, protected_by
from cohong.statistics.indicators.definitions import Definition, Source, Unit, tree
from cohong.statistics.observing import reported
from cohong.statistics.official import table as official
from cohong.statistics.periods import Period

SUBJECT: Final = named_id("statistics.observations")
#: So many days after a period's end its figures are final: reports are in, late documents are sealed.
FINAL_AFTER_DAYS: Final = 25
_LOCK: Final = 0x73746174
#: So many rows of facts are computed from in one go, if their years follow each other.
_ROWS_AT_ONCE: Final = 5_000_000
_PLACES: Final = Decimal("0.000001")
_COLUMNS: Final = (
    *("indicator", "period", "region", "industry", "market", "source", "status", "value"),
    *("contributors", "largest", "second"),
)
Progress = Callable[[str, int, int], None]


class Status(StrEnum):
    """How far a figure can be relied on."""

    PROVISIONAL = "provisional"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Observed:
    """What a computation came to: the vintage that it made, None if nothing had changed."""

    vintage: int | None
    changed: int
    values: int


def observe(
    *, reason: str, made_by: UUID | None = None, everything: bool = False, progress: Progress | None = None
) -> Observed:
    """Compute all indicators over the years whose facts have changed since the last vintage (or all), and keep what differs.

    One at a time: a second computation waits for the first. Killed at any point, it leaves nothing behind.
    """
    from django.db import transaction  # noqa: PLC0415

    with transaction.atomic():
        sets.fetch("select pg_advisory_xact_lock(%s)", (_LOCK,))
        position = _read_up_to()
        years = _years(everything=everything)
        if not years:
            return Observed(None, 0, 0)
        sets.run(
            "create temporary table fresh on commit drop as select indicator, period, region, industry, market, source,"
            " status, value, contributors, largest, second from statistics_observation with no data"
        )
        values = 0
        for some in _batches(years):
            if progress is not None:
                progress("years", years.index(some[0]), len(years))
            rows = list(_rows(_wide(some)))
            sets.insert("fresh", _COLUMNS, rows)
            values += len(rows)
        vintage, changed = _keep(years, position, reason, made_by)
        if progress is not None:
            progress("years", len(years), len(years))
    return Observed(vintage, changed, values)


def _read_up_to() -> int:
    [(position,)] = sets.fetch(
        "select coalesce((select position from kernel_follower where name = 'statistics.facts'), 0)"
    )
    return int(position)


def _years(*, everything: bool) -> list[int]:
    """Return the years of which no vintage has seen all, or whose figures can be called final by now."""
    [(seen, made_at)] = sets.fetch("select coalesce(max(position), -1), max(made_at) from statistics_vintage")
    found = sets.fetch(
        "select distinct extract(year from day)::int from statistics_fact_file"
        " where takeover_id is null and (%s or last_position >= %s)"
        # Positions of what was taken over are none of the journal's: the document that states it has one.
        " union select distinct extract(year from f.day)::int from statistics_fact_file f"
        " join statistics_fact_takeover t on t.id = f.takeover_id left join kernel_leaf l on l.document_id = t.document"
        " where %s or coalesce(l.position, %s) >= %s",
        (everything, seen, everything, seen, seen),
    )
    years = {year for (year,) in found} | set(reported.years_since(None if everything else made_at))
    years |= {*official.years_since(None if everything else seen), *_settled_since()}
    # What is lost of a year cannot be computed: what was said of it stands, and the audit names the files.
    return sorted(years - {day.year for _, day, _ in store.lost_taken_over()})


def _settled_since() -> set[int]:
    """Return the years that are over, and called provisional still."""
    found = sets.fetch(
        "select distinct o.period::int from statistics_observation o where length(o.period) = 4 and status = 'provisional'"
        " and make_date(o.period::int, 12, 31) + %s < %s and not exists (select from statistics_observation n"
        " where (n.indicator, n.region, n.industry, n.market, n.period)"
        " = (o.indicator, o.region, o.industry, o.market, o.period) and n.vintage_id > o.vintage_id)",
        (FINAL_AFTER_DAYS, _today()),
    )
    return {year for (year,) in found}


def _today() -> date:
    return clock.now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def places() -> list[Region]:
    """Return where each region belongs: the top regions are provinces, those below them cities, all below these in a city."""
    found = {region.code: region.parent_code for region in parties.regions()}

    def path(code: str) -> list[str]:
        up = [code]
        while parent := found.get(up[-1], ""):
            up.append(parent)
        return up[::-1]

    paths = {code: path(code) for code in found}
    return [Region(code, up[1] if len(up) > 1 else "", up[0]) for code, up in paths.items()]


def _batches(years: Sequence[int]) -> Iterator[list[int]]:
    """Take years that follow each other together while they are small: to make the statements takes longer than to run them."""
    rows = dict(
        sets.fetch(
            "select extract(year from day)::int, sum(rows)::bigint from statistics_fact_file group by 1"
        )
    )
    batch: list[int] = []
    for year in years:
        total = sum(rows.get(one, 0) for one in (*batch, year))
        if batch and (year != batch[-1] + 1 or total > _ROWS_AT_ONCE):
            yield batch
            batch = []
        batch.append(year)
    if batch:
        yield batch


def _wide(years: Sequence[int]) -> list[dict[str, Any]]:
    """Compute all cells of years that follow each other."""
    first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    backend = reading.connect()
    facts = {
        table: reading.open_table(backend, table, first=first, last=last)
        for table in (Table.TRADE, Table.STEPS)
        if store.files(table, first=first, last=last)
    }
    reports, given = reported.table(years), official.table(years)
    if not facts and not reports.num_rows and not given.num_rows:
        return []
    wide = compute(
        backend,
        trade=facts.get(Table.TRADE),
        steps=facts.get(Table.STEPS),
        places=places(),
        reports=reading.keep(backend, reports) if reports.num_rows else None,
        given=reading.keep(backend, given) if given.num_rows else None,
    )
    found: list[dict[str, Any]] = wide.to_pyarrow().to_pylist()
    return found


def compute(
    backend: Any, *, trade: Any, steps: Any, places: Sequence[Region], reports: Any = None, given: Any = None
) -> Any:
    """Return the Ibis table of all cells and indicators over tables of facts on some engine (`Computation.wide`).

    None stands for a table without rows: its indicators have no cells, and no statement has to be made for them.
    """
    tables = {
        Source.SALES: trade,
        Source.PURCHASES: trade,
        Source.STEPS: steps,
        Source.REPORTS: reports,
        Source.GIVEN: given,
    }
    return Computation(backend, tree(), places).wide(
        {source: table for source, table in tables.items() if table is not None}
    )


def _rows(wide: Iterable[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """Turn cells into rows of observations, values in each indicator's unit."""
    today = _today()
    definitions = tree().ordered
    sources = {one.code: _source_of(one) for one in definitions}
    protected = _protected()
    for cell in wide:
        period = Period.parse(cell["period"])
        end = period.end
        status = Status.FINAL if end + timedelta(days=FINAL_AFTER_DAYS) < today else Status.PROVISIONAL
        key = (cell["period"], cell["region"], cell["industry"], cell["market"])
        for one in definitions:
            value = cell.get(one.code)
            # What is reported by the quarter says nothing of the month in which the quarter began.
            if value is None or period.frequency.a_year > one.frequency.a_year:
                continue
            if one.is_national and any(key[1:]):
                continue
            by = protected.get(one.code)
            protection = (
                cell.get(f"{by}_contributors"),
                *(_part(one, cell.get(f"{by}_{which}")) for which in ("largest", "second")),
            )
            yield one.code, *key, sources[one.code].value, status.value, _value(one, value), *protection


def _protected() -> dict[str, str]:
    """Return under whose name the protection of each indicator stands; what is computed from others is protected by these."""
    return {
        code: by
        for source in Source
        if source is not Source.INDICATORS
        for code, by in protected_by(tree().of(source)).items()
    }


def _source_of(one: Definition) -> Source:
    """Return whose contributors an indicator could give away: of one that is computed from others, the first of theirs."""
    if one.source is not Source.INDICATORS:
        return one.source
    return next(
        parent.source for parent in tree().lineage(one.code) if parent.source is not Source.INDICATORS
    )


def _value(one: Definition, value: float) -> Decimal:
    exact = Decimal(value) if isinstance(value, int) else Decimal(repr(value))
    if one.unit is Unit.MONEY:
        exact = exact.scaleb(-exponent(settings.COHONG_CURRENCY))
    return exact.quantize(_PLACES, ROUND_HALF_EVEN)


def _part(one: Definition, part: int | None) -> Decimal | None:
    """Return what somebody contributes in the indicator's unit; of sums of squares and counts of heads nobody has a part."""
    return None if part is None or not one.is_additive else _value(one, part)


def _keep(years: Sequence[int], position: int, reason: str, made_by: UUID | None) -> tuple[int | None, int]:
    """Add what differs from the latest vintage; what is there no more is observed as unknown."""
    sets.run("create index on fresh (indicator, period, region, industry, market)")
    sets.run("analyze fresh")
    sets.run(
        "create temporary table differing on commit drop as"
        " with latest as (select distinct on (indicator, period, region, industry, market) * from statistics_observation"
        "  where left(period, 4) = any(%s) order by indicator, period, region, industry, market, vintage_id desc)"
        " select f.* from fresh f left join latest l using (indicator, period, region, industry, market)"
        "  where l.id is null or (f.value, f.status, f.contributors, f.largest, f.second)"
        "   is distinct from (l.value, l.status, l.contributors, l.largest, l.second)"
        " union all"
        " select l.indicator, l.period, l.region, l.industry, l.market, l.source, l.status, null, null, null, null"
        "  from latest l left join fresh f using (indicator, period, region, industry, market)"
        "  where f.indicator is null and l.value is not null",
        ([str(year) for year in years],),
    )
    [(changed,)] = sets.fetch("select count(*) from differing")
    if not changed:
        return None, 0
    body = documents.VintageMade(reason=reason, position=position, changed=changed, years=list(years))
    [receipt] = journal.append([journal.Entry(subject=SUBJECT, issuer=parties.SYSTEM.party_id, body=body)])
    [(vintage,)] = sets.fetch(
        "insert into statistics_vintage (made_at, made_by, reason, position, changed, document)"
        " values (%s, %s, %s, %s, %s, %s) returning id",
        (clock.now(), made_by, reason, position, changed, receipt.id),
    )
    names = ", ".join(_COLUMNS)
    sets.run(
        f"insert into statistics_observation (vintage_id, {names}) select %s, {names} from differing",
        (vintage,),
    )
    return int(vintage), int(changed)
