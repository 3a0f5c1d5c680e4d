"""Answering what was asked over the facts: screened against all that was published or ever answered, and known from then on.

One question is answered at a time, in one transaction. Killed at any point, its job is run again and finds it as it was.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from cohong.kernel import clock, journal, sets
from cohong.kernel.money import exponent
from cohong.parties.api import SYSTEM, Actor
from cohong.statistics import documents
from cohong.statistics.access import SystemOnly
from cohong.statistics.breakdowns.counting import By, Counted, Spot, Where, count, relatives
from cohong.statistics.breakdowns.refusals import QuestionTooFine
from cohong.statistics.disclosure import Row, screen
from cohong.statistics.figures.selecting import Choice, NothingPublished, choose
from cohong.statistics.indicators.definitions import Definition, Unit, tree
from cohong.statistics.models import ResearchAnswer, ResearchCell, ResearchQuestion
from cohong.statistics.observing.computing import places
from cohong.statistics.periods import Frequency, Period

MOST_CELLS: Final = 400
_MOST_KNOWN: Final = 3_000
#: More take minutes to protect.
_MOST_ATOMS: Final = 2_000
_LOCK: Final = 0x61736B
Told = Sequence[tuple[Where, Decimal | None]]


def answer(*, actor: Actor, question_id: UUID) -> None:
    """Answer a question, as far as it gives no company away; one that has its answer keeps it. Raises SystemOnly."""
    if not actor.is_system:
        raise SystemOnly
    with transaction.atomic():
        # One at a time: two answers that do not know of each other could give away what neither does.
        sets.fetch("select pg_advisory_xact_lock(%s)", (_LOCK,))
        if ResearchAnswer.objects.filter(question_id=question_id).exists():
            return
        asked = ResearchQuestion.objects.get(id=question_id)
        one, period = tree().by_code[asked.indicator], Period.parse(asked.period)
        try:
            cells = _screened(one, period, [By(each) for each in asked.by])
        except QuestionTooFine:
            _keep(asked, (), refused=True)
        else:
            scale = exponent(settings.COHONG_CURRENCY) if one.unit is Unit.MONEY else 0
            told = [
                (where, None if value is None else Decimal(value).scaleb(-scale)) for where, value in cells
            ]
            _keep(asked, told, refused=False)


def _screened(one: Definition, period: Period, by: Sequence[By]) -> list[tuple[Where, int | None]]:
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
        return [(spot.where, _value(counted, spot)) for spot in wanted]
    if len(counted.contributions) > _MOST_ATOMS:
        raise QuestionTooFine
    found = screen(
        [Row(counted.spots[spot]) for spot in wanted],
        atoms={atom: counted.facts([atom]) for atom in counted.contributions},
        earlier=[Row(counted.spots[spot]) for spot in known if spot in counted.spots],
        measure=counted.facts,
    )
    if found.refused:
        raise QuestionTooFine
    return [
        (spot.where, _value(counted, spot) if shows else None)
        for spot, shows in zip(wanted, found.shown, strict=True)
    ]


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
        answer__question__indicator__in=[one.code for one in kin],
        answer__question__period=period.code,
        value__isnull=False,
    ).values_list("answer__question__indicator", "where")
    return list(
        dict.fromkeys(Spot(code, tuple((name, value) for name, value in where)) for code, where in rows)
    )


def _keep(asked: ResearchQuestion, told: Told, *, refused: bool) -> None:
    body = documents.BreakdownAnswered(
        indicator=asked.indicator,
        period=asked.period,
        by=asked.by,
        cells=len(told),
        shown=sum(value is not None for _where, value in told),
        refused=refused,
        digest=digest(told),
    )
    entry = journal.Entry(
        subject=asked.id,
        issuer=SYSTEM.party_id,
        body=body,
        visible_to=[asked.party_id],
        answers=[asked.document],
    )
    [receipt] = journal.append([entry])
    kept = ResearchAnswer.objects.create(
        question=asked, refused=refused, answered_at=clock.now(), document=receipt.id
    )
    ResearchCell.objects.bulk_create(
        ResearchCell(answer=kept, where=[list(pair) for pair in where], value=value) for where, value in told
    )


def digest(told: Iterable[tuple[Sequence[Sequence[str]], Decimal | None]]) -> str:
    """Return the SHA-256 of an answer's cells, in their order: a line each, what it is restricted to and its value."""
    found = hashlib.sha256()
    for where, value in told:
        said = "" if value is None else f"{value.normalize():f}"
        found.update(f"{json.dumps(where, ensure_ascii=False)}\t{said}\n".encode())
    return found.hexdigest()
