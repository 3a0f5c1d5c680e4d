"""Forecasts are kept as they were made, scored when the actual values arrive, and weighed against targets."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from reporting_world import Bureau, refused

from cohong.kernel import journal, sets
from cohong.parties.api import SYSTEM
from cohong.statistics import api as statistics
from cohong.statistics.api import Actual, PointView, Series, Standing

VALUES = (800.0, 1010.0, 1240.0, 1500.0, 1790.0, 2110.0, 2380.0, 2700.0)


def series(region: str = "440000", last: str = "2017", indicator: str = "turnover") -> Series:
    return Series(indicator, last, VALUES, region=region)


def made(bureau: Bureau, one: Series | None = None, horizon: int = 3) -> statistics.ForecastView:
    [forecast_id] = statistics.make_forecasts(
        actor=bureau.province, series=[one or series()], horizon=horizon
    )
    return statistics.forecast(actor=bureau.province, forecast_id=forecast_id)


def findings() -> list[str]:
    return [finding for check in statistics.audit() for finding in check.findings]


def test_a_forecast_is_kept_as_it_was_made(bureau: Bureau):
    outlook = statistics.outlook_of(series(), 3)
    view = made(bureau)
    assert (view.indicator, view.region, view.industry, view.frequency) == ("turnover", "440000", "", "year")
    assert (view.last_period, view.last_value, view.model) == ("2017", 2700.0, statistics.FORECAST_MODEL)
    assert [one.period for one in view.points] == ["2018", "2019", "2020"]
    for shown, computed in (
        ([one.point for one in view.points], outlook.points),
        ([one.lower_80 for one in view.points], outlook.band(80).lower),
        ([one.upper_95 for one in view.points], outlook.band(95).upper),
    ):
        assert [float(one) for one in shown] == pytest.approx(computed, abs=1e-6)
    assert all(one.actual is None and one.smape is None for one in view.points)
    [filed] = journal.file_of([view.id])
    assert (filed.envelope.kind, filed.envelope.id) == ("statistics.forecast_made", view.document)
    assert (filed.envelope.body.first_ahead, filed.envelope.body.last_ahead) == ("2018", "2020")
    assert findings() == []


@pytest.mark.parametrize(
    "statement",
    [
        "update statistics_forecast set horizon = 2",
        "update statistics_forecast_point set point = lower_80",
        "delete from statistics_forecast_point",
    ],
)
def test_no_forecast_is_ever_changed(bureau: Bureau, statement: str):
    made(bureau)
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        sets.run(statement)


def test_a_later_forecast_stands_beside_the_earlier_one(bureau: Bureau):
    first = made(bureau)
    longer = replace(series(), values=(*VALUES, 3050.0), last="2018")
    second = made(bureau, longer)
    shown = statistics.forecasts(actor=bureau.province, indicator="turnover", region="440000")
    assert [one.id for one in shown] == [second.id, first.id]
    assert statistics.forecasts(actor=bureau.province, indicator="turnover", region="440100") == []
    assert statistics.forecasts(actor=SYSTEM, indicator="turnover", region="440000", most=1) == [second]


def test_a_forecast_is_scored_when_the_actual_value_arrives(bureau: Bureau):
    view = made(bureau)
    point = view.points[0]
    assert statistics.accuracy(actor=bureau.province) == []
    actual = Actual("turnover", "2018", Decimal(3000), region="440000")
    others = [
        replace(actual, region="440100"),
        replace(actual, industry="steel"),
        replace(actual, indicator="purchases"),
        replace(actual, period="2017"),
    ]
    assert statistics.score_due(actor=bureau.province, actuals=others) == 0
    assert statistics.score_due(actor=bureau.province, actuals=[actual]) == 1
    assert statistics.score_due(actor=bureau.province, actuals=[actual]) == 0
    off = abs(float(point.point) - 3000)
    smape = 200 * off / (float(point.point) + 3000)
    scored = statistics.forecast(actor=bureau.province, forecast_id=view.id).points[0]
    assert scored.actual == 3000
    assert scored.smape is not None
    assert float(scored.smape) == pytest.approx(smape, abs=1e-6)
    steps = [after - before for before, after in pairwise(VALUES)]
    [found] = statistics.accuracy(actor=bureau.province, indicator="turnover")
    assert (found.indicator, found.frequency, found.model, found.scored) == (
        *("turnover", "year", statistics.FORECAST_MODEL),
        1,
    )
    assert found.smape == pytest.approx(smape, abs=1e-6)
    assert found.mase == pytest.approx(off / (sum(steps) / len(steps)), abs=1e-6)
    assert found.coverage_80 == float(point.lower_80 <= 3000 <= point.upper_80)
    assert findings() == []


def test_a_revised_value_scores_again_and_the_first_score_stays(bureau: Bureau):
    view = made(bureau)
    for value in (Decimal(3000), Decimal(90_000)):
        actual = Actual("turnover", "2018", value, region="440000")
        assert statistics.score_due(actor=bureau.province, actuals=[actual]) == 1
    rows = sets.fetch("select number, actual, in_95 from statistics_forecast_score order by number")
    assert rows == [(1, 3000.0, True), (2, 90_000.0, False)]
    [found] = statistics.accuracy(actor=bureau.province)
    assert (found.scored, found.coverage_95) == (1, 0.0)
    assert statistics.forecast(actor=bureau.province, forecast_id=view.id).points[0].actual == 90_000.0
    assert findings() == []


def test_only_who_answers_for_a_region_forecasts_and_sees_it(bureau: Bureau):
    view = made(bureau, series("440300"))
    with refused(statistics.NotYourRegion):
        statistics.make_forecasts(actor=bureau.guangzhou, series=[series("440300")], horizon=2)
    with refused(statistics.NotYourRegion):
        statistics.forecasts(actor=bureau.guangzhou, indicator="turnover", region="440300")
    with refused(statistics.NoSuchForecast):
        statistics.forecast(actor=bureau.guangzhou, forecast_id=view.id)
    actual = Actual("turnover", "2018", Decimal(3000), region="440300")
    with refused(statistics.NotYourRegion):
        statistics.score_due(actor=bureau.guangzhou, actuals=[actual])
    assert statistics.score_due(actor=bureau.shenzhen, actuals=[actual]) == 1
    assert statistics.accuracy(actor=bureau.guangzhou) == []
    assert len(statistics.accuracy(actor=bureau.shenzhen)) == 1


@pytest.mark.parametrize(
    ("one", "horizon", "refusal"),
    [
        (replace(series(), values=(1.0, 2.0)), 2, statistics.SeriesTooShort),
        (replace(series(), values=(1.0, 2.0, float("nan"))), 2, statistics.ValueImpossible),
        (series(), 0, statistics.HorizonTooLong),
        (series(), 401, statistics.HorizonTooLong),
    ],
)
def test_what_cannot_be_forecast_is_refused(bureau: Bureau, one: Series, horizon: int, refusal: Any):
    with refused(refusal):
        statistics.make_forecasts(actor=bureau.province, series=[series(), one], horizon=horizon)
    assert sets.fetch("select 1 from statistics_forecast") == []


EXPECTED = PointView("2015", *(Decimal(cut) for cut in (100, 90, 120, 80, 140)))


@pytest.mark.parametrize(
    ("target", "standing", "chance"),
    [
        (70, Standing.ALMOST_SURE, 0.99994),
        (80, Standing.ALMOST_SURE, 0.99481),
        (90, Standing.LIKELY, 0.9),
        (100, Standing.RATHER, 0.5),
        (120, Standing.RATHER_NOT, 0.1),
        (130, Standing.UNLIKELY, 0.02725),
        (141, Standing.OUT_OF_REACH, 0.00430),
    ],
)
def test_a_target_is_weighed_against_the_bands(target: int, standing: Standing, chance: float):
    found = statistics.prospect_of(EXPECTED, target=Decimal(target), last_value=Decimal(50), periods=2)
    assert found.standing == standing
    assert found.chance == pytest.approx(chance, abs=1e-4)
    turned = statistics.prospect_of(
        EXPECTED, target=Decimal(target), last_value=Decimal(50), periods=2, at_most=True
    )
    assert turned.chance == pytest.approx(1 - found.chance)


def test_what_is_not_to_be_exceeded_is_weighed_the_other_way_round():
    for target, standing in (
        (140, Standing.ALMOST_SURE),
        (125, Standing.LIKELY),
        (100, Standing.RATHER),
        (95, Standing.RATHER_NOT),
        (85, Standing.UNLIKELY),
        (79, Standing.OUT_OF_REACH),
    ):
        found = statistics.prospect_of(
            EXPECTED, target=Decimal(target), last_value=Decimal(50), periods=2, at_most=True
        )
        assert found.standing == standing


def test_the_growth_that_a_target_takes_is_by_period(bureau: Bureau):
    view = made(bureau)
    found = statistics.prospect(
        actor=bureau.province, forecast_id=view.id, period="2019", target=Decimal(3267)
    )
    assert (found.periods, found.needed_growth) == (2, pytest.approx(0.1))
    assert found.expected == view.points[1]
    assert found.expected_growth == pytest.approx((float(view.points[1].point) / 2700) ** 0.5 - 1)
    assert (
        statistics.prospect_of(EXPECTED, target=Decimal(9), last_value=Decimal(0), periods=2).needed_growth
        is None
    )
    with refused(statistics.PeriodNotForecast):
        statistics.prospect(actor=bureau.province, forecast_id=view.id, period="2031", target=Decimal(1))


def test_an_audit_finds_a_forecast_that_was_tampered_with(bureau: Bureau):
    view = made(bureau)
    sets.run("alter table statistics_forecast_point disable trigger user")
    sets.run("update statistics_forecast_point set point = point + 0.001 where ahead = 1")
    sets.run("delete from statistics_forecast_point where ahead = 3")
    sets.run("alter table statistics_forecast_point enable trigger user")
    assert {finding.split(":")[0] for finding in findings()} == {f"forecast {view.id}"}
    assert len(findings()) == 2


def test_many_series_are_forecast_together(bureau: Bureau):
    monthly = tuple(100.0 + (month % 12) * 3 + month for month in range(40))
    many = [
        Series("turnover", "2026-04", monthly, region="440000", industry="steel"),
        Series("turnover", "2026-04", monthly, region="440100").with_two_months(),
    ]
    ids = statistics.make_forecasts(actor=bureau.province, series=many, horizon=12)
    plain, joined = (statistics.forecast(actor=bureau.province, forecast_id=one) for one in ids)
    assert [one.period for one in plain.points][7:10] == ["2026-12", "2027-01", "2027-02"]
    assert [one.period for one in joined.points][7:10] == ["2026-12", "2027-01+02", "2027-03"]
    assert plain.made_at.tzinfo is not None
    assert plain.made_at > datetime(2020, 1, 1, tzinfo=UTC)
