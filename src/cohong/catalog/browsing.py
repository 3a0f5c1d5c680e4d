"""Lists of listings: what everyone may browse, and what a seller has."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import msgspec
from django.conf import settings

from cohong.catalog import rules, selectors
from cohong.catalog.models import ListingState
from cohong.catalog.shapes import ListingCard
from cohong.kernel import http, sets
from cohong.kernel.money import Money, exponent
from cohong.parties import api as parties
from cohong.parties.api import Actor, Mandate

MAX_LIMIT: Final = http.MAX_PAGE
_TEXT = 100


class Sort(StrEnum):
    """The order of a list. The two by price keep to one currency."""

    NEWEST = "newest"
    CHEAPEST = "cheapest"
    DEAREST = "dearest"


class Browse(msgspec.Struct, frozen=True, kw_only=True):
    """What to look for; what is empty is not asked.

    A category or region includes those below it. Prices are minor units of `currency`: a listing matches if
    any of its unit prices may lie between them. Without a currency, prices are in the installation's own.
    """

    category: str = ""
    industry: str = ""
    region: str = ""
    market_id: UUID | None = None
    seller_id: UUID | None = None
    text: str = ""
    currency: str = ""
    price_from_minor: int | None = None
    price_to_minor: int | None = None
    sort: Sort = Sort.NEWEST


class Cards(msgspec.Struct, frozen=True):
    """One page of a list; `next` is the cursor of the page after it, if there is one."""

    items: tuple[ListingCard, ...]
    next: str | None


# column, direction, and how a later row compares with the last one seen
_ORDERS: Final = {
    Sort.NEWEST: ("l.published_at", "desc", "<"),
    Sort.CHEAPEST: ("l.price_from_minor", "asc", ">"),
    Sort.DEAREST: ("l.price_from_minor", "desc", "<"),
}


def browse(*, asked: Browse | None = None, cursor: str | None = None, limit: int = 24) -> Cards:
    """Return a page of what is on offer.

    Raises BadCursor, UnknownCurrency, or what an unreadable text is refused with.
    """
    asked = asked or Browse()
    column, direction, comparison = _ORDERS[asked.sort]
    conditions, params = _conditions(asked)
    conditions.append("l.state = 'published' and l.open_holds = 0")
    if after := http.decode_cursor(cursor):
        conditions.append(
            f"({column}, l.id) {comparison} (select {column}, l.id from catalog_listing l where l.id = %s)"
        )
        params.append(after)
    return _cards(conditions, params, f"{column} {direction}, l.id {direction}", limit)


class Shelf(StrEnum):
    """What of a seller's goods is asked for by how much is left."""

    LOW = "low"  # a SKU on offer has no more available than its level says, or nothing
    NONE = "none"  # no SKU has anything available
    SOME = "some"  # a SKU has something available


_AVAILABLE: Final = (
    "(select coalesce(sum(t.on_hand - t.reserved), 0) from catalog_stock t where t.sku_id = k.id)"
)
_SHELVES: Final = {
    Shelf.LOW: (
        "exists (select 1 from catalog_sku k where k.listing_id = l.id and not k.retired and"
        f" {_AVAILABLE} <= coalesce(k.low_stock, 0))"
    ),
    Shelf.NONE: (
        "not exists (select 1 from catalog_sku k where k.listing_id = l.id and not k.retired and"
        f" {_AVAILABLE} > 0)"
    ),
    Shelf.SOME: (
        "exists (select 1 from catalog_sku k where k.listing_id = l.id and not k.retired and"
        f" {_AVAILABLE} > 0)"
    ),
}


