"""What the HTTP interface of the register and of reporting takes and gives."""

import base64
import binascii
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema

from cohong.kernel.errors import BadInput
from cohong.parties.api import Names
from cohong.statistics.forms.checking import Finding
from cohong.statistics.forms.definitions import Form
from cohong.statistics.reporting.files import as_texts
from cohong.statistics.reporting.shapes import ReportRow, ReportView
from cohong.statistics.units.shapes import MatchView, UnitDraft, UnitView
from cohong.statistics.units.words import PlatformKind, SizeClass, UnitKind

_CELL = Annotated[str, Field(max_length=1000)]


class NamesOut(Schema):
    """A name in three languages."""

    zh_hans: str
    zh_hant: str
    en: str

    @classmethod
    def of(cls, names: Names) -> Self:
        """Read a name."""
        return cls(zh_hans=names.zh_hans, zh_hant=names.zh_hant, en=names.en)


class UnitIn(Schema):
    """A unit as it is stated; what is not known is left out."""

    name: str = Field(max_length=400)
    kind: UnitKind = UnitKind.ENTERPRISE
    platform: PlatformKind | None = None
    credit_code: str = Field("", max_length=40)
    industry_code: str = Field("", max_length=40)
    region_code: str = Field("", max_length=40)
    size_class: SizeClass | None = None
    on: date
    reason: str = Field(max_length=1000)

    def draft(self) -> UnitDraft:
        """Return it as the register takes it."""
        return UnitDraft(**self.model_dump(exclude={"on", "reason"}))


class HappenedIn(Schema):
    """On which day something happened to a unit, and why it is entered; `into` is the other unit of a merger."""

    on: date
    reason: str = Field(max_length=1000)
    into: UUID | None = None


class ReasonIn(Schema):
    """Why it is done."""

    reason: str = Field(max_length=2000)
    revision: int | None = Field(None, strict=True)


class DecisionIn(Schema):
    """Whether two are the same."""

    same: bool = Field(strict=True)
    reason: str = Field(max_length=1000)


class FileNotBase64(BadInput):
    """A file is not written as base64."""

    message = _("A file has to be written as base64.")


class FileIn(Schema):
    """A file in base64, CSV or XLSX."""

    filename: str = Field(max_length=200)
    content: str = Field(max_length=6_000_000)

    def read(self) -> bytes:
        """Return the file. Raises FileNotBase64."""
        try:
            return base64.b64decode(self.content, validate=True)
        except (binascii.Error, ValueError) as error:
            raise FileNotBase64 from error


class ListIn(FileIn):
    """An administrative list of units, as of a day."""

    list_name: str = Field(max_length=200)
    on: date
    reason: str = Field(max_length=1000)


class UnitOut(Schema):
    """A unit as it is, or was on a day."""

    id: UUID
    code: str
    party_id: UUID | None
    duplicate_of: UUID | None
    name: str
    kind: str
    platform: str | None
    credit_code: str
    industry_code: str
    region_code: str
    size_class: str | None
    since: date
    until: date | None
    is_open: bool

    @classmethod
    def of(cls, view: UnitView) -> Self:
        """Read a unit."""
        return cls(**{name: getattr(view, name) for name in cls.model_fields})


class UnitIdOut(Schema):
    """Which unit it is."""

    unit_id: UUID


class FlawOut(Schema):
    """What is wrong in a row of a list."""

    row: int
    column: str
    code: str
    message: str


class ListOut(Schema):
    """What became of a list; with any flaw nothing was taken in."""

    rows: int
    opened: int
    matched: int
    doubtful: int
    told_before: int
    flaws: list[FlawOut]


class MatchOut(Schema):
    """A question: is what a source knows this unit? `score` is in thousandths."""

    id: UUID
    source: str
    name: str
    credit_code: str
    region_code: str
    unit: UnitOut
    score: int
    state: str

    @classmethod
    def of(cls, view: MatchView) -> Self:
        """Read a question."""
        found = view.found
        return cls(
            id=view.id,
            source=found.source.value,
            name=found.draft.name,
            credit_code=found.draft.credit_code,
            region_code=found.draft.region_code,
            unit=UnitOut.of(view.unit),
            score=view.score,
            state=view.state.value,
        )


# --- forms -----------------------------------------------------------------------------------------------


class FieldOut(Schema):
    """A field of a form."""

    code: str
    names: NamesOut
    kind: str
    measure: str
    required: bool
    decimals: int
    options: list[str]


class TableOut(Schema):
    """A table of a form; `rows`: regions, industries, listed, or "" for one without."""

    code: str
    names: NamesOut
    rows: str
    fields: list[FieldOut]


