"""The plan against what is to be expected, as pages say it: how likely a target is to be met, and what its figure may be."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cohong.portal.datacentre import desk, writing
from cohong.statistics.api import Frequency, IndicatorUnit, Scenario, Standing, Unweighed

STANDINGS: Final[dict[Standing, str | Promise]] = {
    Standing.ALMOST_SURE: gettext_lazy("almost sure to be met"),
    Standing.LIKELY: gettext_lazy("likely to be met"),
    Standing.RATHER: gettext_lazy("rather to be met than not"),
    Standing.RATHER_NOT: gettext_lazy("rather not to be met"),
    Standing.UNLIKELY: gettext_lazy("unlikely to be met"),
    Standing.OUT_OF_REACH: gettext_lazy("out of reach"),
}
_YEAR: Final = 4
_LEAST: Final = Decimal("0.1")
_MOST: Final = Decimal("99.9")


@dataclass(frozen=True, slots=True)
class Ahead:
    """A target against what is expected, or in `why` the reason that nothing can be said."""

    name: str
    target: str = ""
    period: str = ""
    standing: str | Promise = ""
    chance: str = ""
    expected: str = ""
    likely: str = ""
    wide: str = ""
    needed: str = ""
    growth: str = ""
    is_year: bool = False
    basis: str = ""
    to: str = ""
    why: str = ""


def said(one: Scenario, unit: IndicatorUnit) -> Ahead:
    """Say how a target stands in what is to be expected."""
    terms, found = one.target.terms, one.prospect
    name = terms.names.shown(desk.language())
    if found is None:
        return Ahead(name, why=_why(one))
    where = {"frequency": one.frequency.value} | ({"region": one.region} if one.region else {})
    return Ahead(
        name=name,
        target=writing.figure(found.target, unit),
        period=writing.period(found.period),
        standing=STANDINGS[found.standing],
        chance=_chance(found.chance),
        expected=writing.figure(found.expected.point, unit),
        likely=between(found.expected.lower_80, found.expected.upper_80, unit),
        wide=between(found.expected.lower_95, found.expected.upper_95, unit),
        needed=_growth(found.needed_growth),
        growth=_growth(found.expected_growth),
        is_year=len(found.period) == _YEAR,
        basis=_basis(one),
        to=f"{reverse('portal:forecast', args=[terms.indicator])}?{urlencode(where)}",
    )


def _basis(one: Scenario) -> str:
    last = writing.period(one.last_period)
    if one.frequency is Frequency.YEAR:
        return _("Forecast from yearly figures up to {last}.").format(last=last)
    return _(
        "What is published up to {last}, and the forecast of the rest; the bands are as if all of the rest were off together."
    ).format(last=last)


def _why(one: Scenario) -> str:
    if one.why is Unweighed.TOO_SHORT:
        return ngettext(
            "Too short to be forecast: {known} whole year is published, and it takes {fewest}.",
            "Too short to be forecast: {known} whole years are published, and it takes {fewest}.",
            one.known,
        ).format(known=one.known, fewest=one.fewest)
    if one.why is Unweighed.NOT_REACHED:
        return _("No forecast reaches that year yet.")
    return _("Not forecast: the target is a number of platforms, or held against a figure that moves itself.")


def between(lower: Decimal, upper: Decimal, unit: IndicatorUnit) -> str:
    """Say between which values something lies."""
    return _("{lower} to {upper}").format(
        lower=writing.figure(lower, unit), upper=writing.figure(upper, unit)
    )


def _chance(part: float) -> str:
    """Write a chance in percent; nothing that is expected is sure."""
    return writing.percent(min(max(Decimal(str(part)) * 100, _LEAST), _MOST))


def _growth(rate: float | None) -> str:
    return "–" if rate is None else writing.percent(Decimal(str(rate)) * 100)
