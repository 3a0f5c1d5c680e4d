"""Hierarchies: what is part of what, in the dimensions of a table (a district of a city of the province)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

Place = tuple[str, ...]
"""A cell's place in one table: a node of each of its dimensions, in their order."""


@dataclass(frozen=True)
class Hierarchy:
    """One dimension: `parents` leads each node but the root to the node that it is part of. Nodes keep their order.

    Raises ValueError unless there is one root that all nodes lead to.
    """

    name: str
    parents: Mapping[str, str]

    def __post_init__(self) -> None:
        tops = {parent for parent in self.parents.values() if parent not in self.parents}
        if len(tops) != 1:
            raise ValueError(f"{self.name}: a hierarchy has one root")
        for node in self.parents:
            seen = {node}
            while (above := self.parents.get(node)) is not None:
                if above in seen:
                    raise ValueError(f"{self.name}: {node} is part of itself")
                seen.add(node := above)

    @classmethod
    def flat(cls, name: str, leaves: Iterable[str], *, root: str = "total") -> "Hierarchy":
        """Make a dimension of leaves and their total."""
        return cls(name, dict.fromkeys(leaves, root))

    @cached_property
    def root(self) -> str:
        """The node that stands for the whole."""
        return next(parent for parent in self.parents.values() if parent not in self.parents)

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """Parts of each node that has any."""
        found: dict[str, list[str]] = defaultdict(list)
        for node, parent in self.parents.items():
            found[parent].append(node)
        return {parent: tuple(nodes) for parent, nodes in found.items()}

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """All nodes, the root first."""
        return (self.root, *self.parents)

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """Nodes without parts."""
        return tuple(node for node in self.parents if node not in self.children)

    @cached_property
    def lineage(self) -> dict[str, tuple[str, ...]]:
        """Each node with all that it is part of, itself first."""
        found = {}
        for node in self.nodes:
            line = [node]
            while (above := self.parents.get(line[-1])) is not None:
                line.append(above)
            found[node] = tuple(line)
        return found


def places(dimensions: Sequence[Hierarchy]) -> Iterator[Place]:
    """Give all places of a table over these dimensions, the grand total first."""
    return product(*(dimension.nodes for dimension in dimensions))


def sums(dimensions: Sequence[Hierarchy]) -> Iterator[tuple[Place, list[Place]]]:
    """Give each total of such a table with the parts that it is the sum of, one dimension at a time."""
    for axis, dimension in enumerate(dimensions):
        others = [each.nodes for each in dimensions]
        for node, parts in dimension.children.items():
            others[axis] = (node,)
            for place in product(*others):
                yield place, [(*place[:axis], part, *place[axis + 1 :]) for part in parts]


def totals(dimensions: Sequence[Hierarchy], leaves: Mapping[Place, int]) -> dict[Place, int]:
    """Give the value of each place: of leaves as it is (nothing where one is missing), of totals their sum."""
    found = dict.fromkeys(places(dimensions), 0)
    for place, value in leaves.items():
        for above in product(
            *(dimension.lineage[node] for dimension, node in zip(dimensions, place, strict=True))
        ):
            found[above] += value
    return found
