"""What a check says of a report, as its page says it: beside each cell, and all together with a way to each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import pgettext

from cohong.statistics import api as statistics
from cohong.statistics.api import Finding, Form, Severity, Total

MISSING: Final = "required"
"""The code of what is not filled in yet: said quietly, as it is no mistake while somebody is still typing."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said beside a cell. `kind`: error, query or missing."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Sum:
    """What something comes to: of what, and how much."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Place:
    """Something said of a cell, away from it; without a `cell` it is of the form as a whole."""

    text: str
    cell: str


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be explained, and how it was."""

    key: str
    text: str
    cell: str
    said: str


@dataclass(frozen=True, slots=True)
class Remarks:
    """All that is said of a report; cells are named by `cell_of`."""

    beside: Mapping[str, Sequence[Remark]]
    sums: Mapping[str, Sequence[Sum]]
    errors: Sequence[Place]
    missing: Sequence[Place]
    questions: Sequence[Question]

    @property
    def cells(self) -> list[tuple[str, Sequence[Remark], bool]]:
        """Go through the cells of which something is said: what, and whether something is wrong with them."""
        return [(cell, said, self.is_wrong(cell)) for cell, said in self.beside.items()]

    def is_wrong(self, cell: str) -> bool:
        """Tell whether a cell has to be put right; one that is empty, or to be explained, has not."""
        return any(one.kind == "error" for one in self.beside.get(cell, ()))


def cell_of(field: str, row: str) -> str:
    """Name a cell; a field's column as a whole is its row ""."""
    return f"{field}-{row}"


def remarks(
    form: Form,
    findings: Sequence[Finding],
    totals: Sequence[Total],
    explanations: Mapping[str, str],
    language: str,
    *,
    is_blank: bool,
) -> Remarks:
    """Sort what a check found: by cell, and by what is to be done. In a blank form no cell is called empty."""
    names = {field.code: field.names.shown(language) for field in form.fields()}
    beside: defaultdict[str, list[Remark]] = defaultdict(list)
    errors, missing, questions = [], [], []
    for one in findings:
        cell = cell_of(one.field, one.row) if one.field in names else ""
        kind = "missing" if one.code == MISSING else one.severity.value
        if cell and not (is_blank and kind == "missing"):
            said = pgettext("report", "Still to be filled in") if kind == "missing" else one.message
            beside[cell].append(Remark(kind, said))
        if kind == "missing":
            missing.append(Place(names.get(one.field, one.message), cell))
        elif one.severity == Severity.ERROR:
            errors.append(Place(one.message, cell))
        else:
            questions.append(Question(one.key, one.message, cell, explanations.get(one.key, "")))
    sums: defaultdict[str, list[Sum]] = defaultdict(list)
    for total in totals:
        sums[cell_of(total.field, "")].append(Sum(total.name, written(total.value)))
    return Remarks(dict(beside), dict(sums), errors, missing, questions)


def remarks_of(view: statistics.ReportView, language: str) -> Remarks:
    """Sort what is said of a report as it stands."""
    return remarks(
        view.form, view.findings, view.totals, view.explanations, language, is_blank=not view.contents
    )


def written(number: str) -> str:
    """Write a number of a form with its thousands apart; what is none stays as it is."""
    return f"{Decimal(number):,}" if number.replace(".", "", 1).isdecimal() else number
