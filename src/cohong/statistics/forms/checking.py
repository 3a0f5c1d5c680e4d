"""What is checked in a filled-in form: each value, the form's own rules, and it against its earlier periods. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final
from unicodedata import normalize

from django.utils.translation import gettext as _

from cohong.parties.api import Names
from cohong.statistics.forms.definitions import Check, Field, FieldKind, Form, Option, Rows, Severity, Table
from cohong.statistics.forms.expressions import Sheet, Surroundings, holds, sides

Contents = Mapping[str, Mapping[str, str]]
"""What stands in a form: texts by field and row; the row of a table without rows is ""."""

TEXT_MOST: Final = 500
_DIGITS_MOST: Final = 12
_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
_THOUSAND: Final = (300, 3_000)
_TEN_THOUSAND: Final = (3_000, 30_000)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong, or that has to be explained: of a field, in a row, or of the form as a whole ("")."""

    code: str
    severity: Severity
    message: str
    field: str = ""
    row: str = ""

    @property
    def key(self) -> str:
        """Return under what it is explained."""
        return ":".join(one for one in (self.code, self.field, self.row) if one)


@dataclass(frozen=True, slots=True)
class FilledIn:
    """A form as it was filled in: contents in their one form, the numbers in them, and what is wrong with single values."""

    contents: dict[str, dict[str, str]]
    sheet: Sheet
    findings: list[Finding]


Members = Mapping[str, tuple[Option, ...]]
"""The rows of each table that has some."""


def filled_in(form: Form, raw: Mapping[str, Any], members: Members, *, language: str) -> FilledIn:
    """Read what was filled in: numbers with or without commas, in full-width digits too; what the form does not know is told."""
    contents: dict[str, dict[str, str]] = {}
    numbers: dict[tuple[str, str], Fraction] = {}
    findings = [
        _error("field_unknown", _("The form has no field “{field}”.").format(field=str(code)[:40]))
        for code in raw
        if form.field(str(code)) is None
    ]
    for table in form.tables:
        rows = {one.code for one in members.get(table.code, ())} if table.rows != Rows.NONE else {""}
        for field in table.fields:
            for row, text in _cells(raw.get(field.code)).items():
                if row not in rows:
                    said = _("“{field}” has no row “{row}”.").format(
                        field=field.names.shown(language), row=row[:40]
                    )
                    findings.append(_error("row_unknown", said, field.code))
                    continue
                plain, number, flaw = _read(field, text, language)
                if flaw is not None:
                    findings.append(Finding(flaw.code, flaw.severity, flaw.message, field.code, row))
                if plain:
                    contents.setdefault(field.code, {})[row] = plain
                if number is not None:
                    numbers[field.code, row] = number
    return FilledIn(contents, Sheet(numbers), findings)


def _cells(raw: Any) -> dict[str, str]:
    if raw is None:
        return {}
    if isinstance(raw, Mapping):
        return {str(row): str(text) for row, text in raw.items() if text is not None}
    return {"": str(raw)}


def _error(code: str, message: str, field: str = "", row: str = "") -> Finding:
    return Finding(code, Severity.ERROR, message, field, row)


def _read(field: Field, text: str, language: str) -> tuple[str, Fraction | None, Finding | None]:
    """Read a cell: what is kept of it, the number in it, and what is wrong with it."""
    said = normalize("NFKC", text).strip()
    name = field.names.shown(language)
    if not said:
        return "", None, None
    if field.kind == FieldKind.TEXT:
        if len(said) > TEXT_MOST or "\x00" in said:
            return "", None, _error("too_long", _("“{field}” is too long.").format(field=name))
        return said, None, None
    if field.kind == FieldKind.CHOICE:
        return _read_choice(field, said, name)
    return _read_number(field, said, text.strip()[:40], name)


def _read_number(
    field: Field, said: str, typed: str, name: str
) -> tuple[str, Fraction | None, Finding | None]:
    if field.kind == FieldKind.PERCENT:
        said = said.removesuffix("%").strip()
    if said.startswith("-"):
        return typed, None, _error("negative", _("“{field}” must not be negative.").format(field=name))
    if not _NUMBER.fullmatch(said) or len(said.partition(".")[0].replace(",", "")) > _DIGITS_MOST:
        wrong = _("“{field}” must be a number of at most {most} digits, not “{text}”.")
        return typed, None, _error("not_a_number", wrong.format(field=name, most=_DIGITS_MOST, text=typed))
    number = Fraction(said.replace(",", ""))
    if (number * 10**field.decimals).denominator != 1:
        wrong = _("“{field}” may have {count} decimals.")
        return typed, None, _error("decimals", wrong.format(field=name, count=field.decimals))
    return plain(number), number, None


