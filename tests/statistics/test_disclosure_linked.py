"""Tables that are published together, and what was published before: tried as an attacker who puts all of it side by side."""

from collections import defaultdict

from disclosure_attack import Attack, companies, made_of, own_part
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohong.statistics.disclosure import Cell, Facts, Hierarchy, Protection, Rules, Table, protect, together

RULES = Rules()
REGIONS = Hierarchy("region", {"a": "all", "a1": "a", "a2": "a", "b": "all", "c": "all"})
INDUSTRIES, SIZES = Hierarchy.flat("industry", "xyz"), Hierarchy.flat("size", "ls")


@st.composite
def linked(draw: st.DrawFn) -> list[Table]:
    """The same companies by industry and by size class."""
    contributions = st.lists(st.integers(1, 10**7), max_size=5)
    base = {
        (region, industry, size): made_of(draw(contributions))
        for region in REGIONS.leaves
        for industry in INDUSTRIES.leaves
        for size in SIZES.leaves
    }

    def table(axis: int, dimension: Hierarchy) -> Table:
        found: dict[tuple[str, ...], list[Facts]] = defaultdict(list)
        for place, facts in base.items():
            found[place[0], place[axis]].append(facts)
        return Table((REGIONS, dimension), {place: together(parts) for place, parts in found.items()})

    return [table(1, INDUSTRIES), table(2, SIZES)]


def one_by_one(tables: list[Table]) -> list[set[Cell]]:
    """What each single contributor knows over all tables: cells that share one are the same company's."""
    found: list[set[Cell]] = [set()]
    for cells in [each for table in tables for each in companies(table)]:
        same = [each for each in found if each & cells]
        found = [each for each in found if not each & cells] + [cells.union(*same)]
    return found


def closest(tables: list[Table], found: Protection, known: set[Cell]) -> list[str]:
    attack, flaws = Attack(tables), []
    for table in tables:
        for facts, cell in ((facts, table.cell(place)) for place, facts in table.facts.items()):
            reason = found.suppressed.get(cell)
            if reason is None or not reason.primary or cell in found.exposed:
                continue
            asked = RULES.protection(facts)
            for own in one_by_one(tables):
                if cell in own:
                    continue
                low, high = attack.interval(set(found.suppressed) - known, cell, own)
                parts = [own_part(each, cell, own) for each in tables if cell in map(each.cell, each.facts)]
                slack = asked * 1e-4 + facts.value * 1e-6
                if high < facts.value + asked - slack or low > max(facts.value - asked, *parts, 0) + slack:
                    flaws.append(f"{sorted(cell)}: {low} to {high} around {facts.value}, {asked} asked")
    return flaws


@given(linked())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_linked_tables_side_by_side_give_nothing_away(tables: list[Table]):
    found = protect(tables)
    assert found.safe
    assert closest(tables, found, set()) == []
    one, two = (
        {table.cell(place) for place, shown in found.shown(table).items() if shown is None}
        for table in tables
    )
    shared = {tables[0].cell(place) for place in tables[0].facts} & {
        tables[1].cell(place) for place in tables[1].facts
    }
    assert one & shared == two & shared  # the same pattern in each


@given(linked(), st.integers(0, 3))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_who_kept_what_was_published_before_learns_nothing_more(tables: list[Table], count: int):
    first = protect(tables)
    known = {cell for cell, reason in first.suppressed.items() if not reason.primary}
    known = set(sorted(known, key=sorted)[:count])
    found = protect(tables, known=known)
    assert closest(tables, found, known) == []
    assert found.exposed <= {cell for cell, reason in found.suppressed.items() if reason.primary}
