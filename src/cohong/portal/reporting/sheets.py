"""A form as its page shows it: each table with its rows, each cell with its name, its value and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from cohong.portal.reporting.remarks import Remark, Remarks, Sum, cell_of, written
from cohong.statistics import api as statistics
from cohong.statistics.api import Field, Option, ReportView, Rows


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: `name` is that of its control, `label` what it is called by those who cannot see where it stands.

    `head` is what stands above its column, for where columns have no room; `shown` its value as it is read, not typed.
    """

    code: str
    name: str
    label: str
    head: str
    value: str
    shown: str
    field: Field
    is_wrong: bool
    remarks: Sequence[Remark]
    sums: Sequence[Sum]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table."""

    label: str
    hint: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table; without `heads` each field has a line of its own. `feet` say what is said of the columns as a whole."""

    code: str
    label: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    feet: tuple[Cell, ...]


def sheets_of(view: ReportView, said: Remarks, language: str) -> list[Sheet]:
    """Lay a report out, with what is said of its cells."""
    members = statistics.members_of_form(form=view.form, unit_id=view.row.unit_id)
    make = partial(_cell, view, said, language)
    sheets = []
    for table in view.form.tables:
        if table.rows == Rows.NONE:
            lines = tuple(
                Line(field.names.shown(language), _measure(field), (make(field, None),))
                for field in table.fields
            )
            sheets.append(Sheet(table.code, table.names.shown(language), (), lines, ()))
            continue
        heads = tuple(_head(field, language) for field in table.fields)
        lines = tuple(
            Line(member.names.shown(language), "", tuple(make(field, member) for field in table.fields))
            for member in members[table.code]
        )
        feet = tuple(make(field, None) for field in table.fields)
        sheets.append(Sheet(table.code, table.names.shown(language), heads, lines, feet))
    return sheets


def _cell(view: ReportView, said: Remarks, language: str, field: Field, member: Option | None) -> Cell:
    row = member.code if member is not None else ""
    code = cell_of(field.code, row)
    label = field.names.shown(language)
    value = view.contents.get(field.code, {}).get(row, "")
    option = next((one for one in field.options if one.code == value), None)
    return Cell(
        code=code,
        name=f"v:{field.code}:{row}",
        label=f"{member.names.shown(language)}: {label}" if member is not None else label,
        head=_head(field, language),
        value=value,
        shown=option.names.shown(language) if option else written(value) if field.is_number else value,
        field=field,
        is_wrong=said.is_wrong(code),
        remarks=said.beside.get(code, ()),
        sums=said.sums.get(code, ()),
    )


def _head(field: Field, language: str) -> str:
    brackets = "（{}）" if language.startswith("zh") else " ({})"
    return field.names.shown(language) + brackets.format(_measure(field))


def _measure(field: Field) -> str:
    return str(field.measured.label) if field.measured is not None else ""


def typed(posted: Mapping[str, str]) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Read what was typed: contents by field and row, explanations by the key of their finding."""
    contents: dict[str, dict[str, str]] = {}
    explanations: dict[str, str] = {}
    for name, text in posted.items():
        kind, _, rest = name.partition(":")
        if kind == "v":
            field, _, row = rest.partition(":")
            contents.setdefault(field, {})[row] = text
        elif kind == "why":
            explanations[rest] = text
    return contents, explanations
