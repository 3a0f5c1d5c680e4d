"""What the company spent: by month, seller, category and user; on the page, and as a table to take along."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cohong.catalog import api as catalog
from cohong.kernel import clock
from cohong.kernel.money import Money, format_money
from cohong.orders import api as orders
from cohong.orders.api import Spent
from cohong.parties import api as parties
from cohong.parties.api import Actor
from cohong.portal.company.approving import names_of
from cohong.portal.company.people import desk
from cohong.portal.design import charts
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show

_MOST_ROWS = 12
_MONTHS = 12
_FIRST_YEAR = 2020


@dataclass(frozen=True, slots=True)
class Figures:
    """What was spent in a year in one currency."""

    year: int
    currency: str
    currencies: tuple[str, ...]
    spent: tuple[Spent, ...]
    by_month: Mapping[int, int]
    by_seller: Mapping[UUID, int]
    by_user: Mapping[UUID | None, int]
    by_category: Mapping[str, int]

    @property
    def total(self) -> Money:
        """The year's sum."""
        return Money(sum(self.by_month.values()), self.currency)

    @property
    def orders(self) -> int:
        """How many orders it was."""
        return sum(one.orders for one in self.spent)


@require_safe
@page
def spending(request: HttpRequest) -> HttpResponse:
    """Show a year's spending in one currency."""
    actor = actor_of(request)
    figures = _figures(request, actor)
    sellers = parties.parties(ids=figures.by_seller)
    users = names_of(actor)
    categories = {one.code: one.names for one in catalog.categories()} if figures.by_category else {}
    language = get_language() or "en"

    def shown(minor: Any) -> str:
        return format_money(Money(int(minor), figures.currency))

    months = list(range(1, _MONTHS + 1))
    series = charts.Series(_("Spent"), [figures.by_month.get(month, 0) for month in months])
    context: dict[str, Any] = {
        "figures": figures,
        "years": range(localtime(clock.now()).year, _FIRST_YEAR - 1, -1),
        "chart": charts.columns(
            [str(month) for month in months],
            [series],
            title=_("By month"),
            shown=shown,
            axis=lambda minor: charts.short(Money(int(minor), figures.currency).major),
        ),
        "sellers": _bars(figures.by_seller, lambda id_: _party_name(sellers.get(id_), language), shown),
        "users": _bars(
            figures.by_user, lambda id_: users.get(id_, "—") if id_ else _("the company’s own system"), shown
        ),
        "categories": _bars(
            figures.by_category,
            lambda code: categories[code].shown(language) if code in categories else _("no longer there"),
            shown,
        ),
        **desk(actor),
    }
    return show(request, "company/spending.html", context)


@require_safe
@page
def table(request: HttpRequest) -> HttpResponse:
    """Give a year's spending as a table (CSV): a row for each month, seller and user."""
    actor = actor_of(request)
    figures = _figures(request, actor)
    sellers = parties.parties(ids=figures.by_seller)
    users = names_of(actor)
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Month"), _("Seller"), _("User"), _("Orders"), _("Currency"), _("Spent")])
    for one in figures.spent:
        writer.writerow(
            [
                f"{one.month:%Y-%m}",
                _plain(_party_name(sellers.get(one.seller_id), get_language() or "en")),
                _plain(users.get(one.user_id, "") if one.user_id else ""),
                one.orders,
                one.amount.currency,
                one.amount.plain,
            ]
        )
    headers = {
        "Content-Disposition": f'attachment; filename="spending-{figures.year}-{figures.currency}.csv"'
    }
    # With a mark of its encoding, so that a spreadsheet reads Chinese as Chinese.
    return HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _plain(text: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def _party_name(party: parties.PartyView | None, language: str) -> str:
    if party is None:
        return "—"
    return (party.name_en if language == "en" else "") or party.name


def _figures(request: HttpRequest, actor: Actor) -> Figures:
    now = localtime(clock.now())
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else now.year  # noqa: PLR2004 - a year
    year = year if _FIRST_YEAR <= year <= now.year else now.year
    zone = ZoneInfo(settings.TIME_ZONE)
    since, until = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    rows = orders.spending(actor=actor, since=since, until=until)
    currencies = tuple(sorted({one.amount.currency for one in rows})) or (settings.COHONG_CURRENCY,)
    wanted = request.GET.get("currency", "")
    home = settings.COHONG_CURRENCY if settings.COHONG_CURRENCY in currencies else currencies[0]
    currency = wanted if wanted in currencies else home
    spent = tuple(one for one in rows if one.amount.currency == currency)
    goods = [
        one
        for one in orders.spending_on_goods(actor=actor, since=since, until=until)
        if one.amount.currency == currency
    ]
    return Figures(
        year=year,
        currency=currency,
        currencies=currencies,
        spent=spent,
        by_month=_added((one.month.month, one.amount.minor) for one in spent),
        by_seller=_added((one.seller_id, one.amount.minor) for one in spent),
        by_user=_added((one.user_id, one.amount.minor) for one in spent),
        by_category=_by_category(goods),
    )


def _by_category(goods: Sequence[orders.SpentOn]) -> Mapping[str, int]:
    """Add up by the category in which the goods stand today."""
    skus = catalog.skus(ids=[one.sku_id for one in goods])
    listings = catalog.listings(ids={sku.listing_id for sku in skus.values()})

    def category(sku_id: UUID) -> str:
        sku = skus.get(sku_id)
        listing = listings.get(sku.listing_id) if sku is not None else None
        return listing.category_code if listing is not None else ""

    return _added((category(one.sku_id), one.amount.minor) for one in goods)


def _added(pairs: Iterable[tuple[Any, int]]) -> dict[Any, int]:
    """Add up by key, the most first."""
    sums: defaultdict[Any, int] = defaultdict(int)
    for key, minor in pairs:
        sums[key] += minor
    return dict(sorted(sums.items(), key=lambda item: -item[1]))


def _bars(sums: Mapping[Any, int], name: Callable[[Any], str], shown: charts.Shown) -> tuple[charts.Bar, ...]:
    return charts.bars([(name(key), minor) for key, minor in list(sums.items())[:_MOST_ROWS]], shown=shown)
