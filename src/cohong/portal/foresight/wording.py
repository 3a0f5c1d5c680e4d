"""How series, targets and findings are called."""

from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from cohong.parties import api as parties
from cohong.portal.datacentre import desk, writing
from cohong.portal.kept import kept
from cohong.statistics import api as statistics
from cohong.statistics.api import AlarmAct, Frequency, IndicatorUnit

FREQUENCIES: Final = {
    Frequency.YEAR: pgettext_lazy("statistics", "yearly"),
    Frequency.QUARTER: pgettext_lazy("statistics", "quarterly"),
    Frequency.MONTH: pgettext_lazy("statistics", "monthly"),
    Frequency.DAY: pgettext_lazy("statistics", "daily"),
}
#: What the buttons of an alarm's acts say.
BUTTONS: Final = {
    AlarmAct.EXPLAIN: pgettext_lazy("alarm button", "Explain"),
    AlarmAct.ACT: pgettext_lazy("alarm button", "Note what was done"),
    AlarmAct.CLOSE: pgettext_lazy("alarm button", "Close"),
    AlarmAct.DISMISS: pgettext_lazy("alarm button", "Note a false alarm"),
    AlarmAct.REOPEN: pgettext_lazy("alarm button", "Take up again"),
}


def unit_of(code: str) -> IndicatorUnit:
    """Return the unit of an indicator; that of what rests on reports of a form is a share."""
    known = statistics.tree().by_code.get(code)
    return known.unit if known else IndicatorUnit.PERCENT


def indicator(code: str) -> str:
    """Say what an indicator, or a form, is called."""
    known = statistics.tree().by_code.get(code)
    if known is not None:
        return str(known.names)
    form = next((one for one in statistics.forms() if one.code == code), None)
    return f"{code} {form.names.shown(desk.language())}" if form else code


@kept(60)
def _regions() -> dict[str, parties.Names]:
    return {one.code: one.names for one in parties.regions()}


@kept(60)
def _markets() -> dict[str, parties.Names]:
    return {one.code: one.names for one in parties.markets()}


def cell(region: str, industry: str, market: str = "") -> str:
    """Say of what a series is: a place, an industry, a market, or the whole."""
    language = desk.language()
    industries = {one.code: one.names for one in desk.industries()}
    parts = [
        names[code].shown(language) if code in names else code
        for code, names in ((region, _regions()), (industry, industries), (market, _markets()))
        if code
    ]
    return " · ".join(parts) if parts else pgettext("data centre", "The whole")


def share(part: float | Decimal) -> str:
    """Write a share from 0 to 1 in percent."""
    return writing.percent(Decimal(str(part)) * 100)


PUBLISHED: Final = pgettext_lazy("chart", "Published")
EXPECTED: Final = pgettext_lazy("chart", "Expected")
OBSERVED: Final = pgettext_lazy("chart", "Observed")
MARKED: Final = pgettext_lazy("chart", "Called attention to")
BAND: Final = gettext_lazy("In four of five cases between these")
CHART_TITLE: Final = gettext_lazy("What was, and what is to be expected: the shade holds four of five cases")
EVIDENCE_TITLE: Final = gettext_lazy("The figures that the alarm rests on")
