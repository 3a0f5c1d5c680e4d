"""Lists to take away: the sales of a period, line by line, for Excel or for another system."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import get_current_timezone, localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cohong.kernel.errors import BadInput
from cohong.orders import api as orders
from cohong.orders.api import OrderView, SalesFilter
from cohong.parties import api as parties
from cohong.parties.api import Actor, PartyView
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show
from cohong.portal.printing import tables

_BATCH = 200
_LONGEST = timedelta(days=366)


class BadPeriod(BadInput):
    """The two days do not make a period that a list is made of."""

    message = gettext_lazy("Choose two days, the later one not before the earlier, at most a year apart.")


class TooMuchSold(BadInput):
    """More orders than one file holds."""

    message = gettext_lazy("There are more than {most} orders in this period. Choose a shorter one.")


@require_safe
@page
def exports(request: HttpRequest) -> HttpResponse:
    """Ask for the period and the form."""
    actor = actor_of(request)
    today = localdate()
    context = {"first": today.replace(day=1), "last": today, "actor": actor}
    return show(request, "dispatch/exports.html", context)


@require_safe
@never_cache
@page
def sales_file(request: HttpRequest) -> HttpResponse:
    """Send the sales of a period as CSV or XLSX, a row for each line of an order."""
    actor = actor_of(request)
    first, last = _day(request.GET.get("from", "")), _day(request.GET.get("to", ""))
    if last < first or last - first > _LONGEST:
        raise BadPeriod
    wanted = SalesFilter(placed_from=_start(first), placed_before=_start(last + timedelta(days=1)))
    if orders.sales_count(actor=actor, wanted=wanted) >= orders.SALES_COUNTED:
        raise TooMuchSold(most=f"{orders.SALES_COUNTED:,}")
    rows = list(_rows(actor, wanted))
    name = f"sales-{first:%Y%m%d}-{last:%Y%m%d}"
    if request.GET.get("form") == "csv":
        return tables.csv_answer(name, _columns(), rows)
    return tables.xlsx_answer(name, _("Sales"), _columns(), rows)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadPeriod from None


def _start(of: date) -> datetime:
    return datetime.combine(of, time(), tzinfo=get_current_timezone())


def _columns() -> list[str]:
    return [
        *(pgettext("trade", "Order"), _("Ordered"), _("State"), _("Buyer"), _("Goods")),
        *(_("Quantity"), _("Unit price"), _("Price of the goods"), _("Freight"), _("Discount")),
        *(pgettext("sum", "Total"), _("Shipped"), _("Returned"), _("Refunded"), _("Currency")),
    ]


def _rows(actor: Actor, wanted: SalesFilter) -> Iterator[list[tables.Cell]]:
    after = None
    people: dict[UUID, PartyView] = {}
    while batch := orders.sales(actor=actor, wanted=wanted, after=after, oldest_first=True, limit=_BATCH):
        missing = {view.buyer_id for view in batch} - people.keys()
        people |= parties.parties(ids=missing)
        for view in batch:
            yield from _lines(view, people.get(view.buyer_id))
        after = batch[-1].id


def _lines(view: OrderView, buyer: PartyView | None) -> Iterator[list[tables.Cell]]:
    for line in view.lines:
        yield [
            *(view.number, view.placed_at, str(view.state.label), buyer.name if buyer else ""),
            *(line.title, line.quantity, line.unit_price, line.goods, line.freight, line.discount),
            *(line.total, line.shipped, line.returned, line.refunded, view.total.currency),
        ]
