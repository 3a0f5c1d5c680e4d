"""Stating official figures: the act of the province's office."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cohong.kernel import clock, sets
from cohong.kernel.errors import BadInput, Refusal
from cohong.kernel.ids import named_id
from cohong.kernel.journal import Entry, append
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.statistics import documents
from cohong.statistics.access import WRITE, Level, Remit, remit_of
from cohong.statistics.indicators.definitions import Definition, Source, Unit, tree
from cohong.statistics.official.words import KEPT_BY, FigureState
from cohong.statistics.periods import Period
from cohong.statistics.reporting.refusals import WrongLevel
from cohong.statistics.units.shapes import RowFlaw

MOST_AT_ONCE: Final = 5_000
_LARGEST: Final = Decimal(10) ** 20
_PLACES: Final = 6
_PERCENT: Final = 100
_KEY: Final = ("series", "period", "region", "industry")
_COLUMNS: Final = (
    *("series", "period", "period_start", "period_end", "region", "industry", "version", "value", "status"),
    *("publisher", "source", "stated_at", "by_party", "by_user", "document"),
)
Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureDraft:
    """A figure to be stated. `value` is in the unit of the series, money in whole units of the currency; None takes it back."""

    series: str
    period: str
    value: Decimal | None
    publisher: str
    region: str = ""
    industry: str = ""
    status: FigureState = FigureState.FINAL
    source: str = ""


class FiguresFlawed(BadInput):
    """Some of the figures cannot be stated; none was."""

    message = _("{count} figures cannot be stated; nothing was taken in.")

    def __init__(self, *, flaws: Sequence[RowFlaw]) -> None:
        """Take what is wrong, figure by figure, counted from 1."""
        told = [
            {"number": one.row, "field": one.column, "code": one.code, "message": one.message}
            for one in flaws
        ]
        super().__init__(count=len(flaws), flaws=told)
        self.flaws = list(flaws)


class SeriesUnknown(BadInput):
    """No indicator is read from such figures."""

    message = _("“{code}” is no series of official figures.")


class FrequencyWrong(BadInput):
    """The series is not kept for periods this short."""

    message = _("{period}: this series is kept by the {frequency}, not for shorter periods.")


class FigureEarly(BadInput):
    """The period is not over."""

    message = _("{period} is not over.")


class RegionOfNation(BadInput):
    """The series is of the nation."""

    message = _("This series is of the nation as a whole: it has no region and no industry.")


class RegionTooSmall(BadInput):
    """Figures are of a province or a city."""

    message = _("Official figures are of a province or a city.")


class ValueOutOfRange(BadInput):
    """The value cannot be right."""

    message = _("{value} cannot be right.")


class FigureTwice(BadInput):
    """Two figures are of the same thing."""

    message = _("This figure is there twice, also as number {other}.")


class PeriodsOverlap(BadInput):
    """The series has a figure of a longer or a shorter period already, which would be counted twice."""

    message = _("There is a figure of {other} already, and {period} would be counted twice with it.")


@sets.act
def state_figures(*, actor: Actor, items: Sequence[FigureDraft]) -> int:
    """State official figures, or correct them; return how many are new or otherwise than before. All of them, or none.

    A correction is a new version; what was said stays. For the province's statistics authority. Raises MandateMissing,
    ScopeMissing, WrongLevel, FiguresFlawed.
    """
    return state_numbered(actor, list(enumerate(items, 1)))


def check_office(actor: Actor) -> Remit:
    """Make sure that the actor is of the province's statistics authority. Raises MandateMissing, ScopeMissing, WrongLevel."""
    remit = remit_of(actor, scope=WRITE)
    if remit.level is not Level.PROVINCE:
        raise WrongLevel
    return remit


def state_numbered(
    actor: Actor, numbered: Sequence[tuple[int, FigureDraft]], beside: Sequence[RowFlaw] = ()
) -> int:
    """State figures that have numbers of their own, such as rows of a file; `beside` is what was found wrong there already."""
    remit = check_office(actor)
    items = [one for _, one in numbered]
    if len(items) > MOST_AT_ONCE:
        raise ValueError(f"at most {MOST_AT_ONCE} figures at once")
    sets.fetch("select pg_advisory_xact_lock(hashtextextended('statistics.state_figures', 0))")
    checker = _Checker(items)
    flaws = list(beside)
    for number, one in numbered:
        try:
            checker.check(number, one)
            if one.region:
                remit.check(one.region)
        except Refusal as refusal:
            flaws.append(RowFlaw(row=number, column=checker.column, code=refusal.code, message=str(refusal)))
    if flaws:
        raise FiguresFlawed(flaws=sorted(flaws, key=lambda one: one.row))
    fresh = [one for one in items if checker.differs(one)]
    if fresh:
        _write(actor, fresh, checker)
    return len(fresh)


