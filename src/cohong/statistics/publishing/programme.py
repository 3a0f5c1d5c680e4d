"""The programme of publication: which indicators are shown, by what and how finely, read from data and checked.

Indicators that add up to one another are one *group*, because what is withheld of one could be worked out from the others.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files

import msgspec

from cohong.statistics.indicators.definitions import Definition, DefinitionFlawed, Source, Tree, tree
from cohong.statistics.periods import Frequency, Period


class By(StrEnum):
    """By what a figure is broken down."""

    REGION = "region"
    INDUSTRY = "industry"
    MARKET = "market"


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Indicators that are protected together: the head, its parts in one or more partitions, and its other names."""

    head: str
    by: tuple[By, ...] = ()
    detail: Frequency = Frequency.YEAR
    crossed: bool = False
    same: tuple[str, ...] = ()
    partitions: dict[str, dict[str, str]] = {}

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the indicators that are parts of the head, in all partitions."""
        return tuple(part for parents in self.partitions.values() for part in parents)

    @property
    def members(self) -> tuple[str, ...]:
        """Return all indicators of the group."""
        return (self.head, *self.same, *self.parts)

    def shows(self, indicator: str, cell: "Key") -> bool:
        """Tell whether a cell of one of its indicators is published at all, withheld or not."""
        frequency = frequency_of(cell.period)
        detail = self.detail if indicator not in self.parts else Frequency.YEAR
        dimensions = cell.dimensions
        if not dimensions:
            return True
        if len(dimensions) == 1:
            return dimensions[0] in self.by and frequency.a_year <= detail.a_year
        return self.crossed and frequency is Frequency.YEAR and indicator not in self.parts


@dataclass(frozen=True, slots=True)
class Key:
    """Where a figure stands."""

    period: str
    region: str = ""
    industry: str = ""
    market: str = ""

    @property
    def dimensions(self) -> tuple[By, ...]:
        """Return by what it is broken down."""
        places = ((By.REGION, self.region), (By.INDUSTRY, self.industry), (By.MARKET, self.market))
        return tuple(by for by, where in places if where)


@cache
def frequency_of(period: str) -> Frequency:
    """Return how long a period is, by its code."""
    return Period.parse(period).frequency


class _File(msgspec.Struct, forbid_unknown_fields=True):
    group: list[Group]


@dataclass(frozen=True)
class Programme:
    """All groups, and which one each indicator is of."""

    tree: Tree
    groups: Sequence[Group]

    @cached_property
    def group_of(self) -> Mapping[str, Group]:
        """Return each base indicator's group."""
        return {member: group for group in self.groups for member in group.members}

    @cached_property
    def public(self) -> Sequence[Definition]:
        """Return the indicators that are published, each after what it is computed from."""
        return [one for one in self.tree.ordered if one.is_public]

    def public_bases(self, code: str) -> tuple[str, ...]:
        """Return those of its bases that are published themselves."""
        return self._public_bases[code]

    @cached_property
    def _public_bases(self) -> Mapping[str, tuple[str, ...]]:
        return {
            one.code: tuple(base for base in self.bases(one.code) if self.tree.by_code[base].is_public)
            for one in self.public
        }

    def bases(self, code: str) -> Iterator[str]:
        """Go through the indicators over facts or reports that one is computed from, or is."""
        if self.tree.by_code[code].source is not Source.INDICATORS:
            yield code
        for one in self.tree.lineage(code):
            if one.source is not Source.INDICATORS:
                yield one.code


@cache
def programme() -> Programme:
    """Return the house's programme. Raises `DefinitionFlawed`."""
    return read(files("cohong.statistics").joinpath("data/publication.toml").read_text(), tree())


def read(text: str, definitions: Tree) -> Programme:
    """Read a programme from TOML and check it against the definitions. Raises `DefinitionFlawed`."""
    try:
        groups = msgspec.convert(tomllib.loads(text), _File).group
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise DefinitionFlawed(str(error)) from None
    named: list[str] = []
    for group in groups:
        named += group.members
        for parents in group.partitions.values():
            if unknown := set(parents.values()) - set(parents) - {group.head}:
                raise DefinitionFlawed(f"{group.head}: {', '.join(sorted(unknown))} is no part of it")
        for code in group.members:
            if code not in definitions.by_code:
                raise DefinitionFlawed(f"{group.head}: there is no indicator {code}")
            if definitions.by_code[code].source is Source.INDICATORS:
                raise DefinitionFlawed(f"{code} is computed from others, and shown where these are")
        _check_sums(group, definitions)
    if twice := {code for code in named if named.count(code) > 1}:
        raise DefinitionFlawed(f"{', '.join(sorted(twice))}: in two groups")
    rest = [
        Group(head=one.code, by=tuple(By), detail=one.frequency, crossed=True)
        if one.source is Source.GIVEN
        else Group(head=one.code)
        for one in definitions.ordered
        if one.source is not Source.INDICATORS and one.code not in named
    ]
    return Programme(definitions, [*groups, *rest])


def _check_sums(group: Group, definitions: Tree) -> None:
    if group.partitions and not all(definitions.by_code[code].adds_over_time for code in group.members):
        raise DefinitionFlawed(f"{group.head}: parts have to add up")
    head = definitions.by_code[group.head]
    if head.is_additive and not head.adds_over_time and group.detail is not Frequency.YEAR:
        # A year's figure is its last quarter's: both tables would have to be protected as one.
        raise DefinitionFlawed(f"{group.head}: what there is at a moment is broken down once a year")
