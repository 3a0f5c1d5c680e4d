"""Reading forms from `data/forms/*.toml`: each file is one version of one form, checked as it is read.

A flaw in a file (an unknown field in a rule, a unit of measure that is none, a name that is missing) stops the program from
starting, and says where.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

import msgspec
from django.utils.translation import gettext_lazy as _

from cohong.kernel.errors import NotFound
from cohong.parties.api import Names
from cohong.statistics.forms.definitions import (
    MEASURES,
    Check,
    Field,
    FieldKind,
    Form,
    Option,
    Rows,
    Severity,
    Table,
)
from cohong.statistics.forms.expressions import BadRule, read_rule, sides
from cohong.statistics.periods import Frequency
from cohong.statistics.units.words import SizeClass, UnitKind

_MOST_DECIMALS: Final = 2
_FREQUENCIES: Final = {
    "monthly": Frequency.MONTH,
    "quarterly": Frequency.QUARTER,
    "yearly": Frequency.YEAR,
}


class NoSuchForm(NotFound):
    """There is no form of this code, or not of this version."""

    message = _("There is no form “{form}”.")


class FormFlawed(ValueError):  # noqa: N818 - a flaw of a file, which stops the start
    """A form's file cannot be used; it says where and why."""


class _Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    zh_hans: str = ""
    zh_hant: str = ""
    en: str = ""

    def names(self) -> Names:
        return Names(self.zh_hans, self.zh_hant, self.en)


