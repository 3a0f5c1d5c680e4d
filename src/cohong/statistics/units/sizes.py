"""Size classes by the law's table (统计上大中小微型企业划分办法): in `data/size_classes.toml`, and in words here."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from django.utils.translation import gettext_lazy as _

from cohong.kernel.errors import BadInput
from cohong.parties.api import Names
from cohong.statistics.units.words import SizeClass

RULE: Final = _(
    "A unit is large, medium or small if it reaches all lower bounds of that class for its branch: persons employed, and"
    " revenue in the year; if it misses one of them it is of the class below, and micro below small."
)
_ORDER: Final = (SizeClass.LARGE, SizeClass.MEDIUM, SizeClass.SMALL)


class BranchUnknown(BadInput):
    """The table of size classes has no such branch."""

    message = _("The table of size classes has no branch “{branch}”.")


@dataclass(frozen=True, slots=True)
class Branch:
    """A line of the table: lower bounds (persons; revenue in 万元, None where only persons count) by class."""

    code: str
    names: Names
    bounds: dict[SizeClass, tuple[int, int | None]]


@cache
def branches() -> dict[str, Branch]:
    """Read the table."""
    text = resources.files("cohong.statistics").joinpath("data/size_classes.toml").read_text(encoding="utf-8")
    found = {}
    for code, row in tomllib.loads(text)["branches"].items():
        said = row["names"]
        bounds = {size: (row[size]["staff"], row[size].get("revenue")) for size in _ORDER}
        found[code] = Branch(code, Names(said["zh-hans"], said["zh-hant"], said["en"]), bounds)
    return found


def size_class(*, branch: str, staff: int, revenue_wan: int) -> SizeClass:
    """Tell the class of a unit of a branch with so many persons and so much revenue in the year (万元). Raises BranchUnknown."""
    row = branches().get(branch)
    if row is None:
        raise BranchUnknown(branch=branch[:40])
    for size in _ORDER:
        least_staff, least_revenue = row.bounds[size]
        if staff >= least_staff and (least_revenue is None or revenue_wan >= least_revenue):
            return size
    return SizeClass.MICRO
