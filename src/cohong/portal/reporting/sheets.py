"""A form as its page shows it: each table with its rows, each cell with its name, its value and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cohong.statistics import api as statistics
from cohong.statistics.api import Field, Option, ReportView, Rows


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: `name` is that of its control, `label` what it is called by those who cannot see where it stands."""

    name: str
    label: str
    value: str
    wrong: bool
    field: Field


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table."""

    label: str
    hint: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table; without `heads` each field has a line of its own."""

    code: str
    label: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]


def sheets_of(view: ReportView, language: str) -> list[Sheet]:
    """Lay a report out."""
    members = statistics.members_of_form(form=view.form, unit_id=view.row.unit_id)
    wrong = {(one.field, one.row) for one in view.findings}
    sheets = []
    for table in view.form.tables:
        if table.rows == Rows.NONE:
            lines = tuple(
                Line(
                    field.names.shown(language),
                    _measure(field),
                    (_cell(view, field, None, wrong, language),),
                )
                for field in table.fields
            )
            sheets.append(Sheet(table.code, table.names.shown(language), (), lines))
            continue
        heads = tuple(f"{field.names.shown(language)} ({_measure(field)})" for field in table.fields)
        lines = tuple(_line(view, table.fields, member, wrong, language) for member in members[table.code])
        sheets.append(Sheet(table.code, table.names.shown(language), heads, lines))
    return sheets


def _line(
    view: ReportView, fields: Sequence[Field], member: Option, wrong: set[tuple[str, str]], language: str
) -> Line:
    cells = tuple(_cell(view, field, member, wrong, language) for field in fields)
    return Line(member.names.shown(language), "", cells)


def _cell(
    view: ReportView, field: Field, member: Option | None, wrong: set[tuple[str, str]], language: str
) -> Cell:
    row = member.code if member is not None else ""
    label = field.names.shown(language)
    return Cell(
        name=f"v:{field.code}:{row}",
        label=f"{member.names.shown(language)}: {label}" if member is not None else label,
        value=view.contents.get(field.code, {}).get(row, ""),
        wrong=(field.code, row) in wrong,
        field=field,
    )


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