class _RawOption(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    names: _Said


class _RawField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    names: _Said
    kind: FieldKind
    measure: str = ""
    hint: _Said = _Said()
    required: bool = False
    decimals: int = 0
    watched: bool = False
    options: list[_RawOption] = []


class _RawTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    names: _Said
    fields: list[_RawField]
    rows: Rows = Rows.NONE
    members: list[_RawOption] = []


class _RawCheck(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    severity: Severity
    rule: str
    text: _Said
    each: str = ""
    total: _Said = _Said()


class _RawForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    version: int
    names: _Said
    frequency: str
    days: int
    kinds: list[UnitKind]
    tables: list[_RawTable]
    hint: _Said = _Said()
    sizes: list[SizeClass] = []
    sub_forms: list[str] = []
    change_percent: int = 50
    checks: list[_RawCheck] = []


@cache
def all_forms() -> Mapping[tuple[str, int], Form]:
    """Read every form there is, by code and version. Raises FormFlawed."""
    folder = resources.files("cohong.statistics").joinpath("data/forms")
    texts = {
        one.name: one.read_text(encoding="utf-8") for one in folder.iterdir() if one.name.endswith(".toml")
    }
    return read_forms(texts)


def forms() -> list[Form]:
    """List the forms that are in force: of each the newest version, by code."""
    newest: dict[str, Form] = {}
    for one in all_forms().values():
        if one.code not in newest or newest[one.code].version < one.version:
            newest[one.code] = one
    return [newest[code] for code in sorted(newest)]


def form(*, code: str, version: int | None = None) -> Form:
    """Return a form, of a version or the newest. Raises NoSuchForm."""
    newest = next((one for one in forms() if one.code == code), None)
    found = newest if version is None else all_forms().get((code, version))
    if found is None:
        raise NoSuchForm(form=code[:40])
    return found


def read_forms(texts: Mapping[str, str]) -> dict[tuple[str, int], Form]:
    """Read forms from their texts, by file name, and check them with each other. Raises FormFlawed."""
    found: dict[tuple[str, int], Form] = {}
    for name, text in sorted(texts.items()):
        try:
            raw = msgspec.convert(tomllib.loads(text), type=_RawForm)
            made = _form(raw)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError, BadRule, FormFlawed) as error:
            raise FormFlawed(f"{name}: {error}") from error
        if (made.code, made.version) in found:
            raise FormFlawed(f"{name}: {made.code} of version {made.version} is there twice")
        found[made.code, made.version] = made
    newest = {one.code: one for one in sorted(found.values(), key=lambda one: one.version)}
    for one in found.values():
        _check_form(one, newest)
    return found


def _form(raw: _RawForm) -> Form:
    if raw.frequency not in _FREQUENCIES:
        raise FormFlawed(f"frequency {raw.frequency}")
    return Form(
        code=raw.code,
        version=raw.version,
        names=_complete(raw.names, "the form"),
        hint=raw.hint.names(),
        frequency=_FREQUENCIES[raw.frequency],
        days=raw.days,
        kinds=tuple(raw.kinds),
        sizes=tuple(raw.sizes),
        sub_forms=tuple(raw.sub_forms),
        change_percent=raw.change_percent,
        tables=tuple(_table(one) for one in raw.tables),
        checks=tuple(
            Check(
                code=one.code,
                severity=one.severity,
                text=_complete(one.text, one.code),
                rule=read_rule(one.rule),
                each=one.each,
                total=_complete(one.total, f"the total of {one.code}") if one.total != _Said() else Names(""),
            )
            for one in raw.checks
        ),
    )


def _table(raw: _RawTable) -> Table:
    return Table(
        code=raw.code,
        names=_complete(raw.names, raw.code),
        rows=raw.rows,
        members=_options(raw.members),
        fields=tuple(
            Field(
                code=one.code,
                names=_complete(one.names, one.code),
                hint=one.hint.names(),
                kind=one.kind,
                measure=one.measure,
                required=one.required,
                decimals=one.decimals,
                watched=one.watched,
                options=_options(one.options),
                table=raw.code,
            )
            for one in raw.fields
        ),
    )


def _options(raw: Iterable[_RawOption]) -> tuple[Option, ...]:
    return tuple(Option(one.code, _complete(one.names, one.code)) for one in raw)


def _complete(said: _Said, what: str) -> Names:
    if not (said.zh_hans and said.zh_hant and said.en):
        raise FormFlawed(f"{what} is not named in all three languages")
    return said.names()


# --- checking --------------------------------------------------------------------------------------------


def _check_form(one: Form, newest: Mapping[str, Form]) -> None:
    where = f"{one.code} version {one.version}"
    _once(where, "table", [table.code for table in one.tables])
    _once(where, "field", [field.code for field in one.fields()])
    _once(where, "check", [check.code for check in one.checks])
    for code in one.sub_forms:
        if code not in newest or newest[code].frequency != one.frequency or code == one.code:
            raise FormFlawed(f"{where}: the sub-form {code} is none of its frequency")
    for table in one.tables:
        if (table.rows == Rows.LISTED) != bool(table.members):
            raise FormFlawed(f"{where}: the rows of {table.code}")
        for field in table.fields:
            _check_field(where, field)
    for check in one.checks:
        _check_check(where, one, check, newest)


def _once(where: str, what: str, codes: list[str]) -> None:
    for code in codes:
        if not code.isidentifier() or codes.count(code) > 1:
            raise FormFlawed(f"{where}: the {what} {code} is named twice, or not by a word")


def _check_field(where: str, field: Field) -> None:
    if field.is_number:
        measure = MEASURES.get(field.measure)
        if measure is None or measure.kind != field.kind:
            raise FormFlawed(f"{where}: {field.code} is measured in “{field.measure}”")
        if not 0 <= field.decimals <= _MOST_DECIMALS or 10**field.decimals > measure.scale:
            raise FormFlawed(f"{where}: {field.code} has {field.decimals} decimals")
    elif field.measure or field.watched:
        raise FormFlawed(f"{where}: {field.code} is no number")
    if (field.kind == FieldKind.CHOICE) != bool(field.options):
        raise FormFlawed(f"{where}: the options of {field.code}")


def _check_check(where: str, own: Form, check: Check, newest: Mapping[str, Form]) -> None:
    if check.each and (
        check.each not in {table.code for table in own.tables} or own.table(check.each).rows == Rows.NONE
    ):
        raise FormFlawed(f"{where}: {check.code} is for each row of {check.each}, which has none")
    if check.total.zh_hans and (check.each or sides(check.rule) is None):
        raise FormFlawed(f"{where}: {check.code} holds no field against a total")
    for form_code, name, summed in check.rule.names:
        source: Any = own if not form_code else newest.get(form_code)
        field = source.field(name) if source is not None else None
        if field is None or not field.is_number:
            raise FormFlawed(f"{where}: {check.code} names {form_code and form_code + '.'}{name}")
        has_rows = source.table(field.table).rows != Rows.NONE
        in_row = not form_code and field.table == check.each
        if summed != has_rows and not (has_rows and in_row and not summed):
            raise FormFlawed(f"{where}: {check.code} has to sum {name} over its rows, or must not")
