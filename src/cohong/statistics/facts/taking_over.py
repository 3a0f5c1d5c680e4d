"""Taking facts of the past over that do not come from the journal: of an older system, or generated for a demonstration.

They are compact: a row may stand for many orders between the same two. Their ids are negative, so that they are never taken
for places in the journal. What was taken over is stated in a document with its digest, so that lost files can only be
replaced by the same facts.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cohong.kernel import clock, journal, sets
from cohong.kernel.audit import Check, check
from cohong.kernel.errors import BadInput
from cohong.kernel.ids import named_id
from cohong.parties.api import Actor
from cohong.statistics import documents
from cohong.statistics.access import SystemOnly
from cohong.statistics.facts import store
from cohong.statistics.facts.shapes import Fact, Form, Origin, Step, Table, schema
from cohong.statistics.periods import Period

_LOCK: Final = "statistics.take_over_facts"
_IDS: Final = ("trade", "seller", "buyer")
_NEEDED: Final = ("day", *_IDS, "form", "orders", "base", "cross_border")
_COLUMNS: Final = "id, origin, trade_rows, step_rows, base, digest, first_day, last_day, taken_at, document"


class FactsFlawed(BadInput):
    """The facts cannot be taken over as they are."""

    message = _("These facts cannot be taken over: {reason}")


@dataclass(frozen=True, slots=True)
class Takeover:
    """Facts that were taken over: `base` is what their trade adds up to, in minor units of the region's currency."""

    id: int
    origin: Origin
    trade_rows: int
    step_rows: int
    base: int
    digest: str
    first_day: date
    last_day: date
    taken_at: datetime
    document: UUID


