"""What a form is: tables of fields, checks over them, who owes it and when. Read from `data/forms/*.toml`, frozen."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from cohong.parties.api import Names
from cohong.statistics.forms.expressions import Rule
from cohong.statistics.periods import Frequency, Period
from cohong.statistics.units.words import SizeClass, UnitKind


class FieldKind(StrEnum):
    """What stands in a field."""

    MONEY = "money"
    COUNT = "count"
    PERCENT = "percent"
    TEXT = "text"
    CHOICE = "choice"


class Severity(TextChoices):
    """What a finding means: an error cannot be submitted, a query needs an explanation."""

    ERROR = "error", pgettext_lazy("finding", "Error")
    QUERY = "query", pgettext_lazy("finding", "To be explained")


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit of measure: `scale` is how many of the base unit one is (fen, ones, hundredths of a percent)."""

    kind: FieldKind
    label: str | Promise
    scale: int


MEASURES: Final[dict[str, Measure]] = {
    "yuan": Measure(FieldKind.MONEY, pgettext_lazy("measure", "yuan"), 100),
    "thousand_yuan": Measure(FieldKind.MONEY, pgettext_lazy("measure", "thousand yuan"), 100_000),
    "ten_thousand_yuan": Measure(FieldKind.MONEY, pgettext_lazy("measure", "ten thousand yuan"), 1_000_000),
    "one": Measure(FieldKind.COUNT, pgettext_lazy("measure", "number"), 1),
    "person": Measure(FieldKind.COUNT, pgettext_lazy("measure", "persons"), 1),
    "order": Measure(FieldKind.COUNT, pgettext_lazy("measure", "orders"), 1),
    "ten_thousand": Measure(FieldKind.COUNT, pgettext_lazy("measure", "ten thousand"), 10_000),
    "tonne": Measure(FieldKind.COUNT, pgettext_lazy("measure", "tonnes"), 1),
    "square_metre": Measure(FieldKind.COUNT, pgettext_lazy("measure", "square metres"), 1),
    "percent": Measure(FieldKind.PERCENT, pgettext_lazy("measure", "%"), 100),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers of a choice, or one of the rows of a table."""

    code: str
    names: Names


@dataclass(frozen=True, slots=True)
class Field:
    """A field. `decimals` may stand behind the point; one that is `watched` is compared with earlier periods."""

    code: str
    names: Names
    hint: Names
    kind: FieldKind
    measure: str
    required: bool
    decimals: int
    watched: bool
    options: tuple[Option, ...]
    table: str

    @property
    def is_number(self) -> bool:
        """Tell whether a number stands in it."""
        return self.kind in {FieldKind.MONEY, FieldKind.COUNT, FieldKind.PERCENT}

    @property
    def measured(self) -> Measure | None:
        """Return its unit of measure, of a number."""
        return MEASURES.get(self.measure)

    def to_base(self, value: Fraction) -> int:
        """Turn a reported number into base units: fen, ones, hundredths of a percent. Exact, as decimals are bounded."""
        return int(value * MEASURES[self.measure].scale)


class Rows(StrEnum):
    """Where the rows of a table come from."""

    NONE = ""
    REGIONS = "regions"
    INDUSTRIES = "industries"
    LISTED = "listed"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a form: one row of fields, or a row for each member of a dimension."""

    code: str
    names: Names
    rows: Rows
    members: tuple[Option, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A rule over the fields; `each` names the table for whose every row it has to hold.

    `total` is what people call that against which the rule holds its field ("goods and services"); where it is named, what it
    comes to is shown beside the field while the form is filled in.
    """

    code: str
    severity: Severity
    text: Names
    rule: Rule
    each: str
    total: Names


@dataclass(frozen=True, slots=True)
class Form:
    """A questionnaire, of one version."""

    code: str
    version: int
    names: Names
    hint: Names
    frequency: Frequency
    days: int
    kinds: tuple[UnitKind, ...]
    sizes: tuple[SizeClass, ...]
    sub_forms: tuple[str, ...]
    change_percent: int
    tables: tuple[Table, ...]
    checks: tuple[Check, ...]

    def fields(self) -> Iterator[Field]:
        """Go through all fields in the form's order."""
        for table in self.tables:
            yield from table.fields

    def table(self, code: str) -> Table:
        """Return a table by its code."""
        return next(one for one in self.tables if one.code == code)

    def field(self, code: str) -> Field | None:
        """Return a field by its code."""
        return next((one for one in self.fields() if one.code == code), None)

    def due_on(self, period: Period) -> date:
        """Return the last day on which a report for a period is in time."""
        return period.end + timedelta(days=self.days)

    def is_owed_by(self, kind: UnitKind, size: SizeClass | None) -> bool:
        """Tell whether units of a kind and size owe it. Where it names sizes, one of an unknown size does not."""
        return kind in self.kinds and (not self.sizes or size in self.sizes)
