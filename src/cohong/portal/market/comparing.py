"""Comparing listings: up to four side by side, kept in the visitor's session."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohong.catalog import api as catalog
from cohong.catalog.api import ListingView
from cohong.parties import api as parties
from cohong.parties.api import Names
from cohong.portal.design.frame import page, show
from cohong.portal.market import labels as named
from cohong.portal.market.facts import Fact, facts_of
from cohong.portal.market.keeping import back_to, line_of, region_of
from cohong.retail import api as retail
from cohong.retail.api import DeliveryOffer, LineView

MOST: Final = 4
_KEY: Final = "compare"
_MOST_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class Column:
    """One of the listings, and what so many of its first kind cost, brought to the visitor's region."""

    listing: ListingView
    line: LineView | None
    delivery: DeliveryOffer | None
    available: int


@dataclass(frozen=True, slots=True)
class Row:
    """An attribute, with each listing's value (None where it has none)."""

    names: Names
    facts: tuple[Fact | None, ...]
    differs: bool


def compared(request: HttpRequest) -> list[UUID]:
    """Return the listings that the visitor compares, in the order in which they were put there."""
    return [UUID(one) for one in request.session.get(_KEY, [])]


def _keep(request: HttpRequest, ids: Sequence[UUID]) -> None:
    request.session[_KEY] = [str(one) for one in ids]


@require_POST
@page
def set_compared(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """Put a listing beside the others, or take it away (`keep` 0); a fifth one is refused."""
    ids = [one for one in compared(request) if one != listing_id]
    if request.POST.get("keep") == "0":
        _keep(request, ids)
        return redirect(back_to(request))
    catalog.listing(listing_id=listing_id)
    if len(ids) >= MOST:
        messages.error(
            request,
            _("Only {n} can be compared at once. Take one away first.").format(n=MOST),
            extra_tags="refused",
        )
        return redirect("portal:compare")
    _keep(request, [*ids, listing_id])
    messages.success(request, _("Put beside the others."), extra_tags="to-compare")
    return redirect(back_to(request))


@require_safe
@page
def compare(request: HttpRequest) -> HttpResponse:
    """Show the listings side by side; what differs is marked. `n` is the quantity that they are priced at."""
    found = catalog.listings(ids=compared(request))
    shown = [found[id_] for id_ in compared(request) if id_ in found and found[id_].offered]
    quantity = _quantity(request)
    region = region_of(request)
    columns = [_column(listing, quantity, region) for listing in shown]
    people = parties.parties(ids={listing.seller_id for listing in shown})
    trust = retail.trust(seller_ids=sorted(people)) if people else {}
    return show(
        request,
        "market/compare.html",
        {
            "columns": columns,
            "rows": _rows(shown),
            "people": people,
            "trust": trust,
            "quantity": quantity,
            "region": region,
            **named.labels(),
            "standings": named.standings(listing.id for listing in shown),
        },
    )


def _quantity(request: HttpRequest) -> int | None:
    asked = request.GET.get("n", "")
    is_number = asked.isascii() and asked.isdigit() and len(asked) <= _MOST_DIGITS
    return int(asked) or None if is_number else None


def _column(listing: ListingView, quantity: int | None, region: str) -> Column:
    sku = next((one for one in listing.skus if not one.retired), None)
    if sku is None:
        return Column(listing, None, None, 0)
    wanted = sku.min_order if quantity is None else quantity
    view = retail.price(lines=[line_of(sku.id, wanted)], region_code=region or None)
    [line] = view.lines
    offers = view.parcels[0].offers if view.parcels else ()
    return Column(listing, line, offers[0] if offers else None, line.available)


def _rows(listings: Sequence[ListingView]) -> list[Row]:
    """List the attributes of all of them: in the order of the first one's category, then what the others have besides."""
    by_listing: list[dict[str, Fact]] = []
    names: dict[str, Names] = {}
    for listing in listings:
        own = facts_of(named.category(listing.category_code), listing.attributes)
        by_listing.append({fact.attribute.code: fact for fact in own})
        names |= {
            fact.attribute.code: fact.attribute.names for fact in own if fact.attribute.code not in names
        }
    rows = []
    for code, name in names.items():
        facts = tuple(own.get(code) for own in by_listing)
        said = {_said(fact) for fact in facts}
        rows.append(Row(name, facts, differs=len(said) > 1))
    return rows


def _said(fact: Fact | None) -> Any:
    return None if fact is None else fact.value
