"""Rounding for print, so that what is printed still adds up: controlled rounding of tables.

In units of ten thousand or a hundred million, figures rounded one by one rarely sum to their rounded total. *Zero-restricted
controlled rounding* (L. H. Cox, *A constructive procedure for unbiased controlled rounding*, Journal of the American
Statistical Association 82, 1987) takes each value to one of the two multiples of the base next to it, a multiple to itself, such
that all sums hold. Of these tables one with the least sum of changes is taken; a total weighs as much as its leaves.

- One and two dimensions, one of them with any number of levels: always possible, because the choices are a flow of whole units
  through a network (what comes into a total goes out to its parts). Solved as a flow of least cost, in integers only.
- Both dimensions with several levels, or three dimensions: not always possible, and then not with sums that hold
  *and* neighbours only. An integer program looks for one, near or not; failing that, sums hold, leaves are neighbours, and some
  totals are farther than one base from their value (`Rounded.adjacent` is False).

Values are integers (minor units, pieces), below zero too: the neighbours of -7 by 5 are -10 and -5.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import product
from typing import Final

from cohong.statistics.hierarchies import Hierarchy, Place, places, sums, totals

THOUSAND: Final = 1_000
TEN_THOUSAND: Final = 10_000
HUNDRED_MILLION: Final = 100_000_000
"""Units of print, in whole yuan or pieces; times 100 for amounts in fen."""

_SECONDS_MAX: Final = 10.0
_ANY: Final = 1e9  # the first one found will do: looking for the nearest takes minutes
_FLAT: Final = Hierarchy.flat("", ["only"], root="")
_PLANE: Final = 2


@dataclass(frozen=True)
class Rounded:
    """A rounded table: `values` at all places, in the unit they came in, multiples of `base`.

    `adjacent` tells whether each of them is next to its true value, totals included.
    """

    base: int
    values: Mapping[Place, int]
    adjacent: bool

    def units(self, place: Place) -> int:
        """Give a value in units of the base, as it is printed."""
        return self.values[place] // self.base


def controlled(dimensions: Sequence[Hierarchy], leaves: Mapping[Place, int], *, base: int) -> Rounded:
    """Round a table to multiples of `base` so that cities still sum to the province and industries to the total.

    A leaf that is missing is nothing. The same table is always rounded in the same way. Raises ValueError for a base below
    one, and KeyError for a place that is no leaf.
    """
    if base < 1:
        raise ValueError("the base is one or more")
    true = totals(dimensions, leaves)
    ups = _by_flow(dimensions, true, base) if _is_network(dimensions) else _by_program(dimensions, true, base)
    if ups is None:
        ups = _by_slabs(dimensions, true, base)
    chosen = {place: (true[place] // base + up) * base for place, up in ups.items()}
    values = totals(dimensions, chosen)
    adjacent = all(abs(values[place] - value) < base for place, value in true.items())
    return Rounded(base=base, values=values, adjacent=adjacent)


def parts(values: Sequence[int], *, base: int) -> list[int]:
    """Round a list so that it sums to its rounded total, which is a neighbour of the true one."""
    if not values:
        return []
    line = Hierarchy.flat("", [str(number) for number in range(len(values))])
    found = controlled([line], {(str(number),): value for number, value in enumerate(values)}, base=base)
    return [found.values[str(number),] for number in range(len(values))]


def _leaves(dimensions: Sequence[Hierarchy]) -> list[Place]:
    grids = [frozenset(dimension.leaves) for dimension in dimensions]
    return [
        place
        for place in places(dimensions)
        if all(node in grid for node, grid in zip(place, grids, strict=True))
    ]


def _is_network(dimensions: Sequence[Hierarchy]) -> bool:
    deep = sum(len(dimension.children) > 1 for dimension in dimensions)
    return len(dimensions) <= _PLANE and deep <= 1


# --- one and two dimensions: a flow ---


def _by_flow(dimensions: Sequence[Hierarchy], true: Mapping[Place, int], base: int) -> dict[Place, int]:
    """Choose which leaves go up, by a flow in which each place is an arc that carries its value.

    It comes down the first dimension's levels as totals over the second, crosses over at the leaves, and goes up the same levels
    again, for each leaf of the second dimension apart. The second dimension has one level.
    """
    turned = len(dimensions) == _PLANE and len(dimensions[1].children) > 1
    first, second = (*reversed(dimensions),) if turned else (*dimensions, _FLAT)[:_PLANE]

    def place_of(one: str, two: str) -> Place:
        if len(dimensions) == 1:
            return (one,)
        return (two, one) if turned else (one, two)

    flow = Flow()
    weights = totals((first, second), dict.fromkeys(product(first.leaves, second.leaves), 1))
    arcs: dict[Place, int] = {}
    for one in first.nodes:
        above: tuple[str, ...] = ("down", first.parents[one]) if one in first.parents else ("turn",)
        whole = true[place_of(one, second.root)]
        flow.arc(above, ("down", one), whole, base, weights[one, second.root])
        for two in second.leaves:
            place = place_of(one, two)
            start = ("up", one, two) if one in first.children else ("down", one)
            end: tuple[str, ...] = ("up", first.parents[one], two) if one in first.parents else ("turn",)
            number = flow.arc(start, end, true[place], base, weights[one, two])
            if one not in first.children:
                arcs[place] = number
    ups = flow.least_cost()
    return {place: ups[number] for place, number in arcs.items()}


class Flow:
    """A circulation of whole units on arcs that may each take one more than their floor, at the least cost.

    Costs are how much farther from its value the upper neighbour is than the lower. It exists, because the true values
    are one in fractions, and a network's corners are whole. Found by successive shortest paths, in integers.
    """

    def __init__(self) -> None:
        self._ids: dict[tuple[str, ...], int] = {}
        self._heads: list[int] = []
        self._tails: list[int] = []
        self._costs: list[int] = []
        self._room: list[int] = []
        self._out: list[list[int]] = []
        self._excess: list[int] = []

    def arc(self, start: tuple[str, ...], end: tuple[str, ...], value: int, base: int, weight: int) -> int:
        """Add an arc that carries value/base, and whose change weighs so much; return its number."""
        floor, rest = divmod(value, base)
        tail, head = self._node(start), self._node(end)
        self._excess[head] += floor
        self._excess[tail] -= floor
        number = len(self._heads)
        cost = (base - 2 * rest) * weight
        for a, b, price, room in ((tail, head, cost, bool(rest)), (head, tail, -cost, False)):
            self._out[a].append(len(self._heads))
            self._tails.append(a)
            self._heads.append(b)
            self._costs.append(price)
            self._room.append(int(room))
        if rest and cost < 0:
            self._push(number)
            self._excess[head] += 1
            self._excess[tail] -= 1
        return number // 2

    def least_cost(self) -> list[int]:
        """Send each surplus to where something is wanting; tell for each arc whether it goes up (1) or not (0)."""
        self._potential = [0] * len(self._out)
        sources = [node for node, excess in enumerate(self._excess) if excess > 0]
        for source in sources:
            while self._excess[source] > 0:
                end = self._shortest(source)
                node = end
                while node != source:
                    arc = self._by[node]
                    self._push(arc)
                    node = self._tails[arc]
                self._excess[source] -= 1
                self._excess[end] += 1
        return [self._room[number + 1] for number in range(0, len(self._heads), 2)]

    def _node(self, name: tuple[str, ...]) -> int:
        if name not in self._ids:
            self._ids[name] = len(self._out)
            self._out.append([])
            self._excess.append(0)
        return self._ids[name]

    def _push(self, arc: int) -> None:
        self._room[arc] -= 1
        self._room[arc ^ 1] += 1

    def _shortest(self, source: int) -> int:
        """Find the nearest node that wants something (Dijkstra over reduced costs), and keep the way there."""
        far = {source: 0}
        self._by: dict[int, int] = {}
        done: set[int] = set()
        queue = [(0, source)]
        while queue:
            distance, node = heappop(queue)
            if node in done:
                continue
            done.add(node)
            if self._excess[node] < 0:
                for each in done:
                    self._potential[each] += far[each] - distance
                return node
            for arc in self._out[node]:
                head = self._heads[arc]
                if not self._room[arc] or head in done:
                    continue
                through = distance + self._costs[arc] + self._potential[node] - self._potential[head]
                if head not in far or through < far[head]:
                    far[head] = through
                    self._by[head] = arc
                    heappush(queue, (through, head))
        raise AssertionError("a circulation in fractions has one in whole units")


# --- more: an integer program, and what is left if there is none ---


def _by_program(
    dimensions: Sequence[Hierarchy], true: Mapping[Place, int], base: int
) -> dict[Place, int] | None:
    """Look for a rounding to neighbours. The solver only chooses up or down: no amount passes through it."""
    from numpy import array  # noqa: PLC0415 - slow to import
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415
    from scipy.sparse import csr_array  # noqa: PLC0415

    index = {place: number for number, place in enumerate(true)}
    cost = array([1 - 2 * (value % base) / base for value in true.values()])
    most = array([float(value % base > 0) for value in true.values()])
    rows: list[int] = []
    columns: list[int] = []
    signs: list[float] = []
    wanted: list[float] = []
    for total, below in sums(dimensions):
        for place, sign in [(total, 1.0), *((part, -1.0) for part in below)]:
            rows.append(len(wanted))
            columns.append(index[place])
            signs.append(sign)
        wanted.append(float(sum(true[part] // base for part in below) - true[total] // base))
    matrix = csr_array((signs, (rows, columns)), shape=(len(wanted), len(index)))
    found = milp(
        cost,
        constraints=LinearConstraint(matrix, wanted, wanted),
        bounds=Bounds(0, most),
        integrality=1,
        options={"time_limit": _SECONDS_MAX, "mip_rel_gap": _ANY},
    )
    if found.x is None:
        return None
    return {place: round(found.x[index[place]]) for place in _leaves(dimensions)}


def _by_slabs(dimensions: Sequence[Hierarchy], true: Mapping[Place, int], base: int) -> dict[Place, int]:
    """Round each leaf of the last dimension as a table of its own: its sums are neighbours, sums across are what they come to."""
    *others, last = dimensions
    found: dict[Place, int] = {}
    leaves: dict[str, dict[Place, int]] = defaultdict(dict)
    for place in _leaves(dimensions):
        leaves[place[-1]][place[:-1]] = true[place]
    for node in last.leaves:
        slab = controlled(others, leaves[node], base=base)
        for place, value in leaves[node].items():
            found[*place, node] = slab.values[place] // base - value // base
    return found
