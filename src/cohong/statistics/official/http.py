"""The HTTP interface of official figures: what was stated, for everyone; stating and correcting, for the province's office."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Field, Query, Router, Schema

from cohong.kernel.http import idempotent
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.statistics.http_schemas import FileIn
from cohong.statistics.lists import XLSX
from cohong.statistics.official import lists, reading, stating
from cohong.statistics.official.reading import FigureView
from cohong.statistics.official.words import FigureState

router = Router(tags=["statistics"], auth=parties.TokenAuth())
_Code = Annotated[str, Field(max_length=60)]
_MOST: int = 500


class FigureIn(Schema):
    """A figure in the unit of its series, money in whole units of the currency; without a value it is taken back."""

    series: _Code
    period: _Code
    region: _Code = ""
    industry: _Code = ""
    value: Annotated[Decimal, Field(max_digits=28, decimal_places=6)] | None
    status: FigureState = FigureState.FINAL
    publisher: str = Field(max_length=200)
    source: str = Field("", max_length=300)


class FiguresIn(Schema):
    """Figures to be stated: all of them, or none."""

    figures: list[FigureIn] = Field(min_length=1, max_length=stating.MOST_AT_ONCE)


class StatedOut(Schema):
    """How many figures are new, or otherwise than before."""

    changed: int


class FigureOut(FigureIn):
    """A version of a figure."""

    version: int
    stated_at: datetime

    @classmethod
    def of(cls, one: FigureView) -> Self:
        """Read a figure."""
        return cls(**{name: getattr(one, name) for name in cls.model_fields})


@router.get(
    "/official-figures", response=list[FigureOut], auth=None, operation_id="statistics_official_figures"
)
def list_figures(
    request: HttpRequest,  # noqa: ARG001 - public, asks nothing of it
    *,
    series: _Code = "",
    period: _Code = "",
    region: _Code | None = None,
    limit: Annotated[int, Field(ge=1, le=_MOST)] = 100,
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0,
) -> Any:
    """List official figures as they stand, newest period first."""
    found = reading.official_figures(series=series, period=period, region=region, limit=limit, offset=offset)
    return [FigureOut.of(one) for one in found]


@router.get("/official-figures/template", operation_id="statistics_figures_template")
def get_template(
    request: HttpRequest,
    *,
    format: Annotated[str, Query(pattern="^(xlsx|csv)$")] = "xlsx",  # noqa: A002 - as it is called
    series: _Code = "",
    period: _Code = "",
) -> HttpResponse:
    """Download the file to state figures in, as `xlsx` or `csv`: what stands so far, and a row for what does not."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    content = lists.figures_template(
        actor=actor, format=format, language=get_language() or "zh-hans", series=series, period=period
    )
    kind = XLSX if format == "xlsx" else "text/csv; charset=utf-8"
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="official-figures.{format}"'
    return answer


@router.post("/official-figures/file", response=StatedOut, operation_id="statistics_upload_figures")
@idempotent
def upload_figures(request: HttpRequest, body: FileIn) -> Any:
    """State figures from a filled-in template: all of it, or nothing. For the province's statistics authority."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    taken = lists.upload_figures(actor=actor, content=body.read(), filename=body.filename)
    return StatedOut(changed=taken.changed)


@router.get(
    "/official-figures/{series}/{period}",
    response=list[FigureOut],
    auth=None,
    operation_id="statistics_official_figure",
)
def show_figure(
    request: HttpRequest,  # noqa: ARG001 - public, asks nothing of it
    series: str,
    period: str,
    *,
    region: _Code = "",
    industry: _Code = "",
) -> Any:
    """Show all versions of a figure, the first one first."""
    found = reading.figure_history(series=series, period=period, region=region, industry=industry)
    return [FigureOut.of(one) for one in found]


@router.post("/official-figures", response=StatedOut, operation_id="statistics_state_figures")
@idempotent
def state_figures(request: HttpRequest, body: FiguresIn) -> Any:
    """State figures, or correct them by new versions. For the province's statistics authority."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    items = [stating.FigureDraft(**one.dict()) for one in body.figures]
    return StatedOut(changed=stating.state_figures(actor=actor, items=items))
