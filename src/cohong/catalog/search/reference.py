"""Regions, industries, categories and units, kept for a few seconds: every list needs them, and they hardly change.

Each process keeps its own. What is defined here is seen here at once, and by other processes within `KEPT_S`.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

from django.db import connection

from cohong.catalog import selectors
from cohong.catalog.shapes import Category, Unit
from cohong.parties import api as parties
from cohong.parties.api import IndustryView, RegionView

KEPT_S: Final = 5.0


class Reference:
    """What lists refer to, by code, in the order in which it is shown."""

    def __init__(self) -> None:
        self.regions: Mapping[str, RegionView] = {one.code: one for one in parties.regions()}
        self.industries: Mapping[str, IndustryView] = {one.code: one for one in parties.industries()}
        self.categories: Mapping[str, Category] = {one.code: one for one in selectors.categories()}
        self.units: Mapping[str, Unit] = {one.code: one for one in selectors.units()}

    @cached_property
    def _regions_in(self) -> Mapping[str, list[str]]:
        return _children((one.code, one.parent_code) for one in self.regions.values())

    @cached_property
    def _categories_in(self) -> Mapping[str, list[str]]:
        return _children((one.code, one.parent_code or "") for one in self.categories.values())

    @cached_property
    def leaves(self) -> frozenset[str]:
        """Return the categories that goods can stand in."""
        return frozenset(code for code in self.categories if code not in self._categories_in)

    def regions_below(self, codes: Iterable[str]) -> set[str]:
        """Return regions and all that lie in them."""
        return _below(codes, self._regions_in)

    def categories_below(self, codes: Iterable[str]) -> set[str]:
        """Return categories and all below them."""
        return _below(codes, self._categories_in)

    def categories_of(self, industries: Iterable[str]) -> set[str]:
        """Return the categories of industries."""
        wanted = set(industries)
        return {one.code for one in self.categories.values() if one.industry_code in wanted}

    def regions_above(self, code: str) -> list[str]:
        """Return a region and those that it lies in, from the inside out."""
        return _above(code, {one.code: one.parent_code for one in self.regions.values()})

    def categories_above(self, code: str) -> list[str]:
        """Return a category and those above it."""
        return _above(code, {one.code: one.parent_code or "" for one in self.categories.values()})


def _children(pairs: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    children: dict[str, list[str]] = defaultdict(list)
    for code, parent in pairs:
        if parent:
            children[parent].append(code)
    return dict(children)


def _below(codes: Iterable[str], children: Mapping[str, list[str]]) -> set[str]:
    found, edge = set(codes), list(codes)
    while edge:
        new = [child for child in children.get(edge.pop(), ()) if child not in found]
        found.update(new)
        edge += new
    return found


def _above(code: str, parents: Mapping[str, str]) -> list[str]:
    found: list[str] = []
    while code and code in parents and code not in found:
        found.append(code)
        code = parents[code]
    return found


_kept: dict[str, tuple[float, Reference]] = {}
_turn = threading.Lock()


def reference() -> Reference:
    """Return what lists refer to, at most `KEPT_S` old. Four statements when it is read anew, else none."""
    name = str(connection.settings_dict["NAME"])
    known = _kept.get(name)
    if known is not None and time.monotonic() - known[0] < KEPT_S:
        return known[1]
    with _turn:
        known = _kept.get(name)
        if known is None or time.monotonic() - known[0] >= KEPT_S:
            known = _kept[name] = (time.monotonic(), Reference())
    return known[1]


def forget() -> None:
    """Let what lists refer to be read anew: some of it was defined."""
    _kept.clear()
