"""The plan against what is to be expected: a year under way, months that add up to it, and what cannot be said."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from cohong.kernel import clock
from cohong.parties.api import SYSTEM, Names
from cohong.statistics import api as statistics
from cohong.statistics.api import (
    Comparison,
    Frequency,
    Period,
    Scenario,
    Standing,
    TargetTerms,
    TargetUnit,
    Unweighed,
)
from watched_world import months, observe, released

NOW = datetime(2015, 10, 20, tzinfo=UTC)
D = Decimal


@pytest.fixture(autouse=True)
def october(bureau: Any) -> Iterator[None]:
    observe({"2015-09": D(1)}, indicator="orders")
    with clock.at(NOW):
        yield


def aim(code: str, value: int, *, indicator: str = "region_turnover", year: int = 2015, **more: Any) -> None:
    terms = TargetTerms(
        names=Names(code),
        indicator=indicator,
        unit=TargetUnit.MONEY,
        comparison=more.pop("comparison", Comparison.ABOVE_VALUE),
        due=date(year, 12, 31),
        region_code="440000",
        value=D(value),
        **more,
    )
    statistics.set_target(actor=SYSTEM, code=code, terms=terms, reason="the plan")


def forecast() -> dict[str, Scenario]:
    statistics.forecast_due(actor=SYSTEM, published=True, today=NOW.date())
    return statistics.plan_scenarios()


def test_a_year_under_way_is_its_published_months_and_what_is_expected_of_the_others():
    flat = {one.code: D(100) for one in Period.parse("2013-01").until(Period.parse("2015-09"))}
    released(flat, indicator="region_turnover")
    for code, value, year in (("met", 1200, 2015), ("missed", 1201, 2015), ("doubled", 2400, 2016)):
        aim(code, value, year=year)
    found = forecast()
    met, missed, doubled = (found[code].prospect for code in ("met", "missed", "doubled"))
    assert met is not None
    assert missed is not None
    assert doubled is not None
    assert (met.period, met.expected.point, met.chance) == ("2015", 1200, 1.0)
    assert (missed.chance, missed.standing) == (0.0, Standing.OUT_OF_REACH)
    assert (missed.periods, missed.needed_growth) == (1, pytest.approx(1201 / 1200 - 1))
    assert (doubled.period, doubled.periods, doubled.needed_growth) == ("2016", 2, pytest.approx(2**0.5 - 1))
    assert [one.period for one in found["doubled"].ahead] == ["2015", "2016"]
    assert (found["met"].frequency, found["met"].last_period, found["met"].region) == (
        Frequency.MONTH,
        "2015-09",
        "",
    )


def test_bands_of_a_year_are_the_sums_of_its_months_and_learn_of_each_new_one():
    values = {code: one for code, one in months().items() if code <= "2015-09"}
    released(values, indicator="region_turnover")
    aim("turnover", 2900)
    year = forecast()["turnover"].prospect
    made = statistics.public_forecast(indicator="region_turnover")
    assert year is not None
    assert made is not None
    known = sum((one.quantize(D("0.000001")) for code, one in values.items() if code > "2015"), D(0))
    for part in ("point", "lower_80", "upper_80", "lower_95", "upper_95"):
        ahead = sum(getattr(one, part) for one in made.newest.points[:3])
        assert getattr(year.expected, part) == pytest.approx(known + ahead, abs=D("0.00001"))
    assert year.expected.lower_95 < year.expected.lower_80 < year.expected.point < year.expected.upper_80
    assert made.scenarios[0].prospect == year
    assert 0 < year.chance < 1
    # A month that came as expected is no longer in doubt; what was published of one that runs says nothing.
    october = made.newest.points[0]
    released({"2015-10": october.point, "2015-11": D(1)}, indicator="region_turnover")
    with clock.at(datetime(2015, 11, 20, tzinfo=UTC)):
        later = statistics.plan_scenarios()["turnover"].prospect
    assert later is not None
    assert later.expected.point == pytest.approx(year.expected.point, abs=D("0.00001"))
    narrower = october.upper_80 - october.point
    assert year.expected.upper_80 - later.expected.upper_80 == pytest.approx(narrower, abs=D("0.00001"))


def test_ratios_rest_on_yearly_figures_and_what_cannot_be_forecast_says_why():
    released({str(year): D(20) for year in range(2010, 2015)}, indicator="online_sales_share")
    released({str(year): D(40) for year in range(2012, 2015)}, indicator="online_purchase_share")
    released({str(year): D(7) for year in range(2010, 2016)}, indicator="region_turnover")
    aim("sales", 30, indicator="online_sales_share")
    aim("purchases", 60, indicator="online_purchase_share")
    aim("platforms", 20, comparison=Comparison.MORE_UNITS, each_above=D(10))
    aim("orders", 20, indicator="orders")
    with clock.at(datetime(2016, 1, 20, tzinfo=UTC)):
        aim("over", 9)
        statistics.forecast_due(actor=SYSTEM, published=True, today=date(2016, 1, 20))
        assert "over" not in statistics.plan_scenarios(), "the figure itself tells"
    found = forecast()
    sales = found["sales"].prospect
    assert sales is not None
    assert (sales.expected.point, sales.chance, sales.periods) == (20, 0.0, 1)
    assert found["sales"].frequency is Frequency.YEAR
    said = {
        code: (one.why, one.known, one.fewest)
        for code, one in found.items()
        if code not in {"sales", "over"} and one.prospect is None
    }
    assert said == {
        "purchases": (Unweighed.TOO_SHORT, 3, 4),
        "orders": (Unweighed.TOO_SHORT, 0, 4),
        "platforms": (Unweighed.OTHER_KIND, 0, 4),
    }
