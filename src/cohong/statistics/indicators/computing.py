"""Computing the whole tree of indicators, on any engine that Ibis speaks to.

Facts are read once for each source: first to what each contributor's rows add up to in each month, region, industry and market.
That is small enough to be kept; every cell, total, quarter and year comes from there. So a city's figure and the province's
are sums of the same parts, a contributor who is active in two industries is counted in both and once in the total, and
who contributes how much to a cell is known where disclosure control asks for it.

A *cut* is the set of dimensions by which cells are made; what a cell does not have is the empty text.
"""

import ast
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cohong.statistics.indicators import expressions
from cohong.statistics.indicators.definitions import SHAPES, Definition, Source, Tree, Unit
from cohong.statistics.indicators.expressions import Measure
from cohong.statistics.periods import Frequency

DIMENSIONS: Final = ("region", "industry", "market")
#: How the region of a row is read in a cut: as it is, as the city or the province it lies in, or not at all.
CITY, PROVINCE = "city", "province"
CUTS: Final[tuple[tuple[str, ...], ...]] = (
    (),
    (PROVINCE,),
    (CITY,),
    ("industry",),
    (PROVINCE, "industry"),
    (CITY, "industry"),
    ("market",),
)
_KEYS: Final = ("period", *DIMENSIONS)
#: The region or industry of what has none; after a province's code, what is in none of its cities.
UNSTATED: Final = "-"
#: Of each part: how many contributors have some of it, how much the largest of them has, and the second where it is ranked.
PROTECTION: Final = ("contributors", "largest", "second")
#: Minor units in one major unit: money is added up in minor units and only divided when it is compared.
_MINOR: Final = 100.0
FREQUENCIES: Final = (Frequency.MONTH, Frequency.QUARTER, Frequency.YEAR)


@dataclass(frozen=True)
class Region:
    """Where a region's code belongs: the city and the province that it is, or lies in; empty where it is larger."""

    code: str
    city: str
    province: str


