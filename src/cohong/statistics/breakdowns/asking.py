"""Asking over the facts: an answer is screened against all that was published or ever answered, and is known from then on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from cohong.kernel import clock, journal, sets
from cohong.kernel.ids import new_id
from cohong.kernel.money import exponent
from cohong.parties.api import Actor
from cohong.statistics import documents
from cohong.statistics.breakdowns import rights
from cohong.statistics.breakdowns.counting import By, Counted, Spot, Where, count, is_askable, relatives
from cohong.statistics.breakdowns.refusals import (
    AnswerRefused,
    DimensionsWrong,
    NotBrokenDown,
    QuestionTooFine,
    TooManyQuestions,
    YearsOnly,
)
from cohong.statistics.disclosure import Row, screen
from cohong.statistics.figures.selecting import Choice, NothingPublished, choose, public
from cohong.statistics.indicators.definitions import Definition, Unit
from cohong.statistics.models import ResearchAnswer, ResearchCell
from cohong.statistics.periods import Frequency, Period

MOST_CELLS: Final = 400
MOST_AN_HOUR, MOST_A_DAY = 20, 60
_MOST_KNOWN: Final = 3_000
#: More take minutes to protect.
_MOST_ATOMS: Final = 1_000
_MOST_DIMENSIONS: Final = 2
_LOCK: Final = 0x61736B


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell of an answer: by what (in the order of the question), its value in the indicator's unit, None if it is withheld."""

    where: tuple[str, ...]
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer, as it was given."""

    id: UUID
    indicator: str
    year: str
    by: tuple[By, ...]
    asked_at: datetime
    cells: tuple[CellView, ...]


def ask(*, actor: Actor, indicator: str, year: str, by: Sequence[By]) -> AnswerView:
    """Break a year's figure down by one or two dimensions, as far as it gives no company away.

    Raises ScopeMissing, NoResearchRight, IndicatorUnknown, NotBrokenDown, DimensionsWrong, YearsOnly, TooManyQuestions,
    QuestionTooFine, AnswerRefused. Each question counts, also one that is refused as it would say too much; one above the limits
    changes nothing.
    """
    rights.check(actor)
    [one] = public([indicator])
    if not is_askable(one):
        raise NotBrokenDown
    if not 1 <= len(set(by)) == len(by) <= _MOST_DIMENSIONS:
        raise DimensionsWrong
    period = Period.parse(year)
    if period.frequency is not Frequency.YEAR:
        raise YearsOnly
    with transaction.atomic():
        # One at a time: two answers that do not know of each other could give away what neither does.
        sets.fetch("select pg_advisory_xact_lock(%s)", (_LOCK,))
        _check_pace(actor)
        cells, refused = _screened(one, period, by)
        answer = _keep(actor, one, period, by, cells, refused=refused)
    if refused:
        raise AnswerRefused
    return answer


def _check_pace(actor: Actor) -> None:
    now = clock.now()
    for most, since in ((MOST_AN_HOUR, timedelta(hours=1)), (MOST_A_DAY, timedelta(days=1))):
        if ResearchAnswer.objects.filter(party_id=actor.party_id, asked_at__gt=now - since).count() >= most:
            raise TooManyQuestions(most=most)


def _screened(
    one: Definition, period: Period, by: Sequence[By]
) -> tuple[list[tuple[Where, int | None]], bool]:
    kin = relatives(one)
    known = _published(kin, period) + _answered(kin, period)
    if len(known) > _MOST_KNOWN:
        raise QuestionTooFine
    counted = count(one, period.start.year, by, known)
    shape = tuple(sorted(by))
    wanted = sorted(
        (
            spot
            for spot in counted.spots
            if spot.indicator == one.code and tuple(n for n, _ in spot.where) == shape
        ),
        key=lambda spot: spot.where,
    )
    if len(wanted) > MOST_CELLS:
        raise QuestionTooFine
    if set(wanted) <= set(known):
        # All of it is known already, and may be told again.
        return [(spot.where, _value(counted, spot)) for spot in wanted], False
    if len(counted.contributions) > _MOST_ATOMS:
        raise QuestionTooFine
    found = screen(
        [Row(counted.spots[spot]) for spot in wanted],
        atoms={atom: counted.facts([atom]) for atom in counted.contributions},
        earlier=[Row(counted.spots[spot]) for spot in known if spot in counted.spots],
        measure=counted.facts,
    )
    shown = [
        _value(counted, spot) if shows else None for spot, shows in zip(wanted, found.shown, strict=True)
    ]
    return [(spot.where, value) for spot, value in zip(wanted, shown, strict=True)], found.refused


def _value(counted: Counted, spot: Spot) -> int:
    return counted.facts(counted.spots[spot]).value


def _published(kin: Sequence[Definition], period: Period) -> list[Spot]:
    """Return the cells of the year that the newest release shows; at the region's top they are the total."""
    try:
        chosen = choose(
            Choice(
                indicators=tuple(one.code for one in kin),
                frequencies=(Frequency.YEAR,),
                regions=None,
                industries=None,
                markets=None,
                first=period.code,
                last=period.code,
            )
        )
    except NothingPublished:
        return []
    from cohong.statistics.observing.computing import places  # noqa: PLC0415 - with the facts

    cities = {place.code for place in places() if place.city == place.code}
    found = []
    for one in chosen.figures:
        if one.withheld or (one.region and one.region not in cities):
            continue
        named = {"region": one.region, "industry": one.industry, "market": one.market}
        found.append(Spot(one.indicator, tuple(sorted((name, code) for name, code in named.items() if code))))
    return found


