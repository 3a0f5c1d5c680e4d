"""The map: a tile for each city, where the data put it, inked by a figure; withheld ones hatched. Drawn as SVG by the server."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Final

from django.utils.translation import get_language, gettext

from cohong.portal.datacentre.desk import Place
from cohong.portal.datacentre.figures import Figure

STEPS: Final = 5
_PITCH, _SIDE = 44, 41
_COLUMNS: Final = 8


@dataclass(frozen=True, slots=True)
class Tile:
    """One city: where it lies in the picture, what is written on it, and how deep its ink is (0: no figure)."""

    code: str
    x: int
    y: int
    name: str
    shown: str
    said: str
    to: str
    step: int
    withheld: bool


@dataclass(frozen=True, slots=True)
class TileMap:
    """The picture; `legend` says which figures each step stands for, `rows` all of them for those who would rather read."""

    title: str
    width: int
    height: int
    tiles: tuple[Tile, ...]
    legend: tuple[tuple[int, str], ...]
    rows: tuple[tuple[str, str, str, str], ...]
    has_withheld: bool
    side: int = _SIDE


@dataclass(frozen=True, slots=True)
class Ink:
    """How the map's figures are written: in the table and on a tile; and where a tile leads."""

    shown: Callable[[Decimal], str]
    short: Callable[[Decimal], str]
    to: Callable[[str], str]


@cache
def _places() -> dict[str, Mapping[str, Any]]:
    text = files("cohong.portal.datacentre").joinpath("data/tiles.toml").read_text("utf-8")
    found: dict[str, Mapping[str, Any]] = tomllib.loads(text)["tiles"]
    return found


def tile_map(title: str, cities: Sequence[Place], figures: Mapping[str, Figure], ink: Ink) -> TileMap:
    """Draw the map of cities with their figures."""
    known = sorted(
        {one.value for code, one in figures.items() if one.value is not None and code in _codes(cities)}
    )
    steps = {value: 1 + index * STEPS // len(known) for index, value in enumerate(known)}
    latin = not (get_language() or "").startswith("zh")
    lost = max((place["row"] for place in _places().values()), default=0) + 1
    tiles, spare, deepest = [], 0, 0
    for city in cities:
        place = _places().get(city.code)
        if place is None:
            place = {"column": spare % _COLUMNS, "row": lost + spare // _COLUMNS, "short": city.name[:3]}
            spare += 1
        one = figures.get(city.code)
        value = one.value if one is not None else None
        withheld = one is not None and one.withheld
        said = (
            ink.shown(value)
            if value is not None
            else gettext("withheld")
            if withheld
            else gettext("no figure")
        )
        deepest = max(deepest, place["row"])
        tiles.append(
            Tile(
                city.code,
                place["column"] * _PITCH,
                place["row"] * _PITCH,
                place["short"] if latin else city.name.removesuffix("市"),
                ink.short(value) if value is not None else "",
                f"{city.name}: {said}",
                ink.to(city.code),
                steps.get(value, 0) if value is not None else 0,
                withheld,
            )
        )
    legend = []
    for step in range(1, STEPS + 1):
        within = [value for value in known if steps[value] == step]
        if within:
            low, high = ink.short(within[0]), ink.short(within[-1])
            legend.append((step, low if low == high else f"{low} – {high}"))
    by_value = sorted(tiles, key=lambda one: -_value(figures, one.code))
    rows = tuple(
        (one.code, one.said.split(": ", 1)[0], one.said.split(": ", 1)[1], one.to) for one in by_value
    )
    return TileMap(
        title,
        _COLUMNS * _PITCH,
        (deepest + 1) * _PITCH,
        tuple(tiles),
        tuple(legend),
        rows,
        any(one.withheld for one in tiles),
    )


def _codes(cities: Sequence[Place]) -> set[str]:
    return {one.code for one in cities}


def _value(figures: Mapping[str, Figure], code: str) -> Decimal:
    one = figures.get(code)
    return one.value if one is not None and one.value is not None else Decimal(-1)
