"""The HTTP interface of published figures: for everybody, without a token; saved queries are a party's own."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from cohong.kernel.http import idempotent
from cohong.parties.api import Actor
from cohong.statistics.figures.selecting import Chosen, choose
from cohong.statistics.publishing.releasing import NOTE_LENGTH, order_release
from cohong.statistics.publishing.selectors import ReleaseView, releases
from cohong.statistics.research import books, choosing, files, limits, saved, tables
from cohong.statistics.research.files import Format

_CREATED = 201
_ACCEPTED = 202
_MOST_RELEASES = 200
router = Router()


class ReleaseOut(Schema):
    """One publication."""

    id: int
    published_at: str
    vintage: int
    note: str

    @classmethod
    def of(cls, one: ReleaseView) -> "ReleaseOut":
        """Show a release."""
        return cls(id=one.id, published_at=one.published_at.isoformat(), vintage=one.vintage, note=one.note)


class FigureOut(Schema):
    """A published figure. `mark`: `c` suppressed, `p` provisional. Places are empty for the total; `value` is decimal text."""

    indicator: str
    period: str
    region: str
    industry: str
    market: str
    value: str | None
    mark: str


class FiguresOut(Schema):
    """Figures, the release that shows them so, and how to cite them."""

    release: ReleaseOut
    citation: str
    figures: list[FigureOut]


class SavedIn(Schema):
    """A choice to keep, as the query of an address."""

    name: str = Field(max_length=80)
    indicator: list[str] = Field(max_length=choosing.MOST_INDICATORS)
    frequency: str = "month"
    region: list[str] = Field([], max_length=choosing.MOST_PLACES)
    industry: list[str] = Field([], max_length=choosing.MOST_PLACES)
    market: list[str] = Field([], max_length=choosing.MOST_PLACES)
    first: str = Field("", max_length=10)
    last: str = Field("", max_length=10)


class SavedOut(Schema):
    """A saved choice. `query` is what to ask `/figures` for; `release` the one with which it was seen last."""

    id: UUID
    name: str
    query: str
    release: int
    newer: bool
    shared: bool


_Many = Annotated[list[str], Query(max_length=choosing.MOST_PLACES)]
_Text = Annotated[str, Query(max_length=40)]


@router.get("/figures", auth=None, response=FiguresOut, operation_id="statistics_figures")
def figures(
    request: HttpRequest,
    *,
    indicator: _Many = [],  # noqa: B006 - ninja's way
    frequency: _Text = "month",
    region: _Many = [],  # noqa: B006
    industry: _Many = [],  # noqa: B006
    market: _Many = [],  # noqa: B006
    first: Annotated[str, Query(alias="from", max_length=10)] = "",
    last: Annotated[str, Query(alias="to", max_length=10)] = "",
    release: int | None = None,
) -> Any:
    """Return published figures. A place is a code, `total` or `*` (all); `release` pins what was published then."""
    del (
        indicator,
        frequency,
        region,
        industry,
        market,
        first,
        last,
        release,
    )  # named for the description; read as a page does
    limits.count(request, "figures")
    chosen, citation = _chosen(request)
    return FiguresOut(
        release=ReleaseOut.of(chosen.release),
        citation=citation,
        figures=[
            FigureOut(
                indicator=one.indicator,
                period=one.period,
                region=one.region,
                industry=one.industry,
                market=one.market,
                value=_decimal(one.value),
                mark=tables.mark_of(one),
            )
            for one in chosen.figures
        ],
    )


@router.get("/figures/file", auth=None, operation_id="statistics_figures_file")
def figures_file(
    request: HttpRequest,
    format: Annotated[Format, Query()] = Format.CSV,  # noqa: A002 - as it is called
) -> HttpResponse:
    """Download what `/figures` would return, with its code book and citation: parameters as there."""
    limits.count(request, "figures_file")
    chosen, citation = _chosen(request)
    codes = choosing.read(request.GET.getlist).indicators
    content = files.write(chosen, codes, format_=format, citation=citation)
    answer = HttpResponse(content, content_type=format.content_type)
    answer["Content-Disposition"] = f'attachment; filename="figures-{chosen.release.id}.{format.ending}"'
    return answer


class OrderIn(Schema):
    """What readers should know of a release."""

    note: Annotated[str, Field(max_length=NOTE_LENGTH)] = ""


@router.post("/figures/releases", response={_ACCEPTED: None}, operation_id="statistics_order_release")
@idempotent
def post_release(request: HttpRequest, body: OrderIn) -> Any:
    """Have the newest figures published in the background: for the province's office. The release appears in the list."""
    order_release(actor=_actor(request), note=body.note)
    return _ACCEPTED, None


@router.get("/figures/releases", auth=None, response=list[ReleaseOut], operation_id="statistics_releases")
def list_releases(request: HttpRequest) -> Any:  # noqa: ARG001 - ninja's signature
    """List the releases, the newest first."""
    return [ReleaseOut.of(one) for one in releases(limit=_MOST_RELEASES)]


@router.get("/figures/saved", response=list[SavedOut], operation_id="statistics_saved_queries")
def saved_queries(request: HttpRequest) -> Any:
    """List the party's saved queries."""
    newest = releases(limit=1)
    return [
        SavedOut(
            id=one.id,
            name=one.name,
            query=choosing.write(one.choice),
            release=one.release,
            newer=bool(newest) and newest[0].id > one.release,
            shared=bool(one.share_key),
        )
        for one in saved.saved_queries(actor=_actor(request))
    ]


@router.post("/figures/saved", response={_CREATED: dict[str, UUID]}, operation_id="statistics_save_query")
@idempotent
def save_query(request: HttpRequest, body: SavedIn) -> Any:
    """Save a choice under a name."""
    given = {**body.dict(), "frequency": [body.frequency], "from": [body.first], "to": [body.last]}
    choice = choosing.from_data(given)
    return _CREATED, {"id": saved.save_query(actor=_actor(request), name=body.name, choice=choice)}


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


def _chosen(request: HttpRequest) -> tuple[Chosen, str]:
    choice = choosing.read(request.GET.getlist)
    chosen = choose(choice, release_id=choosing.read_release(request.GET.getlist))
    pinned = choosing.write(choice, release=chosen.release.id)
    address = request.build_absolute_uri(f"{request.path}?{pinned}")
    return chosen, books.citation(choice.indicators, chosen.release, address)


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"