class Computation:
    """One computation of a tree over tables of one engine. Raises what the engine raises."""

    def __init__(
        self,
        backend: Any,
        tree: Tree,
        regions: Sequence[Region],
        *,
        cuts: Sequence[Sequence[str]] = CUTS,
        frequencies: Sequence[Frequency] = FREQUENCIES,
    ) -> None:
        """Take an Ibis backend, the definitions, where regions belong, and which cells are wanted (all)."""
        self.backend, self.tree = backend, tree
        self._cuts, self._frequencies = cuts, frequencies
        self._regions = list(regions)

    def wide(self, tables: Mapping[Source, Any]) -> Any:
        """Return an Ibis table with a row for each cell and a column for each indicator of these sources' tables.

        Columns are `period`, `region`, `industry`, `market`, one per indicator by its code (money in minor units), and what
        protects contributors: `turnover_contributors`, `turnover_largest`, … by the indicator that `protected_by` names.
        Each source is computed and kept at once; what is computed from other indicators follows when the table is executed.
        """
        whole: Any = None
        for source, table in tables.items():
            definitions = self.tree.of(source)
            if definitions:
                cells = self._source(source, table, definitions)
                whole = cells if whole is None else self._joined(whole, cells)
        if whole is None:
            raise ValueError("there is no table to compute from")
        return self._derived(whole)

    # --- from facts to what contributors add up to ---------------------------------------------------------

    def _source(self, source: Source, table: Any, definitions: Sequence[Definition]) -> Any:
        base = self._base(source, table, definitions)
        # All frequencies together, so that there is one statement for each cut and not three: an engine has to read them all.
        lasting = [_part(one) for one in definitions if one.measured.measure is Measure.LAST]
        each_period = _union(
            [
                _last(
                    (base.filter(base.grain >= one.a_year) if source is Source.GIVEN else base).mutate(
                        period=_period(base.month, one)
                    ),
                    lasting,
                )
                for one in self._frequencies
            ]
        )
        # One cut after the other: an engine works at all branches of a union at once, and each has to hold every contributor.
        return _union([self._cells(source, each_period, definitions, cut).cache() for cut in self._cuts])

    def _base(self, source: Source, table: Any, definitions: Sequence[Definition]) -> Any:
        """Add up each contributor's rows by month, region, industry and market, and keep the result."""
        _, contributor, region = SHAPES[source]
        columns = {name: table[name] for name in table.columns}
        sums: dict[str, Any] = {}
        for name, measured in _parts(definitions):
            where = None if measured.condition is None else expressions.condition(measured.condition, columns)
            if measured.measure in {Measure.COUNT, Measure.ACTIVE}:
                sums[name] = table.count(where=where)
            else:
                sums[name] = table[measured.column].sum(where=where)
        month = table.day.truncate("M")
        base = (
            table.group_by(
                month=month,
                place=_stated(table[region]),
                industry=_stated(table.industry),
                market=table.market,
                contributor=table[contributor],
                # How many of its periods a year has: a year's official figure says nothing of January.
                **({"grain": table.grain} if source is Source.GIVEN else {}),
            )
            .agg(**{name: _number(total) for name, total in sums.items()})
            .cache()
        )
        province = base.place.substitute(
            {one.code: one.province or one.code for one in self._regions} or {"": ""}
        )
        cities = {one.code: one.city for one in self._regions if one.city}
        # Cities have to sum to the province: what is in none of them stands beside them.
        city = base.place.substitute(cities, else_=province + UNSTATED) if cities else province + UNSTATED
        return base.mutate(province=province, city=city)

    # --- from there to cells -------------------------------------------------------------------------------

    def _cells(
        self,
        source: Source,
        base: Any,
        definitions: Sequence[Definition],
        cut: Sequence[str],
    ) -> Any:
        """Make the cells of one cut."""
        import ibis  # noqa: PLC0415 - slow to import

        if "market" in cut:  # most trade is in none
            base = base.filter(base.market != "")
        keys = {
            "period": base.period,
            **{("region" if name in {CITY, PROVINCE} else name): base[name] for name in cut},
        }
        parts = [name for name, _ in _parts(definitions)]
        each = base.group_by(**keys, contributor=base.contributor).agg(
            **{name: _number(base[name].sum()) for name in parts}
        )
        ranked = self._ranked(each, keys, definitions)
        cells = ranked.group_by(list(keys)).agg(
            **{one.code: _said(source, one, _measure(ranked, one)) for one in definitions},
            **self._protection(ranked, definitions),
        )
        missing = {name: ibis.literal("") for name in DIMENSIONS if name not in keys}
        return cells.mutate(**missing).select(*_KEYS, *(name for name in cells.columns if name not in keys))

    @staticmethod
    def _protection(ranked: Any, definitions: Sequence[Definition]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        first = set(protected_by(definitions).values())
        for one in definitions:
            if one.code not in first:
                continue
            name = _part(one)
            found[f"{one.code}_contributors"] = (ranked[name] != 0).sum().cast("int64").fill_null(0)
            found[f"{one.code}_largest"] = _number(ranked[name].abs().max())
            if f"rank_{name}" in ranked.columns:
                found[f"{one.code}_second"] = _number(
                    ranked[name].abs().sum(where=ranked[f"rank_{name}"] == 1)
                )
        return found

    @staticmethod
    def _ranked(each: Any, keys: Iterable[str], definitions: Sequence[Definition]) -> Any:
        """Give each cell's contributors their rank from the largest down, by what `largest` asks for."""
        import ibis  # noqa: PLC0415 - slow to import

        wanted = [_part(one) for one in definitions if one.measured.measure is Measure.LARGEST]
        ranks = {
            f"rank_{name}": ibis.row_number().over(
                ibis.window(group_by=list(keys), order_by=[each[name].desc(), each.contributor])
            )
            for name in dict.fromkeys(wanted)
        }
        return each.mutate(**ranks)

    # --- from cells to what is computed from other indicators ------------------------------------------------

    @staticmethod
    def _joined(left: Any, right: Any) -> Any:
        joined = left.outer_join(right, list(_KEYS))
        both = {name: joined[name].coalesce(joined[f"{name}_right"]) for name in _KEYS}
        rest = [
            name for name in joined.columns if name not in _KEYS and name.removesuffix("_right") not in _KEYS
        ]
        # Kept, so that the next source is joined to a table: Ibis loses its way in a join of joins.
        return joined.select(**both, **{name: joined[name] for name in rest}).cache()

    def _derived(self, whole: Any) -> Any:
        """Add what is computed from other indicators; one whose parts have no source here stays unknown."""
        import ibis  # noqa: PLC0415 - slow to import

        for one in self.tree.of(Source.INDICATORS):
            values = {
                code: _in_its_unit(whole[code], self.tree.by_code[code].unit)
                for code in expressions.names(one.tree)
                if code in whole.columns
            }
            if len(values) < len(expressions.names(one.tree)):
                whole = whole.mutate(**{one.code: ibis.null("float64")})
                continue
            value = expressions.arithmetic(one.tree, values)
            if one.unit is Unit.MONEY:
                value *= _MINOR
            whole = whole.mutate(**{one.code: value.cast("float64")})
        return whole


def _last(table: Any, parts: Iterable[str]) -> Any:
    """Leave of these parts, in each period, what a contributor has in the last month in which there is any."""
    import ibis  # noqa: PLC0415 - slow to import

    kept = {}
    for name in dict.fromkeys(parts):
        month = table[name].isnull().ifelse(ibis.null(table.month.type()), table.month)
        last = month.max().over(ibis.window(group_by=[table.period, table.contributor]))
        kept[name] = (table.month == last).ifelse(table[name], ibis.null(table[name].type()))
    return table.mutate(**kept) if kept else table


def _stated(text: Any) -> Any:
    return text.nullif("").fill_null(UNSTATED)


def _parts(definitions: Sequence[Definition]) -> list[tuple[str, expressions.Measured]]:
    """Return what has to be added up for each contributor, by a name: what is needed twice is added up once."""
    found: dict[str, expressions.Measured] = {}
    for one in definitions:
        found.setdefault(_part(one), one.measured)
    return list(found.items())


def _part(one: Definition) -> str:
    """Return the name of what a definition adds up for each contributor, before its measure is taken."""
    measured = one.measured
    counts = measured.measure in {Measure.COUNT, Measure.ACTIVE}
    last = "last " if measured.measure is Measure.LAST else ""
    text = f"{last}{'' if counts else measured.column}|{'' if measured.condition is None else ast.unparse(measured.condition)}"
    return f"part_{zlib.crc32(text.encode()):08x}"


def protected_by(definitions: Iterable[Definition]) -> dict[str, str]:
    """Return under which indicator's name the protection of each one stands: that of the first which adds up the same.

    How many contributors are active is its own protection.
    """
    first: dict[str, str] = {}
    return {
        one.code: first.setdefault(_part(one), one.code)
        for one in definitions
        if one.measured.measure is not Measure.ACTIVE
    }


def _measure(ranked: Any, one: Definition) -> Any:
    measured, part = one.measured, ranked[_part(one)]
    match measured.measure:
        case Measure.ACTIVE:
            return (part != 0).sum().cast("int64")
        case Measure.SQUARES:
            return (part.cast("float64") * part.cast("float64")).sum() / _MINOR**2
        case Measure.LARGEST:
            return _number(part.sum(where=ranked[f"rank_{_part(one)}"] < measured.top)).fill_null(0)
        case _:
            return _number(part.sum())


def _said(source: Source, one: Definition, value: Any) -> Any:
    """Tell nothing from unknown: a cell that has trade, but none of this kind, has none of it; what nobody states is unknown."""
    if source not in {Source.REPORTS, Source.GIVEN}:
        return value.fill_null(0)
    return value.nullif(0) if one.measured.measure is Measure.ACTIVE else value


def _number(value: Any) -> Any:
    """Return a sum as 64 bits: whole as whole numbers, everything else as it is."""
    return value.cast("int64") if value.type().is_integer() else value.cast("float64")


def _period(month: Any, frequency: Frequency) -> Any:
    year = month.year().cast("string")
    if frequency is Frequency.YEAR:
        return year
    if frequency is Frequency.QUARTER:
        return year + "-Q" + month.quarter().cast("string")
    return year + "-" + month.month().cast("string").lpad(2, "0")


def _in_its_unit(value: Any, unit: Unit) -> Any:
    return value.cast("float64") / _MINOR if unit is Unit.MONEY else value.cast("float64")


def _union(cells: Sequence[Any]) -> Any:
    whole = cells[0]
    for one in cells[1:]:
        whole = whole.union(one)
    return whole
