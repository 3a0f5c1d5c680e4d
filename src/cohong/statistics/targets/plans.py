"""Plans as data: `data/targets.toml`."""

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from cohong.parties.api import Names
from cohong.statistics.targets.rules import check
from cohong.statistics.targets.shapes import ContextFact, Plan, Point, Terms
from cohong.statistics.targets.words import Comparison, PathShape, TargetUnit


@cache
def plan() -> Plan:
    """Read the plan that is shipped. A target that cannot be measured is a mistake of the file: it raises."""
    return read((files("cohong.statistics") / "data/targets.toml").read_text("utf-8"))


def read(text: str) -> Plan:
    """Read a plan from TOML. Amounts are text, so that none passes through a float.

    Raises KeyError or ValueError for a file of another form, TermsIncomplete or PathImpossible for a target.
    """
    found = tomllib.loads(text)
    region = str(found["plan"].get("region", ""))
    targets = {one["code"]: _terms(one, region) for one in found.get("target", [])}
    for terms in targets.values():
        check(terms)
    return Plan(
        code=found["plan"]["code"],
        names=_names(found["plan"]["names"]),
        targets=targets,
        context=tuple(_context(one) for one in found.get("context", [])),
    )


def _names(found: Mapping[str, str]) -> Names:
    return Names(found["zh-hans"], found.get("zh-hant", ""), found.get("en", ""))


def _number(value: Any) -> Decimal | None:
    if value is None:
        return None
    if not isinstance(value, str | int):
        raise ValueError(f"{value!r}: amounts are text or whole numbers")  # noqa: TRY004 - the file's fault
    return Decimal(value)


def _point(found: Mapping[str, Any]) -> Point:
    value = _number(found["value"])
    if value is None or type(found["on"]) is not date:
        raise ValueError("a point is a day and a value")
    return Point(found["on"], value)


def _terms(found: Mapping[str, Any], region: str) -> Terms:
    return Terms(
        names=_names(found["names"]),
        note=_names(found["note"]) if "note" in found else Names(""),
        indicator=found["indicator"],
        unit=TargetUnit(found["unit"]),
        comparison=Comparison(found["comparison"]),
        region_code=found.get("region", region),
        due=found["due"],
        value=_number(found.get("value")),
        against=found.get("against", ""),
        each_above=_number(found.get("each_above")),
        baseline=_point(found["baseline"]) if "baseline" in found else None,
        shape=PathShape(found.get("shape", "linear")),
        given=tuple(_point(one) for one in found.get("given", [])),
    )


def _context(found: Mapping[str, Any]) -> ContextFact:
    value = _number(found["value"])
    if value is None:
        raise ValueError("a fact has a value")
    return ContextFact(
        code=found["code"],
        names=_names(found["names"]),
        year=found["year"],
        unit=TargetUnit(found["unit"]),
        value=value,
        share_percent=_number(found.get("share_percent")),
        share_of=_names(found["share_of"]) if "share_of" in found else Names(""),
        above_nation_points=_number(found.get("above_nation_points")),
    )
