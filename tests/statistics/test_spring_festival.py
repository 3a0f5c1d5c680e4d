"""Spring Festival in forecasts: its days, its effects on months and days, and January and February as one period."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import radians, sin

import numpy as np
import pytest

from cohong.statistics import api as statistics
from cohong.statistics.forecasting.festival import windows_in
from cohong.statistics.forecasting.festival_days import SPRING_FESTIVAL
from cohong.statistics.periods import Period

BEIJING = timedelta(hours=8)


def new_moon(lunation: int) -> datetime:
    """The moment of a new moon, to a minute or two (Meeus, Astronomical Algorithms, chapter 49)."""
    t = lunation / 1236.85
    days = 2451550.09766 + 29.530588861 * lunation + 0.00015437 * t**2
    m = radians(2.5534 + 29.10535670 * lunation)
    n = radians(201.5643 + 385.81693528 * lunation + 0.0107582 * t**2)
    f = radians(160.7108 + 390.67050284 * lunation - 0.0016118 * t**2)
    node = radians(124.7746 - 1.56375588 * lunation)
    e = 1 - 0.002516 * t
    days += -0.40720 * sin(n) + 0.17241 * e * sin(m) + 0.01608 * sin(2 * n) + 0.01039 * sin(2 * f)
    days += 0.00739 * e * sin(n - m) - 0.00514 * e * sin(n + m) + 0.00208 * e**2 * sin(2 * m)
    days += -0.00111 * sin(n - 2 * f) - 0.00057 * sin(n + 2 * f) + 0.00056 * e * sin(2 * n + m)
    days += -0.00042 * sin(3 * n) + 0.00042 * e * sin(m + 2 * f) + 0.00038 * e * sin(m - 2 * f)
    days += -0.00024 * e * sin(2 * n - m) - 0.00017 * sin(node)
    days += 0.000325 * sin(radians(299.77 + 0.107408 * lunation))
    # The difference of dynamical time to the clock's, 57 to 93 seconds in these years.
    days -= 75 / 86400
    return datetime(2000, 1, 1, 12, tzinfo=UTC) + timedelta(days=days - 2451545)


def test_the_festival_is_on_the_day_of_a_new_moon_in_beijing():
    moons = {(new_moon(k) + BEIJING).date() for k in range(-130, 640)}
    assert set(SPRING_FESTIVAL) == set(range(1990, 2051))
    for year, day in SPRING_FESTIVAL.items():
        assert date(year, 1, 21) <= day <= date(year, 2, 20)
        assert day in moons
    days = list(SPRING_FESTIVAL.values())
    lengths = {(after - before).days for before, after in pairwise(days)}
    assert lengths <= {353, 354, 355, 383, 384, 385}


def shops(first: int, last: int, seed: int) -> dict[date, float]:
    """Daily sales that rise before the festival, rest in it and recover slowly."""
    chance = np.random.default_rng(seed)
    days = {}
    day = date(first, 1, 1)
    while day.year <= last:
        place = (day - SPRING_FESTIVAL[day.year]).days
        factor = next(
            (
                factor
                for start, after, factor in ((-18, -3, 1.35), (-3, 0, 0.9), (0, 7, 0.45), (7, 15, 0.8))
                if start <= place < after
            ),
            1.0,
        )
        weekend = 1.2 if day.weekday() >= 5 else 1.0
        days[day] = 100 * 1.0003 ** len(days) * factor * weekend * float(np.exp(chance.normal(0, 0.04)))
        day += timedelta(days=1)
    return days


def months(days: dict[date, float]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for day, value in days.items():
        sums[f"{day:%Y-%m}"] = sums.get(f"{day:%Y-%m}", 0.0) + value
    return sums


def test_january_and_february_err_half_as_much():
    errors: dict[bool, list[float]] = {True: [], False: []}
    others: dict[bool, list[float]] = {True: [], False: []}
    for end in (2020, 2021, 2022, 2023, 2024):
        sums = months(shops(end - 7, end, end))
        values = list(sums.values())
        series = statistics.Series("retail", f"{end - 1}-12", tuple(values[:-12]))
        for festival in (True, False):
            points = statistics.outlook_of(series, 12, festival=festival).points
            errors[festival].append(statistics.smape(points[:2], values[-12:-10]))
            others[festival].append(statistics.smape(points[3:], values[-9:]))
    assert np.mean(errors[True]) < 0.5 * np.mean(errors[False])
    assert np.mean(others[True]) < 1.1 * np.mean(others[False])


def test_days_around_the_festival_are_forecast_as_those_of_the_years_before():
    days = shops(2020, 2024, 1)
    last = date(2024, 1, 20)
    history = tuple(value for day, value in days.items() if day <= last)
    actual = [value for day, value in days.items() if last < day <= last + timedelta(days=40)]
    series = statistics.Series("retail", f"{last}", history)
    with_, without = (
        statistics.smape(statistics.outlook_of(series, 40, festival=festival).points, actual)
        for festival in (True, False)
    )
    assert with_ < 0.5 * without


def test_what_has_no_festival_is_left_alone():
    chance = np.random.default_rng(2)
    values = 1000 * (1 + 0.2 * np.sin(np.arange(84) / 12 * 2 * np.pi)) * np.exp(chance.normal(0, 0.03, 84))
    series = statistics.Series("steel", "2024-12", tuple(values.tolist()))
    with_, without = (
        statistics.outlook_of(series, 12, festival=festival).points for festival in (True, False)
    )
    assert statistics.smape(with_, without) < 2.5


def test_a_festival_in_february_has_its_eve_in_both_months():
    # 10 February 2024: of the three weeks before it, 20 January to 9 February, twelve days are in January.
    assert windows_in(Period.parse("2024-01")) == (pytest.approx(12 / 21), 0, 0)
    assert windows_in(Period.parse("2024-02")) == (pytest.approx(9 / 21), 1, pytest.approx(13 / 14))
    assert windows_in(Period.parse("2024-03")) == (0, 0, pytest.approx(1 / 14))


def test_january_and_february_can_be_one_period():
    values = tuple(float(number) for number in range(1, 37))
    series = statistics.Series("retail", "2024-12", values).with_two_months()
    assert (series.season, series.last, len(series.values)) == (11, "2024-12", 33)
    assert [period.code for period in series.periods()][:3] == ["2022-01+02", "2022-03", "2022-04"]
    assert series.values[:3] == (3.0, 3.0, 4.0)
    assert [period.code for period in series.ahead(3)] == ["2025-01+02", "2025-03", "2025-04"]
    assert len(statistics.outlook_of(series, 11).points) == 11


def test_halves_of_the_two_months_are_left_out():
    series = statistics.Series("retail", "2024-01", tuple(float(number) for number in range(12)))
    # February 2023 to January 2024.
    assert series.with_two_months().last == "2023-12"
    assert series.with_two_months().values == tuple(float(number) for number in range(1, 11))


@pytest.mark.parametrize(
    ("last", "ahead"),
    [
        ("2026", ["2027", "2028"]),
        ("2026-Q4", ["2027-Q1", "2027-Q2"]),
        ("2026-11", ["2026-12", "2027-01"]),
        ("2026-12-31", ["2027-01-01", "2027-01-02"]),
    ],
)
def test_what_follows_a_series(last: str, ahead: list[str]):
    series = statistics.Series("retail", last, (1.0, 2.0, 3.0))
    assert [period.code for period in series.ahead(2)] == ahead
    assert [period.code for period in series.periods()][-1] == last
    assert len(series.periods()) == 3
