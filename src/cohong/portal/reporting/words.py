"""What the register's pages have in common: names of places and fields, and addresses' parts as they are read."""

from collections.abc import Mapping
from uuid import UUID

from cohong.parties import api as parties
from cohong.statistics import api as statistics
from cohong.statistics.api import EventView, PlatformKind, SizeClass, UnitKind


def places(language: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the names of regions, and of industries, by code."""
    return (
        {one.code: one.names.shown(language) for one in parties.regions()},
        {one.code: one.names.shown(language) for one in parties.industries()},
    )


def read_id(text: str) -> UUID | None:
    """Read an id of an address; what is none is left out."""
    try:
        return UUID(text)
    except ValueError:
        return None


_HEADS = {"industry_code": "industry", "region_code": "region", "size_class": "size"}
_CHOICES: Mapping[str, type[UnitKind] | type[PlatformKind] | type[SizeClass]] = {
    "kind": UnitKind,
    "platform": PlatformKind,
    "size_class": SizeClass,
}


def shown_change(
    event: EventView, regions: Mapping[str, str], industries: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """Say what an event changed: field by field what it is called, what it was and what it became."""

    def said(field: str, value: str) -> str:
        if field == "region_code":
            return regions.get(value, value)
        if field == "industry_code":
            return industries.get(value, value)
        choices = _CHOICES.get(field)
        return str(choices(value).label) if choices and value in choices.values else value

    return [
        (
            str(statistics.LIST_COLUMNS[_HEADS.get(field, field)]),
            said(field, event.before.get(field, "")),
            said(field, value),
        )
        for field, value in event.after.items()
        if event.before
    ]
