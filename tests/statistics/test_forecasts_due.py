"""Forecasts that are made of themselves: once for each period, within their time, in public only from what is published."""

from datetime import date
from decimal import Decimal

import pytest
from reporting_world import Bureau, refused

from cohong.parties.api import SYSTEM
from cohong.statistics import api as statistics
from cohong.statistics.api import Frequency, Missed
from watched_world import TODAY, months, observe, released


def due(*, published: bool = False, today: date = TODAY, most: int | None = None) -> tuple[int, int, int]:
    done = statistics.forecast_due(actor=SYSTEM, published=published, today=today, most=most)
    return done.made, done.left, done.scored


def test_each_series_is_forecast_once_a_period_and_scored_when_its_value_comes(bureau: Bureau):
    values = months()
    observe(values, region="")
    observe({code: one / 3 for code, one in values.items()}, region="440100")
    assert due(most=1) == (1, 1, 0)
    assert due(most=1) == (1, 0, 0)
    assert due() == (0, 0, 0)
    [city] = statistics.forecasts(actor=bureau.guangzhou, indicator="turnover", region="440100")
    assert (city.last_period, [one.period for one in city.points][:2]) == ("2015-12", ["2016-01", "2016-02"])
    assert city.release is None
    observe({"2016-01": values["2015-01"] * 2}, region="440100")
    made, left, scored = due(today=date(2016, 2, 20))
    assert (left, scored) == (0, 1)
    assert made == 1, "the total has no January yet"
    again = statistics.forecast(actor=bureau.guangzhou, forecast_id=city.id)
    assert again.points[0].actual == (values["2015-01"] * 2).quantize(Decimal("0.000001"))
    with refused(statistics.NotYourRegion):
        statistics.forecast_due(actor=bureau.guangzhou)
    # An authority may have any series and horizon.
    own = statistics.forecast_series(actor=bureau.guangzhou, indicator="turnover", horizon=2, region="440100")
    assert (own.last_period, len(own.points)) == ("2016-01", 2)
    with refused(statistics.NotYourRegion):
        statistics.forecast_series(actor=bureau.guangzhou, indicator="turnover", horizon=2)


@pytest.mark.usefixtures("bureau")
def test_the_public_sees_forecasts_of_published_figures_and_of_nothing_withheld():
    values = months()
    observe(values | {"2016-01": Decimal(999)}, region="")
    due()
    assert statistics.public_forecast(indicator="turnover") is None, "what is observed is not published"
    released(values)
    assert due(published=True)[0] == 1
    assert due(published=True)[0] == 0
    found = statistics.public_forecast(indicator="turnover")
    assert found is not None
    assert found.newest.release is not None
    assert (found.newest.last_period, found.record, found.earlier) == ("2015-12", None, ())
    assert len(found.history) == 60
    # The observed January is not published, so that nothing says how far off its forecast was.
    due(today=date(2016, 2, 20))
    found = statistics.public_forecast(indicator="turnover")
    assert found is not None
    assert found.newest.points[0].actual is None
    released({"2016-01": Decimal(250)})
    found = statistics.public_forecast(indicator="turnover")
    assert found is not None
    assert (found.newest.points[0].actual, found.record is not None) == (250, True)
    [row] = statistics.public_forecasts()
    assert (row.indicator, row.frequency, row.region, row.period) == (
        "turnover",
        Frequency.MONTH,
        "",
        "2016-01",
    )
    assert row.point == found.newest.points[0].point
    released({"2016-01": Decimal(250)}, withheld="2016-01")
    assert statistics.public_forecast(indicator="turnover") is None
    assert statistics.public_forecast(indicator="turnover", region="440100") is None
    assert statistics.public_forecasts() == []
    assert [
        check.findings for check in statistics.audit() if check.name.startswith("statistics: forecasts")
    ] == [
        [],
        [],
        [],
    ]


def test_bands_widen_by_what_they_missed_and_never_narrow():
    def missed(ratio: float, forecasts: int) -> list[Missed]:
        return [Missed(str(number), {80: ratio, 95: ratio}) for number in range(forecasts) for _ in range(6)]

    assert statistics.widening_from(missed(9.0, 3)).of(80) == 1.0, "too little is known yet"
    assert statistics.widening_from(missed(1.8, 4)).factors == {80: 1.4, 95: 1.4}
    assert statistics.widening_from(missed(1.8, 36)).factors == {80: 1.72, 95: 1.72}
    assert statistics.widening_from(missed(0.3, 36)).factors == {80: 1.0, 95: 1.0}
    assert statistics.widening_from(missed(90.0, 36)).of(95) == 2.35
