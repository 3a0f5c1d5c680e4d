"""Whoever asks one query after another learns no more than from one."""

import random
import time

import numpy as np
from disclosure_attack import made_of
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from cohong.statistics.disclosure import Facts, Reason, Row, Rules, screen

SAFE = [40, 30, 20, 10]
ATOMS = {
    "guangzhou": made_of([each * 9 for each in SAFE]),
    "shenzhen": made_of([each * 8 for each in SAFE]),
    "foshan": made_of(SAFE),
    "heyuan": made_of([50]),
    "yunfu": made_of([30, 20]),
    "meizhou": made_of([each * 2 for each in SAFE]),
}


def row(*atoms: str) -> Row:
    return Row(frozenset(atoms))


def test_what_is_harmless_is_shown():
    found = screen([row("guangzhou"), row("shenzhen"), row("guangzhou", "shenzhen")], atoms=ATOMS)
    assert found.shown == (True, True, True)
    assert not found.refused
    assert screen([], atoms=ATOMS).shown == ()
    assert screen([row()], atoms=ATOMS).shown == (True,)


def test_what_is_sensitive_itself_is_not_shown():
    found = screen([row("heyuan"), row("guangzhou"), row("heyuan", "yunfu", "foshan")], atoms=ATOMS)
    assert found.reasons == (Reason.FEW, None, None)


def test_a_table_in_an_answer_gets_its_secondary_suppressions():
    rows = [row("heyuan"), row("foshan"), row("meizhou"), row("heyuan", "foshan", "meizhou")]
    found = screen(rows, atoms=ATOMS)
    assert found.reasons == (Reason.FEW, Reason.SECONDARY, None, None)


def test_the_difference_to_an_earlier_answer_is_not_shown():
    earlier = [row("guangzhou", "shenzhen", "heyuan")]
    found = screen([row("guangzhou", "shenzhen"), row("foshan")], atoms=ATOMS, earlier=earlier)
    assert found.shown == (False, True)
    # The other way round, too: what was harmless alone completes the earlier answer.
    found = screen(
        [row("guangzhou", "shenzhen", "heyuan")], atoms=ATOMS, earlier=[row("guangzhou", "shenzhen")]
    )
    assert found.shown == (False,)
    assert not found.refused


def test_a_difference_over_several_answers_is_not_shown_either():
    earlier = [row("guangzhou"), row("shenzhen", "foshan")]
    whole = row("guangzhou", "shenzhen", "foshan", "heyuan")
    assert screen([whole], atoms=ATOMS, earlier=earlier).shown == (False,)
    assert screen([whole], atoms=ATOMS, earlier=earlier[:1]).shown == (True,)


def test_the_same_answer_may_be_had_again():
    earlier = [row("guangzhou", "heyuan", "foshan"), row("shenzhen")]
    found = screen([row("shenzhen"), row("guangzhou", "heyuan", "foshan")], atoms=ATOMS, earlier=earlier)
    assert found.shown == (True, True)


def test_what_was_given_away_earlier_is_narrowed_no_further():
    # Heyuan is known: nothing about it is left to protect, and what is harmless beside it is told.
    earlier = [row("guangzhou", "heyuan"), row("guangzhou")]
    assert screen([row("heyuan", "shenzhen", "foshan")], atoms=ATOMS, earlier=earlier).shown == (True,)
    # That Yunfu is at most 60 is less doubt than there should be; the row would leave none.
    atoms = {**ATOMS, "zhanjiang": made_of([4, 3, 3])}
    earlier = [row("yunfu", "zhanjiang")]
    found = screen([row("zhanjiang"), row("foshan")], atoms=atoms, earlier=earlier)
    assert found.shown == (False, True)


def test_who_asks_too_much_is_refused():
    many = [row(f"atom {number}") for number in range(5_001)]
    atoms = {f"atom {number}": made_of(SAFE) for number in range(5_001)}
    found = screen(many, atoms=atoms)
    assert found.refused
    assert not any(found.shown)


