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


def test_multiples_share_one_scale_or_have_each_its_own():
    parts = [("large", [0, 50, 100]), ("small", [None, 5, 10])]
    common = charts.multiples(["a", "b", "c"], parts, title="t")
    assert [one.points for one in common.items] == [
        ("2.00,46.00 50.00,24.00 98.00,2.00",),
        ("50.00,43.80 98.00,41.60",),
    ]
    assert common.items[1].areas == ("50.00,46.00 50.00,43.80 98.00,41.60 98.00,46.00",)
    assert (common.low, common.high) == ("0", "100")
    assert common.rows[0] == ("a", ("0", "–"))
    own = charts.multiples(["a", "b", "c"], parts, title="t", common=False)
    assert [one.points for one in own.items] == [
        ("2.00,46.00 50.00,24.00 98.00,2.00",),
        ("50.00,24.00 98.00,2.00",),
    ]
    assert (own.items[1].first, own.items[1].last) == ("5", "10")
    fallen = charts.multiples(["a", "b"], [("one", [-50, 50])], title="t")
    assert (fallen.items[0].zero, fallen.low) == (24, "-50")
    assert charts.multiples([], [], title="t").items == ()
