"""A listing's page: what it is, what so many of it cost, brought to where; who sells it, and what others say of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from cohong.catalog import api as catalog
from cohong.catalog.api import ListingView
from cohong.parties import api as parties
from cohong.parties.api import PartyView
from cohong.portal.design.acting import actor_or_none
from cohong.portal.design.frame import is_partial, page, show
from cohong.portal.design.places import districts
from cohong.portal.kept import kept
from cohong.portal.market import labels as named
from cohong.portal.market.comparing import compared
from cohong.portal.market.facts import facts_of
from cohong.portal.market.keeping import favourites, line_of, region_of
from cohong.portal.market.reviews import reviews_of
from cohong.retail import api as retail
from cohong.retail.api import CartView

_SIMILAR = 6
_QUANTITY = "quantity-"
_MOST_DIGITS = 12


@dataclass(frozen=True, slots=True)
class SellerCard:
    """A seller as a listing shows them."""

    seller: PartyView
    trust: retail.Trust
    shop: retail.ShopView


@kept(30)
def seller_card(seller_id: UUID) -> SellerCard:
    """Put together what is shown of a seller beside their goods."""
    return SellerCard(
        parties.party(party_id=seller_id),
        retail.trust(seller_ids=[seller_id])[seller_id],
        retail.shop(seller_id=seller_id),
    )


@kept(60)
def destination_options(language: str) -> SafeString:
    """Write the places where goods can go as options of a select, the districts below their cities; the same on every page."""
    parts = []
    for city, inside in districts(parties.regions()):
        name = city.names.shown(language)
        own = format_html('<option value="{}">{}</option>', city.code, name)
        below = format_html_join(
            "", '<option value="{}">{}</option>', [(one.code, one.names.shown(language)) for one in inside]
        )
        parts.append(format_html('<optgroup label="{}">{}{}</optgroup>', name, own, below) if inside else own)
    return format_html_join("", "{}", [(part,) for part in parts])


@kept(30)
def _similar(listing_id: UUID) -> tuple[catalog.ListingCard, ...]:
    return tuple(catalog.similar(listing_id=listing_id, limit=_SIMILAR))


@require_safe
@page
def listing(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """Show what a seller offers."""
    view = catalog.listing(listing_id=listing_id, actor=actor_or_none(request))
    schema = named.category(view.category_code)
    stock = catalog.stock_of(sku_ids=[sku.id for sku in view.skus])
    similar = _similar(listing_id)
    # Goods of one listing mostly share their tiers' quantities; then the table needs one heading for all.
    steps = {tuple(tier.min_quantity for tier in sku.tiers) for sku in view.skus}
    wanted = _wanted(request.GET)
    return show(
        request,
        "market/listing.html",
        {
            "listing": view,
            "category": schema,
            "industry": named.industry(view.industry_code),
            "card": seller_card(view.seller_id),
            "facts": facts_of(schema, view.attributes),
            "rows": [
                {
                    "sku": sku,
                    "facts": facts_of(schema, sku.attributes),
                    "stock": stock[sku.id],
                    "wanted": wanted.get(sku.id),
                }
                for sku in view.skus
            ],
            "steps": next(iter(steps)) if len(steps) == 1 else (),
            "similar": similar,
            "destination_options": destination_options(get_language() or "en"),
            "is_compared": listing_id in compared(request),
            "compared": compared(request),
            "public_url": f"{settings.COHONG_PUBLIC_URL}{request.path}",
            **_reckoned(request, view, wanted),
            **reviews_of(request, listing_id=listing_id, seller_id=view.seller_id),
            **favourites(request, listing_id, view.seller_id),
            **named.labels(similar),
            "standing": named.standings([listing_id])[listing_id],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page
def reckon(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """Say what the chosen quantities cost: a part of the listing's page for htmx; else that page, with them in its address."""
    wanted = _wanted(request.POST if request.method == "POST" else request.GET)
    if not is_partial(request):
        query = urlencode({f"{_QUANTITY}{sku_id}": quantity for sku_id, quantity in wanted.items()})
        return redirect(f"{reverse('portal:listing', args=[listing_id])}?{query}#reckoning")
    view = catalog.listing(listing_id=listing_id, actor=actor_or_none(request))
    context = {"listing": view, **_reckoned(request, view, wanted)}
    return show(request, "market/reckoning.html", {**context, **named.labels()})


def _wanted(form: QueryDict) -> dict[UUID, int]:
    """Read the fields `quantity-<sku>`; what is no whole number above zero asks for nothing."""
    wanted: dict[UUID, int] = {}
    for name, text in form.items():
        digits = str(text).strip()
        is_number = digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS
        if name.startswith(_QUANTITY) and is_number and int(digits) > 0:
            try:
                wanted[UUID(name.removeprefix(_QUANTITY))] = int(digits)
            except ValueError:
                continue
    return wanted


def _reckoned(request: HttpRequest, view: ListingView, wanted: Mapping[UUID, int]) -> dict[str, Any]:
    """Price what is wanted, or else the least that can be ordered of the first kind; and how it can come to the visitor."""
    own = {sku.id for sku in view.skus}
    lines = [line_of(sku_id, quantity) for sku_id, quantity in wanted.items() if sku_id in own]
    is_example = not lines
    if is_example:
        lines = [line_of(sku.id, sku.min_order) for sku in view.skus[:1]]
    region = region_of(request)
    reckoned: CartView = retail.price(lines=lines, region_code=region or None)
    parcel = next(iter(reckoned.parcels), None)
    cheapest = next(iter(parcel.offers), None) if parcel is not None else None
    return {
        "reckoned": reckoned,
        "parcel": parcel,
        "total": parcel.goods + cheapest.price if parcel is not None and cheapest is not None else None,
        "cheapest": cheapest,
        "is_example": is_example,
        "region": region,
    }


@require_safe
@page
def listing_code(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """Draw the listing's address as a QR code, to be taken along on a phone."""
    catalog.listing(listing_id=listing_id, actor=actor_or_none(request))
    address = f"{settings.COHONG_PUBLIC_URL}{reverse('portal:listing', args=[listing_id])}"
    drawn = BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=4, border=2, xmldecl=False)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")
