"""Lists of listings that everyone sees: halls, categories, markets, search."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cohong.catalog import api as catalog
from cohong.catalog.api import Browse, Sort
from cohong.parties import api as parties
from cohong.portal.design.frame import is_partial, page, show
from cohong.portal.market.labels import labels

_PAGE = 30


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
def search(request: HttpRequest) -> HttpResponse:
    """Show what has the words in its title."""
    text = request.GET.get("q", "").strip()
    return _list(request, "market/search.html", Browse(text=text), {"text": text})


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
        **labels(found.items),
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
