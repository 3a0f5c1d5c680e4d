"""What goods cost: asked before every cart, offer and order."""

from collections.abc import Sequence
from typing import Any

from cohong.catalog import refusals as no
from cohong.catalog import rules
from cohong.catalog.shapes import Quote, QuoteItem
from cohong.catalog.stock_steps import offer_refusal
from cohong.kernel import sets
from cohong.kernel.errors import Refusal


def quote(*, items: Sequence[QuoteItem]) -> list[Quote | Refusal]:
    """Quote many quantities in one statement; each item is priced alone, by its own quantity.

    Refuses an item with NoSuchSku, ListingHeld, ListingNotPublished, NotAWholeNumber, BelowMinimum,
    NotMultiple, PastTiers, or AmountTooLarge. Whether the goods are in stock is not asked here.
    """
    known = {
        row[0]: row
        for row in sets.fetch(
            "select k.id, l.id, l.seller_id, l.title, k.code, l.unit_id, l.currency, k.weight_grams,"
            " k.min_order, k.multiple, k.max_order, l.state, l.open_holds, k.retired, t.minimums, t.prices"
            " from catalog_sku k join catalog_listing l on l.id = k.listing_id cross join lateral"
            " (select array_agg(p.min_quantity order by p.min_quantity) as minimums,"
            " array_agg(p.unit_price_minor order by p.min_quantity) as prices"
            " from catalog_price_tier p where p.sku_id = k.id) t"
            " where k.id = any(%s)",
            (list({item.sku_id for item in items}),),
        )
    }
    return [
        _quote(item, *known[item.sku_id][1:]) if item.sku_id in known else no.NoSuchSku(sku=str(item.sku_id))
        for item in items
    ]


def _quote(item: QuoteItem, *row: Any) -> Quote | Refusal:
    listing_id, seller_id, title, code, unit, currency, weight, *rest = row
    min_order, multiple, max_order, state, open_holds, retired, minimums, prices = rest
    refusal = offer_refusal(listing_id, title, state, open_holds, retired=retired) or rules.quantity_refusal(
        item.quantity, min_order=min_order, multiple=multiple, max_order=max_order
    )
    if refusal is not None:
        return refusal
    price = rules.unit_price(item.quantity, minimums, prices, currency)
    if isinstance(price, Refusal):
        return price
    return Quote(
        sku_id=item.sku_id,
        listing_id=listing_id,
        seller_id=seller_id,
        title=title,
        sku_code=code,
        unit=unit,
        quantity=item.quantity,
        unit_price=price,
        weight_grams=weight,
    )
