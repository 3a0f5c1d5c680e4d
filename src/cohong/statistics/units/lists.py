"""Administrative lists of units, as CSV (UTF-8, UTF-16, GB18030) or XLSX: all of a list is taken in, or nothing of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from cohong.catalog import api as catalog
from cohong.kernel import sets
from cohong.kernel.errors import Refusal
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.statistics import lists
from cohong.statistics.access import WRITE, Remit, remit_of
from cohong.statistics.units import keeping, matching
from cohong.statistics.units import refusals as no
from cohong.statistics.units.shapes import Foreseen, FoundUnit, ListReport, Matched, RowFlaw, UnitDraft
from cohong.statistics.units.words import How, PlatformKind, SizeClass, Source, UnitKind

COLUMNS: Final[dict[str, str | Promise]] = {
    "name": pgettext_lazy("list column", "Name of the unit"),
    "kind": pgettext_lazy("list column", "Kind of unit"),
    "platform": pgettext_lazy("list column", "Own or third-party platform"),
    "credit_code": pgettext_lazy("list column", "Unified social credit code"),
    "industry": pgettext_lazy("list column", "Industry"),
    "region": pgettext_lazy("list column", "Region"),
    "size": pgettext_lazy("list column", "Size class"),
}
"""A list's columns; their headings are taken in any of the three languages, or as these codes."""
NEEDED: Final = ("name", "region")
"""Without these columns a list is refused."""
_KEY_MOST: Final = 240


@sets.act
def import_units(
    *, actor: Actor, content: bytes, filename: str, list_name: str, on: date, reason: str
) -> ListReport:
    """Take a list in, as of a day; every row becomes a unit's, a new unit, or a question. With any flaw nothing is taken in.

    A list of the same name that is uploaded again only brings what is new in it. For the statistics authority; each row's region
    must be one of its own. Raises BadText, DayInFuture, ListEmpty, ColumnMissing, ColumnTwice, and what a file is refused for.
    """
    said = keeping.clean_reason(reason)
    reader = _read(actor, content, filename, list_name, on)
    if reader.flaws:
        return ListReport(rows=reader.rows, flaws=reader.flaws)
    return _report(matching.take_in(actor=actor, source=Source.LIST, found=reader.found, reason=said))


def foresee_units(
    *, actor: Actor, content: bytes, filename: str, list_name: str, on: date, reason: str
) -> ListReport:
    """Tell what would become of a list, row by row, were it taken in now; change nothing. Raises as `import_units`."""
    keeping.clean_reason(reason)
    reader = _read(actor, content, filename, list_name, on)
    if reader.flaws:
        return ListReport(rows=reader.rows, flaws=reader.flaws)
    known = matching.foresee(source=Source.LIST, found=reader.found)
    return replace(_report(known), foreseen=list(zip(reader.numbers, known, strict=True)))


def _read(actor: Actor, content: bytes, filename: str, list_name: str, on: date) -> "_Reader":
    remit = remit_of(actor, scope=WRITE)
    title = parties.public_text(list_name, name="name", most=100, least=2)
    keeping.check_day(on)
    rows = catalog.read_table(content, filename)
    reader = _Reader(remit, keeping.places(), title, on)
    heads = lists.heads(rows, COLUMNS, needed=NEEDED)
    for row in rows[1:]:
        reader.take(row, heads)
    return reader


def _report(outcomes: Sequence[Matched | Foreseen]) -> ListReport:
    fresh = [one.how for one in outcomes if not one.told_before]
    opened, doubtful = fresh.count(How.NEW), fresh.count(None)
    return ListReport(
        rows=len(outcomes),
        opened=opened,
        matched=len(fresh) - opened - doubtful,
        doubtful=doubtful,
        told_before=len(outcomes) - len(fresh),
    )


@dataclass
class _Reader:
    """Reads rows one by one, gathering what was found and what is wrong."""

    remit: Remit
    known: keeping.Places
    title: str
    on: date

    def __post_init__(self) -> None:
        self.rows = 0
        self.numbers: list[int] = []
        self.found: list[FoundUnit] = []
        self.flaws: list[RowFlaw] = []
        self._keys: dict[str, int] = {}
        self._regions = lists.by_name([(one.code, one.names) for one in parties.regions()])
        self._industries = lists.by_name([(one.code, one.names) for one in parties.industries()])

    def take(self, row: catalog.TableRow, heads: dict[str, int]) -> None:
        """Read a row."""
        self.rows += 1
        if row.faults:
            place, fault = next(iter(row.faults.items()))
            column = next((code for code, at in heads.items() if at == place), "")
            self._flaw(row, column, fault)
            return
        cells = {code: row.cells[at] if at < len(row.cells) else "" for code, at in heads.items()}
        column = ""
        values: dict[str, object] = {}
        try:
            for column, read in self._readers().items():
                values[column] = read(cells.get(column, ""))
            column = "name"
            draft = keeping.clean(_draft(cells, values), self.known)
            column = "region"
            self.remit.check(draft.region_code)
        except Refusal as refusal:
            self._flaw(
                row, "credit_code" if isinstance(refusal, parties.CreditCodeInvalid) else column, refusal
            )
            return
        key = f"{self.title}|{draft.kind.value}|{draft.credit_code or f'{self.known.marks(draft.name).key}|{draft.region_code}'}"
        if draft.kind == UnitKind.PLATFORM:
            key = f"{key}|{self.known.marks(draft.name).key}"
        other = self._keys.setdefault(key, row.number)
        if other != row.number:
            self._flaw(row, "name", no.RowTwice(other=other))
            return
        self.numbers.append(row.number)
        self.found.append(FoundUnit(key=key[:_KEY_MOST], draft=draft, on=self.on))

    def _flaw(self, row: catalog.TableRow, column: str, refusal: Refusal) -> None:
        self.flaws.append(
            RowFlaw(
                row=row.number,
                column=str(COLUMNS.get(column, column)),
                code=refusal.code,
                message=str(refusal),
            )
        )

    def _readers(self) -> dict[str, Callable[[str], object]]:
        return {
            "kind": lambda cell: lists.choice(UnitKind, cell) or UnitKind.ENTERPRISE,
            "platform": lambda cell: lists.choice(PlatformKind, cell),
            "industry": lambda cell: lists.coded(cell, self._industries, parties.IndustryUnknown),
            "region": lambda cell: lists.coded(cell, self._regions, parties.RegionUnknown),
            "size": lambda cell: lists.choice(SizeClass, cell),
        }


def _draft(cells: dict[str, str], values: dict[str, object]) -> UnitDraft:
    return UnitDraft(
        name=cells["name"],
        kind=UnitKind(str(values["kind"])),
        platform=PlatformKind(str(values["platform"])) if values["platform"] else None,
        credit_code=cells.get("credit_code", ""),
        industry_code=str(values["industry"]),
        region_code=str(values["region"]),
        size_class=SizeClass(str(values["size"])) if values["size"] else None,
    )
