"""Official figures as a file: a template with what stands so far, and all of a file taken in, or nothing of it."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from unicodedata import normalize

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from cohong.catalog import api as catalog
from cohong.kernel import sets
from cohong.kernel.errors import BadInput, Refusal
from cohong.parties import api as parties
from cohong.parties.api import Actor, Names
from cohong.statistics import lists
from cohong.statistics.indicators.definitions import Unit
from cohong.statistics.official import reading, stating
from cohong.statistics.official.stating import FigureDraft, SeriesUnknown
from cohong.statistics.official.words import FigureState
from cohong.statistics.sdmx.structures import unit_names
from cohong.statistics.units.shapes import RowFlaw

COLUMNS: Final[dict[str, str | Promise]] = {
    "series": pgettext_lazy("list column", "Series"),
    "unit": pgettext_lazy("list column", "Measured in"),
    "period": pgettext_lazy("list column", "Period"),
    "region": pgettext_lazy("list column", "Region"),
    "industry": pgettext_lazy("list column", "Industry"),
    "value": pgettext_lazy("list column", "Value"),
    "status": pgettext_lazy("list column", "Called"),
    "publisher": pgettext_lazy("list column", "Publisher"),
    "source": pgettext_lazy("list column", "Where it can be read"),
}
"""A file's columns; their headings are taken in any of the three languages, or as these codes. The unit is for people only."""
_NEEDED: Final = ("series", "period", "value", "publisher")
_WIDTHS: Final = (44, 12, 12, 16, 16, 20, 12, 28, 44)
_TO_FILL: Final = frozenset(place for place, code in enumerate(COLUMNS) if code not in {"series", "unit"})


class NumberUnreadable(BadInput):
    """What was typed is no number."""

    message = _("“{value}” is no number.")


class NothingStated(BadInput):
    """No row of a file has a value."""

    message = _("No row of the file has a value.")


def read_number(text: str) -> Decimal:
    """Read a number as people type it: with commas or spaces between thousands, in full-width digits. Raises NumberUnreadable."""
    plain = normalize("NFKC", text).replace(",", "").replace(" ", "")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise NumberUnreadable(value=text[:40]) from None
    if not value.is_finite():
        raise NumberUnreadable(value=text[:40])
    return value


