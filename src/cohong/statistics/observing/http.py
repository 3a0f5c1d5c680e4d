"""The HTTP interface of what trade comes to: today's, as it comes in, and the orders behind a figure."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from cohong.parties import api as parties
from cohong.statistics.observing import drilling, live
from cohong.statistics.observing.drilling import OrdersBehind
from cohong.statistics.observing.live import LiveTrade, Traded
from cohong.statistics.research import limits

router = Router(tags=["statistics"], auth=parties.TokenAuth())
_Code = Annotated[str, Query(max_length=40)]


class TradedOut(Schema):
    """So many paid orders of one hour, city or industry (its `code`; empty: all), and what was paid for them."""

    code: str
    orders: int
    turnover: str

    @classmethod
    def many(cls, found: Mapping[Any, Traded]) -> list[Self]:
        """Show what was traded, by code."""
        return [
            cls.of(f"{code:02}" if isinstance(code, int) else code, found[code]) for code in sorted(found)
        ]

    @classmethod
    def of(cls, code: str, one: Traded) -> Self:
        """Show what was traded."""
        return cls(code=code, orders=one.orders, turnover=_plain(one.turnover))


class LiveTradeOut(Schema):
    """A day's trade up to `at`, in the region's currency; refunds are not deducted. Hours are the region's.

    `exact`: nothing is held back. If not, trade is told in batches that give nobody's order away, and so a little late.
    """

    day: date
    is_today: bool
    at: datetime
    exact: bool
    total: TradedOut
    hours: list[TradedOut]
    cities: list[TradedOut]
    industries: list[TradedOut]

    @classmethod
    def of(cls, one: LiveTrade) -> Self:
        """Show a day's trade."""
        return cls(
            **{name: getattr(one, name) for name in ("day", "is_today", "at", "exact")},
            total=TradedOut.of("", one.total),
            hours=TradedOut.many(one.hours),
            cities=TradedOut.many(one.cities),
            industries=TradedOut.many(one.industries),
        )


class OrderBehindOut(Schema):
    """An order, where it stands in the journal, and what it adds to the figure by how many facts."""

    order_id: UUID | None
    position: int
    value: str
    facts: int


class OrdersBehindOut(Schema):
    """A page of the orders behind a figure, those that add most first; `orders` and `value` are of all of them."""

    orders: int
    value: str
    page: int
    has_more: bool
    items: list[OrderBehindOut]

    @classmethod
    def of(cls, found: OrdersBehind) -> Self:
        """Show a page."""
        return cls(
            **{name: getattr(found, name) for name in ("orders", "page", "has_more")},
            value=_plain(found.value),
            items=[
                OrderBehindOut(
                    order_id=one.order_id, position=one.position, value=_plain(one.value), facts=one.rows
                )
                for one in found.items
            ],
        )


def _plain(value: Decimal) -> str:
    return f"{value:f}"


@router.get("/figures/today", auth=None, response=LiveTradeOut | None, operation_id="statistics_trade_today")
def trade_today(request: HttpRequest) -> Any:
    """Return today's trade as everyone may see it; the last day's that had any, if today had none; null if no day had."""
    limits.count(request, "figures")
    found = live.trade_today()
    return None if found is None else LiveTradeOut.of(found)


@router.get("/figures/today/exact", response=LiveTradeOut | None, operation_id="statistics_trade_today_exact")
def trade_today_exact(request: HttpRequest) -> Any:
    """Return today's trade exactly: for the officers of a statistics authority."""
    found = live.trade_today(actor=request.auth)  # type: ignore[attr-defined]
    return None if found is None else LiveTradeOut.of(found)


@router.get("/figures/orders", response=OrdersBehindOut, operation_id="statistics_orders_behind")
def orders_behind(
    request: HttpRequest,
    *,
    indicator: _Code,
    period: _Code,
    region: _Code = "",
    industry: _Code = "",
    market: _Code = "",
    page: Annotated[int, Query(ge=1, le=drilling.MOST_PAGES)] = 1,
) -> Any:
    """Return the orders behind a figure: for officers, within their regions. That they looked is recorded."""
    found = drilling.orders_behind(
        actor=request.auth,  # type: ignore[attr-defined]
        indicator=indicator,
        period=period,
        region=region,
        industry=industry,
        market=market,
        page=page,
    )
    return OrdersBehindOut.of(found)
