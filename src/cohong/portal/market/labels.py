"""What the market's pages name by code and show in words: regions, sale units; and what cards say of their listings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cohong.catalog import api as catalog
from cohong.catalog.api import ListingCard
from cohong.parties import api as parties
from cohong.parties.api import IndustryView, Names, RegionView
from cohong.portal.design.places import places
from cohong.portal.kept import kept
from cohong.retail import api as retail


@dataclass(frozen=True, slots=True)
class Labels:
    """The names of regions and sale units by code, and the cities that one chooses from."""

    regions: dict[str, Names]
    units: dict[str, Names]
    cities: tuple[RegionView, ...]


@kept(30)
def _labels() -> Labels:
    regions = parties.regions()
    return Labels(
        regions={one.code: one.names for one in regions},
        units={one.code: one.names for one in catalog.units()},
        cities=tuple(places(regions)),
    )


@kept(30)
def industries() -> tuple[IndustryView, ...]:
    """Return the industries, in their order."""
    return tuple(parties.industries())


@kept(30)
def category(code: str) -> catalog.Category:
    """Return a category. Raises NoSuchCategory."""
    return catalog.category(code=code)


@kept(30)
def industry(code: str) -> IndustryView:
    """Return an industry. Raises IndustryUnknown."""
    return parties.industry(code=code)


@kept(10)
def _standings(listing_ids: frozenset[UUID]) -> dict[UUID, retail.ListingStanding]:
    return retail.listing_standings(listing_ids=sorted(listing_ids))


def labels(*cards: Sequence[ListingCard]) -> dict[str, Any]:
    """Return what a page with these cards needs in its context: names by code, and how the listings sell and are rated."""
    named = _labels()
    shown = [card.id for some in cards for card in some]
    return {
        "regions": named.regions,
        "cities": named.cities,
        "units": named.units,
        "standings": standings(shown),
    }


def standings(listing_ids: Iterable[UUID]) -> dict[UUID, retail.ListingStanding]:
    """Return how these listings sell and are rated."""
    wanted = frozenset(listing_ids)
    return _standings(wanted) if wanted else {}
