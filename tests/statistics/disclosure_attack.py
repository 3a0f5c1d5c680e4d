"""An attacker that shares nothing with the code under test but what a table is: a linear program over leaf cells."""

from collections.abc import Collection
from itertools import product

import numpy as np
from scipy.optimize import linprog

from cohong.statistics.disclosure.cells import Cell, Facts, Place, Table


class Attack:
    """All leaves that there could be in some tables that are published together."""

    def __init__(self, tables: list[Table]) -> None:
        leaves = {
            (number, place): facts
            for number, table in enumerate(tables)
            for place, facts in table.facts.items()
            if all(node in axis.leaves for node, axis in zip(place, table.dimensions, strict=True))
        }
        index = {leaf: position for position, leaf in enumerate(leaves)}
        self.rows: dict[Cell, np.ndarray] = {}
        self.values: dict[Cell, int] = {}
        self.same: list[np.ndarray] = []
        for number, table in enumerate(tables):
            for place, facts in table.facts.items():
                row = np.zeros(len(leaves))
                row[[index[number, leaf] for leaf in below(table, place)]] = 1
                name = table.cell(place)
                if name in self.rows:  # the same figure in two tables
                    self.same.append(row - self.rows[name])
                self.rows[name], self.values[name] = row, facts.value
        lowest = None if any(facts.value < 0 for facts in leaves.values()) else 0
        self.bounds = [(lowest, None) if facts.contributors else (0, 0) for facts in leaves.values()]

    def interval(
        self, hidden: Collection[Cell], cell: Cell, own: Collection[Cell] = ()
    ) -> tuple[float, float]:
        """Bound a cell by all cells that are shown, or are the attacker's own."""
        shown = [name for name in self.rows if name not in hidden or name in own]
        rows = [*(self.rows[name] for name in shown), *self.same]
        values = [*(self.values[name] for name in shown), *(0 for _row in self.same)]
        scale = 10.0 ** np.floor(np.log10(max(1, 1, *map(abs, self.values.values()))))
        ends = []
        for sign in (1, -1):
            found = linprog(
                sign * self.rows[cell],
                A_eq=np.array(rows) if rows else None,
                b_eq=np.array(values) / scale if rows else None,
                bounds=self.bounds,
                method="highs",
            )
            assert found.status in {0, 3}, found.message
            ends.append(sign * found.fun * scale if found.status == 0 else -sign * np.inf)
        return ends[0], ends[1]


def below(table: Table, place: Place) -> list[Place]:
    """The leaves that a cell is the sum of."""
    lines = [
        [leaf for leaf in axis.leaves if node in axis.lineage[leaf]]
        for node, axis in zip(place, table.dimensions, strict=True)
    ]
    return list(product(*lines))


def companies(table: Table) -> list[set[Cell]]:
    """The cells that each single contributor knows: their leaf, and the totals that have no other contributor."""
    found = []
    for place, facts in table.leaves.items():
        if facts.contributors == 1:
            found.append(
                {
                    table.cell(above)
                    for above, total in table.facts.items()
                    if total.contributors == 1 and place in below(table, above)
                }
            )
    return found


def made_of(contributions: list[int]) -> Facts:
    """A cell of these contributions."""
    sizes = sorted(contributions, reverse=True)
    return Facts(
        value=sum(sizes),
        contributors=len(sizes),
        largest=sizes[0] if sizes else 0,
        second=sizes[1] if len(sizes) > 1 else 0,
    )


def own_part(table: Table, cell: Cell, own: Collection[Cell]) -> int:
    """How much of a cell is in leaves that are the attacker's own."""
    [place] = [place for place in table.facts if table.cell(place) == cell]
    return sum(table.facts[leaf].value for leaf in below(table, place) if table.cell(leaf) in own)
