"""Today's desk: what waits for the merchant, and how the trade goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime, make_aware
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cohong.catalog import api as catalog
from cohong.kernel import clock
from cohong.kernel.money import Money, exponent, format_money
from cohong.orders import api as orders
from cohong.orders.api import SalesFigure
from cohong.parties import api as parties
from cohong.parties.api import Actor, Role
from cohong.payments import api as payments
from cohong.portal.design import charts
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show
from cohong.portal.merchant import words
from cohong.retail import api as retail

_BEST: Final = 5
_PERIODS: Final = {"days": 14, "weeks": 12, "months": 12}
_BY: Final[dict[str, Literal["day", "week", "month"]]] = {"days": "day", "weeks": "week", "months": "month"}


@dataclass(frozen=True, slots=True)
class _Span:
    """The periods that a chart shows: the first day of each, and when the last one ends."""

    starts: tuple[date, ...]
    end: date

    @property
    def since(self) -> datetime:
        """When the first period begins."""
        return _midnight(self.starts[0])

    @property
    def until(self) -> datetime:
        """When the last period ends."""
        return _midnight(self.end)


def _midnight(day: date) -> datetime:
    return make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - made aware here


def span(period: str, today: date, *, count: int) -> _Span:
    """Lay out the last `count` days, weeks or months, the present one included."""
    if period == "months":
        months = [today.year * 12 + today.month - 1 - back for back in range(count - 1, -2, -1)]
        firsts = [date(month // 12, month % 12 + 1, 1) for month in months]
        return _Span(tuple(firsts[:-1]), firsts[-1])
    step = timedelta(days=7 if period == "weeks" else 1)
    last = today - timedelta(days=today.weekday()) if period == "weeks" else today
    return _Span(tuple(last - step * back for back in range(count - 1, -1, -1)), last + step)


@require_safe
@page
def merchant(request: HttpRequest) -> HttpResponse:
    """Show what waits for the merchant today, and the sales of the last days, weeks or months."""
    actor = actor_of(request)
    seller_id = actor.party_id
    period = request.GET.get("period", "days")
    period = period if period in _PERIODS else "days"
    may_see_money = actor.may(Role.FINANCE)
    shop = catalog.shop(actor=actor, seller_id=seller_id)
    return show(
        request,
        "merchant/today.html",
        {
            "desk": orders.sellers_desk(actor=actor, seller_id=seller_id),
            "shop": shop,
            "messages_waiting": orders.unread_counts(actor=actor),
            "unanswered": retail.unanswered_count(actor=actor, seller_id=seller_id),
            "low": catalog.shelf_rows(actor=actor, seller_id=seller_id, low=True, limit=_BEST).items
            if shop.low or shop.sold_out
            else (),
            "balances": payments.party_balances(party_id=seller_id) if may_see_money else (),
            "may_see_money": may_see_money,
            "now": clock.now(),
            "period": period,
            "periods": words.PERIODS,
            **_sales(actor, period, request.GET.get("currency", "")),
        },
    )


# --- how the trade goes ----------------------------------------------------------------------------------


def _sales(actor: Actor, period: str, wanted: str) -> dict[str, Any]:
    """Put the charts together: four statements, whatever the period."""
    count = _PERIODS[period]
    whole = span(period, localtime(clock.now()).date(), count=2 * count)
    now = _Span(whole.starts[count:], whole.end)
    figures = orders.sales_figures(
        actor=actor, seller_id=actor.party_id, since=whole.since, until=whole.until, by=_BY[period]
    )
    currencies = sorted({one.placed.currency for one in figures}) or [settings.COHONG_CURRENCY]
    currency = wanted if wanted in currencies else _main(figures, currencies)
    figures = [one for one in figures if one.placed.currency == currency]
    first = now.starts[0].isoformat()
    present = [one for one in figures if one.key >= first]
    before = [one for one in figures if one.key < first]
    return {
        "currency": currency,
        "currencies": currencies,
        "sums": [
            _compared(name, _total(present, field, currency) * sign, _total(before, field, currency) * sign)
            # What went back stands below the line in the chart; as a sum it is said without a sign.
            for name, field, sign in (
                (pgettext("sum", "Ordered"), "placed", 1),
                (_("Settled"), "settled", 1),
                (_("Refunded"), "refunded", -1),
            )
        ],
        "orders_sum": (sum(one.orders for one in present), sum(one.orders for one in before)),
        **_charts(present, now, period, currency),
        **_shares(actor, now, currency),
    }


def _main(figures: Sequence[SalesFigure], currencies: Sequence[str]) -> str:
    """Choose the currency that most orders were in."""
    return max(
        currencies,
        key=lambda currency: (
            sum(one.orders for one in figures if one.placed.currency == currency),
            currency == settings.COHONG_CURRENCY,
        ),
    )


def _total(figures: Sequence[SalesFigure], field: str, currency: str) -> Money:
    return Money(sum(getattr(one, field).minor for one in figures), currency)


@dataclass(frozen=True, slots=True)
class Compared:
    """A sum, the one of the period before, and by how many percent it differs (None where there was nothing)."""

    name: str
    now: Money
    before: Money
    percent: int | None


def _compared(name: str, now: Money, before: Money) -> Compared:
    change = None if before.is_zero else round(100 * (now.minor - before.minor) / abs(before.minor))
    return Compared(name, now, before, change)


def _charts(figures: Sequence[SalesFigure], now: _Span, period: str, currency: str) -> dict[str, Any]:
    by_key = {one.key: one for one in figures}
    keys = [start.isoformat() for start in now.starts]
    labels = [_label(start, period) for start in now.starts]

    def values(field: str) -> list[int]:
        return [getattr(by_key[key], field).minor if key in by_key else 0 for key in keys]

    turnover = charts.columns(
        labels,
        [
            charts.Series(pgettext("sum", "Ordered"), values("placed")),
            charts.Series(_("Settled"), values("settled"), "jade"),
            charts.Series(_("Refunded"), values("refunded"), "call"),
        ],
        title=_("Turnover in {currency}").format(currency=currency),
        shown=lambda minor: format_money(Money(int(minor), currency)),
        axis=lambda minor: charts.short(Decimal(minor).scaleb(-exponent(currency))),
    )
    counted = charts.columns(
        labels,
        [charts.Series(_("Orders"), [by_key[key].orders if key in by_key else 0 for key in keys])],
        title=_("Orders"),
    )
    return {"turnover": turnover, "counted": counted}


def _label(start: date, period: str) -> str:
    if period == "months":
        return date_format(start, "M Y") if get_language() == "en" else f"{start:%Y-%m}"
    return date_format(start, "j M") if get_language() == "en" else f"{start:%m-%d}"


def _shares(actor: Actor, now: _Span, currency: str) -> dict[str, Any]:
    """Rank goods, regions and ways of the present periods."""
    asked: dict[str, Any] = {
        "actor": actor,
        "seller_id": actor.party_id,
        "since": now.since,
        "until": now.until,
    }

    def written(minor: int | Any) -> str:
        return format_money(Money(int(minor), currency))

    goods = [one for one in orders.goods_figures(**asked, limit=_BEST) if one.placed.currency == currency]
    listings = {sku.id: sku.listing_id for sku in catalog.skus(ids=[one.sku_id for one in goods]).values()}
    regions = {one.code: one.names for one in parties.regions()}
    ways = orders.sales_figures(**asked, by="way")
    places = orders.sales_figures(**asked, by="region")
    return {
        "best": charts.bars(
            [(one.title, one.placed.minor) for one in goods],
            shown=written,
            links=[_listing(listings.get(one.sku_id)) for one in goods],
        ),
        "by_region": charts.bars(
            _ranked(places, currency, lambda code: words.place(regions.get(code))), shown=written
        ),
        "by_way": charts.bars(_ranked(ways, currency, words.way), shown=written),
    }


def _listing(listing_id: UUID | None) -> str:
    return reverse("portal:listing", args=[listing_id]) if listing_id else ""


def _ranked(figures: Sequence[SalesFigure], currency: str, name: Any) -> list[tuple[str, int]]:
    ranked = sorted(
        (one for one in figures if one.placed.currency == currency and one.placed.minor),
        key=lambda one: -one.placed.minor,
    )
    return [(name(one.key), one.placed.minor) for one in ranked[:8]]
