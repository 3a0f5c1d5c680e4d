"""What is printed adds up: cities to the province, industries to the total."""

import random
import time
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cohong.statistics import rounding
from cohong.statistics.hierarchies import Hierarchy, sums, totals
from cohong.statistics.rounding import HUNDRED_MILLION, Rounded, controlled, parts

DEEP = Hierarchy(
    "a", {"b": "total", "b1": "b", "b2": "b", "c": "total", "c1": "c", "c2": "c", "c11": "c1", "c12": "c1"}
)
COLUMNS = Hierarchy.flat("x", ["x", "y", "z"])
PLANES = [[DEEP], [COLUMNS], [DEEP, COLUMNS], [COLUMNS, DEEP], [COLUMNS, Hierarchy.flat("y", "pq")]]


def check(dimensions: list[Hierarchy], leaves: dict, found: Rounded, *, neighbours: bool) -> None:
    true = totals(dimensions, leaves)
    assert set(found.values) == set(true)
    for place, value in true.items():
        assert type(found.values[place]) is int
        assert found.values[place] % found.base == 0
        if neighbours:
            assert abs(found.values[place] - value) < found.base
            assert value % found.base or found.values[place] == value
    for total, below in sums(dimensions):
        assert found.values[total] == sum(found.values[part] for part in below)
    for place, value in leaves.items():
        assert abs(found.values[place] - value) < found.base


def test_a_list_sums_to_its_rounded_total():
    assert parts([14, 14, 14], base=10) == [20, 10, 10]  # 42 is 40
    assert parts([14, 14, 14, 14], base=10) == [20, 20, 10, 10]  # 56 is 60
    assert parts([10, 20], base=10) == [10, 20]
    assert parts([], base=10) == []
    assert parts([-7, 3], base=5) == [-10, 5]
    assert parts([-7, -8], base=5) == [-5, -10]


def test_a_provinces_print_in_hundred_millions_adds_up():
    cities = Hierarchy.flat("region", ["guangzhou", "shenzhen", "foshan"], root="guangdong")
    fen = HUNDRED_MILLION * 100
    leaves = {
        ("guangzhou",): 1_340 * fen // 100,
        ("shenzhen",): 1_240 * fen // 100,
        ("foshan",): 330 * fen // 100,
    }
    found = controlled([cities], leaves, base=fen)
    assert {place: found.units(place) for place in found.values} == {
        ("guangdong",): 29,
        ("guangzhou",): 14,  # 13.4: 13.4 + 12.4 + 3.3 is 29.1, and 13 + 12 + 3 would be 28
        ("shenzhen",): 12,
        ("foshan",): 3,
    }


def test_coxs_table_is_rounded_with_its_margins():
    rows, columns = Hierarchy.flat("row", ["1", "2"]), Hierarchy.flat("column", ["1", "2"])
    leaves = {("1", "1"): 5, ("1", "2"): 5, ("2", "1"): 5, ("2", "2"): 5}
    found = controlled([rows, columns], leaves, base=10)
    assert found.adjacent
    assert found.values["total", "total"] == 20
    assert sorted(found.values[place] for place in leaves) == [0, 0, 10, 10]
    check([rows, columns], leaves, found, neighbours=True)


def test_of_all_roundings_the_nearest_is_taken():
    rows, columns = Hierarchy.flat("row", ["1", "2"]), Hierarchy.flat("column", ["1", "2"])
    leaves = {("1", "1"): 19, ("1", "2"): 11, ("2", "1"): 11, ("2", "2"): 19}
    found = controlled([rows, columns], leaves, base=10)
    assert [found.values[place] for place in leaves] == [20, 10, 10, 20]


def test_a_base_below_one_is_refused():
    with pytest.raises(ValueError, match="base"):
        parts([1], base=0)


VALUES = st.integers(-(10**13), 10**13) | st.integers(-50, 50)
BASES = st.sampled_from([1, 2, 7, 10, 10_000, 10**10])


