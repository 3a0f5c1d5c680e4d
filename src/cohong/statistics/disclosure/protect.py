"""Which cells are shown: primary suppression by the rules, secondary suppression so that they hold against the attacker."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log2
from typing import Any, Final

from cohong.statistics.disclosure.attack import Attacker
from cohong.statistics.disclosure.cells import Cell, Facts, Space, Table, space
from cohong.statistics.disclosure.rules import Reason, Rules
from cohong.statistics.hierarchies import Place

_SLIGHT: Final = 1e-4
"""What using a cell costs that is hidden already: little, but so that proofs stay short."""
_HOLDS: Final = 1 - 1e-6
_OPEN: Final = 1 - 1e-4
"""So much of what is in doubt about an exposed cell stays so: all, less what a program's arithmetic asks for."""


@dataclass(frozen=True)
class Protection:
    """What is not shown, and why; `exposed` are sensitive cells that cannot be protected whatever else is hidden.

    A cell is exposed when what is known already (an earlier publication) gives it away, or leaves it less doubt than it should
    have. What doubt there is, it keeps. Who publishes has to look at it: `safe` says that there is none.
    """

    suppressed: Mapping[Any, Reason]
    exposed: frozenset[Any] = frozenset()

    @property
    def safe(self) -> bool:
        """Tell whether nothing that is sensitive can be worked out."""
        return not self.exposed

    def shown(self, table: Table) -> dict[Place, int | None]:
        """Give the table as it may be published: values as they are, None where one is suppressed."""
        return {
            place: None if table.cell(place) in self.suppressed else facts.value
            for place, facts in table.facts.items()
        }


def protect(
    tables: Sequence[Table],
    *,
    rules: Rules | None = None,
    known: Collection[Cell] = (),
    withheld: Collection[Cell] = (),
) -> Protection:
    """Say which cells of the tables, which are published together, are not shown.

    A cell that stands in several tables is shown in all of them or in none. `known` are cells whose values the attacker has
    already, e.g. from an earlier vintage: they cannot hide others. `withheld` are cells that are suppressed elsewhere: they
    are suppressed here too, and protected like sensitive ones. Costs are such that few and small cells go, inner ones rather than
    totals. Raises ValueError if linked tables contradict each other. Deterministic.
    """
    where = space(tables)
    rules = rules or Rules()
    sensitive: dict[Hashable, Reason] = dict.fromkeys(
        (cell for cell in withheld if cell in where.index), Reason.WITHHELD
    )
    for cell, facts in zip(where.cells, where.facts, strict=True):
        if (reason := rules.sensitive(facts)) is not None:
            sensitive[cell] = reason
    return Protector(where, rules=rules, sensitive=sensitive, known=known).protect()


@dataclass(slots=True)
class _Demand:
    """That a cell is protected upwards, downwards or both, also against those who know some cells; and the proof of it."""

    cell: int
    by: int
    even: bool
    against: frozenset[int]
    proof: Any
    support: frozenset[int]


