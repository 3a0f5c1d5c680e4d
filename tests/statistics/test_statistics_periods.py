"""Periods, their codes, and how they follow each other."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohong.statistics.periods import Frequency, Period, PeriodUnreadable

DAYS = st.dates(date(1990, 1, 1), date(2150, 12, 31))


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-11-24", date(2026, 11, 24), date(2026, 11, 24)),
        ("2026-01+02", date(2026, 1, 1), date(2026, 2, 28)),
    ],
)
def test_a_code_says_from_when_to_when(code: str, start: date, end: date):
    period = Period.parse(code)
    assert (period.start, period.end, period.code) == (start, end, code)


@pytest.mark.parametrize(
    "code", ["", "26", "2026-13", "2026-Q5", "2026-02-30", "2026-7", "0001", "2026-02+03"]
)
def test_what_is_no_period_is_refused(code: str):
    with pytest.raises(PeriodUnreadable):
        Period.parse(code)


@given(DAYS, st.sampled_from(Frequency))
def test_periods_follow_without_gap_and_sort_like_their_codes(day: date, frequency: Frequency):
    period = Period.of(day, frequency)
    after = period.shifted(1)
    assert Period.parse(period.code) == period
    assert period.start <= day <= period.end
    assert (after.start - period.end).days == 1
    assert after.shifted(-1) == period
    assert period.code < after.code


def test_the_year_before():
    def before(code: str) -> str:
        return Period.parse(code).year_before().code

    assert [before(one) for one in ("2026", "2026-Q1", "2025-02", "2024-02-29", "2025-01+02")] == [
        *("2025", "2025-Q1", "2024-02", "2023-02-28"),
        "2024-01+02",
    ]
    assert Period.parse("2025-01+02").year_before().end == date(2024, 2, 29)


def test_a_quarter_has_three_months_and_one_can_go_through_them():
    assert Period.parse("2026-Q4").months() == ["2026-10", "2026-11", "2026-12"]
    first, last = Period.parse("2025-11"), Period.parse("2026-02")
    assert [one.code for one in first.until(last)] == ["2025-11", "2025-12", "2026-01", "2026-02"]
