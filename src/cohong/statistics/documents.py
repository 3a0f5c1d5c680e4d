"""The documents that statistics issues."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from cohong.kernel.documents import Body, document


@document("statistics.vintage_made")
class VintageMade(Body, frozen=True, kw_only=True):
    """The indicators of these years were computed, and so many values came out otherwise than before."""

    public: ClassVar[bool] = True

    reason: str
    position: int
    changed: int
    years: list[int]


@document("statistics.facts_taken_over")
class FactsTakenOver(Body, frozen=True, kw_only=True):
    """Facts of the past that do not come from the journal count from now on: whence, of which days, how many rows.

    `base` is what their trade adds up to, in minor units of the region's currency; `digest` the SHA-256 of all columns.
    """

    public: ClassVar[bool] = True

    origin: str
    trade_rows: int
    step_rows: int
    base: int
    digest: str
    first_day: date
    last_day: date


@document("statistics.figures_released")
class FiguresReleased(Body, frozen=True, kw_only=True):
    """Figures of a vintage were published. `digest` is the SHA-256 of what is shown: see `publishing.releasing.digest`."""

    public: ClassVar[bool] = True

    vintage: int
    changed: int
    withheld: int
    note: str
    digest: str
    published_by: UUID | None = None


class OfficialFigure(Struct, frozen=True, kw_only=True):
    """A version of an official figure; `value` is decimal text in the unit of the series, "" where it was taken back."""

    series: str
    period: str
    region: str
    industry: str
    number: int
    value: str
    status: str
    publisher: str
    source: str


@document("statistics.figures_stated")
class FiguresStated(Body, frozen=True, kw_only=True):
    """The province's office has entered, or corrected, figures that others published."""

    public: ClassVar[bool] = True

    figures: list[OfficialFigure]


@document("statistics.trade_excluded")
class TradeExcluded(Body, frozen=True, kw_only=True):
    """An order is no trade in the sense of statistics: a test, an internal movement, a proven fake. The subject is the order."""

    ground: str
    reason: str
    decided_by: UUID | None = None


@document("statistics.trade_restored")
class TradeRestored(Body, frozen=True, kw_only=True):
    """An order that was excluded counts again. Its subject is the order."""

    reason: str
    decided_by: UUID | None = None


@document("statistics.forecast_made")
class ForecastMade(Body, frozen=True, kw_only=True):
    """A series was forecast. Its subject is the forecast.

    `digest` is the SHA-256 of the numbers, which stay with the authority: that they were not changed once the outcome was
    known can be checked later.
    """

    public: ClassVar[bool] = True

    indicator: str
    region: str
    industry: str
    model: str
    last_period: str
    first_ahead: str
    last_ahead: str
    digest: str


@document("statistics.research_right_set")
class ResearchRightSet(Body, frozen=True, kw_only=True):
    """A party may ask over the facts up to and with a day; None: no more. The subject is the party."""

    until: date | None
    reason: str


@document("statistics.breakdown_asked")
class BreakdownAsked(Body, frozen=True, kw_only=True):
    """A question over the facts was asked, by its issuer. The subject is the question."""

    indicator: str
    period: str
    by: list[str]


@document("statistics.breakdown_answered")
class BreakdownAnswered(Body, frozen=True, kw_only=True):
    """A question over the facts was answered, or refused as too fine. The subject is the question; only who asked sees it.

    `digest` is the SHA-256 of the cells: see `breakdowns.answering.digest`.
    """

    indicator: str
    period: str
    by: list[str]
    cells: int
    shown: int
    refused: bool
    digest: str = ""
