"""What somebody asks one query after another: each answer may be harmless, and their difference somebody's figures."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, product
from typing import Final

from cohong.statistics.disclosure.cells import Facts, Space, together
from cohong.statistics.disclosure.protect import Protection, Protector
from cohong.statistics.disclosure.rules import Reason, Rules

MOST_ROWS: Final = 5_000
"""As many rows, earlier and new, are looked at; who asks for more on one day is refused."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of an answer: the finest cells that it adds up, by whatever names they have for all queries alike."""

    atoms: frozenset[Hashable]


@dataclass(frozen=True, slots=True)
class Screened:
    """Which rows of the answer may be shown, row by row: None, or why not. `refused`: none of them, and say so."""

    reasons: tuple[Reason | None, ...]
    refused: bool = False

    @property
    def shown(self) -> tuple[bool, ...]:
        """Tell for each row whether it may be shown."""
        return tuple(reason is None and not self.refused for reason in self.reasons)


def screen(
    rows: Sequence[Row],
    *,
    atoms: Mapping[Hashable, Facts],
    earlier: Collection[Row] = (),
    rules: Rules | None = None,
    measure: Callable[[frozenset[Hashable]], Facts] | None = None,
) -> Screened:
    """Say which rows of an answer may be shown to somebody who was shown `earlier` rows (and tables: give them as rows).

    `atoms` says what makes up each finest cell that occurs. `measure` counts the contributors of a set of them, where one
    company may be in several; without it, they are added up. Hidden is what is sensitive itself; what differs from
    another row by something sensitive; and what lets a sensitive atom, row or difference be worked out, or estimated too closely,
    from all rows together. Refused is the whole answer when earlier ones give away too much already, or when there
    have been too many. KeyError for an atom without facts.
    """
    rules = rules or Rules()
    before = list(dict.fromkeys(earlier))
    if len(rows) + len(before) > MOST_ROWS:
        return Screened(reasons=(None,) * len(rows), refused=True)
    wanted = list(dict.fromkeys(row for row in rows if row.atoms))
    near = _reachable(wanted, before)
    seen = set(near)
    new = [row for row in wanted if row not in seen]
    measured = _Measures(atoms, measure)
    case = _Case(new, near, measured, rules)
    found = case.protect()
    fresh = set(new)
    return Screened(
        reasons=tuple(found.suppressed.get(case.name(row)) if row in fresh else None for row in rows)
    )


class _Measures:
    """The facts of sets of atoms, each worked out once."""

    def __init__(
        self, atoms: Mapping[Hashable, Facts], measure: Callable[[frozenset[Hashable]], Facts] | None
    ) -> None:
        self._atoms, self._measure = atoms, measure
        self._found: dict[frozenset[Hashable], Facts] = {}

    def of(self, chosen: frozenset[Hashable]) -> Facts:
        if chosen not in self._found:
            if self._measure is not None and len(chosen) > 1:
                self._found[chosen] = self._measure(chosen)
            else:
                self._found[chosen] = together(self._atoms[atom] for atom in chosen)
        return self._found[chosen]


class _Case:
    """New rows and earlier ones as a space of cells: atoms, and rows and their differences as sums of atoms."""

    def __init__(self, new: Sequence[Row], near: Sequence[Row], measured: _Measures, rules: Rules) -> None:
        self.new, self.near, self.measured, self.rules = new, near, measured, rules
        self.differences = self._sensitive_differences()
        self.groups = self._groups()
        self.of_atom = {atom: group for group in self.groups for atom in group}

    def name(self, row: Row) -> frozenset[Hashable]:
        """Name the cell of a row: by its atoms, so that a row of one atom is that atom."""
        return row.atoms

    def protect(self) -> Protection:
        sets = dict.fromkeys(
            [*self.groups, *(row.atoms for row in [*self.new, *self.near]), *self.differences]
        )
        where = Space(
            cells=tuple(sets),
            facts=tuple(self.measured.of(each) for each in sets),
            leaves=tuple(len(each) for each in sets),
            sums=tuple(self._sums({each: position for position, each in enumerate(sets)})),
        )
        known = {row.atoms for row in self.near}
        shown = known | {row.atoms for row in self.new}
        sensitive: dict[Hashable, Reason] = {}
        for each, facts in zip(sets, where.facts, strict=True):
            if each not in known and (reason := self.rules.sensitive(facts)) is not None:
                sensitive[each] = reason
        hidden = [each for each in sets if each not in shown]
        return Protector(where, rules=self.rules, sensitive=sensitive, known=known, hidden=hidden).protect()

    def _sums(self, index: Mapping[frozenset[Hashable], int]) -> Iterator[tuple[int, tuple[int, ...]]]:
        for each, position in index.items():
            if each not in self.groups:
                yield position, tuple(sorted({index[self.of_atom[atom]] for atom in each}))

    def _groups(self) -> dict[frozenset[Hashable], None]:
        """Put atoms together that are in the same rows, and are harmless: nobody can tell them apart."""
        members: dict[Hashable, list[int]] = defaultdict(list)
        for number, each in enumerate([*(row.atoms for row in [*self.new, *self.near]), *self.differences]):
            for atom in each:
                members[atom].append(number)
        grouped: dict[Hashable, list[Hashable]] = defaultdict(list)
        for atom, numbers in members.items():
            facts = self.measured.of(frozenset({atom}))
            own = facts.contributors == 1 or self.rules.sensitive(facts) is not None
            grouped[(*numbers, atom) if own else tuple(numbers)].append(atom)
        return dict.fromkeys(frozenset(group) for group in grouped.values())

    def _sensitive_differences(self) -> list[frozenset[Hashable]]:
        """List what remains when one row is taken from another that contains it, where that is sensitive."""
        places: dict[Hashable, int] = {}
        for row in [*self.near, *self.new]:
            for atom in row.atoms:
                places.setdefault(atom, len(places))
        masks = [(row.atoms, sum(1 << places[atom] for atom in row.atoms)) for row in [*self.near, *self.new]]
        found: dict[frozenset[Hashable], None] = {}
        for (one, small), (two, large) in chain(
            product(masks[len(self.near) :], masks[: len(self.near)]),
            combinations(masks[len(self.near) :], 2),
        ):
            both = small & large
            if both == small != large:
                found[two - one] = None
            elif both == large != small:
                found[one - two] = None
        return [each for each in found if self.rules.sensitive(self.measured.of(each)) is not None]


def _reachable(rows: Sequence[Row], before: Sequence[Row]) -> list[Row]:
    """List the earlier rows that have anything to do with the new ones, by way of atoms that they share."""
    at: dict[Hashable, list[Row]] = defaultdict(list)
    for row in before:
        for atom in row.atoms:
            at[atom].append(row)
    found: dict[Row, None] = {}
    seen: set[Hashable] = set()
    waiting = [atom for row in rows for atom in row.atoms]
    while waiting:
        atom = waiting.pop()
        if atom in seen:
            continue
        seen.add(atom)
        for row in at.get(atom, ()):
            if row not in found:
                found[row] = None
                waiting.extend(row.atoms)
    return list(found)