class CheckOut(Schema):
    """A rule that has to hold; a query may be explained, an error may not."""

    code: str
    severity: str
    rule: str
    each: str
    text: NamesOut


class FormOut(Schema):
    """A form, whole."""

    code: str
    version: int
    names: NamesOut
    hint: NamesOut
    frequency: str
    days: int
    kinds: list[str]
    sizes: list[str]
    sub_forms: list[str]
    tables: list[TableOut]
    checks: list[CheckOut]

    @classmethod
    def of(cls, form: Form) -> Self:
        """Read a form."""
        return cls(
            code=form.code,
            version=form.version,
            names=NamesOut.of(form.names),
            hint=NamesOut.of(form.hint),
            frequency=form.frequency.value,
            days=form.days,
            kinds=[one.value for one in form.kinds],
            sizes=[one.value for one in form.sizes],
            sub_forms=list(form.sub_forms),
            tables=[
                TableOut(
                    code=table.code,
                    names=NamesOut.of(table.names),
                    rows=table.rows.value,
                    fields=[
                        FieldOut(
                            code=field.code,
                            names=NamesOut.of(field.names),
                            kind=field.kind.value,
                            measure=field.measure,
                            required=field.required,
                            decimals=field.decimals,
                            options=[option.code for option in field.options],
                        )
                        for field in table.fields
                    ],
                )
                for table in form.tables
            ],
            checks=[
                CheckOut(
                    code=one.code,
                    severity=one.severity.value,
                    rule=one.rule.text,
                    each=one.each,
                    text=NamesOut.of(one.text),
                )
                for one in form.checks
            ],
        )


# --- reports ---------------------------------------------------------------------------------------------


class ContentsIn(Schema):
    """What is filled in: a text for each field without rows, texts by row for one with; explanations by `key` of the finding."""

    contents: dict[str, _CELL | dict[str, _CELL]] = Field(max_length=500)
    explanations: dict[str, _CELL] | None = Field(None, max_length=500)
    revision: int | None = Field(None, strict=True)


class RevisionIn(Schema):
    """The revision that was looked at; left out, whatever it is."""

    revision: int | None = Field(None, strict=True)


class FindingOut(Schema):
    """What is wrong (error), or has to be explained under `key` (query)."""

    code: str
    severity: str
    field: str
    row: str
    key: str
    message: str

    @classmethod
    def of(cls, one: Finding) -> Self:
        """Read a finding."""
        return cls(
            code=one.code,
            severity=one.severity.value,
            field=one.field,
            row=one.row,
            key=one.key,
            message=one.message,
        )


class ReportRowOut(Schema):
    """A report on a list."""

    id: UUID
    unit_id: UUID
    unit_code: str
    unit_name: str
    region_code: str
    form: str
    period: str
    due_on: date
    state: str
    version: int
    approved_version: int
    late: bool
    submitted_at: datetime | None

    @classmethod
    def of(cls, row: ReportRow) -> Self:
        """Read a row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class VersionOut(Schema):
    """A version that was submitted, and the SHA-256 that was signed for."""

    number: int
    digest: str
    contents: dict[str, Any]
    explanations: dict[str, str]
    signer: str
    way: str
    submitted_at: datetime
    document: UUID


class StepOut(Schema):
    """A step of a report's life."""

    act: str
    state: str
    version: int
    reason: str
    at: datetime


class ReportOut(ReportRowOut):
    """A report, whole."""

    form_version: int
    revision: int
    contents: dict[str, Any]
    explanations: dict[str, str]
    findings: list[FindingOut]
    versions: list[VersionOut]
    steps: list[StepOut]
    acts: list[str]

    @classmethod
    def seen(cls, view: ReportView) -> Self:
        """Read a report."""
        row = {name: getattr(view.row, name) for name in ReportRowOut.model_fields}
        return cls(
            **row,
            form_version=view.form.version,
            revision=view.revision,
            contents=as_texts(view.contents),
            explanations=dict(view.explanations),
            findings=[FindingOut.of(one) for one in view.findings],
            versions=[
                VersionOut(
                    number=one.number,
                    digest=one.digest,
                    contents=as_texts(one.contents),
                    explanations=dict(one.explanations),
                    signer=one.signer,
                    way=one.way.value,
                    submitted_at=one.submitted_at,
                    document=one.document,
                )
                for one in view.versions
            ],
            steps=[
                StepOut(act=one.act, state=one.state.value, version=one.version, reason=one.reason, at=one.at)
                for one in view.steps
            ],
            acts=list(view.acts),
        )


class OpenIn(Schema):
    """Of which form and period the reports are opened."""

    form: str = Field(max_length=16)
    period: str = Field(max_length=12)


class CountOut(Schema):
    """How many."""

    count: int
