"""One linear program whose bounds and costs change, solved again and again: by HiGHS as it comes with scipy.

scipy's own functions build the program anew each time, which takes several times as long as solving it. What they are built
on is no documented interface of scipy; it is pinned with it, and used here alone.
"""

from typing import Any


class Program:
    """The cheapest x between bounds with `matrix` x = 0."""

    def __init__(self, matrix: Any) -> None:
        """Take the matrix, in columns (scipy.sparse)."""
        import numpy as np  # noqa: PLC0415 - slow to import
        from scipy.optimize._highspy import _core  # noqa: PLC0415

        rows, columns = matrix.shape
        program = _core.HighsLp()
        program.num_col_, program.num_row_ = columns, rows
        program.col_cost_ = program.col_lower_ = program.col_upper_ = np.zeros(columns)
        program.row_lower_ = program.row_upper_ = np.zeros(rows)
        program.a_matrix_.format_ = _core.MatrixFormat.kColwise
        program.a_matrix_.num_col_, program.a_matrix_.num_row_ = columns, rows
        program.a_matrix_.start_ = matrix.indptr
        program.a_matrix_.index_ = matrix.indices
        program.a_matrix_.value_ = matrix.data
        self._optimal = _core.HighsModelStatus.kOptimal
        self._columns = np.arange(columns, dtype=np.int32)
        self._solver = _core._Highs()  # noqa: SLF001 - the class has no other name
        for name, value in (("output_flag", False), ("presolve", "off")):
            self._solver.setOptionValue(name, value)
        self._solver.passModel(program)

    def solve(self, cost: Any, lower: Any, upper: Any) -> Any:
        """Return the solution, None if there is none. Each time from the start, so that the same question has the same answer."""
        import numpy as np  # noqa: PLC0415 - slow to import

        count = len(self._columns)
        self._solver.changeColsCost(count, self._columns, cost)
        self._solver.changeColsBounds(count, self._columns, lower, upper)
        self._solver.clearSolver()
        self._solver.run()
        if self._solver.getModelStatus() != self._optimal:
            return None
        return np.array(self._solver.getSolution().col_value)