def sellers_listings(
    *,
    actor: Actor,
    seller_id: UUID,
    state: ListingState | None = None,
    text: str = "",
    category: str = "",
    shelf: Shelf | None = None,
    held: bool = False,
    bare: bool = False,
    cursor: str | None = None,
    limit: int = 24,
) -> Cards:
    """Return a page of all that a seller has, drafts included, newest first, to those who work there.

    `category` includes those below it; `shelf` asks by what is left; `held` and `bare` ask for what an authority has
    stopped, and for what has no picture. The text is also looked for in SKU codes and the seller's own keys. Raises
    NotYours, BadCursor.
    """
    parties.require(actor, seller_id, *parties.Role, scope="catalog:read")
    conditions, params = _conditions(Browse(seller_id=seller_id, category=category))
    rules.check_text("text", text, most=_TEXT, needed=False)
    for word in text.split():
        pattern = like(word)
        conditions.append(
            "(l.title || chr(10) || l.title_en || chr(10) || l.key ilike %s or exists"
            " (select 1 from catalog_sku k where k.listing_id = l.id and not k.retired and k.code ilike %s))"
        )
        params += [pattern, pattern]
    if state is not None:
        conditions.append("l.state = %s")
        params.append(state.value)
    if shelf is not None:
        conditions.append(_SHELVES[shelf])
    if held:
        conditions.append("l.open_holds > 0")
    if bare:
        conditions.append("not exists (select 1 from catalog_picture p where p.listing_id = l.id)")
    if after := http.decode_cursor(cursor):
        conditions.append("l.id < %s")
        params.append(after)
    return _cards(conditions, params, "l.id desc", limit)


def find_listings(
    *,
    actor: Actor,
    text: str = "",
    seller_id: UUID | None = None,
    state: str = "",
    held: bool | None = None,
    cursor: str | None = None,
    limit: int = 24,
) -> Cards:
    """Return a page of all listings in whatever state, newest first, by words of their title and by filters.

    For supervision and the platform. Raises MandateMissing, BadCursor, or what an unreadable text is refused with.
    """
    parties.require_mandate(actor, Mandate.SUPERVISION, Mandate.PLATFORM, scope="catalog:read")
    conditions, params = _conditions(Browse(text=text, seller_id=seller_id))
    if state:
        conditions.append("l.state = %s")
        params.append(state)
    if held is not None:
        conditions.append(f"l.open_holds {'>' if held else '='} 0")
    if after := http.decode_cursor(cursor):
        conditions.append("l.id < %s")
        params.append(after)
    return _cards(conditions, params, "l.id desc", limit)


def offered(*, ids: Sequence[UUID]) -> list[ListingCard]:
    """Return those of these listings that are on offer, in the order of the ids. Three statements."""
    found = _cards(
        ["l.state = 'published' and l.open_holds = 0", "l.id = any(%s)"], [list(ids)], "l.id", len(ids)
    )
    by_id = {card.id: card for card in found.items}
    return [by_id[id_] for id_ in ids if id_ in by_id]


def browse_pages(
    *,
    text: str,
    categories: Sequence[Sequence[str]],
    regions: Sequence[str] | None,
    sellers: Sequence[UUID] | None,
    seller_id: UUID | None,
    market_id: UUID | None,
    currency: str | None,
    price_from_minor: int | None,
    price_to_minor: int | None,
    sort: Sort,
    offset: int,
    limit: int,
) -> list[ListingCard]:
    """Return what is on offer by the tables alone, from the `offset`th on: what search does while it has no index.

    A listing has to stand in one of each of the sets of `categories`; its price is the lowest one.
    """
    conditions, params = _conditions(Browse(text=text, seller_id=seller_id, market_id=market_id))
    wanted: list[tuple[str, Any]] = [("l.category_id = any(%s)", list(one)) for one in categories]
    wanted += [
        ("l.region_code = any(%s)", regions),
        ("l.seller_id = any(%s)", sellers),
        ("l.currency = %s", currency),
        ("l.price_from_minor >= %s", price_from_minor),
        ("l.price_from_minor <= %s", price_to_minor),
    ]
    for condition, value in wanted:
        if value is not None:
            conditions.append(condition)
            params.append(value)
    conditions.append("l.state = 'published' and l.open_holds = 0")
    column, direction, _ = _ORDERS[sort]
    order = f"{column} {direction}, l.id {direction}"
    return list(_cards(conditions, params, order, limit, offset=offset).items)


_CATEGORIES_BELOW: Final = (
    "l.category_id in (with recursive below(code) as (select %s::text union"
    " select c.code from catalog_category c join below b on c.parent_id = b.code) select code from below)"
)


