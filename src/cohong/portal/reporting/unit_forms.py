"""A unit as it is typed, and what is wrong with it said beside the field that it is about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy

from cohong.kernel.errors import BadInput, Refusal
from cohong.parties import api as parties
from cohong.statistics import api as statistics
from cohong.statistics.api import PlatformKind, SizeClass, UnitDraft, UnitKind, UnitView

_FIELDS: Final = ("name", "kind", "platform", "credit_code", "industry", "region", "size")
_LONGEST: Final = 600


class DayMissing(BadInput):
    """No day was given, or something that is none."""

    message = gettext_lazy("Please give a day, as 2026-07-01.")


@dataclass(slots=True)
class Part:
    """The fields of one unit on a page; `prefix` tells several apart."""

    prefix: str
    typed: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)


def read_part(posted: Mapping[str, str], prefix: str = "") -> Part:
    """Read the fields of a unit as they were typed; most units are enterprises."""
    typed = {name: posted.get(prefix + name, "").strip()[:_LONGEST] for name in _FIELDS}
    return Part(prefix, typed | {"kind": typed["kind"] or UnitKind.ENTERPRISE.value})


def part_of(unit: UnitView, prefix: str = "") -> Part:
    """Fill the fields with what a unit is."""
    typed = {
        "name": unit.name,
        "kind": unit.kind.value,
        "platform": unit.platform.value if unit.platform else "",
        "credit_code": unit.credit_code,
        "industry": unit.industry_code,
        "region": unit.region_code,
        "size": unit.size_class.value if unit.size_class else "",
    }
    return Part(prefix, typed)


def draft_of(part: Part) -> UnitDraft:
    """Turn what was typed into a draft; what the register does not take is said by its act."""
    typed = part.typed
    return UnitDraft(
        name=typed["name"],
        kind=UnitKind(typed["kind"]) if typed["kind"] in UnitKind.values else UnitKind.ENTERPRISE,
        platform=PlatformKind(typed["platform"]) if typed["platform"] in PlatformKind.values else None,
        credit_code=typed["credit_code"],
        industry_code=typed["industry"],
        region_code=typed["region"],
        size_class=SizeClass(typed["size"]) if typed["size"] in SizeClass.values else None,
    )


def read_day(text: str) -> date:
    """Read a day. Raises DayMissing."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise DayMissing from None


_ABOUT: Final[dict[type[Refusal], str]] = {
    parties.CreditCodeInvalid: "credit_code",
    statistics.UnitCodeTaken: "credit_code",
    parties.RegionUnknown: "region",
    statistics.NotYourRegion: "region",
    statistics.RegionMissing: "region",
    parties.IndustryUnknown: "industry",
    statistics.PlatformKindMissing: "platform",
    statistics.UnitKnown: "name",
    statistics.DayInFuture: "on",
    statistics.DayTooEarly: "on",
    DayMissing: "on",
    statistics.NoSuchUnit: "other",
    statistics.SameUnit: "other",
}


def field_of(refusal: Refusal) -> str:
    """Tell which field a refusal is about; "" where it is about none."""
    return _ABOUT.get(type(refusal)) or str(refusal.params.get("field", ""))
