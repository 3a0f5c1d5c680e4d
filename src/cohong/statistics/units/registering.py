"""What officers enter: units come, change, merge, split, close; two that turned out to be one are joined, and parted again."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from cohong.kernel import sets
from cohong.parties.api import Actor
from cohong.statistics.access import WRITE, Remit, remit_of
from cohong.statistics.units import keeping, matching
from cohong.statistics.units import refusals as no
from cohong.statistics.units.keeping import Opening
from cohong.statistics.units.shapes import UnitDraft, UnitView
from cohong.statistics.units.words import Change


@sets.act
def open_unit(*, actor: Actor, draft: UnitDraft, on: date, reason: str) -> UUID:
    """Enter a unit that an officer knows of, there since `on`; return its id.

    For the statistics authority of its region. Raises UnitKnown if the register certainly has it already, DayInFuture,
    RegionMissing, NotYourRegion, and what a draft is refused for (CreditCodeInvalid, RegionUnknown, IndustryUnknown,
    PlatformKindMissing, BadText).
    """
    remit = remit_of(actor, scope=WRITE)
    said, known = keeping.clean_reason(reason), keeping.places()
    cleaned = keeping.clean(draft, known)
    _check_region(remit, cleaned)
    keeping.check_day(on)
    keeping.lock_register()
    if (twin := matching.certain_match(cleaned, known)) is not None:
        raise no.UnitKnown(name=twin.name, unit_code=twin.code)
    [unit_id] = keeping.enter(actor, [Opening(cleaned, on, said)], known, stated=True)
    return unit_id


@sets.act
def change_unit(*, actor: Actor, unit_id: UUID, draft: UnitDraft, on: date, reason: str) -> None:
    """Let a unit be as drafted from a day on; its earlier spells stay.

    Moving one away takes the authority of the region that it leaves. Raises NoSuchUnit, NotYourRegion, RegionMissing, UnitClosed,
    UnitJoined, NothingChanges, DayTooEarly, DayInFuture, UnitCodeTaken, and what a draft is refused for.
    """
    remit = remit_of(actor, scope=WRITE)
    said, known = keeping.clean_reason(reason), keeping.places()
    cleaned = keeping.clean(draft, known)
    keeping.lock_register()
    unit = _open_unit(unit_id, remit)
    if unit.region_code and not cleaned.region_code:
        raise no.RegionMissing
    keeping.change_to(actor, unit, cleaned, on=on, reason=said, known=known)


@sets.act
def close_unit(*, actor: Actor, unit_id: UUID, on: date, reason: str) -> None:
    """Close a unit: it is no more from `on`.

    Raises NoSuchUnit, NotYourRegion, UnitClosed, UnitJoined, DayTooEarly, DayInFuture.
    """
    remit = remit_of(actor, scope=WRITE)
    said = keeping.clean_reason(reason)
    keeping.lock_register()
    unit = _open_unit(unit_id, remit)
    _end(unit, on)
    keeping.note(actor, unit, Change.CLOSED, on, said)


@sets.act
def reopen_unit(*, actor: Actor, unit_id: UUID, on: date, reason: str) -> None:
    """Let a closed unit be there again from `on`, as it was.

    Raises NoSuchUnit, NotYourRegion, UnitOpen, DayTooEarly, UnitCodeTaken.
    """
    remit = remit_of(actor, scope=WRITE)
    said, known = keeping.clean_reason(reason), keeping.places()
    keeping.lock_register()
    unit = _unit(unit_id, remit)
    if unit.is_open or unit.until is None:
        raise no.UnitOpen
    keeping.check_day(on)
    if on < unit.until:
        raise no.DayTooEarly(since=unit.until)
    keeping.check_code_free(unit.credit_code, unit.kind, but_for=unit.id)
    keeping.begin_spell(unit, on, unit.to_draft(), known)
    keeping.note(actor, unit, Change.REOPENED, on, said)


@sets.act
def merge_units(*, actor: Actor, unit_id: UUID, into: UUID, on: date, reason: str) -> None:
    """Let a unit be merged into another on a day, in the world: it closes, and both files say so.

    Raises SameUnit, NoSuchUnit, NotYourRegion, UnitClosed, UnitJoined, DayTooEarly, DayInFuture.
    """
    remit = remit_of(actor, scope=WRITE)
    said = keeping.clean_reason(reason)
    if unit_id == into:
        raise no.SameUnit
    keeping.lock_register()
    unit, other = _open_unit(unit_id, remit), _open_unit(into, remit)
    _end(unit, on)
    keeping.note(actor, unit, Change.MERGED, on, said, other=other.id)
    keeping.note(actor, other, Change.TOOK_IN, on, said, other=unit.id)


@sets.act
def split_unit(
    *,
    actor: Actor,
    unit_id: UUID,
    parts: Sequence[UnitDraft],
    on: date,
    reason: str,
    closes: bool = False,
) -> list[UUID]:
    """Let parts of a unit be units of their own from a day on; return their ids. With `closes` nothing is left of the old one.

    Raises PartsMissing, NoSuchUnit, NotYourRegion, RegionMissing, UnitClosed, UnitJoined, UnitKnown, DayTooEarly,
    DayInFuture, and what drafts are refused for.
    """
    remit = remit_of(actor, scope=WRITE)
    said, known = keeping.clean_reason(reason), keeping.places()
    if not parts:
        raise no.PartsMissing
    cleaned = [keeping.clean(part, known) for part in parts]
    for part in cleaned:
        _check_region(remit, part)
    keeping.lock_register()
    unit = _open_unit(unit_id, remit)
    if closes:
        _end(unit, on)
    else:
        keeping.check_since(unit, on)
    for part in cleaned:
        twin = matching.certain_match(part, known)
        if twin is not None and not (closes and twin.id == unit.id):
            raise no.UnitKnown(name=twin.name, unit_code=twin.code)
    ids = keeping.enter(
        actor, [Opening(part, on, said, split_from=unit.id) for part in cleaned], known, stated=True
    )
    keeping.note(actor, unit, Change.SPLIT, on, said, other=ids[0])
    return ids


@sets.act
def join_units(*, actor: Actor, unit_id: UUID, same_as: UUID, reason: str) -> None:
    """Say that a unit was another one all along: it counts as that, and can be parted again; nothing of it is lost.

    Raises SameUnit, NoSuchUnit, NotYourRegion, UnitJoined.
    """
    remit = remit_of(actor, scope=WRITE)
    said = keeping.clean_reason(reason)
    if unit_id == same_as:
        raise no.SameUnit
    keeping.lock_register()
    unit, other = _unit(unit_id, remit), _unit(same_as, remit)
    matching.join(actor, unit, other, said)


@sets.act
def part_units(*, actor: Actor, unit_id: UUID, reason: str) -> None:
    """Say that a joined unit is one of its own after all. Raises NoSuchUnit, NotYourRegion, UnitNotJoined."""
    remit = remit_of(actor, scope=WRITE)
    said = keeping.clean_reason(reason)
    keeping.lock_register()
    unit = keeping.locked_unit(unit_id)
    remit.check(unit.region_code)
    matching.part(actor, unit, said)


def _check_region(remit: Remit, draft: UnitDraft) -> None:
    if not draft.region_code and not remit.covers(""):
        raise no.RegionMissing
    remit.check(draft.region_code)


def _unit(unit_id: UUID, remit: Remit) -> UnitView:
    unit = keeping.locked_unit(unit_id)
    remit.check(unit.region_code)
    if unit.duplicate_of is not None:
        raise no.UnitJoined
    return unit


def _open_unit(unit_id: UUID, remit: Remit) -> UnitView:
    unit = _unit(unit_id, remit)
    if not unit.is_open:
        raise no.UnitClosed(since=unit.until)
    return unit


def _end(unit: UnitView, on: date) -> None:
    keeping.check_day(on)
    if on <= unit.since:
        raise no.DayTooEarly(since=date.fromordinal(unit.since.toordinal() + 1))
    keeping.end_spell(unit, on)