class _Checker:
    """Checks figures one by one, against each other and against what is there."""

    def __init__(self, items: Sequence[FigureDraft]) -> None:
        self.column = ""
        self._regions = {one.code: one.parent_code for one in parties.regions()}
        self._industries = {one.code for one in parties.industries()}
        self._numbers: dict[Key, int] = {}
        series = sorted({one.series for one in items})
        rows = sets.fetch(
            "select distinct on (series, period, region, industry) series, period, region, industry, version, value, status,"
            " publisher, source from statistics_official_figure where series = any(%s)"
            " order by series, period, region, industry, version desc",
            (series,),
        )
        self.known: dict[Key, tuple[Any, ...]] = {tuple(row[:4]): row for row in rows}
        self._spans: dict[tuple[str, str, str], set[str]] = {}
        for key, row in self.known.items():
            if row[5] is not None:
                self._spans.setdefault((key[0], key[2], key[3]), set()).add(key[1])

    def check(self, number: int, one: FigureDraft) -> None:
        """Raise what is wrong with a figure; `column` says where."""
        self.column = "series"
        definition = tree().by_code.get(one.series)
        if definition is None or definition.source is not Source.GIVEN:
            raise SeriesUnknown(code=one.series[:40])
        self.column = "period"
        period = _period(definition, one.period)
        self.column = "region"
        self._check_place(definition, one)
        self.column = "value"
        _check_value(definition, one.value)
        self.column = "publisher"
        parties.public_text(one.publisher, name="publisher", least=2, most=200)
        self.column = "source"
        parties.public_text(one.source, name="source", least=0, most=300)
        self.column = "period"
        key = key_of(one)
        other = self._numbers.setdefault(key, number)
        if other != number:
            raise FigureTwice(other=other)
        self._check_overlap(one, period)

    def _check_place(self, definition: Definition, one: FigureDraft) -> None:
        if definition.is_national:
            if one.region or one.industry:
                raise RegionOfNation
            return
        if one.region not in self._regions:
            raise parties.RegionUnknown(code=one.region[:40])
        above = self._regions[one.region]
        if above and self._regions.get(above):
            raise RegionTooSmall
        if one.industry and one.industry not in self._industries:
            raise parties.IndustryUnknown(code=one.industry[:40])

    def _check_overlap(self, one: FigureDraft, period: Period) -> None:
        spans = self._spans.setdefault((one.series, one.region, one.industry), set())
        if one.value is None:
            spans.discard(period.code)
            return
        for code in spans:
            other = Period.parse(code)
            if code != period.code and other.start <= period.end and period.start <= other.end:
                raise PeriodsOverlap(other=code, period=period.code)
        spans.add(period.code)

    def differs(self, one: FigureDraft) -> bool:
        """Tell whether a figure says something new."""
        row = self.known.get(key_of(one))
        if row is None:
            return one.value is not None
        return bool(row[5:] != (one.value, one.status.value, one.publisher.strip(), one.source.strip()))


def key_of(one: FigureDraft) -> Key:
    """Return what a figure is of."""
    return one.series, Period.parse(one.period).code, one.region, one.industry


def _period(definition: Definition, code: str) -> Period:
    period = Period.parse(code)
    if period.frequency.a_year > definition.frequency.a_year:
        raise FrequencyWrong(period=period.code, frequency=str(KEPT_BY[definition.frequency]))
    if period.end >= localdate(clock.now()):
        raise FigureEarly(period=period.code)
    return period


def _check_value(definition: Definition, value: Decimal | None) -> None:
    if value is None:
        return
    whole = {Unit.PERSONS, Unit.FIRMS, Unit.SITES, Unit.ORDERS, Unit.PIECES}
    exponent = value.as_tuple().exponent
    if (
        not value.is_finite()
        or value < 0
        or value >= _LARGEST
        or (isinstance(exponent, int) and -exponent > _PLACES)
        or (definition.unit in whole and value != value.to_integral_value())
        or (definition.unit is Unit.PERCENT and value > _PERCENT)
    ):
        raise ValueOutOfRange(value=value)


def _write(actor: Actor, fresh: Sequence[FigureDraft], checker: _Checker) -> None:
    now = clock.now()
    keys = [key_of(one) for one in fresh]
    versions = [checker.known[key][4] + 1 if key in checker.known else 1 for key in keys]
    body = documents.FiguresStated(
        figures=[
            documents.OfficialFigure(
                **dict(zip(_KEY, key, strict=True)),
                number=version,
                value="" if one.value is None else format(one.value, "f"),
                status=one.status.value,
                publisher=one.publisher.strip(),
                source=one.source.strip(),
            )
            for one, key, version in zip(fresh, keys, versions, strict=True)
        ]
    )
    [receipt] = append([Entry(subject=SUBJECT, issuer=actor.party_id, body=body)])
    rows = []
    for one, key, version in zip(fresh, keys, versions, strict=True):
        period = Period.parse(key[1])
        rows.append(
            (
                *(key[0], key[1], period.start, period.end, key[2], key[3], version, one.value),
                *(one.status.value, one.publisher.strip(), one.source.strip(), now),
                *(actor.party_id, actor.user_id, receipt.id),
            )
        )
    sets.insert("statistics_official_figure", _COLUMNS, rows)


SUBJECT: Final = named_id("statistics.official_figures")