class Protector:
    """The search for a set of suppressed cells, over one space.

    1. For each sensitive cell, the largest first, a linear program looks for the cheapest alternative table in which it
       differs as far as its protection asks (Kelly et al., 1992). The cells that differ are suppressed. Cells with a
       single contributor are not used to hide others, so that nobody takes them out by what they know of themselves.
    2. Where there is none like that, each direction and each single contributor is looked at alone; and where there is none
       then, the cell is exposed, and protected as far as it can be.
    3. Cells that the proofs can do without are shown again.

    `sensitive` are to be protected, `known` to the attacker, and `hidden` never shown, whether it be of use or not.
    Every cell that is suppressed in the end is sensitive, or differs in some proof: so none can be worked out exactly.
    """

    def __init__(
        self,
        where: Space,
        *,
        rules: Rules,
        sensitive: Mapping[Hashable, Reason],
        known: Collection[Hashable] = (),
        hidden: Collection[Hashable] = (),
    ) -> None:
        import numpy as np  # noqa: PLC0415 - slow to import

        self.space, self.rules = where, rules
        self.attacker = Attacker(where)
        count = len(where.cells)
        self.known = np.zeros(count, dtype=bool)
        self.known[[where.index[cell] for cell in known if cell in where.index]] = True
        self.reasons = {where.index[cell]: reason for cell, reason in sensitive.items()}
        self.always = {where.index[cell] for cell in hidden}
        self.hidden = np.zeros(count, dtype=bool)
        self.hidden[[*self.reasons, *self.always]] = True
        self.cost = np.array(
            [_cost(facts, leaves) for facts, leaves in zip(where.facts, where.leaves, strict=True)]
        )
        self.alone = np.array([facts.contributors == 1 for facts in where.facts])
        self.companies = np.array(_companies(where))
        self.demands: list[_Demand] = []
        self._through: dict[int, list[_Demand]] = defaultdict(list)
        self._resting: dict[tuple[int, int, int], _Demand] = {}
        self.exposed: set[int] = set()

    def protect(self) -> Protection:
        """Search; the answer is the same each time."""
        wanted = {
            cell: self.rules.protection(self.space.facts[cell])
            for cell in self.reasons
            if self._doubtful(cell)
        }
        for cell in sorted(wanted, key=lambda each: (-wanted[each], each)):
            self._secure(cell, wanted[cell])
        self._show_again()
        found = dict(self.reasons)
        for demand in self.demands:
            for cell in demand.support:
                found.setdefault(cell, Reason.SECONDARY)
        cells = self.space.cells
        return Protection(
            suppressed={cells[cell]: found[cell] for cell in sorted(found) if cell not in self.always},
            exposed=frozenset(cells[cell] for cell in self.exposed),
        )

    def _doubtful(self, cell: int) -> bool:
        """Tell whether there is anything to protect. What is known already is out; an empty cell hides only that."""
        if self.known[cell]:
            self.exposed.add(cell)
        return not self.known[cell] and not self.attacker.empty[cell]

    # --- finding proofs ---

    def _secure(self, cell: int, by: int) -> None:
        others = self.alone & (self.companies != self.companies[cell])
        if self._proved_already(cell, by, others) or self._exchanged(cell, by):
            return
        if self._prove(cell, by, others, even=True):
            return
        if all(self._prove(cell, sign, others, even=False) for sign in self._directions(cell, by)):
            return
        self._secure_from_each(cell, by)

    def _directions(self, cell: int, by: int, theirs: Any = None) -> Iterable[int]:
        """Up, and down as far as a value can go: to zero, or to what of it is the attacker's own."""
        yield by
        lowest = by
        if not self.space.below_zero:
            own = 0 if theirs is None else self._part_of(cell, theirs)
            lowest = min(by, self.space.facts[cell].value - own)
        if lowest > 0:
            yield -lowest

    def _part_of(self, cell: int, theirs: Any) -> int:
        if theirs[cell]:
            return self.space.facts[cell].value
        return max(
            (sum(self._part_of(part, theirs) for part in parts) for parts in self._parts[cell]), default=0
        )

    @cached_property
    def _parts(self) -> dict[int, list[tuple[int, ...]]]:
        found = defaultdict(list)
        for total, parts in self.space.sums:
            found[total].append(parts)
        return found

    def _secure_from_each(self, cell: int, by: int) -> None:
        """Protect the cell from everybody outside, and from each single contributor with what is theirs."""
        import numpy as np  # noqa: PLC0415 - slow to import

        outside = np.zeros(len(self.alone), dtype=bool)
        mine = self.companies[cell]
        for theirs in (outside, *(cells for one, cells in self._contributors.items() if one != mine)):
            known = _set(theirs)
            for sign in self._directions(cell, by, theirs):
                if not self._served(cell, sign, known) and not self._prove(cell, sign, theirs, even=False):
                    self.exposed.add(cell)
                    self._keep_open(cell, sign, theirs)

    @cached_property
    def _contributors(self) -> dict[int, Any]:
        """The cells of which each single contributor is the only one."""
        import numpy as np  # noqa: PLC0415 - slow to import

        found = np.unique(self.companies[self.alone])
        return {int(one): self.alone & (self.companies == one) for one in found}

    def _keep_open(self, cell: int, by: int, against: Any) -> None:
        """Protect a cell that is exposed as far as it still is in doubt: nothing new may narrow it any further."""
        left = int(self.attacker.reach(cell, by, unknown=~self.known & ~against) * abs(by) * _OPEN)
        if left:
            self._prove(cell, left if by > 0 else -left, against, even=False)

    def _proved_already(self, cell: int, by: int, against: Any) -> bool:
        return self._served(cell, by, _set(against), even=True)

    def _served(self, cell: int, by: int, against: frozenset[int], *, even: bool = False) -> bool:
        """Tell whether there is a proof already in which the cell differs enough, and nothing that this attacker knows."""
        for demand in self._through[cell]:
            if even and not demand.even:
                continue
            moved = demand.proof[cell] * abs(demand.by)
            far = abs(moved) >= abs(by) * _HOLDS if demand.even else moved * by >= by * by * _HOLDS
            if far and against.isdisjoint(demand.support):
                self._take_over(demand, cell, by, against)
                return True
        return False

    def _take_over(self, demand: _Demand, cell: int, by: int, against: frozenset[int]) -> None:
        """Rest a cell's protection on a proof that there is."""
        resting = self._resting.get((cell, by, id(demand)))
        if resting is None:
            proof = demand.proof * (abs(demand.by) / abs(by))
            resting = _Demand(cell, by, demand.even, against, proof, demand.support)
            self._resting[cell, by, id(demand)] = resting
            self.demands.append(resting)
        resting.against |= against

    def _demand(self, demand: _Demand) -> None:
        """Note a new proof."""
        self.demands.append(demand)
        self._resting[demand.cell, demand.by, id(demand)] = demand
        for cell in demand.support:
            self._through[cell].append(demand)

    def _exchanged(self, cell: int, by: int) -> bool:
        """Prove it by exchange with another cell that is never shown and is part of the very same sums, if there is one."""
        import numpy as np  # noqa: PLC0415 - slow to import

        if cell not in self.always:
            return False
        enough = self.attacker.down[cell] >= by
        for other in self._twins[self._signatures[cell]] if enough else ():
            if other != cell and not self.alone[other] and self.attacker.down[other] >= by:
                proof = np.zeros(len(self.hidden))
                proof[cell], proof[other] = 1.0, -1.0
                support = frozenset({cell, other})
                self._demand(_Demand(cell, by, even=True, against=frozenset(), proof=proof, support=support))
                return True
        return False

    @cached_property
    def _signatures(self) -> list[frozenset[tuple[int, int]]]:
        """The sums that each cell is in, and on which side."""
        found: list[set[tuple[int, int]]] = [set() for _cell in self.space.cells]
        for number, (total, parts) in enumerate(self.space.sums):
            found[total].add((number, 1))
            for part in parts:
                found[part].add((number, -1))
        return [frozenset(each) for each in found]

    @cached_property
    def _twins(self) -> dict[frozenset[tuple[int, int]], list[int]]:
        found = defaultdict(list)
        for cell in sorted(self.always):
            if not self.attacker.empty[cell] and not self.known[cell]:
                found[self._signatures[cell]].append(cell)
        return found

    def _prove(self, cell: int, by: int, against: Any, *, even: bool) -> bool:
        import numpy as np  # noqa: PLC0415 - slow to import

        # What counts is whether a cell is hidden, not how far it differs: one that can differ by all that is
        # wanted costs its price once, one that can do less costs more for each unit.
        reach = np.clip(np.abs(self.attacker.values) / abs(by), 1e-3, 1.0)
        cost = np.where(self.hidden, _SLIGHT, self.cost / reach)
        proof = self.attacker.alternative(cell, by, unknown=~self.known & ~against, cost=cost, even=even)
        if proof is None:
            return False
        support = _set(proof)
        self._demand(_Demand(cell, by, even=even, against=_set(against), proof=proof, support=support))
        self.hidden[list(support)] = True
        return True

    # --- showing again what need not be hidden ---

    def _show_again(self) -> None:
        """Try each secondary cell, the dearest first: if the proofs that use it can be made without it, show it."""
        import numpy as np  # noqa: PLC0415 - slow to import

        keep = {*self.reasons, *self.always}
        uses: dict[int, int] = defaultdict(int)
        for demand in self.demands:
            for cell in demand.support - keep:
                uses[cell] += 1
        for cell in sorted(uses, key=lambda each: (-self.cost[each], each)):
            used = set().union(*(demand.support for demand in self.demands)) - keep
            if cell not in used:
                continue
            may = np.zeros(len(self.hidden), dtype=bool)
            may[[*(used - {cell}), *keep]] = True
            may &= ~self.known
            better = self._without(cell, may)
            if better is not None:
                for position, (proof, support) in better.items():
                    self.demands[position].proof, self.demands[position].support = proof, support

    def _without(self, cell: int, may: Any) -> dict[int, tuple[Any, frozenset[int]]] | None:
        import numpy as np  # noqa: PLC0415 - slow to import

        better = {}
        flat = np.full(len(may), 1.0)
        for position, demand in enumerate(self.demands):
            if cell not in demand.support:
                continue
            unknown = may.copy()
            unknown[list(demand.against)] = False
            proof = self.attacker.alternative(
                demand.cell, demand.by, unknown=unknown, cost=flat, even=demand.even
            )
            if proof is None:
                return None
            better[position] = (proof, _set(proof))
        return better


