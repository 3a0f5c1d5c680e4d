"""What the register's acts share: drafts are checked, rows written, the register kept to one writer at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec

from cohong.kernel import clock, numbers, sets
from cohong.kernel.ids import new_id
from cohong.kernel.journal import Entry, append
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.statistics.units import documents, names
from cohong.statistics.units import refusals as no
from cohong.statistics.units.names import NameMarks
from cohong.statistics.units.shapes import UnitDraft, UnitView
from cohong.statistics.units.words import Change, PlatformKind, SizeClass, UnitKind

REASON_MOST: Final = 500
_SPELL: Final = (
    *("id", "unit_id", "since", "name", "name_key", "name_core", "name_block", "kind", "platform"),
    *("credit_code", "industry_code", "region_code", "size_class"),
)
_EVENT: Final = (
    *("id", "unit_id", "change", "on", "reason", "before", "after", "other"),
    *("by_party", "by_user", "at", "document"),
)


@dataclass(frozen=True, slots=True)
class Places:
    """The reference data that a draft may name, and how a name may begin with it."""

    regions: frozenset[str]
    industries: frozenset[str]
    beginnings: tuple[str, ...]

    def marks(self, name: str) -> NameMarks:
        """Bring a name into the forms in which it is compared."""
        return names.marks_of(name, places=self.beginnings)


def places() -> Places:
    """Read regions and industries."""
    regions = parties.regions()
    return Places(
        frozenset(one.code for one in regions),
        frozenset(one.code for one in parties.industries()),
        names.place_names([one.names.zh_hans for one in regions]),
    )


def lock_register() -> None:
    """Let one act at a time change the register: who is looked for in it must not be entered meanwhile."""
    sets.fetch("select pg_advisory_xact_lock(hashtextextended('statistics.units', 0))")


def clean(draft: UnitDraft, known: Places) -> UnitDraft:
    """Bring a draft into its one form.

    Raises BadText, PersonalDataInText, CreditCodeInvalid, RegionUnknown, IndustryUnknown, PlatformKindMissing.
    """
    kind = UnitKind(draft.kind)
    if (kind == UnitKind.PLATFORM) != (draft.platform is not None):
        raise no.PlatformKindMissing
    if draft.region_code and draft.region_code not in known.regions:
        raise parties.RegionUnknown(code=draft.region_code[:40])
    if draft.industry_code and draft.industry_code not in known.industries:
        raise parties.IndustryUnknown(code=draft.industry_code[:40])
    return replace(
        draft,
        kind=kind,
        name=parties.public_text(draft.name, name="name"),
        credit_code=parties.clean_credit_code(draft.credit_code) if draft.credit_code else "",
    )


def clean_reason(reason: str) -> str:
    """Check why something is done. Raises BadText, PersonalDataInText."""
    return parties.public_text(reason, name="reason", most=REASON_MOST, least=2)


def check_day(on: date) -> None:
    """Raise DayInFuture for a day that has not come; the day is that of UTC."""
    if on > clock.now().date():
        raise no.DayInFuture


# --- writing ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opening:
    """A unit about to be entered."""

    draft: UnitDraft
    on: date
    reason: str
    party_id: UUID | None = None
    split_from: UUID | None = None


def enter(actor: Actor, openings: Sequence[Opening], known: Places, *, stated: bool) -> list[UUID]:
    """Write new units with their first spells and events; with a document for each if `stated`."""
    if not openings:
        return []
    now = clock.now()
    ids = [new_id() for _ in openings]
    codes = numbers.draw(len(openings))
    sets.insert(
        "statistics_unit",
        ("id", "code", "party_id", "entered_at"),
        [
            (unit_id, code, opening.party_id, now)
            for unit_id, code, opening in zip(ids, codes, openings, strict=True)
        ],
    )
    sets.insert(
        "statistics_unit_spell",
        _SPELL,
        [
            spell_row(unit_id, opening.on, opening.draft, known.marks(opening.draft.name))
            for unit_id, opening in zip(ids, openings, strict=True)
        ],
    )
    entries = [
        Entry(
            subject=unit_id,
            issuer=actor.party_id,
            visible_to=_seen_by(opening.party_id),
            body=documents.UnitOpened(
                code=code,
                unit_kind=opening.draft.kind.value,
                name=opening.draft.name,
                credit_code=opening.draft.credit_code,
                region_code=opening.draft.region_code,
                industry_code=opening.draft.industry_code,
                size_class=opening.draft.size_class or "",
                on=opening.on,
                reason=opening.reason,
                split_from=opening.split_from,
            ),
        )
        for unit_id, code, opening in zip(ids, codes, openings, strict=True)
    ]
    papers: list[UUID | None] = [one.id for one in append(entries)] if stated else [None] * len(ids)
    sets.insert(
        "statistics_unit_event",
        _EVENT,
        [
            _event_row(
                actor,
                unit_id,
                Change.SPLIT_OFF if opening.split_from else Change.OPENED,
                opening.on,
                opening.reason,
                after=plain(opening.draft),
                other=opening.split_from,
                paper=paper,
            )
            for unit_id, opening, paper in zip(ids, openings, papers, strict=True)
        ],
    )
    return ids


def change_to(
    actor: Actor,
    unit: UnitView,
    draft: UnitDraft,
    *,
    on: date,
    reason: str,
    known: Places,
    stated: bool = True,
) -> None:
    """Begin a new spell, under the register's lock. Raises NothingChanges, DayTooEarly, DayInFuture, UnitCodeTaken."""
    before, after = difference(unit.to_draft(), draft)
    if not after:
        raise no.NothingChanges
    check_since(unit, on)
    check_code_free(draft.credit_code, draft.kind, but_for=unit.id)
    begin_spell(unit, on, draft, known)
    named = Change.RENAMED if "name" in after else Change.RECLASSIFIED
    change = Change.MOVED if "region_code" in after else named
    note(actor, unit, change, on, reason, before=before, after=after, stated=stated)


