"""The HTTP interface of breakdowns: asked with a token of a party that has the right."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from cohong.kernel.http import idempotent
from cohong.statistics.breakdowns import asking, rights
from cohong.statistics.breakdowns.asking import QuestionState, QuestionView
from cohong.statistics.breakdowns.counting import By

_ACCEPTED = 202
router = Router()


class QuestionIn(Schema):
    """A breakdown that is asked for."""

    indicator: str = Field(max_length=60)
    year: str = Field(max_length=10)
    by: list[By] = Field(max_length=2)


class CellOut(Schema):
    """A cell: by what, in the order of `by`; no value where it is withheld."""

    where: list[str]
    value: str | None


class QuestionOut(Schema):
    """A question: `waiting` (with how many before it), `answered`, or `refused` as too fine."""

    id: UUID
    indicator: str
    year: str
    by: list[By]
    asked_at: datetime
    state: QuestionState
    ahead: int
    answered_at: datetime | None

    @classmethod
    def of(cls, one: QuestionView) -> "QuestionOut":
        """Show a question."""
        return cls(**{name: getattr(one, name) for name in QuestionOut.model_fields})


class AnswerOut(QuestionOut):
    """A question with its answer; it has no cells while it waits, or if it was refused."""

    cells: list[CellOut]

    @classmethod
    def of(cls, one: QuestionView) -> "AnswerOut":
        """Show a question and its answer."""
        cells = [
            CellOut(where=list(cell.where), value=None if cell.value is None else f"{cell.value:f}")
            for cell in one.cells
        ]
        return cls(**{name: getattr(one, name) for name in QuestionOut.model_fields}, cells=cells)


class RightIn(Schema):
    """A right to ask; without a day it ends."""

    until: date | None = None
    reason: str = Field(max_length=400)


@router.post(
    "/figures/breakdowns", response={_ACCEPTED: QuestionOut}, operation_id="statistics_ask_breakdown"
)
def ask(request: HttpRequest, body: QuestionIn) -> Any:
    """Have a year's figure broken down beyond what is published. `Location` is where the answer will be.

    What would give a company away is withheld from it.
    """
    answer = _ask(request, body)
    answer["Location"] = f"{request.path}/{json.loads(answer.content)['id']}"
    return answer


@idempotent
def _ask(request: HttpRequest, body: QuestionIn) -> Any:
    actor = request.auth  # type: ignore[attr-defined]
    id_ = asking.ask(actor=actor, indicator=body.indicator, year=body.year, by=body.by)
    return _ACCEPTED, QuestionOut.of(asking.question(actor=actor, question_id=id_))


@router.get("/figures/breakdowns", response=list[QuestionOut], operation_id="statistics_breakdowns")
def list_questions(request: HttpRequest) -> Any:
    """List what the party has asked, the newest first."""
    return [QuestionOut.of(one) for one in asking.questions(actor=request.auth)]  # type: ignore[attr-defined]


@router.get("/figures/breakdowns/{uuid:question_id}", response=AnswerOut, operation_id="statistics_breakdown")
def show_question(request: HttpRequest, question_id: UUID) -> Any:
    """Show a question and, once there is one, its answer."""
    return AnswerOut.of(asking.question(actor=request.auth, question_id=question_id))  # type: ignore[attr-defined]


@router.put(
    "/figures/rights/{uuid:party_id}", response={204: None}, operation_id="statistics_set_research_right"
)
@idempotent
def set_right(request: HttpRequest, party_id: UUID, body: RightIn) -> Any:
    """Grant a party the right to ask, or end it (the province's statistics office)."""
    actor = request.auth  # type: ignore[attr-defined]
    if body.until is None:
        rights.end_research(actor=actor, party_id=party_id, reason=body.reason)
    else:
        rights.grant_research(actor=actor, party_id=party_id, until=body.until, reason=body.reason)
    return 204, None
