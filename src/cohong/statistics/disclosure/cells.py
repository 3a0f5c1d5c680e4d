"""Tables of cells over hierarchies, and the space of cells in which linked tables meet."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

from cohong.statistics.hierarchies import Hierarchy, Place, places, sums

Cell = frozenset[tuple[str, str]]
"""A cell by what it is restricted to: pairs of a dimension and a node; a dimension that is not named is taken whole.

So the same figure has the same name in each table that shows it: Guangzhou's total is `{("region", "guangzhou")}` in the
table by industry and in the one by size class. The grand total is the empty set.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What makes up a cell: its value, how many contribute to it, and the largest two contributions.

    These are in the value's unit, without their sign. Values are whole numbers (minor units, pieces). `owner` names the
    contributor of a cell that has only one, if it is known who it is: cells of one owner are then known to the same company.
    """

    value: int
    contributors: int
    largest: int = 0
    second: int = 0
    owner: Hashable | None = None

    def __post_init__(self) -> None:
        if self.contributors < 0 or self.largest < self.second:
            raise ValueError("contributors are counted from zero, and the largest is not below the second")


def together(parts: Iterable[Facts]) -> Facts:
    """Add cells up: values and contributors are added, the largest two of all stay the largest two.

    Single contributors with the same owner become one. Others are taken to be different in each part: where a company
    counts in several parts, give the total's own facts (`Table.totals`).
    """
    value = contributors = largest = second = 0
    alone: dict[Hashable, int] = defaultdict(int)
    for part in parts:
        value += part.value
        if part.contributors == 1 and part.owner is not None:
            alone[part.owner] += part.largest
            continue
        contributors += part.contributors
        for size in (part.largest, part.second):
            if size > largest:
                largest, second = size, largest
            elif size > second:
                second = size
    for size in alone.values():
        contributors += 1
        if size > largest:
            largest, second = size, largest
        elif size > second:
            second = size
    owner = next(iter(alone)) if contributors == len(alone) == 1 else None
    return Facts(value=value, contributors=contributors, largest=largest, second=second, owner=owner)


@dataclass(frozen=True)
class Table:
    """A table: dimensions, and what makes up each leaf cell (a leaf that is missing is empty). Totals are their sums.

    `totals` gives the facts of totals where they are better known than by adding up the leaves', e.g. because one
    seller counts in several industries; their value must be the sum all the same. Raises ValueError if not, and for
    places that are none.
    """

    dimensions: tuple[Hierarchy, ...]
    leaves: Mapping[Place, Facts]
    totals: Mapping[Place, Facts] = field(default_factory=dict)

    def __post_init__(self) -> None:
        grids = [frozenset(dimension.leaves) for dimension in self.dimensions]
        for place in self.leaves:
            if len(place) != len(grids) or not all(
                node in grid for node, grid in zip(place, grids, strict=True)
            ):
                raise ValueError(f"{place} is no leaf of this table")
        for place, facts in self.totals.items():
            if place not in self._added or self._added[place].value != facts.value:
                raise ValueError(f"{place}: not a total here, or not the sum of its parts")

    @property
    def places(self) -> Iterable[Place]:
        """All places of the table, the grand total first."""
        return places(self.dimensions)

    @cached_property
    def facts(self) -> dict[Place, Facts]:
        """What makes up each cell, totals included."""
        return {**self._added, **self.totals}

    @cached_property
    def _added(self) -> dict[Place, Facts]:
        parts: dict[Place, list[Facts]] = defaultdict(list)
        for place, facts in self.leaves.items():
            lines = (dimension.lineage[node] for dimension, node in zip(self.dimensions, place, strict=True))
            for above in product(*lines):
                parts[above].append(facts)
        return {place: together(parts.get(place, ())) for place in self.places}

    def cell(self, place: Place) -> Cell:
        """Name the cell at a place as all linked tables name it."""
        return frozenset(
            (dimension.name, node)
            for dimension, node in zip(self.dimensions, place, strict=True)
            if node != dimension.root
        )

    def sums(self) -> Iterable[tuple[Place, list[Place]]]:
        """Give each total with the parts that it is the sum of, one dimension at a time."""
        return sums(self.dimensions)


@dataclass(frozen=True)
class Space:
    """All cells of some tables, each once, and the sums that hold between them (indices: the total, its parts)."""

    cells: tuple[Hashable, ...]
    facts: tuple[Facts, ...]
    leaves: tuple[int, ...]
    """How many leaf cells each is made of: what is lost to readers when it is not shown."""
    sums: tuple[tuple[int, tuple[int, ...]], ...]

    @cached_property
    def index(self) -> dict[Hashable, int]:
        """Where each cell stands."""
        return {cell: position for position, cell in enumerate(self.cells)}

    @cached_property
    def below_zero(self) -> bool:
        """Tell whether some value is below zero (refunds above sales): then zero is no bound that helps an attacker."""
        return any(facts.value < 0 for facts in self.facts)


def space(tables: Sequence[Table]) -> Space:
    """Lay the cells of linked tables together. Raises ValueError if two tables say different values of the same cell."""
    facts: dict[Hashable, Facts] = {}
    leaves: dict[Hashable, int] = {}
    sums: dict[tuple[Hashable, frozenset[Hashable]], None] = {}
    for table in tables:
        counts = [_leaf_counts(dimension) for dimension in table.dimensions]
        names = {place: table.cell(place) for place in table.places}
        for place, cell in names.items():
            found = table.facts[place]
            if cell in facts and facts[cell].value != found.value:
                raise ValueError(f"two tables say {facts[cell].value} and {found.value} of {sorted(cell)}")
            facts.setdefault(cell, found)
            size = 1
            for node, count in zip(place, counts, strict=True):
                size *= count[node]
            leaves[cell] = max(size, leaves.get(cell, 0))
        for total, parts in table.sums():
            sums[names[total], frozenset(names[part] for part in parts)] = None
    index = {cell: position for position, cell in enumerate(facts)}
    return Space(
        cells=tuple(facts),
        facts=tuple(facts.values()),
        leaves=tuple(leaves.values()),
        sums=tuple((index[total], tuple(sorted(index[part] for part in parts))) for total, parts in sums),
    )


def _leaf_counts(dimension: Hierarchy) -> dict[str, int]:
    counts: dict[str, int] = dict.fromkeys(dimension.nodes, 0)
    for leaf in dimension.leaves:
        for node in dimension.lineage[leaf]:
            counts[node] += 1
    return counts