def check_since(unit: UnitView, on: date) -> None:
    """Raise DayInFuture or DayTooEarly unless something new can be known of a unit from this day on."""
    check_day(on)
    if on < unit.since:
        raise no.DayTooEarly(since=unit.since)


def spell_row(unit_id: UUID, since: date, draft: UnitDraft, marks: NameMarks) -> tuple[Any, ...]:
    """Give a new current spell as a row."""
    return (
        *(new_id(), unit_id, since, draft.name, marks.key, marks.core, marks.block, draft.kind.value),
        *(draft.platform or "", draft.credit_code or None, draft.industry_code, draft.region_code),
        draft.size_class or "",
    )


def begin_spell(unit: UnitView, on: date, draft: UnitDraft, known: Places) -> None:
    """Let a unit be as drafted from a day on. On the very day on which its spell began, that spell is rewritten."""
    marks = known.marks(draft.name)
    if unit.is_open and on == unit.since:
        rewrite_spell(unit, draft, marks)
        return
    if unit.is_open:
        end_spell(unit, on)
    sets.insert("statistics_unit_spell", _SPELL, [spell_row(unit.id, on, draft, marks)])


def rewrite_spell(unit: UnitView, draft: UnitDraft, marks: NameMarks) -> None:
    """Let a unit have been as drafted since its current spell began: what was not known, or is entered on the same day."""
    row = spell_row(unit.id, unit.since, draft, marks)
    sets.run(
        f"update statistics_unit_spell set {', '.join(f'{name} = %s' for name in _SPELL[3:])}"
        " where unit_id = %s and until is null",
        (*row[3:], unit.id),
    )


def end_spell(unit: UnitView, on: date) -> None:
    """End a unit's current spell."""
    sets.run(
        "update statistics_unit_spell set until = %s where unit_id = %s and until is null", (on, unit.id)
    )


def note(
    actor: Actor,
    unit: UnitView,
    change: Change,
    on: date,
    reason: str,
    *,
    before: Mapping[str, str] | None = None,
    after: Mapping[str, str] | None = None,
    other: UUID | None = None,
    stated: bool = True,
) -> None:
    """Write down what happened to a unit, and state it in a document (not where the journal itself was the ground)."""
    paper: UUID | None = None
    if stated:
        body = documents.UnitChanged(
            change=change.value,
            on=on,
            reason=reason,
            before=dict(before or {}),
            after=dict(after or {}),
            other=other,
        )
        [receipt] = append(
            [Entry(subject=unit.id, issuer=actor.party_id, visible_to=_seen_by(unit.party_id), body=body)]
        )
        paper = receipt.id
    row = _event_row(actor, unit.id, change, on, reason, before=before, after=after, other=other, paper=paper)
    sets.insert("statistics_unit_event", _EVENT, [row])


def _event_row(
    actor: Actor,
    unit_id: UUID,
    change: Change,
    on: date,
    reason: str,
    *,
    before: Mapping[str, str] | None = None,
    after: Mapping[str, str] | None = None,
    other: UUID | None = None,
    paper: UUID | None = None,
) -> tuple[Any, ...]:
    return (
        *(new_id(), unit_id, change.value, on, reason, _json(before), _json(after), other),
        *(actor.party_id, actor.user_id, clock.now(), paper),
    )


def _json(values: Mapping[str, str] | None) -> str:
    return msgspec.json.encode(dict(values or {})).decode()


def _seen_by(party_id: UUID | None) -> tuple[UUID, ...]:
    return (party_id,) if party_id is not None else ()


def plain(draft: UnitDraft) -> dict[str, str]:
    """Give what is known of a draft as texts."""
    return {
        one.name: str(value)
        for one in fields(UnitDraft)
        if (value := getattr(draft, one.name)) not in {None, ""}
    }