@given(st.data(), BASES)
@settings(max_examples=60, deadline=None)
def test_any_plane_with_levels_one_way_is_rounded_to_neighbours(data: st.DataObject, base: int):
    dimensions = data.draw(
        st.sampled_from(
            [[DEEP], [COLUMNS], [DEEP, COLUMNS], [COLUMNS, DEEP], [COLUMNS, Hierarchy.flat("y", "pq")]]
        )
    )
    grid = product(*(each.leaves for each in dimensions))
    leaves = {place: data.draw(VALUES) for place in grid}
    found = controlled(dimensions, leaves, base=base)
    assert found.adjacent
    check(dimensions, leaves, found, neighbours=True)
    assert controlled(dimensions, leaves, base=base) == found


def test_no_rounding_to_neighbours_is_nearer():
    """Against all that there are, on small tables."""
    dice = random.Random(5)
    rows, columns = Hierarchy.flat("row", "12"), Hierarchy.flat("column", "12")
    for _table in range(30):
        leaves = {(row, column): dice.randint(-30, 30) for row in "12" for column in "12"}
        true = totals([rows, columns], leaves)
        weights = totals([rows, columns], dict.fromkeys(leaves, 1))

        def change(values: dict) -> int:
            return sum(weights[place] * abs(values[place] - true[place]) for place in true)  # noqa: B023

        best = None
        for choice in range(16):
            chosen = {
                place: (value // 10 + (choice >> bit & 1 if value % 10 else 0)) * 10
                for bit, (place, value) in enumerate(leaves.items())
            }
            values = totals([rows, columns], chosen)
            if all(abs(values[place] - true[place]) < 10 for place in true):
                away = change(values)
                best = away if best is None else min(best, away)
        found = controlled([rows, columns], leaves, base=10)
        assert change(found.values) == best


@given(st.data(), BASES)
@settings(max_examples=20, deadline=None)
def test_three_dimensions_add_up_always(data: st.DataObject, base: int):
    dimensions = data.draw(
        st.sampled_from([[Hierarchy.flat("a", "pq"), COLUMNS, Hierarchy.flat("m", "12")], [DEEP, DEEP]])
    )
    grid = product(*(each.leaves for each in dimensions))
    leaves = {place: data.draw(VALUES) for place in grid}
    found = controlled(dimensions, leaves, base=base)
    check(dimensions, leaves, found, neighbours=found.adjacent)


def test_sums_hold_even_if_there_is_no_rounding_to_neighbours(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rounding, "_by_program", lambda *_args: None)
    dice = random.Random(11)
    dimensions = [Hierarchy.flat("a", "123"), COLUMNS, Hierarchy.flat("m", "1234")]
    leaves = {(a, x, m): dice.randint(-90, 90) for a in "123" for x in "xyz" for m in "1234"}
    found = controlled(dimensions, leaves, base=10)
    check(dimensions, leaves, found, neighbours=False)
    for month in "1234":  # each month is rounded to neighbours by itself
        assert (
            abs(found.values["total", "total", month] - totals(dimensions, leaves)["total", "total", month])
            < 10
        )


def test_a_provinces_year_is_rounded_in_a_moment():
    dice = random.Random(2)
    parents = {f"c{city}": "province" for city in range(21)}
    parents |= {f"d{number}": f"c{number % 21}" for number in range(122)}
    dimensions = [
        Hierarchy("region", parents),
        Hierarchy.flat("industry", [f"i{number}" for number in range(17)]),
    ]
    leaves = {(f"d{d}", f"i{i}"): int(dice.lognormvariate(20, 2)) for d in range(122) for i in range(17)}
    started = time.process_time()
    found = controlled(dimensions, leaves, base=10_000 * 100)
    assert time.process_time() - started < 10
    check(dimensions, leaves, found, neighbours=True)
    sizes = {"c": 21, "i": 17, "m": 12}
    flat = [
        Hierarchy.flat(name, [f"{name}{number}" for number in range(size)]) for name, size in sizes.items()
    ]
    leaves = {place: int(dice.lognormvariate(20, 2)) for place in product(*(each.leaves for each in flat))}
    started = time.process_time()
    found = controlled(flat, leaves, base=10_000 * 100)
    check(flat, leaves, found, neighbours=found.adjacent)
