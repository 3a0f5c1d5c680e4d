"""Choosing a region level by level (province, city, district), with plain fields: each names what lies below the one before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cohong.parties import api as parties
from cohong.parties.api import RegionView
from cohong.portal.kept import kept

MOST_LEVELS = 3


@dataclass(frozen=True, slots=True)
class Level:
    """One field: what may be chosen in it, and what is."""

    number: int
    options: tuple[RegionView, ...]
    chosen: str


def chosen_region(form: Mapping[str, str]) -> str:
    """Return the region that the fields name: the deepest one that lies below those before it; or a plain `region_code`."""
    if "region_1" not in form:
        return form.get("region_code", "")
    return levels_of(form)[1]


def levels_of(form: Mapping[str, str]) -> tuple[list[Level], str]:
    """Return the fields as they shall be shown, and the region chosen so far."""
    below: dict[str, list[RegionView]] = {}
    every = {one.code: one for one in parties.regions()}
    for one in every.values():
        below.setdefault(one.parent_code, []).append(one)
    wanted = _wanted(form, every)
    levels: list[Level] = []
    code, options = "", below.get("", [])
    for number in range(1, MOST_LEVELS + 1):
        if not options:
            break
        chosen = wanted[number - 1] if number <= len(wanted) else ""
        known = chosen if chosen in {one.code for one in options} else ""
        levels.append(Level(number, tuple(options), known))
        if not known:
            break
        code, options = known, below.get(known, [])
    return levels, code


def _wanted(form: Mapping[str, str], every: Mapping[str, RegionView]) -> Sequence[str]:
    if "region_1" in form:
        return [form.get(f"region_{number}", "") for number in range(1, MOST_LEVELS + 1)]
    chain: list[str] = []
    code = form.get("region_code", "")
    while code in every and code not in chain:
        chain.insert(0, code)
        code = every[code].parent_code
    return chain


@kept(60)
def _kept_names() -> dict[str, tuple[parties.Names, ...]]:
    regions = parties.regions()
    return {code: tuple(names) for code, names in full_names([one.code for one in regions]).items()}


def place(code: str, language: str) -> str:
    """Say where a region lies, from the top down, in a language; an unknown one stays empty."""
    return " ".join(names.shown(language) for names in _kept_names().get(code, ()))


def full_names(codes: Sequence[str]) -> dict[str, list[parties.Names]]:
    """Return each region's names from the top down."""
    every = {one.code: one for one in parties.regions()}
    found: dict[str, list[parties.Names]] = {}
    for code in codes:
        names: list[parties.Names] = []
        at = code
        while at in every and len(names) < MOST_LEVELS:
            names.insert(0, every[at].names)
            at = every[at].parent_code
        found[code] = names
    return found
