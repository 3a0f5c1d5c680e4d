"""What a seller has to look after: how its goods stand, and what is left of them where."""

from collections import defaultdict
from typing import Any, Final
from uuid import UUID

import msgspec

from cohong.catalog import rules, selectors
from cohong.catalog.browsing import MAX_LIMIT, like
from cohong.catalog.shapes import LocationStock, StockView, Value
from cohong.kernel import http, sets
from cohong.parties import api as parties
from cohong.parties.api import Actor

_TEXT: Final = 100


class Shop(msgspec.Struct, frozen=True, kw_only=True):
    """How many listings of a seller are in which state, and how many call for it.

    `held` are stopped by an authority, `bare` are on offer without a picture; `low` and `sold_out` count SKUs on offer of
    which no more is left than their level says, and of which nothing is.
    """

    drafts: int
    published: int
    withdrawn: int
    held: int
    bare: int
    low: int
    sold_out: int


class ShelfRow(msgspec.Struct, frozen=True, kw_only=True):
    """A SKU with its stock: what lies where, how much is free, and at how much its seller is told."""

    sku_id: UUID
    listing_id: UUID
    code: str
    title: str
    title_en: str
    attributes: dict[str, Value]
    category_code: str
    unit: str
    state: str
    level: int | None
    stock: StockView

    @property
    def is_low(self) -> bool:
        """Tell whether its seller is to be told."""
        return self.stock.available <= (self.level or 0)


class ShelfRows(msgspec.Struct, frozen=True):
    """One page of SKUs; `next` is the cursor of the page after it, if there is one."""

    items: tuple[ShelfRow, ...]
    next: str | None


_LEFT: Final = "coalesce((select sum(t.on_hand - t.reserved) from catalog_stock t where t.sku_id = k.id), 0)"


def shop(*, actor: Actor, seller_id: UUID) -> Shop:
    """Count how a seller's goods stand, for those who work there. Two statements. Raises NotYours."""
    parties.require(actor, seller_id, *parties.Role, scope="catalog:read")
    [states] = sets.fetch(
        "select count(*) filter (where l.state = 'draft'), count(*) filter (where l.state = 'published'),"
        " count(*) filter (where l.state = 'withdrawn'), count(*) filter (where l.open_holds > 0),"
        " count(*) filter (where l.state = 'published' and not exists"
        " (select 1 from catalog_picture p where p.listing_id = l.id))"
        " from catalog_listing l where l.seller_id = %s",
        (seller_id,),
    )
    [left] = sets.fetch(
        "select count(*) filter (where x.left_ > 0), count(*) filter (where x.left_ <= 0) from (select k.low_stock,"
        f" {_LEFT} as left_ from catalog_sku k join catalog_listing l on l.id = k.listing_id"
        " where l.seller_id = %s and l.state = 'published' and not k.retired) x where x.left_ <= coalesce(x.low_stock, 0)",
        (seller_id,),
    )
    drafts, published, withdrawn, held, bare = states
    return Shop(
        drafts=drafts,
        published=published,
        withdrawn=withdrawn,
        held=held,
        bare=bare,
        low=left[0],
        sold_out=left[1],
    )


def shelf_rows(
    *,
    actor: Actor,
    seller_id: UUID,
    text: str = "",
    location_id: UUID | None = None,
    low: bool = False,
    listing_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> ShelfRows:
    """Return a page of a seller's SKUs with their stock, the newest listings first, to those who work there.

    `low` asks for those on offer of which no more is left than their level says; `location_id` for those of which
    something lies there. Raises NotYours, BadCursor.
    """
    parties.require(actor, seller_id, *parties.Role, scope="catalog:read")
    rules.check_text("text", text, most=_TEXT, needed=False)
    conditions = ["l.seller_id = %s and not k.retired"]
    params: list[Any] = [seller_id]
    for word in text.split():
        conditions.append("l.title || chr(10) || l.title_en || chr(10) || k.code ilike %s")
        params.append(like(word))
    if listing_id is not None:
        conditions.append("l.id = %s")
        params.append(listing_id)
    if location_id is not None:
        conditions.append(
            "exists (select 1 from catalog_stock t where t.sku_id = k.id and t.location_id = %s and t.on_hand > 0)"
        )
        params.append(location_id)
    if low:
        conditions.append(f"l.state = 'published' and {_LEFT} <= coalesce(k.low_stock, 0)")
    if after := http.decode_cursor(cursor):
        conditions.append(
            "(l.id, -k.position, k.id) < (select k.listing_id, -k.position, k.id from catalog_sku k where k.id = %s)"
        )
        params.append(after)
    size = max(1, min(limit, MAX_LIMIT))
    rows = sets.fetch(
        "select k.id, l.id, k.code, l.title, l.title_en, k.attributes, l.category_id, l.unit_id, l.state, k.low_stock"
        " from catalog_sku k join catalog_listing l on l.id = k.listing_id"
        f" where {' and '.join(conditions)} order by l.id desc, -k.position desc, k.id desc limit %s",
        (*params, size + 1),
    )
    items, following = http.page(rows, limit=size, id_of=lambda row: row[0])
    stock = selectors.stock_of(sku_ids=[row[0] for row in items])
    return ShelfRows(tuple(_row(row, stock[row[0]]) for row in items), following)


_values = msgspec.json.Decoder(dict[str, Value])


def _row(row: tuple[Any, ...], stock: StockView) -> ShelfRow:
    sku_id, listing_id, code, title, title_en, attributes, category_code, unit, state, level = row
    return ShelfRow(
        sku_id=sku_id,
        listing_id=listing_id,
        code=code,
        title=title,
        title_en=title_en,
        attributes=_values.decode(attributes),
        category_code=category_code,
        unit=unit,
        state=state,
        level=level,
        stock=stock,
    )


def find_skus(*, actor: Actor, seller_id: UUID, codes: list[str]) -> dict[str, list[UUID]]:
    """Find a seller's SKUs by their codes; one code may be used in several listings. Raises NotYours."""
    parties.require(actor, seller_id, *parties.Role, scope="catalog:read")
    found: defaultdict[str, list[UUID]] = defaultdict(list)
    for code, sku_id in sets.fetch(
        "select k.code, k.id from catalog_sku k join catalog_listing l on l.id = k.listing_id"
        " where l.seller_id = %s and k.code = any(%s) and not k.retired order by k.id",
        (seller_id, [code for code in codes if "\x00" not in code]),
    ):
        found[code].append(sku_id)
    return dict(found)


def at(stock: StockView) -> dict[UUID, LocationStock]:
    """Return a SKU's stock by location."""
    return {one.location_id: one for one in stock.locations}