def plain(number: Fraction) -> str:
    """Write a number of at most two decimals in its one form."""
    whole, hundredths = divmod(number * 100, 100)
    rest = f"{int(hundredths):02}".rstrip("0")
    return f"{whole}.{rest}" if rest else f"{whole}"


def _read_choice(field: Field, said: str, name: str) -> tuple[str, None, Finding | None]:
    for option in field.options:
        if said in {option.code, option.names.zh_hans, option.names.zh_hant, option.names.en}:
            return option.code, None, None
    return said[:40], None, _error("not_an_option", _("“{field}” is none of its answers.").format(field=name))


# --- rules -----------------------------------------------------------------------------------------------


def check(
    form: Form, filled: FilledIn, around: Surroundings, members: Members, *, language: str
) -> list[Finding]:
    """Say all that is wrong in a filled-in form and all that has to be explained, in the order of the form."""
    findings = list(filled.findings)
    findings += _required(form, filled, language)
    for one in form.checks:
        findings += _broken(one, around, members, language)
    flawed = {finding.field for finding in findings}
    for field in form.fields():
        if field.watched and field.code not in flawed:
            findings += _compared(form, field, around, language)
    return findings


def _required(form: Form, filled: FilledIn, language: str) -> Iterable[Finding]:
    flawed = {(one.field, one.row) for one in filled.findings}
    for field in form.fields():
        cells = filled.contents.get(field.code, {})
        if not field.required or (field.code, "") in flawed:
            continue
        if form.table(field.table).rows == Rows.NONE and not cells.get(""):
            said = _("“{field}” has to be filled in.").format(field=field.names.shown(language))
            yield _error("required", said, field.code)
        elif form.table(field.table).rows != Rows.NONE and not cells:
            said = _("“{field}” has to be filled in for at least one row.").format(
                field=field.names.shown(language)
            )
            yield _error("required", said, field.code)


def _broken(one: Check, around: Surroundings, members: Members, language: str) -> Iterable[Finding]:
    about = _about(one)
    if not one.each:
        if holds(one.rule, around) is False:
            yield Finding(one.code, one.severity, one.text.shown(language), about)
        return
    for member in members.get(one.each, ()):
        if holds(one.rule, around, row=member.code) is False:
            said = f"{member.names.shown(language)}: {one.text.shown(language)}"
            yield Finding(one.code, one.severity, said, about, member.code)


def _about(one: Check) -> str:
    """Return the field that a rule is about: the only one it names, or that which it holds against others."""
    own = [name for form_code, name, _summed in sorted(one.rule.names) if not form_code]
    if len(own) == 1:
        return own[0]
    held = sides(one.rule)
    return held.field if held is not None else ""


def _compared(form: Form, field: Field, around: Surroundings, language: str) -> Iterable[Finding]:
    """Compare a field, or its sum over rows, with the period before and the year before: the first that is odd is told."""
    now = around.sheet.sum(field.code)
    name = field.names.shown(language)
    for then, told in ((around.last, _("the period before")), (around.year_ago, _("the year before"))):
        before = then.sheet.sum(field.code) if then is not None else None
        if not now or not before:
            continue
        times = max(now / before, before / now)
        if _THOUSAND[0] <= times <= _TEN_THOUSAND[1]:
            text = (
                _(
                    "“{field}” is about a thousand times what it was in {then}, or a thousandth. Wrong unit of measure?"
                )
                if times < _THOUSAND[1]
                else _(
                    "“{field}” is about ten thousand times what it was in {then}, or a ten-thousandth. Wrong unit of measure?"
                )
            )
            yield Finding("wrong_unit", Severity.QUERY, text.format(field=name, then=told), field.code)
            return
        change = abs(now - before) / before * 100
        if change > form.change_percent:
            text = _("“{field}” has changed by {percent} % against {then}.")
            said = text.format(field=name, percent=round(change), then=told)
            yield Finding("changed", Severity.QUERY, said, field.code)
            return


def numbers_of(form: Form, contents: Contents) -> Sheet:
    """Read the numbers of contents that were checked before."""
    numbers = {}
    for field in form.fields():
        if field.is_number:
            for row, text in contents.get(field.code, {}).items():
                numbers[field.code, row] = Fraction(text)
    return Sheet(numbers)


def members_of(
    form: Form, *, regions: tuple[Option, ...], industries: tuple[Option, ...]
) -> dict[str, tuple[Option, ...]]:
    """Return the rows of each table that has some; regions get one more row, for elsewhere."""

    def rows(table: Table) -> tuple[Option, ...]:
        if table.rows == Rows.REGIONS:
            return (*regions, Option("elsewhere", Names("其他地区", "其他地區", "Elsewhere")))
        return industries if table.rows == Rows.INDUSTRIES else table.members

    return {table.code: rows(table) for table in form.tables if table.rows != Rows.NONE}