def figures_template(
    *,
    actor: Actor,
    format: str = "xlsx",  # noqa: A002 - what everyone calls it
    language: str = "zh-hans",
    series: str = "",
    period: str = "",
) -> bytes:
    """Make the file to state figures in: the newest that stand, of a series or period, and a row for each series that has none.

    For the province's statistics authority. Raises MandateMissing, ScopeMissing, WrongLevel.
    """
    stating.check_office(actor)
    chosen = [one for one in reading.figure_series() if series in {"", one.code}]
    own = reading.own_region(actor=actor)
    with override(language):
        units = unit_names()
        regions = {one.code: one.names.shown(language) for one in parties.regions()}
        industries = {one.code: one.names.shown(language) for one in parties.industries()}
        lines = [[str(label) for label in COLUMNS.values()]]
        for one in chosen:
            name, unit = str(one.names), units[one.unit.value]
            if one.unit is Unit.MONEY:
                unit = f"{unit} ({settings.COHONG_CURRENCY})"
            standing = reading.official_figures(series=one.code, period=period, limit=stating.MOST_AT_ONCE)
            lines += [
                [
                    *(name, unit, figure.period, regions.get(figure.region, figure.region)),
                    *(industries.get(figure.industry, figure.industry), _written(figure.value)),
                    *(str(figure.status.label), figure.publisher, figure.source),
                ]
                for figure in standing[: stating.MOST_AT_ONCE // len(chosen)]
            ]
            if not standing:
                place = "" if one.is_national else regions.get(own, "")
                lines.append([name, unit, period, place, "", "", str(FigureState.FINAL.label), "", ""])
    if format == "csv":
        return lists.as_csv(lines)
    return lists.as_xlsx(
        lines,
        title="figures",
        widths=_WIDTHS,
        freeze="B2",
        is_head=lambda at: at == 0,
        is_to_fill=lambda at, place: at > 0 and place in _TO_FILL,
    )


def _written(value: Decimal | None) -> str:
    return "" if value is None else format(value.normalize(), "f")


@dataclass(frozen=True, slots=True)
class FiguresTaken:
    """What a file brought: how many figures stood in it, and how many of them are new or otherwise than before."""

    figures: int
    changed: int


@sets.act
def upload_figures(*, actor: Actor, content: bytes, filename: str) -> FiguresTaken:
    """State figures, or correct them, from a file: CSV (UTF-8, UTF-16, GB18030) or XLSX; all of it, or with any flaw nothing.

    A row without a value is passed over. For the province's statistics authority. Raises FiguresFlawed (rows as a spreadsheet
    program counts them), NothingStated, ListEmpty, ColumnMissing, ColumnTwice, what a file is refused for, MandateMissing,
    ScopeMissing, WrongLevel.
    """
    stating.check_office(actor)
    rows = catalog.read_table(content, filename)
    reader = _Reader(lists.heads(rows, COLUMNS, needed=_NEEDED))
    for row in rows[1:]:
        reader.take(row)
    if not reader.found and not reader.flaws:
        raise NothingStated
    changed = stating.state_numbered(actor, reader.found, reader.flaws)
    return FiguresTaken(figures=len(reader.found), changed=changed)


class _Reader:
    """Reads rows one by one, gathering what is stated and what is wrong."""

    def __init__(self, heads: dict[str, int]) -> None:
        self.found: list[tuple[int, FigureDraft]] = []
        self.flaws: list[RowFlaw] = []
        self._heads = heads
        self._series = lists.by_name([(one.code, _names(one.names)) for one in reading.figure_series()])
        # A name that a district shares with a city means the city: official figures are of nothing smaller.
        regions = parties.regions()
        tops = {one.code for one in regions if not one.parent_code}
        regions = sorted(regions, key=lambda one: bool(one.parent_code and one.parent_code not in tops))
        self._regions = lists.by_name([(one.code, one.names) for one in regions])
        self._industries = lists.by_name([(one.code, one.names) for one in parties.industries()])

    def take(self, row: catalog.TableRow) -> None:
        """Read a row."""
        cells = {code: row.cells[at] if at < len(row.cells) else "" for code, at in self._heads.items()}
        for place, fault in row.faults.items():
            column = next((code for code, at in self._heads.items() if at == place), "")
            if column:
                self._flaw(row, column, fault)
                return
        if not cells["value"]:
            return
        column = "series"
        try:
            series = lists.coded(cells["series"], self._series, SeriesUnknown)
            column = "region"
            region = lists.coded(cells.get("region", ""), self._regions, parties.RegionUnknown)
            column = "industry"
            industry = lists.coded(cells.get("industry", ""), self._industries, parties.IndustryUnknown)
            column = "status"
            status = lists.choice(FigureState, cells.get("status", ""))
            column = "value"
            value = read_number(cells["value"])
        except Refusal as refusal:
            self._flaw(row, column, refusal)
            return
        draft = FigureDraft(
            series=series,
            period=cells["period"].strip(),
            value=value,
            publisher=cells["publisher"],
            region=region,
            industry=industry,
            status=FigureState(status) if status else FigureState.FINAL,
            source=cells.get("source", ""),
        )
        self.found.append((row.number, draft))

    def _flaw(self, row: catalog.TableRow, column: str, refusal: Refusal) -> None:
        self.flaws.append(RowFlaw(row=row.number, column=column, code=refusal.code, message=str(refusal)))


def _names(texts: Any) -> Names:
    return Names(texts.zh_hans, texts.zh_hant, texts.en)
