"""Charts that the server draws: their places follow the figures, and every figure can be read."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohong.portal.design import charts
from cohong.portal.design.charts import HEIGHT, Series

FIGURES = st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=40)


def test_columns_stand_on_zero_and_are_as_long_as_their_figures():
    chart = charts.columns(["a", "b", "c"], [Series("n", [0, 50, 100])], title="t")
    assert [one.height for one in chart.columns] == [0, Decimal("66.00"), Decimal("132.00")]
    assert {one.y + one.height for one in chart.columns} == {chart.baseline}
    assert [tick.label for tick in chart.ticks] == ["0", "25", "50", "75", "100"]
    assert chart.rows == (("a", ("0",)), ("b", ("50",)), ("c", ("100",)))


def test_what_is_below_zero_hangs_below_the_baseline():
    chart = charts.columns(["a", "b"], [Series("in", [300, 0]), Series("out", [0, -100], "call")], title="t")
    hanging = chart.columns[3]
    assert (hanging.y, hanging.tone, hanging.said) == (chart.baseline, "call", "b · out: -100")
    assert hanging.height > 0


@given(FIGURES)
def test_everything_stays_inside_the_picture(values: list[int]):
    labels = [str(number) for number in range(len(values))]
    for chart in (
        charts.columns(labels, [Series("n", values)], title="t"),
        charts.lines(labels, [Series("n", values)], title="t"),
    ):
        assert all(0 <= tick.y <= HEIGHT for tick in chart.ticks)
        assert all(one.y >= 0 and one.y + one.height <= HEIGHT for one in chart.columns)
        assert all(0 <= x <= 100 and 0 <= y <= HEIGHT for line in chart.lines for x, y, _ in line.dots)
        assert len(chart.labels) <= 6
        assert 2 <= len(chart.ticks) <= 8
        assert [label for label, _ in chart.rows] == labels


def test_whole_numbers_have_no_halves_on_their_axis():
    ticks = [tick.label for tick in charts.columns(["a", "b"], [Series("n", [1, 2])], title="t").ticks]
    assert ticks == ["0", "1", "2"]
    ticks = [tick.label for tick in charts.columns(["a"], [Series("n", [10])], title="t").ticks]
    assert ticks == ["0", "5", "10"]
    fine = charts.columns(["a"], [Series("n", [Decimal("0.4")])], title="t").ticks
    assert [tick.label for tick in fine] == ["0", "0.1", "0.2", "0.3", "0.4"]


def test_a_series_has_a_figure_for_each_label():
    with pytest.raises(ValueError, match="1 figures for 2 labels"):
        charts.lines(["a", "b"], [Series("n", [1])], title="t")


def test_no_figures_make_an_empty_chart():
    assert charts.columns([], [], title="t").is_empty


def test_bars_are_shares_of_the_longest():
    ranked = charts.bars([("a", 200), ("b", 50), ("c", -5)], links=["/a"])
    assert [(bar.percent, bar.to) for bar in ranked] == [(100, "/a"), (25, ""), (0, "")]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (950, "950"), (12_000, "12k"), (1_250_000, "1.2M"), (-3_500, "-3.5k"), (10**10, "10G")],
)
def test_short_figures(value: int, text: str):
    assert charts.short(value) == text
