"""Who of two sources is the same: what is certain is settled by itself, what is doubtful is asked, all can be turned round.

What waits for an answer has no unit and is counted nowhere: rather one too few for a while than one twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from cohong.kernel import clock, sets
from cohong.kernel.ids import new_id
from cohong.kernel.journal import Entry, append
from cohong.parties.api import PLATFORM_ID, SYSTEM, Actor
from cohong.statistics.access import WRITE, remit_of
from cohong.statistics.units import documents, keeping, names
from cohong.statistics.units import refusals as no
from cohong.statistics.units.keeping import Opening, Places
from cohong.statistics.units.names import CERTAIN, DOUBTFUL, Marks, NameMarks
from cohong.statistics.units.shapes import Foreseen, FoundUnit, Matched, UnitDraft, UnitView
from cohong.statistics.units.words import (
    MATCHING,
    Change,
    How,
    MatchState,
    PlatformKind,
    SizeClass,
    Source,
    UnitKind,
)

_EXACT: Final = 1000
_MOST_ASKED: Final = 5
_SOURCE: Final = (
    *("id", "source", "key", "unit_id", "how", "score", "name", "kind", "platform", "credit_code"),
    *("industry_code", "region_code", "size_class", "on", "found_at"),
)
_FOUND = "as the source states it"


# --- candidates ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Index:
    """What of the register may be the same as what is looked for: by code, by core, by block within a region."""

    marks: dict[UUID, list[Marks]] = field(default_factory=lambda: defaultdict(list))
    codes: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    cores: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    blocks: dict[tuple[str, str], set[UUID]] = field(default_factory=lambda: defaultdict(set))

    def add(self, unit_id: UUID, marks: Marks) -> None:
        """Take note of one spell of a unit."""
        self.marks[unit_id].append(marks)
        if marks.credit_code:
            self.codes[marks.credit_code].add(unit_id)
        self.cores[marks.name.core].add(unit_id)
        self.blocks[marks.region_code, marks.name.block].add(unit_id)

    def scored(self, marks: Marks) -> list[tuple[int, UUID]]:
        """Score every unit that may be the same, the best first; those below `DOUBTFUL` are left out."""
        near = (
            self.codes.get(marks.credit_code, set())
            | self.cores.get(marks.name.core, set())
            | self.blocks.get((marks.region_code, marks.name.block), set())
        )
        found = [(max(names.score(marks, own) for own in self.marks[unit_id]), unit_id) for unit_id in near]
        # What has another code now is another one, whatever it was called.
        return sorted(((score, id_) for score, id_ in found if score >= DOUBTFUL), reverse=True)


def _index(wanted: Sequence[Marks]) -> _Index:
    """Read every spell, past ones too, of units that count and share a code, a core or a block with what is looked for."""
    index = _Index()
    rows = sets.fetch(
        "select u.id, s.name_key, s.name_core, s.name_block, s.kind, s.credit_code, s.region_code"
        " from statistics_unit_spell s join statistics_unit u on u.id = s.unit_id and u.duplicate_of_id is null"
        " where s.unit_id in (select unit_id from statistics_unit_spell where credit_code = any(%s)"
        " union select unit_id from statistics_unit_spell where name_core = any(%s)"
        " union select w.unit_id from statistics_unit_spell w join unnest(%s::text[], %s::text[]) as k(region, block)"
        " on w.region_code = k.region and w.name_block = k.block)",
        (
            [one.credit_code for one in wanted if one.credit_code],
            [one.name.core for one in wanted],
            [one.region_code for one in wanted],
            [one.name.block for one in wanted],
        ),
    )
    for unit_id, key, core, block, kind, code, region in rows:
        index.add(unit_id, Marks(NameMarks(key, core, block), UnitKind(kind), code or "", region))
    return index


def _marks(draft: UnitDraft, known: Places) -> Marks:
    return Marks(known.marks(draft.name), draft.kind, draft.credit_code, draft.region_code)


def _certain(scored: Sequence[tuple[int, UUID]]) -> tuple[int, UUID] | None:
    """Return the one unit that it certainly is: by its code, or as the only one that is certain by its name."""
    sure = [one for one in scored if one[0] >= CERTAIN]
    exact = [one for one in sure if one[0] == _EXACT]
    if len(exact) == 1:
        return exact[0]
    return sure[0] if len(sure) == 1 else None


def certain_match(draft: UnitDraft, known: Places) -> UnitView | None:
    """Return the unit that a draft certainly is, if there is one."""
    wanted = _marks(draft, known)
    found = _certain(_index([wanted]).scored(wanted))
    return keeping.units_by_id([found[1]])[found[1]] if found else None


# --- taking in -------------------------------------------------------------------------------------------


@sets.act
def take_in(
    *, actor: Actor, source: Source, found: Sequence[FoundUnit], reason: str = _FOUND
) -> list[Matched]:
    """Match what a source knows with the register: each becomes a unit's, a new unit, or a question for an officer.

    What the source told before under the same key keeps its unit, and what was decided is not asked again. The drafts are clean
    and there is one of each key.
    """
    if not found:
        return []
    known = keeping.places()
    keeping.lock_register()
    before = _known_sources(source, [one.key for one in found])
    fresh = [one for one in found if one.key not in before]
    outcomes = before | _match(actor, source, fresh, known, reason)
    return [outcomes[one.key] for one in found]


def _known_sources(source: Source, keys: Sequence[str]) -> dict[str, Matched]:
    rows = sets.fetch(
        "select key, id, unit_id, how, score from statistics_unit_source where source = %s and key = any(%s)",
        (source.value, list(keys)),
    )
    return {
        key: Matched(
            source_id=id_, unit_id=unit_id, how=How(how) if how else None, score=score, told_before=True
        )
        for key, id_, unit_id, how, score in rows
    }


def foresee(*, source: Source, found: Sequence[FoundUnit]) -> list[Foreseen]:
    """Tell what would become of what a source knows, were it taken in now; change nothing."""
    told = _known_sources(source, [one.key for one in found])
    sorted_ = _sort([one for one in found if one.key not in told], keeping.places())
    candidates: dict[UUID, list[UUID]] = defaultdict(list)
    for source_id, _, unit_id, _ in sorted_.asked:
        candidates[source_id].append(unit_id)
    results = told | sorted_.results
    for one in told.values():
        candidates[one.source_id] += [one.unit_id] if one.unit_id else []
    units = keeping.units_by_id({id_ for ids in candidates.values() for id_ in ids})
    return [
        Foreseen(
            draft=one.draft,
            how=results[one.key].how,
            known=tuple(units[id_] for id_ in candidates[results[one.key].source_id] if id_ in units),
            told_before=one.key in told,
        )
        for one in found
    ]


@dataclass(slots=True)
class _Sorted:
    """What is to become of what was found: by key, who is new, who is somebody's, who is asked about whom.

    The unit of one that is new is a placeholder, until it is entered.
    """

    results: dict[str, Matched] = field(default_factory=dict)
    openings: list[tuple[FoundUnit, UUID]] = field(default_factory=list)
    joined: list[tuple[FoundUnit, UUID]] = field(default_factory=list)
    asked: list[tuple[UUID, int, UUID, MatchState]] = field(default_factory=list)


def _sort(found: Sequence[FoundUnit], known: Places) -> _Sorted:
    wanted = {one.key: _marks(one.draft, known) for one in found}
    index = _index(list(wanted.values()))
    into = _Sorted()
    for one in found:
        scored = index.scored(wanted[one.key])
        source_id = new_id()
        if (sure := _certain(scored)) is not None:
            score, unit_id = sure
            how = How.CODE if score == _EXACT and one.draft.credit_code else How.NAME
            into.results[one.key] = Matched(source_id=source_id, unit_id=unit_id, how=how, score=score)
            into.joined.append((one, unit_id))
            into.asked.append((source_id, score, unit_id, MatchState.SAME))
        elif scored:
            into.results[one.key] = Matched(source_id=source_id, unit_id=None, how=None, score=scored[0][0])
            into.asked += [
                (source_id, score, unit_id, MatchState.OPEN) for score, unit_id in scored[:_MOST_ASKED]
            ]
        else:
            # The id that it gets here stands for the one that it is entered under, until all are entered.
            placeholder = new_id()
            index.add(placeholder, wanted[one.key])
            into.results[one.key] = Matched(source_id=source_id, unit_id=placeholder, how=How.NEW, score=0)
            into.openings.append((one, placeholder))
    return into


def _match(
    actor: Actor, source: Source, found: Sequence[FoundUnit], known: Places, reason: str
) -> dict[str, Matched]:
    into = _sort(found, known)
    ids = keeping.enter(
        actor,
        [Opening(one.draft, one.on, reason, party_id=one.party_id) for one, _ in into.openings],
        known,
        stated=not actor.is_system,
    )
    real = {placeholder: id_ for (_, placeholder), id_ in zip(into.openings, ids, strict=True)}
    results = {
        key: Matched(
            source_id=one.source_id,
            unit_id=real.get(one.unit_id, one.unit_id) if one.unit_id else None,
            how=one.how,
            score=one.score,
        )
        for key, one in into.results.items()
    }
    _write_sources(source, found, results)
    _ask(
        [
            (source_id, score, real.get(unit_id, unit_id), state)
            for source_id, score, unit_id, state in into.asked
        ]
    )
    for one, unit_id in into.joined:
        _add_to(actor, real.get(unit_id, unit_id), one, results[one.key].source_id, known)
    return results


def _write_sources(source: Source, found: Iterable[FoundUnit], results: dict[str, Matched]) -> None:
    now = clock.now()
    rows: list[tuple[Any, ...]] = []
    for one in found:
        matched, draft = results[one.key], one.draft
        rows.append(
            (
                *(
                    matched.source_id,
                    source.value,
                    one.key,
                    matched.unit_id,
                    matched.how or "",
                    matched.score,
                ),
                *(draft.name, draft.kind.value, draft.platform or "", draft.credit_code),
                *(draft.industry_code, draft.region_code, draft.size_class or "", one.on, now),
            )
        )
    sets.insert("statistics_unit_source", _SOURCE, rows)


def _ask(questions: Iterable[tuple[UUID, int, UUID, MatchState]]) -> None:
    """Write questions down; one that was certain is answered already, by the platform, and can be turned round like others."""
    now = clock.now()
    sets.insert(
        "statistics_unit_match",
        ("id", "found_id", "unit_id", "score", "state", "reason", "decided_by_party", "decided_at"),
        [
            (
                *(new_id(), source_id, unit_id, score, state.value, ""),
                *((None, None) if state == MatchState.OPEN else (PLATFORM_ID, now)),
            )
            for source_id, score, unit_id, state in questions
        ],
    )


def _add_to(actor: Actor, unit_id: UUID, found: FoundUnit, source_id: UUID, known: Places) -> None:
    """Let a unit have what a source knows besides: its party, and what of it was not known."""
    if found.party_id is not None:
        sets.run(
            "update statistics_unit set party_id = %s where id = %s and party_id is null"
            " and not exists (select 1 from statistics_unit where party_id = %s)",
            (found.party_id, unit_id, found.party_id),
        )
    unit = keeping.units_by_id([unit_id])[unit_id]
    keeping.complete(actor, unit, found.draft, _FOUND, known, source_id=source_id)


# --- deciding --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Question:
    id: UUID
    source_id: UUID
    unit_id: UUID
    state: MatchState
    source: Source
    key: str
    own_unit_id: UUID | None
    draft: UnitDraft
    on: Any


@sets.act
def decide_match(*, actor: Actor, match_id: UUID, same: bool, reason: str) -> UUID:
    """Answer whether what a source knows is this unit, or answer otherwise than before; return the unit that it belongs to now.

    *Same*: it is the unit's; had it a unit of its own meanwhile, that one is joined to this. *Different*: when no other
    question about it is open, it is a unit of its own. Either can be turned round. Raises NoSuchMatch, NotYourRegion, WrongState.
    """
    remit = remit_of(actor, scope=WRITE)
    said, known = keeping.clean_reason(reason), keeping.places()
    keeping.lock_register()
    question = _question(match_id)
    unit = keeping.locked_unit(question.unit_id)
    remit.check(unit.region_code)
    state = MATCHING.next(question.state, "same" if same else "different")
    if same:
        now_unit: UUID | None = _say_same(actor, question, unit, said, known)
    else:
        now_unit = _say_different(actor, question, said, known)
    body = documents.UnitMatchDecided(
        match_id=question.id,
        source=question.source.value,
        name=question.draft.name,
        decision=state.value,
        reason=said,
        now_unit=now_unit or unit.id,
    )
    [receipt] = append([Entry(subject=unit.id, issuer=actor.party_id, body=body)])
    sets.run(
        "update statistics_unit_match set state = %s, reason = %s, decided_by_party = %s, decided_by_user = %s,"
        " decided_at = %s, document = %s where id = %s",
        (state.value, said, actor.party_id, actor.user_id, clock.now(), receipt.id, question.id),
    )
    return now_unit or unit.id


def _question(match_id: UUID) -> _Question:
    rows = sets.fetch(
        "select m.id, f.id, m.unit_id, m.state, f.source, f.key, f.unit_id, f.how, f.name, f.kind, f.platform,"
        " f.credit_code, f.industry_code, f.region_code, f.size_class, f.on from statistics_unit_match m"
        " join statistics_unit_source f on f.id = m.found_id where m.id = %s for update of m, f",
        (match_id,),
    )
    if not rows:
        raise no.NoSuchMatch
    [row] = rows
    draft = UnitDraft(
        name=row[8],
        kind=UnitKind(row[9]),
        platform=PlatformKind(row[10]) if row[10] else None,
        credit_code=row[11],
        industry_code=row[12],
        region_code=row[13],
        size_class=SizeClass(row[14]) if row[14] else None,
    )
    return _Question(
        id=row[0],
        source_id=row[1],
        unit_id=row[2],
        state=MatchState(row[3]),
        source=Source(row[4]),
        key=row[5],
        own_unit_id=row[6],
        draft=draft,
        on=row[15],
    )


def _party_of(question: _Question) -> UUID | None:
    return UUID(question.key) if question.source == Source.PARTY else None


def _say_same(actor: Actor, question: _Question, unit: UnitView, reason: str, known: Places) -> UUID:
    if question.own_unit_id is None:
        sets.run(
            "update statistics_unit_source set unit_id = %s, how = 'officer' where id = %s",
            (unit.id, question.source_id),
        )
        found = FoundUnit(
            key=question.key, draft=question.draft, on=question.on, party_id=_party_of(question)
        )
        _add_to(actor, unit.id, found, question.source_id, known)
    elif question.own_unit_id != unit.id:
        own = keeping.units_by_id([question.own_unit_id])[question.own_unit_id]
        join(actor, own, unit, reason)
    sets.run(
        "update statistics_unit_match set state = 'moot' where found_id = %s and id <> %s and state = 'open'",
        (question.source_id, question.id),
    )
    return unit.id


def _say_different(actor: Actor, question: _Question, reason: str, known: Places) -> UUID | None:
    own_id = question.own_unit_id
    if own_id is not None and own_id != question.unit_id:
        own = keeping.units_by_id([own_id])[own_id]
        if own.duplicate_of == question.unit_id:
            part(actor, own, reason)
        return own_id
    if own_id is None and sets.fetch(
        "select 1 from statistics_unit_match where found_id = %s and id <> %s and state = 'open' limit 1",
        (question.source_id, question.id),
    ):
        return None
    party_id = _party_of(question)
    if own_id is not None:
        sets.run(
            "update statistics_unit set party_id = null where id = %s and party_id = %s", (own_id, party_id)
        )
        keeping.uncomplete(
            actor, keeping.units_by_id([own_id])[own_id], reason, source_id=question.source_id, known=known
        )
    keeping.check_code_free(question.draft.credit_code, question.draft.kind)
    opening = Opening(question.draft, question.on, reason, party_id=party_id)
    [new] = keeping.enter(actor, [opening], known, stated=True)
    sets.run(
        "update statistics_unit_source set unit_id = %s, how = 'new' where id = %s", (new, question.source_id)
    )
    return new


def join(actor: Actor, unit: UnitView, other: UnitView, reason: str) -> None:
    """Let a unit count as another, under the register's lock. Raises SameUnit, UnitJoined."""
    if unit.id == other.id:
        raise no.SameUnit
    if unit.duplicate_of is not None or other.duplicate_of is not None:
        raise no.UnitJoined
    sets.run(
        "update statistics_unit set duplicate_of_id = %s where id = %s or duplicate_of_id = %s",
        (other.id, unit.id, unit.id),
    )
    keeping.note(actor, unit, Change.JOINED, clock.now().date(), reason, other=other.id)


