"""The HTTP interface of breakdowns: asked with a token of a party that has the right."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from cohong.kernel.http import idempotent
from cohong.statistics.breakdowns import asking, rights
from cohong.statistics.breakdowns.asking import AnswerView
from cohong.statistics.breakdowns.counting import By

_CREATED = 201
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


class AnswerOut(Schema):
    """An answer."""

    id: UUID
    indicator: str
    year: str
    by: list[By]
    asked_at: datetime
    cells: list[CellOut]

    @classmethod
    def of(cls, one: AnswerView) -> "AnswerOut":
        """Show an answer."""
        cells = [
            CellOut(where=list(cell.where), value=None if cell.value is None else f"{cell.value:f}")
            for cell in one.cells
        ]
        return cls(
            id=one.id,
            indicator=one.indicator,
            year=one.year,
            by=list(one.by),
            asked_at=one.asked_at,
            cells=cells,
        )


class RightIn(Schema):
    """A right to ask; without a day it ends."""

    until: date | None = None
    reason: str = Field(max_length=400)


@router.post("/figures/breakdowns", response={_CREATED: AnswerOut}, operation_id="statistics_ask_breakdown")
@idempotent
def ask(request: HttpRequest, body: QuestionIn) -> Any:
    """Break a year's figure down beyond what is published. What would give a company away is withheld."""
    found = asking.ask(actor=request.auth, indicator=body.indicator, year=body.year, by=body.by)  # type: ignore[attr-defined]
    return _CREATED, AnswerOut.of(found)


@router.get("/figures/breakdowns", response=list[AnswerOut], operation_id="statistics_breakdowns")
def list_answers(request: HttpRequest) -> Any:
    """List what the party has asked."""
    return [AnswerOut.of(one) for one in asking.answers(actor=request.auth)]  # type: ignore[attr-defined]


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
