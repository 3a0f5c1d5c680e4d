"""Reports as files: a template made by the system, filled in already as far as the report is, and read back cell by cell.

The same lines as XLSX and as CSV: who, what and when at the top, then each table. A table without rows has a line for each
field, with the value in its fourth column; a table with rows has the fields across. What tells the program where it is
stands in the first column, in codes; people read the second one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from cohong.catalog import api as catalog
from cohong.kernel import sets
from cohong.parties.api import Actor
from cohong.statistics import lists
from cohong.statistics.access import READ, WRITE
from cohong.statistics.forms.checking import Contents, Finding, Members
from cohong.statistics.forms.definitions import Field, Form, Rows, Table
from cohong.statistics.reporting import filing, keeping
from cohong.statistics.reporting import refusals as no
from cohong.statistics.reporting.keeping import Row
from cohong.statistics.units.shapes import UnitView

_HEAD: Final = ("form", "unit", "period")
_TABLE: Final = "table:"
_VALUE_AT: Final = 3
_FIRST_FIELD_AT: Final = 2


def report_template(
    *,
    actor: Actor,
    report_id: UUID,
    format: str = "xlsx",  # noqa: A002 - what everyone calls it
    language: str = "zh-hans",
) -> bytes:
    """Make the file to fill a report in, with what stands in it so far; headings in a language ("zh-hans", "zh-hant", "en").

    For those who act for the unit. Raises NoSuchReport, NotYours, ScopeMissing.
    """
    row, unit = keeping.find(report_id)
    keeping.check_filer(actor, unit, scope=READ)
    with override(language):
        lines = _lines(row, unit, keeping.members_of(row.form, unit), language)
    return lists.as_csv(lines) if format == "csv" else _as_xlsx(lines, row.form)


def _lines(row: Row, unit: UnitView, members: Members, language: str) -> list[list[str]]:
    form = row.form
    lines = [
        ["form", form.names.shown(language), form.code, str(form.version)],
        ["unit", unit.name, unit.code],
        ["period", _("Period of the report"), row.period_code],
        ["", form.hint.shown(language)],
    ]
    for table in form.tables:
        lines.append([])
        if table.rows == Rows.NONE:
            lines.append(
                [
                    f"{_TABLE}{table.code}",
                    table.names.shown(language),
                    _("Measured in"),
                    pgettext("report", "Value"),
                ]
            )
            lines += [
                [
                    *(field.code, field.names.shown(language), _measured(field)),
                    row.draft.get(field.code, {}).get("", ""),
                ]
                for field in table.fields
            ]
            continue
        names = [f"{field.names.shown(language)} ({_measured(field)})" for field in table.fields]
        lines.append(
            [f"{_TABLE}{table.code}", table.names.shown(language), *[field.code for field in table.fields]]
        )
        lines.append(["", "", *names])
        for member in members[table.code]:
            values = [row.draft.get(field.code, {}).get(member.code, "") for field in table.fields]
            lines.append([member.code, member.names.shown(language), *values])
    return lines


def _measured(field: Field) -> str:
    if field.options:
        return " / ".join(option.code for option in field.options)
    return str(field.measured.label) if field.measured is not None else ""


def _as_xlsx(lines: list[list[str]], form: Form) -> bytes:
    fields = {field.code for field in form.fields()}
    to_fill: set[tuple[int, int]] = set()
    in_table = False
    for at, line in enumerate(lines):
        head = line[0] if line else ""
        in_table = head.startswith(_TABLE) or (in_table and bool(line))
        if in_table and head and not head.startswith(_TABLE):
            places = range(_VALUE_AT, _VALUE_AT + 1) if head in fields else range(_FIRST_FIELD_AT, len(line))
            to_fill |= {(at, place) for place in places}
    return lists.as_xlsx(
        lines,
        title=form.code,
        widths=(24, 44, *[20] * 6),
        freeze="C4",
        is_head=lambda at: at < len(_HEAD) or (bool(lines[at]) and lines[at][0].startswith(_TABLE)),
        is_to_fill=lambda at, place: (at, place) in to_fill,
    )


# --- reading ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What a file brought: what is wrong in the report since, and how many cells were filled in."""

    findings: list[Finding]
    cells: int


@sets.act
def upload_report(
    *, actor: Actor, report_id: UUID, content: bytes, filename: str, revision: int | None = None
) -> Uploaded:
    """Fill a report in from a file: CSV (UTF-8, UTF-16, GB18030) or XLSX. It takes the place of what stood there.

    A file of another unit, form, version or period, one whose cells cannot be read, and one for a report that is under review
    changes nothing. Raises FileNotOurs, FileOfAnotherUnit, FileOfAnotherForm, FileOfAnotherVersion, FileOfAnotherPeriod,
    CellsFlawed, SubmittedAlready, WrongState, ReportChanged, NoSuchReport, NotYours, and what a file is refused for.
    """
    row, unit = keeping.find(report_id)
    keeping.check_filer(actor, unit, scope=WRITE)
    contents = read_file(content, filename, row, unit)
    findings = filing.save_report(actor=actor, report_id=report_id, contents=contents, revision=revision)
    return Uploaded(findings, sum(len(cells) for cells in contents.values()))


