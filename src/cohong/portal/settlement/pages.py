"""The statements' pages: the months there are, one month with a chart, and its files."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cohong.kernel.errors import NotFound
from cohong.kernel.money import Money, exponent, format_money
from cohong.parties import api as parties
from cohong.payments import api as payments
from cohong.portal.design import charts
from cohong.portal.design.acting import actor_of
from cohong.portal.design.frame import page, show
from cohong.portal.settlement import files
from cohong.portal.settlement import statements as made
from cohong.portal.settlement.statements import Statement

_ROWS = 100


@require_safe
@page
def statements(request: HttpRequest) -> HttpResponse:
    """List the months for which there is a statement."""
    actor = actor_of(request)
    months = payments.months_of(actor=actor, party_id=actor.party_id, zone=made.zone())
    return show(request, "settlement/statements.html", {"months": months})


@require_safe
@never_cache
@page
def statement(request: HttpRequest, currency: str, month: str) -> HttpResponse:
    """Show a month: the sums, a chart of its days, and every line; long lists by pages."""
    found = made.build(actor=actor_of(request), currency=currency, month=made.parse_month(month))
    start = _from(request)
    context: dict[str, Any] = {
        "one": found,
        "chart": _chart(found),
        "settled": found.settled[start : start + _ROWS],
        "others": found.others[:_ROWS],
        "more_others": max(0, len(found.others) - _ROWS),
        "previous": max(0, start - _ROWS) if start else None,
        "next": start + _ROWS if start + _ROWS < len(found.settled) else None,
        "before": found.month - timedelta(days=1),
        "after": made.next_month(found.month),
    }
    return show(request, "settlement/statement.html", context)


def _from(request: HttpRequest) -> int:
    text = request.GET.get("from", "")
    return min(int(text), 10**9) if text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004


def _chart(found: Statement) -> charts.Chart:
    currency, places = found.period.currency, exponent(found.period.currency)
    days = (made.next_month(found.month) - found.month).days
    income, outgo = [0] * days, [0] * days
    for line in found.period.lines:
        column = income if line.amount.minor > 0 else outgo
        column[localtime(line.at).day - 1] += line.amount.minor
    return charts.columns(
        [str(number + 1) for number in range(days)],
        [charts.Series(_("Came in"), income), charts.Series(_("Went out"), outgo, "call")],
        title=_("Money by day"),
        shown=lambda minor: format_money(Money(int(minor), currency)),
        axis=lambda minor: charts.short(minor / 10**places),
    )


@require_safe
@never_cache
@page
def statement_file(request: HttpRequest, currency: str, month: str, form: str) -> HttpResponse:
    """Send a month's statement as a file: csv, xlsx or pdf."""
    if form not in {"csv", "xlsx", "pdf"}:
        raise NotFound
    actor = actor_of(request)
    found = made.build(actor=actor, currency=currency, month=made.parse_month(month))
    if form == "pdf":
        return files.pdf(found, parties.party(party_id=actor.party_id))
    return files.csv(found) if form == "csv" else files.xlsx(found)
