"""The attacker: what somebody can work out of a suppressed cell, who knows all that is published; by linear programming.

Differences from the truth are the unknowns, not the values: they keep the programs well scaled, however large the totals.
An *alternative* is a table that agrees with everything published and differs from the truth. If there is one in which a
cell is so much larger (or smaller), the attacker cannot exclude it: it is the proof that the cell is protected so far.
"""

from collections.abc import Collection, Hashable, Sequence
from functools import cached_property
from typing import Any, Final

from cohong.statistics.disclosure.cells import Cell, Space, Table, space
from cohong.statistics.disclosure.solver import Program

FAR: Final = 1000.0
"""The farthest an alternative goes, in units of what it has to prove: a bound for the sake of the arithmetic."""
_TINY: Final = 1e-7


class Attacker:
    """The linear programs over one space of cells.

    An unknown cell may be anything from zero up, or anything at all where some value is below zero. Cells without
    contributors are known to be empty.
    """

    def __init__(self, where: Space) -> None:
        import numpy as np  # noqa: PLC0415 - slow to import, and most processes never solve anything

        self.space = where
        self.values = np.array([facts.value for facts in where.facts], dtype=float)
        self.empty = np.array([facts.contributors == 0 and facts.value == 0 for facts in where.facts])
        self.down = (
            np.full(len(self.values), np.inf) if where.below_zero else self.values
        )  # how far each cell could be less

    @cached_property
    def _sums(self) -> Any:
        """One row for each sum: the total less its parts is nothing."""
        from scipy import sparse  # noqa: PLC0415 - slow to import

        rows: list[int] = []
        columns: list[int] = []
        signs: list[float] = []
        for row, (total, parts) in enumerate(self.space.sums):
            rows += [row] * (1 + len(parts))
            columns += [total, *parts]
            signs += [1.0] + [-1.0] * len(parts)
        shape = (len(self.space.sums), len(self.values))
        return sparse.csc_array((signs, (rows, columns)), shape=shape)

    def alternative(self, cell: int, by: int, *, unknown: Any, cost: Any, even: bool = True) -> Any:
        """Find the cheapest alternative in which the cell differs `by` so much; differences per cell in that unit, or None.

        `unknown` says which cells may differ, `cost` what each unit of difference costs. `even`: no cell changes by more than
        its value, so that the opposite table is an alternative too, and one proof serves both directions.
        """
        import numpy as np  # noqa: PLC0415 - slow to import

        down, up = self._bounds(by, even=even)
        sign = 1.0 if by > 0 else -1.0
        if (sign < 0 or even) and down[cell] < 1.0 - _TINY:
            return None
        less, more = self._between(cell, unknown, down, up)
        count = len(down)
        for at, wanted in ((cell, sign > 0), (count + cell, sign < 0)):
            less[at] = more[at] = 1.0 if wanted else 0.0
        return self._solved(np.concatenate([cost, cost]), less, more)

    def reach(self, cell: int, by: int, *, unknown: Any) -> float:
        """Say how far the cell can differ in the direction of `by`, in that unit; at most 1."""
        import numpy as np  # noqa: PLC0415 - slow to import

        down, up = self._bounds(by, even=False)
        less, more = self._between(cell, unknown, down, up)
        cost = np.zeros(len(more))
        mine, other = (cell, len(down) + cell)[:: 1 if by > 0 else -1]
        cost[mine] = -1.0
        more[mine], more[other] = min(more[mine], 1.0), 0.0
        found = self._solved(cost, less, more)
        return 0.0 if found is None else abs(float(found[cell]))

    def _bounds(self, by: int, *, even: bool) -> tuple[Any, Any]:
        """Say how far each cell could be less, and more, in units of `by`."""
        import numpy as np  # noqa: PLC0415 - slow to import

        down = np.minimum(self.down / abs(by), FAR)
        return down, down if even else np.full(len(down), FAR)

    def _between(self, cell: int, unknown: Any, down: Any, up: Any) -> tuple[Any, Any]:
        """Bound the differences of all cells, up and then down: none of those that are known, or empty."""
        import numpy as np  # noqa: PLC0415 - slow to import

        open_ = unknown & ~self.empty
        open_[cell] = True
        more = np.concatenate([np.where(open_, up, 0.0), np.where(open_, down, 0.0)])
        return np.zeros(len(more)), more

    def _solved(self, cost: Any, less: Any, more: Any) -> Any:
        """Solve for differences, up and down; return them together, None where there is no solution."""
        import numpy as np  # noqa: PLC0415 - slow to import

        found = self._program.solve(cost, less, more)
        if found is None:
            return None
        count = len(self.values)
        difference = found[:count] - found[count:]
        difference[np.abs(difference) < _TINY] = 0.0
        return difference

    @cached_property
    def _program(self) -> Program:
        from scipy import sparse  # noqa: PLC0415 - slow to import

        return Program(sparse.hstack([self._sums, -self._sums], format="csc"))

    def interval(self, cell: int, *, unknown: Any) -> tuple[float, float]:
        """Work out between which values the cell must be, if all but the unknown cells are known (infinite: no bound)."""
        import numpy as np  # noqa: PLC0415 - slow to import
        from scipy.optimize import linprog  # noqa: PLC0415

        value = float(self.values[cell])
        if not unknown[cell] or self.empty[cell]:
            return value, value
        columns = np.flatnonzero(unknown & ~self.empty)
        unit = max(abs(value), 1.0)
        bounds = [(None if np.isinf(low) else -low / unit, None) for low in self.down[columns]]
        goal = np.zeros(len(columns))
        goal[int(np.searchsorted(columns, cell))] = 1.0
        sums = self._sums[:, columns]
        ends = []
        for sign in (1.0, -1.0):
            found = linprog(
                sign * goal, A_eq=sums, b_eq=np.zeros(sums.shape[0]), bounds=bounds, method="highs"
            )
            ends.append(sign * found.fun * unit + value if found.status == 0 else -sign * np.inf)
        return float(ends[0]), float(ends[1])


def feasible_interval(
    tables: Sequence[Table], *, suppressed: Collection[Cell], cell: Cell, known: Collection[Hashable] = ()
) -> tuple[float, float]:
    """Work out between which values a cell must be for who sees the tables without the suppressed cells.

    `known` are suppressed cells that the attacker knows all the same: their own, or from elsewhere.
    """
    import numpy as np  # noqa: PLC0415 - slow to import

    where = space(tables)
    hidden = set(suppressed) - set(known)
    unknown = np.array([each in hidden for each in where.cells])
    return Attacker(where).interval(where.index[cell], unknown=unknown)