def test_a_company_that_is_in_several_atoms_counts_once():
    # Three sellers in each industry, but they are the same three, and one of them makes up nearly everything.
    atoms = {"steel": made_of([60, 30, 20]), "plastics": made_of([60, 30, 20]), "grain": made_of(SAFE)}

    def measure(chosen: frozenset) -> Facts:
        value = sum(atoms[atom].value for atom in chosen)
        return Facts(value=value, contributors=2, largest=value - 40, second=40)

    both = row("steel", "plastics")
    assert screen([both], atoms=atoms).shown == (True,)
    assert screen([both], atoms=atoms, measure=measure).reasons == (Reason.FEW,)
    both_and_more = row("steel", "plastics", "grain")
    rules = Rules(dominance_percent=None, ambiguity_percent=None, least_contributors=2)
    assert screen([both_and_more], atoms=atoms, measure=measure, rules=rules).shown == (True,)


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_no_row_of_queries_lets_a_sensitive_atom_be_estimated(data: st.DataObject):
    names = [f"a{number}" for number in range(data.draw(st.integers(3, 7)))]
    sizes = st.lists(st.integers(1, 10**6), min_size=1, max_size=6)
    atoms = {name: made_of(data.draw(sizes)) for name in names}
    rules, seen = Rules(), []
    for _query in range(3):
        asked = [
            Row(frozenset(each))
            for each in data.draw(st.lists(st.sets(st.sampled_from(names), min_size=1), max_size=4))
        ]
        found = screen(asked, atoms=atoms, earlier=seen, rules=rules)
        # What was shown so far was safe; where that cannot be proved anew, nothing more is shown.
        assert not (found.refused and any(found.shown))
        seen += [each for each, shown in zip(asked, found.shown, strict=True) if shown]
    matrix = np.array(
        [[float(name in each.atoms) for name in names] for each in seen] or np.zeros((1, len(names)))
    )
    truth = np.array([atoms[name].value for name in names], dtype=float)
    singles = [number for number, name in enumerate(names) if atoms[name].contributors == 1]
    for number, name in enumerate(names):
        if rules.sensitive(atoms[name]) is None:
            continue
        asked_for = rules.protection(atoms[name])
        for own in [None, *singles]:
            if own == number:
                continue
            bounds = [(value, value) if at == own else (0, None) for at, value in enumerate(truth)]
            goal = np.eye(len(names))[number]
            low = linprog(goal, A_eq=matrix, b_eq=matrix @ truth, bounds=bounds)
            high = linprog(-goal, A_eq=matrix, b_eq=matrix @ truth, bounds=bounds)
            slack = asked_for * 1e-3 + 1e-3
            assert high.status == 3 or -high.fun >= truth[number] + asked_for - slack
            assert low.fun <= max(truth[number] - asked_for, 0) + slack


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_an_answer_narrows_nothing_that_earlier_ones_have_narrowed_too_far(data: st.DataObject):
    names = [f"a{number}" for number in range(data.draw(st.integers(3, 6)))]
    sizes = st.lists(st.integers(1, 10**6), min_size=1, max_size=6)
    atoms = {name: made_of(data.draw(sizes)) for name in names}
    rows = st.lists(st.sets(st.sampled_from(names), min_size=1), max_size=4)
    earlier = [Row(frozenset(each)) for each in data.draw(rows)]  # told by somebody who screened nothing
    asked = [Row(frozenset(each)) for each in data.draw(rows)]
    found, rules = screen(asked, atoms=atoms, earlier=earlier), Rules()
    told = [*earlier, *(each for each, shown in zip(asked, found.shown, strict=True) if shown)]
    truth = np.array([atoms[name].value for name in names], dtype=float)
    singles = [number for number, name in enumerate(names) if atoms[name].contributors == 1]

    def between(number: int, rows: list[Row], own: int | None) -> tuple[float, float]:
        matrix = np.array(
            [[float(name in each.atoms) for name in names] for each in rows] or [[0.0] * len(names)]
        )
        bounds = [(value, value) if at == own else (0, None) for at, value in enumerate(truth)]
        goal = np.eye(len(names))[number]
        low = linprog(goal, A_eq=matrix, b_eq=matrix @ truth, bounds=bounds)
        high = linprog(-goal, A_eq=matrix, b_eq=matrix @ truth, bounds=bounds)
        return float(low.fun), np.inf if high.status == 3 else -float(high.fun)

    for number, name in enumerate(names):
        if rules.sensitive(atoms[name]) is None:
            continue
        asked_for = rules.protection(atoms[name])
        slack = asked_for * 1e-3 + 2
        for own in [None, *(each for each in singles if each != number)]:
            (low_before, high_before), (low, high) = between(number, earlier, own), between(number, told, own)
            assert high >= min(high_before, truth[number] + asked_for) - slack
            assert low <= max(low_before, truth[number] - asked_for, 0) + slack


def test_a_days_queries_are_screened_while_one_waits():
    dice = random.Random(3)
    regions, industries = range(21), range(17)
    atoms = {
        (region, industry, month): made_of(
            [int(dice.lognormvariate(14, 1.5)) for _ in range(dice.randint(1, 60))]
        )
        for region in regions
        for industry in industries
        for month in range(3)
    }

    def table(months: set[int]) -> list[Row]:
        chosen = [atom for atom in atoms if atom[2] in months]
        groups: dict[tuple, set] = {}
        for atom in chosen:
            for key in [("r", atom[0]), ("i", atom[1]), ("all",), atom[:2]]:
                groups.setdefault(key, set()).add(atom)
        return [Row(frozenset(group)) for group in groups.values()]

    first = table({0, 1, 2})
    screen(first[:5], atoms=atoms)  # scipy is loaded by then
    started = time.process_time()
    shown = screen(first, atoms=atoms)
    earlier = [each for each, good in zip(first, shown.shown, strict=True) if good]
    second = screen(table({0, 1}), atoms=atoms, earlier=earlier)
    assert time.process_time() - started < 30
    assert sum(shown.shown) > 0.8 * len(first)
    assert not second.refused
    assert not all(second.shown)  # the third month alone is the difference