def _conditions(asked: Browse) -> tuple[list[str], list[Any]]:
    """Write what is asked as SQL conditions and their parameters."""
    for field in ("category", "industry", "region", "text"):
        rules.check_text(field, getattr(asked, field), most=_TEXT, needed=False)
    wanted: list[tuple[str, Any]] = [
        (_CATEGORIES_BELOW, asked.category or None),
        ("c.industry_code = %s", asked.industry or None),
        ("l.region_code = any(%s)", _regions_below(asked.region) if asked.region else None),
        ("l.market_id = %s", asked.market_id),
        ("l.seller_id = %s", asked.seller_id),
        ("l.currency = %s", _currency(asked)),
        ("l.price_to_minor >= %s", asked.price_from_minor),
        ("l.price_from_minor <= %s", asked.price_to_minor),
    ]
    wanted += [("l.title || chr(10) || l.title_en ilike %s", like(word)) for word in asked.text.split()]
    given = [(condition, value) for condition, value in wanted if value is not None]
    return [condition for condition, _ in given], [value for _, value in given]


def like(word: str) -> str:
    """Write a word as a pattern that finds it anywhere, whatever signs it has."""
    return "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def _currency(asked: Browse) -> str | None:
    """Prices compare within one currency only: when they are asked for, there is one."""
    if asked.currency:
        exponent(asked.currency)
        return asked.currency
    priced = asked.price_from_minor is not None or asked.price_to_minor is not None
    own: str = settings.COHONG_CURRENCY
    return own if priced or asked.sort is not Sort.NEWEST else None


def _regions_below(code: str) -> list[str]:
    """List a region and all regions in it."""
    children: dict[str, list[str]] = {}
    for region in parties.regions():
        children.setdefault(region.parent_code, []).append(region.code)
    found, edge = {code}, [code]
    while edge:
        new = [child for child in children.get(edge.pop(), ()) if child not in found]
        found.update(new)
        edge += new
    return sorted(found)


def _cards(
    conditions: Sequence[str], params: Sequence[Any], order: str, limit: int, *, offset: int = 0
) -> Cards:
    """Run a list: one statement for the listings, one for their SKUs, one for their pictures."""
    size = max(1, min(limit, MAX_LIMIT))
    rows = sets.fetch(
        "select l.id, l.seller_id, l.category_id, c.industry_code, l.market_id, l.region_code, l.title,"
        " l.title_en,"
        " l.unit_id, l.price_from_minor, l.price_to_minor, l.currency, l.state, l.open_holds > 0,"
        " l.published_at"
        " from catalog_listing l join catalog_category c on c.code = l.category_id"
        f" where {' and '.join(conditions) or 'true'} order by {order} limit %s"
        f"{' offset %s' if offset else ''}",
        (*params, size + 1, *([offset] if offset else [])),
    )
    items, next_cursor = http.page(rows, limit=size, id_of=lambda row: row[0])
    ids = [row[0] for row in items]
    sums = {
        listing_id: (min_order, int(available))
        for listing_id, min_order, available in sets.fetch(
            "select k.listing_id, min(k.min_order), coalesce(sum(s.available), 0) from catalog_sku k left"
            " join lateral"
            " (select sum(t.on_hand - t.reserved) as available from catalog_stock t where t.sku_id = k.id)"
            " s on true"
            " where k.listing_id = any(%s) and not k.retired group by k.listing_id",
            (ids,),
        )
    }
    pictures = selectors.pictures_of(listing_ids=ids)
    return Cards(tuple(_card(row, sums, pictures) for row in items), next_cursor)


def _card(row: tuple[Any, ...], sums: dict[UUID, tuple[int, int]], pictures: dict[UUID, Any]) -> ListingCard:
    id_, *head, lowest, highest, currency, state, held, published_at = row
    seller_id, category_code, industry_code, market_id, region_code, title, title_en, unit = head
    min_order, available = sums[id_]
    return ListingCard(
        id=id_,
        seller_id=seller_id,
        category_code=category_code,
        industry_code=industry_code,
        market_id=market_id,
        region_code=region_code,
        title=title,
        title_en=title_en,
        unit=unit,
        price_from=Money(lowest, currency),
        price_to=Money(highest, currency),
        min_order=min_order,
        available=available,
        state=state,
        held=held,
        published_at=published_at,
        picture=next(iter(pictures.get(id_, ())), None),
    )
