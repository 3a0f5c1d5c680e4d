"""Reads of the register: as it is, or as it was on any day."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec

from cohong.kernel import clock, sets
from cohong.parties.api import Actor
from cohong.statistics.access import READ, remit_of
from cohong.statistics.units import keeping
from cohong.statistics.units import refusals as no
from cohong.statistics.units.shapes import EventView, MatchView, SourceView, UnitDraft, UnitView
from cohong.statistics.units.words import (
    Change,
    How,
    MatchState,
    PlatformKind,
    SizeClass,
    Source,
    Standing,
    UnitKind,
)


def unit(*, actor: Actor, unit_id: UUID, on: date | None = None) -> UnitView:
    """Return a unit as it is, or was on a day: to its own party, and to the authority of its region.

    Raises NoSuchUnit, also for a day before it began; MandateMissing, NotYourRegion, ScopeMissing.
    """
    found = keeping.units_by_id([unit_id], on=on).get(unit_id)
    if found is None:
        raise no.NoSuchUnit
    if found.party_id is None or found.party_id != actor.party_id:
        remit_of(actor, scope=READ).check(found.region_code)
    return found


def unit_of(*, party_id: UUID) -> UnitView | None:
    """Return the unit that a party is, if it is one; of one that was joined to another, that other."""
    rows = sets.fetch(
        "select coalesce(duplicate_of_id, id) from statistics_unit where party_id = %s", (party_id,)
    )
    return keeping.units_by_id([rows[0][0]])[rows[0][0]] if rows else None


def units_named(*, ids: Iterable[UUID]) -> dict[UUID, UnitView]:
    """Return units as they are, by id, for pages that name them."""
    return keeping.units_by_id(ids)


def units(
    *,
    actor: Actor,
    on: date | None = None,
    text: str = "",
    kind: UnitKind | None = None,
    region_code: str = "",
    industry_code: str = "",
    size_class: SizeClass | None = None,
    standing: Standing = Standing.OPEN,
    before: UUID | None = None,
    limit: int = 50,
) -> list[UnitView]:
    """List the units that were open on a day (today if None), newest first, of the regions that the actor answers for.

    A unit that was joined to another is not among them: it is counted as that. With another `standing`, those that had closed
    by that day, or those that are joined now. `text`: a part of the name, a credit code or a unit code. Raises MandateMissing,
    ScopeMissing.
    """
    remit = remit_of(actor, scope=READ)
    day = on or clock.now().date()
    where = [_STANDINGS[standing]]
    params: list[Any] = [day, day]
    if remit.regions is not None:
        where.append("s.region_code = any(%s)")
        params.append(list(remit.regions))
    if text:
        part = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        where.append("(s.name ilike %s or s.credit_code = %s or u.code = %s)")
        params += [part, text.upper(), text.upper()]
    for column, value in (
        ("s.kind", kind),
        ("s.region_code", region_code),
        ("s.industry_code", industry_code),
        ("s.size_class", size_class),
    ):
        if value:
            where.append(f"{column} = %s")
            params.append(str(value))
    if before is not None:
        where.append("u.id < %s")
        params.append(before)
    rows = sets.fetch(
        f"select {keeping.units_sql()} from statistics_unit u join statistics_unit_spell s on s.unit_id = u.id"
        f" where {' and '.join(where)} order by u.id desc limit %s",
        (*params, limit),
    )
    return [keeping.read_unit(row, on=day) for row in rows]


_NO_LATER: Final = (
    "not exists (select 1 from statistics_unit_spell l"
    " where l.unit_id = u.id and l.since > s.since and l.since <= %s)"
)
_STANDINGS: Final = {
    Standing.OPEN: "u.duplicate_of_id is null and s.since <= %s and (s.until is null or s.until > %s)",
    # A spell that ended by the day has begun by it, too.
    Standing.CLOSED: f"u.duplicate_of_id is null and s.until <= %s and {_NO_LATER}",
    Standing.JOINED: f"u.duplicate_of_id is not null and s.since <= %s and {_NO_LATER}",
}


def unit_coded(*, actor: Actor, code: str) -> UnitView:
    """Return the unit of a statistical unit code, as it is, to those who may see it. Raises NoSuchUnit, and as `unit`."""
    rows = sets.fetch("select id from statistics_unit where code = %s", (code.strip().upper(),))
    if not rows:
        raise no.NoSuchUnit
    return unit(actor=actor, unit_id=rows[0][0])


def count_units(*, on: date | None = None) -> dict[tuple[str, str, str, str], int]:
    """Count the units open on a day by (kind, region, industry, size class); what is not known of one is "".

    Each is counted once, whatever the number of sources that know it. For indicators: there is nothing in it of a single unit.
    """
    day = on or clock.now().date()
    rows = sets.fetch(
        "select s.kind, s.region_code, s.industry_code, s.size_class, count(*) from statistics_unit u"
        " join statistics_unit_spell s on s.unit_id = u.id where u.duplicate_of_id is null and s.since <= %s"
        " and (s.until is null or s.until > %s) group by 1, 2, 3, 4",
        (day, day),
    )
    return {(kind, region, industry, size): count for kind, region, industry, size, count in rows}


def unit_history(*, actor: Actor, unit_id: UUID) -> list[EventView]:
    """List what happened to a unit, oldest first. For those who may see the unit."""
    unit(actor=actor, unit_id=unit_id)
    rows = sets.fetch(
        'select id, change, "on", reason, before, after, other, by_party, by_user, at, document'
        ' from statistics_unit_event where unit_id = %s order by "on", id',
        (unit_id,),
    )
    return [
        EventView(
            id=row[0],
            change=Change(row[1]),
            on=row[2],
            reason=row[3],
            before=msgspec.json.decode(row[4]),
            after=msgspec.json.decode(row[5]),
            other=row[6],
            by_party=row[7],
            by_user=row[8],
            at=row[9],
            document=row[10],
        )
        for row in rows
    ]


_FOUND = (
    "f.id, f.source, f.key, f.unit_id, f.how, f.score, f.name, f.kind, f.platform, f.credit_code, f.industry_code,"
    " f.region_code, f.size_class, f.found_at"
)


def unit_sources(*, actor: Actor, unit_id: UUID) -> list[SourceView]:
    """List where a unit was found. For those who may see the unit."""
    unit(actor=actor, unit_id=unit_id)
    rows = sets.fetch(
        f"select {_FOUND} from statistics_unit_source f where f.unit_id = %s or f.unit_id in"
        " (select id from statistics_unit where duplicate_of_id = %s) order by f.id",
        (unit_id, unit_id),
    )
    return [_source(row) for row in rows]


def _source(row: tuple[Any, ...]) -> SourceView:
    return SourceView(
        id=row[0],
        source=Source(row[1]),
        key=row[2],
        unit_id=row[3],
        how=How(row[4]) if row[4] else None,
        score=row[5],
        draft=UnitDraft(
            name=row[6],
            kind=UnitKind(row[7]),
            platform=PlatformKind(row[8]) if row[8] else None,
            credit_code=row[9],
            industry_code=row[10],
            region_code=row[11],
            size_class=SizeClass(row[12]) if row[12] else None,
        ),
        found_at=row[13],
    )


def unit_matches(
    *,
    actor: Actor,
    state: MatchState | None = MatchState.OPEN,
    unit_id: UUID | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[MatchView]:
    """List the questions of two being one (None: also the answered ones), newest first, for the authorities of their regions.

    With `unit_id`, those about that unit alone.
    """
    remit = remit_of(actor, scope=READ)
    regions = None if remit.regions is None else list(remit.regions)
    rows = sets.fetch(
        f"select m.id, m.unit_id, m.score, m.state, m.reason, m.decided_at, m.decided_by_party, {_FOUND}"
        " from statistics_unit_match m join statistics_unit_source f on f.id = m.found_id"
        " where (%s::text is null or m.state = %s) and (%s::uuid is null or m.unit_id = %s)"
        " and (%s::uuid is null or m.id < %s)"
        " and (%s::text[] is null or exists (select 1 from statistics_unit_spell s where s.unit_id = m.unit_id"
        " and s.region_code = any(%s))) order by m.id desc limit %s",
        (state, state, unit_id, unit_id, before, before, regions, regions, limit),
    )
    known = keeping.units_by_id(row[1] for row in rows)
    return [
        MatchView(
            id=row[0],
            found=_source(row[7:]),
            unit=known[row[1]],
            score=row[2],
            state=MatchState(row[3]),
            reason=row[4],
            decided_at=row[5],
            decided_by=row[6],
        )
        for row in rows
    ]