def part(actor: Actor, unit: UnitView, reason: str) -> None:
    """Let a joined unit be one of its own again, under the register's lock. Raises UnitNotJoined."""
    if unit.duplicate_of is None:
        raise no.UnitNotJoined
    sets.run("update statistics_unit set duplicate_of_id = null where id = %s", (unit.id,))
    keeping.note(actor, unit, Change.PARTED, clock.now().date(), reason, other=unit.duplicate_of)


# --- what parties say of themselves ----------------------------------------------------------------------


def restate(found: FoundUnit) -> None:
    """Take a party's new details: they change its unit where the unit is what the party said before."""
    rows = sets.fetch(
        "select id, unit_id, name, region_code, industry_code, credit_code from statistics_unit_source"
        " where source = 'party' and key = %s for update",
        (found.key,),
    )
    if not rows:
        return
    [(source_id, unit_id, *said)] = rows
    fields = ("name", "region_code", "industry_code", "credit_code")
    now = {name: getattr(found.draft, name) for name in fields}
    before = dict(zip(fields, said, strict=True))
    if now == before:
        return
    sets.run(
        "update statistics_unit_source set name = %s, region_code = %s, industry_code = %s, credit_code = %s where id = %s",
        (*now.values(), source_id),
    )
    if unit_id is not None:
        _restate_unit(keeping.units_by_id([unit_id])[unit_id], before, now, found)


def _restate_unit(unit: UnitView, before: dict[str, str], now: dict[str, str], found: FoundUnit) -> None:
    own = unit.to_draft()
    changed: dict[str, Any] = {
        name: value
        for name, value in now.items()
        if value and value != before[name] and getattr(own, name) in {before[name], ""}
    }
    on = min(max(found.on, unit.since), clock.now().date())
    if not unit.is_open:
        return
    with suppress(no.NothingChanges, no.UnitCodeTaken, no.DayTooEarly):
        keeping.change_to(
            SYSTEM,
            unit,
            replace(own, **changed),
            on=on,
            reason=_FOUND,
            known=keeping.places(),
            stated=False,
        )
