"""Working a question out over the facts: which rows each cell adds up, and who contributes how much to them.

Rows of facts that are in the same cells, of the question and of all that is known, are put together: nobody who sees only
cells can tell them apart. These are the atoms that disclosure control looks at.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from cohong.statistics.breakdowns.refusals import QuestionTooFine
from cohong.statistics.disclosure import Facts
from cohong.statistics.facts import reading
from cohong.statistics.facts.shapes import Table
from cohong.statistics.indicators import expressions
from cohong.statistics.indicators.definitions import SHAPES, Definition, Source, tree
from cohong.statistics.indicators.expressions import Measure, Measured
from cohong.statistics.observing.computing import places

#: As many rows, by contributor, are worked on at once.
MOST_ROWS: Final = 400_000
_ASKABLE: Final = frozenset({Source.SALES, Source.PURCHASES})


class By(StrEnum):
    """By what a figure can be broken down. A region is a city here."""

    REGION = "region"
    INDUSTRY = "industry"
    MARKET = "market"
    CATEGORY = "category"
    CHANNEL = "channel"
    FORM = "form"


#: What a cell is restricted to: pairs of a dimension and its value, sorted; the empty tuple is the total.
Where = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell: of an indicator, somewhere."""

    indicator: str
    where: Where


@dataclass(frozen=True)
class Counted:
    """The cells of one year: the atoms of each, and what makes up each atom."""

    spots: Mapping[Spot, frozenset[Hashable]]
    contributions: Mapping[Hashable, Mapping[int, int]]

    def facts(self, atoms: Iterable[Hashable]) -> Facts:
        """Say what makes up some atoms together, each contributor counted once."""
        sums: dict[int, int] = defaultdict(int)
        for atom in atoms:
            for who, value in self.contributions[atom].items():
                sums[who] += value
        sizes = sorted((abs(value) for value in sums.values()), reverse=True)
        return Facts(
            value=sum(sums.values()),
            contributors=len(sums),
            largest=sizes[0] if sizes else 0,
            second=sizes[1] if sizes[1:] else 0,
            owner=next(iter(sums)) if len(sums) == 1 else None,
        )


def is_askable(one: Definition) -> bool:
    """Tell whether an indicator can be broken down: a public sum over trade."""
    return one.is_public and one.source in _ASKABLE and one.measured.measure is Measure.SUM


def relatives(one: Definition) -> list[Definition]:
    """Return the indicators that add up the same column, itself among them: their cells have parts in common."""
    return [
        other
        for other in tree().by_code.values()
        if is_askable(other) and other.source is one.source and other.measured.column == one.measured.column
    ]


def count(one: Definition, year: int, by: Sequence[By], known: Sequence[Spot]) -> Counted:
    """Work out the cells of an indicator in a year by some dimensions, and those that are known already.

    Raises QuestionTooFine.
    """
    shapes = {tuple(name for name, _value in spot.where) for spot in known} | {tuple(sorted(by))}
    dimensions = sorted({name for shape in shapes for name in shape})
    codes = sorted({spot.indicator for spot in known} | {one.code})
    rows = _rows(one, year, dimensions, [tree().by_code[code] for code in codes])
    asked = tuple(sorted(by))
    wanted = set(known)
    spots: dict[Spot, set[Hashable]] = defaultdict(set)
    contributions: dict[Hashable, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for *values, who, value in rows:
        at = dict(zip([*dimensions, *(f"is_{code}" for code in codes)], values, strict=True))
        mine = []
        for code in codes:
            if not at[f"is_{code}"]:
                continue
            for shape in shapes:
                spot = Spot(code, tuple((name, at[name]) for name in shape))
                if spot in wanted or (code == one.code and shape == asked):
                    mine.append(spot)
        atom = frozenset(mine)
        if atom:
            contributions[atom][who] += value
            for spot in mine:
                spots[spot].add(atom)
    return Counted({spot: frozenset(atoms) for spot, atoms in spots.items()}, contributions)


def _rows(
    one: Definition, year: int, dimensions: Sequence[str], kin: Sequence[Definition]
) -> list[tuple[Any, ...]]:
    """Add the column up by dimensions, by which indicators count the row, and by contributor."""
    columns, contributor, region = SHAPES[one.source]
    backend = reading.connect()
    trade = reading.open_table(backend, Table.TRADE, first=date(year, 1, 1), last=date(year, 12, 31))
    named = {name: trade[name] for name in columns}
    cities = {place.code: place.city for place in places()}
    said: dict[str, Any] = {
        name: (trade[region] if name == By.REGION else trade[name]).fill_null("") for name in dimensions
    }
    for each in kin:
        said[f"is_{each.code}"] = _holds(each.measured, named)
    said["who"] = trade[contributor]
    wide = trade.mutate(**{f"by_{name}": column for name, column in said.items()})
    names = [f"by_{name}" for name in said]
    grouped = wide.group_by(names).aggregate(value=wide[one.measured.column].sum()).limit(MOST_ROWS + 1)
    table = grouped.to_pyarrow()
    if table.num_rows > MOST_ROWS:
        raise QuestionTooFine
    found = [table[name].to_pylist() for name in [*names, "value"]]
    if By.REGION in dimensions:
        place = list(dimensions).index(By.REGION)
        found[place] = [cities.get(code, "") for code in found[place]]
    return [row for row in zip(*found, strict=True) if row[-1]]


def _holds(measured: Measured, columns: Mapping[str, Any]) -> Any:
    import ibis  # noqa: PLC0415 - slow to import

    if measured.condition is None:
        return ibis.literal(True)
    return expressions.condition(measured.condition, columns).fill_null(False)
