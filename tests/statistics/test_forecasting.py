"""Forecasts of series: the models, the ensemble, its bands, and the bench that measures them."""

import argparse
import json
from pathlib import Path

import numpy as np
import pytest

from cohong.bench import command
from cohong.statistics import api as statistics
from cohong.statistics.forecasting.seasonal import season_of


def monthly(*, years: int = 8, seed: int = 1, noise: float = 0.03) -> tuple[np.ndarray, np.ndarray]:
    """A growing monthly series with a season, and its true seasonal factors."""
    chance = np.random.default_rng(seed)
    months = np.arange(12 * years)
    factors = 1 + 0.3 * np.sin(2 * np.pi * np.arange(12) / 12)
    level = 1000 * 1.008**months * np.exp(np.cumsum(chance.normal(0, 0.01, len(months))))
    return level * factors[months % 12] * np.exp(chance.normal(0, noise, len(months))), factors


def test_measures_are_those_of_the_competition():
    assert statistics.smape([110.0], [90.0]) == pytest.approx(20.0)
    assert statistics.smape([0.0, 1.0], [0.0, 1.0]) == 0.0
    assert statistics.smape([1.0], [0.0]) == pytest.approx(200.0)
    # The history moves by 2 from one value to the next; the forecast is off by 3.
    assert statistics.mase([13.0], [10.0], [2.0, 4.0, 6.0]) == pytest.approx(1.5)
    assert statistics.mase([5.0], [6.0], [1.0, 2.0, 2.0, 4.0], season=2) == pytest.approx(1 / 1.5)
    assert statistics.mase([5.0], [6.0], [4.0, 4.0]) is None


def test_a_season_is_found_taken_out_and_put_back():
    values, factors = monthly()
    season = season_of(values, 12)
    assert season.multiplies
    assert season.indices == pytest.approx(factors, abs=0.05)
    adjusted = season.adjust(values)
    assert season.restore(adjusted[5:], 5) == pytest.approx(values[5:])


def test_noise_is_no_season():
    found, raw = [], []
    for seed in range(20):
        values = 100 + np.random.default_rng(seed).normal(0, 5, 96)
        means = np.array([values[place::12].mean() for place in range(12)]) / values.mean()
        found.append(np.std(season_of(values, 12).indices))
        raw.append(np.std(means))
    assert np.mean(found) < 0.5 * np.mean(raw)


def test_the_ensemble_beats_repeating_the_season_and_covers_what_comes():
    ours, naive, inside = [], [], []
    for seed in range(10):
        values, _ = monthly(seed=seed)
        outlook = statistics.outlook(values[:-12], season=12, horizon=12)
        ours.append(statistics.smape(outlook.points, values[-12:]))
        naive.append(statistics.smape(values[-24:-12], values[-12:]))
        band = outlook.band(80)
        inside.append(np.mean((values[-12:] >= band.lower) & (values[-12:] <= band.upper)))
    assert np.mean(ours) < 0.6 * np.mean(naive)
    assert 0.65 <= np.mean(inside) <= 0.95


def test_bands_hold_the_point_and_one_another_and_are_the_same_each_time():
    values, _ = monthly(years=3)
    outlook, again = (statistics.outlook(values, season=12, horizon=18) for _ in range(2))
    narrow, wide = outlook.band(80), outlook.band(95)
    cuts = [wide.lower, narrow.lower, outlook.points, narrow.upper, wide.upper]
    assert np.all(np.diff(np.array(cuts), axis=0) >= 0)
    assert set(outlook.members) == {"theta", "ets", "ces", "arima", "trend"}
    assert again == outlook


