"""What of a year's figures is withheld, so that no company's can be worked out from those that are shown.

Each group of the programme is one set of linked tables (region by time, industry by time, once a year region by industry, and
the parts by each of them), which `disclosure.protect` looks at together. How much of it the largest have is asked of money
alone; of what is counted, only whether it is of few. What does not add up (numbers of firms,
concentration) is withheld where it says too much itself. What is computed from others is shown where all these are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from itertools import product
from typing import Final

from django.conf import settings

from cohong.kernel.money import exponent
from cohong.statistics import disclosure
from cohong.statistics.disclosure import Cell, Facts, Hierarchy, Reason, Rules, Table
from cohong.statistics.indicators.computing import UNSTATED, Region
from cohong.statistics.indicators.definitions import Source, Unit
from cohong.statistics.indicators.expressions import Measure
from cohong.statistics.periods import Frequency, Period
from cohong.statistics.publishing.programme import By, Group, Key, Programme, frequency_of

#: Shares of the largest, and sums of squares, say of few firms what each of them does.
_FEWEST_FOR_CONCENTRATION: Final = 10
_TIME: Final = "time"
_WHOLE: Final = "whole"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as observed, and what protects its contributors; `before` is how it was published last, if it was."""

    value: Decimal | None
    status: str
    contributors: int | None
    largest: Decimal | None
    second: Decimal | None
    before: "Before | None" = None


@dataclass(frozen=True, slots=True)
class Before:
    """How a figure was published last."""

    value: Decimal | None
    withheld: str


@dataclass
class Withheld:
    """What is not shown, and why; `exposed` are figures that earlier releases give away all the same."""

    reasons: dict[tuple[str, Key], Reason] = field(default_factory=dict)
    exposed: set[tuple[str, Key]] = field(default_factory=set)


Figures = Mapping[str, Mapping[Key, Figure]]
"""Of each indicator, its figures."""


def withheld(
    figures: Figures, programme: Programme, regions: Sequence[Region], *, rules: Rules | None = None
) -> Withheld:
    """Say which of one year's figures are not shown. Raises ValueError where figures do not add up."""
    rules = rules or Rules()
    found = Withheld()
    for group in programme.groups:
        source = programme.tree.by_code[group.head].source
        if source is Source.GIVEN or group.head not in figures:
            continue  # who states official figures has protected them
        if programme.tree.by_code[group.head].adds_over_time:
            _Linked(group, figures, programme, regions, rules).protect(found)
        elif programme.tree.by_code[group.head].is_additive:
            _at_moments(group, figures, programme, regions=regions, rules=rules, found=found)
        else:
            _each(group, figures, programme, rules, found)
        for other in group.same:
            _same(group.head, other, figures, found)
    _derived(figures, programme, found)
    return found


def _at_moments(
    group: Group,
    figures: Figures,
    programme: Programme,
    *,
    regions: Sequence[Region],
    rules: Rules,
    found: Withheld,
) -> None:
    """Protect what there is at a moment: each period by itself, as they do not add up."""
    for period in sorted({key.period for key in figures[group.head]}):
        at_once = {
            code: {key: figure for key, figure in figures.get(code, {}).items() if key.period == period}
            for code in group.members
        }
        if at_once[group.head]:
            _Linked(group, at_once, programme, regions, rules).protect(found)


def _each(group: Group, figures: Figures, programme: Programme, rules: Rules, found: Withheld) -> None:
    """Withhold what says too much by itself, of figures that are no sums."""
    for code in group.members:
        measured = programme.tree.by_code[code].measured
        for key, figure in figures.get(code, {}).items():
            if not figure.value or not group.shows(code, key):
                continue
            fewest = rules.least_contributors
            if measured.measure is Measure.SQUARES:
                fewest = _FEWEST_FOR_CONCENTRATION
            elif measured.measure is Measure.LARGEST:
                # With one more firm than are added up, the total gives that one away.
                fewest += measured.top
            count = figure.value if measured.measure is Measure.ACTIVE else figure.contributors or 0
            if count < fewest:
                found.reasons[code, key] = Reason.FEW


