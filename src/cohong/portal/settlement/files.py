"""A statement as files: CSV, XLSX and PDF. All three say what the page says."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cohong.kernel import clock
from cohong.kernel.money import Money
from cohong.parties.api import PartyView
from cohong.portal.design.templatetags.portal import day, moment, money
from cohong.portal.printing import tables, typesetting
from cohong.portal.printing.capitals import in_capitals
from cohong.portal.printing.sheets import Row, Table
from cohong.portal.printing.sheets import Statement as Sheet
from cohong.portal.settlement.statements import Other, Settled, Statement


def name_of(statement: Statement) -> str:
    """Name a statement's file."""
    return f"statement-{statement.period.currency}-{statement.month:%Y-%m}"


def columns() -> list[str]:
    """Head the columns of the list."""
    return [
        *(
            _("Time"),
            _("What"),
            pgettext("trade", "Order"),
            _("Buyer"),
            _("Price of the goods"),
            _("Freight"),
        ),
        *(
            _("Discount"),
            _("Refunded before the payout"),
            _("Platform fee"),
            pgettext("money", "Change"),
            _("Balance after"),
        ),
        _("Currency"),
    ]


def rows(statement: Statement) -> Iterator[list[tables.Cell]]:
    """List the opening balance, every line in its order, and the closing balance."""
    period = statement.period
    start, none = period.start, None
    yield [start, _("Opening balance"), "", "", *([none] * 6), period.opening, period.currency]
    balance = period.opening
    by_id: dict[object, Settled | Other] = {one.line.id: one for one in statement.settled}
    by_id |= {one.line.id: one for one in statement.others}
    for line in period.lines:
        balance += line.amount
        yield _row(by_id[line.id], balance)
    yield [period.end, _("Closing balance"), "", "", *([none] * 6), balance, period.currency]


def _row(one: Settled | Other, balance: Money) -> list[tables.Cell]:
    line, order = one.line, one.order
    number = order.number if order is not None else ""
    if isinstance(one, Settled):
        buyer = one.buyer.name if one.buyer is not None else ""
        agreed: list[tables.Cell] = (
            [order.goods, order.freight, -order.discount] if order is not None else [None, None, None]
        )
        cells: list[tables.Cell] = [buyer, *agreed, -one.deducted, -line.fee]
    else:
        if one.movement is not None:
            number = one.movement.number
        cells = ["", None, None, None, None, -line.fee if line.fee.minor else None]
    return [line.at, str(line.kind.label), number, *cells, line.amount, balance, balance.currency]


def csv(statement: Statement) -> HttpResponse:
    """Send the list as CSV."""
    return tables.csv_answer(name_of(statement), columns(), rows(statement))


def xlsx(statement: Statement) -> HttpResponse:
    """Send the list as XLSX."""
    title = f"{statement.month:%Y-%m} {statement.period.currency}"
    return tables.xlsx_answer(name_of(statement), title, columns(), rows(statement))


def pdf(statement: Statement, party: PartyView) -> HttpResponse:
    """Send the statement as PDF, with its closing balance in capital numerals where that is the custom."""
    answer = HttpResponse(
        typesetting.pdf("statement", sheet(statement, party)), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'inline; filename="{name_of(statement)}.pdf"'
    return answer


def sheet(statement: Statement, party: PartyView) -> Sheet:
    """Write down what is printed."""
    period = statement.period
    english = translation.get_language() == "en"
    sums = [(_("Opening balance"), money(period.opening))]
    sums += [(f"{one.name} ({one.count})", money(one.amount)) for one in statement.groups]
    return Sheet(
        title=_("Settlement statement"),
        party=(party.name_en if english else "") or party.name,
        facts=(
            (_("Month"), f"{statement.month:%Y-%m}"),
            (_("Currency"), period.currency),
            (_("Credit code"), party.credit_code or party.registration_number or "—"),
            (_("Platform fees in this month"), money(statement.fees)),
            (_("Fees returned"), money(statement.fees_returned)),
            (_("Made out"), moment(clock.now())),
        ),
        sums=tuple(sums),
        closing=(_("Closing balance"), money(period.closing)),
        capitals=(_("In capitals"), in_capitals(period.closing, translation.get_language() or "")),
        tables=(_sales(statement), _others(statement)),
        note="" if statement.is_closed else _("The month is not over yet: more may follow."),
        page="",
    )


def _sales(statement: Statement) -> Table:
    listed = [
        Row(
            cells=(
                day(one.line.at),
                one.order.number if one.order else "",
                one.buyer.name if one.buyer else "",
                *((one.order.goods.plain, one.order.freight.plain) if one.order else ("", "")),
                (-one.order.discount).plain if one.order else "",
                (-one.deducted).plain,
                (-one.line.fee).plain,
                one.net.plain,
            )
        )
        for one in statement.settled
    ]
    if listed:
        listed.append(
            Row(
                cells=(
                    *(pgettext("sum", "Total"), "", ""),
                    *(statement.goods.plain, statement.freight.plain, (-statement.discount).plain),
                    *((-statement.deducted).plain, (-statement.fees).plain, statement.net.plain),
                ),
                is_sum=True,
            )
        )
    return Table(
        heading=_("Settled orders"),
        columns=(
            *(_("Date"), pgettext("trade", "Order"), _("Buyer"), _("Goods"), _("Freight"), _("Discount")),
            *(_("Refunded"), _("Fee"), _("Paid out")),
        ),
        aligned="llwrrrrrr",
        rows=tuple(listed),
        empty=_("No order was settled in this month."),
    )


def _others(statement: Statement) -> Table:
    listed = [
        Row(
            cells=(
                moment(one.line.at),
                str(one.line.kind.label),
                one.movement.number if one.movement else one.order.number if one.order else "",
                one.movement.bank_account if one.movement else "",
                one.line.amount.plain,
            )
        )
        for one in statement.others
    ]
    return Table(
        heading=_("Other movements"),
        columns=(_("Time"), _("What"), _("Number"), _("Bank account"), pgettext("money", "Change")),
        aligned="llwlr",
        rows=tuple(listed),
        empty=_("Nothing else moved in this month."),
    )