@pytest.mark.parametrize(
    "values",
    [
        [3.0, 4.0, 6.0],
        [5.0, 5.0, 5.0, 5.0],
        [0.0, 0.0, 1.0, 0.0, 3.0, 0.0, 0.0, 2.0, 0.0, 1.0],
        [-5.0, 2.0, -1.0, 4.0, -3.0, 6.0, 1.0, -2.0],
        [1e12, 1.1e12, 1.25e12, 1.3e12, 1.5e12, 1.6e12, 1.9e12],
        [0.001, 0.0012, 0.0011, 0.0013, 0.0012, 0.0016, 0.0014],
        [1.0, 10.0, 100.0, 1000.0, 10000.0, 100000.0, 1000000.0],
    ],
)
def test_any_series_gets_a_finite_forecast(values: list[float]):
    outlook = statistics.outlook(values, season=4, horizon=30)
    everything = [outlook.points, *(cut for band in outlook.bands for cut in (band.lower, band.upper))]
    assert all(len(one) == 30 and np.all(np.isfinite(one)) for one in everything)
    if min(values) >= 0:
        assert min(min(one) for one in everything) >= 0


def test_scale_does_not_matter():
    values, _ = monthly(years=3)
    one = statistics.outlook(values, season=12, horizon=6)
    million = statistics.outlook(1_000_000 * values, season=12, horizon=6)
    assert million.points == pytest.approx(1_000_000 * np.array(one.points), rel=1e-3)


def test_two_values_are_too_few():
    with pytest.raises(statistics.TooShort):
        statistics.outlook([1.0, 2.0], season=1, horizon=1)


def test_bands_learn_from_their_own_past_but_never_all_of_it():
    chance = np.random.default_rng(5)
    steady = [np.cumsum(chance.normal(1, 1, 30)) + 50 for _ in range(6)]
    widening = statistics.learned_widening(steady, season=1, horizon=6)
    assert all(0.9 < widening.of(level) < 1.1 for level in statistics.FORECAST_LEVELS)
    assert statistics.learned_widening([], season=1, horizon=6).of(80) == 1.0


def bench(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str, str]:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    status = command.run(parser.parse_args(["forecast", str(folder), *options]))
    return status, *capsys.readouterr()


def test_the_bench_reads_the_competitions_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    chance = np.random.default_rng(1)
    for name, count in (("yearly", 20), ("quarterly", 44)):
        with (tmp_path / f"{name}.csv").open("w") as file:
            file.write("series,horizon,category,values\n")
            for number in range(4):
                values = " ".join(f"{one:.2f}" for one in 100 + np.cumsum(chance.normal(3, 2, count)))
                file.write(f"N{number},6,MICRO,{values}\n")
    status, out, _ = bench(tmp_path, capsys, "--json")
    assert status == 0
    sets = json.loads(out)["sets"]
    assert [one["name"] for one in sets] == ["yearly", "quarterly"]
    for one in sets:
        assert one["series"] == 4
        assert 0 < one["smape"] < one["smape_naive"]
        assert 0 < one["mase"] < 10
        assert 0.4 < one["coverage_80"] <= one["coverage_95"] <= 1
        assert one["seconds"] > 0


def test_the_bench_forecasts_a_single_series_again_and_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    chance = np.random.default_rng(1)
    values = 100 * 1.03 ** np.arange(48) * np.exp(np.cumsum(chance.normal(0, 0.02, 48)))
    lines = [f"{2000 + i // 4}-{3 * (i % 4) + 1:02}-01,{one:.1f}\n" for i, one in enumerate(values)]
    (tmp_path / "SALES.csv").write_text("DATE,SALES\n" + "".join(lines))
    status, out, _ = bench(tmp_path, capsys)
    assert status == 0
    assert "SALES" in out


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("nothing.txt", "", "holds no CSV file"),
        ("yearly.csv", "series,horizon,category,values\nN1,6,MICRO,1 2 three\n", "yearly.csv, line 2"),
        ("yearly.csv", "series,horizon,category,values\nN1,6,MICRO,1 2 3\n", "no history before the horizon"),
        ("yearly.csv", "series,horizon,category,values\n", "holds no series"),
        ("x.csv", "DATE,X\nyesterday,4\n", "no dates and values"),
        ("x.csv", "DATE,X\n2020-01-01,4\n2021-01-01,5\n", "too short"),
    ],
)
def test_the_bench_says_what_it_cannot_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, said: str
):
    (tmp_path / name).write_text(text)
    status, out, error = bench(tmp_path, capsys, "--json")
    assert (status, out) == (2, "")
    assert said in error