@sets.act
def take_over_facts(*, actor: Actor, origin: Origin, trade: Any = None, steps: Any = None) -> Takeover:
    """Take over facts of the past: Arrow tables (or lists of rows) with the columns of facts, all but `position`.

    `trade`, `seller` and `buyer` are negative numbers of the origin's own; `orders` says for how many orders a row stands.
    Said again with the same facts it changes nothing, but writes files that were lost anew. Raises SystemOnly, FactsFlawed.
    """
    if not actor.is_system:
        raise SystemOnly
    tables = {Table.TRADE: _read(Table.TRADE, trade), Table.STEPS: _read(Table.STEPS, steps)}
    days = [day for data in tables.values() for day in data["day"].unique().to_pylist()]
    if not days:
        raise FactsFlawed(reason="there is none")
    if max(days) > localdate(clock.now()):
        raise FactsFlawed(reason=f"{max(days)} has not come yet")
    sets.fetch("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (_LOCK,))
    digest = _digest(tables)
    same = [one for one in takeovers() if (one.origin, one.digest) == (origin, digest)]
    taken = same[0] if same else _state(actor, origin, tables, days, digest)
    if same:
        if not any(takeover == taken.id for takeover, *_ in store.lost_taken_over()):
            return taken
        store.forget(takeover=taken.id)
    for table, data in tables.items():
        store.take_in(table, data, takeover=taken.id)
    return taken


def _state(
    actor: Actor, origin: Origin, tables: Mapping[Table, Any], days: Sequence[date], digest: str
) -> Takeover:
    import pyarrow.compute as pc  # noqa: PLC0415 - slow to import

    body = documents.FactsTakenOver(
        origin=origin.value,
        trade_rows=len(tables[Table.TRADE]),
        step_rows=len(tables[Table.STEPS]),
        base=pc.sum(tables[Table.TRADE]["base"]).as_py() or 0,
        digest=digest,
        first_day=min(days),
        last_day=max(days),
    )
    subject = named_id("statistics.takeover", origin.value, digest)
    [receipt] = journal.append([journal.Entry(subject=subject, issuer=actor.party_id, body=body)])
    [row] = sets.fetch(
        "insert into statistics_fact_takeover (origin, trade_rows, step_rows, base, digest, first_day, last_day, taken_at,"
        f" document) values (%s, %s, %s, %s, %s, %s, %s, %s, %s) returning {_COLUMNS}",
        (
            *(body.origin, body.trade_rows, body.step_rows, body.base, digest, body.first_day, body.last_day),
            *(clock.now(), receipt.id),
        ),
    )
    return _view(row)


def _read(table: Table, found: Any) -> Any:
    """Bring facts into the table's columns, and refuse what cannot be facts."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    wanted = pa.schema([field for field in schema(table) if field.name != "position"])
    try:
        if found is None or isinstance(found, list | tuple):
            data = pa.Table.from_pylist(list(found or ()), schema=wanted)
        else:
            data = found.select(wanted.names).cast(wanted)
    except (pa.ArrowException, KeyError, TypeError, ValueError) as error:
        raise FactsFlawed(reason=f"{table}: {error}") from None
    data = data.combine_chunks()
    _check(table, data)
    return data


def _check(table: Table, data: Any) -> None:
    import pyarrow.compute as pc  # noqa: PLC0415 - slow to import

    if not len(data):
        return
    for name in _NEEDED:
        if data[name].null_count:
            raise FactsFlawed(reason=f"{table}: “{name}” is missing in {data[name].null_count} rows")
    for name in _IDS:
        if pc.max(data[name]).as_py() >= 0:
            raise FactsFlawed(reason=f"{table}: “{name}” has to be negative")
    if pc.min(data["orders"]).as_py() < 0:
        raise FactsFlawed(reason=f"{table}: “orders” is negative")
    known = {"form": set(Form)} | (
        {"fact": {Fact.SALE, Fact.REFUND}} if table is Table.TRADE else {"step": set(Step)}
    )
    for name, words in known.items():
        if unknown := set(data[name].unique().to_pylist()) - {str(word) for word in words}:
            raise FactsFlawed(reason=f"{table}: “{name}” is unknown: {', '.join(map(str, unknown))}")


def _digest(tables: Mapping[Table, Any]) -> str:
    whole = hashlib.sha256()
    for table, data in tables.items():
        for name in data.column_names:
            whole.update(msgspec.json.encode([table, name, data[name].to_pylist()]))
    return whole.hexdigest()


def takeovers() -> list[Takeover]:
    """Return what was taken over, the first act first."""
    return [_view(row) for row in sets.fetch(f"select {_COLUMNS} from statistics_fact_takeover order by id")]


def _view(row: Sequence[Any]) -> Takeover:
    return Takeover(row[0], Origin(row[1]), *row[2:])


def origins(*, periods: Sequence[str]) -> dict[str, tuple[Origin, ...]]:
    """Say for each period from where facts in it were taken over; () where all come from the journal.

    For pages: a figure of a period with an origin has to be marked. Raises `PeriodUnreadable`.
    """
    found = sets.fetch(
        "select distinct t.origin, f.day from statistics_fact_file f join statistics_fact_takeover t on t.id = f.takeover_id"
    )
    spans = {code: Period.parse(code) for code in periods}
    return {
        code: tuple(sorted({Origin(origin) for origin, day in found if span.start <= day <= span.end}))
        for code, span in spans.items()
    }


def audit() -> list[Check]:
    """Check that what was taken over was stated, is in the books, and is there."""
    wrong = sets.fetch(
        "select t.id, d.id is null, t.trade_rows + t.step_rows - coalesce((select sum(f.rows) from statistics_fact_file f"
        " where f.takeover_id = t.id), 0) from statistics_fact_takeover t left join kernel_document d on d.id = t.document"
        " and d.kind = 'statistics.facts_taken_over'"
    )
    findings = [f"take-over {id_}: it was not stated" for id_, unstated, _missing in wrong if unstated]
    findings += [f"take-over {id_}: {missing} rows are in no file" for id_, _, missing in wrong if missing]
    findings += [
        f"take-over {id_}, {day}: {path} is lost; only taking the same facts over again brings it back"
        for id_, day, path in store.lost_taken_over()
    ]
    return [
        check("statistics: facts that were taken over are all there", figure=len(wrong), findings=findings)
    ]
