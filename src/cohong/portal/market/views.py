"""Pages that everyone sees: home, halls, markets, sellers, search, a listing."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cohong.catalog import api as catalog
from cohong.catalog.api import Browse, Sort
from cohong.parties import api as parties
from cohong.portal.design.acting import actor_or_none
from cohong.portal.design.frame import is_partial, page, show
from cohong.portal.design.places import places

_NEWEST, _PAGE = 20, 30


@require_safe
@page
def home(request: HttpRequest) -> HttpResponse:
    """Show the halls, the markets, and what came in last."""
    return show(
        request,
        "market/home.html",
        {
            "industries": parties.industries(),
            "markets": parties.markets(),
            "cards": catalog.browse(limit=_NEWEST).items,
            **_labels(),
        },
    )


@require_safe
@page
def hall(request: HttpRequest, code: str) -> HttpResponse:
    """Show an industry's hall: its categories and its goods."""
    industry = parties.industry(code=code)
    leaves = [one for one in catalog.categories(industry_code=code) if one.parent_code is not None]
    context = {"industry": industry, "categories": leaves, "here": industry.names}
    return _list(request, "market/hall.html", Browse(industry=code), context)


@require_safe
@page
def category(request: HttpRequest, code: str) -> HttpResponse:
    """Show a category's goods, in its industry's hall."""
    here = catalog.category(code=code)
    leaves = [
        one for one in catalog.categories(industry_code=here.industry_code) if one.parent_code is not None
    ]
    context = {
        "industry": parties.industry(code=here.industry_code),
        "categories": leaves,
        "category": here,
        "here": here.names,
    }
    return _list(request, "market/hall.html", Browse(category=code), context)


@require_safe
@page
def market(request: HttpRequest, market_id: UUID) -> HttpResponse:
    """Show a market's goods."""
    here = parties.market(market_id=market_id)
    return _list(
        request, "market/market.html", Browse(market_id=market_id), {"market": here, "here": here.names}
    )


@require_safe
@page
def seller(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Show a seller: who they are, and what they offer."""
    who = parties.party(party_id=party_id)
    return _list(request, "market/seller.html", Browse(seller_id=party_id), {"seller": who})


@require_safe
@page
def search(request: HttpRequest) -> HttpResponse:
    """Show what has the words in its title."""
    text = request.GET.get("q", "").strip()
    return _list(request, "market/search.html", Browse(text=text), {"text": text})


@require_safe
@page
def listing(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """Show what a seller offers: pictures, attributes, SKUs with price tiers and stock."""
    view = catalog.listing(listing_id=listing_id, actor=actor_or_none(request))
    schema = catalog.category(code=view.category_code)
    who = parties.party(party_id=view.seller_id)
    stock = catalog.stock_of(sku_ids=[sku.id for sku in view.skus])
    # Goods of one listing mostly share their tiers' quantities; then the table needs one heading for all.
    steps = {tuple(tier.min_quantity for tier in sku.tiers) for sku in view.skus}
    return show(
        request,
        "market/listing.html",
        {
            "listing": view,
            "category": schema,
            "industry": parties.industry(code=view.industry_code),
            "seller": who,
            "sellers": {who.id: who},
            "facts": _facts(schema, view.attributes),
            "rows": [
                {"sku": sku, "facts": _facts(schema, sku.attributes), "stock": stock[sku.id]}
                for sku in view.skus
            ],
            "steps": next(iter(steps)) if len(steps) == 1 else (),
            **_labels(),
        },
    )


def _facts(schema: catalog.Category, values: dict[str, Any]) -> list[tuple[catalog.Attribute, Any]]:
    """Pair attributes with their values, a choice with its option's names, in the schema's order."""
    facts = []
    for attribute in schema.attributes:
        if attribute.code not in values:
            continue
        value = values[attribute.code]
        option = next((one for one in attribute.options if one.code == value), None)
        facts.append((attribute, option.names if option is not None else value))
    return facts


def _list(request: HttpRequest, template: str, asked: Browse, context: dict[str, Any]) -> HttpResponse:
    """Show a page of listings, sorted and narrowed as the query says; asked by htmx, only its next cards."""
    sort = request.GET.get("sort", "")
    asked = _narrowed(asked, sort if sort in set(Sort) else Sort.NEWEST, request.GET.get("region", ""))
    found = catalog.browse(asked=asked, cursor=request.GET.get("after"), limit=_PAGE)
    shown = {
        "cards": found.items,
        "next": found.next,
        "sort": asked.sort,
        "region": asked.region,
        **_labels(),
    }
    if is_partial(request) and "after" in request.GET:
        return show(request, "market/cards.html", shown)
    return show(request, template, {**context, **shown})


def _narrowed(asked: Browse, sort: str, region: str) -> Browse:
    return Browse(
        category=asked.category,
        industry=asked.industry,
        market_id=asked.market_id,
        seller_id=asked.seller_id,
        text=asked.text,
        region=region,
        sort=Sort(sort),
    )


def _labels() -> dict[str, Any]:
    """Name regions and sale units, which listings know by code."""
    regions = parties.regions()
    return {
        "regions": {one.code: one.names for one in regions},
        "cities": places(regions),
        "units": {one.code: one.names for one in catalog.units()},
    }
