"""Asking over the facts: a question is checked and queued, answered in the background, and read by who asked it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import pgettext_lazy

from cohong.kernel import clock, jobs, journal, sets
from cohong.kernel.ids import new_id
from cohong.parties.api import Actor
from cohong.statistics import documents
from cohong.statistics.breakdowns import rights
from cohong.statistics.breakdowns.counting import By, is_askable
from cohong.statistics.breakdowns.refusals import (
    DimensionsWrong,
    NoSuchQuestion,
    NotBrokenDown,
    TooManyQuestions,
    YearsOnly,
)
from cohong.statistics.figures.selecting import public
from cohong.statistics.models import ResearchAnswer, ResearchCell, ResearchQuestion
from cohong.statistics.periods import Frequency, Period

MOST_AN_HOUR, MOST_A_DAY = 20, 60
_MOST_DIMENSIONS: Final = 2


class QuestionState(StrEnum):
    """Where a question stands."""

    WAITING = "waiting"
    ANSWERED = "answered"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """Return its name in the reader's language."""
        return str(_LABELS[self])


_LABELS: Final = {
    QuestionState.WAITING: pgettext_lazy("question", "Waiting"),
    QuestionState.ANSWERED: pgettext_lazy("question", "Answered"),
    QuestionState.REFUSED: pgettext_lazy("question", "Too fine"),
}


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell of an answer: by what (in the order of the question), its value in the indicator's unit, None if it is withheld."""

    where: tuple[str, ...]
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question: what was asked, where it stands, how many are before it while it waits, and its answer once there is one."""

    id: UUID
    indicator: str
    year: str
    by: tuple[By, ...]
    asked_at: datetime
    state: QuestionState
    ahead: int = 0
    answered_at: datetime | None = None
    cells: tuple[CellView, ...] = ()

    @property
    def withheld(self) -> int:
        """Return how many cells are not shown."""
        return sum(cell.value is None for cell in self.cells)


@sets.act
def ask(*, actor: Actor, indicator: str, year: str, by: Sequence[By]) -> UUID:
    """Ask for a year's figure by one or two dimensions; return the question's id. `answering.answer` answers it, as a job.

    Raises ScopeMissing, NoResearchRight, IndicatorUnknown, NotBrokenDown, DimensionsWrong, PeriodWrong, YearsOnly,
    TooManyQuestions. Each question counts, also one that turns out to be too fine.
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
    _check_pace(actor)
    id_ = new_id()
    body = documents.BreakdownAsked(indicator=one.code, period=period.code, by=list(by))
    [receipt] = journal.append([journal.Entry(subject=id_, issuer=actor.party_id, body=body)])
    ResearchQuestion.objects.create(
        id=id_,
        party_id=actor.party_id,
        user_id=actor.user_id,
        indicator=one.code,
        period=period.code,
        by=list(by),
        asked_at=clock.now(),
        document=receipt.id,
    )
    jobs.defer("statistics.answer_breakdown", lock="statistics.breakdowns", question_id=str(id_))
    return id_


def _check_pace(actor: Actor) -> None:
    # Two at once would both find room.
    sets.fetch("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"breakdowns {actor.party_id}",))
    now = clock.now()
    mine = ResearchQuestion.objects.filter(party_id=actor.party_id)
    for most, since in ((MOST_AN_HOUR, timedelta(hours=1)), (MOST_A_DAY, timedelta(days=1))):
        if mine.filter(asked_at__gt=now - since).count() >= most:
            raise TooManyQuestions(most=most)


def questions(*, actor: Actor, limit: int = 20) -> list[QuestionView]:
    """List what the party has asked, the newest first, without the answers' cells. Raises ScopeMissing, NoResearchRight."""
    rights.check(actor)
    mine = ResearchQuestion.objects.filter(party_id=actor.party_id).select_related("answer")
    return [_view(row, []) for row in mine.order_by("-id")[:limit]]


def question(*, actor: Actor, question_id: UUID) -> QuestionView:
    """Return one of the party's questions, with its answer. Raises ScopeMissing, NoResearchRight, NoSuchQuestion."""
    rights.check(actor)
    mine = ResearchQuestion.objects.filter(party_id=actor.party_id).select_related("answer")
    row = mine.prefetch_related(Prefetch("answer__cells", ResearchCell.objects.order_by("id"))).filter(
        id=question_id
    )
    found = row.first()
    if found is None:
        raise NoSuchQuestion
    answer = _answer_of(found)
    return _view(found, list(answer.cells.all()) if answer is not None else [])


def _answer_of(row: ResearchQuestion) -> ResearchAnswer | None:
    return row.answer if hasattr(row, "answer") else None


def _view(row: ResearchQuestion, cells: Sequence[ResearchCell]) -> QuestionView:
    by = tuple(By(one) for one in row.by)
    answer = _answer_of(row)
    state, ahead = QuestionState.WAITING, 0
    if answer is not None:
        state = QuestionState.REFUSED if answer.refused else QuestionState.ANSWERED
    else:
        ahead = ResearchQuestion.objects.filter(answer=None, id__lt=row.id).count()
    laid = [CellView(tuple(dict(one.where)[each.value] for each in by), one.value) for one in cells]
    return QuestionView(
        id=row.id,
        indicator=row.indicator,
        year=row.period,
        by=by,
        asked_at=row.asked_at,
        state=state,
        ahead=ahead,
        answered_at=answer.answered_at if answer is not None else None,
        cells=tuple(sorted(laid, key=lambda one: one.where)),
    )