def _answered(kin: Sequence[Definition], period: Period) -> list[Spot]:
    rows = ResearchCell.objects.filter(
        answer__indicator__in=[one.code for one in kin], answer__period=period.code, value__isnull=False
    ).values_list("answer__indicator", "where")
    return list(
        dict.fromkeys(Spot(code, tuple((name, value) for name, value in where)) for code, where in rows)
    )


def _keep(
    actor: Actor,
    one: Definition,
    period: Period,
    by: Sequence[By],
    cells: Sequence[tuple[Where, int | None]],
    *,
    refused: bool,
) -> AnswerView:
    scale = exponent(settings.COHONG_CURRENCY) if one.unit is Unit.MONEY else 0
    values = [None if value is None or refused else Decimal(value).scaleb(-scale) for _where, value in cells]
    shown = sum(value is not None for value in values)
    id_, now = new_id(), clock.now()
    body = documents.BreakdownAnswered(
        indicator=one.code, period=period.code, by=list(by), cells=len(cells), shown=shown, refused=refused
    )
    [receipt] = journal.append([journal.Entry(subject=id_, issuer=actor.party_id, body=body)])
    answer = ResearchAnswer.objects.create(
        id=id_,
        party_id=actor.party_id,
        user_id=actor.user_id,
        indicator=one.code,
        period=period.code,
        by=list(by),
        refused=refused,
        asked_at=now,
        document=receipt.id,
    )
    if not refused:
        ResearchCell.objects.bulk_create(
            ResearchCell(answer=answer, where=[list(pair) for pair in where], value=value)
            for (where, _minor), value in zip(cells, values, strict=True)
        )
    return _view(answer, [(where, value) for (where, _minor), value in zip(cells, values, strict=True)])


def answers(*, actor: Actor, limit: int = 20) -> list[AnswerView]:
    """List what the party has asked and was answered, the newest first."""
    rights.check(actor)
    rows = ResearchAnswer.objects.filter(party_id=actor.party_id, refused=False).order_by("-id")[:limit]
    found = rows.prefetch_related("cells")
    return [_view(row, [(one.where, one.value) for one in row.cells.all()]) for row in found]


def _view(row: ResearchAnswer, cells: Sequence[tuple[Any, Decimal | None]]) -> AnswerView:
    by = tuple(By(one) for one in row.by)
    laid = [CellView(tuple(dict(where)[one.value] for one in by), value) for where, value in cells]
    return AnswerView(
        row.id, row.indicator, row.period, by, row.asked_at, tuple(sorted(laid, key=lambda one: one.where))
    )