def difference(before: UnitDraft, after: UnitDraft) -> tuple[dict[str, str], dict[str, str]]:
    """Give what is different between two drafts, before and after."""
    changed = [one.name for one in fields(UnitDraft) if getattr(before, one.name) != getattr(after, one.name)]
    return (
        {name: str(getattr(before, name) or "") for name in changed},
        {name: str(getattr(after, name) or "") for name in changed},
    )


# --- reading ---------------------------------------------------------------------------------------------

_UNIT: Final = (
    "u.id, u.code, u.party_id, u.duplicate_of_id, s.name, s.kind, s.platform, s.credit_code, s.industry_code,"
    " s.region_code, s.size_class, s.since, s.until"
)


def read_unit(row: Sequence[Any], *, on: date | None = None) -> UnitView:
    """Read a row of `units_sql`."""
    until = row[12]
    return UnitView(
        id=row[0],
        code=row[1],
        party_id=row[2],
        duplicate_of=row[3],
        name=row[4],
        kind=UnitKind(row[5]),
        platform=PlatformKind(row[6]) if row[6] else None,
        credit_code=row[7] or "",
        industry_code=row[8],
        region_code=row[9],
        size_class=SizeClass(row[10]) if row[10] else None,
        since=row[11],
        until=until,
        is_open=until is None or (on is not None and on < until),
    )


def units_by_id(ids: Iterable[UUID], *, on: date | None = None) -> dict[UUID, UnitView]:
    """Read units as of a day (None: as they are), by id; one that had not begun by then is not among them."""
    rows = sets.fetch(
        f"select distinct on (u.id) {_UNIT} from statistics_unit u join statistics_unit_spell s on s.unit_id = u.id"
        " where u.id = any(%s) and (%s::date is null or s.since <= %s) order by u.id, s.since desc",
        (list(ids), on, on),
    )
    return {row[0]: read_unit(row, on=on) for row in rows}


def units_sql() -> str:
    """Return the columns that `read_unit` reads."""
    return _UNIT


def locked_unit(unit_id: UUID) -> UnitView:
    """Take a unit's row and return it as it is. Raises NoSuchUnit."""
    if not sets.fetch("select 1 from statistics_unit where id = %s for update", (unit_id,)):
        raise no.NoSuchUnit
    return units_by_id([unit_id])[unit_id]


def check_code_free(credit_code: str, kind: UnitKind, *, but_for: UUID | None = None) -> None:
    """Raise UnitCodeTaken if another open unit has this credit code and is no platform."""
    if not credit_code or kind == UnitKind.PLATFORM:
        return
    taken = sets.fetch(
        "select u.code, s.name from statistics_unit_spell s join statistics_unit u on u.id = s.unit_id"
        " where s.credit_code = %s and s.until is null and s.kind <> 'platform'"
        " and (%s::uuid is null or u.id <> %s) limit 1",
        (credit_code, but_for, but_for),
    )
    if taken:
        [(code, name)] = taken
        raise no.UnitCodeTaken(name=name, unit_code=code)


def complete(
    actor: Actor, unit: UnitView, draft: UnitDraft, reason: str, known: Places, *, source_id: UUID
) -> None:
    """Fill in what was not known of an open unit from what another source knows; what is known stays. Under the lock."""
    own = unit.to_draft()
    filled = replace(
        own,
        credit_code=own.credit_code or draft.credit_code,
        industry_code=own.industry_code or draft.industry_code,
        region_code=own.region_code or draft.region_code,
        size_class=own.size_class or draft.size_class,
        kind=draft.kind if own.kind == UnitKind.ENTERPRISE else own.kind,
    )
    _rewrite(actor, unit, filled, reason, known=known, source_id=source_id)


def uncomplete(actor: Actor, unit: UnitView, reason: str, *, source_id: UUID, known: Places) -> None:
    """Take out again what of a unit came from a source that turned out to be another one, where it still is that."""
    rows = sets.fetch(
        "select before, after from statistics_unit_event where unit_id = %s and change = 'completed' and other = %s order by id",
        (unit.id, source_id),
    )
    own = unit.to_draft()
    back: dict[str, Any] = {}
    for was, became in rows:
        # JSON comes as it is written.
        before, after = msgspec.json.decode(was), msgspec.json.decode(became)
        back |= {
            name: before[name] for name, value in after.items() if str(getattr(own, name) or "") == value
        }
    for name, read in (("kind", UnitKind), ("size_class", SizeClass)):
        if name in back:
            back[name] = read(back[name]) if back[name] else None
    _rewrite(actor, unit, replace(own, **back), reason, known=known, source_id=source_id)


def _rewrite(
    actor: Actor, unit: UnitView, draft: UnitDraft, reason: str, *, known: Places, source_id: UUID
) -> None:
    before, after = difference(unit.to_draft(), draft)
    if not after or not unit.is_open:
        return
    rewrite_spell(unit, draft, known.marks(draft.name))
    note(
        actor,
        unit,
        Change.COMPLETED,
        clock.now().date(),
        reason,
        before=before,
        after=after,
        other=source_id,
        stated=not actor.is_system,
    )