def read_file(content: bytes, filename: str, row: Row, unit: UnitView) -> Contents:
    """Read a filled-in template. Raises what `upload_report` does."""
    rows = catalog.read_table(content, filename)
    _check_head(rows, row, unit)
    reader = _Reader(row.form, keeping.members_of(row.form, unit))
    for line in rows[len(_HEAD) :]:
        reader.take(line)
    if reader.flaws:
        raise no.CellsFlawed(cells=reader.flaws)
    return reader.contents


def _check_head(rows: list[catalog.TableRow], row: Row, unit: UnitView) -> None:
    head: dict[str, list[str]] = {line.cells[0]: line.cells for line in rows[: len(_HEAD)] if line.cells}
    if any(name not in head or len(head[name]) <= _FIRST_FIELD_AT for name in _HEAD):
        raise no.FileNotOurs
    form = head["form"]
    if form[2] != row.form_code:
        raise no.FileOfAnotherForm(found=form[2][:40], wanted=row.form_code)
    version = form[3] if len(form) > _VALUE_AT else ""
    if version != str(row.form_version):
        raise no.FileOfAnotherVersion(found=version[:40], wanted=str(row.form_version))
    if head["unit"][2] != unit.code:
        raise no.FileOfAnotherUnit(found=head["unit"][2][:40], wanted=unit.code)
    if head["period"][2] != row.period_code:
        raise no.FileOfAnotherPeriod(found=head["period"][2][:40], wanted=row.period_code)


class _Reader:
    """Reads a template's lines, table by table."""

    def __init__(self, form: Form, members: Members) -> None:
        self.contents: dict[str, dict[str, str]] = {}
        self.flaws: list[dict[str, str]] = []
        self._form = form
        self._members = members
        self._table: Table | None = None
        self._fields: dict[int, Field] = {}

    def take(self, line: catalog.TableRow) -> None:
        """Read a line."""
        for place, fault in line.faults.items():
            self._flaw(line, place, fault.code, str(fault))
        head = line.cells[0] if line.cells else ""
        if head.startswith(_TABLE):
            self._begin(line, head.removeprefix(_TABLE))
        elif head and self._table is None:
            self._flaw(line, 0, "row_unknown", _("This line belongs to no table."))
        elif head and self._table is not None:
            self._read(line, head, self._table)

    def _begin(self, line: catalog.TableRow, code: str) -> None:
        table = next((one for one in self._form.tables if one.code == code), None)
        self._table, self._fields = table, {}
        if table is None:
            self._flaw(
                line, 0, "table_unknown", _("The form has no table “{table}”.").format(table=code[:40])
            )
        elif table.rows != Rows.NONE:
            for place, cell in enumerate(line.cells[_FIRST_FIELD_AT:], start=_FIRST_FIELD_AT):
                field = next((one for one in table.fields if one.code == cell), None)
                if field is None:
                    self._flaw(
                        line,
                        place,
                        "field_unknown",
                        _("The form has no field “{field}”.").format(field=cell[:40]),
                    )
                else:
                    self._fields[place] = field

    def _read(self, line: catalog.TableRow, head: str, table: Table) -> None:
        if table.rows == Rows.NONE:
            if not any(field.code == head for field in table.fields):
                self._flaw(
                    line, 0, "field_unknown", _("The form has no field “{field}”.").format(field=head[:40])
                )
            elif len(line.cells) > _VALUE_AT and line.cells[_VALUE_AT]:
                self._put(line, _VALUE_AT, head, "")
            return
        if head not in {member.code for member in self._members[table.code]}:
            self._flaw(line, 0, "row_unknown", _("The table has no row “{row}”.").format(row=head[:40]))
            return
        for place, field in self._fields.items():
            if place < len(line.cells) and line.cells[place]:
                self._put(line, place, field.code, head)

    def _put(self, line: catalog.TableRow, place: int, field: str, row: str) -> None:
        cells = self.contents.setdefault(field, {})
        if row in cells:
            self._flaw(line, place, "twice", _("This stands in the file twice."))
        cells[row] = line.cells[place]

    def _flaw(self, line: catalog.TableRow, place: int, code: str, message: str) -> None:
        self.flaws.append({"cell": f"{_letter(place)}{line.number}", "code": code, "message": message})


def _letter(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def as_texts(contents: Mapping[str, Any]) -> dict[str, Any]:
    """Give contents as an interface takes them: a text for a field without rows, texts by row for one with."""
    return {code: cells[""] if set(cells) == {""} else dict(cells) for code, cells in contents.items()}