def _companies(where: Space) -> list[int]:
    """Tell the companies behind cells with a single contributor apart, as far as it shows which are the same.

    They are if they have the same owner, or if one is part of the other: a total with one contributor has no other in
    its parts. The number is that of one of their cells.
    """
    root = list(range(len(where.cells)))

    def find(cell: int) -> int:
        while root[cell] != cell:
            root[cell] = cell = root[root[cell]]
        return cell

    owned: dict[Hashable, int] = {}
    for cell, facts in enumerate(where.facts):
        if facts.contributors == 1 and facts.owner is not None:
            root[find(cell)] = find(owned.setdefault(facts.owner, cell))
    for total, parts in where.sums:
        if where.facts[total].contributors == 1:
            for part in parts:
                if where.facts[part].contributors == 1:
                    root[find(part)] = find(total)
    return [find(cell) for cell in range(len(root))]


def _cost(facts: Facts, leaves: int) -> float:
    """Say what readers lose with a cell: more with a larger one, but by its order only; far more with totals."""
    return (1.0 + log2(1 + abs(facts.value))) * (1.0 if leaves <= 1 else 20.0 * leaves)


def _set(mask: Any) -> frozenset[int]:
    import numpy as np  # noqa: PLC0415 - slow to import

    return frozenset(int(each) for each in np.flatnonzero(mask))