def _same(head: str, other: str, figures: Figures, found: Withheld) -> None:
    for one, another in ((head, other), (other, head)):
        for key in figures.get(another, {}):
            if (reason := found.reasons.get((one, key))) is not None:
                found.reasons.setdefault((another, key), reason)


def _derived(figures: Figures, programme: Programme, found: Withheld) -> None:
    for one in programme.public:
        if one.source is Source.INDICATORS:
            bases = list(programme.bases(one.code))
            for key in figures.get(one.code, {}):
                if any((base, key) in found.reasons for base in bases):
                    found.reasons[one.code, key] = Reason.WITHHELD


class _Linked:
    """The tables of one group in one year; of what there is at a moment, in one of its periods."""

    def __init__(
        self,
        group: Group,
        figures: Figures,
        programme: Programme,
        regions: Sequence[Region],
        rules: Rules,
    ) -> None:
        self.group, self.figures, self.programme, self.rules = group, figures, programme, rules
        self.head = programme.tree.by_code[group.head]
        if self.head.unit is not Unit.MONEY:
            self.rules = replace(rules, dominance_percent=None, ambiguity_percent=None)
        self._provinces = {one.code: one.province for one in regions if one.city == one.code}
        self._at: dict[Cell, tuple[str, Key]] = {}
        periods = {key.period for key in figures[group.head]}
        self._span = min(periods)[:4] if self.head.adds_over_time else min(periods)

    def protect(self, found: Withheld) -> None:
        """Protect the group's tables together; each market by itself, because markets are no parts of a whole."""
        self._settle(self._tables(), found)
        if By.MARKET in self.group.by:
            for market in sorted({key.market for key in self.figures[self.head.code] if key.market}):
                self._at.clear()
                time = self._time(self.group.detail) or self._only()
                self._settle([self._table([time], partial(self._market, market))], found)

    def _settle(self, tables: Sequence[Table], found: Withheld) -> None:
        known: set[Cell] = set()
        before: set[Cell] = set()
        for cell, (code, key) in self._at.items():
            figure = self.figures[code][key]
            if figure.before is None:
                continue
            unchanged = figure.before.value == figure.value
            if not figure.before.withheld and unchanged:
                known.add(cell)
            elif figure.before.withheld and (unchanged or Reason(figure.before.withheld).primary):
                before.add(cell)
        done = disclosure.protect(tables, rules=self.rules, known=known, withheld=before)
        for cell, reason in done.suppressed.items():
            if cell in self._at:
                found.reasons[self._at[cell]] = reason
        found.exposed |= {self._at[cell] for cell in done.exposed if cell in self._at}

    # --- the tables ---

    def _tables(self) -> list[Table]:
        own = self.head.frequency
        detail = min(self.group.detail, own, key=lambda each: each.a_year)
        is_broken_down = frequency_of(self._span).a_year <= detail.a_year
        broken_down = [
            by
            for by in (By.REGION, By.INDUSTRY)
            if is_broken_down and by in self.group.by and self._places(by)
        ]
        tables = [self._table([self._time(own) or self._only()], self._at_time)]
        tables += [
            self._table([self._places(by), self._time(detail)], partial(self._by, by)) for by in broken_down
        ]
        if self.group.crossed and len(broken_down) > 1:
            tables.append(self._table([self._places(by) for by in broken_down], self._crossed))
        for name, parents in self.group.partitions.items():
            parts = Hierarchy(name, parents)
            tables.append(self._table([parts, self._time(own)], self._part_at_time))
            tables += [
                self._table([parts, self._places(by)], partial(self._part_by, by)) for by in broken_down
            ]
        return tables

    def _table(self, dimensions: Sequence[Hierarchy | None], where: Callable[..., tuple[str, Key]]) -> Table:
        """Fill a table over the dimensions that there are; `where` says where the figure of a place stands."""
        axes = tuple(dimension for dimension in dimensions if dimension is not None)
        leaves: dict[tuple[str, ...], Facts] = {}
        totals: dict[tuple[str, ...], Facts] = {}
        at: dict[tuple[str, ...], tuple[str, Key]] = {}
        grids = [frozenset(axis.leaves) for axis in axes]
        for place in product(*(axis.nodes for axis in axes)):
            code, key = where(*place)
            figure = self.figures.get(code, {}).get(key)
            if figure is None or figure.value is None:
                continue
            is_leaf = all(node in grid for node, grid in zip(place, grids, strict=True))
            (leaves if is_leaf else totals)[place] = self._facts(figure)
            at[place] = code, key
        table = Table(axes, leaves, totals)
        self._at |= {table.cell(place): stands for place, stands in at.items()}
        return table

    def _facts(self, figure: Figure) -> Facts:
        value, largest = self._whole(figure.value), abs(self._whole(figure.largest))
        # Where the second is not known it is taken for as large as it can be: then least is left to hide the largest behind.
        second = (
            max(min(largest, abs(value) - largest), 0)
            if figure.second is None
            else abs(self._whole(figure.second))
        )
        return Facts(
            value=value,
            contributors=figure.contributors or 0,
            largest=max(largest, second),
            second=min(largest, second),
        )

    def _whole(self, value: Decimal | None) -> int:
        places = exponent(settings.COHONG_CURRENCY) if self.head.unit is Unit.MONEY else 0
        return int((value or Decimal(0)).scaleb(places).to_integral_value())

    # --- dimensions ---

    def _time(self, finest: Frequency) -> Hierarchy | None:
        """Return the year's quarters and months for which there are figures, None if there are none that are finer."""
        parents: dict[str, str] = {}
        for period in sorted({key.period for key in self.figures[self.head.code]}):
            frequency = frequency_of(period)
            if period == self._span or frequency is Frequency.YEAR or frequency.a_year > finest.a_year:
                continue
            quarter = Period.of(Period.parse(period).start, Frequency.QUARTER).code
            parents[period] = self._span if frequency is Frequency.QUARTER else quarter
        return Hierarchy(_TIME, parents) if parents else None

    def _only(self) -> Hierarchy:
        """Return a dimension of the year alone."""
        return Hierarchy(_TIME, {_WHOLE: self._span})

    def _places(self, by: By) -> Hierarchy | None:
        keys = self.figures[self.head.code]
        if by is By.INDUSTRY:
            nodes = sorted({key.industry for key in keys if key.industry})
            return Hierarchy.flat(by, nodes, root="") if nodes else None
        parents: dict[str, str] = {}
        for region in sorted({key.region for key in keys if key.region}):
            parents[region] = self._province_of(region)
        return Hierarchy(by, parents) if parents else None

    def _province_of(self, region: str) -> str:
        """Return what a region is part of: cities of provinces, and provinces of the whole."""
        if province := self._provinces.get(region, ""):
            return province
        return region.removesuffix(UNSTATED) if region.endswith(UNSTATED) and region != UNSTATED else ""

    # --- where the figure of a place stands ---

    def _at_time(self, time: str) -> tuple[str, Key]:
        return self.head.code, Key(self._span if time == _WHOLE else time)

    def _by(self, by: By, node: str, time: str = "") -> tuple[str, Key]:
        return self.head.code, _key(time or self._span, by, node)

    def _market(self, market: str, time: str) -> tuple[str, Key]:
        return self.head.code, _key(self._span if time == _WHOLE else time, By.MARKET, market)

    def _crossed(self, region: str, industry: str) -> tuple[str, Key]:
        return self.head.code, Key(self._span, region, industry)

    def _part_at_time(self, part: str, time: str = "") -> tuple[str, Key]:
        return part, Key(time or self._span)

    def _part_by(self, by: By, part: str, node: str) -> tuple[str, Key]:
        return part, _key(self._span, by, node)


def _key(period: str, by: By, node: str) -> Key:
    return Key(period, **{by.value: node})
