"""What the register takes and gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cohong.statistics.units.words import Change, How, MatchState, PlatformKind, SizeClass, Source, UnitKind


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitDraft:
    """A unit as somebody states it. What is not known is empty; `platform` is for platforms alone."""

    name: str
    kind: UnitKind = UnitKind.ENTERPRISE
    platform: PlatformKind | None = None
    credit_code: str = ""
    industry_code: str = ""
    region_code: str = ""
    size_class: SizeClass | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundUnit:
    """A unit as a source knows it, under the source's own key; `on` is the day from which it is known to have been there."""

    key: str
    draft: UnitDraft
    on: date
    party_id: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Matched:
    """What became of something that a source knows. No `unit_id`: an officer has to say. `told_before`: nothing was new."""

    source_id: UUID
    unit_id: UUID | None
    how: How | None
    score: int
    told_before: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Foreseen:
    """What would become of something that a source knows, were it taken in now: what `Matched` tells afterwards, without a trace.

    `known` is what it certainly is, or what an officer would be asked about; nothing where a unit would be opened, or where
    it is like a new one of the same list. `told_before`: the source brought it once already, and nothing happens.
    """

    draft: UnitDraft
    how: How | None
    known: tuple["UnitView", ...]
    told_before: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitView:
    """A unit as of a day: its spell of that day, or its last one before it closed (`is_open` False)."""

    id: UUID
    code: str
    party_id: UUID | None
    duplicate_of: UUID | None
    name: str
    kind: UnitKind
    platform: PlatformKind | None
    credit_code: str
    industry_code: str
    region_code: str
    size_class: SizeClass | None
    since: date
    until: date | None
    is_open: bool

    def to_draft(self) -> UnitDraft:
        """Give what it is, without who and since when."""
        return UnitDraft(
            name=self.name,
            kind=self.kind,
            platform=self.platform,
            credit_code=self.credit_code,
            industry_code=self.industry_code,
            region_code=self.region_code,
            size_class=self.size_class,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class EventView:
    """Something that happened to a unit."""

    id: UUID
    change: Change
    on: date
    reason: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    other: UUID | None
    by_party: UUID
    by_user: UUID | None
    at: datetime
    document: UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceView:
    """Where a unit was found, and as what."""

    id: UUID
    source: Source
    key: str
    unit_id: UUID | None
    how: How | None
    score: int
    draft: UnitDraft
    found_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MatchView:
    """A question of the queue, and what was answered."""

    id: UUID
    found: SourceView
    unit: UnitView
    score: int
    state: MatchState
    reason: str
    decided_at: datetime | None
    decided_by: UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RowFlaw:
    """What is wrong in a row of a list: the row as a spreadsheet program counts it, its column, the code, and the words."""

    row: int
    column: str
    code: str
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ListReport:
    """What became of a list, or would become of it. With any flaw nothing of it is taken in.

    `told_before`: rows that an earlier list of this name had already. `foreseen` is by row, and there only before it is taken.
    """

    rows: int
    opened: int = 0
    matched: int = 0
    doubtful: int = 0
    told_before: int = 0
    flaws: list[RowFlaw] = field(default_factory=list)
    foreseen: list[tuple[int, Foreseen]] = field(default_factory=list)
